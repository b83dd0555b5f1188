from __future__ import annotations

from pathlib import Path

import pytest

from .builders import coinbase, file, kraken, ledger, run

SEND = "cb-9,2025-03-07 12:00:00 UTC,Send,BTC,-0.5,USD,85000,42500,42500,0,Sent"
COLUMNS = ("Type", "Asset", "Quantity", "Account", "To Account", "Received Quantity", "Price")


def deposit(units: str, when: str = "2025-03-07 12:40:00", asset: str = "XXBT", identity: str = "L1") -> str:
    return f"{identity},D{identity},{when},deposit,,currency,{asset},{units},0,1"


def test_a_withdrawal_and_its_deposit_are_one_transfer_and_the_units_short_its_fee(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, SEND), kraken(tmp_path, deposit("0.4998")))
    assert ledger(result, *COLUMNS) == [("Transfer", "BTC", "0.5", "Coinbase", "Kraken", "0.4998", "85000")]
    assert result.unsettled == ()
    assert [(one.ledger, one.problems) for one in result.files] == [(1, 0), (1, 0)]


@pytest.mark.parametrize(
    ("units", "when", "matched"),
    [
        ("0.5", "2025-03-07 12:40:00", True),
        ("0.49", "2025-03-07 12:40:00", True),
        ("0.4899", "2025-03-07 12:40:00", False),
        ("0.5001", "2025-03-07 12:40:00", False),
        ("0.5", "2025-03-07 10:00:00", True),
        ("0.5", "2025-03-07 09:59:59", False),
        ("0.5", "2025-03-10 12:00:00", True),
        ("0.5", "2025-03-10 12:00:01", False),
    ],
)
def test_amount_and_time_must_fit(tmp_path: Path, units: str, when: str, matched: bool) -> None:
    result = run(tmp_path, coinbase(tmp_path, SEND), kraken(tmp_path, deposit(units, when)))
    assert len(result.unmatched) == (0 if matched else 2)
    assert [row.type for row in result.rows] == (["Transfer"] if matched else [])


def test_a_withdrawal_nobody_matched_is_listed_with_its_likely_partner_and_never_a_sale(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, SEND), kraken(tmp_path, deposit("0.45")))
    assert result.rows == ()
    assert [item.partner for item in result.unmatched] == [
        "0.45 BTC at Kraken on 2025-03-07",
        "0.5 BTC at Coinbase on 2025-03-07",
    ]


def test_other_assets_and_the_same_account_do_not_match(tmp_path: Path) -> None:
    received = "cb-10,2025-03-07 12:30:00 UTC,Receive,BTC,0.5,USD,85000,42500,42500,0,"
    result = run(tmp_path, coinbase(tmp_path, SEND, received), kraken(tmp_path, deposit("0.5", asset="XETH")))
    assert len(result.unmatched) == 3


def test_each_half_is_used_once_and_the_closest_wins(tmp_path: Path) -> None:
    twice = SEND.replace("cb-9", "cb-8")
    result = run(
        tmp_path,
        coinbase(tmp_path, SEND, twice),
        kraken(tmp_path, deposit("0.499"), deposit("0.5", identity="L2"), deposit("0.498", identity="L3")),
    )
    assert {str(row.values.get("Received Quantity", "0.5")) for row in result.rows} == {"0.5", "0.499"}
    assert [item.message for item in result.unmatched] == [
        "0.498 BTC came to Kraken on 2025-03-07, and no withdrawal fits."
    ]


def test_the_same_chain_id_matches_whatever_the_time(tmp_path: Path) -> None:
    header = (
        "Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth Amount,"
        "Net Worth Currency,Label,Description,TxHash"
    )
    sent = file(tmp_path, "a.csv", header, "2024-04-05 10:00:00 UTC,1,ETH,,,,,,,,,0xAB")
    received = file(tmp_path, "b.csv", header, "2024-05-05 10:00:00 UTC,,,1,ETH,,,,,,,0xab")
    result = run(tmp_path, sent, received, accounts={sent: "Wallet A", received: "Wallet B"})
    assert ledger(result, "Type", "Account", "To Account") == [("Transfer", "Wallet A", "Wallet B")]


def test_shares_sent_between_brokers_match_by_date(tmp_path: Path) -> None:
    header = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount"
    out = file(tmp_path, "out.csv", header, "02/01/2026,Journaled Shares,SCHD,FUND,-5,,,")
    come = file(tmp_path, "in.csv", header, "02/06/2026,Journaled Shares,SCHD,FUND,5,,,")
    result = run(tmp_path, out, come, accounts={out: "Schwab", come: "Schwab Joint"})
    assert ledger(result, "Type", "Account", "To Account", "Quantity") == [("Transfer", "Schwab", "Schwab Joint", "5")]


