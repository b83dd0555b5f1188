"""Withdrawals and deposits that are one transfer between own accounts, found by asset, amount, time and chain id."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from capgain.engine.money import EXACT, ZERO
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.pairs import SMALLEST

LARGEST_FEE = Decimal("0.02")
"""Share of the units sent that may be missing on arrival and still count as the network's fee."""

EARLY = timedelta(hours=2)
"""How long before the withdrawal a deposit may be booked: clocks differ."""

WINDOW = timedelta(days=3)
"""How long after the withdrawal a deposit may be booked."""

WINDOW_OF_DATES = timedelta(days=10)
"""The same where one side gives no time of day: securities take up to six business days (FINRA Rule 11870)."""

CLOCKS_APART = timedelta(days=2)
"""More than times as written and moments can differ by: zones, and clocks that jump."""

LIKELY_APART = timedelta(days=31)
"""How far apart halves that make no transfer may be for the one to be named beside the other."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Transfers found, halves that came back to where they left, and halves without a partner."""

    transfers: list[Movement]
    returned: list[Ignored]
    unmatched: list[Unsettled]


def match_transfers(halves: Sequence[Movement]) -> Matched:
    """Pair withdrawals with deposits, the closest in amount and time first.

    A pair needs the same asset, another account, no more units arriving than left, at most LARGEST_FEE of them short,
    and an arrival within the window; the same chain id makes a pair whatever the amounts and times are. What comes back
    to its own account by the same transaction is a fee of what is missing.
    """
    sent = sorted((half for half in halves if half.becomes is Becomes.WITHDRAWAL), key=_order)
    received = sorted((half for half in halves if half.becomes is Becomes.DEPOSIT), key=_order)
    by_asset: defaultdict[str, _Halves] = defaultdict(_Halves)
    for deposit in received:
        by_asset[deposit.in_asset.casefold()].add(deposit)
    candidates = []
    for place, withdrawal in enumerate(sent):
        for deposit in by_asset[withdrawal.out_asset.casefold()].near(withdrawal):
            rank = _rank(withdrawal, deposit)
            if rank is not None:
                candidates.append((rank, place, _order(deposit), withdrawal, deposit))
    candidates.sort(key=lambda candidate: candidate[:3])
    taken: set[int] = set()
    transfers: list[Movement] = []
    returned: list[Ignored] = []
    for _, _, _, withdrawal, deposit in candidates:
        if id(withdrawal) in taken or id(deposit) in taken:
            continue
        taken |= {id(withdrawal), id(deposit)}
        if withdrawal.account.casefold() == deposit.account.casefold():
            if (fee := _units(withdrawal) - _units(deposit)) > 0:
                transfers.append(_only_its_fee(withdrawal, deposit, fee))
                continue
            why = "nothing left it" if withdrawal.chain_id else "the withdrawal failed"
            reason = f"{withdrawal.out_asset} that came back to {deposit.account}: {why}"
            returned.extend(Ignored(line, reason) for half in (withdrawal, deposit) for line in half.lines)
        else:
            transfers.append(_joined(withdrawal, deposit))
    alone = [half for half in (*sent, *received) if id(half) not in taken]
    by_side: defaultdict[tuple[Becomes, str], _Halves] = defaultdict(_Halves)
    for half in alone:
        by_side[half.becomes, half.asset.casefold()].add(half)
    return Matched(transfers, returned, [_unmatched(half, by_side) for half in alone])


class _Halves:
    """Halves of one asset and side in order of time, found by time and by what two halves of a transfer share."""

    def __init__(self) -> None:
        self._halves: list[Movement] = []
        self._times: list[datetime] = []
        self._sharing: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, half: Movement) -> None:
        """One that comes no earlier than those before it."""
        for shared in _shared(half):
            self._sharing[shared].append(len(self._halves))
        self._halves.append(half)
        self._times.append(half.at)

    def near(self, other: Movement) -> Iterator[Movement]:
        """Those that may make a transfer with `other`, in order of time."""
        places = {place for shared in _shared(other) for place in self._sharing.get(shared, ())}
        places.update(self._within(other.at, WINDOW_OF_DATES + CLOCKS_APART))
        return map(self._halves.__getitem__, sorted(places))

    def within(self, moment: datetime, apart: timedelta) -> Iterator[Movement]:
        """Those booked up to `apart` before or after a moment, in order of time."""
        return map(self._halves.__getitem__, self._within(moment, apart))

    def _within(self, moment: datetime, apart: timedelta) -> range:
        return range(bisect_left(self._times, moment - apart), bisect_right(self._times, moment + apart))


def _shared(half: Movement) -> Iterator[tuple[str, str]]:
    if half.chain_id:
        yield "chain", half.chain_id.casefold()
    if half.group:
        yield "group", half.group


def _order(half: Movement) -> tuple[datetime, str, str, str]:
    return (half.at, half.account.casefold(), half.asset.casefold(), half.key)


