"""Which order of relief is in force, and whether lots were identified in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from capgain.engine.classes import CUSTODIANS, AccountKind, AssetClass, Method
from capgain.engine.ledger import Account
from capgain.engine.market_days import settlement_day
from capgain.engine.settings import Settings
from capgain.engine.transactions import Identification, MethodOrder

OWN_BOOKS_RELIEF_ENDS = date(2026, 12, 31)
"""Until then own books serve for broker-held digital assets too: Notice 2025-7, extended by Notice 2026-20."""


NO_NAMES: Mapping[str, str] = MappingProxyType({})


class OrderInForce(NamedTuple):
    """The order that rules a disposal, and whether it lies with the broker that holds the units."""

    method: Method
    with_broker: bool


def lies_in_books_only(order: OrderInForce, kind: AccountKind | None, asset_class: AssetClass, day: date) -> bool:
    """Whether an order fails because broker-held digital assets need one given to the broker.

    So from 2027 on (Treas. Reg. 1.1012-1(j)(3)(ii); Notice 2026-20 sections 3.03, 4.02, 5). The earliest lots then go
    first, as they do where no lots are named.
    """
    relief = order.method.relief
    return (
        day > OWN_BOOKS_RELIEF_ENDS
        and asset_class.is_digital
        and kind in CUSTODIANS
        and relief.is_identification
        and not relief.names_lots
        and not order.with_broker
    )


class StandingOrders:
    """The orders recorded so far; the one that names most decides, the latest among equals (R-LOT-4)."""

    def __init__(self, settings: Settings, names: Mapping[str, str] = NO_NAMES) -> None:
        """`names` is one name for all names of an asset that was renamed: an order holds under each."""
        self._settings = settings
        self._names = names
        self._orders: dict[tuple[str, str], MethodOrder] = {}

    def record(self, order: MethodOrder) -> None:
        self._orders[self._names.get(order.asset, order.asset), order.account] = order

    def in_force(self, account: Account, asset: str, asset_class: AssetClass, year: int) -> OrderInForce:
        """The order for an asset in an account: a Method row, the account's, the class's, then the setting Method."""
        name = self._names.get(asset, asset)
        by_rank = ((name, account.name), (name, ""), ("", account.name), ("", ""))
        best = next((self._orders[scope] for scope in by_rank if scope in self._orders), None)
        if best is not None:
            to = best.identified.to if best.identified is not None else ""
            return OrderInForce(best.method, best.with_broker or to == "broker")
        if account.method is not None:
            return OrderInForce(account.method, account.method_with_broker)
        settings = self._settings
        by_class = settings.method_by_class.get(asset_class)
        if by_class is None:
            return OrderInForce(settings.method.of(year), settings.method_with_broker.of(year))
        with_broker = settings.method_by_class_with_broker.get(asset_class)
        return OrderInForce(by_class.of(year), with_broker is not None and with_broker.of(year))


def identified_in_time(
    identified: Identification, sale: datetime, kind: AccountKind | None, asset_class: AssetClass
) -> bool:
    """Whether an identification counts (R-LOT-3, R-LOT-10 to 13).

    Securities: by the settlement date (Treas. Reg. 1.1012-1(c)(8)). Digital assets: by the date and time of the
    disposal, without grace ((j)(2), (j)(3)); to a broker that holds them, own books serve only until
    OWN_BOOKS_RELIEF_ENDS. A sale without a time of day is taken to be at the day's end.
    """
    if not asset_class.is_digital:
        return identified.at.date() <= settlement_day(sale.date())
    if kind in CUSTODIANS and identified.to == "books" and sale.date() > OWN_BOOKS_RELIEF_ENDS:
        return False
    if not identified.has_time or sale.time() == datetime.min.time():
        return identified.at.date() <= sale.date()
    return identified.at <= sale


def recorded_late(order: MethodOrder) -> bool:
    """Whether a standing order claims to act before it was made; such an order is void (R-LOT-4)."""
    made = order.identified
    if made is None:
        return False
    if made.has_time and order.at.time() != datetime.min.time():
        return made.at > order.at
    return made.at.date() > order.at.date()
