"""When an asset was last bought and last sold at a loss: the two ends of the wash-sale window (26 USC 1091(a))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from capgain.engine.classes import AssetClass, Right, WashScope
from capgain.engine.identical_assets import identical_groups
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import NEVER_WASHED
from capgain.engine.transactions import Buy, Opening

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LastOf:
    """The last purchase, or the last sale at a loss, on or before a day, with its ledger row."""

    day: date
    row: int

    @property
    def over(self) -> date:
        """The first day that is more than 30 days later."""
        return self.day + WINDOW + DAY

    def window_on(self, as_of: date) -> date | None:
        """The day the window ends, exclusive; None where `as_of` lies outside it."""
        return self.over if timedelta(0) <= as_of - self.day <= WINDOW else None


class WashWindows:
    """By asset, and by what is identical with it by Settings or under another name: the last purchase that would
    count, and the last loss.

    Purchases in an IRA and in a spouse's account count (Rev. Rul. 2008-5; Treas. Reg. 1.1091-1(a)), and so does an
    option bought on the asset. Assets outside the wash-sale rules have neither.
    """

    def __init__(self, report: TaxReport, as_of: date) -> None:
        self._scope = report.ledger.settings.wash_sales
        self._groups = identical_groups(report.ledger)
        self._bought: dict[str, LastOf] = {}
        self._sold: dict[str, LastOf] = {}
        self._classes: dict[str, AssetClass] = {}
        if self._scope is WashScope.OFF:
            return
        self._read_purchases(report, as_of)
        self._read_losses(report, as_of)

    def _read_purchases(self, report: TaxReport, as_of: date) -> None:
        for entry in report.ledger.transactions:
            if isinstance(entry, Opening) and isinstance(entry.acquired, date):
                self._note(self._bought, entry.asset, LastOf(entry.acquired, entry.row), as_of)
            elif entry.bought is not None:
                bought = LastOf(entry.at.date(), entry.row)
                self._note(self._bought, entry.bought[0], bought, as_of)
                if isinstance(entry, Buy) and entry.underlying and entry.right is not Right.PUT:
                    self._note(self._bought, entry.underlying, bought, as_of)

    def _read_losses(self, report: TaxReport, as_of: date) -> None:
        for year in report.years.values():
            for row in year.dispositions:
                is_loss = row.proceeds_cents < row.basis_cents and row.kind not in NEVER_WASHED
                if row.sold <= as_of and is_loss and self.reach(row.asset_class):
                    self._note(self._sold, row.asset, LastOf(row.sold, row.row), as_of)
                    self._classes[row.asset] = row.asset_class

    def reach(self, asset_class: AssetClass) -> bool:
        """Whether a loss on such an asset can be disallowed: on securities, not on plain digital assets (R-WASH-16)."""
        return self._scope is not WashScope.OFF and (asset_class.is_security or self._scope is WashScope.ALL)

    def last_purchase(self, asset: str, asset_class: AssetClass) -> LastOf | None:
        return self._bought.get(self._group(asset)) if self.reach(asset_class) else None

    def last_loss(self, asset: str, asset_class: AssetClass) -> LastOf | None:
        return self._sold.get(self._group(asset)) if self.reach(asset_class) else None

    def losses_by_asset(self) -> Mapping[str, LastOf]:
        """The last loss of every asset that had one by the day looked from."""
        groups = {asset: self._group(asset) for asset in sorted(self._classes)}
        return {asset: self._sold[group] for asset, group in groups.items() if group in self._sold}

    def _note(self, found: dict[str, LastOf], asset: str, last: LastOf, as_of: date) -> None:
        group = self._group(asset)
        known = found.get(group)
        if last.day <= as_of and (known is None or last.day >= known.day):
            found[group] = last

    def _group(self, asset: str) -> str:
        return self._groups.get(asset, asset)
