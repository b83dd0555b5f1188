"""Random ledgers of every type of row: each check of the report passes, and a few are recalculated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.report import TaxReport
from capgain.workbook.reading.balances import StatedBalance
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.report import report_book
from capgain.workbook.sheets import Book, Formula
from capgain.workbook.unit_counts import unit_counts, units_held
from capgain.workbook.xlsx.writer import write_book
from law.random_ledgers import ACCOUNTS, Maker
from law.random_ledgers import settings as drawn_settings
from law.tables import Row, read
from libreoffice import formulas, needs_libreoffice, recalculated_all, values

SEEDS = range(60)
ROWS = 40
RECALCULATED = 6
SMALLEST = 1e-9
HALF_A_CENT = 0.005


class Drawn:
    """A random ledger, its report, and the sheets it was read from."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        rows = Maker(rng, even=seed % 2 == 0).make(ROWS)
        self.ledger: Ledger = read(rows, ACCOUNTS, drawn_settings(rng))
        self.report: TaxReport = compute(self.ledger)
        self.raw = (RawSheet("Ledger", cells_of(rows)),)
        self.path = Path(f"{seed}.csv")
        self.sha256 = "0" * 64
        self.date_1904 = False
        self.balances: tuple[StatedBalance, ...] = ()

    def book(self) -> Book:
        return report_book(self.report, self, None)  # type: ignore[arg-type]


def cells_of(rows: Sequence[Row]) -> list[list[Any]]:
    header = list(dict.fromkeys(name for row in rows for name in row))
    return [list(header), *([row.get(name) for name in header] for row in rows)]


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    made = [Drawn(seed) for seed in SEEDS]
    computed = [one for one in made if not one.report.has_errors]
    assert len(computed) > len(made) / 2
    return computed


def test_units_counted_from_the_ledger_are_those_in_open_lots(drawn: list[Drawn]) -> None:
    for one in drawn:
        counts, held = unit_counts(one.report), units_held(one.report)
        assert set(held) <= set(counts)
        for asset, count in counts.items():
            assert abs(count.held - held.get(asset, 0)) < SMALLEST, (one.path, asset)


def test_units_are_counted_to_the_day_of_the_lots(drawn: list[Drawn]) -> None:
    for one in drawn[:20]:
        middle = one.ledger.transactions[len(one.ledger.transactions) // 2].at.date()
        report = compute(one.ledger, lots_as_of=middle)
        held = units_held(report)
        for asset, count in unit_counts(report).items():
            assert abs(count.held - held.get(asset, 0)) < SMALLEST, (one.path, asset)


def test_units_and_basis_of_every_year_are_proved_from_the_ledger_to_open_lots(drawn: list[Drawn]) -> None:
    proved = 0
    for one in drawn[:15]:
        for year, about in one.report.years.items():
            if about.schedule_d is None:
                continue
            report = compute(one.ledger, through=year, lots_as_of=date(year, 12, 31))
            book = report_book(report, one, year)  # type: ignore[arg-type]
            assert {"Lot Proof", "Roll-forward"} <= {sheet.name for sheet in book.sheets}
            for row in book.sheet("Checks").rows[1:]:
                result = row[6].content if row[6] else None
                assert isinstance(result, Formula)
                assert result.expected == "PASS", (one.path, year, row[2])
                proved += row[2] is not None and str(row[2].content).startswith(("Units", "Basis"))
    assert proved > 200


def test_every_check_of_every_report_passes(drawn: list[Drawn]) -> None:
    checked = 0
    for one in drawn:
        for row in one.book().sheet("Checks").rows[1:]:
            result = row[6].content if row[6] else None
            assert isinstance(result, Formula)
            assert result.expected == "PASS", (one.path, row[2])
            checked += 1
    assert checked > 1000


@needs_libreoffice
def test_reports_of_random_ledgers_recalculate(drawn: list[Drawn], tmp_path: Path) -> None:
    paths = []
    for one in drawn[:RECALCULATED]:
        paths.append(tmp_path / f"{one.path.stem}.xlsx")
        write_book(one.book(), paths[-1])
    for path, fresh in zip(paths, recalculated_all(paths), strict=True):
        cached = values(path)
        for sheet, cells in formulas(path).items():
            for place in cells:
                before, after = cached[sheet][place], fresh[sheet][place]
                same = abs(before - after) < HALF_A_CENT if isinstance(before, int | float) else before == after
                assert same, (path.name, sheet, place, before, after)
