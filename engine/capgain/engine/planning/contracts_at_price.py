"""Open section 1256 contracts at their prices of a year that is not over: they count at the year's end, sold or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.forms.tax import Gains
from capgain.engine.money import CENT, EXACT, ZERO, from_cents, to_cents
from capgain.engine.report import TaxReport

SHORT_PART = Decimal("0.4")
"""26 USC 1256(a)(3)."""


@dataclass(frozen=True, slots=True)
class ContractsAtPrice:
    """What the contracts still open would add to a year, in dollars; `note` is "" where none has a price of it."""

    gain: Decimal = ZERO
    note: str = ""

    def on_top_of(self, gains: Gains) -> Gains:
        """Gains with this result: 40% short-term, 60% long-term."""
        short = (self.gain * SHORT_PART).quantize(CENT, rounding=EXACT.rounding, context=EXACT)
        return gains.plus(short=short, long=self.gain - short) if self.gain else gains


def contracts_at_price(report: TaxReport, year: int, today: date) -> ContractsAtPrice:
    """The open contracts of a year that is not over, each at the latest price that sheet Prices has of that year."""
    found = report.years.get(year)
    if found is None or year < today.year:
        return ContractsAtPrice()
    hidden = report.ledger.off_the_return(found.status)
    cents, priced = 0, set[str]()
    for one in report.open_contracts:
        prices = [
            (price.day, price.price)
            for price in report.ledger.prices
            if price.asset == one.asset and price.day is not None and price.day.year == year
        ]
        if not prices or one.account in hidden:
            continue
        _, price = max(prices)
        each = EXACT.multiply(price, report.ledger.contract_size(one.asset))
        value = to_cents(EXACT.multiply(each, one.units).scaleb(-18, context=EXACT))
        cents += one.value_cents - value if one.is_short else value - one.value_cents
        priced.add(one.asset)
    if not priced:
        return ContractsAtPrice()
    gain = from_cents(cents)
    return ContractsAtPrice(
        gain,
        f"Open section 1256 contracts ({', '.join(sorted(priced))}) are counted at their prices of {year}: "
        f"{gain:,.2f}, as if marked (26 USC 1256(a)(1)).",
    )
