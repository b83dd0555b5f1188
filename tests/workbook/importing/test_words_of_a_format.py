"""What a mapping can say beside columns and kinds, and mappings that are refused because they do not fit the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from capgain.workbook.importing.import_files import ImportResult
from capgain.workbook.importing.mapping_checks import MappingRefused
from capgain.workbook.importing.row_moment import TimesWithoutZone
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.importing.source_tables import UnusableFormat
from capgain.workbook.written.date_orders import DateOrder

from .builders import ledger, run

TOP = 'name = "Acme"\nkind = "exchange"\ntime_zone = "UTC"\n'
COLUMNS = """
[table.columns]
at = "When"
kind = "What"
asset = "Coin"
quantity = "Units"
amount = "Dollars"
fee = "Charge?"
[table.kinds]
"buy" = "buy"
"sell" = "sell"
"""
TABLE = '[[table]]\nheaders = [["When", "What", "Coin", "Units", "Dollars"]]\n'


def acme(folder: Path, mapping: str, *lines: str, name: str = "acme.csv", **more: object) -> ImportResult:
    (folder / "acme.toml").write_text(mapping, encoding="utf-8")
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return run(folder, folder / name, formats=[folder / "acme.toml"], **more)


HEADER = "When,What,Coin,Units,Dollars,Charge"


@pytest.mark.parametrize(("order", "day"), [("mdy", "2024-03-04"), ("dmy", "2024-04-03")])
def test_the_mapping_says_the_order_of_dates(order: str, day: str, tmp_path: Path) -> None:
    mapping = f'{TOP}date_order = "{order}"\n{TABLE}{COLUMNS}'
    result = acme(tmp_path, mapping, HEADER, "03/04/2024 15:00:00,buy,BTC,1,900,")
    assert ledger(result, "Date") == [(f"{day} 11:00:00" if order == "dmy" else f"{day} 10:00:00",)]


def test_dates_that_fit_two_orders_are_refused_with_both_readings(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport, match=r"2024-03-04 \(MM/DD\) or 2024-04-03 \(DD/MM\).*--date-order"):
        acme(tmp_path, f"{TOP}{TABLE}{COLUMNS}", HEADER, "03/04/2024,buy,BTC,1,900,")
    assert not (tmp_path / "book.xlsx").exists()


def test_one_date_with_a_part_above_12_decides_for_the_whole_file(tmp_path: Path) -> None:
    lines = (HEADER, "03/04/2024,buy,BTC,1,900,", "25/04/2024,sell,BTC,1,950,")
    assert ledger(acme(tmp_path, f"{TOP}{TABLE}{COLUMNS}", *lines), "Date") == [("2024-04-03",), ("2024-04-25",)]


def test_a_stated_order_that_the_dates_contradict_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport, match="25/04/2024 is none as MM/DD"):
        acme(
            tmp_path,
            f"{TOP}{TABLE}{COLUMNS}",
            HEADER,
            "25/04/2024,buy,BTC,1,900,",
            order=DateOrder.MONTH_FIRST,
        )


def test_rows_of_another_status_are_ignored_but_for_what_was_filled(tmp_path: Path) -> None:
    mapping = f'{TOP}{TABLE}keep = {{ "Status" = ["Filled"] }}\n{COLUMNS}'.replace(
        'quantity = "Units"', 'quantity = "Done"\nfilled = "Done"'
    )
    result = acme(
        tmp_path,
        mapping,
        "When,What,Coin,Units,Dollars,Done,Status",
        "2024-03-04,buy,BTC,2,900,2,FILLED",
        "2024-03-05,buy,BTC,2,450,1,Canceled",
        "2024-03-06,buy,BTC,2,0,0,Canceled",
    )
    assert ledger(result, "Quantity", "Amount") == [("2", "900"), ("1", "450")]
    assert [(one.place.line, one.reason) for one in result.ignored] == [(4, "Status: Canceled")]


def test_details_stand_for_their_action_row_and_share_its_fee_to_the_cent(tmp_path: Path) -> None:
    mapping = f"{TOP}{TABLE}details = true\n{COLUMNS}"
    result = acme(
        tmp_path,
        mapping,
        HEADER,
        "2024-03-04,sell,WDG,,,1.00",
        ",,,3,300,",
        ",,,3,310,",
        ",,,3,320,",
        "2024-03-05,buy,WDG,5,600,2",
    )
    assert sorted(ledger(result, "Type", "Quantity", "Amount", "Fee", "Source Line"), key=lambda row: row[-1]) == [
        ("Sell", "3", "300", "0.33", "2, 3"),
        ("Sell", "3", "310", "0.33", "4"),
        ("Sell", "3", "320", "0.34", "5"),
        ("Buy", "5", "600", "2", "6"),
    ]
    (file,) = result.files
    assert (file.rows_read, file.ledger) == (5, 5)


def test_amounts_after_the_fee_are_brought_before_it(tmp_path: Path) -> None:
    mapping = f'{TOP}{TABLE}money = "net"\n{COLUMNS}'
    result = acme(tmp_path, mapping, HEADER, "2024-03-04,buy,BTC,1,901,1", "2024-03-05,sell,BTC,1,949,1")
    assert ledger(result, "Amount", "Fee") == [("900", "1"), ("950", "1")]


def test_units_after_a_fee_in_their_own_coin_are_brought_before_it(tmp_path: Path) -> None:
    columns = """
    [table.columns]
    at = "When"
    kind = "What"
    sent_quantity = "Out"
    sent_asset = "Of"
    received_quantity = "In"
    received_asset = "Of#2"
    fee_quantity = "Fee"
    fee_asset = "Of#3"
    value = "Dollars"
    [table.kinds]
    "trade" = "exchange"
    """
    table = '[[table]]\nheaders = [["When", "What", "Out", "In", "Of#3"]]\nmoney = "net"\n'
    lines = ("When,What,Out,Of,In,Of,Fee,Of,Dollars", "2024-03-04,trade,2,ETH,0.099,BTC,0.001,BTC,6000")
    result = acme(tmp_path, TOP + table + columns, *lines)
    assert ledger(result, "Received Quantity", "Fee Quantity", "Fee Asset") == [("0.100", "0.001", "BTC")]


@pytest.mark.parametrize(
    ("words", "header", "first"),
    [
        ("", "When (UTC+08:00),What,Coin,Units,Dollars", ""),
        ("", "When (UTC),What,Coin,Units,Dollars", "Time Zone:UTC+8"),
        ('zone_from = { title = "re:clock of (\\\\S+)" }\n', "When,What,Coin,Units,Dollars", "clock of +08:00"),
        ('zone_from = { column = "Zone" }\n', "When,What,Coin,Units,Dollars,Zone", ""),
    ],
)
def test_the_zone_comes_from_heading_title_or_column(words: str, header: str, first: str, tmp_path: Path) -> None:
    mapping = f"{TOP}{words}{TABLE}{COLUMNS}".replace('"When"', '"When*"')
    row = "2024-03-04 20:00:00,buy,BTC,1,900,UTC+8" if "Zone" in header else "2024-03-04 20:00:00,buy,BTC,1,900"
    assert ledger(acme(tmp_path, mapping, *filter(None, (first, header, row))), "Date") == [("2024-03-04 07:00:00",)]


def test_times_whose_zone_only_the_user_knows_wait_for_it(tmp_path: Path) -> None:
    mapping = f"{TOP}{TABLE}{COLUMNS}".replace('"UTC"', '"ask"')
    lines = (HEADER, "2024-03-04 15:00:00,buy,BTC,1,900,")
    with pytest.raises(TimesWithoutZone, match='--source-zone "Acme=UTC"'):
        acme(tmp_path, mapping, *lines)
    result = acme(tmp_path, mapping, *lines, source_zones={"Acme": "UTC"})
    assert ledger(result, "Date") == [("2024-03-04 10:00:00",)]


def test_a_column_the_file_lacks_is_named_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    mapping = f"{TOP}{TABLE}{COLUMNS}".replace('"Charge?"', '"Charges"')
    with pytest.raises(MappingRefused, match=r"acme.toml, line \d+, reads fee .*'Charges'.* The nearest is 'Charge'"):
        acme(tmp_path, mapping, HEADER, "2024-03-04,buy,BTC,1,900,")


def test_a_column_that_may_be_missing_is_no_fault(tmp_path: Path) -> None:
    result = acme(tmp_path, f"{TOP}{TABLE}{COLUMNS}", "When,What,Coin,Units,Dollars", "2024-03-04,buy,BTC,1,900")
    assert result.rows_added == 1


@pytest.mark.parametrize("heading", ["Total Coin", "Currency", "Ccy", "Paid In Unit", "base_asset", "PriceCurrency"])
def test_money_beside_an_unread_column_of_several_currencies_is_refused(heading: str, tmp_path: Path) -> None:
    lines = (f"{HEADER},{heading}", "2024-03-04,buy,BTC,1,900,,USD", "2024-03-05,buy,ETH,1,0.05,,BTC")
    with pytest.raises(MappingRefused, match=heading):
        acme(tmp_path, f"{TOP}{TABLE}{COLUMNS}", *lines)


def test_an_unread_column_of_dollars_alone_is_none_of_its_business(tmp_path: Path) -> None:
    lines = (f"{HEADER},Currency", "2024-03-04,buy,BTC,1,900,,USD", "2024-03-05,buy,ETH,1,2000,,USD")
    assert acme(tmp_path, f"{TOP}{TABLE}{COLUMNS}", *lines).rows_added == 2


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ('date_order = "ydm"\n', "it can be mdy, dmy, ymd"),
        ('account_from = { title = "re:account" }\n', "needs a group"),
        ("colour = 1\n", "colour means nothing here"),
    ],
)
def test_a_word_that_says_nothing_is_refused(word: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableFormat, match=says):
        acme(tmp_path, f"{TOP}{word}{TABLE}{COLUMNS}", HEADER, "2024-03-04,buy,BTC,1,900,")
