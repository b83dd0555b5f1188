"""The order of day, month and year in dates of figures: decided by the dates themselves, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.workbook.written.date_orders import DateOrder, UndecidedDates, date_order, in_order

FORMATS = {DateOrder.MONTH_FIRST: "%m/%d/%Y", DateOrder.DAY_FIRST: "%d/%m/%Y", DateOrder.YEAR_FIRST: "%y-%m-%d"}
days = st.dates(date(2009, 1, 1), date(2040, 12, 31))


@given(days, st.sampled_from(DateOrder))
def test_a_date_written_in_an_order_is_read_back_by_it(day: date, order: DateOrder) -> None:
    assert in_order(f"{day.strftime(FORMATS[order])} 10:00:00", order) == f"{day.isoformat()} 10:00:00"


@given(st.lists(days, min_size=1), st.sampled_from([DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST]))
def test_the_order_found_is_the_one_that_was_written_or_reads_the_same(days: list[date], order: DateOrder) -> None:
    written = [day.strftime(FORMATS[order]) for day in days]
    try:
        found = date_order(written)
    except UndecidedDates:
        assert all(day.day <= 12 for day in days)
        return
    assert found is not None
    assert [in_order(text, found) for text in written] == [day.isoformat() for day in days]


@pytest.mark.parametrize(
    ("texts", "usual", "found"),
    [
        (["2025-03-04", "Mar 4, 2025", "20250304"], None, None),
        (["03/03/2025"], None, DateOrder.MONTH_FIRST),
        (["05.01.2024"], None, DateOrder.DAY_FIRST),
        (["05.01.2024 10:05"], DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST),
        (["03/04/2025"], DateOrder.MONTH_FIRST, DateOrder.MONTH_FIRST),
        (["13/04/2025"], DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST),
        (["12/13/2025"], DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST),
        (["24-03-05"], DateOrder.YEAR_FIRST, DateOrder.YEAR_FIRST),
        (["03/04/24"], DateOrder.MONTH_FIRST, DateOrder.MONTH_FIRST),
        (["99/99/2025", "12/13/2025"], None, DateOrder.MONTH_FIRST),
    ],
)
def test_dates_decide_before_what_is_usual(texts: list[str], usual: DateOrder | None, found: DateOrder | None) -> None:
    assert date_order(texts, usual=usual) is found


@pytest.mark.parametrize(
    ("texts", "stated", "says"),
    [
        (["12/12/2025", "03/04/2025"], None, r"03/04/2025 can be 2025-03-04 \(MM/DD\) or 2025-04-03 \(DD/MM\)"),
        (["24-03-05"], None, "2005-03-24.*2024-03-05"),
        (["25/04/2025", "04/25/2025"], None, "04/25/2025 contradicts 25/04/2025"),
        (["04/25/2025"], DateOrder.DAY_FIRST, "04/25/2025 is none as DD/MM"),
    ],
)
def test_what_the_dates_leave_open_or_contradict_is_refused(
    texts: list[str], stated: DateOrder | None, says: str
) -> None:
    with pytest.raises(UndecidedDates, match=says):
        date_order(texts, stated=stated)
