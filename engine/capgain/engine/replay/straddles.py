"""Positions that may be mixed straddles: section 1256 contracts, and property of the same family held the other way."""

from __future__ import annotations

from datetime import date

from capgain.engine.classes import AccountKind, AssetClass, Right
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.contracts_1256 import Contracts
from capgain.engine.replay.state import State
from capgain.engine.section_1256 import family_of, family_of_other

_HELD = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.CRYPTO, AssetClass.TOKENIZED, AssetClass.OPTION})


def tell_of_straddles(state: State, contracts: Contracts, day: date) -> None:
    """A warning for each family in which, at the end of `day`, one is held against the other (26 USC 1092, 1256(d)).

    Straddles of section 1256 contracts alone are outside 26 USC 1092: 1256(a)(4).
    """
    if state.ledger.settings.no_straddles:
        return
    sides: dict[int, set[bool]] = {}
    rows: dict[int, tuple[str, int]] = {}
    for (_, asset), parts in contracts.positions.items():
        family = family_of(asset, _underlying(state.ledger, asset)) if parts else None
        if family is not None:
            gains_by_rise = parts[0].is_short is _is_put(state.ledger, asset)
            sides.setdefault(family, set()).add(gains_by_rise)
            rows.setdefault(family, (asset, parts[-1].row))
    if not sides:
        return
    for other, gains_by_rise in _others(state):
        family = family_of_other(_underlying(state.ledger, other) or other)
        if family in sides and (not gains_by_rise) in sides[family]:
            asset, row = rows[family]
            key = f"straddle {family} {day.year}"
            if key not in contracts.told:
                contracts.told.add(key)
                state.problems.found.append(
                    Problem(
                        Severity.WARNING,
                        state.ledger.sheet,
                        row,
                        "Asset",
                        f"{asset} and {other} are held one against the other on {day}: a possible mixed straddle "
                        "(26 USC 1092, 1256(d)). Form 6781 Parts II and III and elections A, B and C are not "
                        "computed.",
                        "Ask your adviser; if they are no straddle, set Straddles to none.",
                        "POSSIBLE_STRADDLE",
                        blocks_filing=True,
                        year=day.year,
                    )
                )


def _others(state: State) -> list[tuple[str, bool]]:
    """What is held or owed beside the contracts, and whether a rise of what it is on brings gain."""
    found = [
        (held.asset, not _is_put(state.ledger, held.asset))
        for held in state.holdings.by_place.values()
        if held.count > 0 and held.asset_class in _HELD and held.kind is not AccountKind.IRA
    ]
    for (_, asset), shorts in state.holdings.shorts.items():
        if any(short.units for short in shorts):
            found.append((asset, _is_put(state.ledger, asset)))
    return found


def _underlying(ledger: Ledger, asset: str) -> str:
    contract = ledger.contracts.get(asset)
    return "" if contract is None else contract.underlying


def _is_put(ledger: Ledger, asset: str) -> bool:
    contract = ledger.contracts.get(asset)
    return contract is not None and contract.right is Right.PUT
