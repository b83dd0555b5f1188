"""What is checked in a year: forms against gains, sheets against the engine, wash sales, and the carryover chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from capgain.engine.classes import Term
from capgain.engine.forms.form import Question
from capgain.engine.forms.form_8949 import Form8949, Totals
from capgain.engine.forms.schedule_d import ScheduleD, TotalsLine
from capgain.engine.money import CENT, ZERO, dollars, from_cents, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.units import UNITS, quantity_of, quantity_text
from capgain.workbook.balances import UNITS_TOLERANCE, compare
from capgain.workbook.report import form_8949
from capgain.workbook.report.carryover import carried_in_cells, carried_out_cell
from capgain.workbook.report.checks import HALF, HALF_A_CENT, Check, Side
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_8949 import Part
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.schedule_d_layout import ADJUSTMENT, AMOUNT, FORM_1040_ROW, line_cell
from capgain.workbook.sheets import COUNT, Formula, Style, reference
from capgain.workbook.unit_counts import Count, unit_counts, units_held

LINES_CHECKED = tuple(
    line.number for line in ScheduleD.lines if not isinstance(line, Question) and line.number not in ("18", "19")
)
"""The lines for an amount, but those that a sheet may state instead of working them out."""

_COLUMNS = (
    ("d", "Proceeds", form_8949.PROCEEDS),
    ("e", "Basis", form_8949.BASIS),
    ("g", "Adjustment", form_8949.ADJUSTMENT),
    ("h", "Gain", form_8949.GAIN),
)
UNITS_STYLE = Style(name="CapGain Units", number_format="#,##0.########")


@dataclass(frozen=True, slots=True)
class YearSheets:
    """The sheets of one year that are checked against one another."""

    parts: dict[Term, Part]
    gains: Listing
    wash_sales: Listing
    schedule_d: str
    """its sheet's name, "" in a year without the form"""


def year_checks(papers: Workpapers, year: YearReport, sheets: YearSheets) -> Iterator[Check]:
    """All checks of one year, in the order of the sheets."""
    if year.form_8949 is not None:
        yield from _boxes(year, year.form_8949, sheets)
    if year.schedule_d is not None:
        yield from _lines(year, year.schedule_d, sheets)
        yield from _chain(papers, year, year.schedule_d)
        yield from _filed(papers, year, year.schedule_d, sheets)
    yield from _wash(year, sheets)


def ledger_checks(papers: Workpapers, open_lots: Listing) -> Iterator[Check]:
    """What holds over all years: the units of every asset, and the basis of what is held."""
    report = papers.report
    held = units_held(report)
    counts = unit_counts(report)
    for asset in sorted({*counts, *held}):
        count = counts.get(asset, Count())
        changed = f", changed by splits and the like {_units(count.changed)}" if count.changed else ""
        words = (
            f"{asset}: units acquired {_units(count.came_in)}, less units that left {_units(count.left)}{changed} "
            "= units in open lots"
        )
        there = held.get(asset, Fraction(0))
        yield Check(
            "all",
            words,
            _decimal(count.held),
            _decimal(there),
            (open_lots.sheet.name, "A1"),
            UNITS_STYLE,
            UNITS_TOLERANCE,
        )
    for balance in compare(report.ledger, papers.source.balances) if papers.source.balances else ():
        if balance.stated is not None:
            day = "after the last row" if balance.day is None else f"at the end of {balance.day}"
            yield Check(
                "all",
                f"Balances: {balance.asset} in {balance.account}, {day}: the ledger's units are those stated",
                balance.implied,
                balance.stated,
                None,
                UNITS_STYLE,
                UNITS_TOLERANCE,
            )
    basis = sum((to_the_cent(lot.basis) for lot in report.open_lots), ZERO)
    basis -= sum((to_the_cent(short.proceeds) for short in report.open_shorts), ZERO)
    if open_lots.total:
        yield Check(
            "all",
            "Open Lots: the basis of all lots, less the proceeds of short sales, is the engine's, each to the cent",
            Formula(f"={open_lots.total_cell('Basis')}", basis),
            basis,
            (open_lots.sheet.name, f"{open_lots.letter('Basis')}{open_lots.total}"),
        )


def _decimal(units: Fraction) -> Decimal:
    """Units to 18 decimals, the most that a cell or a lot has."""
    return quantity_of(round(units * UNITS))


def _units(units: Fraction) -> str:
    return quantity_text(round(units * UNITS))


