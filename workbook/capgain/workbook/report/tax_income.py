"""The income on the sheet `Tax`: line 15 of Form 1040, stated or figured, and what Form 8960 starts from."""

from __future__ import annotations

from capgain.engine.forms.stated_income import StatedIncome
from capgain.engine.forms.tax import FromAgi
from capgain.engine.forms.tax_on_gains import TaxOnGains
from capgain.engine.forms.worksheets.line_15 import TaxableIncome
from capgain.engine.money import ZERO
from capgain.workbook.report.form_styles import LINE_INPUT
from capgain.workbook.report.tax_rows import WITH, WITHOUT, TaxRows, both, live
from capgain.workbook.report.tax_worksheet import add_lines
from capgain.workbook.sheets import Cell

LINES_OF_8960 = {
    "interest": "1, taxable interest: the ledger's, or Settings Form 8960 1",
    "dividends": "2, ordinary dividends: the ledger's, or Settings Form 8960 2",
    "annuities": "3",
    "rents_and_businesses": "4a",
    "of_trade_or_business": "4b",
    "gain_not_subject": "5b",
    "gain_of_partnerships": "5c",
    "foreign_corporations": "6",
    "other_income": "7",
    "investment_interest": "9a",
    "income_taxes": "9b",
    "expenses": "9c",
    "more_deductions": "10",
}
"""Where the inputs of Form 8960 belong on it."""


def add_taxable_income(rows: TaxRows, found: TaxOnGains, stated: StatedIncome) -> None:
    """Line 15 with the gains and without, from the one that is stated, or from adjusted gross income."""
    if found.rest.from_agi is not None:
        _figured(rows, found, found.rest.from_agi)
        return
    line = rows.form.year.form_1040.taxable_income
    words = f"Taxable income, Form 1040, line {line}, signed (Settings: "
    amounts = found.with_gains.taxable_income, found.without_gains.taxable_income
    if stated.taxable_income is not None:
        here = {WITH: Cell(amounts[0], LINE_INPUT)}
        here[WITHOUT] = live(f"{WITH}{rows.next}-{rows.cell('GAIN', WITH)}", amounts[1])
        rows.line("taxable_income", line, f"{words}Taxable Income)", here)
    else:
        here = {WITH: live(f"{WITHOUT}{rows.next}+{rows.cell('GAIN', WITH)}", amounts[0])}
        here[WITHOUT] = Cell(amounts[1], LINE_INPUT)
        rows.line("taxable_income", line, f"{words}Other Income)", here)


def _figured(rows: TaxRows, found: TaxOnGains, income: FromAgi) -> None:
    """Form 1040, lines 11 to 15: the senior deduction moves with the gains."""
    with_gains, without = found.with_gains.line_15, found.without_gains.line_15
    assert with_gains is not None
    assert without is not None
    for key, words, amount in (
        ("agi_without_gains", "Adjusted gross income without the gains (Settings: AGI Without Gains)", None),
        ("deduction", "Standard or itemized deductions, whichever is used (Settings)", None),
        ("persons", "Persons of 65 or older (Settings: 65 or Older)", None),
        ("other_deductions", "Other deductions (Settings: Other Deductions)", None),
        ("senior_each", "Senior deduction for each person (26 USC 151(d)(5)(C))", with_gains.senior_each),
        ("senior_reduced_by", "... less this part of income", with_gains.senior_reduced_by),
        ("senior_over", "... above", with_gains.senior_over),
    ):
        cell = Cell(getattr(income, key) if amount is None else amount, LINE_INPUT)
        rows.line(key, "", words, both(cell))
    rows.at["gain"] = rows.at["GAIN"]
    rows.at["taxable_income"] = add_lines(rows, {WITH: with_gains, WITHOUT: without}, TaxableIncome.line_15)
    rows.at["senior_deduction"] = rows.at[f"L{TaxableIncome.line_senior.number}"]
    rows.at["magi"] = rows.at[f"L{TaxableIncome.line_11.number}"]
    if not found.rest.for_minimum_tax.itemizes:
        rows.at["standard_deduction"] = rows.at["deduction"]


def add_investment_income(rows: TaxRows, found: TaxOnGains, stated: StatedIncome) -> None:
    """What the net investment income tax starts from; nothing where it cannot be told."""
    if found.with_gains.niit is None or found.without_gains.niit is None:
        return
    gain = rows.cell("GAIN", WITH)
    if stated.magi is not None:
        words = "Modified adjusted gross income (Settings: MAGI)"
        less = live(f"{WITH}{rows.next}-{gain}", found.without_gains.niit.magi)
        rows.line("magi", "", words, {WITH: Cell(stated.magi, LINE_INPUT), WITHOUT: less})
    total = stated.net_investment_income
    if total is not None:
        words = "Net investment income, Form 8960, line 12 (Settings)"
        less = live(f"{WITH}{rows.next}-{gain}", total - found.with_gains.gain)
        rows.line("net_investment_income", "", words, {WITH: Cell(total, LINE_INPUT), WITHOUT: less})
        return
    lines = found.rest.investment_income or {}
    for name, words in LINES_OF_8960.items():
        if name in lines:
            rows.line(name, "", f"Form 8960, line {words}", both(Cell(lines[name], LINE_INPUT)))
    other = lines.get("gain", ZERO)
    words = "Form 8960, line 5a: Form 1040, line 7 or 7a, and Settings Schedule 1 4"
    here = {WITH: live(f"{WITHOUT}{rows.next}+{gain}", found.with_gains.niit.gain), WITHOUT: Cell(other, LINE_INPUT)}
    rows.line("gain", "", words, here)
