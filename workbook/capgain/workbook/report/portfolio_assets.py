"""The rows of assets on the sheet `Portfolio`: every figure a formula over Open Lots and Prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from capgain.engine.planning.portfolio import SHORT_SALE, AssetHeld
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.workbook.report.portfolio_layout import (
    AMOUNT,
    ASSET,
    DASH,
    DAY,
    DAYS,
    MOST_LOT_PAIRS,
    MOST_PRICE_PAIRS,
    NO_PRICE,
    PERCENT,
    PRICE,
    QUIET,
    SIGNED,
    TOTAL_AMOUNT,
    TOTAL_LABEL,
    TOTAL_PERCENT,
    TOTAL_SIGNED,
    TOTAL_WEIGHT,
    UNITS,
    WEIGHT,
    WORKING,
    WORKING_COUNT,
    WORKING_DAY,
    Places,
    is_odd,
    shown_day,
    watch_word,
)
from capgain.workbook.sheets import Cell, Formula, Row, Style

AFTER_LONG = 60000
"""A serial later than any day that a lot turns long-term (in the year 2064)."""

WORKINGS = ("Last purchase", "Its row", "Last sale at a loss", "Its row", "Undated prices", "Priced as")

Expected = str | int | Decimal | date


def asset_rows(places: Places) -> list[Row]:
    """A row for each asset, then the totals."""
    return [*(_asset(places, one, row) for row, one in enumerate(places.held.assets, places.first)), _total(places)]


def _asset(places: Places, asset: AssetHeld, row: int) -> Row:
    held, sums = places.held, asset.sums
    weight = held.weight(sums)
    part = _Criteria(row, asset)

    def live(text: str, expected: Expected, style: Style, *, fixed: bool = False) -> Cell:
        return Cell(expected if fixed or not places.is_live else Formula(text, expected), style)

    def known(value: Decimal | None) -> Decimal | str:
        return DASH if value is None or not sums.has_price else value

    whole = f"$G${places.total}"
    next_long = live(part.next_long, shown_day(asset.next_long), DAY, fixed=places.lot_pairs > MOST_LOT_PAIRS)
    price_day = _price_day(places, asset, part, row)
    price: Decimal | str = NO_PRICE if asset.price is None else asset.price.price
    cells: list[Cell | None] = [
        Cell(asset.asset, ASSET),
        Cell(asset.class_name, QUIET),
        live(part.sum_of("Lot_Units"), asset.units, UNITS),
        live(part.sum_of("Lot_Basis"), sums.basis, AMOUNT),
        Cell(Formula(part.price, price), PRICE),
        price_day,
        live(f'=IF(ISNUMBER(E{row}),{part.sum_of("Lot_Value")[1:]},"{DASH}")', known(sums.value), AMOUNT),
        Cell(Formula(f'=IF(ISNUMBER(G{row}),ROUND(G{row}-D{row},2),"{DASH}")', known(sums.gain)), SIGNED),
        Cell(
            Formula(f'=IF(ISNUMBER(H{row}),IF(D{row}=0,0,H{row}/ABS(D{row})),"{DASH}")', known(sums.percent)), PERCENT
        ),
        Cell(Formula(f'=IF(ISNUMBER(G{row}),IF({whole}=0,0,G{row}/{whole}),"{DASH}")', known(weight)), WEIGHT),
        live(part.sum_of("Lot_Unrealized", "Short"), sums.short, SIGNED),
        live(part.sum_of("Lot_Unrealized", "Long"), sums.long, SIGNED),
        next_long,
        Cell(Formula(f"=IF(M{row}=0,0,M{row}-As_Of)", held.days_to_long(asset) or 0), DAYS),
        live(part.losses, sums.loss_to_harvest, SIGNED),
        Cell(Formula(_window("U", row), shown_day(held.wash_until(asset))), DAY),
        Cell(Formula(_window("W", row), shown_day(held.do_not_buy_before(asset))), DAY),
        Cell(Formula(_watch(row), watch_word(held, asset)), QUIET),
    ]
    return [*cells, None, None, *_workings(places, asset, part)]


def _price_day(places: Places, asset: AssetHeld, part: _Criteria, row: int) -> Cell:
    day = places.held.price_day(asset)
    if places.price_pairs > MOST_PRICE_PAIRS:
        return Cell(shown_day(day), DAY)
    latest = f"SUMPRODUCT(MAX(({part.priced})*ISNUMBER(Price_Dollars)*(Price_Date<As_Of+1)*Price_Date))"
    return Cell(Formula(f"=IF(Y{row}>0,As_Of,{latest})", shown_day(day)), DAY)


class _Criteria:
    """The sums over the lots and prices of one asset as formulas; names that no criterion can hold are compared."""

    def __init__(self, row: int, asset: AssetHeld) -> None:
        self._row = row
        self._is_odd = is_odd(asset.asset)
        self._prices_are_odd = is_odd(asset.priced_as)
        is_short = asset.class_name == SHORT_SALE
        self._named = f"$Z{row}" if is_short else f"$A{row}"

    @property
    def _lots(self) -> str:
        return f"Lot_Asset=$A{self._row}"

    @property
    def priced(self) -> str:
        return f"Price_Asset={self._named}"

    def sum_of(self, column: str, term: str = "") -> str:
        """The sum of a column of Open Lots, of the lots of one term where it is named."""
        if self._is_odd:
            of_term = f'*(Lot_Term="{term}")' if term else ""
            return f"=SUMPRODUCT(({self._lots})*1{of_term},{column})"
        of_term = f',Lot_Term,"{term}"' if term else ""
        return f"=SUMIFS({column},Lot_Asset,$A{self._row}{of_term})"

    @property
    def losses(self) -> str:
        if self._is_odd:
            return f"=SUMPRODUCT(({self._lots})*(Lot_Unrealized<0),Lot_Unrealized)"
        return f'=SUMIFS(Lot_Unrealized,Lot_Asset,$A{self._row},Lot_Unrealized,"<0")'

    @property
    def next_long(self) -> str:
        to_come = (
            f"SUMPRODUCT(({self._lots})*(Lot_LongFrom>As_Of))"
            if self._is_odd
            else f'COUNTIFS(Lot_Asset,$A{self._row},Lot_LongFrom,">"&As_Of)'
        )
        soonest = f"SUMPRODUCT(MAX(({self._lots})*(Lot_LongFrom>As_Of)*({AFTER_LONG}-Lot_LongFrom)))"
        return f"=IF({to_come}=0,0,{AFTER_LONG}-{soonest})"

    @property
    def undated(self) -> str:
        """How many prices without a date there are; each is of the day itself."""
        if self._prices_are_odd:
            return f'=SUMPRODUCT(({self.priced})*ISNUMBER(Price_Dollars)*(Price_Date=""))'
        return f'=COUNTIFS(Price_Asset,{self._named},Price_Dollars,">=0",Price_Date,"=")'

    @property
    def price(self) -> str:
        """The price itself: the same one may stand in several rows."""
        row = self._row
        if self._prices_are_odd:
            undated = f'({self.priced})*ISNUMBER(Price_Dollars)*(Price_Date="")'
            dated = f"({self.priced})*ISNUMBER(Price_Dollars)*(Price_Date=F{row})"
            one, other = (f"SUMPRODUCT({rows},Price_Dollars)/SUMPRODUCT({rows})" for rows in (undated, dated))
        else:
            one, other = (
                f"SUMIFS(Price_Dollars,{rows})/COUNTIFS({rows})"
                for rows in (
                    f'Price_Asset,{self._named},Price_Dollars,">=0",Price_Date,"="',
                    f'Price_Asset,{self._named},Price_Dollars,">=0",Price_Date,F{row}',
                )
            )
        return f'=IF(Y{row}>0,{one},IF(F{row}>0,{other},"{NO_PRICE}"))'


def _window(column: str, row: int) -> str:
    """The first day after a wash-sale window that the day looked from lies in, 0 outside."""
    last, days = f"{column}{row}", WINDOW.days
    return f"=IF(AND({last}>0,{last}<=As_Of,As_Of-{last}<={days}),{last}+{days + 1},0)"


def _watch(row: int) -> str:
    return (
        f'=IF(NOT(ISNUMBER(E{row})),"no price",IF(Q{row}>0,"sold at a loss: wait",IF(AND(P{row}>0,O{row}<0),'
        f'"bought in the last 30 days",IF(AND(N{row}>0,N{row}<=30,K{row}>0),"gain turns long soon",'
        f'IF(AND(N{row}>0,N{row}<=30,K{row}<0),"loss turns long soon",IF(As_Of-F{row}>7,"old price","{DASH}"))))))'
    )


def _workings(places: Places, asset: AssetHeld, part: _Criteria) -> list[Cell]:
    """Right of the print area: the ends of the wash-sale windows from the engine, and the prices without a date."""
    cells = []
    for last in (asset.last_purchase, asset.last_loss):
        cells += [
            Cell(0 if last is None else last.day, WORKING_DAY),
            Cell(0 if last is None else last.row, WORKING_COUNT),
        ]
    undated = places.undated.get(asset.priced_as.casefold(), 0)
    return [*cells, Cell(Formula(part.undated, undated), WORKING_COUNT), Cell(asset.priced_as, WORKING)]


def _total(places: Places) -> Row:
    held, row = places.held, places.total

    def summed(letter: str, value: Decimal, style: Style) -> Cell:
        return Cell(Formula(f"=SUM({letter}{places.first}:{letter}{places.last})", value), style)

    blank = Cell(None, TOTAL_LABEL)
    sums = held.totals
    weight = sum((held.weight(one.sums) or Decimal(0) for one in held.assets), Decimal(0))
    percent = Formula(f"=IF($D$4=0,0,H{row}/ABS($D$4))", sums.percent)
    return [
        Cell("All assets", TOTAL_LABEL),
        blank,
        blank,
        summed("D", sums.basis, TOTAL_AMOUNT),
        blank,
        blank,
        summed("G", sums.value, TOTAL_AMOUNT),
        summed("H", sums.gain, TOTAL_SIGNED),
        Cell(percent, TOTAL_PERCENT),
        summed("J", weight, TOTAL_WEIGHT),
        summed("K", sums.short, TOTAL_SIGNED),
        summed("L", sums.long, TOTAL_SIGNED),
        blank,
        blank,
        summed("O", sums.loss_to_harvest, TOTAL_SIGNED),
        blank,
        blank,
        blank,
    ]
