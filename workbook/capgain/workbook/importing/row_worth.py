"""What the units of a row were worth: the money on the other side, the dollar value, and a fee in the same units.

Each function fills in a movement whose units are known from the row's fields (`text`, amounts in `currency`), and
gives what is wrong and what to do about it, if anything is.
"""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import EXACT, ZERO, to_the_cent
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.row_sums import Disagreement, RowMoney, by_price, money_of
from capgain.workbook.importing.what_it_is import is_bond

_CONTRACT = Decimal(100)
"""Shares of an option's contract; its price is that of one share."""


def fill_in_money(movement: Movement, text: RowFields, currency: str, *, checked: bool) -> tuple[str, str] | None:
    """The dollars, or other currency, that units bought cost or units sold brought, before the fee.

    Interest that had accrued is neither. `checked`: the row's figures must agree.
    """
    bought = bool(movement.in_asset)
    units = movement.in_quantity or movement.out_quantity or ZERO
    amount, net = text.number("amount"), text.number("net")
    if not bought and amount is None and net is not None and net < 0 and movement.becomes is Becomes.SELL:
        return (
            f"A sale that costs {-net} dollars: it looks like a sale that was cancelled.",
            "Take the Sell row that it cancels back, or enter what it was.",
        )
    accrued = abs(text.number("accrued") or ZERO)
    after = None if net is None else abs(net) - accrued
    fee = movement.fee_quantity if movement.fee_asset in ("", currency) else ZERO
    said = money_of(bought=bought, gross=None if amount is None else abs(amount), net=after, fee=fee, checked=checked)
    is_by_price = isinstance(said, RowMoney) and checked and amount is None and movement.fee_stated
    if is_by_price and after and (price := text.number("price")):
        said = (
            by_price(bought=bought, price=abs(price), units=units, fee=fee or ZERO, net=after, accrued=accrued) or said
        )
    if isinstance(said, Disagreement):
        if (with_interest := _interest_within(movement, text, units, after)) is not None:
            return with_interest
        return said.message, "Look at the confirmation of that day, and enter the row by hand with the right figures."
    if said is not None:
        if movement.fee_asset in ("", currency):
            movement.fee_asset, movement.fee_quantity = (currency, said.fee) if said.fee else ("", None)
        worth: Decimal | None = said.amount
    elif movement.value is not None:
        worth, currency = movement.value, USD
    else:
        price = text.number("price")
        shares = EXACT.multiply(units, _CONTRACT) if movement.asset_class == "option" else units
        worth = None if price is None else EXACT.multiply(abs(price), shares)
    if worth is None:
        return (
            f"The row does not say for how many dollars {movement.asset} changed hands.",
            "Correct it in the source, or enter the row by hand.",
        )
    movement.value = worth if currency == USD else movement.value
    movement.accrued = accrued or None
    if bought:
        movement.out_asset, movement.out_quantity = currency, worth
    else:
        movement.in_asset, movement.in_quantity = currency, worth
    return None


def _interest_within(
    movement: Movement, text: RowFields, units: Decimal, net: Decimal | None
) -> tuple[str, str] | None:
    """What to say of a bond whose money is more than its price, quoted for 100: interest that had accrued."""
    price = text.number("price")
    if net is None or price is None or text.number("accrued") or not is_bond(movement.asset, text.get("note", "")):
        return None
    bought = bool(movement.in_asset)
    fee = movement.fee_quantity or ZERO
    worth = to_the_cent(EXACT.multiply(EXACT.multiply(abs(price), units), Decimal("0.01")))
    rest = net - fee - worth if bought else net + fee - worth
    if not 0 < rest < worth:
        return None
    paid = "paid: it lowers the interest on Schedule B" if bought else "received: enter it as a row of Type Interest"
    return (
        f"{abs(price).normalize():f} for 100 of {units.normalize():f} {movement.asset} is {worth}, and {rest} more "
        f"{'was paid' if bought else 'came'}: interest that had accrued, by all appearance.",
        f"Enter the {'Buy' if bought else 'Sell'} with {worth} in Amount; the {rest} are interest {paid}.",
    )


