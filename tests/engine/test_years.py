"""The tax years as data: every table cited, five filing statuses, and the amounts people get wrong."""

from __future__ import annotations

import re
from dataclasses import fields
from decimal import Decimal
from importlib.resources import files
from itertools import product

import pytest

from capgain.engine.box_letters import DIGITAL_BOXES, REPORTED_OF_BOX, TERM_OF_BOX
from capgain.engine.classes import FilingStatus, Reported, Term
from capgain.engine.years import (
    Basis,
    InvalidYearData,
    PublishedFigures,
    UnknownYear,
    has_tax_year,
    nearest_tax_year,
    tax_year,
    tax_years,
)
from capgain.engine.years.loading import parse_tax_year

SINGLE, MFJ, MFS, HOH, QSS = FilingStatus
BY_STATUS = (
    "loss_limit",
    "zero_rate_limit",
    "fifteen_rate_limit",
    "top_of_24_percent",
    "standard_deduction",
    "niit_threshold",
)
FIGURES = [field.name for field in fields(PublishedFigures)]
EVERY_YEAR = pytest.mark.parametrize("year", tax_years())


def toml(year: int) -> str:
    return (files("capgain.engine.years") / f"{year}.toml").read_text("utf-8")


def test_there_is_data_for_every_year_from_2018_on() -> None:
    assert tax_years() == tuple(range(2018, tax_years()[-1] + 1))
    assert tax_years()[-1] >= 2026
    assert has_tax_year(2018)
    assert not has_tax_year(2017)


def test_a_year_without_data_is_refused_naming_the_years_there_are() -> None:
    with pytest.raises(UnknownYear, match=r"no tax data for 2017.*from 2018 on"):
        tax_year(2017)
    assert nearest_tax_year(2009).year == 2018


def test_a_year_after_the_last_with_data_holds_what_the_statute_says_and_refuses_the_rest_by_name() -> None:
    last = tax_years()[-1]
    data = tax_year(last + 1)
    assert (data.year, data.basis, tax_year(last).basis) == (last + 1, Basis.LAW, Basis.FORMS)
    assert data.loss_limit[MFS] == 1500
    assert data.niit_threshold[MFJ] == 250000
    assert data.form_8949 == tax_year(last).form_8949
    assert f"forms and amounts of {last + 1} are not in CapGain" in data.provisional
    for name in FIGURES:
        assert getattr(tax_year(last), name)
        with pytest.raises(UnknownYear, match=f"Not for {last + 1}: CapGain does not have the"):
            getattr(data, name)
    assert not tax_year(last).no_tax
    assert data.no_tax.startswith(f"No tax of {last + 1} can be told: CapGain does not have the rate schedule, ")


def test_the_senior_deduction_is_of_2025_to_2028_and_not_of_separate_returns() -> None:
    """26 USC 151(d)(5)(C): 6,000 less 6% of income above 75,000 or 150,000; not indexed."""
    found = {year: tax_year(year).senior_deduction for year in range(2024, 2031)}
    assert [year for year, senior in found.items() if senior is not None] == [2025, 2026, 2027, 2028]
    for senior in filter(None, found.values()):
        assert (senior.each, senior.reduced_by) == (6000, Decimal("0.06"))
        assert senior.over == {SINGLE: 75000, MFJ: 150000, HOH: 75000, QSS: 75000}


def test_a_year_whose_figures_come_out_one_by_one_refuses_only_what_is_not_out() -> None:
    without = re.sub(r"\[standard_deduction\].*?(?=\[additional)", "", toml(2026), flags=re.DOTALL)
    data = parse_tax_year(without)
    assert data.brackets[SINGLE]
    assert data.unpublished == ("the standard deduction",)
    with pytest.raises(UnknownYear, match="CapGain does not have the standard deduction of 2026"):
        _ = data.standard_deduction


