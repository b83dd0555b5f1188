"""Standing orders of own books that the brokers must have before 2027 (Notice 2026-20)."""

from __future__ import annotations

from datetime import date

from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.standing_orders import OWN_BOOKS_RELIEF_ENDS, lies_in_books_only
from capgain.engine.replay.state import State

TOLD_FROM = date(2026, 7, 1)
"""A ledger that reaches this day is told of what ends with the year."""

_WITHOUT_RELIEF = date(2027, 1, 1)


def tell_of_orders_in_books(state: State) -> None:
    """One warning with the accounts in which digital assets lie under an order that no broker has."""
    if state.ledger.ends < TOLD_FROM:
        return
    places = set()
    for held in state.holdings.by_place.values():
        if held.count <= 0 or held.is_ira:
            continue
        order = state.holdings.orders.in_force(held.account, held.asset, held.asset_class, _WITHOUT_RELIEF.year)
        if lies_in_books_only(order, held.kind, held.asset_class, _WITHOUT_RELIEF):
            places.add(held.place or "(blank)")
    if places:
        state.problems.found.append(
            Problem(
                Severity.WARNING,
                "Settings",
                0,
                "Method",
                f"an order of lots lies in your own books alone for what is held in {', '.join(sorted(places))}; for "
                f"sales after {OWN_BOOKS_RELIEF_ENDS} the broker must have it (Notice 2026-20).",
                "Give each of them the order before it sells, then write broker behind the method: hifo broker.",
                "STANDING_ORDER_TELL_BROKER",
            )
        )
