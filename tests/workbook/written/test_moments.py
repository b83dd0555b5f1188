"""Cells as moments: dates of every kind, the two date systems, and time stamps brought to the tax zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.workbook.written.misread import Misread
from capgain.workbook.written.moments import (
    Calendar,
    Moment,
    read_day,
    read_iso_column,
    read_lone_day,
    read_moment,
    read_year,
)
from capgain.workbook.written.time_zones import UnknownZone, ZoneByYear, in_zone, zone_named

PLAIN = Calendar()
NEW_YORK = ZoneByYear(ZoneInfo("America/New_York"), {})
IN_NEW_YORK = Calendar(zones=NEW_YORK)


@pytest.mark.parametrize(
    ("cell", "at", "has_time"),
    [
        ("2025-03-01", datetime(2025, 3, 1), False),
        ("2025-3-1", datetime(2025, 3, 1), False),
        ("2025/03/01", datetime(2025, 3, 1), False),
        ("20250301", datetime(2025, 3, 1), False),
        ("03/01/2025", datetime(2025, 3, 1), False),
        ("3/1/2025", datetime(2025, 3, 1), False),
        ("2025-03-01 10:30", datetime(2025, 3, 1, 10, 30), True),
        ("2025-03-01T10:30:15.250", datetime(2025, 3, 1, 10, 30, 15, 250000), True),
        ("2025-03-01T10:00:00.123456789", datetime(2025, 3, 1, 10, 0, 0, 123456), True),
        ("3/1/2025 1:05 PM", datetime(2025, 3, 1, 13, 5), True),
        ("3/1/2025 12:05 am", datetime(2025, 3, 1, 0, 5), True),
        ("03/01/2025, 23:59:59", datetime(2025, 3, 1, 23, 59, 59), True),
        ("Mar 1, 2025", datetime(2025, 3, 1), False),
        ("1 March 2025", datetime(2025, 3, 1), False),
        ("01-MAR-2025", datetime(2025, 3, 1), False),
        ("1 Sept. 2025", datetime(2025, 9, 1), False),
        ("20250301T103000", datetime(2025, 3, 1, 10, 30), True),
        ("20250301 103000.25", datetime(2025, 3, 1, 10, 30, 0, 250000), True),
        ("\xa02025-03-01 ", datetime(2025, 3, 1), False),
        (date(2025, 3, 1), datetime(2025, 3, 1), False),
        (datetime(2025, 3, 1, 8), datetime(2025, 3, 1, 8), True),
        (45717, datetime(2025, 3, 1), False),
        (45717.0, datetime(2025, 3, 1), False),
        (Decimal(45717), datetime(2025, 3, 1), False),
        (45717.4375, datetime(2025, 3, 1, 10, 30), True),
        (59, datetime(1900, 2, 28), False),
        (61, datetime(1900, 3, 1), False),
    ],
)
def test_dates_are_read_from_text_serials_and_dates(cell: object, at: datetime, has_time: bool) -> None:
    assert read_moment(cell, PLAIN) == Moment(at, has_time)


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        ("13/04/2025", "IMPOSSIBLE_DATE", "no month 13"),
        ("02/29/2023", "IMPOSSIBLE_DATE", "does not exist"),
        ("2025-02-30", "IMPOSSIBLE_DATE", "does not exist"),
        ("2025-03-01 25:00", "IMPOSSIBLE_DATE", "does not exist"),
        ("3/1/2025 13:00 PM", "IMPOSSIBLE_DATE", "does not exist"),
        (60, "IMPOSSIBLE_DATE", "29 February 1900"),
        ("1/5/25", "YEAR_OF_TWO_DIGITS", "two digits"),
        ("01.02.2025", "AMBIGUOUS_DATE", "month first or day first"),
        ("01-02-2025", "AMBIGUOUS_DATE", "month first or day first"),
        ("45717", "SERIAL_AS_TEXT", "Excel's number for a date"),
        ("2025-03-01 10:00 EST", "ZONE_BY_LETTERS", "names its time zone by letters"),
        ("2205-03-01", "DATE_OUT_OF_RANGE", "year 2205"),
        ("1899-12-31", "DATE_OUT_OF_RANGE", "year 1899"),
        (200000, "DATE_OUT_OF_RANGE", "year 2447"),
        ("Total", "LINE_OF_TOTALS", "line of totals"),
        ("soon", "NOT_A_DATE", "is not a date"),
        ("20250301T13", "NOT_A_DATE", "is not a date"),
        ("20250301T1030152024", "NOT_A_DATE", "is not a date"),
        ("Octopus 1, 2025", "NOT_A_DATE", "is not a date"),
        ("２０２５-03-01", "NOT_A_DATE", "is not a date"),
        ("2025-01-01" + " " * 32_000 + "x", "NOT_A_DATE", "is not a date"),
        ("2025-13", "NOT_A_DATE", "is not a date"),
        ("2025-W09-6", "NOT_A_DATE", "is not a date"),
        (0.5, "TIME_WITHOUT_DATE", "time of day without a date"),
        (-1, "NOT_A_DATE", "is not a date"),
        (float("nan"), "NOT_A_DATE", "is not a date"),
        (1e12, "NOT_A_DATE", "is not a date"),
        (True, "NOT_A_DATE", "TRUE is not a date"),
        ("#VALUE!", "CELL_ERROR", "#VALUE!"),
    ],
)
def test_what_is_no_day_or_more_than_one_is_a_problem(cell: object, code: str, says: str) -> None:
    found = read_moment(cell, PLAIN)
    assert isinstance(found, Misread)
    assert (found.code, says in found.message) == (code, True)


def test_where_no_tax_zone_is_at_hand_a_day_has_no_offset() -> None:
    assert read_lone_day("Mar 1, 2025 10:00") == date(2025, 3, 1)
    assert read_lone_day(44255, date_1904=True) == date(2025, 3, 1)
    assert read_lone_day(" ") is None
    for cell in ("2025-03-01T00:00Z", "2025-03-01 10:00 -05:00", datetime(2025, 3, 1, tzinfo=UTC)):
        found = read_lone_day(cell)
        assert isinstance(found, Misread)
        assert found.code == "DAY_WITH_OFFSET"


def test_a_tax_year_has_four_digits() -> None:
    given = ("2025", 2025.0, 1900, 2200, None)
    assert [read_year(cell) for cell in given] == [2025, 2025, 1900, 2200, None]
    for cell in (25, 1899, 2201, 2025.5, "2,025.5", "２０２５", "2_025", "2025/26"):
        assert isinstance(read_year(cell), Misread)


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_a_blank_cell_is_no_moment(cell: object) -> None:
    assert read_moment(cell, PLAIN) is None


def test_the_1904_system_counts_from_its_own_first_day() -> None:
    assert read_day(44255, Calendar(date_1904=True)) == date(2025, 3, 1)
    assert read_day(0, Calendar(date_1904=True)) == date(1904, 1, 1)
    assert read_day(60, Calendar(date_1904=True)) == date(1904, 3, 1)


@given(st.dates(date(1900, 3, 1), date(2100, 12, 31)))
def test_a_serial_number_is_the_day_excel_shows(day: date) -> None:
    assert read_day((day - date(1899, 12, 30)).days, PLAIN) == day


def test_the_milliseconds_of_a_serial_number_survive_its_double() -> None:
    at = datetime(2025, 3, 1, 23, 59, 59, 999000)
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    assert read_moment(serial, PLAIN) == Moment(at, True)


class TestTimeZones:
    """New Year's Eve belongs to the taxpayer's zone."""

    @pytest.mark.parametrize(
        ("stamp", "day"),
        [
            ("2025-01-01T04:59:59Z", date(2024, 12, 31)),
            ("2025-01-01T05:00:00Z", date(2025, 1, 1)),
            ("2025-01-01 04:59:59 UTC", date(2024, 12, 31)),
            ("2024-12-31T23:59:59-05:00", date(2024, 12, 31)),
            ("2025-01-01T00:00:00-05:00", date(2025, 1, 1)),
            ("2024-12-31T21:00:00-0800", date(2025, 1, 1)),
        ],
    )
    def test_the_last_second_of_the_year(self, stamp: str, day: date) -> None:
        assert read_day(stamp, IN_NEW_YORK) == day

    def test_without_a_tax_zone_a_stamp_with_an_offset_is_not_read(self) -> None:
        for cell in ("2025-01-01T00:00Z", datetime(2025, 1, 1, tzinfo=UTC)):
            found = read_moment(cell, PLAIN)
            assert isinstance(found, Misread)
            assert found.code == "TIME_ZONE_MISSING"

    def test_a_zone_for_one_year_alone_leaves_the_others_without(self) -> None:
        calendar = Calendar(zones=ZoneByYear(None, {2024: ZoneInfo("America/New_York")}))
        assert read_day("2024-06-01T00:00Z", calendar) == date(2024, 5, 31)
        found = read_moment("2025-06-01T00:00Z", calendar)
        assert isinstance(found, Misread)
        assert found.code == "TIME_ZONE_MISSING"

    def test_a_move_between_zones_takes_effect_with_the_tax_year(self) -> None:
        zones = ZoneByYear(ZoneInfo("America/Los_Angeles"), {2024: ZoneInfo("America/New_York")})
        assert in_zone(datetime(2024, 7, 1, 3, tzinfo=UTC), zones) == datetime(2024, 6, 30, 23)
        assert in_zone(datetime(2025, 7, 1, 3, tzinfo=UTC), zones) == datetime(2025, 6, 30, 20)

    def test_the_hour_that_runs_twice_keeps_its_order(self) -> None:
        stamps = [datetime(2024, 11, 3, 4, tzinfo=UTC) + timedelta(minutes=10 * step) for step in range(24)]
        local = [in_zone(stamp, NEW_YORK) for stamp in stamps]
        assert local == sorted(set(local))
        assert local[0] == datetime(2024, 11, 3, 0)
        assert local[-1] == datetime(2024, 11, 3, 2, 50)

    def test_the_hour_that_is_skipped_leaves_no_trace(self) -> None:
        assert in_zone(datetime(2024, 3, 10, 6, 59, tzinfo=UTC), NEW_YORK) == datetime(2024, 3, 10, 1, 59)
        assert in_zone(datetime(2024, 3, 10, 7, 0, tzinfo=UTC), NEW_YORK) == datetime(2024, 3, 10, 3, 0)

    @given(
        st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)),
        st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)),
    )
    def test_order_in_time_is_never_turned_round(self, one: datetime, other: datetime) -> None:
        first, second = sorted((one.replace(tzinfo=UTC), other.replace(tzinfo=UTC)))
        assert in_zone(first, NEW_YORK) <= in_zone(second, NEW_YORK)

    @given(st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)))
    def test_the_day_is_that_of_the_zone(self, moment: datetime) -> None:
        stamp = moment.replace(tzinfo=UTC)
        assert in_zone(stamp, NEW_YORK).date() == stamp.astimezone(ZoneInfo("America/New_York")).date()

    def test_zones_are_known_by_the_names_people_give_them(self) -> None:
        assert zone_named("Eastern") == zone_named("eastern time") == ZoneInfo("America/New_York")
        assert zone_named("Pacific") == ZoneInfo("America/Los_Angeles")
        for name in ("Nowhere/At_All", "", "../etc/passwd", "America", "Etc"):
            with pytest.raises(UnknownZone):
                zone_named(name)


@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.isoformat(" ")), min_size=1))
def test_a_column_of_iso_text_read_at_once_equals_its_cells(column: list[str]) -> None:
    at_once = read_iso_column(column)
    assert at_once is not None
    assert [Moment(at, True) for at in at_once] == [
        Moment(moment.at, True) for cell in column if isinstance(moment := read_moment(cell, PLAIN), Moment)
    ]


@pytest.mark.parametrize(
    "column",
    [
        ["2025-01-01", "1/2/2025"],
        ["2025-01-01", ""],
        ["2025-01-01", None],
        ["2025-01-01T00:00Z"],
        ["2025-01-01", "2025-01-01T00:00Z"],
        ["2205-01-01"],
        ["2025-W09-6"],
        ["2025-01-01x10:00"],
    ],
)
def test_a_column_with_anything_else_is_read_cell_by_cell(column: list[object]) -> None:
    assert read_iso_column(column) is None
