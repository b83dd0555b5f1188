"""Every problem a row can have, in the words the user reads."""

from datetime import date, datetime
from pathlib import Path

import pytest

from capgain.engine.transactions import Buy
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.transaction_types import REFUSED, ROW_TYPES

TODAY = date(2026, 11, 22)
Rows = list[list[object]]
_NAMES = {name.lower().replace(" ", "_"): name for name in LEDGER_COLUMNS}


def row(**cells: object) -> list[object]:
    """One row with these columns filled."""
    named = {_NAMES[name.removesuffix("_")]: cell for name, cell in cells.items()}
    return [named.get(column) for column in LEDGER_COLUMNS]


def buy(**cells: object) -> list[object]:
    """A good purchase with some cells changed."""
    good = {"date": "2025-01-02", "type": "Buy", "asset": "AAPL", "quantity": "10", "amount": "1000", "account": "F"}
    return row(**(good | cells))


CASES: dict[str, Rows] = {
    "text in a number": [buy(quantity="ten")],
    "a negative quantity": [buy(quantity="-10")],
    "a negative amount in parentheses": [buy(amount="(1000)")],
    "a quantity of zero": [buy(quantity=0)],
    "a quantity with nineteen decimals": [buy(quantity="1.0000000000000000001")],
    "a quantity that is not a number to Excel": [buy(quantity=float("nan"))],
    "TRUE for a quantity": [buy(quantity=True)],
    "an error for an amount": [buy(amount="#N/A")],
    "a date for an amount": [buy(amount=datetime(2025, 1, 1))],
    "a decimal comma": [buy(amount="1.234,56")],
    "a comma that is no thousands separator": [buy(amount="1,5")],
    "an amount that lost its digits": [buy(amount="1.23E+09")],
    "an amount out of all proportion": [buy(amount="1" * 35)],
    "no quantity": [buy(quantity=None)],
    "neither amount nor price": [buy(amount=None)],
    "amount and price a little apart": [buy(price=100.2)],
    "amount and price far apart": [buy(price=90)],
    "amount and price apart by rounding": [buy(price="99.999")],
    "an ID used twice": [buy(id="T1"), buy(id="T1")],
    "a type misspelt": [buy(type="Byu")],
    "a word for a type misspelt": [buy(type="Bougth")],
    "a negative number of a spreadsheet": [buy(quantity=-2500.0)],
    "a type and numbers misspelt": [buy(type="Byu", quantity="ten", amount="much", fee="x")],
    "an unknown type with a ratio": [buy(type="Splitt", quantity="3/2")],
    "a type like no other": [buy(type="zzz")],
    "no type": [buy(type=None)],
    "a gift without direction": [buy(type="Gift")],
    "a date in the future": [buy(date="2099-01-01")],
    "a date in another millennium": [buy(date="2999-01-01")],
    "dollars as an asset": [buy(asset="USD")],
    "no asset": [buy(asset=None)],
    "a trade for dollars": [buy(type="Trade", received_asset="USD", received_quantity=5)],
    "a trade for itself": [buy(type="Trade", received_asset="aapl", received_quantity=5)],
    "a trade for nothing": [buy(type="Trade")],
    "a negative fee": [buy(fee=-1)],
    "a coin fee without units": [buy(fee=1, fee_asset="ETH")],
    "a coin fee without a coin": [buy(fee=1, fee_quantity=1)],
    "a coin fee without value": [buy(fee_asset="ETH", fee_quantity=".1")],
    "a lot with units that are no number": [buy(type="Sell", lot="L1:x")],
    "a lot named twice": [buy(type="Sell", lot="L1;L1")],
    "an identification without a date": [buy(type="Sell", identified="soon")],
    "a method misspelt": [buy(type="Sell", method="fifoo")],
    "a class misspelt": [buy(class_="stok")],
    "a 1099 that says something else": [buy(type="Sell", reported="yes")],
    "a code the form does not have": [buy(type="Sell", code="K")],
    "an adjustment without code": [buy(type="Sell", adjustment="(5)")],
    "an underlying without units": [buy(underlying="AAPL")],
    "an opening without its lot": [buy(type="Opening")],
    "an opening acquired later": [buy(type="Opening", acquired="2026-01-01", basis=5, amount=None)],
    "a gift without the donor's date": [buy(type="Gift In", basis=5)],
    "a split without ratio": [row(date="2025-01-01", type="Split", asset="A")],
    "a ratio that became a date": [row(date="2025-01-01", type="Split", asset="A", quantity=date(2025, 2, 1))],
    "a ratio that became a serial number": [row(date="2025-01-01", type="Split", asset="A", quantity=45689.0)],
    "a ratio that became a time": [row(date="2025-01-01", type="Split", asset="A", quantity=0.0840277777777778)],
    "a ratio of zero": [row(date="2025-01-01", type="Split", asset="A", quantity="0/3")],
    "a stock dividend that is a split": [
        row(date="2025-01-01", type="Stock Dividend", asset="A", received_asset="A", quantity="0.1", basis=0.5)
    ],
    "a stock dividend with cash": [
        row(
            date="2025-01-01", type="Stock Dividend", asset="A", received_asset="B", quantity="0.1", basis=0.5, amount=3
        )
    ],
    "a spin-off of more than all basis": [
        row(date="2025-01-01", type="Spin-off", asset="A", received_asset="B", quantity="0.1", basis=1.5)
    ],
    "a merger with cash and no value": [
        row(date="2025-01-01", type="Merger", asset="A", received_asset="B", quantity="0.1", price=2)
    ],
    "a return of capital without amount": [row(date="2025-01-01", type="ROC", asset="A")],
    "a method row without method": [row(date="2025-01-01", type="Method")],
    "an allocation of nothing": [row(date="2025-01-01", type="Allocation", asset="BTC", account="K")],
    "an allocation of two kinds": [
        row(date="2025-01-01", type="Allocation", asset="BTC", account="K", lot="x", method="hifo")
    ],
    "a global allocation with an account twice": [
        row(date="2025-01-01", type="Allocation", asset="BTC", account="K > k", method="hifo")
    ],
    "a transfer from and to nowhere": [row(date="2025-01-01", type="Transfer", asset="A", quantity=1)],
    "a transfer to itself": [
        row(date="2025-01-01", type="Transfer", asset="A", quantity=1, account="X", to_account="x")
    ],
    "a transfer that grows": [
        row(date="2025-01-01", type="Transfer", asset="A", quantity=1, account="X", to_account="Y", received_quantity=2)
    ],
    "a transfer whose fee counts twice": [
        row(
            date="2025-01-01",
            type="Transfer",
            asset="A",
            quantity=1,
            account="X",
            to_account="Y",
            received_quantity="0.9",
            fee=5,
            fee_asset="A",
            fee_quantity="0.1",
        )
    ],
    "a transfer of two assets": [
        row(date="2025-01-01", type="Transfer", asset="A", quantity=1, account="X", to_account="Y", received_asset="B")
    ],
    "interest in coins": [row(date="2025-01-01", type="Interest", asset="BTC", quantity=1, amount=2)],
    "a dividend with a quantity": [row(date="2025-01-01", type="Dividend", asset="A", quantity=1, amount=2)],
    "a dividend of nothing": [row(date="2025-01-01", type="Dividend", asset="A")],
    "a cell the type does not use": [buy(basis=5)],
    "a sale that receives coins": [buy(type="Sell", received_asset="ETH", received_quantity=1)],
    "a sale that receives dollars": [buy(type="Sell", received_asset="USD", received_quantity=1)],
    "a lot named that two purchases share": [buy(lot="L1"), buy(lot="L1", id="x"), buy(type="Sell", lot="L1")],
    "an error for an asset": [buy(asset="#REF!")],
    "a time stamp without a tax zone": [buy(date="2025-01-01T00:00Z"), buy(date="2025-01-01T00:00Z")],
    "a comment and a row of zeros": [buy(), row(note="just a comment"), row(amount=0)],
    "a row without date and type": [row(amount=5)],
}


