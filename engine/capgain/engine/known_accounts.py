"""What kind of account a name means: the brokers, exchanges and wallets that known_accounts.toml lists."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from capgain.engine.classes import AccountKind

_LISTED = tomllib.loads(Path(__file__).with_name("known_accounts.toml").read_text(encoding="utf-8"))
_KINDS = {
    "brokerage": AccountKind.BROKERAGE,
    "exchange": AccountKind.EXCHANGE,
    "exchange_abroad": AccountKind.EXCHANGE,
    "wallet": AccountKind.WALLET,
}


def _words(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", name.casefold().replace(".", "").replace("*", "").replace("'", "")))


@cache
def _by_words() -> dict[tuple[str, ...], str]:
    return {_words(name): group for group in _KINDS for name in _LISTED[group]}


@cache
def _most_words() -> int:
    return max(map(len, _by_words()))


_IRA = frozenset(map(_words, _LISTED["ira_words"]))
_OPEN = frozenset(map(_words, _LISTED["open_words"]))


def _group(name: str) -> str | None:
    words = _words(name)
    known = _by_words()
    return next(
        (known[words[:count]] for count in range(min(len(words), _most_words()), 0, -1) if words[:count] in known), None
    )


def kind_by_name(name: str) -> AccountKind | None:
    """The kind of an account by its name; None where the name does not tell, or tells that it may be somebody else's.

    `Fidelity Roth IRA` is an IRA, `Schwab 1234` a brokerage, `Fidelity HSA` and `Schwab Trust` are for the person to
    say.
    """
    group = _group(name)
    words = {(word,) for word in _words(name)}
    if words & _IRA:
        return AccountKind.IRA
    if group is None or (words & _OPEN and group != "wallet"):
        return None
    return _KINDS[group]


def is_exchange_abroad(name: str) -> bool:
    """Whether a name is that of an exchange outside the United States, which files no Form 1099-DA."""
    return _group(name) == "exchange_abroad"
