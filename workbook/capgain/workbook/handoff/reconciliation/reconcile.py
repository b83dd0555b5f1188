"""Each broker's Form 1099 against Form 8949, by account, box and asset; every difference classed or named as open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import combinations

from capgain.engine.money import ZERO, dollars
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results import Disposition
from capgain.workbook.handoff.reconciliation.causes import Cause, causes, missing_row, total
from capgain.workbook.handoff.reconciliation.form_1099 import BrokerRow
from capgain.workbook.handoff.reconciliation.sales import Column, Sales

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One column of one row of a Form 1099: what the broker says, what Form 8949 says, and why they differ.

    `open` is what no cause explains, in dollars; `hint` says what to look at then. `broker` None: the form leaves the
    box empty.
    """

    column: Column
    broker: Decimal | None
    ours: Decimal
    explained: tuple[Cause, ...]
    hint: str

    @property
    def difference(self) -> Decimal:
        """The broker's amount minus ours; an empty box counts as zero."""
        return (self.broker or ZERO) - self.ours

    @property
    def open(self) -> Decimal:
        return self.difference - sum((cause.amount for cause in self.explained), ZERO)

    @property
    def is_settled(self) -> bool:
        return not self.open and all(cause.settles for cause in self.explained)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A row of a Form 1099 with the rows of Form 8949 it covers. `accounts` are those of that broker."""

    form: BrokerRow
    accounts: tuple[str, ...]
    rows: tuple[Disposition, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def is_settled(self) -> bool:
        return bool(self.accounts) and all(comparison.is_settled for comparison in self.comparisons)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Rows in boxes for reported sales that no row of a Form 1099 covers, by account and box."""

    account: str
    box: str
    rows: tuple[Disposition, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All of a year's comparisons, the reported rows without a form, and rows that are on no Form 1099 by nature."""

    reconciled: tuple[Reconciled, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def is_settled(self) -> bool:
        return all(one.is_settled for one in self.reconciled) and not self.unmatched


def reconcile(report: TaxReport, year: YearReport, forms: Sequence[BrokerRow]) -> Reconciliation:
    """Compare the year's Form 8949 with what brokers reported."""
    sales = Sales(report, year)
    covered: set[int] = set()
    reconciled = []
    for form in forms:
        names = accounts_of(form.broker, sales.accounts)
        rows = sales.of(form, names)
        covered.update(map(id, rows))
        reconciled.append(Reconciled(form, names, rows, tuple(_compare(sales, form, rows, names))))
    left = sales.not_covered(covered)
    return Reconciliation(
        tuple(reconciled), tuple(Unmatched(account, box, rows) for (account, box), rows in left.items())
    )


def accounts_of(broker: str, accounts: Iterable[str]) -> tuple[str, ...]:
    """The ledger's accounts of a broker: that of the same name, else those whose names begin with it."""
    wanted = broker.casefold()
    names = tuple(accounts)
    same = tuple(name for name in names if name.casefold() == wanted)
    return same or tuple(name for name in names if name.casefold().startswith(f"{wanted} "))


def _compare(
    sales: Sales, form: BrokerRow, rows: tuple[Disposition, ...], accounts: tuple[str, ...]
) -> Iterable[Comparison]:
    stated = {Column.PROCEEDS: form.proceeds, Column.BASIS: form.basis, Column.WASH: form.wash}
    for column, broker in stated.items():
        ours = total(column, rows)
        difference = (broker or ZERO) - ours
        if not difference:
            yield Comparison(column, broker, ours, (), "")
            continue
        possible = causes(column, sales, form, rows)
        explained = _that_add_up(possible, difference, len(rows)) or _with_a_missing_row(
            possible, difference, partial(missing_row, column, sales, rows, accounts)
        )
        hint = "" if explained else _hint(column, form, rows, possible)
        yield Comparison(column, broker, ours, explained, hint)


def _that_add_up(possible: Sequence[Cause], difference: Decimal, rows: int) -> tuple[Cause, ...]:
    """The fewest causes that explain the difference to the cent; cents of rounding count once all else is said."""
    slack = CENT * max(1, rows)
    for count in range(1, len(possible) + 1):
        for chosen in combinations(possible, count):
            if sum((cause.amount for cause in chosen), ZERO) == difference:
                return chosen
    for count in range(len(possible) + 1):
        for chosen in combinations(possible, count):
            rest = difference - sum((cause.amount for cause in chosen), ZERO)
            if abs(rest) <= slack:
                return (*chosen, Cause("rounding", rest, "cents rounded sale by sale by the broker", ()))
    return ()


def _with_a_missing_row(
    possible: Sequence[Cause], difference: Decimal, missing_for: Callable[[Decimal], Cause | None]
) -> tuple[Cause, ...]:
    """One sale that only one side has, together with as few other causes as it takes."""
    for count in range(len(possible) + 1):
        for chosen in combinations(possible, count):
            missing = missing_for(difference - sum((cause.amount for cause in chosen), ZERO))
            if missing is not None:
                return (*chosen, missing)
    return ()


def _hint(column: Column, form: BrokerRow, rows: Sequence[Disposition], possible: Sequence[Cause]) -> str:
    if not rows:
        what = f" of {form.asset}" if form.asset else ""
        return f"Missing row: the ledger has no sale{what} from this broker in box {' or '.join(form.boxes)}."
    tried = "; ".join(f"{cause.name} would be {dollars(cause.amount)}" for cause in possible)
    look = {
        Column.PROCEEDS: "Compare the broker's list of sales with the rows of this account: a sale may be missing, "
        "doubled, or in another box.",
        Column.BASIS: "Compare lot by lot: another order of lots, a corporate action or a transfer may be behind it. "
        "Where the broker's basis is wrong, enter it in column Reported Basis: the row then gets code B.",
        Column.WASH: "Compare the broker's wash sales with sheet Wash Sales.",
    }[column]
    return f"{look} Tried: {tried}." if tried else look
