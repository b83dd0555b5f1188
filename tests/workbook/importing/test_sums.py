"""What a source's columns say came and left, by asset, is what the Ledger says, or an open item has the row.

The sums are counted here by the columns that sums.toml names: for the samples as they stand, for files drawn from their
rows, each multiplied by a number, and for the files of cases that have the same columns.
"""

from __future__ import annotations

import csv
import io
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.workbook.importing.format_files import known_formats
from capgain.workbook.importing.import_files import ImportResult, import_files
from contract_answers import capgain

from .test_import_cases import CASES, TAX_ZONE, lines_of, sheet_rows

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
SPECS: Mapping[str, Mapping[str, Any]] = tomllib.loads((HERE / "sums.toml").read_text("utf-8"))
USD = "USD"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
COME = frozenset({"Buy", "Reinvest", "Income", "Opening", "Gift In", "Inherit", "Cover"})
LEFT = frozenset({"Sell", "Trade", "Spend", "Fee", "Gift Out", "Donate", "Lost", "Short Sell", "Worthless"})
PAID_IN_DOLLARS = frozenset({"Buy", "Reinvest", "Cover"})
PAYS_DOLLARS = frozenset({"Sell", "Short Sell"})
DOLLARS_ALONE = frozenset({"Dividend", "Interest", "Capital Gain Distribution", "Exempt-Interest Dividend"})
ROUNDED = Decimal("0.02")
"""Dollars by which a sum may be off for each row: fees and shares are rounded to the cent."""

Sums = dict[str, Decimal]


def number(cell: str) -> Decimal:
    """The number in a cell, below 0 in brackets or with a sign; 0 where none stands."""
    found = NUMBER.search(cell)
    if found is None:
        return Decimal(0)
    is_negative = cell.strip().startswith(("-", "(")) or "-$" in cell
    return Decimal(found[0].replace(",", "")) * (-1 if is_negative else 1)


