"""The sheet `Portfolio`: what is held, what it is worth and what to watch, live from Open Lots and Prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.planning.portfolio import Portfolio
from capgain.workbook.report.checks import Check
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.portfolio_accounts import account_rows
from capgain.workbook.report.portfolio_assets import WORKINGS, asset_rows
from capgain.workbook.report.portfolio_charts import ChartData
from capgain.workbook.report.portfolio_layout import (
    AMBER,
    BAR_COLOUR,
    CARD,
    CARD_FIGURES,
    CARD_LABEL,
    CARD_LABELS,
    CHARTS,
    COLUMNS,
    DAY_INPUT,
    LARGE_FIGURE,
    MILLIONS,
    MOST_LOT_PAIRS,
    MOST_PRICE_PAIRS,
    NAME,
    NO_PRICE,
    ONE_PAGE,
    QUIET,
    RED,
    SENTENCE_STYLE,
    SOON,
    UNPRICED_ROW,
    WHOLE,
    WORKING_HEADING,
    Places,
)
from capgain.workbook.sheets import (
    HEADING,
    MUTED,
    NOTICE,
    TITLE,
    AtLeast,
    Cell,
    DataBar,
    Formula,
    FormulaFormat,
    Note,
    Sheet,
    Style,
    address,
    column_letter,
    reference,
)

FIRST_DAY = date(2009, 1, 3)
LAST_LETTER = column_letter(len(COLUMNS))
LABEL_RIGHT = QUIET.but("CapGain Quiet Right", align="right")
REMARK = NOTICE.but("CapGain Portfolio Remark", wrap=False)
EXPLAINED = (
    "Gain or (loss) counts every account; Short-term, Long-term and Loss to harvest leave an IRA out. Before fees of a "
    "sale. Wash dates: 26 USC 1091, securities alone; dates come from the ledger, reinvested dividends included."
)
TYPE_HERE = "Type prices on sheet Prices, or another day here: every figure follows, in Excel and LibreOffice."
NOTHING_PRICED = (
    "There is no price yet: type some on sheet Prices, or take a price file in with capgain prices FILE -o BOOK. The "
    "charts come with the next report."
)
ALL_PRICED = "Every asset has a price."
MADE_FIXED = "So much is held that the figures of this sheet are those of the day it was written, not formulas."


def portfolio_sheet(papers: Workpapers, places: Places, gains: Listing | None, year: int) -> Sheet:
    """The sheet; `gains` is the list of the year's sales, None where there is none."""
    held = places.held
    data = ChartData(papers, places, gains, year) if places.has_charts else None
    rows: list[list[Cell | None]] = [
        [Cell("Portfolio", TITLE), None, None, Cell("as of", LABEL_RIGHT), Cell(held.as_of, DAY_INPUT), None, None]
    ]
    rows[0].append(Cell(TYPE_HERE, MUTED))
    rows.append([])
    rows += _cards(places)
    rows.append([_sentence(places)])
    while len(rows) < places.heading - 1:
        rows.append([])
    headings: list[Cell | None] = [Cell(one.heading, HEADING) for one in COLUMNS]
    headings += [None, None, *(Cell(name, WORKING_HEADING) for name in WORKINGS)]
    rows.append(headings)
    rows += [list(row) for row in asset_rows(places)]
    rows.append([])
    rows += [list(row) for row in account_rows(places)]
    rows += [[cell] for cell in _remarks(places)]
    printed = len(rows)
    if data is not None:
        for number, column, cell in data.cells():
            _put(rows, number, column, cell)
    is_one_page = len(held.assets) <= ONE_PAGE
    page = papers.page(NAME, landscape=True, repeat=None if is_one_page else (places.heading, places.heading))
    charts = () if data is None else data.charts()
    heights = {1: 24.0, CARD_LABELS: 13.5, CARD_FIGURES: 24.0, places.heading: 40.0, places.accounts_heading: 28.0}
    heights |= dict.fromkeys(range(CHARTS, places.heading), 15.0)
    return Sheet(
        name=NAME,
        rows=rows,
        widths=places.widths,
        heights=heights,
        freeze=(0, 1),
        page=replace(page, area=f"A1:{LAST_LETTER}{printed}", pages_tall=1 if is_one_page else 0),
        tab="FFC000",
        gridlines=False,
        zoom=85,
        autofilter=f"A{places.heading}:{LAST_LETTER}{places.last}",
        validations=(
            AtLeast(
                "E1",
                FIRST_DAY,
                "The day to look from",
                "A date such as 12/10/2025. Prices up to this day count; terms and windows are counted from it. The "
                "lots stay those of the ledger.",
            ),
        ),
        notes=tuple(_notes(places)),
        conditional_formats=_formats(places),
        charts=charts,
    )


def _put(rows: list[list[Cell | None]], number: int, column: int, cell: Cell) -> None:
    while len(rows) < number:
        rows.append([])
    row = rows[number - 1]
    row += [None] * (column - len(row))
    row[column - 1] = cell


