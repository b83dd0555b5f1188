"""A ledger in a text file: encoding and delimiter recognised, quantities kept digit for digit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from capgain.workbook.reading.columns import HEADER_ROWS, find_ledger_header, nearest_ledger_header
from capgain.workbook.written.guarded_text import unguarded
from capgain.workbook.xlsx.unreadable import MOST_COLUMNS, UnreadableFile, refuse_without_end

SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""How a text begins that says in what it is written, the longer before the shorter."""


class TextRows(NamedTuple):
    """The rows of a text file and the delimiter between their cells.

    `cut_short`: the last line has fewer cells than the header and no line end, as when a download broke off.
    """

    rows: list[list[str]]
    delimiter: str
    cut_short: bool


def read_text_file(path: Path, data: bytes) -> TextRows:
    """The rows of a CSV file; raises UnreadableFile where it is not one."""
    text = _decoded(path, data)
    delimiter = _delimiter(text)
    refuse_without_end(path, text, delimiter)
    rows = _rows(path, text, delimiter)
    if rows and len(rows[0]) == 1 and rows[0][0].lower().startswith("sep="):
        rows[0] = []
    header = find_ledger_header(rows)
    width = 0 if header is None else len(rows[header.place])
    cut_short = bool(rows) and 0 < len(rows[-1]) < width and not text.endswith(("\n", "\r"))
    return TextRows(rows, delimiter, cut_short)


def _decoded(path: Path, data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableFile(f"{path} is damaged: its text is not {encoding}. Save the file again.") from None
    if b"\0" in data:
        raise UnreadableFile(f"{path} is not a text file. Give a .csv file, or a workbook as .xlsx or .xlsm.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what Excel on Windows writes as plain CSV


def _delimiter(text: str) -> str:
    """The one under which the top rows hold the most known columns; a comma when none tells."""
    top = "".join(text.splitlines(keepends=True)[: HEADER_ROWS + 1]) if len(text) < 1 << 16 else text[: 1 << 16]
    if top[:4].lower() == "sep=" and top[4:5] in _DELIMITERS:
        return top[4]
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(top, newline=""), delimiter=delimiter), HEADER_ROWS + 1))
        except csv.Error:
            continue
        header = find_ledger_header(rows) or nearest_ledger_header(rows)
        if header is not None and len(header.columns) > most:
            best, most = delimiter, len(header.columns)
    return best


def _with_shared_words(rows: Iterable[list[str]]) -> list[list[str]]:
    """The rows with one text for a word that stands in many of them, such as the names of types and assets.

    What begins with a digit, a sign or a dollar comes before `:` and is no word.
    """
    known: dict[str, str] = {}
    shared = known.setdefault
    return [[cell if cell < ":" else shared(cell, cell) for cell in row] for row in rows]


def _rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = _with_shared_words(map(unguarded, reader) if "'" in text else reader)
    except csv.Error as error:
        reason = "a quotation mark opens that is not closed" if "end of data" in str(error) else str(error)
        raise UnreadableFile(
            f"{path} breaks the rules of CSV at line {reader.line_num}: {reason}. "
            "Mend that line, or save the file again from the program it came from."
        ) from error
    for number, row in enumerate(rows, 1):
        if len(row) > MOST_COLUMNS:
            if any(row[MOST_COLUMNS:]):
                raise UnreadableFile(
                    f"{path}: row {number} has {len(row):,} cells; a sheet has {MOST_COLUMNS:,} columns. "
                    "Mend that line, or save the file again from the program it came from."
                )
            while row and not row[-1]:
                del row[-1]
    return rows
