"""Column (a) of Form 8949: shares by number and name, digital assets with the transaction, and remarks."""

from __future__ import annotations

import pytest

from capgain.engine.classes import AssetClass
from capgain.engine.forms.description import describe, id_in_print
from capgain.engine.results.dispositions import Kind
from capgain.engine.units import UNITS
from engine.forms.cases import row


@pytest.mark.parametrize(
    ("asset_class", "transaction_id", "words"),
    [
        (AssetClass.STOCK, "", "1.5 sh. XYZ"),
        (AssetClass.STOCK, "tx-1", "1.5 sh. XYZ"),
        (AssetClass.TOKENIZED, "tx-1", "1.5 sh. XYZ, tx tx-1"),
        (AssetClass.CRYPTO, "tx-1", "1.5 XYZ, tx tx-1"),
        (AssetClass.CRYPTO, "", "1.5 XYZ"),
        (AssetClass.COLLECTIBLE, "tx-1", "1.5 XYZ"),
    ],
)
def test_the_words_follow_the_class(asset_class: AssetClass, transaction_id: str, words: str) -> None:
    sold = row("F", 0, 0)._replace(asset="XYZ", asset_class=asset_class, units=UNITS * 3 // 2)
    assert describe(sold, transaction_id) == words


@pytest.mark.parametrize(
    ("whole", "printed"),
    [
        ("0x8f3a1234567890abcdef1234567890abcdef6b2c", "0x8f3a…6b2c"),
        ("123456789012", "123456…9012"),
        ("12345678901", "12345678901"),
        ("", ""),
    ],
)
def test_an_id_is_printed_shorter_where_that_makes_it_shorter(whole: str, printed: str) -> None:
    assert id_in_print(whole) == printed


def test_what_was_not_sold_in_the_ordinary_way_says_so() -> None:
    sold = row("F", 0, 0)._replace(asset="XYZ", asset_class=AssetClass.STOCK, units=UNITS // 2, kind=Kind.CASH_IN_LIEU)
    assert describe(sold) == "0.5 sh. XYZ (cash in lieu)"
