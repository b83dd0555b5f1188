"""Rows that are made when they are asked for are, in every way of asking, the rows that stand one below the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.workbook.long_rows import LongRows, Stretch, rows_at_hand, stretches, widest
from capgain.workbook.sheets import Cell, Row


def row(one: int, number: int) -> Row:
    return (Cell(number), Cell(one)) if one % 2 else (None, Cell(one), Cell(number))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=6), st.data())
def test_parts_below_one_another_are_one_sequence(parts: list[tuple[bool, int]], data: st.DataObject) -> None:
    rows, plain = LongRows(), list[Row]()
    for is_made, count in parts:
        first = len(plain) + 1
        new = [row(one, first + one) for one in range(count)]
        rows.extend(Stretch(range(count), row, first, range(3)) if is_made else new)
        plain += new
    assert len(rows) == len(plain)
    assert list(rows) == plain
    assert [rows[place] for place in range(len(plain))] == plain
    assert [rows[-place] for place in range(1, len(plain) + 1)] == plain[::-1]
    cut = data.draw(st.slices(len(plain) + 2))
    assert rows[cut] == plain[cut]
    there = dict(rows_at_hand(rows))
    made = {number for one in stretches(rows) for number in range(one.first, one.first + len(one))}
    assert all(plain[number - 1] == there[number] for number in there)
    assert {*there, *made} == set(range(1, len(plain) + 1))
    assert len(there) + len(made) == len(plain)
    for place in (len(plain), -len(plain) - 1):
        with pytest.raises(IndexError):
            rows[place]


def test_a_stretch_is_made_for_the_rows_on_which_it_stands() -> None:
    with pytest.raises(AssertionError, match="other rows"):
        LongRows([()]).extend(Stretch(range(2), row, 5, range(3)))


def test_the_longest_row_is_known_without_making_any() -> None:
    def never(one: object, number: int) -> Row:
        raise AssertionError("made")

    rows = LongRows([(Cell(1), Cell(2))])
    rows.extend(Stretch(range(9), never, 2, range(1, 4), width=7))
    assert widest(rows) == 7
    assert widest([(), (Cell(1),)]) == 1
