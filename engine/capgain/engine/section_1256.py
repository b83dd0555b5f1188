"""Which assets are section 1256 contracts by their symbols (26 USC 1256(b), (g)), and how large one contract is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from capgain.engine.classes import AssetClass

_LISTED = tomllib.loads(Path(__file__).with_name("section_1256.toml").read_text(encoding="utf-8"))
INDEX_OPTIONS: Mapping[str, Decimal] = {root: Decimal(size) for root, size in _LISTED["index_options"].items()}
FUTURES: Mapping[str, Decimal] = {root: Decimal(size) for root, size in _LISTED["futures"].items()}
_UNSETTLED = frozenset(_LISTED["unsettled"]["roots"])
_UNLISTED = frozenset(_LISTED["unlisted"]["roots"])
Stated = TypeVar("Stated")


class Symbol(Enum):
    """What a symbol says: a contract for certain, or what has to be known beside it."""

    FUTURE = "a futures contract"
    INDEX_OPTION = "an option on a broad index"
    INDEX = "a broad index"
    """the name of an index alone, which nobody can buy"""
    MONTH_CODE = "a futures contract, or a ticker"
    """root, month and year without the slash"""
    ROOT = "a root of futures, or a ticker"
    UNLISTED = "a contract whose size is not known"
    UNSETTLED = "an option of which it is not settled"
    SINGLE_STOCK = "a single-stock future"


class Contract1256(NamedTuple):
    """What a name says of a section 1256 contract; `size` is what its price is multiplied by, None: not known."""

    symbol: Symbol
    root: str
    size: Decimal | None


_MONTH_AND_YEAR = r"[FGHJKMNQUVXZ]\d{1,2}"
_AFTER_A_ROOT = re.compile(rf"({_MONTH_AND_YEAR})?([^A-Z0-9].*|[CP][\d.]+)?")
_FUTURE = re.compile(rf"@?([A-Z0-9]+?){_MONTH_AND_YEAR}([^A-Z0-9].*|[CP][\d.]+)?")
_CONTINUOUS = re.compile(r"@?([A-Z0-9]+)=F|@([A-Z0-9]+)")
"""`ES=F` and `@ES`, as vendors of prices write the nearest month."""

_ROOT = re.compile(r"[.$^-]?([A-Z]+)(?![A-Z])")
_SINGLE_STOCK = re.compile(rf"[A-Z]{{1,5}}1[CD]({_MONTH_AND_YEAR})?")


@lru_cache(maxsize=4096)
def by_symbol(asset: str, underlying: str = "") -> Contract1256 | None:
    """What an asset's name, or that of what an option is on, says of section 1256; None: nothing.

    An option on a stock or on a fund of stocks is an equity option: 26 USC 1256(g)(6).
    """
    for name in (" ".join(asset.upper().split()), " ".join(underlying.upper().split())):
        found = _by_name(name, is_underlying=name != " ".join(asset.upper().split()))
        if found is not None:
            return found
    return None


def is_single_stock(asset: str) -> bool:
    """Whether a name is that of a future on one stock, which is refused whatever is stated of it."""
    found = by_symbol(asset)
    return found is not None and found.symbol is Symbol.SINGLE_STOCK


def _by_name(name: str, *, is_underlying: bool) -> Contract1256 | None:
    if name.startswith(("/", "./")):
        return _with_slash(name.lstrip("./"))
    if _SINGLE_STOCK.fullmatch(name):
        return Contract1256(Symbol.SINGLE_STOCK, name, None)
    match = _ROOT.match(name)
    root = match[1] if match is not None else ""
    is_alone = not is_underlying and root == name.lstrip(".$^-")
    if root in INDEX_OPTIONS:
        symbol = Symbol.INDEX if is_alone else Symbol.INDEX_OPTION
        return Contract1256(symbol, root, INDEX_OPTIONS[root])
    if root in _UNLISTED:
        return Contract1256(Symbol.UNLISTED, root, None)
    if root in _UNSETTLED and not is_alone:
        return Contract1256(Symbol.UNSETTLED, root, None)
    future = _FUTURE.fullmatch(name) or _CONTINUOUS.fullmatch(name)
    if future is not None and (code := future[1] or future[2]) in FUTURES:
        return Contract1256(Symbol.MONTH_CODE, code, FUTURES[code])
    return Contract1256(Symbol.ROOT, name, FUTURES[name]) if name in FUTURES else None


def _with_slash(name: str) -> Contract1256:
    """A future or an option on one: the longest root that is listed and leaves a month, a year or an option."""
    for length in range(min(len(name), 4), 0, -1):
        root, rest = name[:length], name[length:]
        if root in FUTURES and _AFTER_A_ROOT.fullmatch(rest):
            return Contract1256(Symbol.FUTURE, root, FUTURES[root])
    future = _FUTURE.match(name)
    return Contract1256(Symbol.UNLISTED, future[1] if future else name, None)


_MAY_BE_AN_OPTION = frozenset({AssetClass.OPTION, AssetClass.OTHER, AssetClass.BOND, None})


def is_contract(asset: str, underlying: str, stated: AssetClass | None, of_settings: AssetClass | None) -> bool:
    """Whether an asset is a section 1256 contract.

    `stated` is the class that rows name, `of_settings` that of Settings for the asset or its root, which goes first.
    """
    if of_settings is not None:
        return of_settings is AssetClass.SECTION_1256
    if stated is AssetClass.SECTION_1256:
        return True
    found = by_symbol(asset, underlying)
    if found is None:
        return False
    if found.symbol is Symbol.FUTURE:
        return True
    if found.symbol is Symbol.INDEX_OPTION:
        return stated in _MAY_BE_AN_OPTION
    return found.symbol is Symbol.INDEX and stated is AssetClass.OPTION


def is_of_options_alone(asset: str, said: object) -> bool:
    """Whether a setting `Class GLD` is about options on GLD: shares of a trust are neither option nor contract."""
    return asset.upper() in _UNSETTLED and said in (AssetClass.OPTION, AssetClass.SECTION_1256)


def setting_for(asset: str, underlying: str, settings: Mapping[str, Stated]) -> Stated | None:
    """What Settings say of an asset, or of its root: `Class SPX`, `Multiplier XYZ`; by name in upper case."""
    found = by_symbol(asset, underlying)
    of_root = None if found is None else settings.get(found.root) or settings.get(f"/{found.root}")
    own = settings.get(asset.upper())
    return of_root if own is None or is_of_options_alone(asset, own) else own


def family_of(asset: str, underlying: str = "") -> int | None:
    """The number of the family of a contract for straddles, None where it has none."""
    found = by_symbol(asset, underlying)
    return None if found is None else _BY_ROOT.get(found.root)


def family_of_other(asset: str) -> int | None:
    """The number of the family of a stock, fund or coin."""
    return _BY_OTHER.get(asset.upper())


_BY_ROOT = {root: number for number, family in enumerate(_LISTED["families"]) for root in family["contracts"]}
_BY_OTHER = {name: number for number, family in enumerate(_LISTED["families"]) for name in family["others"]}
