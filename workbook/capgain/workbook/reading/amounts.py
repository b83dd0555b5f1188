"""Price and Amount of one row held against each other."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import CENT, EXACT
from capgain.engine.problems import Severity
from capgain.workbook.written.misread import Misread
from capgain.workbook.written.numbers import decimals

ONE_PERCENT = Decimal("0.01")
PRICE_DECIMALS = 2
"""A price counts as rounded to its last decimal, but to cents at least: Excel drops trailing zeros."""

ONE = Decimal(1)


def disagreement(
    price: Decimal, amount: Decimal, quantity: Decimal, size: Decimal = ONE
) -> tuple[Severity, Misread] | None:
    """What to say when `price` × `quantity` × `size` is not `amount`; None where rounding explains the difference.

    `size` is what a price of one contract is multiplied by.

    Rounding: a cent of the amount, and half of the price's last decimal for each unit. Beyond it the row gets a
    warning; beyond 1% of the product an error, unless a price of few decimals explains it, which is a warning.
    """
    units = EXACT.multiply(quantity, size)
    product = EXACT.multiply(price, units)
    apart = abs(EXACT.subtract(amount, product))
    if apart <= CENT:
        return None
    rounding = _rounding(price, units)
    large = apart > EXACT.multiply(product, ONE_PERCENT)
    if apart <= rounding and not large:
        return None
    times = "" if size == 1 else f" × {size.normalize(EXACT):f}"
    message = f"Amount {money_text(amount)} is not Quantity × Price{times}, which is {money_text(product)}"
    if large and apart > rounding:
        return Severity.ERROR, Misread(
            f"{message}: more than 1% apart.",
            "Correct Quantity, Price or Amount, or leave Price blank.",
            "AMOUNT_MISMATCH",
        )
    return Severity.WARNING, Misread(
        f"{message}; Amount is used.", "Correct Price or Amount, or leave Price blank.", "AMOUNT_NEAR_PRICE"
    )


def _rounding(price: Decimal, quantity: Decimal) -> Decimal:
    """What a product may be apart from a sum: a cent of the sum, and half of the price's last decimal for each unit."""
    last = max(PRICE_DECIMALS, decimals(price))
    return EXACT.add(CENT, EXACT.multiply(quantity, Decimal(5).scaleb(-last - 1)))


def basis_apart(
    type_name: str, basis: Decimal, paid: Decimal, fee: Decimal, price: object, quantity: Decimal
) -> Misread | None:
    """What to say when the Basis beside a purchase is not what was `paid`, with the fee or without.

    A purchase does not read Basis: it costs what was paid, and the fee (26 USC 1012).
    """
    with_fee = EXACT.add(paid, fee)
    nearest = min(abs(EXACT.subtract(basis, paid)), abs(EXACT.subtract(basis, with_fee)))
    if nearest <= (_rounding(price, quantity) if isinstance(price, Decimal) else CENT):
        return None
    return Misread(
        f"{type_name} does not use Basis, but {money_text(basis)} is given, and is not what was paid: "
        f"{money_text(paid)}, with the fee {money_text(with_fee)}.",
        "Correct the figure that is wrong: the basis comes from Amount, or Quantity × Price, and Fee.",
        "UNUSED_CELL",
    )


def fee_within(amount: Decimal, product: Decimal, fee: object) -> Misread | None:
    """What to say when `amount` is `product`, Quantity × Price, with the fee added or taken off to the cent.

    The fee is then not taken a second time: the amount before it is Quantity × Price.
    """
    if not isinstance(fee, Decimal) or fee <= CENT:
        return None
    if abs(EXACT.subtract(abs(EXACT.subtract(amount, product)), fee)) > CENT:
        return None
    return Misread(
        f"Amount {money_text(amount)} is Quantity × Price, {money_text(product)}, and the fee of {money_text(fee)}: "
        f"{money_text(product)} is used, so that the fee counts once.",
        "Nothing is to be done; Amount is meant before the fee.",
        "FEE_WITHIN_AMOUNT",
    )


def money_text(amount: Decimal) -> str:
    """Dollars with at least two decimals and thousands commas."""
    normal = amount.normalize(EXACT)
    return f"{normal:,.{max(2, decimals(normal))}f}"
