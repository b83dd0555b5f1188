"""An explanation tells what changed a lot between its purchase and its sale."""

from __future__ import annotations

import pytest

from capgain.engine.explain import explain
from law.tables import answer, errors, told

ACCOUNTS = """
| Account | Kind      |
| A1      | brokerage |
| W       | wallet    |
"""


def explained(rows: str, **settings: str) -> str:
    report = answer(rows, ACCOUNTS, **settings)
    assert not errors(report), told(report)
    return str(explain(report, 2025, "16"))


CHANGES = """
| Date | Type | Asset | Quantity | Received Asset | Received Quantity | Basis | Amount | Price | Account |
| 2024-02-01 | Buy | XYZ | 9 | | | | 90 | | A1 |
| 2024-05-01 | {kind} | XYZ | {quantity} | {received} | {units} | {basis} | {paid} | | A1 |
| 2025-03-03 | Sell | {sold} | 3 | | | | 77 | | A1 |
"""


@pytest.mark.parametrize(
    ("kind", "quantity", "received", "units", "basis", "paid", "sold", "words"),
    [
        ("Split", "3/2", "", "", "", "", "XYZ", "1.5 units for one, with the same basis"),
        ("Stock Dividend", "1/3", "NEW", "", "0.1", "", "NEW", "1/3 NEW came for each XYZ, with its dates and 0.1"),
        ("Spin-off", "1/3", "NEW", "", "0.1", "", "XYZ", "1/3 NEW came for each XYZ, with its dates and 0.1"),
        ("Merger", "1/3", "NEW", "", "", "", "NEW", "1/3 NEW came for each XYZ, with its dates and basis"),
        ("Conversion", "6", "NEW", "4", "", "", "NEW", "6 XYZ became 4 NEW with dates and basis, no sale"),
        ("Return of Capital", "", "", "", "", "9", "XYZ", "the basis of XYZ was lowered by what was paid back"),
    ],
)
def test_what_a_company_did_to_the_lot_is_told(
    kind: str, quantity: str, received: str, units: str, basis: str, paid: str, sold: str, words: str
) -> None:
    rows = CHANGES.format(
        kind=kind, quantity=quantity, received=received, units=units, basis=basis, paid=paid, sold=sold
    )
    said = explained(rows, Class_XYZ="stock", Class_NEW="stock")
    assert f"Row 3 ({kind}, 05/01/2024): {words}" in said


def test_what_happened_before_the_purchase_or_to_other_lots_is_not_told() -> None:
    said = explained(
        """
| Date       | Type     | Asset | Quantity | Received Asset | Basis | Amount | Account |
| 2024-01-01 | Buy      | XYZ   | 9        |                |       | 90     | A1      |
| 2024-02-01 | Split    | XYZ   | 2        |                |       |        |         |
| 2024-03-01 | Buy      | NEW   | 5        |                |       | 50     | A1      |
| 2024-05-01 | Spin-off | XYZ   | 1        | NEW            | 0.1   |        |         |
| 2024-06-01 | Buy      | ABC   | 5        |                |       | 50     | A1      |
| 2025-03-03 | Sell     | ABC   | 5        |                |       | 77     | A1      |
""",
        Class_XYZ="stock",
        Class_NEW="stock",
        Class_ABC="stock",
    )
    assert "Split" not in said
    assert "Spin-off" not in said


def test_a_gift_is_told_with_the_day_of_the_gift_and_the_donors() -> None:
    said = explained(
        """
| Date       | Type    | Asset | Quantity | Acquired   | Basis | Amount | Account | Class |
| 2024-08-01 | Gift In | XYZ   | 2        | 2020-01-01 | 50    | 100    | A1      | stock |
| 2025-03-03 | Sell    | XYZ   | 2        |            |       | 77     | A1      | stock |
"""
    )
    assert "received as a gift on 08/01/2024, acquired by the donor on 01/01/2020 (26 USC 1015)" in said


