"""The sheet `Gains`: every disposition of a year, lot by lot, to filter by asset, account, term or box."""

from __future__ import annotations

from capgain.engine.classes import Term
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import from_cents
from capgain.engine.report import YearReport
from capgain.engine.results import Disposition
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.sheets import CENTER, DATE, LINK_CENTER, MONEY, Cell, Formula, Row, link_to, quantity_cell

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
    Column("Lot", 10),
    Column("Kind", 10),
)

LETTERS = {column.heading: chr(65 + place) for place, column in enumerate(COLUMNS)}
TERM_TEXT = {Term.SHORT: "Short", Term.LONG: "Long"}


def gains(papers: Workpapers, year: YearReport, form_rows: dict[int, tuple[str, str]]) -> Listing:
    """The dispositions of a year. `form_rows` gives sheet and cell on Form 8949 by the identity of a disposition."""
    direct: dict[int, str] = {}
    if year.form_8949 is not None:
        direct = year.form_8949.direct_lines()
    rows = [
        _row(papers, disposition, number, direct.get(id(disposition), disposition.box), form_rows.get(id(disposition)))
        for number, disposition in enumerate(year.dispositions, start=FIRST_ROW)
    ]
    totals = Totals.of(year.dispositions)
    wash = from_cents(sum(disposition.wash_cents for disposition in year.dispositions))
    return listing(
        papers,
        papers.name("Gains", year.year),
        f"Realized gains and losses {year.year}",
        COLUMNS,
        rows,
        {
            "Proceeds": totals.proceeds,
            "Basis": totals.basis,
            "Adjustment": totals.adjustment,
            "Gain": totals.gain,
            "Wash disallowed": wash,
        },
        empty=f"No dispositions in {year.year}.",
        tab="2E75B6",
        numbers_as_text="Quantity",
    )


def _row(papers: Workpapers, row: Disposition, number: int, line: str, form_row: tuple[str, str] | None) -> Row:
    gain = f"=ROUND({LETTERS['Proceeds']}{number}-{LETTERS['Basis']}{number}+{LETTERS['Adjustment']}{number},2)"
    return (
        papers.ledger_link(row.row),
        papers.ledger_link(row.lot_row) or Cell("none", CENTER),
        link_to(form_row[0], form_row[1], int(form_row[1][1:]), LINK_CENTER) if form_row else None,
        Cell(row.asset),
        Cell(row.account),
        Cell(row.asset_class.value),
        quantity_cell(row.quantity),
        Cell(row.acquired if row.acquired_text != VARIOUS else VARIOUS, DATE),
        Cell(row.held_since if row.acquired_text != VARIOUS else None, DATE),
        Cell(row.sold, DATE),
        Cell(from_cents(row.proceeds_cents), MONEY),
        Cell(from_cents(row.basis_cents), MONEY),
        Cell(row.codes or None, CENTER),
        Cell(from_cents(row.adjustment_cents), MONEY),
        Cell(Formula(gain, from_cents(row.gain_cents)), MONEY),
        Cell(TERM_TEXT[row.term], CENTER),
        Cell(line, CENTER),
        Cell(from_cents(row.wash_cents), MONEY),
        Cell(row.lot),
        Cell(row.kind.value),
    )
