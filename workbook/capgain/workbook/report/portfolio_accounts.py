"""The accounts on the sheet `Portfolio`, in the columns of the assets above them."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.planning.portfolio import AccountHeld
from capgain.workbook.report.portfolio_layout import (
    AMOUNT,
    ASSET,
    COLUMNS,
    COUNTED,
    DASH,
    PERCENT,
    QUIET_CENTER,
    SIGNED,
    TOTAL_AMOUNT,
    TOTAL_COUNTED,
    TOTAL_LABEL,
    TOTAL_PERCENT,
    TOTAL_SIGNED,
    TOTAL_WEIGHT,
    WEIGHT,
    Places,
    is_odd,
)
from capgain.workbook.sheets import HEADING, Cell, Formula, Row, Style

LAST_COLUMN = 15
BELOW_ANY_VALUE = -(10**15)
"""Dollars; every value is more, and the dash of a lot without a price is no number."""

OTHER_HEADINGS = {
    "Asset": "Account",
    "Class": None,
    "Units": "Lots",
    "Price": None,
    "Price date": "Kind",
    "Next turns long": None,
    "In days": None,
}


def account_rows(places: Places) -> list[Row]:
    """The headings, a row for each account, and the totals."""
    headings = [Cell(OTHER_HEADINGS.get(one.heading, one.heading), HEADING) for one in COLUMNS[:LAST_COLUMN]]
    accounts = enumerate(places.held.accounts, places.first_account)
    return [headings, *(_account(places, one, row) for row, one in accounts), _total(places)]


def _account(places: Places, account: AccountHeld, row: int) -> Row:
    sums = account.sums
    odd = is_odd(account.account)
    lots = '(Lot_Account="")' if not account.account else f"(Lot_Account=$A{row})"

    def live(text: str, expected: Decimal, style: Style) -> Cell:
        return Cell(Formula(text, expected) if places.is_live else expected, style)

    def sum_of(column: str, term: str = "") -> str:
        if odd:
            of_term = f'*(Lot_Term="{term}")' if term else ""
            return f"SUMPRODUCT({lots}*1{of_term},{column})"
        of_term = f',Lot_Term,"{term}"' if term else ""
        return f"SUMIFS({column},Lot_Account,$A{row}{of_term})"

    counted = f"SUMPRODUCT({lots}*1)" if odd else f"COUNTIF(Lot_Account,$A{row})"
    priced = (
        f'SUMPRODUCT({lots}*(Lot_Value<>"{DASH}"),Lot_Basis)'
        if odd
        else f'SUMIFS(Lot_Basis,Lot_Account,$A{row},Lot_Value,">{BELOW_ANY_VALUE}")'
    )
    losses = (
        f"SUMPRODUCT({lots}*(Lot_Unrealized<0),Lot_Unrealized)"
        if odd
        else f'SUMIFS(Lot_Unrealized,Lot_Account,$A{row},Lot_Unrealized,"<0")'
    )
    weight = places.held.weight(sums) or Decimal(0)
    return [
        Cell(account.account or None, ASSET),
        None,
        live(f"={counted}", Decimal(sums.lots), COUNTED),
        live(f"={sum_of('Lot_Basis')}", sums.basis, AMOUNT),
        None,
        Cell(account.kind or DASH, QUIET_CENTER),
        live(f"={sum_of('Lot_Value')}", sums.value, AMOUNT),
        live(f"=ROUND(G{row}-{priced},2)", sums.gain, SIGNED),
        live(f"=IF({priced}=0,0,H{row}/ABS({priced}))", sums.percent, PERCENT),
        Cell(Formula(f"=IF($G${places.total}=0,0,G{row}/$G${places.total})", weight), WEIGHT),
        live(f"={sum_of('Lot_Unrealized', 'Short')}", sums.short, SIGNED),
        live(f"={sum_of('Lot_Unrealized', 'Long')}", sums.long, SIGNED),
        None,
        None,
        live(f"={losses}", sums.loss_to_harvest, SIGNED),
    ]


def _total(places: Places) -> Row:
    held, sums = places.held, places.held.totals
    first, last = places.first_account, places.last_account

    def summed(letter: str, value: Decimal, style: Style) -> Cell:
        return Cell(Formula(f"=SUM({letter}{first}:{letter}{last})", value), style)

    blank = Cell(None, TOTAL_LABEL)
    weight = sum((held.weight(one.sums) or Decimal(0) for one in held.accounts), Decimal(0))
    return [
        Cell("All accounts", TOTAL_LABEL),
        blank,
        summed("C", Decimal(sums.lots), TOTAL_COUNTED),
        summed("D", sums.basis, TOTAL_AMOUNT),
        blank,
        blank,
        summed("G", sums.value, TOTAL_AMOUNT),
        summed("H", sums.gain, TOTAL_SIGNED),
        Cell(Formula(f"=I{places.total}", sums.percent), TOTAL_PERCENT),
        summed("J", weight, TOTAL_WEIGHT),
        summed("K", sums.short, TOTAL_SIGNED),
        summed("L", sums.long, TOTAL_SIGNED),
        blank,
        blank,
        summed("O", sums.loss_to_harvest, TOTAL_SIGNED),
    ]
