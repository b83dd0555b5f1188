"""The ledgers of ledgers/*.toml: every figure and word that a case states of `capgain compute --json`."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from contract_answers import capgain
from law.tables import Row, table
from waiting import each

FOLDER = Path(__file__).parent / "ledgers"
LISTS = ("dispositions", "income", "donations", "gifts", "thefts", "amt", "positions")
"""The lists of a year that a case states row by row."""

WHOLE_NUMBERS = frozenset({"row", "lot_row"})
YES_OR_NO = frozenset({"in_totals", "appraisal", "form_709", "blocks_filing"})


def cases() -> dict[str, dict[str, Any]]:
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        shared = tomllib.loads(file.read_text("utf-8"))
        for case in shared.pop("case"):
            assert case["id"] not in found, f"two cases are {case['id']}"
            found[case["id"]] = shared | case
    return found


CASES = cases()
TITLES = {name: case["title"] for name, case in CASES.items()}


def written(ledger: str, path: Path) -> Path:
    """The ledger as a CSV; its first column, the row of the sheet, is for the reader of the case alone."""
    rows = table(ledger)
    assert [row.pop("row") for row in rows] == [str(place) for place in range(2, len(rows) + 2)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def options(case: Mapping[str, Any]) -> list[str]:
    pairs = [f"Account {name}={kind}" for name, kind in case["accounts"].items()]
    pairs += [f"{name}={value}" for name, value in case.get("settings", {}).items()]
    return ["--status", case["filing_status"], *(part for pair in pairs for part in ("--set", pair))]


def computed(ledger: str, case: Mapping[str, Any], folder: Path) -> tuple[int, dict[str, Any]]:
    result = capgain("compute", written(ledger, folder / "ledger.csv"), *options(case), "--json")
    return result.exit_code, json.loads(result.stdout)


def stated(row: Row) -> dict[str, Any]:
    """What a line of a table asserts: a blank cell nothing, `-` an empty text, `printed.c` an entry of `printed`."""
    facts: dict[str, Any] = {}
    for column, cell in row.items():
        if not cell:
            continue
        value: object = "" if cell == "-" else cell
        if column in WHOLE_NUMBERS:
            value = int(cell)
        elif column in YES_OR_NO:
            value = {"yes": True, "no": False}[cell]
        outer, _, inner = column.partition(".")
        if inner:
            facts.setdefault(outer, {})[inner] = value
        else:
            facts[outer] = value
    return facts


def holds(expected: object, actual: object) -> bool:
    """Whether the actual value says all that is expected; an object may say more."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and holds(value, actual[key]) for key, value in expected.items()
        )
    return type(expected) is type(actual) and expected == actual


def unmatched(expected: Sequence[Row], actual: Sequence[object], what: str) -> Iterator[str]:
    """Each line has a row of its own, and there are no other rows."""
    left = list(actual)
    for line in expected:
        row = next((row for row in left if holds(stated(line), row)), None)
        if row is None:
            yield f"{what}: none is {stated(line)}"
        else:
            left.remove(row)
    if len(actual) != len(expected):
        yield f"{what}: {len(actual)} rows, not {len(expected)}"


def by_year(case: Mapping[str, Any], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {str(year): [] for year in case.get(f"no_{name}", ())}
    for row in table(case[name]) if name in case else ():
        found.setdefault(row.pop("year"), []).append(row)
    return found


def differences(case: Mapping[str, Any], exit_code: int, answer: Mapping[str, Any]) -> Iterator[str]:
    if exit_code != case["exit"]:
        yield f"exit code {exit_code}"
    if "filing_ready" in case and answer["filing_ready"] is not case["filing_ready"]:
        yield f"filing_ready is {answer['filing_ready']}"
    years = answer["years"]
    for name in LISTS:
        for year, lines in by_year(case, name).items():
            yield from unmatched(lines, years.get(year, {}).get(name, ()), f"{year} {name}")
            if year not in years:
                yield f"{year} is missing"
    for name in ("schedule_d", "carryover"):
        for year, lines in case.get(name, {}).items():
            if not holds(lines, years.get(year, {}).get(name)):
                yield f"{year} {name} is {years.get(year, {}).get(name)}, not {lines}"
    if "open_lots" in case or case.get("no_open_lots"):
        yield from unmatched(table(case["open_lots"]) if "open_lots" in case else (), answer["open_lots"], "open lots")
    if case.get("no_open_shorts") and answer["open_shorts"]:
        yield f"open shorts: {answer['open_shorts']}"
    for line in table(case["problems"]) if "problems" in case else ():
        words = line.pop("says").split("; ")
        if not any(
            holds(stated(line), problem) and all(word in f"{problem['message']} {problem['remedy']}" for word in words)
            for problem in answer["problems"]
        ):
            yield f"no problem is {stated(line)} and says {words}"
    for code in case.get("absent_codes", ()):
        if any(problem.get("code") == code for problem in answer["problems"]):
            yield f"{code} is told"


def told(answer: Mapping[str, Any]) -> str:
    """The answer as text, for a failing test to show."""
    rows = [row for year in answer["years"].values() for name in LISTS for row in year.get(name, ())]
    return "\n".join(map(str, [*rows, *answer["open_lots"], *answer["problems"]]))


@pytest.mark.parametrize("case", each(CASES, FOLDER / "waiting.txt", TITLES))
def test_the_ledger_gives_what_the_case_states(case: Mapping[str, Any], tmp_path: Path) -> None:
    exit_code, answer = computed(case["ledger"], case, tmp_path)
    wrong = list(differences(case, exit_code, answer))
    assert not wrong, "\n".join([*wrong, told(answer)])


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if "plain_ledger" in case], ids=lambda case: case["id"]
)
def test_the_same_written_with_plain_types_gives_the_same_rows(case: Mapping[str, Any], tmp_path: Path) -> None:
    """The event means nothing more than these purchases and sales."""
    _, answer = computed(case["plain_ledger"], case, tmp_path)
    for year, lines in by_year(case, "dispositions").items():
        of_no_row = [{column: "" if column in WHOLE_NUMBERS else cell for column, cell in row.items()} for row in lines]
        assert not list(unmatched(of_no_row, answer["years"][year]["dispositions"], year))


def test_every_case_states_something_to_be_found() -> None:
    for name, case in CASES.items():
        assert case.keys() & {*LISTS, "no_dispositions", "schedule_d", "carryover", "open_lots", "problems"}, name
