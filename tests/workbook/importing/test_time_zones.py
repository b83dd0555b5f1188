from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import coinbase, file, ledger, run


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
    assert "Set Time Zone in Settings" in result.notices[0]
    assert [problem.code for problem in read_ledger_file(result.output).ledger.problems if problem.is_error] == [
        "TIME_ZONE_MISSING"
    ]
    read = read_ledger_file(result.output, overrides=["Time Zone=America/Chicago"]).ledger
    assert read.transactions[0].at == datetime(2024, 12, 31, 22, 59, 59)


def test_a_ledger_has_one_tax_zone(tmp_path: Path) -> None:
    book = run(tmp_path, coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC"))).output
    with pytest.raises(UnreadableImport, match="A ledger has one tax zone"):
        run(tmp_path, coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC")), into=book, zone="UTC")


def test_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport, match="No time zone 'Eastern' is known"):
        run(tmp_path, coinbase(tmp_path, buy("2025-01-01 04:59:59 UTC")), zone="Eastern")
