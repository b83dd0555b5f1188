"""Code Q: the gain on small business stock that section 1202 leaves out, lot by lot, and what it asks of the stock."""

from __future__ import annotations

from datetime import date

from capgain.engine.classes import FilingStatus
from capgain.engine.money import dollars, from_cents
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.state import State
from capgain.engine.section_1202 import (
    LAST_OF_OLD_LAW,
    NOT_UP_TO,
    first_day,
    limit_of_one_issuer,
    part_left_out,
    preference_of,
)
from capgain.engine.transactions import Disposal


def exclusions(
    state: State, entry: Disposal, sold: date, lots: list[tuple[Lot, int, int]], stated: list[int] | None
) -> list[int]:
    """What is left out of the gain of each lot in cents, negative: as `stated`, which may be no more, else the most.

    `lots` with gain and basis of each in cents. Of one issuer's gains no more counts than the greater of 10 (15)
    million dollars, less what counted in earlier years, and ten times the basis sold in the year (26 USC 1202(b)).
    """
    if not _are_held_long_enough(state, entry, sold, lots):
        return [0] * len(lots)
    separate = state.ledger.settings.filing_status.of(sold.year) is FilingStatus.MFS
    earlier, basis, counted = _so_far(state, entry.asset, sold.year)
    by_basis = 10 * (basis + sum(of_lot for _, _, of_lot in lots))
    most: list[int] = []
    cut = 0
    for lot, gain, of_lot in lots:
        limit = 100 * limit_of_one_issuer(lot.held_since, is_separate=separate)
        free = max(limit - earlier, by_basis) - counted
        eligible = min(max(0, gain), max(0, free))
        if eligible < gain:
            cut = max(limit - earlier, by_basis)
        counted += eligible
        part = part_left_out(lot.held_since, sold)
        most.append((2 * eligible * part.numerator + part.denominator) // (2 * part.denominator))
        state.booked.small_business.append((entry.asset, sold.year, eligible, of_lot))
    if stated is not None:
        _check(state, entry, -sum(stated), sum(most))
    left_out = [-amount for amount in stated] if stated is not None else most
    preference = sum(preference_of(lot.held_since, amount) for (lot, _, _), amount in zip(lots, left_out, strict=True))
    if preference > 0:
        state.booked.preferences.append((entry.row, sold.year, preference))
    if stated is not None:
        return stated
    if cut:
        state.problems.warn(
            entry,
            "Code",
            "QSB_LIMIT",
            f"only {dollars(from_cents(cut))} of the gain on {entry.asset} count in {sold.year} (26 USC 1202(b)): the "
            "rest is taxed.",
            "Nothing is to be done, unless gains of earlier years are not in this ledger.",
        )
    return [-amount for amount in most]


def _so_far(state: State, asset: str, year: int) -> tuple[int, int, int]:
    """Cents of eligible gain of earlier years, and of this year the basis sold and the gain that counted already."""
    of_issuer = [one[1:] for one in state.booked.small_business if one[0] == asset]
    earlier = sum(gain for when, gain, _ in of_issuer if when < year)
    this_year = [(gain, basis) for when, gain, basis in of_issuer if when == year]
    return earlier, sum(basis for _, basis in this_year), sum(gain for gain, _ in this_year)


def _are_held_long_enough(state: State, entry: Disposal, sold: date, lots: list[tuple[Lot, int, int]]) -> bool:
    for lot, _, _ in lots:
        if lot.acquired_text == "VARIOUS":
            _not_held(state, entry, f"when the {entry.asset} of row {lot.row} were acquired is not stated")
            return False
        first = first_day(lot.held_since)
        if lot.held_since <= NOT_UP_TO:
            _not_held(
                state,
                entry,
                f"the {entry.asset} of row {lot.row} are of {lot.held_since}, and only stock issued after {NOT_UP_TO} "
                "counts",
            )
            return False
        if sold < first:
            law = "three years" if lot.held_since > LAST_OF_OLD_LAW else "more than five years"
            _not_held(
                state,
                entry,
                f"the {entry.asset} of row {lot.row} are sold on {sold} and section 1202 asks for {law}: {first} or "
                "later",
            )
            return False
    return True


def _check(state: State, entry: Disposal, stated: int, allowed: int) -> None:
    if stated > allowed:
        state.problems.error(
            entry,
            "Adjustment",
            "QSB_TOO_MUCH",
            f"{dollars(from_cents(stated))} are left out with code Q, but section 1202 leaves out "
            f"{dollars(from_cents(allowed))} at most.",
            f"Correct Adjustment to -{dollars(from_cents(allowed))} or less, or leave it blank.",
        )


def _not_held(state: State, entry: Disposal, why: str) -> None:
    state.problems.error(
        entry,
        "Code",
        "QSB_NOT_HELD",
        f"code Q leaves out a gain, but {why} (26 USC 1202(a)).",
        "Take Q out of Code and its amount out of Adjustment, or correct the dates of the purchase.",
    )
