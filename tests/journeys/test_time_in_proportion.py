"""Four times the text in a cell or field takes about four times the time, whatever reads it."""

from __future__ import annotations

import csv
import gc
import io
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from capgain.engine.compute import compute
from capgain.workbook.importing.format_files import known_formats
from capgain.workbook.importing.reading_files import UnknownFiles, read_files
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.transaction_types import TYPE_NAMES
from capgain.workbook.written.time_zones import ZoneByYear
from workbook.importing.test_formats import FILES, WITHOUT_ZONE

UNITS = ("1", "a", " ", "1,", "1 ", "my ", "-", "A-", "X.", "1:", "for ", "(", " C", "CALL ", "2025-01-01 ", "B1:1;")
ENDS = ("", " !", "x")
SHORT, LONG = 4_000, 16_000


def texts(length: int) -> Iterator[str]:
    for unit in UNITS:
        for end in ENDS:
            yield unit * (length // len(unit)) + end


@pytest.fixture(autouse=True)
def no_collection_meanwhile() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def seconds(work: Callable[[int], object], length: int) -> float:
    start = time.process_time()
    work(length)
    return time.process_time() - start


def is_in_proportion(work: Callable[[int], object]) -> bool:
    """Whether one of three attempts is, as others on the machine disturb some. What starts again at each place would
    take sixteen times as long."""
    return any(seconds(work, LONG) < 6 * seconds(work, SHORT) + 0.1 for _ in range(3))


def test_an_expression_that_starts_again_at_each_place_is_seen() -> None:
    number = re.compile(r"\d+!")
    assert not is_in_proportion(lambda length: number.search("1" * length))
    assert is_in_proportion(lambda length: number.match("1" * length))


BASE = {"Date": "2025-01-02", "Asset": "BTC", "Quantity": "1", "Amount": "100", "Account": "X", "Class": "crypto"}


@pytest.mark.parametrize("column", LEDGER_COLUMNS)
def test_a_cell_of_the_ledger(column: str) -> None:
    columns = list(dict.fromkeys(["Type", *BASE, "Acquired", "Received Asset", "Received Quantity", "Lot", column]))

    def read(length: int) -> None:
        rows: list[Sequence[object]] = [columns]
        for place, text in enumerate(texts(length)):
            row = {**BASE, "Type": TYPE_NAMES[place % len(TYPE_NAMES)], column: text}
            rows.append([row.get(name, "") for name in columns])
        compute(ledger_from_sheets(RawSheet("Ledger", rows), None, None, None))

    assert is_in_proportion(read)


@pytest.mark.parametrize("sheet", ["Settings", "Accounts", "Prices"])
def test_a_cell_of_the_sheets_beside_it(sheet: str) -> None:
    headers = {"Settings": ("Name", "Value"), "Accounts": ("Account", "Kind"), "Prices": ("Asset", "Price", "Date")}
    ledger = RawSheet("Ledger", [["Type", *BASE], ["Buy", *BASE.values()]])

    def read(length: int) -> None:
        header = headers[sheet]
        rows: list[Sequence[object]] = [header]
        for text in texts(length):
            rows += [[text if place == at else "Tax Year" for place in range(len(header))] for at in range(len(header))]
        beside = {name: RawSheet(name, rows) if name == sheet else None for name in headers}
        compute(ledger_from_sheets(ledger, beside["Accounts"], beside["Settings"], beside["Prices"]))

    assert is_in_proportion(read)


CSVS = sorted(name for name, path in FILES.items() if path.suffix == ".csv" and "lots" not in name)


def with_long_cells(rows: Sequence[Sequence[str]], length: int) -> str:
    """A file's rows, then its fullest rows again with a long text in place of each cell in turn."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerows(rows)
    width = max(map(len, rows))
    full = [row for row in rows[1:] if len(row) == width][:2]
    for number, text in enumerate(texts(length)):
        for row in full:
            place = number % width
            writer.writerow([*row[:place], text, *row[place + 1 :]])
    return written.getvalue()


@pytest.mark.parametrize("name", CSVS)
def test_a_field_of_a_source(name: str, tmp_path: Path) -> None:
    with FILES[name].open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    zones = dict.fromkeys(WITHOUT_ZONE, "UTC")

    def read(length: int) -> None:
        path = tmp_path / FILES[name].name
        path.write_text(with_long_cells(rows, length), encoding="utf-8")
        try:
            read_files([path], known_formats(), ZoneByYear(ZoneInfo("UTC"), {}), "", {}, zones)
        except (UnreadableImport, UnknownFiles):
            return

    assert is_in_proportion(read)
