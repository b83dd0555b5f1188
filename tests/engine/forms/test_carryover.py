"""The Capital Loss Carryover Worksheet: worked cases, chains of years, and what no carryover may do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.money import ZERO, from_cents
from capgain.engine.results.carryovers import Carryover
from capgain.engine.years import tax_year
from engine.forms.cases import NOTHING_CARRIED, Case, cases, dollars, row, schedule_d


@pytest.mark.parametrize("case", cases("carryover"))
def test_the_worksheet_gives_the_lines_and_carryovers_of_the_case(case: Case) -> None:
    d7, d15 = dollars(case["d7"]), dollars(case["d15"])
    worksheet = CarryoverWorksheet(
        into_year=case["year"],
        taxable_income=dollars(case["taxable_income"]),
        d7=d7,
        d15=d15,
        d16=d7 + d15,
        d21=dollars(case["d21"]),
    )
    lines = worksheet.amounts()
    assert {number: lines.get(number) for number in case["lines"]} == case["lines"]
    assert bool(lines) == bool(case["lines"])
    extra = {number: amount for number, amount in lines.items() if number not in case["lines"]}
    assert extra in ({}, {"5": 0}), "the form enters -0- on line 5 where line 7 was no loss"
    assert (worksheet.short, worksheet.long) == (case["short"], case["long"])
    limited = schedule_d(short=d7, long=d15, status=FilingStatus(case["status"]), year=case["year"] - 1)
    assert limited.line_21 == case["d21"]
    assert limited.carryover_worksheet(worksheet.taxable_income) == worksheet


@pytest.mark.parametrize("case", cases("carryover_chains"))
def test_carryovers_chain_from_year_to_year(case: Case) -> None:
    status, carried = FilingStatus(case["status"]), NOTHING_CARRIED
    for year in case["years"]:
        form = schedule_d(year=year["year"], status=status, short=year["short"], long=year["long"], carried=carried)
        for number in ("6", "7", "14", "15", "16", "21"):
            if f"line_{number}" in year:
                assert getattr(form, f"line_{number}") == year[f"line_{number}"], (year["year"], number)
        income = year["wages"] + form.form_1040_gain - tax_year(year["year"]).standard_deduction[status]
        carried = form.carryover_worksheet(income).carryover
    assert carried == Carryover(**{term: dollars(loss) for term, loss in case["carried_out"].items()})


@pytest.mark.parametrize(
    ("status", "deducted", "carried"), [("single", 3000, 0), ("mfj", 3000, 0), ("mfs", 1500, 1500)]
)
def test_crypto_losses_offset_stock_gains_and_the_rest_is_deducted_within_the_limit(
    status: str, deducted: int, carried: int
) -> None:
    """5,000 of short-term stock gains with 8,000 of short-term crypto losses."""
    form = schedule_d([row("A", 25000, 20000), row("I", 10000, 18000)], status=FilingStatus(status))
    assert form.line_16 == -3000
    assert form.line_21 == -deducted
    worksheet = form.carryover_worksheet(Decimal(40000))
    assert (worksheet.short, worksheet.long) == (carried, 0)


def test_without_taxable_income_the_whole_deduction_is_taken_to_be_used_and_that_is_said() -> None:
    form = schedule_d(short=-10000)
    unknown = form.carryover_worksheet(None)
    assert unknown.assumes_enough_income
    assert unknown.short == form.carryover_worksheet(Decimal(50000)).short == 7000
    assert not form.carryover_worksheet(Decimal(50000)).assumes_enough_income
    assert not schedule_d(short=-100).carryover_worksheet(None).assumes_enough_income


def test_the_last_year_with_data_still_carries_into_a_year_without() -> None:
    worksheet = schedule_d(year=2026, long=-9000).carryover_worksheet(Decimal(50000))
    assert worksheet.into_year == 2027
    assert worksheet.long == 6000
    assert "2026 Form 1040" in worksheet.filled()[0].text


def test_line_1_names_the_line_of_taxable_income_of_the_year_before() -> None:
    """Form 1040 line 10 in 2018, 11b in 2019, 15 from 2020."""
    named = {}
    for year in (2018, 2019, 2020, 2024):
        worksheet = schedule_d(year=year, short=-9000).carryover_worksheet(ZERO)
        named[year] = worksheet.filled()[0].text.split("1040-NR, line ")[1].split(".")[0]
    assert named == {2018: "10", 2019: "11b", 2020: "15", 2024: "15"}


CENTS = st.integers(-(10**10), 10**10).map(from_cents)


@settings(max_examples=200)
@given(short=CENTS, long=CENTS, income=CENTS, status=st.sampled_from(FilingStatus))
def test_a_loss_is_deducted_or_carried_and_never_both(
    short: Decimal, long: Decimal, income: Decimal, status: FilingStatus
) -> None:
    """What carries is the loss on line 16 less the part of the deduction that income absorbed (26 USC 1212(b)(2))."""
    form = schedule_d(short=short, long=long, status=status)
    worksheet = form.carryover_worksheet(income)
    carried = worksheet.short + worksheet.long
    absorbed = min(-form.line_21, max(income - form.line_21, ZERO))
    assert carried == (max(-form.line_16, ZERO) - absorbed if form.line_16 < 0 else 0)
    assert worksheet.short >= 0
    assert worksheet.long >= 0
    assert worksheet.short <= max(-short, ZERO)
    assert worksheet.long <= max(-long, ZERO)
