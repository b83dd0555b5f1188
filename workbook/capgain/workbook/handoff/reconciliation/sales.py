"""A year's sales as a reconciliation looks them up: by account, box and asset, by amount, and as brokers have them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import cast

import pandas as pd

from capgain.engine.classes import Reported
from capgain.engine.compute import compute
from capgain.engine.money import from_cents
from capgain.engine.policy import Policy
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results import Disposition
from capgain.engine.transactions import Transaction
from capgain.workbook.frames import dispositions
from capgain.workbook.handoff.reconciliation.form_1099 import BOXES, BrokerRow


class Column(Enum):
    """What a Form 1099 states."""

    PROCEEDS = "Proceeds"
    BASIS = "Basis"
    WASH = "Wash"


CENTS = {
    Column.PROCEEDS: attrgetter("proceeds_cents"),
    Column.BASIS: attrgetter("basis_cents"),
    Column.WASH: attrgetter("wash_cents"),
}

_Lot = tuple[int, int | None]
"""Ledger rows of a sale and of one of its lots; None: all its lots together."""


class Sales:
    """A year's rows of Form 8949, each looked at once however many Forms 1099 there are."""

    def __init__(self, report: TaxReport, year: YearReport) -> None:
        self.rows = year.dispositions
        self._report = report
        self._year = year.year
        self._table = dispositions(report, year.year)
        self._table["asset"] = self._table["asset"].str.casefold()
        self._of_box = _places(self._table, "account", "box")
        self._of_asset = _places(self._table, "account", "box", "asset")
        self._parts = Counter(row.row for row in self.rows)
        self._amounts: dict[tuple[Column, tuple[str, ...]], _Amounts] = {}

    @cached_property
    def transactions(self) -> Mapping[int, Transaction]:
        """The ledger's rows by row number."""
        return {entry.row: entry for entry in self._report.ledger.transactions}

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """The accounts in the order of their first sale."""
        return tuple(dict.fromkeys(row.account for row in self.rows))

    def of(self, form: BrokerRow, accounts: Iterable[str]) -> tuple[Disposition, ...]:
        """The rows that a row of a Form 1099 covers, in the order of Form 8949."""
        groups, asset = (self._of_asset, (form.asset.casefold(),)) if form.asset else (self._of_box, ())
        keys = [(account, box, *asset) for account in accounts for box in form.boxes]
        return tuple(self.rows[place] for place in sorted(place for key in keys for place in groups.get(key, ())))

    def not_covered(self, covered: set[int]) -> Mapping[tuple[str, ...], tuple[Disposition, ...]]:
        """Rows in boxes for reported sales that are not among `covered` (identities), by account and box."""
        reported = BOXES[Reported.BASIS] + BOXES[Reported.NO_BASIS]
        left = self._table[pd.Series([row.box in reported and id(row) not in covered for row in self.rows], dtype=bool)]
        return {
            key: tuple(self.rows[place] for place in places) for key, places in _places(left, "account", "box").items()
        }

    def unseen_by_broker(self, column: Column, rows: Sequence[Disposition]) -> tuple[Decimal, tuple[Disposition, ...]]:
        """What the broker's own wash sales make of these sales, less what ours do, and the rows where they differ."""
        if not self._has_wash_sales_across:
            return from_cents(0), ()
        ours, theirs = _by_lot(column, rows), self._as_brokers_have_them[column]
        parts = Counter(row.row for row in rows)
        lots = dict.fromkeys((row.row, None if parts[row.row] == self._parts[row.row] else row.lot_row) for row in rows)
        amount = sum(theirs[lot] - ours[lot] for lot in lots)
        differing = (row for row in rows if theirs[row.row, row.lot_row] != ours[row.row, row.lot_row])
        return from_cents(amount), tuple(differing)

    @cached_property
    def _has_wash_sales_across(self) -> bool:
        return any(
            wash.loss_account != wash.replacement_account or wash.asset != wash.replacement_asset
            for wash in self._report.wash_sales
        )

    @cached_property
    def _as_brokers_have_them(self) -> Mapping[Column, Mapping[_Lot, int]]:
        """Cents by sale and lot with wash sales within one account and one CUSIP (Treas. Reg. 1.6045-1(d)(6)(iii))."""
        ledger = self._report.ledger
        ledger = replace(ledger, settings=replace(ledger.settings, identical=()))
        found = compute(ledger, policy=Policy(wash_across_accounts=False)).years[self._year].dispositions
        return {column: _by_lot(column, found) for column in Column}

    def missing(
        self, column: Column, rows: Sequence[Disposition], accounts: tuple[str, ...], rest: Decimal
    ) -> tuple[list[int], list[int]]:
        """Sales that only one side has: of `rows` those of minus `rest`, of the accounts' other rows those of `rest`.

        Two of the latter stand for any number.
        """
        if (column, accounts) not in self._amounts:
            self._amounts[column, accounts] = _Amounts(column, [row for row in self.rows if row.account in accounts])
        every = self._amounts[column, accounts]
        inside = _by_sale(column, rows)
        lacking = [sale for sale, amount in inside.items() if amount and amount == -rest]
        partly = (sale for sale, amount in inside.items() if rest and every.by_sale[sale] - amount == rest)
        wholly = (sale for sale in every.by_amount.get(rest, ()) if sale not in inside)
        return lacking, [*islice(partly, 2), *islice(wholly, 2)]


class _Amounts:
    """The amounts of whole sales, by ledger row and the other way round."""

    def __init__(self, column: Column, rows: Iterable[Disposition]) -> None:
        self.by_sale = _by_sale(column, rows)
        self.by_amount: defaultdict[Decimal, list[int]] = defaultdict(list)
        for sale, amount in self.by_sale.items():
            if amount:
                self.by_amount[amount].append(sale)


def _places(table: pd.DataFrame, *by: str) -> Mapping[tuple[str, ...], Sequence[int]]:
    """The places of a table's rows, grouped; groups in the order of their first row."""
    groups = table.groupby(list(by), sort=False).groups
    return {cast("tuple[str, ...]", key): places.tolist() for key, places in groups.items()}


def _by_sale(column: Column, rows: Iterable[Disposition]) -> dict[int, Decimal]:
    cents: Counter[int] = Counter()
    for row in rows:
        cents[row.row] += CENTS[column](row)
    return {sale: from_cents(amount) for sale, amount in cents.items()}


def _by_lot(column: Column, rows: Iterable[Disposition]) -> Counter[_Lot]:
    cents: Counter[_Lot] = Counter()
    for row in rows:
        amount = CENTS[column](row)
        cents[row.row, row.lot_row] += amount
        cents[row.row, None] += amount
    return cents
