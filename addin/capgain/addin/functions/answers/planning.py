"""CAPGAIN_PORTFOLIO, CAPGAIN_TAX, CAPGAIN_HARVEST and CAPGAIN_WHATIF: from what is held to deciding.

Each loads the planning it needs when it is asked: the process that answers formulas starts for the first of them, which
in most workbooks is about the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from capgain.addin.functions.answers.lots import plain
from capgain.addin.functions.answers.tax_forms import schedule_d_of
from capgain.addin.functions.cells import ErrorCode, Failure, OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.engine.classes import Term
from capgain.engine.forms.tax_on_gains import AMT_LEFT_OUT, StatedIncome
from capgain.engine.money import to_the_cent

if TYPE_CHECKING:
    from capgain.engine.planning.harvest import HarvestLot
    from capgain.engine.planning.portfolio import Sums
    from capgain.engine.planning.what_if import Outcome


def tax(computed: Computed, year: int, taxable_income: Decimal) -> Table:
    """The tax with the year's gains and without them, and what the next dollar of gain would cost."""
    from capgain.engine.planning.contracts_at_price import tax_of_year

    report = computed.report(through=year)
    of_year = report.years.get(year)
    schedule_d_of(of_year, year)
    income = () if of_year is None else of_year.income
    stated = replace(
        StatedIncome.of(computed.ledger.settings, year, income, report.minimum_tax),
        taxable_income=taxable_income,
        other_income=None,
        agi_without_gains=None,
    )
    found = tax_of_year(report, year, stated)
    amt = found.with_gains.amt, found.without_gains.amt
    left_out = f", {AMT_LEFT_OUT}" if None in amt else ""
    rows: list[tuple[OutputCell, ...]] = [
        (f"Tax with the gains{left_out}", to_the_cent(found.with_gains.total)),
        (f"Tax without the gains{left_out}", to_the_cent(found.without_gains.total)),
        ("AMT with the gains", None if amt[0] is None else to_the_cent(amt[0])),
        ("AMT without the gains", None if amt[1] is None else to_the_cent(amt[1])),
        ("Difference", to_the_cent(found.difference)),
        ("Rate on the next short-term dollar", found.marginal.short),
        ("Rate on the next long-term dollar", found.marginal.long),
        ("Net investment income tax on the next dollar", found.marginal.niit),
        ("Room left in the 0% band", to_the_cent(found.room_at_zero)),
        ("Room left in the 15% band", to_the_cent(found.room_at_fifteen)),
    ]
    return [*rows, *((assumption, None) for assumption in found.assumptions)]


PORTFOLIO_HEADER = (
    "Asset",
    "Units",
    "Basis",
    "Price",
    "Value",
    "Gain",
    "Percent",
    "Short",
    "Long",
    "Next long",
    "Wash until",
    "Do not buy before",
)


def portfolio(computed: Computed, as_of: date) -> Table:
    """What is held at the end of `as_of`, an asset a row, at the prices of that day; the last row is all of it."""
    from capgain.engine.planning.portfolio import portfolio as held_on

    report = computed.report(through=as_of.year, lots_as_of=as_of)
    held = held_on(report, as_of, prices=computed.ledger.prices)
    rows: list[tuple[OutputCell, ...]] = [PORTFOLIO_HEADER]
    for asset in held.assets:
        price = None if asset.price is None else asset.price.price
        days = asset.next_long, held.wash_until(asset), held.do_not_buy_before(asset)
        rows.append((asset.asset, plain(asset.units), asset.sums.basis, price, *_sums(asset.sums), *days))
    return [*rows, ("All", None, held.totals.basis, None, *_sums(held.totals), None, None, None)]


def _sums(sums: Sums) -> tuple[OutputCell, ...]:
    """Value, gain and percent, blank without a price; short- and long-term results."""
    if not sums.has_price:
        return None, None, None, to_the_cent(sums.short), to_the_cent(sums.long)
    percent = sums.percent.quantize(Decimal("0.000001"))
    return sums.value, sums.gain, percent, to_the_cent(sums.short), to_the_cent(sums.long)


