"""Columns that are none of the ledger's and say something about a number, and tables beside the ledger's columns."""

from __future__ import annotations

from datetime import date

import pytest

from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Account", "Class"]
BUY: list[object] = [date(2024, 3, 1), "Buy", "AAPL", 20, 100, "Schwab", "stock"]
SELL: list[object] = [date(2025, 6, 12), "Sell", "AAPL", 20, 150, "Schwab", "stock"]


def with_column(heading: str, bought: object, sold: object, asset: str = "AAPL") -> list[tuple[str, int, bool]]:
    """The problems of a column beside the ledger's: code, row, and whether it blocks filing."""
    rows = [[*row[:2], asset, *row[3:], cell] for row, cell in ((BUY, bought), (SELL, sold))]
    return [(one.code, one.row, one.blocks_filing) for one in ledger_from_blocks([[*HEADER, heading], *rows]).problems]


@pytest.mark.parametrize(
    ("heading", "marked"),
    [("Cancelled?", "yes"), ("Void", True), ("Reversed", "x"), ("Ignore", "see row 7"), ("Duplicate", "dup"),
     ("Include", "no"), ("Counted?", False), ("Executed", "N")],
)  # fmt: skip
def test_a_row_that_is_marked_as_not_meant_blocks(heading: str, marked: object) -> None:
    assert with_column(heading, "", marked) == [("ROW_NOT_DONE", 3, True)]


@pytest.mark.parametrize(
    ("heading", "marked"), [("Cancelled?", "no"), ("Void", False), ("Ignore", "n/a"), ("Include", "Y"), ("Done", "x")]
)
def test_a_row_that_is_marked_as_meant_is_meant(heading: str, marked: object) -> None:
    assert {code for code, _, blocks in with_column(heading, marked, marked) if blocks} == set()


@pytest.mark.parametrize(
    ("heading", "bought", "sold"),
    [("Sell Price", 150, None), ("Date Sold", date(2025, 6, 12), None), ("Closed", date(2025, 6, 12), None),
     ("Filled Qty", 20, 15), ("Fill Price", 100, 149.5), ("Average Price", 100, 149), ("Dividends", 30, None),
     ("IRA?", None, "x"), ("Owner", "me", "wife"), ("Inherited", "Y", None), ("SEC", None, 0.5), ("Expenses", 5, 5),
     ("Quote", "USD", "BTC"), ("Market", "ETH/BTC", "ETH/BTC"), ("Leverage", "1x", "5x")],
)  # fmt: skip
def test_a_column_that_tells_of_another_number_or_event_blocks(heading: str, bought: object, sold: object) -> None:
    assert [code for code, _, _ in with_column(heading, bought, sold)] == ["COLUMN_NOT_READ"]


@pytest.mark.parametrize("heading", ["Sell Reason", "Dividend Yield", "Contract Address", "Market", "Order Type"])
def test_a_column_that_tells_of_none_is_only_named(heading: str) -> None:
    assert [code for code, _, _ in with_column(heading, "NYSE", "NYSE")] == ["COLUMNS_IGNORED"]


@pytest.mark.parametrize(
    ("heading", "bought", "sold"),
    [("Trade Date", date(2024, 3, 1), date(2025, 6, 11)), ("Shares", 20, 21), ("Unit Price", "$100.00", 149),
     ("Side", "Long", "Short"), ("Action", "Buy", "Sell short")],
)  # fmt: skip
def test_a_second_heading_of_a_column_that_says_otherwise_blocks(heading: str, bought: object, sold: object) -> None:
    assert [code for code, _, _ in with_column(heading, bought, sold)] == ["COLUMN_NOT_READ"]


@pytest.mark.parametrize(
    ("heading", "bought", "sold"),
    [("Trade Date", "3/1/2024", date(2025, 6, 12)), ("Shares", "20", -20), ("Unit Price", "$100.00", 150),
     ("Side", "Long", "Long"), ("Action", "Bought", "Sell to Close"), ("Symbol", "Apple", "Apple Inc.")],
)  # fmt: skip
def test_a_second_heading_that_says_the_same_does_not(heading: str, bought: object, sold: object) -> None:
    assert [code for code, _, _ in with_column(heading, bought, sold)] == ["COLUMNS_IGNORED"]


@pytest.mark.parametrize("heading", ["Strike", "Expiration Date", "Put/Call", "C/P", "Option Type"])
def test_terms_of_an_option_beside_a_bare_ticker_block(heading: str) -> None:
    assert [code for code, _, _ in with_column(heading, "Call", "Call")] == ["COLUMN_NOT_READ"]
    told = with_column(heading, "Call", "Call", asset="AAPL 250620C00150000")
    assert "COLUMN_NOT_READ" not in [code for code, _, _ in told]


@pytest.mark.parametrize("heading", ["Denomination", "Unit", "Money", "In"])
def test_a_column_of_currencies_is_one_whatever_it_is_called(heading: str) -> None:
    assert ("CURRENCY_NOT_USD", 3, True) in with_column(heading, "USD", "EUR")
    assert "CURRENCY_NOT_USD" not in [code for code, _, _ in with_column(heading, "USD", "$")]


def test_a_column_that_holds_more_than_currencies_is_none() -> None:
    assert "CURRENCY_NOT_USD" not in [code for code, _, _ in with_column("Unit", "EUR", "kilograms")]


def test_a_second_column_of_fees_is_added_to_the_first() -> None:
    rows = [[*HEADER, "Fee", "SEC Fee"], [*BUY, 1, None], [*SELL, 1, 0.25]]
    (problem,) = ledger_from_blocks(rows).problems
    assert problem.remedy.startswith("Add its dollars to column Fee in each row, and empty it")


def test_a_price_in_a_coin_is_a_trade_of_two_coins() -> None:
    rows = [[*HEADER, "Price Currency"], [*BUY, "BTC"]]
    assert [one.remedy for one in ledger_from_blocks(rows).problems if one.code == "CURRENCY_NOT_USD"] == [
        "Convert each amount at that day's rate (trade date) and enter dollars. "
        "If it was BTC that was given or received, enter a Trade of the two coins instead."
    ]


OTHER: list[object] = [date(2025, 5, 5), "Sell", "MSFT", 10, 300]


@pytest.mark.parametrize(
    "rows",
    [
        [[*HEADER, None, "Sold on", "What", "Ticker symbol", "No.", "Each"], [*BUY, None, *OTHER], SELL],
        [HEADER, BUY, SELL, [*[None] * 9, "Date", "Type", "Asset", "Quantity", "Price"], [*[None] * 9, *OTHER]],
        [HEADER, [*BUY, None, *OTHER], SELL],
    ],
)
def test_a_table_beside_the_ledgers_columns_is_not_left_out_in_silence(rows: list[list[object]]) -> None:
    blocking = [one for one in ledger_from_blocks(rows).problems if one.blocks_filing]
    assert "TABLE_NOT_READ" in [one.code for one in blocking]


@pytest.mark.parametrize(
    "beside",
    [[date(2025, 5, 5), "Food", "x", 10, 300], ["remember", "Buy", "MSFT", 10, 300], [date(2025, 5, 5), "Buy", 1]],
)  # fmt: skip
def test_notes_beside_the_ledgers_columns_are_no_table(beside: list[object]) -> None:
    assert not [one for one in ledger_from_blocks([HEADER, [*BUY, None, *beside]]).problems if one.blocks_filing]
