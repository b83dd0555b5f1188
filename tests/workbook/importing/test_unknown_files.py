"""Files that no format knows: a near miss is named, one's own sheet is a ledger, for others a mapping is drafted."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from capgain.workbook.importing.draft_format import DraftFormat
from capgain.workbook.importing.import_files import import_files
from capgain.workbook.importing.near_miss import NearMiss
from capgain.workbook.importing.reading_files import UnknownFiles
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.written.date_orders import DateOrder

from .builders import file, ledger, run

OWN = "Trade Date,Transaction,Ticker,No. of Shares,Price/Share,Fees & Comm,Broker"


def draft(folder: Path, header: str, *lines: str) -> DraftFormat:
    source = file(folder, "new.csv", header, *lines)
    with pytest.raises(UnknownFiles) as unknown:
        import_files([source], output=folder / "book.xlsx")
    assert not (folder / "book.xlsx").exists()
    found = unknown.value.open_drafts["new.csv"]
    tomllib.loads(found.text())
    return found


def kinds(found: DraftFormat) -> dict[str, object]:
    (table,) = tomllib.loads(found.text())["table"]
    said: dict[str, object] = table["kinds"]
    return said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((",Price", ",Rate"), "looks like Schwab.*'Price' is missing; the file has 'Rate', which is read as none"),
        (
            ("Date,Action,Symbol,Description", "Trade Date,Action,Symbol"),
            "'Trade Date', .*'Description' is missing\\. Exp",
        ),
        (("Fees & Comm,", ""), "'Fees & Comm' is missing"),
        (("Date,", "Day,"), "'Date' is missing"),
    ],
)
def test_a_header_that_lacks_a_column_of_a_known_format_says_which(
    change: tuple[str, str], says: str, tmp_path: Path
) -> None:
    header = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount".replace(*change)
    with pytest.raises(NearMiss, match=says):
        run(tmp_path, file(tmp_path, "s.csv", header, "01/05/2025,Buy,VTI,FUND,10,250,1,-2501"))


def test_a_statement_with_dollars_on_the_other_side(tmp_path: Path) -> None:
    found = draft(
        tmp_path,
        "Booked,What,Paper,Pieces,Each,Charge,Net",
        "2024-03-04,PURCHASE,VTI,10,250.00,1.50,-2501.50",
        "2025-04-07,SALE,VTI,4,270.00,1.50,1078.50",
        "2025-04-08,CASH IN,,,,,500.00",
        "2025-04-09,CASH IN,,,,,700.00",
    )
    assert found.columns == {
        "at": "Booked",
        "kind": "What",
        "asset": "Paper",
        "quantity": "Pieces",
        "price": "Each",
        "net": "Net",
        "fee": "Charge",
    }
    assert (found.zone, found.account_kind) == ("", "brokerage")
    said = kinds(found)
    assert (said["PURCHASE"], said["SALE"]) == ("buy", "sell")
    assert said["CASH IN"] == {"refuse": "not decided. Say in the mapping what it becomes"}
    assert "# 2 rows, the first in line 4" in found.text()


def test_one_signed_amount_and_a_reference_are_legs(tmp_path: Path) -> None:
    found = draft(
        tmp_path,
        "when,what,ref,coin,change",
        "2024-05-01 14:00:00,swap,A7,BTC,0.02",
        "2024-05-01 14:00:00,swap,A7,USD,-1200",
        "2024-05-01 14:00:00,swap fee,A7,USD,-3",
    )
    assert (found.as_legs, found.group, found.zone) == (True, ("ref",), None)
    assert kinds(found) == {"swap": "leg", "swap fee": "fee leg"}
    assert 'time_zone = "ask"' in found.text()


@pytest.mark.parametrize(
    "header",
    [
        "Moment,Kind,Gave,Gave Coin,Got,Got Coin",
        "Timestamp,Type,Sent Amount,Sent Currency,Received Amount,Received Currency",
        "Date (UTC),Action,Sell Amount (Optional),Sell Cur.,Buy Amount (Optional),Buy Cur.",
        "Created_At,Event,Out,Cur.,In,Cur.",
        "When,What,From Amount,From Coin,To Amount,To Coin",
    ],
)
def test_two_sides_are_known_by_many_names(header: str, tmp_path: Path) -> None:
    names = header.split(",")
    found = draft(tmp_path, header, "2024-08-01T15:00:00Z,swap,2,SOL,300,USDC")
    given, got = [names[2], names[3]], [names[4], names[5] if names[5] != names[3] else f"{names[5]}#2"]
    assert [found.columns[one] for one in ("sent_quantity", "sent_asset")] == given
    assert [found.columns[one] for one in ("received_quantity", "received_asset")] == got
    assert kinds(found) == {"swap": "exchange"}


def test_base_and_quote_change_sides_with_the_kind(tmp_path: Path) -> None:
    found = draft(
        tmp_path,
        "UTC_Time,Side,Base Currency (Optional),Base Amount,Quote Currency,Quote Amount",
        "03/04/2024 10:00:00,buy,BTC,0.1,USD,4200",
        "05/06/2024 10:00:00,sell,BTC,0.1,USD,5000",
    )
    assert (found.zone, found.order, found.first_date[:10]) == ("UTC", None, "03/04/2024")
    found.order = DateOrder.DAY_FIRST
    mapping = tmp_path / "new.format.toml"
    mapping.write_text(found.text(), encoding="utf-8")
    result = run(tmp_path, tmp_path / "new.csv", formats=[mapping])
    assert ledger(result, "Date", "Type", "Asset", "Amount") == [
        ("2024-04-03 06:00:00", "Buy", "BTC", "4200"),
        ("2024-06-05 06:00:00", "Sell", "BTC", "5000"),
    ]


def test_a_column_of_dollars_is_told_to_be_after_the_fee_by_its_figures(tmp_path: Path) -> None:
    found = draft(tmp_path, "Day,What,Paper,Pieces,Each,Charge,Value", "2024-03-04,Buy,VTI,10,250,1.50,2501.50")
    assert found.columns["net"] == "Value"
    assert found.notes == ["Value is after the fee: line 2: 2500 before, fee 1.50, 2501.50 after."]


def test_a_sheet_of_ones_own_is_a_ledger(tmp_path: Path) -> None:
    source = file(
        tmp_path, "my.csv", OWN, "01/15/2024,Buy,VTI,10,240,1.00,Fidelity", "03/20/2025,sold,VTI,4,270,,Fidelity"
    )
    result = run(tmp_path, source)
    assert ledger(result, "Date", "Type", "Quantity", "Price", "Fee", "Account") == [
        ("2024-01-15", "Buy", "10", "240", "1.00", "Fidelity"),
        ("2025-03-20", "sold", "4", "270", "", "Fidelity"),
    ]


def test_its_dollars_after_the_fee_stay_what_they_are(tmp_path: Path) -> None:
    header = "Trade Date,Transaction,Ticker,No. of Shares,Net Amount,Fees & Comm,Broker"
    result = run(tmp_path, file(tmp_path, "my.csv", header, "01/15/2024,Buy,VTI,10,2401,1,Fidelity"))
    assert ledger(result, "Net", "Fee", "Amount") == [("2401", "1", "")]


@pytest.mark.parametrize(
    ("column", "says"),
    [("Wash Disallowed", "bears on"), ("Shares", "Quantity may be 'No. of Shares' or 'Shares'")],
)
def test_what_bears_on_a_number_and_is_not_read_is_refused(column: str, says: str, tmp_path: Path) -> None:
    source = file(tmp_path, "my.csv", f"{OWN},{column}", "01/15/2024,Buy,VTI,10,240,1.00,Fidelity,5")
    with pytest.raises(UnreadableImport, match=says):
        run(tmp_path, source)


def test_a_sheet_with_a_word_that_is_no_type_of_the_ledger_is_none(tmp_path: Path) -> None:
    source = file(
        tmp_path, "my.csv", OWN, "01/15/2024,Buy,VTI,10,240,1.00,Fidelity", "01/16/2024,Promo,VTI,1,,,Fidelity"
    )
    with pytest.raises(UnknownFiles):
        run(tmp_path, source)


def test_from_and_to_alone_are_addresses_and_leave_units_and_asset_to_their_columns(tmp_path: Path) -> None:
    header = "Date,Type,Asset,Amount,USD Value,From,To,Hash"
    found = draft(tmp_path, header, "01/15/2024 10:00,Received,ETH,0.5,1150,0xa,0xme,0x1")
    assert found.columns == {
        "at": "Date",
        "kind": "Type",
        "asset": "Asset",
        "quantity": "Amount",
        "value": "USD Value",
        "id": "Hash",
    }


def test_from_and_to_with_a_coin_beside_each_are_the_sides(tmp_path: Path) -> None:
    found = draft(tmp_path, "When,What,From,Coin,To,Coin", "2024-01-15 10:00,swap,1,ETH,2300,USDC")
    assert {one: name for one, name in found.columns.items() if one.startswith(("sent", "received"))} == {
        "sent_quantity": "From",
        "sent_asset": "Coin",
        "received_quantity": "To",
        "received_asset": "Coin#2",
    }
