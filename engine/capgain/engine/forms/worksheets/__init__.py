"""The worksheets of the instructions, each declared line by line, and the tax on an amount."""

from capgain.engine.forms.tax_table import rate_schedule_tax, tax_on, tax_table_row
from capgain.engine.forms.worksheets.by_name import (
    WorksheetRefused,
    WorksheetResult,
    worksheet,
    worksheet_inputs,
    worksheet_names,
)
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.form_6251 import Form6251
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.forms.worksheets.regular_tax import RegularTax, TaxMethod
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.forms.worksheets.unrecaptured_1250 import UnrecapturedSection1250GainWorksheet

__all__ = [
    "CarryoverWorksheet",
    "Form6251",
    "NetInvestmentIncomeTax",
    "QDCGTWorksheet",
    "Rate28GainWorksheet",
    "RegularTax",
    "ScheduleDTaxWorksheet",
    "TaxMethod",
    "UnrecapturedSection1250GainWorksheet",
    "WorksheetRefused",
    "WorksheetResult",
    "rate_schedule_tax",
    "tax_on",
    "tax_table_row",
    "worksheet",
    "worksheet_inputs",
    "worksheet_names",
]
