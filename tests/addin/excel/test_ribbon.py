"""The ribbon's actions on a stand-in workbook: what they write and leave alone, and what happens when Excel fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from addin.example_ledger import HEADER, ROWS
from addin.stand_in_book import Failing, StandIn, saved, stand_in, typed
from capgain.addin.excel.ribbon.cell_contents import entered
from capgain.addin.excel.ribbon.live_ledger import INPUTS, live_ledger
from capgain.addin.excel.ribbon.pressed import perform
from capgain.addin.excel.ribbon.refresh import refresh
from capgain.addin.excel.ribbon.style_areas import style_areas
from capgain.addin.excel.ribbon.written_sheets import MARK
from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.balances import StatedBalance
from capgain.workbook.report import report_book
from capgain.workbook.sheets import BOLD, PLAIN, Book, Cell, Formula, address
from capgain.workbook.written.serials import serial_of
from capgain.workbook.xlsx.writer import write_book
from libreoffice import needs_libreoffice, recalculated

SETTINGS: list[list[Any]] = [["Name", "Value"], ["Tax Year", 2025], ["Filing Status", "mfj"]]
ACCOUNTS: list[list[Any]] = [["Account", "Kind"], ["Schwab", "brokerage"], ["Coinbase", "exchange"]]
WRITTEN = [
    "Readme",
    "Summary",
    "Portfolio",
    "Years",
    "Schedule D",
    "8949 Short",
    "8949 Long",
    "Carryover",
    "Tax",
    "Gains",
    "Open Lots",
    "Income",
    "Wash Sales",
    "Calendar",
    "Checks",
]


@pytest.fixture(autouse=True)
def _engine() -> Iterator[None]:
    """No stand-in is left as xlwings' active engine."""
    yield
    xw.engines.active = None


@pytest.fixture
def live() -> tuple[xw.Book, StandIn]:
    return stand_in(
        {
            "Mine": [["='Schedule D'!A1", "=1+1"], ["my own words", 5]],
            "Ledger": ROWS,
            "Settings": SETTINGS,
            "Accounts": ACCOUNTS,
        }
    )


def model_of(book: xw.Book) -> Book:
    source = live_ledger(book)
    return report_book(compute(source.ledger, through=2025), source, 2025, copies_ledger=False)


def visible(impl: StandIn) -> list[str]:
    return [ws.title for ws in impl.wb.worksheets if ws.sheet_state == "visible"]


def rgb(colour: Any) -> str | None:
    """RRGGBB; the black that openpyxl takes for granted is no colour."""
    return colour.rgb[-6:] if colour is not None and isinstance(colour.rgb, str) else None


def look(cell: Any) -> dict[str, Any]:
    """How a cell looks, as far as anybody can see."""
    font, align = cell.font, cell.alignment
    return {
        "value": None if cell.value == "" else cell.value,
        "number format": cell.number_format,
        "font": (font.name, font.sz, bool(font.b), bool(font.i), font.u, rgb(font.color)),
        "fill": rgb(cell.fill.fgColor) if cell.fill.patternType else None,
        "align": (align.horizontal, align.vertical, bool(align.wrapText), int(align.indent)),
        "open": not cell.protection.locked,
    }


def lines(ws: Any) -> set[tuple[str, int, int, str]]:
    """The lines between cells: the one below a cell and the one above the next are the same line."""
    found = set()
    for row in ws.iter_rows():
        for cell in row:
            for side, kind, down, right in (
                ("top", "-", 0, 0),
                ("bottom", "-", 1, 0),
                ("left", "|", 0, 0),
                ("right", "|", 0, 1),
            ):
                style = getattr(cell.border, side).style
                if style:
                    found.add((kind, cell.row + down, cell.column + right, style))
    return found


