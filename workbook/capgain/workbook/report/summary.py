"""The sheet `Summary`: the figures of each year side by side, results by month, and what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus, Term
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.money import ZERO, from_cents, to_the_cent
from capgain.engine.report import YearReport
from capgain.workbook.report.carryover import carried_out_cell
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.portfolio import summary_lines
from capgain.workbook.report.portfolio_layout import NAME as PORTFOLIO
from capgain.workbook.report.portfolio_layout import Places
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import (
    BOLD,
    HEADING,
    LINK,
    MONEY,
    SUBTITLE,
    TITLE,
    TOTAL,
    TOTAL_LABEL,
    Cell,
    Chart,
    Formula,
    Row,
    Series,
    Sheet,
    Style,
    address,
    fitted_heights,
    link_to,
    reference,
)

NAME = "Summary"
MONTH = Style(name="CapGain Month", number_format="mmm yyyy", align="left")
SHORT_COLOUR, LONG_COLOUR = "2E75B6", "ED7D31"
STATUS_TEXT = {
    FilingStatus.SINGLE: "Single",
    FilingStatus.MFJ: "Married filing jointly",
    FilingStatus.MFS: "Married filing separately",
    FilingStatus.HOH: "Head of household",
    FilingStatus.QSS: "Qualifying surviving spouse",
}
STATUS = Style(name="CapGain Status", wrap=True, align="right", top_aligned=True)
COLUMN_WIDTH = 15
CHART_COLUMN = "D"
CHART_ROWS, CHART_COLUMNS = 18, 6
CHART_WIDTH, CHART_HEIGHT = 620, 300
"""pixels; as many rows and columns as a chart of that size covers, with a little to spare"""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of each year that the summary adds up."""

    gains: dict[int, Listing]
    income: dict[int, Listing]
    wash_sales: dict[int, Listing]
    open_lots: Listing
    places: Places


def summary(papers: Workpapers, lists: Lists, *, has_portfolio: bool = True) -> Sheet:
    """The sheet of key figures, every one a formula over the sheets behind it."""
    years = [papers.report.years[year] for year in papers.years]
    rows: list[Row] = [(Cell(f"Capital gains and losses {papers.period}", TITLE),), ()]
    rows.append((Cell(None, HEADING), *(Cell(year.year, HEADING) for year in years)))
    rows += _figures(papers, years, lists)
    if has_portfolio:
        rows += _held(lists.places)
    rows.append(())
    chart, block = _by_month(years, lists, len(rows))
    rows += block
    widths = (45, *([COLUMN_WIDTH] * max(len(years), 2 + CHART_COLUMNS)))
    return Sheet(
        name=NAME,
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows, widths),
        freeze=(3, 1),
        page=papers.page(f"Summary {papers.period}", landscape=True),
        tab="FFC000",
        gridlines=False,
        charts=(chart,),
    )


def _figures(papers: Workpapers, years: list[YearReport], lists: Lists) -> list[Row]:
    """One row a figure, one column a year."""
    rows: list[Row] = [(Cell("Filing status"), *(Cell(STATUS_TEXT[year.status], STATUS) for year in years))]
    for label, line in (
        ("Net short-term gain or (loss), with carryover (line 7)", "7"),
        ("Net long-term gain or (loss), with carryover (line 15)", "15"),
        ("Net capital gain or (loss) (line 16)", "16"),
    ):
        rows.append((Cell(label, BOLD if line == "16" else MONEY), *(_line(papers, year, line) for year in years)))
    rows.append((Cell("Loss deductible this year (line 21)"), *(_deductible(papers, year) for year in years)))
    for character in ("short", "long"):
        label = f"{character.capitalize()}-term loss carried into the next year"
        rows.append((Cell(label), *(_carried(papers, year, character) for year in years)))
    for label, heading in (("Proceeds", "Proceeds"), ("Basis", "Basis"), ("Adjustments", "Adjustment")):
        rows.append((Cell(label), *(_list_total(lists.gains[year.year], heading, year) for year in years)))
    rows.append((Cell("Gain or (loss) of the year's sales"), *(_gain(lists.gains[year.year], year) for year in years)))
    rows.append((Cell("Loss disallowed by wash sales"), *(_washed(lists.gains[year.year], year) for year in years)))
    rows.append((Cell("Income (rewards, dividends, interest)"), *(_income(lists, year) for year in years)))
    rows.append((Cell("Sheets"), *(_link(papers, year) for year in years)))
    return rows


def _held(places: Places) -> list[Row]:
    """What is held today, from sheet Portfolio; once, whatever the years shown."""
    if not places.held.assets:
        return [(Cell("Nothing is held."),)]
    rows: list[Row] = [(), (Cell(f"What is held, as of {places.held.as_of:%m/%d/%Y} on sheet Portfolio", SUBTITLE),)]
    if not places.has_charts:
        return [
            *rows,
            (Cell("What is held has no price yet: see sheet Portfolio"), link_to(PORTFOLIO, "A1", PORTFOLIO, LINK)),
        ]
    return rows + [
        (Cell(words), Cell(Formula(f"={reference(PORTFOLIO, cell)}", amount), MONEY))
        for words, cell, amount in summary_lines(places)
    ]


