"""Units given away, donated or lost are told lot by lot with what they cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.compute import compute
from law.tables import read, table

ROWS = table(
    """
    | Date       | Type     | Asset | Quantity | Amount | Account | Class  |
    | 2023-01-05 | Buy      | BTC   | 1        | 20000  | Ledger  | crypto |
    | 2025-03-01 | Buy      | BTC   | 1        | 90000  | Ledger  | crypto |
    | 2025-06-01 | Gift Out | BTC   | 1.5      | 150000 | Ledger  | crypto |
    | 2025-07-01 | Lost     | BTC   | 0.25     |        | Ledger  | crypto |
    """
)


def test_each_lot_that_leaves_without_a_sale_is_told_with_its_share_of_basis_and_its_term() -> None:
    report = compute(read(ROWS, {}, {}))
    told = [(one.row, one.type_name, one.quantity, one.basis, one.term, one.lot_row) for one in report.departures]
    assert told == [
        (4, "Gift Out", Decimal(1), Decimal(20000), Term.LONG, 2),
        (4, "Gift Out", Decimal("0.5"), Decimal(45000), Term.SHORT, 3),
        (5, "Lost", Decimal("0.25"), Decimal(22500), Term.SHORT, 3),
    ]


def test_the_lots_of_the_year_before_are_those_that_the_year_opens_with() -> None:
    report = compute(read(ROWS, {}, {}), lots_as_of=date(2025, 12, 31))
    assert report.opening_lots is not None
    assert [(one.quantity, one.basis) for one in report.opening_lots] == [(1, 20000)]
    assert compute(read(ROWS, {}, {})).opening_lots is None
