"""What accounts outside the United States were worth in a year, and the reports that they may call for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from capgain.engine.classes import AssetClass, FilingStatus
from capgain.engine.ledger import Account, Ledger
from capgain.engine.money import ZERO, from_cents, to_cents
from capgain.engine.planning.prices import OLD_AFTER, prices_on, worth

FBAR_ABOVE = Decimal(10_000)
"""The accounts' largest values of a year together, above which FinCEN 114 is due (31 CFR 1010.306(c))."""

FORM_8938_ABOVE = {False: (Decimal(50_000), Decimal(75_000)), True: (Decimal(100_000), Decimal(150_000))}
"""On a joint return or not: at the year's end, and at any time (Treas. Reg. 1.6038D-2(a)(1), (2))."""
FORM_8938_ABOVE_ABROAD = {False: (Decimal(200_000), Decimal(300_000)), True: (Decimal(400_000), Decimal(600_000))}
"""The same for those who live abroad (Treas. Reg. 1.6038D-2(a)(3), (4))."""

_VIRTUAL = frozenset({AssetClass.CRYPTO})

Holdings = Mapping[tuple[str, str], Decimal]
"""Units by account and asset."""


@dataclass(frozen=True, slots=True)
class ValueOnDay:
    """What an account's units were worth at the end of a day, to the cent; `unpriced` have no price of that week."""

    day: date
    value: Decimal
    unpriced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountAbroad:
    """An account outside the United States at the ends of the year's quarters. Cash is in no ledger and counts apart.

    `is_virtual`: it held virtual currency alone, which FinCEN 114 does not ask for (FinCEN Notice 2020-2).
    """

    account: Account
    quarters: tuple[ValueOnDay, ...]
    is_virtual: bool

    @property
    def year_end(self) -> ValueOnDay:
        return self.quarters[-1]

    @property
    def highest(self) -> ValueOnDay:
        """The end of the quarter with the largest value, the first of several."""
        return max(self.quarters, key=lambda one: one.value)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Assets without a price at one of the ends."""
        return tuple(sorted({asset for one in self.quarters for asset in one.unpriced}))


def quarter_ends(year: int) -> tuple[date, ...]:
    """The last days of the four quarters."""
    return date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)


def accounts_abroad(
    ledger: Ledger,
    year: int,
    held_on: Callable[[date], Holdings],
    class_of: Callable[[str, str], AssetClass | None],
) -> tuple[AccountAbroad, ...]:
    """The accounts that sheet Accounts places outside the United States, by name; `held_on` gives a day's units."""
    abroad = {name: one for name, one in sorted(ledger.accounts.items()) if one.is_abroad}
    if not abroad:
        return ()
    found: dict[str, list[ValueOnDay]] = {name: [] for name in abroad}
    assets: dict[str, set[str]] = {name: set() for name in abroad}
    for row in ledger.transactions:
        if row.account in abroad and row.at.year <= year:
            assets[row.account].add(row.asset)
    for day in quarter_ends(year):
        week = [one for one in ledger.prices if one.day and timedelta() <= day - one.day <= timedelta(OLD_AFTER)]
        prices, held = prices_on(week, day), held_on(day)
        for name, values in found.items():
            value, unpriced = ZERO, []
            for (account, asset), units in held.items():
                if account == name and units:
                    assets[name].add(asset)
                    price = prices.get(asset.casefold())
                    value += ZERO if price is None else from_cents(to_cents(worth(ledger, asset, units, price.price)))
                    unpriced += [] if price is not None else [asset]
            values.append(ValueOnDay(day, value, tuple(unpriced)))
    return tuple(
        AccountAbroad(one, tuple(found[name]), {class_of(name, asset) for asset in assets[name]} == _VIRTUAL)
        for name, one in abroad.items()
    )


def form_8938_limits(status: FilingStatus, *, lives_abroad: bool) -> tuple[Decimal, Decimal]:
    """Dollars above which Form 8938 is due: at the year's end, and at any time of the year."""
    limits = FORM_8938_ABOVE_ABROAD if lives_abroad else FORM_8938_ABOVE
    return limits[status is FilingStatus.MFJ]
