from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from capgain.engine.classes import Term
from capgain.engine.compute import compute
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.ledger_file import read_ledger_file
from capgain.workbook.written.time_zones import UnknownZone

from .builders import book_of, coinbase, file, kraken, ledger, run, settings

HEADER = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class")


def buy(when: str, identity: str = "cb-1") -> str:
    return f"{identity},{when},Buy,BTC,0.01,USD,84000,840,845,5,"


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("America/New_York", ["2024-12-31 23:59:59", "2025-01-01 00:00:00"]),
        ("America/Los_Angeles", ["2024-12-31 20:59:59", "2024-12-31 21:00:00"]),
        ("UTC", ["2025-01-01 04:59:59", "2025-01-01 05:00:00"]),
    ],
)
def test_new_years_eve_is_that_of_the_taxpayer(tmp_path: Path, zone: str, local: list[str]) -> None:
    lines = buy("2025-01-01 04:59:59 UTC"), buy("2025-01-01 05:00:00 UTC", "cb-2")
    result = run(tmp_path, coinbase(tmp_path, *lines), zone=zone)
    assert [date for (date,) in ledger(result, "Date")] == local
    read = read_ledger_file(result.output).ledger
    assert [transaction.at for transaction in read.transactions] == [datetime.fromisoformat(at) for at in local]
    assert read.settings.time_zone == zone


def test_the_source_has_its_own_zone(tmp_path: Path) -> None:
    header = (
        "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Proceeds,"
        "Comm/Fee,Basis,Realized P/L,MTM P/L,Code"
    )
    line = 'Trades,Data,Order,Stocks,USD,AMC,"2021-12-31, 22:30:00",50,39.83,39.16,-1991.5,-1,1992.5,0,-33.5,O'
    path = file(tmp_path, "ib.csv", header, line)
    assert ledger(run(tmp_path, path, zone="America/Los_Angeles"), "Date") == [("2021-12-31 19:30:00",)]
    moved = run(tmp_path, path, zone="America/New_York", source_zones={"Interactive Brokers": "America/Los_Angeles"})
    assert ledger(moved, "Date") == [("2022-01-01 01:30:00",)]


def test_bare_dates_stay_as_they_are(tmp_path: Path) -> None:
    header = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount"
    path = file(tmp_path, "schwab.csv", header, "12/31/2025,Buy,SCHD,FUND,1,27,,-27")
    assert ledger(run(tmp_path, path, zone="Pacific/Honolulu"), "Date") == [("2025-12-31",)]


