"""Amounts and dates as people type them on a command line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import click

_NUMBER = re.compile(r"[-+]?\$?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")


def number(text: str) -> Decimal:
    """`84000`, `$1,234.56` or `-3,000`. Raises BadParameter."""
    if not (_NUMBER.fullmatch(text.strip()) and any(map(str.isdecimal, text))):
        raise click.BadParameter(f"{text!r} is not a number.")
    return Decimal(text.strip().replace("$", "").replace(",", ""))


def day(text: str) -> date:
    """`2025-12-31`. Raises BadParameter."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date such as 2025-12-31.") from None


def named_number(text: str) -> tuple[str, Decimal]:
    """`1040-15=84000` or `AAPL=271.86` as a name and a number. Raises BadParameter."""
    name, equals, amount = (part.strip() for part in text.partition("="))
    if not (name and equals):
        raise click.BadParameter(f"{text!r} is not a name and a number; write it as NAME=NUMBER.")
    return name, number(amount)
