"""What selling every lot at once would give: the rows of Form 8949, lot by lot, from one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from capgain.engine.classes import Method, MissingBasis, Term
from capgain.engine.classification import classify
from capgain.engine.holding_period import long_term_from
from capgain.engine.ledger import Ledger, Price
from capgain.engine.money import EXACT, ZERO
from capgain.engine.planning.copies import free_row, sale_at_close, with_rows
from capgain.engine.planning.prices import worth
from capgain.engine.replay.replay import replay
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import Disposal

INHERITED = "INHERITED"


def sold_out(
    ledger: Ledger, lots: Iterable[OpenLot], prices: Mapping[str, Price], day: date
) -> list[list[Disposition]]:
    """The rows that selling `lots` at the end of `day` would give, those of a lot together.

    Gifts, fund shares held briefly and inheritances go by the same rules as a real sale. Wash sales of these sales are
    not in it, as nothing sold here would still be held.
    """
    held: dict[tuple[str, str], Decimal] = {}
    for lot in lots:
        place = (lot.account, lot.asset)
        held[place] = EXACT.add(held.get(place, ZERO), lot.quantity)
    first = free_row(ledger)
    on = _day_of_sale(ledger, day)
    sales = [
        sale_at_close(
            row,
            on,
            account,
            asset,
            quantity,
            worth(ledger, asset, quantity, prices[asset.casefold()].price),
            method=Method.FIFO,
        )
        for row, ((account, asset), quantity) in enumerate(held.items(), first)
    ]
    # What splits leave beyond the 18th decimal may make the sum a hair more than is held.
    lenient = replace(ledger, settings=replace(ledger.settings, missing_basis=MissingBasis.ZERO))
    planned = with_rows(lenient, sales)
    replayed = replay(planned, classify(planned)[0])
    by_lot: dict[tuple[str, str, int, date, date], list[Disposition]] = {}
    for row in replayed.dispositions:
        if row.row >= first and row.lot_row:
            place_of = (row.account, row.asset, row.lot_row, row.acquired, row.held_since)
            by_lot.setdefault(place_of, []).append(_on_the_day(row, on, day))
    return list(by_lot.values())


def _day_of_sale(ledger: Ledger, day: date) -> date:
    """The day itself, or the next where something left on it.

    A loss of that day looks back at its end for what is still held (R-WASH-8): it has to find these lots. The switch to
    wallets is not run into.
    """
    left = any(isinstance(entry, Disposal) and entry.at.date() == day for entry in ledger.transactions)
    after = day + timedelta(days=1)
    return after if left and after != ledger.settings.wallet_basis_from else day


def _on_the_day(row: Disposition, sold: date, day: date) -> Disposition:
    """The row with the term of a sale on `day`: a lot that turns long-term on the day after is still short-term."""
    if sold == day or row.acquired_text or long_term_from(row.held_since) != sold:
        return row
    return row._replace(term=Term.SHORT)
