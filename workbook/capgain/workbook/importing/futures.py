"""Futures and options on them, which are section 1256 contracts (26 USC 1256(b), (g)): what a row's contracts come to.

Brokers settle futures in cash every day: some rows state price times contracts times multiplier, others 0.
"""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import CENT, EXACT, ZERO
from capgain.engine.section_1256 import Contract1256, Symbol, by_symbol
from capgain.workbook.importing.movements import USD, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.reading.symbols import right_in_name

CLASS = "1256"
_FUTURES = frozenset({Symbol.FUTURE, Symbol.MONTH_CODE, Symbol.ROOT})
_IN_CENTS = frozenset("ZC ZW ZS KE ZL LE HE GF KC SB CT OJ".split())  # noqa: SIM905
"""Roots quoted in cents, for which some brokers write dollars; their listed multiplier is that of a price in cents."""


def index_option(name: str, underlying: str) -> Contract1256 | None:
    """What an option on a broad index is by its root; None for any other asset."""
    found = by_symbol(name, underlying)
    return found if found is not None and found.symbol is Symbol.INDEX_OPTION else None


def unread_future(movement: Movement) -> str:
    """The future that a row is of by the slash of its symbol, if nothing says what its contracts come to; else ""."""
    if movement.asset_class == CLASS:
        return ""
    assets = (movement.out_asset, movement.in_asset)
    return next((name for name in assets if name.startswith(("/", "./"))), "")


def fill_in_contracts(movement: Movement, text: RowFields, underlying: str) -> tuple[str, str] | None:
    """The dollars of contracts bought or sold, before the fee; what is wrong and what to do about it, if anything is.

    The row's `amount` goes before its `price`; both must agree by its `multiplier`, or by that of the contract's root.

    Raises:
        UnreadableValue: a number is none.
    """
    asset, units = movement.asset, movement.in_quantity or movement.out_quantity or ZERO
    known = _listed(asset) or _listed(underlying)
    if known is None:
        return (
            f"{asset} is none of the futures that are known to be section 1256 contracts.",
            "If Form 1099-B, boxes 8 to 11, has it, enter it by hand with Class 1256 and Multiplier, or the year's box "
            "11 as 1256 Gain or 1256 Loss.",
        )
    stated = text.number("multiplier")
    size = stated or known.size or ZERO
    price, amount = text.number("price"), abs(text.number("amount") or ZERO)
    by_price = None if price is None else EXACT.multiply(EXACT.multiply(price, units), size)
    if price is not None and price < 0:
        return f"The price of {asset} is below 0 ({price}).", "Enter the row by hand; see the confirmation of that day."
    if not amount and not by_price and (price is None or right_in_name(asset) is None):
        return f"The row gives no price of {asset}.", "Enter the row by hand with the price of the confirmation."
    if not amount:
        amount = by_price or ZERO
    quoted = (1, 100) if stated is None and known.root in _IN_CENTS else (1,)
    if by_price and all(abs(EXACT.multiply(by_price, Decimal(of)) - amount) > units * CENT for of in quoted):
        return (
            f"{units.normalize():f} {asset} at {price} come to {by_price.normalize():f}, and the row says {amount}.",
            "Look at the confirmation of that day, and enter the row by hand with the right figures.",
        )
    movement.value = amount
    by_name = by_symbol(asset)
    movement.multiplier = size if by_name is None or by_name.size != size else None
    if movement.in_asset:
        movement.out_asset, movement.out_quantity = USD, amount
    else:
        movement.in_asset, movement.in_quantity = USD, amount
    return None


def _listed(name: str) -> Contract1256 | None:
    found = by_symbol(name) if name else None
    return found if found is not None and found.symbol in _FUTURES else None
