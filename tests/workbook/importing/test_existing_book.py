"""Rows added to a workbook that a person made: the Ledger grows, nothing else changes."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter

from capgain.engine.problems import CapgainError
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.ledger_file import read_ledger_file
from capgain.workbook.whole_file import CannotWrite

from .builders import book_of, coinbase, run, settings

BUY = "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.123456789012345678,USD,84000,840,845,5,note"
SEND = "cb-2,2025-03-02 12:00:00 UTC,Send,BTC,-0.1,USD,84000,8400,8400,0,"
HEADER = ["Date", "Type", "Asset", "Quantity", "Amount", "Fee", "Account", "Class", "My Column"]


def users_book(
    path: Path, *, table: bool = True, rows: int = 2, totals: bool = False, below: str = "", date_1904: bool = False
) -> Path:
    """A workbook with what openpyxl would lose: a chart, a picture's neighbour, rich text, conditional formats."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date_1904, "default_date_format": "yyyy-mm-dd"})
    ledger = book.add_worksheet("Ledger")
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "$#,##0.00"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    ledger.write_row(1, 1, HEADER)
    for number in range(rows):
        ledger.write_datetime(2 + number, 1, datetime(2024, 1, 1 + number), day)
        ledger.write_row(2 + number, 2, ["Buy", "AAPL", 10])
        ledger.write_number(2 + number, 5, 1500.5, money)
        ledger.write_row(2 + number, 6, ["", "Schwab", "stock", "mine"])
    if table:
        options: dict[str, object] = {"name": "Ledger", "columns": [{"header": name} for name in HEADER]}
        if totals:
            options |= {"total_row": True}
        ledger.add_table(1, 1, 1 + rows + totals, len(HEADER), options)
    if below:
        ledger.write_string(2 + rows, 1, below)
    ledger.conditional_format("F3:F100", {"type": "cell", "criteria": ">", "value": 1000, "format": bold})
    other = book.add_worksheet("Mine")
    other.write_rich_string("A1", bold, "rich ", "text")
    other.write_formula("A2", "=SUM(Ledger!F:F)", None, 3001)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Ledger!$F$3:$F$4"})
    other.insert_chart("C3", chart)
    accounts = book.add_worksheet("Accounts")
    accounts.write_row(0, 0, ["Account", "Kind"])
    accounts.write_row(1, 0, ["Coinbase", "exchange"])
    settings = book.add_worksheet("Settings")
    settings.write_row(0, 0, ["Name", "Value"])
    settings.write_row(1, 0, ["Time Zone", "America/New_York"])
    book.close()
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_the_ledger_and_its_table_change(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    before = parts(book)
    result = run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None)
    after = parts(book)
    assert {name for name in after if after[name] != before.get(name)} == {
        "xl/worksheets/sheet1.xml",
        "xl/tables/table1.xml",
    }
    assert b' fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    assert result.notices == ()
    read = read_ledger_file(book).ledger
    assert [problem.message for problem in read.problems if problem.is_error] == []
    assert len(read.transactions) == 3
    bought = read.transactions[2]
    assert (bought.at, str(bought.quantity)) == (datetime(2025, 3, 1, 7), "0.123456789012345678")  # type: ignore[union-attr]


def test_the_table_reaches_over_the_new_rows_and_columns(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None)
    sheet = openpyxl.load_workbook(book)["Ledger"]
    (table,) = sheet.tables.values()
    assert table.ref == "B2:O5"
    assert table.autoFilter.ref == "B2:O5"
    headings = [cell.value for cell in sheet["B2:O2"][0]]
    assert [column.name for column in table.tableColumns] == headings
    assert headings[len(HEADER) :] == ["Note", "ID", "Source File", "Source Line", "Source Key"]


def test_new_rows_look_like_the_row_above_and_dates_show_as_dates(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None)
    sheet = openpyxl.load_workbook(book)["Ledger"]
    assert sheet["F5"].number_format == "$#,##0.00"
    assert sheet["B5"].number_format == "dd.mm.yyyy"
    assert sheet["B5"].value == datetime(2025, 3, 1, 7)


def test_a_plain_range_an_empty_ledger_and_the_1904_date_system_work(tmp_path: Path) -> None:
    for number, options in enumerate(({"table": False}, {"table": False, "rows": 0}, {"date_1904": True})):
        book = users_book(tmp_path / f"mine{number}.xlsx", **options)  # type: ignore[arg-type]
        run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None)
        read = read_ledger_file(book).ledger
        assert read.transactions[-1].at == datetime(2025, 3, 1, 7)
        assert len(read.transactions) == int(options.get("rows", 2)) + 1


