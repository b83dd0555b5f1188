"""Prices and Live Prices: price files into the open workbook's sheet Prices, and Excel 365's own price formulas."""

from __future__ import annotations

from typing import Any

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.live_ledger import live_ledger, live_sheet
from capgain.addin.excel.ribbon.prices import PRICES
from capgain.addin.excel.ribbon.refresh import Tell
from capgain.addin.excel.ribbon.saved_file import saved_file
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.engine.compute import compute
from capgain.engine.problems import CapgainError
from capgain.workbook.reading.columns import PRICE_COLUMNS, find_header
from capgain.workbook.template import live_price

KINDS_OF_FILE = ("*.csv", "*.tsv", "*.txt", "*.xlsx")


class NoPrices(CapgainError):
    """The workbook has no sheet Prices with Asset and Price."""


def take_prices(book: Any, tell: Tell) -> None:
    """Ask for price files and bring their prices in. The workbook is closed meanwhile and opened again."""
    from capgain.workbook.importing.price_files.taking_in import take_in

    app = book.app
    files = native.chosen_files(app, "Price files", KINDS_OF_FILE)
    if not files:
        return
    path = saved_file(book, "The prices are added to the saved file, which is closed meanwhile.")
    book.close()
    try:
        tell(f"CapGain: reading {len(files)} price file{'s' if len(files) > 1 else ''}")
        taken = take_in(
            files,
            path,
            assets={},
            as_of=None,
            every=False,
            time_zone=None,
            is_adjusted=True,
            stablecoins=frozenset(),
            replace=False,
            dry_run=False,
        )
    finally:
        opened = app.books.open(path)
    opened.sheets[PRICES].activate()
    said = [f"Prices added: {len(taken.settled.added):,}", f"There already: {taken.settled.known:,}"]
    app.alert("\n".join([*said, *taken.notices]), title="CapGain")


def live_prices(book: Any, tell: Tell) -> None:
    """Put Excel 365's formula of the last close beside every asset without a price. Raises NoPrices."""
    tell("CapGain: writing price formulas")
    read, sheet = live_sheet(book, PRICES), by_name(book, PRICES)
    header = None if read is None else find_header(read.rows, PRICE_COLUMNS, PRICE_COLUMNS)
    if read is None or sheet is None or header is None:
        raise NoPrices(
            "Live prices need a sheet Prices with the columns Asset, Price and Date. Click New Ledger or Refresh."
        )
    at = {name: place + 1 for name, place in header.columns.items()}
    report = compute(live_ledger(book).ledger)
    coins = {lot.asset.casefold() for lot in report.open_lots if lot.asset_class.is_digital}
    today = "=TODAY()"
    for number, row in enumerate(read.rows[header.place + 1 :], start=header.place + 2):
        asset = row[at["Asset"] - 1] if len(row) >= at["Asset"] else None
        price = row[at["Price"] - 1] if len(row) >= at["Price"] else None
        if asset in (None, "") or price not in (None, ""):
            continue
        day = sheet.range((number, at["Date"]))
        if day.value is None:
            day.formula = today
        formula = live_price(
            number,
            0,
            is_coin=str(asset).casefold() in coins,
            asset_column=at["Asset"],
            day_column=at["Date"],
        )
        native.dynamic_formula(sheet.range((number, at["Price"])), formula.text.replace("_xlfn.", ""))
    sheet.activate()
