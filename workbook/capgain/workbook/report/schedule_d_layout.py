"""Where every line of Schedule D stands on its sheet: needed by all who link to it or calculate with it."""

from __future__ import annotations

from typing import NamedTuple

from capgain.engine.forms.schedule_d import ScheduleD

NUMBER, TEXT, PROCEEDS, BASIS, ADJUSTMENT, NUMBER_AGAIN, AMOUNT, TRACE, TICK_MARK = "ABCDEFGHI"
"""The sheet's columns; (d), (e), (g) and (h) of the form are C, D, E and G."""

HEAD_ROWS = 5


class PartOfForm(NamedTuple):
    """A part as printed: its number, title, first line, and whether its lines have columns (d) to (g)."""

    number: str
    title: str
    first_line: str
    has_columns: bool


PARTS = (
    PartOfForm(
        "Part I",
        "Short-Term Capital Gains and Losses - Generally Assets Held One Year or Less (see instructions)",
        "1a",
        True,
    ),
    PartOfForm(
        "Part II",
        "Long-Term Capital Gains and Losses - Generally Assets Held More Than One Year (see instructions)",
        "8a",
        True,
    ),
    PartOfForm("Part III", "Summary", "16", False),
)


def _line_rows() -> dict[str, int]:
    starts = {part.first_line: part for part in PARTS}
    rows: dict[str, int] = {}
    used = HEAD_ROWS
    for line in ScheduleD.lines:
        part = starts.get(line.number)
        if part is not None:
            used += 2 if part.has_columns else 1
        used += 1
        rows[line.number] = used
        used += len(line.notes)
    return rows


LINE_ROWS = _line_rows()
"""The row of each line by its number, the same in every year."""

FORM_1040_ROW = max(LINE_ROWS.values()) + len(ScheduleD.lines[-1].notes) + 1
"""The row below the form that says what goes to Form 1040."""


def line_cell(number: str, column: str = AMOUNT) -> str:
    """The cell of a line in a column, by default its amount (h)."""
    return f"{column}{LINE_ROWS[number]}"
