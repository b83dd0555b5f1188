"""The rows still to come on a day, by group of substantially identical assets (R-WASH-8; DECISIONS.md, A-4)."""

from __future__ import annotations

from collections.abc import Mapping

from capgain.engine.ledger import Ledger
from capgain.engine.transactions import Disposal, Transaction


class RestOfDay:
    """What of a group comes later on the day; places are those in the order of time."""

    def __init__(self, ledger: Ledger, order: list[int], groups: Mapping[str, str]) -> None:
        self._ledger = ledger
        self._order = order
        self._groups = groups
        self._last_disposal: dict[tuple[str, int], int] | None = None

    def has_disposal_after(self, place: int, entry: Transaction) -> bool:
        """Whether the group of the purchase at `place` has a disposal later that day."""
        if self._last_disposal is None:
            self._last_disposal = self._find_last_disposals()
        return self._last_disposal.get(self._group_and_day(entry), -1) > place

    def after(self, place: int, entry: Transaction) -> list[Transaction]:
        """The disposals and purchases of the group that come after the purchase at `place` on its day."""
        group, day = self._group_and_day(entry)
        rows: list[Transaction] = []
        for later in range(place + 1, len(self._order)):
            row = self._ledger.transactions[self._order[later]]
            if row.at.toordinal() != day:
                break
            if (isinstance(row, Disposal) or row.bought) and self._groups.get(row.asset, row.asset) == group:
                rows.append(row)
        return rows

    def _find_last_disposals(self) -> dict[tuple[str, int], int]:
        """The place of the last disposal of each group on each day."""
        found: dict[tuple[str, int], int] = {}
        groups = self._groups
        for place, number in enumerate(self._order):
            entry = self._ledger.transactions[number]
            if isinstance(entry, Disposal):
                found[groups.get(entry.asset, entry.asset), entry.at.toordinal()] = place
        return found

    def _group_and_day(self, entry: Transaction) -> tuple[str, int]:
        asset = entry.bought[0] if entry.bought else entry.asset
        return self._groups.get(asset, asset), entry.at.toordinal()