def _boxes(year: YearReport, form: Form8949, sheets: YearSheets) -> Iterator[Check]:
    """Each box's totals on the form are those of the same rows on Gains, and none is missing."""
    for part in sheets.parts.values():
        for box, row in part.totals.items():
            totals = form.boxes[box]
            expected = dict(zip("degh", (totals.proceeds, totals.basis, totals.adjustment, totals.gain), strict=True))
            for letter, heading, column in _COLUMNS:
                yield Check(
                    str(year.year),
                    f"Form 8949 box {box}, column ({letter}): the form's total is that of the same rows on Gains",
                    Formula(f"={part.total_cell(box, column)}", expected[letter]),
                    Formula(_of_box(sheets.gains, heading, box), expected[letter]),
                    (part.sheet.name, f"{column}{row}"),
                )
    if year.dispositions:
        line = sheets.gains.cells("Form line")
        yield Check(
            str(year.year),
            "Every disposition on Gains stands on Form 8949 or on Schedule D line 1a or 8a",
            Formula(f"=COUNTA({line})", Decimal(len(year.dispositions))),
            Decimal(sum(map(len, (*map(form.rows, form.boxes), *map(form.direct_rows, form.direct))))),
            (sheets.gains.sheet.name, "A1"),
            COUNT,
            HALF,
        )


def _of_box(gains: Listing, heading: str, box: str) -> str:
    return f'=SUMIFS({gains.cells(heading)},{gains.cells("Form line")},"{box}")'


def _lines(year: YearReport, form: ScheduleD, sheets: YearSheets) -> Iterator[Check]:
    """Each line as the sheet works it out is what the engine worked out."""
    for line in LINES_CHECKED:
        value: Decimal | Totals = getattr(form, f"line_{line}")
        amount = value.gain if isinstance(value, Totals) else value
        cell = line_cell(line)
        yield Check(
            str(year.year),
            f"Schedule D line {line}: the sheet's arithmetic gives the engine's amount",
            Formula(f"=SUM({reference(sheets.schedule_d, cell)})", amount),
            amount,
            (sheets.schedule_d, cell),
        )
    for what, cell, stated in (
        ("line 18", line_cell("18"), form.line_18),
        ("line 19", line_cell("19"), form.line_19),
        ("the yearly limit of line 21", line_cell("21", ADJUSTMENT), form.year.loss_limit[form.status]),
        ("what goes to Form 1040", f"{AMOUNT}{FORM_1040_ROW}", form.form_1040_gain),
    ):
        if isinstance(stated, Decimal):
            yield Check(
                str(year.year),
                f"Schedule D: {what} is the engine's",
                Formula(f"=SUM({reference(sheets.schedule_d, cell)})", stated),
                stated,
                (sheets.schedule_d, cell),
            )
    shown = [line.number for line in ScheduleD.lines if isinstance(line, TotalsLine)]
    on_form = sum((getattr(form, f"line_{line}").gain for line in shown), ZERO)
    totals = Totals.of(year.dispositions)
    yield Check(
        str(year.year),
        "Schedule D lines 1a to 3 and 8a to 10, column (h), add up to the gains of the year",
        Formula("=" + "+".join(reference(sheets.schedule_d, line_cell(line)) for line in shown), on_form),
        _total(sheets.gains, "Gain", totals.gain),
        (sheets.gains.sheet.name, "A1"),
        tolerance=Decimal(len(shown) * 3) if form.in_whole_dollars else HALF_A_CENT,
    )


def _total(listing: Listing, heading: str, expected: Decimal) -> Side:
    """The total of a list, or zero for a list without rows."""
    return Formula(f"={listing.total_cell(heading)}", expected) if listing.total else ZERO


