"""What a row of a source says happened, before it is a row of the ledger: units out, units in, a fee, a value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from capgain.engine.classes import IncomeKind
from capgain.workbook.importing.closed_lot import ClosedLot, StatedFigures
from capgain.workbook.written.moments import SourceMoment

USD = "USD"
OTHER_MONEY = frozenset(
    """
    AED ARS AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR JPY KRW MXN NOK NZD PLN RON RUB SEK SGD THB TRY TWD UAH
    VND ZAR
    """.split()  # noqa: SIM905 - a table reads better than a list of quoted words
)
"""Currencies of other countries by ISO 4217: no assets of this ledger, and without a dollar value no amount either."""


class Becomes(Enum):
    """What a kind of row becomes: the type of a ledger row, or a part of one that is put together later."""

    BUY = "buy"
    SELL = "sell"
    REINVEST = "reinvest"
    EXCHANGE = "exchange"
    """Units out for units in: Buy when dollars leave, Sell when dollars come, else Trade."""
    BY_LEGS = "by legs"
    """EXCHANGE when both sides are there, else DEPOSIT or WITHDRAWAL."""
    LEG = "leg"
    """One side of an exchange; the sides of one group make it whole."""
    CHAIN_LEG = "chain leg"
    """What one row of a block explorer moved; all rows of one transaction make it whole, in one direction or both."""
    FEE_LEG = "fee leg"
    """The fee of the exchange of its group."""
    SPEND = "spend"
    FEE = "fee"
    INCOME = "income"
    DIVIDEND = "dividend"
    INTEREST = "interest"
    CAPITAL_GAIN_DISTRIBUTION = "capital gain distribution"
    EXEMPT_INTEREST_DIVIDEND = "exempt-interest dividend"
    RETURN_OF_CAPITAL = "return of capital"
    CASH_IN_LIEU = "cash in lieu"
    """Dollars for the fraction of a share that a split left over: joins the Split of the same asset."""
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_FEE = "withdrawal fee"
    """The fee of a withdrawal, in a row of its own: joins the withdrawal of the same asset and moment."""
    TRANSFER = "transfer"
    SPLIT = "split"
    SHORT_SELL = "short sell"
    COVER = "cover"
    CLOSE_AND_OPEN = "close and open"
    """An order that closes a position and opens the opposite one; becomes two rows."""
    BY_POSITION = "by position"
    """An order that the source calls a purchase or sale, which closes what is held the other way and opens the rest."""
    CLOSE = "close"
    """The end of a position, whichever way it was held, such as an option that expires."""
    EXPIRE = "expire"
    """An option that lapsed, whichever way it was held; the Ledger finds out."""
    OPTION_ASSIGNED = "option assigned"
    OPTION_EXERCISED = "option exercised"
    """The row that takes an option away; its premium goes to the shares' own row."""
    GIFT_IN = "gift in"
    GIFT_OUT = "gift out"
    DONATE = "donate"
    LOST = "lost"
    WORTHLESS = "worthless"
    OPENING = "opening"
    """Units that came with a basis and the day on which they were acquired."""
    POOL_IN = "pool in"
    POOL_OUT = "pool out"
    """What went into a liquidity pool or came out, and the pool's token, in one row or in several of one moment."""
    LOT = "lot"
    """A sale with what was sold, as a list of closed lots or a Form 1099 tells it."""
    AWARD_SALE = "award sale"
    """The same in an account of awards, whose own sales they are."""
    LEDGER_ROW = "ledger row"
    """A row that is one of our own ledger already."""

    __hash__ = (
        object.__hash__
    )  # Enum's own is a function in Python, called for every set that a movement is looked up in


class LineOfFile(NamedTuple):
    """Where a row came from."""

    file: str
    line: int
    earlier: bool = False
    """Read by an earlier import and waiting on Open Items since."""
    part: int = 0
    """Counts the rows that start on the same line."""


def to_the_millisecond(at: datetime) -> datetime:
    """As a cell of the Ledger holds it, without an offset."""
    if at.tzinfo is None and not at.microsecond % 1000:
        return at
    return at.replace(tzinfo=None, microsecond=at.microsecond // 1000 * 1000)


@dataclass(slots=True)
class Movement:
    """One thing that happened. Quantities are positive but for a split's units; amounts are US dollars.

    `value` is what the units were worth, without the fee. `price` is dollars per unit of the asset where the source
    gives one. A fee in dollars has `fee_asset` USD and its amount in `fee_quantity`; `fee_stated`: the source has a
    column for it, if only a blank one. `accrued` is interest that the buyer of a bond pays the seller beside its price.
    `multiplier` is what the price of a section 1256 contract is multiplied by, where its name does not say.
    `income` is what income was paid for, None where the source does not say it.
    `key` names the event for good: the same event has the same key in every file that tells of it. `lines` are the rows
    it came from. `at` is `moment` in the tax zone; where `zone_missing`, no zone of that year is known and it is that
    of the source. `is_of_account`: its id is one of an account, not of the whole source.
    `generation` is the kind of file it is from: an id tells events of one generation apart, and no others.
    `doubted_as` is the key of the open item where the source's own figures contradict the row as it stands; the premium
    of an option may yet explain them.
    """

    becomes: Becomes
    moment: SourceMoment
    at: datetime
    account: str
    kind: str
    lines: tuple[LineOfFile, ...]
    zone_missing: bool = False
    format: str = ""
    out_asset: str = ""
    out_quantity: Decimal | None = None
    in_asset: str = ""
    in_quantity: Decimal | None = None
    to_account: str = ""
    value: Decimal | None = None
    price: Decimal | None = None
    fee_asset: str = ""
    fee_quantity: Decimal | None = None
    fee_value: Decimal | None = None
    asset_class: str = ""
    underlying: str = ""
    group: str = ""
    id: str = ""
    chain_id: str = ""
    partner: str = ""
    order: str = ""
    note: str = ""
    ratio: str = ""
    cash: Decimal | None = None
    acquired: date | None = None
    basis: Decimal | None = None
    lot: ClosedLot | None = None
    stated: StatedFigures | None = None
    accrued: Decimal | None = None
    multiplier: Decimal | None = None
    income: IncomeKind | None = None
    key: str = ""
    fee_stated: bool = False
    is_of_account: bool = False
    generation: str = ""
    doubted_as: str = ""
    looked_up: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def asset(self) -> str:
        """The one asset of a movement that has one."""
        return self.out_asset or self.in_asset

    @property
    def has_time(self) -> bool:
        return self.moment.has_time

    def as_fee(self, asset: str, units: Decimal | None, value: Decimal | None, key: str) -> Movement:
        """A row of its own for units that were paid as a fee; a fee beside the movement stays with it."""
        return replace(
            self,
            becomes=Becomes.FEE,
            out_asset=asset,
            out_quantity=units,
            in_asset="",
            in_quantity=None,
            value=value,
            key=key,
        )
