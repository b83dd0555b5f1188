"""When the units of a row were acquired and what their basis is, where the row tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from capgain.engine.box_letters import REPORTED_OF_BOX
from capgain.engine.money import CENT, EXACT, ZERO
from capgain.workbook.importing.closed_lot import ClosedLot
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.written.source_text import UnreadableValue

WITH_BASIS = frozenset({Becomes.OPENING, Becomes.DEPOSIT, Becomes.LOT, Becomes.AWARD_SALE})
_NO_DAY = frozenset({"", "-", "--", "various", "multiple", "inherited", "inh", "unknown", "n/a", "0at1900"})
_NEVER = date(1969, 12, 31)
"""What programs write where they know no date: the day before the first of their clock."""

_REPORTED_BY_BOX: Mapping[str, str] = {box: reported.value for box, reported in REPORTED_OF_BOX.items()}
"""The Ledger's word for each box of Form 8949."""

_FORM_BY_BOX: Mapping[str, str] = {**dict.fromkeys("ABDE", "1099-B"), **dict.fromkeys("GHJK", "1099-DA")}
"""The form that a box of Form 8949 says was received; C, F, I and L say that none was."""

_OF_DIGITAL_ASSETS = frozenset("GHIJKL")

_REPORTED_BY_COVER: Mapping[str, str] = {"covered": "basis", "noncovered": "no basis", "yes": "basis", "no": "no basis"}


def fill_in_lot(
    movement: Movement, text: RowFields, day: Callable[[str], date], *, has_cover: bool
) -> tuple[str, str] | None:
    """Fill in when units were acquired and their basis; what contradicts itself, and what to do about it.

    `day` reads a date as the source writes it; `has_cover`: the source says of lots whether they are covered.

    Raises:
        UnreadableValue: a number or date is none.
    """
    units = movement.out_quantity or movement.in_quantity or ZERO
    if movement.becomes in (Becomes.OPENING, Becomes.DEPOSIT):
        movement.acquired, movement.basis = _acquired_day(text, day), _basis_of(text, units)
        if movement.becomes is Becomes.OPENING and movement.basis is None:
            return "The row gives no basis.", "Enter a row of Type Opening by hand."
        return None
    if movement.value is None and any(text.number(name) == 0 for name in ("amount", "net")):
        movement.value = ZERO
    if movement.value is None:
        return "The row gives no proceeds.", "Enter the sale by hand."
    movement.price = None
    if _is_marked(text.get("collectible", "")):
        movement.asset_class = "collectible"
    is_award = movement.becomes is Becomes.AWARD_SALE
    movement.lot = lot = _closed_lot(text, day, units=units, is_award=is_award, has_cover=has_cover)
    if lot.form == "1099-DA" or lot.box in _OF_DIGITAL_ASSETS:
        movement.asset_class = "crypto"
    gain = text.number("gain")
    if gain is not None and _contradicts(gain, movement.value, lot):
        return (
            f"The file says a gain of {gain}; proceeds of {movement.value} less a basis of {lot.basis} are "
            f"{movement.value - (lot.basis or ZERO)}.",
            "Find out which figure is right, and enter the sale by hand.",
        )
    return None


def _closed_lot(
    text: RowFields, day: Callable[[str], date], *, units: Decimal, is_award: bool, has_cover: bool
) -> ClosedLot:
    box = text.get("box", "").strip().upper().removeprefix("BOX").strip()
    covered = "".join(text.get("covered", "").casefold().split()).replace("-", "")
    reported = _REPORTED_BY_BOX.get(box, "") or _REPORTED_BY_COVER.get(covered, "")
    reported_basis = text.number("reported_basis")
    if reported_basis is None and (each := text.number("unit_reported_basis")) is not None:
        reported_basis = EXACT.multiply(each, units)
    return ClosedLot(
        acquired=_acquired_day(text, day),
        acquired_as=text.get("acquired", ""),
        basis=_basis_of(text, units),
        disallowed=abs(text.number("wash") or ZERO),
        form=text.get("form", "") or _FORM_BY_BOX.get(box, ""),
        box=box,
        reported=reported,
        reported_basis=reported_basis if reported == "basis" else None,
        term=text.get("term", ""),
        is_award=is_award,
        market_discount=text.number("market_discount") or None,
        tax_withheld=text.number("tax_withheld") or None,
        is_loss_not_allowed=_is_marked(text.get("loss_not_allowed", "")),
        is_ordinary=_is_marked(text.get("ordinary", "")),
        is_covered_unsaid=has_cover and not reported,
    )


def _is_marked(said: str) -> bool:
    """Whether a box of the form is ticked."""
    return said.strip().casefold() in ("x", "y", "yes", "true", "ordinary", "1")


def _acquired_day(text: RowFields, day: Callable[[str], date]) -> date | None:
    """The day on which units were acquired, None where the file has words for none."""
    said = text.get("acquired", "")
    if said.casefold() in _NO_DAY:
        return None
    try:
        found = day(said)
    except UnreadableValue:
        return None
    return None if found == _NEVER else found


def _basis_of(text: RowFields, units: Decimal) -> Decimal | None:
    """The basis of all units: as the file says it, or what one of them was worth."""
    basis = text.number("basis")
    if basis is not None:
        return abs(basis)
    each = text.number("unit_basis")
    return None if each is None else EXACT.multiply(abs(each), units)


def _contradicts(gain: Decimal, proceeds: Decimal, lot: ClosedLot) -> bool:
    """Whether the file's own gain is none of what proceeds, basis and disallowed loss come to."""
    if lot.basis is None:
        return False
    plain = proceeds - lot.basis
    return min(abs(gain - plain), abs(gain - plain - lot.disallowed)) > CENT
