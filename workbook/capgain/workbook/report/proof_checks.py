"""The chain from the ledger to the form as checks: proceeds, basis, units, dates and income, each over live cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.money import CENT, ZERO, dollars, from_cents
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.report.checks import A_BILLIONTH, DOUBLE, HALF, HALF_A_CENT, Check
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.gain_parts import parts_of
from capgain.workbook.report.gains import TIES
from capgain.workbook.report.ledger_proof import LedgerProof
from capgain.workbook.report.list_checks import block_check
from capgain.workbook.report.listing import FIRST_ROW, Listing
from capgain.workbook.report.lot_proof import LotProof, Sheets, lot_proof
from capgain.workbook.report.proceeds_of_rows import is_own
from capgain.workbook.report.roll_forward import RollForward, roll_forward
from capgain.workbook.report.tie_outs import UNITS_STYLE
from capgain.workbook.sheets import COUNT, MONEY, Formula, Style, column_letter, criterion, reference

MOST_PLACES = 200
"""Assets in accounts up to which each has a check of its own."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The two sheets that follow units and basis through a year."""

    lots: LotProof
    rolled: RollForward


def proof_of(papers: Workpapers, year: YearReport, ledger: LedgerProof, sheets: Sheets) -> Proof | None:
    """None where the report has not the lots of the year's beginning and end."""
    day = papers.report.lots_as_of
    if papers.report.opening_lots is None or day is None or (day.year, day.month, day.day) != (year.year, 12, 31):
        return None
    return Proof(lot_proof(papers, year, ledger, sheets), roll_forward(papers, year, ledger, sheets))


def ledger_ties(papers: Workpapers, year: YearReport, ledger: LedgerProof, gains: Listing) -> Iterator[Check]:
    """Each sale's proceeds, each day and each account's proceeds are the ledger's."""
    if not year.dispositions:
        return
    label, rows = str(year.year), len(year.dispositions)
    if TIES[0] in gains.columns:
        tie, days = (gains.cells(column.heading) for column in TIES)
        yield Check(
            label,
            "Proceeds by ledger row: net proceeds on Gains less the ledger row's, sale by sale",
            Formula(f"={_size(tie)}", ZERO),
            ZERO,
            (gains.sheet.name, f"{gains.letter(TIES[0].heading)}1"),
            tolerance=CENT * rows,
        )
        yield Check(
            label,
            "Dates acquired and sold on Gains are the days of their ledger rows",
            Formula(f"=SUM({days})", ZERO),
            ZERO,
            (gains.sheet.name, f"{gains.letter(TIES[1].heading)}1"),
            COUNT,
            HALF,
        )
    else:
        yield Check(
            label,
            f"More than {rows - 1:,} rows: proceeds are tied to the ledger by account, not sale by sale",
            Formula(f"=ROWS({gains.cells('Sale row')})", Decimal(rows)),
            Decimal(rows),
            (gains.sheet.name, "A1"),
            COUNT,
            HALF,
        )
    yield from _by_account(papers, year, ledger, gains)


def _by_account(papers: Workpapers, year: YearReport, ledger: LedgerProof, gains: Listing) -> Iterator[Check]:
    by_account: defaultdict[str, list[Disposition]] = defaultdict(list)
    for row in year.dispositions:
        by_account[row.account].append(row)
    for account, rows in sorted(by_account.items()):
        net = from_cents(sum(parts_of(row).net for row in rows))
        typed = ledger.of_year("Net", year.year, account=account)
        own = from_cents(sum(parts_of(row).net for row in rows if is_own(papers.transactions.get(row.row), row)))
        beside = net - typed.value
        words = f"Proceeds: Ledger to Gains, {account or 'no account named'}"
        if net != own:
            words += (
                f"; {dollars(net - own)} of it from fees in kind, fractions, boot, short sales and the like (value)"
            )
        summed = f"=SUMIFS({gains.cells('Net proceeds')},{gains.cells('Account')},{criterion(account)})"
        yield Check(
            str(year.year),
            words,
            Formula(f"={typed.text}+({beside})", net),
            Formula(summed, net),
            (gains.sheet.name, f"{gains.letter('Net proceeds')}1"),
            tolerance=max(HALF_A_CENT, CENT * len(rows)),
        )


