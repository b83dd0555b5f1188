"""Ledgers in workbooks as Excel, openpyxl and XlsxWriter write them."""

import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from capgain.engine.classes import AccountKind, FilingStatus
from capgain.engine.transactions import Buy, Split, Transaction
from capgain.workbook.reading import RawSheet, UnreadableFile, read_ledger_file
from capgain.workbook.reading.workbook_file import read_sheet

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account"]
BUY = [datetime(2025, 1, 2, 10, 30), "Buy", "AAPL", 10, None, 1000.5, 1, "Fidelity"]
SELL = [date(2025, 3, 1), "Sell", "AAPL", 4, 120, None, None, "Fidelity"]
Rows = list[list[object]]


def saved(folder: Path, sheets: dict[str, Rows], name: str = "book.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def as_excel_saves_empty_results(path: Path) -> None:
    """Mark the empty results of formulas as text, as Excel does and XlsxWriter does not."""
    whole = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(whole) as package, zipfile.ZipFile(path, "w") as again:
        for name in package.namelist():
            again.writestr(name, re.sub(rb"<c ([^>]*)>(<f>[^<]*</f><v></v>)", rb'<c \1 t="str">\2', package.read(name)))


def only(path: Path) -> Transaction:
    file = read_ledger_file(path)
    assert not file.ledger.problems
    (transaction,) = file.ledger.transactions
    return transaction


def bought(path: Path) -> Buy:
    transaction = only(path)
    assert isinstance(transaction, Buy)
    return transaction


def test_a_workbook_of_four_sheets_is_read_whole(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        {
            "Notes": [["Date", "Type", "Asset"], ["not", "a", "ledger"]],
            "LEDGER": [HEADER, BUY, SELL],
            "Accounts": [["Account", "Kind"], ["Fidelity", "brokerage"]],
            "Settings": [["Name", "Value"], ["Filing Status", "mfj"]],
            "Prices": [["Asset", "Price", "Date"], ["AAPL", 130, date(2025, 12, 31)]],
        },
    )
    before = path.read_bytes()
    file = read_ledger_file(path, overrides=["Tax Year = 2025"])
    assert path.read_bytes() == before
    assert not file.ledger.problems
    assert [entry.at for entry in file.ledger.transactions] == [datetime(2025, 1, 2, 10, 30), datetime(2025, 3, 1)]
    assert file.ledger.accounts["Fidelity"].kind is AccountKind.BROKERAGE
    assert file.ledger.settings.filing_status.default is FilingStatus.MFJ
    assert file.ledger.settings.tax_year == 2025
    assert file.ledger.prices[0].price == 130
    assert file.ledger.sheet == "LEDGER"
    assert [sheet.name for sheet in file.raw] == ["Ledger", "Accounts", "Settings", "Prices"]


def test_the_only_sheet_is_the_ledger_whatever_its_name(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Trades 2025": [HEADER, BUY], "Settings": [["Tax Year", 2025]]}, "book.xlsm")
    file = read_ledger_file(path)
    assert not file.ledger.problems
    assert (file.ledger.sheet, file.raw[0].name) == ("Trades 2025", "Ledger")


def test_several_sheets_and_none_named_ledger_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Trades": [HEADER, BUY], "More": [HEADER], "Prices": [["Asset", "Price"]]})
    with pytest.raises(UnreadableFile) as refusal:
        read_ledger_file(path)
    assert str(refusal.value) == (
        f"{path} has no sheet or table named Ledger; its sheets are Trades, More, Prices. "
        "Name the sheet that holds the ledger Ledger."
    )


def test_rows_are_those_of_the_sheet(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Ledger": [[], ["My trades"], [], HEADER, BUY, [], SELL]})
    assert [entry.row for entry in read_ledger_file(path).ledger.transactions] == [5, 7]


def test_quantities_as_text_keep_eighteen_decimals_and_money_its_currency_format(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Ledger")
    sheet.write_row(0, 0, HEADER)
    sheet.write_datetime(1, 0, datetime(2025, 1, 2), book.add_format({"num_format": "mm/dd/yyyy"}))
    sheet.write_row(1, 1, ["Buy", "BTC"])
    sheet.write_string(1, 3, "0.123456789012345678")
    sheet.write_number(1, 5, 1234.56, book.add_format({"num_format": '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_)'}))
    sheet.write_string(1, 6, "$1.25")
    book.close()
    entry = bought(path)
    assert (entry.quantity, entry.amount, entry.fee) == (
        Decimal("0.123456789012345678"),
        Decimal("1234.56"),
        Decimal("1.25"),
    )


@pytest.mark.parametrize("date_1904", [False, True])
@pytest.mark.parametrize("number_format", ["yyyy-mm-dd", "General", "$#,##0.00"])
def test_both_date_systems_are_read_formatted_as_dates_or_not(
    tmp_path: Path, date_1904: bool, number_format: str
) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": date_1904})
    sheet = book.add_worksheet("Ledger")
    sheet.write_row(0, 0, HEADER)
    sheet.write_datetime(1, 0, datetime(2025, 3, 1), book.add_format({"num_format": number_format}))
    sheet.write_row(1, 1, BUY[1:])
    book.close()
    file = read_ledger_file(path)
    assert file.date_1904 is date_1904
    assert [entry.at for entry in file.ledger.transactions] == [datetime(2025, 3, 1)]


def test_a_book_of_openpyxl_in_the_1904_system(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(BUY)
    book.save(tmp_path / "book.xlsx")
    assert only(tmp_path / "book.xlsx").at == BUY[0]


class TestTables:
    """Excel tables named Ledger, Accounts, Settings or Prices count wherever they stand."""

    @staticmethod
    def book(folder: Path, *, totals: bool = False) -> Path:
        path = folder / "book.xlsx"
        book = xlsxwriter.Workbook(path)
        book.add_worksheet("Cover").write(0, 0, "hello")
        sheet = book.add_worksheet("Everything")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        rows = [["2025-01-02", *BUY[1:]], ["2025-03-01", *SELL[1:]]]
        columns: list[dict[str, object]] = [{"header": name} for name in HEADER]
        if totals:
            columns[0]["total_string"] = "Total"
            columns[5]["total_function"] = "sum"
        last = 32 + len(rows) + totals
        sheet.add_table(31, 2, last - 1, 9, {"name": "Ledger", "columns": columns, "data": rows, "total_row": totals})
        sheet.add_table(
            0,
            12,
            1,
            13,
            {"name": "Accounts", "columns": [{"header": "Account"}, {"header": "Kind"}], "data": [["Fidelity", "ira"]]},
        )
        sheet.write_datetime(20, 0, datetime(2025, 1, 1), day)
        sheet.write(32, 0, "a note beside the table")
        book.close()
        return path

    def test_a_table_is_found_below_the_top_rows_on_another_sheet(self, tmp_path: Path) -> None:
        file = read_ledger_file(self.book(tmp_path))
        assert not file.ledger.problems
        assert [entry.row for entry in file.ledger.transactions] == [33, 34]
        assert file.ledger.sheet == "Everything"
        assert file.ledger.accounts["Fidelity"].kind is AccountKind.IRA
        assert list(file.raw[0].rows[0]) == HEADER
        assert file.raw[0].first_row == 32

    def test_the_row_of_totals_is_no_transaction(self, tmp_path: Path) -> None:
        file = read_ledger_file(self.book(tmp_path, totals=True))
        assert not file.ledger.problems
        assert len(file.ledger.transactions) == 2

    def test_rows_typed_below_a_table_that_did_not_grow_are_not_lost(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Ledger"
        for row in (HEADER, BUY, SELL):
            sheet.append(row)
        sheet.add_table(Table(displayName="Ledger", ref="A1:H2"))
        book.save(tmp_path / "book.xlsx")
        assert len(read_ledger_file(tmp_path / "book.xlsx").ledger.transactions) == 2

    def test_tables_one_below_the_other_do_not_run_into_each_other(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        ledger, setup = book.active, book.create_sheet("Setup")
        assert ledger is not None
        ledger.title = "Ledger"
        stacked: dict[str, Rows] = {
            "Ledger": [HEADER, BUY, SELL],
            "Accounts": [["Account", "Kind"], ["Fidelity", "brokerage"]],
            "Prices": [["Asset", "Price"], ["AAPL", 200]],
            "Settings": [["Name", "Value"], ["Filing Status", "mfj"]],
        }
        for row in stacked["Ledger"]:
            ledger.append(row)
        ledger.append([])
        ledger.append(["Asset", "Target"])
        ledger.append(["AAPL", 20])
        ledger.add_table(Table(displayName="Ledger", ref="A1:H3"))
        ledger.add_table(Table(displayName="Targets", ref="A5:B6"))
        top = 1
        for name in ("Accounts", "Prices", "Settings"):
            setup.append([f"{name}:"])
            for row in stacked[name]:
                setup.append(row)
            setup.add_table(Table(displayName=name, ref=f"A{top + 1}:B{top + 2}"))
            top += 3
        book.save(tmp_path / "book.xlsx")
        read = read_ledger_file(tmp_path / "book.xlsx").ledger
        assert not read.problems
        assert len(read.transactions) == 2
        assert read.accounts["Fidelity"].kind is AccountKind.BROKERAGE
        assert read.settings.filing_status.of(2025) is FilingStatus.MFJ
        assert [price.price for price in read.prices] == [Decimal(200)]


def test_an_error_in_a_cell_is_not_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Ledger")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["2025-01-02", *BUY[1:6]])
    sheet.write_formula(1, 6, "=NA()", None, "#N/A")
    sheet.write_formula(1, 7, '=""', None, "")
    book.close()
    as_excel_saves_empty_results(path)
    ledger = read_ledger_file(path).ledger
    assert [(problem.row, problem.column, problem.message) for problem in ledger.problems] == [
        (2, "Fee", "The cell shows the error #N/A.")
    ]


def test_a_formula_that_was_never_calculated_is_not_a_blank(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Ledger": [HEADER, [*BUY[:6], "=1+1", BUY[7]]]})
    ledger = read_ledger_file(path).ledger
    assert [(problem.row, problem.column, problem.code) for problem in ledger.problems] == [
        (2, "Fee", "CELL_NOT_CALCULATED")
    ]
    assert "never calculated" in ledger.problems[0].message


def test_a_formula_with_its_value_is_its_value(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Ledger")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["2025-01-02", "Buy", "AAPL", 10, 100.05])
    sheet.write_formula(1, 5, "=D2*E2", None, 1000.5)
    sheet.write_formula(1, 7, '="Fid"&"elity"', None, "Fidelity")
    book.close()
    assert (bought(path).amount, bought(path).account) == (Decimal("1000.5"), "Fidelity")


@pytest.mark.parametrize(
    ("cell", "ratio"), [("'3/2", None), ("3/2", Fraction(3, 2)), ("1:3", Fraction(1, 3)), (1.5, Fraction(3, 2))]
)
def test_a_ratio_as_text_is_exact(tmp_path: Path, cell: object, ratio: Fraction | None) -> None:
    path = saved(tmp_path, {"Ledger": [HEADER, ["2025-01-02", "Split", "AAPL", cell]]})
    ledger = read_ledger_file(path).ledger
    if ratio is None:
        assert [problem.code for problem in ledger.problems] == ["NOT_A_RATIO"]
    else:
        (split,) = ledger.transactions
        assert isinstance(split, Split)
        assert split.ratio == ratio


@pytest.mark.parametrize("cell", [date(2025, 3, 2), time(1, 3)])
def test_a_ratio_that_excel_made_a_date_of_is_not_read(tmp_path: Path, cell: object) -> None:
    path = saved(tmp_path, {"Ledger": [HEADER, ["2025-01-02", "Split", "AAPL", cell]]})
    assert [problem.code for problem in read_ledger_file(path).ledger.problems] == ["RATIO_IS_A_DATE"]


def test_account_numbers_and_ids_typed_as_numbers_are_text(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Ledger": [[*HEADER, "ID", "Lot"], [*BUY[:7], 12345678, 17, 1.5]]})
    entry = bought(path)
    assert (entry.account, entry.id, entry.lot) == ("12345678", "17", "1.5")


def test_blank_rows_at_the_end_of_a_large_used_range_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Ledger")
    yellow = book.add_format({"bg_color": "yellow"})
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["2025-01-02", *BUY[1:]])
    for row in range(2, 5000):
        sheet.write_blank(row, 3, None, yellow)
        sheet.write_formula(row, 5, '=IF(D1="","",1)', None, "")
    sheet.write_blank(1_048_575, 0, None, yellow)
    book.close()
    as_excel_saves_empty_results(path)
    file = read_ledger_file(path)
    assert not file.ledger.problems
    assert len(file.raw[0].rows) == 2


def test_an_empty_sheet_is_an_empty_ledger(tmp_path: Path) -> None:
    assert [problem.code for problem in read_ledger_file(saved(tmp_path, {"Ledger": []})).ledger.problems] == [
        "EMPTY_LEDGER"
    ]


def test_a_chart_sheet_is_no_sheet_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Trades")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["2025-01-02", *BUY[1:]])
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Trades!$D$2:$D$2"})
    book.add_chartsheet("Picture").set_chart(chart)
    book.close()
    assert bought(path).quantity == 10


def test_any_further_sheet_can_be_read_by_name(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Ledger": [HEADER, BUY], "1099": [["Broker"], ["Fidelity"]]})
    assert read_sheet(path, "1099") == RawSheet("1099", [["Broker"], ["Fidelity"]])
    assert read_sheet(path, "1098") is None


def test_a_part_of_the_package_that_is_damaged_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Ledger": [HEADER, BUY]})
    damaged = io.BytesIO()
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(damaged, "w") as package:
        for name in whole.namelist():
            content = whole.read(name)
            package.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    path.write_bytes(damaged.getvalue())
    with pytest.raises(UnreadableFile, match="is damaged or incomplete"):
        read_ledger_file(path)


@pytest.mark.parametrize(
    "word", ["#BLOCKED!", "#CONNECT!", "#BUSY!", "#SPILL!", "#CALC!", "#FIELD!", "#PYTHON!", "#NEW!"]
)
def test_an_error_that_the_reader_does_not_know_is_an_error_cell_and_no_damage(tmp_path: Path, word: str) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    ledger, prices = book.add_worksheet("Ledger"), book.add_worksheet("Prices")
    for place, row in enumerate(
        (["Date", "Type", "Asset", "Quantity", "Amount"], ["2025-01-02", "Buy", "AAPL", 1, 100])
    ):
        ledger.write_row(place, 0, row)
    prices.write_row(0, 0, ["Asset", "Price", "Date"])
    prices.write_row(1, 0, ["AAPL", "here", "2025-06-01"])
    prices.write_row(2, 0, ["AAPL", 5, "2025-05-01"])
    book.close()
    with zipfile.ZipFile(path) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    sheet = parts["xl/worksheets/sheet2.xml"]
    cell = re.sub(rb'<c r="B2"[^>]*>.*?</c>', f'<c r="B2" t="e"><f>X()</f><v>{word}</v></c>'.encode(), sheet)
    assert cell != sheet
    with zipfile.ZipFile(path, "w") as package:
        for name, content in (parts | {"xl/worksheets/sheet2.xml": cell}).items():
            package.writestr(name, content)
    found = read_ledger_file(path).ledger
    assert [price.price for price in found.prices] == [5]
    (problem,) = [one for one in found.problems if one.sheet == "Prices"]
    assert (problem.row, problem.column, problem.code) == (2, "Price", "PRICE_PASSED_OVER")
    assert word in problem.message
