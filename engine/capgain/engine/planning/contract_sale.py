"""A planned closing of section 1256 contracts: 40% short-term, 60% long-term, in one order, washed by nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from capgain.engine.classes import Method
from capgain.engine.compute import compute
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO
from capgain.engine.planning.copies import free_row, sale_at_close, with_rows
from capgain.engine.planning.outcomes import Outcome, PlannedSale, WhatIf
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.year_at_hand import YearAtHand, all_gains
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.transactions import Cover, Sell
from capgain.engine.units import quantity_of

NO_ORDER = (
    "Section 1256 contracts close first in, first out; 60% of the result is long-term and 40% short-term whatever the "
    "holding period (26 USC 1256(a)(3)). Closed or not they count this year, open ones at their value at its end: the "
    "tax shown is that of their result, not what waiting would save."
)


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """Contracts of one asset that are open on a return: units by account, those sold first negative."""

    asset: str
    by_account: Mapping[str, Decimal]

    def accounts_with(self, quantity: Decimal, account: str | None, day: date) -> list[str]:
        """The accounts to close them in. Raises PlanRefused, saying where contracts are, if none has enough."""
        where = ", ".join(f"{units.normalize():f} in {place or '(blank)'}" for place, units in self.by_account.items())
        places = [
            place
            for place, units in self.by_account.items()
            if abs(units) >= quantity and (account is None or place.casefold() == account.casefold())
        ]
        if not places:
            raise PlanRefused(
                f"{quantity.normalize():f} {self.asset} cannot be closed on {day:%m/%d/%Y}. Open: {where}."
            )
        return places


def open_position(report: TaxReport, asset: str) -> OpenPosition | None:
    """What is open of an asset, None where it is no section 1256 contract that is."""
    last = max(report.years, default=None)
    hidden = frozenset() if last is None else report.ledger.off_the_return(report.years[last].status)
    name, found = asset, dict[str, Decimal]()
    for one in report.open_contracts:
        if one.asset.casefold() == asset.casefold() and one.account not in hidden:
            units = quantity_of(-one.units if one.is_short else one.units)
            found[one.account] = EXACT.add(found.get(one.account, ZERO), units)
            name = one.asset
    return OpenPosition(name, found) if found else None


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing contracts brings since the last mark, in dollars; `after` is the year with it."""

    short: Decimal
    long: Decimal
    after: YearReport


def closing(
    ledger: Ledger,
    report: TaxReport,
    position: OpenPosition,
    account: str,
    quantity: Decimal,
    amount: Decimal,
    fee: Decimal,
    day: date,
) -> Closing:
    """Close `quantity` contracts in an account for `amount` dollars in all at the end of `day`."""
    row = free_row(ledger)
    entry: Sell | Cover = sale_at_close(row, day, account, position.asset, quantity, amount, method=None, fee=fee)
    if position.by_account[account] < ZERO:
        entry = Cover(
            row=row,
            at=datetime.combine(day, time.max),
            account=account,
            asset=position.asset,
            quantity=quantity,
            amount=amount,
            fee=fee,
        )
    found = compute(with_rows(ledger, [entry]), through=max(report.years, default=day.year))
    if found.has_errors:
        first = next(problem for problem in found.problems if problem.is_error)
        raise PlanRefused(f"With this sale added the ledger no longer adds up: {first}")
    after = found.years[day.year]
    form = after.form_6781
    assert form is not None
    others = tuple(one for one in form.contracts if one.row != row)
    without = Form6781(form.year, form.status, others, form.form_1099_adjustments)
    return Closing(form.line_8 - without.line_8, form.line_9 - without.line_9, after)


def closing_of_contracts(
    ledger: Ledger,
    report: TaxReport,
    at_hand: YearAtHand,
    position: OpenPosition,
    asked: PlannedSale,
    account: str | None,
) -> WhatIf:
    """The closing of section 1256 contracts, from each account that has enough: no order of lots, no wash sale."""
    price = EXACT.multiply(asked.price, ledger.contract_size(position.asset))
    sale = replace(asked, asset=position.asset, price=price)
    outcomes = []
    for place in position.accounts_with(sale.quantity, account, sale.day):
        found = closing(ledger, report, position, place, sale.quantity, sale.amount, sale.fee, sale.day)
        form = found.after.schedule_d
        tax = None
        if at_hand.rest is not None and form is not None:
            gains = all_gains(form)
            unsold = gains.plus(short=-found.short, long=-found.long)
            tax = at_hand.rest.tax(gains).total - at_hand.rest.tax(unsold).total
        proceeds = EXACT.subtract(sale.amount, sale.fee)
        gain = found.short + found.long
        outcomes.append(
            Outcome(
                account=place,
                method=Method.FIFO,
                lots=(),
                proceeds=proceeds,
                basis=proceeds - gain,
                disallowed=ZERO,
                short=found.short,
                long=found.long,
                tax=tax,
                carryover=found.after.carryover,
                waiting=None,
                is_cheapest=False,
            )
        )
    known = [outcome for outcome in outcomes if outcome.tax is not None]
    cheapest = min(known, key=lambda outcome: (outcome.tax, outcome.gain), default=None)
    marked = tuple(replace(outcome, is_cheapest=outcome is cheapest) for outcome in outcomes)
    return WhatIf(sale, at_hand, marked, (NO_ORDER, *at_hand.assumptions))
