"""Rows put into a worksheet's XML with nothing else of it changed: what openpyxl would lose on saving stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from capgain.workbook.importing.ledger_rows import Value
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.sheets import column_letter, position
from capgain.workbook.written.serials import serial_of

EXCEL_DIGITS = 15
"""A cell keeps so many significant digits of a number; what has more is written as text."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</(?:\w+:)?c>)', re.DOTALL)
_ROW = re.compile(rb'<(?:\w+:)?row\b(?:[^>]*?\sr="(\d+)")?')
_STYLE = re.compile(rb'\bs="(\d+)"')
_HOLDS = re.compile(rb"<(?:\w+:)?(?:v|f|is)\b")


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    return position(f"{letters}1")[1]


def cell_xml(prefix: str, reference: str, style: int, value: Value, *, date_1904: bool = False) -> str:
    """A cell. Text is text whatever it begins with; a number that a cell cannot hold exactly is text too."""
    styled = f' s="{style}"' if style else ""
    if isinstance(value, Decimal):
        if len(value.as_tuple().digits) <= EXCEL_DIGITS or len(value.normalize().as_tuple().digits) <= EXCEL_DIGITS:
            return f'<{prefix}c r="{reference}"{styled}><{prefix}v>{format(value, "f")}</{prefix}v></{prefix}c>'
        value = format(value, "f")
    if isinstance(value, date):
        serial = serial_of(value, date_1904=date_1904)
        if not isinstance(serial, str):
            return f'<{prefix}c r="{reference}"{styled}><{prefix}v>{serial!r}</{prefix}v></{prefix}c>'
        value = serial
    text = value if value.isprintable() else _UNPRINTABLE.sub(" ", value)
    if "&" in text or "<" in text or ">" in text:
        text = escape(text)
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    inline = f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>"
    return f'<{prefix}c r="{reference}"{styled} t="inlineStr">{inline}</{prefix}c>'


