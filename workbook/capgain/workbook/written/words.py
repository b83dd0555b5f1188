"""The closed vocabularies of a ledger as people write them: methods, classes, kinds, owners, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Generic, TypeVar

from capgain.engine.classes import (
    AccountKind,
    AssetClass,
    BrokerBasis,
    Deduction,
    Discount,
    FilingStatus,
    IncomeKind,
    Method,
    MissingBasis,
    Owner,
    Position,
    Reported,
    ShortSaleWash,
    Term,
    WashScope,
)
from capgain.workbook.written.misread import Cell, Misread, error_value, shown

E = TypeVar("E", bound=Enum)


def plain(text: str) -> str:
    """Letters and digits alone, in lower case: `Spin-off`, `spin off` and `SPINOFF` are one word."""
    return "".join(filter(str.isalnum, text.casefold()))


def close_words(word: str, known: Iterable[str], most: int = 3, alike: float = 0.6) -> list[str]:
    """The known words that `word` may have been meant to be, likeliest first; `alike` from 0 to 1 (the same)."""
    from difflib import get_close_matches

    by_plain = {plain(one): one for one in known}
    return [by_plain[near] for near in get_close_matches(plain(word), by_plain, most, alike)]


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def one_of(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


class Vocabulary(Generic[E]):
    """The members of an enum by their values and by what people write for them."""

    def __init__(self, what: str, members: type[E], synonyms: Mapping[E, tuple[str, ...]]) -> None:
        self.what = what
        self.values = tuple(str(member.value) for member in members)
        self._members = {plain(str(member.value)): member for member in members}
        for member, words in synonyms.items():
            for word in words:
                self._members[plain(word)] = member

    def find(self, text: str) -> E | None:
        """The member that `text` means, None when it means none."""
        return self._members.get(plain(text))

    def read(self, cell: Cell) -> E | Misread | None:
        """The member named in a cell, None when it is blank."""
        if cell is None:
            return None
        text = cell.strip() if isinstance(cell, str) else shown(cell)
        if not text:
            return None
        found = self._members.get(plain(text))
        if found is not None:
            return found
        error = error_value(text)
        if error is not None:
            return error
        near = close_words(text, self.values, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return Misread(f"{shown(text)} is not {self.what}.{meant}", f"Use {one_of(self.values)}.", "UNKNOWN_WORD")


METHODS = Vocabulary("a method of choosing lots", Method, {method: method.relief.words for method in Method})

CLASSES = Vocabulary(
    "a class of asset",
    AssetClass,
    {
        AssetClass.STOCK: ("stocks", "share", "shares", "equity", "equities", "common stock"),
        AssetClass.FUND: ("funds", "mutual fund", "etf", "index fund"),
        AssetClass.CRYPTO: ("cryptocurrency", "coin", "token", "digital asset", "stablecoin", "virtual currency"),
        AssetClass.TOKENIZED: ("tokenized security", "tokenised", "security token", "tokenized stock"),
        AssetClass.NFT: ("nfts", "non-fungible token"),
        AssetClass.COLLECTIBLE: ("collectibles",),
        AssetClass.BOND: ("bonds", "note", "treasury", "fixed income"),
        AssetClass.OPTION: ("options",),
        AssetClass.SECTION_1256: (
            *("section 1256", "section 1256 contract", "1256 contract", "futures", "future", "index option"),
            *("index options", "futures option", "futures options", "option on futures"),
        ),
    },
)

KINDS = Vocabulary(
    "a kind of account",
    AccountKind,
    {
        AccountKind.BROKERAGE: ("broker", "brokerage account", "taxable"),
        AccountKind.EXCHANGE: ("crypto exchange",),
        AccountKind.WALLET: ("self-custody", "hardware wallet", "cold wallet", "software wallet", "unhosted wallet"),
        AccountKind.IRA: ("roth ira", "roth", "traditional ira", "rollover ira", "sep ira", "simple ira"),
    },
)

OWNERS = Vocabulary("an owner", Owner, {Owner.TAXPAYER: ("self", "me"), Owner.SPOUSE: ("wife", "husband")})

REPORTED = Vocabulary(
    "what a 1099 can say",
    Reported,
    {
        Reported.BASIS: ("basis reported", "covered"),
        Reported.NO_BASIS: ("basis not reported", "noncovered", "proceeds only"),
        Reported.NONE: ("not reported", "no 1099", "no form"),
    },
)

STATUSES = Vocabulary(
    "a filing status",
    FilingStatus,
    {
        FilingStatus.MFJ: ("married filing jointly", "married jointly", "joint", "jointly"),
        FilingStatus.MFS: ("married filing separately", "married separately", "separate", "separately"),
        FilingStatus.HOH: ("head of household",),
        FilingStatus.QSS: (
            "qualifying surviving spouse",
            "qualifying widow",
            "qualifying widower",
            "qualifying widow(er)",
            "qw",
        ),
    },
)

DEDUCTIONS = Vocabulary(
    "a deduction",
    Deduction,
    {
        Deduction.STANDARD: ("standard deduction",),
        Deduction.ITEMIZED: ("itemize", "itemised", "itemized deductions", "schedule a"),
    },
)

WASH_SCOPES = Vocabulary("a scope of the wash-sale rules", WashScope, {WashScope.OFF: ("none", "no")})
DISCOUNTS = Vocabulary(
    "what discount on debt is",
    Discount,
    {Discount.INTEREST: ("discount", "accrued discount"), Discount.CAPITAL: ("capital gain",)},
)
INCOME_KINDS = Vocabulary(
    "a kind of income",
    IncomeKind,
    {
        IncomeKind.STAKING: (
            *("staking reward", "staking rewards", "staking income", "inflation reward", "validator reward"),
            *("stake reward", "staked"),
        ),
        IncomeKind.AIRDROP: ("airdrops",),
        IncomeKind.HARD_FORK: ("fork",),
        IncomeKind.MINING: ("mined", "block reward", "mining reward", "hobby mining"),
        IncomeKind.MINING_BUSINESS: ("mining as a business", "business mining"),
        IncomeKind.REFERRAL: ("referral bonus", "referral reward"),
        IncomeKind.LEARNING: ("learn and earn", "learning reward", "coinbase earn"),
        IncomeKind.LENDING: ("crypto interest", "lending interest", "lending income"),
        IncomeKind.SERVICES: ("service", "contract pay", "contractor", "freelance", "self-employment", "business"),
        IncomeKind.WAGE: ("wages", "salary"),
        IncomeKind.VEST: ("rsu vest", "vesting", "rsu", "vested"),
        IncomeKind.DIVIDEND: ("ordinary dividend", "non-qualified dividend", "nonqualified", "ordinary"),
        IncomeKind.QUALIFIED_DIVIDEND: ("qualified",),
        IncomeKind.SUBSTITUTE_PAYMENT: ("substitute dividend", "payment in lieu", "substitute payments"),
    },
)
TERMS = Vocabulary("a term", Term, {Term.SHORT: ("short-term", "st"), Term.LONG: ("long-term", "lt")})
BROKER_BASES = Vocabulary(
    "where the basis comes from that brokers report",
    BrokerBasis,
    {BrokerBasis.STATED: ("as stated",), BrokerBasis.DERIVE: ("derived", "computed")},
)
SHORT_SALE_WASHES = Vocabulary(
    "a scope of section 1091(e)", ShortSaleWash, {ShortSaleWash.SHORTS_ONLY: ("shorts", "short sales only")}
)
MISSING_BASIS = Vocabulary("an answer to missing basis", MissingBasis, {MissingBasis.STOP: ("error",)})

POSITIONS = Vocabulary("a position", Position, {Position.CARRYOVER: ("carried over",)})

_YES = frozenset({"yes", "y", "true", "1", "on"})
_NO = frozenset({"no", "n", "false", "0", "off"})


def read_yes_no(cell: Cell) -> bool | Misread | None:
    """Yes or no, None when blank."""
    if isinstance(cell, bool) or cell is None:
        return cell
    word = plain(shown(cell))
    if word in _YES:
        return True
    if word in _NO:
        return False
    return Misread(f"{shown(cell)} is neither yes nor no.", "Use yes or no.", "UNKNOWN_WORD") if word else None
