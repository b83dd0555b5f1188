"""What Form 6251 takes from the law of its year: exemption, threshold, rates, and the words that name them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form
from capgain.engine.forms.worksheets.limits import limits_in_bullets
from capgain.engine.years import TaxYear


class MinimumTaxLaw(Form):
    """The alternative minimum tax of a year and filing status (26 USC 55)."""

    year: TaxYear
    status: FilingStatus

    @property
    def words(self) -> Mapping[str, str]:
        lines, law = self.year.form_1040, self.year.form_6251
        high, low = law.rate_28_above[FilingStatus.SINGLE], law.rate_28_above[FilingStatus.MFS]
        return {
            "taxable_income_line": lines.taxable_income,
            "tax_line": lines.tax,
            "deduction_line": lines.deduction,
            "schedule_2_line": law.schedule_2_line,
            "zero_rate_limits": limits_in_bullets(self.year.zero_rate_limit),
            "fifteen_rate_limits": limits_in_bullets(self.year.fifteen_rate_limit),
            "gone_at": f"${self.gone_at:,.0f}",
            "exemption": f"${self.exemption:,}",
            "phase_out_starts": f"${self.phase_out_starts:,}",
            "phase_out_rate": f"{self.phase_out_rate * 100:.0f}%",
            "rate_28_above": f"${high:,}",
            "rate_28_above_separately": f"${low:,}",
            "subtracted": f"${high / 50:,.0f}",
            "subtracted_separately": f"${low / 50:,.0f}",
        }

    @property
    def standard_deduction_of_year(self) -> Decimal:
        return self.year.standard_deduction[self.status]

    @property
    def exemption(self) -> Decimal:
        return self.year.form_6251.exemption[self.status]

    @property
    def phase_out_starts(self) -> Decimal:
        return self.year.form_6251.phase_out_starts[self.status]

    @property
    def phase_out_rate(self) -> Decimal:
        return self.year.form_6251.phase_out_rate

    @property
    def gone_at(self) -> Decimal:
        return self.year.form_6251.exemption_gone_at(self.status)

    @property
    def added_at_most(self) -> Decimal:
        return self.year.form_6251.added_at_most(self.status)

    @property
    def rate_28_above(self) -> Decimal:
        return self.year.form_6251.rate_28_above[self.status]
