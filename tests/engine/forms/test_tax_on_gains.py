"""The tax on a year's gains: with and without, the next dollar, the room in the bands, and what must be stated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.classes import Deduction, FilingStatus
from capgain.engine.forms.tax import Gains, ReturnWithoutGains, TaxMethod
from capgain.engine.forms.tax_on_gains import MissingInputs, StatedIncome, return_without_gains, tax_on_gains
from capgain.engine.money import ZERO
from capgain.engine.results.carryovers import Carryover
from capgain.engine.settings import ByYear, Settings
from capgain.engine.years import tax_year
from engine.forms.cases import row, schedule_d

D = Decimal
SINGLE = FilingStatus.SINGLE


def test_with_and_without_the_gains_of_a_year() -> None:
    """Case T25's return: taxable income of 45,250 has the 3,000 loss in it; without it 48,250."""
    form = schedule_d(short=-8000, long=5000)
    tax = tax_on_gains(form, StatedIncome(taxable_income=D(45250), qualified_dividends=D(1000)))
    assert tax.with_gains.income_tax == 5075
    assert tax.without_gains.taxable_income == 48250
    assert tax.without_gains.income_tax == 5435
    assert tax.difference == -360
    assert tax.assumptions == (
        "MAGI and Net Investment Income not stated: the net investment income tax is left out.",
        "The AMT adds back the standard deduction of 15,750; say Deduction = itemized and Schedule A 7 if you itemize.",
        "AMT Adjustments not stated: no ISO exercise, private activity bond interest or other difference.",
    )


def test_a_stated_magi_up_to_the_threshold_settles_the_net_investment_income_tax() -> None:
    """26 USC 1411(b): 200,000 for single; a dollar more and the amount of the income matters."""
    form = schedule_d(long=10000)
    income = {"taxable_income": D(150000), "qualified_dividends": D(0), "amt_adjustments": D(0)}
    standard = {"deduction": Deduction.STANDARD}
    assert tax_on_gains(form, StatedIncome(**income, **standard, magi=D(200000))).assumptions == ()
    assert tax_on_gains(form, StatedIncome(**income, **standard, magi=D(200001))).assumptions == (
        "Net Investment Income is not stated: Form 8960 is figured from the interest and dividends of the ledger, the "
        "gains, and the lines stated as 'Form 8960 1' and so on; the others are 0.",
    )


def test_other_income_is_the_return_before_any_gains() -> None:
    form = schedule_d(long=10000)
    by_taxable = return_without_gains(form, StatedIncome(taxable_income=D(70000)))
    by_other = return_without_gains(form, StatedIncome(other_income=D(60000)))
    assert by_taxable == by_other
    both = StatedIncome(taxable_income=D(70000), other_income=D(1), qualified_dividends=ZERO, magi=D(1))
    assert return_without_gains(form, both).taxable_income == 60000
    assert any("Taxable Income is used" in said for said in both.assumptions(form.year, form.status))


def test_without_income_the_tax_says_what_is_missing_instead_of_guessing() -> None:
    with pytest.raises(MissingInputs, match="2025 needs Taxable Income, Other Income or AGI Without Gains") as refused:
        tax_on_gains(schedule_d(long=10000), StatedIncome(qualified_dividends=ZERO))
    assert refused.value.inputs == ("Taxable Income, Other Income or AGI Without Gains",)


def test_what_is_stated_comes_from_the_settings_of_the_year() -> None:
    settings = Settings(
        taxable_income=ByYear(D(1), {2025: D(2)}),
        other_income=ByYear(D(3)),
        qualified_dividends=ByYear(None),
        magi=ByYear(D(4)),
        net_investment_income=ByYear(None, {2024: D(5)}),
    )
    assert StatedIncome.of(settings, 2025, (), ()) == StatedIncome(D(2), D(3), None, D(4), None)
    assert StatedIncome.of(settings, 2024, (), ()) == StatedIncome(D(1), D(3), None, D(4), D(5))


