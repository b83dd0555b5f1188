"""The arithmetic of forms as Excel formulas: how each kind of expression is written, and what LibreOffice makes of it.

It works out every line of every worksheet, those that no sheet of the report shows among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import (
    AllOf,
    Amount,
    AnyOf,
    Compared,
    Condition,
    Elsewhere,
    Entered,
    Entry,
    Given,
    GivenAnswer,
    IfStated,
    Larger,
    Not,
    Number,
    OfYear,
    Smaller,
    TaxOn,
    When,
    above_zero,
    is_zero,
    not_above_zero,
    percent,
)
from capgain.engine.forms.form import Question
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.worksheets import by_name
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.forms.worksheets.unrecaptured_1250 import UnrecapturedSection1250GainWorksheet
from capgain.engine.years import TaxYear, tax_year
from capgain.workbook.report.line_formulas import Rendering, line_formula
from capgain.workbook.report.tax_formulas import table_middle, tax_on
from capgain.workbook.sheets import Book, Cell, Formula, Sheet, address
from capgain.workbook.xlsx.writer import write_book
from libreoffice import needs_libreoffice, recalculated, values

A, B, C = Given("a"), Given("b"), Given("c")
LINE_1, LINE_6 = CarryoverWorksheet.line_1, CarryoverWorksheet.line_6


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (A + B + C, "{a}+{b}+{c}"),
        (A - B, "{a}-{b}"),
        (A - (B + C), "{a}-({b}+{c})"),
        (A - (B - C), "{a}-({b}-{c})"),
        (A - -B, "{a}-(-{b})"),
        (A + -B, "{a}+(-{b})"),
        (-(A + B), "-({a}+{b})"),
        (-Smaller(A - B, C), "-MIN({a}-{b},{c})"),
        (Larger(A, Number(Decimal("0.50"))), "MAX({a},0.50)"),
        (not_above_zero(A), "MIN({a},0)"),
        (percent(15, A), "0.15*{a}"),
        (percent("3.8", A - B), "0.038*({a}-{b})"),
        (percent(20, A), "0.2*{a}"),
        (LINE_1 + OfYear("loss_limit"), "{L1}+{loss_limit}"),
        (TaxOn(LINE_6), "{tax_on_L6}"),
        (Entered(-Elsewhere("4")), "-{elsewhere_4}"),
        (IfStated(A, B), "{a}"),
        (When(is_zero(A), B, C), "IF({a}=0,{b},{c})"),
        (When(AllOf((above_zero(A), Compared(-A, "<", B - C))), B, C), "IF(AND({a}>0,-{a}<{b}-{c}),{b},{c})"),
    ],
)
def test_an_amount_is_written_with_brackets_only_where_they_change_it(amount: Amount, written: str) -> None:
    assert Rendering().amount(amount) == written


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        (ScheduleD.line_17, '{L17}="Yes"'),
        (CarryoverWorksheet.is_needed, '{is_needed}="Yes"'),
        (GivenAnswer("said"), "{said}"),
        (Not(above_zero(A)), "NOT({a}>0)"),
        (Not(Not(above_zero(A))), "{a}>0"),
        (AnyOf((above_zero(A), is_zero(B))), "OR({a}>0,{b}=0)"),
        (AllOf((above_zero(A), AllOf((is_zero(B), above_zero(A))))), "AND({a}>0,{b}=0)"),
    ],
)
def test_a_condition_is_written(condition: Condition, written: str) -> None:
    assert Rendering().condition(condition) == written


def test_what_was_not_given_leaves_no_trace() -> None:
    without = Rendering(absent=frozenset({"a", "said"}))
    assert without.amount(A + B + A) == "{b}"
    assert without.amount(A + A) == without.amount(IfStated(A, Number(Decimal(0)))) == "0"
    assert without.amount(IfStated(A, B)) == "{b}"
    assert without.condition(above_zero(A)) == "FALSE"
    assert without.condition(AllOf((Not(GivenAnswer("said")), above_zero(B)))) == "{b}>0"


def test_a_line_without_a_cell_is_written_out_with_what_skips_it() -> None:
    written_out = Rendering(written_out=frozenset({"17", "18"}))
    assert written_out.condition(ScheduleD.line_17) == "AND({L15}>0,{L16}>0)"
    assert written_out.amount(ScheduleD.line_18).startswith("IF(AND({L15}>0,{L16}>0),IF({elsewhere_18}=0,")
    in_one = Rendering(written_out=frozenset("123456")).line(Rate28GainWorksheet.line_7)
    assert in_one.startswith("MAX({collectibles}+{section_1202}+")


def test_skipped_lines_are_zero_in_the_sense_of_the_printed_words() -> None:
    """`If lines 1 and 16 are the same, skip`, and `if a loss, go to line 9; otherwise, skip`."""
    assert line_formula(ScheduleDTaxWorksheet.line_24) == "IF({L1}={L16},0,{L22})"
    assert line_formula(ScheduleDTaxWorksheet.line_37) == "IF(OR({L1}={L16},{L1}={L32},{d19}=0),0,{L1})"
    assert line_formula(CarryoverWorksheet.line_9) == 'IF(AND({is_needed}="Yes",{d15}<0),-{d15},0)'
    assert line_formula(UnrecapturedSection1250GainWorksheet.line_3) == "IF({form_4797_line_7}>0,{L1}-{L2},0)"


CASES_EACH = 12
YEARS = (2021, 2025)
SHEETS = tuple(by_name._WORKSHEETS)


class Cells(dict[str, str]):
    """Where everything stands in a column; the tax on an amount is worked out in the cell that asks for it."""

    def __missing__(self, key: str) -> str:
        cell = self[key.removeprefix("tax_on_")]
        return tax_on(cell, table_middle(cell), self["floors"], self["steps"], self["tax_table_below"])


def drawn(rng: Random, given: Given) -> Decimal:
    amount = Decimal(rng.choice((0, 1, rng.randint(-(10**6), 10**6), rng.randint(-(10**8), 10**8)))) / 100
    amount = abs(amount) if rng.random() < 0.6 else amount
    return amount if given.entry is Entry.SIGNED else -abs(amount) if given.entry is Entry.LOSS else abs(amount)


def inputs_of(rng: Random, name: str) -> dict[str, Decimal]:
    """Amounts for some of a worksheet's inputs, the lines of one Schedule D as they go together."""
    kind, _ = by_name._WORKSHEETS[name]
    given = {one.key: drawn(rng, one) for one in kind.inputs().values() if rng.random() < 0.8}
    if name == "carryover":
        given["D16"] = given.get("D7", Decimal(0)) + given.get("D15", Decimal(0))
        given["D21"] = max(given["D16"], Decimal(-3000)) if given["D16"] < 0 else Decimal(0)
    if name == "6251" and "12e" in given:
        given.pop("A-7", None)
    return given


