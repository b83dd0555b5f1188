"""Estimated tax: boundaries of the safe harbours, annualized gains, payments, and what Settings cannot say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.compute import compute
from capgain.engine.filing_days import estimated_tax_days, last_installment_not_needed_by
from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.ledger import Ledger
from capgain.engine.planning.estimated_tax import Estimate, estimate
from capgain.engine.planning.what_if import what_if
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class")
KEPT = (("2020-01-06", "Buy", "KEEP", 1, 1, "B", "stock"),)
D = Decimal
TODAY = date(2026, 3, 1)


def ledger(rows: tuple[tuple[object, ...], ...] = KEPT, **stated: object) -> Ledger:
    settings = {"Filing Status": "single", **{name.replace("_", " "): value for name, value in stated.items()}}
    accounts = (("Account", "Kind"), ("B", "brokerage"))
    return ledger_from_blocks([HEADER, *rows], accounts, [("Name", "Value"), *settings.items()], today=TODAY)


def of(rows: tuple[tuple[object, ...], ...] = KEPT, *, year: int = 2026, **stated: object) -> Estimate:
    return estimate(compute(ledger(rows, **stated), through=year, today=TODAY), year, TODAY)


@pytest.mark.parametrize(
    ("status", "agi", "rate"),
    [
        ("single", 150000, "1"),
        ("single", "150000.01", "1.1"),
        ("mfj", 150000, "1"),
        ("mfs", 75000, "1"),
        ("mfs", "75000.01", "1.1"),
    ],
)
def test_last_year_s_tax_counts_at_110_percent_above_the_income(status: str, agi: object, rate: str) -> None:
    """26 USC 6654(d)(1)(C): more than 150,000, half of it on a separate return of this year."""
    found = of(Total_Tax_2025=10000, AGI_2025=agi, Filing_Status=status)
    assert found.prior_year_safe_harbor == D(10000) * D(rate)


def test_an_unknown_income_of_last_year_takes_the_cautious_side_and_says_so() -> None:
    found = of(Total_Tax_2025=10000)
    assert found.prior_year_safe_harbor == 11000
    assert any(said.startswith("AGI 2025 is not stated: 110%") for said in found.assumptions)


@pytest.mark.parametrize(
    ("withheld", "reason"),
    [("9000.00", "withholding covers the required payment"), ("9000.01", "less than 1,000 due after withholding")],
)
def test_1_000_dollars_due_are_not_less_than_1_000(withheld: str, reason: str) -> None:
    assert of(Current_Year_Tax_2026=10000, Withholding_2026=withheld).none_required == reason


def test_a_cent_less_withheld_than_required_leaves_installments() -> None:
    found = of(Current_Year_Tax_2026=10000, Withholding_2026="8999.99")
    assert not found.none_required
    assert [one.short for one in found.installments] == [0, 0, D("0.01"), D("0.01")]


def test_without_either_tax_both_are_named() -> None:
    with pytest.raises(MissingInputs, match="Total Tax 2025 and the income of 2026 or Current Year Tax 2026"):
        of(Withholding_2026=1)


def test_last_year_alone_is_enough_and_so_is_this_year() -> None:
    last = of(Total_Tax_2025=10000, AGI_2025=1)
    assert (last.current_year_tax, last.required_annual_payment, last.annualized_tax) == (None, 10000, ())
    this = of(Current_Year_Tax_2026=10000)
    assert (this.prior_year_safe_harbor, this.required_annual_payment) == (None, 9000)


def test_one_amount_was_paid_in_time_and_dates_count_to_the_day() -> None:
    in_time = of(Current_Year_Tax_2026=10000, Estimated_Paid_2026=9000)
    assert [one.short for one in in_time.installments] == [0, 0, 0, 0]
    late = of(Current_Year_Tax_2026=10000, Estimated_Paid_2026="2026-04-16 9000")
    assert [one.short for one in late.installments] == [2250, 0, 0, 0]
    on_the_day = of(Current_Year_Tax_2026=10000, Estimated_Paid_2026="2026-04-15 9000")
    assert [one.short for one in on_the_day.installments] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "payments", ["2025-12-31 5", "2027-02-01 5", "2026-04-15 -5", "soon 5", "-5", "2026-04-15", "2026-04-15 5; x"]
)
def test_a_payment_that_cannot_be_is_an_error_of_settings(payments: str) -> None:
    wrong = [one for one in ledger(Estimated_Paid_2026=payments).problems if one.is_error]
    assert [(one.sheet, one.row) for one in wrong] == [("Settings", 3)]


@pytest.mark.parametrize("payments", ["2026-01-01 5", "2027-01-31 5", "1/15/2027 5", "$5.00", 5])
def test_a_payment_within_its_year_is_read(payments: object) -> None:
    (paid,) = ledger(Estimated_Paid_2026=payments).settings.estimated_paid.of(2026) or ()
    assert paid.amount == 5


def sold(day: str, amount: int) -> tuple[tuple[object, ...], ...]:
    return (("2020-01-06", "Buy", "A", 10, 10000, "B", "stock"), (day, "Sell", "A", 10, amount, "B", "stock"))


@pytest.mark.parametrize(
    ("day", "columns_with_gain"),
    [("2026-03-31", 4), ("2026-04-01", 3), ("2026-05-31", 3), ("2026-06-01", 2), ("2026-08-31", 2), ("2026-09-01", 1)],
)
def test_a_gain_counts_from_the_period_it_falls_into(day: str, columns_with_gain: int) -> None:
    found = of(sold(day, 90000), Other_Income_2026=50000)
    without = of(Other_Income_2026=50000).current_year_tax
    assert sum(tax != without for tax in found.annualized_tax) == columns_with_gain
    assert found.annualized_tax[3] == found.current_year_tax


def test_the_loss_of_a_period_is_not_multiplied() -> None:
    """A loss of 2,000 in March lowers other income by 2,000, in every column."""
    found = of(sold("2026-03-02", 8000), Other_Income_2026=50000)
    assert len(set(found.annualized_tax)) == 1


def test_a_carried_loss_is_taken_before_a_gain_is_multiplied() -> None:
    rows = sold("2026-03-02", 20000)
    carried = of(rows, Other_Income_2026=50000, Carryover_Long_2026=10000)
    assert len(set(carried.annualized_tax)) == 1


def test_installments_never_fall_and_end_at_the_required_payment_where_income_is_even() -> None:
    found = of(sold("2026-11-10", 400000), Other_Income_2026=90000, Total_Tax_2025=50000, AGI_2025=100000)
    required = [one.cumulative_required for one in found.installments]
    assert required == sorted(required)
    assert found.is_annualized
    assert required[-1] == found.required_annual_payment


@pytest.mark.parametrize("year", range(2018, 2045))
def test_a_payment_is_never_due_on_a_weekend_nor_before_the_day_of_the_code(year: int) -> None:
    due = estimated_tax_days(year)
    for found, plain in zip(due, ((year, 4), (year, 6), (year, 9), (year + 1, 1)), strict=True):
        assert found.weekday() < 5
        assert 0 <= (found - date(*plain, 15)).days <= 4
    assert last_installment_not_needed_by(year) > due[3]


def test_what_if_says_what_a_sale_adds_to_the_next_payment() -> None:
    rows = (("2020-01-06", "Buy", "A", 10, 10000, "B", "stock"),)
    kept = ledger(rows, Other_Income_2026=90000, Withholding_2026=9000)
    plan = what_if(kept, "A", D(10), D(9000), date(2026, 5, 4))
    assert any("to the installment of estimated tax due 06/15/2026" in note for note in plan.notes)
    plain = what_if(ledger(rows, Other_Income_2026=90000), "A", D(10), D(9000), date(2026, 5, 4))
    assert not any("estimated tax due" in note for note in plain.notes)
