"""Columns by name: any order, anywhere in the top rows, their own names before other names."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.engine.ledger import Ledger
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.columns import LEDGER_COLUMNS, find_ledger_header

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Fee", "Account", "ID"]
ROWS = [
    ["2025-01-02", "Buy", "AAPL", "10", "100", "1", "Fidelity", "T1"],
    ["2025-01-03", "Buy", "BTC", "0.123456789012345678", "90000", "", "Kraken", "T2"],
    ["2025-02-03", "Sell", "AAPL", "4", "120", "1", "Fidelity", "T3"],
]
EXPECTED = ledger_from_blocks([HEADER, *ROWS])


def messages(ledger: Ledger) -> list[str]:
    return [str(problem) for problem in ledger.problems]


def test_the_example_itself_is_read_without_a_problem() -> None:
    assert len(EXPECTED.transactions) == 3
    assert not EXPECTED.problems


@given(st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(chance: random.Random) -> None:
    order = chance.sample(range(len(HEADER)), len(HEADER))
    shuffled = [[row[place] for place in order] for row in [HEADER, *ROWS]]
    assert ledger_from_blocks(shuffled) == EXPECTED


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_moves_only_their_row_numbers(chance: random.Random) -> None:
    order = chance.sample(ROWS, len(ROWS))
    ledger = ledger_from_blocks([HEADER, *order])
    assert {(entry.id, entry.at, entry.asset) for entry in ledger.transactions} == {
        (entry.id, entry.at, entry.asset) for entry in EXPECTED.transactions
    }
    assert [entry.row for entry in ledger.transactions] == [2, 3, 4]


@pytest.mark.parametrize("above", range(20))
def test_the_header_may_stand_in_any_of_the_top_20_rows(above: int) -> None:
    ledger = ledger_from_blocks([["My trades", None]] * above + [HEADER, *ROWS])
    assert [entry.row for entry in ledger.transactions] == [above + 2, above + 3, above + 4]
    assert not ledger.problems


def test_the_21st_row_is_too_far_down_for_a_header() -> None:
    ledger = ledger_from_blocks([["My trades"]] * 20 + [HEADER, *ROWS])
    assert [problem.code for problem in ledger.problems] == ["NO_HEADER"]


@pytest.mark.parametrize("name", LEDGER_COLUMNS)
def test_case_and_spaces_in_a_heading_do_not_matter(name: str) -> None:
    rest = [other for other in ("Date", "Type", "Asset") if other != name]
    for written in (
        name.upper(),
        name.lower(),
        f"  {name} ",
        name.replace(" ", ""),
        name.replace(" ", "  "),
        name.replace(" ", "_"),
    ):
        header = find_ledger_header([[*rest, written]])
        assert header is not None
        assert header.columns[name] == len(rest)


def test_unknown_columns_are_left_alone_and_named_once() -> None:
    others = [("My mood", "Weather"), ("x", None), (5, "fair"), ("#N/A", None)]
    wide = [[*row, *other] for row, other in zip([HEADER, *ROWS], others, strict=True)]
    found = ledger_from_blocks(wide)
    assert replace(found, problems=()) == EXPECTED
    assert [(one.code, one.blocks_filing) for one in found.problems] == [("COLUMNS_IGNORED", False)]
    assert "My mood, Weather" in found.problems[0].message


@pytest.mark.parametrize(
    "status",
    [
        "Cancelled",
        "CANCELED by user",
        " pending ",
        "Rejected",
        "Failed",
        "Unfilled",
        "Partially filled",
        "Expired",
        "REVERSED",
    ],
)
def test_a_row_whose_status_says_that_nothing_was_traded_blocks(status: str) -> None:
    wide = [[*row, other] for row, other in zip([HEADER, *ROWS], ["Order Status", "Filled", status, ""], strict=True)]
    found = [problem for problem in ledger_from_blocks(wide).problems if problem.code == "ROW_NOT_DONE"]
    assert [(problem.row, problem.column, problem.blocks_filing) for problem in found] == [(3, "Order Status", True)]


def test_an_option_that_expired_took_place_and_an_order_that_expired_did_not() -> None:
    header = ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Status"]
    option = "AAPL 250117C00150000"
    rows = [
        ["2024-06-03", "Buy", option, 1, 250, "Schwab", "Filled"],
        ["2025-01-17", "Expired", option, 1, None, "Schwab", "Expired"],
    ]
    order = ["2024-06-04", "Buy", "AAPL", 1, 190, "Schwab", "Expired"]
    found = [one for one in ledger_from_blocks([header, *rows, order]).problems if one.code == "ROW_NOT_DONE"]
    assert [problem.row for problem in found] == [4]


@pytest.mark.parametrize("status", ["Filled", "Closed", "Open", "NY", "settled"])
def test_another_status_says_nothing(status: str) -> None:
    wide = [[*row, other] for row, other in zip([HEADER, *ROWS], ["State", status, status, ""], strict=True)]
    assert {problem.code for problem in ledger_from_blocks(wide).problems} <= {"COLUMNS_IGNORED"}


@pytest.mark.parametrize(
    ("heading", "code"),
    [("Price (€)", "CURRENCY_NOT_USD"), ("Price £", "CURRENCY_NOT_USD"), ("Price ₩", "CURRENCY_NOT_USD"),
     ("Price (¢)", "MISSING_COLUMN"), ("Price %", "MISSING_COLUMN"), ("Price (₿)", "MISSING_COLUMN")],
)  # fmt: skip
def test_a_heading_in_another_unit_is_not_the_column_of_its_name(heading: str, code: str) -> None:
    written = [heading if name == "Price" else name for name in HEADER]
    assert code in {problem.code for problem in ledger_from_blocks([written, *ROWS]).problems if problem.is_error}


@pytest.mark.parametrize("heading", ["Fee %", "Commission (%)", "Fees ‰"])
def test_a_fee_in_percent_is_no_fee_in_dollars(heading: str) -> None:
    written = [heading if name == "Fee" else name for name in HEADER]
    found = ledger_from_blocks([written, *ROWS]).problems
    assert [(one.code, one.column) for one in found if one.is_error] == [("COLUMN_NOT_READ", heading)]


def test_ones_own_gain_in_percent_is_not_compared() -> None:
    wide = [[*row, other] for row, other in zip([HEADER, *ROWS], ["Gain %", 1.5, 2.5, 3.5], strict=True)]
    found = ledger_from_blocks(wide)
    assert found.stated_gains == ()
    assert {one.code for one in found.problems} == {"COLUMNS_IGNORED"}


@pytest.mark.parametrize("first", ["Total", "prepared by me", None])
def test_a_line_of_totals_or_a_remark_is_one_problem(first: str | None) -> None:
    line = [first, None, None, 160, 38000, *[None] * (len(HEADER) - 5)]
    found = ledger_from_blocks([HEADER, *ROWS, line])
    assert [(one.code, one.row, one.column) for one in found.problems] == [("LINE_OF_TOTALS", len(ROWS) + 2, "")]


def test_a_transaction_without_its_type_is_asked_for_it() -> None:
    without = [None if place == HEADER.index("Type") else cell for place, cell in enumerate(ROWS[0])]
    assert {one.code for one in ledger_from_blocks([HEADER, without]).problems} == {"MISSING_VALUE"}


def test_an_unknown_column_without_a_cell_in_it_is_not_named() -> None:
    assert ledger_from_blocks([[*HEADER, "Fee memo", "My mood"], *ROWS]) == EXPECTED


def test_a_column_under_another_name_is_read_where_its_own_name_is_missing() -> None:
    header = ["Trade Date", "Action", "Symbol", "Qty", "Unit Price", "Commission", "Account", "Transaction ID"]
    assert ledger_from_blocks([header, *ROWS]) == EXPECTED


def test_a_column_under_another_name_is_left_alone_where_its_own_name_occurs() -> None:
    wide = [[*row, other] for row, other in zip([HEADER, *ROWS], ["Symbol", "x", "y", "z"], strict=True)]
    found = ledger_from_blocks(wide)
    assert replace(found, problems=()) == EXPECTED
    assert "Symbol" in found.problems[0].message


def test_a_row_with_its_own_names_comes_before_an_earlier_one_with_other_names() -> None:
    ledger = ledger_from_blocks([["Trade Date", "Action", "Symbol"], HEADER, *ROWS])
    assert [entry.row for entry in ledger.transactions] == [3, 4, 5]


def test_a_column_that_occurs_twice_is_a_problem() -> None:
    ledger = ledger_from_blocks([[*HEADER, "quantity"], *ROWS])
    assert messages(ledger) == [
        "Ledger row 1, Quantity: Column Quantity stands in the header more than once. "
        "Keep one of them, or give the others another name."
    ]
    assert ledger.problems[0].is_error


def test_a_header_without_type_says_what_it_holds_and_what_is_missing() -> None:
    ledger = ledger_from_blocks([["My ledger"], ["Date", "Asset", "Quantity"], ["2025-01-02", "AAPL", 1]])
    assert messages(ledger) == [
        "Ledger row 2, Type: There is no column Type. "
        "Add the column to the header, which holds Date, Asset and Quantity."
    ]


def test_a_foreign_sheet_has_no_header() -> None:
    ledger = ledger_from_blocks([["Name", "Age"], ["Ann", 5]])
    assert messages(ledger) == [
        "Ledger: No header was found: none of the first 20 rows holds Date, Type, Asset. "
        "Give the ledger a header with the columns Date, Type, Asset, Quantity, Price or Amount, and Account."
    ]


def test_a_column_that_rows_need_and_the_ledger_lacks_is_said_once() -> None:
    header, *rows = [row[:3] + row[4:] for row in [HEADER, *ROWS]]
    assert messages(ledger_from_blocks([header, *rows])) == [
        "Ledger row 1, Quantity: There is no column Quantity, which Buy in row 2 needs (2 further rows too). "
        "Add the column, and enter the number of units, more than 0."
    ]


@pytest.mark.parametrize("block", [[], [[]], [["", None]], [["Date", "Type", "Asset"]], [HEADER, [None] * 8, [""] * 8]])
def test_an_empty_ledger_is_a_problem(block: list[list[object]]) -> None:
    ledger = ledger_from_blocks(block)
    assert [problem.code for problem in ledger.problems] == ["EMPTY_LEDGER"]
    assert ledger.problems[0].is_error


def test_short_rows_are_filled_up_and_long_ones_cut() -> None:
    ledger = ledger_from_blocks([HEADER, *[row[:7] for row in ROWS], [*ROWS[2], "note to myself"]])
    assert [entry.id for entry in ledger.transactions] == ["", "", "", "T3"]


def test_blank_rows_and_rows_of_zeros_or_notes_alone_are_passed_over() -> None:
    header = [*HEADER, "Note"]
    blank: list[list[object]] = [[], [None] * 9, ["  "] * 9, [None, None, None, 0, 0.0, "", None, None, None]]
    noted = [*[None] * 8, "2025 begins here"]
    ledger = ledger_from_blocks([header, ROWS[0], *blank, noted, ROWS[1], *blank * 5])
    assert [entry.row for entry in ledger.transactions] == [2, 8]
    assert not ledger.problems


def test_rows_are_counted_from_where_the_block_begins() -> None:
    ledger = ledger_from_blocks([HEADER, *ROWS], first_row=7, sheet="Trades")
    assert [entry.row for entry in ledger.transactions] == [8, 9, 10]
    assert ledger.sheet == "Trades"


@pytest.mark.parametrize(
    ("days", "bottom_up"),
    [
        (["2025-01-01", "2025-01-02", "2025-01-03"], False),
        (["2025-01-03", "2025-01-02", "2025-01-01"], True),
        (["2025-01-03", "2025-01-03", "2025-01-02"], True),
        (["2025-01-01", "2025-01-01"], False),
        (["2025-01-01"], False),
        (["2025-03-03", "2025-02-02", "2025-04-01", "2025-01-01"], True),
        (["2025-01-01", "2025-04-01", "2025-02-02", "2025-03-03"], False),
    ],
)
def test_a_file_whose_dates_run_downward_counts_from_the_bottom(days: list[str], bottom_up: bool) -> None:
    ledger = ledger_from_blocks([HEADER, *[[day, *ROWS[0][1:7], ""] for day in days]])
    assert ledger.bottom_up is bottom_up


def test_names_that_differ_in_case_or_spaces_alone_are_one_name() -> None:
    ledger = ledger_from_blocks(
        [
            ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "To Account"],
            ["2025-01-02", "Buy", "Btc", "1", "1", "My  Wallet", ""],
            ["2025-01-03", "Transfer", "BTC ", "1", "", "my wallet", "kraken"],
        ],
        [["Account", "Kind"], ["Kraken", "exchange"]],
        [["Class btc", "crypto"], ["Identical", "btc, wbtc"]],
        [["Asset", "Price"], ["BTC", 5]],
    )
    assert {entry.asset for entry in ledger.transactions} == {"Btc"}
    assert {entry.account for entry in ledger.transactions} == {"My Wallet"}
    assert getattr(ledger.transactions[1], "to_account") == "Kraken"  # noqa: B009
    assert list(ledger.accounts) == ["Kraken", "My Wallet"]
    assert list(ledger.settings.class_by_asset) == ["Btc"]
    assert ledger.settings.identical == (frozenset({"Btc", "wbtc"}),)
    assert ledger.prices[0].asset == "Btc"


def test_a_row_that_needs_a_column_of_its_type_alone_says_what_to_enter(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Acquired\n2025-01-02,QOF Deferral,FUND,1,100,X,2024-01-02\n",
        encoding="utf-8",
    )
    (found,) = [one for one in read_ledger_file(path).ledger.problems if one.column == "Kind"]
    assert (found.code, found.remedy) == ("MISSING_COLUMN", "Add the column, and enter long or short, as the gain was.")


@pytest.mark.parametrize(
    "others", [["05/03/2024", "06/04/2024"], [date(2024, 5, 3), date(2024, 4, 4)], ["2024-05-13", "5/3/2024"]]
)
def test_where_one_date_has_the_day_first_others_may_have_it_too(others: list[object]) -> None:
    days = [*others, "25/12/2024"]
    rows = [[day, *row[1:]] for day, row in zip(days, ROWS, strict=True)]
    found = [one.code for one in ledger_from_blocks([HEADER, *rows]).problems if one.column == "Date"]
    assert found == ["AMBIGUOUS_DATE", "IMPOSSIBLE_DATE"]


def test_dates_that_cannot_have_the_day_first_are_not_doubted() -> None:
    days = ["2024-05-03", "5/13/2024", "25/12/2024"]
    rows = [[day, *row[1:]] for day, row in zip(days, ROWS, strict=True)]
    found = [one.code for one in ledger_from_blocks([HEADER, *rows]).problems if one.column == "Date"]
    assert found == ["IMPOSSIBLE_DATE"]