def test_without_a_tax_zone_times_keep_their_offset_and_the_reader_asks_for_it(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC")), zone=None)
    assert "Write Time Zone = your zone" in result.notices[0]
    assert [problem.code for problem in read_ledger_file(result.output).ledger.problems if problem.is_error] == [
        "TIME_ZONE_MISSING"
    ]
    read = read_ledger_file(result.output, overrides=["Time Zone=America/Chicago"]).ledger
    assert read.transactions[0].at == datetime(2024, 12, 31, 22, 59, 59)


def test_a_ledger_has_one_tax_zone(tmp_path: Path) -> None:
    book = run(tmp_path, coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC"))).output
    with pytest.raises(UnreadableImport, match="A ledger has one tax zone"):
        run(tmp_path, coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC")), into=book, zone="UTC")


def test_a_zone_is_one_zone_by_whatever_name(tmp_path: Path) -> None:
    path = coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC"))
    book = book_of(tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=settings({"Time Zone": "Eastern"}))
    for zone in (None, "Eastern", "eastern time", "America/New_York"):
        mine = tmp_path / f"{zone}.xlsx".replace("/", " ")
        mine.write_bytes(book.read_bytes())
        assert ledger(run(tmp_path, path, into=mine, zone=zone), "Date") == [("2024-12-31 23:59:59",)]
    assert ledger(run(tmp_path, path, zone="Pacific"), "Date") == [("2024-12-31 20:59:59",)]


def test_a_source_has_its_zone_by_whatever_name(tmp_path: Path) -> None:
    path = kraken(
        tmp_path,
        "T1,R1,2025-03-01 12:00:00,spend,,currency,ZUSD,-100,0,0",
        "T2,R1,2025-03-01 12:00:00,receive,,currency,XXBT,0.001,0,0.001",
    )
    for name in ("Eastern", "America/New_York"):
        assert ledger(run(tmp_path, path, source_zones={"Kraken": name}), "Date") == [("2025-03-01 12:00:00",)]


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "EasternX", "../etc/passwd"])
def test_an_unknown_zone_is_refused_wherever_it_stands(tmp_path: Path, name: str) -> None:
    path = coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC"))
    with pytest.raises(UnknownZone, match="is not a time zone known here"):
        run(tmp_path, path, zone=name)
    with pytest.raises(UnknownZone, match="is not a time zone known here"):
        run(tmp_path, path, source_zones={"Coinbase": name})
    book = book_of(tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=settings({"Time Zone": name}))
    before = book.read_bytes()
    with pytest.raises(UnreadableImport, match=r"Settings row 2, Value: Time Zone: .* is not a time zone known here"):
        run(tmp_path, path, into=book, zone=None)
    assert book.read_bytes() == before
    assert not (tmp_path / "book.xlsx").exists()


class TestZonesByYear:
    """Whoever moved has a zone for each year; an event is on the same day whether it was typed or imported."""

    STATED = settings({"Time Zone": "America/New_York", "Time Zone 2023": "Pacific/Honolulu"})
    STAMPS = (
        *("2022-07-01 03:59:59", "2022-07-01 04:00:00", "2023-01-01 04:59:59", "2023-01-01 09:59:59"),
        *("2023-07-01 03:30:00", "2023-07-01 09:59:59", "2023-07-01 10:00:00", "2024-01-01 07:00:00"),
    )

    def test_an_imported_time_is_that_of_the_typed_one(self, tmp_path: Path) -> None:
        lines = [buy(f"{stamp} UTC", f"cb-{place}") for place, stamp in enumerate(self.STAMPS)]
        typed = [(f"{stamp}Z", "Buy", "BTC", "0.01", "840", "Coinbase", "crypto") for stamp in self.STAMPS]
        by_hand = book_of(tmp_path / "typed.xlsx", Ledger=[HEADER, *typed], Settings=self.STATED)
        book = book_of(tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=self.STATED)
        result = run(tmp_path, coinbase(tmp_path, *lines), into=book, zone=None)
        assert result.notices == ("Add to the sheet Accounts: Coinbase = exchange.",)
        imported, expected = (read_ledger_file(path).ledger.transactions for path in (book, by_hand))
        assert [entry.at for entry in imported] == sorted(entry.at for entry in expected)
        assert datetime(2023, 6, 30, 17, 30) in [entry.at for entry in imported]

    def test_short_or_long_does_not_depend_on_who_typed_it(self, tmp_path: Path) -> None:
        lines = (
            "T1,T1,2022-07-01 03:00:00,spend,,currency,ZUSD,-100,0,0",
            "T2,T1,2022-07-01 03:00:00,receive,,currency,XXBT,0.01,0,0.01",
            "T3,T3,2023-07-01 09:00:00,spend,,currency,XXBT,-0.01,0,0",
            "T4,T3,2023-07-01 09:00:00,receive,,currency,ZUSD,300,0,300",
        )
        book = book_of(tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=self.STATED)
        run(tmp_path, kraken(tmp_path, *lines), into=book, zone=None)
        (sale,) = compute(read_ledger_file(book).ledger).years[2023].dispositions
        assert (sale.sold, sale.term) == (date(2023, 6, 30), Term.SHORT)

    def test_a_year_without_a_zone_keeps_its_offset(self, tmp_path: Path) -> None:
        book = book_of(tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=settings({"Time Zone 2023": "Hawaii"}))
        lines = buy("2023-07-01 03:30:00 UTC"), buy("2024-07-01 03:30:00 UTC", "cb-2")
        result = run(tmp_path, coinbase(tmp_path, *lines), into=book, zone=None)
        assert ledger(result, "Date") == [("2023-06-30 17:30:00",), ("2024-07-01 03:30:00+00:00",)]
        assert "Write Time Zone = your zone" in result.notices[0]
        asked = run(tmp_path, coinbase(tmp_path, buy("2025-07-01 03:30:00 UTC", "cb-3")), into=book, zone="Eastern")
        assert ledger(asked, "Date") == [("2025-06-30 23:30:00",)]


def test_what_came_first_stays_first_in_the_hour_that_runs_twice(tmp_path: Path) -> None:
    lines = (
        buy("2024-11-03 05:50:00 UTC"),
        buy("2024-11-03 06:10:00 UTC", "cb-2").replace("Buy", "Sell").replace("845", "835"),
    )
    result = run(tmp_path, coinbase(tmp_path, *lines))
    assert [row.type for row in result.rows] == ["Buy", "Sell"]
    assert not compute(read_ledger_file(result.output).ledger).has_errors


def test_an_open_item_read_before_the_zone_was_known_gets_its_tax_date_with_it(tmp_path: Path) -> None:
    send = "cb-2,2025-03-02 02:00:00 UTC,Send,BTC,-0.1,USD,84000,8400,8400,0,"
    book = book_of(tmp_path / "mine.xlsx", Ledger=[HEADER])
    first = run(tmp_path, coinbase(tmp_path, send), into=book, zone=None)
    assert len(first.unmatched) == 1
    deposit = kraken(tmp_path, "T9,R9,2025-03-02 02:30:00,deposit,,currency,XXBT,0.1,0,0.1")
    joined = run(tmp_path, deposit, into=book, zone="Hawaii")
    assert ledger(joined, "Type", "Date") == [("Transfer", "2025-03-01 16:00:00")]
