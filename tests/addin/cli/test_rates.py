"""`capgain rates` and CAPGAIN_RATES: the table in force, its sources, and what is not known."""

from __future__ import annotations

import json

import pytest

from capgain.addin.functions.answering import answer
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block, CellError
from capgain.engine.classes import FilingStatus
from capgain.engine.forms.tax_table import rate_schedule_tax
from capgain.engine.years import tax_year
from capgain.engine.years.rates import rates_in_force
from contract_answers import capgain


def items(year: int, status: str = "single") -> list[str]:
    return [rate.item for rate in rates_in_force(year, FilingStatus(status)).rates]


@pytest.mark.parametrize("status", list(FilingStatus))
def test_the_tax_at_the_start_of_a_bracket_is_that_of_the_rate_schedule(status: FilingStatus) -> None:
    year = tax_year(2025)
    for rate in rates_in_force(2025, status).rates:
        if rate.item == "Ordinary rate":
            assert rate.start is not None
            assert rate.base == rate_schedule_tax(rate.start, status, year)


def test_a_year_without_documents_lists_what_holds_and_says_last_what_is_unknown() -> None:
    found = rates_in_force(2027, FilingStatus.SINGLE)
    assert items(2027) == [
        "Unrecaptured section 1250 gain",
        "Collectibles and section 1202 gain",
        "Net investment income tax, MAGI over",
        "Capital loss limit",
        "Senior deduction, each",
    ]
    assert found.notes[-1].startswith("Not known for 2027: the rate schedule, ")
    assert "Senior deduction, each" not in items(2029)
    assert not any("Rev. Proc." in source for source in found.sources)


def test_separate_returns_have_no_senior_deduction() -> None:
    assert "Senior deduction, each" in items(2026)
    assert "Senior deduction, each" not in items(2026, "mfs")


@pytest.mark.parametrize("year", [2025, 2027])
def test_no_document_is_named_for_a_row_that_is_not_there(year: int) -> None:
    sources = {status: rates_in_force(year, status).sources for status in (FilingStatus.SINGLE, FilingStatus.MFS)}
    named = {status: any("151(d)" in one for one in found) for status, found in sources.items()}
    assert named == {FilingStatus.SINGLE: True, FilingStatus.MFS: False}


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_figures_of_2023_are_told_where_they_are_mistaken(year: int) -> None:
    said = any(
        "44,625 and 492,300 (89,250 and 553,850 if joint)" in note
        for note in rates_in_force(year, FilingStatus.SINGLE).notes
    )
    assert said is (year in (2024, 2025))


def test_a_year_before_all_is_refused() -> None:
    result = capgain("rates", "--year", "1999", "--json")
    assert result.exit_code == 1
    assert "1999" in json.loads(result.stdout)["problems"][0]["message"]


def test_the_screen_has_the_rows_sources_and_the_provisional_note() -> None:
    shown = capgain("rates", "--year", "2026", "--status", "hoh").stdout
    assert "Rates of 2026  hoh" in shown
    assert "34%" not in shown
    assert "680,200.00" in shown
    assert "Rev. Proc. 2025-32" in shown


def test_the_status_of_the_function_is_that_of_settings_in_the_year_asked_for() -> None:
    settings = Block((("Name", "Value"), ("Filing Status", "mfj"), ("Filing Status 2024", "hoh")), "Settings")
    caller = Caller(settings=settings)
    for year, given, status in ((2025, [], "mfj"), (2024, [], "hoh"), (2025, ["single"], "single")):
        assert answer("CAPGAIN_RATES", [float(year), *given], caller) == answer(
            "CAPGAIN_RATES", [float(year), status], Caller()
        )
    assert answer("CAPGAIN_RATES", [2025.0], Caller()) == answer("CAPGAIN_RATES", [2025.0, "single"], Caller())


def test_the_function_refuses_settings_that_cannot_be_read_and_years_there_are_not() -> None:
    wrong = Block((("Name", "Value"), ("Filing Status", "maried")), "Settings")
    found = answer("CAPGAIN_RATES", [2025.0], Caller(settings=wrong))
    assert isinstance(found, CellError)
    assert "Filing Status" in found.reason
    unknown = answer("CAPGAIN_RATES", [1999.0], Caller())
    assert isinstance(unknown, CellError)
    assert unknown.code.value == "#N/A"
