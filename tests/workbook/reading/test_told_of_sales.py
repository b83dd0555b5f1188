"""What a row of a sale tells of the lots that it sold, held against what the ledger gives."""

import pytest

from law.tables import answer

HELD = """
| Date       | Type | Asset | Quantity | Amount | Account | Class | Note | Acquired   | Basis | ID |
| 2020-05-04 | Buy  | AB    | 10       | 1000   | S       | stock |      |            |       | L1 |
| 2024-12-02 | Buy  | AB    | 10       | 3000   | S       | stock |      |            |       | L2 |
"""
ACCOUNTS = """
| Account | Kind      | Reported |
| S       | brokerage | basis    |
"""


def codes(sale: str) -> dict[str, bool]:
    """The codes that say something of such cells, and whether they block."""
    problems = answer(HELD + sale, ACCOUNTS).problems
    return {p.code: p.blocks_filing for p in problems if p.code.endswith("_DIFFERS") or p.code == "UNUSED_CELL"}


@pytest.mark.parametrize(
    "sale",
    [
        "| 2025-03-03 | Sell | AB | 10 | 4000 | S | stock | | 2020-05-04 | 1000 | |",
        "| 2025-03-03 | Sell | AB | 10 | 4000 | S | stock | | 05/04/2020 | $1,000.01 | |",
        "| 2025-03-03 | Sell | AB | 15 | 4000 | S | stock | |            | 2500 | |",
    ],
)
def test_a_basis_and_a_day_that_are_ours_too_say_nothing(sale: str) -> None:
    assert codes(sale) == {}


def test_another_basis_or_day_than_ours_blocks_until_a_note() -> None:
    other = "| 2025-03-03 | Sell | AB | 10 | 4000 | S | stock | {} | 2024-12-02 | 3000 | |"
    assert codes(other.format("")) == {"ACQUIRED_DIFFERS": True, "BASIS_DIFFERS": True}
    assert codes(other.format("broker is wrong")) == {"ACQUIRED_DIFFERS": False, "BASIS_DIFFERS": False}


def test_one_day_for_lots_of_two_is_another_day() -> None:
    assert codes("| 2025-03-03 | Sell | AB | 15 | 4000 | S | stock | | 2020-05-04 | | |") == {"ACQUIRED_DIFFERS": True}


def test_what_is_no_day_is_told_as_before() -> None:
    assert codes("| 2025-03-03 | Sell | AB | 15 | 4000 | S | stock | | VARIOUS | | |") == {"UNUSED_CELL": False}
