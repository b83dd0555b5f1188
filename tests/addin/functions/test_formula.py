"""Formulas as text: what is understood, what is refused, and that a file answers as a cell would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from addin.example_ledger import LONG, NET, ROWS
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block, CellError
from capgain.addin.functions.evaluate import evaluate
from capgain.addin.functions.formula import Area, FormulaError, area_of, evaluate_formula
from capgain.workbook.reading import read_ledger_file


class NoCells:
    """A workbook in which every reference is the example ledger."""

    def area(self, area: Area) -> Block:
        return Block(ROWS, sheet="Ledger")

    def table(self, name: str, part: str) -> Block:
        return Block(ROWS, sheet="Ledger")

    def formula_of(self, area: Area) -> str:
        return ""


def value(formula: str) -> object:
    return evaluate_formula(formula, NoCells(), Caller(today=date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ledger!A1:K99", Area("Ledger", 1, 1, 99, 11)),
        ("'My Ledger'!$A$1:$K$99", Area("My Ledger", 1, 1, 99, 11)),
        ("'It''s'!B2", Area("It's", 2, 2, 2, 2)),
        ("Ledger!A:K", Area("Ledger", 0, 1, 0, 11)),
        ("Ledger!2:9", Area("Ledger", 2, 0, 9, 0)),
        ("$Ledger.$A$1:.$K$99", Area("Ledger", 1, 1, 99, 11)),
        ("K99:A1", Area("", 1, 1, 99, 11)),
        ("AA10", Area("", 10, 27, 10, 27)),
    ],
)
def test_references_in_excels_and_libreoffices_spelling(text: str, expected: Area) -> None:
    assert area_of(text) == expected


@pytest.mark.parametrize(
    "formula",
    [
        '=CAPGAIN(Ledger[#All], 2025, "long")',
        'CAPGAIN(Ledger!A1:J7,2025,"long")',
        ' =capgain( Ledger!$A:$J ; 2025 ; "LONG" ) ',
        '=CAPGAIN(Ledger[[#Headers],[#Data]],2025,"long",,,)',
        '=ORG.CAPGAIN.CALC.CAPGAINFUNCTIONS.CAPGAIN($Ledger.A1:J7;2025;"long")',
        '=CAPGAIN(CAPGAIN_LEDGER(Ledger[#All]),2025,"long")',
        '=CAPGAIN(Ledger,DATE(2025,12,31),"long")',
    ],
)
def test_the_same_formula_in_many_spellings(formula: str) -> None:
    assert value(formula) == Decimal(LONG)


def test_numbers_signs_percent_texts_and_dates() -> None:
    assert value("=CAPGAIN_NET(-5000, +1e3, .0, 0.)") == value("=CAPGAIN_NET(-5000,1000)")
    assert value('=CAPGAIN_TERM("2024-03-01", TODAY())') == "Long"
    assert value("=CAPGAIN_NET(100%,0)") == value("=CAPGAIN_NET(1,0)")


def test_an_impossible_date_is_an_error_and_not_a_crash() -> None:
    result = value("=CAPGAIN_TERM(DATE(2025,2,30),TODAY())")
    assert isinstance(result, CellError)
    assert result.code.value == "#NUM!"


def test_why_of_a_nested_formula_tells_its_reason() -> None:
    assert "Prices" in str(value('=CAPGAIN_WHY(CAPGAIN(Ledger[#All],2025,"unrealized"))'))
    assert value("=CAPGAIN_WHY(CAPGAIN(Ledger[#All],2025))") == "That cell shows no CapGain error."


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("", "empty"),
        ("=", "empty"),
        ("=SUM(1,2)", "no function of CapGain"),
        ("=CAPGAIN(Ledger[#All],2025)+1", "no arithmetic"),
        ("=CAPGAIN(Ledger[#All],2025", "ends too early"),
        ("=CAPGAIN(Ledger[#All] 2025)", "comma"),
        ("=CAPGAIN(Ledger[#All],{1,2})", "cannot be read"),
        ("=CAPGAIN(Ledger[Price],2025)", "#All"),
        ("=Ledger[#All]", "a CapGain function is expected"),
        ("=CAPGAIN(Ledger[#All],SUM(1))", "no function of CapGain"),
        ('=CAPGAIN(Ledger[#All],-"x")', "not a number"),
    ],
)
def test_what_is_no_formula_of_ours_is_refused_by_name(formula: str, said: str) -> None:
    with pytest.raises(FormulaError, match=said.replace("(", r"\(")):
        value(formula)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A ledger from row 3 on, with Settings, Accounts and a sheet of formulas."""
    book = openpyxl.Workbook()
    ledger = book.active
    assert ledger is not None
    ledger.title = "Ledger"
    ledger.append(["My trades"])
    ledger.append([])
    for row in ROWS:
        ledger.append(row)
    for name, rows in {
        "Settings": [["Name", "Value"], ["Filing Status", "mfs"], ["Carryover Short", 9000]],
        "Accounts": [["Account", "Kind"], ["Schwab", "ira"]],
        "Out": [['=CAPGAIN(Ledger!A:J,2025,"unrealized")']],
    }.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_a_file_answers_with_its_own_settings_and_accounts(workbook: Path) -> None:
    file = read_ledger_file(workbook)
    assert evaluate('=CAPGAIN(Ledger[#All],2023,"deductible")', file) == 1500
    assert evaluate("=CAPGAIN(Ledger!A3:J9,2025)", file) == Decimal("37995.00"), "the sale in the IRA is not taxed"
    assert evaluate('=CAPGAIN(Ledger!A:J,2023,"deductible",,,"Filing Status=single")', file) == 3000
    assert evaluate('=CAPGAIN(Ledger!A:J,2023,"deductible",,,Settings[#All])', file) == 1500