def golden() -> dict[str, list[str]]:
    """The wording of every case: a line `## title`, and below it a line for each problem."""
    _, *parts = (Path(__file__).parent / "problems.txt").read_text(encoding="utf-8").split("## ")
    return {title: lines for title, *lines in (part.strip().splitlines() for part in parts)}


@pytest.mark.parametrize("title", CASES)
def test_a_problem_says_where_what_and_what_to_do(title: str) -> None:
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), *CASES[title]], today=TODAY)
    assert [f"{problem.severity.value}: {problem}" for problem in ledger.problems] == golden()[title]


def test_the_wording_of_every_case_is_kept() -> None:
    assert list(golden()) == list(CASES)


def test_all_problems_are_found_at_once_and_come_in_the_order_of_rows() -> None:
    ledger = ledger_from_blocks(
        [
            list(LEDGER_COLUMNS),
            buy(id="T1"),
            buy(type="Sel", id="T1"),
            buy(date="2025-02-30", quantity="-5", fee="x"),
            buy(),
        ],
        settings=[["Filling Status", "mfj"]],
        today=TODAY,
    )
    assert [(problem.sheet, problem.row, problem.column) for problem in ledger.problems] == [
        ("Ledger", 3, "Type"),
        ("Ledger", 3, "ID"),
        ("Ledger", 4, "Date"),
        ("Ledger", 4, "Quantity"),
        ("Ledger", 4, "Fee"),
        ("Settings", 1, "Name"),
    ]
    assert [entry.row for entry in ledger.transactions] == [2, 5]


def test_every_problem_has_a_code_and_a_remedy() -> None:
    for rows in CASES.values():
        for problem in ledger_from_blocks([list(LEDGER_COLUMNS), *rows], today=TODAY).problems:
            assert problem.code.replace("_", "").isupper()
            assert problem.message.endswith((".", "?"))
            assert problem.remedy.endswith((".", "?"))


