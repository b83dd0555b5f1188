"""The sheet `Gains`: every disposition of a year, lot by lot, to filter by asset, account, term or box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from capgain.engine.classes import Term
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.long_rows import Stretch
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.gain_parts import GainParts, parts_of
from capgain.workbook.report.ledger_proof import LedgerProof
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, across, listing
from capgain.workbook.report.proceeds_of_rows import is_own
from capgain.workbook.sheets import (
    CENTER,
    COUNT,
    DATE,
    LINK_CENTER,
    MONEY,
    RIGHT,
    Cell,
    Formula,
    Row,
    column_letter,
    link_to,
    quantity_cell,
    reference,
    shared_cell,
)

NAME = "Gains"
COLUMNS = (
    Column("Sale row", 7, "Row of the sale on sheet Ledger"),
    Column("Lot row", 7, "Row on sheet Ledger that first acquired the units"),
    Column("8949 row", 7, "Row on the sheets 8949 Short and 8949 Long"),
    Column("Asset", 10),
    Column("Account", 14),
    Column("Class", 9),
    Column("Quantity", 21),
    Column("Acquired", 11),
    Column("Held since", 11, "The day the term is counted from: earlier or later where a holding period tacks"),
    Column("Sold", 11),
    Column("Proceeds", 14),
    Column("Basis", 14),
    Column("Code", 6),
    Column("Adjustment", 12),
    Column("Gain", 14, "Proceeds - Basis + Adjustment: column (h) of Form 8949"),
    Column("Term", 6),
    Column("Form line", 6, "Box of Form 8949, or 1a and 8a where Exception 1 skips the form"),
    Column("Wash disallowed", 12),
    Column("Net proceeds", 14, "What was received less the costs of selling, whatever a Form 1099 shows"),
    Column("Correct basis", 14, "Basis by the ledger, whatever a Form 1099 shows"),
    Column("B", 11, "Adjustment for a basis that the Form 1099 shows wrong (code B)"),
    Column("E", 11, "Adjustment for costs or premiums that the Form 1099 leaves out (code E)"),
    Column("Stated", 11, "Adjustment that the ledger states, and that of other codes"),
    Column("1099 row", 7, "Row on sheet 1099 that reports the sale"),
    Column("Lot", 10),
    Column("Kind", 10),
)
TIES = (
    Column("Net less Ledger", 11, "In the first row of a sale: its net proceeds less those of its ledger row"),
    Column("Days off", 9, "Days by which Acquired and Sold differ from the ledger's rows"),
)
UNITS = Column("Units", 14, "The quantity as a number, for the formulas; a cell keeps 15 digits of it")
MOST_TIED = 5000
"""Rows up to which each sale is tied to its ledger row; in a longer list accounts are."""

LETTERS = {column.heading: column_letter(place) for place, column in enumerate(COLUMNS, start=1)}
TERM_TEXT = {Term.SHORT: "Short", Term.LONG: "Long"}


FormRows = tuple[str, Mapping[int, int]]
"""The name of a sheet of Form 8949, and the row of each disposition on it by its identity."""


def gains(
    papers: Workpapers, year: YearReport, form_sheets: Sequence[FormRows], proof: LedgerProof | None = None
) -> Listing:
    """The dispositions of a year. `form_sheets` are the sheets of Form 8949.

    With `proof` each sale and day is tied to the ledger's own cells.
    """
    direct: dict[int, str] = {}
    if year.form_8949 is not None:
        direct = year.form_8949.direct_lines()
    found = year.dispositions
    in_text = any(isinstance(quantity_cell(row.quantity).content, str) for row in found)
    columns: tuple[Column, ...] = COLUMNS
    ties: list[tuple[Cell | None, ...]] = []
    if proof is not None and len(found) <= MOST_TIED:
        columns += TIES
        ties = list(_ties(proof, papers, year))
    if in_text:
        columns += (UNITS,)

    def row(place: int, number: int) -> Row:
        one = found[place]
        cells = _row(papers, one, number, direct.get(id(one), one.box), _on_form(one, form_sheets))
        if ties:
            cells += ties[place]
        return (*cells, Cell(float(one.quantity), RIGHT)) if in_text else cells

    rows = Stretch(range(len(found)), row, FIRST_ROW, range(len(columns)))
    totals = Totals.of(found)
    parts = [sum(amounts) for amounts in zip(*map(parts_of, found), strict=True)] or [0] * len(GainParts._fields)
    together = GainParts(*parts)
    made = listing(
        papers,
        papers.name(NAME, year.year),
        f"Realized gains and losses {year.year}",
        columns,
        rows,
        {
            "Proceeds": totals.proceeds,
            "Basis": totals.basis,
            "Adjustment": totals.adjustment,
            "Gain": totals.gain,
            "Wash disallowed": from_cents(sum(disposition.wash_cents for disposition in year.dispositions)),
            "Net proceeds": from_cents(together.net),
            "Correct basis": from_cents(together.correct_basis),
            "B": from_cents(together.b),
            "E": from_cents(together.e),
            "Stated": from_cents(together.stated),
        },
        empty=f"No dispositions in {year.year}.",
        tab="2E75B6",
        numbers_as_text="Quantity",
    )
    if not rows:
        return made
    printed = across(made.sheet.page, [column.width for column in COLUMNS], 5)
    page = replace(printed, area=f"A1:{column_letter(len(COLUMNS))}{max(made.total, made.last, 2)}")
    return replace(made, sheet=replace(made.sheet, page=page))


def _on_form(row: Disposition, sheets: Sequence[FormRows]) -> tuple[str, int] | None:
    return next(((name, rows[id(row)]) for name, rows in sheets if id(row) in rows), None)


def units_column(listed: Listing) -> str:
    """The heading of the column whose quantities are numbers."""
    return UNITS.heading if UNITS in listed.columns else "Quantity"


def _ties(proof: LedgerProof, papers: Workpapers, year: YearReport) -> Iterator[tuple[Cell | None, Cell | None]]:
    """What differs between a row and its ledger rows: in the first row of a sale dollars, in every row days."""
    name = papers.name(NAME, year.year)
    last = FIRST_ROW + len(year.dispositions) - 1
    sale_rows, nets = (
        reference(name, f"${LETTERS[heading]}${FIRST_ROW}:${LETTERS[heading]}${last}")
        for heading in ("Sale row", "Net proceeds")
    )
    beside: defaultdict[int, int] = defaultdict(int)
    for one in year.dispositions:
        if not is_own(papers.transactions.get(one.row), one):
            beside[one.row] += parts_of(one).net
    seen: set[int] = set()
    for number, one in enumerate(year.dispositions, start=FIRST_ROW):
        tie = None
        if one.row not in seen and one.row in proof.figures and proof.has_own_net(one.row):
            seen.add(one.row)
            less = f"-{from_cents(beside[one.row])}".replace("--", "+") if beside[one.row] else ""
            text = f"=ROUND(SUMIFS({nets},{sale_rows},{one.row})-{proof.cell('Net', one.row)}{less},2)"
            tie = Cell(Formula(text, ZERO), MONEY)
        days = [
            f"ABS({LETTERS[heading]}{number}-{proof.cell('Day', row)})"
            for heading, row, shown in (
                ("Acquired", one.lot_row, None if one.acquired_text == VARIOUS else one.acquired),
                ("Sold", one.row, one.sold),
            )
            if row in proof.figures and proof.figures[row].day == shown
        ]
        yield tie, Cell(Formula(f"={'+'.join(days)}", 0), COUNT) if days else None


@lru_cache(1 << 12)
def _dollars(cents: int) -> Cell:
    """An amount; most rows have the same one in several columns."""
    return Cell(from_cents(cents), MONEY)


_NO_CODE = Cell(None, CENTER)


def _row(
    papers: Workpapers, row: Disposition, number: int, line: str, form_row: tuple[str, int] | None
) -> tuple[Cell | None, ...]:
    gain = f"=ROUND({LETTERS['Proceeds']}{number}-{LETTERS['Basis']}{number}+{LETTERS['Adjustment']}{number},2)"
    parts = parts_of(row)
    return (
        papers.ledger_link(row.row),
        papers.ledger_link(row.lot_row) or shared_cell("none", CENTER),
        link_to(form_row[0], f"A{form_row[1]}", form_row[1], LINK_CENTER) if form_row else None,
        shared_cell(row.asset),
        shared_cell(row.account),
        shared_cell(row.asset_class.value),
        quantity_cell(row.quantity),
        shared_cell(row.acquired if row.acquired_text != VARIOUS else VARIOUS, DATE),
        shared_cell(row.held_since, DATE) if row.acquired_text != VARIOUS else Cell(None, DATE),
        shared_cell(row.sold, DATE),
        _dollars(row.proceeds_cents),
        _dollars(row.basis_cents),
        shared_cell(row.codes, CENTER) if row.codes else _NO_CODE,
        _dollars(row.adjustment_cents),
        Cell(Formula(gain, from_cents(row.gain_cents)), MONEY),
        shared_cell(TERM_TEXT[row.term], CENTER),
        shared_cell(line, CENTER),
        _dollars(row.wash_cents),
        _dollars(parts.net),
        _dollars(parts.correct_basis),
        *(_dollars(amount) if amount else None for amount in (parts.b, parts.e, parts.stated)),
        Cell(row.on_1099.row, CENTER) if row.on_1099 is not None and row.on_1099.row else None,
        shared_cell(row.lot),
        shared_cell(row.kind.value),
    )