def test_empty_rows_at_the_end_of_a_table_are_filled_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ledger"
    sheet.append(HEADER)
    sheet.append([date(2024, 1, 1), "Buy", "AAPL", 1, 100, None, "Schwab", "stock"])
    sheet["A9"].number_format = "yyyy-mm-dd"
    sheet["Z3"] = "a remark beside the ledger"
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="Ledger", ref="A1:I9"))
    book.save(path)
    run(tmp_path, coinbase(tmp_path, BUY), into=path)
    sheet = openpyxl.load_workbook(path)["Ledger"]
    assert sheet["B3"].value == "Buy"
    assert sheet["Z3"].value == "a remark beside the ledger"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"totals": True}, "totals row"),
        ({"below": "my notes", "table": True}, ""),
    ],
)
def test_what_is_in_the_way_is_named_and_nothing_is_changed(
    tmp_path: Path, options: dict[str, object], words: str
) -> None:
    book = users_book(tmp_path / "mine.xlsx", **options)  # type: ignore[arg-type]
    before = book.read_bytes()
    if not words:
        assert run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None).rows_added == 1
        assert openpyxl.load_workbook(book)["Ledger"]["B5"].value == "my notes"
        return
    with pytest.raises(UnreadableImport, match=words):
        run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None)
    assert book.read_bytes() == before


