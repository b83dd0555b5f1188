"""The block `Deductions beside Schedule D` on the sheet Tax: what of the ledger belongs elsewhere on the return.

Only what occurs is listed, and nothing of it is computed into the tax.
"""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.engine.transactions import Donate, Lost
from capgain.engine.units import plain_quantity
from capgain.workbook.report.form_styles import LINE_AMOUNT
from capgain.workbook.report.tax_rows import WITH, TaxRows
from capgain.workbook.sheets import WRAP, Cell

TITLE = "Deductions beside Schedule D"
LOSS = "Loss on Schedule D deducted from other income (26 USC 1211(b)): in the tax above"
CARRIED = "Loss carried into the next year (26 USC 1212(b)): no deduction now"
WASHED = "Losses that wash sales took away: no deduction now, they are in the basis of what was bought (26 USC 1091)"
DONATED = (
    "given to charity: Schedule A, at the value on the day where held more than one year, else at no more than basis "
    "(26 USC 170(e)(1)(A)). Form 8283: Section A above 500 dollars; above 5,000 a qualified appraisal, not for "
    "publicly traded stock, but for digital assets (CCA 202302012)"
)
GONE = (
    "lost or stolen: Form 4684, and only a theft in a transaction entered into for profit (26 USC 165(c), (h)(5)); "
    "lost keys and a fall in price are none (CCA 202302011, 202511015). The gain or loss of Form 4684 goes into "
    "Settings 'Schedule D 4' or 'Schedule D 11'"
)
LAST = (
    "CapGain prepares Form 8949 and Schedule D; these lines are for your preparer. Fees of trades are in basis and "
    "proceeds. Fees of advisers, custody and software are no deduction (26 USC 67(g)). State tax is not computed."
)


def add_deductions(rows: TaxRows, ledger: Ledger, year: YearReport) -> None:
    """The lines that occur in the year; nothing where none does."""
    form = year.schedule_d
    hidden = ledger.off_the_return(year.status)
    lines: list[tuple[str, Decimal | None]] = []
    if form is not None and form.line_21 < ZERO:
        lines.append((LOSS, -form.line_21))
    carried = ZERO if year.carryover is None else year.carryover.short + year.carryover.long
    if carried:
        lines.append((CARRIED, carried))
    washed = from_cents(sum(row.wash_cents for row in year.dispositions))
    if washed:
        lines.append((WASHED, washed))
    for entry in ledger.transactions:
        if entry.at.year != year.year or entry.account in hidden or not isinstance(entry, Donate | Lost):
            continue
        units = plain_quantity(entry.quantity)
        words = DONATED if isinstance(entry, Donate) else GONE
        said = f"Ledger row {entry.row}, {entry.at:%m/%d/%Y}: {units} {entry.asset} {words}"
        lines.append((said, entry.amount if isinstance(entry, Donate) and entry.amount else None))
    if not lines:
        return
    rows.gap()
    rows.bar(TITLE)
    for number, (words, amount) in enumerate(lines):
        rows.line(f"DEDUCTION{number}", "", words, {} if amount is None else {WITH: Cell(amount, LINE_AMOUNT)})
    rows.rows.append((None, Cell(LAST, WRAP)))
