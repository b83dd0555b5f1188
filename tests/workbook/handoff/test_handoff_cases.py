"""Books of taxpayers as cases/*.toml hold them, and what `compute` and `handoff` must make of them.

- `book`: the sheets Ledger, Accounts, Settings and 1099. `as_of`: the day for `handoff`.
- `compute`: `exit`, `filing_ready`; rows of `dispositions` and boxes of `form_8949` that must be there; some lines of
  `schedule_d` and `carryover`; `problems` with their place and words.
- `handoff`, and `draft` (with --draft): `exit`, `nothing_written`; `manifest` in part, `checks_failed`; `files`,
  `files_absent`; `csv`, file by file; `sheets`, `sheet_text` and `cells` of workpapers.xlsx (cells_by_words.py).
- `edits_found_together`: edits made in one copy, each of which a check of its own finds;
- `edits_found`: each edit alone, computed anew, makes a check fail whose text matches `fails`, and the cover say
  NOT READY TO FILE.
- `step`: instead, what is done one after the other; `after` is what the folder then holds.

`pytest tests/workbook/handoff/test_handoff_cases.py -k g07` runs one case.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from books_of_tables import written
from contract_answers import capgain
from law.tables import Row, table
from libreoffice import convert, convert_all, needs_libreoffice
from waiting import each

from .cells_by_words import as_text, differences, find, headings, same

FOLDER = Path(__file__).parent / "cases"
CASES: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text("utf-8"), parse_float=Decimal) for file in sorted(FOLDER.glob("*.toml"))
}
COMPUTED_ANEW = {
    name: name for name, case in CASES.items() if "step" in case or "edits_found" in case.get("handoff", {})
}
AS_THEY_ARE = {name: name for name in CASES if name not in COMPUTED_ANEW}
WORKBOOK = "xlsx:Calc MS Excel 2007 XML"


def part_of(expected: object, actual: object, what: str) -> Iterator[str]:
    """What an answer lacks: of an object these entries, of a list of objects one that fits each."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            yield f"{what}: {actual!r}"
            return
        for key, value in expected.items():
            yield from part_of(value, actual.get(key, "(absent)"), f"{what}.{key}")
    elif not same(expected, actual):
        yield f"{what}: {actual!r}, should be {expected!r}"


def stated(row: Row) -> dict[str, str]:
    return {column: "" if cell == "-" else cell for column, cell in row.items() if cell}


def computed(expected: Mapping[str, Any], ledger: Path) -> Iterator[str]:
    result = capgain("compute", ledger, "--json")
    if result.exit_code != expected.get("exit", 0):
        yield f"compute ends with {result.exit_code}"
    answer = json.loads(result.stdout)
    if "filing_ready" in expected and answer["filing_ready"] is not expected["filing_ready"]:
        yield f"filing_ready is {answer['filing_ready']}: {[one['message'] for one in answer['problems']]}"
    years = answer["years"]
    for row in table(expected["dispositions"]) if "dispositions" in expected else ():
        facts = stated(row)
        rows = years.get(facts.pop("year"), {}).get("dispositions", ())
        if all(list(part_of(facts, one, "")) for one in rows):
            yield f"dispositions: none is {facts}"
    for row in table(expected["form_8949"]) if "form_8949" in expected else ():
        facts = stated(row)
        year, box = facts.pop("year"), facts.pop("box")
        yield from part_of(facts, years.get(year, {}).get("form_8949", {}).get(box), f"{year} form_8949 {box}")
    for name in ("schedule_d", "carryover"):
        for year, lines in expected.get(name, {}).items():
            yield from part_of(lines, years.get(year, {}).get(name), f"{year} {name}")
    for row in table(expected["problems"]) if "problems" in expected else ():
        if not any(
            (one["sheet"], str(one["row"])) == (row["sheet"], row["row"]) and row["says"] in one["message"]
            for one in answer["problems"]
        ):
            yield f"no problem is {row}"


