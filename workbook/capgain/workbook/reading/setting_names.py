"""The settings by name: which there are, where they go, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from capgain.engine.classes import FilingStatus, Position
from capgain.engine.positions import POSITIONS_OF
from capgain.workbook.reading.estimated_payments import read_payments
from capgain.workbook.reading.unknown_settings import out_of_scope
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.lot_words import read_lot_order
from capgain.workbook.written.misread import Cell, Misread, shown
from capgain.workbook.written.moments import read_year
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.time_zones import UnknownZone, zone_named
from capgain.workbook.written.words import (
    BROKER_BASES,
    DEDUCTIONS,
    MISSING_BASIS,
    POSITIONS,
    SHORT_SALE_WASHES,
    STATUSES,
    WASH_SCOPES,
    one_of,
    read_yes_no,
)

Reader = Callable[[Cell], object]


def _positive(cell: Cell) -> Decimal | Misread | None:
    number = read_number(cell)
    if isinstance(number, Decimal) and number < 0:
        return Misread(f"{shown(cell)} is negative.", "Enter it as a positive amount.", "NEGATIVE_VALUE")
    return number


def _status(cell: Cell) -> FilingStatus | Misread | None:
    found = STATUSES.read(cell)
    refused = out_of_scope(text_of(cell)) if isinstance(found, Misread) else None
    return found if refused is None else refused


def _persons(cell: Cell) -> Decimal | Misread | None:
    """How many of the taxpayer and the spouse."""
    number = read_number(cell)
    if isinstance(number, Decimal) and number not in (0, 1, 2):
        return Misread(f"{shown(cell)} is no number of persons.", "Enter 0, 1 or 2.", "NUMBER_OF_PERSONS")
    return number


def _no_straddles(cell: Cell) -> bool | Misread:
    """Column Value of Straddles: none is all that can be said of them."""
    if text_of(cell).casefold() == "none":
        return True
    return Misread(
        f"{shown(cell)} is not none.",
        "Straddles are not computed: set none if no section 1256 contract is part of one, else take the row out.",
        "UNKNOWN_WORD",
    )


def _zone(cell: Cell) -> str | Misread | None:
    name = text_of(cell)
    try:
        zone_named(name)
    except UnknownZone:
        return Misread(f"{shown(cell)} is not a time zone known here.", UnknownZone.remedy, "UNKNOWN_TIME_ZONE")
    return name


def _ssn(cell: Cell) -> str:
    text = text_of(cell)
    return text.zfill(9) if text.isdigit() else text


def _position(setting: str) -> Reader:
    """Of the positions there are, those that a setting may state."""
    allowed = POSITIONS_OF[setting]

    def read(cell: Cell) -> Position | Misread | None:
        found = POSITIONS.read(cell)
        if (isinstance(found, Misread) and found.code == "UNKNOWN_WORD") or (
            isinstance(found, Position) and found not in allowed
        ):
            words = [position.value for position in allowed]
            return Misread(f"{shown(cell)} is not a position on {setting}.", f"Use {one_of(words)}.", "UNKNOWN_WORD")
        return found

    return read


IGNORE_COLUMNS = "Ignore Columns"
"""The setting that names columns which are not to be read."""

IGNORE_SHEETS = "Ignore Sheets"
"""The setting that names sheets which are not to be read, though they hold transactions."""

BY_YEAR: Mapping[str, tuple[str, Reader]] = {
    "Filing Status": ("filing_status", _status),
    "Method": ("method", read_lot_order),
    "Time Zone": ("time_zone", _zone),
    "Carryover Short": ("carryover_short", _positive),
    "Carryover Long": ("carryover_long", _positive),
    "Taxable Income": ("taxable_income", read_number),
    "Other Income": ("other_income", read_number),
    "Qualified Dividends": ("qualified_dividends", _positive),
    "AGI Without Gains": ("agi_without_gains", read_number),
    "Itemized Deductions": ("itemized_deductions", _positive),
    "Other Deductions": ("other_deductions", _positive),
    "Spouse Itemizes": ("spouse_itemizes", read_yes_no),
    "Dependent": ("dependent", read_yes_no),
    "Schedule 1 4": ("schedule_1_4", read_number),
    "Form 6781 4": ("form_6781_4", read_number),
    "Total Tax": ("total_tax", read_number),
    "AGI": ("agi", read_number),
    "Current Year Tax": ("current_year_tax", read_number),
    "Withholding": ("withholding", _positive),
    "Estimated Paid": ("estimated_paid", read_payments),
    "Other Taxes": ("other_taxes", _positive),
    "Credits": ("credits", _positive),
    "Refundable Credits": ("refundable_credits", _positive),
    "MAGI": ("magi", read_number),
    "Net Investment Income": ("net_investment_income", read_number),
    "Deduction": ("deduction", DEDUCTIONS.read),
    "Schedule A 7": ("schedule_a_7", _positive),
    "Standard Deduction": ("standard_deduction", _positive),
    "Senior Deduction": ("senior_deduction", _positive),
    "65 or Older": ("aged_65", _persons),
    "Blind": ("blind", _persons),
    "AMT Adjustments": ("amt_adjustments", read_number),
    "Foreign Tax Credit": ("foreign_tax_credit", _positive),
    "AMT Foreign Tax Credit": ("amt_foreign_tax_credit", _positive),
    **{setting: (setting.lower(), _position(setting)) for setting in POSITIONS_OF},
    "Exception 1": ("exception_1", read_yes_no),
    "Exception 2": ("exception_2", read_yes_no),
    "Whole Dollars": ("whole_dollars", read_yes_no),
    "Filed Short": ("filed_short", read_number),
    "Filed Long": ("filed_long", read_number),
    "Filed Carryover Short": ("filed_carryover_short", _positive),
    "Filed Carryover Long": ("filed_carryover_long", _positive),
}
"""Settings that may differ by year: the field of Settings, and how the value is read."""

FOR_ALL_YEARS: Mapping[str, tuple[str, Reader]] = {
    "Tax Year": ("tax_year", read_year),
    "Wallet Basis From": ("wallet_basis_from", lambda cell: cell),
    "Wash Sales": ("wash_sales", WASH_SCOPES.read),
    "Missing Basis": ("missing_basis", MISSING_BASIS.read),
    "Ledger Through": ("ledger_through", lambda cell: cell),
    "Broker Basis": ("broker_basis", BROKER_BASES.read),
    "Short Sale Wash": ("short_sale_wash", SHORT_SALE_WASHES.read),
    "Straddles": ("no_straddles", _no_straddles),
    "Identical": ("identical", text_of),
    "Name": ("name", text_of),
    "SSN": ("ssn", _ssn),
}
"""Settings that hold for all years."""
