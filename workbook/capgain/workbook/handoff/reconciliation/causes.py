"""Why a broker's figure may differ from Form 8949's, each with the amount it would account for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.explain_rows import to_units
from capgain.engine.money import ZERO, from_cents
from capgain.engine.results import Disposition
from capgain.engine.transactions import Disposal, Transaction
from capgain.workbook.handoff.reconciliation.form_1099 import BrokerRow
from capgain.workbook.handoff.reconciliation.sales import CENTS, Column, Sales


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


def causes(column: Column, sales: Sales, form: BrokerRow, rows: Sequence[Disposition]) -> tuple[Cause, ...]:
    """The causes that could apply to a column, those that amount to nothing left out."""
    found: list[Cause] = []
    if column is Column.PROCEEDS:
        found += _fees(sales, rows)
    elif column is Column.BASIS:
        found += _basis_not_reported(form, rows)
        if form.basis is not None:
            found += _transferred_in(sales, rows)
            found += _wash_in_basis(sales, rows)
            found += _fees_in_basis(sales, rows)
    else:
        found += _wash_across_accounts(sales, rows)
        if form.wash is None:
            found += _wash_not_reported(rows, sum((cause.amount for cause in found), ZERO))
    return tuple(cause for cause in found if cause.amount)


def total(column: Column, rows: Iterable[Disposition]) -> Decimal:
    """Dollars of a column."""
    return from_cents(sum(CENTS[column](row) for row in rows))


def _fees(sales: Sales, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Gross proceeds on the form, net of selling expenses in column (d)."""
    sold = (sales.transactions.get(row) for row in dict.fromkeys(row.row for row in rows))
    paid = {entry.row: entry.fee for entry in sold if isinstance(entry, Disposal) and entry.fee}
    yield Cause(
        "fee",
        sum(paid.values(), ZERO),
        "the broker reports gross proceeds; column (d) is net of the selling fees. To show the broker's figure in (d) "
        "and the fee in (g) with code E, enter it in Reported Proceeds",
        tuple(paid),
    )


def _basis_not_reported(form: BrokerRow, rows: Sequence[Disposition]) -> Iterator[Cause]:
    if form.basis is None or (form.basis == ZERO and form.boxes in ("B", "E", "H", "K", "BEHK")):
        yield Cause(
            "basis not reported",
            -total(Column.BASIS, rows),
            "the form has no basis for these sales; column (e) holds the basis of the ledger's lots",
            tuple(dict.fromkeys(row.row for row in rows)),
        )


def _transferred_in(sales: Sales, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Lots acquired in another account: the broker has no basis for them unless the transfer carried it."""
    moved = [
        row for row in rows if row.lot_row and _account_of(sales.transactions.get(row.lot_row)) not in ("", row.account)
    ]
    yield Cause(
        "transferred in",
        -total(Column.BASIS, moved),
        "the units came from another account, and the broker states no basis for them",
        tuple(dict.fromkeys(row.row for row in moved)),
    )


def _wash_in_basis(sales: Sales, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Losses that a sale elsewhere moved into the basis of lots sold here: the broker does not know of them."""
    amount, differing = sales.unseen_by_broker(Column.BASIS, rows)
    yield Cause(
        "wash across accounts",
        amount,
        "a loss disallowed in another account is in our basis of these lots"
        if amount < 0
        else "the broker, who looks at one account, moves a loss into these lots whose replacement we see elsewhere",
        tuple(dict.fromkeys(row.lot_row for row in differing)),
    )


def _fees_in_basis(sales: Sales, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Purchase fees that the broker left out of basis, of lots sold whole."""
    sold: Counter[int] = Counter()
    for row in rows:
        sold[row.lot_row] += row.units
    paid: dict[int, Decimal] = {}
    for lot_row, units in sold.items():
        entry = sales.transactions.get(lot_row)
        fee, quantity = getattr(entry, "fee", ZERO), getattr(entry, "quantity", None)
        if fee and quantity is not None and to_units(quantity) == units:
            paid[lot_row] = fee
    yield Cause(
        "fee",
        -sum(paid.values(), ZERO),
        "our basis has the purchase fees of these lots in it; the broker's has not",
        tuple(paid),
    )


def _wash_across_accounts(sales: Sales, rows: Sequence[Disposition]) -> Iterator[Cause]:
    """Brokers look at one account and one CUSIP; the rule looks at all of the taxpayer's and spouse's."""
    amount, differing = sales.unseen_by_broker(Column.WASH, rows)
    yield Cause(
        "wash across accounts",
        amount,
        "the replacement was bought in another account, an IRA, or as an identical security, which the broker does "
        "not look at"
        if amount < 0
        else "the broker, who looks at one account, has a higher basis and so a greater loss in these sales than we",
        tuple(dict.fromkeys(row.row for row in differing)),
    )


def _wash_not_reported(rows: Sequence[Disposition], explained: Decimal) -> Iterator[Cause]:
    """An empty wash box on a form for sales whose basis is not reported."""
    if rows and all(row.box in "BEHKCFIL" for row in rows):
        yield Cause(
            "wash not reported",
            -total(Column.WASH, rows) - explained,
            "brokers need not report wash sales where they report no basis",
            tuple(dict.fromkeys(row.row for row in rows if row.wash_cents)),
        )


def missing_row(
    column: Column, sales: Sales, rows: Sequence[Disposition], accounts: tuple[str, ...], rest: Decimal
) -> Cause | None:
    """The one sale that only one side has and whose amount is `rest`; None where there is none or more than one."""
    lacking, elsewhere = sales.missing(column, rows, accounts, rest)
    if len(lacking) + len(elsewhere) != 1:
        return None
    (sale,) = lacking or elsewhere
    text = (
        f"the sale of row {sale} is not on the form: ask for a corrected form, or set its Reported to none"
        if lacking
        else f"the form has the sale of row {sale}, which the ledger keeps in another box: check its term and its "
        "Reported"
    )
    return Cause("missing row", rest, text, (sale,), settles=False)


def _account_of(entry: Transaction | None) -> str:
    return entry.account if entry is not None else ""
