"""The sheet `Gifts and Losses`: units donated, given, lost or stolen, and the form that each may need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from capgain.engine.classes import Term
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.gifts_and_losses import SECTION_A_UP_TO, Donation, Gift, Left, Loss, units_left
from capgain.engine.money import ZERO, dollars, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.results.departures import Departure
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Column, Listing, across, listing
from capgain.workbook.report.lot_proof import left_out
from capgain.workbook.sheets import (
    BESIDE,
    CENTER,
    DATE,
    MONEY,
    RIGHT,
    WRAP,
    WRAP_BESIDE,
    Cell,
    Row,
    column_letter,
    quantity_cell,
)

NAME = "Gifts and Losses"
COLUMNS = (
    Column("Ledger row", 8),
    Column("Date", 11),
    Column("Kind", 14),
    Column("Asset", 10),
    Column("Units", 15),
    Column("Account", 14),
    Column("Acquired", 11),
    Column("Held", 7, "Long or short on the day the units left"),
    Column("Value", 14, "As the ledger row states it, shared by units over its lots"),
    Column("Basis", 14),
    Column("Form", 22),
    Column("Why", 48),
    Column("Lot row", 8, "Row on sheet Ledger that acquired the units"),
    Column("Units as number", 14, "For the formulas; a cell keeps 15 digits of it"),
)
PRINTED = 12
"""The first columns; those right of them are for formulas."""
NO_VALUE = "no value stated"
UNDER_A_FLOOR = (
    "From 2026 on the donations of a year count only beyond 0.5% of adjusted gross income (26 USC 170(b)(1)(I); what "
    "lies below is carried on only where the limits leave something over), and what is itemized saves at most 35% "
    "(26 USC 68)."
)


@dataclass(frozen=True, slots=True)
class Given:
    """Units of one lot that left: what they were worth (None: not stated) and cost, to the cent, and what to file."""

    departure: Departure
    kind: str
    note: str
    value: Decimal | None
    basis: Decimal
    deduction: Decimal | None
    form: str
    why: str


def units_given(papers: Workpapers, year: YearReport) -> tuple[Given, ...]:
    """What left in a year without a sale, with the form of each."""
    left = units_left(papers.report.ledger, papers.report.departures, year.year, left_out(papers, year))
    return tuple(_given(papers, one) for one in left)


def gifts_and_losses(papers: Workpapers, year: YearReport, given: Sequence[Given]) -> Listing:
    """One row for each lot."""
    made = listing(
        papers,
        NAME,
        f"Gifts, donations and losses {year.year}",
        COLUMNS,
        [_row(papers, one) for one in given],
        {"Value": sum((one.value or ZERO for one in given), ZERO), "Basis": sum((one.basis for one in given), ZERO)},
        empty=f"Nothing was given, donated, lost or stolen in {year.year}.",
        tab="2E75B6",
        numbers_as_text="Units",
        fits_text=True,
    )
    if not given:
        return made
    printed = COLUMNS[:PRINTED]
    page = across(made.sheet.page, [column.width for column in printed], 1)
    area = f"A1:{column_letter(len(printed))}{max(len(made.sheet.rows), 2)}"
    return replace(made, sheet=replace(made.sheet, page=replace(page, area=area)))


def _given(papers: Workpapers, one: Left) -> Given:
    note, basis = papers.transactions[one.departure.row].note.strip(), to_the_cent(one.departure.basis)
    match one:
        case Donation():
            return Given(one.departure, "Donation", note, one.value, basis, one.deduction, *form_8283(one))
        case Gift():
            return Given(one.departure, "Gift", note, one.value, basis, None, *_form_709(one, note))
        case Loss():
            why = (
                f"A theft in a transaction entered into for profit is deducted at the basis of {dollars(basis)}, less "
                "what is recovered (26 USC 165(c)(2)). Units merely lost, such as a lost key, give no deduction."
            )
            return Given(one.departure, "Loss or theft", note, one.value, basis, None, "Form 4684 Section B", why)
        case _:
            assert_never(one)


def form_8283(one: Donation) -> tuple[str, str]:
    """The section of Form 8283 and why (26 USC 170(e)(1)(A), (f)(11))."""
    gone, year = one.departure, one.departure.left.year
    if one.value is None or one.deduction is None:
        return "Form 8283, by the value", "The ledger row states no value (Amount)."
    if not one.section:
        form, why = "none", f"All donations of {year} come to {dollars(one.of_year)}: no Form 8283 up to 500."
    elif one.section == "A":
        form = "Form 8283 Section A"
        why = f"Deductions of {year} in all {dollars(one.of_year)}, of {gone.asset} {dollars(one.of_asset)}."
        if one.is_traded and one.of_asset > SECTION_A_UP_TO:
            why += " Publicly traded securities need no appraisal."
    else:
        form = "Form 8283 Section B, qualified appraisal"
        why = f"Deductions of {gone.asset} in {year} come to {dollars(one.of_asset)}, more than 5,000."
        if gone.asset_class.is_digital:
            why += " Digital assets are no publicly traded securities (CCA 202302012)."
    long_rule, short_rule = "the value, as held long-term", "the lower of value and basis, as short-term"
    rule = long_rule if gone.term is Term.LONG else short_rule
    said = f"{why} Deduction: {dollars(one.deduction)}, {rule} (26 USC 170(e))."
    return form, f"{said} {UNDER_A_FLOOR}" if one.is_under_a_floor else said


def _form_709(one: Gift, note: str) -> tuple[str, str]:
    """Form 709 by what one person was given in the year; the Note names the person (26 USC 2503(b))."""
    year = one.departure.left.year
    who = f"({note})" if note else "without a Note that names the person, taken together"
    if one.value is None:
        form, why = "Form 709, by the value", "The ledger row states no value (Amount)."
    elif one.exclusion is None:
        form = "Form 709, by the exclusion"
        why = f"Gifts {who} come to {dollars(one.whole)} in {year}, whose exclusion is not published."
    elif one.needs_form_709:
        form = "Form 709"
        why = f"Gifts {who} come to {dollars(one.whole)} in {year}, above the exclusion of {one.exclusion:,}."
        why += " Not to a spouse who is a citizen."
    else:
        form = f"below the exclusion of {one.exclusion:,}"
        why = f"Gifts {who} come to {dollars(one.whole)} in {year}."
    return form, f"{why} The receiver takes over the basis and the date acquired (26 USC 1015)."


def _row(papers: Workpapers, one: Given) -> Row:
    gone = one.departure
    return (
        papers.ledger_link(gone.row),
        Cell(gone.left, DATE),
        Cell(one.kind),
        Cell(gone.asset),
        quantity_cell(gone.quantity),
        Cell(gone.account, BESIDE),
        Cell(VARIOUS if gone.acquired_text == VARIOUS else gone.acquired, DATE),
        Cell("Long" if gone.term is Term.LONG else "Short", CENTER),
        Cell(NO_VALUE if one.value is None else one.value, MONEY),
        Cell(one.basis, MONEY),
        Cell(one.form, WRAP_BESIDE),
        Cell(f"{one.note}: {one.why}" if one.note else one.why, WRAP),
        papers.ledger_link(gone.lot_row) or Cell("none", CENTER),
        Cell(float(gone.quantity), RIGHT),
    )
