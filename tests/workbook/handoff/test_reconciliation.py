"""A broker's Form 1099 against Form 8949: every difference has a class and adds up, or stands there as open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from time import process_time
from typing import Any

import pytest

from capgain.engine.classes import AccountKind, AssetClass, FilingStatus, Reported
from capgain.engine.compute import compute
from capgain.engine.ledger import Account, ByYear, Ledger, Settings
from capgain.engine.report import TaxReport
from capgain.engine.transactions import Buy, Sell, Transaction, Transfer
from capgain.workbook.handoff.reconciliation.form_1099 import BrokerRow, broker_rows
from capgain.workbook.handoff.reconciliation.reconcile import Comparison, Reconciliation, accounts_of, reconcile
from capgain.workbook.handoff.reconciliation.sales import Column
from capgain.workbook.reading.raw_sheet import RawSheet

HEADINGS = ("Broker", "Form", "Box", "Asset or total", "Proceeds", "Basis", "Wash", "Reported")
ACCOUNTS = {
    "Schwab": Account("Schwab", AccountKind.BROKERAGE),
    "Fidelity": Account("Fidelity", AccountKind.BROKERAGE),
    "Roth": Account("Roth", AccountKind.IRA),
}


def stock(
    kind: type[Any], row: int, when: str, quantity: str, amount: str, account: str = "Schwab", **more: Any
) -> Any:
    return kind(
        row=row,
        at=datetime.fromisoformat(when),
        account=account,
        asset=more.pop("asset", "XYZ"),
        asset_class=AssetClass.STOCK,
        quantity=Decimal(quantity),
        amount=Decimal(amount),
        **({"reported": Reported.BASIS} | more if kind is Sell else more),
    )


def report(*rows: Transaction) -> TaxReport:
    found = compute(Ledger(rows, ACCOUNTS, Settings(filing_status=ByYear(FilingStatus.SINGLE))))
    assert not found.has_errors, found.problems
    return found


def against(found: TaxReport, *lines: tuple[object, ...]) -> Reconciliation:
    forms, problems = broker_rows(RawSheet("1099", [HEADINGS, *lines]))
    assert not problems, problems
    return reconcile(found, found.years[2024], forms)


def only(result: Reconciliation, column: Column) -> Comparison:
    (one,) = result.reconciled
    return next(comparison for comparison in one.comparisons if comparison.column is column)


@pytest.fixture(scope="module")
def plain() -> TaxReport:
    return report(
        stock(Buy, 2, "2024-01-05", "10", "500", fee=Decimal(7)),
        stock(Sell, 3, "2024-03-05", "4", "400", fee=Decimal(5)),
        stock(Sell, 4, "2024-04-05", "6", "900", fee=Decimal(5)),
    )


def test_a_form_that_agrees_needs_no_explanation(plain: TaxReport) -> None:
    result = against(plain, ("Schwab", "1099-B", "A", "total", "1290.00", 507, None, "basis"))
    assert result.is_settled
    assert [comparison.explained for comparison in result.reconciled[0].comparisons] == [(), (), ()]


def test_gross_proceeds_are_explained_by_the_fees(plain: TaxReport) -> None:
    proceeds = only(against(plain, ("Schwab", "1099-B", "A", "", "1,300.00", 507, "", "")), Column.PROCEEDS)
    assert [(cause.name, cause.amount, cause.rows) for cause in proceeds.explained] == [("fee", Decimal(10), (3, 4))]
    assert proceeds.is_settled


def test_a_basis_without_purchase_fees_is_explained_by_them(plain: TaxReport) -> None:
    basis = only(against(plain, ("schwab", "1099-B", "A", "", 1290, 500, "", "")), Column.BASIS)
    assert [(cause.name, cause.amount) for cause in basis.explained] == [("fee", Decimal(-7))]


@pytest.mark.parametrize("rest", ["0.01", "-0.02"])
def test_cents_are_rounding_and_a_dollar_is_not(plain: TaxReport, rest: str) -> None:
    amount = Decimal(1290) + Decimal(rest)
    result = against(plain, ("Schwab", "1099-B", "A", "", amount, 507, "", ""))
    assert [cause.name for cause in only(result, Column.PROCEEDS).explained] == ["rounding"]
    result = against(plain, ("Schwab", "1099-B", "A", "", amount + 1, 507, "", ""))
    proceeds = only(result, Column.PROCEEDS)
    assert not result.is_settled
    assert proceeds.open == Decimal(rest) + 1
    assert "fee would be 10.00" in proceeds.hint


def test_a_sale_the_form_lacks_is_named(plain: TaxReport) -> None:
    result = against(plain, ("Schwab", "1099-B", "A", "", 395, "202.80", "", ""))
    proceeds, basis = only(result, Column.PROCEEDS), only(result, Column.BASIS)
    assert [(cause.name, cause.rows) for cause in proceeds.explained] == [("missing row", (4,))]
    assert [(cause.name, cause.rows) for cause in basis.explained] == [("missing row", (4,))]
    assert proceeds.open == 0
    assert not result.is_settled


def test_a_sale_the_ledger_keeps_in_another_box_is_named() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "500"),
        stock(Sell, 3, "2024-03-05", "4", "400"),
        stock(Sell, 4, "2024-04-05", "6", "900", reported=Reported.NONE),
    )
    result = against(found, ("Schwab", "1099-B", "A", "", 1300, 500, "", ""))
    proceeds = only(result, Column.PROCEEDS)
    assert "which the ledger keeps in another box" in proceeds.explained[0].text
    assert proceeds.explained[0].rows == (4,)
    assert not result.is_settled


def test_a_sale_the_ledger_lacks_stays_open_with_its_class(plain: TaxReport) -> None:
    result = against(
        plain,
        ("Schwab", "1099-B", "A", "XYZ", 1290, 507, "", ""),
        ("Schwab", "1099-B", "A", "GONE", 77, 50, "", ""),
        ("Vanguard", "1099-B", "A", "", 1, 1, "", ""),
    )
    agreed, gone, stranger = result.reconciled
    assert agreed.is_settled
    assert gone.comparisons[0].open == 77
    assert gone.comparisons[0].hint == "Missing row: the ledger has no sale of GONE from this broker in box A."
    assert not stranger.accounts
    assert not stranger.is_settled
    assert [one.is_settled for one in result.reconciled] == [True, False, False]


def test_basis_not_reported_is_a_class_of_its_own() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "500"),
        stock(Sell, 3, "2024-03-05", "10", "400", reported=Reported.NO_BASIS),
    )
    basis = only(against(found, ("Schwab", "1099-B", "B", "", 400, None, "", "no basis")), Column.BASIS)
    assert [(cause.name, cause.amount) for cause in basis.explained] == [("basis not reported", Decimal(-500))]
    by_reported = against(found, ("Schwab", "1099-B", "X", "", 400, 0, "", "no"))
    assert by_reported.is_settled


def test_units_transferred_in_explain_a_basis_the_broker_lacks() -> None:
    found = report(
        stock(Buy, 2, "2023-01-05", "10", "500", "Fidelity"),
        stock(Transfer, 3, "2023-06-05", "10", "0", "Fidelity", to_account="Schwab"),
        stock(Buy, 4, "2023-07-05", "5", "300"),
        stock(Sell, 5, "2024-08-05", "15", "1500"),
    )
    basis = only(against(found, ("Schwab", "1099-B", "D", "", 1500, 300, "", "")), Column.BASIS)
    assert [(cause.name, cause.amount, cause.rows) for cause in basis.explained] == [
        ("transferred in", Decimal(-500), (5,))
    ]


def test_a_wash_sale_across_accounts_is_seen_by_us_alone() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "4", "900", "Roth"),
    )
    wash = only(against(found, ("Schwab", "1099-B", "A", "", 1000, 5000, 0, "")), Column.WASH)
    assert [(cause.name, cause.amount) for cause in wash.explained] == [("wash across accounts", Decimal(-1600))]


def test_a_wash_sale_that_the_broker_finds_in_the_account_is_not_explained_by_another_account() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "4", "900", "Fidelity"),
        stock(Buy, 5, "2024-03-20", "4", "900"),
    )
    assert [wash.replacement_row for wash in found.wash_sales] == [4, 5]
    wash = only(against(found, ("Schwab", "1099-B", "A", "", 1000, 5000, 1600, "")), Column.WASH)
    assert [(cause.name, cause.amount, cause.rows) for cause in wash.explained] == [
        ("wash across accounts", Decimal(-1600), (3,))
    ]
    nothing = only(against(found, ("Schwab", "1099-B", "A", "", 1000, 5000, 0, "")), Column.WASH)
    assert [cause.name for cause in nothing.explained] == ["missing row"]
    assert not nothing.is_settled


def test_of_lots_sold_in_part_the_loss_from_elsewhere_in_their_basis_counts_in_part() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "5000", "Fidelity"),
        stock(Sell, 3, "2024-03-05", "10", "1000", "Fidelity"),
        stock(Buy, 4, "2024-03-15", "10", "900"),
        stock(Sell, 5, "2024-06-05", "4", "2500"),
    )
    basis = only(against(found, ("Schwab", "1099-B", "A", "", 2500, 360, "", "")), Column.BASIS)
    assert [(cause.name, cause.amount, cause.rows) for cause in basis.explained] == [
        ("wash across accounts", Decimal(-1600), (4,))
    ]
    assert basis.is_settled


def test_a_broker_who_matches_a_loss_here_that_we_match_elsewhere_has_the_higher_basis() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "10", "900", "Roth"),
        stock(Buy, 5, "2024-03-20", "10", "1000"),
        stock(Sell, 6, "2024-06-05", "10", "6000"),
    )
    result = against(found, ("Schwab", "1099-B", "A", "", 7000, 10000, 4000, ""))
    basis = only(result, Column.BASIS)
    assert [(cause.name, cause.amount) for cause in basis.explained] == [("wash across accounts", Decimal(4000))]
    assert basis.explained[0].text.startswith("the broker, who looks at one account, moves a loss into these lots")
    assert result.is_settled


def test_identical_securities_are_another_cusip_to_the_broker() -> None:
    settings = Settings(filing_status=ByYear(FilingStatus.SINGLE), identical=(frozenset({"XYZ", "XYZ.B"}),))
    rows = (
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "10", "900", asset="XYZ.B"),
    )
    found = compute(Ledger(rows, ACCOUNTS, settings))
    wash = only(against(found, ("Schwab", "1099-B", "A", "", 1000, 5000, 0, "")), Column.WASH)
    assert [(cause.name, cause.amount) for cause in wash.explained] == [("wash across accounts", Decimal(-4000))]


def test_a_sale_partly_in_another_box_is_named_once_however_many_others_there_are() -> None:
    bought = [stock(Buy, 2 + n, "2023-06-05" if n else "2022-06-05", "1", "10") for n in range(40)]
    sold = [stock(Sell, 50, "2024-05-05", "2", "60")]
    sold += [stock(Sell, 51 + n, "2024-05-06", "1", "40") for n in range(38)]
    found = report(*bought, *sold)
    assert {row.box for row in found.years[2024].dispositions} == {"A", "D"}
    short = sum((row.proceeds for row in found.years[2024].dispositions if row.box == "A"), Decimal(0))
    proceeds = only(against(found, ("Schwab", "1099-B", "A", "", short + 30, 390, "", "")), Column.PROCEEDS)
    assert [(cause.name, cause.rows) for cause in proceeds.explained] == [("missing row", (50,))]
    unclear = only(against(found, ("Schwab", "1099-B", "A", "", short - 40, 390, "", "")), Column.PROCEEDS)
    assert unclear.explained == ()


def test_thousands_of_sales_on_one_form_or_on_hundreds_are_compared_in_a_moment() -> None:
    count = 6_000
    bought = [stock(Buy, 2 + n, "2024-01-05", "1", "100", asset=f"A{n % 300}", fee=Decimal(1)) for n in range(count)]
    sold = [
        stock(Sell, 2 + count + n, f"2024-06-{1 + n % 28:02}", "1", f"{110 + n % 9}", asset=f"A{n % 300}")
        for n in range(count)
    ]
    found = report(*bought, *sold)
    one = [("Schwab", "1099-B", "A", "", 5, 7, 3, "")]
    many = [("Schwab", "1099-B", "A", f"A{n}", 5, 7, 3, "") for n in range(300)]
    for forms in (one, many):
        start = process_time()
        result = against(found, *forms)
        assert process_time() - start < 3, "one look at each sale takes a tenth of a second"
        assert len([row for form in result.reconciled for row in form.rows]) == count


def test_a_wash_sale_within_the_account_that_the_broker_lacks_stays_open() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "4", "900"),
    )
    wash = only(against(found, ("Schwab", "1099-B", "A", "", 1000, 5000, 0, "")), Column.WASH)
    assert [cause.name for cause in wash.explained] == ["missing row"]
    assert not wash.is_settled


def test_reported_sales_without_a_form_are_listed() -> None:
    found = report(
        stock(Buy, 2, "2024-01-05", "10", "500"),
        stock(Sell, 3, "2024-03-05", "4", "400"),
        stock(Sell, 4, "2024-03-06", "4", "400", reported=Reported.NONE),
    )
    result = against(found)
    assert [(one.account, one.box, [row.row for row in one.rows]) for one in result.unmatched] == [("Schwab", "A", [3])]
    assert not result.is_settled


def test_what_a_form_says_beyond_our_rows_is_read_with_its_place() -> None:
    sheet = RawSheet(
        "1099",
        [
            ("From the brokers' PDFs",),
            (),
            HEADINGS,
            ("Schwab", "1099-B", "A", "Total", "$1,234.50", "(10.00)", None, None),
            (None,) * 8,
            ("Schwab", "1099-B", "Q", "", 1, 1, None, None),
            ("Schwab", "1099-B", "", "", 1, 1, None, ""),
            ("", "1099-B", "A", "", "abc", 1, None, ""),
            ("Schwab", "1099-B", "A", "", None, 1, None, ""),
        ],
        first_row=2,
    )
    rows, problems = broker_rows(sheet)
    assert rows == (BrokerRow(5, "Schwab", "1099-B", "A", "", Decimal("1234.50"), Decimal("-10.00"), None),)
    assert [(problem.row, problem.column) for problem in problems] == [
        (7, "Box"),
        (8, "Box"),
        (9, "Proceeds"),
        (9, "Broker"),
        (10, "Proceeds"),
    ]
    assert all(problem.remedy and problem.blocks_filing for problem in problems)


def test_a_sheet_without_headings_is_a_problem_and_not_an_empty_form() -> None:
    rows, problems = broker_rows(RawSheet("1099", [("Payer", "Gross"), ("Schwab", 1)]))
    assert rows == ()
    assert "no row with the headings Broker and Proceeds" in problems[0].message


def test_a_broker_is_the_account_of_its_name_or_those_that_begin_with_it() -> None:
    accounts = ["Schwab", "Schwab Joint", "Fidelity A", "Fidelity B", "Fidelityx"]
    assert accounts_of("schwab", accounts) == ("Schwab",)
    assert accounts_of("Fidelity", accounts) == ("Fidelity A", "Fidelity B")
    assert accounts_of("Vanguard", accounts) == ()
