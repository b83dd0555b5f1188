"""Importing twice, in parts, in another order: the same ledger."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from openpyxl import load_workbook

from capgain.workbook.importing.import_files import import_files
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import COINBASE, KRAKEN, SCHWAB, book_of, coinbase, facts, file, kraken, ledger, run, settings

BUY = "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,"


def test_importing_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = coinbase(tmp_path, BUY)
    first = run(tmp_path, path)
    before = first.output.read_bytes()
    again = run(tmp_path, path, into=first.output)
    assert (again.rows_added, again.duplicates) == (0, 1)
    assert first.output.read_bytes() == before


def test_fills_that_are_equal_in_every_cell_all_survive_and_are_not_doubled(tmp_path: Path) -> None:
    fill = "01/05/2026,Buy,SCHD,FUND,100,$27.00,,-$2700.00"
    path = file(tmp_path, "schwab.csv", SCHWAB, fill, fill, fill)
    first = run(tmp_path, path)
    assert first.rows_added == 3
    longer = file(tmp_path, "schwab2.csv", SCHWAB, fill, fill, fill, fill)
    assert run(tmp_path, longer, into=first.output).rows_added == 1


def test_one_id_with_two_contents_is_two_events(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, BUY, BUY.replace("0.01,", "0.02,")))
    assert result.rows_added == 2


def test_the_trades_file_and_the_ledgers_file_of_kraken_tell_of_the_same_trade(tmp_path: Path) -> None:
    samples = Path(__file__).parent / "samples"
    result = run(tmp_path, samples / "kraken_ledgers.csv", samples / "kraken_trades.csv")
    assert [row.key for row in result.rows].count("kraken:TRADE-A") == 1
    assert result.rows_added == 3 - 1


def test_the_tax_zone_does_not_make_an_event_another_one(tmp_path: Path) -> None:
    path = coinbase(tmp_path, BUY)
    first = run(tmp_path, path, zone=None)
    assert run(tmp_path, path, into=first.output, zone="America/Los_Angeles").rows_added == 0


def test_a_transfer_entered_by_hand_is_not_listed_again(tmp_path: Path) -> None:
    by_hand = file(
        tmp_path,
        "hand.csv",
        "Date,Type,Asset,Quantity,Account,To Account,Class",
        "2025-03-06,Transfer,BTC,0.5,Coinbase,Trezor,crypto",
    )
    book = run(tmp_path, by_hand).output
    send = "cb-9,2025-03-07 02:00:00 UTC,Send,BTC,-0.5,USD,85000,42500,42500,0,Sent"
    result = run(tmp_path, coinbase(tmp_path, send), into=book)
    assert (result.rows_added, result.unmatched, result.duplicates) == (0, (), 1)


@pytest.mark.parametrize(
    ("kind", "received", "position"),
    [("Stake", "", ""), ("Bridge", "", "carryover"), ("Bridge", "BTC.b", "trade")],
)
def test_a_move_through_a_protocol_entered_by_hand_is_not_listed_again(
    kind: str, received: str, position: str, tmp_path: Path
) -> None:
    header = ("Date", "Type", "Asset", "Quantity", "Received Asset", "Received Quantity", "Amount", "Account")
    row = ("2025-03-06", kind, "BTC", 0.5, received, 0.5 if received else "", 42500, "Coinbase")
    book = book_of(
        tmp_path / "mine.xlsx",
        Ledger=[(*header, "To Account"), (*row, "Chain")],
        Settings=settings({kind: position} if position else {}),
    )
    send = "cb-9,2025-03-07 02:00:00 UTC,Send,BTC,-0.5,USD,85000,42500,42500,0,Sent"
    result = run(tmp_path, coinbase(tmp_path, send), into=book)
    assert (result.rows_added, result.unmatched, result.duplicates) == (0, (), 1)


WITHDRAWN = "W1,R1,2024-03-05 15:00:00,withdrawal,,currency,XXBT,-1250.5,0,0"
ARRIVED = "cb-9,2024-03-05 16:00:00 UTC,Receive,BTC,1250.49,USD,60000,1,1,0,"


@pytest.mark.parametrize(
    "day",
    [
        *("2024-03-05", "03/05/2024", "3/5/2024 10:00 AM", "Mar 5, 2024", "5 March 2024", "20240305"),
        *("2024-03-05T15:00Z", "2024-03-05 10:00 -05:00", datetime(2024, 3, 5, 10), date(2024, 3, 5), 45356, 45356.625),
    ],
)
def test_a_transfer_entered_by_hand_is_known_however_its_date_is_written(day: object, tmp_path: Path) -> None:
    row = (day, "Transfer", "btc", "1,250.5", 1250.49, "kraken", "COINBASE", 60000)
    check_known(row, {}, tmp_path)
    check_known(row, {"Time Zone": "America/New_York"}, tmp_path)


@pytest.mark.parametrize(("sent", "received"), [(1250.5, "1250.49"), ("1250.50", "$1,250.49"), ("1 250.5", 1250.49)])
def test_and_however_its_units_are(sent: object, received: object, tmp_path: Path) -> None:
    check_known(("2024-03-05", " transfer ", "BTC", sent, received, "Kraken", "Coinbase", 60000), {}, tmp_path)


def check_known(row: tuple[object, ...], stated: dict[str, object], folder: Path) -> None:
    header = ("Date", "Type", "Asset", "Quantity", "Received Quantity", "Account", "To Account", "Price")
    book = book_of(folder / "mine.xlsx", Ledger=[header, row], Settings=settings(stated))
    result = run(folder, kraken(folder, WITHDRAWN), coinbase(folder, ARRIVED), into=book, zone=None)
    assert (result.rows_added, result.unmatched, result.duplicates) == (0, (), 2)
    assert {one.reason for one in result.ignored} == {"already in the Ledger, row 2"}


def test_a_transfer_that_the_reader_of_ledgers_refuses_is_none(tmp_path: Path) -> None:
    header = ("Date", "Type", "Asset", "Quantity", "Account", "To Account")
    for row in (
        ("05.03.2024", "Transfer", "BTC", 1250.5, "Kraken", "Coinbase"),
        ("2024-03-05", "Transfer", "BTC", "1250,5", "Kraken", "Coinbase"),
        ("2024-03-05", "Transfer", "BTC", 1250.5, "Kraken", ""),
    ):
        book = book_of(tmp_path / "mine.xlsx", Ledger=[header, row])
        assert len(run(tmp_path, kraken(tmp_path, WITHDRAWN), into=book, zone=None).unmatched) == 1


DAYS = st.integers(1, 28)


@st.composite
def coinbase_lines(draw: st.DrawFn) -> list[str]:
    count = draw(st.integers(2, 12))
    lines = []
    for number in range(count):
        day = draw(DAYS)
        kind, sign = draw(
            st.sampled_from([("Buy", ""), ("Sell", "-"), ("Staking Income", ""), ("Send", "-"), ("Weird", "")])
        )
        units = draw(st.sampled_from(["0.5", "1", "0.123456789012345678"]))
        lines.append(f"cb-{number},2025-03-{day:02} 12:00:00 UTC,{kind},ETH,{sign}{units},USD,2000,1000,1000,0,")
    return lines


@st.composite
def kraken_lines(draw: st.DrawFn) -> list[str]:
    lines = []
    for number in range(draw(st.integers(1, 6))):
        day = draw(DAYS)
        lines.append(f"A{number},T{number},2025-04-{day:02} 12:00:00,trade,,currency,ZUSD,-100,0.26,0")
        lines.append(f"B{number},T{number},2025-04-{day:02} 12:00:00,trade,,currency,XXBT,0.001,0,0")
    return lines


@st.composite
def schwab_lines(draw: st.DrawFn) -> list[str]:
    """Newest first, bare dates, no ids, often identical."""
    days = sorted(draw(st.lists(DAYS, min_size=2, max_size=12)), reverse=True)
    return [f"01/{day:02}/2026,{draw(st.sampled_from(['Buy', 'Sell']))},SCHD,FUND,10,$27.00,,$270.00" for day in days]


FILES = st.one_of(
    st.tuples(st.just(COINBASE), coinbase_lines()),
    st.tuples(st.just(KRAKEN), kraken_lines()),
    st.tuples(st.just(SCHWAB), schwab_lines()),
)


@drawn(max_examples=15)
@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_is_immaterial(content: tuple[str, list[str]], random: object) -> None:
    header, lines = content
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        straight = run(Path(one), file(Path(one), "a.csv", header, *lines))
        mixed = run(Path(other), file(Path(other), "a.csv", header, *shuffled))
        assert facts([straight]) == facts([mixed])
        assert {item.key for item in straight.unsettled} == {item.key for item in mixed.unsettled}


@drawn(max_examples=15)
@given(FILES, st.data())
def test_two_overlapping_parts_give_the_ledger_of_the_whole(
    content: tuple[str, list[str]], data: st.DataObject
) -> None:
    """Together or one after the other. Cut between days where lines have no ids: files are cut by time span."""
    header, lines = content
    cuts = list(range(len(lines) + 1))
    if header == SCHWAB:
        days = [line[:10] for line in lines]
        cuts = [cut for cut in cuts if cut in (0, len(lines)) or days[cut] != days[cut - 1]]
    end = data.draw(st.sampled_from([cut for cut in cuts if cut > 0]))
    start = data.draw(st.sampled_from([cut for cut in cuts if cut < end]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = run(folder, file(folder, "whole.csv", header, *lines))
        first, second = file(folder, "a.csv", header, *lines[:end]), file(folder, "b.csv", header, *lines[start:])
        together = import_files([first, second], output=folder / "both.xlsx", time_zone="America/New_York")
        assert facts([together]) == facts([whole])
        part = import_files([first], output=folder / "parts.xlsx", time_zone="America/New_York")
        rest = run(folder, second, into=part.output)
        assert facts([part, rest]) == facts([whole])
        assert {item.key for item in rest.unsettled} == {item.key for item in whole.unsettled}
        again = run(folder, first, second, into=part.output)
        assert again.rows_added == 0


def as_csv(book: Path, path: Path) -> Path:
    """The Ledger of a workbook saved as CSV, every column as text."""
    rows = load_workbook(book)["Ledger"].iter_rows(values_only=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(["" if cell is None else str(cell) for cell in row] for row in rows if any(row))
    return path


@drawn(max_examples=10)
@given(FILES)
def test_a_ledger_saved_as_csv_imports_to_the_same_ledger_and_adds_nothing_to_itself(
    content: tuple[str, list[str]],
) -> None:
    header, lines = content
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = run(folder, file(folder, "a.csv", header, *lines))
        if not first.rows:
            return
        saved = as_csv(first.output, folder / "saved.csv")
        second = import_files([saved], output=folder / "again.xlsx", time_zone="America/New_York")
        assert read_ledger_file(second.output).ledger.transactions == read_ledger_file(first.output).ledger.transactions
        assert run(folder, saved, into=first.output).rows_added == 0


def test_a_ledger_with_every_column_survives_being_saved_as_csv(tmp_path: Path) -> None:
    rows = file(
        tmp_path,
        "ledger.csv",
        "Date,Type,Asset,Quantity,Price,Amount,Fee,Account,Received Asset,Received Quantity,Lot,Identified,"
        "Method,Class,Acquired,Basis,Note,ID",
        "2020-01-02,Opening,AAPL,10,,,,Schwab,,,,,,stock,2015-05-05,1000.5,from 2015,o1",
        "2021-01-02,Split,AAPL,4:1,,,,Schwab,,,,,,,,,,",
        "2022-01-02 10:00:00,Sell,AAPL,5,30,,1,Schwab,,,o1:5,2022-01-01 09:00 books,,,,,,s1",
        "2022-02-02,Method,,,,,,Schwab,,,,,hifo,,,,,",
        '2022-03-02,Trade,BTC,0.123456789012345678,,5000,,Kraken,ETH,2,,,,crypto,,,"a, ""b""",t1',
        "2022-03-01,Buy,BTC,1,40000,,,Kraken,,,,,,crypto,,,,b1",
    )
    book = run(tmp_path, rows).output
    again = import_files([as_csv(book, tmp_path / "saved.csv")], output=tmp_path / "again.xlsx")
    assert read_ledger_file(again.output).ledger.transactions == read_ledger_file(book).ledger.transactions
    assert ledger(again, "Quantity")[1] == ("4:1",)


def test_of_two_files_that_tell_of_a_trade_the_one_with_its_fee_counts(tmp_path: Path) -> None:
    trades = file(
        tmp_path,
        "trades.csv",
        "Date(UTC),Pair,Side,Price,Executed,Amount,Fee",
        "2025-03-01 15:00:00,BTCUSD,BUY,80000,0.05BTC,4000USD,4USD",
    )
    orders = file(
        tmp_path,
        "orders.csv",
        "Date(UTC),OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status",
        "2025-03-01 14:59:00,1,BTCUSD,LIMIT,BUY,80000,0.05BTC,2025-03-01 15:00:00,0.05BTC,80000,4000USD,FILLED",
    )
    for order in ((orders, trades), (trades, orders)):
        assert ledger(run(tmp_path, *order), "Type", "Quantity", "Amount", "Fee") == [("Buy", "0.05", "4000", "4")]
