"""Every formula we write, calculated by three programs that are not ours, from a file whose results are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pytest

from libreoffice import SOFFICE
from oracles.recalculation import ENGINES, LACKING, beyond, differences, formulas, results, spoilt

AVAILABLE = {
    "LibreOffice": SOFFICE is not None,
    "formualizer": find_spec("formualizer") is not None,
    "IronCalc": find_spec("ironcalc") is not None,
}

engines = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(name, marks=pytest.mark.skipif(not is_there, reason=f"{name} is not installed"))
        for name, is_there in AVAILABLE.items()
    ],
)


@pytest.fixture(scope="module")
def books(files: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, Path]:
    """The files with formulas of ours, and of each a copy with wrong results."""
    folder = tmp_path_factory.mktemp("spoilt")
    theirs = ("somebody's own", "Excel's own")
    ours = [path for kind, path in files.items() if path.suffix == ".xlsx" and not any(one in kind for one in theirs)]
    return {path: spoilt(path, folder) for path in ours if formulas(path)}


@engines
def test_every_formula_gives_what_the_file_says(
    books: Mapping[Path, Path], tmp_path_factory: pytest.TempPathFactory, engine: str
) -> None:
    asked, right = {}, {}
    for path, wrong in books.items():
        assert differences(results(path), results(wrong), formulas(path)), "the results were not spoilt"
        given = beyond(path, engine)
        copy = spoilt(path, tmp_path_factory.mktemp("given"), given=given) if given else wrong
        asked[copy] = {place: formula for place, formula in formulas(path).items() if place not in given}
        right[copy] = results(path)
    assert sum(map(len, asked.values())) > 14_000
    for path, found in zip(asked, ENGINES[engine](asked), strict=True):
        assert differences(right[path], found, asked[path]) == [], path.name


@engines
def test_no_formula_is_kept_from_a_program_that_could_work_it_out(books: Mapping[Path, Path], engine: str) -> None:
    """As few as there are assets with a price and boxes; each that has a result is wrong where the program does it."""
    kept = {path: beyond(path, engine) for path in books}
    assert bool(any(kept.values())) == (engine in LACKING)
    for path, places in kept.items():
        assert len(places) <= 24
        right = {place: results(path)[place] for place in places}
        told = {place for place, value in right.items() if isinstance(value, float | datetime) and value}
        asked = {place: formulas(path)[place] for place in told}
        (found,) = ENGINES[engine]({books[path]: asked}) if asked else ({},)
        assert len(differences(results(path), found, asked)) == len(asked)


@engines
def test_the_same_cells_move_everywhere_when_an_input_moves(
    files: Mapping[str, Path], tmp_path: Path, engine: str
) -> None:
    """A basis of the form is 100.00 higher: Schedule D follows, and a check fails, whoever calculates."""
    path = files["report of the demo"]
    book = openpyxl.load_workbook(path)
    address = next(
        cell.coordinate
        for (cell,) in book["8949 Long"].iter_rows(min_row=10, min_col=5, max_col=5)
        if isinstance(cell.value, int | float)
    )
    _move(path, ("8949 Long", address), engine, tmp_path, ("Schedule D", "Checks"))


@engines
def test_a_new_price_moves_holdings_lots_plans_and_dates_everywhere(
    files: Mapping[str, Path], tmp_path: Path, engine: str
) -> None:
    """The price of an asset of which a lot turns long-term is 100.00 higher."""
    path = files["report of the demo"]
    book = openpyxl.load_workbook(path)
    asset = next(one for (one,) in book["Calendar"].iter_rows(min_row=4, min_col=4, max_col=4, values_only=True) if one)
    row = next(number for number in range(2, 40) if book["Prices"].cell(number, 1).value == asset)
    _move(path, ("Prices", f"B{row}"), engine, tmp_path, ("Portfolio", "Open Lots", "Harvest", "Calendar", "Summary"))


def _move(path: Path, input_cell: tuple[str, str], engine: str, folder: Path, sheets: tuple[str, ...]) -> None:
    """More than ten cells follow, some on each of the sheets, and the cells are LibreOffice's."""
    given = beyond(path, engine)
    moved = spoilt(path, folder, input_cell, given=given)
    wanted = {place: formula for place, formula in formulas(path).items() if place not in given}
    (found,) = ENGINES[engine]({moved: wanted})
    changed = {place: after for place, _, _, after in differences(results(path), found, wanted)}
    assert len(changed) > 10
    assert {sheet for sheet, _ in changed} >= set(sheets)
    assert "FAIL" in map(str, changed.values())
    if engine != "LibreOffice" and AVAILABLE["LibreOffice"]:
        (judged,) = ENGINES["LibreOffice"]({moved: wanted})
        assert differences(judged, found, wanted) == []
