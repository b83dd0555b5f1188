"""Price files that count beside the sheet Prices of a ledger without changing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from capgain.engine.compute import compute
from capgain.engine.ledger import Price
from capgain.engine.problems import Problem, Severity
from capgain.workbook.importing.price_files.chosen import as_spelled, splits_undone, wanted_of
from capgain.workbook.importing.price_files.into_prices import COLUMNS, PRICES, settle, source_of
from capgain.workbook.importing.price_files.reading import read_price_files
from capgain.workbook.importing.price_files.zones import tax_zones
from capgain.workbook.reading import LedgerFile, RawSheet
from capgain.workbook.reading.columns import find_header
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.moments import Calendar
from capgain.workbook.written.words import counted


def with_price_files(file: LedgerFile, paths: Sequence[Path]) -> LedgerFile:
    """The ledger as if the files' prices of its assets stood on its sheet Prices.

    What a file says beyond them, or was taken to say, stands among the ledger's problems, as warnings.

    Raises UnreadableImport for a file that cannot be read, and for a price that differs from one that is there.
    """
    if not paths:
        return file
    found = read_price_files(paths, zones=tax_zones(None, file))
    spelled, left_out = as_spelled(found.prices, wanted_of(compute(file.ledger), (), ()), every=False)
    prices, undone = splits_undone(spelled, file.ledger)
    said = [
        _warning(notice, "Nothing, unless the file is to be read otherwise.") for notice in (*found.notices, *undone)
    ]
    said += [
        _warning(
            f"the price files tell of {asset}, which is not in the ledger: {counted(count, 'price')} left out.",
            "Name a file after the asset that it is about, as the ledger spells it, such as AAPL.csv.",
        )
        for asset, count in left_out.items()
    ]
    sheet = next((raw for raw in file.raw if raw.name.casefold() == PRICES.casefold()), None)
    added = settle(prices, sheet, Calendar(file.date_1904), replace=False).added
    header = None if sheet is None else find_header(sheet.rows, COLUMNS, COLUMNS[:2])
    if sheet is None or header is None:
        sheet = RawSheet(PRICES, [list(COLUMNS)])
        header = find_header(sheet.rows, COLUMNS, COLUMNS)
        assert header is not None
    at = dict(header.columns)
    rows: list[list[Cell]] = [list(row) for row in sheet.rows]
    for name in COLUMNS:
        if name not in at:
            at[name] = max(max(map(len, rows)), *(place + 1 for place in at.values()))
            rows[header.place] += [None] * (at[name] - len(rows[header.place])) + [name]
    for one in added:
        row: list[Cell] = [None] * (max(at.values()) + 1)
        for name, value in zip(COLUMNS, (one.asset, one.price, one.day, source_of(one)), strict=True):
            row[at[name]] = value
        rows.append(row)
    others = tuple(raw for raw in file.raw if raw.name.casefold() != PRICES.casefold())
    ledger = replace(
        file.ledger,
        prices=(*file.ledger.prices, *(Price(one.asset, one.price, one.day) for one in added)),
        problems=(*file.ledger.problems, *said),
    )
    return replace(file, ledger=ledger, raw=(*others, replace(sheet, rows=rows)))


def _warning(message: str, remedy: str) -> Problem:
    return Problem(Severity.WARNING, PRICES, 0, "", message, remedy, "PRICE_FILE")