@dataclass(slots=True)
class SheetXml:
    """A worksheet part taken apart only as far as rows are to be put in."""

    content: bytes
    name: str

    @property
    def prefix(self) -> str:
        found = re.search(rb"<((?:\w+:)?)sheetData\b", self.content)
        if found is None:
            raise UnreadableImport(f"Sheet {self.name} has no rows part; it is damaged or no worksheet.")
        return found[1].decode()

    def _sheet_data(self) -> tuple[int, int]:
        """Offsets of what lies between the tags of sheetData; an empty element is opened first."""
        tag = f"{self.prefix}sheetData".encode()
        empty = re.search(rb"<" + tag + rb"\s*/>", self.content)
        if empty is not None:
            opened = b"<" + tag + b"></" + tag + b">"
            self.content = self.content[: empty.start()] + opened + self.content[empty.end() :]
        start = re.search(rb"<" + tag + rb"\b[^>]*>", self.content)
        end = self.content.rfind(b"</" + tag + b">")
        if start is None or end < 0:
            raise UnreadableImport(f"Sheet {self.name} is damaged: its rows part has no end.")
        return start.end(), end

    def rows_from(self, first: int) -> list[tuple[int, int, int]]:
        """(row number, start, end) of the row elements from row `first` on."""
        begin, end = self._sheet_data()
        found = [(int(match[1]) if match[1] else 0, match.start()) for match in _ROW.finditer(self.content, begin, end)]
        if any(number == 0 for number, _ in found):
            raise UnreadableImport(
                f"Sheet {self.name} was written by a program that does not number its rows. Save it in Excel first."
            )
        ends = [start for _, start in found[1:]] + [end]
        return [(number, start, stop) for (number, start), stop in zip(found, ends, strict=True) if number >= first]

    def styles_of_row(self, row: int) -> dict[int, int]:
        """The style of each cell of a row, by column."""
        for number, start, end in self.rows_from(row):
            if number == row:
                return {
                    column_number(match[1].decode()): int(style[1])
                    if (style := _STYLE.search(match[0][: match[0].find(b">")]))
                    else 0
                    for match in _CELL.finditer(self.content, start, end)
                }
            break
        return {}

    @property
    def is_protected(self) -> bool:
        return re.search(rb'<(?:\w+:)?sheetProtection\b[^>]*\bsheet="(?:1|true)"', self.content) is not None

    def last_row_holding(self, columns: frozenset[int]) -> int:
        """The last row in which one of the columns holds anything, an error or a formula too; 0 where none does."""
        last = 0
        for number, start, end in self.rows_from(1):
            for match in _CELL.finditer(self.content, start, end):
                if _HOLDS.search(match[0]) and column_number(match[1].decode()) in columns:
                    last = number
                    break
        return last

    def put_cells(self, row: int, cells: Mapping[int, str]) -> None:
        """Replace cells of a row that is there, by column; all others stay."""
        for number, start, end in self.rows_from(row):
            if number == row:
                element = self._with_cells(self.content[start:end], row, cells)
                self.content = self.content[:start] + element + self.content[end:]
                return
        raise UnreadableImport(f"Sheet {self.name} has no row {row}; it is damaged.")

    def put_header_cells(self, row: int, names: Mapping[int, str]) -> None:
        """Write new header cells to the right of the header row, in the look of the last one."""
        for number, start, end in self.rows_from(row):
            if number != row:
                continue
            styles = self.styles_of_row(row)
            style = styles[max(styles)] if styles else 0
            element = self.content[start:end]
            self.content = (
                self.content[:start]
                + self._with_cells(
                    element,
                    row,
                    {
                        column: cell_xml(self.prefix, f"{column_letter(column)}{row}", style, name)
                        for column, name in names.items()
                    },
                )
                + self.content[end:]
            )
            return
        raise UnreadableImport(f"Sheet {self.name} has no row {row}; it is damaged.")

    def put_rows(self, first: int, last: int, rows: Iterable[Mapping[int, str]], columns: frozenset[int]) -> None:
        """Put rows of finished cells (by column) into rows `first` to `last`; `columns` must be free there.

        Raises:
            UnreadableImport: something stands where the rows are to go.
        """
        existing = {number: (start, end) for number, start, end in self.rows_from(first)}
        _, data_end = self._sheet_data()
        insert_at = min((start for start, _ in existing.values()), default=data_end)
        prefix = self.prefix
        made = []
        for number, cells in enumerate(rows, start=first):
            place = existing.get(number)
            if place is None:
                joined = "".join(cells[column] for column in sorted(cells))
                made.append(f'<{prefix}row r="{number}">{joined}</{prefix}row>'.encode())
                continue
            element = self.content[place[0] : place[1]]
            for match in _CELL.finditer(element):
                column = column_number(match[1].decode())
                if column in columns and _HOLDS.search(match[0]):
                    raise UnreadableImport(
                        f"Sheet {self.name}: cell {column_letter(column)}{number} below the ledger is not empty. "
                        "Move what stands there to another sheet."
                    )
            made.append(self._with_cells(element, number, cells))
        rest = b"".join(self.content[start:end] for number, (start, end) in sorted(existing.items()) if number > last)
        self.content = self.content[:insert_at] + b"".join(made) + rest + self.content[data_end:]
        self._widen_dimension(last, max(columns))

    def _with_cells(self, element: bytes, row: int, cells: Mapping[int, str]) -> bytes:
        """The row element with `cells` put in, those of the same columns replaced, all others kept."""
        prefix = self.prefix
        start_tag = element[: element.find(b">") + 1]
        if start_tag.endswith(b"/>"):
            start_tag = start_tag[:-2] + b">"
        start_tag = re.sub(rb'\sspans="[^"]*"', b"", start_tag)
        merged = {column_number(match[1].decode()): match[0] for match in _CELL.finditer(element)}
        merged |= {column: cell.encode() for column, cell in cells.items()}
        return start_tag + b"".join(merged[column] for column in sorted(merged)) + f"</{prefix}row>".encode()

    def _widen_dimension(self, last_row: int, last_column: int) -> None:
        found = re.search(rb'(<(?:\w+:)?dimension\b[^>]*\bref=")([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?"', self.content)
        if found is None:
            return
        column = max(last_column, column_number((found[4] or found[2]).decode()))
        row = max(last_row, int(found[5] or found[3]))
        wide = found[1] + found[2] + found[3] + f":{column_letter(column)}{row}".encode() + b'"'
        self.content = self.content[: found.start()] + wide + self.content[found.end() :]
