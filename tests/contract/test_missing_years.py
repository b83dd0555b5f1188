"""Contract, section 3, Missing years: numbers for any year, forms only where the year has data."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_answers import Answer, Write, capgain, settings

OLD = """
    Date,Type,Asset,Quantity,Amount,Account,Class
    2015-01-05,Buy,XYZ,100,10000,Schwab,stock
    2016-12-20,Sell,XYZ,50,4000,Schwab,stock
    2019-12-20,Sell,XYZ,40,3000,Schwab,stock
    """
OPTIONS = settings("Account Schwab = brokerage", "Filing Status = single", "Taxable Income = 50000")


def test_a_year_without_data_has_rows_but_no_forms_and_says_so(answer: Answer) -> None:
    found = answer(OLD, *OPTIONS, "--year", "2016")
    year = found["years"]["2016"]
    assert [row["gain"] for row in year["dispositions"]] == ["-1000.00"]
    assert year["dispositions"][0]["box"] == "D"
    assert (year["form_8949"], year["schedule_d"], year["carryover"]) == (None, None, None)
    (warning,) = (one for one in found["problems"] if "2016" in one["message"])
    assert warning["severity"] == "warning"


def test_the_chain_of_carryovers_starts_at_the_first_year_with_data(answer: Answer) -> None:
    years = answer(OLD, *OPTIONS)["years"]
    assert years["2018"]["schedule_d"]["14"] == "0.00"
    assert years["2019"]["schedule_d"]["14"] == "0.00"
    assert years["2019"]["schedule_d"]["16"] == "-1000.00"


@pytest.mark.parametrize("year", ["2016", "2031"])
def test_the_report_workbook_of_a_year_without_forms_is_refused(ledger: Write, tmp_path: Path, year: str) -> None:
    out = tmp_path / "report.xlsx"
    refused = capgain("report", ledger(OLD), "-o", out, "--year", year, *OPTIONS)
    assert refused.exit_code == 1
    assert f"no forms for {year}" in refused.stderr
    assert not out.exists()


def test_a_report_of_all_years_shows_those_without_forms_too(ledger: Write, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    assert capgain("report", ledger(OLD), "-o", out, "--year", "all", *OPTIONS).exit_code == 0
    assert out.exists()


@pytest.mark.parametrize("formula", ["CAPGAIN_SCHEDULE_D(Ledger[#All], 2016)", "CAPGAIN_8949(Ledger[#All], 2016)"])
def test_a_cell_that_asks_for_a_form_without_data_is_not_available(ledger: Write, formula: str) -> None:
    asked = capgain("eval", ledger(OLD), f"={formula}")
    assert asked.exit_code == 1
    assert "#N/A" in asked.stdout
    assert "2016" in asked.stderr


def test_the_net_result_of_a_year_without_data_is_a_number_in_a_cell(ledger: Write) -> None:
    assert capgain("eval", ledger(OLD), "=CAPGAIN(Ledger[#All], 2016)").stdout.strip() == "-1000.00"
