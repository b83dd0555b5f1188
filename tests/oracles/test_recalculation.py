"""Every formula we write, calculated by three programs that are not ours, from a file whose results are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pytest

from libreoffice import SOFFICE
from oracles.recalculation import ENGINES, differences, formulas, has_names, results, spoilt

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
    ours = [path for kind, path in files.items() if path.suffix == ".xlsx" and "somebody's own" not in kind]
    return {path: spoilt(path, folder) for path in ours if formulas(path)}


@engines
def test_every_formula_gives_what_the_file_says(books: Mapping[Path, Path], engine: str) -> None:
    books = {path: wrong for path, wrong in books.items() if engine == "LibreOffice" or not has_names(path)}
    asked = {wrong: formulas(path) for path, wrong in books.items()}
    assert engine != "LibreOffice" or sum(map(len, asked.values())) > 3_000
    for path, wrong in books.items():
        assert differences(results(path), results(wrong), formulas(path)), "the results were not spoilt"
    for path, found in zip(books, ENGINES[engine](asked), strict=True):
        assert differences(results(path), found, formulas(path)) == [], path.name


@engines
def test_the_same_cells_move_everywhere_when_an_input_moves(
    files: Mapping[str, Path], tmp_path: Path, engine: str
) -> None:
    """A basis of the form is 100.00 higher: Schedule D follows, and a check fails, whoever calculates."""
    path = files["report of the demo"]
    if engine != "LibreOffice" and has_names(path):
        return  # LibreOffice alone works out the names that the report defines
    book = openpyxl.load_workbook(path)
    address = next(
        cell.coordinate
        for (cell,) in book["8949 Long"].iter_rows(min_row=10, min_col=5, max_col=5)
        if isinstance(cell.value, int | float)
    )
    moved = spoilt(path, tmp_path, ("8949 Long", address))
    wanted = formulas(moved)
    (found,) = ENGINES[engine]({moved: wanted})
    changed = {place: after for place, _, _, after in differences(results(path), found, wanted)}
    assert len(changed) > 10
    assert any(sheet == "Schedule D" for sheet, _ in changed)
    assert "FAIL" in map(str, changed.values())
    if engine != "LibreOffice" and AVAILABLE["LibreOffice"]:
        (judged,) = ENGINES["LibreOffice"]({moved: wanted})
        assert differences(judged, found, wanted) == []
