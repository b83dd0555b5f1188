"""Why a broker's figure may differ from Form 8949's, each with the amount it would account for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from capgain.engine.money import ZERO, from_cents, to_cents
from capgain.engine.report import TaxReport
from capgain.engine.results import Disposition
from capgain.engine.transactions import Disposal, Transaction
from capgain.workbook.handoff.reconciliation.form_1099 import BrokerRow


class Column(Enum):
    """What a Form 1099 states."""

    PROCEEDS = "Proceeds"
    BASIS = "Basis"
    WASH = "Wash"


@dataclass(frozen=True, slots=True)
class Cause:
    """A class of difference: `amount` is the broker's figure minus ours that it explains; `rows` ledger rows.

    `settles` is false where it is known what differs, and something must still be done about it.
    """

    name: str
    amount: Decimal
    text: str
    rows: tuple[int, ...]
    settles: bool = True


def causes(column: Column, report: TaxReport, form: BrokerRow, rows: Sequence[Disposition]) -> tuple[Cause, ...]:
    """The causes that could apply to a column, those that amount to nothing left out."""
    transactions = {entry.row: entry for entry in report.ledger.transactions}
    found: list[Cause] = []
    if column is Column.PROCEEDS:
        found += _fees(rows, transactions)
    elif column is Column.BASIS:
        found += _basis_not_reported(form, rows)
        if form.basis is not None:
            found += _transferred_in(rows, transactions)
            found += _wash_in_basis(report, rows)
            found += _fees_in_basis(rows, transactions)
    else:
        found += _wash_across_accounts(report, rows)
        if form.wash is None:
            found += _wash_not_reported(report, rows, sum((cause.amount for cause in found), ZERO))
    return tuple(cause for cause in found if cause.amount)


def _fees(rows: Sequence[Disposition], transactions: dict[int, Transaction]) -> Iterator[Cause]:
    """Gross proceeds on the form, net of selling expenses in column (d)."""
    fees = ZERO
    seen: dict[int, None] = {}
    for row in rows:
        entry = transactions.get(row.row)
        if isinstance(entry, Disposal) and entry.fee and row.row not in seen:
            seen[row.row] = None
            fees += entry.fee
    yield Cause(
        "fee",
        fees,
        "the broker reports gross proceeds; column (d) is net of the selling fees. To show the broker's figure in (d) "
        "and the fee in (g) with code E, enter it in Reported Proceeds",
        tuple(seen),
    )


def _basis_not_reported(form: BrokerRow, rows: Sequence[Disposition]) -> Iterator[Cause]:
    if form.basis is None or (form.basis == ZERO and form.boxes in ("B", "E", "H", "K", "BEHK")):
        yield Cause(
            "basis not reported",
            -sum((row.basis for row in rows), ZERO),
            "the form has no basis for these sales; column (e) holds the basis of the ledger's lots",
            tuple(dict.fromkeys(row.row for row in rows)),
        )


def _transferred_in(rows: Sequence[Disposition], transactions: dict[int, Transaction]) -> Iterator[Cause]:
    """Lots acquired in another account: the broker has no basis for them unless the transfer carried it."""
    moved = [row for row in rows if row.lot_row and _account_of(transactions.get(row.lot_row)) not in ("", row.account)]
    yield Cause(
        "transferred in",
        -sum((row.basis for row in moved), ZERO),
        "the units came from another account, and the broker states no basis for them",
        tuple(dict.fromkeys(row.row for row in moved)),
    )


def _wash_in_basis(report: TaxReport, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Losses that a sale elsewhere moved into the basis of lots sold here: the broker does not know of them."""
    sold_lots = {row.lot_row: row for row in rows if row.lot_row}
    across = [
        wash
        for wash in report.wash_sales
        if wash.replacement_row in sold_lots and wash.loss_account != wash.replacement_account and not wash.permanent
    ]
    yield Cause(
        "wash across accounts",
        -sum((from_cents(to_cents(wash.disallowed)) for wash in across), ZERO),
        "a loss disallowed in another account is in our basis of these lots",
        tuple(dict.fromkeys(wash.replacement_row for wash in across)),
    )


