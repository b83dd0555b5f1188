"""CAPGAIN_LOTS and CAPGAIN_BASIS: what is held, and what it cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from capgain.addin.functions.answers.filters import Filter
from capgain.addin.functions.cells import OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.engine.classes import Term
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import EXACT, ZERO, from_cents, to_cents
from capgain.engine.units import plain_quantity

LOTS_HEADER = ("Asset", "Account", "Quantity", "Acquired", "Basis", "Term", "Lot", "Row")


def lots(computed: Computed, as_of: date, asset: str | None, account: str | None) -> Table:
    """Every lot held at the end of `as_of`, with the term a sale on that day would have."""
    report = computed.report(lots_as_of=as_of)
    wanted = Filter.of(computed, asset, account)
    answer: list[tuple[OutputCell, ...]] = [LOTS_HEADER]
    for lot in report.open_lots:
        if wanted.passes(lot.asset, lot.account):
            held = "Long" if lot.term(as_of) is Term.LONG else "Short"
            basis = from_cents(to_cents(lot.basis))
            bought = lot.acquired if lot.acquired_text != VARIOUS else VARIOUS
            answer.append((lot.asset, lot.account, plain(lot.quantity), bought, basis, held, lot.lot or None, lot.row))
    return answer


def basis(computed: Computed, asset: str, as_of: date, account: str | None) -> OutputCell:
    """The basis of all units of `asset` held at the end of `as_of`, 0 where none are."""
    report = computed.report(lots_as_of=as_of)
    wanted = Filter.of(computed, asset, account)
    total = ZERO
    for lot in report.open_lots:
        if wanted.passes(lot.asset, lot.account):
            total = EXACT.add(total, lot.basis)
    return from_cents(to_cents(total))


def plain(quantity: Decimal) -> Decimal:
    """A quantity without trailing zeros: 0.5, 100."""
    return Decimal(plain_quantity(quantity))