def test_a_final_year_has_every_figure() -> None:
    without = re.sub(r"\[standard_deduction\].*?(?=\[additional)", "", toml(2025), flags=re.DOTALL)
    with pytest.raises(InvalidYearData, match="2025: the standard deduction missing"):
        parse_tax_year(without)


@pytest.mark.parametrize("year", tax_years()[1:])
@pytest.mark.parametrize(
    "name", ["brackets", "zero_rate_limit", "fifteen_rate_limit", "top_of_24_percent", "standard_deduction"]
)
def test_what_follows_prices_is_not_left_as_it_was_the_year_before(name: str, year: int) -> None:
    """A file copied from the year before loads, and every figure in it is wrong (26 USC 1(f), 63(c)(4))."""
    before, after = getattr(tax_year(year - 1), name), getattr(tax_year(year), name)
    for status in FilingStatus:
        assert after[status] != before[status]


@EVERY_YEAR
def test_a_source_speaks_of_its_own_year(year: int) -> None:
    """A Rev. Proc. carries the number of the year before; what is taken over from last year's papers is derived."""
    for name, source in tax_year(year).sources.items():
        about = {int(found) for found in re.findall(r"\b(20[1-4]\d)\b", source.document)}
        assert not about or max(about) >= year - 1 or source.derived, (name, source)


@EVERY_YEAR
def test_every_table_has_a_source_and_every_status_an_amount(year: int) -> None:
    data = tax_year(year)
    assert data.year == year
    for name in (*BY_STATUS, "brackets", "tax_table", "form_1040", "form_8949", "form_8949.boxes", "schedule_d"):
        assert data.sources[name].document
    for source in data.sources.values():
        assert re.fullmatch(r"(https://(www\.irs\.gov|uscode\.house\.gov)/\S+)?", source.url)
    for name in BY_STATUS:
        assert list(getattr(data, name)) == list(FilingStatus)
    assert list(data.brackets) == list(FilingStatus)


@EVERY_YEAR
def test_the_amounts_hang_together(year: int) -> None:
    """26 USC 1(j)(2): the joint schedule is the widow's; separate is half of joint; 1(j)(5)(B) likewise, rounded."""
    data = tax_year(year)
    for name in BY_STATUS:
        amounts = getattr(data, name)
        assert amounts[QSS] == amounts[MFJ]
    assert data.brackets[QSS] == data.brackets[MFJ]
    for joint, separate in zip(data.brackets[MFJ], data.brackets[MFS], strict=True):
        assert separate.upper == (None if joint.upper is None else joint.upper / 2)
    assert abs(data.fifteen_rate_limit[MFJ] / 2 - data.fifteen_rate_limit[MFS]) <= 25
    for status in FilingStatus:
        rates = [bracket.rate * 100 for bracket in data.brackets[status]]
        assert rates == [10, 12, 22, 24, 32, 35, 37]
        assert data.brackets[status][3].upper == data.top_of_24_percent[status]
        assert data.zero_rate_limit[status] < data.fifteen_rate_limit[status]
        assert data.loss_limit[status] == (1500 if status is MFS else 3000)
    assert [data.niit_threshold[status] for status in FilingStatus] == [200000, 250000, 125000, 200000, 250000]


@pytest.mark.parametrize(
    ("year", "single", "mfj"),
    [
        (2023, (44625, 492300), (89250, 553850)),
        (2024, (47025, 518900), (94050, 583750)),
        (2025, (48350, 533400), (96700, 600050)),
        (2026, (49450, 545500), (98900, 613700)),
    ],
)
def test_the_thresholds_that_circulate_for_2024_and_2025_are_those_of_2023(
    year: int, single: tuple[int, int], mfj: tuple[int, int]
) -> None:
    data = tax_year(year)
    assert (data.zero_rate_limit[SINGLE], data.fifteen_rate_limit[SINGLE]) == single
    assert (data.zero_rate_limit[MFJ], data.fifteen_rate_limit[MFJ]) == mfj


