"""Sheets that people added to an earlier workbook of the package, to stand in the new one as they were."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell

from capgain.workbook.report.context import Workpapers
from capgain.workbook.sheets import DATE, PLAIN, TIME, Cell, Formula, Row, Sheet, Style, Validation, address, quoted
from capgain.workbook.xlsx.highlights import colour_of, theme_colours
from capgain.workbook.xlsx.lint import writable_formula
from capgain.workbook.xlsx.package_parts import notes_on, relations
from capgain.workbook.xlsx.values import WorkbookValues

NOT_CALCULATED = "not calculated"
"""Shown for a formula whose value no program has saved; Excel replaces it as it opens the file."""
_OUR_FOOTER = re.compile(rb"<oddFooter>[^<]*CapGain \d")
_OBJECTS = {
    "/drawing": "a chart, picture or shape",
    "/pivotTable": "a pivot table",
    "/slicer": "a slicer",
    "/threadedComment": "threads of comments (kept as notes)",
    "/oleObject": "an embedded object",
}
_SIDES = (("top", "t"), ("bottom", "b"), ("left", "l"), ("right", "r"))
PADDING = 5 / 7
"""What a file adds to the width of a column."""
MOST_CELLS = 200_000
"""Cells of one sheet beyond which it stays in the earlier file alone."""


@dataclass(frozen=True, slots=True)
class AccountantSheets:
    """The sheets, and sentences on what of them could not be carried."""

    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]


class _Look(NamedTuple):
    """What a style is made of."""

    number_format: str
    bold: bool
    italic: bool
    underline: bool
    size: float
    colour: str
    fill: str
    align: str
    top: bool
    wrap: bool
    border: str
    unlocked: bool


def accountant_sheets(
    papers: Workpapers, values: WorkbookValues, data: bytes, *, known: Collection[str], taken: Collection[str]
) -> AccountantSheets:
    """Those of the earlier workbook that were not `known` to its making; names `taken` now are left in that file."""
    added = [
        name
        for name, part in values.parts.sheets.items()
        if (name not in known if known else not _OUR_FOOTER.search(values.package.read(part)))
    ]
    remarks = [
        f"{name} is not a sheet of cells: it stays in the earlier file."
        for name in values.parts.states
        if known and name not in known and name not in values.parts.sheets
    ]
    remarks += [f"{name}: {what} stays in the earlier file." for name, what in _objects(values, added)]
    if not added:
        return AccountantSheets((), tuple(remarks))
    lower = {name.casefold() for name in taken}
    sheets: list[Sheet] = []
    written = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        theme = theme_colours(values.package)
        for name in added:
            if name.casefold() in lower:
                remarks.append(f"{name}: these workpapers have a sheet of that name; it stays in the earlier file.")
            elif values.parts.states[name] != "visible":
                remarks.append(f"{name} is hidden: it stays in the earlier file.")
            else:
                sheet, said = _carried(papers, name, written[name], shown[name], theme)
                sheets += [] if sheet is None else [_laid(sheet, values, values.parts.sheets[name])]
                remarks += [f"{name}: {text}" for text in said]
    finally:
        written.close()
        shown.close()
    return AccountantSheets(tuple(sheets), tuple(remarks))


def _objects(values: WorkbookValues, added: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What stands on sheets beside their cells and cannot be carried; of ours the drawings are ours."""
    for name, part in values.parts.sheets.items():
        for kind, _ in relations(values.package, part).values():
            for ending, words in _OBJECTS.items():
                if kind.endswith(ending) and (name in added or ending != "/drawing"):
                    yield name, words
        if name in added and b"<mergeCell " in values.package.read(part):
            yield name, "the merging of cells"
    for start, words in (("xl/vbaProject", "macros"), ("xl/externalLinks/", "links to other files")):
        if any(one.startswith(start) for one in values.package.namelist()):
            yield "The workbook", words


def _carried(
    papers: Workpapers, name: str, written: Any, shown: Any, theme: tuple[str, ...]
) -> tuple[Sheet | None, list[str]]:
    written.reset_dimensions()
    shown.reset_dimensions()
    rows: list[Row] = []
    as_values: list[str] = []
    count = 0
    for number, (cells, results) in enumerate(zip(written.iter_rows(), shown.iter_rows(), strict=False), start=1):
        row: list[Cell | None] = []
        for column, (cell, result) in enumerate(zip(cells, results, strict=False), start=1):
            kept, is_live = _cell(cell, result.value, theme)
            row.append(kept)
            as_values += [] if is_live else [address(number, column)]
        count += len(row)
        if count > MOST_CELLS:
            return None, [f"more than {MOST_CELLS:,} cells: it stays in the earlier file."]
        rows.append(row)
    said = []
    if as_values:
        where = ", ".join(as_values[:12])
        said.append(f"{where} had formulas of functions or files that these workpapers do without: values now.")
    sheet = Sheet(name=name, rows=rows, page=papers.page(name, landscape=True), tab="BF8F00")
    return sheet, said


