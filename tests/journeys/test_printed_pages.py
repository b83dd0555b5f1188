"""What an investor prints: nothing is cut off at the edge of a column or torn between pages."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.template import write_template
from capgain.workbook.xlsx.writer import write_book

LONG_QUANTITY = "0.021345678901234567"


def ledger_with(path: Path, rows: list[list[object]], settings: list[list[object]]) -> Path:
    """The workbook of `capgain new` with other rows in its ledger."""
    write_template(path)
    book = openpyxl.load_workbook(path)
    ledger = book["Ledger"]
    ledger.delete_rows(2, ledger.max_row)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            ledger.cell(number, place, value)
    for row in settings:
        book["Settings"].append(row)
    book.save(path)
    return path


def reported(tmp_path: Path, rows: list[list[object]], year: int | None = None) -> openpyxl.Workbook:
    source = read_ledger_file(ledger_with(tmp_path / "mine.xlsx", rows, [["Filing Status 2023", "qss"]]))
    write_book(report_book(compute(source.ledger), source, year), tmp_path / "report.xlsx")
    return openpyxl.load_workbook(tmp_path / "report.xlsx")


THREE_YEARS: list[list[object]] = [
    ["2023-01-05", "Buy", "ETH", 3, None, 4800, None, "Coinbase"],
    ["2023-05-01", "Income", "ETH", LONG_QUANTITY, None, 39.9, None, "Coinbase"],
    ["2023-08-01", "Sell", "ETH", 1, None, 1900, None, "Coinbase"],
    ["2024-08-01", "Sell", "ETH", 0.5, None, 1500, None, "Coinbase"],
    ["2025-08-01", "Sell", "ETH", 0.5, None, 1700, None, "Coinbase"],
]


def test_a_quantity_of_eighteen_decimals_fits_its_column(tmp_path: Path) -> None:
    sheet = reported(tmp_path, THREE_YEARS)["Open Lots"]
    (cell,) = [cell for column in sheet.iter_cols() for cell in column if cell.value == LONG_QUANTITY]
    assert sheet.column_dimensions[cell.column_letter].width >= len(LONG_QUANTITY)


def test_the_explanations_of_settings_are_printed_whole(tmp_path: Path) -> None:
    sheet = reported(tmp_path, THREE_YEARS)["Settings"]
    width = sheet.column_dimensions["C"].width
    long = [cell for cell in sheet["C"][1:] if cell.value and len(cell.value) > width * 1.08]
    assert long
    assert all(cell.alignment.wrap_text and sheet.row_dimensions[cell.row].height > 20 for cell in long)


def test_every_filing_status_fits_its_year_on_the_summary(tmp_path: Path) -> None:
    sheet = reported(tmp_path, THREE_YEARS)["Summary"]
    (status,) = [row for row in sheet.iter_rows() if row[0].value == "Filing status"]
    assert [cell.value for cell in status[1:4]] == ["Qualifying surviving spouse", "Single", "Single"]
    assert all(cell.alignment.wrap_text for cell in status[1:4])
    assert sheet.row_dimensions[status[0].row].height > 20


def test_headings_of_unused_ledger_columns_take_little_room(tmp_path: Path) -> None:
    sheet = reported(tmp_path, THREE_YEARS)["Ledger"]
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert widths["Reported Proceeds"] < len("Reported Proceeds")


def test_a_wide_list_goes_over_two_pages_rather_than_shrink_below_eight_points(tmp_path: Path) -> None:
    book = reported(tmp_path, THREE_YEARS, 2025)
    for name in ("Gains", "Open Lots"):
        sheet = book[name]
        last = openpyxl.utils.column_index_from_string("".join(filter(str.isalpha, sheet.print_area.split(":")[1])))
        widths = [sheet.column_dimensions[openpyxl.utils.get_column_letter(one)].width for one in range(1, last + 1)]
        assert sum(widths) / sheet.page_setup.fitToWidth <= 165, name
        assert sheet.print_title_cols, name
