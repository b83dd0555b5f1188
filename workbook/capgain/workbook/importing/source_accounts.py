"""Which account a file is of, and of what kind: by its rows, the lines above its header and its own name.

An account of a broker is called by the broker, its own name and the last digits of its number, as far as they are
known: `Fidelity ROTH IRA 3334`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from capgain.workbook.reading.accounts import WHOSE_RETURN

_TITLES = (
    re.compile(r"\bfor account:?[,\s]+(?P<name>[^,#]*?)\s*(?:\.{3}|…|[-#xX*]+)(?P<number>\d{3,})\b", re.IGNORECASE),
    re.compile(r"\baccount activity for\s+(?P<name>[^,]+?)\s+-(?P<number>\d{3,})\b", re.IGNORECASE),
    re.compile(r"\bdetails for\s+(?P<name>[^,]+?)\s*(?:\.{3}|…)(?P<number>\d{3,})\b", re.IGNORECASE),
    re.compile(r"\bselected account\(s\):\s*(?P<name>[^\",]+)", re.IGNORECASE),
)
_SECTION = re.compile(r"(?P<name>[A-Za-z][^,]*?)\s*(?:\.{3}|…|[-#xX*]{2,})(?P<number>\d{3,})")
"""What stands alone above each account's own header in one file of all accounts: `Roth Contributory IRA ...123`."""

_FILES = (
    re.compile(r"Realized_Gain_Loss_(?P<number>[A-Z]?\d{4,})", re.IGNORECASE),
    re.compile(r"History_for_Account_(?P<number>[A-Z]?\d{4,})", re.IGNORECASE),
    re.compile(r"^(?P<name>[A-Za-z][A-Za-z0-9 ()_-]*?)_X+(?P<number>\d{3,})(?=[_. -])"),
)
_KIND_NAMED = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:traditional|trad|rollover|contributory|inherited|beneficiary|roth|sep|simple)[ _-]*)*ira"
    r"(?![A-Za-z0-9])|(?<![A-Za-z0-9])(?:roth(?:[ _-]*40[13]\(?[kb]\)?)?|40[13]\(?[kb]\)?|457\(?b\)?|tsp|hsa|keogh|529"
    r"|utma|ugma|custodial)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""The kind of an account in the name of a file or a short line above the header, whose other words say nothing: `sep`
may be a month there."""
_SHORT_LINE = 60
"""Characters. Longer lines are sentences, which may speak of accounts that are not the file's."""
_TYPE_STATED = re.compile(r"\b(?:account|customer|registration) type\b[\s:,\"]+(?P<words>[^,\"]+)", re.IGNORECASE)

_NUMBER_IN_NAME = re.compile(r"(?:(?P<name>.*?)\s+)?[\dX]{2,4}-(?P<number>\d{4,6})")
"""Merrill's: `CMA-Edge 00X-00000`."""

_RETIREMENT = (
    "ira roth sep simple rollover 401k 403b 457 457b tsp hsa healthsavings pension keogh".split()  # noqa: SIM905
)
_SETTLED = frozenset({"ira", "roth", "sep", "simple", "rollover"})
"""Whose effect on wash sales Rev. Rul. 2008-5 settles."""

_WHOSE = frozenset("529 utma ugma custodial minor trust estate llc inc corp partnership charitable daf".split())  # noqa: SIM905
_JOINT = frozenset("joint jtwros jtten jt".split())  # noqa: SIM905

SHOWN_DIGITS = 4

_HIDDEN = ".…*#- "
"""What stands for the digits of a number that a file does not show: `...2180`, `****2180`."""


@dataclass(frozen=True, slots=True)
class StatedAccount:
    """What a file says of an account: its own name and number, "" where it does not, and what else names its kind.

    `is_guess`: its kind is told by the file's name or a line of its own alone.
    """

    name: str = ""
    number: str = ""
    words: str = ""
    by_row: bool = False
    is_guess: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.number)


NO_ACCOUNT = StatedAccount()


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """An account of a source: what it is called in the ledger, the source's own name, and its number's last digits.

    `formerly` is what version 0.1.0 called it.
    """

    called: str
    formerly: str
    source: str
    name: str
    ending: str
    kind: str
    is_guess: bool = False

    @property
    def is_told_apart(self) -> bool:
        """Whether the source told it from other accounts."""
        return bool(self.name or self.ending)


