"""The results on the sheet `Tax`: both taxes, what the gains add, what the next dollar costs, and their checks."""

from __future__ import annotations

from capgain.engine.forms.tax_on_gains import AMT_LEFT_OUT, NO_MINIMUM_TAX_CREDIT, TaxOnGains
from capgain.engine.money import ZERO
from capgain.workbook.report.checks import Check
from capgain.workbook.report.form_styles import LINE_TOTAL
from capgain.workbook.report.tax_rows import RATE, WITH, WITHOUT, TaxRows, live
from capgain.workbook.sheets import WRAP, Cell, Formula, reference


def add_results(rows: TaxRows, found: TaxOnGains) -> None:
    """Both taxes, what the gains add, and what the next dollar would cost."""
    rows.bar("Result")
    taxes = {WITH: found.with_gains, WITHOUT: found.without_gains}
    words = f"Income tax, Form 1040, line {rows.form.year.form_1040.tax}: {found.with_gains.method.value}"
    income = {column: live(rows.cell("INCOME_TAX", column), tax.income_tax) for column, tax in taxes.items()}
    rows.line("TAX", "", words, income)
    total = {column: rows.cell("TAX", column) for column in taxes}
    amt = {column: live(rows.cell("AMT", column), tax.amt_at_least) for column, tax in taxes.items()}
    words = f"Alternative minimum tax, Schedule 2, line {rows.form.year.form_6251.schedule_2_line}"
    if found.with_gains.knows_amt:
        total = {column: f"{cell}+{column}{rows.next}" for column, cell in total.items()}
    else:
        words += ", at least"
    rows.line("AMT_TAX", "", words, amt)
    if "NIIT" in rows.at:
        niit = {
            column: live(rows.cell("NIIT", column), tax.niit.tax if tax.niit else ZERO) for column, tax in taxes.items()
        }
        rows.line("NIIT_TAX", "", "Net investment income tax", niit)
        total = {column: f"{cell}+{rows.cell('NIIT_TAX', column)}" for column, cell in total.items()}
    both = {column: Cell(Formula(f"=ROUND({total[column]},2)", tax.total), LINE_TOTAL) for column, tax in taxes.items()}
    words = "Total" if found.with_gains.knows_amt else f"Total, {AMT_LEFT_OUT}"
    rows.line("TOTAL", "", words, both)
    text = f"=ROUND({rows.cell('TOTAL', WITH)}-{rows.cell('TOTAL', WITHOUT)},2)"
    words = "Tax that the gains add (in parentheses: tax that the losses save)"
    rows.line("DIFFERENCE", "", words, {WITH: Cell(Formula(text, found.difference), LINE_TOTAL)})
    zero, fifteen, income_cell = (
        rows.cell("zero_rate_limit", WITH),
        rows.cell("fifteen_rate_limit", WITH),
        rows.cell("taxable_income", WITH),
    )
    room = live(f"MAX({zero}-{income_cell},0)", found.room_at_zero)
    rows.line("ROOM_0", "", "Room left in the 0% band of net capital gain", {WITH: room})
    room = live(f"MAX({fifteen}-MAX({income_cell},{zero}),0)", found.room_at_fifteen)
    rows.line("ROOM_15", "", "Room left in the 15% band", {WITH: room})
    for words, rate in (
        ("Income tax and AMT on the next dollar of short-term gain (worked out by CapGain)", found.marginal.short),
        ("Income tax and AMT on the next dollar of long-term gain (worked out by CapGain)", found.marginal.long),
        ("AMT in it, short-term (worked out by CapGain)", found.marginal.amt_short),
        ("AMT in it, long-term (worked out by CapGain)", found.marginal.amt_long),
        ("Net investment income tax on it (worked out by CapGain)", found.marginal.niit),
    ):
        if rate is not None:
            rows.line(words, "", words, {WITH: Cell(rate, RATE)})
    if found.with_gains.amt:
        rows.rows.append((None, Cell(NO_MINIMUM_TAX_CREDIT, WRAP)))


def tax_checks(rows: TaxRows, found: TaxOnGains) -> tuple[Check, ...]:
    """The sheet's taxes are the engine's."""
    year = str(rows.form.year.year)
    return tuple(
        Check(
            year,
            f"Tax: {words} is the engine's",
            Formula(f"={reference(rows.name, cell)}", value),
            value,
            (rows.name, cell),
        )
        for words, cell, value in (
            ("the tax with the gains", rows.cell("TOTAL", WITH), found.with_gains.total),
            ("the tax without them", rows.cell("TOTAL", WITHOUT), found.without_gains.total),
            ("what the gains add", rows.cell("DIFFERENCE", WITH), found.difference),
        )
    )
