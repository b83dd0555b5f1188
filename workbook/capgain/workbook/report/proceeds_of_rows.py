"""Which proceeds are a ledger row's own Gross less its Fee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from capgain.engine.money import from_cents
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import (
    Fee,
    Sell,
    Spend,
    Trade,
    Transaction,
)
from capgain.workbook.report.context import Workpapers

OWN_KINDS: Mapping[type, frozenset[Kind]] = {
    Sell: frozenset({Kind.SALE, Kind.EXPIRED}),
    Spend: frozenset({Kind.SPEND}),
    Fee: frozenset({Kind.FEE}),
    Trade: frozenset({Kind.SWAP}),
}
"""The dispositions whose proceeds are a row's Gross less its Fee."""


def own_nets(papers: Workpapers) -> dict[int, Decimal]:
    """Proceeds by ledger row of what the row itself disposes of, without a fee, boot or fraction beside it."""
    cents: defaultdict[int, int] = defaultdict(int)
    for year in papers.report.years.values():
        for one in year.dispositions:
            if is_own(papers.transactions.get(one.row), one):
                cents[one.row] += one.net_cents
    return {row: from_cents(amount) for row, amount in cents.items()}


def is_own(entry: Transaction | None, row: Disposition) -> bool:
    """Whether a disposition's proceeds are its ledger row's own Gross less Fee."""
    type_of_row: type = type(entry)
    return row.kind in _own_kinds(type_of_row)


@cache
def _own_kinds(type_of_row: type) -> frozenset[Kind]:
    return frozenset[Kind]().union(*(kinds for kind, kinds in OWN_KINDS.items() if issubclass(type_of_row, kind)))
