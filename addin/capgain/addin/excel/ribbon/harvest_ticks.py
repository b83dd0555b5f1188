"""Harvest, Check Ticks and Clear Ticks: the sheet Harvest of an open workbook."""

from __future__ import annotations

from typing import Any

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.live_ledger import live_ledger, live_sheet
from capgain.addin.excel.ribbon.refresh import Tell, refresh
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.engine.planning.ticked import planned
from capgain.engine.problems import CapgainError
from capgain.workbook.reading.ticks import COLUMNS, COMPARED, HARVEST, PORTFOLIO, ticks_on

FIRST_COMPARED = 3
ENGINE_COLUMN = 11
"""column K, beside the figures with the ticked sales"""

GREY, RED = "#808080", "#C00000"
HALF_A_CENT = 0.005


class NothingToHarvest(CapgainError):
    """The report has no sheet Harvest."""


def harvest(book: Any, tell: Tell) -> None:
    """Refresh the report and go to its sheet Harvest. Raises NothingToHarvest."""
    refresh(book, tell)
    sheet = by_name(book, HARVEST)
    if sheet is None:
        raise NothingToHarvest(
            "There is no lot to sell this year: Harvest needs lots outside IRAs, and prices of the tax year on the "
            "sheet Prices."
        )
    sheet.activate()


def check_ticks(book: Any, tell: Tell) -> None:
    """Have the engine figure the ticked sales, and write its answer beside the sheet's: grey where equal, else red."""
    tell("CapGain: selling what is ticked on paper")
    source = live_ledger(book)
    date_1904 = native.counts_from_1904(book)
    found = ticks_on(live_sheet(book, HARVEST), live_sheet(book, PORTFOLIO), book.name, date_1904=date_1904)
    then = planned(source.ledger, found.as_of, found.ticks).then
    lines = (then.line_7, then.line_15, then.line_16, -then.line_21, then.carry_short, then.carry_long)
    sheet = book.sheets[HARVEST]
    sheet.range((FIRST_COMPARED - 1, ENGINE_COLUMN)).value = "Engine"
    for row, (key, amount) in enumerate(
        zip(COMPARED, (*lines, then.taxable_income, then.tax), strict=True), start=FIRST_COMPARED
    ):
        cell = sheet.range((row, ENGINE_COLUMN))
        cell.value = None if amount is None else float(amount)
        shown = found.shown.get(key)
        same = amount is None or (shown is not None and abs(float(shown) - float(amount)) < HALF_A_CENT)
        cell.font.color = GREY if same else RED
    sheet.activate()


def clear_ticks(book: Any, tell: Tell) -> None:
    """Empty the column Sell. Raises NothingToHarvest."""
    tell("CapGain: clearing ticks")
    read, sheet = live_sheet(book, HARVEST), by_name(book, HARVEST)
    if read is None or sheet is None:
        raise NothingToHarvest("This workbook has no sheet Harvest. Click Harvest first.")
    heading = next((number for number, row in enumerate(read.rows, start=1) if row[:2] == COLUMNS[:2]), 0)
    for number, row in enumerate(read.rows[heading:], start=heading + 1):
        if heading and len(row) > 1 and row[1] not in (None, "") and row[0] not in (None, ""):
            sheet.range((number, 1)).value = None
    sheet.activate()
