"""A ledger kept in LibreOffice's own format, .ods: read as the same ledger in .xlsx is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from capgain.addin.functions.evaluate import evaluate
from capgain.workbook.reading import UnreadableFile, read_ledger_file
from command_line import process
from libreoffice import convert, needs_libreoffice

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    "<office:body><office:spreadsheet>"
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Account", "Class"]


def text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def number(value: float) -> str:
    shown = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{value}">{shown}</table:table-cell>'


def day(value: str) -> str:
    shown = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="date" office:date-value="{value}">{shown}</table:table-cell>'


def error(shown: str) -> str:
    return (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        f'calcext:value-type="error"><text:p>{shown}</text:p></table:table-cell>'
    )


UNCALCULATED = '<table:table-cell table:formula="of:=1+1"/>'


def row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def sheet(name: str, *rows: str) -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def document(path: Path, *sheets: str, manifest: str = "<manifest/>", head: str = HEAD) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", head + "".join(sheets) + TAIL)
        package.writestr("META-INF/manifest.xml", manifest)
    return path


def buy(quantity: str = number(100), times: int = 1) -> str:
    return row(
        day("2024-01-05"),
        text("Buy"),
        text("AAPL"),
        quantity,
        number(150),
        text("Schwab"),
        text("stock"),
        times=times,
    )


LEDGER = row(*map(text, HEADER))


def messages(path: Path) -> Sequence[str]:
    return [f"{problem.row} {problem.column}: {problem.message}" for problem in read_ledger_file(path).ledger.problems]


def test_rows_written_once_with_how_often_they_stand_there_are_that_many_rows(tmp_path: Path) -> None:
    path = document(tmp_path / "book.ods", sheet("Ledger", LEDGER, buy(times=3), row(times=1_048_000)))
    transactions = read_ledger_file(path).ledger.transactions
    assert [transaction.quantity for transaction in transactions] == [100, 100, 100]


@pytest.mark.parametrize(
    ("cell", "said"),
    [(error("#DIV/0!"), "#DIV/0!"), (error("Err:502"), "#VALUE!"), (error("Err:999"), "#UNKNOWN!")],
)
def test_an_error_in_a_cell_is_a_problem_of_its_row_and_not_a_blank(tmp_path: Path, cell: str, said: str) -> None:
    path = document(tmp_path / "book.ods", sheet("Ledger", row(times=2), LEDGER, buy(times=2), buy(cell)))
    (problem,) = [message for message in messages(path) if message.startswith("6 Quantity")]
    assert said in problem


def test_a_formula_that_nothing_has_calculated_is_a_problem(tmp_path: Path) -> None:
    path = document(tmp_path / "book.ods", sheet("Ledger", LEDGER, buy(UNCALCULATED)))
    assert any(message.startswith("2 Quantity") for message in messages(path))


def test_a_protected_an_endless_and_a_damaged_file_are_refused(tmp_path: Path) -> None:
    protected = document(tmp_path / "protected.ods", manifest="<manifest><encryption-data/></manifest>")
    with pytest.raises(UnreadableFile, match="password"):
        read_ledger_file(protected)
    wide = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="900000000"/>'
    with pytest.raises(UnreadableFile, match="in sheet Ledger something stands in"):
        read_ledger_file(document(tmp_path / "endless.ods", sheet("Ledger", row(wide))))
    bomb = HEAD.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
    with pytest.raises(UnreadableFile, match="damaged"):
        read_ledger_file(document(tmp_path / "typed.ods", sheet("Ledger", LEDGER), head=bomb))


@needs_libreoffice
def test_the_demo_saved_by_libreoffice_gives_the_same_numbers_everywhere(tmp_path: Path) -> None:
    book = tmp_path / "demo.xlsx"
    assert process("demo", "-o", book).returncode == 0
    ods = convert(book, "ods", tmp_path)
    computed = [json.loads(process("compute", path, "--json").stdout) for path in (book, ods)]
    for found in computed:
        for place in ("file", "sha256", "ledger"):
            found.pop(place, None)
    assert computed[0]["years"] == computed[1]["years"]
    formula = '=CAPGAIN(Ledger[#All], 2025, "long")'
    assert evaluate(formula, read_ledger_file(ods)) == evaluate(formula, read_ledger_file(book))
    report = tmp_path / "report.xlsx"
    done = process("report", ods, "-o", report)
    assert report.is_file(), done.stderr
    done = process("handoff", ods, "-o", tmp_path / "package")
    assert (tmp_path / "package" / "workpapers.xlsx").is_file(), done.stderr


def test_why_reads_the_formula_as_libreoffice_keeps_it(tmp_path: Path) -> None:
    formula = (
        '<table:table-cell table:formula="of:=ORG.CAPGAIN.CALC.CAPGAINFUNCTIONS.CAPGAIN([$Ledger.A1:.G2];2024;'
        '&quot;nett&quot;)" '
        'office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#VALUE!</text:p>'
        "</table:table-cell>"
    )
    path = document(tmp_path / "book.ods", sheet("Ledger", LEDGER, buy()), sheet("Mine", row(number(1), formula)))
    assert "nett" in str(evaluate("=CAPGAIN_WHY(Mine.B1)", read_ledger_file(path)))


FORMATS = ["[$€-407]#,##0.00", '0.00 "EUR"', "[$$-1009]#,##0.00", "0.00%", "[$$-409]#,##0.00", "0.00", "General"]


@needs_libreoffice
def test_formats_and_lines_through_the_text_say_the_same_in_both_kinds_of_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    ledger = book.active
    assert isinstance(ledger, Worksheet)
    ledger.title = "Ledger"
    ledger.append(HEADER)
    for at, number_format in enumerate(FORMATS, start=2):
        ledger.append([date(2024, 1, at), "Buy", "AAPL", 10, 150, "Schwab", "stock"])
        ledger.cell(at, 5).number_format = number_format
    for at in range(2, 12):
        ledger.append([date(2024, 2, at), "Buy", "MSFT", 10, 150, "Schwab", "stock"])
        for cell in ledger[ledger.max_row] if at in (4, 5, 9) else ():
            cell.font = Font(strike=True)
    prices = book.create_sheet("Prices")
    prices.append(["Asset", "Price"])
    prices.append(["AAPL", 200])
    prices["B2"].number_format = "[$€-407]0.00"
    book.save(tmp_path / "ledger.xlsx")
    ods = convert(tmp_path / "ledger.xlsx", "ods", tmp_path)
    found = [read_ledger_file(path).ledger.problems for path in (tmp_path / "ledger.xlsx", ods)]
    of_xlsx, of_ods = [[(one.code, one.sheet, one.row, one.column, one.message) for one in every] for every in found]
    assert of_xlsx == of_ods
    codes = [code for code, *_ in of_ods]
    assert codes.count("CURRENCY_NOT_USD") == 3
    assert codes.count("ROW_STRUCK_OUT") == 3
    assert {"AMOUNT_AS_PERCENTAGE", "PRICE_PASSED_OVER"} < set(codes)


STYLED = HEAD.replace(
    "<office:body>",
    '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell" '
    'style:parent-style-name="Default"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="ce1"/>'
    '<style:style style:name="ce3" style:family="table-cell" style:parent-style-name="ce1">'
    '<style:text-properties style:text-line-through-style="none"/></style:style></office:automatic-styles>'
    "<office:body>",
).replace(
    "<office:document-content ",
    '<office:document-content xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ',
)


@pytest.mark.parametrize(
    ("column", "of_row", "of_cell", "is_struck"),
    [("ce1", "", "", True), ("", "ce1", "", True), ("", "", "ce1", True), ("", "", "ce2", True), ("", "", "ce3", False),
     ("ce1", "ce3", "", False), ("ce1", "", "ce3", False), ("ce3", "ce3", "ce2", True), ("unknown", "", "", False)],
)  # fmt: skip
def test_a_cell_without_a_style_has_that_of_its_row_and_then_of_its_column(
    tmp_path: Path, column: str, of_row: str, of_cell: str, is_struck: bool
) -> None:
    columns = f'<table:table-column table:number-columns-repeated="20" table:default-cell-style-name="{column}"/>'
    styled = f' table:style-name="{of_cell}"' if of_cell else ""
    bought = buy().replace("<table:table-cell", f"<table:table-cell{styled}")
    bought = bought.replace("<table:table-row", f'<table:table-row table:default-cell-style-name="{of_row}"', 1)
    titles = row(*map(text, HEADER))
    path = document(tmp_path / "ledger.ods", sheet("Ledger", columns, titles, bought), head=STYLED)
    found = read_ledger_file(path).ledger.problems
    assert ("ROW_STRUCK_OUT" in {problem.code for problem in found}) is is_struck
