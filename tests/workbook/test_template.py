"""The blank workbook: it reads back without a problem, computes as it stands, and leads the hand."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from capgain.engine.compute import compute
from capgain.engine.settings import Settings
from capgain.workbook.reading import LedgerFile, read_ledger_file
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.example_rows import EXAMPLE
from capgain.workbook.reading.setting_names import BY_YEAR, FOR_ALL_YEARS
from capgain.workbook.reading.transaction_types import TYPE_NAMES
from capgain.workbook.sheets import Sheet, Validation
from capgain.workbook.template import template_book, write_template
from capgain.workbook.whole_file import CannotWrite
from capgain.workbook.written.words import CLASSES, KINDS, METHODS, OWNERS, REPORTED

BOOK = template_book(date(2026, 11, 22))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "new.xlsx"
    write_template(path)
    return path


@pytest.fixture(scope="module")
def file(written: Path) -> LedgerFile:
    return read_ledger_file(written)


def heads(sheet: Sheet) -> list[object]:
    return [cell and cell.content for cell in sheet.rows[0]]


def choices(sheet: Sheet, title: str) -> set[str]:
    lists = [one for one in sheet.validations if isinstance(one, Validation)]
    return {choice for one in lists if one.title == title for choice in one.choices}


def test_it_reads_back_without_a_problem(file: LedgerFile) -> None:
    assert file.ledger.problems == ()
    assert [sheet.name for sheet in file.raw] == ["Ledger", "Accounts", "Settings", "Prices"]
    assert len(file.ledger.transactions) == 8
    assert set(file.ledger.accounts) == {"Fidelity", "Coinbase", "Ledger Nano"}
    assert len(file.ledger.prices) == 3


def test_its_examples_compute_and_are_ready_to_file(file: LedgerFile) -> None:
    report = compute(file.ledger)
    assert [problem for problem in report.problems if problem.is_error] == []
    assert report.filing_ready
    assert {row.box for row in report.years[2025].dispositions} == {"D", "K", "H"}


def test_every_example_says_that_it_is_one(file: LedgerFile) -> None:
    assert {transaction.note for transaction in file.ledger.transactions} == {EXAMPLE}


def test_its_settings_are_the_defaults(file: LedgerFile) -> None:
    settings, defaults = file.ledger.settings, Settings()
    for name in ("method", "wash_sales", "missing_basis", "wallet_basis_from", "identical", "taxable_income"):
        assert getattr(settings, name) == getattr(defaults, name)
    assert settings.tax_year == date.today().year - 1


def test_every_column_stands_in_it_with_a_note() -> None:
    ledger = BOOK.sheet("Ledger")
    assert sorted(map(str, heads(ledger))) == sorted(LEDGER_COLUMNS)
    assert len(ledger.notes) == len(LEDGER_COLUMNS)
    assert ledger.table is not None
    assert (ledger.table.name, ledger.table.cells) == ("Ledger", "A1:AF9")


def test_the_columns_of_an_ordinary_trade_come_first_and_the_rare_ones_fold_away() -> None:
    ledger = BOOK.sheet("Ledger")
    rare = [name for place, name in enumerate(heads(ledger), start=1) if place in ledger.grouped_columns]
    assert {"Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Note"}.isdisjoint(rare)
    assert {"Identified", "Reported Basis", "Underlying", "Multiplier", "Code"} <= set(rare)


def test_no_filing_status_is_chosen_for_anybody(file: LedgerFile) -> None:
    assert file.ledger.settings.filing_status.of(date.today().year - 1) is None


def test_every_setting_stands_in_it() -> None:
    names = " ".join(str(row[0].content) for row in BOOK.sheet("Settings").rows[1:] if row[0])
    for name in (*BY_YEAR, *FOR_ALL_YEARS, "Schedule D 19", "Class BTC", "Method Fund", "Filed Short 2024"):
        assert name in names


def test_lists_offer_what_the_reader_knows() -> None:
    ledger, accounts = BOOK.sheet("Ledger"), BOOK.sheet("Accounts")
    assert choices(ledger, "Type") < set(TYPE_NAMES)
    assert {"Buy", "Sell", "Trade", "Transfer", "Income", "Dividend", "Opening", "Split"} <= choices(ledger, "Type")
    assert choices(ledger, "Class") == set(CLASSES.values)
    assert choices(ledger, "Reported") == choices(accounts, "Reported") == set(REPORTED.values)
    assert choices(ledger, "Method") == choices(accounts, "Method") == set(METHODS.values)
    assert choices(accounts, "Kind") == set(KINDS.values)
    assert choices(accounts, "Owner") == set(OWNERS.values)
    for sheet in BOOK.sheets:
        for validation in sheet.validations:
            assert not isinstance(validation, Validation) or len(",".join(validation.choices)) <= 255


def test_every_type_and_column_is_explained_in_the_guide() -> None:
    first = [row[0].content for row in BOOK.sheet("Guide").rows if row and row[0]]
    assert set(TYPE_NAMES) | set(LEDGER_COLUMNS) <= set(first)


def test_it_opens_in_openpyxl_with_its_tables_and_lists(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == ["Ledger", "Accounts", "Settings", "Prices", "Guide"]
    assert [list(sheet.tables) for sheet in book.worksheets[:4]] == [["Ledger"], ["Accounts"], ["Settings"], ["Prices"]]
    assert len(book["Ledger"].data_validations.dataValidation) == 4
    assert book["Ledger"].freeze_panes == "D2"


def test_the_ledger_prints_two_pages_wide_with_what_tells_a_row_on_both(written: Path) -> None:
    ledger = openpyxl.load_workbook(written)["Ledger"]
    assert ledger.page_setup.fitToWidth == 2
    assert (ledger.print_title_rows, ledger.print_title_cols) == ("$1:$1", "$A:$C")


def test_nothing_is_left_behind_where_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        write_template(tmp_path / "no such folder" / "new.xlsx")
    assert list(tmp_path.iterdir()) == []
