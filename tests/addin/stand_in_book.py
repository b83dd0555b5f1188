"""An open workbook without Excel: xlwings' own classes on an engine that records each call and applies it.

Text that is entered is read as Excel reads what a person types: `=` begins a formula, digits become numbers and dates,
an apostrophe keeps text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings as xw
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
from openpyxl.styles import Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableStyleInfo

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MARGIN = 0.7109375
"""What Excel stores of a column's width beyond the characters it is told."""
PIXEL = 0.75
"""points; Excel rounds heights to whole pixels"""
DATE = re.compile(r"\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?|[A-Za-z]{3,9} \d{1,4}")


class Failing(RuntimeError):
    """What the stand-in raises where a test lets Excel fail."""


def typed(content: Any) -> Any:
    """What Excel holds after this was entered through Range.Formula or Range.Value."""
    if not isinstance(content, str) or content == "":
        return None if content == "" else content
    if content.startswith("'"):
        return content[1:]
    if content.upper() in ("TRUE", "FALSE"):
        return content.upper() == "TRUE"
    if content[0] in "+-@" or DATE.fullmatch(content):
        return f"#CONVERTED {content}"
    try:
        return float(content.replace(",", "").replace("$", "").rstrip("%"))
    except ValueError:
        return content


def hex_of(colour: Any) -> str:
    """RRGGBB of what xlwings made of a colour."""
    return colour.lstrip("#") if isinstance(colour, str) else "".join(f"{part:02X}" for part in colour)


