"""Tables of texts on a terminal or in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from capgain.addin.cli.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LEFT, RIGHT = "left", "right"
WIDEST = 400


def plain_table(title: str = "") -> Table:
    """A table without lines."""
    from rich.table import Table

    return Table(
        title=title or None, title_justify="left", title_style="", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )


def print_table(console: Console, headings: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> None:
    """A table of texts; each heading comes with the side its column leans to.

    A pipe gets every row on one line; a terminal that is too narrow gets cells folded, never cut.
    """
    table = plain_table()
    for heading, side in headings:
        table.add_column(heading, justify="right" if side == RIGHT else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    screen = console.width
    if not console.is_terminal:
        console.width = WIDEST
    console.print(table)
    console.width = screen


def print_lines(console: Console, title: str, lines: Sequence[tuple[str, str, str]]) -> None:
    """A form's lines: number, words cut to what fits on one row of the screen, amount."""
    table = plain_table(title)
    table.add_column("Line", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("Amount", justify="right", no_wrap=True)
    widest = max((len(amount) for _, _, amount in lines), default=0)
    room = max(console.width - len("Line") - max(widest, len("Amount")) - 6, 10)
    for number, text, amount in lines:
        table.add_row(number, text if len(text) <= room else text[: room - 3].rstrip() + "...", amount)
    console.print(table)
    console.print()
