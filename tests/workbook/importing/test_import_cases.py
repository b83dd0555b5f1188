"""Files of exchanges, wallets and brokers as cases/*.toml hold them, and the ledger they must become.

A case is one call of `capgain import`: `files`, those of `import` given in that order, and `options`. What is
`expected`:

- `ledger`: the Ledger's rows, all of them in any order, in the columns named; a blank cell is an empty one. Money
  compares in cents, quantities exactly, times to the second in New York. A lot L1, L2 ... stands for whatever id is
  used: the Lot of each Sell then names an Opening's.
- `form_1099`: likewise the sheet 1099.
- `open_items`: one for each line of the table, whose source is one of these physical lines and whose text holds all the
  words; and no other.
- `ignored`: lines that are the source of no row of the ledger.
- `accounts`: their Kind on the sheet Accounts. `compute`: dispositions of a year and the sum of their gains.
- `exit`: the exit code; without it a workbook must come of the call. `says`, `never_says`: words of the output or the
  workbook, without regard to case.

`pytest tests/workbook/importing/test_import_cases.py -k 37-swan` runs one case.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contract_answers import capgain
from law.tables import Row, table
from waiting import each

FOLDER = Path(__file__).parent / "cases"
CASES: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.toml"))
}
TAX_ZONE = "America/New_York"
MONEY = frozenset(
    {"Amount", "Fee", "Price", "Basis", "Adjustment", "Proceeds", "Wash", "Reported Basis", "Reported Proceeds"}
)
NONE_WHEN_ZERO = MONEY | {"Fee Quantity"}
DIGITS = 10
"""Decimals to which a quantity that the sheet holds as a number is compared."""

HALF_A_SECOND = timedelta(microseconds=500_000)
ANY_LOT = re.compile(r"L\d+")


def shown(column: str, value: object) -> str:
    """A cell as it is compared: dates and times in ISO form, numbers without needless zeros."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        moment = (value + HALF_A_SECOND).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if column in MONEY:
        number = number.quantize(Decimal("0.01"))
    elif isinstance(value, float):
        number = round(number, DIGITS)
    if not number:
        return "" if column in NONE_WHEN_ZERO else "0"
    return format(number.normalize(), "f")


