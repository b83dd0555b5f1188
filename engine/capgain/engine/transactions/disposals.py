"""Rows in which units leave, are sold short or move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import AssetClass, Discount
from capgain.engine.transactions.entry import Disposal, Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(Disposal):
    """A sale for dollars. `of_discount`: what a gain on debt is, as stated; None where nothing is."""

    type_name: ClassVar[str] = "Sell"

    of_discount: Discount | None = None


class Maturity(Sell):
    """Debt paid back at maturity, `quantity` 0 for all of it; of other classes a redemption, which is a sale."""

    __slots__ = ()

    type_name: ClassVar[str] = "Maturity"


class Spend(Disposal):
    """Paying with an asset: a disposition at `amount`, the value of what was bought."""

    __slots__ = ()

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
    def arrives_in(self) -> str:
        """The account in which what was received arrives."""
        return self.account

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        return self.received_asset, self.received_quantity

    def names_too(self) -> tuple[Named, ...]:
        return ((self.account, self.received_asset, self.received_class),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion(Trade):
    """Units turned into others. Within one fund or corporation that is no sale (26 USC 1036(a), 368(a)(1)(E)).

    Of digital assets it is a Trade (Notice 2014-21, Q-6). `is_valued`: an amount was stated.
    """

    type_name: ClassVar[str] = "Conversion"
    how_acquired: ClassVar[str] = "received in a conversion"

    is_valued: bool = True


class Fee(Disposal):
    """A fee paid in `asset`, tied to no other row: a disposition at `amount`."""

    __slots__ = ()

    type_name: ClassVar[str] = "Fee"


class GiftOut(Disposal):
    """A gift made: no gain; the lots leave."""

    __slots__ = ()

    type_name: ClassVar[str] = "Gift Out"


class Donate(Disposal):
    """A gift to charity: no gain; the lots leave."""

    __slots__ = ()

    type_name: ClassVar[str] = "Donate"


class Lost(Disposal):
    """Lost or stolen: no capital loss row; the lots leave (CCA 202511015)."""

    __slots__ = ()

    type_name: ClassVar[str] = "Lost"


class ShortSell(Disposal):
    """A short sale opened; gain or loss waits for the cover (26 USC 1233)."""

    __slots__ = ()

    type_name: ClassVar[str] = "Short Sell"
    goes_by_order: ClassVar[bool] = False


class Cover(Disposal):
    """A short sale closed: by a purchase at `amount`, or by delivering the lots named in `lots`."""

    __slots__ = ()

    type_name: ClassVar[str] = "Cover"
    goes_by_order: ClassVar[bool] = False


class Worthless(Disposal):
    """Securities become worthless: gone from the row on, sold for nothing on the last day of its year (26 USC 165(g)).

    `quantity` 0 means all.
    """

    __slots__ = ()

    type_name: ClassVar[str] = "Worthless"
    for_every_account: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BadDebt(Disposal):
    """A debt owed to the taxpayer, no business of theirs, that became wholly worthless (26 USC 166(d)(1)).

    `basis` is what was lent and not repaid; None: the lots of the asset in the account, all of them. `acquired` is the
    day it was lent, None where it is not stated. `amount` is what was got back, which the law does not allow.
    """

    type_name: ClassVar[str] = "Bad Debt"

    basis: Decimal | None = None
    acquired: date | None = None


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
