"""Which assets are one for the rules that ask: those stated as identical, and those whose name changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capgain.engine.ledger import Ledger
from capgain.engine.transactions import Merger, Rename


def identical_groups(ledger: Ledger) -> Mapping[str, str]:
    """The group of substantially identical assets of each that is in one (26 USC 1091(a)).

    Assets of one group in Settings, and an asset under its old and new names, before and after the change.
    """
    stated = [tuple(sorted(group)) for group in ledger.settings.identical]
    return _joined([*stated, *_renamed(ledger), *_merged_into(ledger)])


def one_asset(ledger: Ledger) -> Mapping[str, str]:
    """One name for all names of an asset; only of assets that were renamed."""
    return _joined(_renamed(ledger))


def _renamed(ledger: Ledger) -> list[tuple[str, ...]]:
    if not ledger.has(Rename):
        return []
    return [(entry.asset, entry.received_asset) for entry in ledger.transactions if isinstance(entry, Rename)]


def _merged_into(ledger: Ledger) -> list[tuple[str, ...]]:
    """A merger share for share is how brokers book a new name (DECISIONS.md, A-24)."""
    if not ledger.has(Merger):
        return []
    return [
        (entry.asset, entry.received_asset)
        for entry in ledger.transactions
        if isinstance(entry, Merger) and entry.is_change_of_name
    ]


def _joined(groups: Iterable[tuple[str, ...]]) -> Mapping[str, str]:
    """A name for each group of assets that share members."""
    members: dict[str, set[str]] = {}
    for group in groups:
        whole = set(group).union(*(members.get(asset, ()) for asset in group))
        for asset in whole:
            members[asset] = whole
    return {asset: f"\0{min(whole)}" for asset, whole in members.items()}
