"""CAPGAIN_ESTIMATE: the installments of estimated tax of a year, and what is to be known of them."""

from __future__ import annotations

from datetime import date

from capgain.addin.functions.cells import OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.engine.money import dollars

HEADER = ("Due", "Regular", "Annualized", "Required by then", "Withheld", "Paid", "Short")


def estimate(computed: Computed, year: int, as_of: date) -> Table:
    """A header, the four payments, and notes: what is required, what to pay next, what is taken for granted."""
    from capgain.engine.planning.estimated_tax import estimate as estimated

    found = estimated(computed.report(through=year), year, as_of)
    rows: list[tuple[OutputCell, ...]] = [HEADER]
    for one in found.installments:
        paid = one.cumulative_withheld, one.cumulative_paid
        rows.append((one.due, one.regular, one.annualized, one.cumulative_required, *paid, one.short))
    said = [f"Required annual payment: {dollars(found.required_annual_payment)}."]
    if found.none_required:
        said.append(f"No payment is required: {found.none_required}.")
    elif found.next is not None:
        said.append(f"Next: pay {dollars(found.next.short)} by {found.next.due:%m/%d/%Y}.")
    notes = (*said, *found.underpaid(), *found.assumptions)
    return [*rows, *((note, *[None] * (len(HEADER) - 1)) for note in notes)]
