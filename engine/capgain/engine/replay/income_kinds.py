"""Income that nothing says the kind of: what it is taken for, told once a year (DECISIONS.md, E-13)."""

from __future__ import annotations

from capgain.engine.classes import IncomeKind
from capgain.engine.income_lines import form_line
from capgain.engine.replay.state import State
from capgain.engine.transactions import Income


def tell_of_kinds_unstated(state: State) -> None:
    """Say of each year, and of units and pay apart, on which line such income is put."""
    found: dict[tuple[int, IncomeKind], list[Income]] = {}
    for entry, kind in state.problems.kinds_unstated:
        found.setdefault((entry.at.year, kind), []).append(entry)
    for (year, kind), entries in found.items():
        first, others = entries[0], len(entries) - 1
        further = f", as {others} further rows of {year}" if others else ""
        if kind is IncomeKind.VEST:
            state.problems.warn(
                first,
                "Kind",
                "INCOME_KIND",
                f"shares received as income are taken as pay that vested{further}: it is in box 1 of Form W-2 and in "
                "no total of income here.",
                "Say in Kind what they were for: vest, wage, services, referral.",
            )
            continue
        held = state.holdings.at(first.account, first.asset)
        line = form_line(kind, year, is_digital=held.asset_class.is_digital)
        state.problems.warn(
            first,
            "Kind",
            "INCOME_KIND",
            f"nothing says what the {first.asset} were paid for: the income is put on {line or 'no line'}{further}.",
            "Say in Kind what it is: staking, airdrop, hard fork, mining, mining business, referral, learning, "
            "lending, services or wage.",
        )
