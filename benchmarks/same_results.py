"""Whether two states of the engine say the same, to the byte, of many ledgers: prints a line with a hash for each.

    python benchmarks/same_results.py > before.txt          # in the one state, or with the one wheel installed
    python benchmarks/same_results.py > after.txt           # in the other
    diff before.txt after.txt

Hashed is all that a report holds but the version: the JSON document, every match of a wash sale, lots, shorts,
problems, departures, contracts, forms box by box, and the explanation of line 16 of every year. The ledgers are the
law's cases in both spellings, those of `tests/law/ledgers`, the examples, random ones with every type of row, small
ones in which windows and accounts collide, dense ones with splits, short sales, transfers and several accounts, and
`workload.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests"))

import workload  # noqa: E402
from capgain.addin.cli.document import compute_document  # noqa: E402
from capgain.engine.classes import FilingStatus, Method, WashScope  # noqa: E402
from capgain.engine.compute import compute  # noqa: E402
from capgain.engine.explain import explain  # noqa: E402
from capgain.engine.ledger import Ledger  # noqa: E402
from capgain.engine.policy import STANDARD, Policy  # noqa: E402
from capgain.engine.problems import UnknownYear  # noqa: E402
from capgain.engine.report import TaxReport  # noqa: E402
from capgain.engine.settings import ByYear  # noqa: E402
from capgain.workbook.reading import read_ledger_file  # noqa: E402
from law import random_trades  # noqa: E402
from law.random_ledgers import ACCOUNTS, Maker, settings  # noqa: E402
from law.tables import Row, as_text, as_typed, read, table  # noqa: E402
from law.test_ledgers import CASES, options, written  # noqa: E402

TODAY = date(2026, 11, 26)
RARE = (
    None,
    frozenset({"acquire", "sell", "option"}),
    frozenset({"acquire", "sell", "move", "protocol", "pool", "trade"}),
    frozenset({"acquire", "sell", "rename", "split", "rebase", "convert"}),
    frozenset({"acquire", "sell", "worthless", "trust", "short"}),
)
"""The kinds of rows that random ledgers are drawn from, in turn; None: all but the rare ones."""

Named = tuple[str, Ledger, Policy]


def main() -> None:
    """Print the name of each ledger, the hash of what is said of it, and how much that is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=400, help="how many random ledgers of each kind")
    asked = parser.parse_args()
    print(f"engine: {sys.modules[compute.__module__].__file__}", file=sys.stderr)
    for make in (_cases, _ledgers, _examples, _random, _small, _dense, _workloads):
        for name, ledger, policy in make(asked.random):
            report = compute(ledger, policy=policy, today=TODAY)
            text = said(report)
            washes, problems = len(report.wash_sales), len(report.problems)
            print(name, hashlib.sha256(text.encode()).hexdigest()[:20], len(text), washes, problems)


def said(report: TaxReport) -> str:
    """All that a report holds."""
    years = report.years.items()
    parts: list[object] = [
        compute_document(report, None).replace(f'"engine_version": "{version("capgain")}"', "", 1),
        [tuple(match) for match in report.wash_sales],
        [tuple(row) for _, found in years for row in found.dispositions],
        [(number, found.form_8949, found.schedule_d, found.carryover, found.contracts) for number, found in years],
        [_explained(report, number) for number in report.years],
        (report.open_lots, report.open_shorts, report.open_contracts),
        (report.departures, report.minimum_tax, report.problems),
    ]
    return "".join(map(str, parts))


def _explained(report: TaxReport, year: int) -> str:
    try:
        return str(explain(report, year, "16").steps)
    except UnknownYear as unknown:
        return str(unknown)


def _cases(_: int) -> Iterator[Named]:
    for file in sorted((ROOT / "tests/law/cases").glob("*.toml")):
        for case in tomllib.loads(file.read_text("utf-8"))["case"]:
            rows = table(case["ledger"]) if "ledger" in case else []
            accounts = table(case["accounts"]) if "accounts" in case else []
            for spelling in (as_text, as_typed):
                ledger = read(rows, accounts, case.get("settings"), spelling)
                yield f"case/{case['id']}/{spelling.__name__}", ledger, Policy(**case.get("policy", {}))


def _ledgers(_: int) -> Iterator[Named]:
    with tempfile.TemporaryDirectory() as folder:
        for name, case in CASES.items():
            path = written(case["ledger"], Path(folder) / "ledger.csv")
            overrides = [part for part in options(case)[2:] if part != "--set"]
            overrides.append(f"Filing Status={case['filing_status']}")
            yield f"ledger/{name}", read_ledger_file(path, overrides=overrides).ledger, STANDARD


def _examples(_: int) -> Iterator[Named]:
    for path in sorted((ROOT / "examples").glob("*/ledger.csv")):
        yield f"example/{path.parent.name}", read_ledger_file(path).ledger, STANDARD


def _random(count: int) -> Iterator[Named]:
    for seed in range(count):
        rng = Random(seed)
        rows = Maker(rng, RARE[seed % len(RARE)]).make(rng.randint(2, 60))
        yield f"random/{seed}", read(rows, ACCOUNTS, settings(rng)), STANDARD


