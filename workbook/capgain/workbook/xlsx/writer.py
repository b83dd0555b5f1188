"""Writes a `Book` as an .xlsx file through XlsxWriter, the same bytes for the same book.

XlsxWriter because it writes a formula together with its cached value, which openpyxl cannot: previewers and Protected
View then show numbers.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, assert_never

from capgain.engine.problems import CapgainError
from capgain.workbook.sheets import (
    DATE_FORMAT,
    FONT,
    FONT_SIZE,
    MOST_ROWS,
    AtLeast,
    Book,
    ConditionalFormat,
    DataBar,
    DynamicFormula,
    Formula,
    FormulaFormat,
    Prompt,
    Scalar,
    Sheet,
    Style,
    Validation,
    position,
)
from capgain.workbook.whole_file import whole_file
from capgain.workbook.xlsx.charts import add_chart
from capgain.workbook.xlsx.unreadable import MOST_COLUMNS
from capgain.workbook.xlsx.worksheet import PackedWorkbook, RowsWorksheet, text_of

MOST_BREAKS = 1_023
"""Excel's own limit of a sheet."""

_WRITER_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
    "in_memory": True,
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
    "default_row_height": 17,
}
_EDGES = {"t": ("top", 1), "b": ("bottom", 1), "l": ("left", 1), "r": ("right", 1), "B": ("bottom", 6), "T": ("top", 2)}


class TooLarge(CapgainError):
    """More rows or columns than a sheet of Excel has."""


Progress = Callable[[int, int], None]
"""Called with rows written and rows to write."""

_ROWS_BETWEEN = 1_000


def write_book(
    book: Book, path: str | Path, *, overwrite: bool = False, progress: Progress = lambda done, of: None
) -> None:
    """Write `book` to `path`, whole or not at all.

    Raises OutputExists and CannotWrite as `write_whole` does, TooLarge when a sheet has more than Excel's has.
    """
    _refuse_what_excel_cannot_hold(book)
    with whole_file(Path(path), overwrite=overwrite) as file:
        _fill(book, file, progress)


def book_bytes(book: Book, progress: Progress = lambda done, of: None) -> bytes:
    """The file of a book. Raises TooLarge."""
    _refuse_what_excel_cannot_hold(book)
    written = io.BytesIO()
    _fill(book, written, progress)
    return written.getvalue()


def _refuse_what_excel_cannot_hold(book: Book) -> None:
    for sheet in book.sheets:
        if sheet.height > MOST_ROWS:
            raise TooLarge(
                f"Sheet {sheet.name} needs {sheet.height:,} rows; {MOST_ROWS:,} fit on a sheet. Report fewer years."
            )
        if sheet.width > MOST_COLUMNS:
            raise TooLarge(
                f"Sheet {sheet.name} needs {sheet.width:,} columns; {MOST_COLUMNS:,} fit on a sheet. "
                "Delete columns of the ledger that are not needed."
            )


def _fill(book: Book, written: BinaryIO, progress: Progress) -> None:
    workbook = PackedWorkbook(written, deepcopy(_WRITER_OPTIONS))  # it writes into the options it is given
    workbook.set_properties(
        {
            "title": book.title,
            "subject": book.subject,
            "author": book.author,
            "company": book.company,
            "comments": book.comments,
            "created": book.created,
        }
    )
    formats = _Formats(workbook)
    rows = count(1)
    total = sum(sheet.height for sheet in book.sheets)

    def row_written() -> None:
        done = next(rows)
        if done % _ROWS_BETWEEN == 0:
            progress(done, total)

    for sheet in book.sheets:
        _add_sheet(workbook, formats, sheet, row_written)
    for name, target in book.names.items():
        workbook.define_name(name, target)
    workbook.close()


class _Formats(dict[Style, Any]):
    """XlsxWriter formats by style, each made when first asked for."""

    def __init__(self, workbook: Any) -> None:
        super().__init__()
        self.workbook = workbook

    def __missing__(self, style: Style) -> Any:
        made = self[style] = self.workbook.add_format(_properties(style))
        return made

    def of(self, style: Style, content: Scalar | Formula | DynamicFormula) -> Any:
        """The format of a cell; a day in a style without a number format looks like a day."""
        is_day = isinstance(content, date) and text_of(content) is None
        return self[_dated(style) if is_day and not style.number_format else style]


def _properties(style: Style) -> dict[str, Any]:
    """A style in XlsxWriter's words."""
    edges = dict(_EDGES[letter] for letter in style.border)
    wanted: dict[str, Any] = {
        "num_format": style.number_format,
        "font_size": style.font_size,
        "bold": style.bold,
        "italic": style.italic,
        "underline": style.underline,
        "font_color": _hex(style.colour),
        "bg_color": _hex(style.fill),
        "align": style.align,
        "valign": "top" if style.top_aligned else "",
        "text_wrap": style.wrap,
        "indent": style.indent,
        **edges,
    }
    given = {name: value for name, value in wanted.items() if value}
    return given | {"locked": False} if style.unlocked else given