class Cells:
    """A range. Columns and rows count from 1; whole columns and rows reach to the end of the sheet."""

    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self.sheet = sheet
        self.top, self.left_, self.bottom, self.right = top, left, bottom, right

    # Where it is.
    row = property(lambda self: self.top)
    column = property(lambda self: self.left_)
    shape = property(lambda self: (self.bottom - self.top + 1, self.right - self.left_ + 1))
    max_cells_per_read = None
    max_cells_per_write = None

    @property
    def left(self) -> float:
        return 64.0 * (self.left_ - 1)

    @property
    def address(self) -> str:
        return f"${get_column_letter(self.left_)}${self.top}:${get_column_letter(self.right)}${self.bottom}"

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self.sheet.name, self.top, self.left_, *self.shape

    @property
    def area(self) -> str:
        return self.address.replace("$", "")

    def __call__(self, row: int, column: int | None = None) -> Cells:
        assert column is not None
        place = (self.top + row - 1, self.left_ + column - 1)
        return Cells(self.sheet, *place, *place)

    def each(self) -> Iterator[Any]:
        ws = self.sheet.ws
        bottom = min(self.bottom, max(ws.max_row, self.top)) if self.bottom == MOST_ROWS else self.bottom
        right = min(self.right, max(ws.max_column, self.left_)) if self.right == MOST_COLUMNS else self.right
        for row in range(self.top, bottom + 1):
            for column in range(self.left_, right + 1):
                yield self.sheet.cell(row, column)

    # What is in it.
    def _enter(self, data: Any) -> None:
        self.sheet.book.log("enter", self.sheet.name, self.area)
        rows = data if isinstance(data, list | tuple) else [[data]]
        rows = rows if rows and isinstance(rows[0], list | tuple) else [rows]
        for row, cells in enumerate(rows, start=self.top):
            for column, content in enumerate(cells, start=self.left_):
                cell = self.sheet.cell(row, column)
                cell.value = None
                value = typed(content)
                if value is None:
                    continue
                cell.value = value
                if isinstance(value, str) and not (isinstance(content, str) and content.startswith("=")):
                    cell.data_type = "s"

    def _read(self, *, formulas: bool) -> Any:
        ws = self.sheet.ws
        rows = []
        for row in range(self.top, self.bottom + 1):
            cells = []
            for column in range(self.left_, self.right + 1):
                cell = ws.cell(row, column)
                if formulas:
                    cells.append(cell.value)
                elif cell.data_type == "f":
                    cells.append(self.sheet.book.calculated.get((self.sheet.name, cell.coordinate), 0.0))
                else:
                    is_serial = cell.is_date and isinstance(cell.value, int | float)
                    cells.append(from_excel(cell.value) if is_serial else cell.value)
            rows.append(tuple(cells))
        if formulas and self.shape == (1, 1):
            return rows[0][0]
        return tuple(rows)

    raw_value = property(lambda self: self._read(formulas=False), lambda self, data: self._enter(data))
    formula = property(lambda self: self._read(formulas=True), lambda self, data: self._enter(data))

    # How it looks.
    def _style(self, what: str, **changes: Any) -> None:
        self.sheet.book.log(what, self.sheet.name, self.area)
        if what == "font" and self.shape == (MOST_ROWS, MOST_COLUMNS):
            self.sheet.book.fonts.setdefault(self.sheet.ws, {}).update(changes)
            return
        for cell in self.each():
            changed = copy(getattr(cell, what))
            for name, value in changes.items():
                setattr(changed, name, value)
            setattr(cell, what, changed)

    def _number_format(self, code: str) -> None:
        self.sheet.book.log("number_format", self.sheet.name, self.area)
        for cell in self.each():
            cell.number_format = code

    number_format = property(None, _number_format)

    def _color(self, colour: str) -> None:
        self._style("fill", patternType="solid", fgColor=PatternFill(fgColor=colour.lstrip("#")).fgColor)

    color = property(None, _color)
    horizontal_alignment = property(None, lambda self, value: self._style("alignment", horizontal=value))
    vertical_alignment = property(None, lambda self, value: self._style("alignment", vertical=value))
    wrap_text = property(None, lambda self, value: self._style("alignment", wrapText=value))

    def _width(self, width: float) -> None:
        for column in range(self.left_, self.right + 1):
            self.sheet.ws.column_dimensions[get_column_letter(column)].width = width + MARGIN

    def _height(self, height: float) -> None:
        for row in range(self.top, self.bottom + 1):
            self.sheet.ws.row_dimensions[row].height = round(height / PIXEL) * PIXEL

    column_width = property(None, _width)
    row_height = property(None, _height)

    @property
    def font(self) -> Any:
        return FontOf(self)

    @property
    def borders(self) -> Any:
        def change(sides: list[str], line_style: Any, weight: Any, color: Any) -> None:
            style = {"continuous": "thin", "double": "double"}.get(line_style) if line_style is not UNSET else weight
            names = {"edge_top": "top", "edge_bottom": "bottom", "edge_left": "left", "edge_right": "right"}
            for cell in self.each():
                border = copy(cell.border)
                for side in sides:
                    inner = {
                        "inside_horizontal": [("bottom", cell.row < self.bottom), ("top", cell.row > self.top)],
                        "inside_vertical": [("right", cell.column < self.right), ("left", cell.column > self.left_)],
                        "edge_top": [("top", cell.row == self.top)],
                        "edge_bottom": [("bottom", cell.row == self.bottom)],
                        "edge_left": [("left", cell.column == self.left_)],
                        "edge_right": [("right", cell.column == self.right)],
                    }[side]
                    for name, holds in inner:
                        if holds:
                            setattr(border, name, Side(style=style))
                assert names
                cell.border = border

        return SimpleNamespace(set=change)

    @property
    def data_validation(self) -> Any:
        def drop() -> None:
            self.sheet.ws.data_validations.dataValidation.clear()

        return SimpleNamespace(delete=drop)

    @property
    def conditional_formats(self) -> Any:
        ws = self.sheet.ws

        def look(spec: dict[str, Any]) -> dict[str, Any]:
            made: dict[str, Any] = {}
            if spec.get("fill_color") is not None:
                made["fill"] = PatternFill(bgColor=hex_of(spec["fill_color"]))
            font = {}
            if spec.get("font_color") is not None:
                font["color"] = hex_of(spec["font_color"])
            if spec.get("font_bold"):
                font["bold"] = True
            return made | ({"font": Font(**font)} if font else {})

        class Formats:
            def add_custom(_, spec: dict[str, Any]) -> Any:
                rule = FormulaRule(formula=[str(spec["formula"]).removeprefix("=")], **look(spec))
                ws.conditional_formatting.add(self.area, rule)
                return SimpleNamespace()

            def add_data_bar(_, spec: dict[str, Any]) -> Any:
                rule = DataBarRule("num", 0, "max", None, color=hex_of(spec.get("color", "9DC3E6")))
                ws.conditional_formatting.add(self.area, rule)
                return SimpleNamespace()

            def clear(_) -> None:
                ws.conditional_formatting = type(ws.conditional_formatting)()

            def add_cell_value(_, spec: dict[str, Any]) -> Any:
                criterion = str(spec["formula1"]).removeprefix("=")
                rule = CellIsRule(operator="equal", formula=[criterion], **look(spec))
                ws.conditional_formatting.add(self.area, rule)
                return SimpleNamespace()

        return Formats()

    # Notes, copies, selection.
    @property
    def note(self) -> Any:
        found = self.sheet.ws.cell(self.top, self.left_).comment
        return None if found is None else NoteOn(self)

    def add_note(self, text: str) -> Any:
        self.sheet.ws.cell(self.top, self.left_).comment = Comment(text, "stand-in")
        return NoteOn(self)

    def clear(self) -> None:
        self.sheet.clear()

    def copy(self, destination: Any) -> None:
        target = destination.impl.sheet.ws
        for row in self.sheet.ws.iter_rows():
            for cell in row:
                other = target.cell(cell.row, cell.column)
                other.value = cell.value
                other.data_type = cell.data_type
                if cell.has_style:
                    other._style = copy(cell._style)
        for letter, dimension in self.sheet.ws.column_dimensions.items():
            target.column_dimensions[letter].width = dimension.width

    def select(self) -> None:
        self.sheet.book.selected[self.sheet.name] = (self.top, self.left_)

    @property
    def api(self) -> Any:
        return NativeCells(self)