def test_a_workbook_open_in_excel_a_signed_and_a_foreign_one_are_refused(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    before = book.read_bytes()
    lock = tmp_path / "~$mine.xlsx"
    lock.write_bytes(b"")
    with pytest.raises(CannotWrite, match="is open in Excel"):
        run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None)
    lock.unlink()
    assert book.read_bytes() == before
    signed = tmp_path / "signed.xlsx"
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(signed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    with pytest.raises(UnreadableImport, match="digitally signed"):
        run(tmp_path, coinbase(tmp_path, BUY), into=signed, zone=None)
    with pytest.raises(UnreadableImport, match=r"not to ledger\.csv"):
        run(tmp_path, coinbase(tmp_path, BUY), into=tmp_path / "ledger.csv", zone=None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coinbase.csv", "mine.xlsx", "signed.xlsx"]


def test_accounts_the_workbook_does_not_describe_are_added_to_its_sheet(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    result = run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None, account="Coinbase Two")
    assert result.notices == ("New on the sheet Accounts: Coinbase Two = exchange.",)
    rows = list(openpyxl.load_workbook(book)["Accounts"].iter_rows(values_only=True))
    assert rows[-1][:2] == ("Coinbase Two", "exchange")


def test_open_items_are_listed_on_a_sheet_of_their_own_and_leave_it_when_settled(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    path = coinbase(tmp_path, BUY, SEND)
    run(tmp_path, path, into=book, zone=None)
    sheet = openpyxl.load_workbook(book)["Open Items"]
    heading = [cell.value for cell in sheet[1]]
    row = dict(zip(heading, [cell.value for cell in sheet[2]], strict=True))
    assert heading[:4] == ["Why", "What To Do", "Likely Partner", "Decision"]
    assert (row["Type"], row["Account"], row["Quantity"], row["Source Key"]) == (
        "Transfer",
        "Coinbase",
        0.1,
        "coinbase:cb-2",
    )
    workbook = openpyxl.load_workbook(book)
    workbook["Open Items"].cell(
        2, heading.index("To Account") + 1 if "To Account" in heading else len(heading) + 1
    ).value = "Trezor"
    if "To Account" not in heading:
        workbook["Open Items"].cell(1, len(heading) + 1).value = "To Account"
    workbook.save(book)
    result = run(tmp_path, path, into=book, zone=None)
    assert [(row.type, row.values["To Account"]) for row in result.rows] == [("Transfer", "Trezor")]
    assert result.unsettled == ()
    assert openpyxl.load_workbook(book)["Open Items"].max_row == 1


def test_no_total_hides_an_open_item(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    run(tmp_path, coinbase(tmp_path, BUY, SEND), into=book, zone=None)
    (waiting,) = [problem for problem in read_ledger_file(book).ledger.problems if problem.code == "OPEN_ITEM"]
    assert (waiting.sheet, waiting.row, waiting.is_error, waiting.blocks_filing) == ("Open Items", 2, False, True)
    assert "0.1 BTC left Coinbase on 2025-03-02" in waiting.message
    workbook = openpyxl.load_workbook(book)
    workbook["Open Items"].cell(2, 4).value = "a payment below a dollar"
    workbook.save(book)
    assert not any(problem.code == "OPEN_ITEM" for problem in read_ledger_file(book).ledger.problems)


def test_a_decision_settles_an_open_item(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    path = coinbase(tmp_path, BUY, SEND, "cb-3,2025-03-05 12:00:00 UTC,Weird,ETH,1,USD,2000,2000,2000,0,")
    assert len(run(tmp_path, path, into=book, zone=None).unsettled) == 2
    workbook = openpyxl.load_workbook(book)
    for row in (2, 3):
        workbook["Open Items"].cell(row, 4).value = "not mine"
    workbook.save(book)
    result = run(tmp_path, path, into=book, zone=None)
    assert (result.rows_added, result.unsettled, result.duplicates) == (0, (), 3)
    assert openpyxl.load_workbook(book)["Open Items"].max_row == 3


def test_an_item_of_a_file_with_the_same_name_does_not_upset_the_count(tmp_path: Path) -> None:
    book = run(tmp_path, coinbase(tmp_path, SEND)).output
    again = run(tmp_path, coinbase(tmp_path, BUY), into=book)
    assert [(one.rows_read, one.ledger) for one in again.files] == [(1, 1)]
    assert len(again.unmatched) == 1


def test_a_macro_workbook_keeps_its_macros(tmp_path: Path) -> None:
    book = users_book(tmp_path / "mine.xlsx")
    macros = tmp_path / "mine.xlsm"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(macros, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/vbaProject.bin", b"macros")
    run(tmp_path, coinbase(tmp_path, BUY), into=macros, zone=None)
    assert parts(macros)["xl/vbaProject.bin"] == b"macros"


def test_the_ledger_is_the_table_of_that_name_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Trades"
    for _ in range(29):
        sheet.append(["my notes"])
    sheet.append([None, None, *HEADER])
    sheet.append([None, None, date(2024, 1, 1), "Buy", "AAPL", 1, 100, None, "Schwab", "stock"])
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="Ledger", ref="C30:K31"))
    book.create_sheet("Mine")
    book.save(path)
    run(tmp_path, coinbase(tmp_path, BUY), into=path)
    assert len(read_ledger_file(path).ledger.transactions) == 2
    sheet = openpyxl.load_workbook(path)["Trades"]
    assert [cell.value for cell in sheet[32]][3:5] == ["Buy", "BTC"]
    assert sheet.tables["Ledger"].ref.startswith("C30:")


def test_an_account_that_a_setting_describes_is_not_asked_for(tmp_path: Path) -> None:
    book = book_of(
        tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=settings({"Time Zone": "UTC", "Account Coinbase": "exchange"})
    )
    assert run(tmp_path, coinbase(tmp_path, BUY), into=book, zone=None).notices == ()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.xlsx", None, "does not exist"),
        ("text.xlsx", b"Date,Type,Asset\n", "is no workbook, whatever its name says"),
        ("cut.xlsx", b"PK\x03\x04 cut off", "is damaged or incomplete"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls format"),
    ],
)
def test_what_is_no_workbook_is_refused_as_it_is_for_every_command(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CapgainError, match=words):
        run(tmp_path, coinbase(tmp_path, BUY), into=tmp_path / name)


def test_cells_typed_on_the_sheet_of_open_items_are_read_as_those_of_the_ledger(tmp_path: Path) -> None:
    item = {
        "Why": "where to?",
        "Date": "3/2/2025 7:00 AM",
        "Type": "Transfer",
        "Asset": "BTC",
        "Quantity": 0.1 + 0.2,
        "Account": "Coinbase",
        "To Account": "Trezor",
        "Source Key": "coinbase:cb-2",
    }
    for quantity, moved in ((0.1 + 0.2, ["0.3"]), ("0.3", ["0.3"]), ("0,3", []), ("0.3 BTC", []), ("３", [])):
        book = book_of(
            tmp_path / "mine.xlsx", Ledger=[HEADER], Open_Items=[tuple(item), ({**item, "Quantity": quantity}).values()]
        )
        result = run(tmp_path, coinbase(tmp_path, BUY), into=book)
        transfers = [row for row in result.rows if row.type == "Transfer"]
        assert [str(row.values["Quantity"]) for row in transfers] == moved
        assert len(result.unsettled) == 1 - len(moved)
        assert all(row.values["Date"] == datetime(2025, 3, 2, 7) for row in transfers)


def test_a_number_format_goes_inside_the_empty_list_that_openpyxl_saves(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ledger"
    sheet.append(["Date", "Type", "Asset", "Quantity", "Amount", "Fee", "Account", "Class"])
    book.save(path)
    with zipfile.ZipFile(path) as package:
        assert b'<numFmts count="0"' in package.read("xl/styles.xml")
    run(tmp_path, coinbase(tmp_path, BUY), into=path)
    with zipfile.ZipFile(path) as package:
        styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert styles.findall(f"{space}numFmt") == []
    formats = styles.findall(f"{space}numFmts/{space}numFmt")
    assert len(formats) == int(styles.find(f"{space}numFmts").get("count")) > 0  # type: ignore[union-attr, arg-type]
