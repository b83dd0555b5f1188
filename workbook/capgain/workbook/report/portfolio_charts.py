"""The charts of the sheet `Portfolio`, and the columns to the right that they are drawn from.

Which assets are drawn is settled when the sheet is written; their figures are live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.workbook import frames
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.portfolio_layout import (
    CHARTS,
    NAME,
    WORKING,
    WORKING_HEADING,
    Places,
)
from capgain.workbook.sheets import Cell, Chart, Formula, Series, Style, address, column_letter, reference

FIRST_COLUMN = 28
"""column AB"""

HEADINGS = (
    "Asset",
    "Value",
    "Asset",
    "Gain",
    "Loss",
    "Account",
    "Value",
    "Month",
    "Short-term",
    "Long-term",
)
MOST_PARTS, MOST_BARS, MOST_ACCOUNTS = 9, 12, 12
PALETTE = ("1F3864", "2E75B6", "9DC3E6", "548235", "A9D08E", "BF8F00", "FFD966", "C55A11", "F4B084", "A6A6A6")
GAIN, LOSS, SHORT, LONG = "2E7D32", "C00000", "2E75B6", "ED7D31"
WIDTH, WIDE, HEIGHT = 372, 400, 400
LEFT, BETWEEN, DOWN = 2, 6, 4
PIXELS_OF_LETTER, PIXELS_BESIDE = 7, 5
PLAIN, IN_THOUSANDS, LARGE = "#,##0;-#,##0;0", '#,##0,"k";-#,##0,"k";0', Decimal(20_000)
SHARE = '[<0.025]" ";0%'
"""Shares too small for a label have none."""
MONTH = Style(name="CapGain Working Month", font_size=8, number_format="mmm")

Placed = tuple[int, int, Cell]


class ChartData:
    """The figures that the charts are drawn from, as cells by row and column, and the charts."""

    def __init__(self, papers: Workpapers, places: Places, gains: Listing | None, year: int) -> None:
        self._papers = papers
        self._places = places
        self._gains = gains
        self._year = year
        self._rows = places.rows_of_assets()
        lots = frames.grouped(frames.holdings(places.held), "asset").set_index("asset")
        priced = lots[lots["value"].notna()]
        self._values = dict(priced["value"].items())
        by_value = priced["value"].astype(float).nlargest(MOST_PARTS)
        self._parts = [str(name) for name in by_value.index]
        by_gain = priced["gain"].astype(float)
        largest = by_gain.abs().nlargest(MOST_BARS).index
        self._bars = [str(name) for name in by_gain[largest].sort_values(ascending=False, kind="stable").index]
        self._gain = dict(priced["gain"].items())
        self._realized = frames.realized_by_month(papers.report, year)

    @property
    def has_other(self) -> bool:
        return len(self._places.held.assets) > len(self._parts)

    def cells(self) -> Iterator[Placed]:
        """Headings in the row of the list's, figures below."""
        top = self._places.heading
        for place, heading in enumerate(HEADINGS):
            yield top, FIRST_COLUMN + place, Cell(heading, WORKING_HEADING)
        yield from self._doughnut(top)
        yield from self._results(top)
        yield from self._accounts(top)
        yield from self._months(top)

    def _doughnut(self, top: int) -> Iterator[Placed]:
        names, values = FIRST_COLUMN, FIRST_COLUMN + 1
        shown = ZERO
        for place, name in enumerate(self._parts, start=1):
            row, worth = self._rows[name], max(self._values[name], ZERO)
            shown += worth
            yield top + place, names, Cell(Formula(f"=$A${row}", name), WORKING)
            yield top + place, values, Cell(Formula(f"=MAX(SUM($G${row}),0)", worth), WORKING)
        if self.has_other:
            last = top + len(self._parts)
            letter = column_letter(values)
            text = f"=MAX($G${self._places.total}-SUM({letter}{top + 1}:{letter}{last}),0)"
            rest = max(self._places.held.totals.value - shown, ZERO)
            yield last + 1, names, Cell("Other", WORKING)
            yield last + 1, values, Cell(Formula(text, rest), WORKING)

    def _results(self, top: int) -> Iterator[Placed]:
        for place, name in enumerate(self._bars, start=1):
            row, result = self._rows[name], self._gain[name]
            yield top + place, FIRST_COLUMN + 2, Cell(Formula(f"=$A${row}", name), WORKING)
            yield top + place, FIRST_COLUMN + 3, Cell(Formula(f"=MAX(SUM($H${row}),0)", max(result, ZERO)), WORKING)
            yield top + place, FIRST_COLUMN + 4, Cell(Formula(f"=MIN(SUM($H${row}),0)", min(result, ZERO)), WORKING)

    def _accounts(self, top: int) -> Iterator[Placed]:
        for place, one in enumerate(self._places.held.accounts[:MOST_ACCOUNTS], start=1):
            row = self._places.first_account + place - 1
            name = Formula(f"=$A${row}", one.account) if one.account else "(blank)"
            yield top + place, FIRST_COLUMN + 5, Cell(name, WORKING)
            yield top + place, FIRST_COLUMN + 6, Cell(Formula(f"=$G${row}", one.sums.value), WORKING)

    def _months(self, top: int) -> Iterator[Placed]:
        if self._gains is None:
            return
        month = column_letter(FIRST_COLUMN + 7)
        gain, term, sold = (self._gains.cells(heading) for heading in ("Gain", "Term", "Sold"))
        for place in frames.MONTHS:
            row, day = top + place, date(self._year, place, 1)
            begin = day if place == 1 else Formula(f"=EDATE({month}{row - 1},1)", day)
            yield row, FIRST_COLUMN + 7, Cell(begin, MONTH)
            for further, word in enumerate(frames.TERMS):
                text = (
                    f'=SUMIFS({gain},{term},"{word.title()}",{sold},">="&{month}{row},{sold},"<"&EDATE({month}{row},1))'
                )
                yield row, FIRST_COLUMN + 8 + further, Cell(Formula(text, self._realized[word][place]), WORKING)

    def charts(self) -> tuple[Chart, ...]:
        """Side by side above the list."""
        drawn = [self._value_chart(), self._result_chart()]
        if self._gains is not None:
            drawn.append(self._month_chart())
        drawn.append(self._account_chart())
        return tuple(
            _placed(chart, start, self._places.widths) for chart, start in zip(drawn, _starts(drawn), strict=True)
        )

    def _value_chart(self) -> Chart:
        parts = len(self._parts) + self.has_other
        return Chart(
            kind="doughnut",
            title="Where the value is",
            series=(Series("", self._column(0, parts), self._column(1, parts)),),
            at="",
            description="Share of each asset in the value of all",
            width=WIDTH,
            height=HEIGHT,
            legend="right",
            parts=PALETTE[:parts],
            data_labels=SHARE,
        )

    def _result_chart(self) -> Chart:
        bars = len(self._bars)
        return Chart(
            kind="bar",
            title="Gain or loss by asset",
            series=tuple(
                Series(self._heading(place), self._column(2, bars), self._column(place, bars), colour)
                for place, colour in ((3, GAIN), (4, LOSS))
            ),
            at="",
            description="Unrealized gain (green) or loss (red) of each asset",
            width=WIDTH,
            height=HEIGHT,
            legend="",
            number_format=_axis(self._gain[name] for name in self._bars),
            is_stacked=True,
            is_downward=True,
        )

    def _month_chart(self) -> Chart:
        return Chart(
            kind="column",
            title=f"Realized in {self._year} by month",
            series=tuple(
                Series(self._heading(place), self._column(7, 12), self._column(place, 12), colour)
                for place, colour in ((8, SHORT), (9, LONG))
            ),
            at="",
            description="Realized short-term and long-term gain or loss of each month",
            width=WIDE,
            height=HEIGHT,
            number_format=_axis(self._realized.to_numpy().flat),
            label_format="mmm",
        )

    def _account_chart(self) -> Chart:
        accounts = min(len(self._places.held.accounts), MOST_ACCOUNTS)
        return Chart(
            kind="bar",
            title="Value by account",
            series=(Series("", self._column(5, accounts), self._column(6, accounts), SHORT),),
            at="",
            description="Value in each account",
            width=WIDTH,
            height=HEIGHT,
            legend="",
            is_downward=True,
            data_labels="#,##0",
            has_value_axis=False,
        )

    def _column(self, place: int, count: int) -> str:
        top, letter = self._places.heading, column_letter(FIRST_COLUMN + place)
        return f"={reference(NAME, f'${letter}${top + 1}:${letter}${top + max(count, 1)}')}"

    def _heading(self, place: int) -> str:
        return f"={reference(NAME, f'${column_letter(FIRST_COLUMN + place)}${self._places.heading}')}"


def _axis(amounts: Iterable[Decimal]) -> str:
    """The number format of an axis: in thousands where the amounts are large."""
    return IN_THOUSANDS if max((abs(amount) for amount in amounts), default=ZERO) >= LARGE else PLAIN


def _starts(charts: Sequence[Chart]) -> Iterator[int]:
    """How many pixels from the left each chart begins."""
    left = LEFT
    for chart in charts:
        yield left
        left += chart.width + BETWEEN


def _placed(chart: Chart, pixels: int, widths: Sequence[float]) -> Chart:
    """The chart in the row of charts, so many pixels from the left."""
    for place, letters in enumerate(widths, start=1):
        width = int(letters * PIXELS_OF_LETTER + PIXELS_BESIDE)
        if pixels < width or place == len(widths):
            return chart._replace(at=address(CHARTS, place), offset=(pixels, DOWN))
        pixels -= width
    raise AssertionError("the sheet has columns")
