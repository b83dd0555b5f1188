"""Trusts whose shares are taxed by what the trust holds, by their symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capgain.engine.classes import AssetClass
from capgain.engine.classification import Place
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.trust_holdings import METAL_TRUSTS

PFIC_TRUSTS = frozenset(["PHYS", "PSLV", "CEF"])
"""Canadian trusts holding metal, which are likely passive foreign investment companies (26 USC 1297)."""

_HELD_AS = frozenset({AssetClass.STOCK, AssetClass.FUND})


def is_collectible(asset: str, asset_class: AssetClass, stated: Mapping[str, bool]) -> bool:
    """Whether a long-term gain is one on a collectible (26 USC 1(h)(5)): by class, by setting, or as a metal trust."""
    if asset_class is AssetClass.COLLECTIBLE:
        return True
    return stated.get(asset, asset_class in _HELD_AS and asset.upper() in METAL_TRUSTS)


def trust_warnings(ledger: Ledger, classes: Mapping[Place, AssetClass]) -> Iterator[Problem]:
    """What is to be known of trusts that hold metal, once for each."""
    stated = ledger.settings.collectible_by_asset
    first_rows: dict[str, int] = {}
    held = {asset for (_, asset), found in classes.items() if found in _HELD_AS}
    listed = {asset for asset in held if asset.upper() in METAL_TRUSTS.keys() | PFIC_TRUSTS}
    if not listed:
        return
    for entry in ledger.transactions:
        if entry.asset in listed:
            first_rows[entry.asset] = min(entry.row, first_rows.get(entry.asset, entry.row))
    for asset, row in first_rows.items():
        if asset.upper() in PFIC_TRUSTS:
            yield _warning(
                ledger,
                row,
                f"{asset} is a foreign trust holding metal, likely a passive foreign investment company (26 USC 1297), "
                "whose gain is not capital gain without an election.",
                "Settle with your adviser whether Form 8621 is due; its result is entered outside this workbook.",
                "PFIC_LIKELY",
            )
        elif stated.get(asset, True):
            yield _warning(
                ledger,
                row,
                f"{asset} is a trust holding metal: its long-term gain is taxed at up to 28% (26 USC 1(h)(5), 408(m)).",
                f"Nothing is to be done; Collectible {asset} = no would take it as other shares.",
                "COLLECTIBLE_TRUST",
            )
        else:
            yield _warning(
                ledger,
                row,
                f"{asset} is a trust holding metal, and Collectible {asset} = no takes its gain as that of other "
                "shares; the trust's own tax statement gives the rate of 28%.",
                f"Take the setting Collectible {asset} out unless your adviser holds that it is right.",
                "COLLECTIBLE_TRUST",
            )


def _warning(ledger: Ledger, row: int, message: str, remedy: str, code: str) -> Problem:
    return Problem(Severity.WARNING, ledger.sheet, row, "Asset", message, remedy, code)
