"""Lots: units acquired at one time, and the one way in which units are taken out of them.

Units are integers: 10^-18 of a unit times the asset's own scale, which grows where a split ratio needs it, so that no
ratio ever rounds. Basis is in atoms. What a division leaves over stays in the lot, so units and basis are conserved
exactly.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from capgain.engine.classes import Term
from capgain.engine.holding_period import first_long_ordinal
from capgain.engine.transactions import Buy
from capgain.engine.units import UNITS, quantity_text

Key = tuple[datetime, int, int]
"""The place of a lot in the order of acquisition: when, the row's number in the order of time, the part."""

INHERITED = "INHERITED"
VARIOUS = "VARIOUS"
"""What column (b) of Form 8949 says instead of a date (Instructions for Form 8949, column (b))."""

NEVER: Final = date.max.toordinal() + 1
"""Later than every day: units that are short-term whenever they are sold."""

_UNITS: Final = Decimal(UNITS)  # as a Decimal, lest every product turns it into one


class Measure:
    """How units of an asset are counted, in every holding of it: in 10^-18 of one, `scale` times finer here."""

    __slots__ = ("asset", "scale")

    def __init__(self, asset: str) -> None:
        self.asset = asset
        self.scale = 1

    def units(self, quantity: Decimal) -> int:
        return int(quantity * _UNITS) * self.scale

    def printed(self, units: int) -> int:
        """Units of 10^-18, half up."""
        return in_units_of_the_form(units, self.scale)

    def text(self, units: int) -> str:
        return quantity_text(self.printed(units))


def in_units_of_the_form(units: int, scale: int) -> int:
    """Units of 10^-18, half up, of units counted `scale` times finer."""
    return units if scale == 1 else (2 * units + scale) // (2 * scale)


class Put:
    """An option that was bought and is, or may be, a put: `entry` bought it, `left` of its `shares` are covered still.

    `touches_shares`: shares held a year or less made it a short sale, so that a gain on it is short-term.
    """

    __slots__ = ("entry", "is_asked", "is_known", "is_married", "left", "shares", "touches_shares")

    def __init__(self, entry: Buy, shares: int, *, is_known: bool, is_married: bool) -> None:
        self.entry = entry
        self.shares = shares
        self.left = shares
        self.is_known = is_known
        self.is_married = is_married
        self.is_asked = False
        self.touches_shares = False


class Special:
    """What a few lots carry besides basis and date.

    `value_basis` is the value at the gift in atoms where it was below the donor's basis (26 USC 1015(a)), -1 for none,
    and `gift_date` its day. `gain_distributions` and `exempt_dividends` are what a fund paid on the units (26 USC
    852(b)(4)). `put` is what the units of an option are, where they are or may be a put. `amt_extra` is how much
    greater the basis is for the alternative minimum tax, in atoms.
    """

    __slots__ = ("amt_extra", "exempt_dividends", "gain_distributions", "gift_date", "put", "value_basis")

    def __init__(self, gift_date: date, value_basis: int = -1) -> None:
        self.gift_date = gift_date
        self.value_basis = value_basis
        self.gain_distributions = 0
        self.exempt_dividends = 0
        self.put: Put | None = None
        self.amt_extra = 0

    def share(self, units: int, whole: int) -> Special:
        """The part that belongs to `units` of `whole`, taken out of this."""
        part = Special(self.gift_date)
        part.put = self.put
        if self.value_basis >= 0:
            part.value_basis = self.value_basis * units // whole
            self.value_basis -= part.value_basis
        part.gain_distributions = self.gain_distributions * units // whole
        self.gain_distributions -= part.gain_distributions
        part.exempt_dividends = self.exempt_dividends * units // whole
        self.exempt_dividends -= part.exempt_dividends
        part.amt_extra = self.amt_extra * units // whole
        self.amt_extra -= part.amt_extra
        return part

    def add(self, part: Special) -> None:
        """Take in the part that belongs to units that join."""
        if part.value_basis >= 0:
            self.value_basis += part.value_basis
        self.gain_distributions += part.gain_distributions
        self.exempt_dividends += part.exempt_dividends
        self.amt_extra += part.amt_extra