def a_csv(path: Path, expected: Mapping[str, Any]) -> Iterator[str]:
    if not path.exists():
        yield f"{path.name} is missing"
        return
    raw = path.read_text("utf-8-sig")
    lines, rows = raw.splitlines(), list(csv.reader(raw.splitlines()))
    if lines[0] != expected.get("header", lines[0]):
        yield f"{path.name}: header {lines[0]}"
    if len(rows[0]) != expected.get("column_count", len(rows[0])):
        yield f"{path.name}: {len(rows[0])} columns"
    first = expected.get("first_columns", [])
    if rows[0][: len(first)] != first:
        yield f"{path.name}: begins {rows[0]}"
    if len(rows) - 1 != expected.get("row_count", len(rows) - 1):
        yield f"{path.name}: {len(rows) - 1} rows"
    yield from (f"{path.name}: no line {line}" for line in expected.get("lines", ()) if line not in lines)
    records = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    for facts in expected.get("rows", ()):
        if not any(all(_says(one, name, value) for name, value in facts.items()) for one in records):
            yield f"{path.name}: no row {facts}"


def _says(record: Mapping[str, str], name: str, value: str) -> bool:
    """A description may go on after the words expected."""
    return record.get(name) == value or (name.startswith("Descr") and record.get(name, "").startswith(value))


def package(folder: Path, expected: Mapping[str, Any]) -> Iterator[str]:
    manifest = folder / "manifest.json"
    wanted = dict(expected.get("manifest", {}))
    if "checks_failed" in expected:
        wanted["checks"] = {"failed": expected["checks_failed"]}
    if wanted:
        yield from part_of(wanted, json.loads(manifest.read_text("utf-8")) if manifest.exists() else None, "manifest")
    yield from (f"{name} is missing" for name in expected.get("files", ()) if not (folder / name).exists())
    yield from (f"{name} is there" for name in expected.get("files_absent", ()) if (folder / name).exists())
    for name, one in expected.get("csv", {}).items():
        yield from a_csv(folder / name, one)
    workpapers = folder / "workpapers.xlsx"
    if not expected.keys() & {"sheets", "cells", "sheet_text"}:
        return
    if not workpapers.exists():
        yield "workpapers.xlsx is missing"
        return
    sheets = {sheet.title: sheet for sheet in openpyxl.load_workbook(workpapers, data_only=True).worksheets}
    yield from (f"sheet {name} is missing" for name in expected.get("sheets", ()) if name not in sheets)
    yield from differences(sheets, expected.get("cells", ()))
    for name, wanted_words in expected.get("sheet_text", {}).items():
        text = " ".join(as_text(value) for row in sheets[name].values for value in row) if name in sheets else ""
        yield from (f"sheet {name}: nothing of {one}" for one in wanted_words if one not in text)


def edit(path: Path, edits: Sequence[Mapping[str, Any]]) -> None:
    """Types into a workbook as a person would; cells are found by the values they show. Raises LookupError."""
    book, seen = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for one in edits:
        if "new_sheet" in one:
            added = book.create_sheet(one["new_sheet"])
            for address, value in one["cells"].items():
                added[address] = value
            continue
        named = one.get("comment_on") or one.get("fill") or one
        if named["sheet"] not in seen.sheetnames:
            raise LookupError(f"no sheet {named['sheet']}")
        shown = find(seen[named["sheet"]], named)
        if shown is None:
            raise LookupError(f"{named}: not found")
        cell = book[named["sheet"]][shown.coordinate]
        if "comment_on" in one:
            cell.comment = Comment(one["text"], "CPA")
        elif "fill" in one:
            cell.fill = PatternFill("solid", fgColor=f"FF{one['rgb']}")
        elif "factor" in one:
            cell.value = cell.value * one["factor"]
        elif "add" in one:
            cell.value = (cell.value if isinstance(cell.value, int | float) else 0) + one["add"]
        elif "set_date" in one:
            cell.value = datetime.fromisoformat(one["set_date"])
        else:
            cell.value = None if one["set"] == "" else one["set"]
    book.save(path)


