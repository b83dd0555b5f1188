"""Plans remind of the next payment of estimated tax, where Settings are kept for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.planning.estimated_tax import estimate
from capgain.engine.planning.harvest import harvest
from capgain.engine.planning.ticked import LotKey, Tick, planned
from capgain.engine.planning.what_if import what_if
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ("Date", "Type", "Asset", "Quantity", "Price", "Account", "Class")
DAY = date(2025, 11, 20)
ROWS = (
    (date(2024, 6, 3), "Buy", "XYZ", 100, 50, "F", "stock"),
    (date(2024, 6, 3), "Buy", "ABC", 100, 50, "F", "stock"),
    (date(2025, 10, 1), "Sell", "ABC", 100, 150, "F", "stock"),
    (date(2026, 1, 20), "Buy", "DEF", 1, 1, "F", "stock"),
)
KEPT = {"Other Income 2025": 150000, "Total Tax 2024": 90000, "AGI 2024": 140000, "Withholding 2025": 20000}


def book(**more: object) -> Ledger:
    settings = {"Filing Status": "single", **KEPT} | {name.replace("_", " "): value for name, value in more.items()}
    stated = [(name, value) for name, value in settings.items() if value is not None]
    return ledger_from_blocks(
        [HEADER, *ROWS],
        (("Account", "Kind"), ("F", "brokerage")),
        [("Name", "Value"), *stated],
        [("Asset", "Price", "Date"), ("XYZ", 20, DAY)],
        today=date(2026, 2, 1),
    )


def said(notes: tuple[str, ...]) -> list[str]:
    return [note for note in notes if "stimated tax" in note]


def test_harvest_names_what_is_to_be_paid_next_and_what_selling_takes_off_it() -> None:
    """Selling 3,000 of loss saves 15% of it, 450, of which 90% are of the required payment."""
    found = harvest(book(), DAY)
    coming = estimate(compute(book()), 2025, DAY).next
    assert coming is not None
    assert said(found.notes) == [
        f"Estimated tax: with the gains of the year so far {coming.short:,.2f} is to be paid by 01/15/2026 "
        "(capgain estimate).",
        "Selling as shown under 'Sell' takes 405.00 off the installment of estimated tax due 01/15/2026.",
    ]
    assert found.saves == 450


def test_ticked_sales_and_a_planned_sale_say_the_same() -> None:
    tick = Tick(LotKey(2, "F", "", date(2024, 6, 3)), "XYZ", Decimal(20), None)
    words = "takes 405.00 off the installment of estimated tax due 01/15/2026."
    assert said(planned(book(), DAY, [tick]).notes) == [f"What is ticked {words}"]
    assert said(what_if(book(), "XYZ", Decimal(100), Decimal(20), DAY).notes)[0] == f"The cheapest sale {words}"


def test_a_sale_at_a_gain_adds_to_it() -> None:
    notes = what_if(book(), "XYZ", Decimal(100), Decimal(60), DAY).notes
    assert said(notes)[0] == "The cheapest sale adds 135.00 to the installment of estimated tax due 01/15/2026."


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2025, 4, 15), "04/15/2025"), (date(2025, 4, 16), "06/16/2025"), (date(2025, 12, 31), "01/15/2026")],
)
def test_the_payment_is_the_first_that_is_not_due_before_the_day(day: date, due: str) -> None:
    (sentence,) = said(planned(book(), day, []).notes)
    assert f"is to be paid by {due}" in sentence


@pytest.mark.parametrize(
    "unkept",
    [
        dict.fromkeys(("Total_Tax_2024", "AGI_2024", "Withholding_2025")),
        {"Withholding_2025": 90000},
        {"Total_Tax_2024": 0},
    ],
    ids=["nothing is kept for it", "withholding is enough", "no tax last year"],
)
def test_where_nothing_is_to_be_paid_nothing_is_due(unkept: dict[str, object]) -> None:
    assert not any("is to be paid" in note for note in harvest(book(**unkept), DAY).notes)