HARVEST_HEADER = (
    "Asset",
    "Account",
    "Quantity",
    "Acquired",
    "Term",
    "Days to long-term",
    "Price",
    "Value",
    "Basis",
    "Loss",
    "Wash sale disallows",
    "Buy back from",
    "Saves this year",
    "Sell",
    "Row",
)


def harvest(computed: Computed, as_of: date) -> Table:
    """The lots at a loss in the order that saves most, then what has to be known before acting on them."""
    from capgain.engine.planning.harvest import harvest as plan_harvest

    report = computed.report(through=as_of.year, lots_as_of=as_of)
    found = plan_harvest(computed.ledger, as_of, report=report)
    if not computed.ledger.prices:
        raise Failure(ErrorCode.NOT_AVAILABLE, "The prices are empty: a price for each asset held is wanted.")
    rows: list[tuple[OutputCell, ...]] = [HARVEST_HEADER]
    rows += [_harvest_row(lot) for lot in found.losses]
    said = [*([found.missing] if found.missing else []), *found.notes]
    said += [
        f"No price of {asset} on or before {as_of:%m/%d/%Y}: its lots are left out."
        for asset in found.unpriced
        if asset not in report.contract_assets
    ]
    return [*rows, *_remarks(said, len(HARVEST_HEADER))]


def _harvest_row(lot: HarvestLot) -> tuple[OutputCell, ...]:
    return (
        lot.asset,
        lot.account,
        plain(lot.quantity),
        lot.acquired,
        "Long" if lot.term is Term.LONG else "Short",
        lot.days_until_long,
        lot.price,
        to_the_cent(lot.value),
        to_the_cent(lot.basis),
        to_the_cent(lot.unrealized),
        to_the_cent(lot.disallowed),
        lot.buy_back_from,
        None if lot.saves is None else to_the_cent(lot.saves),
        None if lot.sell is None else plain(lot.sell),
        lot.row,
    )


WHAT_IF_HEADER = (
    "Method",
    "Account",
    "Lots",
    "Proceeds",
    "Basis",
    "Short",
    "Long",
    "Wash sale disallows",
    "Tax",
    "Tax per dollar",
    "Long-term from",
    "Waiting saves",
    "Cheapest",
)


def whatif(computed: Computed, asset: str, quantity: Decimal, price: Decimal, date: date, account: str | None) -> Table:
    """The planned sale under each order of lots, then what has to be known before making it."""
    from capgain.engine.planning.refused import PlanRefused
    from capgain.engine.planning.what_if import what_if

    report = computed.report(through=date.year, lots_as_of=date)
    try:
        found = what_if(computed.ledger, asset, quantity, price, date, account, report=report)
    except PlanRefused as error:
        raise Failure(ErrorCode.NUMBER, str(error)) from None
    rows: list[tuple[OutputCell, ...]] = [WHAT_IF_HEADER]
    rows += [_outcome_row(outcome) for outcome in found.outcomes]
    said = [*([found.missing] if found.missing else []), *found.notes]
    return [*rows, *_remarks(said, len(WHAT_IF_HEADER))]


def _outcome_row(outcome: Outcome) -> tuple[OutputCell, ...]:
    waiting = outcome.waiting
    saves = None if waiting is None or waiting.saves is None else to_the_cent(waiting.saves)
    return (
        outcome.method.value,
        outcome.account,
        len({lot.lot_row for lot in outcome.lots}),
        to_the_cent(outcome.proceeds),
        to_the_cent(outcome.basis),
        to_the_cent(outcome.short),
        to_the_cent(outcome.long),
        to_the_cent(outcome.disallowed),
        None if outcome.tax is None else to_the_cent(outcome.tax),
        outcome.tax_per_dollar,
        None if waiting is None else waiting.day,
        saves,
        "cheapest" if outcome.is_cheapest else None,
    )


def _remarks(said: Sequence[str], width: int) -> list[tuple[OutputCell, ...]]:
    """Sentences below a table, one a row in its first column."""
    return [(text, *(None,) * (width - 1)) for text in said]