def sheet_rows(book: openpyxl.Workbook | None, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet below its heading, the first row with more than two cells; [] without book or sheet."""
    if book is None or name not in book.sheetnames:
        return []
    rows = list(book[name].iter_rows(values_only=True))
    top = next((place for place, row in enumerate(rows) if sum(cell is not None for cell in row) > 2), None)
    if top is None:
        return []
    heading = [str(cell) if cell is not None else "" for cell in rows[top]]
    return [dict(zip(heading, row, strict=True)) for row in rows[top + 1 :] if any(cell is not None for cell in row)]


def same_rows(expected: Sequence[Row], actual: Sequence[Mapping[str, Any]], what: str) -> Iterator[str]:
    if not expected:
        if actual:
            yield f"{what}: {len(actual)} rows, none expected"
        return
    any_lot = any(ANY_LOT.fullmatch(row.get("Lot", "")) for row in expected)
    columns = [column for column in expected[0] if column != "Lot" or not any_lot]
    left = [tuple(shown(column, row.get(column)) for column in columns) for row in actual]
    for line in expected:
        row = tuple(shown(column, line[column]) for column in columns)
        if row in left:
            left.remove(row)
        else:
            yield f"{what} lacks {dict(zip(columns, row, strict=True))}"
    for row in left:
        yield f"{what} has too much: {dict(zip(columns, row, strict=True))}"
    if any_lot:
        openings = {str(row.get("Lot") or row.get("ID") or "") for row in actual if row.get("Type") == "Opening"}
        for row in actual:
            if row.get("Type") == "Sell" and str(row.get("Lot") or "").partition(":")[0] not in openings - {""}:
                yield f"a Sell of {row.get('Asset')} names no Opening's lot"


def lines_of(row: Mapping[str, Any]) -> list[str]:
    """The physical lines a row of the workbook comes from."""
    return str(row.get("Source Line")).replace(" ", "").split(",")


def open_items(expected: Sequence[Row], actual: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    named = set()
    for line in expected:
        lines = line["lines"].replace(" ", "").split(",")
        named |= {(line["file"], number) for number in lines}
        found = [
            row
            for row in actual
            if line["file"] in str(row.get("Source File")) and not set(lines).isdisjoint(lines_of(row))
        ]
        text = " ".join(str(value) for row in found for value in row.values() if value is not None).casefold()
        if not found:
            yield f"no open item for {line['file']} {lines}"
        else:
            words = line["says"].split("; ")
            yield from (f"open item of {line['file']} {lines} lacks {w!r}" for w in words if w.casefold() not in text)
    for row in actual:
        files = str(row.get("Source File")).split("; ")
        for number in lines_of(row):
            if not any((file, number) in named for file in files):
                yield f"open item too much: {files} {number}: {row.get('Why')}"


def computed(expected: Mapping[str, Any], book: Path) -> Iterator[str]:
    result = capgain("compute", book, "--year", "all", "--status", "single", "--json")
    years = json.loads(result.stdout)["years"]
    rows = years.get(str(expected["year"]), {"dispositions": []})["dispositions"]
    gain = sum((Decimal(row["gain"]) for row in rows), Decimal(0))
    if not years:
        yield f"nothing is computed: {result.stdout}"
    if gain != Decimal(expected["gain"]) or len(rows) != expected["dispositions"]:
        yield f"gain {gain} of {len(rows)} rows"
    if "code" in expected and {row["code"] for row in rows} != {expected["code"]}:
        yield f"codes {[row['code'] for row in rows]}"


def differences(expected: Mapping[str, Any], exit_code: int, output: str, path: Path) -> Iterator[str]:
    book = openpyxl.load_workbook(path, data_only=True) if path.exists() else None
    if "exit" in expected:
        if exit_code != expected["exit"]:
            yield f"exit code {exit_code}"
    elif book is None:
        yield "no workbook"
    ledger, items = sheet_rows(book, "Ledger"), sheet_rows(book, "Open Items")
    yield from same_rows(table(expected["ledger"]), ledger, "the ledger")
    if "form_1099" in expected:
        yield from same_rows(table(expected["form_1099"]), sheet_rows(book, "1099"), "sheet 1099")
    yield from open_items(table(expected["open_items"]) if "open_items" in expected else (), items)
    for line in table(expected["ignored"]) if "ignored" in expected else ():
        ignored = set(line["lines"].replace(" ", "").split(","))
        if any(line["file"] in str(row.get("Source File")) and ignored & set(lines_of(row)) for row in ledger):
            yield f"a row of the ledger comes of {line['file']} {sorted(ignored)}"
    kinds = {row.get("Account"): row.get("Kind") for row in sheet_rows(book, "Accounts")}
    for account, kind in expected.get("accounts", {}).items():
        if kinds.get(account) != kind:
            yield f"account {account} is {kinds.get(account)}, not {kind}"
    said = output + " ".join(str(value) for row in ledger + items for value in row.values() if value is not None)
    for words in expected.get("says", ()):
        if words.casefold() not in said.casefold():
            yield f"does not say {words!r}"
    for words in expected.get("never_says", ()):
        if words.casefold() in said.casefold():
            yield f"says {words!r}"
    if "compute" in expected and book is not None:
        yield from computed(expected["compute"], path)


@pytest.mark.parametrize("case", each(CASES, FOLDER / "waiting.txt"))
def test_the_files_become_the_ledger_of_the_case(
    case: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, book = tmp_path / "given", tmp_path / "book.xlsx"
    given.mkdir()
    for name, text in case["files"].items():
        (given / name).write_text(text, encoding="utf-8", newline="")
    monkeypatch.chdir(given)
    result = capgain("import", *case["import"], "-o", book, "--time-zone", TAX_ZONE, *case.get("options", ()))
    wrong = list(differences(case["expected"], result.exit_code, result.output, book))
    assert not wrong, "\n".join([*wrong, result.output])
    assert {name: (given / name).read_text(encoding="utf-8") for name in case["files"]} == case["files"]
