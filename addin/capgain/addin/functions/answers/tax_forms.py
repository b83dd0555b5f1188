"""CAPGAIN_8949, CAPGAIN_SCHEDULE_D and CAPGAIN_NET: the forms of a year, and their netting alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from capgain.addin.functions.cells import Answer, ErrorCode, Failure, OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.engine.classes import FilingStatus
from capgain.engine.forms.description import describe
from capgain.engine.forms.form_8949 import Form8949, Totals, printed_together
from capgain.engine.forms.printed_words import printed_words
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.money import ZERO, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.dispositions import Disposition
from capgain.engine.years import tax_year, tax_years

BOXES = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L")

FORM_8949_HEADER = (
    "(a) Description",
    "(b) Acquired",
    "(c) Sold",
    "(d) Proceeds",
    "(e) Cost or other basis",
    "(f) Codes",
    "(g) Adjustment",
    "(h) Gain or (loss)",
)


def form_8949(computed: Computed, year: int, box: str | None) -> Table:
    """The rows of one box, or of all boxes one after the other, under the form's headings."""
    of_year = computed.report(through=year).years.get(year)
    if of_year is not None and of_year.form_8949 is None:
        raise Failure(ErrorCode.NOT_AVAILABLE, f"CapGain has no Form 8949 for {year}.")
    rows = () if of_year is None else of_year.dispositions
    shown = [row for row in rows if box is None or row.box == box]
    shown.sort(key=lambda row: row.box)
    ids = {entry.row: entry.id for entry in computed.ledger.transactions if entry.id}
    return [FORM_8949_HEADER, *(_form_8949_row(rows, ids.get(rows[0].row, "")) for rows in printed_together(shown))]


def _form_8949_row(rows: Sequence[Disposition], transaction_id: str) -> tuple[OutputCell, ...]:
    """A disposition, or the lots that a Form 1099 shows as one row."""
    first, totals = rows[0], Totals.of(rows)
    words = dict(printed_words(first))
    if first.on_1099 is not None and first.on_1099.acquired_text:
        words["b"] = first.on_1099.acquired_text
    return (
        describe(first._replace(units=sum(row.units for row in rows)), transaction_id),
        words.get("b", first.acquired),
        words.get("c", first.sold) or None,
        (words["d"] or None) if "d" in words else totals.proceeds,
        (words["e"] or None) if "e" in words else totals.basis,
        "".join(sorted({code for row in rows for code in row.codes})) or None,
        totals.adjustment,
        totals.gain,
    )


SCHEDULE_D_HEADER = ("Line", "Text", "(d) Proceeds", "(e) Cost", "(g) Adjustments", "(h) Gain or (loss), or amount")


def schedule_d(computed: Computed, year: int, line: str | None) -> Answer:
    """The amount of one line (column (h) where it has columns), or every line with its words."""
    form = schedule_d_of(computed.report(through=year).years.get(year), year)
    if line is None:
        return [SCHEDULE_D_HEADER, *(_line_row(number, text, value) for number, text, value in form.filled())]
    wanted = line.casefold().removeprefix("line").strip()
    for declared, (number, text, value) in zip(form.lines, form.filled(), strict=True):
        if number == wanted:
            if value is not None:
                return _amount(value)
            skipped = getattr(form, declared.name)
            if isinstance(skipped, Decimal):
                return _amount(skipped)
            raise Failure(ErrorCode.NOT_AVAILABLE, f"Schedule D leaves out line {number} here: {text}")
    raise Failure(ErrorCode.VALUE, f"Schedule D {year} has no line {line!r}.")


def schedule_d_of(of_year: YearReport | None, year: int) -> ScheduleD:
    if of_year is None:
        raise Failure(ErrorCode.NOT_AVAILABLE, f"The ledger leads to no return for {year}.")
    if of_year.schedule_d is None:
        raise Failure(ErrorCode.NOT_AVAILABLE, f"CapGain has no Schedule D for {year}.")
    return of_year.schedule_d


def _line_row(number: str, text: str, value: object) -> tuple[OutputCell, ...]:
    if isinstance(value, Totals):
        return number, text, value.proceeds, value.basis, value.adjustment, value.gain
    return number, text, None, None, None, None if value is None else _amount(value)


def _amount(value: object) -> OutputCell:
    """Column (h) of a line with columns, an amount with its cents, or the answer to a question."""
    if isinstance(value, Totals):
        return value.gain
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return to_the_cent(value) if isinstance(value, Decimal) else str(value)


def net(
    short: Decimal,
    long: Decimal,
    carry_short: Decimal,
    carry_long: Decimal,
    status: str,
    taxable_income: Decimal | None,
) -> Table:
    """Line 16, the deduction (line 21 as a positive amount) and both carryovers, side by side in one row.

    The year is the last one with data. `short` and `long` go in where Schedule D takes results from elsewhere.
    """
    if carry_short < 0 or carry_long < 0:
        raise Failure(ErrorCode.NUMBER, "A carryover is a positive amount.")
    year = tax_year(max(tax_years()))
    form = ScheduleD(
        form_8949=Form8949.of((), year),
        carried_in=Carryover(carry_short, carry_long),
        stated={"5": short, "12": long},
        status=FilingStatus(status),
        year=year,
    )
    worksheet = form.carryover_worksheet(taxable_income)
    deduction = max(ZERO, -form.line_21)
    amounts = (form.line_16, deduction, worksheet.short, worksheet.long)
    return [[to_the_cent(amount) for amount in amounts]]
