"""What brokers reported against Form 8949 as printed: each figure agrees, is explained, or stands as open."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from time import process_time
from typing import Any

import pytest

from capgain.engine.classes import AccountKind, AssetClass, FilingStatus, Reported
from capgain.engine.compute import compute
from capgain.engine.ledger import Account, Ledger
from capgain.engine.settings import ByYear, Settings
from capgain.engine.transactions import Buy, Sell, Transaction, Transfer
from capgain.workbook.handoff.reconciliation.reconcile import Line, Reconciliation, reconcile
from capgain.workbook.reading.form_1099 import broker_rows
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.moments import Calendar

HEADINGS = ("Broker", "Form", "Box", "Asset", "Proceeds", "Basis", "Wash", "Reported", "Quantity", "Acquired", "Sold")
ACCOUNTS = {
    "Schwab": Account("Schwab", AccountKind.BROKERAGE),
    "Fidelity": Account("Fidelity", AccountKind.BROKERAGE),
    "Roth": Account("Roth", AccountKind.IRA),
}
SETTINGS = Settings(tax_year=2024, filing_status=ByYear(FilingStatus.SINGLE), ledger_through=date(2025, 6, 30))


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
        **more,
    )


def against(rows: tuple[Transaction, ...], *lines: tuple[object, ...]) -> Reconciliation:
    forms, problems = broker_rows(RawSheet("1099", [HEADINGS, *lines]), Calendar())  # type: ignore[list-item]
    assert not problems, problems
    report = compute(Ledger(rows, ACCOUNTS, SETTINGS, forms_1099=forms))
    assert not report.has_errors, report.problems
    found = reconcile(report, report.years[2024])
    assert found is not None
    return found


def lines_of(result: Reconciliation) -> dict[str, Line]:
    (one,) = result.reconciled
    return {line.figure: line for line in one.lines}


PLAIN = (
    stock(Buy, 2, "2024-01-05", "10", "500", fee=Decimal(7)),
    stock(Sell, 3, "2024-03-05", "4", "400", fee=Decimal(5)),
    stock(Sell, 4, "2024-04-05", "6", "900", fee=Decimal(5)),
)


def test_a_form_that_agrees_needs_no_explanation() -> None:
    lines = lines_of(against(PLAIN, ("Schwab", "1099-B", "A", "total", "1290.00", 507, None)))
    assert [(line.figure, line.difference, line.is_settled) for line in lines.values()] == [
        ("Proceeds", 0, True),
        ("Basis", 0, True),
        ("Wash", 0, True),
    ]


def test_what_the_form_drives_agrees_and_a_second_line_says_what_corrects_it() -> None:
    lines = lines_of(against(PLAIN, ("Schwab", "1099-B", "A", "", "1,300.00", 500, "")))
    assert lines["Proceeds"].difference == lines["Basis"].difference == 0
    corrected = lines["Proceeds corrected by E"]
    assert (corrected.broker, corrected.ours, corrected.explained) == (1300, 1290, 10)
    assert (corrected.against, corrected.heading, corrected.classes) == ("Proceeds", "Net proceeds", ("fee",))
    assert lines["Basis corrected by B"].explained == -7
    assert all(line.is_settled and not line.open for line in lines.values())


@pytest.mark.parametrize("rest", ["0.01", "-0.02"])
def test_cents_are_rounding_and_a_dollar_is_open(rest: str) -> None:
    amount = Decimal(1290) + Decimal(rest)
    rounded = lines_of(against(PLAIN, ("Schwab", "1099-B", "A", "", amount, 507)))["Proceeds"]
    assert (rounded.classes, rounded.open) == (("rounding",), 0)
    result = against(PLAIN, ("Schwab", "1099-B", "A", "", amount + 1, 507))
    proceeds = lines_of(result)["Proceeds"]
    assert (proceeds.is_settled, proceeds.open) == (False, Decimal(rest) + 1)
    assert "nothing explains it" in proceeds.why
    assert "Enter the form lot by lot" in proceeds.why


def test_a_basis_corrected_without_a_cause_is_open_by_its_amount() -> None:
    line = ("Schwab", "1099-B", "A", "XYZ", 395, 100, None, None, 4, "2024-01-05", "2024-03-05")
    rest = ("Schwab", "1099-B", "A", "XYZ", 895, "304.20", None, None, 6, "2024-01-05", "2024-04-05")
    result = against(PLAIN, line, rest)
    lines = {found.figure: found for found in result.reconciled[0].lines}
    assert lines["Basis"].difference == 0
    assert (lines["Basis corrected by B"].open, lines["Basis corrected by B"].is_settled) == (Decimal("-102.80"), False)
    assert result.reconciled[1].is_settled


def test_a_sale_the_ledger_lacks_and_a_broker_it_does_not_know_are_missing_rows() -> None:
    result = against(
        PLAIN,
        ("Schwab", "1099-B", "A", "XYZ", 1290, 507),
        ("Schwab", "1099-B", "A", "GONE", 77, 50),
        ("Vanguard", "1099-B", "A", "", 1, 1),
        ("Schwab", "1099-B", "A", "NEW", 5, 1, None, None, 1, "2024-01-05", "2024-03-05"),
    )
    agreed, gone, stranger, missing = result.reconciled
    assert agreed.is_settled
    assert "no sale of the ledger is in this box" in gone.lines[0].why
    assert (stranger.accounts, stranger.lines[0].classes) == ((), ("missing row",))
    assert "the ledger has no account Vanguard" in stranger.lines[0].why
    assert missing.lines[0].open == 5
    assert not any(one.is_settled for one in (gone, stranger, missing))


def test_basis_not_reported_is_a_class_of_its_own() -> None:
    rows = (
        stock(Buy, 2, "2024-01-05", "10", "500"),
        stock(Sell, 3, "2024-03-05", "10", "400", reported=Reported.NO_BASIS),
    )
    for basis in (None, 0):
        line = lines_of(against(rows, ("Schwab", "1099-B", "B", "", 400, basis)))["Basis"]
        assert (line.classes, line.explained, line.is_settled) == (("basis not reported",), -500, True)


def test_units_transferred_in_have_a_basis_that_the_broker_lacks() -> None:
    rows = (
        stock(Buy, 2, "2023-01-05", "10", "500", "Fidelity"),
        stock(Transfer, 3, "2023-06-05", "10", "0", "Fidelity", to_account="Schwab"),
        stock(Buy, 4, "2023-07-05", "5", "300"),
        stock(Sell, 5, "2024-08-05", "15", "1500"),
    )
    line = lines_of(against(rows, ("Schwab", "1099-B", "D", "", 1500, 300)))["Basis corrected by B"]
    assert (line.classes, line.explained) == (("no basis known",), -500)


def test_a_wash_sale_across_accounts_is_seen_by_us_alone() -> None:
    rows = (
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "4", "900", "Roth"),
    )
    line = lines_of(against(rows, ("Schwab", "1099-B", "A", "", 1000, 5000, 0)))["Wash"]
    assert (line.classes, line.explained, line.is_settled) == (("wash amount",), -1600, True)


def test_a_wash_sale_within_the_account_that_the_broker_lacks_stays_open() -> None:
    rows = (
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "4", "900"),
    )
    line = lines_of(against(rows, ("Schwab", "1099-B", "A", "", 1000, 5000, 0)))["Wash"]
    assert (line.open, line.is_settled) == (-1600, False)


def test_a_broker_who_matches_a_loss_here_that_we_match_elsewhere_has_the_higher_basis() -> None:
    rows = (
        stock(Buy, 2, "2024-01-05", "10", "5000"),
        stock(Sell, 3, "2024-03-05", "10", "1000"),
        stock(Buy, 4, "2024-03-15", "10", "900", "Roth"),
        stock(Buy, 5, "2024-03-20", "10", "1000"),
        stock(Sell, 6, "2024-06-05", "10", "6000"),
    )
    result = against(rows, ("Schwab", "1099-B", "A", "", 7000, 10000, 4000))
    line = lines_of(result)["Basis corrected by B"]
    assert (line.classes, line.explained) == (("wash across accounts",), 4000)
    assert result.reconciled[0].is_settled


def test_rows_of_a_form_about_one_lot_stand_together() -> None:
    one = ("Schwab", "1099-B", "A", "XYZ", 100, "50.70", None, None, 1, "2024-01-05", "2024-03-05")
    three = ("Schwab", "1099-B", "A", "XYZ", 295, "152.10", None, None, 3, "2024-01-05", "2024-03-05")
    rest = ("Schwab", "1099-B", "A", "XYZ", 895, "304.20", None, None, 6, "2024-01-05", "2024-04-05")
    result = against(PLAIN, one, three, rest)
    assert [[form.row for form in group.forms] for group in result.reconciled] == [[2, 3], [4]]
    assert result.reconciled[0].lines[0].broker == 395
    assert all(group.is_settled for group in result.reconciled)


def test_reported_sales_without_a_form_are_listed() -> None:
    rows = (
        stock(Buy, 2, "2024-01-05", "10", "500"),
        stock(Sell, 3, "2024-03-05", "4", "400"),
        stock(Sell, 4, "2024-03-06", "4", "400", reported=Reported.NONE),
    )
    result = against(rows)
    assert [(one.account, one.box, [row.row for row in one.rows]) for one in result.unmatched] == [("Schwab", "A", [3])]


def test_thousands_of_sales_on_lot_rows_or_totals_are_answered_in_a_moment() -> None:
    count = 6_000
    bought = [stock(Buy, 2 + n, "2024-01-05", "1", "100", asset=f"A{n % 300}", fee=Decimal(1)) for n in range(count)]
    sold = [
        stock(Sell, 2 + count + n, f"2024-06-{1 + n % 28:02}", "1", f"{110 + n % 9}", asset=f"A{n % 300}")
        for n in range(count)
    ]
    rows = (*bought, *sold)
    lots = [
        ("Schwab", "1099-B", "A", f"A{n % 300}", 110 + n % 9, 100, 0, None, 1, "2024-01-05", f"2024-06-{1 + n % 28:02}")
        for n in range(count)
    ]
    many = [("Schwab", "1099-B", "A", f"A{n}", 5, 7, 3) for n in range(300)]
    start = process_time()
    compute(Ledger(rows, ACCOUNTS, SETTINGS))
    alone = process_time() - start
    for forms in ([("Schwab", "1099-B", "A", "", 5, 7, 3)], many, lots):
        start = process_time()
        result = against(rows, *forms)
        assert process_time() - start < 6 * alone + 3
        assert len([row for one in result.reconciled for row in one.rows]) == count
