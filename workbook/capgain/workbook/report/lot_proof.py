"""The sheet `Lot Proof`: every acquisition with units alive in the year, from the ledger's cells to where they went.

What splits and mergers changed, what earlier years used and what else moved a basis are values of the engine; the rest
are formulas, so that an edit on the ledger, on Gains or on Open Lots leaves a difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import CENT, ZERO, from_cents, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.transactions import Trade
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.gain_parts import parts_of
from capgain.workbook.report.gains import units_column
from capgain.workbook.report.ledger_proof import SMALLEST, VALUE, LedgerProof
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.sheets import COUNT, MONEY, Cell, Formula, Row, Style, criterion
from capgain.workbook.written.serials import day_number

NAME = "Lot Proof"
MOST_LOTS = 5000
"""Acquisitions up to which each has a row; more are added up by asset."""

UNITS = Style(name="CapGain Proof Units", number_format="#,##0.########", align="right")
UNITS_VALUE = VALUE.but("CapGain Proof Units Value", number_format="#,##0.########")
USED_BEFORE = "Used before"
"""followed by the year"""
COLUMNS = (
    Column("Lot row", 8, "Row on sheet Ledger that acquired the units"),
    Column("Asset", 11),
    Column("In", 14, "Units that the ledger row says came in"),
    Column("Changed", 13, "What splits, mergers and distributions added or took (value)"),
    Column(USED_BEFORE, 14, "Sold, given or lost in earlier years (value)"),
    Column("Sold", 14, "Units on Gains"),
    Column("Given or lost", 12),
    Column("Moved", 8, "Between own accounts: the lot goes on, so nothing leaves it"),
    Column("Open", 14, "Units on Open Lots"),
    Column("Difference", 11),
    Column("Basis in", 14, "Basis that the ledger row says came in"),
    Column("Wash added", 12, "Disallowed losses on Wash Sales that moved into these units"),
    Column("Other", 13, "Return of capital, spin-off, merger, value of a gift, averages, earlier wash sales (value)"),
    Column("Basis used before", 14, "In earlier years (value)"),
    Column("Basis sold", 14, "Correct basis on Gains"),
    Column("Basis given or lost", 12),
    Column("Basis open", 14, "Basis on Open Lots"),
    Column("Basis difference", 11),
    Column("Days off", 9, "Days by which Acquired on Open Lots differs from the ledger row"),
)
Key = tuple[int, str]


@dataclass(slots=True)
class Flow:
    """What became of the units of an acquisition, and of their basis in dollars; `lines` of Gains and Open Lots."""

    used: Decimal = ZERO
    sold: Decimal = ZERO
    given: Decimal = ZERO
    held: Decimal = ZERO
    basis_used: Decimal = ZERO
    basis_sold: Decimal = ZERO
    basis_given: Decimal = ZERO
    basis_held: Decimal = ZERO
    lines: int = 0
    washed: Decimal = ZERO
    dated: int = 0
    days: int = 0


class Sheets(NamedTuple):
    """The lists that the proof adds up; `given` None where the book has no sheet Gifts and Losses."""

    gains: Listing
    open_lots: Listing
    wash_sales: Listing
    given: Listing | None


@dataclass(frozen=True, slots=True)
class LotProof:
    """The sheet; `lots` are the rows, `lines` those of Gains and Open Lots behind them, `units` all that came in."""

    listing: Listing
    lots: int
    lines: int
    units: Decimal
    washed: Decimal


def left_out(papers: Workpapers, year: YearReport) -> frozenset[str]:
    """Accounts whose sales are on no Form 8949 of this return: IRAs, and a spouse's filing separately."""
    return papers.report.ledger.on_no_form(year.status)


