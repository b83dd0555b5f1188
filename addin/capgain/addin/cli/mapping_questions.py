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

_ANSWERS = {
    "b": "Buy",
    "s": "Sell",
    "t": "Trade",
    "i": "Income",
    "d": "Dividend",
    "n": "Interest",
    "m": "Moved in",
    "o": "Moved out",
}
_CHOICES = "b Buy, s Sell, t Trade, i Income, d Dividend, n Interest, m moved in, o moved out, x ignore, ? leave open"
_ALL_ALIKE = "none: all rows are alike"
_NO_COLUMN = "none"
_MISSING = {
    "asset": "what was bought or sold",
    "quantity": "how many units",
    "amount": "the dollars paid or received",
}
_SHOWN = ("Date", "Type", "Asset", "Quantity", "Amount", "Fee", "Account", "Received Asset", "Received Quantity")


def ask_what_is_open(name: str, draft: DraftFormat) -> None:
    """Ask for the order of dates, the zone of times, missing columns and unknown kinds, into the draft."""
    from capgain.workbook.importing.draft_questions import KINDS

    screen = console(sys.stdout)
    read = ", ".join(f"{heading} as {one}" for one, heading in draft.columns.items())
    screen.print(f"No format knows this file; {printable(name)} keeps how it is read: {printable(read)}.")
    for note in draft.notes:
        screen.print(printable(note))
    if "at" not in draft.columns:
        draft.choose("at", _heading(draft, "Which column holds the date"))
    if "kind" not in draft.columns:
        heading = _heading(draft, "Which column says what happened", none=_ALL_ALIKE)
        if heading:
            draft.choose("kind", heading)
        else:
            answer = click.prompt(
                f"What is every row: {_CHOICES.partition(', x ')[0]}",
                type=click.Choice([*_ANSWERS]),
                show_choices=False,
            )
            draft.let_all_be(KINDS[_ANSWERS[answer]])
    for one in draft.lacks:
        heading = _heading(draft, f"Which column holds {_MISSING[one]}", none=_NO_COLUMN)
        if heading:
            draft.choose(one, heading)
        elif one == "asset" and (asset := click.prompt("Which one asset are all rows of (a symbol)", default="")):
            draft.columns[one] = f"={asset.strip()}"
    if draft.unread:
        screen.print(f"Not read: {printable(', '.join(draft.unread))}.")
    _ask_order(draft)
    _ask_zone(draft)
    draft.name = click.prompt("What is the account called", default=draft.name)
    for kind in draft.kinds:
        if kind.becomes is None:
            _ask_kind(draft, kind)


def _heading(draft: DraftFormat, question: str, none: str = "") -> str:
    """One of the file's headings that is not read yet, "" for the answer `none`."""
    free = [heading for heading in draft.headings if heading and heading not in draft.columns.values()]
    if not free and none:
        return ""
    answer: str = click.prompt(question, type=click.Choice([*free, *([none] if none else [])]))
    return "" if answer == none else answer


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

    question = f"{kind.word!r} ({kind.count} row{'s' * (kind.count > 1)}, the first in line {kind.line}): {_CHOICES}"
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
    many = len(result.rows)
    said = "1 row like this" if many == 1 else f"{many} rows like these"
    waiting = f", and {len(result.unsettled)} would wait on Open Items" if result.unsettled else ""
    click.confirm(f"{said} would be added{waiting}. Go on", default=True, abort=True)
