"""The engine against the reference on random ledgers: the same rows, the same lots, the same disallowed losses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest

from capgain.engine.classes import Term
from capgain.engine.compute import compute
from capgain.engine.report import TaxReport
from law.random_trades import Trades, make, smallest
from law.reference import CannotTell, Out, Piece, Reference
from law.tables import dispositions, errors, read, told

LEDGERS = 6000
GROUPS = 24
TOLERANCE = Fraction(2, 100)
"""Dollars by which rows and lots of uneven amounts may differ: each amount is rounded to the cent once, and what a wash
sale moves is what the row says, in cents."""

NO_LOSS_AT_ALL = Fraction(1, 100)
"""A loss smaller than this may print as none, and then nothing is there to disallow; such ledgers are left out."""

SaleKey = tuple[int, int, date, date, date, bool]
LotKey = tuple[int, str, str, date, date]


@dataclass
class Amounts:
    units: Fraction = Fraction(0)
    proceeds: Fraction = Fraction(0)
    basis: Fraction = Fraction(0)
    disallowed: Fraction = Fraction(0)
    gain: Fraction = Fraction(0)

    def near(self, other: Amounts, tolerance: Fraction) -> bool:
        return self.units == other.units and all(
            abs(getattr(self, name) - getattr(other, name)) <= tolerance
            for name in ("proceeds", "basis", "disallowed", "gain")
        )


def sales_by_reference(rows: Iterable[Out]) -> dict[SaleKey, Amounts]:
    sums: dict[SaleKey, Amounts] = {}
    for row in rows:
        key = (row.sale, row.lot, row.acquired.date(), row.held_since, row.sold, row.is_long)
        total = sums.setdefault(key, Amounts())
        total.units += row.quantity
        total.proceeds += row.proceeds
        total.basis += row.basis
        total.disallowed += row.disallowed
        total.gain += row.proceeds - row.basis + row.disallowed
    return sums


def sales_by_engine(report: TaxReport) -> dict[SaleKey, Amounts]:
    sums: dict[SaleKey, Amounts] = {}
    for row in dispositions(report):
        key = (row.row, row.lot_row, row.acquired, row.held_since, row.sold, row.term is Term.LONG)
        total = sums.setdefault(key, Amounts())
        total.units += Fraction(row.quantity)
        total.proceeds += Fraction(row.proceeds)
        total.basis += Fraction(row.basis)
        total.disallowed += Fraction(row.wash_disallowed)
        total.gain += Fraction(row.gain)
    return sums


def lots_by_reference(pieces: Iterable[Piece], *, with_accounts: bool) -> dict[LotKey, Amounts]:
    sums: dict[LotKey, Amounts] = {}
    for piece in pieces:
        account = piece.account if with_accounts else ""
        total = sums.setdefault((piece.lot, piece.asset, account, piece.acquired.date(), piece.held_since), Amounts())
        total.units += piece.quantity
        total.basis += piece.basis
    return sums


def lots_by_engine(report: TaxReport, *, with_accounts: bool) -> dict[LotKey, Amounts]:
    sums: dict[LotKey, Amounts] = {}
    for lot in report.open_lots:
        account = lot.account if with_accounts else ""
        total = sums.setdefault((lot.row, lot.asset, account, lot.acquired, lot.held_since), Amounts())
        total.units += Fraction(lot.quantity)
        total.basis += Fraction(lot.basis)
    return sums


def apart(ours: dict[object, Amounts], theirs: dict[object, Amounts], tolerance: Fraction) -> list[str]:
    return [
        f"{key}: engine {ours.get(key)}, reference {theirs.get(key)}"
        for key in sorted({*ours, *theirs}, key=str)
        if key not in ours or key not in theirs or not ours[key].near(theirs[key], tolerance)
    ]


def disagreement(trades: Trades, *, even: bool) -> str:
    """What the two say differently, "" when they agree.

    Parts of one purchase that replaced shares and are held since one day may each keep the loss they took over or share
    it: no authority tells them apart.
    """
    found = difference(trades, even=even)
    if found and Reference(trades.world, trades.events, look_at_wallets=False).has_like_parts:
        shared = replace(trades, world=replace(trades.world, parts_share_basis=True))
        return found and difference(shared, even=False)
    return found


def difference(trades: Trades, *, even: bool) -> str:
    try:
        reference = Reference(trades.world, trades.events)
    except CannotTell as account:
        report = compute(read(trades.rows(), trades.accounts(), trades.settings()))
        codes = {problem.code for problem in errors(report)}
        return "" if "UNALLOCATED_BASIS" in codes else f"lots and units differ in {account}\n{told(report)}"
    if any(0 < row.basis - row.proceeds < NO_LOSS_AT_ALL for row in reference.out):
        return ""
    report = compute(read(trades.rows(), trades.accounts(), trades.settings()))
    if errors(report):
        return told(report)
    tolerance = Fraction(0) if even else TOLERANCE
    # lots of a universal pool sit in no account until the switch
    located = not any(reference.is_universal(event) for event in trades.events[-1:])
    found = apart(sales_by_engine(report), sales_by_reference(reference.out), tolerance)
    found += apart(
        lots_by_engine(report, with_accounts=located),
        lots_by_reference(reference.held, with_accounts=located),
        tolerance,
    )
    permanent = sum((Fraction(match.disallowed) for match in report.wash_sales if match.permanent), Fraction(0))
    if abs(permanent - reference.permanent) > tolerance:
        found.append(f"permanently disallowed: engine {permanent}, reference {reference.permanent}")
    return "\n".join([*found, told(report)]) if found else ""


@pytest.mark.parametrize("group", range(GROUPS))
def test_engine_and_reference_agree(group: int) -> None:
    for seed in range(group, LEDGERS, GROUPS):
        even = seed % 2 == 0
        trades = make(Random(seed), even=even)
        if disagreement(trades, even=even):
            small = smallest(trades, lambda fewer, even=even: bool(disagreement(fewer, even=even)))
            rows = "\n".join(" | ".join(cell for cell in row.values() if cell) for row in small.rows())
            pytest.fail(f"ledger {seed}, {small.settings()}\n{rows}\n{disagreement(small, even=even)}")


def test_the_random_ledgers_reach_what_they_are_for() -> None:
    """Enough wash sales, chains, losses to IRAs, transfers, universal pools and picks to mean something."""
    seen = {
        "washed": 0,
        "chained": 0,
        "permanent": 0,
        "transfer": 0,
        "universal": 0,
        "picked": 0,
        "cannot tell": 0,
        "long": 0,
    }
    for seed in range(0, LEDGERS, 4):
        trades = make(Random(seed), even=True)
        reference = Reference(trades.world, trades.events, look_at_wallets=False)
        seen["washed"] += any(row.disallowed for row in reference.out)
        seen["chained"] += any(row.disallowed and row.held_since != row.acquired.date() for row in reference.out)
        seen["permanent"] += bool(reference.permanent)
        seen["transfer"] += any(event.kind == "transfer" for event in trades.events)
        seen["universal"] += any(reference.is_universal(event) for event in trades.events)
        seen["picked"] += any(event.picks for event in trades.events)
        seen["long"] += any(row.is_long for row in reference.out)
        try:
            Reference(trades.world, trades.events)
        except CannotTell:
            seen["cannot tell"] += 1
    assert all(count >= 3 for count in seen.values()), str(seen)
