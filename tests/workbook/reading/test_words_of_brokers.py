"""Words in column Type: mapped, refused with what to do, or asked about, and never guessed towards another tax."""

from __future__ import annotations

import pytest

from capgain.workbook.reading.transaction_types import RowType, read_type

CHANGES_THE_TAX = ("Trade", "Sell", "Spend", "Donate", "Dividend", "Income")


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("YOU BOUGHT", "Buy"),
        ("You Sold", "Sell"),
        ("Recurring Buy", "Buy"),
        ("Advance Trade Sell", "Sell"),
        ("Staking Reward", "Income"),
        ("Reinvest Shares", "Reinvest"),
    ],
)
def test_words_that_mean_a_type_are_read(word: str, name: str) -> None:
    found = read_type(word)
    assert isinstance(found, RowType)
    assert found.name == name


@pytest.mark.parametrize(
    "word",
    [
        *("Delegate", "Undelegate", "Supply", "Pool", "Zap Out", "Token Migration"),
        *("Contribution", "Credit", "Cash In Lieu", "Mint", "Cashback", "Divorce", "Vault Deposit", "Burn"),
        *("Foreign Tax", "ACH", "Wire", "Journal", "ESPP", "Rebate", "Bonus", "Delisted"),
    ],
)
def test_words_without_a_type_are_refused_with_what_to_do(word: str) -> None:
    found = read_type(word)
    assert not isinstance(found, RowType)
    assert found is not None
    assert found.code == "UNSUPPORTED_TYPE"
    assert found.remedy
    assert "Did you mean" not in found.remedy


@pytest.mark.parametrize("word", ["Tade", "Sel", "Spnd", "Donte", "Dividnd", "Incme", "Tradee", "Solf", "Xyzzy"])
def test_a_typing_error_is_never_taken_for_a_type_that_changes_the_tax(word: str) -> None:
    found = read_type(word)
    assert not isinstance(found, RowType)
    assert found is not None
    assert "Did you mean" not in found.remedy


@pytest.mark.parametrize(("word", "meant"), [("Buyy", "Buy"), ("Transfre", "Transfer"), ("Spilt", "Split")])
def test_a_typing_error_of_another_type_is_told(word: str, meant: str) -> None:
    found = read_type(word)
    assert not isinstance(found, RowType)
    assert found is not None
    assert found.remedy == f"Did you mean {meant}?"
