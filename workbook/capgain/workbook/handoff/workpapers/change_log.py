"""The sheet `Change Log`: each hand-off of this year into this folder, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import HEADING, WRAP, Cell, Row, Sheet

NAME = "Change Log"
WIDTHS = (18, 20, 110)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry: when the package was made (ISO date), by which version, and what changed."""

    made_on: str
    version: str
    text: str


def changes_since(
    before: Mapping[str, object] | None, facts: Mapping[str, str], made_on: str, version: str, dropped: Sequence[str]
) -> tuple[Change, ...]:
    """What to log for this hand-off. `facts` are named figures and hashes; `before` those of the last manifest."""
    if before is None:
        return (Change(made_on, version, "First hand-off into this folder."),)
    texts = [
        f"{name}: {before.get(name, 'not there')} before, {value} here."
        for name, value in facts.items()
        if before.get(name) != value
    ]
    texts += [f"{name}: {value} before, not there any more." for name, value in before.items() if name not in facts]
    texts += dropped
    return tuple(Change(made_on, version, text) for text in texts or ["Made again: ledger and figures are unchanged."])


def change_log(papers: Workpapers, changes: Sequence[Change]) -> Sheet:
    """The log, the oldest entry first."""
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in ("Made on", "CapGain", "What changed"))]
    rows += [(Cell(change.made_on), Cell(change.version), Cell(change.text, WRAP)) for change in changes]
    return list_sheet(papers, NAME, "Change log", rows, WIDTHS, tab="7F7F7F")