UNSET = xw.main._UNSET


class FontOf:
    """The font of a range: xlwings sets one attribute after the other."""

    def __init__(self, cells: Cells) -> None:
        self.__dict__["cells"] = cells

    def __setattr__(self, name: str, value: Any) -> None:
        named = {"bold": "b", "italic": "i", "size": "sz", "name": "name", "color": "color"}[name]
        cells: Cells = self.cells
        cells._style("font", **{named: Font(color=hex_of(value)).color if name == "color" else value})


class NoteOn:
    def __init__(self, cells: Cells) -> None:
        self.cells = cells

    text = property(lambda self: self.cells.sheet.ws.cell(self.cells.top, self.cells.left_).comment.text)
    location = property(lambda self: self.cells)


class NativeCells:
    """The COM names that the ribbon's module `native` uses of a range."""

    def __init__(self, cells: Cells) -> None:
        object.__setattr__(self, "cells", cells)

    @property
    def Locked(self) -> bool | None:
        found = {bool(cell.protection.locked) for cell in self.cells.each()}
        return found.pop() if len(found) == 1 else None

    def __setattr__(self, name: str, value: Any) -> None:
        cells: Cells = self.cells
        if name == "IndentLevel":
            cells._style("alignment", indent=value)
        elif name == "Locked":
            for cell in cells.each():
                cell.protection = Protection(locked=value)
        elif name == "Formula2":
            cells.sheet.ws.cell(cells.top, cells.left_).value = value
        else:
            raise AttributeError(name)

    @property
    def NumberFormat(self) -> str | None:
        found = {cell.number_format for cell in self.cells.each()}
        return found.pop() if len(found) == 1 else None

    @property
    def Font(self) -> Any:
        cells: Cells = self.cells

        class NativeFont:
            @property
            def Strikethrough(self) -> bool | None:
                found = {bool(cell.font.strike) for cell in cells.each()}
                return found.pop() if len(found) == 1 else None

            def __setattr__(self, name: str, value: Any) -> None:
                assert (name, value) == ("Underline", 2)
                cells._style("font", u="single")

        return NativeFont()

    @property
    def EntireRow(self) -> Any:
        ws, top = self.cells.sheet.ws, self.cells.top

        class Row:
            def __setattr__(self, name: str, value: Any) -> None:
                assert name == "OutlineLevel"
                ws.row_dimensions[top].outlineLevel = value - 1

        return Row()

    @property
    def EntireColumn(self) -> Any:
        ws, left = self.cells.sheet.ws, self.cells.left_

        class Column:
            def __setattr__(self, name: str, value: Any) -> None:
                assert name == "OutlineLevel"
                ws.column_dimensions[get_column_letter(left)].outlineLevel = value - 1

        return Column()

    @property
    def Validation(self) -> Any:
        return NativeValidation(self.cells)

    def AutoFilter(self) -> None:
        self.cells.sheet.ws.auto_filter.ref = self.cells.area