def _cell(cell: Any, result: Any, theme: tuple[str, ...]) -> tuple[Cell | None, bool]:
    """The cell, and whether its formula, if any, could stay one."""
    if not isinstance(cell, ReadOnlyCell):
        return None, True
    style = _style(_look(cell, theme))
    content = getattr(cell.value, "text", cell.value)
    if content is None:
        return (None if style is PLAIN else Cell(None, style)), True
    if isinstance(content, str) and content.startswith("=") and cell.data_type == "f":
        expected = NOT_CALCULATED if result is None else result if result != "" else " "
        is_error = isinstance(expected, str) and expected.startswith("#")
        if writable_formula(content) and isinstance(expected, str | bool | int | float | datetime) and not is_error:
            return Cell(Formula(content, expected), style), True
        return Cell(_scalar(expected), style), False
    if isinstance(content, datetime) and not style.number_format:
        return Cell(content, TIME if content.time() != datetime.min.time() else DATE), True
    return Cell(_scalar(content), style), True


def _scalar(value: object) -> str | bool | int | float | datetime:
    return value if isinstance(value, str | bool | int | float | datetime) else str(value)


def _look(cell: Any, theme: tuple[str, ...]) -> _Look:
    font, fill, align, border = cell.font, cell.fill, cell.alignment, cell.border
    return _Look(
        "" if cell.number_format == "General" else cell.number_format,
        bool(font.b),
        bool(font.i),
        bool(font.u),
        float(font.sz) if font.sz and float(font.sz) != 10 else 0,
        _rgb(font.color, theme),
        _rgb(fill.fgColor, theme) if fill.fill_type == "solid" else "",
        align.horizontal if align.horizontal in ("left", "center", "right") else "",
        align.vertical == "top",
        bool(align.wrap_text),
        "".join(letter for side, letter in _SIDES if getattr(border, side).style),
        not cell.protection.locked,
    )


def _rgb(colour: Any, theme: tuple[str, ...]) -> str:
    if colour is None:
        return ""
    if colour.type == "rgb":
        return str(colour.rgb)[-6:]
    if colour.type == "theme":
        return colour_of({"theme": str(colour.theme), "tint": str(colour.tint or 0)}, theme)
    return ""


_NO_LOOK = _Look("", False, False, False, 0, "", "", "", False, False, "", False)


@cache
def _style(look: _Look) -> Style:
    plain = look._replace(colour="") if look.colour == "000000" else look
    if plain == _NO_LOOK:
        return PLAIN
    return Style(
        name="CapGain Kept",
        number_format=plain.number_format,
        bold=plain.bold,
        italic=plain.italic,
        underline=plain.underline,
        font_size=plain.size,
        colour=plain.colour,
        fill=plain.fill,
        align=plain.align,
        top_aligned=plain.top,
        wrap=plain.wrap,
        border=plain.border,
        unlocked=plain.unlocked,
    )


def _laid(sheet: Sheet, values: WorkbookValues, part: str) -> Sheet:
    """The sheet with widths, heights, panes, lists to choose from and notes."""
    root = ElementTree.fromstring(values.package.read(part))
    widths: list[float] = []
    for column in root.iterfind("{*}cols/{*}col"):
        first, last = int(column.get("min", "1")), min(int(column.get("max", "1")), 200)
        widths += [8.43] * (first - 1 - len(widths))
        width = max(float(column.get("width", "9.14")) - PADDING, 0)
        widths += [min(width, 120)] * (last - first + 1)
    heights = {
        int(row.get("r", "0")): float(row.get("ht", "0"))
        for row in root.iterfind("{*}sheetData/{*}row")
        if row.get("customHeight") in ("1", "true") and row.get("ht")
    }
    pane = root.find("{*}sheetViews/{*}sheetView/{*}pane")
    freeze = (0, 0)
    if pane is not None and pane.get("state") == "frozen":
        freeze = int(float(pane.get("ySplit", "0"))), int(float(pane.get("xSplit", "0")))
    choices = []
    for rule in root.iterfind("{*}dataValidations/{*}dataValidation"):
        source = rule.findtext("{*}formula1") or ""
        if rule.get("type") == "list" and source and " " not in rule.get("sqref", ""):
            cells = rule.get("sqref", "")
            is_text = source.startswith('"')
            choices.append(
                Validation(
                    cells, tuple(source.strip('"').split(",")) if is_text else (), "" if is_text else f"={source}"
                )
            )
    return replace(
        sheet,
        widths=tuple(widths),
        heights={row: min(height, 409) for row, height in heights.items()},
        freeze=freeze,
        validations=tuple(choices),
        notes=tuple(notes_on(values.package, part)),
    )


def refers_to(sheet: Sheet, names: Collection[str]) -> list[str]:
    """The cells whose formulas look at one of these sheets."""
    spelt = [spelling for name in names for spelling in (f"{quoted(name)}!", f"{name}!")]
    return [
        address(number, column)
        for number, row in enumerate(sheet.rows, start=1)
        for column, cell in enumerate(row, start=1)
        if cell is not None and isinstance(cell.content, Formula) and any(one in cell.content.text for one in spelt)
    ]