def gain_columns(year: YearReport, gains: Listing) -> Iterator[Check]:
    """On Gains (d), (e) and (h) of each line of the forms are made of net proceeds, correct basis and adjustments."""
    if year.form_8949 is None:
        return
    direct = year.form_8949.direct_lines()
    by_line: defaultdict[str, list[Disposition]] = defaultdict(list)
    for row in year.dispositions:
        by_line[direct.get(id(row), row.box)].append(row)

    def total(heading: str, line: str) -> str:
        return f'SUMIFS({gains.cells(heading)},{gains.cells("Form line")},"{line}")'

    for line, rows in sorted(by_line.items()):
        parts = [parts_of(row) for row in rows]
        net, basis = (
            from_cents(sum(amounts)) for amounts in ([one.net for one in parts], [one.correct_basis for one in parts])
        )
        for words, made, there in (
            ("Proceeds: Gains to column (d)", f"={total('Proceeds', line)}+{total('E', line)}", "Net proceeds"),
            ("Basis: Gains to column (e)", f"={total('Basis', line)}-{total('B', line)}", "Correct basis"),
        ):
            amount = net if there == "Net proceeds" else basis
            yield Check(
                str(year.year),
                f"{words}, line {line}: what a Form 1099 changed is in the adjustment",
                Formula(made, amount),
                Formula(f"={total(there, line)}", amount),
                (gains.sheet.name, f"{gains.letter(there)}1"),
            )
        gain = from_cents(sum(row.gain_cents for row in rows))
        made = "+".join(total(heading, line) for heading in ("Net proceeds", "Wash disallowed", "Stated"))
        yield Check(
            str(year.year),
            f"Gain, line {line}: net proceeds less correct basis, and disallowed and stated amounts",
            Formula(f"={total('Gain', line)}", gain),
            Formula(f"={made}-{total('Correct basis', line)}", gain),
            (gains.sheet.name, f"{gains.letter('Gain')}1"),
        )


def _size(cells: str) -> str:
    """The sum of amounts without their signs, in functions that take many cells in every spreadsheet."""
    return f'SUMIF({cells},">0")-SUMIF({cells},"<0")'


def proof_checks(year: YearReport, proof: Proof, washes: Listing) -> Iterator[Check]:
    """Units and basis by lot and by account, and where disallowed losses went."""
    label, lots = str(year.year), proof.lots
    listed = lots.listing
    units_off = max(A_BILLIONTH * max(lots.lots, 1), lots.units * DOUBLE)
    for words, heading, style, tolerance in (
        ("Units by lot: came in, changed, used and open", "Difference", UNITS_STYLE, units_off),
        (
            "Basis by lot: came in, changed, used and open",
            "Basis difference",
            MONEY,
            CENT * (lots.lines + lots.lots + 1),
        ),
    ):
        expected = _differences(listed, heading)
        yield Check(
            label,
            f"{words}, lot by lot ({lots.lots:,})",
            Formula(f"={_size(listed.cells(heading))}", expected),
            ZERO,
            (listed.sheet.name, f"{listed.letter(heading)}1"),
            style,
            tolerance.normalize(),
        )
    if listed.last >= FIRST_ROW and lots.lots:
        yield Check(
            label,
            "Dates acquired on Open Lots are the days of the ledger rows, lot by lot",
            Formula(f"=SUMPRODUCT(ABS({listed.cells('Days off')}))", ZERO),
            ZERO,
            (listed.sheet.name, f"{listed.letter('Days off')}1"),
            COUNT,
            HALF,
        )
    yield from _rolled(label, proof.rolled)
    if washes.total:
        yield from _disallowed(year, proof.lots, washes)


