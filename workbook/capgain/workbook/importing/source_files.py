"""The rows of a file from an exchange or broker, as text, each with its line; damaged files are refused by name."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from capgain.engine.problems import CapgainError
from capgain.workbook.file_names import readable
from capgain.workbook.importing.statements.flex_xml import flex_rows, looks_like_flex
from capgain.workbook.importing.statements.ofx import looks_like_ofx, ofx_rows
from capgain.workbook.importing.statements.trust_sales import trust_sale_rows, trust_table
from capgain.workbook.importing.statements.unreadable import UnreadableStatement
from capgain.workbook.reading.text_file import BYTE_ORDER_MARKS
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.guarded_text import unguarded
from capgain.workbook.xlsx.unreadable import UnreadableFile, read_bytes, refuse_without_end
from capgain.workbook.xlsx.values import workbook_values

LARGEST = 100 * 1024 * 1024
"""Bytes. A larger file has more rows than a sheet can hold (1,048,576), so its ledger could not be opened."""

LONGEST_CELL = 1000
"""Characters. Sources write no longer ones, and on a longer one a regular expression may take hours."""

DELIMITERS = ",;\t|"

_BLANK_AFTER_QUOTES = re.compile(r'"[ \t]+(?=[,;\t|\r\n]|\Z)')
"""Merrill writes a blank between a cell's quotation mark and the comma."""

_QUOTES_OF_FOOTER = re.compile(r'^"(Date downloaded)"[ \t]*(?=[^\s,;|])', re.MULTILINE | re.IGNORECASE)
"""Fidelity's last line, `"Date downloaded" 12/31/2021, 9:11 AM`, goes on behind the quotation mark."""

_TXF = re.compile(r"\s*V04\d[^\n,;|\t]*\n")
"""Its first line names the version."""

_NOT_TEXT = (
    (b"%PDF", "a PDF document; export the transactions as CSV instead"),
    (b"\xd0\xcf\x11\xe0", "an old .xls or a password-protected workbook; save it as CSV or as an open .xlsx"),
    (b"\x1f\x8b", "compressed (gzip); unpack it first"),
    (b"\x89PNG", "a picture, not a table"),
    (b"\xff\xd8\xff", "a picture, not a table"),
    (b"SQLite format 3", "a database, not a table"),
)


class UnreadableImport(CapgainError):
    """A file that cannot be imported at all; the text says why and what to do."""


class SourceRow(NamedTuple):
    """One row of a source: the line it starts on (the sheet's row in a workbook) and its cells as text.

    `above` is the line of the row whose details it tells, `part` counts the rows that start on the same line.
    `too_long` is the first column, from 1, whose cell has more than LONGEST_CELL characters and is cut there; 0: none.
    """

    line: int
    cells: Sequence[str]
    above: tuple[int, ...] = ()
    part: int = 0
    too_long: int = 0

    @classmethod
    def of(cls, line: int, cells: Sequence[str], part: int = 0) -> SourceRow:
        """The row with no cell longer than a format's expressions are tried on."""
        if len("".join(cells)) <= LONGEST_CELL or max(map(len, cells)) <= LONGEST_CELL:
            return cls(line, cells, part=part)
        first = next(column for column, cell in enumerate(cells, 1) if len(cell) > LONGEST_CELL)
        return cls(line, [cell[:LONGEST_CELL] for cell in cells], part=part, too_long=first)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's rows. `sheet` names the worksheet of a workbook that has several, else "".

    `comma_is_doubtful`: a comma may mark decimals, as its cells are separated by `;`. `is_text`: it has delimiters.
    """

    path: Path
    rows: tuple[SourceRow, ...]
    sheet: str = ""
    comma_is_doubtful: bool = False
    is_text: bool = False

    @property
    def name(self) -> str:
        name = readable(self.path.name)
        return f"{name} [{self.sheet}]" if self.sheet else name


def read_sources(path: Path) -> tuple[SourceFile, ...]:
    """The tables of a `.csv`, `.tsv`, `.txt`, `.xlsx`, `.ods`, `.ofx` or `.qfx` file, or of a Flex statement in XML.

    Blank rows are left out, nothing else is.

    Raises:
        UnreadableImport: the file is missing, too large, no table, damaged or cut off.
    """
    try:
        size = path.stat().st_size if path.is_file() else 0
        if size > LARGEST:
            raise UnreadableImport(
                f"{path.name} has {size // 1024 // 1024} MB; files above {LARGEST // 1024 // 1024} MB hold more rows "
                "than a sheet can. Export shorter time spans and import them one after the other."
            )
        content = read_bytes(path)
    except OSError as trouble:
        raise UnreadableImport(f"{path} cannot be opened: {trouble.strerror}.") from trouble
    except UnreadableFile as trouble:
        raise UnreadableImport(str(trouble)) from trouble
    if not content.strip():
        raise UnreadableImport(f"{path.name} is empty. Export it again.")
    for start, what in _NOT_TEXT:
        if content.startswith(start):
            raise UnreadableImport(f"{path.name} is {what}.")
    if content.startswith(b"PK\x03\x04"):
        return tuple(_workbook(path, content))
    text = _decoded(path, content)
    statement = ofx_rows if looks_like_ofx(text) else flex_rows if looks_like_flex(text) else None
    if statement is not None:
        return (SourceFile(path, tuple(_statement_rows(statement(path.name, text)))),)
    _refuse_other_documents(path, text)
    if "\ufeff" in text:  # OKX begins every cell with one
        text = text.replace("\ufeff", "")
    text = _QUOTES_OF_FOOTER.sub(r"\1 ", _BLANK_AFTER_QUOTES.sub('"', text))
    delimiter = _delimiter(path, text)
    try:
        refuse_without_end(path, text, delimiter)
    except UnreadableFile as trouble:
        raise UnreadableImport(str(trouble)) from trouble
    rows = tuple(_text_rows(path, text, delimiter))
    return (_with_trust_sales(SourceFile(path, rows, comma_is_doubtful=delimiter == ";", is_text=True)),)


def _with_trust_sales(source: SourceFile) -> SourceFile:
    """The file itself, or a sponsor's table of what a trust sold as rows of the ledger."""
    rows = [(row.line, row.cells) for row in source.rows]
    table = trust_table(rows)
    if table is None:
        return source
    made = _statement_rows(trust_sale_rows(source.name, rows, table))
    return SourceFile(source.path, (*source.rows[: table.header], *made), sheet=source.sheet)


