"""The Accounts and Prices sheets."""

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.classes import AccountKind, Method, Owner, Reported
from capgain.engine.ledger import Account, Ledger, Price
from capgain.workbook.reading.blocks import ledger_from_blocks

LEDGER: list[list[object]] = [
    ["Date", "Type", "Asset", "Quantity", "Amount", "Account"],
    ["2025-01-02", "Buy", "AAPL", 1, 1, "Other"],
]
Rows = list[list[object]]


def with_accounts(*rows: list[object]) -> Ledger:
    return ledger_from_blocks(LEDGER, [["Account", "Kind", "Owner", "Method", "Reported"], *rows])


def with_prices(*rows: list[object]) -> Ledger:
    return ledger_from_blocks(LEDGER, prices=[["Asset", "Price", "Date"], *rows])


def test_accounts_are_described_and_those_only_named_are_known_too() -> None:
    ledger = with_accounts(
        ["Fidelity", "brokerage", None, None, None],
        ["Roth", "Roth IRA", "self", None, None],
        ["Her Kraken", "Exchange", "wife", "HIFO", "no basis"],
        [None] * 5,
        ["Ledger Nano", "self-custody", None, None, "none"],
    )
    assert not ledger.problems
    assert ledger.accounts == {
        "Fidelity": Account("Fidelity", AccountKind.BROKERAGE),
        "Roth": Account("Roth", AccountKind.IRA),
        "Her Kraken": Account("Her Kraken", AccountKind.EXCHANGE, Owner.SPOUSE, Method.HIFO, Reported.NO_BASIS),
        "Ledger Nano": Account("Ledger Nano", AccountKind.WALLET, reported=Reported.NONE),
        "Other": Account("Other"),
    }


def test_a_table_of_accounts_alone_needs_no_more_columns() -> None:
    ledger = ledger_from_blocks(LEDGER, [["My accounts"], ["Kind", "Account"], ["ira", "Other"]])
    assert ledger.accounts == {"Other": Account("Other", AccountKind.IRA)}


def test_a_country_other_than_the_united_states_makes_an_account_one_abroad() -> None:
    ledger = ledger_from_blocks(
        LEDGER,
        [["Account", "Kind", "Country"], ["Bitwave", "exchange", "Malta"], ["Home", "exchange", "USA"], ["Other"]],
    )
    assert not ledger.problems
    abroad = {name: (one.country, one.is_abroad) for name, one in ledger.accounts.items()}
    assert abroad == {"Bitwave": ("Malta", True), "Home": ("USA", False), "Other": ("", False)}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [["Bank", "savings", None, None, None]],
            'Accounts row 2, Kind: "savings" is not a kind of account. Use brokerage, exchange, wallet or ira.',
        ),
        (
            [["Bank", None, "brother", None, None]],
            'Accounts row 2, Owner: "brother" is not an owner. Use taxpayer or spouse.',
        ),
        (
            [["A", "ira", None, None, None], ["a", "wallet", None, None, None]],
            "Accounts row 3, Account: A stands in this sheet twice. Keep one row for each account.",
        ),
        ([[None, "ira", None, None, None]], "Accounts row 2, Account: Account is blank. Enter the account's name."),
    ],
)
def test_an_account_that_cannot_be_read_is_an_error(rows: Rows, problem: str) -> None:
    ledger = with_accounts(*rows)
    assert [str(found) for found in ledger.problems] == [problem]
    assert ledger.problems[0].is_error


def test_accounts_without_their_header_are_an_error() -> None:
    ledger = ledger_from_blocks(LEDGER, [["Fidelity", "brokerage"]])
    assert [str(problem) for problem in ledger.problems] == [
        "Accounts row 1, Account: No header with a column Account was found. "
        "Give the sheet a header with the columns Account, Kind, Owner, Method, Reported, Country."
    ]


@pytest.mark.parametrize("block", [[], [[]], [[None, ""]]])
def test_empty_sheets_beside_the_ledger_are_no_problem(block: Rows) -> None:
    assert not ledger_from_blocks(LEDGER, block, block, block).problems