def column(
    form: Any, year: TaxYear, status: FilingStatus, stated: Mapping[str, Decimal], at: Cells, place: int
) -> Iterator[tuple[int, Cell]]:
    """The cells of one filled-in worksheet, top down, with their rows; the brackets stand in two columns further on."""
    row = 0

    def put(key: str, content: Any) -> tuple[int, Cell]:
        nonlocal row
        row += 1
        at[key] = f"${address(row, place).rstrip('0123456789')}${row}"
        return row, Cell(content)

    absent = frozenset(
        field.name
        for field in fields(form)
        if field.default is None and stated.get(form.inputs()[field.name].key) is None
    )
    for field in form.inputs():
        if field not in absent:
            yield put(field, getattr(form, field))
    figured = {leaf.name for one in form.lines for leaf in one.rests_on() if isinstance(leaf, Given) and not leaf.key}
    for name in sorted(figured - set(at)):
        yield put(name, getattr(form, name))
    limits = {leaf.name for one in form.lines for leaf in one.rests_on() if isinstance(leaf, OfYear)}
    for limit in sorted(limits):
        yield put(limit, getattr(year, limit)[status])
    yield put("tax_table_below", year.tax_table_below)
    rendering = Rendering(absent)
    for figure in form.figures:
        if not isinstance(figure, Question):
            continue
        text = f'IF({rendering.condition(figure.condition)},"Yes","No")'.format_map(at)
        yield put(figure.name, Formula(f"={text}", "Yes" if getattr(form, figure.name) else "No"))
    for line in form.lines:
        text = f"=ROUND({rendering.line(line).format_map(at)},2)"
        yield put(f"L{line.number}", Formula(text, getattr(form, line.name)))


def sheet(name: str) -> Sheet:
    """A worksheet filled in many times, a column each."""
    rng = Random(name)
    rows: dict[tuple[int, int], Cell] = {}
    for case in range(CASES_EACH):
        year, status = tax_year(rng.choice(YEARS)), rng.choice(list(FilingStatus))
        stated, place = inputs_of(rng, name), 1 + case * 3
        kind, _ = by_name._WORKSHEETS[name]
        form = by_name._fill(kind, by_name._by_field(name, stated), year, status)
        at, last = Cells(), Decimal(0)
        for number, bracket in enumerate(year.brackets[status], start=1):
            floor = year.brackets[status][number - 2].upper if number > 1 else Decimal(0)
            rows[number, place + 1], rows[number, place + 2] = Cell(floor), Cell(bracket.rate - last)
            last = bracket.rate
        for key, offset in (("floors", 1), ("steps", 2)):
            letter = address(1, place + offset)[:-1]
            at[key] = f"${letter}$1:${letter}${len(year.brackets[status])}"
        for row, cell in column(form, year, status, stated, at, place):
            rows[row, place] = cell
    height, width = max(row for row, _ in rows), max(place for _, place in rows)
    return Sheet(
        name=name, rows=[[rows.get((row, place)) for place in range(1, width + 1)] for row in range(1, height + 1)]
    )


@needs_libreoffice
def test_every_line_of_every_worksheet_recalculates_to_the_engine_s_amount(tmp_path: Path) -> None:
    path = tmp_path / "worksheets.xlsx"
    book = Book(sheets=tuple(map(sheet, SHEETS)), title="Worksheets", created=datetime(2026, 1, 1, tzinfo=UTC))
    write_book(book, path)
    fresh, expected = recalculated(path), values(path)
    wrong, compared, positive = [], 0, 0
    for one in book.sheets:
        for number, row in enumerate(one.rows, start=1):
            for place, cell in enumerate(row, start=1):
                if cell is None or not isinstance(cell.content, Formula):
                    continue
                where = address(number, place)
                before, after = expected[one.name][where], fresh[one.name].get(where)
                same = before == after if isinstance(before, str) else abs(before - (after or 0)) < 0.005
                compared, positive = compared + 1, positive + (before not in (0, "No"))
                if not same:
                    wrong.append(f"{one.name} {where} {cell.content.text}: {before!r}, recalculated {after!r}")
    assert wrong == []
    assert compared > 1300
    assert positive > 400