def fill_in_other_units(
    movement: Movement, text: RowFields, asset: str, quantity: Decimal | None, currency: str, *, checked: bool
) -> tuple[str, str] | None:
    """A Buy or Sell whose note names what was given or received: dollars, or other units at a dollar value."""
    if not quantity:
        return f"The row gives no quantity of {asset}.", "Correct it in the source, or enter the row by hand."
    bought = movement.becomes in (Becomes.BUY, Becomes.REINVEST, Becomes.COVER)
    other = movement.out_asset if bought else movement.in_asset
    units = movement.out_quantity if bought else movement.in_quantity
    movement.in_asset = movement.out_asset = ""
    movement.in_quantity = movement.out_quantity = None
    if bought:
        movement.in_asset, movement.in_quantity = asset, abs(quantity)
    else:
        movement.out_asset, movement.out_quantity = asset, abs(quantity)
    if other == currency:
        return fill_in_money(movement, text, currency, checked=checked)
    amounts = [abs(amount) for field in ("amount", "net") if (amount := text.number(field)) is not None]
    movement.value = min(amounts) if amounts and currency == USD else None
    # The fee is within the units that the note names: more of them left, or fewer of them came.
    movement.fee_asset, movement.fee_quantity, movement.fee_value = "", None, None
    movement.becomes = Becomes.EXCHANGE
    if bought:
        movement.out_asset, movement.out_quantity = other, units
    else:
        movement.in_asset, movement.in_quantity = other, units
    return None


def fill_in_cash(movement: Movement, text: RowFields, asset: str) -> tuple[str, str] | None:
    """The dollars of a row without units: a dividend, interest, a return of capital, cash in lieu."""
    amount = movement.value
    for field in ("amount", "net"):
        if not amount:
            found = text.number(field)
            amount = amount if found is None else found
    if amount is None:
        return "The row gives no amount.", "Correct it in the source, or enter the row by hand."
    if amount < 0:
        return (
            f"{movement.kind!r} of {amount} dollars: something was taken back.",
            "Reduce the row that it takes back by that amount.",
        )
    shares = text.number("quantity")
    if amount == 0 and shares:
        return (
            f"{movement.kind!r} of no dollars with {abs(shares):f} {asset or 'shares'}: shares came, or they were "
            "taken back.",
            "Enter what your statement shows: a Split, or shares of their own.",
        )
    movement.in_asset = asset
    movement.value = amount
    return None


def fill_in_worth(movement: Movement, text: RowFields, currency: str) -> None:
    """What units that came or left without a price were worth, as far as the row says."""
    if movement.value is not None or currency != USD:
        return
    for field in ("amount", "net"):
        amount = text.number(field)
        if amount:
            movement.value = abs(amount)
            return
    if movement.price:
        movement.value = EXACT.multiply(movement.price, movement.in_quantity or movement.out_quantity or ZERO)


def fold_in_fee(movement: Movement) -> None:
    """A fee in the units that move: with a withdrawal it leaves too, of a deposit or income it never arrives."""
    units = movement.out_quantity or movement.in_quantity
    if movement.price is None and movement.value is not None and units:
        movement.price = _per_unit(movement.value, units)
    fee = movement.fee_quantity
    if not fee or movement.fee_asset not in (movement.out_asset, movement.in_asset):
        return
    if movement.fee_value is not None:
        movement.price = _per_unit(movement.fee_value, fee)
    is_within = (
        movement.becomes is Becomes.TRANSFER
        and movement.in_asset == movement.out_asset
        and movement.in_quantity is not None
        and movement.out_quantity == movement.in_quantity + fee
    )
    if movement.becomes in (Becomes.WITHDRAWAL, Becomes.TRANSFER) and not is_within:
        movement.out_quantity = (movement.out_quantity or ZERO) + fee
    elif movement.becomes in (Becomes.DEPOSIT, Becomes.INCOME):
        movement.in_quantity = (movement.in_quantity or ZERO) - fee
        if movement.value is not None and movement.price is not None:
            movement.value = EXACT.multiply(movement.price, movement.in_quantity)
    elif not is_within:
        return
    movement.fee_asset, movement.fee_quantity, movement.fee_value = "", None, None


def _per_unit(value: Decimal, units: Decimal) -> Decimal:
    """Dollars per unit to the 8th decimal."""
    return EXACT.divide(value, units).quantize(Decimal("1e-8"), context=EXACT)
