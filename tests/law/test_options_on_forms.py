"""Shares bought or sold by options, on Forms 1099 that know the strike price alone: codes B and E by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.broker_rows import BOX_REPORTED, BOX_TERMS, BrokerRow
from capgain.engine.compute import compute
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ("Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class")
CALL, PUT = "AB 250620C00050000", "AB 250620P00050000"


def bought_by(*rows: tuple[object, ...]) -> tuple[tuple[object, ...], ...]:
    return (*rows, ("2025-09-02", "Sell", "AB", 100, None, 7000, 0, "S", "stock"))


CALL_USED = bought_by(
    ("2025-01-06", "Buy", CALL, 1, None, 320, 0, "S", "option"),
    ("2025-06-20", "Exercise", CALL, 1, 50, None, 5, "S", "option"),
)
PUT_ASSIGNED = bought_by(
    ("2025-01-06", "Short Sell", PUT, 1, None, 320, 2, "S", "option"),
    ("2025-06-20", "Assign", PUT, None, 50, None, 5, "S", "option"),
)
PUT_USED = (
    ("2023-01-06", "Buy", "AB", 100, None, 3000, 0, "S", "stock"),
    ("2025-01-06", "Buy", PUT, 1, None, 320, 2, "S", "option"),
    ("2025-06-20", "Exercise", PUT, 1, 50, None, 5, "S", "option"),
)


def answered(rows: tuple[tuple[object, ...], ...], form: tuple[str, ...]) -> tuple[TaxReport, Disposition]:
    ledger = ledger_from_blocks(
        [HEADER, *rows],
        (("Account", "Kind"), ("S", "brokerage")),
        [("Name", "Value"), ("Filing Status", "single"), ("Tax Year", 2025)],
        today=date(2026, 3, 1),
    )
    box, acquired, sold, proceeds, basis = form
    on_form = BrokerRow(
        row=2,
        broker="S",
        box=box,
        asset="AB",
        quantity=Decimal(100),
        acquired=date.fromisoformat(acquired),
        sold=date.fromisoformat(sold),
        proceeds=Decimal(proceeds),
        basis=Decimal(basis),
        term=BOX_TERMS[box],
        reported=BOX_REPORTED[box],
    )
    report = compute(replace(ledger, forms_1099=(on_form,)), today=date(2026, 3, 1))
    (row,) = report.years[2025].dispositions
    return report, row


def differs(report: TaxReport) -> bool:
    return "FORM_1099_DIFFERS" in {problem.code for problem in report.problems}


@pytest.mark.parametrize(
    ("rows", "basis", "adjustment"),
    [
        (CALL_USED, "5000", -325),
        (CALL_USED, "5005", -320),
        (CALL_USED, "5325", 0),
        (PUT_ASSIGNED, "4687", 0),
    ],
)
def test_the_strike_price_alone_as_basis_is_explained(
    rows: tuple[tuple[object, ...], ...], basis: str, adjustment: int
) -> None:
    """Column (h) stays: 7,000 less 5,000 + 5 + 320 paid for the call, or less 5,000 + 5 - 318 brought by the put."""
    report, row = answered(rows, ("A", "2025-06-20", "2025-09-02", "7000", basis))
    assert not differs(report), report.problems
    assert (row.codes, row.adjustment) == ("B" if adjustment else "", adjustment)
    assert row.gain_cents == (167500 if rows is CALL_USED else 231300)


@pytest.mark.parametrize(("basis", "adjustment"), [("5000", 313), ("5005", 318)])
def test_a_put_without_its_number_of_contracts_that_bears_a_fee_is_asked_about(basis: str, adjustment: int) -> None:
    rows = tuple((*row[:3], 1, *row[4:]) if row[1] == "Assign" else row for row in PUT_ASSIGNED)
    form = ("A", "2025-06-20", "2025-09-02", "7000", basis)
    counted, row = answered(rows, form)
    assert not differs(counted), counted.problems
    assert (row.codes, row.adjustment) == ("B", adjustment)
    uncounted, _ = answered(PUT_ASSIGNED, form)
    assert differs(uncounted)


@pytest.mark.parametrize(("rows", "basis"), [(CALL_USED, "5100"), (CALL_USED, "4999.97"), (PUT_ASSIGNED, "4999")])
def test_another_basis_is_asked_about(rows: tuple[tuple[object, ...], ...], basis: str) -> None:
    report, _ = answered(rows, ("A", "2025-06-20", "2025-09-02", "7000", basis))
    assert differs(report)


@pytest.mark.parametrize(
    ("proceeds", "settled", "code", "adjustment"),
    [("5000", True, "E", -327), ("4995", True, "E", -322), ("4673", True, "", 0), ("4900", False, "", 0)],
)
def test_the_strike_price_alone_as_proceeds_of_a_put_is_explained(
    proceeds: str, settled: bool, code: str, adjustment: int
) -> None:
    """Column (h): 5,000 less 5, less 322 paid for the put, less 3,000."""
    report, row = answered(PUT_USED, ("D", "2023-01-06", "2025-06-20", proceeds, "3000"))
    assert differs(report) is not settled
    assert (row.codes, row.adjustment, row.gain_cents) == (code, adjustment, 167300)
