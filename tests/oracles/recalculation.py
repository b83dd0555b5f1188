"""Programs that calculate workbooks, none of them ours: each gives every cell's value from a file without results."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import to_excel

from libreoffice import recalculated_all

Place = tuple[str, str]
"""A sheet and an address on it."""

Cells = Mapping[Place, Any]
"""Values by place; an error as its text."""

Books = Mapping[Path, Iterable[Place]]
"""Workbooks, and the places of each that are asked for."""

WRONG = b"12345"
_RESULT = re.compile(rb"(</f>)<v>[^<]*</v>")
_ISNUMBER_OF_MANY = re.compile(r"SUMPRODUCT\((?:[^\"]|\"[^\"]*\")*ISNUMBER\((?:[A-Z][a-z]+_[A-Z]|[^()]*:)")
_ABS_OF_MANY = re.compile(r"SUMPRODUCT\(ABS\(")
_BOTH = re.compile(f"{_ISNUMBER_OF_MANY.pattern}|{_ABS_OF_MANY.pattern}")
LACKING: Mapping[str, re.Pattern[str]] = {"formualizer": _BOTH, "IronCalc": _BOTH}
"""Formulas by what a program lacks: ISNUMBER and ABS of many cells at once, which both take for those of one."""

_KIND = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="(?:str|b|e)"(><f)')


def spoilt(path: Path, folder: Path, moved: Place | None = None, *, given: Iterable[Place] = ()) -> Path:
    """A copy of a workbook in which the result of every formula is wrong: only calculation can give the right one.

    `moved` is a cell with a number, to which 100 is added. The cells `given` keep their result and lose their formula.
    """
    stated = frozenset(given)
    copy = folder / f"{path.stem} spoilt{' in part' if stated else ''}.xlsx"
    part = _part(path, moved[0]) if moved else ""
    parts: dict[str, list[str]] = {}
    for sheet, address in stated:
        parts.setdefault(_part(path, sheet), []).append(address)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as written:
        for name in source.namelist():
            content = source.read(name)
            if moved and name == part:
                number = re.compile(rb'(<c r="' + moved[1].encode() + rb'"(?: s="\d+")?><v>)([^<]*)')
                content, found = number.subn(lambda cell: cell[1] + repr(float(cell[2]) + 100).encode(), content)
                assert found == 1
            for address in parts.get(name, ()):
                formula = re.compile(rb'(<c r="' + address.encode() + rb'"[^>]*>)<f>[^<]*</f>')
                content, found = formula.subn(rb"\1", content)
                assert found == 1
            if name.startswith("xl/worksheets/sheet"):
                content = _KIND.sub(rb"\1\2", _RESULT.sub(rb"\1<v>" + WRONG + b"</v>", content))
            written.writestr(name, content)
    return copy


def _part(path: Path, sheet: str) -> str:
    """The part of a workbook that holds a sheet."""
    book = openpyxl.load_workbook(path, read_only=True)
    name = str(book[sheet]._worksheet_path)  # type: ignore[union-attr]
    book.close()
    return name.lstrip("/")


@cache
def beyond(path: Path, engine: str) -> frozenset[Place]:
    """The formulas that a program cannot work out, by what it lacks."""
    lacking = LACKING.get(engine)
    return frozenset(place for place, formula in formulas(path).items() if lacking and lacking.search(formula))


@cache
def formulas(path: Path) -> Mapping[Place, str]:
    """Every formula of a workbook."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@cache
def results(path: Path) -> Cells:
    """The results that a file carries."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def by_libreoffice(books: Books) -> list[Cells]:
    found = recalculated_all(tuple(books))
    return [
        {(sheet, address): cells.get(sheet, {}).get(address) for sheet, address in wanted}
        for cells, wanted in zip(found, books.values(), strict=True)
    ]


def by_formualizer(books: Books) -> list[Cells]:
    return [_by_formualizer(path, wanted) for path, wanted in books.items()]


def _by_formualizer(path: Path, wanted: Iterable[Place]) -> Cells:
    import formualizer

    book = formualizer.load_workbook(str(path))
    book.set_temporal_egress("serial")
    book.evaluate_all()
    return {(sheet, address): book.evaluate_cell(sheet, *coordinate_to_tuple(address)) for sheet, address in wanted}


def by_ironcalc(books: Books) -> list[Cells]:
    return [_by_ironcalc(path, wanted) for path, wanted in books.items()]


def _by_ironcalc(path: Path, wanted: Iterable[Place]) -> Cells:
    import ironcalc

    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    sheets = {properties["name"]: place for place, properties in enumerate(model.get_worksheets_properties())}
    return {
        (sheet, address): model.get_cell_value(sheets[sheet], *coordinate_to_tuple(address))
        for sheet, address in wanted
    }


ENGINES: Mapping[str, Callable[[Books], list[Cells]]] = {
    "LibreOffice": by_libreoffice,
    "formualizer": by_formualizer,
    "IronCalc": by_ironcalc,
}


def differences(right: Cells, found: Cells, asked: Mapping[Place, str]) -> list[tuple[Place, str, Any, Any]]:
    """Where a program says something else than the file: place, formula, the file's value, the program's."""
    return [
        (place, formula, right.get(place), found.get(place))
        for place, formula in asked.items()
        if not _is_same(_plain(right.get(place), formula), _plain(found.get(place), formula))
    ]


def _plain(value: Any, formula: str) -> Any:
    """Dates as serial numbers, as cells hold them; a link as what it shows, which some programs hold as text."""
    if isinstance(value, datetime | date | time):
        return to_excel(value)
    if isinstance(value, str) and formula.startswith("=HYPERLINK("):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _is_same(right: Any, found: Any) -> bool:
    if isinstance(right, int | float) and isinstance(found, int | float):
        return abs(right - found) < 1e-6
    return bool(right == found)
