"""Schedule D with the section 1256 contracts that are open still, on the sheet `Tax` of a year that is not over."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.planning.contracts_at_price import marked_at_prices
from capgain.engine.report import TaxReport
from capgain.engine.results.contracts import ContractResult
from capgain.engine.units import quantity_text
from capgain.workbook.report.form_6781 import cell_of_line
from capgain.workbook.report.form_styles import LINE_INPUT, LINE_TOTAL
from capgain.workbook.report.schedule_d_layout import ADJUSTMENT, line_cell
from capgain.workbook.report.tax_inputs import add_rate_28
from capgain.workbook.report.tax_rows import WITH, TaxRows, live
from capgain.workbook.sheets import Cell, Formula, reference


def add_open_contracts(rows: TaxRows, counted: TaxReport) -> None:
    """What each open contract comes to at its price, and the lines of Schedule D with that.

    `rows.form` becomes the Schedule D with the contracts in it: everything below rests on it.
    """
    before, year = rows.form, rows.form.year.year
    marked = marked_at_prices(counted, year)
    form = counted.years[year].schedule_d
    if not marked or form is None or form.form_6781 is None:
        return
    rows.bar("Open section 1256 contracts at their prices, not on Schedule D before the year's end (26 USC 1256(a))")
    first = rows.next
    for place, one in enumerate(marked):
        rows.line(f"MARK {place}", "", _words(counted, one), {WITH: _result(counted, one)})
    total = f"SUM({WITH}{first}:{WITH}{rows.next - 1})"
    filed = "0" if before.form_6781 is None else reference(*cell_of_line(rows.papers, before.form_6781, "7"))
    marks = form.form_6781
    rows.line("6781-7", "6781-7", "Form 6781, line 7, with them", {WITH: live(f"{filed}+{total}", marks.line_7)})
    seven = rows.cell("6781-7", WITH)
    rows.line("6781-8", "6781-8", "40% of it, short-term", {WITH: live(f"0.4*{seven}", marks.line_8)})
    rest = live(f"{seven}-{rows.cell('6781-8', WITH)}", marks.line_9)
    rows.line("6781-9", "6781-9", "60% of it, long-term", {WITH: rest})
    _lines_of_schedule_d(rows, before, form)
    rows.form = form
    rows.gap()
    _line_18(rows, form)


def _words(counted: TaxReport, one: ContractResult) -> str:
    since = "what they cost" if one.opened.year == one.closed.year else "their last mark"
    sold = "sold first" if one.is_short else "held"
    return (
        f"{quantity_text(one.units)} {one.asset} in {one.account or '(blank)'}, ledger row {one.row}, {sold}: at "
        f"{_price(counted, one).normalize():f} each, against {since}"
    )


def _price(counted: TaxReport, one: ContractResult) -> Decimal:
    planned = counted.ledger.planned_marks
    assert planned is not None
    return planned.prices[one.closed.year][one.asset.casefold()]


def _result(counted: TaxReport, one: ContractResult) -> Cell:
    """Units at the price and its multiplier, against the amount they are measured from."""
    size = counted.ledger.contract_size(one.asset)
    value = f"ROUND({quantity_text(one.units)}*{_price(counted, one):f}*{size:f},2)"
    text = f"{one.proceeds}-{value}" if one.is_short else f"{value}-{one.basis}"
    return live(text, one.gain)


def _lines_of_schedule_d(rows: TaxRows, before: ScheduleD, form: ScheduleD) -> None:
    """Lines 7, 15 and 16, and what goes to Form 1040."""
    settings, year = rows.papers.report.ledger.settings, form.year.year
    digits = 0 if form.in_whole_dollars else 2
    sheet = rows.papers.name("Schedule D", year)
    for number, line, own in (("7", "4", "6781-8"), ("15", "11", "6781-9")):
        stated = settings.schedule_d_line(line, year)
        text = (
            f"{reference(sheet, line_cell(number))}-{reference(sheet, line_cell(line))}"
            f"+ROUND({rows.cell(own, WITH)}+{stated},{digits})"
        )
        amount = live(text, getattr(form, f"line_{number}"))
        rows.line(f"D-{number}", f"D{number}", f"Schedule D, line {number}, with them", {WITH: amount})
        rows.schedule_d[number] = rows.cell(f"D-{number}", WITH)
    net = live(f"{rows.schedule_d['7']}+{rows.schedule_d['15']}", form.line_16)
    rows.line("D-16", "D16", "Schedule D, line 16, with them", {WITH: net})
    rows.schedule_d["16"] = rows.cell("D-16", WITH)
    limit = reference(sheet, line_cell("21", ADJUSTMENT))
    text = f"=ROUND(MAX({rows.schedule_d['16']},-{limit}),2)"
    gain = Cell(Formula(text, form.form_1040_gain), LINE_TOTAL)
    rows.line("D-1040", "", "To Form 1040, with them", {WITH: gain})
    rows.schedule_d["1040"] = rows.cell("D-1040", WITH)
    _stated(rows, "19", form.line_19)
    if not _figures_line_18(form):
        _stated(rows, "18", form.line_18)


def _stated(rows: TaxRows, number: str, amount: Decimal) -> None:
    key = f"D-{number}"
    rows.line(key, f"D{number}", f"Schedule D, line {number}, with them", {WITH: Cell(amount, LINE_INPUT)})
    rows.schedule_d[number] = rows.cell(key, WITH)


def _figures_line_18(form: ScheduleD) -> bool:
    return form.rate_28_gain_worksheet is not None and not form.stated.get("18")


def _line_18(rows: TaxRows, form: ScheduleD) -> None:
    """Line 18, where it is figured, by a 28% Rate Gain Worksheet of its own."""
    worksheet = form.rate_28_gain_worksheet
    if worksheet is not None and _figures_line_18(form):
        add_rate_28(rows, worksheet, "28% Rate Gain Worksheet with the open contracts")
        rows.schedule_d["18"] = rows.cell(f"28-{worksheet.lines[-1].number}", WITH)
