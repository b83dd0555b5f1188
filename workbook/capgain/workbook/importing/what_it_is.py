"""What the assets of a row are: shares of a money fund are cash, two names may be one asset, a symbol an option."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from capgain.engine.money import CENT
from capgain.workbook.importing.asset_names import is_money
from capgain.workbook.importing.futures import CLASS, index_option
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.row_fields import RowFields

MONEY_FUNDS = frozenset(
    """
    SPAXX FDRXX FZFXX SPRXX FZDXX FCASH CORE SWVXX SNVXX SNOXX SNSXX SNAXX SUTXX SGUXX SWGXX VMFXX VMRXX VUSXX VMMXX
    """.split()  # noqa: SIM905 - a table reads better than a list of quoted words
)
CASH_SHARES = "shares of a money market fund at one dollar are cash"
SAME_ASSET = "the same asset under another name"

_BOUGHT_OR_SOLD = frozenset({Becomes.BUY, Becomes.SELL, Becomes.REINVEST})
_UNIT = re.compile(r"[-+($\s\d.,]*\d[\d.,]*(?:[eE][-+]?\d+)?\s*([A-Za-z][A-Za-z0-9.]*)\s*\)?")
_NO_ASSETS = ("x", "s", "l", "sh", "shares", "units", "contracts")
"""Words behind a number of units that name no asset; Robinhood marks short positions by S."""

_UNITS_OF = {
    "quantity": "asset",
    "sent_quantity": "sent_asset",
    "received_quantity": "received_asset",
    "fee_quantity": "fee_asset",
}
_SHORT = frozenset({Becomes.SHORT_SELL, Becomes.COVER})

_CUSIP = re.compile(r"\d{3}[0-9A-Z]{6}")
_BOND_WORDS = re.compile(r"\b\d{1,2}\.\d{2,5}\s?%|\bDUE\b|\bBILL\b", re.IGNORECASE)
_OPTIONS = (
    re.compile(r"-?([A-Z.]{1,6})\s*\d{6}[CP]\d+(?:\.\d+)?"),
    re.compile(r"([A-Z.]{1,6}) \d{1,2}/\d{1,2}/\d{2,4} \$?[\d,.]+ [CP]", re.IGNORECASE),
    re.compile(r"([A-Z.]{1,6}) \d{1,2}/\d{1,2}/\d{2,4} (?:CALL|PUT) \$?[\d,.]+", re.IGNORECASE),
    re.compile(r"([A-Z.]{1,6}) \d{1,2}[A-Z]{3}\d{2,4} [\d.]+ [CP]"),
    re.compile(r"([A-Z.]{1,6}) [A-Z]{3} \d{1,2} \d{4} [\d.]+ (?:CALL|PUT)(?: \(.*\))?", re.IGNORECASE),
    re.compile(r"(?:CALL|PUT)\s+([A-Z.]{1,6})\s+\d{1,2}/\d{1,2}/\d{2,4}\s+\$?[\d,.]+", re.IGNORECASE),
    re.compile(r"(?:CALL|PUT)\s+\(([A-Z.]{1,6})\).*", re.IGNORECASE),
)


def option_underlying(symbol: str) -> str:
    """The share that an option's symbol names, "" where the symbol is no option's."""
    text = symbol.strip()
    return next((found[1].upper() for form in _OPTIONS if (found := form.fullmatch(text)) is not None), "")


def is_cusip(symbol: str) -> bool:
    """Whether a security is called by its CUSIP number of nine characters."""
    return _CUSIP.fullmatch(symbol.strip()) is not None


def is_bond(symbol: str, description: str) -> bool:
    """Whether a security of a broker is a bond or bill: by its CUSIP, or by a rate or DUE in its description."""
    return is_cusip(symbol) or (not symbol.strip().isalpha() and _BOND_WORDS.search(description) is not None)


def classify(movement: Movement, said: str) -> None:
    """Option or bond, where the symbol or the description (`said`) says so."""
    asset = movement.in_asset if is_money(movement.out_asset) else movement.out_asset
    if movement.asset_class not in ("", "option") or is_money(asset):
        return
    underlying = option_underlying(asset)
    on_index = index_option(asset, underlying)
    if on_index is not None and (underlying or movement.asset_class == "option"):
        movement.asset_class = CLASS
        movement.underlying = "" if index_option(asset, "") else f"{on_index.root} x{on_index.size}"
    elif underlying:
        movement.asset_class = "option"
        movement.underlying = movement.underlying or f"{underlying} x100"
    elif movement.asset_class == "" and movement.becomes not in _SHORT and is_bond(asset, said):
        movement.asset_class = "bond"


def is_cash_fund(movement: Movement, said: str) -> bool:
    """Whether shares bought or sold are those of a money market fund at one dollar; `said` are the row's own words."""
    if movement.becomes not in _BOUGHT_OR_SOLD:
        return False
    symbol = movement.in_asset if movement.becomes is not Becomes.SELL else movement.out_asset
    name = symbol.strip("*").upper()
    is_fund = name in MONEY_FUNDS or (len(name) == 5 and name.endswith("XX") and "MONEY" in said.upper())
    units = movement.out_quantity if movement.becomes is Becomes.SELL else movement.in_quantity
    if not is_fund or units is None or movement.value is None:
        return False
    return abs(movement.value - units) <= CENT or movement.price == Decimal(1)


def is_renaming(movement: Movement) -> bool:
    """Whether both sides of an exchange are equal units of one asset."""
    return (
        movement.becomes is Becomes.EXCHANGE
        and bool(movement.in_asset)
        and movement.in_asset.casefold() == movement.out_asset.casefold()
        and movement.in_quantity == movement.out_quantity
    )


def is_of_one_asset(movement: Movement) -> bool:
    """Whether an exchange has one asset on both sides, in whatever units."""
    return (
        movement.becomes is Becomes.EXCHANGE
        and movement.in_asset.casefold() == movement.out_asset.casefold()
        and movement.in_asset.upper() != USD
    )


DOLLARS = "USD"
"""The one unit that is read before a number as well."""


def unit_of(cell: str) -> str:
    """The unit that a number's cell names, `BTC` of `0.5BTC`, `USD` of `USD 10`, "" where it names none."""
    found = _UNIT.fullmatch(cell.strip())
    return (DOLLARS if cell.strip().startswith(DOLLARS) else "") if found is None else found[1]


def contradicting_unit(text: RowFields, are_one: Callable[[str, str], bool]) -> tuple[str, str] | None:
    """What is wrong with a quantity whose unit is not that of its asset, and what to do about it.

    `are_one`: whether two names are of one asset.
    """
    for quantity, asset in _UNITS_OF.items():
        cell = text.get(quantity)
        if not cell or (cell[-1] <= "9" and not cell.startswith(DOLLARS)):
            continue
        name = text.get(asset, "")
        if not name:
            continue
        unit = unit_of(cell)
        if unit and unit.casefold() not in (name.casefold(), *_NO_ASSETS) and not are_one(unit, name):
            return (
                f"{cell} is in {unit}, and the row names {name} as its asset.",
                "Correct it in the source, or enter the row by hand.",
            )
    return None
