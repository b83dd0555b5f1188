"""What the year opened with against what last year's package closed with, asset by asset and account by account."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capgain.engine.money import CENT, ZERO
from capgain.engine.report import YearReport
from capgain.workbook.handoff.closing import Closing, HeldThen
from capgain.workbook.report.checks import A_BILLIONTH, HALF, Check, Side
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.lot_proof import left_out
from capgain.workbook.report.proof_checks import MOST_PLACES
from capgain.workbook.report.roll_forward import ALL_ACCOUNTS, Place, RollForward
from capgain.workbook.report.tie_outs import UNITS_STYLE
from capgain.workbook.sheets import COUNT, MONEY, Formula, reference

NOTHING = HeldThen(ZERO, ZERO)


def closing_checks(
    papers: Workpapers, year: YearReport, before: Closing | None, rolled: RollForward | None
) -> Iterator[Check]:
    """Units and basis on Roll-forward's opening are those of last year's package; nothing without one.

    Accounts whose sales are on no Form 8949 of the return stand on neither.
    """
    if before is None or rolled is None:
        return
    outside = left_out(papers, year)
    closed = {place: held for place, held in before.held.items() if place[1] not in outside}
    places = sorted({*closed, *rolled.rows})
    words = f"Opening of {year.year} = last closing"
    if len(places) > MOST_PLACES:
        yield from _added_up(year, words, places, closed, rolled)
        return
    for place in places:
        asset, account = place
        where = f"{asset} in {account or 'no account named'}"
        units, basis = closed.get(place, NOTHING)
        for what, heading, amount, style, tolerance in (
            ("units", "Opening", units, UNITS_STYLE, A_BILLIONTH),
            ("basis", "Basis opening", basis, MONEY, CENT * (_lots(rolled, place) + 1)),
        ):
            opened, cell = _opened(rolled, place, heading)
            yield Check(
                str(year.year), f"{words}: {what} of {where}", amount, opened, cell, style, tolerance.normalize()
            )


def _lots(rolled: RollForward, place: Place) -> int:
    return rolled.held[place].lots if place in rolled.held else 0


def _opened(rolled: RollForward, place: Place, heading: str) -> tuple[Side, tuple[str, str]]:
    """What the sheet says the year began with, and where."""
    name, letter = rolled.listing.sheet.name, rolled.listing.letter(heading)
    if place not in rolled.rows:
        return ZERO, (name, f"{letter}1")
    cell = f"{letter}{rolled.rows[place]}"
    return Formula(f"={reference(name, cell)}", rolled.shown(place, heading)), (name, cell)


def _added_up(
    year: YearReport, words: str, places: list[Place], closed: dict[Place, HeldThen], rolled: RollForward
) -> Iterator[Check]:
    """Of very many assets in accounts how many differ in units, and the basis of all."""
    listed = rolled.listing
    differ = 0
    opened = ZERO
    for place in places:
        units = rolled.shown(place, "Opening") if place in rolled.rows else ZERO
        opened += rolled.shown(place, "Basis opening") if place in rolled.rows else ZERO
        differ += abs(units - closed.get(place, NOTHING).units) >= A_BILLIONTH
    yield Check(
        str(year.year),
        f"{words}: of {len(places):,} assets in accounts as many differ in units (value)",
        Decimal(differ),
        ZERO,
        (listed.sheet.name, f"{listed.letter('Opening')}1"),
        COUNT,
        HALF,
    )
    text = f'SUMIFS({listed.cells("Basis opening")},{listed.cells("Account")},"<>{ALL_ACCOUNTS}")'
    yield Check(
        str(year.year),
        f"{words}: basis of all that was held",
        sum((held.basis for held in closed.values()), ZERO),
        Formula(f"={text}", opened),
        (listed.sheet.name, f"{listed.letter('Basis opening')}1"),
        tolerance=CENT * (sum(_lots(rolled, place) for place in places) + 1),
    )
