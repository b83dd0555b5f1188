"""The sheet Portfolio: the engine's figures, live before and after another price, another day, and odd names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from capgain.engine.ledger import Price
from capgain.engine.planning.portfolio import Portfolio, portfolio
from capgain.engine.planning.ticked import LotKey
from capgain.engine.problems import InvalidLedger
from capgain.engine.report import TaxReport
from capgain.workbook import frames
from capgain.workbook.report import report_book
from capgain.workbook.report.portfolio_layout import MILLIONS, WHOLE
from capgain.workbook.sheets import Book, Formula
from capgain.workbook.xlsx.writer import write_book
from libreoffice import formulas, needs_libreoffice, recalculated, values

Make = Callable[..., tuple[Any, TaxReport]]
DAY = date(2025, 11, 20)
SETTINGS = (("Name", "Value"), ("Filing Status", "mfs"), ("Other Income", 70000))
ACCOUNTS = (
    ("Account", "Kind", "Owner"),
    ("Schwab", "brokerage", "taxpayer"),
    ("IRA", "ira", "taxpayer"),
    ("Coinbase", "exchange", "taxpayer"),
    ("Hers", "brokerage", "spouse"),
)
ROWS: tuple[tuple[object, ...], ...] = (
    (date(2023, 2, 1), "Buy", "AAA", 10, 500, 1, "Schwab", None, None, "a1", "stock"),
    (date(2024, 11, 20), "Buy", "AAA", 10, 800, 1, "Schwab", None, None, "a2", "stock"),
    (date(2025, 6, 2), "Buy", "AAA", 5, 450, 0, "IRA", None, None, "a3", "stock"),
    (date(2025, 6, 3), "Buy", "AAA", 2, 300, 0, "Hers", None, None, "a4", "stock"),
    (date(2024, 12, 31), "Buy", "COI", "0.123456789012345678", 9300, 10, "Coinbase", None, None, "c2", "crypto"),
    (date(2025, 3, 3), "Buy", "*?B~", 25, 1025, 0, "Schwab", None, None, "b1", "stock"),
    (date(2025, 11, 3), "Sell", "*?B~", 10, 300, 0, "Schwab", None, None, "b1", "stock"),
    (date(2025, 10, 30), "Buy", "CCC", 100, 125, 0, "Schwab", None, None, "d1", "stock"),
    (date(2025, 7, 7), "Buy", "<DD>", 3, 90, 0, "Schwab", None, None, "e1", "stock"),
    (date(2025, 9, 9), "Short Sell", "SSS", 4, 400, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 1, 9), "Buy", "GONE", 4, 400, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 11, 10), "Sell", "GONE", 4, 300, 0, "Schwab", None, None, None, "stock"),
)
PRICES: tuple[tuple[object, ...], ...] = (
    ("Asset", "Price", "Date"),
    ("aaa", 75, DAY),
    ("AAA", 70, date(2025, 10, 1)),
    ("COI", 88000.5, date(2025, 11, 19)),
    ("*?B~", 29.5, DAY),
    ("*?B~", 29.5, DAY),
    ("<DD>", "#N/A", DAY),
    ("<DD>", "$31.25", "2025-11-01"),
    ("SSS", 90, DAY),
)


def made(make: Make, *more: tuple[object, ...]) -> tuple[Book, TaxReport]:
    source, report = make(ROWS, accounts=ACCOUNTS, prices=(*PRICES, *more), settings=SETTINGS)
    assert not report.has_errors, report.problems
    return report_book(report, source, 2025), report


def shown(sheet: dict[str, Any], row: int) -> dict[str, Any]:
    letters = "ACDEFGHJKLMOPQR"
    return {letter: sheet.get(f"{letter}{row}") for letter in letters}


def rows_of(sheet: Any) -> dict[str, int]:
    """Row by asset and account, from the cached values of a sheet."""
    return {str(value): int(cell[1:]) for cell, value in sheet.items() if cell[0] == "A" and cell[1:].isdigit()}


def agrees(sheet: Any, held: Portfolio) -> None:
    """Every figure of the recalculated sheet is the engine's."""
    at = rows_of(sheet)
    for one in (*held.assets, *held.accounts):
        name, sums = getattr(one, "asset", None) or getattr(one, "account", ""), one.sums
        row = at[name]
        pairs = [("D", sums.basis), ("K", sums.short), ("L", sums.long), ("O", sums.loss_to_harvest)]
        if sums.has_price:
            pairs += [("G", sums.value), ("H", sums.gain), ("J", held.weight(sums) or Decimal(0))]
        for letter, amount in pairs:
            assert sheet[f"{letter}{row}"] == pytest.approx(float(amount), abs=0.005), (name, letter)


