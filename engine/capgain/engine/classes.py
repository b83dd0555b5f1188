"""The words of the field as closed sets: what is held, where, by whom, and how lots are chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

MICROSECOND = timedelta(microseconds=1)


class Term(Enum):
    """Short-term: held one year or less. Long-term: more than one year (26 USC 1222)."""

    SHORT = "short"
    LONG = "long"


class FilingStatus(Enum):
    """The five filing statuses of Form 1040."""

    SINGLE = "single"
    MFJ = "mfj"
    MFS = "mfs"
    HOH = "hoh"
    QSS = "qss"


class Deduction(Enum):
    """What a return deducts from adjusted gross income (26 USC 63)."""

    STANDARD = "standard"
    ITEMIZED = "itemized"


@dataclass(frozen=True, slots=True, eq=False)
class ByRank:
    """The lot of the lowest rank first, the earlier acquired among equals.

    `rank` is worked out from a lot's place in the order of acquisition and its basis per unit, in atoms for 10^18.
    """

    rank: Callable[[datetime, int], int]


class Order(Enum):
    """Orders that no rank of a lot alone gives: by acquisition, and by the tax on a sale at its price."""

    EARLIEST = "earliest"
    LEAST_TAX = "least tax"


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """What a method of choosing lots is: `order` decides where a disposal names none.

    `meaning` is how sheets name it, `words` what else people write for it. `is_identification`: a standing order of
    specific identification, which has to exist before the sale (Treas. Reg. 1.1012-1(c)(8), (j)(3)(ii)). `averages`:
    every unit costs the same, for class fund alone (1.1012-1(e)). `names_lots`: a disposal is expected to name them.
    """

    meaning: str
    order: Order | ByRank
    words: tuple[str, ...] = ()
    is_identification: bool = True
    averages: bool = False
    names_lots: bool = False


class Method(Enum):
    """The order in which lots are relieved; what reader, engine, plans and sheets know of one stands here alone."""

    relief: Relief

    def __new__(cls, word: str, relief: Relief) -> Method:
        method = object.__new__(cls)
        method._value_ = word
        method.relief = relief
        return method

    @property
    def value(self) -> str:
        """The word for it in a ledger."""
        return str(self._value_)

    FIFO = "fifo", Relief("first in, first out", Order.EARLIEST, ("first in first out",), is_identification=False)
    LIFO = (
        "lifo",
        Relief("last in, first out", ByRank(lambda at, _: (datetime.max - at) // MICROSECOND), ("last in first out",)),
    )
    HIFO = (
        "hifo",
        Relief(
            "highest basis first",
            ByRank(lambda _, basis: -basis),
            ("highest in first out", "highest cost", "highest cost first"),
        ),
    )
    LOFO = (
        "lofo",
        Relief(
            "lowest basis first",
            ByRank(lambda _, basis: basis),
            ("lowest in first out", "lowest cost", "lowest cost first"),
        ),
    )
    MIN_TAX = (
        "min_tax",
        Relief("least tax first", Order.LEAST_TAX, ("minimum tax", "tax efficient", "tax lot optimizer")),
    )
    AVERAGE = (
        "average",
        Relief(
            "average basis",
            Order.EARLIEST,
            ("average cost", "average basis", "avg", "avg cost", "average cost single category"),
            is_identification=False,
            averages=True,
        ),
    )
    SPECIFIC = (
        "specific",
        Relief(
            "lots named on each sale; first in, first out without",
            Order.EARLIEST,
            ("spec id", "specific id", "specific identification", "specific lot"),
            names_lots=True,
        ),
    )


METHODS_OF_A_PLAN = tuple(method for method in Method if not method.relief.names_lots)
"""Every order in which a sale can take lots without naming them."""


class AssetClass(Enum):
    """What an asset is for tax: decides pools, wash sales, Form 8949 boxes and rates."""

    STOCK = "stock"
    FUND = "fund"
    CRYPTO = "crypto"
    TOKENIZED = "tokenized"
    NFT = "nft"
    COLLECTIBLE = "collectible"
    BOND = "bond"
    OPTION = "option"
    SECTION_1256 = "1256"
    OTHER = "other"

    @property
    def is_digital(self) -> bool:
        """A digital asset in the sense of 26 USC 6045(g)(3)(D): wallets from 2025, boxes G to L from 2025."""
        return self in _DIGITAL

    @property
    def is_short_sale_property(self) -> bool:
        """Property whose holding period and appreciated positions short sales reach: stocks, securities, debt.

        26 USC 1233(e)(2)(A) and 1259(b)(1) name no digital assets; a security on a chain is a security.
        """
        return self in _SECURITIES

    @property
    def is_security(self) -> bool:
        """Stock or securities in the sense of 26 USC 1091(a), contracts and options included."""
        return self in _SECURITIES


_DIGITAL = frozenset({AssetClass.CRYPTO, AssetClass.TOKENIZED, AssetClass.NFT})
_SECURITIES = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.TOKENIZED, AssetClass.BOND, AssetClass.OPTION})


class AccountKind(Enum):
    """Where an account is kept; an IRA is never taxed here but is seen by the wash-sale rules (Rev. Rul. 2008-5)."""

    BROKERAGE = "brokerage"
    EXCHANGE = "exchange"
    WALLET = "wallet"
    IRA = "ira"


CUSTODIANS = frozenset({AccountKind.BROKERAGE, AccountKind.EXCHANGE})
"""Where a broker holds the units, who is told which lots are sold (Treas. Reg. 1.1012-1(c), (j)(3))."""


class Owner(Enum):
    """Whose account it is."""

    TAXPAYER = "taxpayer"
    SPOUSE = "spouse"


class Reported(Enum):
    """What the Form 1099-B or 1099-DA says of a sale: decides the box of Form 8949."""

    BASIS = "basis"
    NO_BASIS = "no basis"
    NONE = "none"


class WashScope(Enum):
    """To what the wash-sale rules are applied; anything but SECURITIES departs from the law of today."""

    SECURITIES = "securities"
    ALL = "all"
    OFF = "off"

    def reaches(self, asset_class: AssetClass) -> bool:
        """26 USC 1091(a) speaks of stock or securities; plain digital assets are neither (Notice 2014-21)."""
        return self is WashScope.ALL or (self is WashScope.SECURITIES and asset_class.is_security)


class Right(Enum):
    """What an option gives the right to: to sell its underlying, or to buy it."""

    PUT = "put"
    CALL = "call"


class Discount(Enum):
    """What debt brings beyond its basis: discount that accrued, which is interest, or capital gain."""

    INTEREST = "interest"
    CAPITAL = "capital"


class IncomeKind(Enum):
    """What income is paid for, which decides its line of the return; UNSTATED where neither row nor type says it."""

    STAKING = "staking"
    AIRDROP = "airdrop"
    HARD_FORK = "hard fork"
    MINING = "mining"
    MINING_BUSINESS = "mining business"
    REFERRAL = "referral"
    LEARNING = "learning"
    LENDING = "lending"
    SERVICES = "services"
    WAGE = "wage"
    VEST = "vest"
    INTEREST = "interest"
    DIVIDEND = "dividend"
    QUALIFIED_DIVIDEND = "qualified dividend"
    SUBSTITUTE_PAYMENT = "substitute payment"
    EXEMPT_INTEREST_DIVIDEND = "exempt-interest dividend"
    CAPITAL_GAIN_DISTRIBUTION = "capital gain distribution"
    ACCRUED_MARKET_DISCOUNT = "accrued market discount"
    UNSTATED = ""

    @property
    def is_in_totals(self) -> bool:
        """Whether totals of income hold it: pay is in box 1 of Form W-2 already (Pub. 525)."""
        return self not in _IN_FORM_W_2

    @property
    def is_business(self) -> bool:
        """Whether it is self-employment income (Schedule C, Schedule SE)."""
        return self in (IncomeKind.MINING_BUSINESS, IncomeKind.SERVICES)


_IN_FORM_W_2 = frozenset({IncomeKind.WAGE, IncomeKind.VEST})


class ShortSaleWash(Enum):
    """What disallows a loss on closing a short sale: the statute's two limbs, or other short sales alone."""

    STATUTE = "statute"
    SHORTS_ONLY = "shorts only"


class BrokerBasis(Enum):
    """Where the basis that brokers report comes from: as stated, or derived from what a broker knows by itself."""

    STATED = "stated"
    DERIVE = "derive"


class Position(Enum):
    """What the taxpayer takes an event of a protocol for, as no authority decides it (Notice 2024-57).

    CARRYOVER: nothing is disposed of, basis and dates go on. TRADE: a disposition at the value received. SPLIT: other
    units with the same basis. INCOME: the units added are income.
    """

    CARRYOVER = "carryover"
    TRADE = "trade"
    SPLIT = "split"
    INCOME = "income"


class MissingBasis(Enum):
    """What to do with more sold than was ever acquired."""

    STOP = "stop"
    ZERO = "zero"
