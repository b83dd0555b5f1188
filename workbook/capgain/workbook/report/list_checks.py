"""What lists and sheets say besides the amounts that are tied elsewhere is what was read, or what the engine says.

A column of numbers and days is added up, words are counted with a weight of their own, single cells are compared one by
one: whichever cell changes, a sum differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import assert_never

from capgain.engine.money import CENT, ZERO
from capgain.engine.report import YearReport
from capgain.workbook.report.checks import A_BILLIONTH, DOUBLE, HALF, Check
from capgain.workbook.report.column_tally import (
    AMOUNTS,
    MOST_CELLS,
    MOST_WORDS,
    UNITS,
    NumberTally,
    Tally,
    WordTally,
    number_in,
    tally_as_read,
)
from capgain.workbook.report.context import LEDGER
from capgain.workbook.report.ledger_copy import LedgerCells
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.tie_outs import UNITS_STYLE
from capgain.workbook.sheets import (
    COUNT,
    MONEY,
    Formula,
    Row,
    Sheet,
    Style,
    address,
    column_letter,
    criterion,
    position,
    reference,
    text_literal,
)

SMALL = Decimal("0.0001")
MOST_ROWS = 1500
"""Rows of a sheet up to which each text is compared."""
LONGEST_TEXT = 255
"""letters of a text in a formula of Excel"""
LONGEST_FORMULA = 8000
"""letters; Excel's own limit is 8,192"""


def list_checks(year: YearReport, lists: Sequence[Listing]) -> Iterator[Check]:
    """Totals of lists are those of their columns; days, units and words are the engine's."""
    label = str(year.year)
    for listed in lists:
        totals = _totals_of(listed)
        if totals:
            yield Check(
                label,
                f"{listed.sheet.name}: the totals in the last row are the engine's",
                Formula(f"={'+'.join(f'ABS({cell}-({amount:f}))' for cell, amount in totals)}", ZERO),
                ZERO,
                (listed.sheet.name, f"A{listed.total}"),
                tolerance=max(CENT, sum((abs(amount) for _, amount in totals), ZERO) * DOUBLE).normalize(),
            )
    for listed in lists:
        name = listed.sheet.name
        for place, column in enumerate(listed.columns):
            cells, tally = listed.cells(column.heading), listed.tallies[place]
            at = (name, f"{column_letter(place + 1)}1")
            match tally:
                case NumberTally():
                    style = UNITS_STYLE if column.heading in UNITS else MONEY if column.heading in AMOUNTS else COUNT
                    words = f"{name}: column {column.heading} adds up to the engine's"
                    yield from _added_up(label, words, cells, tally, at, style)
                case WordTally():
                    words = f"{name}: the words under {column.heading} are the engine's"
                    yield from _counted(label, words, cells, tally, at)
                case None:
                    pass
                case _:
                    assert_never(tally)


def worksheet_checks(year: YearReport, carryover: Sheet | None, tax: Sheet | None) -> Iterator[Check]:
    """Every amount of the carryover worksheets and of sheet Tax is the engine's."""
    for sheet, columns in ((carryover, "C"), (tax, "CDEF")):
        if sheet is not None:
            yield from cell_checks(str(year.year), "every amount is the engine's", sheet, columns)


def ledger_as_read(cells: LedgerCells) -> Iterator[Check]:
    """The ledger's own columns, and the working columns beside them."""
    rows = (cells.title_row, cells.height)
    for (heading, place), tally in zip(cells.in_order, cells.tallies, strict=True):
        yield from _as_laid(LEDGER, heading, column_letter(place + 1), rows, tally, "those read")
    if cells.proof is not None:
        for heading, letter, tally in cells.proof.beside():
            yield from _as_laid(LEDGER, heading, letter, rows, tally, "the engine's")


def as_read_checks(sheet: str, rows: Sequence[Row], title_row: int, columns: Mapping[str, int]) -> Iterator[Check]:
    """Every number, day and word of a sheet that was read is still what was read; `columns` are places by heading."""
    for heading, place in sorted(columns.items(), key=lambda one: one[1]):
        tally = tally_as_read(heading)
        for number, row in enumerate(rows[title_row:], start=title_row + 1):
            cell = row[place] if place < len(row) else None
            if tally is not None and cell is not None:
                tally.add(number, cell)
        yield from _as_laid(sheet, heading, column_letter(place + 1), (title_row, len(rows)), tally, "those read")


def _as_laid(
    sheet: str, heading: str, letter: str, rows: tuple[int, int], tally: Tally | None, whose: str
) -> Iterator[Check]:
    """A column by what was noted of its cells; `rows` are the row of the headings and the last one."""
    title_row, last = rows
    cells = reference(sheet, f"${letter}${title_row + 1}:${letter}${max(last, title_row + 1)}")
    at = (sheet, f"{letter}{title_row}")
    match tally:
        case WordTally():
            yield from _counted("all", f"{sheet}: the words under {heading} are {whose}", cells, tally, at)
        case NumberTally():
            words = f"{sheet}: the numbers and days under {heading} add up to {whose}"
            yield from _added_up("all", words, cells, tally, at, UNITS_STYLE, even_none=bool(tally.written))
            written = {f"{letter}{row}": text for row, text in tally.written.items()}
            yield from _as_written(f"{sheet}: what is text under {heading} is {whose}", sheet, written, at)
        case None:
            return
        case _:
            assert_never(tally)


