"""Form 1040, line 16: the tax by the worksheet that applies (Instructions for Form 1040, line 16)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.tax_table import tax_on
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear


class TaxMethod(Enum):
    """How Form 1040, line 16, is figured (Instructions for Form 1040, line 16)."""

    NO_TAX = "No tax: taxable income is zero or less"
    REGULAR = "Tax Table or Tax Computation Worksheet"
    QDCGT = "Qualified Dividends and Capital Gain Tax Worksheet"
    SCHEDULE_D_TAX = "Schedule D Tax Worksheet"


@dataclass(frozen=True)
class RegularTax:
    """The income tax of a return. `taxable_income` is Form 1040, line 15, signed; `d15` to `d19` Schedule D lines.

    `exact`: by the rate schedule, unrounded, instead of the rows of the Tax Table.
    """

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal
    qualified_dividends: Decimal
    d15: Decimal
    d16: Decimal
    d18: Decimal
    d19: Decimal
    exact: bool = False

    @property
    def by_schedule_d(self) -> bool:
        """Whether gain of 28% or unrecaptured section 1250 gain calls for the Schedule D Tax Worksheet."""
        return self.d18 > ZERO or self.d19 > ZERO

    @property
    def method(self) -> TaxMethod:
        if self.taxable_income <= ZERO:
            return TaxMethod.NO_TAX
        if self.by_schedule_d:
            return TaxMethod.SCHEDULE_D_TAX
        if (self.d15 > ZERO and self.d16 > ZERO) or self.qualified_dividends > ZERO:
            return TaxMethod.QDCGT
        return TaxMethod.REGULAR

    @cached_property
    def qdcgt(self) -> QDCGTWorksheet:
        """The Qualified Dividends and Capital Gain Tax Worksheet, whether or not the return needs it."""
        return QDCGTWorksheet(
            year=self.year,
            status=self.status,
            taxable_income=self.taxable_income,
            qualified_dividends=self.qualified_dividends,
            d15=self.d15,
            d16=self.d16,
            exact=self.exact,
        )

    @cached_property
    def schedule_d_tax(self) -> ScheduleDTaxWorksheet:
        """The Schedule D Tax Worksheet; without lines 18 and 19 it comes to what the other one does."""
        return ScheduleDTaxWorksheet(
            year=self.year,
            status=self.status,
            taxable_income=self.taxable_income,
            qualified_dividends=self.qualified_dividends,
            d15=self.d15,
            d16=self.d16,
            d18=self.d18,
            d19=self.d19,
            exact=self.exact,
        )

    @property
    def worksheet(self) -> QDCGTWorksheet | ScheduleDTaxWorksheet | None:
        """The worksheet that the return needs, None where it needs none."""
        match self.method:
            case TaxMethod.QDCGT:
                return self.qdcgt
            case TaxMethod.SCHEDULE_D_TAX:
                return self.schedule_d_tax
            case _:
                return None

    @cached_property
    def tax(self) -> Decimal:
        """Form 1040, line 16."""
        worksheet = self.worksheet
        if worksheet is not None:
            return worksheet.tax
        return tax_on(max(self.taxable_income, ZERO), self.status, self.year, exact=self.exact)