class _Side(NamedTuple):
    """Units or basis on Roll-forward: its columns, how it is shown, and how far one amount may be off."""

    words: str
    closing: str
    there: str
    difference: str
    style: Style
    tolerance: Decimal


_SIDES = (
    _Side("Units", "Closing", "Open Lots", "Difference", UNITS_STYLE, A_BILLIONTH),
    _Side("Basis", "Basis closing", "Basis of Open Lots", "Basis difference", MONEY, CENT),
)


def _rolled(label: str, rolled: RollForward) -> Iterator[Check]:
    listed = rolled.listing
    if rolled.rows:
        area = f"C{FIRST_ROW}:{column_letter(len(listed.columns))}{listed.last}"
        words = f"{listed.sheet.name}: units, dollars and totals over accounts add up to the engine's"
        yield from block_check(label, words, listed.sheet, area)
    if len(rolled.rows) > MOST_PLACES:
        lines = sum(one.lots + 2 for one in rolled.held.values())
        for side in _SIDES:
            total = sum((abs(rolled.shown(place, side.closing)) for place in rolled.rows), ZERO)
            yield Check(
                label,
                f"{side.words} of {len(rolled.rows):,} assets in accounts rolled forward: what Open Lots differs by",
                Formula(f"={_size(listed.cells(side.difference))}", _differences(listed, side.difference)),
                ZERO,
                (listed.sheet.name, f"{listed.letter(side.closing)}1"),
                side.style,
                max(side.tolerance * lines * 2, total * DOUBLE).normalize(),
            )
        return
    for place, row in rolled.rows.items():
        asset, account = place
        for side in _SIDES:
            there = rolled.shown(place, side.there)
            yield Check(
                label,
                f"{side.words} of {asset} in {account or 'no account named'} rolled forward: Open Lots has the same",
                Formula(
                    f"={reference(listed.sheet.name, f'{listed.letter(side.closing)}{row}')}",
                    rolled.shown(place, side.closing),
                ),
                Formula(f"={reference(listed.sheet.name, f'{listed.letter(side.there)}{row}')}", there),
                (listed.sheet.name, f"{listed.letter(side.closing)}{row}"),
                side.style,
                max(side.tolerance * (rolled.held[place].lots + 2), abs(there) * DOUBLE).normalize(),
            )


def _differences(listed: Listing, heading: str) -> Decimal:
    """The differences that a list shows, added up without their signs."""
    place = [column.heading for column in listed.columns].index(heading)
    found = ZERO
    for row in listed.sheet.rows[1 : listed.last]:
        cell = row[place] if place < len(row) else None
        if cell is not None and isinstance(cell.content, Formula) and isinstance(cell.content.expected, Decimal):
            found += abs(cell.content.expected)
    return found


def _disallowed(year: YearReport, lots: LotProof, washes: Listing) -> Iterator[Check]:
    place = [column.heading for column in washes.columns].index
    total, permanent = ZERO, ZERO
    for row in washes.sheet.rows[1 : washes.last]:
        amount, is_gone = row[place("Disallowed")], row[place("Permanent")]
        if amount is not None and isinstance(amount.content, Decimal):
            total += amount.content
            if is_gone is not None and is_gone.content == "yes":
                permanent += amount.content
    later = total - permanent - lots.washed
    added = lots.listing.cells("Wash added")
    gone = f'SUMIFS({washes.cells("Disallowed")},{washes.cells("Permanent")},"yes")'
    words = "Wash sales: added to lots held or sold, and never recovered, are all that was disallowed"
    if later:
        words += f"; {dollars(later)} went into purchases after the year or lots gone again (value)"
    yield Check(
        str(year.year),
        words,
        Formula(f"=SUM({added})+{gone}+({later})", total),
        Formula(f"={washes.total_cell('Disallowed')}", total),
        (washes.sheet.name, "A1"),
        tolerance=CENT * max(washes.last - 1, 1),
    )
