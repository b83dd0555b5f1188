"""The days that matter from a day on: lots turning long-term, wash-sale windows, year's end, tax days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import assert_never

from capgain.engine.filing_days import estimated_tax_days, return_due
from capgain.engine.market_days import last_trading_day
from capgain.engine.money import EXACT, ZERO
from capgain.engine.planning.portfolio import Holding, Portfolio
from capgain.engine.planning.wash_windows import LastOf
from capgain.engine.report import TaxReport
from capgain.engine.units import plain_quantity

BROKER_ORDERS_FROM = date(2027, 1, 1)
"""From this day on coins kept with a broker are identified to the broker itself (Notice 2025-7, extended by Notice
2026-20).
"""


class Kind(Enum):
    """What a day is about, in words that the calendar prints."""

    BUY_BACK = "buy back"
    WASH_CLEAR = "wash clear"
    TURNS_LONG = "turns long"
    ESTIMATED_1 = "estimated 1"
    ESTIMATED_2 = "estimated 2"
    ESTIMATED_3 = "estimated 3"
    ESTIMATED_4 = "estimated 4"
    LAST_TRADING_DAY = "last trading day"
    LAST_DAY_FOR_COINS = "last day for coins"
    BROKER_ORDERS = "broker orders"
    WASH_WINDOW = "wash window of the year ends"
    RETURN_DUE = "return due"

    @property
    def is_of_the_year(self) -> bool:
        """Whether the day belongs to the tax year and not to an asset."""
        match self:
            case Kind.BUY_BACK | Kind.WASH_CLEAR | Kind.TURNS_LONG:
                return False
            case (
                Kind.ESTIMATED_1
                | Kind.ESTIMATED_2
                | Kind.ESTIMATED_3
                | Kind.ESTIMATED_4
                | Kind.LAST_TRADING_DAY
                | Kind.LAST_DAY_FOR_COINS
                | Kind.BROKER_ORDERS
                | Kind.WASH_WINDOW
                | Kind.RETURN_DUE
            ):
                return True
            case _:
                assert_never(self)


ESTIMATED = (Kind.ESTIMATED_1, Kind.ESTIMATED_2, Kind.ESTIMATED_3, Kind.ESTIMATED_4)
_ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Event:
    """One day. `units`, `value` and `gain` are those of lots turning long-term, at the prices of the day looked from.

    `row` is the ledger row that the day comes from, 0 for a day of the year.
    """

    day: date
    kind: Kind
    what: str
    why: str
    asset: str = ""
    account: str = ""
    units: Decimal | None = None
    value: Decimal | None = None
    gain: Decimal | None = None
    row: int = 0


def calendar(report: TaxReport, held: Portfolio) -> tuple[Event, ...]:
    """The days from `held.as_of` on, that day included, in order."""
    events = [*_year(report, held), *_windows(held), *_turning_long(held)]
    return tuple(
        sorted(
            (event for event in events if event.day >= held.as_of),
            key=lambda event: (event.day, event.what, event.asset),
        )
    )


def _year(report: TaxReport, held: Portfolio) -> Iterator[Event]:
    year = held.as_of.year
    for kind, ordinal, day in zip(ESTIMATED, _ORDINALS, estimated_tax_days(year), strict=True):
        words = f"Estimated tax, {ordinal} payment for {year} (Form 1040-ES)"
        yield Event(day, kind, words, "26 USC 6654(c)(2), 7503")
    yield Event(
        last_trading_day(year),
        Kind.LAST_TRADING_DAY,
        f"Last day on which a sale of shares counts for {year}: its trade date counts. A short sale that is closed at "
        "a loss counts on delivery, a business day later",
        "Rev. Rul. 66-97, 70-344, 2002-44; Pub. 550",
    )
    zone = report.ledger.settings.time_zone
    yield Event(
        date(year, 12, 31),
        Kind.LAST_DAY_FOR_COINS,
        f"Last day on which a sale of coins counts for {year}, until midnight in {zone or 'your time zone'}",
        "26 USC 451, 1001",
    )
    coins = any(one.asset_class is not None and one.asset_class.is_digital for one in held.holdings)
    if coins and year in (2025, 2026):
        yield Event(
            BROKER_ORDERS_FROM - timedelta(days=1),
            Kind.BROKER_ORDERS,
            f"From {BROKER_ORDERS_FROM:%m/%d/%Y} the broker itself must be told which coins are sold: place a standing "
            "order there",
            "Notice 2025-7, extended by Notice 2026-20",
        )
    yield Event(
        date(year + 1, 1, 30),
        Kind.WASH_WINDOW,
        f"Last day on which a purchase can make a loss of 12/31/{year} a wash sale",
        "26 USC 1091(a)",
    )
    yield Event(
        return_due(year),
        Kind.RETURN_DUE,
        f"Return for {year} due (Form 1040), or Form 4868 for more time",
        "26 USC 6072(a), 7503",
    )


def _windows(held: Portfolio) -> Iterator[Event]:
    for asset in held.assets:
        if asset.last_loss is not None:
            yield _buy_back(asset.asset, asset.last_loss)
        if asset.last_purchase is not None:
            yield Event(
                asset.last_purchase.over,
                Kind.WASH_CLEAR,
                "Sale at a loss is no wash sale from today on, if nothing more was bought",
                f"Ledger row {asset.last_purchase.row}; 26 USC 1091(a)",
                asset=asset.asset,
                row=asset.last_purchase.row,
            )
    for gone in held.sold_at_a_loss:
        yield _buy_back(gone.asset, gone.last_loss)


def _buy_back(asset: str, last: LastOf) -> Event:
    return Event(
        last.over,
        Kind.BUY_BACK,
        "May be bought again: the 30 days after the loss are over",
        f"Ledger row {last.row}; 26 USC 1091(a)",
        asset=asset,
        row=last.row,
    )


def _turning_long(held: Portfolio) -> Iterator[Event]:
    """One event for an asset and a day, the units of its lots added up; not in IRAs, whose gains have no term."""
    together: dict[tuple[date, str], list[Holding]] = {}
    for one in held.holdings:
        if one.is_taxed and one.long_from is not None and one.long_from > held.as_of:
            together.setdefault((one.long_from, one.asset), []).append(one)
    for (day, asset), lots in together.items():
        units = ZERO
        for one in lots:
            units = EXACT.add(units, one.quantity)
        priced = lots[0].price is not None
        yield Event(
            day,
            Kind.TURNS_LONG,
            f"Turns long-term: {plain_quantity(units)} unit{'' if units == 1 else 's'}",
            "26 USC 1222",
            asset=asset,
            account=", ".join(sorted({one.account for one in lots})),
            units=units,
            value=sum((one.value or ZERO for one in lots), ZERO) if priced else None,
            gain=sum((one.gain or ZERO for one in lots), ZERO) if priced else None,
            row=min(one.row for one in lots),
        )
