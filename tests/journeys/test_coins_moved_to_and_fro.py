"""A coin that travels between accounts stays one lot: moving it adds no row to Form 8949."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.compute import compute
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADINGS = ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "To Account", "Class", "Lot", "ID"]
ACCOUNTS = [["Account", "Kind"], ["Coinbase", "exchange"], ["Kraken", "exchange"]]


def sold(*rows: list[str]) -> tuple[Disposition, ...]:
    full = [[*row, *[None] * (len(HEADINGS) - len(row))] for row in rows]
    report = compute(ledger_from_blocks([HEADINGS, *full], ACCOUNTS))
    assert not report.has_errors, report.problems
    return tuple(row for year in report.years.values() for row in year.dispositions)


def bought(year: int) -> list[str]:
    return [f"{year}-01-05", "Buy", "BTC", "1", "20000.01", "Coinbase", "", "crypto"]


def moved(day: str, units: str, here: str, there: str) -> list[str]:
    return [day, "Transfer", "BTC", units, "", here, there]


@pytest.mark.parametrize("year", [2022, 2025])
def test_a_sale_of_one_lot_is_one_row_however_it_travelled(year: int) -> None:
    there, back, again = ("Coinbase", "Kraken"), ("Kraken", "Coinbase"), ("Coinbase", "Kraken")
    travel = [moved(f"{year}-02-0{day}", units, *way) for day, units, way in ((1, "0.3", there), (2, "0.1", back))]
    travel.append(moved(f"{year}-02-03", "0.00000007", *again))
    (row,) = sold(bought(year), *travel, [f"{year}-03-05", "Sell", "BTC", "0.75", "45000.01", "Coinbase"])
    assert (row.quantity, row.proceeds_cents, row.basis_cents) == (type(row.quantity)("0.75"), 4500001, 1500001)


@pytest.mark.parametrize("year", [2022, 2025])
def test_the_rows_of_a_lot_sold_bit_by_bit_add_up_to_what_it_cost(year: int) -> None:
    rows = [bought(year)]
    for day in range(1, 8):
        rows.append(moved(f"{year}-02-0{day}", "0.0333333", "Coinbase", "Kraken"))
        rows.append(moved(f"{year}-02-1{day}", "0.0222222", "Kraken", "Coinbase"))
        rows.append([f"{year}-02-2{day}", "Sell", "BTC", "0.1", "2500", "Coinbase"])
    rows.append([f"{year}-03-01", "Sell", "BTC", "0.0777777", "2500", "Kraken"])
    rows.append([f"{year}-03-02", "Sell", "BTC", "0.2222223", "2500", "Coinbase"])
    found = sold(*rows)
    assert len(found) == 9
    assert sum(row.basis_cents for row in found) == 2000001


def test_different_purchases_of_one_day_stay_apart() -> None:
    first, second = bought(2025), bought(2025)
    second[4] = "20000.01"
    found = sold(first, second, ["2025-03-05", "Sell", "BTC", "2", "45000", "Coinbase"])
    assert [row.lot_row for row in found] == [2, 3]


@pytest.mark.parametrize("year", [2022, 2025])
def test_what_came_back_is_held_as_one_lot(year: int) -> None:
    rows = [bought(year)]
    for day in range(1, 8):
        rows.append(moved(f"{year}-02-0{day}", "0.0333333", "Coinbase", "Kraken"))
        rows.append(moved(f"{year}-02-1{day}", "0.0222222", "Kraken", "Coinbase"))
    full = [[*row, *[None] * (len(HEADINGS) - len(row))] for row in rows]
    lots = compute(ledger_from_blocks([HEADINGS, *full], ACCOUNTS)).open_lots
    assert [(lot.account, str(lot.quantity.normalize())) for lot in lots] == [
        ("Coinbase", "0.9222223"),
        ("Kraken", "0.0777777"),
    ]
    assert sum(lot.basis for lot in lots) == Decimal("20000.01")