class NativeValidation:
    def __init__(self, cells: Cells) -> None:
        self.__dict__["cells"] = cells

    def Delete(self) -> None:
        pass

    def Add(self, kind: int, alert: int, operator: int = 1, formula: str = "") -> None:
        if kind == 3:
            source = formula if formula.startswith("=") else f'"{formula}"'
            made = DataValidation("list", formula1=source.removeprefix("="), allow_blank=True)
        elif kind == 0:
            made = DataValidation(None, allow_blank=True)
        else:
            assert operator == 7
            name = {2: "decimal", 4: "date"}[kind]
            made = DataValidation(name, operator="greaterThanOrEqual", formula1=formula, allow_blank=True)
        made.errorStyle = {1: "stop", 2: "warning"}[alert]
        made.add(self.cells.area if self.cells.shape != (1, 1) else self.cells.area.split(":")[0])
        self.cells.sheet.ws.add_data_validation(made)
        self.__dict__["made"] = made

    def __setattr__(self, name: str, value: str) -> None:
        pass


class Sheet:
    def __init__(self, book: StandIn, ws: Any) -> None:
        self.book = book
        self.ws = ws
        self.book.natives.setdefault(ws, NativeSheet(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sheet) and other.ws is self.ws

    def __hash__(self) -> int:
        return id(self.ws)

    def cell(self, row: int, column: int) -> Any:
        """A cell, in the font of the whole sheet where it has no look of its own yet."""
        cell = self.ws.cell(row, column)
        if not cell.has_style and self.ws in self.book.fonts:
            font = copy(cell.font)
            for name, value in self.book.fonts[self.ws].items():
                setattr(font, name, value)
            cell.font = font
        return cell

    @property
    def name(self) -> str:
        return str(self.ws.title)

    @name.setter
    def name(self, name: str) -> None:
        self.ws.title = name

    @property
    def names(self) -> Any:
        return SheetNames(self)

    index = property(lambda self: self.book.wb.worksheets.index(self.ws) + 1)
    cells = property(lambda self: Cells(self, 1, 1, MOST_ROWS, MOST_COLUMNS))
    api = property(lambda self: self.book.natives[self.ws])

    def range(self, first: Any, second: Any = None) -> Cells:
        if isinstance(first, Cells):
            return first
        if isinstance(first, tuple):
            last = second or first
            return Cells(self, *first, *last)
        left, top, right, bottom = range_boundaries(first.replace("$", ""))
        return Cells(self, top or 1, left or 1, bottom or MOST_ROWS, right or MOST_COLUMNS)

    def activate(self) -> None:
        self.book.wb.active = self.index - 1

    def clear(self) -> None:
        self.book.log("clear", self.name)
        self.ws.delete_rows(1, self.ws.max_row + 1)
        self.ws._cells.clear()
        self.ws.row_dimensions.clear()
        self.ws.column_dimensions.clear()
        self.book.fonts.pop(self.ws, None)

    def delete(self) -> None:
        self.book.log("delete", self.name)
        self.book.wb.remove(self.ws)

    def copy(self, before: Any, after: Any) -> None:
        made = self.book.wb.copy_worksheet(self.ws)
        for name, defined in self.ws.defined_names.items():
            made.defined_names[name] = copy(defined)

    @property
    def used_range(self) -> Cells:
        return Cells(self, 1, 1, max(self.ws.max_row, 1), max(self.ws.max_column, 1))

    @property
    def visible(self) -> bool:
        return self.ws.sheet_state == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        self.ws.sheet_state = "visible" if value else "hidden"

    @property
    def show_gridlines(self) -> bool:
        return bool(self.ws.sheet_view.showGridLines)

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        self.ws.sheet_view.showGridLines = value

    @property
    def page_setup(self) -> Any:
        ws = self.ws

        class PageSetup:
            print_area = property(None, lambda _, area: setattr(ws, "print_area", area))

        return PageSetup()

    @property
    def notes(self) -> Any:
        return [
            NoteOn(Cells(self, cell.row, cell.column, cell.row, cell.column))
            for row in self.ws.iter_rows()
            for cell in row
            if cell.comment is not None
        ]

    @property
    def charts(self) -> Any:
        return StandInCharts(self)

    @property
    def tables(self) -> Any:
        return StandInTables(self)


class StandInCharts(list[Any]):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet.book.charts.get(sheet.name, []))
        self.sheet = sheet

    def __contains__(self, key: object) -> bool:
        return False

    def add(self, left: float, top: float, width: float, height: float, *_: Any, **__: Any) -> Any:
        made = NativeChart(self.sheet, left, top, width, height)
        self.sheet.book.charts.setdefault(self.sheet.name, []).append(made)
        return made


