"""Tables of texts on a terminal or in a pipe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from capgain.addin.cli.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

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
        table.add_row(*(in_red_if_negative(cell) for cell in row))
    screen = console.width
    if not console.is_terminal:
        console.width = WIDEST
    console.print(table)
    console.width = screen


def print_lines(
    console: Console, title: str, lines: Sequence[tuple[str, str, str]], not_shown: Iterable[str] = ()
) -> None:
    """A form's lines: number, words cut to what fits on one row of the screen, amount.

    Words that begin like those of another line, shown or `not_shown`, keep their ends.
    """
    table = plain_table(title)
    table.add_column("Line", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("Amount", justify="right", no_wrap=True)
    widest = max((len(amount) for _, _, amount in lines), default=0)
    room = max(console.width - len("Line") - max(widest, len("Amount")) - 6, 10)
    beginnings = Counter(text[: room - 3] for text in {*not_shown, *(text for _, text, _ in lines)})
    for number, text, amount in lines:
        table.add_row(number, _cut(text, room, at_end=beginnings[text[: room - 3]] == 1), in_red_if_negative(amount))
    console.print(table)
    console.print()


def _cut(text: str, room: int, *, at_end: bool) -> str:
    """A text in so much room; its middle goes where other lines begin alike, and the end tells them apart."""
    if len(text) <= room:
        return text
    if at_end:
        return text[: room - 3].rstrip() + "..."
    tail = (room - 5) * 2 // 3
    return f"{text[: room - 5 - tail].rstrip()} ... {text[-tail:].lstrip()}"


def in_red_if_negative(amount: str) -> Text:
    """An amount or word as a cell of a table: red for a loss, on a terminal that has colours."""
    from rich.text import Text

    return Text(printable(amount), style="red" if _LOSS.fullmatch(amount) else "")


_LOSS = re.compile(r"-[\d,]+(\.\d+)?")