@pytest.mark.parametrize(
    ("other", "short", "long", "next_short", "next_long"),
    [
        pytest.param(40000, 0, 5000, "0.12", "0", id="gains within the 0% band"),
        pytest.param(40000, 0, 10000, "0.27", "0.15", id="a short-term dollar pushes long-term gain out of 0%"),
        pytest.param(60000, 0, 10000, "0.22", "0.15", id="the 15% band"),
        pytest.param(600000, 0, 10000, "0.35", "0.2", id="the 20% band"),
        pytest.param(60000, -2000, 0, "0.22", "0.22", id="a loss within the limit: any gain uses it up"),
        pytest.param(60000, -10000, 0, "0", "0", id="a loss beyond the limit: any gain only carries less over"),
        pytest.param(60000, 8000, -3000, "0.22", "0.22", id="a long-term loss against short-term gain"),
        pytest.param(-20000, 0, 5000, "0", "0", id="deductions left over"),
    ],
)
def test_the_next_dollar(other: int, short: int, long: int, next_short: str, next_long: str) -> None:
    rates = ReturnWithoutGains(tax_year(2025), SINGLE, D(other)).marginal_rates(Gains(D(short), D(long)))
    assert (rates.short, rates.long, rates.niit) == (D(next_short), D(next_long), None)


def test_the_next_dollar_of_investment_income_above_the_threshold_costs_3_8_percent_more() -> None:
    below = ReturnWithoutGains(tax_year(2025), SINGLE, D(150000), ZERO, magi=D(199000), net_investment_income=ZERO)
    assert below.marginal_rates(Gains(long=D(500))).niit == 0
    assert below.marginal_rates(Gains(long=D(1500))).niit == D("0.038")
    niit = below.tax(Gains(long=D(1500))).niit
    assert niit is not None
    assert niit.tax == D("19.00")


@pytest.mark.parametrize(
    ("other", "long", "at_zero", "at_fifteen"),
    [
        (40000, 5000, 3350, 485050),
        (48350, 0, 0, 485050),
        (60000, 10000, 0, 463400),
        (600000, 0, 0, 0),
        (-5000, 0, 53350, 485050),
    ],
)
def test_room_in_the_bands_is_counted_in_taxable_income(other: int, long: int, at_zero: int, at_fifteen: int) -> None:
    """Single, 2025: 0% to 48,350, 15% to 533,400."""
    rest = ReturnWithoutGains(tax_year(2025), SINGLE, D(other))
    gains = Gains(long=D(long))
    assert (rest.room_at_zero(gains), rest.room_at_fifteen(gains)) == (at_zero, at_fifteen)
    if at_zero and other > 0:
        filled = gains.plus(long=D(at_zero))
        assert rest.tax(filled, exact=True).income_tax == rest.tax(gains, exact=True).income_tax
        assert rest.marginal_rates(filled).long == D("0.15")


def test_niit_counts_the_limited_loss_against_other_investment_income() -> None:
    form = schedule_d(short=-9000)
    stated = StatedIncome(
        D(200000),
        None,
        ZERO,
        magi=D(237000),
        net_investment_income=D(7000),
        deduction=Deduction.STANDARD,
        amt_adjustments=ZERO,
    )
    tax = tax_on_gains(form, stated)
    assert tax.with_gains.niit is not None
    assert tax.without_gains.niit is not None
    assert (tax.with_gains.niit.tax, tax.without_gains.niit.tax) == (266, 380)
    assert tax.difference == tax.with_gains.income_tax - tax.without_gains.income_tax - (380 - 266)
    assert tax.assumptions == ()


def test_magi_and_net_investment_income_are_stated_with_the_gains_in_them() -> None:
    """MAGI of 215,000 with 40,000 of gain: 15,000 above the threshold counts; without the gain nothing does."""
    stated = StatedIncome(D(180000), None, ZERO, magi=D(215000), net_investment_income=D(45000))
    tax = tax_on_gains(schedule_d(long=40000), stated)
    assert tax.with_gains.niit is not None
    assert tax.without_gains.niit is not None
    assert (tax.with_gains.niit.line_16, tax.without_gains.niit.line_16) == (15000, 0)
    assert tax.without_gains.niit.line_12 == 5000
    unknown = StatedIncome(D(180000), net_investment_income=D(1))
    assert tax_on_gains(schedule_d(long=40000), unknown).with_gains.niit is None


