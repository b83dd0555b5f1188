"""What gifts, donations and thefts make one ask of the taxpayer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from capgain.engine.gifts_and_losses import NO_FORM_UP_TO
from capgain.engine.money import ZERO, dollars
from capgain.engine.years import nearest_tax_year
from capgain.workbook.handoff.workpapers.gifts_and_losses import Given
from capgain.workbook.handoff.workpapers.question import AskedOf, Question, listed


def donations(about: AskedOf) -> Iterator[Question]:
    """What a charity must have written (26 USC 170(f))."""
    donated = [one for one in about.given if one.kind == "Donation"]
    whole = sum((one.value or ZERO for one in donated), ZERO)
    if donated and (whole > NO_FORM_UP_TO or any(one.value is None for one in donated)):
        appraised = any("Section B" in one.form for one in donated)
        asks = "Was a qualified appraisal made, and is there" if appraised else "Is there"
        yield Question(
            "Q-8283",
            f"Donated: {_of(donated)}. {asks} a written acknowledgement of the charity?",
            "Form 8283; IRC 170(f)(8), (11)",
        )


def gifts(about: AskedOf) -> Iterator[Question]:
    """Gifts beyond what may be given without a return (26 USC 2503(b))."""
    gifts = [one for one in about.given if one.kind == "Gift"]
    exclusion = nearest_tax_year(about.year.year).gift_exclusion
    if any(one.form.startswith("Form 709") for one in gifts):
        yield Question(
            "Q-709",
            f"Given: {_of(gifts)}. To whom, and what else was given to the same person in {about.year.year}? "
            + ("" if exclusion is None else f"The exclusion is {exclusion:,} for each person."),
            "Form 709; IRC 2503(b)",
        )


def thefts(about: AskedOf) -> Iterator[Question]:
    """How units were lost."""
    lost = [one for one in about.given if one.kind == "Loss or theft"]
    if lost:
        yield Question(
            "Q-4684",
            f"Lost or stolen: {_of(lost)}. What happened, was it held for profit, and was or will anything be "
            "recovered (insurance, a claim)?",
            "Form 4684 Section B; IRC 165(c)(2)",
        )


def _of(given: Sequence[Given]) -> str:
    """Units, asset, day and value of each row."""
    rows: dict[int, tuple[Decimal, Given, Decimal]] = {}
    for one in given:
        units, first, value = rows.get(one.departure.row, (ZERO, one, ZERO))
        rows[one.departure.row] = units + one.departure.quantity, first, value + (one.value or ZERO)
    return listed(
        [
            f"{units.normalize():f} {first.departure.asset} {first.departure.left:%m/%d/%Y}"
            + (f" ({first.note})" if first.note else "")
            + (f", value {dollars(value)}" if value else ", no value stated")
            for units, first, value in rows.values()
        ]
    )