class NativeChart:
    """A chart that remembers what it was told."""

    def __init__(self, sheet: Sheet, *place: float) -> None:
        self.sheet, self.place, self.series = sheet, place, []
        self.told: dict[str, Any] = {}

    @property
    def api(self) -> Any:
        return SimpleNamespace(ShapeRange=SimpleNamespace()), self

    def delete(self) -> None:
        self.sheet.book.charts[self.sheet.name].remove(self)

    def SeriesCollection(self, number: int | None = None) -> Any:
        def new() -> Any:
            def coloured() -> Any:
                return SimpleNamespace(ForeColor=SimpleNamespace())

            def part(_: int) -> Any:
                return SimpleNamespace(Format=SimpleNamespace(Fill=coloured()))

            made = SimpleNamespace(Format=SimpleNamespace(Fill=coloured(), Line=coloured()), Points=part)
            made.DataLabels = lambda: SimpleNamespace()
            self.series.append(made)
            return made

        return SimpleNamespace(Count=len(self.series), NewSeries=new)

    def Axes(self, kind: int) -> Any:
        made = SimpleNamespace(TickLabels=SimpleNamespace(), Delete=lambda: self.told.pop(f"axis {kind}"))
        return self.told.setdefault(f"axis {kind}", made)

    ChartTitle = property(lambda self: self.told.setdefault("title", SimpleNamespace()))
    Legend = property(lambda self: self.told.setdefault("legend", SimpleNamespace()))


class StandInTables(list[Any]):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__(NativeTable(sheet, table) for table in sheet.ws.tables.values())
        self.sheet = sheet

    def add(self, source: Any, name: str, table_style_name: str, **_: Any) -> Any:
        made = Table(displayName=name, ref=source.impl.area)
        made.tableStyleInfo = TableStyleInfo(name=table_style_name, showRowStripes=True)
        self.sheet.ws.add_table(made)
        return NativeTable(self.sheet, made)


class NativeTable:
    def __init__(self, sheet: Sheet, table: Any) -> None:
        self.sheet, self.table = sheet, table

    name = property(lambda self: self.table.displayName)
    range = property(lambda self: self.sheet.range(self.table.ref))
    show_totals = property(lambda self: bool(self.table.totalsRowCount))

    @property
    def api(self) -> Any:
        return SimpleNamespace(Unlist=lambda: self.sheet.ws.tables.pop(self.table.name))


class SheetNames:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def snapshot(self) -> list[tuple[str, Any]]:
        return [(name, DefinedOn(self.sheet, name)) for name in self.sheet.ws.defined_names]

    def add(self, name: str, refers_to: str) -> Any:
        self.sheet.ws.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return SimpleNamespace(name=name)


class BookNames:
    def __init__(self, book: StandIn) -> None:
        self.book = book

    def snapshot(self) -> list[tuple[str, Any]]:
        return [(name, SimpleNamespace(name=name)) for name in self.book.wb.defined_names]

    def add(self, name: str, refers_to: str) -> Any:
        self.book.wb.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return SimpleNamespace(name=name)


