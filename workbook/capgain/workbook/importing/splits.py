"""Splits that a broker reports as units added: the ratio, from what the account held; and cash for a fraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.importing.what_it_is import is_cusip

LARGEST_TERM = 100
"""Splits are small whole numbers for small whole numbers; a ratio beyond this means that rows are missing."""

CASH_FOLLOWS = timedelta(days=60)
"""How long after a split its cash in lieu may be paid."""


def with_symbols_of_old_shares(movements: Sequence[Movement]) -> None:
    """Call shares by the symbol that a reverse split leaves, where the source calls those before it by their CUSIP
    number: those of the one security whose shares came to the account on the day on which the number's left."""
    left: dict[tuple[str, date], set[str]] = {}
    came: dict[tuple[str, date], set[str]] = {}
    for split in movements:
        if split.becomes is Becomes.SPLIT and split.in_quantity and _is_reverse(split):
            is_old = split.in_quantity < 0 and is_cusip(split.in_asset)
            (left if is_old else came).setdefault((split.account, split.at.date()), set()).add(split.in_asset)
    symbols = {
        (account, next(iter(old))): (next(iter(new)), day)
        for (account, day), old in left.items()
        if len(old) == 1 and len(new := came.get((account, day), set())) == 1
    }
    for movement in movements if symbols else ():
        for side in ("in_asset", "out_asset"):
            symbol, day = symbols.get((movement.account, getattr(movement, side)), ("", date.min))
            if symbol and movement.at.date() <= day:
                setattr(movement, side, symbol)
                movement.asset_class = movement.asset_class if movement.asset_class != "bond" else ""


def settle_splits(movements: Sequence[Movement]) -> tuple[list[Movement], list[Unsettled]]:
    """Splits with their ratios and cash, everything else unchanged; splits whose ratio cannot be told are unsettled."""
    settled: list[Movement] = []
    unsettled: list[Unsettled] = []
    splits = [movement for movement in movements if movement.becomes is Becomes.SPLIT]
    cash = [movement for movement in movements if movement.becomes is Becomes.CASH_IN_LIEU]
    if not splits and not cash:
        return list(movements), []
    for movement in movements:
        if movement.becomes not in (Becomes.SPLIT, Becomes.CASH_IN_LIEU):
            settled.append(movement)
    kept = []
    for split in sorted(_whole_splits(splits), key=lambda movement: movement.at):
        if not split.ratio:
            split.ratio = _ratio(split, settled)
            if _is_reverse(split) and split.ratio and Fraction(split.ratio) > 1:
                split.ratio = ""
        if split.ratio:
            settled.append(split)
            kept.append(split)
        else:
            units = split.in_quantity or ZERO
            went = "left" if units < 0 else "came to"
            how = "a reverse split" if _is_reverse(split) else "a split or spin-off"
            unsettled.append(
                Unsettled(
                    split.lines,
                    split.kind,
                    f"{abs(units):f} units of {split.in_asset} {went} {split.account} by {how}, and the units held "
                    "before do not give a whole ratio.",
                    "Enter a row of Type Split (Quantity = units after per unit before, such as 4 or 1:10), or of Type "
                    "Spin-off with the ratio and the fraction of basis that moves.",
                    movement=split,
                    key=split.key,
                )
            )
    for payment in cash:
        of = [
            split
            for split in kept
            if split.in_asset == payment.in_asset
            and split.account == payment.account
            and timedelta(days=-1) <= payment.at - split.at <= CASH_FOLLOWS
        ]
        joined = max(of, key=lambda candidate: candidate.at) if of else None
        if joined is not None and joined.out_quantity is not None and not _leaves_a_fraction(joined):
            unsettled.append(
                Unsettled(
                    payment.lines,
                    payment.kind,
                    f"{payment.value or ZERO} dollars for a fraction of {payment.in_asset}, and the units before and "
                    f"after its split say {joined.ratio}, which leaves none.",
                    "Correct the ratio of the Split row by your statement, and put these dollars into its Amount.",
                    movement=payment,
                    key=payment.key,
                )
            )
        elif joined is not None:
            joined.cash = (joined.cash or ZERO) + (payment.value or ZERO)
            joined.lines = (*joined.lines, *payment.lines)
            joined.key = f"{joined.key} + {payment.key}"
        else:
            unsettled.append(
                Unsettled(
                    payment.lines,
                    payment.kind,
                    f"{payment.value or ZERO} dollars for a fraction of {payment.in_asset}, and no split of it.",
                    "Put them into the column Amount of the Split row, or enter a Sell of the fraction.",
                    movement=payment,
                    key=payment.key,
                )
            )
    return settled, unsettled