@pytest.mark.parametrize("name", [name for names, _, _ in REFUSED for name in names])
def test_a_type_out_of_scope_is_refused_by_name(name: str) -> None:
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), buy(type=name.upper())], today=TODAY)
    (problem,) = ledger.problems
    assert problem.code == "UNSUPPORTED_TYPE"
    assert problem.message.startswith(f"{name} is not supported: ")
    assert problem.column == "Type"


def test_no_name_stands_for_two_types() -> None:
    names = [name for row_type in ROW_TYPES for name in (row_type.name, *row_type.words)]
    names += [name for refused, _, _ in REFUSED for name in refused]
    plain = ["".join(filter(str.isalnum, name.lower())) for name in names]
    assert len(set(plain)) == len(plain)


def test_every_type_reads_only_columns_that_exist() -> None:
    for row_type in ROW_TYPES:
        assert row_type.columns <= set(LEDGER_COLUMNS)


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "severity"),
    [
        ("3", "33.33", "100.00", None),
        ("3", "33.33", "100.03", "warning"),
        ("10", "100", "1000.06", None),
        ("10", "100", "1000.07", "warning"),
        ("10", "100", "1010.00", "warning"),
        ("10", "100", "1010.01", "error"),
        ("10", "100", "990.00", "warning"),
        ("10", "100", "989.99", "error"),
        ("0.5", "0.02", "0.02", None),
        ("1000000", "0.00001", "12.34", "warning"),
        ("1000000", "0.00001", "15.02", "error"),
        ("10", "0", "5", "error"),
        ("10", "0", "0", None),
        ("0.123456789012345678", "100000", "12345.68", None),
    ],
)
def test_amount_rules_where_price_is_given_too(quantity: str, price: str, amount: str, severity: str | None) -> None:
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), buy(quantity=quantity, price=price, amount=amount)], today=TODAY)
    found = [(problem.code, problem.severity.value) for problem in ledger.problems]
    codes = {"warning": "AMOUNT_NEAR_PRICE", "error": "AMOUNT_MISMATCH"}
    assert found == ([] if severity is None else [(codes[severity], severity)])


@pytest.mark.parametrize(
    ("asset", "given", "severity"),
    [
        ("/ESH5", "250000", None),
        ("/ESH5", "252500", "warning"),
        ("/ESH5", "252500.01", "error"),
        ("/ESH5", "5000", "error"),
        ("AB 250620C00050000", "500000", None),
        ("AB 250620C00050000", "5000", None),
        ("AB 250620C00050000", "505000.01", "error"),
        ("AB 250620C00050000", "5050.01", "error"),
    ],
)
def test_a_contract_s_amount_is_held_against_its_price_times_its_size(
    asset: str, given: str, severity: str | None
) -> None:
    """A future's price is in points alone; an option's may be of a share or of the contract, beside its Amount."""
    row = buy(asset=asset, quantity="1", price="5000", amount=given, class_=None)
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), row], today=TODAY)
    found = [problem.severity.value for problem in ledger.problems if problem.column == "Amount"]
    assert found == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("asset", "given", "gross"),
    [("/ESH5", "250002.5", 250000), ("AB 250620C00050000", "500002.5", 500000), ("AB 250620C00050000", "5002.5", 5000)],
)
def test_an_amount_with_the_fee_in_it_is_seen_through_the_size_of_a_contract(
    asset: str, given: str, gross: int
) -> None:
    row = buy(asset=asset, quantity="1", price="5000", amount=given, fee="2.5", class_=None)
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), row], today=TODAY)
    assert "FEE_WITHIN_AMOUNT" in {problem.code for problem in ledger.problems}
    (entry,) = ledger.transactions
    assert isinstance(entry, Buy)
    assert entry.amount == gross


def test_text_that_looks_like_a_formula_is_only_text() -> None:
    ledger = ledger_from_blocks(
        [list(LEDGER_COLUMNS), buy(note="=cmd|' /C calc'!A0", id="+1", asset="@SUM", account="-x")], today=TODAY
    )
    (entry,) = ledger.transactions
    assert (entry.note, entry.id, entry.asset, entry.account) == ("=cmd|' /C calc'!A0", "+1", "@SUM", "-x")


def test_today_is_no_future_and_tomorrow_is() -> None:
    rows = [buy(date=datetime(2026, 11, 22, 23, 59)), buy(date="2026-11-23")]
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), *rows], today=TODAY)
    assert [(problem.row, problem.code) for problem in ledger.problems] == [(3, "FUTURE_DATE")]
    assert not ledger.problems[0].is_error


def test_what_a_cell_says_is_cut_short_in_a_message() -> None:
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), buy(amount="x" * 5000)], today=TODAY)
    assert len(ledger.problems[0].message) < 120
