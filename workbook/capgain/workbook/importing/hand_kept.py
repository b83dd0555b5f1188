"""A sheet that a person keeps by hand: a ledger whose columns have names of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from capgain.engine.problems import Severity
from capgain.workbook.importing.recognition import FoundTable
from capgain.workbook.importing.source_files import SourceFile, SourceRow, UnreadableImport
from capgain.workbook.importing.source_tables import Format
from capgain.workbook.reading.columns import NET, Header, find_ledger_header
from capgain.workbook.reading.day_times import is_in_utc, with_times_of_day
from capgain.workbook.reading.further_columns import further_columns
from capgain.workbook.reading.transaction_types import read_type
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Misread

_RENAME = "Give it the name of the ledger's column that it is, or take it out of the file."


def hand_kept(source: SourceFile, ledger: Format) -> tuple[FoundTable, ...] | None:
    """The file as a ledger of ours, by the names that its columns may have; None where it is no ledger.

    It is one where a header names date, type, asset, quantity and dollars and every type is one of the ledger's.

    Raises:
        UnreadableImport: two columns may be the same one, or one that is not read bears on a number.
    """
    rows = [list(row.cells) for row in source.rows]
    header = find_ledger_header(rows)
    if header is None or "Quantity" not in header.columns:
        return None
    if header.net < 0 and not {"Amount", "Price"} & header.columns.keys():
        return None
    below = source.rows[header.place + 1 :]
    kind = header.columns["Type"]
    written = {row.cells[kind].strip() for row in below if kind < len(row.cells)} - {""}
    if not written or any(isinstance(read_type(word), Misread) for word in written):
        return None
    dated, header = _dated(below, header)
    _refuse_what_is_not_read(source, header, rows)
    top = source.rows[header.place]
    names = [""] * len(top.cells)
    for name, place in header.columns.items():
        names[place] = name
    if header.net >= 0:
        names[header.net] = NET
    known = replace(ledger, zone=UTC if is_in_utc(top.cells[header.columns["Date"]]) else ledger.zone)
    above = FoundTable(known, None, None, tuple(source.rows[: header.place]))
    return (above, FoundTable(known, known.tables[0], SourceRow(top.line, names), dated))


def with_times(table: FoundTable) -> FoundTable:
    """A table of a ledger of ours with the times of a column of their own in its dates; any other as it is."""
    if table.format.kind != "ledger" or table.header is None:
        return table
    header = find_ledger_header([list(table.header.cells)])
    return table if header is None else replace(table, rows=_dated(table.rows, header)[0])


def _dated(rows: Sequence[SourceRow], header: Header) -> tuple[tuple[SourceRow, ...], Header]:
    joined, known = with_times_of_day([row.cells for row in rows], header)
    dated = (row._replace(cells=list(map(text_of, cells))) for row, cells in zip(rows, joined, strict=True))
    return tuple(dated), known


def _refuse_what_is_not_read(source: SourceFile, header: Header, rows: Sequence[Sequence[str]]) -> None:
    wrong = [
        f"{column} may be {' or '.join(repr(name) for name in rivals)}: rename the one that is not meant."
        for column, rivals in header.rivals.items()
    ]
    wrong += [f"Two columns are named {column}: rename one." for column in header.repeated]
    below = rows[header.place + 1 :]
    further = further_columns(header, below, source.name, source.rows[header.place].line + 1)
    wrong += [
        f"{one.message} {_RENAME if one.code == 'COLUMN_NOT_READ' else one.remedy}"
        for one in further.problems
        if one.severity is Severity.ERROR
    ]
    if wrong:
        raise UnreadableImport("\n".join(f"{source.name}: {one}" for one in dict.fromkeys(wrong)))
