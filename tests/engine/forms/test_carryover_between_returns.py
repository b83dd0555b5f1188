"""Carryovers that come from another return: marriage, separation, death, and a stated first year."""

from __future__ import annotations

from capgain.engine.forms.schedule_d import ScheduleD
from law.test_cases import Run

SALE_OF_2025 = """
| ID | Date       | Type | Asset | Quantity | Amount | Account | Reported | Class |
| B1 | 2025-01-06 | Buy  | XYZ   | 10       | 100    | Broker  |          | stock |
| S1 | 2025-03-03 | Sell | XYZ   | 10       | 100    | Broker  | basis    | stock |
"""


def schedule_d_of(year: int, rows: str, **settings: str) -> ScheduleD:
    run = Run({"ledger": rows, "settings": {name.replace("_", " "): value for name, value in settings.items()}})
    form = run.report.years[year].schedule_d
    assert form is not None
    return form


def test_two_separate_carryovers_are_added_on_the_joint_return() -> None:
    """Case C22: IRS Pub. 550 (2025), Joint and separate returns: 2,000 short-term of one, 5,000 long of the other."""
    form = schedule_d_of(2025, SALE_OF_2025, Filing_Status="mfj", Carryover_Short="2000", Carryover_Long="5000")
    assert (form.line_6, form.line_14, form.line_21) == (-2000, -5000, -3000)


def test_a_joint_carryover_goes_with_the_spouse_who_had_the_loss() -> None:
    """Case C23: Instructions for Schedule D (2025), page 10. Each spouse keeps a ledger and states a carryover."""
    who_lost = schedule_d_of(2025, SALE_OF_2025, Filing_Status="mfs", Carryover_Short="6000")
    other = schedule_d_of(2025, SALE_OF_2025, Filing_Status="mfs", Carryover_Short="0")
    assert (who_lost.line_6, who_lost.line_21) == (-6000, -1500)
    assert (other.line_6, other.line_21) == (0, 0)


LOSS_OF_2025 = """
| ID | Date       | Type | Asset | Quantity | Amount | Account | Reported | Class |
| B1 | 2025-01-06 | Buy  | XYZ   | 10       | 20100  | Broker  |          | stock |
| B2 | 2025-01-06 | Buy  | ABC   | 10       | 500    | Broker  |          | stock |
| S1 | 2025-03-03 | Sell | XYZ   | 10       | 100    | Broker  | basis    | stock |
| S2 | 2026-03-03 | Sell | ABC   | 10       | 500    | Broker  | basis    | stock |
"""


def test_a_loss_ends_with_the_final_return_of_the_deceased() -> None:
    """Case C21: IRS Pub. 544 (2025), Death of taxpayer. The estate's ledger states that nothing comes over."""
    final = schedule_d_of(2025, LOSS_OF_2025, Filing_Status="single")
    assert (final.line_16, final.line_21) == (-20000, -3000)
    settings = {"Filing Status": "single", "Carryover Short 2026": "0"}
    estate = Run({"ledger": LOSS_OF_2025, "settings": settings}).report.years[2026].schedule_d
    chained = schedule_d_of(2026, LOSS_OF_2025, Filing_Status="single")
    assert estate is not None
    assert (chained.line_6, estate.line_6) == (-17000, 0)


def test_a_carryover_without_a_year_comes_into_the_first_year_only() -> None:
    first = schedule_d_of(2025, LOSS_OF_2025, Filing_Status="single", Carryover_Long="500")
    second = schedule_d_of(2026, LOSS_OF_2025, Filing_Status="single", Carryover_Long="500")
    assert (first.line_6, first.line_14) == (0, -500)
    assert (second.line_6, second.line_14) == (-17000, -500)
