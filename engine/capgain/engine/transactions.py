"""The rows of a ledger as values: one frozen type per kind of transaction, and their closed union.

Quantities are Decimals in units of the asset with up to 18 decimals, amounts are US dollars, unrounded. `at` is naive
local time in the taxpayer's tax zone; a row without a time stands at 00:00. `row` is the sheet's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from capgain.engine.classes import AssetClass, Method, Reported
from capgain.engine.money import ZERO


@dataclass(frozen=True, slots=True)
class LotPick:
    """One lot named in column Lot; `quantity` None takes what the sale needs of it."""

    lot: str
    quantity: Decimal | None = None


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
    """What every row has."""

    row: int
    at: datetime
    account: str = ""
    asset: str = ""
    id: str = ""
    note: str = ""
    asset_class: AssetClass | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal(Entry):
    """Units that leave. `amount` is gross, before `fee`."""

    quantity: Decimal
    amount: Decimal = ZERO
    fee: Decimal = ZERO
    coin_fee: CoinFee | None = None
    lots: tuple[LotPick, ...] = ()
    identified: Identification | None = None
    method: Method | None = None
    reported: Reported | None = None
    reported_proceeds: Decimal | None = None
    reported_basis: Decimal | None = None
    code: str = ""
    adjustment: Decimal | None = None
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy(Acquisition):
    """A purchase for dollars. `underlying` is set on an option: the asset and how many units a contract covers."""

    underlying: str = ""
    underlying_units: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinvest(Acquisition):
    """A reinvested dividend: a purchase (Pub. 550)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Income(Acquisition):
    """Units received as income at `amount`, their fair market value, which becomes basis (Notice 2014-21)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Acquisition):
    """A lot brought in from earlier records; `at` places it in the ledger, `acquired` and `basis` are its own."""

    acquired: date
    basis: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftIn(Acquisition):
    """A gift received. `acquired` and `basis` are the donor's (26 USC 1015); `amount` is the value at the gift.

    `basis` None: no donor records. `amount` None: value at the gift not known, taken not to be below basis.
    """

    acquired: date | None
    basis: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherit(Acquisition):
    """An inheritance at `amount`, the value at death (26 USC 1014); always long-term (26 USC 1223(9))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(Disposal):
    """A sale for dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Disposal):
    """Paying with an asset: a disposition at `amount`, the value of what was bought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade(Disposal):
    """One asset for another: a disposition at `amount`, the value of what was received, and a new lot at that value."""

    received_asset: str
    received_quantity: Decimal
    received_class: AssetClass | None = None
    received_lot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Disposal):
    """A fee paid in `asset`, tied to no other row: a disposition at `amount`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftOut(Disposal):
    """A gift made: no gain; the lots leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Donate(Disposal):
    """A gift to charity: no gain; the lots leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Disposal):
    """Lost or stolen: no capital loss row; the lots leave (CCA 202511015)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortSell(Disposal):
    """A short sale opened; gain or loss waits for the cover (26 USC 1233)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Disposal):
    """A short sale closed: by a purchase at `amount`, or by delivering the lots named in `lots`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worthless(Disposal):
    """Securities become worthless: sold for nothing on 31 December (26 USC 165(g)). `quantity` 0 means all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Disposal):
    """Units move between own accounts: `quantity` leaves, `received_quantity` arrives (None: all of it).

    Units short are a fee, disposed of at `fee_price` dollars each (None: not stated).
    """

    to_account: str
    received_quantity: Decimal | None = None
    fee_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividend(Entry):
    """A cash dividend: income, no lots."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest(Entry):
    """Interest: income, no lots."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalGainDistribution(Entry):
    """Form 1099-DIV box 2a: Schedule D line 13, and the six-month rule of 26 USC 852(b)(4)(A)."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptInterestDividend(Entry):
    """An exempt-interest dividend: reduces a loss on fund shares held six months or less (26 USC 852(b)(4)(B))."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Entry):
    """`ratio` units after per unit before; `cash_in_lieu` dollars for the fraction. Blank account: every account."""

    ratio: Fraction
    cash_in_lieu: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDividend(Entry):
    """New units of another asset per old unit, taking `basis_fraction` of the old basis (26 USC 305, 307)."""

    received_asset: str
    ratio: Fraction
    basis_fraction: Fraction
    received_class: AssetClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinOff(Entry):
    """Units of the company split off per old unit, taking `basis_fraction` of the old basis (26 USC 355, 358)."""

    received_asset: str
    ratio: Fraction
    basis_fraction: Fraction
    received_class: AssetClass | None = None
    cash_in_lieu: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger(Entry):
    """`ratio` new units and `cash_per_unit` per old unit; `value_per_new_unit` is needed with cash (26 USC 356)."""

    received_asset: str
    ratio: Fraction
    cash_per_unit: Decimal = ZERO
    value_per_new_unit: Decimal | None = None
    received_class: AssetClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOfCapital(Entry):
    """A nondividend distribution: `amount` in total or `per_unit`; beyond basis it is gain (26 USC 301(c))."""

    amount: Decimal | None = None
    per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOrder(Entry):
    """A standing order from `at` on, for the account and asset named (blank: all) (Treas. Reg. 1.1012-1(c)(8))."""

    method: Method
    identified: Identification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Entry):
    """Rev. Proc. 2024-28 section 5.02(2)(a): `quantity` units of `lot` are allocated to `account`."""

    lot: str
    quantity: Decimal
    identified: Identification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalAllocation(Entry):
    """Rev. Proc. 2024-28 section 5.02(2)(b): lots in `method` order fill `accounts` in the order given."""

    method: Method
    accounts: tuple[str, ...]
    identified: Identification | None = None


Transaction = (
    Buy
    | Reinvest
    | Income
    | Opening
    | GiftIn
    | Inherit
    | Sell
    | Spend
    | Trade
    | Fee
    | GiftOut
    | Donate
    | Lost
    | ShortSell
    | Cover
    | Worthless
    | Transfer
    | Dividend
    | Interest
    | CapitalGainDistribution
    | ExemptInterestDividend
    | Split
    | StockDividend
    | SpinOff
    | Merger
    | ReturnOfCapital
    | MethodOrder
    | Allocation
    | GlobalAllocation
)
"""Every kind of transaction; a `match` over it ends in `assert_never`."""
