"""First in, first out over rows of a ledger: a second calculation of gains, which shares no code with the engine."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

ADDS = frozenset({"Buy", "Reinvest", "Income", "Opening"})
TAKES = frozenset({"Sell", "Trade", "Spend", "Fee"})
SAYS_NOTHING = frozenset({"Dividend", "Interest", "Capital Gain Distribution", "Exempt-Interest Dividend"})
ONE_POOL_UNTIL = 2025
"""Digital assets are held in one pool before (Rev. Proc. 2024-28)."""

Gains = dict[tuple[int, str], Decimal]


class OutOfReach(Exception):
    """A row that this calculation knows nothing of."""


def gains(rows: Sequence[Mapping[str, str]]) -> Gains:
    """Gains by year and asset in dollars, rounded for each row and lot as Form 8949 rounds. Raises OutOfReach."""
    held: defaultdict[tuple[str, str], deque[list[Fraction]]] = defaultdict(deque)
    named: dict[str, list[Fraction]] = {}
    short: defaultdict[tuple[str, str], deque[list[Fraction]]] = defaultdict(deque)
    found: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for row in sorted(rows, key=_order):
        kind, asset, account = row["Type"], row.get("Asset", ""), row.get("Account", "")
        if kind in SAYS_NOTHING:
            continue
        if row.get("Fee Asset") or kind not in ADDS | TAKES | {"Short Sell", "Cover"}:
            raise OutOfReach(kind)
        year = int(row["Date"][:4])
        units, amount, fee = (_number(row, name) for name in ("Quantity", "Amount", "Fee"))
        place = account, asset
        if kind in ADDS:
            basis = _number(row, "Basis") if kind == "Opening" else amount + fee
            _add(held, named, row, place, units, basis)
        elif kind == "Short Sell":
            short[place].append([units, amount - fee])
        elif kind == "Cover":
            for part, proceeds in _take(short[place], units):
                found[year, asset] += _cents(proceeds) - _cents((amount + fee) * part / units)
        else:
            lots = held[place]
            if row.get("Class") == "crypto" and year < ONE_POOL_UNTIL:
                others = [one for (_, name), several in held.items() if name == asset for one in several]
                if len(others) != len(lots):
                    raise OutOfReach("one pool")
            if row.get("Lot"):
                if row["Lot"] not in named:
                    raise OutOfReach("lots by another name")
                lots = deque([named[row["Lot"]]])
            for part, basis in _take(lots, units):
                found[year, asset] += _cents((amount - fee) * part / units) - _cents(basis)
            if row.get("Code"):
                found[year, asset] += _cents(_number(row, "Adjustment"))
            if kind == "Trade":
                _add(held, named, {}, (account, row["Received Asset"]), _number(row, "Received Quantity"), amount)
    return dict(found)


def _order(row: Mapping[str, str]) -> tuple[str, int]:
    moment = datetime.fromisoformat(row["Date"])
    return moment.isoformat(), 0 if row["Type"] in ADDS else 1


def _add(
    held: Mapping[tuple[str, str], deque[list[Fraction]]],
    named: dict[str, list[Fraction]],
    row: Mapping[str, str],
    place: tuple[str, str],
    units: Fraction,
    basis: Fraction,
) -> None:
    lot = [units, basis]
    held[place].append(lot)
    if row.get("Lot"):
        named[row["Lot"]] = lot


def _take(lots: deque[list[Fraction]], units: Fraction) -> list[tuple[Fraction, Fraction]]:
    taken = []
    while units:
        if not lots:
            raise OutOfReach("more leaves than is held")
        lot = lots[0]
        part = min(lot[0], units)
        money = lot[1] * part / lot[0] if lot[0] else Fraction(0)
        lot[0] -= part
        lot[1] -= money
        units -= part
        if not lot[0]:
            lots.popleft()
        if part:
            taken.append((part, money))
    return taken


def _number(row: Mapping[str, str], name: str) -> Fraction:
    return Fraction(row.get(name) or "0")


def _cents(amount: Fraction) -> Decimal:
    return Decimal(round(amount * 100)) / 100
