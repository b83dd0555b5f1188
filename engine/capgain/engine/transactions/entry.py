"""What rows have in common: the families of transactions, and what each row says of itself.

Quantities are Decimals in units of the asset with up to 18 decimals, amounts are US dollars, unrounded. `at` is naive
local time in the taxpayer's tax zone; a row without a time stands at 00:00. `row` is the sheet's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from capgain.engine.classes import AssetClass, IncomeKind, Method, Reported, Term
from capgain.engine.money import ZERO

Named = tuple[str, str, AssetClass | None]
"""An account and an asset that a row names, with the class it states."""


@dataclass(frozen=True, slots=True)
class LotPick:
    """One lot named in column Lot; `quantity` None takes what the sale needs of it."""

    lot: str
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LotFigure:
    """What a Form 1099 shows of the units of one lot, in dollars."""

    lot: str
    amount: Decimal


ReportedFigure = Decimal | tuple[LotFigure, ...]
"""A figure of a Form 1099 for a whole sale, or lot by lot."""


@dataclass(frozen=True, slots=True)
class Identification:
    """When lots were identified or an order was made, and to whom: `books` (own records), `broker` or "" (not said)."""

    at: datetime
    has_time: bool = False
    to: str = ""


@dataclass(frozen=True, slots=True)
class CoinFee:
    """A fee paid in an asset: a disposition of its own (Treas. Reg. 1.1001-7(b)(1)(ii)), worth `value` dollars."""

    asset: str
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every row has, and what the rest of the program asks of any row.

    `type_name` is the word in column Type. `how_acquired` goes on after "Lot: row 7," where lots came by the row.
    `names_holding`: what it names is an asset of that account, and so of a class. `for_every_account`: with a blank
    account the row is about every account, and names none of that name. `is_of_coins`: its assets are coins where
    nothing else says what they are.
    """

    type_name: ClassVar[str]
    how_acquired: ClassVar[str] = "acquired"
    names_holding: ClassVar[bool] = True
    for_every_account: ClassVar[bool] = False
    is_of_coins: ClassVar[bool] = False

    row: int
    at: datetime
    account: str = ""
    asset: str = ""
    id: str = ""
    note: str = ""
    asset_class: AssetClass | None = None

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        """The asset and units it acquires by purchase or taxable exchange, which may replace a loss: 26 USC 1091(a)."""
        return None

    def names_too(self) -> tuple[Named, ...]:
        """The holdings it names beside `asset` in `account` and what a fee is paid in."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition(Entry):
    """Units that come in. `amount` is gross, before `fee`; both become basis where the units were bought.

    A fee paid in an asset is in `coin_fee` alone or in both; its dollars count once.
    """

    quantity: Decimal
    amount: Decimal = ZERO
    fee: Decimal = ZERO
    coin_fee: CoinFee | None = None
    lot: str = ""
    order: str = ""

    @property
    def costs(self) -> Decimal:
        """What buying cost: the fee in dollars, or what the fee paid in an asset was worth."""
        return self.fee if self.coin_fee is None else self.coin_fee.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase(Acquisition):
    """Units acquired by purchase, for the wash-sale rules too.

    `compensation` is what of the amount was taxed as pay, None where nothing is stated.
    """

    compensation: Decimal | None = None

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        return self.asset, self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal(Entry):
    """Units that leave, `quantity` 0 for all that are held. `amount` is gross, before `fee`.

    `goes_by_order`: an order of lots decides which, where the row names none. `method_with_broker`: the row's own order
    was given to the broker. What the Form 1099 says: `reported`, and figures that differ from those worked out.
    """

    goes_by_order: ClassVar[bool] = True

    quantity: Decimal
    amount: Decimal = ZERO
    fee: Decimal = ZERO
    coin_fee: CoinFee | None = None
    lots: tuple[LotPick, ...] = ()
    identified: Identification | None = None
    method: Method | None = None
    method_with_broker: bool = False
    reported: Reported | None = None
    reported_proceeds: ReportedFigure | None = None
    reported_basis: ReportedFigure | None = None
    reported_term: Term | None = None
    code: str = ""
    adjustment: Decimal | None = None
    order: str = ""

    @property
    def costs(self) -> Decimal:
        """What selling cost: the fee in dollars, or what the fee paid in an asset was worth."""
        return self.fee if self.coin_fee is None else self.coin_fee.value

    @property
    def has_reported_figures(self) -> bool:
        """Whether the row states what the broker reports otherwise than it is worked out."""
        return not (self.reported_proceeds is None and self.reported_basis is None and self.reported_term is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Entry):
    """Cash that an asset or an account pays: no units move. `kind` is what it is paid for."""

    names_holding: ClassVar[bool] = False

    amount: Decimal
    kind: IncomeKind


class CorporateAction(Entry):
    """What a company or fund does to all of an asset that is held."""

    __slots__ = ()

    for_every_account: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesForShares(CorporateAction):
    """`ratio` units of `received_asset` for each unit held; `gives_up_old`: in exchange for it, else beside it.

    Its class is that of `asset` where nothing says another; where `keeps_class`, only rows and settings do.
    """

    gives_up_old: ClassVar[bool] = False
    keeps_class: ClassVar[bool] = False
    how_acquired: ClassVar[str] = "received in a corporate action and acquired"

    received_asset: str
    ratio: Fraction
    received_class: AssetClass | None = None

    def names_too(self) -> tuple[Named, ...]:
        return ((self.account, self.received_asset, self.received_class),) if self.received_asset else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction(Entry):
    """What the taxpayer laid down about lots: no units move. `identified`: when, and to whom."""

    identified: Identification | None = None
