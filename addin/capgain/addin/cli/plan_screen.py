"""What the planning commands print alike: tables, days, the year's gains so far, what is missing, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from capgain.addin.cli.document import amount_text
from capgain.addin.cli.terminal import printable
from capgain.engine.money import dollars
from capgain.engine.planning.year_at_hand import YearAtHand
from capgain.engine.results import Carryover

if TYPE_CHECKING:
    from rich.console import Console

LEFT, RIGHT = "left", "right"
UNKNOWN = "-"
WIDEST = 400


def print_table(console: Console, headings: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> None:
    """A table of texts; each heading comes with the side its column leans to.

    A pipe gets every row on one line; a terminal that is too narrow gets cells folded, never cut.
    """
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, side in headings:
        table.add_column(heading, justify="right" if side == RIGHT else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    screen = console.width
    if not console.is_terminal:
        console.width = WIDEST
    console.print(table)
    console.width = screen


def day_text(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def dollars_or_unknown(amount: Decimal | None) -> str:
    return UNKNOWN if amount is None else dollars(amount)


def amount_or_null(amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(amount)


def carryover_or_null(carryover: Carryover | None) -> Mapping[str, str] | None:
    if carryover is None:
        return None
    return {"short": amount_text(carryover.short), "long": amount_text(carryover.long)}


def percent(rate: Decimal) -> str:
    """`0.0891` as `8.91%`."""
    return f"{(rate * 100).normalize():f}%"


def print_gains(console: Console, at_hand: YearAtHand) -> None:
    """Lines 7, 15 and 16 of Schedule D so far."""
    gains = at_hand.gains
    console.print(
        f"Gains of {at_hand.year} so far, losses carried in included: short-term {dollars(gains.short)}, "
        f"long-term {dollars(gains.long)}, net {dollars(gains.net)}"
    )


def gains_object(at_hand: YearAtHand) -> Mapping[str, str]:
    """Lines 7, 15 and 16 of Schedule D so far."""
    gains = at_hand.gains
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
