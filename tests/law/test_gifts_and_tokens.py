"""What is given, donated or stolen, with the forms it needs; and tokens that may stand for collectibles."""

from __future__ import annotations

import pytest

from capgain.engine.gifts_and_losses import Donation, Gift, units_left_of
from capgain.workbook.handoff.workpapers.gifts_and_losses import form_8283
from law.tables import answer, dispositions, told

ACCOUNTS = """
| Account | Kind      |
| A1      | brokerage |
| EX      | exchange  |
| IRA1    | ira       |
"""


@pytest.mark.parametrize(
    ("values", "sections"),
    [((250, 250), ["", ""]), ((250, 251), ["A", "A"]), ((2500, 2500), ["A", "A"]), ((2500, 2501), ["B", "B"])],
)
def test_the_section_goes_by_all_deductions_of_the_asset_in_the_year(
    values: tuple[int, int], sections: list[str]
) -> None:
    report = answer(
        f"""
        | Date       | Type   | Asset | Quantity | Amount      | Account | Class  |
        | 2022-01-03 | Buy    | ETH   | 10       | 100         | EX      | crypto |
        | 2025-02-03 | Donate | ETH   | 1        | {values[0]} | EX      | crypto |
        | 2025-03-03 | Donate | ETH   | 1        | {values[1]} | EX      | crypto |
        """,
        ACCOUNTS,
    )
    left = [one for one in units_left_of(report, report.years[2025]) if isinstance(one, Donation)]
    assert [one.section for one in left] == sections, told(report)


@pytest.mark.parametrize(
    ("year", "value", "needed"), [(2025, "19000", False), (2025, "19000.01", True), (2024, "18000.01", True)]
)
def test_a_gift_above_the_exclusion_of_its_year_needs_form_709(year: int, value: str, needed: bool) -> None:
    report = answer(
        f"""
        | Date         | Type     | Asset | Quantity | Amount  | Account | Class  |
        | 2022-01-03   | Buy      | ETH   | 10       | 100     | EX      | crypto |
        | {year}-02-03 | Gift Out | ETH   | 1        | {value} | EX      | crypto |
        """,
        ACCOUNTS,
    )
    (gift,) = units_left_of(report, report.years[year])
    assert isinstance(gift, Gift)
    assert gift.needs_form_709 is needed


@pytest.mark.parametrize(("day", "floor"), [("2025-12-31", False), ("2026-01-01", True), ("2027-06-01", True)])
def test_donations_from_2026_on_say_that_a_part_of_income_is_no_deduction(day: str, floor: bool) -> None:
    report = answer(
        f"""
        | Date       | Type   | Asset | Quantity | Amount | Account | Class  |
        | 2022-01-03 | Buy    | ETH   | 10       | 100    | EX      | crypto |
        | {day}      | Donate | ETH   | 1        | 3000   | EX      | crypto |
        """,
        ACCOUNTS,
    )
    (donation,) = units_left_of(report, report.years[int(day[:4])])
    assert isinstance(donation, Donation)
    _, why = form_8283(donation)
    assert donation.is_under_a_floor is floor
    assert ("beyond 0.5% of adjusted gross income" in why) is floor


def test_without_a_value_no_form_is_said_and_it_is_told_of() -> None:
    report = answer(
        """
        | Date       | Type     | Asset | Quantity | Amount | Account | Class  |
        | 2022-01-03 | Buy      | ETH   | 10       | 100    | EX      | crypto |
        | 2025-02-03 | Gift Out | ETH   | 1        |        | EX      | crypto |
        """,
        ACCOUNTS,
    )
    (gift,) = units_left_of(report, report.years[2025])
    assert isinstance(gift, Gift)
    assert gift.needs_form_709 is None
    assert [problem.row for problem in report.problems if problem.code == "GIFT_VALUE"] == [3]


@pytest.mark.parametrize(
    ("sold", "amount", "said", "asked"),
    [
        ("2025-06-01", 900, {}, True),
        ("2025-06-01", 300, {}, False),
        ("2024-02-03", 900, {}, False),
        ("2025-06-01", 900, {"Collectible_ART_7": "no"}, False),
        ("2025-06-01", 900, {"Collectible_ART_7": "yes"}, False),
    ],
)
def test_a_token_sold_at_a_long_term_gain_is_asked_about(
    sold: str, amount: int, said: dict[str, str], asked: bool
) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset | Quantity | Amount   | Account | Class |
        | 2023-02-03 | Buy  | ART 7 | 1        | 400      | EX      | nft   |
        | {sold}     | Sell | ART 7 | 1        | {amount} | EX      | nft   |
        """,
        ACCOUNTS,
        **said,
    )
    found = [problem for problem in report.problems if problem.code == "NFT_LOOK_THROUGH"]
    assert bool(found) is asked, told(report)
    assert all(problem.blocks_filing for problem in found)
    (row,) = dispositions(report)
    assert ("C" in row.codes) is ("yes" in said.values())


@pytest.mark.parametrize("status", ["mfj", "mfs"])
@pytest.mark.parametrize("asset_class", ["stock", "crypto"])
def test_what_comes_from_a_spouse_keeps_basis_and_days(status: str, asset_class: str) -> None:
    """26 USC 1041(b)(2): below value too, unlike a gift; 1223(2) for the days."""
    report = answer(
        f"""
        | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class         |
        | 2025-01-06 | Buy      | XYZ   | 10       | 1000   | H       |            | {asset_class} |
        | 2025-11-03 | Transfer | XYZ   | 10       |        | H       | MINE       | {asset_class} |
        | 2026-01-07 | Sell     | XYZ   | 10       | 700    | MINE    |            | {asset_class} |
        """,
        "| Account | Kind | Owner |\n| H | brokerage | spouse |\n| MINE | brokerage | taxpayer |",
        Filing_Status=status,
    )
    (row,) = dispositions(report)
    assert (row.account, row.basis, row.gain, row.term.value) == ("MINE", 1000, -300, "long"), told(report)
