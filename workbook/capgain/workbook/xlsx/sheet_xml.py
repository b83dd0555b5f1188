"""Rows put into a worksheet's XML with nothing else of it changed: what openpyxl would lose on saving stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from capgain.engine.money import EXACT
from capgain.workbook.sheets import address, column_letter, position
from capgain.workbook.written.serials import serial_of
from capgain.workbook.xlsx.elements import Element, element
from capgain.workbook.xlsx.unreadable import CannotEdit

Value = str | Decimal | datetime | date

EXCEL_DIGITS = 15
"""A cell keeps so many significant digits of a number; what has more is written as text."""

_MOST_TEXTS = 100
"""Texts of a column that are kept as they are written: nearly all cells of some columns hold one of a few."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cell_xml(prefix: str, reference: str, style: int, value: Value, *, date_1904: bool = False) -> str:
    """A cell. Text is text whatever it begins with; a number that a cell cannot hold exactly is text too."""
    return CellForm(prefix, reference, style, date_1904=date_1904).xml("", value)


class CellForm:
    """How the cells of one column and style are written."""

    __slots__ = ("_date_1904", "_number", "_number_ends", "_start", "_text", "_text_ends", "_texts")

    def __init__(self, prefix: str, letters: str, style: int, *, date_1904: bool) -> None:
        styled = f' s="{style}"' if style else ""
        self._start = f'<{prefix}c r="{letters}'
        self._number, self._number_ends = f'"{styled}><{prefix}v>', f"</{prefix}v></{prefix}c>"
        self._text = f'"{styled} t="inlineStr"><{prefix}is><{prefix}t'
        self._text_ends = f"</{prefix}t></{prefix}is></{prefix}c>"
        self._texts: dict[str, str] = {}
        self._date_1904 = date_1904

    def xml(self, row: int | str, value: Value) -> str:
        """The cell in that row, as `cell_xml` says."""
        if value.__class__ is not str:
            number = _number(value, self._date_1904)
            if number:
                return f"{self._start}{row}{self._number}{number}{self._number_ends}"
            value = format(value, "f") if isinstance(value, Decimal) else str(value)
        known = self._texts.get(value)
        if known is None:
            known = self._of_text(value)
            if len(self._texts) < _MOST_TEXTS:
                self._texts[value] = known
        return f"{self._start}{row}{known}"

    def _of_text(self, value: str) -> str:
        text = value if value.isprintable() else _UNPRINTABLE.sub(" ", value)
        if "&" in text or "<" in text or ">" in text:
            text = escape(text)
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f"{self._text}{space}>{text}{self._text_ends}"


