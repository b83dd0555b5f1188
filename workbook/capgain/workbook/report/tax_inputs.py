"""The inputs of the sheet `Tax`: what the return says, the law of the year, and the 28% Rate Gain Worksheet."""

from __future__ import annotations

from capgain.engine.forms.tax_on_gains import StatedIncome, TaxOnGains
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.money import ZERO
from capgain.workbook.report.form_styles import FORM_HEADING, LINE_AMOUNT, LINE_INPUT, LINE_TEXT, LINE_TOTAL
from capgain.workbook.report.line_formulas import line_formula
from capgain.workbook.report.tax_income import add_investment_income, add_taxable_income
from capgain.workbook.report.tax_rows import RATE, WITH, WITHOUT, TaxRows, both, live
from capgain.workbook.report.tax_worksheet import not_given
from capgain.workbook.sheets import NOTICE, Cell, Formula

RATE_INPUT = RATE.but("CapGain Rate Input", colour="0000FF")
NOT_IN_A_LEDGER = frozenset({"section_1202", "other_forms", "reported_to_you", "long_term_carryovers"})
"""Inputs of the 28% Rate Gain Worksheet: who has them states line 7 instead."""

STATED_FOR_6251 = {
    "schedule_a_7": "Taxes deducted on Schedule A, line 7 (Settings: Schedule A 7)",
    "standard_deduction": ("Standard deduction, Form 1040, line {} (Settings: Standard Deduction, 65 or Older, Blind)"),
    "senior_deduction": "Senior deduction, Schedule 1-A, line 37 (Settings: Senior Deduction)",
    "adjustments": "Form 6251, lines 2b to 3, signed (Settings: AMT Adjustments)",
    "foreign_tax_credit": "Foreign tax credit, Schedule 3, line 1 (Settings: Foreign Tax Credit)",
    "amt_foreign_tax_credit": "Form 6251, line 8 (Settings: AMT Foreign Tax Credit)",
}
"""What Form 6251 takes from the return beside its income."""

HEADINGS = ("Line", "", "With the gains", "Without them", "Tax Table row, middle", "Tax Table row, middle")


def add_rate_28(
    rows: TaxRows, worksheet: Rate28GainWorksheet, title: str = "28% Rate Gain Worksheet, line 18 of Schedule D"
) -> None:
    """The 28% Rate Gain Worksheet; its last line is Schedule D, line 18."""
    rows.bar(title)
    gain, term, kind, code = (rows.gains.cells(heading) for heading in ("Gain", "Term", "Class", "Code"))
    collectibles = (
        f'SUMIFS({gain},{term},"Long",{kind},"collectible")+'
        f'SUMIFS({gain},{term},"Long",{kind},"<>collectible",{code},"*C*")'
    )
    at = {"collectibles": collectibles}
    at |= {f"d{number}": rows.of_schedule_d(number) for number in ("7", "14")}
    for line in worksheet.lines:
        at[f"L{line.number}"] = f"{WITH}{rows.next}"
        text = line_formula(line, NOT_IN_A_LEDGER)
        if text == "0":
            cell = Cell(getattr(worksheet, line.name), LINE_INPUT)
        else:
            style = LINE_TOTAL if line is worksheet.lines[-1] else LINE_AMOUNT
            cell = Cell(Formula(f"=ROUND({text.format_map(at)},2)", getattr(worksheet, line.name)), style)
        rows.line(f"28-{line.number}", line.number, worksheet.text(line), {WITH: cell})
    rows.gap()


