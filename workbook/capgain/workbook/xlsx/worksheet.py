"""A worksheet whose rows go from a `Sheet` straight into XML, and the package they go into.

XlsxWriter keeps a value of its own for every cell until the end, and looks at each as if it might be anything. The rows
of a `Sheet` are there already and say what they hold: written directly they take a third of the time, and no memory
that grows with them; each part goes into the package as it is made. All else (styles, tables, page set-up, comments,
charts) is XlsxWriter's, and the bytes are those that it would write.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import IO, Any, BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from capgain.workbook.sheets import Cell, DynamicFormula, Formula, Row, Scalar, Style, column_letter
from capgain.workbook.written.serials import serial_of

LONGEST_TEXT = 32_767
"""Excel's own limit of a cell."""

_SPAN = 16
"""Rows that share the hint of which columns they use."""

_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

StyleOf = Callable[[Style, Scalar | Formula | DynamicFormula], Any]
"""XlsxWriter's format for a cell of that style and content."""


class _NothingNoted(dict[tuple[int, int], str]):
    """Where XlsxWriter would note each cell of a table, to find a second one over it: a sheet has one at most."""

    def __setitem__(self, place: tuple[int, int], cells: str) -> None:
        return None


class RowsWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose cells are `rows`; `take_rows` comes before anything that refers to them."""

    rows: Sequence[Row] = ()

    def __init__(self) -> None:
        super().__init__()
        self.table_cells = _NothingNoted()

    def take_rows(self, rows: Sequence[Row], style_of: StyleOf, row_written: Callable[[], None]) -> None:
        """Note the texts, in the order in which they stand, and how far the rows reach."""
        self.rows = rows
        self._style_of = style_of
        self._row_written = row_written
        self._spans: dict[int, tuple[int, int]] = {}
        index = self.str_table._get_shared_string_index
        for place, row in enumerate(rows):
            first = last = -1
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                if first < 0:
                    first = column
                last = column
                text = text_of(cell.content)
                if text:
                    index(text)
                if isinstance(cell.content, DynamicFormula):
                    self.has_dynamic_arrays = True
            if first >= 0:
                self._check_dimensions(place, first)
                self._check_dimensions(place, last)
                self._reach(place, first, last)
        self._index = self.str_table.string_table

    def _reach(self, place: int, first: int, last: int) -> None:
        low, high = self._spans.get(place // _SPAN, (first, last))
        self._spans[place // _SPAN] = min(low, first), max(high, last)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Formulas as they stand: a book's use none of the functions that older Excel does not have."""
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        for place, columns in self.comments.items():
            if columns:
                self._reach(place, min(columns), max(columns))
        styles: dict[tuple[Style, bool], int] = {}
        letters = [column_letter(column + 1) for column in range(self.dim_colmax + 1)]
        for place in range(self.dim_rowmin, self.dim_rowmax + 1):
            self._row_written()
            row = self.rows[place] if place < len(self.rows) else ()
            cells = "".join(self._cells(place, row, letters, styles))
            if not (cells or place in self.row_info or place in self.comments):
                continue
            reach = self._spans.get(place // _SPAN)
            span = f"{reach[0] + 1}:{reach[1] + 1}" if reach else None
            if cells:
                self._write_row(place, span, self.row_info.get(place))
                self.fh.write(cells)
                self._xml_end_tag("row")
            else:
                self._write_empty_row(place, span, self.row_info.get(place))

    def _cells(
        self, place: int, row: Row, letters: Sequence[str], styles: dict[tuple[Style, bool], int]
    ) -> Iterator[str]:
        number = place + 1
        index = self._index
        for column, cell in enumerate(row):
            if cell is None:
                continue
            content, style = cell
            if isinstance(content, Formula):
                content = content.within_excel
            known = style, isinstance(content, date) and text_of(content) is None
            look = styles.get(known)
            if look is None:
                look = styles[known] = self._style_of(style, content)._get_xf_index()
            start = f'<c r="{letters[column]}{number}" s="{look}"'
            if isinstance(content, Decimal):
                yield f"{start}><v>{number_text(float(content))}</v></c>"
            elif isinstance(content, Formula):
                kind, value = _shown(content)
                yield f"{start}{kind}><f>{escape(content.text.removeprefix('='))}</f><v>{value}</v></c>"
            elif isinstance(content, DynamicFormula):
                formula = escape(content.text.removeprefix("="))
                array = f'<f t="array" ref="{letters[column]}{number}">{formula}</f>'
                yield f'{start} cm="1">{array}<v>{cached(content.expected)}</v></c>'
            elif content is None or content == "":
                yield f"{start}/>"
            elif (text := text_of(content)) is not None:
                yield f'{start} t="s"><v>{index[text]}</v></c>'
            elif isinstance(content, bool):
                yield f'{start} t="b"><v>{int(content)}</v></c>'
            else:
                yield f"{start}><v>{number_text(number_of(content))}</v></c>"

    def _get_range_data(self, top: int, left: int, bottom: int, right: int) -> list[Any]:
        """What the cells of a chart's range show, row by row; None for an empty one."""
        return [
            self._charted(self.rows[place][column])
            if place < len(self.rows) and column < len(self.rows[place])
            else None
            for place in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def _charted(self, cell: Cell | None) -> Any:
        if cell is None:
            return None
        content = cell.content
        text = text_of(content)
        if text is not None:
            return text
        if isinstance(content, Formula | DynamicFormula):
            return cached(content.expected)
        return "" if content is None else number_text(number_of(content))


def text_of(content: Scalar | Formula | DynamicFormula) -> str | None:
    """The text that a cell holds, None where it holds something else."""
    if isinstance(content, str):
        return fitting(content)
    if isinstance(content, date):
        serial = _serial(content)
        return serial if isinstance(serial, str) else None
    return None


_serial = lru_cache(20_000)(serial_of)
"""Days recur on thousands of rows."""


def fitting(text: str) -> str:
    """Text as long as a cell holds, counted as Excel counts it (in UTF-16), saying so where it was cut."""
    if 2 * len(text) <= LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    mark = f" [cut: {len(text):,} characters]"
    return units[: 2 * (LONGEST_TEXT - len(mark))].decode("utf-16-le", "ignore") + mark


def number_of(content: Scalar | Formula | DynamicFormula) -> float:
    """The double that a cell stores for a number or a day."""
    if isinstance(content, date):
        return float(_serial(content))
    assert isinstance(content, (int, float, Decimal))
    return float(content)


def number_text(number: float) -> str:
    """A double in 16 digits where they tell it from all others, else in the 17 that it needs."""
    text = f"{number:.16G}"
    return text if float(text) == number else repr(number)


def cached(expected: str | bool | int | float | Decimal | date) -> str | bool | float:
    """The value that a file keeps beside a formula."""
    if isinstance(expected, (bool, str)):
        return expected
    return serial_of(expected) if isinstance(expected, date) else float(expected)


def _shown(formula: Formula) -> tuple[str, str]:
    """The type attribute of a formula's cell and its cached value."""
    value = cached(formula.expected)
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, str):
        return (' t="e"' if value in _ERRORS else ' t="str"'), escape(value)
    return "", str(value)


class _NeverClosed(io.BytesIO):
    """For a package that is given up: who collects it first closes the file, who comes second complains of that."""

    def close(self) -> None:
        return None


class PackedWorkbook(Workbook):  # type: ignore[misc]
    """A workbook whose parts go into the package `written` one after the other, none of them waiting as a whole."""

    def __init__(self, written: BinaryIO, options: dict[str, Any]) -> None:
        super().__init__(_NeverClosed(), options)  # XlsxWriter's own package stays empty
        self._written = written

    def _get_packager(self) -> Packager:
        return _Packer(self._written)


class _Packer(Packager):  # type: ignore[misc]
    """Makes the parts in XlsxWriter's order, each into an entry of the package with XlsxWriter's own date."""

    def __init__(self, written: BinaryIO) -> None:
        super().__init__()
        self._zip = ZipFile(written, "w", ZIP_DEFLATED)
        self._part: _Part | None = None

    def _filename(self, xml_filename: str) -> _Part:
        self._finish()
        entry = ZipInfo(xml_filename, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = ZIP_DEFLATED
        self._part = _Part(self._zip.open(entry, "w"))
        return self._part

    def _finish(self) -> None:
        if self._part is not None:
            self._part.finish()
            self._part = None

    def _create_package(self) -> list[Any]:
        try:
            left = super()._create_package()
            self._finish()
            self._zip.close()
        except BaseException:
            self._zip.fp = None  # nothing more is written into what is thrown away
            raise
        assert not left, "a part that this package does not hold"
        return []

    def _write_shared_strings_file(self) -> None:
        texts = _Texts()
        texts.string_table = self.workbook.str_table
        if self.workbook.str_table.count:
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            texts._assemble_xml_file()


class _Texts(SharedStrings):  # type: ignore[misc]
    """The texts of all cells, none of them taken for XML whatever it looks like."""

    def _write_si(self, string: str) -> None:
        text = self._escape_control_characters(string)
        space = [("xml:space", "preserve")] if text != text.strip() else []
        self._xml_si_element(text, space)


class _Part(io.StringIO):
    """One part of the package, written from front to back."""

    _BLOCK = 1 << 16

    def __init__(self, entry: IO[bytes]) -> None:
        super().__init__()
        self._entry = entry
        self._waiting: list[str] = []
        self._length = 0

    def write(self, text: str) -> int:
        self._waiting.append(text)
        self._length += len(text)
        if self._length > self._BLOCK:
            self._put_away()
        return len(text)

    def _put_away(self) -> None:
        self._entry.write("".join(self._waiting).encode("utf-8", "replace"))  # a file's name may be no UTF-8
        self._waiting.clear()
        self._length = 0

    def finish(self) -> None:
        self._put_away()
        self._entry.close()
