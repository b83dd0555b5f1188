"""CAPGAIN_TAX, CAPGAIN_HARVEST and CAPGAIN_WHATIF: from gains to tax, and from looking back to deciding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.addin.excel.cells import ErrorCode, Failure, OutputCell, Table
from capgain.addin.excel.functions.tax_forms import schedule_d_of
from capgain.addin.excel.ledgers import Book
from capgain.engine.forms.tax_on_gains import StatedIncome, tax_on_gains
from capgain.engine.money import CENT


def tax(book: Book, year: int, taxable_income: Decimal) -> Table:
    """The tax with the year's gains and without them, and what the next dollar of gain would cost."""
    schedule_d = schedule_d_of(book.report(through=year).years.get(year), year)
    stated = replace(StatedIncome.of(book.ledger.settings, year), taxable_income=taxable_income)
    found = tax_on_gains(schedule_d, stated)
    rows: list[tuple[OutputCell, ...]] = [
        ("Tax with the gains", found.with_gains.total.quantize(CENT)),
        ("Tax without the gains", found.without_gains.total.quantize(CENT)),
        ("Difference", found.difference.quantize(CENT)),
        ("Rate on the next short-term dollar", found.marginal.short),
        ("Rate on the next long-term dollar", found.marginal.long),
        ("Net investment income tax on the next dollar", found.marginal.niit),
        ("Room left in the 0% band", found.room_at_zero.quantize(CENT)),
        ("Room left in the 15% band", found.room_at_fifteen.quantize(CENT)),
    ]
    return [*rows, *((assumption, None) for assumption in found.assumptions)]


def harvest(book: Book, as_of: date) -> Table:
    raise Failure(ErrorCode.NOT_AVAILABLE, f"no harvest as of {as_of} {book}")


def whatif(book: Book, asset: str, quantity: Decimal, price: Decimal, date: date, account: str | None) -> Table:
    raise Failure(ErrorCode.NOT_AVAILABLE, f"no what-if {book} {asset} {quantity} {price} {date} {account}")
