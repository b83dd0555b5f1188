"""What commands are given as text, read as a cell of the ledger would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import click

from capgain.engine.ledger import Price
from capgain.workbook.written.lot_words import read_lot_order
from capgain.workbook.written.misread import Misread
from capgain.workbook.written.moments import read_lone_day, read_year
from capgain.workbook.written.numbers import read_number, read_quantity
from capgain.workbook.written.words import METHODS, Vocabulary

V = TypeVar("V")
E = TypeVar("E", bound=Enum)
F = TypeVar("F", bound=Callable[..., Any])


ALL = "all"


def _given(found: V | Misread | None) -> V:
    if found is None:
        raise click.BadParameter("Nothing is given.")
    if isinstance(found, Misread):
        raise click.BadParameter(f"{found.message} {found.remedy}")
    return found


def units(text: str) -> Decimal:
    """More than zero, up to 18 decimals. Raises BadParameter."""
    number = _given(read_quantity(text))
    if number <= 0:
        raise click.BadParameter(f"{text!r} is not more than zero.")
    return number


def price(text: str) -> Decimal:
    """Zero or more, as `1234.56` or `$1,234.56`. Raises BadParameter."""
    number = _given(read_quantity(text))
    if number < 0:
        raise click.BadParameter(f"{text!r} is negative.")
    return number


def row_number(text: str) -> int:
    """A row of a sheet, counted from 1. Raises BadParameter."""
    number = _given(read_number(text))
    if number < 1 or number % 1:
        raise click.BadParameter(f"{text!r} is no row of a sheet.")
    return int(number)


def price_pair(text: str) -> Price:
    """`ASSET=DOLLARS`: what a unit is worth on the day asked about. Raises BadParameter."""
    asset, _, amount = (part.strip() for part in text.rpartition("="))
    if not (asset and amount):
        raise click.BadParameter(f"{text!r} has no asset and price; write it as --price BTC=90000.")
    return Price(asset, price(amount))


def lot_and_units(text: str) -> tuple[str, str]:
    """`LOT=UNITS` or `LOT=all`. Raises BadParameter."""
    lot, _, amount = (part.strip() for part in text.rpartition("="))
    if not (lot and amount):
        raise click.BadParameter(f"{text!r} is no lot and units; write it as --sell L1=all or --sell L1=2.5.")
    if amount.casefold() != ALL:
        units(amount)
    return lot, amount


def line_amount(text: str) -> tuple[str, Decimal]:
    """`1040-15=84000` or `D16=-3,000` as a line and an amount. Raises BadParameter."""
    line, _, amount = (part.strip() for part in text.partition("="))
    if not (line and amount):
        raise click.BadParameter(f"{text!r} is not a line and an amount; write it as --set 1040-15=84000.")
    return line, _given(read_number(amount))


def day(text: str) -> date:
    """A day as 2025-12-31 or 12/31/2025. Raises BadParameter."""
    found = read_lone_day(text)
    if isinstance(found, Misread):
        raise click.BadParameter(f"{found.message} Write a day such as 2025-12-31 or 12/31/2025.")
    return _given(found)


def tax_year(text: str) -> int:
    """A tax year of four digits. Raises BadParameter."""
    return _given(read_year(text))


def word_option(name: str, words: Vocabulary[E], **more: Any) -> Callable[[F], F]:
    """An option that takes any word that people write for a member of `words`, and gives the member's own value."""

    def word(text: str) -> str:
        return str(_given(words.read(text)).value)

    return click.option(name, type=word, metavar=f"[{'|'.join(words.values)}]", **more)


def _order(text: str) -> str:
    """A method of choosing lots, with `broker` or `books` behind it where it is said where the order lies."""
    _given(read_lot_order(text))
    return text.strip()


method_option = click.option(
    "--method",
    type=_order,
    metavar=f"[{'|'.join(METHODS.values)}]",
    help="Lot relief, instead of Settings; 'hifo broker' where the order lies with the broker.",
)

price_option = click.option(
    "--price",
    "prices",
    type=price_pair,
    metavar="ASSET=DOLLARS",
    multiple=True,
    help="What one unit is worth, before the Prices sheet: 'BTC=90000'. May be repeated.",
)
price_files_option = click.option(
    "--prices",
    "price_files",
    type=click.Path(path_type=Path),
    metavar="FILE",
    multiple=True,
    help="A price file that counts beside the sheet Prices. May be repeated.",
)
single_year_option = click.option("--year", type=tax_year, metavar="YEAR", help="Tax year; else as in compute.")
