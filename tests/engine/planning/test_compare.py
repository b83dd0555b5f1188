"""A whole year under each order of lots, worked by hand; income 60,000 single in 2025 (T(60,000) = 8,120)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from capgain.engine.classes import Method
from capgain.engine.compute import compute
from capgain.engine.planning.compare import Comparison, YearUnder, compare
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.problems import InvalidLedger
from capgain.engine.transactions import CoinFee, MethodOrder, Sell
from engine.planning.plans import buy, plan, sell

TODAY = date(2026, 11, 22)
ROWS = (
    buy("2023-01-03", "XYZ", 10, 500),
    buy("2024-02-05", "XYZ", 10, 800),
    buy("2025-06-02", "XYZ", 10, 900),
    sell("2025-11-03", "XYZ", 10, 1000),
)
"""Gain of 500 on the first ten, 200 on the second, both long-term; 100 short-term on the third."""


def under(found: Comparison, method: Method) -> YearUnder:
    (year,) = (year for year in found.under if year.method is method)
    return year


@pytest.mark.parametrize(
    ("method", "short", "long", "tax", "basis"),
    [
        pytest.param(Method.FIFO, 0, 500, 8195, 1700, id="15% of 500"),
        pytest.param(Method.LIFO, 100, 0, 8142, 1300, id="T(60,100)"),
        pytest.param(Method.HIFO, 100, 0, 8142, 1300, id="highest basis"),
        pytest.param(Method.LOFO, 0, 500, 8195, 1700, id="lowest basis"),
        pytest.param(Method.MIN_TAX, 0, 200, 8150, 1400, id="the smaller long-term gain: 15% of 200"),
    ],
)
def test_each_order_gives_its_tax_and_the_basis_it_carries_forward(
    method: Method, short: int, long: int, tax: int, basis: int
) -> None:
    found = compare(plan(ROWS, Other_Income=60000), 2025, today=TODAY)
    year = under(found, method)
    assert (year.short, year.long, year.tax, year.basis_held) == (short, long, tax, basis)
    assert found.tax_difference(year) == tax - 8195
    assert found.basis_difference(year) == basis - 1700
    assert year.lots_held == 2


def test_the_year_as_entered_is_the_one_the_ledger_gives() -> None:
    found = compare(plan(ROWS, Other_Income=60000, Method="hifo"), 2025, today=TODAY)
    assert (found.as_entered.short, found.as_entered.long, found.as_entered.tax) == (100, 0, 8142)
    assert found.tax_difference(under(found, Method.FIFO)) == 53


@pytest.mark.parametrize(
    ("today", "made", "heading"),
    [
        (date(2026, 1, 1), 2, "not available for sales already made"),
        (date(2025, 11, 3), 1, "not available for sales already made (1 of 2)"),
    ],
    ids=["all of them past", "one still to come"],
)
def test_the_heading_says_for_which_sales_the_choice_is_gone(today: date, made: int, heading: str) -> None:
    rows = (*ROWS, sell("2025-12-15", "XYZ", 5, 500))
    found = compare(plan(rows), 2025, today=today)
    assert (found.sales_made, found.sales_to_come) == (made, 2 - made)
    assert found.heading.endswith(heading)


def test_before_any_sale_nothing_is_said_to_be_gone() -> None:
    assert "not available" not in compare(plan(ROWS), 2025, today=date(2025, 11, 2)).heading


def test_earlier_years_stay_as_they_are() -> None:
    """The sale of 2024 took the first lot under first in, first out; under LIFO only 2025 chooses anew."""
    rows = (*ROWS[:2], sell("2024-03-04", "XYZ", 10, 1000), *ROWS[2:])
    ledger = plan(rows, Other_Income=60000)
    lifo = under(compare(ledger, 2025, today=TODAY), Method.LIFO)
    assert (lifo.short, lifo.long, lifo.basis_held) == (100, 0, 800)


def test_lots_named_and_orders_made_in_the_year_are_put_aside() -> None:
    rows = (
        buy("2023-01-03", "XYZ", 10, 500, id="A"),
        buy("2025-06-02", "XYZ", 10, 900, id="B"),
        sell("2025-11-03", "XYZ", 5, 500, lot="B"),
        sell("2025-11-04", "XYZ", 5, 500),
    )
    ledger = plan(rows, Other_Income=60000)
    order = MethodOrder(row=9, at=datetime(2025, 2, 1), method=Method.LIFO)
    found = compare(replace(ledger, transactions=(*ledger.transactions, order)), 2025, today=TODAY)
    assert (found.as_entered.short, found.as_entered.long) == (100, 0)
    assert (under(found, Method.FIFO).short, under(found, Method.FIFO).long) == (0, 500)


def test_an_account_s_own_method_gives_way_for_coin_fees_too() -> None:
    """Half a coin is a fee: under LOFO sale and fee take the cheap coins, under HIFO the dear ones.

    Proceeds 5,000 less the fee's 2,500, and the fee itself 2,500; the basis is that of 1.5 coins at 100 or at 1,000.
    """
    rows = (
        buy("2023-01-03", "BTC", 2, 200, "Kraken"),
        buy("2023-02-03", "BTC", 2, 2000, "Kraken"),
        sell("2025-11-03", "BTC", 1, 5000, "Kraken"),
    )
    ledger = plan(rows)
    *bought, sale = ledger.transactions
    assert isinstance(sale, Sell)
    paid = replace(sale, coin_fee=CoinFee("BTC", Decimal("0.5"), Decimal(2500)))
    kraken = replace(ledger.accounts["Kraken"], method=Method.HIFO)
    ledger = replace(ledger, transactions=(*bought, paid), accounts={**ledger.accounts, "Kraken": kraken})
    found = compare(ledger, 2025, today=TODAY)
    assert under(found, Method.LOFO).long == 5000 - 150
    assert under(found, Method.HIFO).long == 5000 - 1500
    assert found.as_entered.long == 5000 - 1500


def test_average_basis_is_compared_where_a_fund_was_sold() -> None:
    rows = (
        buy("2023-01-03", "FUND", 10, 500),
        buy("2024-02-05", "FUND", 10, 900),
        buy("2023-01-03", "XYZ", 10, 500),
        buy("2024-02-05", "XYZ", 10, 900),
        sell("2025-11-03", "FUND", 10, 1000),
        sell("2025-11-04", "XYZ", 10, 1000),
    )
    found = compare(plan(rows, Other_Income=60000), 2025, today=TODAY)
    # Average 70 a share for the fund, first in, first out for the stock: 300 + 500.
    assert under(found, Method.AVERAGE).long == 800
    assert found.refused == ()
    assert Method.AVERAGE not in {year.method for year in compare(plan(ROWS), 2025, today=TODAY).under}


def test_without_income_results_and_lots_are_told_but_no_tax() -> None:
    found = compare(plan(ROWS), 2025, today=TODAY)
    assert under(found, Method.LIFO).short == 100
    assert found.tax_difference(under(found, Method.LIFO)) is None
    assert "Other Income 2025" in found.missing


def test_the_long_term_part_of_what_is_held_is_told() -> None:
    (held,) = under(compare(plan(ROWS), 2025, today=TODAY), Method.FIFO).held
    assert (held.asset, held.quantity, held.long_term, held.lots, held.basis) == ("XYZ", 20, 10, 2, 1700)


def test_a_year_in_which_nothing_left_is_refused() -> None:
    with pytest.raises(PlanRefused, match="nothing to compare"):
        compare(plan(ROWS), 2024, today=TODAY)


def test_a_ledger_with_errors_is_refused_and_nothing_in_a_ledger_changes() -> None:
    with pytest.raises(InvalidLedger):
        compare(plan((sell("2025-02-03", "XYZ", 100, 10000),)), 2025, today=TODAY)
    ledger = plan(ROWS)
    rows, before = ledger.transactions, compute(ledger).open_lots
    compare(ledger, 2025, today=TODAY)
    assert ledger.transactions is rows
    assert compute(ledger).open_lots == before
