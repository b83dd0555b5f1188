"""Splits that a broker reports as units added: the ratio, from what the account held; and cash for a fraction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import Unsettled

LARGEST_TERM = 100
"""Splits are small whole numbers for small whole numbers; a ratio beyond this means that rows are missing."""

CASH_FOLLOWS = timedelta(days=60)
"""How long after a split its cash in lieu may be paid."""


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
    for split in sorted(splits, key=lambda movement: movement.at):
        if not split.ratio:
            split.ratio = _ratio(split, settled)
            if _is_reverse(split) and split.ratio and Fraction(split.ratio) > 1:
                split.ratio = ""
        if split.ratio:
            settled.append(split)
            kept.append(split)
        else:
            how = "a reverse split" if _is_reverse(split) else "a split or spin-off"
            unsettled.append(
                Unsettled(
                    split.lines,
                    split.kind,
                    f"{split.in_quantity or ZERO:f} units of {split.in_asset} came to {split.account} by {how}, and "
                    "the units held before do not give a whole ratio.",
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
        if of:
            split = max(of, key=lambda candidate: candidate.at)
            split.cash = (split.cash or ZERO) + (payment.value or ZERO)
            split.lines = (*split.lines, *payment.lines)
            split.key = f"{split.key} + {payment.key}"
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
    ratio = (held + added) / held
    if max(ratio.numerator, ratio.denominator) > LARGEST_TERM:
        near = ratio.limit_denominator(10)
        # A fraction paid in cash or a rounded count leaves the ratio a little off a whole one.
        if near.numerator > LARGEST_TERM or abs(near - ratio) * held >= 1:
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
