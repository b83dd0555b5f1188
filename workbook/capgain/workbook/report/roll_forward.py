"""The sheet `Roll-forward`: units and basis of each asset in each account, from the year's opening to its close."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from capgain.engine.money import CENT, ZERO, from_cents, to_the_cent
from capgain.engine.report import YearReport
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.gain_parts import parts_of
from capgain.workbook.report.ledger_proof import SMALLEST, VALUE, LedgerProof, Sum
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.report.lot_proof import UNITS, UNITS_VALUE, Sheets, in_a_cell, left_out, open_units
from capgain.workbook.sheets import MONEY, TOTAL, TOTAL_LABEL, Cell, Formula, Row, Style, column_letter, criterion

NAME = "Roll-forward"
ALL_ACCOUNTS = "all accounts"
"""In the place of an account: the line of an asset in several."""
COLUMNS = (
    Column("Asset", 11),
    Column("Account", 18),
    Column("Opening", 14, "Units held when the year began (value), and those of Opening rows of its first day"),
    Column("In", 13, "Units that the ledger's rows of the year bring"),
    Column("Out", 13, "Units that the ledger's rows of the year take away"),
    Column("Changed", 13, "Moved between own accounts, split, merged, paid as a fee, and the like (value)"),
    Column("Closing", 14),
    Column("Open Lots", 14, "Units on Open Lots"),
    Column("Difference", 10),
    Column(
        "Basis opening", 14, "Basis of what was held when the year began (value), and of Opening rows of its first day"
    ),
    Column("Bought", 14, "Basis that the ledger's rows of the year bring"),
    Column("Wash added", 11),
    Column("Moved in", 13, "From other own accounts (value)"),
    Column("Moved out", 13, "To other own accounts (value)"),
    Column("Sold", 14, "Correct basis on Gains"),
    Column("Given or lost", 12),
    Column("Other", 12, "Return of capital, spin-off, merger, value of a gift, fees, and the like (value)"),
    Column("Basis closing", 14),
    Column("Basis of Open Lots", 14),
    Column("Basis difference", 10),
)
Place = tuple[str, str]


@dataclass(slots=True)
class Held:
    """An asset in an account through the year, in units and dollars."""

    opening: Decimal = ZERO
    closing: Decimal = ZERO
    basis_opening: Decimal = ZERO
    basis_closing: Decimal = ZERO
    sold: Decimal = ZERO
    given: Decimal = ZERO
    washed: Decimal = ZERO
    lots: int = 0
    moved: Decimal = ZERO
    other: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class RollForward:
    """The sheet; `rows` is the sheet's row of each asset in an account, `lines` how many amounts stand behind it."""

    listing: Listing
    rows: dict[Place, int]
    held: dict[Place, Held]

    def shown(self, place: Place, heading: str) -> Decimal:
        """What the sheet shows of an asset in an account under a heading."""
        column = [column.heading for column in self.listing.columns].index(heading)
        return _amount(self.listing.sheet.rows[self.rows[place] - 1][column])


def roll_forward(papers: Workpapers, year: YearReport, proof: LedgerProof, sheets: Sheets) -> RollForward:
    """Lay out a year whose report has the lots of its beginning and end."""
    held = _held(papers, year, proof)
    _tell_moves_apart(held, proof, year.year)
    rows: list[Row] = []
    places: dict[Place, int] = {}
    for asset, group in groupby(sorted(held), key=lambda place: place[0]):
        first = FIRST_ROW + len(rows)
        for place in group:
            places[place] = FIRST_ROW + len(rows)
            rows.append(_row(proof, sheets, place, held[place], year.year, FIRST_ROW + len(rows)))
        last = FIRST_ROW + len(rows) - 1
        if last > first:
            rows.append(_total(asset, rows[first - FIRST_ROW :], first, last))
    made = listing(
        papers,
        NAME,
        f"Units and basis rolled forward {year.year}",
        COLUMNS,
        rows,
        {},
        empty=f"Nothing was held in {year.year}.",
        tab="548235",
    )
    return RollForward(made, places, held)


def _held(papers: Workpapers, year: YearReport, proof: LedgerProof) -> dict[Place, Held]:
    report, outside = papers.report, left_out(papers, year)
    found: defaultdict[Place, Held] = defaultdict(Held)
    for lot in report.opening_lots or ():
        one = found[lot.asset, lot.account]
        one.opening += lot.quantity
        one.basis_opening += to_the_cent(lot.basis)
        one.lots += 1
    for lot in report.open_lots:
        one = found[lot.asset, lot.account]
        one.closing += lot.quantity
        one.basis_closing += to_the_cent(lot.basis)
        one.lots += 1
    for short in report.open_shorts:
        one = found[short.asset, short.account]
        one.closing -= short.quantity
        one.basis_closing -= to_the_cent(short.proceeds)
        one.lots += 1
    for row in year.dispositions:
        one = found[row.asset, row.account]
        one.sold += from_cents(parts_of(row).correct_basis)
        one.lots += 1
    for gone in report.departures:
        if gone.left.year == year.year:
            one = found[gone.asset, gone.account]
            one.given += to_the_cent(gone.basis)
            one.lots += 1
    for match in report.wash_sales:
        place = match.replacement_asset, match.replacement_account
        if match.sold.year == year.year and match.acquired.year <= year.year and not match.permanent:
            found[place].washed += to_the_cent(match.disallowed)
            found[place].lots += 1
    for entry in report.ledger.transactions:
        figures = proof.figures.get(entry.row)
        if figures is not None and entry.at.year == year.year and (figures.units_in or figures.units_out):
            asset = getattr(entry, "received_asset", "") or entry.asset
            found[asset, entry.account].lots += 1
    return {place: one for place, one in found.items() if place[1] not in outside and place[0]}


