"""What would be gained if everything held were sold at the prices given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from capgain.addin.functions.answers.filters import Filter
from capgain.addin.functions.cells import ErrorCode, Failure
from capgain.addin.functions.ledgers import Computed
from capgain.engine.ledger import Ledger
from capgain.engine.money import from_cents, to_cents
from capgain.engine.planning.prices import prices_on, worth


def unrealized(computed: Computed, year: int, wanted: Filter) -> Decimal:
    """Value less basis at the end of `year`, each lot to the cent as on sheet Open Lots, IRA lots left out.

    Raises Failure (#N/A) where a price is missing.
    """
    end = date(year, 12, 31)
    report = computed.report(through=year, lots_as_of=end)
    if not computed.ledger.prices:
        raise Failure(
            ErrorCode.NOT_AVAILABLE, "unrealized needs prices: add a Prices sheet with Asset, Price and Date."
        )
    at_end = Prices(computed.ledger, end, is_now=computed.last_day is None or end >= computed.last_day)
    total = 0
    for lot in report.open_lots:
        if not lot.is_ira and wanted.passes(lot.asset, lot.account):
            value = worth(report.ledger, lot.asset, lot.quantity, at_end.of(lot.asset))
            total += to_cents(value) - to_cents(lot.basis)
    for short in report.open_shorts:
        if wanted.passes(short.asset, short.account):
            owed = worth(report.ledger, short.asset, short.quantity, at_end.of(short.asset))
            total += to_cents(short.proceeds) - to_cents(owed)
    return from_cents(total)


class Prices:
    """The price of each asset on a day. One without a date is today's, and counts where `is_now`."""

    def __init__(self, ledger: Ledger, day: date, *, is_now: bool) -> None:
        self._day = day
        self._prices = prices_on((price for price in ledger.prices if is_now or price.day is not None), day)

    def of(self, asset: str) -> Decimal:
        """Raises Failure (#N/A) where there is none."""
        found = self._prices.get(asset.casefold())
        if found is None:
            raise Failure(
                ErrorCode.NOT_AVAILABLE,
                f"The Prices sheet has no price of {asset} on or before {self._day:%m/%d/%Y}.",
            )
        return found.price
