"""What a list of closed lots, or a Form 1099, says of one sale: when the units were acquired, their basis, the box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.money import CENT, EXACT, ZERO
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.written.source_text import UnreadableValue

_NO_DAY = frozenset({"", "-", "--", "various", "multiple", "inherited", "inh", "unknown", "n/a", "0at1900"})
_NEVER = date(1969, 12, 31)
"""What programs write where they know no date: the day before the first of their clock."""

_REPORTED_BY_BOX: Mapping[str, str] = {
    **dict.fromkeys("ADGJ", "basis"),
    **dict.fromkeys("BEHK", "no basis"),
    **dict.fromkeys("CFIL", "none"),
}
"""The Ledger's word for each box of Form 8949."""

_REPORTED_BY_COVER: Mapping[str, str] = {"covered": "basis", "noncovered": "no basis", "yes": "basis", "no": "no basis"}


@dataclass(frozen=True, slots=True)
class ClosedLot:
    """`acquired` None where the file knows no single day; `acquired_as` and `term` are its own words.

    `disallowed` is the loss that the broker disallows as a wash sale. `form` and `box` are those of a Form 1099, "" in
    other lists. `reported` is the Ledger's word for it, `reported_basis` the basis on the form where it is another one.
    `is_award`: a sale that an account of awards tells of, with what the units were worth when they vested.
    """

    acquired: date | None
    acquired_as: str
    basis: Decimal | None
    disallowed: Decimal
    form: str
    box: str
    reported: str
    reported_basis: Decimal | None
    term: str
    is_award: bool
    is_covered_unsaid: bool = False
    """Whether the list says for other lots, and not for this one, that its basis was reported."""


def closed_lot(
    text: RowFields, day: Callable[[str], date], *, units: Decimal, is_award: bool, has_cover: bool = False
) -> ClosedLot:
    """The lot that the row's fields tell of; `day` reads a date as the source writes it.

    Raises:
        UnreadableValue: a number or date is none.
    """
    box = text.get("box", "").strip().upper().removeprefix("BOX").strip()
    covered = "".join(text.get("covered", "").casefold().split()).replace("-", "")
    reported = _REPORTED_BY_BOX.get(box, "") or _REPORTED_BY_COVER.get(covered, "")
    reported_basis = text.number("reported_basis")
    if reported_basis is None and (each := text.number("unit_reported_basis")) is not None:
        reported_basis = EXACT.multiply(each, units)
    return ClosedLot(
        acquired=acquired_day(text, day),
        acquired_as=text.get("acquired", ""),
        basis=basis_of(text, units),
        disallowed=abs(text.number("wash") or ZERO),
        form=text.get("form", ""),
        box=box,
        reported=reported,
        reported_basis=reported_basis if reported == "basis" else None,
        term=text.get("term", ""),
        is_award=is_award,
        is_covered_unsaid=has_cover and not reported,
    )


def acquired_day(text: RowFields, day: Callable[[str], date]) -> date | None:
    """The day on which units were acquired, None where the file has words for none."""
    said = text.get("acquired", "")
    if said.casefold() in _NO_DAY:
        return None
    try:
        found = day(said)
    except UnreadableValue:
        return None
    return None if found == _NEVER else found


def basis_of(text: RowFields, units: Decimal) -> Decimal | None:
    """The basis of all units: as the file says it, or what one of them was worth."""
    basis = text.number("basis")
    if basis is not None:
        return abs(basis)
    each = text.number("unit_basis")
    return None if each is None else EXACT.multiply(abs(each), units)


def contradicts(gain: Decimal, proceeds: Decimal, lot: ClosedLot) -> bool:
    """Whether the file's own gain is none of what proceeds, basis and disallowed loss come to."""
    if lot.basis is None:
        return False
    plain = proceeds - lot.basis
    return min(abs(gain - plain), abs(gain - plain - lot.disallowed)) > CENT
