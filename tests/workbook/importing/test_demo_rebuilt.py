"""The demo's ledger, taken apart into the files its broker and exchanges would have given, and put together again."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from capgain.engine.compute import compute
from capgain.workbook.importing.import_files import import_files
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import COINBASE, KRAKEN, SCHWAB, file

NEW_YORK, UTC = ZoneInfo("America/New_York"), ZoneInfo("UTC")
Row = dict[str, str]


def in_utc(row: Row) -> str:
    return f"{datetime.fromisoformat(row['Date']).replace(tzinfo=NEW_YORK).astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def us_date(row: Row) -> str:
    return f"{datetime.fromisoformat(row['Date']):%m/%d/%Y}"


def demo() -> list[Row]:
    text = (files("capgain.workbook.demo") / "ledger.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def is_by_hand(row: Row) -> bool:
    """What no export tells: lots brought over or chosen, gifts, and the wallet's own payments."""
    return bool(row["Lot"]) or row["Type"] in ("Opening", "Donate") or row["Account"] == "Trezor"


def schwab(rows: list[Row]) -> list[str]:
    actions = {"Reinvest": "Reinvest Shares", "Dividend": "Cash Dividend", "Interest": "Bank Interest"}
    lines = []
    held: dict[str, Decimal] = {}
    for row in rows:
        units = Decimal(row["Quantity"] or 0)
        if row["Type"] == "Split":
            added = held[row["Asset"]] * (units - 1)
            lines.append(f"{us_date(row)},Stock Split,{row['Asset']},,{added},,,")
            continue
        if row["Account"] != "Schwab":
            continue
        out = row["Type"] in ("Sell", "Donate")
        held[row["Asset"]] = held.get(row["Asset"], Decimal(0)) + (-units if out else units)
        if is_by_hand(row):
            continue
        fee = Decimal(row["Fee"] or 0)
        amount = Decimal(row["Amount"])
        net = {"Buy": -amount - fee, "Reinvest": -amount, "Sell": amount - fee}.get(row["Type"], amount)
        asset = "" if row["Type"] == "Interest" else row["Asset"]
        action = actions.get(row["Type"], row["Type"])
        lines.append(f"{us_date(row)},{action},{asset},,{row['Quantity']},,{row['Fee']},{net}")
    return lines[::-1]


def coinbase(rows: list[Row]) -> list[str]:
    lines = []
    for row in rows:
        if row["Account"] != "Coinbase" or is_by_hand(row):
            continue
        kind = {"Transfer": "Send"}.get(row["Type"], row["Type"])
        sign = "" if row["Type"] == "Buy" else "-"
        price = row["Price"] or "0"
        lines.append(
            f"{row['ID']},{in_utc(row)} UTC,{kind},{row['Asset']},{sign}{row['Quantity']},USD,{price},"
            f"{row['Amount']},,{row['Fee']},{row['Note']}"
        )
    return lines


def kraken(rows: list[Row]) -> tuple[list[str], list[str]]:
    lines, prices = [], []
    for row in rows:
        if row["Account"] != "Kraken":
            continue
        at, asset, units, fee = in_utc(row), row["Asset"], row["Quantity"], row["Fee"] or "0"
        one, two = f"{row['ID']}a,{row['ID']},{at}", f"{row['ID']}b,{row['ID']},{at}"
        if row["Type"] == "Buy":
            lines += [
                f"{one},trade,,currency,ZUSD,-{row['Amount']},{fee},0",
                f"{two},trade,,currency,{asset},{units},0,0",
            ]
        elif row["Type"] == "Sell":
            lines += [
                f"{one},trade,,currency,{asset},-{units},0,0",
                f"{two},trade,,currency,ZUSD,{row['Amount']},{fee},0",
            ]
        elif row["Type"] == "Trade":
            got, came = row["Received Asset"], row["Received Quantity"]
            fees = {row["Fee Asset"]: row["Fee Quantity"]}
            lines.append(f"{one},trade,,currency,{asset},-{units},{fees.get(asset, 0)},0")
            lines.append(f"{two},trade,,currency,{got},{came},{fees.get(got, 0)},0")
            prices.append(f"{got},{row['Date'][:10]},{Decimal(row['Amount']) / Decimal(came)}")
        elif row["Type"] in ("Income", "Staking"):
            lines.append(f"{one},staking,,currency,{asset},{units},0,0")
            prices.append(f"{asset},{row['Date'][:10]},{Decimal(row['Amount']) / Decimal(units)}")
        else:
            short = Decimal(units) - Decimal(row["Received Quantity"])
            lines.append(f"{one},withdrawal,,currency,{asset},-{row['Received Quantity']},{short},0")
            prices.append(f"{asset},{row['Date'][:10]},{row['Price']}")
    return lines, prices


def wallet(rows: list[Row]) -> list[str]:
    """What a wallet shows of the transfers: coins that came in, some minutes later."""
    return [
        f"{in_utc(row)[:-2]}59 UTC,,,{row['Received Quantity']},{row['Asset']},,,,,,,"
        for row in rows
        if row["Type"] == "Transfer"
    ]


def test_the_demo_comes_out_the_same_from_the_files_of_its_broker_exchanges_and_wallet(tmp_path: Path) -> None:
    rows = demo()
    by_hand = [row for row in rows if is_by_hand(row)]
    hand = tmp_path / "by hand.csv"
    with hand.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(by_hand)
    lines, prices = kraken(rows)
    universal = (
        "Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth Amount,"
        "Net Worth Currency,Label,Description,TxHash"
    )
    trezor = file(tmp_path, "trezor.csv", universal, *wallet(rows))
    result = import_files(
        [
            hand,
            trezor,
            file(tmp_path, "schwab.csv", SCHWAB, *schwab(rows)),
            file(tmp_path, "coinbase.csv", COINBASE, *coinbase(rows)),
            file(tmp_path, "kraken.csv", KRAKEN, *lines),
        ],
        output=tmp_path / "book.xlsx",
        time_zone="America/New_York",
        accounts={trezor: "Trezor"},
        prices=[file(tmp_path, "prices.csv", "Asset,Date,Price", *prices)],
    )
    assert result.unsettled == ()
    assert result.rows_added == len(rows)
    folder = Path(str(files("capgain.workbook.demo")))
    settings = csv.DictReader((folder / "settings.csv").read_text().splitlines())
    accounts = csv.DictReader((folder / "accounts.csv").read_text().splitlines())
    overrides = [f"{row['Name']}={row['Value']}" for row in settings]
    overrides += [f"Account {row['Account']}={row['Kind']}" for row in accounts]
    original = compute(read_ledger_file(folder / "ledger.csv", overrides=overrides).ledger)
    rebuilt = compute(read_ledger_file(result.output, overrides=overrides).ledger)
    assert [problem.message for problem in rebuilt.problems if problem.is_error] == []
    assert set(original.years) == set(rebuilt.years)
    for year, expected in original.years.items():
        found = rebuilt.years[year].form_8949.boxes
        assert list(expected.form_8949.boxes) == list(found)
        for box, totals in expected.form_8949.boxes.items():
            assert totals.rows == found[box].rows
            # The demo states fees paid in coin in whole cents; here they come from the trade's own value.
            assert abs(totals.gain - found[box].gain) <= Decimal("0.02")
            assert abs(totals.proceeds - found[box].proceeds) <= Decimal("0.02")
