"""A worksheet whose rows go from a `Sheet` straight into XML, and the package they go into.

XlsxWriter keeps a value of its own for every cell until the end, and looks at each as if it might be anything. The rows
of a `Sheet` are there already and say what they hold: written directly they take a third of the time, and no memory
that grows with them; each part goes into the package as it is made. All else (styles, tables, page set-up, comments,
charts) is XlsxWriter's, and the bytes are those that it would write.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from capgain.workbook.long_rows import rows_at_hand, stretches
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
    """A worksheet whose cells are `rows`, gone through once, while they are written."""

    rows: Sequence[Row] = ()

    def __init__(self) -> None:
        super().__init__()
        self.table_cells = _NothingNoted()

    def take_rows(self, rows: Sequence[Row], style_of: StyleOf, row_written: Callable[[], None]) -> str:
        """Note how far the rows reach; the first text of those that are there already, "" where there is none."""
        self.rows = rows
        self._style_of = style_of
        self._row_written = row_written
        first_text = ""
        for number, row in rows_at_hand(rows):
            first = last = -1
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                if first < 0:
                    first = column
                last = column
                first_text = first_text or text_of(cell.content) or ""
                if type(cell.content) is DynamicFormula:
                    self.has_dynamic_arrays = True
            if first >= 0:
                self._check_dimensions(number - 1, first)
                self._check_dimensions(number - 1, last)
        for made in stretches(rows):
            self._check_dimensions(made.first - 1, made.columns.start)
            self._check_dimensions(made.first + len(made) - 2, made.columns.stop - 1)
        return first_text

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        """The heading of a table, which stands in the rows already: XlsxWriter counts it a second time."""
        self.str_table.count += 1
        return 0

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Formulas as they stand: a book's use none of the functions that older Excel does not have."""
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        cells_of = _CellWriter(self.dim_colmax + 1, self.str_table, self._style_of)
        rows = iter(self.rows)
        for first in range(0, self.dim_rowmax + 1, _SPAN):
            low, high = self.dim_colmax + 1, -1
            waiting: list[tuple[int, str]] = []
            for place in range(first, min(first + _SPAN, self.dim_rowmax + 1)):
                row = next(rows, ())
                if place < self.dim_rowmin:
                    continue
                self._row_written()
                cells, left, right = cells_of.row(place + 1, row)
                noted = self.comments.get(place, ())
                if cells or noted or place in self.row_info:
                    waiting.append((place, cells))
                low, high = min((low, left, *noted)), max((high, right, *noted))
            assert low >= self.dim_colmin or high < 0, "a cell left of what the sheet said of itself"
            span = f"{low + 1}:{high + 1}" if high >= 0 else None
            for place, cells in waiting:
                if cells:
                    self._write_row(place, span, self.row_info.get(place))
                    self.fh.write(cells)
                    self._xml_end_tag("row")
                else:
                    self._write_empty_row(place, span, self.row_info.get(place))

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


