"""Form 6251: the exemption at its edges, the separate return's addition, and what the next dollar of gain costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from capgain.engine.classes import Deduction, FilingStatus
from capgain.engine.forms.tax import ForMinimumTax, Gains, ReturnWithoutGains
from capgain.engine.forms.tax_on_gains import StatedIncome
from capgain.engine.forms.worksheets.by_name import WorksheetRefused, worksheet
from capgain.engine.forms.worksheets.form_6251 import Form6251
from capgain.engine.money import ZERO
from capgain.engine.years import tax_year, tax_years

D = Decimal
SINGLE, MFS = FilingStatus.SINGLE, FilingStatus.MFS


def form(year: int, status: FilingStatus, income: int, **more: Decimal) -> Form6251:
    """A return whose alternative minimum taxable income is `income` before the addition of separate returns."""
    nothing = {"qualified_dividends": ZERO, "d15": ZERO, "d16": ZERO, "d18": ZERO, "d19": ZERO}
    return Form6251(
        year=tax_year(year),
        status=status,
        taxable_income=D(income),
        standard_deduction=ZERO,
        **{**nothing, **more},
    )


@pytest.mark.parametrize("status", FilingStatus)
@pytest.mark.parametrize("year", tax_years())
def test_the_exemption_is_whole_up_to_its_threshold_and_gone_where_the_table_says(
    year: int, status: FilingStatus
) -> None:
    law = tax_year(year).form_6251
    start, gone = int(law.phase_out_starts[status]), int(law.exemption_gone_at(status))
    assert form(year, status, start).line_5 == law.exemption[status]
    assert form(year, status, start + 100).line_5 == law.exemption[status] - 100 * law.phase_out_rate
    assert form(year, status, gone - 100).line_5 == 100 * law.phase_out_rate
    assert form(year, status, gone).line_5 == 0


@pytest.mark.parametrize("year", tax_years())
def test_a_separate_return_adds_to_line_4_from_there_up_to_the_exemption(year: int) -> None:
    law = tax_year(year).form_6251
    gone, whole = int(law.exemption_gone_at(MFS)), int(law.exemption[MFS] / law.phase_out_rate)
    added = [
        form(year, MFS, income).line_4 - income for income in (gone, gone + 100, gone + whole, gone + whole + 10000)
    ]
    assert added == [0, 100 * law.phase_out_rate, law.exemption[MFS], law.exemption[MFS]]
    assert form(year, SINGLE, gone + whole).line_4 == gone + whole


def test_26_percent_ends_where_28_percent_begins() -> None:
    """Form 6251 (2025), line 7: 239,100 x 26% = 239,100 x 28% - 4,782."""
    taxes = [form(2025, SINGLE, 88100 + excess).line_7 for excess in (239100, 239200)]
    assert taxes == [D("62166.00"), D("62194.00")]


@pytest.mark.parametrize(
    ("income", "long", "adjustments", "rate", "of_amt"),
    [
        (100000, 400000, 100000, "0.28", "0.13"),
        (133900, 500000, 0, "0.33", "0.13"),
        (300000, 200000, 150000, "0.29", "0.14"),
        (300000, 350000, 0, "0.34", "0.14"),
        (133900, 600000, 0, "0.2", "0"),
    ],
)
def test_a_long_term_dollar_in_the_phase_out_costs_its_rate_and_half_of_the_amt_s(
    income: int, long: int, adjustments: int, rate: str, of_amt: str
) -> None:
    """2026: 15% or 20% and half of 26% or 28%; where the exemption is gone, the rate alone."""
    stated = ForMinimumTax(adjustments=D(adjustments))
    rest = ReturnWithoutGains(tax_year(2026), SINGLE, D(income), for_minimum_tax=stated)
    marginal = rest.marginal_rates(Gains(long=D(long)))
    assert (marginal.long, marginal.amt_long) == (D(rate), D(of_amt))


def test_an_itemized_return_without_schedule_a_7_has_no_amt_but_a_least_one() -> None:
    stated = StatedIncome(other_income=D(133900), deduction=Deduction.ITEMIZED)
    year = tax_year(2026)
    rest = ReturnWithoutGains(year, SINGLE, D(133900), for_minimum_tax=stated.for_minimum_tax(year, SINGLE))
    tax = rest.tax(Gains(long=D(600000)))
    assert tax.amt is None
    assert tax.amt_at_least > 0
    assert tax.total == tax.income_tax
    assert "AMT left out: state Schedule A 7." in stated.assumptions(year, SINGLE)
    told = replace(stated, schedule_a_7=ZERO)
    rest = replace(rest, for_minimum_tax=told.for_minimum_tax(year, SINGLE))
    assert rest.tax(Gains(long=D(600000))).amt == tax.amt_at_least


def test_age_and_blindness_add_to_the_standard_deduction_of_line_2a() -> None:
    """2025, joint: 31,500 and twice 1,600 for age, once for blindness."""
    year = tax_year(2025)
    taken = StatedIncome(aged_65=D(2), blind=D(1)).for_minimum_tax(year, FilingStatus.MFJ)
    assert taken.standard_deduction == 36300
    assert StatedIncome(aged_65=D(2), standard_deduction=D(9)).for_minimum_tax(year, MFS).standard_deduction == 9


def test_both_deductions_at_once_are_refused() -> None:
    with pytest.raises(WorksheetRefused, match="12e and A-7 are both given"):
        worksheet("6251", 2025, "single", {"12e": D(15750), "A-7": D(10000)})
    assert worksheet("6251", 2025, "single", {"A-7": D(10000)}).lines["2a"] == 10000
    assert worksheet("6251", 2025, "mfj").lines["2a"] == 31500
