"""The money of a row by its own figures: before the fee, the fee, and after it must agree, or the row is not taken.

A purchase costs what is before the fee and the fee; a sale brings what is before the fee less the fee. Where the
figures agree to the cent, what is after the fee rules. A fee that is received (a rebate) is part of the money.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.money import CENT, EXACT, ZERO
from capgain.workbook.written.numbers import decimals

_FACTORS = (Decimal(1), Decimal(100), Decimal("0.01"))
"""Units of one price: shares, the hundred shares of an option's contract, the hundred dollars a bond is quoted in."""


@dataclass(frozen=True, slots=True)
class RowMoney:
    """Dollars before the fee and the fee, 0 or more."""

    amount: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Figures of a row that do not add up."""

    message: str


def money_of(
    *, bought: bool, gross: Decimal | None, net: Decimal | None, fee: Decimal | None, checked: bool
) -> RowMoney | Disagreement | None:
    """The money of a row from figures whose signs are stripped, but for the fee's: above 0 it was paid, below received.

    None where it says neither what is before the fee nor what is after it. Not `checked`: the figures may disagree.
    """
    paid = ZERO if fee is None else fee
    if net is None:
        if gross is None:
            return None
        return _without_rebate(bought, gross, paid)
    if gross is None or not checked:
        return _without_rebate(bought, net - paid if bought else net + paid, paid)
    if fee is None:
        paid = net - gross if bought else gross - net
        if paid < -CENT:
            return _disagree(bought, gross, None, net)
        return RowMoney(net - paid if bought else net + paid, max(paid, ZERO))
    signs = (paid, -paid) if paid < 0 else (paid,)
    for one in signs:
        if abs((gross + one if bought else gross - one) - net) <= CENT:
            return _without_rebate(bought, net - one if bought else net + one, one)
    return _disagree(bought, gross, paid, net)


def by_price(
    *, bought: bool, price: Decimal, units: Decimal, fee: Decimal, net: Decimal, accrued: Decimal = ZERO
) -> Disagreement | None:
    """Whether price times units, the fee and the money after it agree, as far as their decimals can say so."""
    gross = net - fee if bought else net + fee
    slack = 2 * CENT + _half_of_last(price, 2) * units
    if decimals(units) > 0:
        slack += _half_of_last(units, decimals(units)) * price
    worth = EXACT.multiply(price, units)
    if any(abs(EXACT.multiply(worth, factor) - gross) <= slack * factor + CENT for factor in _FACTORS):
        return None
    said = f"{price.normalize():f} times {units.normalize():f} is {_plain(worth)}"
    sign = "and" if bought else "less"
    interest = f" and the accrued interest of {_plain(accrued)}" if accrued else ""
    return Disagreement(f"{said}, {sign} the fee of {_plain(fee)}{interest} is not the {_plain(net)} of the row.")


def _without_rebate(bought: bool, amount: Decimal, paid: Decimal) -> RowMoney:
    if paid >= 0:
        return RowMoney(amount, paid)
    return RowMoney(amount + paid if bought else amount - paid, ZERO)


def _disagree(bought: bool, gross: Decimal, fee: Decimal | None, net: Decimal) -> Disagreement:
    sign = "and" if bought else "less"
    of_fee = "without a fee" if fee is None else f"{sign} the fee of {_plain(fee)}"
    return Disagreement(f"{_plain(gross)} before the fee, {of_fee}, is not the {_plain(net)} after it.")


def _half_of_last(number: Decimal, least: int) -> Decimal:
    return Decimal(5).scaleb(-max(least, decimals(number)) - 1)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}" if amount % 1 else f"{amount.quantize(Decimal(1)):f}"