def _cards(places: Places) -> list[list[Cell | None]]:
    """The key figures: small labels and large numbers."""
    sums, total = places.held.totals, places.total
    rng = f"${{0}}${places.first}:${{0}}${places.last}"
    priced = f'=SUMIF({rng.format("E")},">=0",{rng.format("D")})'
    unpriced = len(places.held.unpriced)
    cards: tuple[tuple[str, str, str, Decimal | int, str], ...] = (
        ("A", "Value", f"=G{total}", sums.value, WHOLE),
        ("D", "Basis of what has a price", priced, sums.priced_basis, WHOLE),
        ("G", "Gain or (loss), not realized", f"=H{total}", sums.gain, WHOLE),
        ("I", "in percent", f"=I{total}", sums.percent, "0.0%;[Red]-0.0%;0.0%"),
        ("K", "short-term, taxed", f"=K{total}", sums.short, WHOLE),
        ("L", "long-term, taxed", f"=L{total}", sums.long, WHOLE),
        ("O", "Losses to harvest", f"=O{total}", sums.loss_to_harvest, WHOLE),
        ("R", "Assets without a price", f'=COUNTIF({rng.format("E")},"{NO_PRICE}")', unpriced, "[Red]0;0;0"),
    )
    labels: list[Cell | None] = [Cell(None, CARD_LABEL)] * len(COLUMNS)
    figures: list[Cell | None] = [Cell(None, CARD)] * len(COLUMNS)
    for letter, label, text, value, number_format in cards:
        place = ord(letter) - ord("A")
        labels[place] = Cell(label, CARD_LABEL)
        is_large = number_format is WHOLE and abs(Decimal(value)) >= LARGE_FIGURE
        figures[place] = Cell(Formula(text, value), _card_style(MILLIONS if is_large else number_format))
    return [labels, figures]


_CARD_STYLES: dict[str, Style] = {}


def _card_style(number_format: str) -> Style:
    if number_format not in _CARD_STYLES:
        name = f"{CARD.name} {len(_CARD_STYLES) + 1}"
        _CARD_STYLES[number_format] = CARD.but(name, number_format=number_format)
    return _CARD_STYLES[number_format]


def _sentence(places: Places) -> Cell:
    """How many assets have no price."""
    unpriced, count = len(places.held.unpriced), len(places.held.assets)
    if not places.has_charts:
        return Cell(NOTHING_PRICED, SENTENCE_STYLE)
    some = f" of {count} without a price: in Basis alone, not in Value, gain or weight. Type prices on sheet Prices."
    text = f'=IF(R4>0,R4&"{some}","{ALL_PRICED}")'
    return Cell(Formula(text, f"{unpriced}{some}" if unpriced else ALL_PRICED), SENTENCE_STYLE)


def _remarks(places: Places) -> Iterator[Cell]:
    yield Cell(EXPLAINED, MUTED)
    if places.held.sold_at_a_loss:
        gone = "; ".join(f"{one.asset} {one.last_loss.over:%m/%d/%Y}" for one in places.held.sold_at_a_loss)
        yield Cell(f"Sold at a loss and no longer held, do not buy back before: {gone}", REMARK)
    if not places.is_live:
        yield Cell(MADE_FIXED, REMARK)


def _notes(places: Places) -> Iterator[Note]:
    fixed = {
        "Next turns long": places.lot_pairs > MOST_LOT_PAIRS,
        "Price date": places.price_pairs > MOST_PRICE_PAIRS,
    }
    for place, column in enumerate(COLUMNS, start=1):
        text = column.note
        if fixed.get(column.heading):
            text = f"{text} Fixed: as of the day the sheet was written.".strip()
        if text:
            yield Note(address(places.heading, place), text)


def _formats(places: Places) -> tuple[FormulaFormat | DataBar, ...]:
    first, last = places.first, places.last
    return (
        FormulaFormat(f"A{first}:{LAST_LETTER}{last}", f'=$E{first}="{NO_PRICE}"', UNPRICED_ROW),
        FormulaFormat(f"M{first}:N{last}", f"=AND($N{first}>0,$N{first}<=30)", SOON),
        FormulaFormat(f"P{first}:P{last}", f"=AND($P{first}>0,$O{first}<0)", AMBER),
        FormulaFormat(f"Q{first}:Q{last}", f"=$Q{first}>0", RED),
        DataBar(f"J{first}:J{last}", BAR_COLOUR),
        DataBar(f"J{places.first_account}:J{places.last_account}", BAR_COLOUR),
    )


def portfolio_checks(places: Places) -> Iterator[Check]:
    """Value and gain by asset are those by account, and the engine's."""
    held: Portfolio = places.held
    for words, letter, value in (("value", "G", held.totals.value), ("gain or loss", "H", held.totals.gain)):
        by_asset, by_account = (f"{letter}{row}" for row in (places.total, places.accounts_total))
        for what, cell in (("by asset", by_asset), ("by account", by_account)):
            yield Check(
                "all",
                f"Portfolio: the {words} of what is held, {what}, is the engine's at the prices of the report",
                Formula(f"={reference(NAME, cell)}", value),
                value,
                (NAME, cell),
            )


def summary_lines(places: Places) -> Iterator[tuple[str, str, Decimal]]:
    """Words, cell and amount of the lines on Summary that lead here."""
    sums, row = places.held.totals, places.total
    yield "Value of what is held", f"G{row}", sums.value
    yield "Gain or (loss) not realized", f"H{row}", sums.gain
    yield "   short-term, on this return", f"K{row}", sums.short
    yield "   long-term, on this return", f"L{row}", sums.long
