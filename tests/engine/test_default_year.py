"""Which year is meant where none is asked for, and when it can be filed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.compute import compute
from capgain.engine.ledger import Account, Ledger
from capgain.engine.report import TaxReport
from capgain.engine.settings import ByYear, Settings
from capgain.engine.transactions import Buy, Sell

TODAY = date(2026, 6, 1)


def of_sales(
    *years: int, bought: int = 2020, tax_year: int | None = None, **settings: ByYear[Decimal | None]
) -> Ledger:
    common = {"account": "S", "asset": "XYZ", "asset_class": AssetClass.STOCK, "quantity": Decimal(1)}
    buy = Buy(row=2, at=datetime(bought, 1, 2), **{**common, "quantity": Decimal(9)}, amount=Decimal(900))  # type: ignore[arg-type]
    sales = [
        Sell(row=row, at=datetime(year, 6, 3), **common, amount=Decimal(100))  # type: ignore[arg-type]
        for row, year in enumerate(years, start=3)
    ]
    stated = Settings(tax_year=tax_year, **settings)  # type: ignore[arg-type]
    return Ledger((buy, *sales), {"S": Account("S", AccountKind.BROKERAGE)}, stated)


def computed(ledger: Ledger, today: date = TODAY) -> TaxReport:
    return compute(ledger, today=today)


@pytest.mark.parametrize(
    ("ledger", "year"),
    [
        (of_sales(2023, 2024), 2024),
        (of_sales(2023, 2024, tax_year=2025), 2025),
        (of_sales(2023, 2024, tax_year=2023), 2023),
        (of_sales(2024, 2027), 2024),
        (of_sales(2027), 2027),
        (of_sales(), 2020),
    ],
)
def test_the_default_year_is_tax_year_else_the_last_with_a_disposal_up_to_now(ledger: Ledger, year: int) -> None:
    assert computed(ledger).default_year(TODAY) == year


def test_the_chain_reaches_a_tax_year_after_the_last_row() -> None:
    report = computed(of_sales(2023, tax_year=2025))
    assert list(report.years) == list(range(2020, 2026))
    assert report.years[2025].schedule_d is not None


def test_the_chain_begins_with_a_carryover_stated_for_a_year_before_the_first_row() -> None:
    stated: ByYear[Decimal | None] = ByYear(None, {2021: Decimal(10000)})
    report = computed(of_sales(2023, bought=2023, carryover_long=stated))
    assert min(report.years) == 2021
    assert report.years[2023].carried_in.long == Decimal(4000)


@pytest.mark.parametrize(("today", "is_over"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)])
def test_a_year_is_ready_from_the_day_after_its_end(today: date, is_over: bool) -> None:
    report = computed(of_sales(2025), today)
    assert report.filing_ready is is_over
    assert ["YEAR_NOT_OVER"] * (not is_over) == [problem.code for problem in report.problems]


def test_figures_without_a_year_belong_to_tax_year_and_those_with_one_go_before() -> None:
    both: ByYear[Decimal | None] = ByYear(Decimal(5), {2023: Decimal(7)})
    settings = Settings(tax_year=2024, taxable_income=both, schedule_d={"12": both})
    for figure in (settings.taxable_income, settings.schedule_d["12"]):
        assert [figure.of(year) for year in (2022, 2023, 2024, 2025)] == [None, Decimal(7), Decimal(5), None]
    assert Settings(tax_year=2023, magi=both).magi.of(2023) == Decimal(7)
