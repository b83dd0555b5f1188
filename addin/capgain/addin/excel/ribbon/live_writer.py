"""Writes a sheet of the model into an open workbook through xlwings: in place, so that formulas keep pointing to it."""

from __future__ import annotations

from typing import Any, assert_never

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.cell_contents import entered
from capgain.addin.excel.ribbon.native_charts import add_chart
from capgain.addin.excel.ribbon.style_areas import style_areas
from capgain.workbook.sheets import (
    FONT,
    FONT_SIZE,
    AtLeast,
    ConditionalFormat,
    DataBar,
    FormulaFormat,
    Prompt,
    Sheet,
    Style,
    Validation,
    column_letter,
)

ROWS_AT_ONCE = 2_000
"""Rows that cross to Excel in one write."""

LONGEST_IN_BLOCK = 8_000
"""Longer texts go into their cells one by one: Excel refuses them in a block of formulas."""

_ALIGNMENTS = {"left": "left", "center": "center", "right": "right"}
_LINES = {"t": "continuous", "b": "continuous", "l": "continuous", "r": "continuous", "B": "double", "T": "continuous"}
_SIDES = {"t": "edge_top", "T": "edge_top", "b": "edge_bottom", "B": "edge_bottom", "l": "edge_left", "r": "edge_right"}


def write_sheet(target: Any, sheet: Sheet, *, date_1904: bool) -> None:
    """Replace everything on the xlwings sheet `target` with `sheet`. Raises what Excel raises."""
    clear(target)
    _write_styles(target, sheet)
    _write_cells(target, sheet, date_1904)
    _write_sizes(target, sheet)
    _write_extras(target, sheet)
    target.page_setup.print_area = sheet.print_area
    native.set_page(target, sheet.page)
    _write_view(target, sheet)
    if sheet.protected:
        native.protect(target)


def clear(target: Any) -> None:
    """An empty sheet under the same name."""
    native.unprotect(target)
    for chart in list(target.charts):
        chart.delete()
    for table in list(target.tables):
        native.remove_table(table)
    cells = target.cells
    cells.data_validation.delete()
    cells.conditional_formats.clear()
    target.clear()


def _write_cells(target: Any, sheet: Sheet, date_1904: bool) -> None:
    width = sheet.width
    for start in range(0, sheet.height, ROWS_AT_ONCE):
        rows = sheet.rows[start : start + ROWS_AT_ONCE]
        block = []
        for row in rows:
            cells = [entered(cell, date_1904=date_1904) for cell in row]
            block.append([*cells, *[None] * (width - len(cells))])
        long_texts = [
            (place, column, text)
            for place, cells in enumerate(block, start=start + 1)
            for column, text in enumerate(cells, start=1)
            if isinstance(text, str) and len(text) > LONGEST_IN_BLOCK
        ]
        for place, column, _ in long_texts:
            block[place - start - 1][column - 1] = None
        target.range((start + 1, 1), (start + len(block), width)).formula = block
        for place, column, text in long_texts:
            target.range((place, column)).value = text
    for note in sheet.notes:
        target.range(note.cell).add_note(note.text)


def _write_styles(target: Any, sheet: Sheet) -> None:
    target.cells.font.set(name=FONT, size=FONT_SIZE)
    for area in style_areas(list(sheet.rows)):
        _apply(
            target.range(*area.corners), area.style, rows=area.bottom - area.top + 1, wide=area.right - area.left + 1
        )


def _apply(cells: Any, style: Style, *, rows: int, wide: int) -> None:
    if style.number_format:
        cells.number_format = style.number_format
    font: dict[str, Any] = {}
    if style.bold:
        font["bold"] = True
    if style.italic:
        font["italic"] = True
    if style.font_size:
        font["size"] = style.font_size
    if style.colour:
        font["color"] = f"#{style.colour}"
    if font:
        cells.font.set(**font)
    if style.underline:
        native.underline(cells)
    if style.fill:
        cells.color = f"#{style.fill}"
    if style.align:
        cells.horizontal_alignment = _ALIGNMENTS[style.align]
    if style.top_aligned:
        cells.vertical_alignment = "top"
    if style.wrap:
        cells.wrap_text = True
    if style.indent:
        native.indent(cells, style.indent)
    if style.unlocked:
        native.unlock(cells)
    for letter in style.border:
        sides = [_SIDES[letter]]
        if rows > 1 and letter in "tTbB":
            sides.append("inside_horizontal")
        if wide > 1 and letter in "lr":
            sides.append("inside_vertical")
        cells.borders.set(sides, line_style=_LINES[letter])
        if letter in "Ttlbr":
            cells.borders.set(sides, weight="medium" if letter == "T" else "thin")


def _write_sizes(target: Any, sheet: Sheet) -> None:
    for column, width in enumerate(sheet.widths, start=1):
        target.range((1, column)).column_width = width
    for row, height in sheet.row_heights.items():
        target.range((row, 1)).row_height = height
    for column in sheet.grouped_columns:
        letter = column_letter(column)
        native.outline_columns(target.range(f"{letter}:{letter}"), 1)
    for row, level in sheet.outline.items():
        native.outline(target.range(f"{row}:{row}"), level)


def _write_extras(target: Any, sheet: Sheet) -> None:
    if sheet.table:
        cells = target.range(sheet.table.cells)
        target.tables.add(cells, name=sheet.table.name, table_style_name="TableStyleLight1")
    elif sheet.autofilter:
        native.filter_buttons(target.range(sheet.autofilter))
    for validation in sheet.validations:
        cells = target.range(validation.cells)
        match validation:
            case Validation():
                native.list_validation(cells, validation)
            case AtLeast():
                native.entry_rule(cells, validation)
            case Prompt():
                native.prompt(cells, validation)
            case _:
                assert_never(validation)
    for condition in sheet.conditional_formats:
        _add_condition(target.range(condition.cells), condition)
    for chart in sheet.charts:
        add_chart(target, chart)


def _add_condition(cells: Any, condition: ConditionalFormat | FormulaFormat | DataBar) -> None:
    match condition:
        case ConditionalFormat(_, criterion, style):
            cells.conditional_formats.add_cell_value("equal_to", f"={criterion}", **_look(style))
        case FormulaFormat(_, formula, style):
            cells.conditional_formats.add_custom(formula, **_look(style))
        case DataBar(_, colour):
            cells.conditional_formats.add_data_bar(f"#{colour}", minimum=0)
        case _:
            assert_never(condition)


def _look(style: Style) -> dict[str, Any]:
    look: dict[str, Any] = {}
    if style.fill:
        look["fill_color"] = f"#{style.fill}"
    if style.colour:
        look["font_color"] = f"#{style.colour}"
    if style.bold:
        look["font_bold"] = True
    return look


def _write_view(target: Any, sheet: Sheet) -> None:
    target.show_gridlines = sheet.gridlines
    if sheet.tab:
        native.tab_colour(target, sheet.tab)
    target.activate()
    native.freeze(target, *sheet.freeze)
    native.zoom(target, sheet.zoom)
