"""Numbers and dates of imported files: read as those of a ledger are, and not read where those are not."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.importing.decimal_commas import Decimals
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import COINBASE, coinbase, file, kraken, ledger, run

LEDGER = "Date,Type,Asset,Quantity,Amount,Fee,Account,Class"


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("1.23457E+11", '"1.23457E+11" has lost digits on its way through a spreadsheet.'),
        ("1E5", '"1E5" has lost digits on its way through a spreadsheet.'),
        ('"1,5"', '"1,5" could be read as more than one number.'),
        ('"1.234,56"', '"1.234,56" could be read as more than one number.'),
        ("(-5)", '"(-5)" has more than one sign.'),
        ("１０", '"１０" is not a number.'),
        ("#N/A", "The cell shows the error #N/A."),
    ],
)
def test_a_number_that_a_ledger_would_refuse_is_an_open_item_with_its_reason(
    amount: str, says: str, tmp_path: Path
) -> None:
    result = run(tmp_path, kraken(tmp_path, f"T1,R1,2025-03-01 12:00:00,deposit,,currency,XXBT,{amount},0,0"))
    (problem,) = result.problems
    assert problem.message == says
    assert result.rows_added == 0


def test_a_lone_comma_of_a_file_that_separates_by_semicolons_is_not_guessed(tmp_path: Path) -> None:
    header = COINBASE.replace(",", ";")
    lines = [
        f"cb-{place};2025-03-01 12:00:00 UTC;Buy;BTC;{quantity};USD;84000;840;845;5;"
        for place, quantity in enumerate(("1,234", "1,5", "1,234.5", "1234.5", "1.5"))
    ]
    result = run(tmp_path, file(tmp_path, "coinbase.csv", header, *lines))
    assert ledger(result, "Quantity") == [("1.5",), ("1234.5",), ("1234.5",)]
    assert [problem.message for problem in result.problems] == [
        f'"{quantity}" could be read as more than one number.' for quantity in ("1,234", "1,5")
    ]


def test_a_price_file_that_separates_by_semicolons_is_no_exception(tmp_path: Path) -> None:
    prices = file(tmp_path, "prices.csv", "Asset;Date;Price", "BTC;2025-03-01;1,234")
    with pytest.raises(UnreadableImport, match="more than one number"):
        run(tmp_path, coinbase(tmp_path), prices=[prices])


class TestALedgerOfOurs:
    """A CSV in the columns of the Ledger says the same whether it is imported or computed from."""

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ('2025-03-01,Buy,BTC,"1,5",100,0,Kraken,crypto', "AMBIGUOUS_NUMBER"),
            ("2025-03-01,Buy,BTC,1 BTC,100,0,Kraken,crypto", "NOT_A_NUMBER"),
            ("2025-03-01,Buy,BTC,1,1E5,0,Kraken,crypto", "NUMBER_LOST_DIGITS"),
            ("2025-03-01,Buy,BTC,1,-,0,Kraken,crypto", "MISSING_VALUE"),
            ("2025-03-01,Buy,BTC,1,100,n/a,Kraken,crypto", "NOT_A_NUMBER"),
        ],
    )
    def test_what_is_no_number_is_left_to_the_reader_of_ledgers(self, row: str, code: str, tmp_path: Path) -> None:
        source = file(tmp_path, "ledger.csv", LEDGER, row)
        (computed,) = [problem for problem in read_ledger_file(source).ledger.problems if problem.is_error]
        book = run(tmp_path, source).output
        (imported,) = [problem for problem in read_ledger_file(book).ledger.problems if problem.is_error]
        assert (computed.code, imported.code) == (code, code)

    def test_a_year_of_two_digits_is_no_more_read_than_in_a_ledger(self, tmp_path: Path) -> None:
        source = file(tmp_path, "ledger.csv", LEDGER, "3/1/25,Buy,BTC,1,100,0,Kraken,crypto")
        (problem,) = run(tmp_path, source).problems
        assert problem.message == '"3/1/25" has a year of two digits.'

    def test_a_lone_comma_under_semicolons_is_not_lost_on_the_way(self, tmp_path: Path) -> None:
        rows = "2025-03-01;Buy;BTC;1,234;100;0;Kraken;crypto", "2025-03-02;Buy;BTC;1234;100;0;Kraken;crypto"
        path = file(tmp_path, "ledger.csv", LEDGER.replace(",", ";"), *rows)
        with pytest.raises(UnreadableImport, match=r"1,234 may be 1234 or 1\.234"):
            run(tmp_path, path)
        assert ledger(run(tmp_path, path, decimals=Decimals.POINT), "Quantity") == [("1234",), ("1234",)]


def test_what_a_formula_leaves_behind_in_a_workbook_is_dropped_as_in_a_ledger(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(COINBASE.split(","))
    book.active.append(["cb-1", "2025-03-01 12:00:00 UTC", "Buy", "BTC", 0.1 + 0.2, "USD", 84000, 840, 845, 5.0, None])
    book.save(tmp_path / "coinbase.xlsx")
    result = run(tmp_path, tmp_path / "coinbase.xlsx")
    assert ledger(result, "Quantity", "Fee") == [("0.3", "5")]


@pytest.mark.parametrize(
    ("line", "is_text"),
    [
        ('"For all accounts, the day of the activity is shown, not the day of payment."', True),
        ('"","","The data shown is for the use of its owner alone."', True),
        ("Two words", False),
        ('"2025-03-01;Buy;ABC;A Company of Five Whole Words;10"', False),
        ('"March 1, 2025;Buy;ABC;A Company of Five Whole Words;10;1,000"', False),
    ],
)
def test_a_sentence_below_the_rows_is_none_of_them(line: str, is_text: bool, tmp_path: Path) -> None:
    row = "03/03/2025,Buy,ABC,ABC INC,10,$100.00,,-$1000.00"
    result = run(
        tmp_path, file(tmp_path, "s.csv", "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount", row, line)
    )
    assert result.rows_added == 1
    assert [one.reason for one in result.ignored] == (["a line of text, no row of the table"] if is_text else [])
    assert len(result.problems) == (0 if is_text else 1)


def test_a_header_is_found_whatever_stands_in_its_first_columns(tmp_path: Path) -> None:
    """Six columns that no format knows, then those of closed lots."""
    header = "A1,A2,A3,A4,A5,A6,SYMBOL,OPEN_DATE,CLOSE_DATE,QUANTITY,COST,PROCEEDS"
    lots = file(tmp_path, "lots.csv", header, "x,x,x,x,x,x,ABC,01/02/2024,03/04/2025,10,1000.00,1200.00")
    result = run(tmp_path, lots, lots=True)
    assert ledger(result, "Type", "Asset", "Quantity") == [("Opening", "ABC", "10"), ("Sell", "ABC", "10")]


def test_fills_of_coinbase_pro_and_its_account_statement_tell_of_a_trade_once(tmp_path: Path) -> None:
    fills = file(
        tmp_path,
        "fills.csv",
        "portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit",
        "default,501,BTC-USD,BUY,2020-02-03T15:00:00.250Z,0.02,BTC,9000,0.9,-180.9,USD",
    )
    statement = file(
        tmp_path,
        "account.csv",
        "portfolio,type,time,amount,balance,amount/balance unit,transfer id,trade id,order id",
        "default,match,2020-02-03T15:00:00.250Z,-180,20,USD,,501,o1",
        "default,match,2020-02-03T15:00:00.250Z,0.02,0.02,BTC,,501,o1",
        "default,fee,2020-02-03T15:00:00.250Z,-0.9,19.1,USD,,501,o1",
    )
    assert run(tmp_path, fills, statement).rows_added == 1
    book = run(tmp_path, statement).output
    assert run(tmp_path, fills, into=book).rows_added == 0
    book = run(tmp_path, fills).output
    assert run(tmp_path, statement, into=book).rows_added == 0


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        (
            "Trade Date,Settlement Date,Account #,Type,Description 1 ,Description 2,Symbol/CUSIP #,Quantity,Price ($),"
            "Amount ($)",
            "4/22/2025,4/22/2025,53X,SecurityTransactions,Dividend,ZEXQ FUND,ZXQ,70,--,0.00",
            "'Dividend' of no dollars with 70 ZXQ: shares came, or they were taken back.",
        ),
        (
            "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),Amount ($)",
            "04/22/2025,JOURNALED SPP PURCHASE CREDIT,,ZEXQ CORP,Shares,12,,,,",
            "The row moves 12 units and does not say of what.",
        ),
        (
            "Date & Time;Type;Transaction ID;Addresses;Fee;Total",
            "2025-04-22 02:58:40 UTC;RECV;t1;3Yk;0.0003;0.05",
            "The row names no asset.",
        ),
    ],
)
def test_units_are_not_passed_over_as_dollars(header: str, row: str, says: str, tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "history.csv", header, row))
    assert [problem.message for problem in result.problems] == [says]


def test_equal_fills_of_one_order_are_all_there_and_come_in_once(tmp_path: Path) -> None:
    header = (
        "Date,Type,Sub Type,Action,Symbol,Instrument Type,Description,Value,Quantity,Average Price,Commissions,Fees,"
        "Multiplier,Root Symbol,Underlying Symbol,Expiration Date,Strike Price,Call or Put,Order #,Total,Currency"
    )
    fill = (
        "2025-06-10T15:00:00-0500,Trade,Buy to Open,BUY_TO_OPEN,ZXQ,Equity,Bought 5,-50.00,5,-10.00,0.00,0.00,,,ZXQ,,,,"
        "900,-50.00,USD"
    )
    history = file(
        tmp_path, "history.csv", header, fill, fill, fill.replace(",5,-10", ",3,-10").replace("50.00", "30.00")
    )
    result = run(tmp_path, history)
    assert sorted(ledger(result, "Quantity")) == [("3",), ("5",), ("5",)]
    assert run(tmp_path, history, into=result.output).rows_added == 0


LOTS_OF_SCHWAB = (
    "Symbol,Name,Closed Date,Opened Date,Quantity,Proceeds Per Share,Cost Per Share,Proceeds,Cost Basis (CB),"
    "Gain/Loss ($),Gain/Loss (%),Long Term Gain/Loss,Short Term Gain/Loss,Term,Unadjusted Cost Basis,Wash Sale?,"
    "Disallowed Loss"
)


def test_lots_of_all_accounts_stay_in_the_account_above_them(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "lots.csv",
        "Realized Gain/Loss - Lot Details for All_Accounts as of Tue Mar 03  19:13:09 EDT 2026",
        "Individual ...987",
        LOTS_OF_SCHWAB,
        "ZXQ,ZEXQ CORP,01/05/2026,01/02/2025,10,$12.00,$10.00,$120.00,$100.00,$20.00,20%,$20.00,,Long Term,$100.00,No,",
        "Roth Contributory IRA ...654",
        LOTS_OF_SCHWAB,
        "YWV,YWEV INC,01/08/2026,02/02/2025,5,$11.00,$10.00,$55.00,$50.00,$5.00,10%,,$5.00,Short Term,$50.00,No,",
    )
    result = run(tmp_path, path, lots=True)
    assert set(ledger(result, "Asset", "Account")) == {
        ("ZXQ", "Schwab Individual 987"),
        ("YWV", "Schwab Roth Contributory IRA 654"),
    }
    assert not result.problems


def test_a_mark_before_every_cell_is_no_part_of_it(tmp_path: Path) -> None:
    header = (
        "id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,"
        "Position Balance,Balance Change,Balance,Balance Unit"
    )
    lines = (
        header,
        "1,7,2025-11-29 08:25:29,Spot,ETH-USD,Buy,2,ETH,3000,0,0,ETH,0,0,2,2,ETH",
        "2,7,2025-11-29 08:25:29,Spot,ETH-USD,Sell,6000,USD,3000,0,0,USD,0,0,-6000,0,USD",
    )
    marked = ["\ufeff" + line.replace(",", ",\ufeff") for line in lines]
    result = run(tmp_path, file(tmp_path, "okx.csv", "\ufeffUID:1,\ufeffTime Zone:UTC+3", *marked))
    assert ledger(result, "Asset", "Quantity", "Amount") == [("ETH", "2", "6000")]


def test_a_fee_is_read_whether_its_heading_says_optional_or_not(tmp_path: Path) -> None:
    header = (
        "Date (UTC),Platform,Asset Sent,Amount Sent,Asset Received,Amount Received,Fee Currency,Fee Amount,Type,"
        "Description,TxHash"
    )
    row = "2025-01-05 10:00:00,Coinbase,USD,1000,BTC,0.01,USD,5,Trade,,h1"
    result = run(tmp_path, file(tmp_path, "coinledger.csv", header, row))
    assert ledger(result, "Asset", "Quantity", "Fee") == [("BTC", "0.01", "5")]


NEXO_2021 = "Transaction,Type,Currency,Amount,USD Equivalent,Details,Outstanding Loan,Date / Time"
NEXO = (
    "Transaction,Type,Input Currency,Input Amount,Output Currency,Output Amount,USD Equivalent,Details,"
    "Date / Time (UTC)"
)


class TestNexo:
    def test_an_old_exchange_names_both_coins_and_both_amounts_in_two_cells(self, tmp_path: Path) -> None:
        rows = (
            "N1,Exchange,BTC/NEXONEXO,-0.01 / +200.5,$500.00,approved / Exchange,$0.00,2021-04-01 10:00:00",
            "N2,Interest,NEXONEXO,1.5,$3.00,approved / Interest,$0.00,2021-04-02 10:00:00",
        )
        result = run(tmp_path, file(tmp_path, "nexo.csv", NEXO_2021, *rows))
        assert ledger(result, "Type", "Asset", "Quantity", "Received Asset", "Received Quantity", "Amount") == [
            ("Trade", "BTC", "0.01", "NEXO", "200.5", "500"),
            ("Income", "NEXO", "1.5", "", "", "3"),
        ]

    @pytest.mark.parametrize("amount", ["510", "+510", "-510"])
    def test_one_amount_for_two_coins_is_asked_about_with_the_true_reason(self, amount: str, tmp_path: Path) -> None:
        row = f"N3,Exchange,BTC/USDC,{amount},$510.00,approved / Exchange,$0.00,2021-04-03 10:00:00"
        (problem,) = run(tmp_path, file(tmp_path, "nexo.csv", NEXO_2021, row)).problems
        assert "tells the units of one of two coins" in problem.message

    @pytest.mark.parametrize(("coin", "asked"), [("xUSD", 0), ("USDT", 1)])
    def test_interest_paid_on_the_loan_is_never_income(self, coin: str, asked: int, tmp_path: Path) -> None:
        row = f"N4,Interest,{coin},-1.5,{coin},-1.5,$1.50,approved / Interest,2023-04-05 10:00:00"
        result = run(tmp_path, file(tmp_path, "nexo.csv", NEXO, row))
        assert (result.rows, len(result.problems), len(result.ignored)) == ((), asked, 1 - asked)


def test_a_conversion_at_coinbase_pro_is_the_purchase_of_a_stablecoin(tmp_path: Path) -> None:
    header = "portfolio,type,time,amount,balance,amount/balance unit,transfer id,trade id,order id"
    rows = (
        "default,conversion,2021-01-07T10:00:00.000Z,-100,397.50,USD,t9,,",
        "default,conversion,2021-01-07T10:00:00.000Z,100,100,USDC,t9,,",
    )
    result = run(tmp_path, file(tmp_path, "account.csv", header, *rows))
    assert ledger(result, "Type", "Asset", "Quantity", "Amount") == [("Buy", "USDC", "100", "100")]
