"""Files of block explorers: the rows of one transaction in several files, imported together, apart and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from capgain.workbook.importing.source_files import UnreadableImport

from .builders import file, ledger, run

CHAIN = (
    "Txhash,UnixTimestamp,From,To,ContractAddress,Value_IN(ETH),Value_OUT(ETH),TxnFee(ETH),TxnFee(USD),"
    "Historical $Price/Eth,Status,ErrCode"
)
TOKENS = "Txhash,UnixTimestamp,From,To,TokenValue,USDValueDayOfTx,ContractAddress,TokenName,TokenSymbol"
SWAP = "0x1,1740912600,0xme,0xdex,,0,0.1,0.003,1,2000,,"
SWAPPED = "0x1,1740912600,0xdex,0xme,198,$198.00,0xa,USD Coin,USDC"
TRADE = ("Trade", "ETH", "0.1", "198", "USDC", "198", "6", "ETH", "0.003")
COLUMNS = (
    "Type",
    "Asset",
    "Quantity",
    "Amount",
    "Received Asset",
    "Received Quantity",
    "Fee",
    "Fee Asset",
    "Fee Quantity",
)


def test_both_files_of_a_swap_make_one_trade_and_nothing_when_they_come_again(tmp_path: Path) -> None:
    chain = file(tmp_path, "export-0xme.csv", CHAIN, SWAP)
    tokens = file(tmp_path, "export-token-0xme.csv", TOKENS, SWAPPED)
    first = run(tmp_path, chain, tokens)
    assert ledger(first, *COLUMNS) == [TRADE]
    again = run(tmp_path, tokens, chain, into=first.output)
    assert again.rows == ()
    assert again.unsettled == ()


def test_a_half_that_waited_becomes_the_trade_once_its_other_file_comes(tmp_path: Path) -> None:
    chain = file(tmp_path, "export-0xme.csv", CHAIN, SWAP)
    tokens = file(tmp_path, "export-token-0xme.csv", TOKENS, SWAPPED)
    alone = run(tmp_path, chain)
    (half,) = alone.unmatched
    assert "0.103 ETH left Ethereum 0xme" in half.message
    both = run(tmp_path, chain, tokens, into=alone.output)
    assert ledger(both, *COLUMNS) == [TRADE]
    assert both.unsettled == ()


def test_the_address_is_the_one_in_every_row_where_the_name_of_the_file_was_changed(tmp_path: Path) -> None:
    other = "0x2,1740912700,0xyou,0xme,,1,0,0.003,1,2000,,"
    renamed = run(tmp_path, file(tmp_path, "mine.csv", CHAIN, SWAP, other))
    assert {half.message.partition(" on ")[0] for half in renamed.unmatched} == {
        "0.103 ETH left Ethereum 0xme",
        "1 ETH came to Ethereum 0xme",
    }
    with pytest.raises(UnreadableImport, match="nothing tells which address is yours"):
        run(tmp_path, file(tmp_path, "one.csv", CHAIN, SWAP))


def test_a_long_address_is_shortened(tmp_path: Path) -> None:
    mine = "0x52908400098527886E0F7030069857D2E4169EE7"
    result = run(tmp_path, file(tmp_path, f"export-{mine.lower()}.csv", CHAIN, SWAP.replace("0xme", mine)))
    assert "Ethereum 0x5290..9EE7" in result.unmatched[0].message
