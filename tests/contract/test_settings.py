"""Contract, section 3, Settings, as `--set` gives them."""

from __future__ import annotations

import pytest

from contract_answers import Answer, errors, rows, settings

LEDGER = """
    Date,Type,Asset,Quantity,Amount,Account,Class
    2023-01-05,Buy,XYZ,1,10000,HIS,stock
    2023-02-05,Buy,XYZ,1,20000,HERS,stock
    2023-06-06,Sell,XYZ,1,4000,HIS,stock
    2025-06-06,Sell,XYZ,1,9000,HERS,stock
    """
ACCOUNTS = settings("Account HIS = brokerage", "Account HERS = brokerage, spouse")


def test_a_filing_status_of_one_year_goes_before_the_one_for_all(answer: Answer) -> None:
    found = answer(LEDGER, *ACCOUNTS, *settings("Filing Status = mfj", "Filing Status 2023 = mfs"))
    assert found["filing_status"] == "mfj"
    assert found["years"]["2023"]["schedule_d"]["21"] == "-1500.00"
    assert found["years"]["2024"]["schedule_d"]["21"] == "-3000.00"


def test_on_a_separate_return_the_spouses_sales_stay_off(answer: Answer) -> None:
    found = answer(LEDGER, *ACCOUNTS, "--status", "mfs")
    assert rows(found, 2023, "account") == [("HIS",)]
    assert rows(found, 2025, "account") == []


def test_a_carryover_without_a_year_goes_into_the_first_year_alone(answer: Answer) -> None:
    found = answer(LEDGER, *ACCOUNTS, *settings("Carryover Short = 1,000", "Carryover Long 2025 = 70"))
    assert found["years"]["2023"]["schedule_d"]["6"] == "-1000.00"
    assert found["years"]["2025"]["schedule_d"]["14"] == "-70.00"


def test_a_carryover_that_was_filed_is_the_one_that_chains_on(answer: Answer) -> None:
    found = answer(LEDGER, *ACCOUNTS, *settings("Filed Carryover Short 2023 = 2500"))
    assert found["years"]["2023"]["carryover"]["short"] == "3000.00"
    assert found["years"]["2024"]["schedule_d"]["6"] == "-2500.00"


@pytest.mark.parametrize("name", ["Filed Short", "Filed Long", "Filed Carryover Short", "Filed Carryover Long"])
def test_an_amount_filed_needs_its_year(answer: Answer, name: str) -> None:
    (problem,) = errors(answer(LEDGER, *ACCOUNTS, *settings(f"{name} = 5"), exit_code=1))
    assert problem["sheet"] == "Settings"
    assert f"{name} 2024" in problem["remedy"]


@pytest.mark.parametrize("line", ["4", "5", "11", "12", "13", "18", "19"])
def test_lines_fed_from_elsewhere_stand_on_schedule_d_in_their_year(answer: Answer, line: str) -> None:
    years = answer(LEDGER, *ACCOUNTS, *settings(f"Schedule D {line} 2025 = 12.50"))["years"]
    assert years["2023"]["schedule_d"][line] == "0.00"
    stands = {"18": "0.00", "19": "0.00"}.get(line, "12.50")
    assert years["2025"]["schedule_d"][line] == stands


def test_a_line_that_is_computed_cannot_be_set(answer: Answer) -> None:
    (problem,) = errors(answer(LEDGER, *ACCOUNTS, *settings("Schedule D 16 = 5"), exit_code=1))
    assert "4, 5, 11, 12, 13, 18 or 19" in problem["remedy"]


def test_all_wrong_settings_are_named_at_once(answer: Answer) -> None:
    wrong = settings(
        "Filing Status=married", "Missing Basis=maybe", "Taxable Income=abc", "Account X=bank", "Method=best"
    )
    assert len(errors(answer(LEDGER, *ACCOUNTS, *wrong, exit_code=1))) == 5
