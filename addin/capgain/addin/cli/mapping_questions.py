"""What a terminal asks about a file that no format knows: only what headings and cells cannot tell."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.terminal import console, printable

if TYPE_CHECKING:
    from capgain.workbook.importing.draft_format import DraftFormat, DraftKind
    from capgain.workbook.importing.import_files import ImportResult

_ANSWERS = {"b": "Buy", "s": "Sell", "t": "Trade", "i": "Income", "m": "Moved in", "o": "Moved out"}
_CHOICES = "b Buy, s Sell, t Trade, i Income, m moved in, o moved out, x ignore, ? leave open"
_SHOWN = ("Date", "Type", "Asset", "Quantity", "Amount", "Fee", "Account", "Received Asset", "Received Quantity")


def ask_what_is_open(name: str, draft: DraftFormat) -> None:
    """Ask for the order of dates, the zone of times, missing columns and unknown kinds, into the draft."""
    screen = console(sys.stdout)
    read = ", ".join(f"{heading} as {one}" for one, heading in draft.columns.items())
    screen.print(f"No format knows this file; {printable(name)} keeps how it is read: {printable(read)}.")
    for note in draft.notes:
        screen.print(printable(note))
    _ask_order(draft)
    _ask_zone(draft)
    for one, question in (("at", "Which column holds the date"), ("kind", "Which column says what happened")):
        if one not in draft.columns:
            headings = [heading for heading in draft.headings if heading]
            draft.columns[one] = click.prompt(question, type=click.Choice(headings))
    draft.name = click.prompt("What is the account called", default=draft.name)
    for kind in draft.kinds:
        if kind.becomes is None:
            _ask_kind(draft, kind)


def _ask_order(draft: DraftFormat) -> None:
    from capgain.workbook.importing.draft_questions import questions_of, take_answer

    for question in questions_of(draft):
        if question.key == "order":
            readings = ", ".join(choice.replace(": ", " for ") for choice in question.choices)
            answer = click.prompt(f"{question.example}: {readings}", type=click.Choice(["mdy", "dmy"]))
            take_answer(draft, question.key, answer)


def _ask_zone(draft: DraftFormat) -> None:
    from capgain.workbook.importing.draft_questions import take_answer

    while draft.zone is None:
        answer = click.prompt(f"{draft.first_time} is in which zone (UTC, America/New_York, ...)", default="UTC")
        trouble = take_answer(draft, "zone", answer)
        if trouble:
            click.echo(trouble, err=True)


def _ask_kind(draft: DraftFormat, kind: DraftKind) -> None:
    from capgain.workbook.importing.draft_questions import NO_TRANSACTION, take_answer

    question = f"{kind.word!r} ({kind.count} rows, the first in line {kind.line}): {_CHOICES}"
    answers = _ANSWERS | {"x": NO_TRANSACTION, "?": ""}
    said = answers[click.prompt(question, type=click.Choice(list(answers)), show_choices=False)]
    if said:
        take_answer(draft, f"kind: {kind.word}", said)


def show_first_rows(bring_in: Callable[..., ImportResult]) -> None:
    """Five rows as they would stand in the Ledger. Raises Abort where the person does not want them."""
    screen = console(sys.stdout)
    with tempfile.TemporaryDirectory() as folder:
        result = bring_in(output=Path(folder) / "preview.xlsx")
    for row in result.rows[:5]:
        said = ", ".join(f"{name} {row.values[name]}" for name in _SHOWN if name in row.values)
        screen.print(printable(said))
    click.confirm(f"{len(result.rows)} rows like these would be added. Add them", default=True, abort=True)
