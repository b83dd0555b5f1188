"""What people added to a sheet stays with its row, or is named; nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.engine.forms.form_8949 import COLUMNS
from capgain.workbook.report.form_styles import FORM_HEADING, SIGN_OFF, TICK
from capgain.workbook.report.kept_entries import EarlierSheet, Shown, carried
from capgain.workbook.sheets import BOLD, DATE, MONEY, PLAIN, Cell, Formula, Note, Row, Sheet, link_to

HEADINGS: Row = [Cell(f"({letter})\n{text}", FORM_HEADING) for letter, text in COLUMNS.items()]
WIDTH = 10
Sale = tuple[str, Any, date, str, str, int]
"""Description, acquired, sold, codes, proceeds, ledger row."""

APPLE: Sale = ("10 sh. AAPL", date(2024, 1, 5), date(2025, 3, 5), "", "1500", 7)
ETHER: Sale = ("1 ETH", date(2024, 2, 6), date(2025, 4, 1), "", "3000", 9)


def form(*sales: Sale) -> Sheet:
    """A sheet like one of Form 8949: a row a sale, a formula for the gain, a link, a tick mark, and a total."""
    rows: list[Row] = [HEADINGS]
    for number, (text, acquired, sold, codes, proceeds, ledger_row) in enumerate(sales, start=2):
        rows.append(
            [
                Cell(text),
                Cell(acquired, DATE),
                Cell(sold, DATE),
                Cell(Decimal(proceeds), MONEY),
                Cell(Decimal(1000), MONEY),
                Cell(codes or None),
                Cell(None),
                Cell(Formula(f"=D{number}-E{number}", Decimal(proceeds) - 1000), MONEY),
                link_to("Ledger", f"A{ledger_row}", ledger_row),
                Cell(None, TICK),
            ]
        )
    total = sum(Decimal(sale[4]) for sale in sales)
    rows.append([Cell("2  Totals", BOLD), None, None, Cell(Formula(f"=SUM(D2:D{len(rows)})", total), MONEY)])
    return Sheet(name="8949 Long", rows=rows)


def left(sheet: Sheet, entries: dict[str, Any], notes: Sequence[Note] = ()) -> EarlierSheet:
    """The sheet as it was left by somebody who entered something: floats and times of day as programs give them."""
    rows = []
    for cells in sheet.rows:
        row = []
        for cell in [*cells, *[None] * (WIDTH - len(cells))]:
            content = cell.content if cell is not None else None
            value = content.expected if isinstance(content, Formula) else content
            value = float(value) if isinstance(value, Decimal) else value
            value = datetime(value.year, value.month, value.day) if isinstance(value, date) else value
            row.append(Shown(value, cell is not None and cell.style.unlocked))
        rows.append(row)
    for cell, value in entries.items():
        row, column = ord(cell[1]) - 49, ord(cell[0]) - 65
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [Shown(None)] * (column + 1 - len(rows[row]))
        formula = value if str(value).startswith("=") else ""
        rows[row][column] = Shown(5.0 if formula else value, True, formula)
    return EarlierSheet(rows, notes, sheet.height)


def marks(sheet: Sheet) -> dict[str, object]:
    """Description and tick mark of the rows that have one."""
    return {
        str(row[0].content): row[9].content
        for row in sheet.rows[1:]
        if len(row) > 9 and row[0] is not None and row[9] is not None and row[9].content is not None
    }


def test_a_mark_stays_with_its_row_when_rows_and_ledger_rows_move() -> None:
    before = form(APPLE, ETHER)
    after = form(("3 sh. XYZ", date(2024, 1, 1), date(2025, 1, 2), "", "900", 2), (*APPLE[:5], 8), (*ETHER[:5], 10))
    kept, remarks = carried(after, left(before, {"J3": "A"}))
    assert marks(kept) == {"1 ETH": "A"}
    assert remarks == ()


@pytest.mark.parametrize(
    "changed",
    [
        ("1.5 ETH", *ETHER[1:]),
        (*ETHER[:3], "W", *ETHER[4:]),
        ("0.25 ETH", date(2023, 7, 7), *ETHER[2:]),
        (ETHER[0], "VARIOUS", *ETHER[2:]),
        (*ETHER[:2], date(2025, 4, 2), *ETHER[3:]),
        (*ETHER[:4], "3000.01", ETHER[5]),
    ],
    ids=["quantity", "code", "lot and quantity", "several lots", "day of the sale", "proceeds"],
)
def test_a_mark_on_a_row_of_form_8949_that_changed_stays_with_a_question_mark(changed: Sale) -> None:
    kept, remarks = carried(form(APPLE, changed), left(form(APPLE, ETHER), {"J3": "A", "J2": "F"}))
    assert marks(kept) == {"10 sh. AAPL": "F", changed[0]: "A ?"}
    assert [(one.sheet, one.cell, one.words, one.is_lost) for one in remarks] == [("8949 Long", "J3", "A", False)]
    assert "the figures of this row changed since 'A' was entered" in str(remarks[0])
    again, said = carried(form(APPLE, changed), left(form(APPLE, changed), {"J3": "A ?", "J2": "F"}))
    assert (marks(again), said) == (marks(kept), ())


def test_a_change_of_the_date_alone_is_a_change_of_the_row() -> None:
    later = (*ETHER[:2], date(2025, 4, 2), *ETHER[3:])
    assert marks(carried(form(later), left(form(ETHER), {"J2": "A"}))[0]) == {"1 ETH": "A ?"}


def test_the_mark_of_a_sale_that_is_gone_goes_to_no_other_sale_and_is_named() -> None:
    other = ("1 ETH", ETHER[1], date(2025, 6, 1), "", "3000", 11)
    kept, remarks = carried(form(APPLE, other), left(form(APPLE, ETHER, other), {"J3": "A", "J4": "R"}))
    assert marks(kept) == {"1 ETH": "R"}
    assert list(map(str, remarks)) == [
        "8949 Long: 'A' was entered in J3 at a row that is not there any more (1 ETH).",
    ]
    assert remarks[0].is_lost


def test_of_rows_of_the_same_name_the_one_with_the_same_figures_is_meant() -> None:
    cheap, dear = ETHER, (*ETHER[:4], "4000", 10)
    kept, remarks = carried(form(dear, cheap), left(form(cheap, dear), {"J2": "cheap", "J3": "dear"}))
    assert [row[9].content for row in kept.rows[1:3]] == ["dear", "cheap"]  # type: ignore[union-attr]
    assert remarks == ()


def test_cells_beside_and_below_the_table_and_notes_go_with_their_rows() -> None:
    before, after = form(APPLE, ETHER), form((*APPLE[:5], 8), ("3 sh. XYZ", *APPLE[1:]), ETHER)
    entries = {"L3": "called the broker", "M3": "=D3*2", "A6": "my own total", "D6": 77.5}
    kept, remarks = carried(after, left(before, entries, [Note("A3", "look here", "me"), Note("A4", "sum", "me")]))
    assert remarks == ()
    beside = kept.rows[3][11:13]
    assert [cell and cell.content for cell in beside] == ["called the broker", Formula("=D3*2", 5.0)]
    assert kept.rows[6] == [Cell("my own total", PLAIN), None, None, Cell(77.5, PLAIN)]
    assert kept.notes == (Note("A4", "look here", "me"), Note("A5", "sum", "me"))


def test_what_stood_beside_a_row_that_is_gone_is_named_like_a_mark() -> None:
    after = replace(form(APPLE), notes=(Note("A2", "ours"),))
    before = left(form(APPLE, ETHER), {"L3": "called"}, [Note("A3", "mine", "me"), Note("A2", "mine too", "me")])
    kept, remarks = carried(after, before)
    assert [(remark.cell, remark.words, remark.is_lost) for remark in remarks] == [
        ("L3", "called", True),
        ("A3", "mine", True),
        ("A2", "mine too", True),
    ]
    assert kept.notes == (Note("A2", "ours"),)


def test_a_date_or_number_that_was_entered_stays_one_until_it_is_questioned() -> None:
    signed = Sheet(name="Readme", rows=[[Cell("Prepared by"), Cell(None, SIGN_OFF), Cell(Decimal(5))]])
    entered = EarlierSheet([[Shown("Prepared by"), Shown(datetime(2026, 3, 2), True), Shown(5.0)]])
    assert carried(signed, entered)[0].rows[0][1] == Cell(datetime(2026, 3, 2), SIGN_OFF)
    other = replace(signed, rows=[[*signed.rows[0][:2], Cell(Decimal(6))]])
    assert carried(other, entered)[0].rows[0][1] == Cell("2026-03-02 ?", SIGN_OFF)


def test_a_formula_whose_value_was_not_stored_questions_nothing() -> None:
    before = left(form(ETHER), {"J2": "A"})
    bare = [[Shown(None) if place == 7 else cell for place, cell in enumerate(row)] for row in before.rows]
    kept, remarks = carried(form(ETHER), replace(before, rows=bare))
    assert (marks(kept), remarks) == ({"1 ETH": "A"}, ())


SALES = st.lists(
    st.tuples(
        st.sampled_from(["1 ETH", "2 ETH", "10 sh. AAPL", "5 sh. AAPL"]),
        st.sampled_from([date(2024, 1, 5), date(2024, 2, 6), "VARIOUS"]),
        st.sampled_from([date(2025, 3, 5), date(2025, 4, 1)]),
        st.sampled_from(["", "W"]),
        st.sampled_from(["1500", "3000"]),
        st.integers(2, 9),
    ),
    max_size=5,
)


@given(SALES, SALES, st.data())
def test_every_entry_is_on_the_new_sheet_or_named_and_none_is_there_twice(
    old: list[Sale], new: list[Sale], data: st.DataObject
) -> None:
    before, after = form(*old), form(*new)
    cells = [f"{letter}{row}" for row in range(1, before.height + 3) for letter in "JL"]
    open_cells = [cell for cell in cells if cell[0] == "L" or 2 <= int(cell[1:]) <= len(old) + 1]
    chosen = data.draw(st.lists(st.sampled_from(open_cells), unique=True, max_size=6))
    kept, remarks = carried(after, left(before, {cell: f"entry {cell}" for cell in chosen}))
    found = [
        str(cell.content).removesuffix(" ?")
        for row in kept.rows
        for cell in row
        if cell is not None and str(cell.content).startswith("entry")
    ]
    found += [remark.words for remark in remarks if remark.is_lost]
    assert sorted(found) == sorted(f"entry {cell}" for cell in chosen)
    if old == new:
        assert remarks == ()