def test_prices_are_for_a_day_or_for_now() -> None:
    ledger = with_prices(["aapl", "$1,234.50", None], ["BTC", 90000.0, "2025-12-31"], ["ETH", None, None])
    assert not ledger.problems
    assert ledger.prices == (
        Price("AAPL", Decimal("1234.50")),
        Price("BTC", Decimal(90000), date(2025, 12, 31)),
    )


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["AAPL", -1, None]], "Prices row 2, Price: -1 is negative. Enter dollars per unit."),
        ([[None, 1, None]], "Prices row 2, Asset: Asset is blank. Enter the symbol of the asset."),
        (
            [["AAPL", 1, "2025-02-30"]],
            'Prices row 2, Date: "2025-02-30" is a day or time that does not exist. '
            "Write the date as 2025-03-31 or 03/31/2025, or enter it as an Excel date.",
        ),
        (
            [["AAPL", 1, "2025-02-03"], ["AAPL", 2, "2/3/2025"]],
            "Prices row 3, Price: AAPL has another price for the same day above. Keep one of the two rows.",
        ),
    ],
)
def test_a_price_that_cannot_be_read_is_an_error(rows: Rows, problem: str) -> None:
    ledger = with_prices(*rows)
    assert [str(found) for found in ledger.problems] == [problem]
    assert ledger.problems[0].is_error


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["AAPL", "many", None], "Price", '"many" is no number: the row is passed over.'),
        (["AAPL", "90 €", None], "Price", '"90 €" is no number: the row is passed over.'),
        (["AAPL", "#N/A", "2025-02-03"], "Price", "The cell shows #N/A: the row is passed over."),
        (["AAPL", "#BUSY!", None], "Price", "Excel had not fetched it when the file was saved."),
        (["AAPL", "#NAME?", None], "Price", "does not know the formula (STOCKHISTORY?). Type the number."),
        (["#VALUE!", 5, None], "Asset", "only Excel can look into it: type the symbol"),
        (["AAPL", 5, "#REF!"], "Date", "The cell shows #REF!: the row is passed over."),
        (["AAPL", "#UNCALCULATED!", None], "Price", "The cell holds a formula that was never calculated"),
    ],
)
def test_a_price_that_is_an_error_or_text_is_passed_over_and_named(row: list[object], column: str, words: str) -> None:
    ledger = with_prices(row, ["AAPL", 4, "2025-02-01"])
    (problem,) = ledger.problems
    assert ledger.prices == (Price("AAPL", Decimal(4), date(2025, 2, 1)),)
    assert (problem.row, problem.column, problem.is_error, problem.blocks_filing) == (2, column, False, False)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("held", "named", "is_told"),
    [
        ("BTC", "BTC-USD", True),
        ("BTC", "XBT", True),
        ("BRK.B", "BRK-B", True),
        ("MSFT", "XNAS:MSFT", True),
        ("MSFT", "MICROSOFT CORPORATION (XNAS:MSFT)", True),
        ("MSFT", "msft", False),
        ("MSFT", "AAPL", False),
        ("BTC-USD", "BTC-USD", False),
    ],
)
def test_a_price_under_another_name_of_what_is_held_is_told_once(held: str, named: str, is_told: bool) -> None:
    block = [["Date", "Type", "Asset", "Quantity", "Price", "Class"], ["2025-01-02", "Buy", held, 1, 2, "stock"]]
    rows = [["Asset", "Price", "Date"], [named, 5, "2025-02-03"], [named, 6, "2025-02-04"]]
    found = [one for one in ledger_from_blocks(block, prices=rows).problems if one.code == "PRICE_OF_NOTHING"]
    assert [(one.row, one.column, one.blocks_filing) for one in found] == ([(2, "Asset", False)] if is_told else [])
    assert all(f"write {held} here" in one.remedy for one in found)


def test_prices_without_their_header_are_an_error() -> None:
    ledger = ledger_from_blocks(LEDGER, prices=[["AAPL", 5]])
    assert [problem.code for problem in ledger.problems] == ["PRICES_HEADER"]


@pytest.mark.parametrize("heading", ["Type", "Account Type", "Tax Status", "IRA?", "Whose (person)", "Lot Relief"])
def test_a_column_of_accounts_that_says_something_is_not_passed_over(heading: str) -> None:
    rows: Rows = [["Account", "Owner", heading], ["Other", None, "IRA"]]
    (problem,) = ledger_from_blocks(LEDGER, rows).problems
    assert (problem.code, problem.column, problem.blocks_filing) == ("SIDE_COLUMN_NOT_READ", heading, True)
    assert not ledger_from_blocks(LEDGER, [["Account", "Owner", heading], ["Other"]]).problems


@pytest.mark.parametrize("heading", ["Note", "Number", "Opened at", "Web page"])
def test_notes_on_accounts_are_the_users_own(heading: str) -> None:
    assert not ledger_from_blocks(LEDGER, [["Account", heading], ["Other", "x"]]).problems


def test_a_number_beside_the_value_of_a_setting_is_not_passed_over() -> None:
    rows: Rows = [["Name", "2024", "2025"], ["Carryover Long", 1000, 5000]]
    found = ledger_from_blocks(LEDGER, settings=rows).problems
    assert ("SETTING_OF_TWO_VALUES", 2) in [(one.code, one.row) for one in found if one.is_error]
    rows = [["Name", "Value", "Remark"], ["Carryover Long", 1000, "from the return of 2024"]]
    assert "SETTING_OF_TWO_VALUES" not in [one.code for one in ledger_from_blocks(LEDGER, settings=rows).problems]