class _CellWriter:
    """The XML of a sheet's rows; texts get their numbers in the order in which they come."""

    def __init__(self, width: int, texts: SharedStringTable, style_of: StyleOf) -> None:
        self._starts = [f'<c r="{column_letter(column + 1)}' for column in range(width)]
        self._texts = texts
        self._style_of = style_of
        self._looks: dict[Style, str] = {}
        self._looks_of_days: dict[Style, str] = {}

    def row(self, number: int, row: Row) -> tuple[str, int, int]:
        """The cells of a row, and the columns of the first and last of them; far right and -1 where it has none.

        Raises IndexError for a cell outside the sheet's width.
        """
        starts, looks, index = self._starts, self._looks, self._texts.string_table
        first, last, used = len(starts), -1, 0
        written: list[str] = []
        for column, cell in enumerate(row):
            if cell is None:
                continue
            if last < 0:
                first = column
            last = column
            content, style = cell
            kind = type(content)
            if kind is Formula:
                content = content.within_excel  # type: ignore[union-attr]
                kind = type(content)
            if kind is date or kind is datetime:
                written.append(f"{starts[column]}{number}{self._day(style, content)}")  # type: ignore[arg-type]
                continue
            look = looks.get(style)
            if look is None:
                look = looks[style] = f'" s="{self._style_of(style, content)._get_xf_index()}"'
            if kind is Decimal:
                value = f"><v>{number_text(float(content))}</v></c>"  # type: ignore[arg-type]
            elif kind is str:
                if content:
                    text = fitting(content)  # type: ignore[arg-type]
                    place = index.get(text)
                    if place is None:
                        place = self._texts._get_shared_string_index(text)
                        used -= 1
                    used += 1
                    value = f' t="s"><v>{place}</v></c>'
                else:
                    value = "/>"
            elif kind is Formula:
                shown, expected = _shown(content)  # type: ignore[arg-type]
                value = f"{shown}><f>{escaped(content.text.removeprefix('='))}</f><v>{expected}</v></c>"  # type: ignore[union-attr]
            elif content is None:
                value = "/>"
            elif kind is bool:
                value = f' t="b"><v>{int(content)}</v></c>'  # type: ignore[arg-type]
            elif kind is DynamicFormula:
                formula = escaped(content.text.removeprefix("="))  # type: ignore[union-attr]
                array = f'<f t="array" ref="{starts[column][6:]}{number}">{formula}</f>'
                value = f' cm="1">{array}<v>{cached(content.expected)}</v></c>'  # type: ignore[union-attr]
            else:
                value = f"><v>{number_text(number_of(content))}</v></c>"
            written.append(f"{starts[column]}{number}{look}{value}")
        self._texts.count += used
        return "".join(written), first, last

    def _day(self, style: Style, day: date) -> str:
        """The rest of the cell of a day or moment, which is text where no spreadsheet knows the day."""
        text = text_of(day)
        looks = self._looks_of_days if text is None else self._looks
        look = looks.get(style)
        if look is None:
            look = looks[style] = f'" s="{self._style_of(style, day)._get_xf_index()}"'
        if text is None:
            return f"{look}><v>{number_text(number_of(day))}</v></c>"
        return f'{look} t="s"><v>{self._texts._get_shared_string_index(text)}</v></c>'


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


def escaped(text: str) -> str:
    """Text as it stands between two tags."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


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
        return (' t="e"' if value in _ERRORS else ' t="str"'), escaped(value)
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
        self.has_texts = False
        """whether a cell is known to hold text, which is said before the cells are written"""

    def _get_packager(self) -> Packager:
        return _Packer(self._written)

    def _prepare_sst_string_data(self) -> None:
        """Nothing yet: texts are numbered while the sheets are written."""


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
        texts = self.workbook.str_table
        self._of_tables, texts.count = texts.count, int(self.workbook.has_texts)
        try:
            left = super()._create_package()
            self._finish()
            self._zip.close()
        except BaseException:
            self._zip.fp = None  # nothing more is written into what is thrown away
            raise
        assert not left, "a part that this package does not hold"
        return []

    def _write_worksheet_files(self) -> None:
        texts = self.workbook.str_table
        texts.count = self._of_tables
        super()._write_worksheet_files()
        assert bool(texts.count) is self.workbook.has_texts, "texts that no part of the package tells of"
        texts._sort_string_data()

    def _write_shared_strings_file(self) -> None:
        texts = _Texts()
        texts.string_table = self.workbook.str_table
        if self.workbook.str_table.count:
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            texts._assemble_xml_file()


class _Texts(SharedStrings):  # type: ignore[misc]
    """The texts of all cells, none of them taken for XML whatever it looks like."""

    def _write_sst_strings(self) -> None:
        for string in self.string_table.string_array:
            text = string
            if not text.isprintable() or "_x" in text:
                text = self._escape_control_characters(text)
            space = ' xml:space="preserve"' if text != text.strip() else ""
            self.fh.write(f"<si><t{space}>{escaped(text)}</t></si>")


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
