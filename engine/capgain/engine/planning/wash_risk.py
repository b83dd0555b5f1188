"""Whether selling a lot at a loss would be a wash sale: purchases within 30 days that would still be held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from capgain.engine.classes import AssetClass, Right, WashScope
from capgain.engine.identical_assets import identical_groups
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import Buy, Opening, Transaction

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Purchase:
    """Units that would replace a loss, `quantity` counted in the asset sold. `in_ira`: the loss would be gone for good
    (Rev. Rul. 2008-5).
    """

    row: int
    asset: str
    account: str
    day: date
    quantity: Decimal
    in_ira: bool


@dataclass(frozen=True, slots=True)
class WashSale:
    """What would make a sale a wash sale (26 USC 1091). `replaced` units of the lot have their loss disallowed.

    `clear_from` is the first day on which the sale would be none, if nothing more is bought.
    """

    purchases: tuple[Purchase, ...]
    replaced: Decimal

    @property
    def clear_from(self) -> date:
        return max(purchase.day for purchase in self.purchases) + WINDOW + DAY

    @property
    def rows(self) -> tuple[int, ...]:
        """The ledger rows of the purchases."""
        return tuple(sorted({purchase.row for purchase in self.purchases}))

    @property
    def in_ira(self) -> bool:
        """Whether one of the purchases lies in an IRA."""
        return any(purchase.in_ira for purchase in self.purchases)


class RecentPurchases:
    """The purchases within 30 days of a day, in every account, a spouse's and IRAs included (R-WASH-12, R-WASH-13)."""

    def __init__(self, ledger: Ledger, open_lots: Iterable[OpenLot], day: date) -> None:
        """`open_lots` are those at the end of `day`; rows of the ledger that come later count as they stand there."""
        self._scope = ledger.settings.wash_sales
        self._groups = identical_groups(ledger)
        self._by_group: dict[str, list[Purchase]] = defaultdict(list)
        self._summed: dict[str, tuple[tuple[Purchase, ...], Decimal]] = {}
        if self._scope is WashScope.OFF:
            return
        recent = [lot for lot in open_lots if lot.acquired >= day - WINDOW and not lot.replaces]
        wanted = {lot.row for lot in recent}
        acquisitions = {entry.row: entry for entry in ledger.transactions if entry.row in wanted}
        for lot in recent:
            entry = acquisitions.get(lot.row)
            if entry is not None and (entry.bought or isinstance(entry, Opening)):
                self._note(entry, lot.asset, lot.account, lot.acquired, lot.quantity, in_ira=lot.is_ira)
        for entry in ledger.transactions:
            bought = entry.at.date()
            if not day < bought <= day + WINDOW:
                continue
            in_ira = entry.account in ledger.iras
            if entry.bought:
                asset, quantity = entry.bought
                self._note(entry, asset, entry.account, bought, quantity, in_ira=in_ira)

    def reach(self, asset_class: AssetClass) -> bool:
        """Whether a loss on such an asset can be disallowed: on securities, not on plain digital assets (R-WASH-16)."""
        return self._scope.reaches(asset_class)

    def against(self, asset: str, asset_class: AssetClass, row: int, quantity: Decimal) -> WashSale | None:
        """The wash sale that selling `quantity` at a loss would be; `row` acquired them and never replaces them.

        None where no purchase replaces any of it (Rev. Rul. 56-602; Treas. Reg. 1.1091-1).
        """
        if not self.reach(asset_class):
            return None
        purchases, whole = self._in_group(self._group(asset))
        if any(bought.row == row for bought in purchases):
            purchases = tuple(bought for bought in purchases if bought.row != row)
            whole = _units(purchases)
        return WashSale(purchases, min(whole, quantity)) if purchases else None

    def _in_group(self, group: str) -> tuple[tuple[Purchase, ...], Decimal]:
        """The purchases of a group and how many units they are, summed up once."""
        known = self._summed.get(group)
        if known is None:
            bought = tuple(self._by_group.get(group, ()))
            known = self._summed[group] = bought, _units(bought)
        return known

    def _note(
        self, entry: Transaction, asset: str, account: str, day: date, quantity: Decimal, *, in_ira: bool
    ) -> None:
        purchase = Purchase(entry.row, asset, account, day, quantity, in_ira)
        self._by_group[self._group(asset)].append(purchase)
        if isinstance(entry, Buy) and entry.underlying and entry.right is not Right.PUT and not in_ira:
            # An option to acquire replaces the shares it covers: 26 USC 1091(a).
            shares = EXACT.multiply(quantity, entry.underlying_units or Decimal(1))
            covered = Purchase(entry.row, asset, account, day, shares, in_ira)
            self._by_group[self._group(entry.underlying)].append(covered)

    def _group(self, asset: str) -> str:
        return self._groups.get(asset, asset)


def _units(purchases: Iterable[Purchase]) -> Decimal:
    whole = ZERO
    for bought in purchases:
        whole = EXACT.add(whole, bought.quantity)
    return whole