def _whole_splits(splits: Sequence[Movement]) -> list[Movement]:
    """One movement a split, where a source tells the units that left and those that came in rows of their own."""
    of_day: dict[tuple[str, str, date], list[Movement]] = {}
    for split in splits:
        of_day.setdefault((split.account, split.in_asset, split.at.date()), []).append(split)
    whole = []
    for rows in of_day.values():
        units = [Fraction(row.in_quantity or ZERO) for row in rows]
        came, left = sum(one for one in units if one > 0), -sum(one for one in units if one < 0)
        if not came or not left or any(row.ratio for row in rows):
            whole += rows
            continue
        first = min(rows, key=lambda row: (row.at, row.lines))
        joined = replace(first, in_quantity=sum((row.in_quantity or ZERO for row in rows), ZERO))
        joined.ratio = _plain_ratio(Fraction(left), Fraction(came))
        joined.out_quantity = sum((-row.in_quantity for row in rows if row.in_quantity and row.in_quantity < 0), ZERO)
        joined.lines = tuple(sorted(place for row in rows for place in row.lines))
        joined.key = " + ".join(sorted(row.key for row in rows))
        whole.append(joined)
    return whole


def _leaves_a_fraction(split: Movement) -> bool:
    """Whether the ratio, of a split whose units before are known, leaves part of a unit."""
    return (Fraction(split.out_quantity or ZERO) * Fraction(split.ratio)).denominator > 1


def _is_reverse(split: Movement) -> bool:
    """Whether the source's words say that units became fewer."""
    return "reverse" in f"{split.kind} {split.note}".casefold()


def _ratio(split: Movement, others: Sequence[Movement]) -> str:
    """`new/old` from the units held before the split and those added; "" where that is no plain ratio."""
    held = Fraction(0)
    for movement in sorted(others, key=lambda movement: movement.at):
        if movement.at <= split.at:
            held = _held_after(movement, held, split)
    added = Fraction(split.in_quantity or ZERO)
    if held <= 0 or held + added <= 0 or not added:
        return ""
    return _plain_ratio(held, held + added)


def _plain_ratio(before: Fraction, after: Fraction) -> str:
    """`new/old` of units before and after a split; "" where that is no plain ratio."""
    ratio = after / before
    if max(ratio.numerator, ratio.denominator) > LARGEST_TERM:
        near = ratio.limit_denominator(10) if ratio > 1 else 1 / (1 / ratio).limit_denominator(10)
        # A fraction paid in cash or a rounded count leaves the ratio a little off a whole one.
        if max(near.numerator, near.denominator) > LARGEST_TERM or abs(near - ratio) * before >= 1:
            return ""
        ratio = near
    return f"{ratio.numerator}/{ratio.denominator}"


def _held_after(movement: Movement, held: Fraction, split: Movement) -> Fraction:
    """Units of the split's asset in its account after one more movement."""
    asset, account = split.in_asset, split.account
    if movement.becomes is Becomes.SPLIT:
        return held * Fraction(movement.ratio) if (movement.in_asset, movement.account) == (asset, account) else held
    if movement.out_asset == asset and movement.account == account:
        held -= Fraction(movement.out_quantity or ZERO)
    arrives = movement.to_account if movement.becomes is Becomes.TRANSFER else movement.account
    if movement.in_asset == asset and arrives == account:
        held += Fraction(movement.in_quantity or ZERO)
    return held