def _as_written(words: str, sheet: str, written: Mapping[str, str], at: tuple[str, str]) -> Iterator[Check]:
    """Numbers and days that are text, cell by cell; of very many only that none has become a number is checked."""
    if 0 < len(written) <= MOST_CELLS:
        off = "+".join(f"IF({reference(sheet, cell)}={text_literal(text)},0,1)" for cell, text in written.items())
        yield Check("all", words, Formula(f"={off}", ZERO), ZERO, at, COUNT, HALF)


def block_check(label: str, words: str, sheet: Sheet, area: str) -> Iterator[Check]:
    """The numbers of an area of a sheet add up to those that it was laid out with."""
    first, last = (position(corner) for corner in area.split(":"))
    found = [cell for row in sheet.rows[first[0] - 1 : last[0]] for cell in row[first[1] - 1 : last[1]]]
    at = (sheet.name, area.partition(":")[0])
    yield from _added_up(label, words, reference(sheet.name, area), NumberTally.of(found), at, MONEY)


def text_checks(label: str, words: str, sheet: Sheet, rows: range, columns: str) -> Iterator[Check]:
    """What is text under these letters in these rows is what the sheet was laid out with, cell by cell.

    Nothing of more than MOST_ROWS rows; a text that no formula can hold is passed over.
    """
    some: list[str] = []
    first, length = "", 0
    for at, text in _texts(sheet, rows, columns) if len(rows) <= MOST_ROWS else ():
        compared = f"IF({reference(sheet.name, at)}={text_literal(text)},0,1)"
        if length + len(compared) > LONGEST_FORMULA:
            yield _all_as_laid(label, words, sheet.name, first, some)
            some, length = [], 0
        first = first if some else at
        some.append(compared)
        length += len(compared) + 1
    if some:
        yield _all_as_laid(label, words, sheet.name, first, some)


def _texts(sheet: Sheet, rows: range, columns: str) -> Iterator[tuple[str, str]]:
    """The cells of these rows that hold text which a formula can hold."""
    for number in rows:
        for place, cell in enumerate(sheet.rows[number - 1], start=1):
            text = cell.content if cell is not None and column_letter(place) in columns else None
            if isinstance(text, str) and 0 < len(text) <= LONGEST_TEXT:
                yield address(number, place), text


def _all_as_laid(label: str, words: str, sheet: str, first: str, compared: Sequence[str]) -> Check:
    said = f"{sheet}: {words} ({len(compared)} from {first} on)"
    return Check(label, said, Formula(f"={'+'.join(compared)}", ZERO), ZERO, (sheet, first), COUNT, HALF)


def sheet_checks(label: str, sheet: Sheet) -> Iterator[Check]:
    """Each number and day of a whole sheet is the engine's; of a long sheet those of every column together."""
    width = max(map(len, sheet.rows))
    if len(sheet.rows) <= MOST_ROWS // 10:
        letters = "".join(column_letter(place) for place in range(1, width + 1))
        yield from cell_checks(label, "every number and day is the engine's", sheet, letters)
        return
    for letter in (column_letter(place) for place in range(1, width + 1)):
        words = f"{sheet.name}: the numbers and days of column {letter} add up to the engine's"
        yield from block_check(label, words, sheet, f"{letter}1:{letter}{len(sheet.rows)}")


def cell_checks(label: str, words: str, sheet: Sheet, columns: str) -> Iterator[Check]:
    """Each number under these letters is the engine's; how far they are off is added up without signs."""
    numbers = [
        (address(row, place), amount)
        for row, cells in enumerate(sheet.rows, start=1)
        for place, cell in enumerate(cells, start=1)
        if column_letter(place) in columns and (amount := number_in(cell)) is not None
    ]
    for first in range(0, len(numbers), MOST_CELLS):
        some = numbers[first : first + MOST_CELLS]
        off = "+".join(f"ABS({reference(sheet.name, at)}-({amount:f}))" for at, amount in some)
        yield Check(
            label,
            f"{sheet.name}: {words} ({len(some)} from {some[0][0]} on)",
            Formula(f"={off}", ZERO),
            ZERO,
            (sheet.name, some[0][0]),
            tolerance=SMALL,
        )


def _added_up(
    label: str,
    words: str,
    cells: str,
    found: NumberTally,
    at: tuple[str, str],
    style: Style,
    *,
    even_none: bool = False,
) -> Iterator[Check]:
    """The numbers and days of some cells; nothing where there are none, unless `even_none`."""
    if found.count or even_none:
        off = max(A_BILLIONTH * (found.count + 1), found.size * DOUBLE)
        yield Check(label, words, Formula(f"=SUM({cells})", found.total), found.total, at, style, off.normalize())


def _counted(label: str, words: str, cells: str, found: WordTally, at: tuple[str, str]) -> Iterator[Check]:
    """Each word as often as it was, the first once, the second twice, and so on, so that none passes for another."""
    times = found.times
    if not 0 < len(times) <= MOST_WORDS or not all(text[:1].isalpha() for text in times):
        return
    weights = {text: weight for weight, text in enumerate(times, start=1)}
    expected = Decimal(sum(weight * times[text] for text, weight in weights.items()))
    counted = "+".join(f"{weight}*COUNTIF({cells},{criterion(text)})" for text, weight in weights.items())
    yield Check(label, words, Formula(f"={counted}", expected), expected, at, COUNT, HALF)


def _totals_of(listed: Listing) -> list[tuple[str, Decimal]]:
    """The cells of a list's totals, and what each comes to."""
    found = []
    for place, column in enumerate(listed.columns):
        amount = number_in(listed.sheet.rows[listed.total - 1][place]) if listed.total else None
        if amount is not None:
            found.append((listed.total_cell(column.heading), amount))
    return found
