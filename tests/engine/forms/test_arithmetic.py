"""The arithmetic of forms: what expressions come to, and that every form rests only on what it has."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import pairwise
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.engine.classes import FilingStatus
from capgain.engine.forms import arithmetic
from capgain.engine.forms.arithmetic import (
    AllOf,
    Amount,
    AnyOf,
    Compared,
    Entered,
    Given,
    GivenAnswer,
    IfStated,
    Larger,
    Not,
    Number,
    OfLine,
    OfYear,
    Percent,
    Smaller,
    Through,
    When,
    above_zero,
    not_above_zero,
    not_below_zero,
    percent,
)
from capgain.engine.forms.form import AmountLine, Form, Line, line, question, skip
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax import Gains
from capgain.engine.forms.worksheets import by_name
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.form_6251 import RATE_28_ABOVE
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.settings import SCHEDULE_D_INPUT_LINES
from capgain.engine.years import TaxYear, tax_year

WORKSHEETS = [kind for kind, _ in by_name._WORKSHEETS.values()]
EVERY_FORM = pytest.mark.parametrize("form", [ScheduleD, *WORKSHEETS], ids=lambda form: form.__name__)
A, B = Given("a"), Given("b")
DOLLARS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@dataclass(frozen=True, kw_only=True)
class Two:
    """Something that has what an expression names."""

    a: Decimal
    b: Decimal
    known: Decimal | None = None
    said: bool | None = None
    exact: bool = False
    in_whole_dollars: bool = False


def of(amount: Amount, **given: Any) -> Decimal:
    return amount.value(Two(**{"a": Decimal(7), "b": Decimal(-3), **given}))


@given(DOLLARS, DOLLARS)
def test_amounts_are_added_subtracted_turned_around_and_compared(a: Decimal, b: Decimal) -> None:
    def here(amount: Amount) -> Decimal:
        return of(amount, a=a, b=b)

    assert here(A + B) == here(B + A) == a + b
    assert here(A + B + Number(Decimal(1))) == a + b + 1
    assert here(A - B) == -here(B - A) == a - b
    assert here(-(A - B)) == b - a
    assert (here(Smaller(A, B)), here(Larger(A, B))) == (min(a, b), max(a, b))
    assert here(not_below_zero(A)) + here(not_above_zero(A)) == a
    assert here(When(Compared(A, "<", B), A, B)) == min(a, b)
    assert here(When(Compared(A, "=", B), B, Larger(A, B))) == max(a, b)
    assert here(When(Compared(A, ">", B), A, B)) == max(a, b)


def test_more_digits_than_python_keeps_by_itself_are_kept() -> None:
    large = Decimal("1234567890123456789012345678901234.56")
    assert of(A + B, a=large, b=Decimal("0.01")) == Decimal("1234567890123456789012345678901234.57")
    assert of(A - B, a=large, b=large) == 0
    assert of(-A, a=large) == Decimal("-1234567890123456789012345678901234.56")


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.03", "0.00"), ("0.04", "0.01"), ("0.0333", "0.00"), ("10.1", "1.52")]
)
def test_a_percentage_is_rounded_to_the_cent_half_a_cent_up(amount: str, cents: str) -> None:
    assert of(percent(15, A), a=Decimal(amount)) == Decimal(cents)
    assert of(percent("3.8", A), a=Decimal(100)) == Decimal("3.80")
    assert of(percent(15, A), a=Decimal(amount), exact=True) == Decimal(amount) * Decimal("0.15")


def test_what_comes_from_elsewhere_is_in_whole_dollars_where_the_return_is() -> None:
    for cents, dollars in (("0.49", 0), ("0.50", 1), ("-0.50", -1), ("-0.49", 0)):
        assert of(Entered(A), a=Decimal(cents), in_whole_dollars=True) == dollars
        assert of(Entered(A), a=Decimal(cents)) == Decimal(cents)


def test_an_amount_that_is_not_stated_has_another_in_its_place() -> None:
    known = IfStated(Given("known"), A)
    assert of(known) == 7
    assert of(known, known=Decimal(0)) == 0


def test_conditions_combine_and_an_unknown_answer_is_no() -> None:
    more, less, said = above_zero(A), above_zero(B), GivenAnswer("said")

    def chosen(condition: arithmetic.Condition, **given: Any) -> bool:
        return of(When(condition, Number(Decimal(1)), Number(Decimal(0))), **given) == 1

    assert [chosen(one) for one in (more, less, Not(less))] == [True, False, True]
    assert [chosen(AllOf((more, less))), chosen(AnyOf((more, less)))] == [False, True]
    assert [chosen(said, said=answer) for answer in (True, False, None)] == [True, False, False]


def every_line(form: type[Form]) -> list[Line[Any]]:
    """Lines and figures in the order in which they are declared."""
    return [member for member in vars(form).values() if isinstance(member, Line)]


@EVERY_FORM
def test_a_line_rests_on_lines_above_it_and_on_what_the_form_is_given(form: type[Form]) -> None:
    above: list[Any] = []
    for one in every_line(form):
        assert one.name == (f"line_{one.number.replace('-', '_')}" if one.number else one.name)
        for leaf in one.rests_on():
            if isinstance(leaf, Line):
                assert any(leaf is earlier for earlier in above), f"{form.__name__} {one.number}: {leaf.number}"
            elif isinstance(leaf, Given | GivenAnswer):
                assert leaf.name in {field.name for field in fields(form)} | set(dir(form)), leaf  # type: ignore[arg-type]
            elif isinstance(leaf, OfYear):
                assert set(getattr(tax_year(2025), leaf.name)) == set(FilingStatus)
        above.append(one)


@EVERY_FORM
def test_lines_combined_through_one_another_leave_none_out(form: type[Form]) -> None:
    numbers = [one.number for one in form.lines]
    for one in form.lines:
        for node in nodes(one.arithmetic) if isinstance(one, AmountLine) else ():
            if isinstance(node, Through):
                places = [numbers.index(part.number) for part in node.parts]
                assert all(after - before == 1 for before, after in pairwise(places)), one.text
                words = re.search(r"lines (\w+) through (\w+)|lines (\w+)-(\w+)", one.text)
                assert words is None or [word for word in words.groups() if word] == [
                    node.parts[0].number,
                    node.parts[-1].number,
                ]


def nodes(node: Any) -> list[Any]:
    """An expression and all those inside it, but not those of other lines."""
    if isinstance(node, OfLine) or not isinstance(node, arithmetic._Node):
        return [node]
    inside = [part for value in vars(node).values() for part in (value if isinstance(value, tuple) else (value,))]
    return [node, *(inner for part in inside for inner in nodes(part))]


NAMED_LINES = re.compile(
    r"(?:Add|Combine) lines (?:\d+\w*,? (?:and )?)*\d+\w*(?= and enter|\.|$)"
    r"|Subtract line \w+ from line \w+(?=\.|$)"
    r"|Enter the (?:smaller|larger) of line \w+ or line \w+(?=\.|$)"
    r"|Multiply line \w+ by"
    r"|Figure the tax on the amount on line \w+"
)


@pytest.mark.parametrize(
    ("form", "least"),
    [(CarryoverWorksheet, 6), (QDCGTWorksheet, 17), (ScheduleDTaxWorksheet, 33), (NetInvestmentIncomeTax, 3)],
)
def test_the_lines_that_words_name_are_those_that_the_arithmetic_takes(form: type[Form], least: int) -> None:
    """Read from the words: `Add lines 2 and 3`, `Subtract line 4 from line 1`, `Enter the smaller of line 1 or …`."""
    said = {one.number: found.group() for one in form.lines if (found := NAMED_LINES.search(one.text))}
    assert len(said) >= least
    for number, words in said.items():
        named = re.findall(r"\d+\w*", words)
        assert [*form.parts(number)] == (named[::-1] if words.startswith("Subtract") else named), words


@EVERY_FORM
def test_the_rate_in_the_words_is_the_rate_of_the_arithmetic(form: type[Form]) -> None:
    for one in form.lines:
        percents = [node for node in nodes(getattr(one, "arithmetic", None)) if isinstance(node, Percent)]
        rates = {node.rate / 100 for node in percents if node.amount != RATE_28_ABOVE}
        printed = re.findall(r"[Mm]ultiply line \d+ by [\d.]+% \((0\.\d+)\)", one.text)
        assert rates == {Decimal(rate) for rate in printed}


def test_schedule_d_takes_from_elsewhere_what_settings_may_state() -> None:
    taken = {
        leaf.number for one in ScheduleD.lines for leaf in one.rests_on() if isinstance(leaf, arithmetic.Elsewhere)
    }
    assert taken == set(SCHEDULE_D_INPUT_LINES)


def test_the_parts_of_a_line_and_all_that_stand_behind_it() -> None:
    assert ScheduleD.parts("7") == ("1a", "1b", "2", "3", "4", "5", "6")
    assert ScheduleD.parts("16") == ("7", "15")
    assert ScheduleD.parts("17") == ("15", "16")
    assert ScheduleD.parts("1a") == ()
    assert [*CarryoverWorksheet.behind("8")] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [*CarryoverWorksheet.behind("13")] == ["1", "2", "3", "4", "5", "9", "10", "11", "12", "13"]
    with pytest.raises(KeyError, match="no line 99"):
        ScheduleD.parts("99")


def test_gains_by_themselves_have_lines_16_to_19_of_the_form() -> None:
    assert all(getattr(Gains, f"line_{number}") is getattr(ScheduleD, f"line_{number}") for number in range(16, 20))


def declared_in_the_docstring() -> type[Form]:
    """The worksheet that the module's docstring declares."""
    code = dedent(str(arithmetic.__doc__).split("declared like this:")[1].split("An input is asked")[0])
    names: dict[str, Any] = {"__name__": __name__, "Decimal": Decimal, "TaxYear": TaxYear, "FilingStatus": FilingStatus}
    names |= {"Form": Form, "dataclass": dataclass, "line": line, "skip": skip, "question": question, "ClassVar": Any}
    exec(code, vars(arithmetic) | names, names)
    declared: type[Form] = names["ExampleWorksheet"]
    return declared


@pytest.mark.parametrize(("exchange", "lines"), [(1000, [1000, 1000, 1000]), (5000, [5000, 3000, 2000, 300, 3300])])
def test_a_worksheet_declared_as_the_docstring_says_is_filled_in(exchange: int, lines: list[int]) -> None:
    form: Any = declared_in_the_docstring()
    filled = form(year=tax_year(2025), status=FilingStatus.SINGLE, exchange=Decimal(exchange))
    assert [*filled.amounts().values()] == lines
    assert {field: given.key for field, given in form.inputs().items()} == {"exchange": "8824-23"}