def _decoded(path: Path, content: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise UnreadableImport(f"{path.name} is damaged: it is not the {encoding} text it claims to be.") from None
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise UnreadableImport(
                f"{path.name} is not text in UTF-8, UTF-16 or Windows-1252. Export it again as CSV (UTF-8)."
            ) from None
    if "\0" in text:
        raise UnreadableImport(
            f"{path.name} holds zero bytes: it is damaged, or UTF-16 without its mark. Export it again as CSV (UTF-8)."
        )
    return text


def _refuse_other_documents(path: Path, text: str) -> None:
    start = text[:512].lstrip().casefold()
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<script")):
        raise UnreadableImport(
            f"{path.name} is a web page, probably a sign-in page saved under that name. Sign in and download it again."
        )
    if _TXF.match(text):
        raise UnreadableImport(
            f"{path.name} is a TXF file, which hands finished figures to tax software and tells no trade apart from "
            "its sale. Import the transactions or the closed lots as CSV from where it was made."
        )
    if start.startswith(("!type:", "!account", "!option:")):
        raise UnreadableImport(
            f"{path.name} is a QIF file of Quicken, which names no account and no security by symbol. Export the same "
            "transactions as OFX, QFX or CSV."
        )
    if start.startswith("<?xml"):
        raise UnreadableImport(f"{path.name} is XML. Export the transactions as CSV instead.")
    if start.startswith(("{", "[{")):
        raise UnreadableImport(f"{path.name} is JSON. Export the transactions as CSV instead.")


def _statement_rows(found: Iterator[tuple[int, tuple[str, ...]]]) -> Iterator[SourceRow]:
    parts: Counter[int] = Counter()
    try:
        for line, cells in found:
            yield SourceRow.of(line, cells, parts[line])
            parts[line] += 1
    except UnreadableStatement as trouble:
        raise UnreadableImport(str(trouble)) from trouble


def _text_rows(path: Path, text: str, delimiter: str) -> Iterator[SourceRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in map(unguarded, reader) if "'" in text else reader:
            if "".join(cells).strip():
                yield SourceRow.of(line, cells)
            line = reader.line_num + 1
    except csv.Error as trouble:
        if "unexpected end of data" in str(trouble):
            raise UnreadableImport(
                f"{path.name} is cut off: the quotation mark opened in line {line} is never closed. Download it again."
            ) from None
        raise UnreadableImport(f"{path.name}, line {line}: {trouble}. Export it again.") from None


def _delimiter(path: Path, text: str) -> str:
    """The one that splits most of the first hundred filled lines, in equal numbers of cells for most of them."""
    sample = [line for line in text[:200_000].splitlines() if line.strip()][:100]
    best = ("", 0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if len(cells) > 1]
        except csv.Error:  # a cell without end
            continue
        if widths:
            commonest = max(set(widths), key=widths.count)
            best = max(best, (delimiter, widths.count(commonest), commonest), key=lambda found: found[1:])
    if not best[0]:
        if len(sample) == 1 or not any(delimiter in text for delimiter in DELIMITERS):
            raise UnreadableImport(f"{path.name} is not a table: no line holds two cells. Export it as CSV.")
        return ","
    return best[0]


def _workbook(path: Path, content: bytes) -> Iterator[SourceFile]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise UnreadableImport(f"{path.name} is cut off: the workbook has no end. Download it again.")
    try:
        with workbook_values(path, content) as values:
            for name in values.parts.sheets:
                rows = tuple(
                    SourceRow.of(number, cells)
                    for number, found in enumerate(values.rows(name), start=1)
                    if any(cells := [value if isinstance(value, str) else text_of(value) for value in found])
                )
                if rows:
                    yield _with_trust_sales(SourceFile(path, rows, sheet=name if len(values.parts.sheets) > 1 else ""))
    except UnreadableFile as trouble:
        raise UnreadableImport(str(trouble)) from trouble
