"""Where things stand on the sheet `Portfolio`, the names by which other sheets find them, and how cells look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from capgain.engine.planning.portfolio import AssetHeld, Portfolio
from capgain.workbook.report.listing import Column, name_width
from capgain.workbook.sheets import DATE_FORMAT, HEADING, LONGEST_LITERAL, Style, reference

NAME = "Portfolio"
AS_OF = "As_Of"
DASH = "–"
NO_PRICE = "no price"

COLUMNS = (
    Column("Asset", 13),
    Column("Class", 8),
    Column("Units", 13),
    Column("Basis", 12.5, "Of all lots, each rounded to the cent, whether they have a price or not"),
    Column(
        "Price",
        12,
        "The latest of sheet Prices on or before the day in E1; one without a date is of that day. Of an option as "
        "quoted, for one unit of what it is on",
    ),
    Column("Price date", 10.5),
    Column("Value", 13),
    Column("Gain or (loss)", 12.5, "Value less basis, before fees; IRA lots included"),
    Column("%", 8.5, "Gain or loss as a part of the basis"),
    Column("Weight", 10, "Part of the whole value"),
    Column("Short-term", 12, "Lots held a year or less on the day in E1; without IRA lots"),
    Column("Long-term", 12.5, "Lots held more than a year; without IRA lots"),
    Column("Next turns long", 10.5, "The next day on which a sale of one of the lots would be long-term"),
    Column("In days", 6.5),
    Column("Loss to harvest", 12, "All lots at a loss; without IRA lots"),
    Column(
        "Sale at a loss is a wash until",
        11,
        "Something was bought in the last 30 days: from this day on a sale at a loss is clear (26 USC 1091)",
    ),
    Column("Do not buy back before", 11, "Sold at a loss in the last 30 days: a purchase would wash the loss away"),
    Column("Watch", 22),
)
TITLE_ROW, CARD_LABELS, CARD_FIGURES, SENTENCE, CHARTS = 1, 3, 4, 5, 6
HEADING_BELOW_CHARTS, HEADING_WITHOUT_CHARTS = 28, 7
ONE_PAGE = 30
"""assets that still print on one page"""

MOST_LOT_PAIRS, MOST_PRICE_PAIRS, MOST_PAIRS = 1_000_000, 5_000_000, 20_000_000
"""Assets times lots, or prices, beyond which a column holds the values of the day: recalculating would take minutes."""

PALE, NAVY = "F2F5FA", "1F3864"
SIGNED_FORMAT = '#,##0.00_);[Red](#,##0.00);"–"_)'
PLAIN_FORMAT = '#,##0.00_);(#,##0.00);"–"_)'
DAY_FORMAT = f'{DATE_FORMAT};;"–"'
WHOLE, MILLIONS = "#,##0;[Red]-#,##0;0", '#,##0.0,,"M";[Red]-#,##0.0,,"M";0'
"""Of the key figures. Every negative amount has a section of its own: LibreOffice shows one that falls to the last of
three sections with conditions without its sign."""
LARGE_FIGURE = 5_000_000
"""Dollars from which a key figure is shown in millions: it may double by new prices and still fits its cell."""

ASSET = Style(name="CapGain Asset", bold=True)
QUIET = Style(name="CapGain Quiet", colour="595959")
QUIET_CENTER = QUIET.but("CapGain Quiet Centered", align="center")
UNITS = Style(name="CapGain Units Held", number_format="#,##0.########", align="right")
AMOUNT = Style(name="CapGain Held Amount", number_format=PLAIN_FORMAT, align="right")
SIGNED = Style(name="CapGain Held Result", number_format=SIGNED_FORMAT, align="right")
PRICE = Style(name="CapGain Held Price", number_format="#,##0.00######", align="right")
DAY = Style(name="CapGain Held Day", number_format=DAY_FORMAT, align="center")
PERCENT = Style(name="CapGain Held Percent", number_format='0.0%_);[Red](0.0%);"–"_)', align="right")
WEIGHT = Style(name="CapGain Weight", number_format="0.0%", align="right")
DAYS = Style(name="CapGain Days", number_format='#,##0;;"–"', align="center")
COUNTED = Style(name="CapGain Counted", number_format="#,##0", align="right")
TOTAL_LABEL = Style(name="CapGain Held Total Label", bold=True, border="tB")
TOTAL_AMOUNT = AMOUNT.but("CapGain Held Total", bold=True, border="tB")
TOTAL_SIGNED = SIGNED.but("CapGain Held Total Result", bold=True, border="tB")
TOTAL_PERCENT = PERCENT.but("CapGain Held Total Percent", bold=True, border="tB")
TOTAL_WEIGHT = WEIGHT.but("CapGain Held Total Weight", bold=True, border="tB")
TOTAL_COUNTED = COUNTED.but("CapGain Held Total Count", bold=True, border="tB")
CARD_LABEL = Style(name="CapGain Card Label", font_size=8, colour="595959", fill=PALE)
CARD = Style(name="CapGain Card", bold=True, font_size=13, fill=PALE, align="left", border="b")
SENTENCE_STYLE = Style(name="CapGain Sentence", italic=True, colour="7F4F00")
DAY_INPUT = Style(
    name="CapGain Day To Look From",
    number_format=DATE_FORMAT,
    align="center",
    bold=True,
    fill="FFFFE0",
    colour="0000FF",
    border="tblr",
    unlocked=True,
)
WORKING = Style(name="CapGain Working", font_size=8, number_format=PLAIN_FORMAT)
WORKING_DAY = Style(name="CapGain Working Day", font_size=8, number_format=DAY_FORMAT)
WORKING_COUNT = Style(name="CapGain Working Count", font_size=8, number_format='0;;"–"')
WORKING_HEADING = HEADING.but("CapGain Working Heading", fill="7F7F7F", font_size=8)
UNPRICED_ROW = Style(name="CapGain Unpriced", fill="FFF2CC", colour="7F4F00")
SOON = Style(name="CapGain Soon", fill="DDEBF7", bold=True)
AMBER = Style(name="CapGain Amber", fill="FFEB9C", colour="7F4F00")
RED = Style(name="CapGain Red", fill="FFC7CE", colour="9C0006")
BAR_COLOUR = "9DC3E6"

LOT_NAMES = {
    "Lot_Asset": "Asset",
    "Lot_Account": "Account",
    "Lot_LongFrom": "Long-term from",
    "Lot_Basis": "Basis",
    "Lot_Value": "Value",
    "Lot_Unrealized": "Unrealized",
    "Lot_Term": "Term",
}
"""Defined names of columns of Open Lots by their headings."""


@dataclass(frozen=True, slots=True)
class Places:
    """Rows of the sheet, which follow from what is held alone."""

    held: Portfolio
    prices: int
    """rows of sheet Prices that the formulas look at"""
    undated: Mapping[str, int] = field(default_factory=dict)
    """how many prices without a date an asset has, by its name in casefold"""

    @property
    def has_charts(self) -> bool:
        """Without any price there is nothing to draw."""
        return self.held.totals.has_price

    @property
    def widths(self) -> tuple[float, ...]:
        """Of the columns; the first is as wide as the longest name of an asset or account."""
        names = (*(one.asset for one in self.held.assets), *(one.account for one in self.held.accounts))
        return name_width(COLUMNS[0].width, names), *(column.width for column in COLUMNS[1:])

    @property
    def heading(self) -> int:
        return HEADING_BELOW_CHARTS if self.has_charts else HEADING_WITHOUT_CHARTS

    @property
    def first(self) -> int:
        return self.heading + 1

    @property
    def last(self) -> int:
        return self.heading + len(self.held.assets)

    @property
    def total(self) -> int:
        return self.last + 1

    @property
    def accounts_heading(self) -> int:
        return self.total + 2

    @property
    def first_account(self) -> int:
        return self.accounts_heading + 1

    @property
    def last_account(self) -> int:
        return self.accounts_heading + len(self.held.accounts)

    @property
    def accounts_total(self) -> int:
        return self.last_account + 1

    def row_of(self, asset: str) -> int:
        """The row of an asset. Raises StopIteration for one that is not held."""
        return next(row for row, one in enumerate(self.held.assets, self.first) if one.asset == asset)

    def rows_of_assets(self) -> Mapping[str, int]:
        return {one.asset: row for row, one in enumerate(self.held.assets, self.first)}

    @property
    def lot_pairs(self) -> int:
        return len(self.held.assets) * len(self.held.holdings)

    @property
    def price_pairs(self) -> int:
        return len(self.held.assets) * self.prices

    @property
    def is_live(self) -> bool:
        """Whether sums over lots are formulas."""
        return self.lot_pairs <= MOST_PAIRS

    def names(self) -> dict[str, str]:
        """The defined names that lead to this sheet."""
        return {
            AS_OF: f"={reference(NAME, '$E$1')}",
            "Asset_Name": f"={reference(NAME, f'$A${self.first}:$A${self.last}')}",
            "Asset_Price": f"={reference(NAME, f'$E${self.first}:$E${self.last}')}",
        }


def is_odd(name: str) -> bool:
    """Whether a name cannot be the criterion of a SUMIFS or the text that MATCH looks for."""
    return not name or len(name) >= LONGEST_LITERAL or name[0] in "=<>" or any(letter in name for letter in "*?~")


def shown_day(day: date | None) -> date | int:
    """A day as a formula's value; 0 stands for none."""
    return 0 if day is None else day


def watch_word(held: Portfolio, asset: AssetHeld) -> str:
    return held.watch(asset) or DASH