def test_rows_of_a_file_keep_the_sheets_row_numbers(workbook: Path) -> None:
    file = read_ledger_file(workbook)
    table = evaluate("=CAPGAIN_LOTS(Ledger!A3:J9)", file)
    assert isinstance(table, list)
    assert [row[-1] for row in table[1:]] == [5, 4, 8]
    beside = evaluate("=CAPGAIN_ROWS(Ledger!A1:J9)", file)
    assert isinstance(beside, list)
    assert len(beside) == 9
    assert beside[2][0] == "Gain"


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """A ledger that is an Excel table from C4 on, with a row that is struck out."""
    book = openpyxl.Workbook()
    ledger = book.active
    assert isinstance(ledger, Worksheet)
    ledger.title = "Ledger"
    for i, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            ledger.cell(4 + i, 3 + j, cell)  # type: ignore[arg-type]
    ledger.add_table(Table(displayName="Ledger", ref=f"C4:L{3 + len(ROWS)}"))
    for cell in ledger["C6:L6"][0]:
        cell.font = Font(strike=True)
    path = tmp_path / "moved.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    "area", ["Ledger[#All]", "Ledger!A:L", "Ledger!C4:L10", "Ledger!C:L", "Ledger!A1:Z99", "Ledger!4:10"]
)
def test_a_table_in_the_middle_of_its_sheet_is_read_however_it_is_named(moved: Path, area: str) -> None:
    file = read_ledger_file(moved)
    assert evaluate(f"=CAPGAIN({area},2025)", file) == Decimal(NET)
    problems = evaluate(f"=CAPGAIN_CHECK({area})", file)
    assert isinstance(problems, list)
    assert [(row[2], row[4][:24]) for row in problems[1:]] == [(6, "This row is struck out, ")]


def test_a_format_of_another_currency_blocks_a_function_as_it_blocks_compute(moved: Path) -> None:
    book = openpyxl.load_workbook(moved)
    book["Ledger"]["G6"].number_format = "[$CHF] 0.00"
    book.save(moved)
    result = evaluate("=CAPGAIN(Ledger!A:L,2025)", read_ledger_file(moved))
    assert isinstance(result, CellError)
    assert "an amount in CHF" in result.reason


def test_the_data_of_a_table_has_no_header_and_says_so(workbook: Path) -> None:
    result = evaluate("=CAPGAIN(Ledger[#Data],2025)", read_ledger_file(workbook))
    assert isinstance(result, CellError)
    assert result.code.value == "#VALUE!"


def test_a_sheet_that_is_not_there_is_named(workbook: Path) -> None:
    for formula in ("=CAPGAIN(Trades!A:J,2025)", "=CAPGAIN(Trades[#All],2025)"):
        result = evaluate(formula, read_ledger_file(workbook))
        assert isinstance(result, CellError)
        assert "Trades" in result.reason


def test_why_of_a_cell_in_a_file_evaluates_its_formula(workbook: Path) -> None:
    file = read_ledger_file(workbook)
    assert "Prices" in str(evaluate("=CAPGAIN_WHY(Out!A1)", file))
    assert evaluate("=CAPGAIN_WHY(Out!B7)", file) == "That cell shows no CapGain error."


def test_a_csv_answers_too(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    lines = (",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert evaluate("=CAPGAIN(Ledger[#All],2025)", read_ledger_file(path)) == Decimal(NET)
