"""The sheet `Estimates`: estimated tax and its four installments, live but for the annualized tax."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.money import ZERO, to_the_cent
from capgain.engine.planning.annualized_income import APPLICABLE
from capgain.engine.planning.estimated_tax import (
    NO_TAX_LAST_YEAR,
    Estimate,
    estimate,
    is_asked_for,
)
from capgain.engine.report import YearReport
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import (
    DATED,
    FORM_HEADING,
    FORM_TITLE,
    FORM_YEAR,
    LINE_AMOUNT,
    LINE_ANSWER,
    LINE_INPUT,
    LINE_TEXT,
    LINE_TOTAL,
    PART_BAR,
)
from capgain.workbook.report.tax_rows import RATE
from capgain.workbook.sheets import NOTICE, Cell, Formula, Row, Sheet, fitted_heights

NAME = "Estimates"
REMARK = NOTICE.but("CapGain Estimates Remark", wrap=False)
"""Text over the width of the sheet."""
WIDTHS = (42, 15, 15, 12, 16, 17, 16, 16, 16)
HEADINGS = (
    *("Due", "Regular, by then", "Tax, annualized", "Part of it", "Annualized, by then"),
    *("Required by then", "Withheld by then", "Paid by then", "Short"),
)
TAX, NINETY, PRIOR, AGI, OVER, RATE_ROW, HARBOR, REQUIRED, WITHHELD, REASON = range(4, 14)
"""Rows of the inputs and of what follows from them, in column B."""

FIRST = REASON + 4
"""The row of the first installment."""

PAYMENTS = FIRST + 4 + 2
"""The row of the first payment made."""


def estimates(papers: Workpapers, year: YearReport, as_of: date) -> Sheet | None:
    """The sheet of a year, where Settings state anything for estimated tax; None without, or without any tax."""
    if not is_asked_for(papers.report.ledger.settings, year.year):
        return None
    try:
        found = estimate(papers.report, year.year, as_of)
    except MissingInputs:
        return None
    rows: list[Row] = [
        [Cell("Estimated tax", FORM_TITLE), None, Cell(year.year, FORM_YEAR)],
        (
            Cell(
                "26 USC 6654; Form 2210. Blue amounts are those of Settings, or worked out by CapGain as on sheet Tax.",
            ),
        ),
        _bar("Required annual payment"),
        *_required(found),
        (),
        _bar("Installments"),
        [Cell(text, FORM_HEADING) for text in HEADINGS],
    ]
    assert len(rows) + 1 == FIRST
    rows += [_installment(found, place) for place in range(4)]
    rows += [(), _bar("Paid (Settings: Estimated Paid)")]
    payments = _payments(found)
    assert len(rows) + 1 == PAYMENTS
    rows += payments or [(Cell("nothing"),)]
    rows.append(())
    rows += [_remark(words) for words in (*found.underpaid(), *found.assumptions)]
    return Sheet(
        name=papers.name(NAME, year.year),
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS),
        page=papers.page(f"Estimated tax {year.year}", landscape=True),
        tab="1F3864",
        gridlines=False,
        protected=True,
    )


def _bar(text: str) -> Row:
    return [Cell(text, PART_BAR), *(Cell(None, PART_BAR) for _ in WIDTHS[1:])]


def _remark(words: str) -> Row:
    """A remark over the width of the sheet."""
    return [Cell(words, REMARK), *(Cell(None, REMARK) for _ in WIDTHS[1:])]


def _required(found: Estimate) -> Sequence[Row]:
    """What is stated, both safe harbours, and the smaller of them."""
    unknown = "not known"
    tax = found.current_year_tax
    required = found.required_annual_payment
    cells: tuple[tuple[str, Cell], ...] = (
        ("This year's tax", Cell(unknown if tax is None else tax, LINE_INPUT)),
        (
            "90% of it",
            Cell(
                Formula(f'=IF(ISNUMBER(B{TAX}),ROUND(0.9*B{TAX},2),"{unknown}")', _or(found.ninety_percent)),
                LINE_AMOUNT,
            ),
        ),
        (f"Tax of {found.year - 1} (Settings: Total Tax)", Cell(_or(found.prior_year_tax), LINE_INPUT)),
        (f"Adjusted gross income of {found.year - 1} (Settings: AGI)", Cell(_or(found.prior_year_agi), LINE_INPUT)),
        ("110% where that is more than", Cell(found.agi_over, LINE_INPUT)),
        (
            "Part of last year's tax",
            Cell(
                Formula(f"=IF(ISNUMBER(B{AGI}),IF(B{AGI}>B{OVER},1.1,1),1.1)", found.prior_year_rate),
                RATE,
            ),
        ),
        (
            "That part of it",
            Cell(
                Formula(
                    f'=IF(ISNUMBER(B{PRIOR}),ROUND(B{PRIOR}*B{RATE_ROW},2),"{unknown}")',
                    _or(found.prior_year_safe_harbor),
                ),
                LINE_AMOUNT,
            ),
        ),
        ("Required annual payment", Cell(Formula(f"=MIN(B{NINETY},B{HARBOR})", required), LINE_TOTAL)),
        ("Withheld (Settings: Withholding)", Cell(found.withholding, LINE_INPUT)),
        ("Why no payment is required", Cell(Formula(_reason(), found.none_required or "-"), LINE_ANSWER)),
    )
    return [(Cell(words, LINE_TEXT), cell) for words, cell in cells]


def _reason() -> str:
    return (
        f'=IF(IF(ISNUMBER(B{PRIOR}),B{PRIOR},1)<=0,"{NO_TAX_LAST_YEAR}",'
        f'IF(IF(ISNUMBER(B{TAX}),B{TAX}-B{WITHHELD},1000)<1000,"less than 1,000 due after withholding",'
        f'IF(B{WITHHELD}>=B{REQUIRED},"withholding covers the required payment","-")))'
    )


def _or(amount: Decimal | None) -> Decimal | str:
    return "not known" if amount is None else amount


def _installment(found: Estimate, place: int) -> Row:
    row, one = FIRST + place, found.installments[place]
    columns = found.annualized_tax
    regular = f'=IF($B${REASON}="-",ROUND($B${REQUIRED}*{place + 1}/4,2),0)'
    last = PAYMENTS + max(len(found.payments), 1) - 1
    days, amounts = f"$A${PAYMENTS}:$A${last}", f"$B${PAYMENTS}:$B${last}"
    before = f"F{row - 1}" if place else "0"
    quarter = sum((before.regular for before in found.installments[: place + 1]), ZERO)
    cells: list[Cell | None] = [Cell(one.due, DATED), Cell(Formula(regular, quarter), LINE_AMOUNT)]
    if columns:
        part = max(to_the_cent(APPLICABLE[place] * columns[place]), ZERO)
        cells += [
            Cell(columns[place], LINE_INPUT),
            Cell(APPLICABLE[place], RATE),
            Cell(Formula(f"=MAX(ROUND(C{row}*D{row},2),0)", part), LINE_AMOUNT),
        ]
        required = f"=MAX({before},MIN(B{row},E{row}))"
    else:
        cells += [None, None, None]
        required = f"=B{row}"
    paid = f'=ROUND(SUMIFS({amounts},{days},"<="&A{row})+SUMIFS({amounts},{days},"in time")*{place + 1}/4,2)'
    cells += [
        Cell(Formula(required, one.cumulative_required), LINE_AMOUNT),
        Cell(Formula(f"=ROUND($B${WITHHELD}*{place + 1}/4,2)", one.cumulative_withheld), LINE_AMOUNT),
        Cell(Formula(paid, one.cumulative_paid), LINE_AMOUNT),
        Cell(Formula(f"=MAX(ROUND(F{row}-G{row}-H{row},2),0)", one.short), LINE_TOTAL),
    ]
    return cells


def _payments(found: Estimate) -> list[Row]:
    return [
        (Cell("in time") if one.day is None else Cell(one.day, DATED), Cell(one.amount, LINE_INPUT))
        for one in found.payments
    ]