def _units(half: Movement) -> Decimal:
    return half.out_quantity or half.in_quantity or ZERO


def _window(withdrawal: Movement, deposit: Movement) -> tuple[timedelta, timedelta]:
    if withdrawal.has_time and deposit.has_time:
        return EARLY, WINDOW
    return timedelta(days=1), WINDOW_OF_DATES


def _time_between(withdrawal: Movement, deposit: Movement) -> timedelta:
    """Elapsed time; local clocks are compared only where a zone is missing, as they jump twice a year."""
    left, came = withdrawal.moment.at, deposit.moment.at
    if left.tzinfo is not None and came.tzinfo is not None:
        return came - left
    return deposit.at - withdrawal.at


def _rank(withdrawal: Movement, deposit: Movement) -> tuple[int, Decimal, timedelta] | None:
    """How well two halves fit, smaller better; None where they cannot be one transfer."""
    left, came = _units(withdrawal), _units(deposit)
    took = _time_between(withdrawal, deposit)
    if withdrawal.account.casefold() == deposit.account.casefold():
        back = withdrawal.group and withdrawal.group == deposit.group and left == came
        to_itself = withdrawal.chain_id and withdrawal.chain_id.casefold() == deposit.chain_id.casefold()
        return (0, left - came, abs(took)) if back or (to_itself and came <= left) else None
    if withdrawal.chain_id and deposit.chain_id:
        return (
            (0, abs(left - came), abs(took))
            if withdrawal.chain_id.casefold() == deposit.chain_id.casefold() and came <= left
            else None
        )
    early, late = _window(withdrawal, deposit)
    if not -early <= took <= late or not left * (1 - LARGEST_FEE) <= came <= left:
        return None
    return (1, (left - came) / left, abs(took))


def _joined(withdrawal: Movement, deposit: Movement) -> Movement:
    """One transfer at the time of the withdrawal, told by both lines."""
    notes = [half.note for half in (withdrawal, deposit) if half.note]
    return replace(
        withdrawal,
        becomes=Becomes.TRANSFER,
        to_account=deposit.account,
        in_asset=withdrawal.out_asset,
        in_quantity=deposit.in_quantity,
        price=withdrawal.price or deposit.price,
        value=None,
        lines=(*withdrawal.lines, *deposit.lines),
        key=f"{withdrawal.key} + {deposit.key}",
        chain_id=withdrawal.chain_id or deposit.chain_id,
        note="; ".join(dict.fromkeys(notes)),
    )


def _only_its_fee(withdrawal: Movement, deposit: Movement, fee: Decimal) -> Movement:
    """Units sent to an address of the same account: one transaction, of which its fee alone is gone."""
    return replace(
        withdrawal,
        becomes=Becomes.FEE,
        out_quantity=fee,
        value=None if withdrawal.price is None else EXACT.multiply(withdrawal.price, fee),
        lines=(*withdrawal.lines, *deposit.lines),
        key=f"{withdrawal.key} + {deposit.key}",
    )


def _unmatched(half: Movement, alone: Mapping[tuple[Becomes, str], _Halves]) -> Unsettled:
    out = half.becomes is Becomes.WITHDRAWAL
    units = f"{_units(half).normalize():f} {half.asset}"
    where = f"{units} left {half.account}" if out else f"{units} came to {half.account}"
    partner = _likely_partner(half, alone)
    remedy = (
        "If they went to a wallet of yours, import its file, or name the wallet in column To Account; if not, write "
        "Spend, Gift Out, Donate or Lost in column Decision. Then import again. Until then they count as still held."
        if out
        else "If they came from an account of yours, import its file, or name it in column Account; if not, write "
        "Income or Gift In in column Decision. Then import again. Bought earlier: add an Opening row to the Ledger."
    )
    return Unsettled(
        half.lines,
        half.kind,
        f"{where} on {half.at.date()}, and no {'deposit' if out else 'withdrawal'} fits.",
        remedy,
        movement=half,
        partner=partner,
        key=half.key,
        completes=True,
    )


def _likely_partner(half: Movement, alone: Mapping[tuple[Becomes, str], _Halves]) -> str:
    """The nearest half of the same asset that fits but for one thing, else what the source says of the other side."""
    other = Becomes.DEPOSIT if half.becomes is Becomes.WITHDRAWAL else Becomes.WITHDRAWAL
    best: tuple[tuple[Decimal, timedelta], str] | None = None
    others = alone.get((other, half.asset.casefold()))
    for possible in others.within(half.at, LIKELY_APART) if others is not None else ():
        if possible.account.casefold() == half.account.casefold():
            continue
        apart = abs(possible.at - half.at)
        difference = abs(_units(possible) - _units(half)) / max(_units(half), SMALLEST)
        if difference > Decimal("0.25"):
            continue
        text = f"{_units(possible).normalize():f} {possible.asset} at {possible.account} on {possible.at.date()}"
        rank = (difference, apart)
        if best is None or rank < best[0]:
            best = (rank, text)
    return best[1] if best else half.partner
