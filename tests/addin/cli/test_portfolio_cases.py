"""The books of portfolio/*.toml, asked of `portfolio`, `harvest --sell`, `prices` and `calendar`.

- `portfolio`: `assets`, `accounts` and `totals` of the document, all of them; `-` is null. `prices_passed_over`: rows
  of the sheet Prices that a problem names.
- `harvest`: the `ticks` as --sell; `sold`, `now`, `then` and `tax_saved` of the document.
- `price_files`: the rows that the files add to the sheet Prices, the format named in Source, and words of the output.
- `calendar`: `events` of the document in their order, and the days of the file for a calendar program.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from books_of_tables import written
from contract_answers import capgain, settings
from law.tables import Row, table

FOLDER = Path(__file__).parent / "portfolio"
CASES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.toml"))}
CENT, MILLIONTH = Decimal("0.005"), Decimal("0.000001")
EXACT = frozenset({"units", "days", "price"})
PARTS = frozenset({"percent", "weight"})
TEXT = frozenset({"price_date", "next_long", "wash_until", "do_not_buy_before", "term", "lot"})

Case = Mapping[str, Any]


def of(kind: str) -> list[object]:
    return [pytest.param(case, id=name) for name, case in CASES.items() if case["kind"] == kind]


def document(*arguments: object) -> dict[str, Any]:
    result = capgain(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def stated(case: Case) -> list[str]:
    pairs = (f"{name}={value}" for name, value in case.get("settings", {}).items())
    return ["--as-of", case["as_of"], "--status", case["status"], *settings(*pairs)]


def agrees(column: str, expected: str, actual: object) -> bool:
    if expected == "-":
        return actual is None
    if actual is None:
        return False
    if column in TEXT:
        return str(actual) == expected
    difference = abs(Decimal(str(actual)) - Decimal(expected))
    return difference == 0 if column in EXACT else difference <= (MILLIONTH if column in PARTS else CENT)


def check(expected: Row, actual: Mapping[str, Any]) -> None:
    wrong = {name: actual.get(name) for name, cell in expected.items() if not agrees(name, cell, actual.get(name))}
    assert not wrong, f"{wrong}, should be {expected}"


@pytest.mark.parametrize("case", of("portfolio"))
def test_what_is_held_and_what_it_is_worth(case: Case, tmp_path: Path) -> None:
    expected = case["expected"]
    answer = document("portfolio", written(case["book"], tmp_path / "book.xlsx"), *stated(case))
    for name, key in (("assets", "asset"), ("accounts", "account")):
        rows = table(expected[name])
        found = {one[key]: one for one in answer[name]}
        assert sorted(found) == sorted(row[key] for row in rows)
        for row in rows:
            check(row, found[row.pop(key)])
    (totals,) = table(expected["totals"])
    check(totals, answer["totals"])
    assert sorted(answer["totals"]["unpriced"]) == expected["unpriced"]
    for place in expected.get("prices_passed_over", ()):
        assert any((one["sheet"], one["row"]) == ("Prices", place) for one in answer["problems"])


@pytest.mark.parametrize("case", of("harvest"))
def test_what_the_ticked_sales_would_do(case: Case, tmp_path: Path) -> None:
    expected = case["expected"]
    ticks = [part for lot, units in case["ticks"].items() for part in ("--sell", f"{lot}={units}")]
    answer = document("harvest", written(case["book"], tmp_path / "book.xlsx"), *ticks, *stated(case))
    rows = table(expected["sold"])
    found = {one["lot"]: one for one in answer["sold"]}
    assert sorted(found) == sorted(row["lot"] for row in rows)
    for row in rows:
        check(row, found[row["lot"]])
    for row in table(expected["compared"]):
        check(row, answer[row.pop("return")])
    check({"tax_saved": expected["tax_saved"]}, answer)


@pytest.mark.parametrize("case", of("price_files"))
def test_price_files_fill_the_sheet_of_prices(case: Case, tmp_path: Path) -> None:
    book = written(case["book"], tmp_path / "book.xlsx")
    for name, text in case["files"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = capgain("prices", *(tmp_path / name for name in case["files"]), "-o", book, "--all")
    assert result.exit_code == 0, result.output
    heading, *rows = openpyxl.load_workbook(book, data_only=True)["Prices"].iter_rows(values_only=True)
    found = [dict(zip(heading, row, strict=True)) for row in rows]
    expected = table(case["expected"]["rows"])
    assert len(found) == len(expected)
    for row in expected:
        assert any(
            (one["Asset"], str(one["Date"])[:10], Decimal(str(one["Price"])))
            == (row["Asset"], row["Date"], Decimal(row["Price"]))
            and row["format"].casefold() in str(one["Source"]).casefold()
            for one in found
        ), f"no {row} in {found}"
    assert [words for words in case["expected"]["notices"] if words not in result.output] == []


@pytest.mark.parametrize("case", of("calendar"))
def test_the_days_that_matter(case: Case, tmp_path: Path) -> None:
    book, file = written(case["book"], tmp_path / "book.xlsx"), tmp_path / "dates.ics"
    answer = document("calendar", book, "-o", file, *stated(case))
    rows = table(case["expected"]["events"])
    keys = ("date", "kind", "asset")
    assert [[one[key] for key in keys] for one in answer["events"]] == [[row[key] for key in keys] for row in rows]
    for row, event in zip(rows, answer["events"], strict=True):
        assert event["units"] == "" if not row["units"] else Decimal(event["units"]) == Decimal(row["units"])
    content = file.read_bytes().decode("utf-8")
    days = [line.partition(":")[2] for line in content.split("\r\n") if line.startswith("DTSTART;VALUE=DATE")]
    assert sorted(days) == [row["date"].replace("-", "") for row in rows]
