"""The positions that a taxpayer takes where no authority decides, with what each of them does (Notice 2024-57)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from capgain.engine.classes import Position
from capgain.engine.ledger import Ledger
from capgain.engine.settings import ByYear, Settings
from capgain.engine.transactions import ByPosition, ProtocolMove, RebaseIncome, RebaseSplit

NO_AUTHORITY = (
    "No authority decides how these are taxed; Notice 2024-57 draws no inference. Whoever signs the return takes the "
    "positions."
)

_CARRIED_OR_TRADED = (Position.CARRYOVER, Position.TRADE)
POSITIONS_OF: Mapping[str, tuple[Position, ...]] = {
    "Wrap": _CARRIED_OR_TRADED,
    "Bridge": _CARRIED_OR_TRADED,
    "Lend": _CARRIED_OR_TRADED,
    "Stake": _CARRIED_OR_TRADED,
    "Pool": (Position.TRADE,),
    "Rebase": (Position.SPLIT, Position.INCOME),
}
"""The settings that state a position, and what each may say."""

_EFFECTS: Mapping[Position, str] = {
    Position.CARRYOVER: "nothing is disposed of: basis, dates and lots go on with the units received",
    Position.TRADE: "a disposition at the value received, and a new lot at that value",
    Position.SPLIT: "more or fewer units with the same basis and dates; no income",
    Position.INCOME: "the units added are income at their value, which is their basis",
}
_EFFECT_ON_POOLS = (
    "what is put in is disposed of at its value and the pool's token costs their sum; taken out, the token is disposed "
    "of once for the sum of what comes, each at its value"
)


@dataclass(frozen=True, slots=True)
class PositionTaken:
    """The position of one setting in a year, the ledger rows of the year that it decides, and its effect."""

    setting: str
    value: Position
    rows: tuple[int, ...]

    @property
    def effect(self) -> str:
        return effect_of(self.setting, self.value)


def effect_of(setting: str, position: Position) -> str:
    """What a position does to lots and income, as half a sentence."""
    return _EFFECT_ON_POOLS if setting == "Pool" else _EFFECTS[position]


def stated_positions(settings: Settings) -> Mapping[str, ByYear[Position | None]]:
    """What Settings say, by the setting's name."""
    return {
        "Wrap": settings.wrap,
        "Bridge": settings.bridge,
        "Lend": settings.lend,
        "Stake": settings.stake,
        "Pool": settings.pool,
        "Rebase": settings.rebase,
    }


def positions_taken(ledger: Ledger, year: int, off_return: Collection[str] = ()) -> tuple[PositionTaken, ...]:
    """The positions that rows of a year rest on, in the order of POSITIONS_OF; accounts off the return left out."""
    if not ledger.has(ProtocolMove, RebaseSplit, RebaseIncome):
        return ()
    rows: dict[tuple[str, Position], list[int]] = {}
    for entry in ledger.transactions:
        if isinstance(entry, ByPosition) and entry.at.year == year and entry.account not in off_return:
            rows.setdefault((entry.setting, entry.position), []).append(entry.row)
    return tuple(
        PositionTaken(setting, position, tuple(sorted(rows[setting, position])))
        for setting, allowed in POSITIONS_OF.items()
        for position in allowed
        if (setting, position) in rows
    )
