"""The report workbook: its sheets, what they say, how they lead to one another, and that it is a ledger again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.engine.compute import compute
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport
from capgain.workbook.reading.balances import StatedBalance
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.report import draft_book, report_book
from capgain.workbook.report.schedule_d_layout import LINE_ROWS, line_cell
from capgain.workbook.sheets import Book, Cell, Formula, Sheet, position
from capgain.workbook.xlsx.writer import write_book

ALLOWED = set(
    re.findall(
        "[A-Z]+",
        """ABS AND CHOOSE COUNT COUNTA COUNTIF COUNTIFS DATE DAY EDATE HYPERLINK IF IFERROR INDEX ISBLANK ISNUMBER LEFT
        LEN MATCH MAX MID MIN MONTH NOT OR RIGHT ROUND ROWS SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT TEXT TRIM UPPER
        VLOOKUP YEAR""",
    )
)
ONE_YEAR = (
    "Readme",
    "Summary",
    "Portfolio",
    "Years",
    "Schedule D",
    "8949 Short",
    "8949 Long",
    "Carryover",
    "Gains",
    "Open Lots",
    "Income",
    "Wash Sales",
    "Calendar",
    "Checks",
    "Ledger",
    "Accounts",
    "Settings",
    "Prices",
)
LINK = re.compile(r"^=HYPERLINK\(\"#'((?:[^']|'')+)'!([A-Z]+[0-9]+)\",(.+)\)$")
Make = Callable[..., tuple[Any, TaxReport]]


def formulas_of(sheet: Sheet) -> Iterator[tuple[str, Formula]]:
    for number, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            if cell is not None and isinstance(cell.content, Formula):
                yield f"{sheet.name}!{place + 1},{number}", cell.content


def shown(sheet: Sheet, at: str) -> Any:
    row, column = position(at)
    cell = sheet.rows[row - 1][column - 1] if len(sheet.rows[row - 1]) >= column else None
    content = cell.content if cell else None
    return content.expected if isinstance(content, Formula) else content


def texts(sheet: Sheet) -> list[str]:
    return [str(shown_of(cell)) for row in sheet.rows for cell in row if cell is not None]


def shown_of(cell: Cell) -> Any:
    return cell.content.expected if isinstance(cell.content, Formula) else cell.content


def names(book: Book) -> tuple[str, ...]:
    return tuple(sheet.name for sheet in book.sheets)


# sheets


def test_one_year_has_the_sheets_of_the_contract_in_its_order(book: Book) -> None:
    assert tuple(name for name in names(book) if name not in ("Tax", "Harvest", "To Fix")) == ONE_YEAR


def test_several_years_carry_the_year_in_the_name(book_of_all: Book) -> None:
    found = names(book_of_all)
    assert "Schedule D" not in found
    for sheet in ("Schedule D", "8949 Short", "8949 Long", "Carryover", "Gains", "Income", "Wash Sales"):
        assert {f"{sheet} {year}" for year in (2023, 2024, 2025)} <= set(found)
    kinds = [re.sub(r" 20\d\d$", "", name) for name in found]
    order = [kind for kind in dict.fromkeys(kinds) if kind in ONE_YEAR]
    assert tuple(order) == ONE_YEAR


def test_a_year_that_the_ledger_does_not_have_is_refused_by_name(report: TaxReport, source: Any) -> None:
    with pytest.raises(UnknownYear, match=r"no forms for 2019\. .* with forms: 2022, 2023, 2024, 2025"):
        report_book(report, source, 2019)


def test_the_first_sheet_says_ready_to_file(book: Book, report: TaxReport) -> None:
    assert report.filing_ready
    assert shown(book.sheets[0], "A1") == "READY TO FILE"


def test_a_sale_without_basis_is_on_to_fix_and_not_ready_to_file(make: Make) -> None:
    rows = ((date(2024, 3, 1), "Sell", "XYZ", 7, 777.5, 0, "Schwab", None, None, None, "stock"),)
    source, report = make(rows, settings=(("Name", "Value"), ("Filing Status", "single"), ("Missing Basis", "zero")))
    book = report_book(report, source, 2024)
    assert shown(book.sheets[0], "A1") == "NOT READY TO FILE"
    assert any("row 2" in text for text in texts(book.sheets[0]))
    fix = texts(book.sheet("To Fix"))
    assert "777.50" in fix
    assert "7" in fix
    assert any(text.startswith("1. Enter the purchase") for text in fix)


def test_without_a_problem_there_is_no_to_fix(book: Book, report: TaxReport) -> None:
    assert not report.problems
    assert "To Fix" not in names(book)


LOSS_OF_2022 = (
    (date(2022, 1, 3), "Buy", "XYZ", 10, 20000, 0, "Schwab", None, None, None, "stock"),
    (date(2022, 3, 1), "Sell", "XYZ", 5, 100, 0, "Schwab", None, None, None, "stock"),
    (date(2023, 1, 3), "Buy", "ABC", 1, 100, 0, "Schwab", None, None, None, "stock"),
)


@pytest.mark.parametrize(
    ("gain_of_2023", "rests_on_2022"),
    [(100, True), (6899, True), (6900, False), (9000, False)],
    ids=["a loss is left", "a dollar of loss is left", "gains take up the loss to the dollar", "gains are larger"],
)
def test_a_year_lists_the_warnings_of_earlier_years_whose_loss_is_carried_into_it(
    make: Make, gain_of_2023: int, rests_on_2022: bool
) -> None:
    rows = (
        *LOSS_OF_2022,
        (date(2023, 5, 1), "Sell", "ABC", 1, 100 + gain_of_2023, 0, "Schwab", None, None, None, "stock"),
        (date(2024, 5, 1), "Sell", "XYZ", 5, 6000, 0, "Schwab", None, None, None, "stock"),
    )
    source, report = make(rows, settings=None)
    warned = {problem.year for problem in report.problems}
    assert 2022 in warned
    book = report_book(report, source, 2024)
    listed = texts(book.sheet("To Fix")) if "To Fix" in names(book) else []
    assert any("taxable income of 2022" in text for text in listed) is rests_on_2022
    own = report_book(report, source, 2022)
    assert any("taxable income of 2022" in text for text in texts(own.sheet("To Fix")))


def test_a_year_does_not_list_the_warnings_of_later_years(make: Make) -> None:
    rows = (
        (date(2021, 1, 4), "Buy", "ABC", 1, 100, 0, "Schwab", None, None, None, "stock"),
        (date(2021, 5, 3), "Sell", "ABC", 1, 150, 0, "Schwab", None, None, None, "stock"),
        *LOSS_OF_2022,
    )
    source, report = make(rows, settings=(("Name", "Value"), ("Filing Status", "single")))
    assert {problem.year for problem in report.problems} == {2022, 2023}
    assert "To Fix" not in names(report_book(report, source, 2021))


def test_a_carryover_stated_for_the_year_settles_what_earlier_years_assumed(make: Make) -> None:
    rows = (*LOSS_OF_2022, (date(2023, 5, 1), "Sell", "XYZ", 5, 18000, 0, "Schwab", None, None, None, "stock"))
    settings = (("Name", "Value"), ("Carryover Short 2023", 6500), ("Carryover Long 2023", 0))
    source, report = make(rows, settings=settings)
    assert 2022 in {problem.year for problem in report.problems}
    assert "To Fix" not in names(report_book(report, source, 2023))


def test_with_a_warning_there_is_a_to_fix_that_leads_to_its_cell(make: Make) -> None:
    rows = (
        (date(2024, 1, 2), "Buy", "XYZ", 10, 1000, 0, "Corner Bank"),
        (date(2024, 3, 1), "Sell", "XYZ", 7, 777.5, 0, "Corner Bank"),
    )
    source, report = make(rows, accounts=None)
    assert report.problems
    book = report_book(report, source, 2024)
    links = [formula.text for _, formula in formulas_of(book.sheet("To Fix"))]
    assert any(LINK.match(link) and "'Ledger'!" in link for link in links)


def test_the_report_of_a_ledger_with_errors_is_its_draft(make: Make) -> None:
    rows = (
        (date(2024, 1, 2), "Buy", "XYZ", 10, 1000, 0, "Schwab", None, None, None, "stock"),
        (date(2024, 3, 1), "Sell", "XYZ", "many", 777.5, 0, "Schwab", None, None, None, "stock"),
    )
    source, report = make(rows)
    for book in (draft_book(report, source), report_book(report, source, 2024)):
        assert names(book) == ("Readme", "To Fix", "Ledger")
        assert shown(book.sheets[0], "A1") == "NOT READY TO FILE"
        ledger = book.sheet("Ledger")
        marked = ledger.rows[2][3]
        assert marked is not None
        assert marked.content == "many"
        assert marked.style.name.startswith("CapGain Bad")
        assert [note.cell for note in ledger.notes] == ["D3"]
        targets = [LINK.match(formula.text) for _, formula in formulas_of(book.sheet("To Fix"))]
        assert ("Ledger", "D3") in [match.groups()[:2] for match in targets if match]


def test_a_problem_of_another_sheet_marks_no_cell_of_the_ledger(make: Make) -> None:
    source, report = make(accounts=(("Account", "Kind"), ("Schwab", "brokerage"), ("Coinbase", "bank of coins")))
    assert [(found.sheet, found.row) for found in report.problems if found.is_error] == [("Accounts", 3)]
    book = draft_book(report, source)
    assert not any(note.cell.endswith("3") for note in book.sheet("Ledger").notes)
    assert not any(cell and cell.style.name.startswith("CapGain Bad") for cell in book.sheet("Ledger").rows[2])


# figures


def test_schedule_d_shows_the_engine_s_amount_on_every_line(book_of_all: Book, report: TaxReport) -> None:
    for year in (2023, 2024, 2025):
        form = report.years[year].schedule_d
        assert form is not None
        sheet = book_of_all.sheet(f"Schedule D {year}")
        for line in form.lines:
            assert shown(sheet, f"A{LINE_ROWS[line.number]}") == line.number
            assert shown(sheet, f"B{LINE_ROWS[line.number]}") == form.text(line)
        for line in ("1b", "2", "3", "8b", "9", "10"):
            totals = getattr(form, f"line_{line}")
            assert shown(sheet, line_cell(line)) == totals.gain
            assert (shown(sheet, line_cell(line, "C")) or 0) == totals.proceeds
        for line in ("6", "7", "14", "15", "16", "21"):
            assert shown(sheet, line_cell(line)) == getattr(form, f"line_{line}")


def test_the_check_box_of_each_block_of_form_8949_is_the_box_of_its_rows(book_of_all: Book, report: TaxReport) -> None:
    form = report.years[2025].form_8949
    assert form is not None
    sheet = book_of_all.sheet("8949 Long 2025")
    checked = [text for text in texts(sheet) if text.startswith("☒")]
    assert checked == ["☒ (D)", "☒ (K)"]
    assert [text for text in texts(sheet) if text.startswith("☐")].count("☐ (L)") == 2


def test_form_8949_names_shares_units_and_the_transaction(book_of_all: Book) -> None:
    assert "1.1 ETH, tx tx-1" in texts(book_of_all.sheet("8949 Short 2023"))
    assert "40 sh. AAPL" in texts(book_of_all.sheet("8949 Long 2024"))


def test_every_row_of_form_8949_leads_to_its_sale_and_its_lot_and_back(book: Book, report: TaxReport) -> None:
    form = report.years[2024].form_8949
    assert form is not None
    for name in ("8949 Short", "8949 Long"):
        sheet = book.sheet(name)
        rows = [row for row in sheet.rows if len(row) > 8 and row[8] and isinstance(row[8].content, Formula)]
        for row in rows:
            assert row[8] is not None
            match = LINK.match(row[8].content.text)  # type: ignore[union-attr]
            assert match is not None
            if match.group(1) != "Ledger":
                continue
            place = [cell.content for cell in book.sheet("Ledger").rows[0] if cell].index("Form 8949")
            back = book.sheet("Ledger").rows[int(match.group(2)[1:]) - 1][place]
            assert back is not None
            assert LINK.match(back.content.text).group(1).startswith("8949")  # type: ignore[union-attr]


def test_all_links_of_all_sheets_resolve(book: Book, book_of_all: Book) -> None:
    count = 0
    for one in (book, book_of_all):
        for sheet in one.sheets:
            for place, formula in formulas_of(sheet):
                if "HYPERLINK" in formula.text:
                    match = LINK.match(formula.text)
                    assert match, place
                    target = one.sheet(match.group(1).replace("''", "'"))
                    row, column = position(match.group(2))
                    assert row <= max(target.height, 1), place
                    assert column <= max(target.width, 1), place
                    count += 1
    assert count > 100


def test_the_carryover_of_one_year_is_the_next_year_s_line_6_by_reference(book_of_all: Book) -> None:
    into = book_of_all.sheet("Carryover 2025").rows[3][2]
    assert into is not None
    assert isinstance(into.content, Formula)
    assert into.content.text.startswith("='Carryover 2024'!")
    assert into.content.expected == Decimal("707.25")
    assert shown(book_of_all.sheet("Schedule D 2025"), line_cell("6")) == Decimal("-707.25")


def test_a_wash_sale_shows_loss_and_replacement_and_new_basis(book: Book) -> None:
    sheet = book.sheet("Wash Sales")
    row = {
        str(shown_of(head)): shown_of(cell)
        for head, cell in zip(sheet.rows[0], sheet.rows[1], strict=True)
        if head and cell
    }
    assert (row["Asset"], row["Loss row"], row["Replacement row"]) == ("TSLA", 11, 12)
    assert (row["Disallowed"], row["New basis"]) == (Decimal("12000.00"), Decimal("24600.00"))
    assert row["Permanent"] == "no"


def test_every_check_passes_and_there_are_many(book_of_all: Book) -> None:
    results = [shown_of(row[6]) for row in book_of_all.sheet("Checks").rows[1:] if row[6] is not None]
    assert len(results) > 60
    assert set(results) == {"PASS"}


def test_what_was_filed_otherwise_fails_its_check_and_the_filed_carryover_chains_on(make: Make) -> None:
    filed = (("Filed Short 2024", -5000), ("Filed Carryover Short 2024", 600))
    source, report = make(
        settings=(
            ("Name", "Value"),
            ("Filing Status", "single"),
            ("Taxable Income 2024", 60000),
            ("Taxable Income 2025", 60000),
            *filed,
        )
    )
    book = report_book(report, source, None)
    rows = [[shown_of(cell) if cell else None for cell in row] for row in book.sheet("Checks").rows]
    failed = [row for row in rows if row[6] == "FAIL" and row[2] != "All checks"]
    assert [row[5] for row in failed] == [Decimal("-905.50"), Decimal("107.25")]
    assert "FAIL" in texts(book.sheet("Readme"))
    assert shown(book.sheet("Schedule D 2025"), line_cell("6")) == Decimal("-600")


def test_the_summary_adds_up_each_year_and_charts_what_it_shows(book_of_all: Book) -> None:
    summary = book_of_all.sheet("Summary")
    assert [chart.title for chart in summary.charts] == ["Realized gain or loss by month"]
    labels = [shown_of(row[0]) if row and row[0] else None for row in summary.rows]
    line_16 = labels.index("Net capital gain or (loss) (line 16)")
    amounts = [shown_of(cell) for cell in summary.rows[line_16][1:] if cell]
    assert amounts == [Decimal("0.00"), Decimal("-619.80"), Decimal("-3707.25"), Decimal("-10381.48")]


def test_what_belongs_beside_schedule_d_is_listed_on_tax_and_only_what_occurs(make: Make) -> None:
    rows = (
        (date(2023, 1, 5), "Buy", "AAPL", 100, 12000, 0, "Schwab", None, None, None, "stock"),
        (date(2024, 2, 1), "Donate", "AAPL", 10, 2000, 0, "Schwab", None, None, None, "stock"),
        (date(2024, 3, 1), "Lost", "AAPL", 1, None, 0, "Schwab", None, None, None, "stock"),
        (date(2024, 4, 1), "Sell", "AAPL", 50, 1000, 0, "Schwab", None, None, None, "stock"),
    )
    source, report = make(rows)
    said = texts(report_book(report, source, 2024).sheet("Tax"))
    assert "Deductions beside Schedule D" in said
    assert any("Ledger row 3, 02/01/2024: 10 AAPL given to charity" in text for text in said)
    assert any("Ledger row 4, 03/01/2024: 1 AAPL lost or stolen" in text for text in said)
    assert any("deducted from other income" in text for text in said)
    assert any("carried into the next year" in text for text in said)
    assert "Deductions beside Schedule D" not in texts(report_book(report, source, 2023).sheet("Tax"))


# form of the workbook


def test_formulas_use_only_the_functions_of_the_contract(book: Book, book_of_all: Book) -> None:
    used: set[str] = set()
    for one in (book, book_of_all):
        for sheet in one.sheets:
            for _, formula in formulas_of(sheet):
                plain = re.sub(r'"(?:[^"]|"")*"', '""', re.sub(r"'(?:[^']|'')*'", "x", formula.text))
                used |= set(re.findall(r"([A-Za-z_.]+)\(", plain))
    assert used <= ALLOWED
    assert {"SUM", "SUMIFS", "ROUND", "HYPERLINK", "IF", "MIN", "MAX"} <= used


def test_no_formula_yields_an_empty_string(book: Book, book_of_all: Book) -> None:
    for one in (book, book_of_all):
        for sheet in one.sheets:
            for place, formula in formulas_of(sheet):
                assert formula.expected != "", place
                assert formula.expected is not None, place


def test_every_sheet_prints_on_letter_one_page_wide_with_header_and_footer(written_all: Path) -> None:
    loaded = openpyxl.load_workbook(written_all)
    for sheet in loaded:
        assert sheet.print_area, sheet.title
        assert sheet.oddHeader.left.text, sheet.title
        assert sheet.oddHeader.right.text == "Jane && John Doe ***-**-6789", sheet.title
        assert sheet.oddFooter.center.text == "Page &P of &N", sheet.title
        assert sheet.page_setup.paperSize == 1, sheet.title
        assert sheet.page_setup.fitToWidth in (1, 2), sheet.title
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
    assert loaded["8949 Long 2025"].print_title_rows == "$1:$4"
    assert loaded["Gains 2025"].print_title_rows == "$1:$1"
    assert loaded["Ledger"].freeze_panes == "A2"


def test_the_same_ledger_gives_the_same_bytes(report: TaxReport, source: Any, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_book(report_book(report, source, None), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_text_of_the_ledger_that_looks_like_a_formula_stays_text(written: Path) -> None:
    ledger = openpyxl.load_workbook(written)["Ledger"]
    dangerous = [cell for row in ledger for cell in row if cell.value in ("=1+1", "+A1", "@SUM(A1)", "-loss")]
    assert len(dangerous) == 4
    assert {cell.data_type for cell in dangerous} == {"s"}


def test_the_number_is_masked_everywhere_unless_asked_for(report: TaxReport, source: Any) -> None:
    masked = report_book(report, source, 2024)
    assert not any("123-45" in text for sheet in masked.sheets for text in texts(sheet))
    assert "***-**-6789" in texts(masked.sheet("Settings"))
    full = report_book(report, source, 2024, show_ssn=True)
    assert "123-45-6789" in texts(full.sheet("Readme"))


def test_the_source_s_folder_is_nowhere(book: Book, source: Any) -> None:
    assert source.path.name in texts(book.sheet("Readme"))
    assert not any("/" in text and source.path.name in text for sheet in book.sheets for text in texts(sheet))


# the report as a ledger


def blocks_of(path: Path) -> dict[str, list[list[Any]]]:
    loaded = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: [[_plain(cell.value) for cell in row] for row in sheet] for sheet in loaded}


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) and value.time() == datetime.min.time() else value


def figures(report: TaxReport) -> str:
    rows = [
        [str(disposition) for disposition in year.dispositions] + [str(year.carryover)]
        for year in report.years.values()
    ]
    return json.dumps([rows, [str(lot) for lot in report.open_lots]])


def test_the_report_is_itself_a_ledger_that_gives_the_same_numbers(written_all: Path, report: TaxReport) -> None:
    blocks = blocks_of(written_all)
    again = ledger_from_blocks(
        blocks["Ledger"], blocks["Accounts"], blocks["Settings"], blocks["Prices"], today=date(2026, 1, 31)
    )
    assert figures(compute(again)) == figures(report)


def test_a_report_of_a_report_has_one_link_column_still(make: Make, written: Path) -> None:
    block = blocks_of(written)["Ledger"]
    assert block[0].count("Form 8949") == 1
    source, report = make(block[1:], header=block[0])
    again = report_book(report, source, 2024).sheet("Ledger")
    headings = [shown_of(cell) for cell in again.rows[0] if cell]
    assert headings.count("Form 8949") == 1
    assert headings == block[0]


def test_rows_above_the_header_stay_above_it_so_that_row_numbers_agree(make: Make) -> None:
    source, report = make(above=(("My trades",), ()))
    book = report_book(report, source, 2024)
    ledger = book.sheet("Ledger")
    assert shown(ledger, "A1") == "My trades"
    assert shown(ledger, "A3") == "Date"
    assert ledger.freeze == (3, 0)
    links = {formula.expected for _, formula in formulas_of(book.sheet("8949 Long"))}
    assert 11 in links
    assert shown(ledger, "C11") == "AAPL"


def test_unknown_columns_are_kept(book: Book) -> None:
    assert "My Column" in [shown_of(cell) for cell in book.sheet("Ledger").rows[0] if cell]


def test_quantities_given_as_text_keep_all_their_decimals(written: Path) -> None:
    assert openpyxl.load_workbook(written)["Ledger"]["D6"].value == "3.123456789012345678"


@pytest.mark.parametrize(("stated", "result"), [("50.5", "PASS"), ("50.49999999", "FAIL")])
def test_a_stated_balance_is_a_check(source: Any, report: TaxReport, stated: str, result: str) -> None:
    balances = (
        StatedBalance("schwab", "voo", Decimal(stated), date(2024, 12, 31)),
        StatedBalance("Schwab", "VOO", Decimal(0)),
    )
    book = report_book(report, replace(source, balances=balances), 2024)
    rows = [[shown_of(cell) for cell in row if cell is not None] for row in book.sheet("Checks").rows]
    found = {row[2]: row[6] for row in rows if len(row) > 6 and str(row[2]).startswith("Balances:")}
    assert found == {
        "Balances: VOO in Schwab, at the end of 2024-12-31: the ledger's units are those stated": result,
        "Balances: VOO in Schwab, after the last row: the ledger's units are those stated": "PASS",
    }
