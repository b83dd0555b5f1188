"""A planned sale under every order of lots, side by side: what it would take, bring and cost. No ledger changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import METHODS_OF_A_PLAN, AccountKind, AssetClass, FilingStatus, Method, Term
from capgain.engine.compute import compute
from capgain.engine.holding_period import long_term_from
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO, from_cents
from capgain.engine.planning.contract_sale import closing_of_contracts, open_position
from capgain.engine.planning.contracts_at_price import NOTHING_STATED, counted_at_prices
from capgain.engine.planning.copies import free_row, sale_at_close, with_rows
from capgain.engine.planning.installment_to_come import change_of_installment, next_installment
from capgain.engine.planning.outcomes import Outcome, PlannedSale, Waiting, WhatIf
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.wash_windows import WashWindows
from capgain.engine.planning.year_at_hand import YearAtHand, all_gains, with_more, year_at_hand
from capgain.engine.problems import InvalidLedger
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import Sell
from capgain.engine.units import plain_quantity

__all__ = ["IN_TIME", "NEXT_YEAR", "Outcome", "PlannedSale", "Waiting", "WhatIf", "what_if"]

IN_TIME = (
    "Any order but FIFO (average basis for funds aside) must be on record before the sale: a standing order, or the "
    "lots named to the broker by settlement, for digital assets before the sale (Treas. Reg. 1.1012-1(c)(8), (j))."
)
NEXT_YEAR = "Waiting moves the sale into another tax year; what it saves is figured with this year's income and rates."


def what_if(
    ledger: Ledger,
    asset: str,
    quantity: Decimal,
    price: Decimal,
    day: date,
    account: str | None = None,
    *,
    fee: Decimal = ZERO,
    report: TaxReport | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WhatIf:
    """The sale of `quantity` units of `asset` at `price` each, at the end of `day`, from `account` or from any.

    Each order is tried as a Sell row in a copy of the ledger, so that every rule applies as to a real sale. `report`
    may be given where it is at hand: the ledger's, through the year, lots as of the day. `progress` is called with the
    orders tried and all of them. Raises PlanRefused where the units are not there to sell, and InvalidLedger.
    """
    if quantity <= ZERO:
        raise PlanRefused("The quantity to sell must be more than zero.")
    if price < ZERO or fee < ZERO:
        raise PlanRefused("A price or a fee cannot be negative.")
    if report is None:
        report = compute(ledger, through=day.year, lots_as_of=day)
    if report.has_errors:
        raise InvalidLedger(report.problems)
    position = open_position(report, asset)
    report = counted_at_prices(report, day.year, stated={asset.casefold(): price} if position else NOTHING_STATED)
    ledger = report.ledger
    at_hand = year_at_hand(report, day.year)
    if position is not None:
        asked = PlannedSale(asset, quantity, price, day, fee)
        return closing_of_contracts(ledger, report, at_hand, position, asked, account)
    lots = _held(report, asset, at_hand.status)
    name = lots[0].asset if lots else asset
    of_a_unit = EXACT.multiply(price, ledger.contract_size(name))
    sale = PlannedSale(name, quantity, of_a_unit, day, fee)
    accounts = _accounts(ledger, report, lots, sale, account)
    is_fund = lots[0].asset_class is AssetClass.FUND
    tried = [
        (place, method) for place in accounts for method in METHODS_OF_A_PLAN if is_fund or not method.relief.averages
    ]
    outcomes = []
    for done, (place, method) in enumerate(tried):
        if progress is not None:
            progress(done, len(tried))
        outcomes.append(_outcome(ledger, report, at_hand, sale, place, method))
    cheapest = min(
        (outcome for outcome in outcomes if outcome.tax is not None),
        key=lambda outcome: (outcome.tax, outcome.gain),
        default=None,
    )
    marked = tuple(replace(outcome, is_cheapest=True) if outcome is cheapest else outcome for outcome in outcomes)
    reaches = WashWindows(report, day).reach(lots[0].asset_class)
    said = () if cheapest is None else _of_estimated_tax(ledger, report, sale, cheapest)
    return WhatIf(sale, at_hand, marked, (*said, *_notes(marked, at_hand, sale if reaches else None)))


def _held(report: TaxReport, asset: str, status: FilingStatus) -> list[OpenLot]:
    """The lots of an asset whose sale this return would show."""
    hidden = report.ledger.off_the_return(status)
    return [
        lot
        for lot in report.open_lots
        if lot.asset.casefold() == asset.casefold() and not lot.is_ira and lot.account not in hidden
    ]


def _accounts(
    ledger: Ledger, report: TaxReport, lots: list[OpenLot], sale: PlannedSale, account: str | None
) -> list[str]:
    """The accounts to sell from. Raises PlanRefused, saying where units are, if none holds enough."""
    held: dict[str, Decimal] = {}
    for lot in lots:
        held[lot.account] = EXACT.add(held.get(lot.account, ZERO), lot.quantity)
    where = ", ".join(f"{plain_quantity(units)} in {place or '(blank)'}" for place, units in sorted(held.items()))
    wanted = f"{plain_quantity(sale.quantity)} {sale.asset}"
    if account is not None:
        known = next((place for place in held if place.casefold() == account.casefold()), None)
        if known is None:
            _refuse_account(ledger, report, account, sale, where)
        elif held[known] < sale.quantity:
            raise PlanRefused(
                f"{wanted} cannot be sold from {known}: {plain_quantity(held[known])} are held there on "
                f"{sale.day:%m/%d/%Y}. Held in all: {where}."
            )
        else:
            return [known]
    enough = [place for place, units in sorted(held.items()) if units >= sale.quantity]
    if not held:
        raise PlanRefused(
            f"No {sale.asset} is held on {sale.day:%m/%d/%Y}. Check the name of the asset and the date; sales in an "
            "IRA are not taxed and not planned here."
        )
    if not enough:
        raise PlanRefused(
            f"No account holds {wanted} on {sale.day:%m/%d/%Y}. Held: {where}. Plan one account at a time."
        )
    return enough


def _refuse_account(ledger: Ledger, report: TaxReport, account: str, sale: PlannedSale, where: str) -> None:
    known = next((kept for name, kept in ledger.accounts.items() if name.casefold() == account.casefold()), None)
    if known is not None and known.kind is AccountKind.IRA:
        raise PlanRefused(f"{known.name} is an IRA: a sale there is not taxed. Name a taxable account.")
    if any(lot.account.casefold() == account.casefold() and lot.asset == sale.asset for lot in report.open_lots):
        raise PlanRefused(f"{account} is a spouse's account and not on this separate return. Name one of your own.")
    held = f" Held: {where}." if where else ""
    raise PlanRefused(f"No {sale.asset} is held in {account} on {sale.day:%m/%d/%Y}.{held}")


def _planned_row(ledger: Ledger, sale: PlannedSale, account: str, method: Method) -> Sell:
    row = free_row(ledger)
    return sale_at_close(row, sale.day, account, sale.asset, sale.quantity, sale.amount, method=method, fee=sale.fee)


def _of_estimated_tax(ledger: Ledger, report: TaxReport, sale: PlannedSale, outcome: Outcome) -> tuple[str, ...]:
    """What the sale adds to the next payment of estimated tax, where Settings are kept for it."""
    if next_installment(report, sale.day) is None:
        return ()
    entry = _planned_row(ledger, sale, outcome.account, outcome.method)
    then = compute(with_rows(ledger, [entry]), through=max(report.years, default=sale.day.year))
    said = change_of_installment(report, then, sale.day, "The cheapest sale")
    return (said,) if said else ()


def _outcome(
    ledger: Ledger, report: TaxReport, at_hand: YearAtHand, sale: PlannedSale, account: str, method: Method
) -> Outcome:
    entry = _planned_row(ledger, sale, account, method)
    row, year = entry.row, sale.day.year
    found = compute(with_rows(ledger, [entry]), through=max(report.years, default=year))
    if found.has_errors:
        first = next(problem for problem in found.problems if problem.is_error)
        raise PlanRefused(f"With this sale added the ledger no longer adds up: {first}")
    of_year = found.years[year]
    taken = tuple(lot for lot in of_year.dispositions if lot.row == row)
    by_term = {term: from_cents(sum(lot.gain_cents for lot in taken if lot.term is term)) for term in Term}
    tax: Decimal | None = None
    gains = None if of_year.schedule_d is None else all_gains(of_year.schedule_d)
    if at_hand.rest is not None and gains is not None:
        tax = at_hand.rest.tax(gains).total - at_hand.rest.tax(at_hand.gains).total
    return Outcome(
        account=account,
        method=method,
        lots=taken,
        proceeds=from_cents(sum(lot.proceeds_cents for lot in taken)),
        basis=from_cents(sum(lot.basis_cents for lot in taken)),
        disallowed=from_cents(sum(lot.wash_cents for lot in taken)),
        short=by_term[Term.SHORT],
        long=by_term[Term.LONG],
        tax=tax,
        carryover=of_year.carryover,
        waiting=_waiting(taken, at_hand, found, year),
    )


def _waiting(taken: tuple[Disposition, ...], at_hand: YearAtHand, found: TaxReport, year: int) -> Waiting | None:
    """Waiting until the last short-term unit turns long-term, all else being equal."""
    short = [lot for lot in taken if lot.term is Term.SHORT]
    if not short:
        return None
    day = max(long_term_from(lot.held_since) for lot in short)
    moved = from_cents(sum(lot.gain_cents for lot in short))
    schedule_d = found.years[year].schedule_d
    if at_hand.rest is None or schedule_d is None:
        return Waiting(day, None)
    gains = all_gains(schedule_d)
    is_collectible = short[0].asset_class is AssetClass.COLLECTIBLE
    later = with_more(gains, -moved, moved, is_collectible=is_collectible)
    return Waiting(day, at_hand.rest.tax(gains).total - at_hand.rest.tax(later).total)


def _notes(outcomes: tuple[Outcome, ...], at_hand: YearAtHand, washable: PlannedSale | None) -> tuple[str, ...]:
    """What to know of the plan; `washable` is the sale where its loss can be a wash sale."""
    said = [IN_TIME]
    if any(outcome.waiting is not None and outcome.waiting.day.year > at_hand.year for outcome in outcomes):
        said.append(NEXT_YEAR)
    if any(outcome.disallowed for outcome in outcomes):
        said.append("Part of a loss is a wash sale: a purchase within 30 days replaces what is sold (26 USC 1091).")
    if washable is not None and any(lot.gain_cents < 0 for outcome in outcomes for lot in outcome.lots):
        said.append(
            f"The window of this sale stays open: a purchase of {washable.asset} up to "
            f"{washable.day + WINDOW:%m/%d/%Y}, in any account, yours or your spouse's, an IRA too, would disallow its "
            "loss (26 USC 1091(a))."
        )
    return (*said, *at_hand.assumptions)
