from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from capgain.workbook.written.source_text import UnreadableValue, moment, number

NEW_YORK = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")


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
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", "--", "-", "n/a"])
def test_nothing_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text", ["1,5", "1.234,56", "(5", "5)", "--5", "-(5)", "12 000", "abc", "=1+1", "NaN1", "Infinity", "1,00,000"]
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
    ],
)
def test_moments_are_read_as_sources_write_them(text: str, at: datetime, has_time: bool) -> None:
    read = moment(text, UTC)
    assert (read.in_zone(NEW_YORK), read.has_time) == (at, has_time)


@pytest.mark.parametrize(
    "text", ["", "VARIOUS", "0at1900", "13/01/2025", "2025-02-29", "2025-03-01 25:00:00", "1/5/2024 13:30 PM"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UnreadableValue):
        moment(text, UTC)


def test_a_time_keeps_its_meaning_whatever_zone_it_is_written_in() -> None:
    assert moment("2025-01-01T00:00:00Z", None).canonical() == moment("2024-12-31T19:00:00-05:00", None).canonical()
