"""For each format a sample written from its documented headers, with the ledger it has to become.

`samples/NAME.csv` (or another ending) is the file, `samples/NAME.prices.csv` a price file where one is needed,
`samples/expected/NAME.csv` what every line has to become: a ledger row (its columns), `ignored` or `problem` (with the
words).
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from capgain.workbook.importing.format_files import known_formats
from capgain.workbook.importing.import_files import ImportResult, import_files
from capgain.workbook.reading.ledger_file import read_ledger_file

SAMPLES = Path(__file__).parent / "samples"
FILES = {path.stem: path for path in SAMPLES.iterdir() if path.is_file() and "." not in path.stem}
NAMES = sorted(FILES)
TABLES = [name for name in NAMES if FILES[name].suffix == ".csv"]
WITHOUT_ZONE = ("Electrum", "Gate.io", "River", "TokenTax", "Trezor", "Yoroi", "ZenLedger")
"""Sources whose times name no zone, and which ask for it."""
NOT_COMPARED = {"Source File", "Source Key"}


def imported(name: str, folder: Path) -> ImportResult:
    prices = SAMPLES / f"{name}.prices.csv"
    return import_files(
        [FILES[name]],
        output=folder / "book.xlsx",
        time_zone="America/New_York",
        prices=[prices] if prices.exists() else [],
        lots="lots" in name or "1099" in name,
        source_zones=dict.fromkeys(WITHOUT_ZONE, "UTC"),
    )


def told(result: ImportResult) -> str:
    """Everything an import did, one line each, as the expected files hold it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in result.rows:
        words = [f"{name}={value}" for name, value in row.values.items() if name not in NOT_COMPARED]
        writer.writerow([row.type, *sorted(words)])
    for item in result.unsettled:
        writer.writerow(["problem", ", ".join(str(place.line) for place in item.places), item.message, item.partner])
    for ignored in sorted(result.ignored, key=lambda one: one.place.line):
        writer.writerow(["ignored", ignored.place.line, ignored.reason])
    return out.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_sample_becomes_what_it_should(name: str, tmp_path: Path) -> None:
    result = imported(name, tmp_path)
    expected = (SAMPLES / "expected" / f"{name}.csv").read_text(encoding="utf-8")
    assert told(result) == expected


@pytest.mark.parametrize("name", TABLES)
def test_rows_read_are_ledger_rows_ignored_rows_and_problems(name: str, tmp_path: Path) -> None:
    (summary,) = imported(name, tmp_path).files
    assert summary.rows_read == summary.ledger + summary.ignored + summary.problems
    text = FILES[name].read_text(encoding="utf-8-sig")
    lines = [row for row in csv.reader(io.StringIO(text)) if any(row)]
    headers = len(lines) - summary.rows_read
    assert headers == {"vanguard": 2, "vanguard_529": 2, "interactive_brokers": 4}.get(name, 1)


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_of_ledgers_has_no_complaint_about_what_was_written(name: str, tmp_path: Path) -> None:
    result = imported(name, tmp_path)
    ledger = read_ledger_file(result.output).ledger
    if not result.rows:
        assert {problem.code for problem in ledger.problems if problem.is_error} == {"EMPTY_LEDGER"}
        return
    assert [str(problem) for problem in ledger.problems if problem.is_error] == []
    assert len(ledger.transactions) == result.rows_added


def test_every_format_has_a_sample_and_says_where_it_is_known_from() -> None:
    sampled = {known.key for known in known_formats() for name in NAMES if name.startswith(known.key)}
    assert {known.key for known in known_formats()} - sampled == {"capgain"}
    assert all(known.source for known in known_formats())