def test_the_separate_limits_are_the_printed_ones_and_not_half_of_joint() -> None:
    assert tax_year(2024).fifteen_rate_limit[MFS] == 291850
    assert tax_year(2025).fifteen_rate_limit[MFS] == 300000


def test_the_brackets_that_other_software_has_wrong() -> None:
    """taxcalc 6.8.0 (2023 MFS), OpenTaxSolver 2024 (HOH and MFJ) and 2025 (line 19)."""
    assert tax_year(2023).brackets[MFS][5].upper == 346875
    assert tax_year(2024).brackets[HOH][3].upper == 191950
    assert tax_year(2024).brackets[MFJ][5].upper == 731200
    assert tax_year(2025).top_of_24_percent[SINGLE] == tax_year(2025).top_of_24_percent[MFS] == 197300
    assert tax_year(2026).top_of_24_percent[HOH] == 201750


def test_the_standard_deduction_of_2025_is_the_raised_one() -> None:
    assert [tax_year(2025).standard_deduction[status] for status in FilingStatus] == [15750, 31500, 15750, 23625, 31500]


def test_forms_change_in_2025() -> None:
    before, after = tax_year(2024), tax_year(2025)
    assert (before.form_1040.gain, after.form_1040.gain) == ("7", "7a")
    assert (before.form_8949.rows_per_page, after.form_8949.rows_per_page) == (14, 11)
    assert (len(before.form_8949.boxes), len(after.form_8949.boxes)) == (6, 12)


def test_only_what_is_not_published_is_provisional_and_what_is_derived_is_marked() -> None:
    provisional = [year for year in tax_years() if tax_year(year).is_provisional]
    assert provisional == list(range(2026, tax_years()[-1] + 1))
    assert {"top_of_24_percent", "tax_table", "form_8949", "schedule_d"} <= set(tax_year(2026).derived)
    assert tax_year(2025).derived == tax_year(2024).derived == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("qss = 3000", "", r"\[loss_limit\]: qss is missing"),
        ("qss = 3000", "qss = 3000\nwidow = 3000", r"\[loss_limit\]: widow is unknown"),
        ('source = "Rev. Proc. 2024-40, section 2.01', 'note = "Rev. Proc. 2024-40, section 2.01', "has no source"),
        ("[niit_threshold]", "[niit]", r"table \[niit_threshold\] is missing"),
        ("[niit_threshold]", '[widow]\nsource = "x"\n[niit_threshold]', "unknown widow"),
        ("year = 2025", 'year = "2025"', "year is missing or not int"),
        ('gain = "7a"', "gain = 7", r"\[form_1040\]: gain must be text"),
        ("rates = [10, 12, 22, 24, 32, 35, 37]", "rates = [10, 12, 22, 24, 32, 35]", "needs one rising limit fewer"),
        (
            'digital_long_term = ["J", "K", "L"]',
            'digital_long_term = ["J", "K", "M"]',
            "must have words for exactly the boxes",
        ),
    ],
)
def test_a_file_with_a_gap_or_a_stranger_does_not_load(old: str, new: str, said: str) -> None:
    good = toml(2025)
    assert parse_tax_year(good).loss_limit[QSS] == Decimal(3000)
    assert old in good
    with pytest.raises(InvalidYearData, match=said):
        parse_tax_year(good.replace(old, new, 1))


@pytest.mark.parametrize("year", tax_years())
def test_the_letters_of_the_boxes_say_the_same_in_every_year(year: int) -> None:
    layout = tax_year(year).form_8949
    for term, is_digital, reported in product(Term, (False, True), Reported):
        letter = layout.letters(term, is_digital).of(reported)
        assert (TERM_OF_BOX[letter], REPORTED_OF_BOX[letter]) == (term, reported)
        assert (letter in DIGITAL_BOXES) is (is_digital and year >= 2025)
