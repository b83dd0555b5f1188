"""What a row and its assets are: a sentence is no row, shares of a money fund are cash, two names may be one asset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.money import CENT
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_files import DELIMITERS

MONEY_FUNDS = frozenset(
    """
    SPAXX FDRXX FZFXX SPRXX FZDXX FCASH CORE SWVXX SNVXX SNOXX SNSXX SNAXX SUTXX SGUXX SWGXX VMFXX VMRXX VUSXX VMMXX
    """.split()  # noqa: SIM905 - a table reads better than a list of quoted words
)
CASH_SHARES = "shares of a money market fund at one dollar are cash"
SAME_ASSET = "the same asset under another name"
TEXT_ALONE = "a line of text, no row of the table"

_BOUGHT_OR_SOLD = frozenset({Becomes.BUY, Becomes.SELL, Becomes.REINVEST})
_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = 5
_FEW_FILLED = 2
_UNIT = re.compile(r"[-+($\s\d.,]*\d[\d.,]*(?:[eE][-+]?\d+)?\s*([A-Za-z][A-Za-z0-9.]*)\s*\)?")
_NO_ASSETS = ("x", "s", "l", "sh", "shares", "units", "contracts")
"""Words behind a number of units that name no asset; Robinhood marks short positions by S."""

_CUSIP = re.compile(r"\d{3}[0-9A-Z]{6}")
_BOND_WORDS = re.compile(r"\b\d{1,2}\.\d{2,5}\s?%|\bDUE\b|\bBILL\b", re.IGNORECASE)
_OPTIONS = (
    re.compile(r"-?([A-Z.]{1,6})\s*\d{6}[CP]\d+(?:\.\d+)?"),
    re.compile(r"([A-Z.]{1,6}) \d{1,2}/\d{1,2}/\d{2,4} \$?[\d,.]+ [CP]", re.IGNORECASE),
    re.compile(r"([A-Z.]{1,6}) \d{1,2}/\d{1,2}/\d{2,4} (?:CALL|PUT) \$?[\d,.]+", re.IGNORECASE),
    re.compile(r"([A-Z.]{1,6}) \d{1,2}[A-Z]{3}\d{2,4} [\d.]+ [CP]"),
    re.compile(r"(?:CALL|PUT)\s+([A-Z.]{1,6})\s+\d{1,2}/\d{1,2}/\d{2,4}\s+\$?[\d,.]+", re.IGNORECASE),
    re.compile(r"(?:CALL|PUT)\s+\(([A-Z.]{1,6})\).*", re.IGNORECASE),
)


def is_text_alone(cells: Sequence[str], columns: int) -> bool:
    """Whether a row of a table of many columns is a sentence in one cell, such as a disclaimer below the rows."""
    if sum(map(bool, cells)) > _FEW_FILLED:
        return False
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1 or columns == 1 or len(_WORD.findall(filled[0])) < _SENTENCE or filled[0][0].isdigit():
        return False
    pieces = max((filled[0].split(delimiter) for delimiter in DELIMITERS), key=len)
    return len(pieces) <= columns // 2 or not any(piece.strip()[:1].isdigit() for piece in pieces)


def option_underlying(symbol: str) -> str:
    """The share that an option's symbol names, "" where the symbol is no option's."""
    text = symbol.strip()
    return next((found[1].upper() for form in _OPTIONS if (found := form.fullmatch(text)) is not None), "")


def is_bond(symbol: str, description: str) -> bool:
    """Whether a security of a broker is a bond or bill: by its CUSIP, or by a rate or DUE in its description."""
    return _CUSIP.fullmatch(symbol.strip()) is not None or (
        not symbol.strip().isalpha() and _BOND_WORDS.search(description) is not None
    )


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


def contradicting_unit(text: RowFields, known: dict[str, str]) -> tuple[str, str, str] | None:
    """(cell, its unit, the asset named beside it) of a quantity whose unit is not that of its asset.

    `known` are pairs of fields: the quantity and the asset that it is of.
    """
    for quantity, asset in known.items():
        cell = text.get(quantity)
        if not cell or (cell[-1] <= "9" and not cell.startswith(DOLLARS)):
            continue
        name = text.get(asset, "")
        if not name:
            continue
        unit = unit_of(cell)
        if unit and unit.casefold() not in (name.casefold(), *_NO_ASSETS):
            return cell, unit, name
    return None