def _tell_moves_apart(held: dict[Place, Held], proof: LedgerProof, year: int) -> None:
    """What is left of each account's basis: moved between accounts where it comes to nothing over all of them."""
    by_asset: defaultdict[str, list[Held]] = defaultdict(list)
    for (asset, account), one in held.items():
        bought = proof.of_year("Basis in", year, account=account, asset=asset).value
        left = one.basis_closing - one.basis_opening - bought - one.washed + one.sold + one.given
        one.other = ZERO if abs(left) <= CENT * (one.lots + 1) else left
        by_asset[asset].append(one)
    for group in by_asset.values():
        if abs(sum((one.other for one in group), ZERO)) <= CENT * sum(one.lots + 1 for one in group):
            for one in group:
                one.moved, one.other = one.other, ZERO


def _row(proof: LedgerProof, sheets: Sheets, place: Place, one: Held, year: int, number: int) -> Row:
    asset, account = place
    units_in, units_out, bought = (
        proof.of_year(heading, year, account=account, asset=asset) for heading in ("Units in", "Units out", "Basis in")
    )
    brought, brought_basis = (
        proof.brought_forward(heading, year, account=account, asset=asset) for heading in ("Units in", "Basis in")
    )
    changed = one.closing - one.opening - units_in.value + units_out.value
    if abs(changed) < SMALLEST:
        changed = ZERO
    closing = one.opening + units_in.value - units_out.value + changed
    basis = one.basis_opening + bought.value + one.washed + one.moved - one.sold - one.given + one.other
    gains, lots, washes, given = sheets

    def summed(
        listed: Listing, heading: str, expected: Decimal, asset_in: str = "Asset", at: str = "Account"
    ) -> Formula:
        parts = (listed.cells(heading), listed.cells(asset_in), criterion(asset), listed.cells(at), criterion(account))
        return Formula(f"=SUMIFS({','.join(parts)})", expected)

    washed: Decimal | Formula = ZERO
    if one.washed:
        total = summed(washes, "Disallowed", one.washed, "Replacement", "Replacement account")
        year_end = f'{washes.cells("Bought")},"<="&DATE({year},12,31)'
        washed = total._replace(text=f'{total.text[:-1]},{washes.cells("Permanent")},"no",{year_end})')
    return (
        Cell(asset),
        Cell(account),
        _with_brought(one.opening, brought, UNITS_VALUE, UNITS),
        _less_brought(units_in, brought, UNITS),
        Cell(Formula(f"={units_out.text}", units_out.value), UNITS),
        Cell(in_a_cell(changed), UNITS_VALUE),
        Cell(Formula(f"=ROUND(C{number}+D{number}-E{number}+F{number},9)", in_a_cell(closing)), UNITS),
        Cell(summed(lots, open_units(lots), in_a_cell(one.closing)), UNITS),
        Cell(Formula(f"=ROUND(G{number}-H{number},9)", ZERO), UNITS),
        _with_brought(one.basis_opening, brought_basis, VALUE, MONEY),
        _less_brought(bought, brought_basis, MONEY),
        Cell(washed, MONEY),
        Cell(max(one.moved, ZERO), VALUE),
        Cell(max(-one.moved, ZERO), VALUE),
        Cell(summed(gains, "Correct basis", one.sold), MONEY),
        Cell(one.given, VALUE) if given is None else Cell(summed(given, "Basis", one.given), MONEY),
        Cell(one.other, VALUE),
        Cell(
            Formula(
                f"=ROUND(J{number}+K{number}+L{number}+M{number}-N{number}-O{number}-P{number}+Q{number},2)",
                to_the_cent(basis),
            ),
            MONEY,
        ),
        Cell(summed(lots, "Basis", one.basis_closing), MONEY),
        Cell(Formula(f"=ROUND(R{number}-S{number},2)", to_the_cent(basis - one.basis_closing)), MONEY),
    )


def _with_brought(held: Decimal, brought: Sum, alone: Style, together: Style) -> Cell:
    """What was held when the year began; Opening rows of its first day bring it too."""
    if not brought.text:
        return Cell(in_a_cell(held), alone)
    return Cell(Formula(f"={in_a_cell(held)}+{brought.text}", in_a_cell(held) + brought.value), together)


def _less_brought(came: Sum, brought: Sum, style: Style) -> Cell:
    less = f"-{brought.text}" if brought.text else ""
    return Cell(Formula(f"={came.text}{less}", came.value - brought.value), style)


def _total(asset: str, rows: list[Row], first: int, last: int) -> Row:
    """The asset over all accounts; the differences are added up without their signs."""
    cells: list[Cell | None] = [Cell(asset, TOTAL_LABEL), Cell(ALL_ACCOUNTS, TOTAL_LABEL)]
    for place in range(2, len(COLUMNS)):
        letter = column_letter(place + 1)
        amounts = [row[place] for row in rows]
        total = sum((_amount(cell) for cell in amounts), ZERO)
        style = TOTAL if place >= 9 else UNITS_TOTAL
        cells.append(Cell(Formula(f"=SUM({letter}{first}:{letter}{last})", total), style))
    return cells


UNITS_TOTAL = TOTAL.but("CapGain Units Total", number_format="#,##0.########")


def _amount(cell: Cell | None) -> Decimal:
    content = cell.content if cell is not None else None
    value = content.expected if isinstance(content, Formula) else content
    return value if isinstance(value, Decimal) else ZERO
