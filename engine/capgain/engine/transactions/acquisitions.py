"""Rows in which units come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import IncomeKind, Reported, Right, Term
from capgain.engine.money import ZERO
from capgain.engine.transactions.entry import Acquisition, Purchase


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy(Purchase):
    """A purchase for dollars. `underlying` is set on an option: the asset and how many units a contract covers.

    `right` is what the option gives, None where nothing says it. `is_married`: bought on the day of the shares it
    protects and identified with them (26 USC 1233(c)).
    """

    type_name: ClassVar[str] = "Buy"
    how_acquired: ClassVar[str] = "bought"

    underlying: str = ""
    underlying_units: Decimal = ZERO
    right: Right | None = None
    is_married: bool = False


class Reinvest(Purchase):
    """A reinvested dividend: a purchase (Pub. 550)."""

    __slots__ = ()

    type_name: ClassVar[str] = "Reinvest"
    how_acquired: ClassVar[str] = "bought with a reinvested dividend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Income(Purchase):
    """Units received as income at `amount`, their fair market value, which becomes basis (Notice 2014-21).

    `kind` is what they were paid for, None where neither column Kind nor the word in Type says it.
    """

    type_name: ClassVar[str] = "Income"
    how_acquired: ClassVar[str] = "received as income at its value, which is its basis"

    kind: IncomeKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ISOExercise(Purchase):
    """Shares bought by an incentive stock option at `amount`, the option price, and worth `value` in all that day.

    For the alternative minimum tax their basis is that value (26 USC 56(b)(3)).
    """

    type_name: ClassVar[str] = "ISO Exercise"
    how_acquired: ClassVar[str] = "bought by an incentive stock option"

    value: Decimal


@dataclass(frozen=True, slots=True)
class ManyDays:
    """Units acquired on many days, all of one term: VARIOUS in column (b). `is_unknown`: the days are not known."""

    term: Term
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Inherited:
    """Units inherited, of which an Opening row carries the rest on: INHERITED in column (b), always long-term.

    `day` None: that of the row.
    """

    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Acquisition):
    """A lot brought in from earlier records; `at` places it in the ledger, `acquired` and `basis` are its own.

    `reported` basis: the broker that holds the units reports their basis.
    """

    type_name: ClassVar[str] = "Opening"
    how_acquired: ClassVar[str] = "brought in from earlier records and acquired"

    acquired: date | ManyDays | Inherited
    basis: Decimal
    reported: Reported | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftIn(Acquisition):
    """A gift received. `acquired` and `basis` are the donor's (26 USC 1015); `value` is the value at the gift.

    `basis` None: no donor records. `value` None: value at the gift not known, taken not to be below basis.
    """

    type_name: ClassVar[str] = "Gift In"
    how_acquired: ClassVar[str] = "received as a gift (26 USC 1015) and acquired by the donor"

    acquired: date | ManyDays | None
    basis: Decimal | None
    value: Decimal | None


class Inherit(Acquisition):
    """An inheritance at `amount`, the value at death (26 USC 1014); always long-term (26 USC 1223(9))."""

    __slots__ = ()

    type_name: ClassVar[str] = "Inherit"
    how_acquired: ClassVar[str] = "inherited at its value at death (26 USC 1014)"
