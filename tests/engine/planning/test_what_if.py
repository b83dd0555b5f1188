"""A planned sale under every order of lots, worked by hand; income 60,000 single in 2025 (T(60,000) = 8,120)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from capgain.engine.classes import Method
from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.what_if import Outcome, WhatIf, what_if
from capgain.engine.problems import InvalidLedger
from capgain.engine.transactions import Sell
from engine.planning.plans import D, buy, plan, sell

DAY = date(2025, 12, 1)
OLD_AND_NEW = (buy("2023-01-03", "XYZ", 10, 500), buy("2025-06-02", "XYZ", 10, 900))
"""At 100 a share: 500 of long-term gain on the old ten, 100 of short-term gain on the new ten."""


def of(found: WhatIf, method: Method) -> Outcome:
    (outcome,) = (outcome for outcome in found.outcomes if outcome.method is method)
    return outcome


@pytest.mark.parametrize(
    ("method", "short", "long", "tax", "per_dollar"),
    [
        pytest.param(Method.FIFO, 0, 500, 75, "0.0750", id="first in, first out: 15% of 500"),
        pytest.param(Method.LIFO, 100, 0, 22, "0.0220", id="last in, first out: T(60,100) = 8,142"),
        pytest.param(Method.HIFO, 100, 0, 22, "0.0220", id="highest basis first"),
        pytest.param(Method.LOFO, 0, 500, 75, "0.0750", id="lowest basis first"),
        pytest.param(Method.MIN_TAX, 0, 500, 75, "0.0750", id="minimum tax: long-term gains before short-term ones"),
    ],
)
def test_each_order_takes_its_lots_and_costs_its_tax(
    method: Method, short: int, long: int, tax: int, per_dollar: str
) -> None:
    found = what_if(plan(OLD_AND_NEW, Other_Income=60000), "XYZ", D(10), D(100), DAY)
    outcome = of(found, method)
    assert (outcome.proceeds, outcome.short, outcome.long) == (1000, short, long)
    assert (outcome.tax, outcome.tax_per_dollar) == (tax, Decimal(per_dollar))
    assert [lot.lot_row for lot in outcome.lots] == [3 if short else 2]
    assert outcome.is_cheapest is (method is Method.LIFO)
    assert found.cheapest is not None
    assert found.cheapest.tax == 22


def test_waiting_for_long_term_tells_the_day_and_what_it_saves() -> None:
    """The lot of 2 June 2025 is long-term from 3 June 2026: 15% of 100 instead of T(60,100) - T(60,000): 22 - 15."""
    found = what_if(plan(OLD_AND_NEW, Other_Income=60000), "XYZ", D(10), D(100), DAY)
    waiting = of(found, Method.LIFO).waiting
    assert waiting is not None
    assert (waiting.day, waiting.saves) == (date(2026, 6, 3), 7)
    assert of(found, Method.FIFO).waiting is None
    assert any("another tax year" in note for note in found.notes)


def test_a_short_term_loss_is_not_worth_waiting_for() -> None:
    """A loss of 100 takes 22 off now, short or long."""
    found = what_if(plan(OLD_AND_NEW[1:], Other_Income=60000), "XYZ", D(10), D(80), DAY)
    outcome = of(found, Method.FIFO)
    assert outcome.waiting is not None
    assert (outcome.tax, outcome.waiting.saves) == (-22, 0)


def test_fifo_equals_the_sale_entered_for_real() -> None:
    rows = (*OLD_AND_NEW, buy("2025-11-20", "XYZ", 4, 500))
    planned = what_if(plan(rows, Taxable_Income=60000), "XYZ", D(15), D(70), DAY, fee=D("4.95"))
    real = compute(
        plan((*rows, ("2025-12-01", "Sell", "XYZ", 15, D("1045.05"), "Schwab", None, "stock")), Taxable_Income=60000)
    ).years[2025]
    outcome = of(planned, Method.FIFO)
    assert [row._replace(row=0) for row in outcome.lots] == [row._replace(row=0) for row in real.dispositions]
    assert outcome.carryover == real.carryover


def test_a_wash_sale_in_the_plan_is_seen() -> None:
    """Four shares bought on 20 November replace four of the ten sold at a loss of 20 each: 80."""
    rows = (buy("2025-06-02", "XYZ", 10, 900), buy("2025-11-20", "XYZ", 4, 280))
    found = what_if(plan(rows, Other_Income=60000), "XYZ", D(10), D(70), DAY)
    outcome = of(found, Method.FIFO)
    assert (outcome.disallowed, outcome.short) == (80, -120)
    assert any("wash sale" in note for note in found.notes)


@pytest.mark.parametrize(("asset", "price", "told"), [("XYZ", 70, True), ("XYZ", 95, False), ("BTC", 70, False)])
def test_the_open_window_of_a_planned_loss_on_a_security_is_told(asset: str, price: int, told: bool) -> None:
    account = "Kraken" if asset == "BTC" else "Schwab"
    found = what_if(plan([buy("2025-06-02", asset, 10, 900, account)]), asset, D(10), D(price), date(2025, 12, 5))
    assert any("up to 01/04/2026, in any account" in note for note in found.notes) is told


def test_average_basis_is_offered_for_funds_alone() -> None:
    """Twenty shares for 1,400 in all: 70 each; the first ten are the old ones, long-term."""
    rows = (buy("2023-01-03", "FUND", 10, 500), buy("2025-06-02", "FUND", 10, 900))
    outcome = of(what_if(plan(rows, Other_Income=60000), "FUND", D(10), D(100), DAY), Method.AVERAGE)
    assert (outcome.basis, outcome.short, outcome.long, outcome.tax) == (700, 0, 300, 45)
    stock = what_if(plan(OLD_AND_NEW, Other_Income=60000), "XYZ", D(10), D(100), DAY)
    assert Method.AVERAGE not in {outcome.method for outcome in stock.outcomes}


def test_without_an_account_every_account_that_holds_enough_is_tried() -> None:
    rows = (*OLD_AND_NEW, buy("2024-01-03", "XYZ", 10, 1100, "Fidelity"), buy("2024-01-03", "XYZ", 9, 1, "Hers"))
    ledger = plan(rows, Other_Income=60000, Filing_Status="mfj")
    found = what_if(ledger, "xyz", D(10), D(100), DAY)
    assert {outcome.account for outcome in found.outcomes} == {"Schwab", "Fidelity"}
    assert found.cheapest is not None
    assert found.cheapest.account == "Fidelity"
    named = what_if(ledger, "XYZ", D(10), D(100), DAY, "schwab")
    assert {outcome.account for outcome in named.outcomes} == {"Schwab"}


@pytest.mark.parametrize(
    ("quantity", "asset", "account", "says"),
    [
        pytest.param("21", "XYZ", None, "No account holds 21 XYZ on 12/01/2025. Held: 20 in Schwab", id="too many"),
        pytest.param("21", "XYZ", "Schwab", "20 are held there", id="too many in the account"),
        pytest.param("1", "XYZ", "Kraken", "No XYZ is held in Kraken", id="not in that account"),
        pytest.param("1", "NIX", None, "No NIX is held on 12/01/2025", id="not held at all"),
        pytest.param("1", "IRAX", None, "No IRAX is held", id="held in an IRA only"),
        pytest.param("1", "IRAX", "Roth", "Roth is an IRA", id="an IRA"),
        pytest.param("1", "HERX", "Hers", "a spouse's account and not on this separate return", id="a spouse"),
        pytest.param("0", "XYZ", None, "more than zero", id="nothing"),
    ],
)
def test_a_sale_that_cannot_be_is_refused_saying_why(quantity: str, asset: str, account: str, says: str) -> None:
    rows = (*OLD_AND_NEW, buy("2024-01-03", "IRAX", 5, 1, "Roth"), buy("2024-01-03", "HERX", 5, 1, "Hers"))
    with pytest.raises(PlanRefused, match=says):
        what_if(plan(rows, Filing_Status="mfs"), asset, D(quantity), D(100), DAY, account)


def test_a_sale_in_the_past_that_leaves_a_later_one_without_units_is_refused() -> None:
    ledger = plan((*OLD_AND_NEW, sell("2025-12-15", "XYZ", 15, 1500)))
    with pytest.raises(PlanRefused, match=r"no longer adds up.*row 4"):
        what_if(ledger, "XYZ", D(10), D(100), DAY)


def test_without_income_lots_and_results_are_told_but_no_tax() -> None:
    found = what_if(plan(OLD_AND_NEW), "XYZ", D(10), D(100), DAY)
    assert {outcome.tax for outcome in found.outcomes} == {None}
    assert of(found, Method.FIFO).long == 500
    assert found.cheapest is None
    assert "Other Income 2025" in found.missing


def test_nothing_in_the_ledger_changes() -> None:
    ledger = plan(OLD_AND_NEW, Other_Income=60000)
    rows, before = ledger.transactions, compute(ledger)
    what_if(ledger, "XYZ", D(10), D(100), DAY)
    assert ledger.transactions is rows
    assert compute(ledger).open_lots == before.open_lots
    assert not any(isinstance(entry, Sell) for entry in ledger.transactions)


def test_an_order_in_the_ledger_does_not_decide_the_plan() -> None:
    ledger = plan(OLD_AND_NEW, Other_Income=60000, Method="lifo")
    assert of(what_if(ledger, "XYZ", D(10), D(100), DAY), Method.FIFO).long == 500


def test_a_ledger_whose_dates_run_downward_gives_the_same_plan() -> None:
    upward = plan(OLD_AND_NEW, Other_Income=60000)
    downward = replace(upward, transactions=upward.transactions[::-1], bottom_up=True)
    for method in (Method.FIFO, Method.LIFO):
        one, other = (of(what_if(found, "XYZ", D(10), D(100), DAY), method) for found in (upward, downward))
        assert (one.short, one.long, one.tax) == (other.short, other.long, other.tax)


def test_a_sale_comes_after_everything_else_on_its_day() -> None:
    """Ten more shares bought at 9:30 that day are there to be sold last in, first out."""
    bought = ("2025-12-01 09:30:00", "Buy", "XYZ", 10, 1200, "Schwab", None, "stock")
    found = what_if(plan((*OLD_AND_NEW, bought), Other_Income=60000), "XYZ", D(10), D(100), DAY)
    assert [lot.lot_row for lot in of(found, Method.LIFO).lots] == [4]
    assert of(found, Method.LIFO).lots[0].acquired == datetime(2025, 12, 1).date()


def test_a_ledger_with_errors_is_refused() -> None:
    broken: Ledger = plan((sell("2025-02-03", "XYZ", 100, 10000),))
    with pytest.raises(InvalidLedger):
        what_if(broken, "XYZ", D(10), D(100), DAY)
