"""The file for calendar programs: lines as RFC 5545 wants them, the same bytes for the same days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.filing_days import estimated_tax_days, legal_holidays, moved, return_due
from capgain.engine.market_days import last_trading_day
from capgain.engine.planning.calendar import Event, Kind
from capgain.workbook.calendar_file import calendar_file

DAY = date(2025, 12, 10)


def event(**changes: object) -> Event:
    given: dict[str, object] = {"day": date(2025, 12, 19), "kind": Kind.TURNS_LONG, "what": "w", "why": "26 USC 1222"}
    return Event(**(given | changes))  # type: ignore[arg-type]


def test_lines_end_as_they_must_and_are_at_most_75_octets() -> None:
    name = "Ünïcödé, Inc.; \\ " * 12
    content = calendar_file([event(asset=name)], DAY)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    unfolded = content.replace(b"\r\n ", b"").decode()
    escaped = name.replace(chr(92), chr(92) * 2).replace(";", chr(92) + ";").replace(",", chr(92) + ",")
    assert f"SUMMARY:{escaped}: w" in unfolded


def test_an_event_has_its_day_its_amounts_and_a_reminder() -> None:
    text = calendar_file([event(value=Decimal("1234.5"), gain=Decimal("-20"), account="B")], DAY).decode()
    assert "DTSTART;VALUE=DATE:20251219\r\n" in text
    assert "DTEND;VALUE=DATE:20251220\r\n" in text
    assert "TRIGGER:-P1D\r\n" in text
    assert "Worth 1\\,234.50 on 12/10/2025" in text.replace("\r\n ", "")
    assert "TRIGGER:-P7D" in calendar_file([event(kind=Kind.RETURN_DUE)], DAY).decode()


def test_the_same_days_give_the_same_bytes_and_each_its_own_id() -> None:
    events = [event(), event(kind=Kind.WASH_CLEAR), event(asset="B"), event(day=date(2025, 12, 20))]
    assert calendar_file(events, DAY) == calendar_file(events, DAY)
    ids = [line for line in calendar_file(events, DAY).decode().split("\r\n") if line.startswith("UID:")]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    ("year", "due"),
    [(2021, date(2022, 4, 18)), (2022, date(2023, 4, 18)), (2023, date(2024, 4, 15)), (2025, date(2026, 4, 15))],
)
def test_the_return_is_due_past_weekends_and_emancipation_day(year: int, due: date) -> None:
    assert return_due(year) == due


def test_estimated_tax_is_due_past_weekends_and_holidays() -> None:
    assert estimated_tax_days(2022) == (date(2022, 4, 18), date(2022, 6, 15), date(2022, 9, 15), date(2023, 1, 17))
    assert estimated_tax_days(2023)[3] == date(2024, 1, 16)
    assert moved(date(2025, 6, 19)) == date(2025, 6, 20)
    assert date(2020, 6, 19) not in legal_holidays(2020)
    assert date(2021, 12, 31) in legal_holidays(2021)


def test_the_last_trading_day_is_a_weekday_on_which_exchanges_are_open() -> None:
    assert [last_trading_day(year) for year in (2021, 2022, 2023, 2025)] == [
        date(2021, 12, 31),
        date(2022, 12, 30),
        date(2023, 12, 29),
        date(2025, 12, 31),
    ]
