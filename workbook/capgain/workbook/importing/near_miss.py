"""A header that is almost that of a known format: which column is missing, so that nobody maps a known file anew."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from capgain.workbook.importing.source_files import SourceFile, SourceRow, UnreadableImport
from capgain.workbook.importing.source_tables import Format, SourceTable, headers_fit, normal, places_by_name

_SHARE = 0.6
_LEAST = 4
_NEAR = 0.45


class NearMiss(UnreadableImport):
    """A file that shares most of a known format's columns and lacks some; the text names them."""


def near_miss(source: SourceFile, formats: Sequence[Format]) -> NearMiss | None:
    """What is said of a file whose header shares at least 60 % and four of a format's columns, None where none does."""
    best: tuple[float, int, SourceRow, Format, SourceTable, frozenset[str]] | None = None
    for row in source.rows[:20]:
        names = places_by_name(row.cells)
        for known in formats:
            if known.kind == "ledger":
                continue
            for table in known.tables:
                for generation in table.headers:
                    shared = sum(1 for name in generation if headers_fit((name,), names))
                    share = shared / len(generation)
                    if shared >= _LEAST and share >= _SHARE and (best is None or (share, shared) > best[:2]):
                        best = (share, shared, row, known, table, generation)
    if best is None:
        return None
    _, _, row, known, table, generation = best
    names = places_by_name(row.cells)
    spare = {normal(cell): cell.strip() for cell in row.cells if cell.strip() and normal(cell) not in generation}
    missing = []
    for name in sorted(generation):
        if headers_fit((name,), names):
            continue
        near = _nearest(name, spare)
        spare = {plainly: heading for plainly, heading in spare.items() if heading != near}
        has = f"; the file has {near!r}, which is read as none" if near else ""
        missing.append(f"the column {table.spelled.get(name, name)!r} is missing{has}")
    what = table.name if table.name.startswith(known.name) else f"{known.name} ({table.name})"
    return NearMiss(
        f"{source.name} looks like {what}, but in line {row.line} {'; '.join(missing)}. Export it again with all "
        "columns, or, if the source writes another heading now, give that heading its old name. A sheet of "
        "your own is known by the Ledger's headings: Date, Type, Asset, Quantity, Amount, Fee, Account."
    )


def _nearest(name: str, spare: dict[str, str]) -> str:
    """The heading of the file that may stand for a column."""
    within = [heading for heading in spare if name in heading or heading in name]
    if len(spare) == 1:
        return next(iter(spare.values()))
    near = within or get_close_matches(name, spare, n=1, cutoff=_NEAR)
    return spare[near[0]] if near else ""
