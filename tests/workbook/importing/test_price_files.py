"""Price files of every source: the day and price they give, and what is refused by file and line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from capgain.workbook.importing.price_files.reading import PriceFiles, read_price_files
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.written.time_zones import ZoneByYear
from contract_answers import capgain

NEW_YORK = ZoneByYear(ZoneInfo("America/New_York"), {})
TODAY = date(2026, 3, 1)


def read(folder: Path, **files: str) -> PriceFiles:
    return read_named(folder, {f"{name}.csv": text for name, text in files.items()})


def read_named(folder: Path, files: dict[str, str], **options: object) -> PriceFiles:
    paths = []
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    return read_price_files(paths, zones=NEW_YORK, today=TODAY, **options)  # type: ignore[arg-type]


CANDLES = "1735776000,1,2,0.5,{close},9,3\n1735862400,1,2,0.5,101,9,3\n"
KINDS = {
    "CoinGecko": (
        "eth-usd-max.csv",
        "snapped_at,price,market_cap,total_volume\n2025-01-03 00:00:00 UTC,5.5,1,1\n",
        "ETH",
    ),
    "CryptoDataDownload": (
        "Gemini_BTCUSD_d.csv",
        "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n"
        "1735776000000,2025-01-02,BTC/USD,1,1,1,5.5,1,1\n",
        "BTC",
    ),
    "Kraken": ("XDGUSD_1440.csv", CANDLES.format(close="5.5"), "DOGE"),
    "Coinbase": (
        "SOL-USD.csv",
        "time,low,high,open,close,volume\n1735776000,1,9,2,5.5,7\n1735862400,1,9,2,101,7\n",
        "SOL",
    ),
    "CoinMarketCap": (
        "Bitcoin_1_1_2025_historical_data_coinmarketcap.csv",
        "\ufefftimeOpen;timeClose;timeHigh;timeLow;name;open;high;low;close;volume;marketCap;circulatingSupply;timestamp\n"
        '"2025-01-02T00:00:00.000Z";"2025-01-02T23:59:59.999Z";"x";"x";"2781";1;9;1;5.5;7;8;9;"2025-01-02T23:59:59.999Z"\n',
        "BTC",
    ),
    "Yahoo Finance": (
        "BRK-B.csv",
        "Date,Open,High,Low,Close,Adj Close,Volume\n2025-01-02,1,9,1,5.5,4.9,7\n",
        "BRK-B",
    ),
    "yfinance": (
        "msft.csv",
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2025-01-02 00:00:00-05:00,1,9,1,5.5,7,0.0,0.0\n",
        "MSFT",
    ),
    "Stooq": ("aapl_us_d.csv", "Date,Open,High,Low,Close,Volume\n2025-01-02,1,9,1,5.5,7\n", "AAPL"),
    "Nasdaq": ("NVDA.csv", 'Date,Close/Last,Volume,Open,High,Low\n01/02/2025,"$5.50",7,$1,$9,$1\n', "NVDA"),
    "Google Finance": ("GOOG.csv", "Date,Close\n1/2/2025 16:00:00,5.5\n", "GOOG"),
    "Prices": ("mine.csv", "Asset,Price,Date\nXYZ,5.50,2025-01-02\n", "XYZ"),
}


@pytest.mark.parametrize("source", KINDS)
def test_each_source_is_known_by_its_headings(source: str, tmp_path: Path) -> None:
    name, text, asset = KINDS[source]
    first = read_named(tmp_path, {name: text}).prices[0]
    assert (first.source, first.asset, first.day, first.price) == (source, asset, date(2025, 1, 2), Decimal("5.5"))


def test_stooqs_bulk_file_names_its_assets(tmp_path: Path) -> None:
    text = (
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "AAPL.US,D,20250102,000000,1,9,1,5.5,7,0\nMSFT.US,D,20250102,000000,1,9,1,6.5,7,0\n"
    )
    assert [(one.asset, one.day, one.price) for one in read(tmp_path, bulk=text).prices] == [
        ("AAPL", date(2025, 1, 2), Decimal("5.5")),
        ("MSFT", date(2025, 1, 2), Decimal("6.5")),
    ]


def test_yfinance_of_several_tickers_gives_the_close_of_each(tmp_path: Path) -> None:
    text = "Price,Close,Close,High,High\nTicker,AAA,BBB,AAA,BBB\nDate,,,,\n2025-01-02,1.5,2.5,9,9\n"
    assert [(one.asset, one.price) for one in read(tmp_path, both=text).prices] == [
        ("AAA", Decimal("1.5")),
        ("BBB", Decimal("2.5")),
    ]


def test_midnight_in_utc_is_the_end_of_the_day_before_and_the_last_of_a_day_counts(tmp_path: Path) -> None:
    text = (
        "snapped_at,price,market_cap,total_volume\n2025-01-02 04:59:00 UTC,1,,\n2025-01-02 05:00:00 UTC,2,,\n"
        "2025-01-02 05:00:01 UTC,3,,\n"
    )
    found = read_named(tmp_path, {"btc-usd-max.csv": text}).prices
    assert [(one.day.day, one.price) for one in found] == [(1, Decimal(2)), (2, Decimal(3))]


def test_hourly_candles_count_at_their_end(tmp_path: Path) -> None:
    text = "time,low,high,open,close,volume\n2025-01-02T03:00:00Z,1,9,1,5,1\n2025-01-02T04:00:00Z,1,9,1,6,1\n"
    (only,) = read_named(tmp_path, {"BTC-USD.csv": text}).prices
    assert (only.day, only.price) == (date(2025, 1, 1), Decimal(6))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "When,What\n1,2\n", "a.csv is no price file CapGain knows. Its headings: When, What."),
        ("AAPL.csv", "Date,Close\n2025-01-02,-1\n", "AAPL.csv row 2: the price -1 is negative"),
        ("AAPL.csv", "Date,Close\n2025-01-02,soon\n", 'AAPL.csv row 2: "soon" is not a number'),
        ("AAPL.csv", "Date,Close\n2026-03-02,5\n", "AAPL.csv row 2 lies in the future (2026-03-02)"),
        ("mine.csv", "Asset,Price,Date\nX,5,\n", "mine.csv row 2 has no date"),
        (
            "AMZN.csv",
            "Date,Close/Last,Volume\n01/02/2025,$5,040\n01/03/2025,$1,208.62,7\n",
            "AMZN.csv row 3: The row has 4 cells, but the header has 3.",
        ),
        ("HistoricalData_1.csv", "Date,Close/Last\n01/02/2025,$5\n", "--asset AAPL=HistoricalData_1.csv"),
        ("btc-eur-max.csv", "snapped_at,price\n2025-01-02 00:00:00 UTC,5\n", "in EUR: dollars are needed"),
        (
            "m.csv",
            "Asset,Price,Date\nX,5,2025-01-02\nX,6,2025-01-02\n",
            "m.csv row 2 says X was worth 5 on 2025-01-02, m.csv row 3 says 6",
        ),
        ("x.json", '[{"price": 1}]', "x.json is JSON"),
    ],
)
def test_what_is_no_price_is_refused_with_its_place(name: str, text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport) as refusal:
        read_named(tmp_path, {name: text})
    assert words in str(refusal.value)


def test_a_coin_that_stands_for_dollars_is_said(tmp_path: Path) -> None:
    text = "unix,date,symbol,open,high,low,close\n1735776000,2025-01-02,BTCUSDT,1,1,1,5\n"
    found = read_named(tmp_path, {"Binance_BTCUSDT_d.csv": text})
    assert [one.asset for one in found.prices] == ["BTC"]
    assert any("USDT, which is taken as a dollar" in notice for notice in found.notices)


LEDGER = (
    "Date,Type,Asset,Quantity,Price,Account,Class\n2024-01-02,Buy,ACME,10,100,B,stock\n"
    "2025-01-10,Split,ACME,4,,B,\n2024-01-02,Buy,BRK.B,1,400,B,stock\n"
)


def book(folder: Path, prices: list[list[object]] | None = None) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Ledger"
    for line in LEDGER.splitlines():
        sheet.append([float(cell) if cell.isdigit() else cell for cell in line.split(",")])
    if prices is not None:
        sheet = made.create_sheet("Prices")
        for row in prices:
            sheet.append(row)
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def prices_in(path: Path) -> list[tuple[object, ...]]:
    rows = openpyxl.load_workbook(path, data_only=True)["Prices"].iter_rows(values_only=True)
    return [(row[0], row[1], str(row[2])[:10]) for row in rows][1:]


def test_adjusted_closes_before_a_split_are_brought_back_and_the_latest_is_not(tmp_path: Path) -> None:
    target = book(tmp_path)
    file = tmp_path / "ACME.csv"
    file.write_text("Date,Close\n2025-01-09,25.5\n2025-01-10,26\n2025-01-13,27\n", encoding="utf-8")
    result = capgain("prices", file, "-o", target, "--all")
    assert result.exit_code == 0, result.output
    assert "ACME: 1 adjusted close before a split" in result.output
    assert prices_in(target) == [("ACME", 102, "2025-01-09"), ("ACME", 26, "2025-01-10"), ("ACME", 27, "2025-01-13")]


def test_without_all_the_last_price_of_what_is_held_is_taken_under_the_ledgers_name(tmp_path: Path) -> None:
    target = book(tmp_path)
    (tmp_path / "BRK-B.csv").write_text("Date,Close\n2025-02-03,460\n2025-02-04,461\n", encoding="utf-8")
    (tmp_path / "ZZZ.csv").write_text("Date,Close\n2025-02-04,7\n", encoding="utf-8")
    result = capgain("prices", tmp_path / "BRK-B.csv", tmp_path / "ZZZ.csv", "-o", target)
    assert result.exit_code == 0, result.output
    assert "ZZZ is not in the ledger: 1 price left out (--all takes them)." in result.output
    assert prices_in(target) == [("BRK.B", 461, "2025-02-04")]


def test_rows_go_below_those_that_are_there_and_a_different_price_is_refused_with_both_places(tmp_path: Path) -> None:
    target = book(tmp_path, [["Asset", "Price", "Date"], ["ACME", 27, "2025-01-13"], ["ACME", "#N/A", "2025-01-14"]])
    file = tmp_path / "ACME.csv"
    file.write_text("Date,Close\n2025-01-13,27\n2025-01-15,28\n", encoding="utf-8")
    assert capgain("prices", file, "-o", target, "--all").exit_code == 0
    assert prices_in(target) == [("ACME", 27, "2025-01-13"), ("ACME", "#N/A", "2025-01-14"), ("ACME", 28, "2025-01-15")]
    before = target.read_bytes()
    file.write_text("Date,Close\n2025-01-13,27.5\n", encoding="utf-8")
    refused = capgain("prices", file, "-o", target, "--all")
    assert refused.exit_code == 1
    assert "ACME on 2025-01-13 is 27 in Prices row 2 and 27.5 in ACME.csv row 2." in refused.output
    assert target.read_bytes() == before
    assert capgain("prices", file, "-o", target, "--all", "--replace").exit_code == 0
    assert prices_in(target)[0] == ("ACME", 27.5, "2025-01-13")


def test_a_dry_run_writes_nothing_and_a_csv_takes_every_price(tmp_path: Path) -> None:
    target = book(tmp_path)
    before = target.read_bytes()
    file = tmp_path / "ACME.csv"
    file.write_text("Date,Close\n2025-01-13,27\n", encoding="utf-8")
    said = capgain("prices", file, "-o", target, "--dry-run")
    assert said.exit_code == 0
    assert "1 price would be added" in said.output
    assert target.read_bytes() == before
    out = tmp_path / "all.csv"
    assert capgain("prices", file, "-o", out).exit_code == 0
    assert out.read_text("utf-8") == 'Asset,Price,Date,Source\nACME,27,2025-01-13,"Google Finance, ACME.csv"\n'
    assert capgain("prices", file, "-o", out).exit_code == 2


COINS: list[list[object]] = [
    ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"],
    [date(2025, 1, 6), "Buy", "USDC", 1000, 1000, "C", "crypto"],
    [date(2025, 3, 6), "Income", "USDC", 5, None, "C", "crypto"],
    [date(2025, 3, 7), "Income", "DAI", 5, None, "C", "crypto"],
    [date(2025, 3, 8), "Income", "ETH", 5, None, "C", "crypto"],
]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("yes", [("DAI", 1, "2025-03-07"), ("DAI", 1, "2025-12-31"), ("USDC", 1, "2025-12-31")]),
        ("usdc, DAI", [("DAI", 1, "2025-03-07"), ("DAI", 1, "2025-12-31"), ("USDC", 1, "2025-12-31")]),
        ("usdc", [("USDC", 1, "2025-12-31")]),
        ("xyz", []),
    ],
)
def test_a_stablecoin_is_one_dollar_where_asked_for_and_no_price_is_stated(
    tmp_path: Path, said: str, expected: list[tuple[object, ...]]
) -> None:
    stated = ("USDC", 0.999, "2025-03-06")
    target = book(tmp_path, [["Asset", "Price", "Date"], ["USDC", 0.999, date(2025, 3, 6)]])
    made = openpyxl.load_workbook(target)
    made["Ledger"].delete_rows(1, made["Ledger"].max_row)
    for number, row in enumerate(COINS, start=1):
        for column, value in enumerate(row, start=1):
            made["Ledger"].cell(number, column).value = value
    made.save(target)
    result = capgain("prices", "-o", target, "--stablecoins", said, "--as-of", "2025-12-31")
    assert result.exit_code == 0, result.output
    assert prices_in(target) == [stated, *expected]
    assert ("Taken as 1.00 a unit" in result.output) == bool(expected)


def test_the_setting_stablecoins_counts_for_price_files_too(tmp_path: Path) -> None:
    target = book(tmp_path)
    made = openpyxl.load_workbook(target)
    made["Ledger"].append(["2025-01-06", "Buy", "USDC", 1000, 1000, "C", "crypto"])
    settings = made.create_sheet("Settings")
    settings.append(["Name", "Value"])
    settings.append(["Stablecoins", "yes"])
    made.save(target)
    file = tmp_path / "ACME.csv"
    file.write_text("Date,Close\n2025-02-13,27\n", encoding="utf-8")
    assert capgain("prices", file, "-o", target).exit_code == 0
    assert prices_in(target) == [("ACME", 27, "2025-02-13"), ("USDC", 1, "2025-02-13")]


def test_prices_without_a_file_or_for_a_csv_say_what_is_missing(tmp_path: Path) -> None:
    target = book(tmp_path)
    assert "Name a price file, or --stablecoins." in capgain("prices", "-o", target).output
    refused = capgain("prices", "-o", tmp_path / "new.csv", "--stablecoins", "yes")
    assert refused.exit_code == 2
    assert "-o names one" in refused.output


def test_a_time_in_utc_needs_the_tax_zone(tmp_path: Path) -> None:
    target = book(tmp_path)
    file = tmp_path / "acme-usd-max.csv"
    file.write_text("snapped_at,price\n2025-01-02 00:00:00 UTC,5\n", encoding="utf-8")
    refused = capgain("prices", file, "-o", target)
    assert refused.exit_code == 1
    assert "--time-zone America/New_York" in refused.output
    assert capgain("prices", file, "-o", target, "--time-zone", "America/New_York").exit_code == 0


def test_beside_a_ledger_prices_of_what_it_does_not_know_are_told_and_move_nothing(tmp_path: Path) -> None:
    target, file = book(tmp_path), tmp_path / "nasdaq.csv"
    file.write_text("Date,Close/Last\n01/13/2025,$27\n", encoding="utf-8")
    result = capgain("portfolio", target, "--prices", file, "--json")
    said = [problem for problem in json.loads(result.stdout)["problems"] if problem["code"] == "PRICE_FILE"]
    assert [problem["message"] for problem in said] == [
        "the price files tell of NASDAQ, which is not in the ledger: 1 price left out."
    ]
    assert not said[0]["blocks_filing"]


def test_the_tax_zone_of_a_price_file_beside_a_ledger_is_said_with_set(tmp_path: Path) -> None:
    target, file = book(tmp_path), tmp_path / "acme-usd-max.csv"
    file.write_text("snapped_at,price\n2025-01-13 00:00:00 UTC,27\n", encoding="utf-8")
    refused = capgain("portfolio", target, "--prices", file)
    assert "--set 'Time Zone=America/New_York'" in " ".join(refused.output.split())
    taken = capgain(
        "portfolio", target, "--prices", file, "--as-of", "2025-01-12", "--set", "Time Zone=America/New_York", "--json"
    )
    (acme,) = (one for one in json.loads(taken.stdout)["assets"] if one["asset"] == "ACME")
    assert (acme["price"], acme["price_date"]) == ("27", "2025-01-12")


@pytest.mark.parametrize("command", ["portfolio", "harvest", "whatif", "calendar"])
def test_every_plan_says_what_it_left_out_of_a_price_file(tmp_path: Path, command: str) -> None:
    target, file = book(tmp_path), tmp_path / "nasdaq.csv"
    file.write_text("Date,Close/Last\n01/13/2025,$27\n", encoding="utf-8")
    rest = {"harvest": ("--price", "ACME=5"), "whatif": ("ACME", "1", "5"), "calendar": ("-o", tmp_path / "d.ics")}
    result = capgain(command, target, "--prices", file, *rest.get(command, ()))
    assert result.exit_code == 0, result.output
    assert "the price files tell of NASDAQ, which is not in the ledger" in " ".join(result.stderr.split())