def test_positions_are_told_where_the_row_rests_on_them() -> None:
    said = explained(
        """
|Date|Type|Asset|Quantity|Received Asset|Received Quantity|Amount|Account|To Account|Order|
| 2024-01-01 | Buy | ETH | 4 | | | 4000 | W | | |
| 2024-01-01 | Buy | AMPL | 100 | | | 100 | W | | |
| 2024-02-01 | Wrap | ETH | 2 | WETH | 2.5 | | W | | |
| 2024-03-01 | Rebase | AMPL | 1.1 | | | | W | | |
| 2024-03-02 | Rebase | AMPL | 0.9 | | | | W | | |
| 2024-04-01 | Stake | ETH | 2 | | | | W | L | |
| 2025-01-01 | Pool In | WETH | 1 | LP | 10 | 3000 | W | | P |
| 2025-01-01 | Pool In | AMPL | 99 | | | 90 | W | | P |
| 2025-02-01 | Pool Out | LP | 10 | WETH | 1.1 | 3400 | W | | Q |
| 2025-03-01 | Sell | ETH | 2 | | | 5000 | L | | |
""",
        Wrap="carryover",
        Stake="carryover",
        Pool="trade",
        Rebase="split",
        Account_L="wallet",
    )
    assert (
        "Row 4 (Wrap): 2 ETH went on as 2.5 WETH with basis and dates, taken as carryover by the setting Wrap" in said
    )
    assert (
        "Rebased by rows 5, 6: 0.99 units for one, with the same basis, taken as a split by the setting Rebase" in said
    )
    assert "ETH moved by row 7 kept basis and dates, taken as carryover by the setting Stake" in said
    assert "The lot's basis is what was put in: 1 WETH worth 3,000.00 + 99 AMPL worth 90.00 (rows 8 and 9)" in said
    assert "Proceeds: 3,400.00 for 1.1 WETH (row 10)" in said
    assert said.count("no authority decides it (Notice 2024-57)") == 7


TWO_LOTS = """
| Date       | Type | Asset | Quantity | Amount | Account | Class | Lot | Method |
| 2024-01-01 | Buy  | XYZ   | 2        | 20     | A1      | stock | L1  |        |
| 2024-02-01 | Buy  | XYZ   | 2        | 60     | A1      | stock | L2  |        |
| 2025-03-03 | Sell | XYZ   | 1        | 40     | A1      | stock | {lot} | {own} |
"""


@pytest.mark.parametrize(
    ("lot", "own", "settings", "words"),
    [
        ("", "", {}, ""),
        ("L2", "", {}, "Column Lot of row 4 names the lots (specific identification, Treas. Reg. 1.1012-1)."),
        ("", "hifo", {}, "The order in force chose the lot: hifo, highest basis first."),
        ("", "", {"Method": "lifo"}, "The order in force chose the lot: lifo, last in, first out."),
        ("", "fifo", {"Method": "lifo"}, ""),
        ("", "", {"Method_2024": "lifo"}, ""),
    ],
)
def test_why_the_lot_was_taken_is_told_where_it_was_not_the_first(
    lot: str, own: str, settings: dict[str, str], words: str
) -> None:
    said = explained(TWO_LOTS.format(lot=lot, own=own), **settings)
    assert words in said
    assert ("chose the lot" in said) is words.startswith("The order")
    assert ("names the lots" in said) is words.startswith("Column")


def test_a_standing_order_counts_from_its_day() -> None:
    rows = """
| Date       | Type   | Asset | Quantity | Amount | Account | Class | Method |
| 2024-01-01 | Buy    | XYZ   | 2        | 20     | A1      | stock |        |
| 2024-02-01 | Buy    | XYZ   | 2        | 60     | A1      | stock |        |
| 2025-03-03 | Sell   | XYZ   | 1        | 40     | A1      | stock |        |
| 2025-04-01 | Method | XYZ   |          |        | A1      |       | hifo   |
| 2025-05-01 | Sell   | XYZ   | 1        | 40     | A1      | stock |        |
"""
    assert explained(rows).count("The order in force chose the lot: hifo") == 1