class Source:
    """A file's rows by the lines on which they start, below the header that names the columns of a spec."""

    def __init__(self, text: str, spec: Mapping[str, Any]) -> None:
        self.spec = spec
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), skipinitialspace=False)
        self.rows: list[tuple[int, list[str]]] = []
        line = 1
        for row in reader:
            self.rows.append((line, [cell.strip() if cell.strip() else "" for cell in row]))
            line = reader.line_num + 1
        self.top = next((place for place, (_, row) in enumerate(self.rows) if self._is_header(row)), -1)
        self.columns = self._places(self.rows[self.top][1]) if self.top >= 0 else {}

    @staticmethod
    def _places(row: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, name in enumerate(row):
            count = 1 + sum(known.partition("#")[0] == name for known in found)
            found[name if count == 1 else f"{name}#{count}"] = place
        return found

    def _is_header(self, row: Sequence[str]) -> bool:
        return self.named() <= self._places(row).keys()

    def named(self) -> set[str]:
        """The columns that the counts need."""
        cells = {column for count in self.spec["counts"] for column in (count[1], count[2], *count[3:4])}
        return {column.strip() for column in cells if not column.startswith("=")}

    @property
    def below(self) -> list[tuple[int, list[str]]]:
        return self.rows[self.top + 1 :]

    def cell(self, row: Sequence[str], column: str) -> str:
        place = self.columns.get(column.strip(), len(row))
        return row[place] if place < len(row) else ""

    def counted(self) -> dict[int, Sums]:
        """What each line says came and left."""
        found: dict[int, Sums] = {}
        names = self.spec.get("names", {})
        for line, row in self.below:
            sums: defaultdict[str, Decimal] = defaultdict(Decimal)
            for sign, asset, units, *condition in self.spec["counts"]:
                if condition and not fits(self.cell(row, condition[0]), condition[1]):
                    continue
                name = asset[1:] if asset.startswith("=") else self.cell(row, asset)
                amount = number(self.cell(row, units))
                signed = {"+": abs(amount), "-": -abs(amount), "±": amount}[sign]
                sums[names.get(name, name).upper()] += signed
            found[line] = {name: amount for name, amount in sums.items() if amount and name}
        return found


def fits(cell: str, words: str) -> bool:
    return any(
        cell.startswith(word.removesuffix("*")) if word.endswith("*") else cell == word for word in words.split("|")
    )


def in_ledger(result: ImportResult) -> Sums:
    """What the rows added say came and left."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in result.rows:
        for asset, units in changes(row.values).items():
            found[asset] += units
    return found


def changes(row: Mapping[str, Any]) -> Sums:
    """What one row of the Ledger says came and left."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)

    def worth(name: str) -> Decimal:
        value = row.get(name)
        return Decimal(str(value)) if isinstance(value, Decimal | int | float) else Decimal(0)

    def word(name: str) -> str:
        return str(row.get(name) or "").upper()

    kind, fee = row["Type"], Decimal(0) if word("Fee Asset") else worth("Fee")
    if kind in COME:
        found[word("Asset")] += worth("Quantity")
    elif kind in LEFT:
        found[word("Asset")] -= worth("Quantity")
    elif kind == "Transfer":
        found[word("Asset")] += (worth("Received Quantity") or worth("Quantity")) - worth("Quantity")
    if kind == "Trade":
        found[word("Received Asset")] += worth("Received Quantity")
        found[USD] -= fee
    elif kind in PAID_IN_DOLLARS:
        found[USD] -= worth("Amount") + fee
    elif kind in PAYS_DOLLARS:
        found[USD] += worth("Amount") - fee
    elif kind in DOLLARS_ALONE:
        found[USD] += worth("Amount")
    if word("Fee Asset"):
        found[word("Fee Asset")] -= worth("Fee Quantity")
    return found


def slack(asset: str, rows: int) -> Decimal:
    return ROUNDED * rows if asset == USD else Decimal("1e-9")


def imported(path: Path, prices: Path, **more: Any) -> ImportResult:
    return import_files(
        [path],
        output=path.with_name("book.xlsx"),
        time_zone="America/New_York",
        prices=[prices] if prices.exists() else [],
        source_zones={known.name: "UTC" for known in known_formats() if known.zone_is_asked},
        **more,
    )


def differences(source: Source, result: ImportResult) -> Iterator[str]:
    counted = source.counted()
    left_out = set(source.spec.get("left_out", ()))
    lines = {place.line for row in result.rows for place in row.lines}
    waiting = {place.line for item in result.unsettled for place in item.places}
    for ignored in result.ignored:
        said = {name: units for name, units in counted.get(ignored.place.line, {}).items() if name != USD}
        cells = next((row for line, row in source.below if line == ignored.place.line), [])
        may_be = "|".join(source.spec.get("ignored", ()))
        if said and not ignored.is_duplicate and not (may_be and any(fits(cell, may_be) for cell in cells)):
            yield f"line {ignored.place.line} is ignored ({ignored.reason}), and says {said}"
    skipped = {line for line, row in source.below if set(row) & left_out}
    theirs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines - waiting - skipped:
        for name, units in counted.get(line, {}).items():
            theirs[name] += units
    ours = in_ledger(without(result, skipped | waiting))
    for name in sorted(theirs.keys() | ours.keys()):
        if abs(theirs[name] - ours[name]) > slack(name, len(result.rows)):
            yield f"{name}: the source says {theirs[name]}, the ledger {ours[name]}"


def without(result: ImportResult, lines: set[int]) -> ImportResult:
    return replace(result, rows=tuple(row for row in result.rows if not lines & {place.line for place in row.lines}))


@pytest.mark.parametrize("name", sorted(SPECS))
def test_a_sample_is_in_the_ledger_to_the_unit_and_the_dollar(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_bytes((SAMPLES / f"{name}.csv").read_bytes())
    source = Source(path.read_text("utf-8-sig"), SPECS[name])
    assert source.top >= 0, "the columns of sums.toml are not in the file"
    assert any(source.counted().values())
    assert list(differences(source, imported(path, SAMPLES / f"{name}.prices.csv"))) == []


DRAWN = 3
"""Files drawn for each sample."""

LARGEST_FACTOR = 9


def times(cell: str, factor: int) -> str:
    """The cell with its number multiplied, everything around it as it stands."""
    return NUMBER.sub(lambda found: str(Decimal(found[0].replace(",", "")) * factor), cell, count=1)


def drawn(source: Source, seed: str) -> str:
    """A file of the same source: groups of its rows in any number and order, each multiplied, with ids of their own."""
    chance = random.Random(seed)
    spec = source.spec
    groups: defaultdict[str, list[list[str]]] = defaultdict(list)
    for line, row in source.below:
        if any(row):
            groups[source.cell(row, spec["group"]) if "group" in spec else str(line)].append(row)
    grows = {count[2] for count in spec["counts"]} | set(spec.get("also", ()))
    grow = {source.columns[name.strip()] for name in grows if name.strip() in source.columns}
    apart = {source.columns[name.strip()] for name in spec.get("ids", ())}
    several = "ids" in spec or "group" not in spec
    chosen = chance.choices(list(groups.values()), k=2 * len(groups)) if several else list(groups.values())
    made = [list(row) for _, row in source.rows[: source.top + 1]]
    for copy, rows in enumerate(chosen):
        factor = chance.randint(1, LARGEST_FACTOR)
        for row in rows:
            made.append(
                [
                    times(cell, factor) if at in grow else f"{cell}x{copy}" if at in apart and cell else cell
                    for at, cell in enumerate(row)
                ]
            )
    out = io.StringIO()
    csv.writer(out).writerows(made)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(DRAWN))
@pytest.mark.parametrize("name", sorted(SPECS))
def test_a_file_drawn_from_a_sources_rows_is_in_the_ledger_to_the_unit_and_the_dollar(
    name: str, seed: int, tmp_path: Path
) -> None:
    sample = Source((SAMPLES / f"{name}.csv").read_text("utf-8-sig"), SPECS[name])
    path = tmp_path / f"{name}.csv"
    path.write_text(drawn(sample, f"{name} {seed}"), encoding="utf-8", newline="")
    source = Source(path.read_text("utf-8"), SPECS[name])
    assert list(differences(source, imported(path, SAMPLES / f"{name}.prices.csv"))) == []


OF_CASES = sorted(
    (case, file, name)
    for case, told in CASES.items()
    for file, text in told["files"].items()
    for name, spec in SPECS.items()
    if "exit" not in told["expected"] and file.endswith(".csv") and Source(text, spec).top >= 0
)
"""Files of cases that have all the columns that a spec names."""


@pytest.mark.parametrize(("case", "file", "name"), OF_CASES)
def test_what_a_cases_file_says_is_in_its_ledger(
    case: str, file: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, book = CASES[case], tmp_path / "book.xlsx"
    for other, text in told["files"].items():
        (tmp_path / other).write_text(text, encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    done = capgain("import", *told["import"], "-o", book, "--time-zone", TAX_ZONE, *told.get("options", ()))
    source = Source(told["files"][file], SPECS[name])
    counted = {line: sums for line, sums in source.counted().items() if sums}
    theirs: defaultdict[str, Decimal] = defaultdict(Decimal)
    ours: defaultdict[str, Decimal] = defaultdict(Decimal)
    rows = sheet_rows(openpyxl.load_workbook(book, data_only=True), "Ledger")
    known = COME | LEFT | DOLLARS_ALONE | {"Transfer"}
    beyond = {int(line) for row in rows if row["Type"] not in known for line in lines_of(row) if line.isdigit()}
    told_by: set[int] = set()
    for row in rows:
        lines = {int(line) for line in lines_of(row) if line.isdigit()}
        if row.get("Source File") != file or not lines or not lines <= counted.keys() or lines & beyond:
            continue
        told_by |= lines
        for asset, units in changes(row).items():
            ours[asset] += units
    assert done.exit_code == 0
    for asset, units in [pair for line in told_by for pair in counted[line].items()]:
        theirs[asset] += units
    wrong = [name for name in theirs.keys() | ours.keys() if abs(theirs[name] - ours[name]) > slack(name, len(rows))]
    assert wrong == [], (theirs, ours)