def edits_found(workpapers: Path, groups: Sequence[Sequence[Mapping[str, Any]]], folder: Path) -> Iterator[str]:
    """Edits that no check finds; those of a group are made in one copy of the workpapers."""
    tried = {}
    for place, group in enumerate(groups):
        copy = folder / f"edited{place}.xlsx"
        shutil.copy(workpapers, copy)
        try:
            edit(copy, group)
        except LookupError as trouble:
            yield f"{[one['id'] for one in group]}: {trouble}"
        else:
            tried[copy] = group
    computed_anew = folder / "computed"
    computed_anew.mkdir()
    for path, group in zip(convert_all(list(tried), WORKBOOK, computed_anew), tried.values(), strict=True):
        book = openpyxl.load_workbook(path, data_only=True)
        checks = book["Checks"]
        top, columns = headings(checks, ["Check", "Result"])
        failed = [
            as_text(checks.cell(row, columns["Check"]).value)
            for row in range(top + 1, checks.max_row + 1)
            if checks.cell(row, columns["Result"]).value == "FAIL"
        ]
        for one in group:
            if not any(re.search(one["fails"], text, re.IGNORECASE) for text in failed):
                yield f"{one['id']}: no failed check says {one['fails']!r}, only {failed}"
        state = book["Cover"]["A1"].value if "Cover" in book.sheetnames else None
        if not str(state).startswith("NOT READY"):
            yield f"{[one['id'] for one in group]}: the cover says {state!r}"


def handed_off(case: Mapping[str, Any], ledger: Path, folder: Path) -> Iterator[str]:
    day = ["--as-of", case["as_of"]] if "as_of" in case else []
    for name, more in (("handoff", []), ("draft", ["--draft"])):
        if name not in case:
            continue
        expected = case[name]
        shutil.rmtree(folder, ignore_errors=True)
        result = capgain("handoff", ledger, "-o", folder, *day, *more)
        if result.exit_code != expected.get("exit", 0):
            yield f"{name} ends with {result.exit_code}: {result.output[-200:]}"
        if expected.get("nothing_written"):
            yield from ["a folder was written"] if folder.exists() else []
        elif not folder.exists():
            yield "nothing was written"
        else:
            yield from package(folder, expected)


def stepped(case: Mapping[str, Any], ledger: Path, folder: Path) -> Iterator[str]:
    for step in case["step"]:
        if "edit" in step:
            workpapers = folder / "workpapers.xlsx"
            edit(workpapers, step["edit"])
            shutil.copy(convert(workpapers, WORKBOOK, ledger.parent), workpapers)
        elif "change" in step:
            book = openpyxl.load_workbook(ledger)
            cell = find(book["Ledger"], step["change"])
            assert cell is not None
            cell.value = step["change"]["set"]
            book.save(ledger)
        else:
            result = capgain("handoff", ledger, "-o", folder)
            assert result.exit_code == 0, result.output
    yield from package(folder, case["after"])


@pytest.mark.parametrize("name", each(AS_THEY_ARE, FOLDER / "waiting.txt", others=CASES))
def test_the_book_gives_what_the_case_states(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    ledger = written(case["book"], tmp_path / "ledger.xlsx")
    wrong = [*computed(case.get("compute", {}), ledger), *handed_off(case, ledger, tmp_path / "package")]
    assert not wrong, "\n".join(wrong)


@needs_libreoffice
@pytest.mark.parametrize("name", each(COMPUTED_ANEW, FOLDER / "waiting.txt", others=CASES))
def test_the_book_gives_what_the_case_states_once_edited_and_computed_anew(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    ledger, folder = written(case["book"], tmp_path / "ledger.xlsx"), tmp_path / "package"
    if "step" in case:
        wrong = list(stepped(case, ledger, folder))
    else:
        wrong = [*computed(case.get("compute", {}), ledger), *handed_off(case, ledger, folder)]
        if not wrong:
            groups = [[one] for one in case["handoff"]["edits_found"]]
            groups.append(case["handoff"]["edits_found_together"])
            wrong = list(edits_found(folder / "workpapers.xlsx", groups, tmp_path))
    assert not wrong, "\n".join(wrong)
