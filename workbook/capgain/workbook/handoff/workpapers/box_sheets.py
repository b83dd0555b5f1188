"""A sheet for each box of Form 8949, in pages as the form has them, each page with its totals of line 2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from capgain.engine.classes import Term
from capgain.engine.forms.form_8949 import PARTS, Form8949
from capgain.workbook.handoff.workpapers.statements import StatementSheet
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_8949 import CHECKED, PART_NUMBER, FormSheet, Part, headings, part_bar, titles
from capgain.workbook.report.form_styles import BOX_TEXT_CHECKED, TICK
from capgain.workbook.report.printed_rows import PrintedForm, printed_totals
from capgain.workbook.sheets import Cell, Sheet, link_to, reference

WIDTHS = (38, 12, 12, 15, 16, 12, 14, 15, 9, 9, 7)
HEADING_ROW = 5
FIRST_ROW = HEADING_ROW + 1
_PAGE_TOTALS = "2  Totals, page "


@dataclass(frozen=True, slots=True)
class BoxSheet:
    """One box on its sheet. `total` is the row with the totals of all its pages, `rows` the row of each disposition by
    identity."""

    box: str
    sheet: Sheet
    total: int
    rows: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class PartByBox(Part):
    """A part of Form 8949 of which each box stands on a sheet of its own."""

    sheet_of: Mapping[str, str]

    def total_cell(self, box: str, column: str) -> str:
        return reference(self.sheet_of[box], f"{column}{self.totals[box]}")


def box_name(box: str) -> str:
    """The name of a box's sheet."""
    return f"8949 {box}"


def box_sheets(
    papers: Workpapers, form: Form8949, printed: PrintedForm, statements: Mapping[tuple[str, str], StatementSheet]
) -> dict[str, BoxSheet]:
    """The sheets of all boxes used, in form order. `statements` by account and box. Amounts with their cents."""
    return {box: _box_sheet(papers, form, printed, box, statements) for box in printed.rows}


def parts_by_box(form: Form8949, sheets: Mapping[str, BoxSheet]) -> dict[Term, Part]:
    """The sheets as the two parts that Schedule D adds up."""
    parts: dict[Term, Part] = {}
    for term in Term:
        of_part = {box: sheets[box] for box in form.used_boxes(term)}
        first = next((one.sheet for one in of_part.values()), Sheet(name=box_name("none"), rows=()))
        parts[term] = PartByBox(
            first,
            {box: one.total for box, one in of_part.items()},
            {identity: row for one in of_part.values() for identity, row in one.rows.items()},
            {box: one.sheet.name for box, one in of_part.items()},
        )
    return parts


def _box_sheet(
    papers: Workpapers,
    form: Form8949,
    printed: PrintedForm,
    box: str,
    statements: Mapping[tuple[str, str], StatementSheet],
) -> BoxSheet:
    term = form.year.form_8949.term_of(box)
    checked = (Cell(f"{CHECKED} ({box})  {form.year.form_8949.boxes[box]}", BOX_TEXT_CHECKED),)
    head = [*titles(papers, form.year.year), part_bar(PARTS[term]), checked, headings()]
    laid = FormSheet(papers, form, box_name(box), head)
    tick = Cell(None, TICK)
    ends: list[int] = []
    for page in (page for page in printed.pages if page.box == box):
        first = len(laid.rows) + 1
        for has_statement, rows in groupby(page.rows, lambda row: row.is_summary and (row.account, box) in statements):
            if not has_statement:
                laid.add_all(list(rows), lambda row: row, lambda row: row.behind)
                continue
            for row in rows:
                statement = statements[row.account, box]
                laid.add(row, statement.totals(), [link_to(statement.name, "A1", "list")] * 2)
        label, last = f"{_PAGE_TOTALS}{page.number} of {page.of}", len(laid.rows)
        laid.add_totals(label, page.totals, f"=SUM(@{first}:@{last})", None, None, tick)
        ends.append(len(laid.rows))
    last = ends[-1]
    sum_of_pages = f'=SUMIFS(@{FIRST_ROW}:@{last},$A{FIRST_ROW}:$A{last},"{_PAGE_TOTALS}*")'
    laid.add_totals(
        f"Box {box}, all pages",
        printed_totals(printed.rows[box], in_whole_dollars=False),
        sum_of_pages if len(ends) > 1 else f"=@{last}",
        laid.line_of_schedule_d(box, "Schedule D"),
        None,
        tick,
    )
    laid.breaks += ends[:-1]
    laid.ticked.append((FIRST_ROW, len(laid.rows)))
    title = f"Form 8949 ({form.year.year}) {PART_NUMBER[term]} Box {box}"
    sheet = laid.sheet(title, WIDTHS, HEADING_ROW, frozen_columns=1)
    return BoxSheet(box, sheet, len(laid.rows), laid.places)
