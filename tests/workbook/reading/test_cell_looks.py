"""What number formats and lines through the text say of a ledger's cells, in workbooks as openpyxl writes them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from capgain.workbook.reading import read_ledger_file

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class"]
ROWS = [
    [date(2024, 1, 2), "Buy", "AAPL", 10, 150, None, 5, "Schwab", "stock"],
    [date(2025, 3, 1), "Sell", "AAPL", 4, None, 800, None, "Schwab", "stock"],
]


def codes(folder: Path, look: Callable[[Worksheet], object], top: int = 1, left: int = 1) -> list[tuple[str, int, str]]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Ledger"
    for i, row in enumerate([HEADER, *ROWS]):
        for j, cell in enumerate(row):
            sheet.cell(top + i, left + j, cell)
    look(sheet)
    book.save(folder / "book.xlsx")
    problems = read_ledger_file(folder / "book.xlsx").ledger.problems
    return [(problem.code, problem.row, problem.column) for problem in problems]


def formatted(cell: str, number_format: str) -> Callable[[Worksheet], object]:
    return lambda sheet: setattr(sheet[cell], "number_format", number_format)


@pytest.mark.parametrize(
    "number_format",
    ["[$€-407]#,##0.00", '#,##0.00\\ "€"', "[$£-809]#,##0.00", "[$CHF] #,##0.00", "#,##0.00 [$EUR]", "[$¥-411]#,##0",
     "\\£0.00", "[$CA$-1009]0.00", "[$kr-41D] 0", "€0.00", '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-'],
)  # fmt: skip
def test_an_amount_shown_in_another_currency_is_no_amount_of_dollars(tmp_path: Path, number_format: str) -> None:
    assert ("CURRENCY_NOT_USD", 2, "Price") in codes(tmp_path, formatted("E2", number_format))


@pytest.mark.parametrize(
    "number_format",
    ['"$"#,##0.00', "[$$-409]#,##0.00", "[$USD] 0.00", "0.00", "#,##0,", '_($* #,##0.00_);_($* "-"??_);_(@_)',
     '0.00 "per 1%"', "[Red]0.00;[Blue]-0.00"],
)  # fmt: skip
def test_dollars_and_plain_numbers_are_amounts(tmp_path: Path, number_format: str) -> None:
    assert codes(tmp_path, formatted("E2", number_format)) == []


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.000 %", "[Red]-0.0%"])
def test_an_amount_shown_as_a_percentage_is_no_dollars(tmp_path: Path, number_format: str) -> None:
    assert ("AMOUNT_AS_PERCENTAGE", 2, "Fee") in codes(tmp_path, formatted("G2", number_format))


def test_the_format_of_a_quantity_or_of_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    assert codes(tmp_path, formatted("D2", "[$€-407]0.00")) == []
    assert codes(tmp_path, formatted("F2", "[$€-407]0.00")) == []


def test_formats_are_found_where_the_ledger_begins_further_down_and_to_the_right(tmp_path: Path) -> None:
    assert ("CURRENCY_NOT_USD", 6, "Amount") in codes(tmp_path, formatted("H6", "[$€-407]0.00"), top=4, left=3)


def strike(*cells: str) -> Callable[[Worksheet], object]:
    return lambda sheet: [setattr(sheet[cell], "font", Font(strike=True)) for cell in cells]


def test_a_row_that_is_struck_out_counts_and_blocks(tmp_path: Path) -> None:
    assert codes(tmp_path, strike("A3", "B3", "C3", "D3")) == [("ROW_STRUCK_OUT", 3, "Type")]


def test_one_cell_that_is_struck_out_is_no_row(tmp_path: Path) -> None:
    assert codes(tmp_path, strike("B3", "F3", "G3")) == []


@pytest.mark.parametrize(
    "number_format",
    ["[$$-1009]#,##0.00", "[$$-0C09]0.00", "[$$-en-CA]0.00", "[$$-2000409]0.00;[$$-1009]-0.00", "[$$-80A]0", '0 "COP"',
     "[$$-240A]0"],
)  # fmt: skip
def test_a_dollar_sign_of_another_country_is_no_us_dollar(tmp_path: Path, number_format: str) -> None:
    assert ("CURRENCY_NOT_USD", 2, "Price") in codes(tmp_path, formatted("E2", number_format))


@pytest.mark.parametrize(
    "number_format", ["[$$-409]0.00", "[$$-en-US]0.00", "[$$-540A]0.00", "[$$-10409]0.00", "[$$]0.00", "[$-1009]0.00"]
)
def test_a_dollar_sign_of_the_united_states_or_of_no_country_is_a_dollar(tmp_path: Path, number_format: str) -> None:
    assert codes(tmp_path, formatted("E2", number_format)) == []


BESIDE: dict[str, list[list[object]]] = {
    "Settings": [["Name", "Value"], ["Tax Year", 2025], ["Carryover Short", 500]],
    "Prices": [["Asset", "Price"], ["AAPL", 200]],
    "1099": [["Broker", "Box", "Proceeds", "Basis"], ["Schwab", "D", 800, 600]],
}


@pytest.mark.parametrize(
    ("sheet", "cell", "found"),
    [("Settings", "B3", ("CURRENCY_NOT_USD", 3, "Value")), ("Prices", "B2", ("PRICE_PASSED_OVER", 2, "Price")),
     ("1099", "C2", ("FORM_1099_AMOUNT", 2, "Proceeds")), ("1099", "D2", ("FORM_1099_AMOUNT", 2, "Basis"))],
)  # fmt: skip
@pytest.mark.parametrize("number_format", ["[$€-407]#,##0.00", '"$"#,##0.00', "[$$-1009]0.00"])
def test_an_amount_in_another_currency_is_none_on_the_sheets_beside_the_ledger(
    tmp_path: Path, sheet: str, cell: str, found: tuple[str, int, str], number_format: str
) -> None:
    def look(ledger: Worksheet) -> None:
        book = ledger.parent
        assert book is not None
        for name, rows in BESIDE.items():
            beside = book.create_sheet(name)
            for row in rows:
                beside.append(row)
        book[sheet][cell].number_format = number_format

    assert (found in codes(tmp_path, look)) == (number_format != '"$"#,##0.00')