def _fees_in_basis(rows: Sequence[Disposition], transactions: dict[int, Transaction]) -> Iterator[Cause]:
    """Purchase fees that the broker left out of basis, of lots sold whole."""
    fees = ZERO
    seen: dict[int, None] = {}
    for row in rows:
        entry = transactions.get(row.lot_row)
        fee = getattr(entry, "fee", ZERO)
        quantity = getattr(entry, "quantity", None)
        sold = sum((other.quantity for other in rows if other.lot_row == row.lot_row), ZERO)
        if fee and quantity == sold and row.lot_row not in seen:
            seen[row.lot_row] = None
            fees += fee
    yield Cause("fee", -fees, "our basis has the purchase fees of these lots in it; the broker's has not", tuple(seen))


def _wash_across_accounts(report: TaxReport, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Brokers look at one account and one CUSIP; the rule looks at all of the taxpayer's and spouse's."""
    keys = {(row.row, row.lot_row) for row in rows}
    across = [
        wash
        for wash in report.wash_sales
        if (wash.loss_row, wash.loss_lot_row) in keys
        and (wash.loss_account != wash.replacement_account or wash.asset != wash.replacement_asset)
    ]
    yield Cause(
        "wash across accounts",
        -sum((from_cents(to_cents(wash.disallowed)) for wash in across), ZERO),
        "the replacement was bought in another account, an IRA, or as an identical security, which the broker does "
        "not look at",
        tuple(dict.fromkeys(wash.loss_row for wash in across)),
    )


def _wash_not_reported(report: TaxReport, rows: Sequence[Disposition], explained: Decimal) -> Iterator[Cause]:
    """An empty wash box on a form for sales whose basis is not reported."""
    ours = sum((row.wash_disallowed for row in rows), ZERO)
    if rows and all(row.box in "BEHKCFIL" for row in rows):
        yield Cause(
            "wash not reported",
            -ours - explained,
            "brokers need not report wash sales where they report no basis",
            tuple(dict.fromkeys(row.row for row in rows if row.wash_cents)),
        )


def missing_row(
    column: Column, rest: Decimal, rows: Sequence[Disposition], of_account: Sequence[Disposition]
) -> Cause | None:
    """The one sale whose amount is the `rest` of a difference: ours that the form lacks, or one that the ledger keeps
    in another box of the account. None where no sale fits or more than one does."""
    inside = _by_sale(column, rows)
    outside = _by_sale(column, [row for row in of_account if row not in rows])
    lacking = [row for row, amount in inside.items() if amount == -rest]
    elsewhere = [row for row, amount in outside.items() if amount == rest]
    if len(lacking) + len(elsewhere) != 1:
        return None
    if lacking:
        return Cause(
            "missing row",
            rest,
            f"the sale of row {lacking[0]} is not on the form: ask for a corrected form, or set its Reported to none",
            (lacking[0],),
            settles=False,
        )
    return Cause(
        "missing row",
        rest,
        f"the form has the sale of row {elsewhere[0]}, which the ledger keeps in another box: check its term and its "
        "Reported",
        (elsewhere[0],),
        settles=False,
    )


def _by_sale(column: Column, rows: Sequence[Disposition]) -> dict[int, Decimal]:
    """The amounts of whole sales by ledger row."""
    found: dict[int, Decimal] = {}
    for row in rows:
        amount = {Column.PROCEEDS: row.proceeds, Column.BASIS: row.basis, Column.WASH: row.wash_disallowed}[column]
        found[row.row] = found.get(row.row, ZERO) + amount
    return {row: amount for row, amount in found.items() if amount}


def _account_of(entry: Transaction | None) -> str:
    return entry.account if entry is not None else ""