class DefinedOn:
    """A name defined on a sheet."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet, self.key = sheet, name
        self.name = f"'{sheet.name}'!{name}"

    @property
    def refers_to(self) -> str:
        return f"={self.sheet.ws.defined_names[self.key].attr_text}"

    @refers_to.setter
    def refers_to(self, cells: str) -> None:
        self.sheet.ws.defined_names[self.key].attr_text = cells.removeprefix("=")


class NativeSheet:
    """The COM names that `native` uses of a worksheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.is_locked_by_password = False
        self.PageSetup = NativePageSetup(sheet.ws)
        self.HPageBreaks = SimpleNamespace(
            Add=lambda before: sheet.ws.row_breaks.append(Break(id=before.cells.top - 1))
        )

    @property
    def Tab(self) -> Any:
        ws = self.sheet.ws

        class NativeTab:
            def __setattr__(self, name: str, value: int) -> None:
                ws.sheet_properties.tabColor = f"{value & 255:02X}{value >> 8 & 255:02X}{value >> 16 & 255:02X}"

        return NativeTab()

    def Protect(self, **allowed: Any) -> None:
        self.sheet.ws.protection.enable()

    def Unprotect(self) -> None:
        if self.is_locked_by_password:
            raise Failing(f"{self.sheet.name} has a password")
        self.sheet.ws.protection.disable()

    def ResetAllPageBreaks(self) -> None:
        self.sheet.ws.row_breaks.brk.clear()


class NativePageSetup:
    def __init__(self, ws: Any) -> None:
        self.__dict__["ws"] = ws

    def __setattr__(self, name: str, value: Any) -> None:
        ws = self.ws
        if name == "PaperSize":
            ws.page_setup.paperSize = value
        elif name == "Orientation":
            ws.page_setup.orientation = {1: "portrait", 2: "landscape"}[value]
        elif name == "Zoom":
            ws.sheet_properties.pageSetUpPr.fitToPage = not value
        elif name == "FitToPagesWide":
            ws.page_setup.fitToWidth = value
        elif name == "FitToPagesTall":
            ws.page_setup.fitToHeight = int(value)
        elif name.endswith("Margin"):
            setattr(ws.page_margins, name.removesuffix("Margin").lower(), value / 72)
        elif name.endswith(("Header", "Footer")):
            side, kind = re.fullmatch(r"(Left|Center|Right)(Header|Footer)", name).groups()  # type: ignore[union-attr]
            part = getattr(getattr(ws, f"odd{kind}"), side.lower())
            part.text = value or None
        elif name == "PrintTitleRows":
            ws.print_title_rows = value.replace("$", "") or None
        elif name == "PrintTitleColumns":
            ws.print_title_cols = value.replace("$", "") or None
        else:
            raise AttributeError(name)


class StandIn:
    """The engine's book. `calls` is everything that was asked of it; `fail_at` lets the n-th call fail.

    `calculated` is what formulas show, by sheet and cell.
    """

    @property
    def names(self) -> Any:
        return BookNames(self)

    def __init__(self) -> None:
        self.wb = Workbook()
        self.calls: list[tuple[Any, ...]] = []
        self.fail_at: int | None = None
        self.natives: dict[Any, NativeSheet] = {}
        self.charts: dict[str, list[NativeChart]] = {}
        self.fonts: dict[Any, dict[str, Any]] = {}
        self.selected: dict[str, tuple[int, int]] = {}
        self.calculated: dict[tuple[str, str], Any] = {}
        self.app = StandInApp(self)
        self.app.books.opened.append(self)
        self.name = "stand-in.xlsx"
        self.fullname = "stand-in.xlsx"
        self.failure: Exception = Failing("Excel refused")
        self.api = SimpleNamespace(Date1904=False)

    def log(self, *call: Any) -> None:
        self.calls.append(call)
        if self.fail_at is not None and len(self.calls) >= self.fail_at:
            self.fail_at = None
            raise self.failure

    @property
    def sheets(self) -> Any:
        return StandInSheets(self)

    def activate(self) -> None:
        pass

    def save(self, path: str | None, password: str | None = None) -> None:
        self.log("save")
        self.wb.save(self.fullname)

    def close(self) -> None:
        self.log("close")
        self.app.books.opened.remove(self)


