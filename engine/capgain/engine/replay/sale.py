"""A disposal besides its lots, and a row of Form 8949 in the making."""

from __future__ import annotations

from datetime import date
from typing import final

from capgain.engine.classes import Reported, Term
from capgain.engine.replay.lots import Lot
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Entry


@final
class Sale:
    """What book_rows needs to know of a disposal besides its lots.

    `net` is what the units brought, in atoms, net of costs; `costs` the selling costs within it. `reported` is what the
    row itself says of the Form 1099. `opened` is the day a short sale was opened, from which its wash-sale window runs
    (Treas. Reg. 1.1091-1(g)); `term` is set where a rule decides it, None to go by the lots.
    `is_digital` is set where what was sold is another thing than the asset of the row.
    """

    __slots__ = ("costs", "entry", "is_digital", "kind", "may_wash", "net", "opened", "reported", "sold", "term")

    def __init__(
        self,
        entry: Entry,
        kind: Kind,
        sold: date,
        net: int,
        costs: int = 0,
        reported: Reported | None = None,
        *,
        opened: date | None = None,
        term: Term | None = None,
        may_wash: bool = True,
        is_digital: bool | None = None,
    ) -> None:
        self.entry = entry
        self.kind = kind
        self.sold = sold
        self.net = net
        self.costs = costs
        self.reported = reported
        self.opened = opened
        self.term = term
        self.may_wash = may_wash
        self.is_digital = is_digital


FormRow = tuple[Lot, int, int, int, str, int, Term | None]
"""Lot, units, proceeds and basis in cents, codes, adjustment in cents, and the term where a rule decides it."""
