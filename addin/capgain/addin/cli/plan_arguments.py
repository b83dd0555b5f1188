"""What the planning commands are given besides a ledger: quantities, amounts, days and prices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from capgain.engine.ledger import Price


def units(text: str) -> Decimal:
    """More than zero, up to 18 decimals. Raises BadParameter."""
    number = _number(text)
    if number <= 0:
        raise click.BadParameter(f"{text!r} is not more than zero.")
    return number


def price(text: str) -> Decimal:
    """Zero or more, as `1234.56` or `$1,234.56`. Raises BadParameter."""
    number = _number(text)
    if number < 0:
        raise click.BadParameter(f"{text!r} is negative.")
    return number


def price_pair(text: str) -> Price:
    """`ASSET=DOLLARS`: what a unit is worth on the day asked about. Raises BadParameter."""
    from capgain.engine.ledger import Price

    asset, _, amount = (part.strip() for part in text.rpartition("="))
    if not (asset and amount):
        raise click.BadParameter(f"{text!r} has no asset and price; write it as --price BTC=90000.")
    return Price(asset, price(amount))


def _number(text: str) -> Decimal:
    from capgain.workbook.written.numbers import read_quantity

    number = read_quantity(text)
    if isinstance(number, Decimal):
        return number
    raise click.BadParameter(f"{text!r} is not a number." if number is None else f"{number.message} {number.remedy}")


class Day(click.ParamType[date]):
    """A day as 2025-12-31 or 12/31/2025."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        pattern = "%m/%d/%Y" if "/" in value else "%Y-%m-%d"
        try:
            return datetime.strptime(value.strip(), pattern).date()
        except ValueError:
            raise click.BadParameter(f"{value!r} is no day such as 2025-12-31 or 12/31/2025.") from None


price_option = click.option(
    "--price",
    "prices",
    type=price_pair,
    metavar="ASSET=DOLLARS",
    multiple=True,
    help="What one unit is worth, before the Prices sheet: 'BTC=90000'. May be repeated.",
)
