"""Contract, section 3: Account left blank on a corporate action means every account."""

from __future__ import annotations

from contract_answers import Answer, errors, rows, settings

COINS = settings("Account Coinbase = exchange", "Account Ledger = wallet")
BROKERS = settings("Account Schwab = brokerage", "Account Fidelity = brokerage")


def test_a_redenomination_reaches_a_coin_in_every_account_whose_kind_says_what_it_is(answer: Answer) -> None:
    found = answer(
        """
        Date,Type,Asset,Quantity,Amount,Account,Received Asset
        2023-01-05,Buy,ETH,1,100,Coinbase,
        2023-02-05,Buy,ETH,1,300,Ledger,
        2023-04-05,Split,ETH,10,,,
        2024-03-05,Merger,ETH,2,,,NEW
        2025-01-01,Sell,NEW,20,500,Ledger,
        """,
        *COINS,
    )
    assert rows(found, 2025, "asset", "basis", "box", "lot_row") == [("NEW", "300.00", "L", 3)]
    assert [(lot["asset"], lot["account"], lot["quantity"]) for lot in found["open_lots"]] == [
        ("NEW", "Coinbase", "20")
    ]


def test_a_security_becomes_worthless_in_every_account(answer: Answer) -> None:
    found = answer(
        """
        Date,Type,Asset,Quantity,Amount,Account
        2023-01-05,Buy,XYZ,10,100,Schwab
        2024-02-05,Buy,XYZ,10,300,Fidelity
        2024-03-05,Worthless,XYZ,,,
        """,
        *BROKERS,
    )
    assert rows(found, 2024, "account", "sold", "proceeds", "basis", "term") == [
        ("Schwab", "2024-12-31", "0.00", "100.00", "long"),
        ("Fidelity", "2024-12-31", "0.00", "300.00", "short"),
    ]
    assert found["open_lots"] == []


def test_a_return_of_capital_per_unit_lowers_basis_in_every_account_and_the_excess_is_gain(answer: Answer) -> None:
    found = answer(
        """
        Date,Type,Asset,Quantity,Price,Amount,Account
        2023-01-05,Buy,XYZ,100,,100,Schwab
        2023-02-05,Buy,XYZ,100,,300,Fidelity
        2024-01-05,Return of Capital,XYZ,,2,,
        """,
        *BROKERS,
    )
    assert rows(found, 2024, "account", "quantity", "proceeds", "basis", "box") == [
        ("Schwab", "100", "100.00", "0.00", "C")
    ]
    assert [(lot["account"], lot["basis"]) for lot in found["open_lots"]] == [
        ("Fidelity", "100.00"),
        ("Schwab", "0.00"),
    ]


def test_a_number_of_worthless_units_needs_an_account(answer: Answer) -> None:
    (problem,) = errors(
        answer(
            """
            Date,Type,Asset,Quantity,Amount,Account
            2023-01-05,Buy,XYZ,10,100,Schwab
            2024-03-05,Worthless,XYZ,5,,
            """,
            *BROKERS,
            exit_code=1,
        )
    )
    assert (problem["row"], problem["column"]) == (3, "Quantity")
    assert "Schwab" in problem["message"]
