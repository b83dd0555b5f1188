"""What functions answer is what compute, the other commands and the report's sheets say, on ledgers drawn at random."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from capgain.addin.functions.cells import CellError
from capgain.addin.functions.evaluate import evaluate
from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.sheets import Formula
from contract_answers import Document, capgain
from law.random_ledgers import ACCOUNTS, Maker
from law.random_ledgers import settings as drawn_settings
from law.tables import Row, as_typed, block
from law.test_properties import WITH_NEW_NAMES, WITH_OPTIONS, WITH_PROTOCOLS, WITH_REBASES

KINDS = (None, None, WITH_NEW_NAMES, WITH_OPTIONS, WITH_PROTOCOLS, WITH_REBASES)
LEDGER = "Ledger[#All]"
SUMS = {"proceeds": "proceeds", "basis": "basis", "adjustment": "adjustment", "wash": "wash_disallowed", "net": "gain"}
OF_8949 = {3: "proceeds", 4: "basis", 6: "adjustment", 7: "gain"}
HELD = ("asset", "units", "basis", "price", "value", "gain", "percent", "short", "long", "next_long", "wash_until",
        "do_not_buy_before")  # fmt: skip
PLANNED = ("method", "account", None, "proceeds", "basis", "short", "long", "wash_disallowed", "tax", "tax_per_dollar",
           "all_long_from", "waiting_saves", None)  # fmt: skip


def written(seed: int, path: Path) -> Path:
    """A workbook with a ledger drawn by `seed`, typed as a person types it, and prices of some of its assets."""
    rng = Random(seed)
    rows: list[Row] = Maker(rng, rng.choice(KINDS), even=rng.random() < 0.5).make(rng.randint(3, 40))
    year = rows[-1]["Date"][:4]
    stated = {**drawn_settings(rng), "Tax Year": year}
    named = dict.fromkeys(row["Asset"] for row in rows)
    prices = [[asset, rng.randint(1, 3000) / 100, f"{year}-06-30"] for asset in named]
    prices += [[asset, 7.25, f"{year}-12-30"] for asset in ("WRAP", "LPT", "NEW", "XYZ") if rng.random() < 0.5]
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, cells in {
        "Ledger": block(rows, as_typed),
        "Accounts": block(ACCOUNTS),
        "Settings": [["Name", "Value"], *map(list, stated.items())],
        "Prices": [["Asset", "Price", "Date"], *prices],
    }.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.save(path)
    return path


def plain(value: Any) -> str:
    """A number, day or word, however it is written; nothing for what is blank."""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except ArithmeticError:
        return "" if value is None else str(value).casefold()


class Faces:
    """A ledger file, as the functions and as the commands see it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = read_ledger_file(path)
        self.found = self.document("compute")

    def document(self, command: str, *arguments: object) -> Any:
        return json.loads(capgain(command, self.path, *arguments, "--json").stdout)

    def cell(self, formula: str) -> Any:
        return evaluate(f"={formula}", self.file)

    def same(self, formula: str, expected: object) -> Iterator[str]:
        shown = self.cell(formula)
        value = None if isinstance(shown, CellError) else shown
        if plain(value) != plain(expected):
            yield f"{formula}: {shown}, not {expected}"

    def differences(self) -> Iterator[str]:
        if any(problem["severity"] == "error" for problem in self.found["problems"]):
            for formula in (f"CAPGAIN({LEDGER},2025)", f"CAPGAIN_LOTS({LEDGER})", f"CAPGAIN_ROWS({LEDGER})"):
                yield from self.same(formula, None)
            return
        for year, found in self.found["years"].items():
            yield from self.measures(year, found)
            if found["schedule_d"] is not None:
                yield from self.forms(year, found)
        yield from self.rows()
        yield from self.lots()
        yield from self.checks()
        last = max(self.found["years"])
        yield from self.portfolio(f"{last}-12-31")
        yield from self.harvest(f"{last}-12-31")
        yield from self.what_if(f"{last}-12-31")
        yield from self.tax(last)
        yield from self.sheets(last)

    def measures(self, year: str, found: Document) -> Iterator[str]:
        rows = found["dispositions"]

        def total(key: str, of: Sequence[Document]) -> Decimal:
            return sum((Decimal(row[key]) for row in of), Decimal(0))

        for measure, key in SUMS.items():
            yield from self.same(f'CAPGAIN({LEDGER},{year},"{measure}")', total(key, rows))
        for term in ("short", "long"):
            of_term = [row for row in rows if row["term"] == term]
            yield from self.same(f'CAPGAIN({LEDGER},{year},"{term}")', total("gain", of_term))
        for column in ("asset", "account"):
            for name in {row[column] for row in rows}:
                filters = f'"{name.lower()}"' if column == "asset" else f',"{name}"'
                part = [row for row in rows if row[column] == name]
                yield from self.same(f"CAPGAIN({LEDGER},{year},,{filters})", total("gain", part))
        income = [one for one in found["income"] if one["in_totals"]]
        yield from self.same(f'CAPGAIN({LEDGER},{year},"income")', total("amount", income))
        carried = found["carryover"] or {"short": None, "long": None}
        for term, amount in carried.items():
            yield from self.same(f'CAPGAIN({LEDGER},{year},"carryover_{term}")', amount)

    def forms(self, year: str, found: Document) -> Iterator[str]:
        for line, amount in found["schedule_d"].items():
            expected = amount["gain"] if isinstance(amount, Mapping) else amount
            yield from self.same(f'CAPGAIN_SCHEDULE_D({LEDGER},{year},"{line}")', expected)
        for box in "ABCDEFGHIJKL":
            wanted = found["form_8949"].get(box, {"rows": 0})
            _, *rows = self.cell(f'CAPGAIN_8949({LEDGER},{year},"{box}")')
            yield from self.equal(f"8949 {year} {box}", len(rows), wanted["rows"])
            for place, key in OF_8949.items():
                amounts = (row[place] for row in rows if isinstance(row[place], Decimal))
                yield from self.equal(f"8949 {year} {box} {key}", sum(amounts, Decimal(0)), wanted.get(key, 0))

    @staticmethod
    def equal(what: str, shown: object, expected: object) -> Iterator[str]:
        if plain(shown) != plain(expected):
            yield f"{what}: {shown!r}, not {expected!r}"

    def rows(self) -> Iterator[str]:
        gains: dict[int, Decimal] = defaultdict(Decimal)
        for year in self.found["years"].values():
            for row in year["dispositions"]:
                gains[row["row"]] += Decimal(row["gain"])
        for place, cells in enumerate(self.cell(f"CAPGAIN_ROWS({LEDGER})")[1:], start=2):
            yield from self.equal(f"CAPGAIN_ROWS {place}", cells[0] or 0, gains[place])

    def lots(self) -> Iterator[str]:
        _, *shown = self.cell(f"CAPGAIN_LOTS({LEDGER},DATE(2099,12,31))")
        yield from self.equal("lots", len(shown), len(self.found["open_lots"]))
        for row, lot in zip(shown, self.found["open_lots"], strict=False):
            for place, key in {0: "asset", 1: "account", 2: "quantity", 4: "basis", 6: "lot", 7: "row"}.items():
                yield from self.equal(f"CAPGAIN_LOTS {lot['row']} {key}", row[place], lot[key])
        for asset in {row[0] for row in shown}:
            lots = [row[4] for row in shown if row[0] == asset]
            basis = self.cell(f'CAPGAIN_BASIS({LEDGER},"{asset}",DATE(2099,12,31))')
            if isinstance(basis, CellError) or abs(basis - sum(lots)) > Decimal("0.005") * len(lots):
                yield f"CAPGAIN_BASIS of {asset}: {basis}, and its lots {sum(lots)}"

    def checks(self) -> Iterator[str]:
        table = self.cell(f"CAPGAIN_CHECK({LEDGER})")
        shown = [] if table == "OK" else [(row[0], row[2] or 0, row[3], row[4]) for row in table[1:]]
        said = [(one["severity"], one["row"], one["column"], one["message"]) for one in self.found["problems"]]
        if sorted(map(str, shown)) != sorted(map(str, said)):
            yield f"CAPGAIN_CHECK: {set(map(str, shown)) ^ set(map(str, said))}"

    def portfolio(self, day: str) -> Iterator[str]:
        said = self.document("portfolio", "--as-of", day)
        _, *shown, whole = self.cell(f'CAPGAIN_PORTFOLIO({LEDGER},Prices[#All],"{day}")')
        yield from self.equal("assets held", len(shown), len(said["assets"]))
        for row, asset in zip(shown, said["assets"], strict=False):
            for cell, key in zip(row, HELD, strict=True):
                yield from self.equal(f"CAPGAIN_PORTFOLIO {asset['asset']} {key}", cell, asset[key])
        for cell, key in zip(whole, HELD, strict=True):
            if key in ("basis", "value", "gain", "short", "long"):
                yield from self.equal(f"CAPGAIN_PORTFOLIO {key}", cell, said["totals"][key])

    def harvest(self, day: str) -> Iterator[str]:
        said = self.document("harvest", "--as-of", day)
        table = self.cell(f'CAPGAIN_HARVEST({LEDGER},Prices[#All],"{day}")')
        if isinstance(table, CellError):
            yield from self.equal(f"CAPGAIN_HARVEST {table.reason}", 0, len(said.get("losses", ())))
            return
        place = list(table[0]).index("Row")
        shown = [row[place] for row in table[1:] if row[place]]
        yield from self.equal("CAPGAIN_HARVEST", shown, [one["row"] for one in said["losses"]])

    def what_if(self, day: str) -> Iterator[str]:
        held = {lot["asset"]: Decimal(lot["quantity"]) for lot in self.found["open_lots"]}
        for asset, units in list(held.items())[:1]:
            some = f"{min(units, Decimal(1)):f}"
            said = self.document("whatif", asset, some, "12.5", "--date", day)
            table = self.cell(f'CAPGAIN_WHATIF({LEDGER},"{asset}","{some}",12.5,"{day}")')
            if isinstance(table, CellError) or "outcomes" not in said:
                yield from self.equal(f"CAPGAIN_WHATIF {table}", isinstance(table, CellError), "outcomes" not in said)
                continue
            for row, one in zip(table[1:], said["outcomes"], strict=False):
                for cell, key in zip(row, PLANNED, strict=True):
                    yield from self.equal(f"CAPGAIN_WHATIF {key}", cell, one[key] if key else cell)

    def tax(self, year: str) -> Iterator[str]:
        said = self.document("tax", "--year", year, "--set", f"Taxable Income {year}=120000")
        table = self.cell(f"CAPGAIN_TAX({LEDGER},{year},120000)")
        if isinstance(table, CellError) or "with_gains" not in said:
            yield from self.equal(f"CAPGAIN_TAX {table}", isinstance(table, CellError), "with_gains" not in said)
            return
        for row, key in zip(table, ("with_gains", "without_gains"), strict=False):
            yield from self.equal(f"CAPGAIN_TAX {key}", row[1], said[key]["total"])
        for line in ("7", "15", "16"):
            steps = self.document("explain", line, "--year", year)["steps"]
            shown = [row[0].strip() for row in self.cell(f'CAPGAIN_EXPLAIN({LEDGER},{year},"{line}")')[1:]]
            yield from self.equal(f"CAPGAIN_EXPLAIN {line}", shown, [step["text"] for step in steps])

    def sheets(self, year: str) -> Iterator[str]:
        lines = self.found["years"][year]["schedule_d"]
        if lines is None:
            return
        book = report_book(compute(self.file.ledger, through=int(year)), self.file, int(year))
        found: dict[str, object] = {}
        for row in book.sheet("Schedule D").rows:
            shown = [
                cell.content.expected if isinstance(cell.content, Formula) else cell.content for cell in row if cell
            ]
            if shown and str(shown[0]) in ("7", "15", "16"):
                found[str(shown[0])] = next(value for value in reversed(shown) if isinstance(value, Decimal))
        yield from self.equal("sheet Schedule D", found, {line: Decimal(lines[line]) for line in ("7", "15", "16")})


@pytest.mark.parametrize("seed", [*range(6), 41, 65, 229])
def test_functions_commands_and_sheets_say_the_same(seed: int, tmp_path: Path) -> None:
    """In 41 and 65 an option brings or takes shares that no row names; in 229 only an IRA holds something."""
    assert list(Faces(written(seed, tmp_path / "book.xlsx")).differences()) == []


@pytest.mark.parametrize("name", ["options", "harvest", "wash-sales", "staking"])
def test_they_say_the_same_of_an_example(name: str, tmp_path: Path) -> None:
    assert capgain("demo", name, "-o", tmp_path / "book.xlsx").exit_code == 0
    assert list(Faces(tmp_path / "book.xlsx").differences()) == []
