"""Contract, section 3, column Class: where it is blank, what decides, and what is said."""

from __future__ import annotations

import pytest

from contract_answers import Answer, errors, rows, settings

BITCOIN = """
    Date,Type,Asset,Quantity,Amount,Account
    2025-01-05,Buy,BTC,1,10000,X
    2025-06-06,Sell,BTC,1,9000,X
    """


@pytest.mark.parametrize(
    ("pair", "box"),
    [
        ("Account X = exchange", "H"),
        ("Account X = wallet", "I"),
        ("Account X = brokerage", "A"),
        ("Class BTC = crypto", "I"),
        ("Class BTC = stock", "C"),
    ],
)
def test_a_setting_or_the_accounts_kind_says_what_a_coins_symbol_means(answer: Answer, pair: str, box: str) -> None:
    assert rows(answer(BITCOIN, *settings(pair)), 2025, "box") == [(box,)]


def test_a_coins_symbol_with_nothing_to_say_so_is_an_error(answer: Answer) -> None:
    (problem,) = errors(answer(BITCOIN, exit_code=1))
    assert (problem["row"], problem["column"]) == (2, "Class")
    assert "Class BTC" in problem["remedy"]


def test_a_coins_symbol_in_a_brokerage_account_is_a_security_and_says_so(answer: Answer) -> None:
    brokerage = settings("Account X = brokerage")
    (problem,) = (one for one in answer(BITCOIN, *brokerage)["problems"] if one["column"] == "Class")
    assert problem["severity"] == "warning"
    assert "not the coin" in problem["message"]
    stated = answer(BITCOIN, *brokerage, *settings("Class BTC = stock"))
    assert not [one for one in stated["problems"] if one["column"] == "Class"]


def test_any_other_asset_is_a_stock_with_a_warning(answer: Answer) -> None:
    found = answer(BITCOIN.replace("BTC", "XYZ"))
    assert rows(found, 2025, "box") == [("C",)]
    assert [one["row"] for one in found["problems"] if one["column"] == "Class"] == [2]


def test_two_classes_of_one_asset_in_one_account_are_an_error(answer: Answer) -> None:
    (problem,) = errors(
        answer(
            """
            Date,Type,Asset,Quantity,Amount,Account,Class
            2025-01-05,Buy,XYZ,1,10000,X,stock
            2025-06-06,Sell,XYZ,1,9000,X,fund
            """,
            exit_code=1,
        )
    )
    assert (problem["row"], problem["column"]) == (3, "Class")


@pytest.mark.parametrize("order", [1, -1])
def test_what_comes_from_a_merger_or_spin_off_has_the_class_of_the_old_asset(answer: Answer, order: int) -> None:
    header, *events = (
        "Date,Type,Asset,Quantity,Amount,Account,Class,Received Asset,Basis",
        "2023-01-05,Buy,OLD,10,100,X,fund,,",
        "2024-01-05,Spin-off,OLD,1,,X,,SPUN,0.5",
        "2024-02-05,Merger,OLD,1,,X,,NEW,",
        "2025-06-06,Sell,NEW,10,90,X,,,",
        "2025-06-06,Sell,SPUN,10,90,X,,,",
    )
    found = answer("\n".join([header, *events[::order]]) + "\n", "--method", "average", *settings("Account Y = wallet"))
    assert not [one for one in found["problems"] if one["column"] == "Class"]
    assert sorted(rows(found, 2025, "asset", "basis")) == [("NEW", "50.00"), ("SPUN", "50.00")]
