"""Contract, section 3, Pools: one pool before 2025, an account's own lots from then."""

from __future__ import annotations

from textwrap import dedent

import pytest

from contract_answers import Answer, errors, rows, settings

EXCHANGES = settings("Account Coinbase = exchange", "Account Kraken = exchange")


def test_lots_and_counts_that_differ_are_refused_even_where_one_account_holds_all_units(answer: Answer) -> None:
    """The 2024 sale at Kraken used Coinbase's lot: what Coinbase holds has no lot of its own until it is allocated."""
    ledger = """
        Date,Type,Asset,Quantity,Amount,Account,Class,ID,Lot
        2023-01-05,Buy,BTC,1,20000,Coinbase,crypto,b1,
        2023-02-05,Buy,BTC,1,30000,Kraken,crypto,b2,
        2024-03-05,Sell,BTC,1,60000,Kraken,crypto,s1,
        2025-03-05,Sell,BTC,1,60000,Coinbase,crypto,s2,
        """
    refused = answer(ledger, *EXCHANGES, exit_code=1)
    (problem,) = errors(refused)
    assert problem["row"] == 5
    assert "Allocation" in problem["remedy"]
    assert "Lot b2" in problem["remedy"]
    assert "recorded an allocation in time" in problem["remedy"]
    mended = answer(dedent(ledger) + "2025-01-01,Allocation,BTC,1,,Coinbase,crypto,,b2\n", *EXCHANGES)
    (sold,) = mended["years"]["2025"]["dispositions"]
    assert (sold["basis"], sold["lot"], sold["account"]) == ("30000.00", "b2", "Coinbase")


@pytest.mark.parametrize("method", ["fifo", "lifo", "hifo", "lofo", "min_tax"])
@pytest.mark.parametrize("seller", ["Coinbase", "Ledger"])
def test_of_a_purchase_spread_over_accounts_the_sellers_own_units_go_first(
    answer: Answer, method: str, seller: str
) -> None:
    found = answer(
        f"""
        Date,Type,Asset,Quantity,Amount,Account,To Account,Class,ID
        2023-04-29,Buy,BTC,6,70,Coinbase,,crypto,b1
        2023-05-30,Transfer,BTC,3,,Coinbase,Ledger,crypto,t1
        2024-05-29,Sell,BTC,2,30,{seller},,crypto,s1
        2025-05-09,Buy,BTC,5,46.55,Ledger,,crypto,b2
        """,
        "--method",
        method,
        *settings("Account Coinbase = exchange", "Account Ledger = wallet"),
    )
    held = {(lot["account"], lot["row"]): lot["quantity"] for lot in found["open_lots"]}
    assert held == {
        ("Coinbase", 2): "1" if seller == "Coinbase" else "3",
        ("Ledger", 2): "1" if seller == "Ledger" else "3",
        ("Ledger", 5): "5",
    }


def test_the_fee_of_a_transfer_before_2025_comes_from_the_sending_account(answer: Answer) -> None:
    """A Transfer moves the sending account's earliest lots, its fee units first: no lot of Coinbase is touched."""
    found = answer(
        """
        Date,Type,Asset,Quantity,Amount,Account,To Account,Price,Received Quantity
        2023-01-05,Buy,BTC,1,100,Coinbase,,,
        2023-02-05,Buy,BTC,1,300,Kraken,,,
        2024-06-06,Transfer,BTC,1,,Kraken,Ledger,1000,0.99
        2025-02-01,Sell,BTC,0.5,500,Coinbase,,,
        """,
        *EXCHANGES,
        *settings("Account Ledger = wallet"),
    )
    assert rows(found, 2024, "row", "quantity", "basis", "lot_row") == [(4, "0.01", "3.00", 3)]
    assert rows(found, 2025, "basis", "lot_row") == [("50.00", 2)]


def test_each_asset_whose_lots_and_counts_differ_is_told_at_a_row_of_its_own(answer: Answer) -> None:
    refused = answer(
        """
        Date,Type,Asset,Quantity,Amount,Account,ID
        2022-01-05,Buy,BTC,1,20000,Coinbase,b1
        2022-02-05,Buy,BTC,2,60000,Kraken,b2
        2024-03-05,Sell,BTC,0.5,60000,Kraken,s1
        2022-01-05,Buy,ETH,1,20000,Coinbase,e1
        2022-02-05,Buy,ETH,2,60000,Kraken,e2
        2024-03-05,Sell,ETH,0.5,60000,Kraken,s3
        2025-03-05,Sell,BTC,0.2,60000,Coinbase,s2
        """,
        *EXCHANGES,
        exit_code=1,
    )
    assert sorted(problem["row"] for problem in errors(refused)) == [7, 8]