def test_form_8960_is_figured_where_its_line_12_is_not_stated() -> None:
    """Interest 1,200, dividends 5,300, gains 40,000: 46,500; 15,000 of MAGI above the threshold counts."""
    stated = StatedIncome(D(180000), magi=D(215000), interest=D(1200), dividends=D(5300))
    tax = tax_on_gains(schedule_d(long=40000), stated)
    assert tax.with_gains.niit is not None
    assert tax.without_gains.niit is not None
    assert (tax.with_gains.niit.line_8, tax.with_gains.niit.line_16) == (46500, 15000)
    assert (tax.without_gains.niit.line_8, tax.without_gains.niit.line_5a) == (6500, 0)


def test_dividends_are_at_least_the_qualified_ones_and_stated_lines_go_first() -> None:
    stated = StatedIncome(
        qualified_dividends=D(700), dividends=D(500), interest=D(9), form_8960={"1": D(20), "9b": D(3)}
    )
    assert stated.investment_income() == {"interest": 20, "dividends": 700, "income_taxes": 3}
    assert StatedIncome(schedule_1_4=D(-5)).investment_income() == {"gain": -5}
    assert StatedIncome(net_investment_income=ZERO, interest=D(9)).investment_income() is None


def test_other_gains_of_schedule_1_stay_without_the_gains_of_the_year() -> None:
    stated = StatedIncome(D(180000), magi=D(290000), schedule_1_4=D(-6000))
    tax = tax_on_gains(schedule_d(long=40000), stated)
    assert tax.with_gains.niit is not None
    assert tax.without_gains.niit is not None
    assert (tax.with_gains.niit.line_5a, tax.without_gains.niit.line_5a) == (34000, -6000)


FROM_AGI = StatedIncome(agi_without_gains=D(90000), aged_65=D(1), qualified_dividends=ZERO)


@pytest.mark.parametrize("gain", [-15000, -3000, 0, 1, 84999, 85000, 85001])
def test_the_senior_deduction_moves_with_the_gains(gain: int) -> None:
    """26 USC 151(d)(5)(C)(iii): 6% of adjusted gross income above 75,000; a loss counts to 3,000."""
    tax = return_without_gains(schedule_d(), FROM_AGI).tax(Gains(long=D(gain)))
    gained = max(gain, -3000)
    expected = max(D(6000) - max(D(90000) + gained - 75000, ZERO) * 6 / 100, ZERO)
    assert tax.line_15 is not None
    assert tax.line_15.line_senior == expected
    assert tax.taxable_income == D(90000) + gained - 17750 - expected
    assert tax.form_6251.line_1 == tax.taxable_income + expected
    assert tax.form_6251.line_2a == 17750
    assert tax.niit is not None
    assert tax.niit.line_13 == D(90000) + gained


@pytest.mark.parametrize(
    ("stated", "itemizes", "deduction"),
    [
        (StatedIncome(agi_without_gains=D(1), itemized_deductions=D(15750)), False, 15750),
        (StatedIncome(agi_without_gains=D(1), itemized_deductions=D("15750.01")), True, D("15750.01")),
        (StatedIncome(agi_without_gains=D(1), itemized_deductions=D(9), deduction=Deduction.ITEMIZED), True, 9),
        (
            StatedIncome(agi_without_gains=D(1), itemized_deductions=D(99999), deduction=Deduction.STANDARD),
            False,
            15750,
        ),
    ],
)
def test_the_larger_deduction_is_taken_unless_one_is_named(
    stated: StatedIncome, itemizes: bool, deduction: Decimal
) -> None:
    year = tax_year(2025)
    found = stated.from_agi(year, SINGLE)
    assert found is not None
    assert (stated.itemizes(year, SINGLE), found.deduction) == (itemizes, deduction)


def test_a_spouse_who_itemizes_leaves_no_standard_deduction_on_a_separate_return_alone() -> None:
    """26 USC 63(c)(6)(A)."""
    stated = StatedIncome(spouse_itemizes=True)
    assert stated.standard(tax_year(2025), FilingStatus.MFS) == 0
    assert stated.standard(tax_year(2025), FilingStatus.MFJ) == 31500


