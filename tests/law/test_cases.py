"""The worked cases of cases/*.toml, through the cells of a ledger sheet to the answer of the engine."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.money import to_cents, whole_dollars
from capgain.engine.policy import Policy
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.results.held import OpenLot
from law.tables import Cell, Row, as_text, as_typed, dispositions, errors, read, table, told, units_and_basis

Case = dict[str, Any]
Spelling = Callable[[str, str], Cell]

FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
CASES: list[Case] = [case for file in FILES for case in tomllib.loads(file.read_text("utf-8"))["case"]]
CENT = Decimal("0.01")
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=[f"{case['id']} {case['title']}" for case in CASES])


def rows_of(case: Case, name: str) -> list[Row]:
    return table(case[name]) if name in case else []


def newest_first(rows: Sequence[Row]) -> list[Row]:
    """The rows as a broker's download has them."""
    return list(reversed(rows))


def runs_forward(rows: Sequence[Row]) -> bool:
    moments = [row["Date"] for row in rows]
    return moments == sorted(moments) and moments[0] != moments[-1]


class Run:
    """One case worked by the engine, its rows known by their IDs."""

    def __init__(self, case: Case, spelling: Spelling = as_text, rows: Sequence[Row] | None = None) -> None:
        self.rows = rows_of(case, "ledger") if rows is None else list(rows)
        self.policy = Policy(**case.get("policy", {}))
        self.ledger: Ledger = read(self.rows, rows_of(case, "accounts"), case.get("settings"), spelling)
        self.row = {row["ID"]: place for place, row in enumerate(self.rows, start=2)}
        self.tolerance = Decimal(case.get("tolerance", "0.01"))
        self.report = self.compute()

    def compute(self, lots_as_of: date | None = None) -> TaxReport:
        return compute(self.ledger, policy=self.policy, lots_as_of=lots_as_of)

    def near(self, actual: Decimal, stated: str) -> bool:
        return not stated or abs(actual - Decimal(stated)) <= self.tolerance

    def matches(self, line: Row, actual: Disposition) -> bool:
        """Whether an expected line speaks of this disposition."""
        apart = (Kind.FEE, Kind.CASH_IN_LIEU)
        return (
            actual.row == self.row[line["Row"]]
            and (
                line["Kind"] == actual.kind.value
                if actual.kind in apart
                else line["Kind"] not in ("fee", "cash in lieu")
            )
            and actual.lot_row == self.row[line["Lot"]]
            and line.get("Held since", "") in ("", actual.held_since.isoformat())
            and line.get("Term", "") in ("", actual.term.value)
        )


def check_dispositions(run: Run, expected: Sequence[Row]) -> None:
    """Every expected row of Form 8949 is there with its columns, and no other."""
    unclaimed = dispositions(run.report)
    for line in expected:
        found = [row for row in unclaimed if run.matches(line, row)]
        assert found, f"no row for {line}\n{told(run.report)}"
        unclaimed = [row for row in unclaimed if row not in found]
        wrong = []
        sums = {
            "(d) Proceeds": sum(row.proceeds for row in found),
            "(e) Basis": sum(row.basis for row in found),
            "(g) Adjustment": sum(row.adjustment for row in found),
            "(h) Gain": sum(row.gain for row in found),
        }
        wrong += [
            f"{column} is {amount}"
            for column, amount in sums.items()
            if not run.near(Decimal(amount), line.get(column, ""))
        ]
        if line.get("Quantity") and sum(row.quantity for row in found) != Decimal(line["Quantity"]):
            wrong.append(f"Quantity is {sum(row.quantity for row in found)}")
        for row in found:
            shown = row.acquired_text or row.acquired.isoformat()
            wrong += [f"(b) is {shown}"] * (line["(b) Acquired"] != shown)
            wrong += [f"(c) is {row.sold}"] * (line["(c) Sold"] != row.sold.isoformat())
            wrong += [f"(f) is {row.codes!r}"] * (line.get("(f) Code", "") not in ("", row.codes or "-"))
            wrong += [f"Box is {row.box}"] * (line.get("Box", "") not in ("", row.box))
            wrong += [f"Kind is {row.kind.value}"] * (line["Kind"] != row.kind.value)
        assert not wrong, f"{'; '.join(wrong)} in {line}\n{told(run.report)}"
    assert not unclaimed, f"{len(unclaimed)} rows nobody expected\n{told(run.report)}"