def add_inputs(rows: TaxRows, found: TaxOnGains, stated: StatedIncome) -> None:
    """What the worksheets start from; blue amounts are those of Settings."""
    rows.bar("What the return says")
    rows.rows.append([Cell(text, FORM_HEADING) for text in HEADINGS])
    gain, zero = found.with_gains.gain, Cell(ZERO, LINE_AMOUNT)
    words = f"Capital gain or (loss) on Form 1040, line {rows.form.year.form_1040.gain}"
    rows.line("GAIN", "", words, {WITH: live(rows.of_schedule_d("1040"), gain), WITHOUT: zero})
    add_taxable_income(rows, found, stated)
    dividends = found.rest.qualified_dividends
    words = f"Qualified dividends, Form 1040, line {rows.form.year.form_1040.qualified_dividends}"
    rows.line("qualified_dividends", "", words, both(Cell(dividends, LINE_INPUT)))
    for number in ("15", "16", "18", "19"):
        value = getattr(rows.form, f"line_{number}")
        here = {WITH: live(rows.of_schedule_d(number), value), WITHOUT: zero}
        rows.line(f"d{number}", f"D{number}", f"Schedule D, line {number}", here)
    _for_minimum_tax(rows, found)
    add_investment_income(rows, found, stated)
    for words in found.assumptions:
        rows.rows.append((None, Cell(words, NOTICE)))
    rows.gap()


def _for_minimum_tax(rows: TaxRows, found: TaxOnGains) -> None:
    """What Form 6251 takes from the return, the same with the gains and without them."""
    form = found.with_gains.form_6251
    for name, words in STATED_FOR_6251.items():
        if name in not_given(form) or name in rows.at:
            continue
        words = words.format(rows.form.year.form_1040.deduction)
        rows.line(name, "", words, both(Cell(getattr(form, name), LINE_INPUT)))


def add_law(rows: TaxRows) -> None:
    """The year's limits and rate schedule, as published."""
    year, status = rows.form.year, rows.form.status
    rows.bar(f"The law of {year.year}{' (provisional)' if year.is_provisional else ''}")
    for key, words, amount in (
        ("zero_rate_limit", "Taxable income up to which net capital gain is taxed at 0%", year.zero_rate_limit[status]),
        ("fifteen_rate_limit", "... and at 15%", year.fifteen_rate_limit[status]),
        ("top_of_24_percent", "Schedule D Tax Worksheet, line 19", year.top_of_24_percent[status]),
        ("tax_table_below", "The Tax Table is used below this taxable income", year.tax_table_below),
        (
            "niit_threshold",
            "Form 8960, line 14: threshold of the net investment income tax",
            year.niit_threshold[status],
        ),
        ("exemption", "Form 6251, line 5: exemption", year.form_6251.exemption[status]),
        ("phase_out_starts", "... less a part of line 4 above", year.form_6251.phase_out_starts[status]),
        ("rate_28_above", "Form 6251: 28% instead of 26% above", year.form_6251.rate_28_above[status]),
        (
            "added_at_most",
            "Form 6251, line 4: added at most if married filing separately",
            year.form_6251.added_at_most(status),
        ),
        ("form_4952_line_4g", "Form 4952, line 4g (not supported: zero)", ZERO),
        ("form_4952_line_4e", "Form 4952, line 4e (not supported: zero)", ZERO),
    ):
        rows.law.add(key)
        rows.line(key, "", words, {WITH: Cell(amount, LINE_INPUT)})
    part = Cell(year.form_6251.phase_out_rate, RATE_INPUT)
    rows.line("phase_out_rate", "", "Form 6251, lines 4 and 5: the part of line 4", {WITH: part})
    text = "{phase_out_starts}+{exemption}/{phase_out_rate}".format_map(rows.cells(WITH))
    gone_at = live(text, year.form_6251.exemption_gone_at(status))
    rows.line("gone_at", "", "Form 6251: no exemption is left from line 4 of", {WITH: gone_at})
    rows.law |= {"phase_out_rate", "gone_at"}
    first = rows.next + 1
    headings = ("Above", "Rate", "Step")
    rows.rows.append((None, Cell("Rate schedule", LINE_TEXT), *(Cell(text, FORM_HEADING) for text in headings)))
    floor, last_rate = ZERO, ZERO
    for rate, upper in year.brackets[status]:
        number = rows.next
        text = f"=ROUND(D{number}-D{number - 1},4)" if number > first else f"=D{number}"
        step = Cell(Formula(text, rate - last_rate), RATE)
        rows.rows.append((None, None, Cell(floor, LINE_INPUT), Cell(rate, RATE_INPUT), step))
        floor, last_rate = upper or ZERO, rate
    rows.brackets = (first, len(rows.rows))
    rows.gap()
