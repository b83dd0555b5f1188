"""The values in the cells of a workbook file, each sheet measured before it is read.

Values come from calamine itself: pandas over calamine takes twice as long, and its NaN and its own guesses at types
would have to be undone. What calamine leaves out (errors in cells, formulas never calculated) is read from the package.
calamine takes files at their word and can end the process, so it is called here alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from capgain.workbook.written.looks import CellLooks
from capgain.workbook.written.misread import Cell
from capgain.workbook.xlsx.cell_looks import looks_of
from capgain.workbook.xlsx.filled_area import Reach, filled_cells, reach, refuse_stray
from capgain.workbook.xlsx.memory import ask_for_memory
from capgain.workbook.xlsx.opendocument import CONTENT, OpenDocument, is_opendocument, read_opendocument
from capgain.workbook.xlsx.package_parts import PackageParts, cells_without_value, read_parts
from capgain.workbook.xlsx.package_size import opened_package, pieces
from capgain.workbook.xlsx.readable_cells import with_readable_cells
from capgain.workbook.xlsx.text_sizes import MOST_BYTES, bytes_of_cells, refuse_many_bytes, text_sizes
from capgain.workbook.xlsx.unreadable import UnreadableFile, refuse_foreign_package

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_DAMAGED = "Open it in Excel or LibreOffice, which may repair it, and save it again; or take an older copy."
LONGEST_UNUSUAL = 1 << 28
"""Bytes of a sheet whose cells are written in an unusual way or seem to reach far; it takes time to look at each."""
_OF_A_FILLED_CELL, _OF_A_CELL, _TIMES_A_DOCUMENT = 128, 40, 3
"""Bytes that calamine takes at most for a filled cell and for any cell of the block; times an OpenDocument's."""
_TEXTS = "xl/sharedstrings.xml"
Missing = dict[tuple[int, int], str]


class _NotTaken(Exception):
    """calamine refused a workbook or gave up on it."""


_DAMAGE = (
    BadZipFile,
    _NotTaken,
    ParseError,
    LookupError,
    RecursionError,
    ValueError,
    EOFError,
    OSError,
    ZlibError,
)


