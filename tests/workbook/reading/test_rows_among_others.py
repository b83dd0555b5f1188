"""What rows seem to mean in the light of others: blank accounts, dividends in shares."""

from __future__ import annotations

import pytest

from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Amount", "Account", "Class"]
Row = list[object]


def row(
    day: str, kind: str, asset: str, units: object, price: object, amount: object = None, account: str = "F"
) -> Row:
    return [day, kind, asset, units, price, amount, account, "fund"]


def told(*rows: Row) -> list[tuple[str, int, bool]]:
    return [(one.code, one.row, one.blocks_filing) for one in ledger_from_blocks([HEADER, *rows]).problems]


BUY = row("2024-01-02", "Buy", "VTI", 10, 100)


@pytest.mark.parametrize(
    ("units", "price", "amount"), [(0.5, 110, 55), (0.5, None, 55), (1, None, 20), (0.25, 200, 50)]
)
def test_a_dividend_at_the_price_of_a_share_came_in_shares(units: object, price: object, amount: object) -> None:
    assert told(BUY, row("2024-06-03", "Dividend", "VTI", units, price, amount)) == [("DIVIDEND_IN_SHARES", 3, True)]


@pytest.mark.parametrize(
    ("units", "price", "amount", "says"),
    [
        (10, 0.5, 5, []),
        (10, None, 5, ["DIVIDEND_IN_UNITS"]),
        (1, None, 19.99, ["DIVIDEND_IN_UNITS"]),
        (None, None, 55, []),
    ],
)
def test_a_dividend_on_shares_held_is_cash(units: object, price: object, amount: object, says: list[str]) -> None:
    found = told(BUY, row("2024-06-03", "Dividend", "VTI", units, price, amount))
    assert [code for code, _, blocks in found] == says
    assert not any(blocks for _, _, blocks in found)


def test_a_blank_account_among_named_ones_is_asked_about_once_an_asset() -> None:
    blank = [row(f"2024-0{month}-02", "Buy", "VTI", month, 100, account="") for month in (2, 3)]
    assert told(BUY, *blank) == [("ACCOUNT_BLANK", 3, True)]
    assert told(*blank) == []
    assert told(BUY, row("2024-02-02", "Buy", "VXUS", 1, 100, account="")) == []


@pytest.mark.parametrize("kind", ["Split", "Dividend"])
def test_rows_for_every_account_need_none(kind: str) -> None:
    assert (
        told(
            BUY,
            row("2024-02-02", kind, "VTI", 2 if kind == "Split" else None, None, None if kind == "Split" else 5, ""),
        )
        == []
    )
