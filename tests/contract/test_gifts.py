"""Contract, section 3, Gift In: the donor's basis for gain, the value when given for loss, neither between them."""

from __future__ import annotations

import pytest

from contract_answers import Answer, Document, rows, settings

BROKERAGE = settings("Account S = brokerage", "Filing Status = single")
FIGURES = ("proceeds", "basis", "code", "adjustment", "gain", "term")


def sold(
    answer: Answer,
    amount: str,
    value: str,
    *,
    code: str = "",
    reported_basis: str = "",
    note: str = "",
    through: str = "",
) -> Document:
    return answer(
        f"""
        Date,Type,Asset,Quantity,Amount,Account,Acquired,Basis,Code,Reported Basis,Note
        2024-01-05,Gift In,XYZ,10,{value},S,2020-01-01,1000,,,
        2024-02-05,Sell,XYZ,10,{amount},S,,,{code},{reported_basis},{note}
        """,
        *BROKERAGE,
        *(settings(f"Ledger Through = {through}") if through else ()),
    )


@pytest.mark.parametrize("code", ["", "T"])
@pytest.mark.parametrize(
    ("amount", "basis", "gain", "term"),
    [
        ("1500", "1000.00", "500.00", "long"),
        ("1000", "1000.00", "0.00", "long"),
        ("900", "900.00", "0.00", "long"),
        ("800", "800.00", "0.00", "long"),
        ("600", "800.00", "-200.00", "short"),
    ],
)
def test_the_three_zones_hold_whatever_codes_the_row_has(
    answer: Answer, amount: str, basis: str, gain: str, term: str, code: str
) -> None:
    found = sold(answer, amount, "800", code=code)
    assert rows(found, 2024, *FIGURES) == [(f"{amount}.00", basis, code, "0.00", gain, term)]


def test_a_brokers_basis_of_a_gift_is_corrected_to_the_value_when_given(answer: Answer) -> None:
    found = sold(answer, "600", "800", reported_basis="1000")
    assert rows(found, 2024, *FIGURES) == [("600.00", "1000.00", "B", "200.00", "-200.00", "short")]


@pytest.mark.parametrize(
    ("amount", "note", "is_ready"), [("600", "", False), ("600", "was 1,200", True), ("1500", "", True)]
)
def test_a_loss_on_a_gift_whose_value_was_not_stated_is_not_ready_to_file(
    answer: Answer, amount: str, note: str, is_ready: bool
) -> None:
    found = sold(answer, amount, "", note=f'"{note}"', through="2024-03-06")
    assert found["filing_ready"] is is_ready
    told = [(one["row"], one["column"]) for one in found["problems"] if "value when given" in one["message"]]
    assert told == ([(3, "Amount")] if amount == "600" else [])


def test_the_six_month_rule_of_funds_holds_whatever_codes_the_row_has(answer: Answer) -> None:
    found = answer(
        """
        Date,Type,Asset,Quantity,Amount,Account,Class,Code
        2024-01-05,Buy,FND,10,800,S,fund,
        2024-02-05,Capital Gain Distribution,FND,,50,S,fund,
        2024-03-05,Sell,FND,10,700,S,fund,T
        """,
        *BROKERAGE,
    )
    assert rows(found, 2024, "gain", "term", "code") == [("-50.00", "long", "T"), ("-50.00", "short", "T")]
