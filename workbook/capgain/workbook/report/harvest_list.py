"""The list of lots on the sheet `Harvest`: what is ticked, and what each sale brings, as formulas."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.money import ZERO
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.harvest_plan import HarvestPlan, ListedLot
from capgain.workbook.report.listing import Column
from capgain.workbook.report.portfolio_layout import (
    AMOUNT,
    ASSET,
    DASH,
    DAY,
    NO_PRICE,
    QUIET,
    SIGNED,
    TOTAL_AMOUNT,
    TOTAL_LABEL,
    TOTAL_SIGNED,
    UNITS,
    WORKING,
    Places,
    is_odd,
)
from capgain.workbook.report.portfolio_layout import (
    NAME as PORTFOLIO,
)
from capgain.workbook.sheets import CENTER, DATE, Cell, Formula, Row, Style, column_letter, reference

COLUMNS = (
    Column("Sell", 7, "X for the whole lot, or a number of units; blank keeps it"),
    Column("Asset", 9),
    Column("Account", 17),
    Column("Quantity", 13),
    Column("Acquired", 10.5),
    Column("Long-term from", 10.5, "A sale on this day or later is long-term"),
    Column("Term", 7, "Of a sale on the day on Portfolio"),
    Column("Price", 12, "As on Portfolio; another may be typed over it"),
    Column("Basis", 12.5),
    Column("Gain or (loss) of the lot", 13, "Before fees"),
    Column("Units sold", 12),
    Column("Result of the sale", 13),
    Column("Not allowed (wash)", 11.5, "What a wash sale takes away of the loss now (26 USC 1091)"),
    Column("Short-term", 12),
    Column("Long-term", 12),
    Column("Buy back from", 10.5, "A purchase before this day, in any account, makes the sale a wash sale"),
    Column("Watch", 25),
    Column("Ledger row", 7, "Row on sheet Ledger that first acquired the units"),
    Column("Lot", 8),
)
HEADING = 18
FIRST = HEADING + 1
CONTRACT, EXACT_BASIS = 20, 21
"""columns T and U: the units under an option's contract, where there are options; the basis unrounded, for sales of a
part"""

TICK = Style(
    name="CapGain Sell", align="center", bold=True, fill="FFFFE0", colour="0000FF", border="tblr", unlocked=True
)
PRICE = Style(name="CapGain Harvest Price", number_format="#,##0.00######", colour="0000FF", align="right")
SOLD = Style(name="CapGain Sold", number_format='#,##0.########;;"–"', align="right")
SOON = 30
BAD_CELL = "? not X or a number"
TOO_MANY = "? not that many units"
UNPRICED_TICK = "? no price"
WASHED = "wash sale: loss moves on"
SPECIAL = "a rule of its own: see harvest"


def list_rows(papers: Workpapers, plan: HarvestPlan, places: Places, block: int) -> list[Row]:
    """A row for each lot; `block` is the first column of the wash-sale workings, whose rows begin where these do."""
    row_of = places.rows_of_assets()
    return [
        _row(papers, plan, place, FIRST + place, row_of.get(lot.asset, 0), block) for place, lot in enumerate(plan.lots)
    ]


def _row(papers: Workpapers, plan: HarvestPlan, place: int, row: int, asset_row: int, block: int) -> Row:
    lot, as_of = plan.lots[place], plan.as_of
    short, long = plan.by_term(place)
    term = "Long" if lot.term(as_of) is Term.LONG else "Short"
    tick: str | Decimal | None = "X" if lot.is_crossed else lot.tick
    price: Decimal | str = NO_PRICE if lot.price is None else lot.price
    found = f"=INDEX(Asset_Price,MATCH(B{row},Asset_Name,0))"
    if is_odd(lot.asset):
        found = f"={reference(PORTFOLIO, f'$E${asset_row}')}"
    at, not_allowed = plan.replacement_of(place), plan.not_allowed(place)
    replaced = "" if at is None else f"{column_letter(block + 5)}{FIRST + at}"
    washed = Cell(ZERO, AMOUNT)
    if replaced:
        washed = Cell(Formula(f"=IF({replaced}>0,ROUND(-MIN(L{row},0)*{replaced}/K{row},2),0)", not_allowed), AMOUNT)
    back: Cell = Cell(0, DAY)
    if at is not None:
        is_loss = lot.sold and lot.sale_result < ZERO
        day = as_of + WINDOW + timedelta(days=1) if is_loss else 0
        back = Cell(Formula(f"=IF(AND(K{row}>0,L{row}<0),As_Of+{WINDOW.days + 1},0)", day), DAY)
    cells: list[Cell | None] = [
        Cell(tick, TICK),
        Cell(lot.asset, ASSET),
        Cell(lot.key.account),
        Cell(float(lot.quantity), UNITS),
        Cell(lot.key.acquired, DATE),
        Cell(lot.long_from, DATE),
        Cell(Formula(f'=IF(As_Of>=F{row},"Long","Short")', term), CENTER),
        Cell(Formula(found, price), PRICE),
        Cell(lot.basis, AMOUNT),
        _result(lot, row),
        Cell(Formula(_sold(row), lot.sold), SOLD),
        Cell(Formula(_sale_result(lot, row), lot.sale_result), SIGNED),
        washed,
        Cell(Formula(f'=IF(G{row}="Short",ROUND(L{row}+M{row},2),0)', short), SIGNED),
        Cell(Formula(f'=IF(G{row}="Long",ROUND(L{row}+M{row},2),0)', long), SIGNED),
        back,
        Cell(Formula(_watch(lot, row), _watch_word(plan, place)), QUIET),
        papers.ledger_link(lot.key.row) or Cell("none", CENTER),
        Cell(lot.key.lot),
        Cell(lot.contract_size, WORKING) if plan.has_contracts else None,
        Cell(float(lot.exact_basis), AMOUNT),
    ]
    assert len(cells) == EXACT_BASIS
    return cells


def _result(lot: ListedLot, row: int) -> Cell:
    if lot.is_special:
        return Cell(lot.result, SIGNED)
    value = f"D{row}*H{row}{_contract(lot, row)}"
    return Cell(Formula(f"=IF(ISNUMBER(H{row}),ROUND(ROUND({value},2)-I{row},2),0)", lot.result), SIGNED)


def _contract(lot: ListedLot, row: int) -> str:
    return "" if lot.contract_size == 1 else f"*{column_letter(CONTRACT)}{row}"


def _sold(row: int) -> str:
    return (
        f"=IF(NOT(ISNUMBER(H{row})),0,IF(ISNUMBER(A{row}),IF(AND(A{row}>=0,A{row}<=D{row}),A{row},0),"
        f'IF(UPPER(TRIM(A{row}))="X",D{row},0)))'
    )


def _sale_result(lot: ListedLot, row: int) -> str:
    part = f"ROUND(ROUND(K{row}*H{row}{_contract(lot, row)},2)-ROUND(U{row}*K{row}/D{row},2),2)"
    if lot.is_special:
        part = f"ROUND(J{row}*K{row}/D{row},2)"
    return f"=IF(K{row}=D{row},J{row},IF(K{row}=0,0,{part}))"


def _watch(lot: ListedLot, row: int) -> str:
    ticked = f"NOT(ISBLANK(A{row}))"
    nothing = SPECIAL if lot.is_special else DASH
    return (
        f'=IF(AND({ticked},NOT(ISNUMBER(H{row}))),"{UNPRICED_TICK}",IF(AND(K{row}=0,{ticked},NOT(ISNUMBER(A{row}))),'
        f'"{BAD_CELL}",IF(AND(K{row}=0,ISNUMBER(A{row}),A{row}<>0),"{TOO_MANY}",IF(M{row}>0,"{WASHED}",'
        f'IF(NOT(ISNUMBER(H{row})),"{NO_PRICE}",IF(AND(G{row}="Short",F{row}-As_Of<={SOON}),'
        f'"turns long in "&(F{row}-As_Of)&" days","{nothing}"))))))'
    )


def _watch_word(plan: HarvestPlan, place: int) -> str:
    lot = plan.lots[place]
    days = (lot.long_from - plan.as_of).days
    if lot.tick is not None and lot.price is None:
        return UNPRICED_TICK
    if plan.not_allowed(place):
        return WASHED
    if lot.price is None:
        return NO_PRICE
    if lot.term(plan.as_of) is Term.SHORT and days <= SOON:
        return f"turns long in {days} days"
    return SPECIAL if lot.is_special else DASH


def total_row(plan: HarvestPlan) -> Row:
    """The sums of what is ticked."""
    count = len(plan.lots)
    last = FIRST + count - 1

    def summed(letter: str, value: Decimal, style: Style) -> Cell:
        return Cell(Formula(f"=SUM({letter}{FIRST}:{letter}{last})", value), style)

    blank = Cell(None, TOTAL_LABEL)
    terms = [plan.by_term(place) for place in range(count)]
    return [
        Cell("Ticked", TOTAL_LABEL),
        *[blank] * 10,
        summed("L", sum((lot.sale_result for lot in plan.lots), ZERO), TOTAL_SIGNED),
        summed("M", sum((plan.not_allowed(place) for place in range(count)), ZERO), TOTAL_AMOUNT),
        summed("N", sum((short for short, _ in terms), ZERO), TOTAL_SIGNED),
        summed("O", sum((long for _, long in terms), ZERO), TOTAL_SIGNED),
        *[blank] * 4,
    ]
