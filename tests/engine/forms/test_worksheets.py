"""The worksheets: their words against the printed instructions, worked cases, and asking for one by name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form
from capgain.engine.forms.worksheets.by_name import WorksheetRefused, worksheet, worksheet_inputs, worksheet_names
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.forms.worksheets.unrecaptured_1250 import UnrecapturedSection1250GainWorksheet
from capgain.engine.money import ZERO
from capgain.engine.years import UnknownYear, tax_year, tax_years
from engine.forms.cases import EVERY_STATUS, Case, cases, dollars, read

YEAR = tax_year(2025)
WORKSHEETS: dict[str, Form] = {
    "capital_loss_carryover_worksheet": CarryoverWorksheet(2025, ZERO, ZERO, ZERO, ZERO, ZERO),
    "rate_28_gain_worksheet": Rate28GainWorksheet(collectibles=ZERO, d7=ZERO, d14=ZERO),
    "unrecaptured_section_1250_gain_worksheet": UnrecapturedSection1250GainWorksheet(d7=ZERO, d14=ZERO),
    "schedule_d_tax_worksheet": ScheduleDTaxWorksheet(
        YEAR, FilingStatus.SINGLE, ZERO, ZERO, ZERO, ZERO, d18=ZERO, d19=ZERO
    ),
    "qualified_dividends_and_capital_gain_tax_worksheet": QDCGTWorksheet(
        YEAR, FilingStatus.SINGLE, ZERO, ZERO, ZERO, ZERO
    ),
}


@pytest.mark.parametrize("name", WORKSHEETS)
def test_every_line_and_sentence_is_there_in_order_in_the_words_of_the_instructions(name: str) -> None:
    printed = read(f"{name}_2025.toml")
    expected: list[tuple[str, str]] = []
    for number, text in printed["lines"].items():
        if number in printed.get("before", {}):
            expected.append(("", printed["before"][number]))
        expected.append((number, text))
        if number in printed.get("after", {}):
            expected.append(("", printed["after"][number]))
    assert [*WORKSHEETS[name].printed()] == expected


def test_form_8960_begins_with_line_12_where_that_is_stated() -> None:
    every = [line.number for line in NetInvestmentIncomeTax.lines]
    assert " ".join(every) == "1 2 3 4a 4b 4c 5a 5b 5c 5d 6 7 8 9a 9b 9c 9d 10 11 12 13 14 15 16 17"
    stated = worksheet("niit", 2025, "single", {"NII": Decimal(0)})
    assert list(stated.lines) == ["12", "13", "14", "15", "16", "17"]
    assert list(worksheet("niit", 2025, "single", {"5a": Decimal(0)}).lines) == every


def amounts(lines: dict[str, int]) -> dict[str, Decimal]:
    return {number: Decimal(amount) for number, amount in lines.items()}


def test_a_section_1202_exclusion_less_a_collectibles_loss_feeds_both_worksheets() -> None:
    """Case X04; policyengine-us 2.68.0 agrees on lines 18 and 19."""
    rate_28 = worksheet("28-rate", 2025, "single", amounts({"1": -2000, "2": 8000, "3": 0, "4": 0, "D7": 0, "D14": 0}))
    assert rate_28.lines == {"1": -2000, "2": 8000, "3": 0, "4": 0, "5": 0, "6": 0, "7": 6000}
    unrecaptured = worksheet("unrecaptured-1250", 2025, "single", amounts({"12": 15000, "14": 6000}))
    assert list(unrecaptured.lines) == [str(number) for number in range(9, 19)]
    assert [*unrecaptured.lines.values()] == [0, 0, 0, 15000, 15000, 6000, 0, 0, 0, 15000]


def test_losses_and_carryovers_reduce_28_percent_gain_first_and_then_1250_gain() -> None:
    """Worked by hand: 28% gain 5,000, less short loss 4,000 and carryover 3,000, leaves 2,000 against 1250 gain."""
    given = {"D7": -4000, "D14": -3000}
    assert worksheet("28-rate", 2025, "mfj", amounts({"1": 5000, **given})).lines["7"] == 0
    result = worksheet("unrecaptured-1250", 2025, "mfj", amounts({"11": 9000, "14": 5000, **given}))
    assert result.lines["17"] == 2000
    assert result.lines["18"] == 7000
    gain = worksheet("unrecaptured-1250", 2025, "mfj", amounts({"11": 9000, "D7": 4000})).lines
    assert (gain["15"], gain["18"]) == (0, 9000)


def test_gain_reported_to_you_and_on_other_forms_is_added() -> None:
    rate_28 = worksheet("28-rate", 2025, "single", amounts({"1": 100, "2": 20, "3": 3, "4": 4000})).lines
    assert rate_28["7"] == 4123
    given = {"4": 300, "5": 40, "7": 9999, "10": 1000, "11": 200, "12": 5000}
    unrecaptured = worksheet("unrecaptured-1250", 2025, "single", amounts(given)).lines
    assert (unrecaptured["6"], unrecaptured["13"], unrecaptured["18"]) == (340, 6540, 6540)


def test_the_0_percent_band_is_filled_before_28_percent_gain_is_counted() -> None:
    """Worked by hand: 20,000 of other income, 70,000 long, of it 10,000 at 28% and 10,000 at 25%, all absorbed."""
    given = {"1040-15": 90000, "D15": 70000, "D16": 70000, "D18": 10000, "D19": 10000}
    lines = worksheet("sdtw", 2025, "single", amounts(given)).lines
    expected = {"14": 40000, "21": 40000, "22": 8350, "25": 41650, "30": 41650, "32": 50000, "33": 0, "39": 0}
    assert {number: lines[number] for number in expected} == expected
    assert (lines["31"], lines["41"], lines["42"]) == (Decimal("6247.50"), 90000, 0)


def test_form_4797_property_goes_through_lines_1_to_9() -> None:
    """Worked by hand: 20,000 less 5,000 ordinary, with 1,000 of K-1, capped by a line 7 gain of 14,000, less 3,000."""
    given = {"1": 20000, "2": 5000, "5": 1000, "7": 14000, "8": 3000}
    lines = worksheet("unrecaptured-1250", 2025, "single", amounts(given)).lines
    assert [lines[str(number)] for number in range(1, 10)] == [20000, 5000, 15000, 0, 1000, 16000, 14000, 3000, 11000]
    assert lines["18"] == 11000
    without = worksheet("unrecaptured-1250", 2025, "single", amounts({**given, "7": 0})).lines
    assert list(without) == [str(number) for number in range(9, 19)]
    assert without["18"] == 0


@pytest.mark.parametrize(
    ("number", "given", "carried"),
    [("5", "D14", -250), ("5", "5", 250), ("5", "5", -250)],
)
def test_a_line_printed_in_parentheses_is_a_loss_with_or_without_a_minus_sign(
    number: str, given: str, carried: int
) -> None:
    assert worksheet("28-rate", 2025, "single", amounts({"1": 1000, given: carried})).lines[number] == -250


@pytest.mark.parametrize("case", cases("carryover"))
def test_the_carryover_worksheet_by_name_gives_the_lines_of_the_case(case: Case) -> None:
    inputs = {
        "1040-15": dollars(case["taxable_income"]),
        "D7": dollars(case["d7"]),
        "D15": dollars(case["d15"]),
        "D16": dollars(case["d7"]) + dollars(case["d15"]),
        "D21": dollars(case["d21"]),
    }
    result = worksheet("carryover", case["year"], case["status"], inputs)
    assert {number: result.lines[number] for number in case["lines"]} == case["lines"]
    assert bool(result.notes) is not bool(case["lines"])


def test_carryover_inputs_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(WorksheetRefused, match=r"D16 is a loss of 9000.*D21 is missing"):
        worksheet("carryover", 2025, "single", amounts({"D7": -9000, "D16": -9000}))
    with pytest.raises(WorksheetRefused, match="D16 is -5000, but D7 and D15 make -9000"):
        worksheet("carryover", 2025, "single", amounts({"D7": -9000, "D16": -5000, "D21": -3000}))
    without_line_16 = worksheet("carryover", 2025, "single", amounts({"D7": -9000, "D21": -3000, "1040-15": 50000}))
    assert without_line_16.lines["8"] == 6000


@pytest.mark.parametrize("year", [2018, 2019])
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("carryover", ["8", "13"]),
        ("qdcgt", ["27"]),
        ("sdtw", ["47"]),
        ("28-rate", ["7"]),
        ("unrecaptured-1250", ["18"]),
        ("tax", ["16"]),
        ("niit", ["17"]),
    ],
)
def test_of_2018_and_2019_only_the_results_are_given(name: str, lines: list[str], year: int) -> None:
    given = {"D7": -9000, "D15": -9000, "D16": -18000, "D21": -3000} if name == "carryover" else {}
    result = worksheet(name, year, "single", amounts(given))
    assert list(result.lines) == lines
    assert any("only the result" in note for note in result.notes)


@EVERY_STATUS
@pytest.mark.parametrize("name", worksheet_names())
def test_every_worksheet_answers_for_every_year_and_status(name: str, status: FilingStatus) -> None:
    for year in tax_years():
        result = worksheet(name, year, status)
        assert list(result.texts) == list(result.lines)
        assert result.is_provisional is tax_year(year).is_provisional
        assert all("{" not in text for text in result.texts.values())


def test_2026_is_marked_provisional() -> None:
    assert "not published" in worksheet("tax", 2026, "mfj", amounts({"1040-15": 90000})).notes[0]
    assert worksheet("tax", 2025, "mfj", amounts({"1040-15": 90000})).notes == ()


def test_what_there_is_not_is_refused_with_what_there_is() -> None:
    with pytest.raises(WorksheetRefused, match="carryover, qdcgt, sdtw, 28-rate, unrecaptured-1250, tax, niit"):
        worksheet("schedule-d", 2025, "single")
    with pytest.raises(WorksheetRefused, match="single, mfj, mfs, hoh, qss"):
        worksheet("tax", 2025, "widowed")
    with pytest.raises(UnknownYear, match="from 2018 on"):
        worksheet("tax", 2017, "single")
    with pytest.raises(WorksheetRefused, match=r"takes no 'D17'.*D15 .*D16 "):
        worksheet("qdcgt", 2025, "single", amounts({"D17": 1}))
    with pytest.raises(WorksheetRefused, match="D18 is an amount of zero or more"):
        worksheet("sdtw", 2025, "single", amounts({"D18": -1}))


def test_inputs_are_known_by_the_form_s_own_names_in_any_case() -> None:
    lines = ["1", "2", "3", "4a", "4b", "5a", "5b", "5c", "6", "7", "9a", "9b", "9c", "10"]
    assert list(worksheet_inputs("niit")) == ["MAGI", "NII", *lines]
    assert list(worksheet_inputs("sdtw")) == ["1040-15", "1040-3a", "D15", "D16", "D18", "D19", "4952-4g", "4952-4e"]
    assert worksheet("niit", 2025, "single", amounts({"magi": 230000, " nii": 50000})).lines["17"] == 1140


def test_investment_interest_takes_dividends_and_gains_out_of_the_lower_rates() -> None:
    """Form 4952 line 4g 12,000, 4e 10,000: 2,000 of dividends and 10,000 of gain are taxed as other income."""
    given = {"1040-15": 150000, "1040-3a": 5000, "D15": 30000, "D16": 30000, "4952-4g": 12000, "4952-4e": 10000}
    lines = worksheet("sdtw", 2025, "single", amounts(given)).lines
    assert [lines[number] for number in ("5", "6", "8", "9", "10")] == [2000, 3000, 10000, 20000, 23000]
    plain = worksheet("sdtw", 2025, "single", amounts({**given, "4952-4g": 0, "4952-4e": 0})).lines
    dividends_and_gain = worksheet("qdcgt", 2025, "single", amounts({k: v for k, v in given.items() if k[0] != "4"}))
    assert plain["47"] == dividends_and_gain.lines["25"]
    assert lines["47"] - plain["47"] == 12000 * Decimal("0.24") - 12000 * Decimal("0.15")
