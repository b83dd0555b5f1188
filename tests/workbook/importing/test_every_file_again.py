"""Every sample and case: imported twice, in two parts that overlap, or shuffled, it adds nothing and loses nothing."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from pathlib import Path

import pytest

from capgain.workbook.importing.format_files import known_formats
from capgain.workbook.importing.import_files import ImportResult, import_files
from capgain.workbook.importing.recognition import find_tables
from capgain.workbook.importing.source_files import read_sources

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.csv") if "." not in path.stem)


def imported(folder: Path, *files: Path, name: str, into: Path | None = None) -> ImportResult:
    prices = SAMPLES / f"{name}.prices.csv"
    return import_files(
        files,
        output=into or folder / "book.xlsx",
        into=into,
        time_zone="America/New_York",
        prices=[prices] if prices.exists() else [],
        source_zones={known.name: "UTC" for known in known_formats() if known.zone_is_asked},
    )


def facts(*results: ImportResult) -> Counter[tuple[tuple[str, str], ...]]:
    """The rows added, without where they came from."""
    left_out = ("Source File", "Source Line", "Source Key")
    return Counter(
        tuple(sorted((name, str(value)) for name, value in row.values.items() if name not in left_out))
        for result in results
        for row in result.rows
    )


@pytest.mark.parametrize("name", NAMES)
def test_twice_adds_nothing(name: str, tmp_path: Path) -> None:
    first = imported(tmp_path, SAMPLES / f"{name}.csv", name=name)
    again = imported(tmp_path, SAMPLES / f"{name}.csv", name=name, into=first.output)
    assert (again.rows_added, len(again.unsettled)) == (0, len(first.unsettled))


def taken_apart(name: str) -> tuple[list[list[str]], list[list[str]]]:
    """The lines of a sample down to its header, and those below; no lines below where their order
    says something."""
    text = (SAMPLES / f"{name}.csv").read_text(encoding="utf-8-sig")
    lines = [line for line in csv.reader(io.StringIO(text)) if line]
    found = [table for table in find_tables(*read_sources(SAMPLES / f"{name}.csv"), known_formats()) if table.header]
    if len(found) != 1 or found[0].table is None or found[0].header is None:
        return lines, []
    if found[0].table.details or found[0].table.first_cell:
        return lines, []
    names = [cell.strip() for cell in found[0].header.cells]
    head = next((place for place, line in enumerate(lines) if [cell.strip() for cell in line] == names), len(lines))
    return lines[: head + 1], lines[head + 1 :]


def written(folder: Path, name: str, lines: list[list[str]]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)
    return path


ONE_TABLE = [name for name in NAMES if taken_apart(name)[1]]


@pytest.mark.parametrize("name", ONE_TABLE)
def test_shuffled_it_is_the_same(name: str, tmp_path: Path) -> None:
    head, rows = taken_apart(name)
    first = imported(tmp_path, written(tmp_path / "a", name, [*head, *rows]), name=name)
    random.Random(7).shuffle(rows)
    (tmp_path / "b").mkdir()
    other = imported(tmp_path / "b", written(tmp_path / "b", name, [*head, *rows]), name=name)
    assert facts(other) == facts(first)
    assert len(other.unsettled) == len(first.unsettled)


@pytest.mark.parametrize("name", ONE_TABLE)
def test_in_two_files_that_overlap_it_is_the_same(name: str, tmp_path: Path) -> None:
    head, rows = taken_apart(name)
    first = imported(tmp_path, written(tmp_path / "a", name, [*head, *rows]), name=name)
    third = max(1, len(rows) // 3)
    parts = (rows[: 2 * third], rows[third:])
    files = [written(tmp_path / f"part {place}", name, [*head, *part]) for place, part in enumerate(parts)]
    (tmp_path / "b").mkdir()
    both = imported(tmp_path / "b", *files, name=name)
    assert facts(both) == facts(first)
