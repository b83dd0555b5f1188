"""Excel's numbers for days and moments, there and back, in both date systems."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from capgain.workbook.written.serials import moment_of_serial, serial_of
from capgain.workbook.xlsx.sheet_xml import cell_xml


@pytest.mark.parametrize("date_1904", [False, True])
@given(moment=st.datetimes(datetime(1904, 1, 2), datetime(2100, 12, 31)))
def test_a_number_and_its_moment_are_each_others_inverse_to_the_millisecond(date_1904: bool, moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    serial = serial_of(moment, date_1904=date_1904)
    assert not isinstance(serial, str)
    assert moment_of_serial(serial, date_1904=date_1904) == moment


def test_the_two_systems_are_four_years_and_a_day_apart() -> None:
    assert repr(serial_of(date(2025, 3, 1))) == "45717"
    assert serial_of(date(2025, 3, 1), date_1904=True) == 45717 - 1462
    assert serial_of(datetime(2025, 1, 1, 12)) == 45658.5


@pytest.mark.parametrize(
    ("serial", "date_1904", "moment"),
    [
        (1, False, datetime(1900, 1, 1)),
        (59, False, datetime(1900, 2, 28)),
        (61, False, datetime(1900, 3, 1)),
        (0, True, datetime(1904, 1, 1)),
        (60, True, datetime(1904, 3, 1)),
    ],
)
def test_the_first_days_of_each_system(serial: int, date_1904: bool, moment: datetime) -> None:
    assert moment_of_serial(serial, date_1904=date_1904) == moment


@pytest.mark.parametrize(
    ("serial", "date_1904"),
    [
        (0, False),
        (0.5, False),
        (60, False),
        (60.5, False),
        (-1, False),
        (-1, True),
        (0.5, True),
        (1e9, False),
        (2_958_464, True),
        (float("nan"), False),
        (float("inf"), True),
    ],
)
def test_a_time_without_a_day_the_day_that_never_was_and_what_is_beyond_excel_are_none(
    serial: float, date_1904: bool
) -> None:
    assert moment_of_serial(serial, date_1904=date_1904) is None


@pytest.mark.parametrize(
    ("moment", "date_1904", "text"),
    [
        (date(1900, 2, 28), False, "1900-02-28"),
        (datetime(1899, 12, 31, 8), False, "1899-12-31 08:00:00"),
        (date(1903, 12, 31), True, "1903-12-31"),
    ],
)
def test_a_day_that_a_date_system_has_no_true_number_for_is_text(moment: date, date_1904: bool, text: str) -> None:
    assert serial_of(moment, date_1904=date_1904) == text
    assert "<is>" in cell_xml("", "A1", 0, moment, date_1904=date_1904)


@pytest.mark.parametrize("date_1904", [False, True])
def test_every_minute_of_a_day_is_read_back_from_a_file_as_it_was(date_1904: bool, tmp_path: Path) -> None:
    moments = [datetime(2025, 11, 2, 0, 0, 59, 123000) + timedelta(minutes=minute) for minute in range(1440)]
    path = tmp_path / "moments.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": date_1904})
    sheet, look = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for row, moment in enumerate(moments):
        serial = serial_of(moment, date_1904=date_1904)
        assert isinstance(serial, float)
        sheet.write_number(row, 0, serial, look)
    book.close()
    read = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read] == moments