def page(ws: Any) -> dict[str, Any]:
    """Everything of a sheet beside its cells."""
    parts = ("left", "center", "right")
    return {
        "widths": {
            column: round(one.width * 5) / 5
            for one in ws.column_dimensions.values()
            for column in range(one.min or 0, (one.max or 0) + 1)
        },
        "heights": {row: d.height for row, d in ws.row_dimensions.items() if d.height},
        "frozen": ws.freeze_panes,
        "gridlines": ws.sheet_view.showGridLines is not False,
        "zoom": ws.sheet_view.zoomScale or 100,
        "tab": ws.sheet_properties.tabColor and ws.sheet_properties.tabColor.rgb[-6:],
        "print area": ws.print_area,
        "repeated": (ws.print_title_rows, ws.print_title_cols),
        "orientation": ws.page_setup.orientation,
        "paper": int(ws.page_setup.paperSize or 0),
        "fit": (ws.sheet_properties.pageSetUpPr.fitToPage, ws.page_setup.fitToWidth, ws.page_setup.fitToHeight),
        "margins": (round(ws.page_margins.left, 3), round(ws.page_margins.top, 3), round(ws.page_margins.bottom, 3)),
        "header": [getattr(ws.oddHeader, part).text or "" for part in parts],
        "footer": [getattr(ws.oddFooter, part).text or "" for part in parts],
        "breaks": [one.id for one in ws.row_breaks.brk],
        "protected": ws.protection.sheet,
        "validations": sorted((str(v.sqref), v.formula1) for v in ws.data_validations.dataValidation),
        "conditions": sorted(
            (str(formats.sqref), rule.type, tuple(rule.formula))
            for formats in ws.conditional_formatting
            for rule in formats.rules
        ),
        "tables": {name: table.ref for name, table in ws.tables.items()},
        "filter": ws.auto_filter.ref if not ws.tables else None,
    }


def test_refresh_writes_what_the_file_writer_makes_of_the_same_model(
    live: tuple[xw.Book, StandIn], tmp_path: Path
) -> None:
    book, impl = live
    model = model_of(book)
    refresh(book, lambda text: None)
    write_book(model, tmp_path / "file.xlsx")
    by_file = openpyxl.load_workbook(tmp_path / "file.xlsx")
    in_excel = openpyxl.load_workbook(saved(impl, tmp_path))
    for sheet in model.sheets:
        if sheet.name in INPUTS:
            continue
        expected, found = by_file[sheet.name], in_excel[sheet.name]
        for row in range(1, sheet.height + 1):
            for column in range(1, sheet.width + 1):
                place = f"{sheet.name} {row},{column}"
                assert look(found.cell(row, column)) == look(expected.cell(row, column)), place
        assert page(found) == page(expected), sheet.name
        assert lines(found) == lines(expected), sheet.name
        assert len(impl.charts.get(sheet.name, [])) == len(sheet.charts)


@needs_libreoffice
def test_recalculated_in_the_persons_own_workbook_every_formula_equals_the_engine(
    live: tuple[xw.Book, StandIn], tmp_path: Path
) -> None:
    book, impl = live
    model = model_of(book)
    refresh(book, lambda text: None)
    values = recalculated(saved(impl, tmp_path))
    compared = 0
    for sheet in model.sheets:
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row, start=1):
                content = None if cell is None else cell.content
                if sheet.name in INPUTS or not hasattr(content, "expected"):
                    continue
                expected, found = content.expected, values[sheet.name].get(address(number, column))
                compared += 1
                if isinstance(expected, str | bool):
                    assert found == expected, (sheet.name, number, column, content)
                elif isinstance(found, int | float):
                    assert found == pytest.approx(float(expected), abs=0.005), (sheet.name, number, column, content)
    assert compared > 200


def test_open_items_and_balances_of_the_open_workbook_count_as_in_its_file(tmp_path: Path) -> None:
    book, impl = stand_in(
        {
            "Ledger": ROWS,
            "Open Items": [["Why", "What To Do", "Decision"], ["A deposit nobody sent.", "Enter it.", None]],
            "Balances": [["Account", "Asset", "Quantity"], ["Coinbase", "BTC", 0.5], ["Coinbase", "ETH", "some"]],
        }
    )
    live, from_file = live_ledger(book), read_ledger_file(saved(impl, tmp_path))
    assert live.balances == from_file.balances == (StatedBalance("Coinbase", "BTC", Decimal("0.5")),)
    assert live.ledger.problems == from_file.ledger.problems
    assert {problem.sheet for problem in live.ledger.problems} >= {"Open Items", "Balances"}


