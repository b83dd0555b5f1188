"""Names with a source's own ids behind them: Koinly's list for editing writes `USDC;3054` and `My Wallet;my_wallet`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import file, ledger, run

KOINLY = (
    "ID (read-only),Parent ID (read-only),Date (UTC),Type,Tag,From Wallet (read-only),From Wallet ID,From Amount,"
    "From Currency,To Wallet (read-only),To Wallet ID,To Amount,To Currency,Fee Amount,Fee Currency,"
    "Net Value (read-only),Fee Value (read-only),Value Currency (read-only),Deleted,TxHash,Description"
)


def row(number: int, given: str, got: str, *, fee: str = ",", values: str = "1000,0,USD;10") -> str:
    return (
        f"K{number},,2025-01-0{number} 10:00:00,exchange,,Main Wallet;main_wallet,w1,{given},"
        f"Main Wallet;main_wallet,w1,{got},{fee},{values},false,,"
    )


def test_assets_wallets_and_dollars_are_called_by_their_names_alone(tmp_path: Path) -> None:
    path = file(tmp_path, "koinly.csv", KOINLY, row(1, "1000,USD;10", "0.4,ETH;2", fee="5,USD;10"))
    result = run(tmp_path, path)
    assert ledger(result, "Type", "Asset", "Quantity", "Amount", "Fee", "Account") == [
        ("Buy", "ETH", "0.4", "1000", "5", "Main Wallet")
    ]
    assert run(tmp_path, path, into=result.output).rows_added == 0


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_coins_of_one_name_the_one_with_the_lower_id_has_it(order: tuple[int, int], tmp_path: Path) -> None:
    coins = {1: "500,USDC;3054", 2: "7,USDC;991234"}
    rows = [row(place, "1000,USD;10", coins[coin]) for place, coin in enumerate(order, start=1)]
    result = run(tmp_path, file(tmp_path, "koinly.csv", KOINLY, *rows))
    assert sorted(ledger(result, "Asset", "Quantity")) == [("USDC", "500"), ("USDC;991234", "7")]


def test_values_in_another_currency_are_not_taken_for_dollars(tmp_path: Path) -> None:
    swap = row(1, "0.1,ETH;2", "200,USDC;3", fee="0.001,ETH;2", values="190,2,EUR;11")
    result = run(tmp_path, file(tmp_path, "koinly.csv", KOINLY, swap))
    assert result.rows == ()
    assert "what 200 USDC was worth in dollars" in result.problems[0].message
