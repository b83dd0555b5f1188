"""What brokers know by themselves: wash sales within one account and one security, and nothing of other accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from capgain.engine.classes import Term
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.wash_sales import WashSale

SaleAndLot = tuple[int, int]
"""Ledger rows of a sale and of one of its lots."""


@dataclass(slots=True)
class SeenByBroker:
    """The units of a lot that a sale took, as the broker has them; amounts in cents."""

    units: int = 0
    basis: int = 0
    wash: int = 0
    terms: set[Term] = field(default_factory=set)


class BrokersView:
    """The sales as brokers must work them out: Treas. Reg. 1.6045-1(d)(6)(iii), same account and same CUSIP number.

    `across` are the wash sales whose replacement lies in another account or is another security. `replayed` walks
    through the ledger that way; it is called once, and only where there are such.
    """

    def __init__(self, across: Sequence[WashSale], replayed: Callable[[], Sequence[Disposition]]) -> None:
        self._wash_sales = across
        self._replayed = replayed

    @cached_property
    def replaced_from_elsewhere(self) -> frozenset[int]:
        """The rows of lots that took up a loss of another account or another security."""
        return frozenset(wash.replacement_row for wash in self._wash_sales)

    @property
    def has_wash_sales_across(self) -> bool:
        return bool(self._wash_sales)

    def washed_elsewhere(self, sale: int, lot_row: int) -> int:
        """The cents of a loss whose replacement lies in another account or is another security."""
        return self._across.get((sale, lot_row), 0)

    @cached_property
    def _across(self) -> dict[SaleAndLot, int]:
        found: dict[SaleAndLot, int] = {}
        for wash in self._wash_sales:
            key = wash.loss_row, wash.loss_lot_row
            found[key] = found.get(key, 0) + wash.disallowed_cents
        return found

    def of(self, sale: int, lot_row: int) -> SeenByBroker | None:
        """What the broker has of a sale's lot; None where its lots would be others."""
        return self._by_lot.get((sale, lot_row))

    @cached_property
    def _by_lot(self) -> dict[SaleAndLot, SeenByBroker]:
        found: dict[SaleAndLot, SeenByBroker] = {}
        for row in self._replayed():
            seen = found.setdefault((row.row, row.lot_row), SeenByBroker())
            seen.units += row.units
            seen.basis += row.basis_cents
            seen.wash += row.wash_cents
            seen.terms.add(row.term)
        return found
