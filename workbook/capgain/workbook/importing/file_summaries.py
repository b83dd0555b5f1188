"""What each file came to, every row of it accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capgain.workbook.importing.ledger_rows import LedgerRow
from capgain.workbook.importing.movements import LineOfFile
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.importing.reading_files import FilesRead


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What one file (or one sheet of a workbook) came to: `rows_read` = `ledger` + `ignored` + `problems` rows of it.

    `kinds` counts (the source's kind of row, what it became), where a ledger row's type, `ignored` or `problem` stands.
    `reasons` counts why rows were ignored.
    """

    name: str
    format: str
    rows_read: int
    ledger: int
    ignored: int
    problems: int
    kinds: Mapping[tuple[str, str], int]
    reasons: Mapping[str, int]


def summaries(reading: FilesRead, rows: Sequence[LedgerRow], unsettled: Sequence[Unsettled]) -> tuple[FileSummary, ...]:
    """A summary of each file in the order read. Raises AssertionError where a row is lost or counted twice."""
    became: dict[LineOfFile, str] = {}
    reasons: dict[str, Counter[str]] = {}
    for row in rows:
        for line in row.lines:
            became[line] = row.type
    for one in unsettled:
        became |= dict.fromkeys(one.places, "problem")
    for ignored in reading.ignored:
        became[ignored.place] = "ignored"
        reasons.setdefault(ignored.place.file, Counter())[ignored.reason] += 1
    whats: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in reading.rows}
    unnamed: dict[str, Counter[str]] = {name: Counter() for name in reading.rows}
    for place, what in became.items():
        if place.earlier or place.file not in whats:
            continue
        kind = reading.kinds.get(place)
        if kind is None:
            unnamed[place.file][what] += 1
        else:
            whats[place.file][kind, what] += 1
    made = []
    for name, read in reading.rows.items():
        counts = Counter(unnamed[name])
        for (_, what), rows_of_kind in whats[name].items():
            counts[what] += rows_of_kind
        left_out, open_ones = counts.pop("ignored", 0), counts.pop("problem", 0)
        ledger = sum(counts.values())
        if ledger + left_out + open_ones != read:
            raise AssertionError(f"{name}: {read} rows read, {ledger + left_out + open_ones} accounted for")
        why = reasons.get(name, Counter())
        made.append(FileSummary(name, reading.formats[name], read, ledger, left_out, open_ones, whats[name], why))
    return tuple(made)