def test_the_sheet_stands_before_the_forms_and_its_first_day_is_that_of_the_last_price(make: Make) -> None:
    book, _ = made(make)
    names = [sheet.name for sheet in book.sheets]
    assert names.index("Portfolio") < names.index("Schedule D")
    day = book.sheet("Portfolio").rows[0][4]
    assert day is not None
    assert day.content == DAY


@needs_libreoffice
def test_every_formula_recalculates_whatever_an_asset_is_called(make: Make, tmp_path: Path) -> None:
    book, report = made(make)
    path = tmp_path / "book.xlsx"
    write_book(book, path)
    fresh = recalculated(path)
    for name in ("Portfolio", "Open Lots", "Calendar", "Years", "Summary", "Harvest"):
        cached = values(path).get(name, {})
        for place, formula in formulas(path).get(name, {}).items():
            before, after = cached.get(place), fresh[name].get(place)
            if isinstance(before, int | float) and isinstance(after, int | float):
                assert abs(before - after) < 0.005, (name, place, formula)
            else:
                assert before == after, (name, place, formula)
    agrees(fresh["Portfolio"], portfolio(report, DAY))


@needs_libreoffice
def test_another_price_and_another_day_move_everything(make: Make, tmp_path: Path) -> None:
    book, report = made(make)
    path = tmp_path / "book.xlsx"
    write_book(book, path)
    opened = openpyxl.load_workbook(path)
    prices = opened["Prices"]
    row = next(number for number in range(2, 40) if prices.cell(number, 1).value == "CCC")
    prices.cell(row, 2).value = 1.05
    prices.cell(prices.max_row + 1, 1).value = "AAA"
    prices.cell(prices.max_row, 2).value = 81.25
    prices.cell(prices.max_row, 3).value = datetime(2025, 11, 25, 16, 0, 1)
    opened["Portfolio"]["E1"] = date(2025, 11, 25)
    opened.save(tmp_path / "changed.xlsx")
    fresh = recalculated(tmp_path / "changed.xlsx")["Portfolio"]
    more = (*report.ledger.prices, Price("CCC", Decimal("1.05")), Price("AAA", Decimal("81.25"), date(2025, 11, 25)))
    held = portfolio(report, date(2025, 11, 25), prices=more)
    agrees(fresh, held)
    assert held.totals.long != portfolio(report, DAY).totals.long


OPTION_HEADER = ("Date", "Type", "Asset", "Quantity", "Price", "Fee", "Account", "Class", "Underlying", "Multiplier")
OPTIONS: tuple[tuple[object, ...], ...] = (
    (date(2025, 1, 6), "Buy", "AAA 01/16/2026 200 C", 3, 5.1, 1, "Schwab", "option", None, 100),
    (date(2025, 2, 6), "Buy", "AAA 01/16/2026 200 C", 2, 9.1, 1, "Schwab", "option", None, 100),
    (date(2025, 3, 6), "Short Sell", "XYZ 50 P", 4, 2.5, 1, "Schwab", "option", "XYZ x10", None),
    (date(2025, 1, 6), "Buy", "AAA", 10, 200, 1, "Schwab", "stock", None, None),
)
OPTION_PRICES = (("Asset", "Price"), ("AAA 01/16/2026 200 C", 4), ("XYZ 50 P", 3), ("AAA", 190))


@needs_libreoffice
def test_an_option_is_worth_its_price_times_what_its_contract_covers(make: Make, tmp_path: Path) -> None:
    source, report = make(OPTIONS, header=OPTION_HEADER, accounts=ACCOUNTS, settings=SETTINGS, prices=OPTION_PRICES)
    held = portfolio(report, DAY)
    assert {one.asset: (one.units, one.sums.value, one.sums.gain) for one in held.assets} == {
        "AAA 01/16/2026 200 C": (Decimal(5), Decimal(2000), Decimal(-1352)),
        "AAA": (Decimal(10), Decimal(1900), Decimal(-101)),
        "XYZ 50 P (short)": (Decimal(-4), Decimal(-120), Decimal(-21)),
    }
    ticked = LotKey(3, "Schwab", "", date(2025, 2, 6))
    write_book(report_book(report, source, 2025, ticks={ticked: Decimal(1)}), tmp_path / "book.xlsx")
    fresh, cached = recalculated(tmp_path / "book.xlsx"), values(tmp_path / "book.xlsx")
    agrees(fresh["Portfolio"], held)
    for name in ("Portfolio", "Open Lots", "Harvest", "Calendar"):
        for place, formula in formulas(tmp_path / "book.xlsx")[name].items():
            before, after = cached[name].get(place), fresh[name].get(place)
            assert before == (pytest.approx(after, abs=0.005) if isinstance(after, float) else after), (place, formula)
    assert "Lots ticked: 1; sales 400.00;" in str(fresh["Harvest"]["A13"])