def check_open_lots(run: Run, expected: Sequence[Row], no_other_lots: bool) -> None:
    """Every expected lot is held with its units and basis; lines that name the same lot alike are compared in sum."""
    named = ("Lot", "Asset", "Account", "Acquired", "Held since")
    unclaimed = list(run.report.open_lots)
    for line in expected:

        def speaks_of(lot: OpenLot, line: Row = line) -> bool:
            return (
                lot.row == run.row[line["Lot"]]
                and line.get("Asset", "") in ("", lot.asset)
                and line.get("Account", "") in ("", lot.account)
                and line.get("Acquired", "") in ("", lot.acquired.isoformat())
                and line.get("Held since", "") in ("", lot.held_since.isoformat())
            )

        assert sum(all(other.get(c) == line.get(c) for c in named) for other in expected) == 1, f"ambiguous: {line}"
        found = [lot for lot in unclaimed if speaks_of(lot)]
        unclaimed = [lot for lot in unclaimed if lot not in found]
        units, basis = units_and_basis(found)
        assert units == Decimal(line["Quantity"]), f"{units} units of {line}\n{told(run.report)}"
        assert run.near(basis, line["Basis"]), f"basis {basis} of {line}\n{told(run.report)}"
    if no_other_lots:
        assert not unclaimed, f"lots nobody expected: {unclaimed}\n{told(run.report)}"


def check_leaves(run: Run, expected: Sequence[Row]) -> None:
    """What left without a row of Form 8949 was held the day before and is gone that day."""
    for line in expected:
        day = date.fromisoformat(line["On"])
        before, after = (
            [lot for lot in run.compute(lots_as_of=end).open_lots if lot.row == run.row[line["Lot"]]]
            for end in (day - timedelta(days=1), day)
        )
        units_before, basis_before = units_and_basis(before)
        units_after, basis_after = units_and_basis(after)
        assert units_before - units_after == Decimal(line["Quantity"])
        assert run.near(basis_before - basis_after, line["Basis"])
        assert all(lot.acquired.isoformat() == line["Acquired"] for lot in before)


def check(case: Case, run: Run) -> None:
    expected = rows_of(case, "problems")
    for line in expected:
        found = [problem for problem in run.report.problems if problem.code == line["Code"]]
        assert found, f"no {line['Code']}\n{told(run.report)}"
        assert all(problem.severity.value == line["Severity"] for problem in found), told(run.report)
        assert not line["Row"] or run.row[line["Row"]] in [problem.row for problem in found], told(run.report)
        assert all(problem.message and problem.remedy for problem in found), told(run.report)
    if any(line["Severity"] == "error" for line in expected):
        assert not run.report.years
        assert not run.report.open_lots
        assert not run.report.filing_ready
        return
    assert not errors(run.report), told(run.report)
    check_dispositions(run, rows_of(case, "dispositions"))
    check_open_lots(run, rows_of(case, "open_lots"), case.get("no_other_lots", False))
    check_leaves(run, rows_of(case, "leaves"))
    if "income" in case:
        income = [(item.row, item.amount) for year in run.report.years.values() for item in year.income]
        assert income == [(run.row[line["Row"]], Decimal(line["Amount"])) for line in rows_of(case, "income")]
    if "permanently_disallowed" in case:
        gone = [match.disallowed for match in run.report.wash_sales if match.permanent]
        assert gone == [Decimal(case["permanently_disallowed"])]
    if "whole_dollars" in case:
        (row,) = dispositions(run.report)
        d, e, g = whole_dollars(row.proceeds), whole_dollars(row.basis), whole_dollars(row.adjustment)
        assert {"d": d, "e": e, "g": g, "h": d - e + g} == {k: Decimal(v) for k, v in case["whole_dollars"].items()}


@EACH_CASE
def test_the_ledger_as_text_gives_the_case(case: Case) -> None:
    check(case, Run(case))


@EACH_CASE
def test_the_ledger_as_excel_hands_it_over_gives_the_case(case: Case) -> None:
    check(case, Run(case, as_typed))


FORWARD = [case for case in CASES if runs_forward(rows_of(case, "ledger"))]


@pytest.mark.parametrize("case", FORWARD, ids=[f"{case['id']} {case['title']}" for case in FORWARD])
def test_the_ledger_with_the_newest_row_first_gives_the_case(case: Case) -> None:
    check(case, Run(case, rows=newest_first(rows_of(case, "ledger"))))


def test_all_183_cases_are_there() -> None:
    blocks = (range(1, 54), range(101, 145), range(146, 151), range(201, 248), range(301, 335))
    assert sorted(case["id"] for case in CASES) == [f"V{number:03d}" for numbers in blocks for number in numbers]


def test_three_thirds_of_a_lot_print_its_whole_basis() -> None:
    """Rows that exhaust a lot add up to its basis to the cent, although each third is rounded."""
    (case,) = (case for case in CASES if case["id"] == "V237")
    assert sum(row.basis_cents for row in dispositions(Run(case).report)) == to_cents(Decimal("100.00"))
