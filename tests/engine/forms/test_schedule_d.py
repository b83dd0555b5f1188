"""Schedule D: its words against the printed forms, its lines, its routing, and the limit on losses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgain.engine.classes import AssetClass, FilingStatus
from capgain.engine.forms.boxes import schedule_d_line
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.money import from_cents
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.dispositions import Disposition
from capgain.engine.years import tax_year
from engine.forms.cases import NOTHING_CARRIED, Case, cases, dollars, read, row, schedule_d

ALL_LINES = ["1a", "1b", *"234567", "8a", "8b", *map(str, range(9, 23))]


@pytest.mark.parametrize("year", range(2020, 2026))
def test_every_line_is_there_in_order_in_the_words_of_the_printed_form(year: int) -> None:
    printed = read(f"schedule_d_{year}.toml")
    form = schedule_d(year=year)
    assert [(line.number, form.text(line)) for line in ScheduleD.lines] == [*printed["lines"].items()]
    assert [line.number for line in ScheduleD.lines] == ALL_LINES
    notes = {line.number: [*form.notes(line)] for line in ScheduleD.lines if line.notes}
    assert notes == printed["notes"]


def test_the_carryovers_are_lines_6_and_14_and_the_partnerships_5_and_12() -> None:
    """Two open-source programs have these the other way round; totals hide it."""
    form = schedule_d(short=50, long=70, carried=Carryover(Decimal(10), Decimal(20)))
    assert (form.line_5, form.line_6, form.line_7) == (50, -10, 40)
    assert (form.line_12, form.line_14, form.line_15) == (70, -20, 50)


def columns(totals: Totals) -> dict[str, Decimal]:
    return {"d": totals.proceeds, "e": totals.basis, "g": totals.adjustment, "h": totals.gain}


@pytest.mark.parametrize("case", [case for case in cases("schedule_d") if "rows" in case.values[0]])
def test_rows_in_boxes_come_out_on_the_lines(case: Case) -> None:
    year, status = tax_year(case["year"]), FilingStatus(case["status"])
    rows = [
        row(r["box"], dollars(r["d"]), dollars(r["e"]), f=r.get("f", ""), g=dollars(r.get("g", 0)), year=year)
        for r in case["rows"]
    ]
    form = schedule_d(rows, year=case["year"], status=status)
    for number, expected in case["lines"].items():
        actual = getattr(form, f"line_{number}")
        assert (columns(actual) if isinstance(actual, Totals) else actual) == expected, number
    if "form_1040_gain" in case:
        assert form.form_1040_gain == case["form_1040_gain"]
        carryover = form.carryover_worksheet(dollars(case["taxable_income"])).carryover
        assert carryover == Carryover(**{term: dollars(loss) for term, loss in case["carryover"].items()})


@pytest.mark.parametrize("case", [case for case in cases("schedule_d") if "direct_long" in case.values[0]])
def test_exception_1_sales_are_added_on_line_8a(case: Case) -> None:
    rows = [row("D", dollars(sale["d"]), dollars(sale["e"])) for sale in case["direct_long"]]
    form = schedule_d(rows, year=case["year"], exception_1=True)
    assert columns(form.line_8a) == {**case["lines"]["8a"], "g": 0}
    assert form.line_8b.rows == 0
    assert form.line_15 == form.line_8a.gain


@pytest.mark.parametrize("case", [case for case in cases("schedule_d") if "feeds" in case.values[0]])
def test_each_box_feeds_its_line(case: Case) -> None:
    assert {letter: schedule_d_line(letter, case["year"]) for letter in case["feeds"]} == case["feeds"]
    for letter, number in case["feeds"].items():
        form = schedule_d([row(letter, 10, 4)], year=case["year"])
        assert getattr(form, f"line_{number}").gain == 6


@pytest.mark.parametrize(
    ("short", "long", "skipped"),
    [
        pytest.param(-5, 3, "17 18 19 20", id="line 16 a loss: 21 and 22"),
        pytest.param(3, -3, "17 18 19 20 21", id="line 16 zero: 22 alone"),
        pytest.param(9, -3, "18 19 20 21", id="a gain, but line 15 a loss: no to 17, then 22"),
        pytest.param(9, 0, "18 19 20 21", id="a gain, line 15 zero: no to 17, then 22"),
        pytest.param(-1, 3, "21 22", id="both gains: 18, 19, 20, no 21 and 22"),
    ],
)
def test_the_summary_skips_the_lines_the_form_says_to_skip(short: int, long: int, skipped: str) -> None:
    form = schedule_d(short=short, long=long)
    assert [line.number for line in ScheduleD.lines if form.skips(line.number)] == skipped.split()
    left_out = {number for number, _, value in form.filled() if value is None}
    assert left_out - {"22"} == set(skipped.split()) - {"22"}


def test_line_20_sends_to_the_schedule_d_tax_worksheet_with_28_percent_or_1250_gain_or_form_4952() -> None:
    assert schedule_d(long=100).line_20 is True
    assert schedule_d(long=100, line_18=30).line_20 is False
    assert schedule_d(long=100, line_19=30).line_20 is False
    with_4952 = ScheduleD(
        form_8949=schedule_d().form_8949,
        carried_in=NOTHING_CARRIED,
        stated={"12": Decimal(100)},
        status=FilingStatus.SINGLE,
        year=tax_year(2025),
        files_form_4952=True,
    )
    assert with_4952.line_20 is False


@pytest.mark.parametrize(("dividends", "answer"), [(None, None), (0, False), (1, True)])
def test_line_22_is_left_open_until_qualified_dividends_are_stated(dividends: int | None, answer: bool | None) -> None:
    form = ScheduleD(
        form_8949=schedule_d().form_8949,
        carried_in=NOTHING_CARRIED,
        status=FilingStatus.SINGLE,
        year=tax_year(2025),
        qualified_dividends=None if dividends is None else Decimal(dividends),
    )
    assert form.line_22 is answer


def test_collectibles_reach_line_18_less_short_losses_and_long_carryover() -> None:
    """Code C rows and the class collectible, through the 28% Rate Gain Worksheet."""
    rows = [
        row("F", 900, 400, f="C"),
        row("D", 300, 100, asset_class=AssetClass.COLLECTIBLE),
        row("D", 2000, 1000),
        row("C", 100, 50, f="C"),
    ]
    assert schedule_d(rows).line_18 == 700
    form = schedule_d(rows, short=-150, carried=Carryover(Decimal(0), Decimal(250)))
    worksheet = form.rate_28_gain_worksheet
    assert worksheet is not None
    assert list(worksheet.amounts().values()) == [700, 0, 0, 0, -250, -100, 350]
    assert form.line_18 == 350
    netted = schedule_d([row("F", 900, 400, f="C"), row("C", 0, 600)])
    assert netted.line_18 == 0
    assert netted.rate_28_gain_worksheet is None
    assert schedule_d([row("D", 2000, 1000)]).rate_28_gain_worksheet is None
    assert schedule_d(rows, line_18=42).line_18 == 42


def test_a_section_1202_exclusion_of_half_the_gain_is_on_line_2_of_the_28_percent_worksheet() -> None:
    def of(acquired: date) -> Disposition:
        return row("D", 900, 100, f="Q", g=-400)._replace(acquired=acquired, held_since=acquired)

    assert schedule_d([of(date(2005, 3, 1))]).line_18 == 400
    assert schedule_d([of(date(2012, 3, 1))]).line_18 == 0
    assert schedule_d([of(date(2005, 3, 1))]).to_state() == ()


def test_a_stated_line_18_below_the_ledger_s_own_collectibles_is_questioned() -> None:
    rows = [row("F", 900, 400, f="C")]
    assert "alone make 500" in schedule_d(rows, line_18=499).to_state()[0]
    assert schedule_d(rows, line_18=500).to_state() == schedule_d(rows).to_state() == ()


def test_a_line_that_is_figured_cannot_be_stated() -> None:
    with pytest.raises(ValueError, match="lines 7 are figured here"):
        schedule_d(line_7=5)


def test_a_carryover_is_stated_positive() -> None:
    with pytest.raises(ValueError, match="positive amount"):
        schedule_d(carried=Carryover(Decimal(-1), Decimal(0)))


def test_whole_dollars_round_each_entry_after_adding_and_the_lines_follow() -> None:
    rows = [row("A", Decimal("100.40"), Decimal("50.25")), row("A", Decimal("200.40"), Decimal("50.25"))]
    form = ScheduleD(
        form_8949=schedule_d(rows).form_8949,
        carried_in=Carryover(Decimal("10.50"), Decimal(0)),
        stated={"4": Decimal("1.49")},
        status=FilingStatus.SINGLE,
        year=tax_year(2025),
        in_whole_dollars=True,
    )
    assert (form.line_1b.proceeds, form.line_1b.basis, form.line_1b.gain) == (301, 101, 200)
    assert (form.line_4, form.line_6, form.line_7) == (1, -11, 190)


CENTS = st.integers(-(10**12), 10**12).map(from_cents)


@settings(max_examples=100)
@given(short=CENTS, long=CENTS, status=st.sampled_from(FilingStatus), year=st.sampled_from([2018, 2024, 2025, 2026]))
def test_line_21_is_the_loss_within_the_limit_of_the_filing_status(
    short: Decimal, long: Decimal, status: FilingStatus, year: int
) -> None:
    form = schedule_d(short=short, long=long, status=status, year=year)
    limit = 1500 if status is FilingStatus.MFS else 3000
    assert -limit <= form.line_21 <= 0
    assert form.line_21 == (max(form.line_16, -limit) if form.line_16 < 0 else 0)
    assert form.form_1040_gain == (form.line_16 if form.line_16 >= 0 else form.line_21)


@settings(max_examples=50)
@given(
    gains=st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=6),
    letter=st.sampled_from("ABCGHIDEFJKL"),
)
def test_splitting_a_gain_between_rows_changes_no_line(gains: list[int], letter: str) -> None:
    whole = from_cents(sum(gains))
    together = schedule_d([row(letter, 0, -whole)])
    apart = schedule_d([row(letter, 0, -from_cents(gain)) for gain in gains])
    for number in ("7", "15", "16", "21"):
        assert getattr(together, f"line_{number}") == getattr(apart, f"line_{number}")
