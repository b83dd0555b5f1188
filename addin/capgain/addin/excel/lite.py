"""The functions for xlwings Lite and xlwings Server: `from capgain.addin.excel.lite import *` in main.py.

Made from the registry by `python -m capgain.addin.excel.building`; do not edit. A function here sees only its
arguments: settings and accounts have to be passed, and dates are taken to count from 1900.
"""

# ruff: noqa: E501
from __future__ import annotations

from typing import Any

import xlwings as xw

from capgain.addin.excel.lite_answer import lite_answer

__all__ = [
    "CAPGAIN",
    "CAPGAIN_8949",
    "CAPGAIN_BASIS",
    "CAPGAIN_CHECK",
    "CAPGAIN_EXPLAIN",
    "CAPGAIN_HARVEST",
    "CAPGAIN_LEDGER",
    "CAPGAIN_LOTS",
    "CAPGAIN_NET",
    "CAPGAIN_ROWS",
    "CAPGAIN_SCHEDULE_D",
    "CAPGAIN_TAX",
    "CAPGAIN_TERM",
    "CAPGAIN_WHATIF",
]


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "year",
    convert="raw",
    doc="The tax year, as 2025.",
)
@xw.arg(
    "measure",
    convert="raw",
    doc="net, short or long gain of the year's disposals; or proceeds, basis, adjustment, wash, income, deductible, carryover, carryover_short, carryover_long, unrealized.",
)
@xw.arg(
    "asset",
    convert="raw",
    doc="Only this asset, as AAPL or BTC.",
)
@xw.arg(
    "account",
    convert="raw",
    doc="Only this account.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN(
    ledger: Any,
    year: Any,
    measure: Any = None,
    asset: Any = None,
    account: Any = None,
    settings: Any = None,
) -> Any:
    """One number of a tax year: gain or loss, proceeds, basis, income, deduction, carryover or unrealized gain."""
    return lite_answer("CAPGAIN", [ledger, year, measure, asset, account, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_ROWS(
    ledger: Any,
    settings: Any = None,
) -> Any:
    """Beside the ledger, row for row: gain, term, box and status."""
    return lite_answer("CAPGAIN_ROWS", [ledger, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "year",
    convert="raw",
    doc="The tax year, as 2025.",
)
@xw.arg(
    "box",
    convert="raw",
    doc="Only this box, A to L.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_8949(
    ledger: Any,
    year: Any,
    box: Any = None,
    settings: Any = None,
) -> Any:
    """The rows of Form 8949, columns (a) to (h), with a header."""
    return lite_answer("CAPGAIN_8949", [ledger, year, box, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "year",
    convert="raw",
    doc="The tax year, as 2025.",
)
@xw.arg(
    "line",
    convert="raw",
    doc="A line such as 7, 16 or 1b; all lines if left out.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_SCHEDULE_D(
    ledger: Any,
    year: Any,
    line: Any = None,
    settings: Any = None,
) -> Any:
    """One line of Schedule D, or all of them with their text."""
    return lite_answer("CAPGAIN_SCHEDULE_D", [ledger, year, line, settings])


@xw.func
@xw.arg(
    "short",
    convert="raw",
    doc="Net short-term gain or loss of the year.",
)
@xw.arg(
    "long",
    convert="raw",
    doc="Net long-term gain or loss of the year.",
)
@xw.arg(
    "carry_short",
    convert="raw",
    doc="Short-term loss carried in, positive.",
)
@xw.arg(
    "carry_long",
    convert="raw",
    doc="Long-term loss carried in, positive.",
)
@xw.arg(
    "status",
    convert="raw",
    doc="single, mfj, mfs, hoh or qss.",
)
@xw.arg(
    "taxable_income",
    convert="raw",
    doc="Form 1040 taxable income, negative if deductions exceed income; enough if left out.",
)
@xw.ret(convert="raw")
def CAPGAIN_NET(
    short: Any,
    long: Any,
    carry_short: Any = None,
    carry_long: Any = None,
    status: Any = None,
    taxable_income: Any = None,
) -> Any:
    """Netting alone: Schedule D line 16, the deduction and both carryovers to next year."""
    return lite_answer("CAPGAIN_NET", [short, long, carry_short, carry_long, status, taxable_income])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "as_of",
    convert="raw",
    doc="At the end of this day; today if left out.",
)
@xw.arg(
    "asset",
    convert="raw",
    doc="Only this asset, as AAPL or BTC.",
)
@xw.arg(
    "account",
    convert="raw",
    doc="Only this account.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_LOTS(
    ledger: Any,
    as_of: Any = None,
    asset: Any = None,
    account: Any = None,
    settings: Any = None,
) -> Any:
    """The lots still held, with quantity, acquisition date, basis and term."""
    return lite_answer("CAPGAIN_LOTS", [ledger, as_of, asset, account, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "asset",
    convert="raw",
    doc="The asset, as AAPL or BTC.",
)
@xw.arg(
    "as_of",
    convert="raw",
    doc="At the end of this day; today if left out.",
)
@xw.arg(
    "account",
    convert="raw",
    doc="Only this account.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_BASIS(
    ledger: Any,
    asset: Any,
    as_of: Any = None,
    account: Any = None,
    settings: Any = None,
) -> Any:
    """The basis of all units of an asset that are held."""
    return lite_answer("CAPGAIN_BASIS", [ledger, asset, as_of, account, settings])


@xw.func
@xw.arg(
    "acquired",
    convert="raw",
    doc="The day of acquisition.",
)
@xw.arg(
    "sold",
    convert="raw",
    doc="The day of sale.",
)
@xw.ret(convert="raw")
def CAPGAIN_TERM(
    acquired: Any,
    sold: Any,
) -> Any:
    """Short or Long: more than one year counts as long-term."""
    return lite_answer("CAPGAIN_TERM", [acquired, sold])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "prices",
    convert="raw",
    doc="Two columns or more with a header: Asset, Price, and perhaps Date.",
)
@xw.arg(
    "as_of",
    convert="raw",
    doc="At the end of this day; today if left out.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_HARVEST(
    ledger: Any,
    prices: Any,
    as_of: Any = None,
    settings: Any = None,
) -> Any:
    """Lots at a loss, what selling each would save this year, and which would be a wash sale."""
    return lite_answer("CAPGAIN_HARVEST", [ledger, prices, as_of, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "asset",
    convert="raw",
    doc="The asset to sell.",
)
@xw.arg(
    "quantity",
    convert="raw",
    doc="How many units.",
)
@xw.arg(
    "price",
    convert="raw",
    doc="Dollars for one unit.",
)
@xw.arg(
    "date",
    convert="raw",
    doc="The day of the sale; today if left out.",
)
@xw.arg(
    "account",
    convert="raw",
    doc="The account it is sold from.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_WHATIF(
    ledger: Any,
    asset: Any,
    quantity: Any,
    price: Any,
    date: Any = None,
    account: Any = None,
    settings: Any = None,
) -> Any:
    """A planned sale under every lot method side by side, with the tax of each. The ledger does not change."""
    return lite_answer("CAPGAIN_WHATIF", [ledger, asset, quantity, price, date, account, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "year",
    convert="raw",
    doc="The tax year, as 2025.",
)
@xw.arg(
    "taxable_income",
    convert="raw",
    doc="Form 1040 taxable income with these gains in it.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_TAX(
    ledger: Any,
    year: Any,
    taxable_income: Any,
    settings: Any = None,
) -> Any:
    """The federal tax on the gains of a year: with them, without them, the difference, and marginal rates."""
    return lite_answer("CAPGAIN_TAX", [ledger, year, taxable_income, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_CHECK(
    ledger: Any,
    settings: Any = None,
) -> Any:
    """The problems of the ledger, or OK."""
    return lite_answer("CAPGAIN_CHECK", [ledger, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "year",
    convert="raw",
    doc="The tax year, as 2025.",
)
@xw.arg(
    "line",
    convert="raw",
    doc="A line such as 7, 16 or 1b.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.ret(convert="raw")
def CAPGAIN_EXPLAIN(
    ledger: Any,
    year: Any,
    line: Any,
    settings: Any = None,
) -> Any:
    """How a line of Schedule D came about, down to the rows of the ledger."""
    return lite_answer("CAPGAIN_EXPLAIN", [ledger, year, line, settings])


@xw.func
@xw.arg(
    "ledger",
    convert="raw",
    doc="The ledger with its header row, or a handle from CAPGAIN_LEDGER.",
)
@xw.arg(
    "settings",
    convert="raw",
    doc='Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
)
@xw.arg(
    "accounts",
    convert="raw",
    doc="The Accounts table, if not the sheet of that name.",
)
@xw.ret(convert="raw")
def CAPGAIN_LEDGER(
    ledger: Any,
    settings: Any = None,
    accounts: Any = None,
) -> Any:
    """A handle that the other functions take in place of the range, so that a large ledger is read once."""
    return lite_answer("CAPGAIN_LEDGER", [ledger, settings, accounts])
