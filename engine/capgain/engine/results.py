"""What the pass over a ledger leaves: rows of Form 8949, income, lots and shorts held, wash sales, carryovers.

Columns of Form 8949 are kept as whole cents, rounded once; the Decimal properties give dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from capgain.engine.classes import AssetClass, IncomeKind, Term
from capgain.engine.holding_period import long_term_from
from capgain.engine.income_lines import form_line
from capgain.engine.money import EXACT, from_cents
from capgain.engine.transactions import Entry, Fee

UNITS = 10**18
"""Quantities are counted in 10^-18 of a unit: the 18 decimals of Form 1099-DA box 1c."""


def quantity_text(units: int) -> str:
    """Units of 10^-18 as a plain decimal without trailing zeros: `500000000000000000` is `0.5`."""
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), UNITS)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:018d}".rstrip("0")


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
        return Decimal(self.units).scaleb(-18, context=EXACT)

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


class ContractEnd(Enum):
    """Why a section 1256 contract has a result: closed, counted as sold at its value at the year's end, or a total."""

    CLOSED = "closed"
    MARKED = "marked"
    TOTAL = "total"


class ContractResult(NamedTuple):
    """A gain or loss on section 1256 contracts (26 USC 1256(a)(1) to (3)), in cents.

    `row` is the row that closed them; of contracts that were marked the one that opened them. `basis_cents` and
    `proceeds_cents` are counted from the last mark where there is one, `original_cents` is the result since the
    contracts were opened. `is_short`: they were sold first. A total has neither units nor days of its own.
    """

    row: int
    asset: str
    account: str
    units: int
    opened: date
    closed: date
    end: ContractEnd
    proceeds_cents: int
    basis_cents: int
    original_cents: int
    is_short: bool = False

    @property
    def gain_cents(self) -> int:
        return self.proceeds_cents - self.basis_cents

    @property
    def gain(self) -> Decimal:
        return from_cents(self.gain_cents)

    @property
    def proceeds(self) -> Decimal:
        return from_cents(self.proceeds_cents)

    @property
    def basis(self) -> Decimal:
        return from_cents(self.basis_cents)


class OpenContract(NamedTuple):
    """Section 1256 contracts not closed yet: `value_cents` is what they were opened at, or the last mark of them."""

    row: int
    asset: str
    account: str
    units: int
    opened: date
    value_cents: int
    is_short: bool