def stated_above(lines: Iterable[str]) -> StatedAccount:
    """The account that a line above the header names."""
    for line in lines:
        for form in _TITLES:
            found = form.search(line)
            if found is not None:
                said = found.groupdict()
                return StatedAccount(_one_blank(said.get("name") or ""), said.get("number") or "", line)
    return NO_ACCOUNT


def stated_by_section(cells: Iterable[str]) -> StatedAccount:
    """The account that a line names which holds nothing else."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    found = _SECTION.fullmatch(filled[0]) if len(filled) == 1 else None
    return NO_ACCOUNT if found is None else StatedAccount(_one_blank(found["name"]), found["number"], filled[0])


def stated_by_file(name: str) -> StatedAccount:
    """The account that the name of a file names."""
    for form in _FILES:
        found = form.search(name)
        if found is not None:
            said = found.groupdict()
            return StatedAccount(_one_blank((said.get("name") or "").replace("_", " ")), said.get("number") or "", name)
    return NO_ACCOUNT


def kind_stated(lines: Iterable[str]) -> str:
    """What lines above the header say of the account's type: `Account Type,IRA`."""
    return " ".join(found["words"].strip() for line in lines for found in _TYPE_STATED.finditer(line))


def kind_named(texts: Iterable[str]) -> str:
    """The first name of a retirement account, or of one that may be on another return, in the texts: `Roth IRA`."""
    for text in texts:
        found = _KIND_NAMED.search(text) if len(text) <= _SHORT_LINE else None
        if found is not None:
            return _one_blank(found[0].replace("_", " "))
    return ""


def broker_account(source: str, said: StatedAccount) -> SourceAccount:
    """What an account of a broker is called and of what kind it is."""
    if not said.number and (within := _NUMBER_IN_NAME.fullmatch(said.name)) is not None:
        said = replace(said, name=within["name"] or "", number=within["number"])
    number = said.number.lstrip(_HIDDEN)
    ending = number[-SHOWN_DIGITS:] if number.lstrip("X").isalnum() else number
    name = said.name
    if ending and (number == name or name.endswith(ending)):
        name = name.removesuffix(number).removesuffix(ending).rstrip(" .-#*xX")
    called = " ".join(part for part in (source, name, ending) if part)
    formerly = f"{source} {said.name}" if said.by_row and said.name else source
    kind = kind_by_words(f"{called} {said.words}")
    return SourceAccount(called, formerly, source, name, ending, kind, is_guess=said.is_guess and kind != "brokerage")


def kind_by_words(text: str) -> str:
    """The kind of a broker's account by whole words of its name and of what else is said of it."""
    words = _words(text)
    if words & set(_RETIREMENT):
        return "ira"
    return WHOSE_RETURN if words & _WHOSE else "brokerage"


def is_joint(text: str) -> bool:
    """Whether an account's name says that it has two owners."""
    return bool(_words(text) & _JOINT)


def is_settled(text: str) -> bool:
    """Whether the law says what a purchase in that retirement account does to a loss elsewhere."""
    words = _words(text)
    return bool(words & _SETTLED) or not words & set(_RETIREMENT)


def one_name(accounts: Mapping[str, SourceAccount], known: Iterable[str]) -> dict[str, str]:
    """What an account is called instead, where a number alone stands for an account that has a name already.

    `known` are the accounts of the workbook: their names stay.
    """
    renamed = {}
    in_book = sorted(known)
    for account in accounts.values():
        if not account.ending:
            continue
        start, end = f"{account.source} ".casefold(), f" {account.ending}".casefold()
        there = [name for name in in_book if name.casefold().startswith(start) and name.casefold().endswith(end)]
        alone = f"{account.source} {account.ending}"
        if account.called in there:
            continue
        if account.name:
            there = [name for name in there if name.casefold() == alone.casefold()]
        elif not there:
            there = sorted(
                other.called
                for other in accounts.values()
                if other.name and (other.source, other.ending) == (account.source, account.ending)
            )
        if len(there) == 1:
            renamed[account.called] = there[0]
    return renamed


def _words(text: str) -> set[str]:
    plain = re.sub(r"[()]", "", text.casefold())
    words = set(re.findall(r"[a-z0-9]+", plain))
    return words | {"healthsavings"} if "health savings" in plain else words


def _one_blank(text: str) -> str:
    return " ".join(text.split()).strip(" -,")
