"""Which account a row is of: by the row, the lines above the header, the file; and one event told in two ways."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.importing.source_accounts import kind_by_words, stated_above, stated_by_file
from capgain.workbook.reading.accounts import WHOSE_RETURN
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import COINBASE, SCHWAB, book_of, coinbase, file, ledger, run

BUY = '"01/05/2025","Buy","AAPL","APPLE INC","10","$100","","-$1000.00"'
NEW_BUY = "623d,2022-03-25 06:45:27 UTC,Buy,BTC,0.01,USD,40000,400,404,4,"
OLD = (
    "Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,"
    "Total (inclusive of fees),Fees,Notes"
)
OLD_BUY = "2022-03-25T06:45:27Z,Buy,BTC,0.01,USD,40000,400.00,404.00,4.00,"


@pytest.mark.parametrize(
    ("line", "name", "number"),
    [
        ("Transactions  for account Roth IRA ...111 as of 05/03/2025 02:21:05 PM ET", "Roth IRA", "111"),
        ("Account Activity for Individual Brokerage -0000 from Prior Year", "Individual Brokerage", "0000"),
        ("For Account:,####2641", "", "2641"),
        ("Selected account(s):CMA-Edge 5X6-12345", "CMA-Edge 5X6-12345", ""),
        ("Brokerage", "", ""),
    ],
)
def test_lines_above_the_header_name_the_account(line: str, name: str, number: str) -> None:
    said = stated_above([line])
    assert (said.name, said.number) == (name, number)


@pytest.mark.parametrize(
    ("file_name", "name", "number"),
    [
        ("Roth_IRA_XXX111_Transactions_20250503-022105.csv", "Roth IRA", "111"),
        ("History_for_Account_X11112222.csv", "", "X11112222"),
        ("History_for_Account_222233334-2.csv", "", "222233334"),
        ("transactions.csv", "", ""),
    ],
)
def test_so_does_the_name_of_a_file(file_name: str, name: str, number: str) -> None:
    said = stated_by_file(file_name)
    assert (said.name, said.number) == (name, number)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Fidelity ROTH IRA 3334", "ira"),
        ("Schwab 401(k) 12", "ira"),
        ("Fidelity Health Savings Account", "ira"),
        ("Vanguard SEP-IRA", "ira"),
        ("Fidelity UTMA Kim", WHOSE_RETURN),
        ("Schwab Family Trust 123", WHOSE_RETURN),
        ("Fidelity Individual 5555", "brokerage"),
        ("Schwab Separate Account Trusted", "brokerage"),
        ("Miranda Simpleton", "brokerage"),
    ],
)
def test_whole_words_tell_the_kind_of_account(words: str, kind: str) -> None:
    assert kind_by_words(words) == kind


def schwab(folder: Path, title: str, name: str = "s.csv", *lines: str) -> Path:
    return file(folder, name, f'"Transactions  for account {title} as of 05/03/2025"\n{SCHWAB}', *(lines or (BUY,)))


def test_an_account_of_another_return_computes_nothing_until_its_kind_is_written(tmp_path: Path) -> None:
    result = run(tmp_path, schwab(tmp_path, "Kim UTMA ...555"))
    sheet = openpyxl.load_workbook(result.output)["Accounts"]
    assert (sheet["A2"].value, sheet["B2"].value) == ("Schwab Kim UTMA 555", WHOSE_RETURN)
    assert any("Whose return is Schwab Kim UTMA 555 on?" in notice for notice in result.notices)
    assert codes(result.output) == {"WHOSE_RETURN"}


def codes(book: Path) -> set[str]:
    """The errors that keep a workbook from being computed."""
    return {problem.code for problem in read_ledger_file(book).ledger.problems if problem.is_error}


def account_kinds(book: Path) -> dict[object, object]:
    return {row[0]: row[1] for row in openpyxl.load_workbook(book)["Accounts"].iter_rows(min_row=2, values_only=True)}


def test_accounts_of_several_owners_in_one_book_are_told_apart_before_anything_is_computed(tmp_path: Path) -> None:
    book = run(tmp_path, schwab(tmp_path, "Individual ...111", "a.csv")).output
    assert codes(book) == set()
    child = schwab(tmp_path, "Kim UTMA ...555", "b.csv")
    joint = schwab(tmp_path, "Joint Tenant ...888", "c.csv")
    roth = schwab(tmp_path, "Roth IRA ...999", "d.csv")
    result = run(tmp_path, child, joint, roth, into=book)
    assert account_kinds(book) == {
        "Schwab Individual 111": "brokerage",
        "Schwab Joint Tenant 888": "brokerage",
        "Schwab Kim UTMA 555": WHOSE_RETURN,
        "Schwab Roth IRA 999": "ira",
    }
    assert codes(book) == {"WHOSE_RETURN"}
    assert any("Schwab Joint Tenant 888 is a joint account" in notice for notice in result.notices)
    opened = openpyxl.load_workbook(book)
    assert opened["Accounts"].tables["Accounts"].ref.endswith("5")
    cell = next(cell for row in opened["Accounts"].iter_rows() for cell in row if cell.value == WHOSE_RETURN)
    cell.value = "brokerage"
    opened.save(book)
    assert codes(book) == set()


def test_a_book_without_the_sheet_accounts_gets_one_where_an_account_may_be_off_the_return(tmp_path: Path) -> None:
    header = ("Date", "Type", "Asset", "Quantity", "Amount", "Account")
    book = book_of(tmp_path / "mine.xlsx", Ledger=[header, ("2025-01-02", "Buy", "AAPL", 1, 100, "Elsewhere")])
    run(tmp_path, schwab(tmp_path, "Individual ...111", "a.csv"), into=book)
    assert "Accounts" not in openpyxl.load_workbook(book).sheetnames
    run(tmp_path, schwab(tmp_path, "Smith Family Trust ...777", "b.csv"), into=book)
    assert account_kinds(book) == {"Schwab Smith Family Trust 777": WHOSE_RETURN}
    assert codes(book) == {"WHOSE_RETURN"}


def test_the_account_option_names_what_the_file_does_not(tmp_path: Path) -> None:
    named = run(tmp_path, schwab(tmp_path, "Joint ...333"), account="Mine")
    assert ledger(named, "Account") == [("Schwab Joint 333",)]
    bare = run(tmp_path, file(tmp_path, "b.csv", SCHWAB, BUY), account="Mine")
    assert ledger(bare, "Account") == [("Mine",)]


@pytest.mark.parametrize("number_first", [True, False])
def test_a_number_alone_is_the_account_of_that_ending_whichever_comes_first(number_first: bool, tmp_path: Path) -> None:
    named = schwab(tmp_path, "Joint ...333", "a.csv")
    alone = schwab(tmp_path, "...333", "b.csv", BUY, BUY)
    paths = (alone, named) if number_first else (named, alone)
    result = run(tmp_path, *paths)
    assert ledger(result, "Account") == [("Schwab Joint 333",)] * 2


def test_an_account_keeps_the_name_that_the_workbook_has(tmp_path: Path) -> None:
    book = run(tmp_path, schwab(tmp_path, "...333", "b.csv")).output
    result = run(tmp_path, schwab(tmp_path, "Joint ...333", "a.csv", BUY, BUY), into=book)
    assert ledger(result, "Account") == [("Schwab 333",)]


def test_what_an_earlier_version_called_the_account_stays_its_name(tmp_path: Path) -> None:
    book = run(tmp_path, file(tmp_path, "bare.csv", SCHWAB, BUY)).output
    result = run(tmp_path, schwab(tmp_path, "Joint ...333", "a.csv", BUY, BUY), into=book)
    assert ledger(result, "Account") == [("Schwab",)]


def test_equal_rows_of_two_accounts_are_two_events(tmp_path: Path) -> None:
    result = run(tmp_path, schwab(tmp_path, "A ...111", "a.csv"), schwab(tmp_path, "B ...222", "b.csv"))
    assert sorted(ledger(result, "Account")) == [("Schwab A 111",), ("Schwab B 222",)]


@pytest.mark.parametrize("first", ["new", "old"])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_purchase_with_and_without_id_is_one(first: str, at_once: bool, tmp_path: Path) -> None:
    files = [file(tmp_path, "new.csv", COINBASE, NEW_BUY), file(tmp_path, "old.csv", OLD, OLD_BUY)]
    if first == "old":
        files.reverse()
    if at_once:
        assert run(tmp_path, *files).rows_added == 1
        return
    book = run(tmp_path, files[0]).output
    assert run(tmp_path, files[1], into=book).rows_added == 0


def test_the_third_of_three_equal_rows_is_new_beside_two_with_ids(tmp_path: Path) -> None:
    new = file(tmp_path, "new.csv", COINBASE, NEW_BUY, NEW_BUY.replace("623d", "623e"))
    old = file(tmp_path, "old.csv", OLD, OLD_BUY, OLD_BUY, OLD_BUY)
    assert run(tmp_path, new, old).rows_added == 3


def test_two_ids_of_one_generation_are_two_events_however_equal(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, NEW_BUY), coinbase(tmp_path, NEW_BUY.replace("623d", "x"), name="b.csv"))
    assert result.rows_added == 2


ROBINHOOD = "Activity Date,Process Date,Settle Date,Instrument,Description,Trans Code,Quantity,Price,Amount"
ROBINHOOD_BUY = '1/5/2025,1/5/2025,1/7/2025,EXM,Example,Buy,10,$20.00,"($200.00)"'


def kinds(book: Path) -> dict[object, object]:
    rows = list(openpyxl.load_workbook(book)["Accounts"].iter_rows(values_only=True))[1:]
    return {row[0]: row[1] for row in rows if row[0]}


@pytest.mark.parametrize(
    ("name", "account", "kind"),
    [
        ("Robinhood_Roth_IRA_2025.csv", "Robinhood Roth IRA", "ira"),
        ("robinhood 401(k).csv", "Robinhood 401(k)", "ira"),
        ("Robinhood custodial.csv", "Robinhood custodial", WHOSE_RETURN),
        ("Robinhood Sep 2025.csv", "Robinhood", "brokerage"),
        ("simple export.csv", "Robinhood", "brokerage"),
    ],
)
def test_the_name_of_a_file_tells_the_kind_of_an_account_that_nothing_else_names(
    tmp_path: Path, name: str, account: str, kind: str
) -> None:
    result = run(tmp_path, file(tmp_path, name, ROBINHOOD, ROBINHOOD_BUY))
    assert kinds(result.output) == {account: kind}
    said = [notice for notice in result.notices if "taken for a retirement account" in notice]
    assert len(said) == (1 if kind == "ira" else 0)


def test_a_file_of_an_ira_says_nothing_of_accounts_that_its_rows_name(tmp_path: Path) -> None:
    rows = '01/17/2024,"Individual","X11115555","YOU BOUGHT EXAMPLE (EXM)",EXM,"EXAMPLE",Cash,,,USD,180,10,,,,,-1800,'
    header = (
        "Run Date,Account,Account Number,Action,Symbol,Description,Type,Exchange Quantity,Exchange Currency,Currency,"
        "Price,Quantity,Exchange Rate,Commission,Fees,Accrued Interest,Amount,Settlement Date"
    )
    result = run(tmp_path, file(tmp_path, "Roth IRA and others.csv", header, rows))
    assert kinds(result.output) == {"Fidelity Individual 5555": "brokerage"}


IBKR_TRADE = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,Proceeds,Comm/Fee,Code",
    'Trades,Data,Order,Stocks,USD,EXM,"2025-01-22, 12:46:38",10,10,-100,-1,O',
)


@pytest.mark.parametrize(("said", "kind"), [("IRA", "ira"), ("Individual", "brokerage"), ("Trust", WHOSE_RETURN)])
def test_the_type_of_an_account_stands_above_a_statement_of_interactive_brokers(
    tmp_path: Path, said: str, kind: str
) -> None:
    above = ("Account Information,Data,Account,U7654321", f"Account Information,Data,Account Type,{said}")
    result = run(tmp_path, file(tmp_path, "a.csv", "Account Information,Header,Field,Value", *above, *IBKR_TRADE))
    assert kinds(result.output) == {"Interactive Brokers U7654321": kind}


def test_the_type_of_an_account_stands_in_a_flex_statement(tmp_path: Path) -> None:
    trade = (
        '<Trade currency="USD" assetCategory="STK" symbol="EXM" tradeID="{0}" dateTime="20250102;100000" quantity="1" '
        'tradePrice="150" proceeds="-150" ibCommission="0" buySell="BUY" levelOfDetail="EXECUTION" />'
    )
    statements = (
        f'<FlexStatement accountId="{account}"><AccountInformation accountId="{account}" accountType="{kind}" />'
        f"<Trades>{trade.format(place)}</Trades></FlexStatement>"
        for place, (account, kind) in enumerate((("U1", "IRA Traditional New"), ("U2", "Individual")))
    )
    text = f"<FlexQueryResponse><FlexStatements>{''.join(statements)}</FlexStatements></FlexQueryResponse>"
    result = run(tmp_path, file(tmp_path, "flex.xml", text))
    assert kinds(result.output) == {"Interactive Brokers U1": "ira", "Interactive Brokers U2": "brokerage"}


def test_the_users_account_goes_to_rows_of_a_sheet_of_ones_own_that_name_none(tmp_path: Path) -> None:
    own = file(
        tmp_path,
        "my.csv",
        "Date,Type,Asset,Quantity,Amount,Account",
        "2025-01-05,Buy,BTC,1,5,",
        "2025-01-06,Buy,BTC,1,5,B",
    )
    assert ledger(run(tmp_path, own, account="A"), "Account") == [("A",), ("B",)]
