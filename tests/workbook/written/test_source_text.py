"""What exchanges and brokers alone write, on top of what every cell may hold."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.workbook.written.misread import Misread
from capgain.workbook.written.moments import read_source_moment
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.source_text import UnreadableValue, moment, number
from capgain.workbook.written.time_zones import ZoneByYear, zone_named

NEW_YORK = ZoneByYear(zone_named("Eastern"), {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,234.56", "1234.56"),
        ("($519.83)", "-519.83"),
        ("(17.12 ETH)", "-17.12"),
        ("-$11.64", "-11.64"),
        ("$-11.64", "-11.64"),
        ("+1.2", "1.2"),
        ("0.0101601 BTC ", "0.0101601"),
        ("$3621.38 ", "3621.38"),
        ("30S", "30"),
        ("1e-8", "1E-8"),
        ("0.123456789012345678", "0.123456789012345678"),
        (".5", "0.5"),
        ("1,000,000", "1000000"),
        ("12 000", "12000"),
        ("1,234.5 USDT", "1234.5"),
        ("5E", "5"),
        ("1.5e-3ETH", "0.0015"),
        ("US$5 BTC", "5"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", "--", "-", "n/a", "None", "NULL", "nan"])
def test_nothing_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("1,5", "1.234,56", "(5", "5)", "--5", "-(5)", "(-5)", "abc", "=1+1", "NaN1", "Infinity", "1,00,000"),
        *(
            "1,5 BTC",
            "(-5 ETH)",
            "1.23457E+11",
            "1.23457E+11BTC",
            "1E5.",
            "0x10",
            "5x100",
            "5 100X",
            "1 234 BTC",
            "１０",
        ),
    ],
)
def test_what_is_not_one_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableValue):
        number(text)


@pytest.mark.parametrize(
    ("text", "at", "has_time"),
    [
        ("2025-03-01 12:00:00 UTC", datetime(2025, 3, 1, 7), True),
        ("2025-03-01T12:00:00Z", datetime(2025, 3, 1, 7), True),
        ("2025-03-01T12:00:00.000", datetime(2025, 3, 1, 7), True),
        ("2021-11-23, 12:46:38", datetime(2021, 11, 23, 7, 46, 38), True),
        ("03/18/2026 as of 03/16/2026", datetime(2026, 3, 16), False),
        ("04/05/23", datetime(2023, 4, 5), False),
        ("1/5/2024 3:30 PM", datetime(2024, 1, 5, 10, 30), True),
        ("1/5/2024 12:30 am", datetime(2024, 1, 4, 19, 30), True),
        ("31-JAN-2025", datetime(2025, 1, 31), False),
        ("Mar 1, 2025", datetime(2025, 3, 1), False),
        ("20240813", datetime(2024, 8, 13), False),
        ("2024-02-29", datetime(2024, 2, 29), False),
        ("2025-03-01 12:00:00 +0100", datetime(2025, 3, 1, 6), True),
        ("2025-03-01 12:00:00 +0000 UTC", datetime(2025, 3, 1, 7), True),
        ("20250301T120000", datetime(2025, 3, 1, 7), True),
        ("2025-03-01 UTC", datetime(2025, 3, 1), False),
        ("2025-03-01Z", datetime(2025, 3, 1), False),
        ("03/18/26 as of 3/16/26", datetime(2026, 3, 16), False),
        ("1/5/24 at 3:30 PM", datetime(2024, 1, 5, 10, 30), True),
        ("2 March, 2024", datetime(2024, 3, 2), False),
        ("12/31/2024 10:00:00,5", datetime(2024, 12, 31, 5, 0, 0, 500000), True),
        ("2025-07-01 12:00 EST", datetime(2025, 7, 1, 13), True),
        ("2025-07-01 12:00 PM ET", datetime(2025, 7, 1, 12), True),
        ("07/01/25 9:00:05AM PDT", datetime(2025, 7, 1, 12, 0, 5), True),
        ("2025-01-01 10:00 HST", datetime(2025, 1, 1, 15), True),
    ],
)
def test_moments_are_read_as_sources_write_them(text: str, at: datetime, has_time: bool) -> None:
    read = moment(text, UTC)
    assert (read.local(NEW_YORK), read.has_time) == (at, has_time)


@pytest.mark.parametrize(
    "text",
    [
        *("", "--", "VARIOUS", "0at1900", "13/01/2025", "2025-02-29", "2025-03-01 25:00:00", "1/5/2024 13:30 PM"),
        *("2025-03-01 10:00 IST", "2025-03-01 EST", "2025-W09-6", "Octopus 1, 2025", "01.02.24", "２０２５-03-01"),
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UnreadableValue):
        moment(text, UTC)


def test_a_time_keeps_its_meaning_whatever_zone_it_is_written_in() -> None:
    assert moment("2025-01-01T00:00:00Z", None).canonical() == moment("2024-12-31T19:00:00-05:00", None).canonical()


@pytest.mark.parametrize("text", ["1/5/24", "03/18/2026 as of 03/16/2026", "2025-03-01 UTC", "2025-03-01 10:00 EST"])
def test_a_ledger_of_ours_that_is_imported_holds_nothing_of_the_kind(text: str) -> None:
    with pytest.raises(UnreadableValue):
        moment(text, None, is_ledger=True)
    assert moment("1/5/2024", None, is_ledger=True).at == datetime(2024, 1, 5)


def test_a_lone_comma_is_not_trusted_in_a_file_that_separates_by_semicolons() -> None:
    with pytest.raises(UnreadableValue, match="more than one number"):
        number("1,234 BTC", comma_is_doubtful=True)
    assert number("1,234.5 BTC", comma_is_doubtful=True) == Decimal("1234.5")


@given(st.text("0123456789.,-+()$eEUSD '", max_size=12))
def test_what_every_cell_may_hold_is_the_same_number_here(text: str) -> None:
    everywhere = read_number(text)
    try:
        here = number(text)
    except UnreadableValue:
        assert isinstance(everywhere, Misread)
    else:
        assert here == everywhere or isinstance(everywhere, Misread)


@given(st.text("0123456789/-:., TZUCJanPMam", max_size=20))
def test_what_every_cell_may_hold_is_the_same_moment_here(text: str) -> None:
    everywhere = read_source_moment(text)
    try:
        here = moment(text, None)
    except UnreadableValue:
        assert everywhere is None or isinstance(everywhere, Misread)
    else:
        assert here == everywhere or isinstance(everywhere, Misread)


def test_a_text_of_any_length_is_answered_at_once() -> None:
    for text in ("1" * 32_000 + "x", "1," * 16_000 + "x", "2025-01-01" + " " * 32_000 + "x", "as of " * 5_000):
        for read in (number, lambda text: moment(text, UTC)):
            with pytest.raises(UnreadableValue):
                read(text)