def test_a_dependent_states_the_standard_deduction() -> None:
    with pytest.raises(MissingInputs, match="depends on earned income"):
        return_without_gains(schedule_d(), StatedIncome(other_income=D(9), dependent=True))
    known = StatedIncome(other_income=D(9), dependent=True, standard_deduction=D(1350))
    assert return_without_gains(schedule_d(), known).for_minimum_tax.standard_deduction == 1350


def test_itemized_deductions_that_are_named_must_be_stated() -> None:
    with pytest.raises(MissingInputs, match="needs Itemized Deductions"):
        return_without_gains(schedule_d(), StatedIncome(agi_without_gains=D(9), deduction=Deduction.ITEMIZED))


def test_of_several_incomes_the_first_is_used_and_said() -> None:
    form = schedule_d(long=10000)
    three = StatedIncome(taxable_income=D(70000), other_income=D(1), agi_without_gains=D(2))
    assert return_without_gains(form, three).taxable_income == 60000
    said = "Taxable Income, Other Income and AGI Without Gains are all stated: Taxable Income is used."
    assert said in three.assumptions(form.year, form.status)


@pytest.mark.parametrize(
    ("other", "short", "long", "dividends", "method"),
    [
        (0, 0, 0, 0, TaxMethod.NO_TAX),
        (1, 0, 0, 0, TaxMethod.REGULAR),
        (50000, 4000, 0, 0, TaxMethod.REGULAR),
        (50000, -4000, 4000, 0, TaxMethod.REGULAR),
        (50000, -4000, 4001, 0, TaxMethod.QDCGT),
        (50000, -4000, 0, 1, TaxMethod.QDCGT),
        (-4000, 0, 4000, 0, TaxMethod.NO_TAX),
    ],
)
def test_the_instructions_for_line_16_choose_the_method(
    other: int, short: int, long: int, dividends: int, method: TaxMethod
) -> None:
    rest = ReturnWithoutGains(tax_year(2025), SINGLE, D(other), D(dividends))
    assert rest.tax(Gains(D(short), D(long))).method is method


def test_collectibles_and_depreciation_go_through_the_schedule_d_tax_worksheet() -> None:
    rows = [row("F", 50000, 20000, f="C"), row("D", 90000, 60000)]
    form = schedule_d(rows, short=-4000, carried=Carryover(ZERO, D(1000)), line_19=5000)
    gains = Gains.of(form)
    assert (gains.line_18, form.line_18) == (25000, 25000)
    assert gains.line_19 == form.line_19 == 5000
    tax = tax_on_gains(form, StatedIncome(taxable_income=D(300000)))
    assert tax.with_gains.method is TaxMethod.SCHEDULE_D_TAX
    assert (
        tax.with_gains.income_tax
        > ReturnWithoutGains(tax_year(2025), SINGLE, D(245000)).tax(Gains(form.line_7, form.line_15)).income_tax
    )
    more_losses = gains.plus(short=D(-30000))
    assert more_losses.line_18 == 0
    assert gains.plus(long=D(-70000)).line_19 == 0
    stated = Gains.of(schedule_d(rows, line_18=700))
    assert stated.line_18 == 700


def test_hypothetical_gains_carry_over_what_the_limit_leaves() -> None:
    rest = ReturnWithoutGains(tax_year(2025), SINGLE, D(60000))
    tax = rest.tax(Gains(D(-4000), D(-6000)))
    assert (tax.gain, tax.taxable_income) == (-3000, 57000)
    assert tax.carryover == Carryover(short=D(1000), long=D(6000))
    assert rest.tax(Gains(D(-4000), D(6000))).carryover == Carryover(ZERO, ZERO)


@pytest.mark.parametrize(
    ("year", "deduction", "told"),
    [(2025, "itemized", False), (2026, "itemized", True), (2026, "standard", False), (2026, None, False)],
)
def test_the_cut_of_itemized_deductions_from_2026_on_is_told_of(year: int, deduction: str | None, told: bool) -> None:
    stated = StatedIncome(
        other_income=D(900000), deduction=None if deduction is None else Deduction(deduction), schedule_a_7=D(10000)
    )
    said = stated.assumptions(tax_year(year), SINGLE)
    assert any("after the limitation of 26 USC 68, 2/37" in words for words in said) is told
