"""Payments of estimated tax as Settings write them: `2026-04-15 4000; 2026-06-15 3000`, or one amount."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from capgain.engine.settings import EstimatedPayment
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, shown
from capgain.workbook.written.moments import read_lone_day
from capgain.workbook.written.numbers import read_number

_HOW = "Write each as 2026-04-15 4000, with semicolons between, or one amount that was paid in time."


def read_payments(cell: Cell) -> tuple[EstimatedPayment, ...] | Misread | None:
    """The payments of a year; one amount without a day is paid in four equal parts in time."""
    if not isinstance(cell, str) or not any(sign in cell.strip() for sign in (" ", ";")):
        amount = read_number(cell)
        if not isinstance(amount, Decimal):
            return amount
        return _negative(cell) if amount < 0 else (EstimatedPayment(None, amount),)
    payments = []
    for piece in filter(None, map(str.strip, text_of(cell).split(";"))):
        day_text, _, amount_text = piece.partition(" ")
        day, amount = read_lone_day(day_text), read_number(amount_text.strip())
        if not isinstance(day, date) or not isinstance(amount, Decimal):
            return Misread(f"{shown(piece)} is no day and amount of a payment.", _HOW, "ESTIMATED_PAYMENT")
        if amount < 0:
            return _negative(piece)
        payments.append(EstimatedPayment(day, amount))
    return tuple(payments)


def _negative(cell: Cell) -> Misread:
    return Misread(f"{shown(cell)} is negative.", _HOW, "NEGATIVE_VALUE")


def payment_outside(year: int, payments: Iterable[EstimatedPayment]) -> Misread | None:
    """A payment whose day cannot be one of the year's: 1 January to 31 January of the next."""
    for one in payments:
        if one.day is not None and not date(year, 1, 1) <= one.day <= date(year + 1, 1, 31):
            return Misread(
                f"{one.day} is no day on which tax of {year} is paid.",
                f"Estimated tax of {year} is paid from {year}-01-01 to {year + 1}-01-31: correct the day, or the year "
                "of the setting.",
                "ESTIMATED_PAYMENT",
            )
    return None