class Lot:
    """Units acquired at one time, as they stand at a moment of the pass.

    `acquired` is the real acquisition, `held_since` the date the holding period counts from. `key` orders lots by
    acquisition, then by the ledger; a washed part stands before the clean part of its lot (DECISIONS.md, A-8).
    `rank` is the basis per unit that HIFO, LOFO and minimum tax sort by; partial relief leaves it as it is. `drift` is
    what rounding printed too much of the basis so far, in atoms; the rows of a lot add up to it.
    `place` is the account the lot lies in. `is_covered`: bought there after 2025 as a digital asset and never moved, so
    that the broker reports its basis (Instructions for Form 1099-DA (2026), Covered security). `acquired_text` is the
    word for the date where the form has one, and `stated_term` the term where none is counted: INHERITED is long-term
    (26 USC 1223(9)), VARIOUS of the term stated.
    """

    __slots__ = (
        "acquired",
        "acquired_text",
        "asset",
        "basis",
        "drift",
        "held_since",
        "is_covered",
        "key",
        "long_from",
        "lot_id",
        "place",
        "rank",
        "replaces",
        "row",
        "special",
        "stated_term",
        "units",
    )

    def __init__(
        self,
        units: int,
        basis: int,
        key: Key,
        acquired: date,
        asset: str,
        place: str,
        row: int,
        lot_id: str,
    ) -> None:
        self.units = units
        self.basis = basis
        self.key = key
        self.acquired = acquired
        self.held_since = acquired
        self.long_from = 0
        self.asset = asset
        self.place = place
        self.row = row
        self.lot_id = lot_id
        self.rank = -1
        self.drift = 0
        self.is_covered = False
        self.acquired_text = ""
        self.stated_term: Term | None = None
        self.replaces = False
        self.special: Special | None = None

    def __lt__(self, other: Lot) -> bool:
        """Decides nothing but the order of entries that are equal in a heap."""
        return self.row < other.row

    @property
    def inherited(self) -> bool:
        return self.acquired_text == INHERITED

    @property
    def number(self) -> int:
        """The acquisition's place in the ledger; parts of one purchase share it."""
        return self.key[1]

    def hold_since(self, day: date) -> None:
        self.held_since = day
        self.long_from = 0

    def first_long_day(self) -> int:
        """The ordinal of the first day on which a sale is long-term."""
        if not self.long_from:
            if self.stated_term is None:
                self.long_from = first_long_ordinal(self.held_since)
            else:
                self.long_from = 1 if self.stated_term is Term.LONG else NEVER
        return self.long_from

    def basis_per_unit(self) -> int:
        """What one unit cost, as `per_unit` has it; fixed until basis is adjusted."""
        if self.rank < 0:
            self.rank = per_unit(self.basis, self.units)
        return self.rank

    def take(self, units: int) -> Taken:
        """Take `units` out with their share of the basis; the lot they are shown by is this one.

        Where the units have a gift's or a fund's figures to share they are shown by a lot of their own, left empty.
        """
        have = self.units
        if units == have:
            basis = self.basis
            self.units = self.basis = 0
            return self, units, basis
        basis = self.basis * units // have
        self.units = have - units
        self.basis -= basis
        if self.special is None:
            return self, units, basis
        shown = self.like(0, 0, self.place)
        shown.special = self.special.share(units, have)
        return shown, units, basis

    def part(self, units: int) -> Lot:
        """Take `units` out as a lot of their own, with their share of everything."""
        if self.special is None:
            have = self.units
            basis = self.basis if units == have else self.basis * units // have
            self.units = have - units
            self.basis -= basis
            part = self.like(units, basis, self.place)
        else:
            shown, units, basis = self.take(units)
            part = shown.like(units, basis, self.place)
        part.rank = self.rank
        return part

    def join(self, taken: Taken) -> None:
        """Take in what was taken out of another lot of the same purchase and history."""
        lot, units, basis = taken
        self.units += units
        self.basis += basis
        if self.special is not None and lot.special is not None:
            self.special.add(lot.special)

    def like(self, units: int, basis: int, place: str) -> Lot:
        """A lot of the same purchase and history in an account."""
        lot = Lot(units, basis, self.key, self.acquired, self.asset, place, self.row, self.lot_id)
        lot.held_since = self.held_since
        lot.long_from = self.long_from
        lot.is_covered = self.is_covered
        lot.acquired_text = self.acquired_text
        lot.stated_term = self.stated_term
        lot.replaces = self.replaces
        lot.special = self.special
        return lot


def per_unit(value: int, units: int) -> int:
    """Atoms per 10^18 units to about twelve digits, for comparing: equal costs stay equal however they were divided.

    Some of a step is added before the rest is cut off: no price with an end lies where the cut would part it from what
    a division left a few atoms off.
    """
    exact = value * UNITS // units
    exact += exact >> 42
    step = exact.bit_length() - 40
    return exact >> step << step if step > 0 else exact


Taken = tuple[Lot, int, int]
"""A lot, the units taken from it, and their basis in atoms."""
