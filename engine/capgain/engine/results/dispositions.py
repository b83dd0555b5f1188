"""A row of Form 8949, and what a Form 1099 makes of it.

Its columns are kept as whole cents, rounded once; the Decimal properties give dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from capgain.engine.classes import AssetClass, Term
from capgain.engine.money import from_cents
from capgain.engine.transactions import Entry, Fee
from capgain.engine.units import quantity_of


class Kind(Enum):
    """Why a row of Form 8949 exists."""

    SALE = "sale"
    SPEND = "spend"
    SWAP = "swap"
    FEE = "fee"
    CASH_IN_LIEU = "cash in lieu"
    BOOT = "boot"
    RETURN_OF_CAPITAL = "return of capital"
    SHORT = "short"
    WORTHLESS = "worthless"
    EXPIRED = "expired"
    WRITTEN_EXPIRED = "expired, written"
    BAD_DEBT = "bad debt"
    QOF_DEFERRAL = "deferral in a fund"
    QOF_INCLUSION = "deferred gain included"
    TRUST_SALE = "sold by the trust"
    EXERCISED = "put exercised"
    ASSIGNED = "call assigned"


NEVER_WASHED = frozenset({Kind.TRUST_SALE, Kind.BAD_DEBT})
"""Rows whose loss no purchase replaces: nothing was sold that could be bought back."""


def is_coin_fee(kind: Kind, entry: Entry) -> bool:
    """Whether units pay the fee of a row that is about something else: its 1099, codes and figures are not theirs."""
    return kind is Kind.FEE and not isinstance(entry, Fee)


class OnForm1099(NamedTuple):
    """What a Form 1099 makes of a row of Form 8949: the correct figures beside those printed, and what leads to them.

    `row` is the row on sheet 1099, 0 where columns of the ledger state the broker's figures. `net_cents` and
    `correct_basis_cents` are the proceeds net of costs and the basis as worked out here; `expense_cents`, `basis_cents`
    and `discount_cents` the parts of (g) that correct (d) and (e) (codes E and B) and that make interest of gain (D).
    `group`, above 0, is shared by lots that the form shows as one row: they are printed as one, dated `acquired_text`
    or else as the first; all but the first are `continued`.
    """

    row: int
    net_cents: int
    correct_basis_cents: int
    expense_cents: int = 0
    basis_cents: int = 0
    discount_cents: int = 0
    group: int = 0
    acquired_text: str = ""
    continued: bool = False


ADJUSTMENTS = ("B", "E", "W", "D", "stated")
"""The parts of column (g): by their code, and what the ledger states."""


class Disposition(NamedTuple):
    """One row of Form 8949: the units one disposal took from one lot.

    `proceeds_cents` is column (d), `basis_cents` (e), `codes` (f), `adjustment_cents` (g); (h) = (d) - (e) + (g).
    `acquired` is the real acquisition date and `held_since` the one the term is counted from, later or earlier where
    a holding period tacks or restarts. `acquired_text` is INHERITED or VARIOUS where the form wants that in (b).
    `wash_cents`, positive, is the part of (g) that a wash sale disallowed. `row` is the disposal's row, `lot_row` and
    `lot` are the row and id of the acquisition. `lot_row` 0: basis was missing and taken as zero. `on_1099` is set
    where a broker's figures are printed or compared; without it what is printed is what was worked out.
    """

    row: int
    kind: Kind
    asset: str
    account: str
    asset_class: AssetClass
    units: int
    acquired: date
    acquired_text: str
    held_since: date
    sold: date
    proceeds_cents: int
    basis_cents: int
    codes: str
    adjustment_cents: int
    wash_cents: int
    term: Term
    box: str
    lot_row: int
    lot: str
    on_1099: OnForm1099 | None = None

    @property
    def net_cents(self) -> int:
        """Proceeds net of the costs of selling, whatever a Form 1099 says."""
        return self.proceeds_cents if self.on_1099 is None else self.on_1099.net_cents

    @property
    def correct_basis_cents(self) -> int:
        """Basis as the law has it, whatever a Form 1099 says."""
        return self.basis_cents if self.on_1099 is None else self.on_1099.correct_basis_cents

    @property
    def net_proceeds(self) -> Decimal:
        return from_cents(self.net_cents)

    @property
    def correct_basis(self) -> Decimal:
        return from_cents(self.correct_basis_cents)

    @property
    def adjustments(self) -> Mapping[str, int]:
        """Column (g) in cents by what it is for: B, E, W and D as computed, and what the ledger states."""
        form = self.on_1099
        basis, expense, discount = (
            (0, 0, 0) if form is None else (form.basis_cents, form.expense_cents, form.discount_cents)
        )
        stated = self.adjustment_cents - basis - expense - discount - self.wash_cents
        return dict(zip(ADJUSTMENTS, (basis, expense, self.wash_cents, discount, stated), strict=True))

    @property
    def quantity(self) -> Decimal:
        return quantity_of(self.units)

    @property
    def proceeds(self) -> Decimal:
        return from_cents(self.proceeds_cents)

    @property
    def basis(self) -> Decimal:
        return from_cents(self.basis_cents)

    @property
    def adjustment(self) -> Decimal:
        return from_cents(self.adjustment_cents)

    @property
    def wash_disallowed(self) -> Decimal:
        return from_cents(self.wash_cents)

    @property
    def gain_cents(self) -> int:
        """Column (h), in cents."""
        return self.proceeds_cents - self.basis_cents + self.adjustment_cents

    @property
    def gain(self) -> Decimal:
        """Column (h)."""
        return from_cents(self.gain_cents)


def joined_codes(codes: str, more: str) -> str:
    """Codes in alphabetical order, no blanks, none twice (Instructions for Form 8949, column (f))."""
    return "".join(sorted(set(codes + more)))
