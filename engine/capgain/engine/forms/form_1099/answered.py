"""Form 8949 as the IRS will match it: every row with what Forms 1099, on their sheet or in the ledger, say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from capgain.engine.forms.form_1099.brokers_view import BrokersView
from capgain.engine.forms.form_1099.derived_basis import with_derived_basis
from capgain.engine.forms.form_1099.ledger_columns import with_ledger_figures
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem
from capgain.engine.results import Disposition, WashSale


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of Form 8949 as they are printed, in the order given, and what is open or wrong about the forms."""

    dispositions: tuple[Disposition, ...]
    problems: tuple[Problem, ...]


def answered(
    ledger: Ledger,
    dispositions: Sequence[Disposition],
    wash_sales: Sequence[WashSale],
    replayed_by_brokers: Callable[[], Sequence[Disposition]],
) -> Answered:
    """What Forms 1099 make of the rows. `replayed_by_brokers` gives them with each broker's own wash sales alone."""
    brokers = BrokersView(wash_sales, replayed_by_brokers)
    rows, problems = with_ledger_figures(ledger, dispositions, frozenset())
    rows, more = with_derived_basis(ledger, rows, brokers)
    return Answered(tuple(rows), (*problems, *more))
