"""Why a disposal took the lot that it took, in a sentence: lots named, or an order other than first in, first out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from capgain.engine.classes import Method
from capgain.engine.identical_assets import one_asset
from capgain.engine.ledger import Account, Ledger
from capgain.engine.replay.standing_orders import (
    OrderInForce,
    StandingOrders,
    identified_in_time,
    lies_in_books_only,
)
from capgain.engine.results.dispositions import Disposition, is_coin_fee
from capgain.engine.transactions import Disposal, MethodOrder, Transaction


@dataclass(frozen=True, slots=True)
class OrdersOfLots:
    """The standing orders of a ledger in the order of time, and what else decides which lots leave.

    `names` is one name for all names of an asset that was renamed.
    """

    ledger: Ledger
    standing: Sequence[MethodOrder]
    names: Mapping[str, str]

    @classmethod
    def of(cls, ledger: Ledger) -> OrdersOfLots:
        rows = [entry for entry in ledger.transactions if isinstance(entry, MethodOrder)]
        return cls(ledger, sorted(rows, key=lambda order: order.at), one_asset(ledger) if rows else {})

    def in_force(self, row: Disposition, entry: Disposal) -> OrderInForce:
        """The order that rules a disposal where its lots are not named."""
        if entry.method is not None:
            to = entry.identified.to if entry.identified is not None else ""
            return OrderInForce(entry.method, entry.method_with_broker or to == "broker")
        orders = StandingOrders(self.ledger.settings, self.names)
        for order in self.standing:
            if order.at <= entry.at:
                orders.record(order)
        return orders.in_force(self._account(entry), row.asset, row.asset_class, entry.at.year)

    def sentence(self, row: Disposition, entry: Transaction | None) -> Iterator[str]:
        """Nothing where the earliest lots went first, or all of them."""
        if not isinstance(entry, Disposal) or is_coin_fee(row.kind, entry) or not (row.lot_row and entry.quantity):
            return
        if not entry.goes_by_order or entry.asset != row.asset:
            return
        kind, day = self._account(entry).kind, entry.at.date()
        if entry.lots and (
            entry.identified is None or identified_in_time(entry.identified, entry.at, kind, row.asset_class)
        ):
            yield f"Column Lot of row {entry.row} names the lots (specific identification, Treas. Reg. 1.1012-1)."
            return
        order = self.in_force(row, entry)
        is_fifo = order.method is Method.FIFO or order.method.relief.names_lots
        if not is_fifo and not lies_in_books_only(order, kind, row.asset_class, day):
            yield f"The order in force chose the lot: {order.method.value}, {order.method.relief.meaning}."

    def _account(self, entry: Disposal) -> Account:
        return self.ledger.accounts.get(entry.account) or Account(entry.account)