class WorkbookValues:
    """A workbook while it is read; each of its sheets is read once."""

    def __init__(
        self,
        path: Path,
        data: bytes,
        package: ZipFile,
        parts: PackageParts,
        document: OpenDocument | None,
    ) -> None:
        self.package = package
        self.parts = parts
        self._path = path
        self._data = data
        self._document = document
        self._books: dict[bool, CalamineWorkbook] = {}
        self._read: dict[str, list[list[Cell]]] = {}

    def rows(self, sheet: str) -> list[list[Cell]]:
        """A whole sheet from its first cell on, without blank rows at the end, errors and the like as their words.

        Raises UnreadableFile for a sheet with a cell far from all others, KeyError for one that is not there.
        """
        if sheet not in self._read:
            if self._document is not None:
                missing, found = self._document.without_value[sheet], self._document.reaches.get(sheet, Reach())
                ask_for_memory(
                    _TIMES_A_DOCUMENT * self.package.getinfo(CONTENT).file_size
                    + _OF_A_FILLED_CELL * found.filled
                    + _OF_A_CELL * found.area
                    + 2 * self._document.copied.get(sheet, 0)
                )
                self._read[sheet] = _filled_in(self._taken(sheet, readable=False), missing)
            else:
                self._read[sheet] = self._rows(sheet)
        return self._read[sheet]

    def rows_if_readable(self, sheet: str) -> list[list[Cell]]:
        """As `rows`; nothing of a sheet that cannot be read, for one on which nothing depends."""
        try:
            return self.rows(sheet)
        except (
            UnreadableFile,
            _NotTaken,
            BadZipFile,
            ParseError,
            LookupError,
            ValueError,
            EOFError,
            OSError,
            ZlibError,
        ):
            return []

    def looks(self, sheet: str) -> CellLooks:
        """How the cells of a sheet look where that says something of them."""
        if self._document is not None:
            return self._document.looks.get(sheet, CellLooks())
        return looks_of(self.package, self.parts.sheets[sheet])

    def _rows(self, sheet: str) -> list[list[Cell]]:
        part = self.parts.sheets[sheet]
        if part.startswith("xl/xl/"):
            raise BadZipFile("a sheet is looked for in one part and found in another")
        found = reach(pieces(self._path, self.package, part))
        if found is None or not found.fits:
            if self.package.getinfo(part).file_size > LONGEST_UNUSUAL:
                raise UnreadableFile(
                    f"{self._path}: sheet {sheet} reaches too far down or to the right to be read. Delete the rows and "
                    "columns beside and below the ledger, or copy it into a new workbook."
                )
            cells = filled_cells(pieces(self._path, self.package, part))
            refuse_stray(self._path, sheet, cells)
            found = found or Reach(lacks_values=True, before_all_time=True)
            found = found._replace(rows=cells.reach.rows, columns=cells.reach.columns, filled=cells.reach.filled)
        shared = [info for info in self.package.infolist() if info.filename.lower() == _TEXTS]
        texts = sum(info.file_size for info in shared)
        copied = 0
        if texts * found.filled > MOST_BYTES:
            sizes = [size for info in shared for size in text_sizes(pieces(self._path, self.package, info.filename))]
            copied = max(sizes, default=0) * found.filled
            if copied > MOST_BYTES:
                copied = bytes_of_cells(pieces(self._path, self.package, part), sizes, found.filled)
                refuse_many_bytes(self._path, sheet, copied)
        ask_for_memory(_OF_A_FILLED_CELL * found.filled + _OF_A_CELL * found.area + 2 * texts + copied)
        try:
            rows = self._taken(sheet, readable=found.before_all_time)
        except _NotTaken:
            if found.before_all_time:
                raise
            rows = self._taken(sheet, readable=True)
        return _filled_in(rows, cells_without_value(self.package, part) if found.lacks_values else {})

    def _taken(self, sheet: str, *, readable: bool) -> list[list[Cell]]:
        """The values as calamine gives them; `readable`, from a package without cells that it does not take."""
        with _faults_of_calamine():
            if readable not in self._books:
                from python_calamine import CalamineWorkbook

                data = with_readable_cells(self.package) if readable else self._data
                self._books[readable] = CalamineWorkbook.from_filelike(io.BytesIO(data))
            found = self._books[readable].get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        return cast(list[list[Cell]], found)

    def close(self) -> None:
        for book in self._books.values():
            book.close()


@contextmanager
def workbook_values(path: Path, data: bytes) -> Iterator[WorkbookValues]:
    """The values of an .xlsx, .xlsm or .ods file. Raises UnreadableFile, also for what turns out while it is read."""
    try:
        with opened_package(path, data) as package:
            if is_opendocument(package):
                document = read_opendocument(path, package)
                values = WorkbookValues(path, data, package, document.parts, document)
            else:
                refuse_foreign_package(path, frozenset(package.namelist()))
                values = WorkbookValues(path, data, package, read_parts(package), None)
            try:
                yield values
            finally:
                values.close()
    except _DAMAGE as error:
        raise UnreadableFile(f"{path} is damaged or incomplete. {_DAMAGED}") from error
    except NotImplementedError as error:
        raise UnreadableFile(f"{path} is packed in a way that no spreadsheet packs. {_DAMAGED}") from error
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise UnreadableFile(f"{path} is an archive protected by a password. Save it without one.") from error


@contextmanager
def _faults_of_calamine() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise
    except BaseException as fault:
        # A panic of Rust is no Exception, and its class is nowhere to be imported from.
        if isinstance(fault, Exception) or type(fault).__name__ == "PanicException":
            raise _NotTaken(str(fault)) from fault
        raise


def _filled_in(rows: list[list[Cell]], missing: Missing) -> list[list[Cell]]:
    """The rows without blank ones at the end, and with the errors that were read as blanks put back."""
    for (row, column), text in missing.items():
        while len(rows) < row:
            rows.append([])
        cells = rows[row - 1]
        cells += [None] * (column - len(cells))
        cells[column - 1] = text
    end = len(rows)
    while end and not any(rows[end - 1]):
        end -= 1
    return rows[:end]
