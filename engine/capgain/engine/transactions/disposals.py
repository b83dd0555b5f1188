"""Rows in which units leave, are sold short or move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import AssetClass
from capgain.engine.transactions.entry import Disposal, Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(Disposal):
    """A sale for dollars."""

    type_name: ClassVar[str] = "Sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Disposal):
    """Paying with an asset: a disposition at `amount`, the value of what was bought."""

    type_name: ClassVar[str] = "Spend"
    is_of_coins: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade(Disposal):
    """One asset for another: a disposition at `amount`, the value of what was received, and a new lot at that value."""

    type_name: ClassVar[str] = "Trade"
    how_acquired: ClassVar[str] = "received in a trade"
    is_of_coins: ClassVar[bool] = True

    received_asset: str
    received_quantity: Decimal
    received_class: AssetClass | None = None
    received_lot: str = ""

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        return self.received_asset, self.received_quantity

    def names_too(self) -> tuple[Named, ...]:
        return ((self.account, self.received_asset, self.received_class),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Disposal):
    """A fee paid in `asset`, tied to no other row: a disposition at `amount`."""

    type_name: ClassVar[str] = "Fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftOut(Disposal):
    """A gift made: no gain; the lots leave."""

    type_name: ClassVar[str] = "Gift Out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Donate(Disposal):
    """A gift to charity: no gain; the lots leave."""

    type_name: ClassVar[str] = "Donate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Disposal):
    """Lost or stolen: no capital loss row; the lots leave (CCA 202511015)."""

    type_name: ClassVar[str] = "Lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortSell(Disposal):
    """A short sale opened; gain or loss waits for the cover (26 USC 1233)."""

    type_name: ClassVar[str] = "Short Sell"
    goes_by_order: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Disposal):
    """A short sale closed: by a purchase at `amount`, or by delivering the lots named in `lots`."""

    type_name: ClassVar[str] = "Cover"
    goes_by_order: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Worthless(Disposal):
    """Securities become worthless: sold for nothing on the last day of the year. `quantity` 0 means all."""

    type_name: ClassVar[str] = "Worthless"
    for_every_account: ClassVar[bool] = True

    @property
    def counts_at(self) -> datetime:
        """26 USC 165(g)(1): as if sold on the last day of the taxable year."""
        return datetime(self.at.year, 12, 31, 23, 59, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Disposal):
    """Units move between own accounts: `quantity` leaves, `received_quantity` arrives (None: all of it).

    Units short are a fee, disposed of at `fee_price` dollars each (None: not stated).
    """

    type_name: ClassVar[str] = "Transfer"
    how_acquired: ClassVar[str] = "moved in from another account and acquired"

    to_account: str
    received_quantity: Decimal | None = None
    fee_price: Decimal | None = None

    @property
    def arrived(self) -> Decimal:
        return self.quantity if self.received_quantity is None else self.received_quantity

    def names_too(self) -> tuple[Named, ...]:
        return ((self.to_account, self.asset, self.asset_class),)
