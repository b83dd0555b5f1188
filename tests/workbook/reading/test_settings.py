"""The Settings sheet, `--set`, and settings in a formula: every name known, or a problem."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from capgain.engine.classes import (
    AccountKind,
    AssetClass,
    FilingStatus,
    Method,
    MissingBasis,
    Owner,
    Reported,
    WashScope,
)
from capgain.engine.ledger import Account, Ledger
from capgain.engine.settings import ByYear, Settings
from capgain.workbook.reading import NotASetting, RawSheet
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.overrides import parse_override, parse_settings_text, with_overrides

LEDGER: list[list[object]] = [
    ["Date", "Type", "Asset", "Quantity", "Amount", "Account"],
    ["2025-01-02", "Buy", "AAPL", 1, 1, "IRA1"],
]
Rows = list[list[object]]


def read(*rows: list[object], header: bool = True) -> Ledger:
    return ledger_from_blocks(LEDGER, settings=[["Name", "Value"], *rows] if header else list(rows))


def settings(*rows: list[object]) -> Settings:
    ledger = read(*rows)
    assert not ledger.problems
    return ledger.settings


def problems(*rows: list[object]) -> list[str]:
    return [str(problem) for problem in read(*rows).problems]


def test_without_settings_every_default_holds() -> None:
    assert ledger_from_blocks(LEDGER).settings == Settings()
    assert settings(["Filing Status", None], ["Method", "  "]) == Settings()


def test_every_setting_of_the_contract_is_read() -> None:
    found = settings(
        ["Tax Year", 2025.0],
        ["Filing Status", "Married filing jointly"],
        ["Filing Status 2023", "mfs"],
        ["Time Zone", "America/New_York"],
        ["Method", "hifo"],
        ["Method 2024", "fifo"],
        ["Method Crypto", "lifo"],
        ["Method Stock 2024", "min tax"],
        ["Method Fund", "average"],
        ["Class BTC", "crypto"],
        ["Class BRK.B", "Stock"],
        ["Identical", "VOO, IVV; GOOG, GOOGL"],
        ["Wallet Basis From", datetime(2025, 1, 1)],
        ["Wash Sales", "all"],
        ["Missing Basis", "zero"],
        ["Carryover Short", 100],
        ["Carryover Long 2023", "$1,200.50"],
        ["Taxable Income", "(500)"],
        ["Other Income", 80000],
        ["Qualified Dividends", 12.34],
        ["MAGI", "90,000"],
        ["Net Investment Income", 5],
        ["Schedule D 4", "-10"],
        ["Schedule D 13 2024", 20],
        ["Exception 1", "yes"],
        ["Exception 2 2024", True],
        ["Whole Dollars", "No"],
        ["Filed Short 2024", -3000],
        ["Filed Long 2024", 10],
        ["Filed Carryover Short 2024", 5],
        ["Filed Carryover Long 2024", 6],
        ["Name", "Ann Investor"],
        ["SSN", 12345678.0],
    )
    assert found == Settings(
        tax_year=2025,
        filing_status=ByYear(FilingStatus.MFJ, {2023: FilingStatus.MFS}),
        time_zone="America/New_York",
        method=ByYear(Method.HIFO, {2024: Method.FIFO}),
        method_by_class={
            AssetClass.CRYPTO: ByYear(Method.LIFO, {2024: Method.FIFO}),
            AssetClass.STOCK: ByYear(Method.HIFO, {2024: Method.MIN_TAX}),
            AssetClass.FUND: ByYear(Method.AVERAGE, {2024: Method.FIFO}),
        },
        class_by_asset={"BTC": AssetClass.CRYPTO, "BRK.B": AssetClass.STOCK},
        identical=(frozenset({"VOO", "IVV"}), frozenset({"GOOG", "GOOGL"})),
        wallet_basis_from=date(2025, 1, 1),
        wash_sales=WashScope.ALL,
        missing_basis=MissingBasis.ZERO,
        carryover_short=ByYear(Decimal(100)),
        carryover_long=ByYear(None, {2023: Decimal("1200.50")}),
        taxable_income=ByYear(Decimal(-500)),
        other_income=ByYear(Decimal(80000)),
        qualified_dividends=ByYear(Decimal("12.34")),
        magi=ByYear(Decimal(90000)),
        net_investment_income=ByYear(Decimal(5)),
        schedule_d={"4": ByYear(Decimal(-10)), "13": ByYear(None, {2024: Decimal(20)})},
        exception_1=ByYear(True),
        exception_2=ByYear(False, {2024: True}),
        whole_dollars=ByYear(False),
        filed_short=ByYear(None, {2024: Decimal(-3000)}),
        filed_long=ByYear(None, {2024: Decimal(10)}),
        filed_carryover_short=ByYear(None, {2024: Decimal(5)}),
        filed_carryover_long=ByYear(None, {2024: Decimal(6)}),
        name="Ann Investor",
        ssn="012345678",
    )


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("single", FilingStatus.SINGLE),
        ("MFJ", FilingStatus.MFJ),
        ("Married Filing Separately", FilingStatus.MFS),
        ("head of household", FilingStatus.HOH),
        ("Qualifying widow(er)", FilingStatus.QSS),
    ],
)
def test_filing_statuses_have_their_names_and_their_letters(written: str, status: FilingStatus) -> None:
    assert settings(["filing  status", written]).filing_status.of(2024) is status


def test_a_block_of_two_columns_needs_no_header() -> None:
    found = read(["Filing Status", "mfj"], ["Tax Year", 2024], header=False)
    assert not found.problems
    assert found.settings.tax_year == 2024


def test_the_columns_of_settings_may_stand_in_any_order_below_a_title() -> None:
    rows: Rows = [["My settings"], [], ["Help", "Value", "Name"], ["which year", 2024, "Tax Year"], [None, "x", None]]
    found = ledger_from_blocks(LEDGER, settings=rows)
    assert not found.problems
    assert found.settings.tax_year == 2024


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            ["Filling Status", "mfj"],
            "Settings row 2, Name: Filling Status is not a setting. Did you mean Filing Status?",
        ),
        (
            ["Filing Status", "maried"],
            'Settings row 2, Value: Filing Status: "maried" is not a filing status. Use single, mfj, mfs, hoh or qss.',
        ),
        (
            ["Time Zone", "Eastern Standard Tome"],
            'Settings row 2, Value: Time Zone: "Eastern Standard Tome" is not a time zone known here. '
            "Use a name such as America/New_York, or Eastern, Central, Mountain or Pacific.",
        ),
        (
            ["Carryover Short", -5],
            "Settings row 2, Value: Carryover Short: -5 is negative. Enter it as a positive amount.",
        ),
        (["Tax Year", 25], "Settings row 2, Value: Tax Year: 25 is not a tax year. Enter a year such as 2025."),
        (
            ["Tax Year", 2025.5],
            "Settings row 2, Value: Tax Year: 2025.5 is not a tax year. Enter a year such as 2025.",
        ),
        (["Exception 1", "maybe"], 'Settings row 2, Value: Exception 1: "maybe" is neither yes nor no. Use yes or no.'),
        (
            ["Taxable Income", "1.000,00"],
            'Settings row 2, Value: Taxable Income: "1.000,00" could be read as more than one number. '
            "Write it with a decimal point and no thousands separator, such as 1234.56.",
        ),
        (
            ["Schedule D 16", 5],
            "Settings row 2, Name: Schedule D line 16 is computed, not stated. "
            "Take the row out. Lines fed from elsewhere are 4, 5, 11, 12, 13, 18 or 19.",
        ),
        (
            ["Class BTC 2024", "crypto"],
            "Settings row 2, Name: The class of an asset holds for all years. Write Class BTC.",
        ),
        (
            ["Wash Sales 2024", "off"],
            "Settings row 2, Name: Wash Sales holds for all years. Write Wash Sales without a year.",
        ),
        (
            ["Identical", "VOO"],
            'Settings row 2, Value: Identical: "VOO" is a group of one asset. '
            "Separate assets by commas and groups by semicolons, such as VOO, IVV; GOOG, GOOGL.",
        ),
        (
            ["Identical", "VOO, IVV; IVV, SPY"],
            "Settings row 2, Value: Identical: IVV stands in two groups. Put all identical assets into one group.",
        ),
        (
            ["Wallet Basis From", "1/1/25"],
            'Settings row 2, Value: Wallet Basis From: "1/1/25" has a year of two digits. '
            "Write the date as 2025-03-31 or 03/31/2025, or enter it as an Excel date.",
        ),
        (
            ["Method", "#REF!"],
            "Settings row 2, Value: Method: The cell shows the error #REF!. "
            "Mend the formula in that cell, or type the value.",
        ),
        (
            ["Account X", "ira, mine"],
            'Settings row 2, Value: Account X: "mine" says nothing about an account. Use a kind (brokerage, exchange, '
            "wallet or ira), an owner (taxpayer or spouse), a method or what the 1099 says (basis, no basis or none), "
            "separated by commas.",
        ),
        (
            ["Method Cryptos Please", "hifo"],
            "Settings row 2, Name: Method Cryptos Please is not a setting. Did you mean Method crypto?",
        ),
    ],
)
def test_a_setting_that_cannot_be_read_is_an_error(row: list[object], problem: str) -> None:
    assert problems(row) == [problem]
    assert read(row).problems[0].is_error


def test_a_setting_like_no_other_is_the_users_own_and_said_to_be_left_out() -> None:
    (problem,) = read(["Favourite colour", "blue"]).problems
    assert problem.message == "Favourite colour is not a setting and is left out of account."
    assert not problem.is_error


def test_the_same_setting_twice_is_a_problem_where_the_values_differ() -> None:
    assert not problems(["Tax Year", 2024], ["tax year", 2024])
    assert problems(["Tax Year", 2024], ["tax year", 2025]) == [
        "Settings row 3, Name: tax year is set in row 2 too. Keep one of the two rows."
    ]


def test_the_time_zone_may_change_with_the_year() -> None:
    stamps = [["2024-07-01T03:00Z", *LEDGER[1][1:]], ["2025-07-01T03:00Z", *LEDGER[1][1:]]]
    ledger = ledger_from_blocks(
        [LEDGER[0], *stamps], settings=[["Time Zone", "Pacific"], ["Time Zone 2024", "Eastern"]]
    )
    assert not ledger.problems
    assert [entry.at for entry in ledger.transactions] == [datetime(2024, 6, 30, 23), datetime(2025, 6, 30, 20)]


class TestOverrides:
    @pytest.mark.parametrize(
        ("text", "account"),
        [
            ("Account IRA1 = ira", Account("IRA1", AccountKind.IRA)),
            ("Account HERS = brokerage, spouse", Account("HERS", AccountKind.BROKERAGE, Owner.SPOUSE)),
            ("account Hers=Spouse,brokerage", Account("Hers", AccountKind.BROKERAGE, Owner.SPOUSE)),
            (
                "Account My Kraken = exchange, hifo, no basis",
                Account("My Kraken", AccountKind.EXCHANGE, method=Method.HIFO, reported=Reported.NO_BASIS),
            ),
        ],
    )
    def test_an_account_is_described_in_words(self, text: str, account: Account) -> None:
        sheet = with_overrides(None, [parse_override(text)])
        assert sheet is not None
        ledger = ledger_from_blocks(LEDGER, settings=sheet.rows)
        assert not ledger.problems
        assert ledger.accounts[account.name] == account

    def test_an_override_goes_before_the_settings_and_the_accounts_of_the_file(self) -> None:
        sheet = with_overrides(
            RawSheet("Settings", [["Name", "Value"], ["Filing Status", "single"], ["Tax Year", 2024]]),
            [parse_override("filing status=mfj"), parse_override("Account IRA1=ira")],
        )
        assert sheet is not None
        ledger = ledger_from_blocks(LEDGER, [["Account", "Kind"], ["IRA1", "brokerage"]], sheet.rows)
        assert not ledger.problems
        assert ledger.settings.filing_status.default is FilingStatus.MFJ
        assert ledger.settings.tax_year == 2024
        assert ledger.accounts["IRA1"].kind is AccountKind.IRA

    def test_an_override_is_typed_into_the_column_of_values(self) -> None:
        sheet = with_overrides(
            RawSheet("Settings", [["Value", "Help", "Name"], ["single", "your status", "Filing Status"], ["x"]], 4),
            [("Filing Status", "mfj"), ("Tax Year", "2025")],
        )
        assert sheet == RawSheet(
            "Settings",
            [["Value", "Help", "Name"], ["mfj", "your status", "Filing Status"], ["x"], ["2025", None, "Tax Year"]],
            4,
        )

    @pytest.mark.parametrize("text", ["Tax Year", "= 5", ""])
    def test_a_text_that_sets_nothing_is_refused(self, text: str) -> None:
        with pytest.raises(NotASetting, match="write NAME=VALUE"):
            parse_override(text)

    def test_settings_in_a_formula_keep_groups_together(self) -> None:
        text = "Filing Status=mfj; Identical=VOO, IVV; GOOG, GOOGL ;Tax Year = 2025;"
        assert parse_settings_text(text) == (
            ("Filing Status", "mfj"),
            ("Identical", "VOO, IVV; GOOG, GOOGL"),
            ("Tax Year", "2025"),
        )
        assert parse_settings_text(" ") == ()


@pytest.mark.parametrize(
    "name",
    [
        "Capital Loss Carryover",
        "Loss Carryforward 2024",
        "Short-Term Carryover",
        "Accounting Method",
        "Cost Basis Method",
        "Base Currency",
        "Date Format",
        "Default Class",
        "Rounding",
    ],
)
def test_a_setting_that_there_is_not_and_that_would_move_a_number_is_an_error(name: str) -> None:
    (problem,) = ledger_from_blocks(LEDGER, settings=[["Name", "Value"], [name, "3000"]]).problems
    assert (problem.code, problem.is_error) == ("SETTING_NOT_READ", True)


@pytest.mark.parametrize("name", ["Favourite Color", "Prepared by", "State", "Salary", "Base Currency"])
def test_a_note_among_the_settings_is_only_named(name: str) -> None:
    (problem,) = ledger_from_blocks(LEDGER, settings=[["Name", "Value"], [name, "USD"]]).problems
    assert (problem.code, problem.blocks_filing) == ("UNKNOWN_SETTING", False)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Filing Status", "Estate", "Form 1041"),
        ("Filing Status 2025", "irrevocable trust", "Form 1041"),
        ("Filing Status", "non-resident alien", "1040-NR"),
        ("Residency", "NRA", "1040-NR"),
        ("Nonresident", "yes", "1040-NR"),
        ("Form 8615", "yes", "Form 8615"),
        ("Trader", "yes", "475(f)"),
        ("Fiscal Year", "June", "calendar year"),
        ("Taxpayer", "estate", "Form 1041"),
        ("Return", "Form 1041", "Form 1041"),
        ("Entity", "LLC", "partnership"),
    ],
)
def test_a_return_out_of_scope_is_refused_by_its_name(name: str, value: str, says: str) -> None:
    (problem,) = ledger_from_blocks(LEDGER, settings=[["Name", "Value"], [name, value]]).problems
    assert (problem.code, problem.is_error) == ("OUT_OF_SCOPE", True)
    assert says in problem.message
