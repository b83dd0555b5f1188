"""What the return has to explain in words: smaller wash sale losses than on the form, bases that are no cost or none.

"If the amount ... is less than the amount shown on Form 1099-B ..., attach a statement explaining the difference" (code
W); "if you don't use the actual cost, attach an explanation of your basis" (column (e)): Instructions for Form 8949.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.forms.form_1099.outcome import Figure
from capgain.engine.money import ZERO, dollars, from_cents
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.transactions import GiftIn, Inherit, Transaction


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing to explain. `on_the_1099` None: no form, or its box is blank. Amounts in dollars."""

    asset: str
    sold: date
    account: str
    on_the_1099: Decimal | None
    on_form_8949: Decimal
    why: str
    row: int


def explanations(report: TaxReport, year: YearReport) -> tuple[Explanation, ...]:
    """Those of a year: wash sale losses first, then bases."""
    entries = {entry.row: entry for entry in report.ledger.transactions}
    stated = _basis_on_forms(report)
    moved_in = {
        wash.replacement_row: wash.loss_row
        for wash in report.wash_sales
        if not wash.permanent and wash.disallowed_cents
    }
    return (
        *_smaller_washes(report, year, entries),
        *(
            Explanation(row.asset, row.sold, row.account, stated.get(id(row)), row.basis, why, row.row)
            for row in year.dispositions
            if (why := _why_no_cost(row, entries, moved_in))
        ),
    )


def _smaller_washes(report: TaxReport, year: YearReport, entries: dict[int, Transaction]) -> Iterator[Explanation]:
    if report.forms_1099 is None or report.forms_1099.year != year.year:
        return
    for one in report.forms_1099.rows:
        less = sum(difference.amount for difference in one.differences if difference.figure is Figure.WASH)
        if less <= 0 or one.form.wash is None or not one.rows:
            continue
        rows = dict.fromkeys(row.row for row in one.rows)
        notes = dict.fromkeys(filter(None, (one.form.note, *(entries[row].note for row in rows if row in entries))))
        first = one.rows[0]
        yield Explanation(
            one.form.asset or first.asset,
            first.sold,
            first.account,
            one.form.wash,
            from_cents(sum(row.wash_cents for row in one.rows)),
            f"Wash sale smaller than Form 1099: {'; '.join(notes) or 'no Note says why yet'}",
            first.row,
        )


def _basis_on_forms(report: TaxReport) -> dict[int, Decimal]:
    """The basis on the form by the identity of a disposition that is alone on its row."""
    if report.forms_1099 is None:
        return {}
    alone = [one for one in report.forms_1099.rows if one.form.is_of_a_sale and len(one.rows) == 1]
    return {id(one.rows[0]): one.form.basis for one in alone if one.form.basis is not None}


def _why_no_cost(row: Disposition, entries: dict[int, Transaction], moved_in: dict[int, int]) -> str:
    lot, sale = entries.get(row.lot_row), entries.get(row.row)
    if not row.lot_row:
        note = sale.note if sale is not None else ""
        return f"No record of basis, taken as {dollars(row.correct_basis)}: {note or 'no Note says why yet'}"
    if isinstance(lot, GiftIn):
        note = f": {lot.note}" if lot.note else ""
        return f"Basis other than cost: a gift, at the donor's basis or the value at the gift (26 USC 1015){note}"
    if isinstance(lot, Inherit):
        return "Basis other than cost: inherited, at the value at death (26 USC 1014)" + (
            f": {lot.note}" if lot.note else ""
        )
    if row.lot_row in moved_in and row.correct_basis > ZERO:
        return (
            f"Basis other than cost: a loss disallowed on ledger row {moved_in[row.lot_row]} is in the basis of this "
            "purchase (26 USC 1091(d))"
        )
    return ""