def test_refresh_leaves_the_persons_sheets_and_formulas_alone(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    before = {name: [[cell.value for cell in row] for row in impl.wb[name].iter_rows()] for name in visible(impl)}
    refresh(book, lambda text: None)
    first = {name: impl.wb[name] for name in WRITTEN}
    refresh(book, lambda text: None)
    assert visible(impl) == ["Mine", "Ledger", "Settings", "Accounts", *WRITTEN, "Prices"]
    assert {name: impl.wb[name] for name in WRITTEN} == first, "a sheet was replaced instead of rewritten"
    for name, rows in before.items():
        assert [[cell.value for cell in row] for row in impl.wb[name].iter_rows()] == rows
    assert {call[1] for call in impl.calls if call[0] in ("clear", "enter", "delete")} <= {
        *WRITTEN,
        *(f"{name} (prev)" for name in WRITTEN),
        "Prices",
    }


def test_refresh_lands_on_the_readme_and_tells_its_progress(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    perform("refresh", book)
    assert impl.wb.active.title == "Readme"
    assert impl.app.told[:2] == ["CapGain: reading the ledger", f"CapGain: matching {len(ROWS) - 1} rows"]
    assert any("writing Schedule D" in text for text in impl.app.told)
    assert impl.app.status_bar is False
    assert impl.app.screen_updating is True


def test_a_sheet_of_the_persons_own_is_never_written_over(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    impl.wb.create_sheet("Summary")["A1"] = "mine"
    perform("refresh", book)
    assert impl.wb["Summary"]["A1"].value == "mine"
    assert "Readme" not in impl.wb.sheetnames
    assert "'Summary' is yours" in impl.app.alerts[0]


def test_an_error_in_the_ledger_leaves_the_report_and_lands_on_to_fix_with_the_cell_selected(
    live: tuple[xw.Book, StandIn],
) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    gains = [[cell.value for cell in row] for row in impl.wb["Gains"].iter_rows()]
    impl.wb["Ledger"]["D5"] = "many"
    perform("refresh", book)
    assert impl.wb.active.title == "To Fix"
    assert impl.selected["Ledger"] == (5, HEADER.index("Quantity") + 1)
    assert any("many" in str(cell.value) for row in impl.wb["To Fix"].iter_rows() for cell in row)
    assert [[cell.value for cell in row] for row in impl.wb["Gains"].iter_rows()] == gains
    impl.wb["Ledger"]["D5"] = 50
    perform("refresh", book)
    assert impl.wb["To Fix"]["A1"].value == "Nothing is left to fix."


@pytest.mark.parametrize("call", [1, 5, 40, 120, 200])
def test_when_excel_fails_midway_a_first_refresh_leaves_no_sheet(live: tuple[xw.Book, StandIn], call: int) -> None:
    book, impl = live
    before = visible(impl)
    impl.fail_at = call
    with pytest.raises(Failing):
        refresh(book, lambda text: None)
    assert visible(impl) == before
    assert impl.app.screen_updating is True


@pytest.mark.parametrize("call", [3, 60, 150])
def test_when_excel_fails_midway_a_later_refresh_brings_the_old_sheets_back(
    live: tuple[xw.Book, StandIn], call: int
) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    old = {name: [[look(cell) for cell in row] for row in impl.wb[name].iter_rows()] for name in WRITTEN}
    impl.wb["Ledger"]["F4"] = 60000
    impl.fail_at = len(impl.calls) + call
    with pytest.raises(Failing):
        refresh(book, lambda text: None)
    for name in WRITTEN:
        assert [[look(cell) for cell in row] for row in impl.wb[name].iter_rows()] == old[name], name


def test_the_version_before_the_last_refresh_can_be_brought_back(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    old = {name: [[cell.value for cell in row] for row in impl.wb[name].iter_rows()] for name in WRITTEN}
    impl.wb["Ledger"]["F4"] = 60000
    refresh(book, lambda text: None)
    assert [[cell.value for cell in row] for row in impl.wb["Gains"].iter_rows()] != old["Gains"]
    perform("restore_previous", book)
    for name in WRITTEN:
        assert [[cell.value for cell in row] for row in impl.wb[name].iter_rows()] == old[name], name
    assert [name for name in visible(impl) if name.endswith("(prev)")] == []


def test_without_an_earlier_version_nothing_is_restored(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    perform("restore_previous", book)
    assert "no earlier version" in impl.app.alerts[0]


def test_marks_and_notes_stay_with_their_rows_when_rows_move(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    ws = impl.wb["8949 Long"]
    place = next(cell.row for row in ws.iter_rows() for cell in row if str(cell.value).startswith("0.5 BTC"))
    tick = next(cell for cell in ws[place] if not cell.protection.locked)
    tick.value = "A"
    beside = ws.max_column + 2
    ws.cell(place, beside).value = "called the broker"
    ws.cell(place, 1).comment = openpyxl.comments.Comment("look here", "me")
    earlier = ["2025-01-10", "Sell", "BTC", 0.1, None, 9000.0, 0.0, "Coinbase", "crypto", "no basis"]
    impl.wb["Ledger"].insert_rows(4)
    for column, content in enumerate(earlier, start=1):
        impl.wb["Ledger"].cell(4, column).value = content
    refresh(book, lambda text: None)
    new = next(cell.row for row in ws.iter_rows() for cell in row if str(cell.value).startswith("0.5 BTC"))
    assert new != place
    assert ws.cell(new, tick.column).value == "A"
    assert ws.cell(new, beside).value == "called the broker"
    assert ws.cell(new, 1).comment.text == "look here"
    assert ws.cell(place, beside).value is None


def calculated(book: xw.Book, impl: StandIn) -> None:
    """Let every formula show what Excel makes of it."""
    for sheet in model_of(book).sheets:
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row, start=1):
                if cell is not None and isinstance(cell.content, Formula):
                    expected = cell.content.expected
                    shown = float(expected) if isinstance(expected, Decimal) else expected
                    impl.calculated[sheet.name, address(number, column)] = shown


def row_with(ws: Any, text: str) -> int:
    return next(int(cell.row) for row in ws.iter_rows() for cell in row if str(cell.value).startswith(text))


def test_a_sign_off_on_a_row_whose_quantity_changed_stays_with_a_question_mark(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    calculated(book, impl)
    ws = impl.wb["8949 Long"]
    ws.cell(row_with(ws, "0.5 BTC"), 11).value = "checked to 1099, JD 3/2"
    quantity = HEADER.index("Quantity") + 1
    sold = next(row for row in range(2, 12) if impl.wb["Ledger"].cell(row, quantity).value == 0.5)
    impl.wb["Ledger"].cell(sold, quantity).value = 0.4
    refresh(book, lambda text: None)
    assert ws.cell(row_with(ws, "0.4 BTC"), 11).value == "checked to 1099, JD 3/2 ?"
    assert impl.app.alerts == ["Marks that got a question mark, because the figures of their rows changed: 1."]
    assert "Not Kept" not in impl.wb.sheetnames


def test_an_entry_whose_row_is_gone_is_named_with_its_cell_and_listed_until_the_person_deletes_it(
    live: tuple[xw.Book, StandIn],
) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    calculated(book, impl)
    ws = impl.wb["8949 Long"]
    place = row_with(ws, "0.5 BTC")
    ws.cell(place, 11).value = "=JD"
    ws.cell(place, 11).data_type = "s"
    ws.cell(place, 14).value = "called the broker"
    ws.cell(place, 1).comment = openpyxl.comments.Comment("look here", "me")
    sold = next(row for row in range(2, 12) if impl.wb["Ledger"].cell(row, 4).value == 0.5)
    impl.wb["Ledger"].delete_rows(sold)
    perform("refresh", book)
    named = [
        f"8949 Long: {words!r} was entered in {cell}{place} at a row that is not there any more{of}."
        for words, cell, of in (
            ("=JD", "K", " (0.5 BTC)"),
            ("called the broker", "N", " (0.5 BTC)"),
            ("look here", "A", ""),
        )
    ]
    assert impl.app.alerts == ["\n".join([*named, "3 in all: see the sheet Not Kept."])]
    listed = [[cell.value for cell in row] for row in impl.wb["Not Kept"].iter_rows()]
    assert listed[0][:2] == ["Sheet", "Cell"]
    assert listed[1:] == [
        ["8949 Long", f"K{place}", "=JD"],
        ["8949 Long", f"N{place}", "called the broker"],
        ["8949 Long", f"A{place}", "look here"],
    ]
    assert impl.wb["Not Kept"]["C2"].data_type == "s"
    calculated(book, impl)
    signed = row_with(impl.wb["Readme"], "Prepared by")
    impl.wb["Readme"].cell(signed, 2).value = "JD"
    ws.cell(2, 14).value = "beside the name"
    impl.wb["Settings"]["A4"], impl.wb["Settings"]["B4"] = "Name", "Ana Example"
    perform("refresh", book)
    assert impl.wb["Readme"].cell(row_with(impl.wb["Readme"], "Prepared by"), 2).value == "JD"
    listed = [[cell.value for cell in row] for row in impl.wb["Not Kept"].iter_rows()]
    assert [row[2] for row in listed[1:]] == ["=JD", "called the broker", "look here", "beside the name"]


def test_a_mark_is_questioned_by_what_formulas_showed_before_any_sheet_was_written(
    live: tuple[xw.Book, StandIn],
) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    calculated(book, impl)
    ws = impl.wb["Schedule D"]
    line_7, line_15 = row_with(ws, "Net short-term capital gain"), row_with(ws, "Net long-term capital gain")
    ws.cell(line_7, 9).value = ws.cell(line_15, 9).value = "F"
    refresh(book, lambda text: None)
    assert (ws.cell(line_7, 9).value, ws.cell(line_15, 9).value, impl.app.alerts) == ("F", "F", [])
    impl.wb["Ledger"]["F4"] = 60000
    refresh(book, lambda text: None)
    assert {ws.cell(line_7, 9).value, ws.cell(line_15, 9).value} == {"F", "F ?"}


def test_initials_on_a_problem_stay_while_it_is_there_and_are_named_when_it_is_settled(
    live: tuple[xw.Book, StandIn],
) -> None:
    book, impl = live
    impl.wb["Ledger"]["D5"] = "many"
    perform("refresh", book)
    ws = impl.wb["To Fix"]
    assert not ws["H2"].protection.locked
    ws["H2"] = "JD"
    perform("help", book)
    perform("refresh", book)
    assert (ws["H2"].value, impl.app.alerts) == ("JD", [])
    impl.wb["Ledger"]["D5"] = 50
    perform("refresh", book)
    assert [cell.value for row in ws.iter_rows() for cell in row if cell.value] == ["Nothing is left to fix."]
    assert impl.app.alerts[0].startswith("To Fix: 'JD' was entered in H2 at a row that is not there any more (error")
    assert impl.wb["Not Kept"]["C2"].value == "JD"
    impl.app.alerts.clear()
    perform("refresh", book)
    assert impl.app.alerts == []


def test_what_stands_below_a_table_stays_below_it(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    ws = impl.wb["Gains"]
    last = ws.max_row
    ws.cell(last + 2, 1).value = "my own total"
    ws.cell(last + 2, 3).value = "=1+1"
    impl.wb["Ledger"].append(["2025-11-10", "Sell", "BTC", 0.1, None, 9000.0, 0.0, "Coinbase", "crypto", "no basis"])
    refresh(book, lambda text: None)
    found = row_with(ws, "my own total")
    assert found > last + 2
    assert ws.cell(found, 3).value == "=1+1"
    assert ws.cell(last + 2, 3).value != "=1+1"
    perform("restore_previous", book)
    assert row_with(ws, "my own total") == last + 2
    refresh(book, lambda text: None)
    assert row_with(ws, "my own total") == found
    assert impl.app.alerts == []


def test_a_sheet_that_an_earlier_version_marked_keeps_its_marks(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    refresh(book, lambda text: None)
    ws = impl.wb["8949 Long"]
    ws.defined_names[MARK].attr_text = "1"
    place = row_with(ws, "0.5 BTC")
    ws.cell(place, 11).value = "A"
    ws.cell(place, 13).value = "beside"
    refresh(book, lambda text: None)
    assert (ws.cell(place, 11).value, ws.cell(place, 13).value) == ("A", "beside")
    assert ws.defined_names[MARK].attr_text.startswith("'8949 Long'!$A$1:$K$")


def test_check_lists_problems_or_says_that_there_are_none(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    impl.wb["Ledger"]["A5"] = "someday"
    perform("check", book)
    assert impl.wb.active.title == "To Fix"


@pytest.mark.parametrize(
    ("cells", "number_format", "said"),
    [("E3", "[$€-407]#,##0.00", "an amount in EUR"), ("G3", "0.00%", "as a percentage"), ("A4:D4", "", "struck out")],
)
def test_check_reads_the_formats_of_the_open_workbook_as_of_a_file(
    live: tuple[xw.Book, StandIn], cells: str, number_format: str, said: str
) -> None:
    book, impl = live
    for cell in (one for row in impl.wb["Ledger"][f"{cells}:{cells}" if ":" not in cells else cells] for one in row):
        if number_format:
            cell.number_format = number_format
        else:
            cell.font = Font(strike=True)
    perform("check", book)
    assert any(said in str(cell.value) for row in impl.wb["To Fix"].iter_rows() for cell in row)


def test_the_table_of_the_open_workbook_is_the_ledger_as_in_its_file(tmp_path: Path) -> None:
    """Between remarks, from column C on, with a row of totals, and with another sheet that is not read."""
    middle = [[None] * 13, ["my trades"], *([None, "beside", *row, "remark"] for row in ROWS)]
    totals = [None, None, "Total", None, None, 153.5, None, 70000.0]
    other = [ROWS[0], ROWS[1]]
    book, impl = stand_in({"Ledger": [*middle, totals], "Other": other, "Settings": SETTINGS, "Accounts": ACCOUNTS})
    table = Table(displayName="Ledger", ref=f"C3:L{3 + len(ROWS)}", totalsRowCount=1)
    impl.wb["Ledger"].add_table(table)
    live, from_file = live_ledger(book), read_ledger_file(saved(impl, tmp_path))
    assert live.ledger.problems == from_file.ledger.problems
    assert [problem.code for problem in live.ledger.problems] == ["SHEET_NOT_READ"]
    assert live.ledger.transactions == from_file.ledger.transactions
    impl.wb["Ledger"]["F6"] = "many"
    perform("check", book)
    assert impl.selected["Ledger"] == (6, 2 + HEADER.index("Quantity") + 1)


def test_transactions_on_the_persons_own_sheet_block_after_a_refresh_too(
    live: tuple[xw.Book, StandIn], tmp_path: Path
) -> None:
    book, impl = live
    for row in (ROWS[0], ROWS[2]):
        impl.wb["Mine"].append(row)
    for number in range(2):
        perform("refresh", book)
        readme = [str(cell.value) for row in impl.wb["To Fix"].iter_rows() for cell in row]
        assert any("Sheet Mine holds a transaction" in text for text in readme), number
    codes = [problem.code for problem in read_ledger_file(saved(impl, tmp_path)).ledger.problems]
    assert "SHEET_NOT_READ" in codes


def test_a_workbook_without_ledger_is_told_what_to_do() -> None:
    book, impl = stand_in({"Mine": [["x"]]})
    perform("refresh", book)
    assert "New Ledger" in impl.app.alerts[0]


def test_new_ledger_adds_what_is_missing_and_changes_nothing_that_is_there() -> None:
    book, impl = stand_in({"Settings": SETTINGS})
    perform("new_ledger", book)
    assert {"Ledger", "Accounts", "Settings", "Prices"} <= set(impl.wb.sheetnames)
    assert impl.wb["Settings"]["B3"].value == "mfj"
    assert impl.wb.active.title == "Ledger"
    assert MARK not in impl.wb["Ledger"].defined_names, "the ledger is the person's own"
    perform("new_ledger", book)
    assert "all here already" in impl.app.alerts[0]


def test_settings_goes_to_its_sheet_and_adds_it_where_it_is_missing() -> None:
    book, impl = stand_in({"Ledger": ROWS})
    perform("settings", book)
    assert impl.wb.active.title == "Settings"
    assert impl.wb["Settings"]["B1"].value == "Value"


def test_help_lists_the_functions_and_the_installation() -> None:
    book, impl = stand_in({"Ledger": ROWS})
    perform("help", book)
    shown = [str(cell.value) for row in impl.wb["CapGain Help"].iter_rows() for cell in row]
    assert any(text.startswith("CAPGAIN_SCHEDULE_D(") for text in shown)
    assert '=CAPGAIN(Ledger[#All], 2025, "long")' in shown


PRICED: list[list[object]] = [["Asset", "Price"], ["AAPL", 100], ["BTC", 90000], ["ETH", 2000]]


def with_prices() -> tuple[xw.Book, StandIn]:
    return stand_in({"Ledger": ROWS, "Settings": SETTINGS, "Accounts": ACCOUNTS, "Prices": PRICED})


def test_harvest_without_a_price_of_the_year_says_what_it_needs(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    perform("harvest", book)
    assert "prices of the tax year" in impl.app.alerts[0]


@needs_libreoffice
def test_ticks_are_checked_by_the_engine_kept_by_refresh_and_cleared(tmp_path: Path) -> None:
    book, impl = with_prices()
    perform("harvest", book)
    assert impl.wb.active.title == "Harvest"
    ws = impl.wb["Harvest"]
    row = next(number for number in range(19, 40) if ws.cell(number, 2).value == "AAPL")
    ws.cell(row, 1).value = "X"
    calculated(book, impl)
    perform("check_ticks", book)
    assert ws["K2"].value == "Engine"
    fresh = recalculated(saved(impl, tmp_path))["Harvest"]
    for place in range(3, 9):
        assert ws.cell(place, 11).value == pytest.approx(fresh.get(f"J{place}", 0), abs=0.005), place
    assert fresh["J5"] != fresh["H5"]
    perform("refresh", book)
    ws = impl.wb["Harvest"]
    assert ws.cell(row, 1).value == "X"
    perform("clear_ticks", book)
    assert ws.cell(row, 1).value is None


def test_prices_are_only_added_to_and_live_formulas_go_beside_what_has_none() -> None:
    book, impl = stand_in(
        {
            "Ledger": ROWS,
            "Settings": SETTINGS,
            "Accounts": ACCOUNTS,
            "Prices": [["Asset", "Price", "Date"], ["AAPL", 100]],
        }
    )
    perform("refresh", book)
    prices = impl.wb["Prices"]
    rows = [[cell.value for cell in row[:2]] for row in prices.iter_rows()]
    assert rows[:2] == [["Asset", "Price"], ["AAPL", 100]]
    assert {row[0] for row in rows[2:]} == {"BTC", "ETH"}
    perform("live_prices", book)
    place = next(row for row in range(2, 6) if prices.cell(row, 1).value == "BTC")
    formula = prices.cell(place, 2).value
    assert formula.startswith(f'=INDEX(STOCKHISTORY(A{place}&"USD",')
    assert prices["B2"].value == 100


def test_what_if_writes_a_sheet_from_the_function(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    perform("what_if", book)
    ws = impl.wb["What-if"]
    assert ws["A4"].value == "Asset"
    assert not ws["B4"].protection.locked
    ws["B4"], ws["B5"], ws["B6"] = "BTC", 0.25, 95000
    perform("what_if", book)
    shown = [str(cell.value) for row in ws.iter_rows() for cell in row]
    assert "hifo" in shown
    assert ws["B5"].value == 0.25


def test_the_day_of_a_planned_sale_stays_the_day_where_dates_count_from_1904(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    impl.api.Date1904 = True
    perform("what_if", book)
    ws = impl.wb["What-if"]
    ws["B4"], ws["B5"], ws["B6"], ws["B7"] = "AAPL", 1, 100, datetime(2025, 12, 31)
    perform("what_if", book)
    assert ws["B7"].value == serial_of(date(2025, 12, 31), date_1904=True)


@pytest.mark.parametrize("call", [2, 9, 40, 150])
@pytest.mark.parametrize("action", ["new_ledger", "settings"])
def test_when_excel_fails_midway_no_sheet_is_added(action: str, call: int) -> None:
    book, impl = stand_in({"Mine": [["my own words"]]})
    impl.fail_at = call
    try:
        perform(action, book)
    except Failing:
        assert impl.wb.sheetnames == ["Mine"]
    else:
        assert impl.fail_at == call, "Excel did not fail"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+5",
        "-5",
        "@SUM",
        "2025",
        "1/2",
        "3-4",
        "Jan 5",
        "TRUE",
        "12e5",
        "$5",
        "'quoted",
        "10%",
        "plain",
        "a\nb",
    ],
)
def test_text_stays_the_text_it_is_whatever_it_begins_with(text: str) -> None:
    assert typed(entered(Cell(text, PLAIN))) == text


def test_style_areas_cover_every_cell_once() -> None:
    rows = [
        [Cell(1, PLAIN), Cell(2, PLAIN), Cell(3, BOLD)],
        [Cell(1, PLAIN), Cell(2, PLAIN)],
        [None, Cell(2, BOLD), Cell(3, BOLD), Cell(4, PLAIN)],
    ]
    covered = {
        (row, column): area.style
        for area in style_areas(rows)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }
    expected = {
        (r, c): cell.style for r, row in enumerate(rows, 1) for c, cell in enumerate(row, 1) if cell is not None
    }
    areas = list(style_areas(rows))
    assert covered == expected
    assert sum((a.bottom - a.top + 1) * (a.right - a.left + 1) for a in areas) == len(expected)
    assert len(areas) < len(expected)