def lot_proof(papers: Workpapers, year: YearReport, proof: LedgerProof, sheets: Sheets) -> LotProof:
    """Lay the acquisitions of a year out whose report has the lots of its end."""
    flows = _flows(papers, year)
    keys = sorted(flows)
    in_row = _where_units_came_in(papers, keys)
    by_asset = len(keys) > MOST_LOTS
    rows: list[Row] = []
    units, lines, washed = ZERO, 0, ZERO
    if by_asset:
        assets: defaultdict[str, list[Key]] = defaultdict(list)
        for key in keys:
            assets[key[1]].append(key)
        groups = list(assets.values())
        for lot in papers.report.open_lots:
            if lot.account in left_out(papers, year) and lot.asset in assets:
                flow = flows[assets[lot.asset][0]]
                flow.held += lot.quantity
                flow.basis_held += to_the_cent(lot.basis)
                flow.lines += 1
    else:
        groups = [[key] for key in keys]
    for number, group in enumerate(groups, start=FIRST_ROW):
        came = [key for key in group if in_row.get(key[0]) == key[1] and key[0] in proof.figures]
        units += sum((proof.figures[row].units_in for row, _ in came), ZERO)
        lines += sum(flows[key].lines for key in group)
        washed += sum((flows[key].washed for key in group), ZERO)
        rows.append(_row(papers, proof, sheets, group, came, _together([flows[key] for key in group]), number))
    made = listing(
        papers,
        NAME,
        f"Units and basis by lot {year.year}",
        tuple(
            one._replace(heading=f"{one.heading} {year.year}") if one.heading == USED_BEFORE else one for one in COLUMNS
        ),
        rows,
        {},
        empty=f"No units were held in {year.year}.",
        tab="548235",
    )
    return LotProof(made, len(rows), lines, units, washed)


def _flows(papers: Workpapers, year: YearReport) -> dict[Key, Flow]:
    """By acquisition and asset; those that nothing of was left for the year are dropped."""
    report, shown = papers.report, year.year
    outside = left_out(papers, year)
    flows: defaultdict[Key, Flow] = defaultdict(Flow)
    for other in report.years.values():
        for one in other.dispositions:
            if one.lot_row == 0 or other.year > shown:
                continue
            flow, basis = flows[one.lot_row, one.asset], from_cents(parts_of(one).correct_basis)
            if other.year < shown:
                flow.used += one.quantity
                flow.basis_used += basis
            else:
                flow.sold += one.quantity
                flow.basis_sold += basis
                flow.lines += 1
    for gone in report.departures:
        if gone.lot_row == 0 or gone.account in outside or gone.left.year > shown:
            continue
        flow = flows[gone.lot_row, gone.asset]
        if gone.left.year < shown:
            flow.used += gone.quantity
            flow.basis_used += to_the_cent(gone.basis)
        else:
            flow.given += gone.quantity
            flow.basis_given += to_the_cent(gone.basis)
            flow.lines += 1
    for lot in report.open_lots:
        if lot.account not in outside:
            flow = flows[lot.row, lot.asset]
            flow.held += lot.quantity
            flow.basis_held += to_the_cent(lot.basis)
            flow.lines += 1
            if lot.acquired_text != VARIOUS:
                flow.dated += 1
                flow.days += day_number(lot.acquired)
    for short in report.open_shorts:
        if short.account not in outside:
            flow = flows[short.row, short.asset]
            flow.held -= short.quantity
            flow.basis_held -= to_the_cent(short.proceeds)
            flow.lines += 1
    alive = {key: flow for key, flow in flows.items() if flow.sold or flow.given or flow.held or flow.basis_sold}
    first_of: dict[int, Key] = {}
    for key in sorted(alive):
        first_of.setdefault(key[0], key)
    for match in report.wash_sales:
        is_of_year = match.sold.year == shown and not match.permanent and match.loss_account not in outside
        if is_of_year and match.replacement_row in first_of:
            alive[first_of[match.replacement_row]].washed += to_the_cent(match.disallowed)
    return alive


def _where_units_came_in(papers: Workpapers, keys: list[Key]) -> dict[int, str]:
    """By ledger row the asset whose line takes what came in: the row's own, or the only one its units became."""
    assets: defaultdict[int, list[str]] = defaultdict(list)
    for row, asset in keys:
        assets[row].append(asset)
    found = {}
    for row, names in assets.items():
        entry = papers.transactions.get(row)
        own = entry.received_asset if isinstance(entry, Trade) else entry.asset if entry is not None else ""
        found[row] = own if own in names else names[0]
    return found


def _together(flows: list[Flow]) -> Flow:
    whole = Flow()
    for flow in flows:
        for name in Flow.__slots__:
            setattr(whole, name, getattr(whole, name) + getattr(flow, name))
    return whole