@pytest.mark.parametrize(("price", "shown"), [(4_999, WHOLE), (5_000, MILLIONS)])
def test_key_figures_that_would_not_fit_their_cell_are_in_millions(make: Make, price: int, shown: str) -> None:
    rows = ((date(2025, 1, 6), "Buy", "AAA", 1000, 9_999_999, 0, "Schwab", None, None, None, "stock"),)
    source, report = make(rows, accounts=ACCOUNTS, settings=SETTINGS, prices=(("Asset", "Price"), ("AAA", price)))
    cards = report_book(report, source, 2025).sheet("Portfolio").rows[3]
    value = cards[0]
    assert value is not None
    assert value.style.number_format == shown
    assert "[<" not in shown, "LibreOffice drops the sign of a negative that falls to the last section of three"


def test_a_name_as_long_as_an_options_is_not_cut(make: Make) -> None:
    source, report = make(OPTIONS, header=OPTION_HEADER, accounts=ACCOUNTS, settings=SETTINGS, prices=OPTION_PRICES)
    book = report_book(report, source, 2025)
    for name, column in (("Portfolio", 0), ("Harvest", 1), ("Open Lots", 1), ("Calendar", 3)):
        sheet = book.sheet(name)
        assert "AAA 01/16/2026 200 C" in {
            row[column].content for row in sheet.rows if len(row) > column and row[column]
        }
        assert sheet.widths[column] >= len("AAA 01/16/2026 200 C") + 2, name


def test_what_was_sold_at_a_loss_and_is_gone_is_named_below(make: Make) -> None:
    texts = [cell.content for row in made(make)[0].sheet("Portfolio").rows for cell in row if cell is not None]
    assert "Sold at a loss and no longer held, do not buy back before: GONE 12/11/2025" in texts


def test_a_loss_after_the_day_looked_from_is_no_window_of_it(make: Make) -> None:
    _, report = made(make)
    held = portfolio(report, date(2025, 11, 2))
    assert held.sold_at_a_loss == ()
    assert [one.asset for one in held.assets if held.do_not_buy_before(one) is not None] == []


def test_an_error_cell_among_the_prices_is_named_once_and_keeps_nothing_from_filing(make: Make) -> None:
    _, report = made(make)
    (problem,) = [one for one in report.problems if one.sheet == "Prices"]
    assert (problem.row, problem.column, problem.is_error, problem.blocks_filing) == (7, "Price", False, False)


def test_without_any_price_there_are_no_charts_and_a_row_to_fill_in_for_each_asset(make: Make) -> None:
    source, report = make(ROWS[:2], settings=SETTINGS, prices=None)
    book = report_book(report, source, 2024)
    sheet = book.sheet("Portfolio")
    assert not sheet.charts
    words = [cell.content.expected for cell in sheet.rows[7] if cell is not None and isinstance(cell.content, Formula)]
    assert "no price" in words
    wanted = [[cell.content for cell in row if cell is not None] for row in book.sheet("Prices").rows]
    assert wanted == [["Asset", "Price", "Date", "Source"], ["AAA", None, None, "type its price here"]]


def test_pandas_tables_are_the_engines(make: Make) -> None:
    _, report = made(make)
    held = portfolio(report, DAY)
    table = frames.portfolio(report, None, DAY).set_index("asset")
    assert list(table.index) == list(dict.fromkeys(one.asset for one in held.holdings))
    for one in held.assets:
        row, sums = table.loc[one.asset], one.sums
        assert (row["units"], row["basis"], row["short"], row["long"]) == (
            one.units,
            sums.basis,
            sums.short,
            sums.long,
        )
        assert row["loss_to_harvest"] == sums.loss_to_harvest
        assert (row["value"], row["gain"]) == ((sums.value, sums.gain) if sums.has_price else (None, None))
    by_account = frames.accounts(report, None, DAY).set_index("account")
    assert {name: by_account.loc[name, "value"] for name in by_account.index} == {
        one.account: one.sums.value if one.sums.has_price else None for one in held.accounts
    }
    months = frames.realized_by_month(report, 2025)
    assert months["short"][11] == sum(row.gain for row in report.years[2025].dispositions)
    assert list(frames.calendar(report, None, DAY)["day"]) == sorted(frames.calendar(report, None, DAY)["day"])
    years = frames.years(report)
    assert years[2025]["line_16"] == report.years[2025].schedule_d.line_16  # type: ignore[union-attr]
    assert isinstance(years, pd.DataFrame)


def test_a_table_of_a_ledger_with_errors_raises(make: Make) -> None:
    rows = ((date(2025, 1, 5), "Sell", "AAA", 1, 10, 0, "Schwab", None, None, None, "stock"),)
    _, report = make(rows)
    for ask in (
        lambda: frames.dispositions(report),
        lambda: frames.open_lots(report),
        lambda: frames.portfolio(report, None, DAY),
        lambda: frames.calendar(report, None, DAY),
        lambda: frames.years(report),
    ):
        with pytest.raises(InvalidLedger):
            ask()
