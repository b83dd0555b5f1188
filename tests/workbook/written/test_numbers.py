"""Cells as numbers: what is read, to the last digit, and what is not guessed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capgain.workbook.written.misread import Misread
from capgain.workbook.written.numbers import read_number, read_plain_numbers, read_quantity
from capgain.workbook.written.ratios import read_ratio

READ = {
    "1234.56": "1234.56",
    "1,234.56": "1234.56",
    "1,234": "1234",
    "12,345,678.9": "12345678.9",
    "$1,234.56": "1234.56",
    "-$11.64": "-11.64",
    "$-11.64": "-11.64",
    "$ 5": "5",
    "US$5.10": "5.10",
    "5 USD": "5",
    "(519.83)": "-519.83",
    "($519.83)": "-519.83",
    "$(519.83)": "-519.83",
    "519.83-": "-519.83",
    "\u2212519.83": "-519.83",
    "+1.2": "1.2",
    "\xa0$1,234.56\xa0": "1234.56",
    "1\u202f234.56": "1234.56",
    " 3621.38 ": "3621.38",
    ".5": "0.5",
    "5.": "5",
    "1.5E-05": "0.000015",
    "1e-8": "0.00000001",
    "0.123456789012345678": "0.123456789012345678",
    "-0": "0",
}


@pytest.mark.parametrize(("text", "number"), READ.items())
def test_text_is_read_as_the_number_a_US_reader_sees(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "   ", "\xa0", "-", "--", "—", None])
def test_nothing_and_the_dashes_that_stand_for_it_are_blank(text: str | None) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234,56", "AMBIGUOUS_NUMBER"),
        ("1,5", "AMBIGUOUS_NUMBER"),
        ("1,2345", "AMBIGUOUS_NUMBER"),
        ("12,34,567", "AMBIGUOUS_NUMBER"),
        ("1'234.50", "AMBIGUOUS_NUMBER"),
        ("1.234.567", "AMBIGUOUS_NUMBER"),
        ("ten", "NOT_A_NUMBER"),
        ("1_000", "NOT_A_NUMBER"),
        ("١٢", "NOT_A_NUMBER"),
        ("0x10", "NOT_A_NUMBER"),
        ("NaN", "NOT_A_NUMBER"),
        ("Infinity", "NOT_A_NUMBER"),
        ("=1+1", "NOT_A_NUMBER"),
        ("0.01 BTC", "NOT_A_NUMBER"),
        ("$", "NOT_A_NUMBER"),
        ("１０", "NOT_A_NUMBER"),
        ("-(5)", "NOT_A_NUMBER"),
        ("(-5)", "TWO_SIGNS"),
        ("($-5.00)", "TWO_SIGNS"),
        ("(+5)", "TWO_SIGNS"),
        ("-5-", "TWO_SIGNS"),
        ("1" * 201, "NOT_A_NUMBER"),
        ("(5", "NOT_A_NUMBER"),
        ("#N/A", "CELL_ERROR"),
        ("#div/0!", "CELL_ERROR"),
        ("1E5", "NUMBER_LOST_DIGITS"),
        ("1.23457E+15", "NUMBER_LOST_DIGITS"),
        ("1E+30", "NUMBER_LOST_DIGITS"),
        ("9" * 40, "NUMBER_OUT_OF_RANGE"),
        ("1e-99", "NUMBER_OUT_OF_RANGE"),
    ],
)
def test_text_that_is_no_number_or_more_than_one_is_a_problem(text: str, code: str) -> None:
    found = read_number(text)
    assert isinstance(found, Misread)
    assert found.code == code
    assert found.remedy.endswith(".")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (10, "10"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (123456789.123456, "123456789.123456"),
        (0.30000000000000004, "0.3"),
        (100.10000000000001, "100.1"),
        (0.12345678901234566, "0.12345678901234566"),
        (1 / 3, "0.3333333333333333"),
        (Decimal("0.123456789012345678"), "0.123456789012345678"),
    ],
)
def test_typed_numbers_keep_the_digits_excel_keeps(cell: object, number: str) -> None:
    found = read_number(cell)
    assert str(found) == number or found == Decimal(number)


@pytest.mark.parametrize(
    "cell",
    [
        True,
        False,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
    ],
)
def test_cells_of_another_kind_are_not_numbers(cell: object) -> None:
    found = read_number(cell)
    assert isinstance(found, Misread)
    assert found.code == "NOT_A_NUMBER"


@pytest.mark.parametrize("cell", [date(2025, 1, 1), datetime(2025, 1, 1), time(1), timedelta(1)])
def test_a_date_or_time_is_no_number(cell: object) -> None:
    found = read_number(cell)
    assert isinstance(found, Misread)
    assert found.code == "NUMBER_IS_A_DATE"


def test_a_comma_is_not_trusted_in_a_file_that_separates_by_semicolons() -> None:
    assert read_number("1,234") == 1234
    found = read_number("1,234", comma_is_doubtful=True)
    assert isinstance(found, Misread)
    assert found.code == "AMBIGUOUS_NUMBER"
    assert read_number("1234.5", comma_is_doubtful=True) == Decimal("1234.5")
    assert read_number("1,234.5", comma_is_doubtful=True) == Decimal("1234.5")
    assert read_number("1,234,567", comma_is_doubtful=True) == 1234567


@pytest.mark.parametrize("number", ["123456789012.123456789012345678", "0.1234567890123456789012345678901"])
def test_a_negative_number_has_every_digit_of_the_positive_one(number: str) -> None:
    for text in (f"-{number}", f"({number})", f"{number}-", f"-${number}"):
        assert str(read_number(text)) == f"-{number}"


def test_a_cell_as_long_as_excel_allows_is_answered_at_once() -> None:
    for text in ("1" * 32_000 + "x", "1," * 16_000 + "x", " " * 32_000 + "x"):
        assert isinstance(read_number(text), Misread)
        assert isinstance(read_ratio(text), Misread)


def test_eighteen_decimals_are_read_and_nineteen_are_not() -> None:
    assert read_quantity("0.000000000000000001") == Decimal("1e-18")
    assert read_quantity("1.1000000000000000000000") == Decimal("1.1")
    found = read_quantity("0.0000000000000000001")
    assert isinstance(found, Misread)
    assert found.code == "TOO_MANY_DECIMALS"


def test_a_double_with_more_decimals_than_eighteen_is_rounded_to_them() -> None:
    assert read_quantity(1.2345678901234567e-05) == Decimal("0.000012345678901235")
    assert isinstance(read_quantity(1e-19), Misread)


@given(st.decimals(min_value=0, max_value=10**9, places=18, allow_nan=False, allow_infinity=False))
def test_a_quantity_written_as_text_comes_back_to_the_last_decimal(quantity: Decimal) -> None:
    assert read_quantity(f"{quantity:f}") == quantity
    assert read_quantity(f"{quantity:,f}") == quantity


@example(1.0000000000000038e-12)
@given(st.floats(min_value=1e-12, max_value=1e12))
def test_a_float_differs_from_its_decimal_by_less_than_excel_shows(value: float) -> None:
    found = read_number(value)
    assert isinstance(found, Decimal)
    assert abs(found - Decimal(value)) <= abs(Decimal(value)) * Decimal("5e-15")


@given(st.lists(st.one_of(st.just(""), st.decimals(0, 10**6, places=8).map(str), st.text("0123456789.,-", max_size=6))))
def test_a_column_read_at_once_equals_its_cells_read_one_by_one(column: list[str]) -> None:
    at_once = read_plain_numbers(column)
    if at_once is not None:
        assert at_once == [read_number(cell) for cell in column]


@pytest.mark.parametrize(
    ("cell", "ratio"),
    [
        ("2", Fraction(2)),
        (2.0, Fraction(2)),
        ("0.1", Fraction(1, 10)),
        (0.1, Fraction(1, 10)),
        ("25/75", Fraction(1, 3)),
        ("1:3", Fraction(1, 3)),
        (" 1 : 3 ", Fraction(1, 3)),
        ("2 for 1", Fraction(2)),
        ("1-for-10", Fraction(1, 10)),
        ("0.5/1.5", Fraction(1, 3)),
        (1 / 3, Fraction(1, 3)),
        (2 / 3, Fraction(2, 3)),
        (1 / 9, Fraction(1, 9)),
        (0.0625, Fraction(1, 16)),
        (1.5, Fraction(3, 2)),
        (0.333, Fraction(333, 1000)),
        (10000, Fraction(10000)),
    ],
)
def test_ratios_are_exact(cell: object, ratio: Fraction) -> None:
    assert read_ratio(cell) == ratio


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (date(2026, 2, 1), "2/1"),
        (datetime(2026, 3, 2), "3/2"),
        (time(1, 3), "1:3"),
        (46054.0, "2/1"),
        (63 / 1440, "1:3"),
        (0.0840277777777778, "2:1"),
    ],
)
def test_what_excel_makes_of_a_typed_ratio_is_recognised(cell: object, typed: str) -> None:
    found = read_ratio(cell)
    assert isinstance(found, Misread)
    assert found.code == "RATIO_IS_A_DATE"
    assert f"('{typed})" in found.remedy


@pytest.mark.parametrize("cell", ["2/0", "a/b", "two", "1/2/3", "/", "TRUE", True])
def test_what_is_no_ratio_is_a_problem(cell: object) -> None:
    found = read_ratio(cell)
    assert isinstance(found, Misread)
    assert found.code == "NOT_A_RATIO"