def _line(papers: Workpapers, year: YearReport, line: str) -> Cell | None:
    if year.schedule_d is None:
        return Cell("no form data")
    cell = reference(papers.name("Schedule D", year.year), line_cell(line))
    return Cell(Formula(f"={cell}", getattr(year.schedule_d, f"line_{line}")), MONEY)


def _deductible(papers: Workpapers, year: YearReport) -> Cell | None:
    if year.schedule_d is None:
        return None
    cell = reference(papers.name("Schedule D", year.year), line_cell("21"))
    return Cell(Formula(f"=-{cell}", -year.schedule_d.line_21), MONEY)


def _carried(papers: Workpapers, year: YearReport, character: str) -> Cell | None:
    if year.carryover_worksheet is None:
        return None
    sheet, cell = carried_out_cell(papers, year.year, character)
    return Cell(Formula(f"={reference(sheet, cell)}", getattr(year.carryover_worksheet, character)), MONEY)


def _list_total(listing: Listing, heading: str, year: YearReport) -> Cell:
    totals = Totals.of(year.dispositions)
    amounts = {"Proceeds": totals.proceeds, "Basis": totals.basis, "Adjustment": totals.adjustment}
    return _total(listing, heading, amounts[heading])


def _gain(listing: Listing, year: YearReport) -> Cell:
    return _total(listing, "Gain", Totals.of(year.dispositions).gain)


def _washed(listing: Listing, year: YearReport) -> Cell:
    return _total(listing, "Wash disallowed", from_cents(sum(row.wash_cents for row in year.dispositions)))


def _income(lists: Lists, year: YearReport) -> Cell:
    return _total(
        lists.income[year.year], "Amount", sum((to_the_cent(item.amount) for item in year.income_in_totals), ZERO)
    )


def _total(listing: Listing, heading: str, expected: Decimal) -> Cell:
    return Cell(Formula(f"={listing.total_cell(heading)}", expected) if listing.total else ZERO, MONEY)


def _link(papers: Workpapers, year: YearReport) -> Cell:
    name = papers.name("Schedule D", year.year) if year.schedule_d is not None else papers.name("Gains", year.year)
    return link_to(name, "A1", name, LINK)


def _by_month(years: list[YearReport], lists: Lists, used: int) -> tuple[Chart, list[Row]]:
    """Realized short- and long-term results of every month, before carryovers, with their chart beside them."""
    rows: list[Row] = [
        (Cell("Realized results by month", SUBTITLE),),
        (Cell("Month", HEADING), Cell("Short-term", HEADING), Cell("Long-term", HEADING)),
    ]
    first = used + len(rows) + 1
    for year in years:
        cents = {(month, term): 0 for month in range(1, 13) for term in Term}
        for row in year.dispositions:
            cents[row.sold.month, row.term] += row.gain_cents
        for month in range(1, 13):
            number = used + len(rows) + 1
            day = date(year.year, month, 1)
            begin = Formula(f"=EDATE(A{number - 1},1)", day) if number > first else day
            amounts = (_month(lists.gains[year.year], number, term, from_cents(cents[month, term])) for term in Term)
            rows.append((Cell(begin, MONTH), *amounts))
    last = used + len(rows)
    total: list[Cell] = [Cell("Total", TOTAL_LABEL)]
    for letter, term in (("B", Term.SHORT), ("C", Term.LONG)):
        gain = sum(row.gain_cents for year in years for row in year.dispositions if row.term is term)
        total.append(Cell(Formula(f"=SUM({letter}{first}:{letter}{last})", from_cents(gain)), TOTAL))
    rows += [total, ()]
    months = _absolute("A", first, last)
    chart = Chart(
        kind="column",
        title="Realized gain or loss by month",
        series=(
            Series(reference_text("B", first - 1), months, _absolute("B", first, last), SHORT_COLOUR),
            Series(reference_text("C", first - 1), months, _absolute("C", first, last), LONG_COLOUR),
        ),
        at=f"{CHART_COLUMN}{first - 1}",
        label_format="mmm yyyy",
        description="Columns of the realized short-term and long-term gain or loss of each month",
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
        last_cell=address(first + CHART_ROWS, 3 + CHART_COLUMNS),
    )
    rows += [()] * max(0, first + CHART_ROWS - (used + len(rows)))
    return chart, rows


def _month(gains: Listing, number: int, term: Term, expected: Decimal) -> Cell:
    word = "Short" if term is Term.SHORT else "Long"
    sold = gains.cells("Sold")
    text = (
        f'=SUMIFS({gains.cells("Gain")},{gains.cells("Term")},"{word}",{sold},">="&A{number},'
        f'{sold},"<"&EDATE(A{number},1))'
    )
    return Cell(Formula(text, expected), MONEY)


def _absolute(letter: str, first: int, last: int) -> str:
    return f"={reference(NAME, f'${letter}${first}:${letter}${last}')}"


def reference_text(letter: str, row: int) -> str:
    """A chart's reference to one heading."""
    return f"={reference(NAME, f'${letter}${row}')}"
