"""The sheet `Gifts and Losses`: units donated, given, lost or stolen, and the form that each may need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.classes import AccountKind, AssetClass, Term
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import ZERO, dollars
from capgain.engine.report import YearReport
from capgain.engine.results import Departure
from capgain.engine.transactions import Donate, GiftOut, Lost
from capgain.engine.years import nearest_tax_year
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.income import in_cents
from capgain.workbook.report.listing import Column, Listing, across, listing
from capgain.workbook.report.lot_proof import left_out
from capgain.workbook.sheets import CENTER, DATE, MONEY, RIGHT, WRAP, Cell, Row, column_letter, quantity_cell

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
NO_FORM_UP_TO = Decimal(500)
"""Noncash deductions of a year in all that need no Form 8283 (Instructions for Form 8283)."""
SECTION_A_UP_TO = Decimal(5000)
"""Deduction per item or group of similar items (26 USC 170(f)(11)(C))."""
_TRADED = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.BOND})
NO_VALUE = "no value stated"


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
    outside = left_out(papers, year)
    gone = [one for one in papers.report.departures if one.left.year == year.year and one.account not in outside]
    values = _values(papers, gone)
    donated = _donations(papers, year.year, [one for one in gone if _is(papers, one, Donate)], values)
    given = _gifts(papers, year.year, [one for one in gone if _is(papers, one, GiftOut)], values)
    lost = [_loss(papers, one, values[id(one)]) for one in gone if _is(papers, one, Lost)]
    return tuple(sorted((*donated, *given, *lost), key=lambda one: (one.departure.left, one.departure.row)))


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
    printed = COLUMNS[:PRINTED]
    page = across(made.sheet.page, [column.width for column in printed], 1)
    area = f"A1:{column_letter(len(printed))}{max(len(made.sheet.rows), 2)}"
    return replace(made, sheet=replace(made.sheet, page=replace(page, area=area)))


def _is(papers: Workpapers, one: Departure, kind: type) -> bool:
    return isinstance(papers.transactions.get(one.row), kind)


def _values(papers: Workpapers, gone: Sequence[Departure]) -> dict[int, Decimal | None]:
    """By identity: the value of each row shared by units over its lots, cents to the last."""
    by_row: defaultdict[int, list[Departure]] = defaultdict(list)
    for one in gone:
        by_row[one.row].append(one)
    found: dict[int, Decimal | None] = {}
    for row, lots in by_row.items():
        entry = papers.transactions[row]
        assert isinstance(entry, Donate | GiftOut | Lost)
        units = sum(one.units for one in lots)
        left = whole = in_cents(entry.amount)
        for place, one in enumerate(lots, start=1):
            share = left if place == len(lots) else in_cents(whole * one.units / units)
            left -= share
            found[id(one)] = share if whole else None
    return found


def _note(papers: Workpapers, one: Departure) -> str:
    return papers.transactions[one.row].note.strip()


def _donations(
    papers: Workpapers, year: int, gone: Sequence[Departure], values: dict[int, Decimal | None]
) -> list[Given]:
    """Form 8283 by all deductions of the year and by those of one asset (26 USC 170(e)(1)(A), (f)(11))."""
    deductions: dict[int, Decimal | None] = {}
    of_asset: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in gone:
        value, basis = values[id(one)], in_cents(one.basis)
        deduction = None if value is None else value if one.term is Term.LONG else min(value, basis)
        deductions[id(one)] = deduction
        of_asset[one.asset.casefold()] += deduction or ZERO
    whole = sum(of_asset.values(), ZERO)
    found = []
    for one in gone:
        value, deduction, of_kind = values[id(one)], deductions[id(one)], of_asset[one.asset.casefold()]
        is_traded = one.asset_class in _TRADED and _is_at_brokerage(papers, one.account)
        if value is None:
            form, why = "Form 8283, by the value", "The ledger row states no value (Amount)."
        elif whole <= NO_FORM_UP_TO:
            form, why = "none", f"All donations of {year} come to {dollars(whole)}: no Form 8283 up to 500."
        elif is_traded or of_kind <= SECTION_A_UP_TO:
            form = "Form 8283 Section A"
            why = f"Deductions of {year} in all {dollars(whole)}, of {one.asset} {dollars(of_kind)}."
            if is_traded and of_kind > SECTION_A_UP_TO:
                why += " Publicly traded securities need no appraisal."
        else:
            form = "Form 8283 Section B, qualified appraisal"
            why = f"Deductions of {one.asset} in {year} come to {dollars(of_kind)}, more than 5,000."
            if one.asset_class.is_digital:
                why += " Digital assets are no publicly traded securities (CCA 202302012)."
        if deduction is not None:
            rule = (
                "the value, as held long-term"
                if one.term is Term.LONG
                else "the lower of value and basis, as short-term"
            )
            why += f" Deduction: {dollars(deduction)}, {rule} (26 USC 170(e))."
        found.append(Given(one, "Donation", _note(papers, one), value, in_cents(one.basis), deduction, form, why))
    return found


def _is_at_brokerage(papers: Workpapers, account: str) -> bool:
    about = papers.report.ledger.accounts.get(account)
    return about is not None and about.kind is AccountKind.BROKERAGE


def _gifts(papers: Workpapers, year: int, gone: Sequence[Departure], values: dict[int, Decimal | None]) -> list[Given]:
    """Form 709 by what one person was given in the year; the Note names the person (26 USC 2503(b))."""
    exclusion = nearest_tax_year(year).gift_exclusion
    to_person: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in gone:
        to_person[_note(papers, one).casefold()] += values[id(one)] or ZERO
    found = []
    for one in gone:
        note, value = _note(papers, one), values[id(one)]
        whole = to_person[note.casefold()]
        who = f"({note})" if note else "without a Note that names the person, taken together"
        if value is None:
            form, why = "Form 709, by the value", "The ledger row states no value (Amount)."
        elif exclusion is None:
            form = "Form 709, by the exclusion"
            why = f"Gifts {who} come to {dollars(whole)} in {year}, whose exclusion is not published."
        elif whole > exclusion:
            form = "Form 709"
            why = f"Gifts {who} come to {dollars(whole)} in {year}, above the exclusion of {exclusion:,}."
            why += " Not to a spouse who is a citizen."
        else:
            form = f"below the exclusion of {exclusion:,}"
            why = f"Gifts {who} come to {dollars(whole)} in {year}."
        why += " The receiver takes over the basis and the date acquired (26 USC 1015)."
        found.append(Given(one, "Gift", note, value, in_cents(one.basis), None, form, why))
    return found


def _loss(papers: Workpapers, one: Departure, value: Decimal | None) -> Given:
    note = _note(papers, one)
    why = (
        f"A theft in a transaction entered into for profit is deducted at the basis of {dollars(one.basis)}, less what "
        "is recovered (26 USC 165(c)(2)). Units merely lost, such as a lost key, give no deduction."
    )
    return Given(one, "Loss or theft", note, value, in_cents(one.basis), None, "Form 4684 Section B", why)


def _row(papers: Workpapers, one: Given) -> Row:
    gone = one.departure
    return (
        papers.ledger_link(gone.row),
        Cell(gone.left, DATE),
        Cell(one.kind),
        Cell(gone.asset),
        quantity_cell(gone.quantity),
        Cell(gone.account),
        Cell(VARIOUS if gone.acquired_text == VARIOUS else gone.acquired, DATE),
        Cell("Long" if gone.term is Term.LONG else "Short", CENTER),
        Cell(NO_VALUE if one.value is None else one.value, MONEY),
        Cell(one.basis, MONEY),
        Cell(one.form, WRAP),
        Cell(f"{one.note}: {one.why}" if one.note else one.why, WRAP),
        papers.ledger_link(gone.lot_row) or Cell("none", CENTER),
        Cell(float(gone.quantity), RIGHT),
    )
