"""The sheet `Income`: rewards, dividends and interest of a year, each from its ledger row."""

from __future__ import annotations

from capgain.engine.money import ZERO, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.results.income import IncomeItem
from capgain.workbook.long_rows import Stretch
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.sheets import BESIDE, DATE, MONEY, MUTED, SUBTITLE, Cell, Formula, Row, quantity_cell

YES, NO = "yes", "no"
NO_LINE = "(not known)"
"""A year whose form is not known here."""

_REMARKS = {
    "Schedule C line 1": "and Schedule SE: about 15.3% of 92.35% of what is left after expenses",
    "Form 1040 line 1a": "in box 1 of Form W-2 already",
    "Form 1040 line 1": "in box 1 of Form W-2 already",
    "Form 1040 line 3a": "part of Schedule B line 5 and Form 1040 line 3b too",
}

COLUMNS = (
    Column("Ledger row", 8),
    Column("Date", 12),
    Column("Kind", 26),
    Column("Asset", 12),
    Column("Account", 18),
    Column("Quantity", 18, "Units received; blank for cash"),
    Column("Amount", 15, "Dollars, at fair market value when received"),
    Column("Form line", 22, "The line of the return that takes the income"),
    Column("In totals", 10, "no: pay, which is in box 1 of Form W-2 already"),
)


def income(papers: Workpapers, year: YearReport) -> Listing:
    """What a year's ledger rows brought in besides gains, with what goes to each line of the return."""
    total = sum((to_the_cent(item.amount) for item in year.income_in_totals), ZERO)
    rows = Stretch(year.income, lambda item, number: _row(papers, item), FIRST_ROW, range(len(COLUMNS)))
    return listing(
        papers,
        papers.name("Income", year.year),
        f"Income {year.year}",
        COLUMNS,
        rows,
        {"Amount": total},
        empty=f"No income rows in {year.year}.",
        tab="2E75B6",
        numbers_as_text="Quantity",
        counted=("In totals", YES),
        below=_by_line(year, FIRST_ROW + len(rows) - 1),
    )


def _by_line(year: YearReport, last: int) -> list[Row]:
    """A blank row, a heading, and the amount for each line of the return."""
    rows: list[Row] = [(), (Cell("By line of the return", SUBTITLE),)]
    for place, line in enumerate(dict.fromkeys(item.form_line for item in year.income), start=last + 4):
        amount = sum((to_the_cent(item.amount) for item in year.income if item.form_line == line), ZERO)
        remark = _REMARKS.get(line, "")
        text = f"=SUMIF($H${FIRST_ROW}:$H${last},$C{place},$G${FIRST_ROW}:$G${last})"
        rows.append(
            (None, None, Cell(line or NO_LINE), Cell(remark, MUTED), None, None, Cell(Formula(text, amount), MONEY))
        )
    return rows


def _row(papers: Workpapers, item: IncomeItem) -> Row:
    return (
        papers.ledger_link(item.row),
        Cell(item.day, DATE),
        Cell(item.name),
        Cell(item.asset),
        Cell(item.account),
        quantity_cell(item.quantity) if item.quantity else None,
        Cell(to_the_cent(item.amount), MONEY),
        Cell(item.form_line or NO_LINE, BESIDE),
        Cell(YES if item.in_totals else NO),
    )