def _chain(papers: Workpapers, year: YearReport, form: ScheduleD) -> Iterator[Check]:
    """What the year before carried out is what this year took in; what goes out is the engine's carryover."""
    previous = papers.previous(year.year)
    stated = papers.report.ledger.stated_carryover(year.year)
    for (character, line), of_settings in zip((("short", "6"), ("long", "14")), stated, strict=True):
        amount = getattr(year.carried_in, character)
        has_chain = previous is not None and previous.carryover is not None
        if of_settings is not None:
            sheet, cell = carried_in_cells(papers, year.year)[character]
            alone = _carried_out(papers, previous, character) if previous is not None and has_chain else ZERO
            yield Check(
                str(year.year),
                f"Schedule D line {line}: the {character}-term loss carried in is stated in Settings; the ledger alone "
                f"gives {dollars(alone)}: tick to last year's return (PY)",
                Formula(f"={reference(sheet, cell)}", amount),
                alone,
                (sheet, cell),
                is_stated=True,
            )
        elif previous is not None and has_chain:
            sheet, cell = carried_in_cells(papers, year.year)[character]
            yield Check(
                str(year.year),
                f"Schedule D line {line}: the {character}-term loss carried in is what {year.year - 1} carried out",
                Formula(f"={reference(sheet, cell)}", amount),
                _carried_out(papers, previous, character),
                (sheet, cell),
            )
        if year.carryover_worksheet is not None and year.carryover is not None:
            sheet, cell = carried_out_cell(papers, year.year, character)
            computed = getattr(year.carryover_worksheet, character)
            yield Check(
                str(year.year),
                f"Carryover worksheet: the {character}-term loss carried into {year.year + 1} is the engine's",
                Formula(f"={reference(sheet, cell)}", computed),
                computed,
                (sheet, cell),
            )
    if year.carryover_worksheet is not None and form.line_16 < ZERO:
        used = form.line_16 + year.carryover_worksheet.short + year.carryover_worksheet.long
        absorbed = -year.carryover_worksheet.line_4 if year.carryover_worksheet.is_needed else form.line_16
        (short, at), (_, below) = (carried_out_cell(papers, year.year, character) for character in ("short", "long"))
        gain = reference(papers.name("Schedule D", year.year), line_cell("16"))
        yield Check(
            str(year.year),
            "The loss on line 16 is used up: the part that reduced income and both carryovers add up to it",
            Formula(f"={gain}+{reference(short, at)}+{reference(short, below)}", used),
            absorbed,
            (short, at),
        )


def _carried_out(papers: Workpapers, year: YearReport, character: str) -> Decimal:
    """What a year passes on: the carryover that was filed, else the one worked out."""
    settings = papers.report.ledger.settings
    filed = settings.filed_carryover_short if character == "short" else settings.filed_carryover_long
    stated = filed.years.get(year.year)
    computed: Decimal = getattr(year.carryover, character)
    return computed if stated is None else stated


def _filed(papers: Workpapers, year: YearReport, form: ScheduleD, sheets: YearSheets) -> Iterator[Check]:
    """A year that was filed: what was filed against what the ledger gives today."""
    settings = papers.report.ledger.settings
    for character, filed, line in (("short", settings.filed_short, "7"), ("long", settings.filed_long, "15")):
        amount = filed.years.get(year.year)
        if amount is not None:
            cell = line_cell(line)
            yield Check(
                str(year.year),
                f"As filed: net {character}-term gain or loss, Schedule D line {line} (Settings: Filed "
                f"{character.capitalize()})",
                Formula(f"={reference(sheets.schedule_d, cell)}", getattr(form, f"line_{line}")),
                amount,
                (sheets.schedule_d, cell),
            )
    if year.carryover_worksheet is None:
        return
    for character, filed in (("short", settings.filed_carryover_short), ("long", settings.filed_carryover_long)):
        amount = filed.years.get(year.year)
        if amount is not None:
            sheet, cell = carried_out_cell(papers, year.year, character)
            yield Check(
                str(year.year),
                f"As filed: {character}-term loss carried into {year.year + 1} (Settings: Filed Carryover "
                f"{character.capitalize()}); the filed amount is what chains on",
                Formula(f"={reference(sheet, cell)}", getattr(year.carryover_worksheet, character)),
                amount,
                (sheet, cell),
            )


def _wash(year: YearReport, sheets: YearSheets) -> Iterator[Check]:
    """Losses disallowed on the form are those matched on Wash Sales, rounded row by row."""
    disallowed = from_cents(sum(row.wash_cents for row in year.dispositions))
    matched = sheets.wash_sales
    if not disallowed and not matched.total:
        return
    count = matched.last - 1
    yield Check(
        str(year.year),
        "Losses disallowed on Gains (code W) are those matched on Wash Sales (rounded to the cent in each row)",
        _total(sheets.gains, "Wash disallowed", disallowed),
        _total(matched, "Disallowed", _expected_total(matched)),
        (matched.sheet.name, "A1"),
        tolerance=max(HALF_A_CENT, CENT * count),
    )


def _expected_total(listing: Listing) -> Decimal:
    place = [column.heading for column in listing.columns].index("Disallowed")
    cell = listing.sheet.rows[listing.total - 1][place]
    assert cell is not None
    assert isinstance(cell.content, Formula)
    assert isinstance(cell.content.expected, Decimal)
    return cell.content.expected
