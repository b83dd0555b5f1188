"""Contract, section 3, Missing years: numbers for any year, forms only where the year has data."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

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


def test_the_report_workbook_of_a_year_without_forms_is_refused(ledger: Write, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    refused = capgain("report", ledger(OLD), "-o", out, "--year", "2016", *OPTIONS)
    assert refused.exit_code == 1
    assert "no forms for 2016" in refused.stderr
    assert not out.exists()


def test_the_report_workbook_of_a_year_by_statute_tells_no_tax_and_is_not_ready(ledger: Write, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    shown = capgain("report", ledger(OLD), "-o", out, "--year", "2031", *OPTIONS)
    assert shown.exit_code == 0
    assert "NOT READY TO FILE" in shown.stdout
    sheets = CalamineWorkbook.from_path(str(out))
    tax = [str(cell) for row in sheets.get_sheet_by_name("Tax").to_python() for cell in row]
    assert any("No tax of 2031 can be told" in cell for cell in tax)
    form = [cell for row in sheets.get_sheet_by_name("Schedule D").to_python() for cell in row]
    assert any("forms and amounts of 2031 are not in CapGain" in str(cell) for cell in form)


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
