"""Writes a `Book` as an .xlsx file through XlsxWriter, the same bytes for the same book.

XlsxWriter because it writes a formula together with its cached value, which openpyxl cannot: previewers and Protected
View then show numbers.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_never

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from capgain.engine.problems import CapgainError
from capgain.workbook.sheets import (
    DATE_FORMAT,
    FONT,
    FONT_SIZE,
    AtLeast,
    Book,
    ConditionalFormat,
    DataBar,
    DynamicFormula,
    Formula,
    FormulaFormat,
    Prompt,
    Sheet,
    Style,
    Validation,
    position,
)
from capgain.workbook.whole_file import write_whole
from capgain.workbook.written.serials import serial_of
from capgain.workbook.xlsx.charts import add_chart

MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
MOST_BREAKS = 1_023
"""Excel's own limits of a sheet, a cell and the page breaks of a sheet."""

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
    """More rows than a sheet of Excel has."""


def write_book(book: Book, path: str | Path, *, overwrite: bool = False) -> None:
    """Write `book` to `path`, whole or not at all.

    Raises OutputExists and CannotWrite as `write_whole` does, TooLarge when a sheet has more rows than Excel.
    """
    write_whole(Path(path), book_bytes(book), overwrite=overwrite)


def book_bytes(book: Book) -> bytes:
    """The file of a book, made without files of XlsxWriter's own. Raises TooLarge."""
    for sheet in book.sheets:
        if sheet.height > MOST_ROWS:
            raise TooLarge(f"{sheet.name} needs {sheet.height:,} rows; Excel has {MOST_ROWS:,}. Report fewer years.")
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, _WRITER_OPTIONS)
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
    for sheet in book.sheets:
        _add_sheet(workbook, formats, sheet)
    for name, target in book.names.items():
        workbook.define_name(name, target)
    workbook.close()
    return written.getvalue()


class _Formats(dict[Style, Any]):
    """XlsxWriter formats by style, each made when first asked for."""

    def __init__(self, workbook: Any) -> None:
        super().__init__()
        self.workbook = workbook

    def __missing__(self, style: Style) -> Any:
        made = self[style] = self.workbook.add_format(_properties(style))
        return made


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


class _Worksheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes formulas as they stand.

    XlsxWriter looks through each formula, its texts included, for thirty functions that older Excel does not have; a
    book's formulas use none of them, and the search takes longer than the writing.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def _add_sheet(workbook: Any, formats: _Formats, sheet: Sheet) -> None:
    target = workbook.add_worksheet(sheet.name, worksheet_class=_Worksheet)
    for column, width in enumerate(sheet.widths):
        target.set_column(column, column, width)
    for row in sorted(sheet.heights.keys() | sheet.outline.keys()):
        level = {"level": sheet.outline[row]} if row in sheet.outline else {}
        target.set_row(row - 1, sheet.heights.get(row), None, level)
    _write_cells(target, formats, sheet)
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
        target.write_comment(note.cell, note.text, {"author": "CapGain", "x_scale": 2})
    for condition in sheet.conditional_formats:
        _add_condition(target, formats, condition)
    for chart in sheet.charts:
        add_chart(workbook, target, chart)
    if sheet.protected:
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "objects", "scenarios")
        target.protect("", dict.fromkeys(allowed, True))
    _set_page(target, sheet)


def _write_cells(target: Any, formats: _Formats, sheet: Sheet) -> None:
    write_number, write_string, write_formula = target.write_number, target.write_string, target.write_formula
    for place, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            content, style = cell
            look = formats[style]
            if content is None or content == "":
                target.write_blank(place, column, None, look)
            elif isinstance(content, str):
                write_string(place, column, _fitting(content), look)
            elif isinstance(content, Formula):
                write_formula(place, column, content.text, look, _cached(content.expected))
            elif isinstance(content, DynamicFormula):
                target.write_dynamic_array_formula(
                    place, column, place, column, content.text, look, _cached(content.expected)
                )
            elif isinstance(content, bool):
                target.write_boolean(place, column, content, look)
            elif isinstance(content, date):
                serial = serial_of(content)
                if isinstance(serial, str):
                    write_string(place, column, serial, look)
                else:
                    dated = look if style.number_format else formats[_dated(style)]
                    write_number(place, column, _number(serial), dated)
            else:
                write_number(place, column, _number(content), look)


_DATED: dict[Style, Style] = {}


def _dated(style: Style) -> Style:
    """The style with a date format, for a date whose style has none."""
    if style not in _DATED:
        _DATED[style] = style.but(f"{style.name} Date", number_format=DATE_FORMAT)
    return _DATED[style]


class _Unrounded(float):
    """A double that is written with all 17 digits it needs; XlsxWriter writes 16."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def _number(value: Decimal | float | int) -> float:
    number = float(value)
    return number if float(f"{number:.16G}") == number else _Unrounded(number)


def _cached(expected: Any) -> str | bool | float:
    if isinstance(expected, (bool, str)):
        return expected
    return serial_of(expected) if isinstance(expected, date) else float(expected)


def _fitting(text: str) -> str:
    """Text as long as a cell holds, saying so where it was cut."""
    if len(text) <= LONGEST_TEXT:
        return text
    mark = f" [cut: {len(text):,} characters]"
    return text[: LONGEST_TEXT - len(mark)] + mark


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
    target.fit_to_pages("1", str(page.pages_tall) if page.pages_tall else 0)
    target.set_header(_three(page.header))
    target.set_footer(_three(page.footer))
    target.print_area(sheet.print_area)
    if page.repeat:
        target.repeat_rows(page.repeat[0] - 1, page.repeat[1] - 1)
    if page.breaks:
        target.set_h_pagebreaks(list(page.breaks[:MOST_BREAKS]))


def _three(parts: tuple[str, str, str]) -> str:
    """Left, center and right as Excel's one header string."""
    return "".join(f"&{code}{text}" for code, text in zip("LCR", parts, strict=True) if text)