def test_the_partner_may_come_in_a_later_import(tmp_path: Path) -> None:
    first = run(tmp_path, coinbase(tmp_path, SEND))
    assert (first.rows_added, len(first.unmatched)) == (0, 1)
    second = run(tmp_path, kraken(tmp_path, deposit("0.4998")), into=first.output)
    assert ledger(second, *COLUMNS) == [("Transfer", "BTC", "0.5", "Coinbase", "Kraken", "0.4998", "85000")]
    assert second.unsettled == ()
    again = run(tmp_path, coinbase(tmp_path, SEND), kraken(tmp_path, deposit("0.4998")), into=first.output)
    assert (again.rows_added, again.unsettled, again.duplicates) == (0, (), 2)


TREZOR = "Timestamp,Date,Time,Type,Transaction ID,Fee,Fee unit,Address,Amount,Amount unit,Fiat (USD)"
ELECTRUM = "transaction_hash,label,value,fiat_value,fee,timestamp"


@pytest.mark.parametrize(("received", "fee"), [("0.01", "0.0001"), ("0.0101", None)])
def test_of_what_is_sent_to_an_own_address_the_fee_alone_is_gone(
    tmp_path: Path, received: str, fee: str | None
) -> None:
    sent = "1709376000,,,SENT,tx1,0.0001,BTC,own,0.01,BTC,600"
    came = f"1709376000,,,RECV,tx1,,BTC,own,{received},BTC,600"
    result = run(tmp_path, file(tmp_path, "t.csv", TREZOR, came, sent))
    assert result.unmatched == ()
    assert ledger(result, "Type", "Quantity", "Amount") == ([("Fee", fee, "6")] if fee else [])
    assert len(result.ignored) == (0 if fee else 2)


def test_more_than_was_sent_is_no_return_of_it(tmp_path: Path) -> None:
    sent = "1709376000,,,SENT,tx1,0.0001,BTC,own,0.01,BTC,600"
    result = run(tmp_path, file(tmp_path, "t.csv", TREZOR, sent, "1709376000,,,RECV,tx1,,BTC,own,0.0102,BTC,600"))
    assert (len(result.unmatched), result.rows) == (2, ())


@pytest.mark.parametrize(("value", "kind"), [("-0.0002", "Fee"), ("-0.0003", "")])
def test_a_withdrawal_of_nothing_but_the_networks_fee_is_that_fee(tmp_path: Path, value: str, kind: str) -> None:
    wallet = file(tmp_path, "e.csv", ELECTRUM, f"e1,self,{value},-6.00,0.0002,2024-03-02 10:40:00")
    result = run(tmp_path, wallet, source_zones={"Electrum": "UTC"})
    assert [row.type for row in result.rows] == ([kind] if kind else [])
    assert len(result.unmatched) == (0 if kind else 1)


def test_a_transfer_that_lacks_a_price_waits_as_one_item_however_often_its_files_are_read(tmp_path: Path) -> None:
    send = "cb-9,2025-03-07 12:00:00 UTC,Send,BTC,-0.5,USD,,,,0,Sent"
    files = coinbase(tmp_path, send), kraken(tmp_path, deposit("0.4998"))
    first = run(tmp_path, *files)
    assert [one.places[0].line for one in first.unsettled] == [2]
    again = run(tmp_path, *files, into=first.output)
    assert ([len(one.places) for one in again.unsettled], again.rows) == ([2], ())
    assert [len(one.places) for one in run(tmp_path, files[1], into=first.output).unsettled] == [1]
    prices = file(tmp_path, "prices.csv", "Asset,Date,Price", "BTC,2025-03-07,85000")
    priced = run(tmp_path, *files, into=first.output, prices=[prices])
    assert ledger(priced, *COLUMNS) == [("Transfer", "BTC", "0.5", "Coinbase", "Kraken", "0.4998", "85000")]
    assert priced.unsettled == ()


@pytest.mark.parametrize(("sent", "left"), [("0.2", "0.201"), ("0.201", "0.201"), ("0.2005", "0.2015")])
def test_a_fee_that_the_units_sent_hold_already_leaves_once(sent: str, left: str, tmp_path: Path) -> None:
    header = (
        "Date,Type,Transaction ID,Received Quantity,Received Currency,Received Cost Basis (USD),Received Wallet,"
        "Sent Quantity,Sent Currency,Sent Wallet,Fee Amount,Fee Currency,Fee Cost Basis (USD)"
    )
    row = f"02/05/2025 10:00:00,TRANSFER,t2,0.2,ETH,500,Ledger,{sent},ETH,Coinbase,0.001,ETH,2.5"
    result = run(tmp_path, file(tmp_path, "cointracker.csv", header, row))
    assert ledger(result, "Quantity", "Received Quantity", "Price") == [(left, "0.2", "2500")]
