"""Short sales of sources that call what closes them a purchase like any other."""

from __future__ import annotations

from pathlib import Path

from .builders import file, ledger, run

WEBULL = "Name,Symbol,Side,Status,Filled,Total Qty,Price,Avg Price,Time-in-Force,Placed Time,Filled Time"


def order(side: str, units: int, day: str) -> str:
    at = f"{day} 10:00:00 EDT"
    return f"GME,GME,{side},Filled,{units},{units},@20.00,20.00,DAY,{at},{at}"


def test_a_purchase_covers_what_is_sold_short_and_buys_the_rest(tmp_path: Path) -> None:
    rows = (order("Short", 5, "05/07/2024"), order("Buy", 8, "05/08/2024"), order("Sell", 3, "05/09/2024"))
    result = run(tmp_path, file(tmp_path, "webull.csv", WEBULL, *rows))
    assert sorted(ledger(result, "Type", "Quantity", "Amount")) == [
        ("Buy", "3", "60"),
        ("Cover", "5", "100"),
        ("Sell", "3", "60"),
        ("Short Sell", "5", "100"),
    ]


def test_a_later_file_covers_what_the_workbook_holds_short(tmp_path: Path) -> None:
    first = run(tmp_path, file(tmp_path, "may.csv", WEBULL, order("Short", 5, "05/07/2024")))
    later = run(tmp_path, file(tmp_path, "june.csv", WEBULL, order("Buy", 5, "06/07/2024")), into=first.output)
    assert ledger(later, "Type", "Quantity") == [("Cover", "5")]


def test_without_a_short_sale_a_purchase_is_one(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "webull.csv", WEBULL, order("Buy", 5, "05/07/2024")))
    assert ledger(result, "Type", "Quantity") == [("Buy", "5")]
