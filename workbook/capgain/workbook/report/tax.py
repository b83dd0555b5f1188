"""The sheet `Tax`: the tax with the year's gains beside the tax without them, worksheet line by worksheet line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.planning.contracts_at_price import counted_at_prices, stated_income, tax_of_year
from capgain.engine.problems import UnknownYear
from capgain.engine.report import YearReport
from capgain.workbook.report import tax_formulas
from capgain.workbook.report.checks import Check
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.deductions import add_deductions
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.tax_inputs import add_inputs, add_law, add_rate_28
from capgain.workbook.report.tax_open_contracts import add_open_contracts
from capgain.workbook.report.tax_results import add_results, tax_checks
from capgain.workbook.report.tax_rows import WITH, WITHOUT, TaxRows
from capgain.workbook.report.tax_worksheet import add_niit, add_worksheet
from capgain.workbook.sheets import Sheet, reference

NAME = "Tax"
RATE_28_ROW = 4
"""The bar of the 28% Rate Gain Worksheet, where Schedule D needs one."""


def tax_name(papers: Workpapers, year: int) -> str:
    return papers.name(NAME, year)


def rate_28_cell() -> str:
    """Line 7 of the 28% Rate Gain Worksheet."""
    return f"{WITH}{RATE_28_ROW + len(Rate28GainWorksheet.lines)}"


@dataclass(frozen=True, slots=True)
class TaxCells:
    """Where the sheet `name` keeps the law of the year and the return without gains, for formulas of other sheets."""

    name: str
    at: Mapping[str, int]
    law: frozenset[str]
    brackets: tuple[int, int]

    def limits(self) -> dict[str, str]:
        """The limits of the year, such as zero_rate_limit."""
        return {key: reference(self.name, f"${WITH}${self.at[key]}") for key in self.law}

    def without_gains(self, key: str) -> str:
        """An input of the return without its gains, such as taxable_income."""
        return reference(self.name, f"${WITHOUT}${self.at[key]}")

    def tax_on(self, amount: str, middle: str) -> str:
        """The tax on an amount whose row of the Tax Table has its middle in the cell `middle`."""
        first, last = self.brackets
        floors, steps = (reference(self.name, f"${letter}${first}:${letter}${last}") for letter in "CE")
        return tax_formulas.tax_on(amount, middle, floors, steps, self.limits()["tax_table_below"])


@dataclass(frozen=True, slots=True)
class TaxSheet:
    """The sheet, and the checks that tie its results to the engine's; `cells` None where the tax cannot be told."""

    sheet: Sheet
    checks: tuple[Check, ...] = ()
    cells: TaxCells | None = None


def tax_sheet(papers: Workpapers, year: YearReport, gains: Listing) -> TaxSheet | None:
    """The tax sheet of a year, or what is missing for it; None for a year without forms."""
    form = year.schedule_d
    if form is None:
        return None
    rows = TaxRows(tax_name(papers, year.year), papers, form, gains)
    rows.head()
    if form.rate_28_gain_worksheet is not None:
        add_rate_28(rows, form.rate_28_gain_worksheet)
    counted = counted_at_prices(papers.report, year.year)
    add_open_contracts(rows, counted)
    stated = stated_income(papers.report, year)
    try:
        found = tax_of_year(counted, year.year, stated)
    except (MissingInputs, UnknownYear) as missing:
        rows.missing(str(missing))
        add_deductions(rows, papers.report.ledger, year)
        return TaxSheet(rows.sheet())
    add_inputs(rows, found, stated)
    add_law(rows)
    add_worksheet(rows, found)
    if found.with_gains.niit is not None and found.without_gains.niit is not None:
        add_niit(rows, found.with_gains.niit, found.without_gains.niit)
    add_results(rows, found)
    add_deductions(rows, papers.report.ledger, year)
    return TaxSheet(
        rows.sheet(), tax_checks(rows, found), TaxCells(rows.name, rows.at, frozenset(rows.law), rows.brackets)
    )