class StandInSheets:
    def __init__(self, book: StandIn) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.wb.active)

    def __call__(self, key: int | str) -> Sheet:
        if isinstance(key, int):
            return Sheet(self.book, self.book.wb.worksheets[key - 1])
        return Sheet(self.book, self.book.wb[key])

    def __len__(self) -> int:
        return len(self.book.wb.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, ws) for ws in self.book.wb.worksheets)

    def add(self, before: Any, after: Any, name: str | None) -> Sheet:
        self.book.log("add", name)
        return Sheet(self.book, self.book.wb.create_sheet(name))


class StandInEngine:
    """What xlwings' converters ask of an engine."""

    name = "stand-in"
    type = "desktop"

    def __init__(self, app: StandInApp) -> None:
        self.apps = StandInApps([app])

    def prepare_xl_data_element(self, value: Any, options: Any) -> Any:
        return value

    def clean_value_data(self, data: Any, *_: Any) -> Any:
        return [list(row) for row in data]


class StandInApps(list[Any]):
    """The running Excels."""

    def keys(self) -> list[int]:
        return [1]


class StandInBooks:
    """The open workbooks; a workbook opened is read from its file."""

    def __init__(self, app: StandInApp) -> None:
        self.app = app
        self.opened: list[StandIn] = []

    def __call__(self, name: str) -> StandIn:
        for book in self.opened:
            if book.name == name:
                return book
        raise KeyError(name)

    def open(self, fullname: str, *_: Any) -> StandIn:
        book = StandIn()
        book.app = self.app
        book.wb = load_workbook(fullname)
        book.name, book.fullname = Path(fullname).name, fullname
        self.opened.append(book)
        return book


class StandInApp:
    pid = 1

    def __init__(self, book: StandIn) -> None:
        self.book = book
        self.books = StandInBooks(self)
        self.chosen: tuple[str, ...] | bool = False
        self.engine = StandInEngine(self)
        self.status_bar: Any = False
        self.told: list[str] = []
        self.alerts: list[str] = []
        self.answer = "ok"
        self.answers: list[str] = []
        """Answers to the next alerts, before `answer` again."""
        self.screen_updating = True
        self.display_alerts = True

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name == "status_bar" and isinstance(value, str):
            self.told.append(value)

    def activate(self, steal_focus: bool = False) -> None:
        pass

    def alert(self, prompt: str, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        self.alerts.append(prompt)
        return self.answers.pop(0) if self.answers else self.answer

    @property
    def api(self) -> Any:
        return SimpleNamespace(ActiveWindow=NativeWindow(self.book.wb.active), GetOpenFilename=lambda **_: self.chosen)


class NativeWindow:
    def __init__(self, ws: Any) -> None:
        self.__dict__.update(ws=ws, rows=0, columns=0)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "Zoom":
            self.ws.sheet_view.zoomScale = value
        elif name == "SplitRow":
            self.__dict__["rows"] = value
        elif name == "SplitColumn":
            self.__dict__["columns"] = value
        elif name == "FreezePanes":
            kept = f"{get_column_letter(self.columns + 1)}{self.rows + 1}"
            self.ws.freeze_panes = kept if value and (self.rows or self.columns) else None
        else:
            raise AttributeError(name)


def stand_in(rows: dict[str, list[list[Any]]]) -> tuple[xw.Book, StandIn]:
    """An xlwings book with the given sheets, and the engine behind it."""
    impl = StandIn()
    impl.wb.remove(impl.wb.active)
    for name, cells in rows.items():
        sheet = impl.wb.create_sheet(name)
        for row in cells:
            sheet.append(row)
    xw.engines.active = xw.main.Engine(impl=impl.app.engine)
    return xw.Book(impl=impl), impl


def saved(impl: StandIn, folder: Path) -> Path:
    path = folder / "live.xlsx"
    impl.wb.save(path)
    return path
