"""Closed lots and Forms 1099: nothing twice, nothing that the ledger has, and the sheet 1099 beside it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from capgain.engine.compute import compute
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import SCHWAB, book_of, file, ledger, run

FORM = (
    "1099-B,ACCOUNT NUMBER,TAX YEAR,DATE ACQUIRED,SALE DATE,DESCRIPTION,SHARES,COST BASIS,SALES PRICE,TERM,"
    "WASH AMT DISALLOWED,FORM8949CODE"
)
SALE = "1099-B,222222222,2025,20230203,20250814,SAMPLE,5,500.00,617.50,LONG,0,D"
PART = "1099-B,222222222,2025,20240203,20250814,SAMPLE,2,300.00,247.00,LONG,12.50,D"
LOTS = "Symbol,Description,Quantity,Closed Date,Proceeds,Cost Basis (CB),Gain/Loss ($),Opened Date"
AWARDS = (
    "Date,Action,Symbol,Description,Quantity,FeesAndCommissions,Amount,Type,Shares,SalePrice,PurchaseDate,VestDate,"
    "VestFairMarketValue,GrossProceeds,FairMarketValuePrice,NetSharesDeposited"
)
SOLD_ON = datetime(2025, 8, 14)
DEPOSIT = ("03/18/2025,Deposit,WDG,RS,20,,,,,,,,,,,", ",,,,,,,,,,,03/17/2025,,,$90.00,20")
SOLD = ("05/08/2025,Sale,WDG,Share Sale,8,$0.08,$799.92,,,,,,,,,", ",,,,,,,RS,8,$100.00,,03/17/2025,$90.00,$800.00,,")


def sheet(path: Path, name: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path, data_only=True)[name].iter_rows(values_only=True))


def test_without_the_option_the_ledger_stays_empty_and_the_import_says_what_it_would_enter(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "1099.csv", FORM, SALE, PART))
    assert result.rows == ()
    assert "2 sales are not in the ledger; --lots enters them as Opening and Sell." in result.notices
    headings, *rows = sheet(result.output, "1099")
    lots = [{name: value for name, value in zip(headings, row, strict=True) if value is not None} for row in rows]
    of_both = {"Broker": "Robinhood 2222", "Form": "1099-B", "Box": "D", "Asset": "SAMPLE", "Sold": SOLD_ON}
    assert lots == [
        {**of_both, "Quantity": 5, "Acquired": datetime(2023, 2, 3), "Proceeds": 617.5, "Basis": 500, "Wash": 0},
        {**of_both, "Quantity": 2, "Acquired": datetime(2024, 2, 3), "Proceeds": 247, "Basis": 300, "Wash": 12.5},
    ]


def test_equal_lots_of_a_form_are_as_many_as_the_form_has(tmp_path: Path) -> None:
    first = run(tmp_path, file(tmp_path, "1099.csv", FORM, SALE, SALE))
    assert len(sheet(first.output, "1099")) == 3
    again = run(tmp_path, file(tmp_path, "1099.csv", FORM, SALE, SALE, SALE), into=first.output)
    assert len(sheet(again.output, "1099")) == 4
    other = SALE.replace("617.50", "620.00")
    changed = run(tmp_path, file(tmp_path, "1099.csv", FORM, other), into=first.output)
    assert len(sheet(changed.output, "1099")) == 4
    assert any("the file says Proceeds 620" in notice for notice in changed.notices)


def test_a_sheet_without_columns_for_lots_gets_totals(tmp_path: Path) -> None:
    book = book_of(
        tmp_path / "book.xlsx",
        Ledger=[("Date", "Type", "Asset", "Quantity", "Amount", "Account")],
        **{"1099": [("Broker", "Form", "Box", "Asset", "Proceeds", "Basis", "Wash")]},
    )
    run(tmp_path, file(tmp_path, "1099.csv", FORM, SALE, PART), into=book)
    assert sheet(book, "1099")[1:] == [("Robinhood 2222", "1099-B", "D", "SAMPLE", 864.5, 800, 12.5)]


def test_sales_of_another_year_than_the_tax_year_are_said_to_drive_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "1099.csv", FORM, SALE.replace("20250814", "20240814")))
    year = datetime.now().year - 1
    said = [notice for notice in result.notices if "drive nothing" in notice]
    assert len(said) == (1 if year != 2024 else 0)


@pytest.mark.parametrize(
    ("more", "is_carried"),
    [
        ((), False),
        (("1099-B,222222222,2025,20250820,20251001,SAMPLE,1,112.50,90.00,SHORT,0,A",), True),
        (("1099-B,222222222,2025,20250920,20251001,SAMPLE,1,112.50,90.00,SHORT,0,A",), False),
        (("1099-B,222222222,2025,20250820,20251001,OTHER,1,112.50,90.00,SHORT,0,A",), False),
    ],
)
def test_a_loss_that_the_broker_disallows_blocks_until_a_purchase_carries_it(
    more: tuple[str, ...], is_carried: bool, tmp_path: Path
) -> None:
    result = run(tmp_path, file(tmp_path, "1099.csv", FORM, PART, *more), lots=True)
    found = [one for one in compute(read_ledger_file(result.output).ledger).problems if one.code == "STATED_WASH"]
    assert [one.blocks_filing for one in found] == ([] if is_carried else [True])
    if found:
        assert "12.50" in found[0].message


def test_a_note_says_which_purchase_carries_a_disallowed_loss(tmp_path: Path) -> None:
    columns = "Date,Type,Asset,Quantity,Amount,Account,Class,Lot,Code,Adjustment,Note"
    bought, sold = "2025-02-03,Buy,XYZ,5,450,Schwab,stock,A,,,", "2025-02-24,Sell,XYZ,5,400,Schwab,stock,A,W,50,"
    for note, blocks in (("", 1), ("row 9 of my IRA", 0)):
        read = read_ledger_file(file(tmp_path, "mine.csv", columns, bought, sold + note)).ledger
        assert sum(one.code == "STATED_WASH" for one in compute(read).problems) == blocks


def test_a_second_import_adds_neither_rows_nor_lines_of_the_form(tmp_path: Path) -> None:
    form = file(tmp_path, "1099.csv", FORM, SALE, PART)
    first = run(tmp_path, form, lots=True)
    forms = sheet(first.output, "1099")
    again = run(tmp_path, form, into=first.output, lots=True)
    assert len(first.rows) == 4
    assert again.rows == ()
    assert sheet(again.output, "1099") == forms
    assert again.duplicates == 2


def test_the_sale_of_the_ledger_goes_before_the_lot(tmp_path: Path) -> None:
    trades = file(
        tmp_path,
        "schwab.csv",
        SCHWAB,
        '"02/03/2023","Buy","XYZ","XYZ","5","$100","","-$500.00"',
        '"08/14/2025","Sell","XYZ","XYZ","5","$123.50","","$617.50"',
    )
    lots = file(
        tmp_path,
        "lots.csv",
        LOTS,
        "XYZ,XYZ,3,08/14/2025,370.50,300,70.50,02/03/2023",
        "XYZ,XYZ,2,08/14/2025,247,200,47,",
    )
    together = run(tmp_path, trades, lots, lots=True)
    assert [row.type for row in together.rows] == ["Buy", "Sell"]
    assert [one.reason for one in together.ignored] == ["the ledger has this sale"] * 2
    book = run(tmp_path, trades).output
    later = run(tmp_path, lots, into=book, lots=True)
    assert later.rows == ()
    assert not later.problems


def test_a_sale_of_which_the_ledger_has_a_part_is_an_open_item(tmp_path: Path) -> None:
    book = book_of(
        tmp_path / "book.xlsx",
        Ledger=[
            ("Date", "Type", "Asset", "Quantity", "Amount", "Account"),
            (date(2023, 2, 3), "Buy", "XYZ", 5, 500, "Schwab"),
            (date(2025, 8, 14), "Sell", "XYZ", 3, 370.5, "Schwab"),
        ],
    )
    lots = file(tmp_path, "lots.csv", LOTS, "XYZ,XYZ,5,08/14/2025,617.50,500,117.50,02/03/2023")
    result = run(tmp_path, lots, into=book, zone=None, lots=True)
    assert result.rows == ()
    (item,) = result.problems
    assert "sells 3 XYZ" in item.message


def test_what_the_sheet_has_of_a_form_stays_and_a_difference_is_said(tmp_path: Path) -> None:
    book = book_of(
        tmp_path / "book.xlsx",
        Ledger=[("Date", "Type", "Asset", "Quantity", "Amount", "Account")],
        **{
            "1099": [
                ("My forms",),
                ("Broker", "Form", "Box", "Asset", "Proceeds", "Basis", "Wash", "Reported", "Mine"),
                ("Robinhood 2222", "1099-B", "D", "SAMPLE", 600, 500, 0, None, "typed"),
            ]
        },
    )
    other = SALE.replace("SAMPLE", "OTHER")
    result = run(tmp_path, file(tmp_path, "1099.csv", FORM, SALE, other), into=book, zone=None)
    rows = sheet(book, "1099")
    assert rows[2] == ("Robinhood 2222", "1099-B", "D", "SAMPLE", 600, 500, 0, None, "typed")
    assert rows[3][:7] == ("Robinhood 2222", "1099-B", "D", "OTHER", 617.5, 500, 0)
    assert any("Sheet 1099, row 3: the file says Proceeds 617.50" in notice for notice in result.notices)


def test_a_disallowed_loss_stands_on_the_sell_and_asks_for_the_replacement(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "1099.csv", FORM, PART), lots=True)
    assert ledger(result, "Type", "Code", "Adjustment") == [("Opening", "", ""), ("Sell", "W", "12.50")]
    assert any("replacement purchase's basis was raised by 12.50" in notice for notice in result.notices)


def test_a_sale_of_awards_names_the_lot_that_an_earlier_file_opened(tmp_path: Path) -> None:
    book = run(tmp_path, file(tmp_path, "march.csv", AWARDS, *DEPOSIT)).output
    later = run(tmp_path, file(tmp_path, "may.csv", AWARDS, *SOLD), into=book)
    (opening,) = [row for row in sheet(book, "Ledger")[1:] if "Opening" in row]
    (sell,) = later.rows
    assert sell.type == "Sell"
    assert sell.values["Lot"] in opening
    both = run(tmp_path, file(tmp_path, "year.csv", AWARDS, *SOLD, *DEPOSIT))
    assert ledger(both, "Type", "Quantity") == [("Opening", "20"), ("Sell", "8")]
    assert both.rows[1].values["Lot"] == both.rows[0].values["Lot"]


def test_a_total_that_the_rows_do_not_come_to_is_said(tmp_path: Path) -> None:
    row, total = "XYZ,XYZ,5,08/14/2025,617.50,500,117.50,02/03/2023", "Total,,,,{},,,"
    fits = run(tmp_path, file(tmp_path, "lots.csv", LOTS, row, total.format("617.50")))
    lacks = run(tmp_path, file(tmp_path, "lots.csv", LOTS, row, total.format("700.00")))
    said = "the file's own total of proceeds is 700.00, its rows come to 617.50"
    assert not any("own total" in notice for notice in fits.notices)
    assert any(said in notice for notice in lacks.notices)


def test_a_lot_of_which_the_list_does_not_say_whether_it_is_covered_is_asked_for(tmp_path: Path) -> None:
    header = (
        "Record Type,Symbol,Plan Type,Quantity,Date Acquired,Acquisition Cost,Adjusted Cost Basis,Date Sold,"
        "Total Proceeds,Covered Status"
    )
    row = "Sell,XYZ,RS,8,04/15/2025,$0.00,$2800.00,04/24/2025,$2864.00,"
    covered = run(tmp_path, file(tmp_path, "g.csv", header, f"{row}Covered"), lots=True)
    unsaid = run(tmp_path, file(tmp_path, "g.csv", header, row), lots=True)
    assert [r.values.get("Reported") for r in covered.rows if r.type == "Sell"] == ["basis"]
    assert not any("is covered" in notice for notice in covered.notices)
    assert [r.values.get("Reported") for r in unsaid.rows if r.type == "Sell"] == [None]
    assert any("does not say whether the sale of XYZ is covered" in notice for notice in unsaid.notices)


ACTIVITY = "Activity Date,Process Date,Settle Date,Instrument,Description,Trans Code,Quantity,Price,Amount"
HISTORY = (
    '1/3/2023,1/3/2023,1/5/2023,EXM,Example,Buy,8,$100.00,"($800.00)"',
    "8/14/2025,8/14/2025,8/15/2025,EXM,Example,Sell,8,$95.00,$760.00",
)
NAMED = "1099-B,222222222,2025,20230103,20250814,EXAMPLE INC. COMMON STOCK,8,800.00,760.00,LONG,0,D"
OTHER = "1099-B,222222222,2025,20230103,20250914,EXAMPLE INC. COMMON STOCK,1,100.00,90.00,LONG,0,D"


def test_a_form_that_names_company_and_number_tells_of_the_sale_that_the_history_has_under_its_symbol(
    tmp_path: Path,
) -> None:
    form = file(tmp_path, "1099.csv", FORM, NAMED, OTHER)
    history = file(tmp_path, "rh.csv", ACTIVITY, *HISTORY)
    together = run(tmp_path, history, form, lots=True)
    names = [("Buy", "Robinhood", "EXM"), ("Opening", "Robinhood", "EXM"), *[("Sell", "Robinhood", "EXM")] * 2]
    assert sorted(ledger(together, "Type", "Account", "Asset")) == names
    assert [row[:4] for row in sheet(together.output, "1099")[1:]] == [("Robinhood", "1099-B", "D", "EXM")] * 2
    first = run(tmp_path, history)
    later = run(tmp_path, form, into=first.output, lots=True)
    assert sorted(ledger(later, "Type", "Account", "Asset")) == [*names[1:2], *names[3:]]
    assert run(tmp_path, form, into=first.output, lots=True).rows == ()


@pytest.mark.parametrize("change", [("760.00", "761.00"), (",8,", ",7,"), ("20250814", "20250815")])
def test_a_sale_of_other_units_dollars_or_another_day_is_not_that_of_the_history(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    form = file(tmp_path, "1099.csv", FORM, NAMED.replace(*change))
    result = run(tmp_path, file(tmp_path, "rh.csv", ACTIVITY, *HISTORY), form, lots=True)
    assert {row.values["Asset"] for row in result.rows} == {"EXM", "EXAMPLE INC. COMMON STOCK"}
    said = [notice for notice in result.notices if "called by names" in notice]
    assert len(said) == 1
    assert '--symbol "EXAMPLE INC. COMMON STOCK=SYMBOL"' in said[0]


def test_the_users_symbol_stands_for_a_name_and_makes_no_second_sale(tmp_path: Path) -> None:
    form = file(tmp_path, "1099.csv", FORM, NAMED)
    first = run(tmp_path, form, lots=True, symbols={"example inc.  common stock": "EXM"})
    assert {row.values["Asset"] for row in first.rows} == {"EXM"}
    assert run(tmp_path, form, into=first.output, lots=True).rows == ()


@pytest.mark.parametrize("history_first", [True, False])
def test_a_symbol_said_later_names_the_row_that_sheet_1099_has_and_adds_none(
    tmp_path: Path, history_first: bool
) -> None:
    form = file(tmp_path, "1099.csv", FORM, NAMED.replace("760.00", "759.98"))
    history = file(tmp_path, "rh.csv", ACTIVITY, *HISTORY)
    first, second = (history, form) if history_first else (form, history)
    book = run(tmp_path, second, into=run(tmp_path, first).output).output
    assert [row[3] for row in sheet(book, "1099")[1:]] == ["EXAMPLE INC. COMMON STOCK"]
    named = run(tmp_path, form, into=book, symbols={"EXAMPLE INC. COMMON STOCK": "EXM"})
    assert [row[:4] for row in sheet(book, "1099")[1:]] == [("Robinhood", "1099-B", "D", "EXM")]
    assert "Sheet 1099: 1 row now named as in the Ledger: EXM." in named.notices
    again = run(tmp_path, form, into=book, symbols={"EXAMPLE INC. COMMON STOCK": "EXM"})
    assert [row[3] for row in sheet(book, "1099")[1:]] == ["EXM"]
    assert not any("now named" in notice for notice in again.notices)


CLOSED = (
    "Symbol(CUSIP),Security Description,Quantity,Date Acquired,Date Sold,Proceeds,Cost Basis,"
    "Short Term Gain/Loss,Long Term Gain/Loss"
)
FIDELITY = (
    "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),Accrued Interest ($),"
    "Amount ($),Settlement Date"
)


def test_an_option_of_another_spelling_that_expired_is_the_one_of_the_history(tmp_path: Path) -> None:
    call = "CALL (SPY) SPDR MAR 19 25 $600 (100 SHS)"
    lots = f"SPY250319C600(8888888AB),{call},1,03/01/2025,03/19/2025,$0.00,$100.65,-$100.65,-"
    history = (
        f"03/01/2025,YOU BOUGHT OPENING TRANSACTION {call} (Margin), -SPY250319C600,{call},Margin,1,1,0.65,,,-100.65,",
        f"03/19/2025,EXPIRED {call} as of Mar-19-2025, -SPY250319C600,{call},Margin,-1,,,,,,",
    )
    closed = file(tmp_path, "Realized_Gain_Loss_Z11112222.csv", CLOSED, lots)
    result = run(tmp_path, closed, file(tmp_path, "History_for_Account_Z11112222.csv", FIDELITY, *history), lots=True)
    assert ledger(result, "Type", "Asset") == [("Buy", "-SPY250319C600"), ("Expire", "-SPY250319C600")]
    assert result.unsettled == ()
    alone = run(tmp_path, closed, lots=True)
    assert ledger(alone, "Type", "Amount", "Class") == [("Opening", "", "option"), ("Sell", "0", "option")]


WHOLE_FORM = f"{FORM},ACCRDMKTDISCOUNT,LOSSNOTALLOWED,FED TAX WITHHELD,ORDINARY,COLLECTIBLE"


def test_what_else_a_form_says_of_a_sale_is_on_the_sheet_1099(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "1099.csv", WHOLE_FORM, f"{SALE},12.50,X,4.00,N,N"), lots=True)
    headings, row = sheet(result.output, "1099")
    said = dict(zip(headings, row, strict=True))
    assert (said["Market Discount"], said["Loss Not Allowed"], said["Withheld"]) == (12.5, "yes", 4)


def test_what_a_form_calls_ordinary_waits_and_a_collectible_is_one(tmp_path: Path) -> None:
    ordinary, collectible = f"{SALE},,,,Y,N", f"{SALE.replace('SAMPLE', 'GOLD COIN')},,,,N,Y"
    result = run(tmp_path, file(tmp_path, "1099.csv", WHOLE_FORM, ordinary, collectible), lots=True)
    assert ["ordinary (box 2)" in one.message for one in result.problems] == [True]
    assert ledger(result, "Asset", "Class") == [("GOLD COIN", "collectible")] * 2


def test_a_form_without_a_basis_is_not_said_to_join_purchases(tmp_path: Path) -> None:
    row = SALE.replace(",500.00,", ",,").replace(",LONG,0,D", ",LONG,0,E")
    (item,) = run(tmp_path, file(tmp_path, "1099.csv", FORM, row), lots=True).problems
    assert "no basis" in item.message
    assert "various purchases" not in item.message
    assert "Acquired 2023-02-03" in item.remedy


def test_boxes_of_digital_assets_make_coins_of_a_list_that_names_no_form(tmp_path: Path) -> None:
    header = (
        "Description,Number of units,Date acquired,Date sold or disposed,Proceeds,Cost or other basis,Form 8949 Code"
    )
    rows = ("Bitcoin,0.5,2024-01-05,2025-03-05,45000,21000,K", "10 EXAMPLE 4% 2030,5,2024-01-05,2025-03-05,4,2,D")
    result = run(tmp_path, file(tmp_path, "l.csv", header, *rows), lots=True, account="Coinbase")
    assert set(ledger(result, "Asset", "Class")) == {("BTC", "crypto"), ("10 EXAMPLE 4% 2030", "bond")}
    assert ("Coinbase", "exchange") in [row[:2] for row in sheet(result.output, "Accounts")]
    assert [row[:4] for row in sheet(result.output, "1099")[1:]] == [
        ("Coinbase", "1099-DA", "K", "BTC"),
        ("Coinbase", "1099-B", "D", "10 EXAMPLE 4% 2030"),
    ]


def test_the_words_of_a_list_do_not_answer_where_a_disallowed_loss_went(tmp_path: Path) -> None:
    header = (
        "Symbol,Name,Closed Date,Opened Date,Quantity,Proceeds,Cost Basis (CB),Gain/Loss ($),Term,Wash Sale?,"
        "Disallowed Loss"
    )
    row = "EXM,EXAMPLE CORP,04/22/2025,04/01/2025,10,$90.00,$100.00,-$10.00,Short Term,Yes,$4.00"
    result = run(tmp_path, file(tmp_path, "lots.csv", header, row), lots=True)
    assert ledger(result, "Type", "Code", "Note") == [("Opening", "", "EXAMPLE CORP"), ("Sell", "W", "")]
    problems = compute(read_ledger_file(result.output).ledger).problems
    assert [one.blocks_filing for one in problems if one.code == "STATED_WASH"] == [True]


def classes_of(folder: Path, asset: str, account: str) -> dict[str, str]:
    """What the Ledger takes the asset of one closed lot for, and what it says of that."""
    row = f"{asset},01/05/2025,03/05/2025,650.00,170.00,2"
    lots = file(folder, "lots.csv", "Asset name,Date acquired,Date sold or disposed,Proceeds,Cost basis,Quantity", row)
    book = run(folder, lots, lots=True, account=account).output
    report = compute(read_ledger_file(book).ledger)
    return {
        "class": ", ".join(sorted({str(one.asset_class.value) for one in report.years[2025].dispositions})),
        "said": ", ".join(sorted({problem.code for problem in report.problems if problem.blocks_filing})),
    }


@pytest.mark.parametrize("coin", ["BTC", "JUP"])
def test_in_a_list_of_any_exchange_the_accounts_kind_says_that_what_was_sold_are_coins(
    coin: str, tmp_path: Path
) -> None:
    assert classes_of(tmp_path, coin, "Coinbase")["class"] == "crypto"


def test_a_coins_symbol_in_a_list_of_any_broker_is_asked_about(tmp_path: Path) -> None:
    assert "CLASS_FROM_KIND" in classes_of(tmp_path, "ETH", "Ally")["said"]
    assert "CLASS" not in classes_of(tmp_path, "AAPL", "Ally")["said"]


@pytest.mark.parametrize(
    ("header", "row", "asset"),
    [
        (
            "Fund name,Date acquired,Date sold,Shares,Total cost,Proceeds",
            'VANGUARD 500 INDEX,01/05/2020,03/05/2024,10,"2,500.00","4,500.00"',
            "VANGUARD 500 INDEX",
        ),
        (
            "Security Description,Security #,Quantity,Acquisition Date,Liquidation Date,Acquisition Cost,"
            "Liquidation Amount,Gain/Loss Amount",
            'VANGUARD 500 INDEX,VFIAX,10,01/05/2020,03/05/2024,"$2,500.00","$4,500.00","$2,000.00"',
            "VFIAX",
        ),
    ],
)
def test_lists_by_other_words_are_read(header: str, row: str, asset: str, tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "lots.csv", header, row), lots=True, account="Vanguard")
    assert ledger(result, "Type", "Asset", "Quantity", "Basis", "Amount") == [
        ("Opening", asset, "10", "2500.00", ""),
        ("Sell", asset, "10", "", "4500"),
    ]


@pytest.mark.parametrize("side", ["Buy", "Sell"])
def test_a_cancelled_order_of_schwab_says_which_row_is_to_go(side: str, tmp_path: Path) -> None:
    row = f'"03/26/2026","Cancel {side}","BRKB","BERKSHIRE","4","$477.40","","$1909.60"'
    (problem,) = run(tmp_path, file(tmp_path, "schwab.csv", SCHWAB, row)).problems
    assert problem.remedy == f"Take the {side} row it belongs to out of the Ledger."