def _hex(colour: str) -> str:
    return f"#{colour}" if colour else ""


def _add_sheet(workbook: Any, formats: _Formats, sheet: Sheet, row_written: Callable[[], None]) -> None:
    target = workbook.add_worksheet(sheet.name, worksheet_class=RowsWorksheet)
    for column, width in enumerate(sheet.widths):
        target.set_column(column, column, width, None, {"level": 1} if column + 1 in sheet.grouped_columns else {})
    heights = sheet.row_heights
    for row in sorted(heights.keys() | sheet.outline.keys()):
        level = {"level": sheet.outline[row]} if row in sheet.outline else {}
        target.set_row(row - 1, heights.get(row), None, level)
    workbook.has_texts = bool(target.take_rows(sheet.rows, formats.of, row_written)) or workbook.has_texts
    if any(sheet.freeze):
        target.freeze_panes(*sheet.freeze)
    if sheet.tab:
        target.set_tab_color(_hex(sheet.tab))
    if not sheet.gridlines:
        target.hide_gridlines(2)
    target.set_zoom(sheet.zoom)
    if sheet.table:
        _add_table(target, formats, sheet)
    elif sheet.autofilter:
        target.autofilter(sheet.autofilter)
    if sheet.numbers_as_text:
        target.ignore_errors({"number_stored_as_text": sheet.numbers_as_text})
    for validation in sheet.validations:
        target.data_validation(validation.cells, _validation(validation))
    for note in sheet.notes:
        target.write_comment(note.cell, note.text, {"author": note.author, "x_scale": 2})
    for condition in sheet.conditional_formats:
        _add_condition(target, formats, condition)
    for chart in sheet.charts:
        add_chart(workbook, target, chart)
    if sheet.protected:
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "objects", "scenarios")
        target.protect("", dict.fromkeys(allowed, True))
    _set_page(target, sheet)


_DATED: dict[Style, Style] = {}


def _dated(style: Style) -> Style:
    """The style with a date format, for a date whose style has none."""
    if style not in _DATED:
        _DATED[style] = style.but(f"{style.name} Date", number_format=DATE_FORMAT)
    return _DATED[style]


def _add_table(target: Any, formats: _Formats, sheet: Sheet) -> None:
    table = sheet.table
    assert table is not None
    (row, first), (_, last) = (position(cell) for cell in table.cells.split(":"))
    columns = [
        {"header": str(heading.content), "header_format": formats[heading.style]}
        for heading in sheet.rows[row - 1][first - 1 : last]
        if heading is not None
    ]
    target.add_table(table.cells, {"name": table.name, "columns": columns, "style": "Table Style Light 1"})


def _validation(validation: Validation | AtLeast | Prompt) -> dict[str, Any]:
    prompt = {"input_title": validation.title[:32], "input_message": validation.message[:255]}
    match validation:
        case Validation():
            return {
                "validate": "list",
                "source": validation.source or list(validation.choices),
                "error_type": "stop" if validation.strict else "warning",
            } | prompt
        case AtLeast(least=least):
            kind = "date" if isinstance(least, date) else "decimal"
            wrong = {"error_title": validation.title[:32], "error_message": validation.message[:255]}
            return {"validate": kind, "criteria": ">=", "value": least} | wrong | prompt
        case Prompt():
            return {"validate": "any"} | prompt
        case _:
            assert_never(validation)


def _add_condition(target: Any, formats: _Formats, condition: ConditionalFormat | FormulaFormat | DataBar) -> None:
    match condition:
        case ConditionalFormat(cells, criterion, style):
            rule = {"type": "cell", "criteria": "==", "value": criterion, "format": formats[style]}
        case FormulaFormat(cells, formula, style):
            rule = {"type": "formula", "criteria": formula, "format": formats[style]}
        case DataBar(cells, colour):
            # Without the extensions of 2010, which openpyxl warns of and drops.
            rule = {"type": "data_bar", "min_type": "num", "min_value": 0, "bar_color": _hex(colour)}
        case _:
            assert_never(condition)
    target.conditional_format(cells, rule)


def _set_page(target: Any, sheet: Sheet) -> None:
    page = sheet.page
    target.set_paper(1)
    if page.landscape:
        target.set_landscape()
    else:
        target.set_portrait()
    target.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.65)
    # As text: a number 1 would be left out as the default, which some readers miss.
    target.fit_to_pages(str(page.pages_wide), str(page.pages_tall) if page.pages_tall else 0)
    target.set_header(_three(page.header))
    target.set_footer(_three(page.footer))
    target.print_area(sheet.print_area)
    if page.repeat:
        target.repeat_rows(page.repeat[0] - 1, page.repeat[1] - 1)
    if page.columns_repeated:
        target.repeat_columns(0, page.columns_repeated - 1)
    if page.breaks:
        target.set_h_pagebreaks(list(page.breaks[:MOST_BREAKS]))


def _three(parts: tuple[str, str, str]) -> str:
    """Left, center and right as Excel's one header string."""
    return "".join(f"&{code}{text}" for code, text in zip("LCR", parts, strict=True) if text)