@dataclass(frozen=True, slots=True)
class IncomeItem:
    """Income at fair market value (staking, mining, pay), a dividend or interest. `quantity` 0 for cash.

    `is_digital`: units of a digital asset.
    """

    row: int
    kind: IncomeKind
    asset: str
    account: str
    day: date
    quantity: Decimal
    amount: Decimal
    is_digital: bool = False

    @property
    def name(self) -> str:
        """The kind as a heading has it: `Qualified Dividend`; `Income` where it is not stated."""
        return self.kind.value.title() or "Income"

    @property
    def form_line(self) -> str:
        """The line of the return that takes it."""
        return form_line(self.kind, self.day.year, is_digital=self.is_digital)

    @property
    def in_totals(self) -> bool:
        """Whether totals of income hold it: pay is in box 1 of Form W-2 already."""
        return self.kind.is_in_totals

    @property
    def is_capital_gain_distribution(self) -> bool:
        """Whether Schedule D, line 13, takes it instead of the return's income (Form 1099-DIV, box 2a)."""
        return self.kind is IncomeKind.CAPITAL_GAIN_DISTRIBUTION


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Units still held, at an unrounded `basis` in dollars.

    `row` and `lot` are those of the row that first acquired them. `replaces`: used up as the replacement of a loss
    (Treas. Reg. 1.1091-1(e)). `acquired_text` is the word that stands for the date,
    INHERITED or VARIOUS, and `stated_term` the term that then holds (26 USC 1223(9)); None where days are counted.
    `amt_basis` is the basis for the alternative minimum tax where it is another, `loss_basis` that from which a loss on
    a gift of `gift_date` is counted, where it is (26 USC 1015(a)). `fund_paid`: a fund paid distributions on it that a
    loss within six months depends on (26 USC 852(b)(4)).
    """

    asset: str
    account: str
    asset_class: AssetClass
    quantity: Decimal
    acquired: date
    held_since: date
    basis: Decimal
    row: int
    lot: str
    is_ira: bool = False
    replaces: bool = False
    acquired_text: str = ""
    stated_term: Term | None = None
    amt_basis: Decimal | None = None
    loss_basis: Decimal | None = None
    gift_date: date | None = None
    fund_paid: bool = False

    @property
    def inherited(self) -> bool:
        return self.acquired_text == "INHERITED"

    @property
    def long_from(self) -> date:
        """The first day on which a sale is long-term; where the term is stated, the day of acquisition or never."""
        if self.stated_term is None:
            return long_term_from(self.held_since)
        return self.acquired if self.stated_term is Term.LONG else date.max

    def term(self, sold: date) -> Term:
        """The term of a sale on that day."""
        return Term.LONG if sold >= self.long_from else Term.SHORT


@dataclass(frozen=True, slots=True)
class OpenShort:
    """A short sale not yet closed: `proceeds` received, in dollars."""

    asset: str
    account: str
    quantity: Decimal
    opened: date
    proceeds: Decimal
    row: int


class WashSale(NamedTuple):
    """One match of a loss with a replacement (26 USC 1091).

    `disallowed` dollars of the loss on `loss_row` move into the basis of `units` bought on `replacement_row`, which
    then count as held since `held_since`. `permanent`: bought in an IRA, the loss is gone (Rev. Rul. 2008-5).
    `by_sale`: a loss on a closed short sale met the sale of identical shares, whose row and day stand for the
    replacement's (26 USC 1091(e)(1)); that is permanent too.
    """

    loss_row: int
    loss_lot_row: int
    loss_account: str
    sold: date
    replacement_row: int
    replacement_account: str
    replacement_asset: str
    acquired: date
    asset: str
    units: int
    disallowed_cents: int
    new_basis_atoms: int
    held_since: date
    permanent: bool
    by_sale: bool = False

    @property
    def disallowed(self) -> Decimal:
        return from_cents(self.disallowed_cents)

    @property
    def new_basis(self) -> Decimal:
        """Basis of the units matched, in dollars, unrounded."""
        return Decimal(self.new_basis_atoms).scaleb(-24, context=EXACT)


class Departure(NamedTuple):
    """Units of one lot that were given away, donated, lost or stolen: no gain or loss (R-CRY-6, R-CRY-7, R-CRY-13).

    `type_name` is the type of the ledger row `row`; `basis_atoms` what the units cost, in 10^-24 dollars. `term` is
    that of a sale on the day they left.
    """

    row: int
    type_name: str
    asset: str
    account: str
    asset_class: AssetClass
    units: int
    acquired: date
    acquired_text: str
    left: date
    term: Term
    basis_atoms: int
    lot_row: int
    lot: str

    @property
    def quantity(self) -> Decimal:
        return Decimal(self.units).scaleb(-18, context=EXACT)

    @property
    def basis(self) -> Decimal:
        """Dollars, unrounded."""
        return Decimal(self.basis_atoms).scaleb(-24, context=EXACT)


class MinimumTaxItem(NamedTuple):
    """What the alternative minimum tax takes otherwise of shares from an incentive stock option, in cents.

    `line` of Form 6251: 2i in the year of the exercise, what the shares were worth beyond their price; 2k when they are
    sold, negative by what their basis is greater there.
    """

    row: int
    line: str
    year: int
    amount_cents: int

    @property
    def amount(self) -> Decimal:
        return from_cents(self.amount_cents)


@dataclass(frozen=True, slots=True)
class Carryover:
    """Capital loss carried into a year, by character, as positive dollars (26 USC 1212(b))."""

    short: Decimal
    long: Decimal
