"""The words of the field as closed sets: what is held, where, by whom, and how lots are chosen."""

from __future__ import annotations

from enum import Enum


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


class Method(Enum):
    """The order in which lots are relieved; all but FIFO and AVERAGE are standing orders of specific identification."""

    FIFO = "fifo"
    LIFO = "lifo"
    HIFO = "hifo"
    LOFO = "lofo"
    MIN_TAX = "min_tax"
    AVERAGE = "average"
    SPECIFIC = "specific"


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
    OTHER = "other"

    @property
    def is_digital(self) -> bool:
        """A digital asset in the sense of 26 USC 6045(g)(3)(D): wallets from 2025, boxes G to L from 2025."""
        return self in _DIGITAL

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


class MissingBasis(Enum):
    """What to do with more sold than was ever acquired."""

    STOP = "stop"
    ZERO = "zero"