def _small(count: int) -> Iterator[Named]:
    for seed in range(count):
        trades = random_trades.make(Random(f"small {seed}"), even=seed % 2 == 0)
        yield f"small/{seed}", read(trades.rows(), ACCOUNTS, trades.settings()), STANDARD


def _dense(count: int) -> Iterator[Named]:
    for seed in range(count):
        rng = Random(f"dense {seed}")
        stated = {"Filing Status": "single", "Method": rng.choice(("fifo", "fifo", "lifo", "hifo", "lofo", "min_tax"))}
        if seed % 6 == 1:
            stated["Identical"] = "XYZ, NEW"
        if seed % 11 == 0:
            stated["Short Sale Wash"] = "shorts only"
        yield f"dense/{seed}", read(_Dense(rng, seed).rows(), ACCOUNTS, stated), STANDARD


class _Dense:
    """Trades of a few weeks in one or two assets: nearly every loss has a replacement, and most lots are one."""

    def __init__(self, rng: Random, seed: int) -> None:
        self._rng = rng
        self._seed = seed
        self._now = datetime(2023, 1, 3, 9, 30)
        self._assets = ("XYZ", "NEW") if seed % 3 else ("XYZ",)
        self._accounts = ("A1", "A2", "IRA1") if seed % 2 else ("A1",)
        self._held: dict[tuple[str, str], int] = {}
        self._short: dict[tuple[str, str], int] = {}
        self._rows: list[Row] = []

    def rows(self) -> list[Row]:
        rng = self._rng
        for _ in range(rng.randint(20, 140)):
            if rng.random() < 0.6:
                self._now += timedelta(days=rng.choice((0, 0, 1, 1, 2, 3, 5, 9, 20)), minutes=1)
            asset, account, chance = rng.choice(self._assets), rng.choice(self._accounts), rng.random()
            held = self._held.get((asset, account), 0)
            if chance < 0.42:
                self._add("Buy", asset, account, units := rng.randint(1, 90), Fee=rng.choice(("", "1", "0.37")))
                self._held[asset, account] = held + units
            elif chance < 0.78 and held:
                self._add("Sell", asset, account, units := rng.randint(1, held), Fee=rng.choice(("", "1", "0.37")))
                self._held[asset, account] = held - units
            elif chance < 0.83:
                self._split(asset)
            elif chance < 0.9 and self._seed % 5 < 3:
                self._sell_short()
            elif chance < 0.97 and self._short:
                self._cover()
            elif self._seed % 7 == 0:
                self._add(
                    "Buy", f"XYZ {len(self._rows)} call", "A1", rng.randint(1, 3), "option", Underlying="XYZ x10 call"
                )
            elif len(self._accounts) > 1 and self._held.get(("XYZ", "A1"), 0) > 1:
                self._transfer()
        return self._rows

    def _add(self, kind: str, asset: str, account: str, units: int, of: str = "stock", **more: str) -> None:
        amount = f"{units * self._rng.randint(500, 1500) / 100:.2f}"
        row = {"Date": self._now.isoformat(" "), "Type": kind, "Asset": asset, "Account": account, "Class": of}
        self._rows.append({**row, "Quantity": str(units), "Amount": amount, **more})

    def _split(self, asset: str) -> None:
        new, old = self._rng.choice(((2, 1), (3, 1), (1, 2), (3, 2), (7, 3)))
        row = {"Date": self._now.isoformat(" "), "Type": "Split", "Asset": asset, "Quantity": f"{new}/{old}"}
        self._rows.append(row)
        for counted in (self._held, self._short):
            for place, units in counted.items():
                if place[0] == asset:
                    counted[place] = units * new // old

    def _sell_short(self) -> None:
        place = "SHRT", self._accounts[0]
        if self._seed % 4 == 0 and not any(self._held.get(("XYZ", account)) for account in self._accounts):
            place = "XYZ", self._accounts[0]
        self._add("Short Sell", *place, units := self._rng.randint(1, 60))
        self._short[place] = self._short.get(place, 0) + units

    def _cover(self) -> None:
        place = self._rng.choice(list(self._short))
        if self._short[place]:
            self._add("Cover", *place, units := self._rng.randint(1, self._short[place]))
            self._short[place] -= units

    def _transfer(self) -> None:
        units = self._rng.randint(1, self._held["XYZ", "A1"])
        self._held["XYZ", "A1"] -= units
        self._held["XYZ", "A2"] = self._held.get(("XYZ", "A2"), 0) + units
        row = {"Date": self._now.isoformat(" "), "Type": "Transfer", "Asset": "XYZ", "Account": "A1", "Class": "stock"}
        self._rows.append({**row, "Quantity": str(units), "To Account": "A2"})


def _workloads(_: int) -> Iterator[Named]:
    for shape in ("mixed", "front"):
        for method in ("fifo", "lifo", "hifo", "lofo", "min_tax"):
            for scope in (WashScope.SECURITIES, WashScope.OFF):
                for assets in (1, 7):
                    ledger = workload.ledger(
                        list(workload.trades(2_000, assets, shape)),
                        filing_status=ByYear(FilingStatus.SINGLE),
                        method=ByYear(Method(method)),
                        wash_sales=scope,
                    )
                    yield f"workload/{shape}/{method}/{scope.value}/{assets}", ledger, STANDARD


if __name__ == "__main__":
    main()