def _number(value: Value, date_1904: bool) -> str:
    """What a cell holds of a number or date, "" where it cannot hold it exactly."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        if len(text) <= EXCEL_DIGITS or len(value.normalize(EXACT).as_tuple().digits) <= EXCEL_DIGITS:
            return text
    elif isinstance(value, date):
        serial = serial_of(value, date_1904=date_1904)
        return "" if isinstance(serial, str) else repr(serial)
    return ""


@dataclass(slots=True)
class SheetXml:
    """A worksheet part taken apart only as far as rows are to be put in. Its methods raise CannotEdit."""

    content: bytes
    name: str
    _read: bytes = b""
    _known: dict[int, Element] = field(default_factory=dict)

    @property
    def _data(self) -> Element:
        found = element(self.content, "sheetData")
        if found is None:
            raise CannotEdit(f"Sheet {self.name} has no rows part; it is damaged or no worksheet.")
        return found

    @property
    def prefix(self) -> str:
        return self._data.prefix

    @property
    def is_protected(self) -> bool:
        found = element(self.content, "sheetProtection")
        return found is not None and found.get("sheet") in ("1", "true")

    def _rows(self) -> dict[int, Element]:
        """The row elements by number."""
        if self._read is not self.content:
            self._read = self.content
            self._known = {int(row.get("r", "0")): row for row in self._data.within("row")}
        if 0 in self._known:
            raise CannotEdit(
                f"Sheet {self.name} was written by a program that does not number its rows. Save it in Excel first."
            )
        return self._known

    def _cells(self, row: Element) -> dict[int, Element]:
        """The cells of a row by column."""
        cells = list(row.within("c"))
        if any(not cell.get("r") for cell in cells):
            raise CannotEdit(
                f"Sheet {self.name} was written by a program that does not number its cells. Save it in Excel first."
            )
        return {position(cell.get("r"))[1]: cell for cell in cells}

    def styles_of_row(self, row: int) -> dict[int, int]:
        """The style of each cell of a row, by column."""
        found = self._rows().get(row)
        return {} if found is None else {column: int(cell.get("s", "0")) for column, cell in self._cells(found).items()}

    def last_row_holding(self, columns: frozenset[int]) -> int:
        """The last row in which one of the columns holds anything, an error or a formula too; 0 where none does."""
        for number, row in sorted(self._rows().items(), reverse=True):
            if any(b"<" in cell.held for column, cell in self._cells(row).items() if column in columns):
                return number
        return 0

    def put_cells(self, row: int, cells: Mapping[int, str]) -> None:
        """Replace cells of a row that is there, by column; all others stay."""
        found = self._rows().get(row)
        if found is None:
            raise CannotEdit(f"Sheet {self.name} has no row {row}; it is damaged.")
        self.content = self.content[: found.start] + self._with_cells(found, cells) + self.content[found.ends[1] :]

    def empty_cells(self, rows: Collection[int], columns: frozenset[int]) -> None:
        """Take out what cells hold; their look stays."""
        pieces = []
        start = 0
        for number, row in sorted(self._rows().items()):
            if number not in rows:
                continue
            held = b"".join(
                f'<{self.prefix}c r="{column_letter(column)}{number}" s="{cell.get("s", "0")}"/>'.encode()
                if column in columns
                else cell.whole
                for column, cell in sorted(self._cells(row).items())
            )
            pieces += [self.content[start : row.start], row.with_held(held, spans=None)]
            start = row.ends[1]
        self.content = b"".join((*pieces, self.content[start:]))

    def put_header_cells(self, row: int, names: Mapping[int, str]) -> None:
        """Write new header cells to the right of the header row, in the look of the last one."""
        styles = self.styles_of_row(row)
        style = styles[max(styles)] if styles else 0
        cells = {
            column: cell_xml(self.prefix, f"{column_letter(column)}{row}", style, name)
            for column, name in names.items()
        }
        self.put_cells(row, cells)

    def put_rows(self, first: int, last: int, rows: Iterable[Mapping[int, str]], columns: frozenset[int]) -> None:
        """Put rows of finished cells (by column) into rows `first` to `last`; `columns` must be free there."""
        data, existing = self._data, {number: row for number, row in self._rows().items() if number >= first}
        prefix = self.prefix
        made = []
        for number, cells in enumerate(rows, start=first):
            there = existing.get(number)
            if there is None:
                joined = "".join(map(cells.__getitem__, sorted(cells)))
                made.append(f'<{prefix}row r="{number}">{joined}</{prefix}row>'.encode())
                continue
            for column, cell in self._cells(there).items():
                if column in columns and b"<" in cell.held:
                    raise CannotEdit(
                        f"Sheet {self.name}: cell {column_letter(column)}{number} below the ledger is not empty. "
                        "Move what stands there to another sheet."
                    )
            made.append(self._with_cells(there, cells))
        insert_at = min((row.start for row in existing.values()), default=data.ends[0])
        rest = b"".join(row.whole for number, row in sorted(existing.items()) if number > last)
        self.content = data.holding(self.content[data.inner : insert_at] + b"".join(made) + rest)
        self._widen_dimension(last, max(columns))

    def _with_cells(self, row: Element, cells: Mapping[int, str]) -> bytes:
        """The row element with `cells` put in, those of the same columns replaced, all others kept."""
        merged = {column: cell.whole for column, cell in self._cells(row).items()}
        merged |= {column: cell.encode() for column, cell in cells.items()}
        joined = b"".join(merged[column] for column in sorted(merged))
        return row.with_held(joined, spans=None)

    def _widen_dimension(self, last_row: int, last_column: int) -> None:
        found = element(self.content, "dimension")
        if found is not None and found.get("ref"):
            start, _, end = found.get("ref").partition(":")
            row, column = position(end or start)
            wide = address(max(last_row, row), max(last_column, column))
            self.content = found.changed(ref=f"{start}:{wide}")
