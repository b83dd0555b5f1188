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
        became |= dict.fromkeys(row.lines, row.type)
    for one in unsettled:
        became |= dict.fromkeys(one.places, "problem")
    for ignored in reading.ignored:
        became[ignored.place] = "ignored"
        reasons.setdefault(ignored.place.file, Counter())[ignored.reason] += 1
    made = []
    for name, read in reading.rows.items():
        here = {place: what for place, what in became.items() if place.file == name and not place.earlier}
        kinds: Counter[tuple[str, str]] = Counter()
        for place, what in here.items():
            if place in reading.kinds:
                kinds[reading.kinds[place], what] += 1
        counts = Counter(what if what in ("ignored", "problem") else "ledger" for what in here.values())
        if sum(counts.values()) != read:
            raise AssertionError(f"{name}: {read} rows read, {sum(counts.values())} accounted for")
        made.append(
            FileSummary(
                name,
                reading.formats[name],
                read,
                counts["ledger"],
                counts["ignored"],
                counts["problem"],
                kinds,
                reasons.get(name, Counter()),
            )
        )
    return tuple(made)