def _row(
    papers: Workpapers,
    proof: LedgerProof,
    sheets: Sheets,
    group: list[Key],
    came: list[Key],
    flow: Flow,
    number: int,
) -> Row:
    row, asset = group[0]
    units_in = sum((proof.figures[one].units_in for one, _ in came), ZERO)
    basis_in = sum((proof.figures[one].basis_in for one, _ in came), ZERO)
    changed = flow.used + flow.sold + flow.given + flow.held - units_in
    if abs(changed) < SMALLEST:
        changed = ZERO
    other = flow.basis_used + flow.basis_sold + flow.basis_given + flow.basis_held - basis_in - flow.washed
    if abs(other) <= CENT * (flow.lines + 1):
        other = ZERO
    by_row = len(group) == 1
    gains, lots, washes, given = sheets

    def summed(listed: Listing, heading: str, row_heading: str, expected: Decimal, style: Style) -> Cell:
        parts = [listed.cells(heading), listed.cells("Asset"), criterion(asset)]
        if by_row:
            parts += [listed.cells(row_heading), str(row)]
        return Cell(Formula(f"=SUMIFS({','.join(parts)})", expected), style)

    def wash() -> Cell:
        if not flow.washed:
            return Cell(ZERO, MONEY)
        parts = [washes.cells("Disallowed"), washes.cells("Permanent"), '"no"']
        if by_row:
            parts += [washes.cells("Replacement row"), str(row)]
            return Cell(Formula(f"=SUMIFS({','.join(parts)})", flow.washed), MONEY)
        return Cell(flow.washed, VALUE)

    def days_off() -> Cell:
        """The days on Open Lots less the ledger's, and less what is right to differ."""
        if not (by_row and flow.dated and row in proof.figures):
            return Cell(0, COUNT)
        rows = f"{lots.cells('Ledger row')},{row},{lots.cells('Asset')},{criterion(asset)}"
        right = flow.days - flow.dated * day_number(proof.figures[row].day)
        days = f"SUMIFS({lots.cells('Acquired')},{rows})-{flow.dated}*{proof.cell('Day', row)}"
        return Cell(Formula(f"={days}-({right})", 0), COUNT)

    def from_ledger(heading: str, amount: Decimal, live: Style, marked: Style) -> Cell:
        if by_row and came:
            return Cell(Formula(f"={proof.cell(heading, row)}", amount), live)
        return Cell(in_a_cell(amount), marked)

    units = f"=ROUND(C{number}+D{number}-E{number}-F{number}-G{number}-H{number}-I{number},9)"
    basis = f"=ROUND(K{number}+L{number}+M{number}-N{number}-O{number}-P{number}-Q{number},2)"
    off = basis_in + flow.washed + other - flow.basis_used - flow.basis_sold - flow.basis_given - flow.basis_held
    return (
        papers.ledger_link(row) if by_row else Cell("all"),
        Cell(asset),
        from_ledger("Units in", units_in, UNITS, UNITS_VALUE),
        Cell(in_a_cell(changed), UNITS_VALUE),
        Cell(in_a_cell(flow.used), UNITS_VALUE),
        summed(gains, units_column(gains), "Lot row", in_a_cell(flow.sold), UNITS),
        Cell(in_a_cell(flow.given), UNITS_VALUE)
        if given is None
        else summed(given, "Units as number", "Lot row", flow.given, UNITS),
        Cell(ZERO, UNITS),
        summed(lots, open_units(lots), "Ledger row", in_a_cell(flow.held), UNITS),
        Cell(Formula(units, ZERO), UNITS),
        from_ledger("Basis in", basis_in, MONEY, VALUE),
        wash(),
        Cell(other, VALUE),
        Cell(flow.basis_used, VALUE),
        summed(gains, "Correct basis", "Lot row", flow.basis_sold, MONEY),
        Cell(flow.basis_given, VALUE) if given is None else summed(given, "Basis", "Lot row", flow.basis_given, MONEY),
        summed(lots, "Basis", "Ledger row", flow.basis_held, MONEY),
        Cell(Formula(basis, to_the_cent(off)), MONEY),
        days_off(),
    )


def open_units(lots: Listing) -> str:
    headings = [column.heading for column in lots.columns]
    return "Units" if "Units" in headings else "Quantity"


def in_a_cell(units: Decimal) -> Decimal:
    """Units as a cell holds them: fifteen digits."""
    return Decimal(repr(float(units))) if units else ZERO
