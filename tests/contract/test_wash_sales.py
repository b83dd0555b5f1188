"""Contract, section 3, wash sales as a ledger shows them."""

from __future__ import annotations

import pytest

from contract_answers import Answer, rows, settings

BROKERAGE = settings("Account S = brokerage", "Account ROTH = ira", "Account HERS = brokerage, spouse")


@pytest.mark.parametrize(("lot", "is_told"), [("b", True), ("a", False)])
def test_a_loss_replaced_by_shares_bought_before_those_sold_is_to_be_reviewed(
    answer: Answer, lot: str, is_told: bool
) -> None:
    found = answer(
        f"""
        Date,Type,Asset,Quantity,Amount,Account,Lot,ID
        2024-01-05,Buy,XYZ,10,1000,S,,a
        2024-01-10,Buy,XYZ,10,1000,S,,b
        2024-01-20,Sell,XYZ,10,700,S,{lot},s
        """,
        *BROKERAGE,
    )
    assert rows(found, 2024, "lot", "code", "wash_disallowed") == [(lot, "W", "300.00")]
    told = [(one["row"], one["severity"]) for one in found["problems"] if "bought before those sold" in one["message"]]
    assert told == ([(4, "warning")] if is_told else [])
    assert found["filing_ready"]


@pytest.mark.parametrize(("bought", "disallowed"), [("2025-01-30", "300.00"), ("2025-01-31", "0.00")])
def test_the_thirtieth_day_of_the_next_year_counts_and_the_one_after_does_not(
    answer: Answer, bought: str, disallowed: str
) -> None:
    found = answer(
        f"""
        Date,Type,Asset,Quantity,Amount,Account
        2024-01-05,Buy,XYZ,10,1000,S
        2024-12-31,Sell,XYZ,10,700,S
        {bought},Buy,XYZ,10,700,S
        """,
        *BROKERAGE,
        "--year",
        "2024",
    )
    assert rows(found, 2024, "wash_disallowed") == [(disallowed,)]


@pytest.mark.parametrize(("account", "basis"), [("ROTH", "700.00"), ("HERS", "1000.00")])
@pytest.mark.parametrize("status", ["mfj", "mfs"])
def test_purchases_of_an_ira_and_of_the_spouse_replace_the_loss(
    answer: Answer, account: str, basis: str, status: str
) -> None:
    found = answer(
        f"""
        Date,Type,Asset,Quantity,Amount,Account
        2024-01-05,Buy,XYZ,10,1000,S
        2024-06-05,Sell,XYZ,10,700,S
        2024-06-10,Buy,XYZ,10,700,{account}
        """,
        *BROKERAGE,
        "--status",
        status,
    )
    assert rows(found, 2024, "wash_disallowed", "gain") == [("300.00", "0.00")]
    assert [(lot["account"], lot["basis"]) for lot in found["open_lots"]] == [(account, basis)]


def test_codes_of_the_user_the_broker_and_the_wash_sale_make_one_net_amount(answer: Answer) -> None:
    found = answer(
        """
        Date,Type,Asset,Quantity,Amount,Account,Reported Basis,Code,Adjustment
        2024-01-05,Buy,XYZ,10,1000,S,,,
        2024-06-05,Sell,XYZ,10,700,S,900,O,-10
        2024-06-10,Buy,XYZ,10,700,S,,,
        """,
        *BROKERAGE,
    )
    keys = ("proceeds", "basis", "code", "adjustment", "gain", "wash_disallowed")
    assert rows(found, 2024, *keys) == [("700.00", "900.00", "BOW", "200.00", "0.00", "310.00")]
