"""What the planning commands print alike: the year's gains so far, what is missing, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from capgain.addin.cli.figures import amount_text
from capgain.addin.cli.terminal import printable
from capgain.engine.forms.tax import Gains
from capgain.engine.money import dollars
from capgain.engine.planning.year_at_hand import YearAtHand

if TYPE_CHECKING:
    from rich.console import Console


def print_gains(console: Console, at_hand: YearAtHand) -> None:
    """Lines 7, 15 and 16 of Schedule D so far."""
    gains = at_hand.gains
    console.print(
        f"Gains of {at_hand.year} so far, losses carried in included: short-term {dollars(gains.short)}, "
        f"long-term {dollars(gains.long)}, net {dollars(gains.net)}"
    )


def gains_object(gains: Gains) -> Mapping[str, str]:
    """Lines 7, 15 and 16 of Schedule D."""
    return {"short": amount_text(gains.short), "long": amount_text(gains.long), "net": amount_text(gains.net)}


def print_missing(console: Console, at_hand: YearAtHand) -> None:
    """Why there are no dollars of tax, where there are none."""
    if at_hand.missing:
        console.print(printable(at_hand.missing), style="bold yellow")
    if at_hand.lacks_income:
        console.print(f'  To try an amount: --set "Other Income {at_hand.year}=90000"')


def print_notes(console: Console, notes: Iterable[str]) -> None:
    for note in notes:
        console.print(f"- {printable(note)}")
