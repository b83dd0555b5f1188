"""Each broker's Form 1099 against Form 8949, by account, box and asset; every difference classed or named as open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from capgain.engine.classes import Reported
from capgain.engine.money import ZERO
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results import Disposition
from capgain.workbook.handoff.reconciliation.causes import Cause, Column, causes, missing_row
from capgain.workbook.handoff.reconciliation.form_1099 import BOXES, BrokerRow

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

    @property
    def open_count(self) -> int:
        """Comparisons and groups of rows that are not settled."""
        return sum(not one.is_settled for one in self.reconciled) + len(self.unmatched)


def reconcile(report: TaxReport, year: YearReport, forms: Sequence[BrokerRow]) -> Reconciliation:
    """Compare the year's Form 8949 with what brokers reported."""
    accounts = dict.fromkeys(row.account for row in year.dispositions)
    covered: set[int] = set()
    reconciled = []
    for form in forms:
        names = accounts_of(form.broker, accounts)
        mine = [row for row in year.dispositions if row.account in names]
        rows = tuple(row for row in mine if row.box in form.boxes and _is_of(row, form))
        covered.update(id(row) for row in rows)
        reconciled.append(Reconciled(form, names, rows, tuple(_compare(report, form, rows, mine))))
    return Reconciliation(tuple(reconciled), _unmatched(year.dispositions, covered))


def accounts_of(broker: str, accounts: Iterable[str]) -> tuple[str, ...]:
    """The ledger's accounts of a broker: that of the same name, else those whose names begin with it."""
    wanted = broker.casefold()
    names = tuple(accounts)
    same = tuple(name for name in names if name.casefold() == wanted)
    return same or tuple(name for name in names if name.casefold().startswith(f"{wanted} "))


def _is_of(row: Disposition, form: BrokerRow) -> bool:
    return not form.asset or row.asset.casefold() == form.asset.casefold()


def _unmatched(rows: Iterable[Disposition], covered: set[int]) -> tuple[Unmatched, ...]:
    on_a_form = BOXES[Reported.BASIS] + BOXES[Reported.NO_BASIS]
    groups: dict[tuple[str, str], list[Disposition]] = {}
    for row in rows:
        if row.box in on_a_form and id(row) not in covered:
            groups.setdefault((row.account, row.box), []).append(row)
    return tuple(Unmatched(account, box, tuple(found)) for (account, box), found in groups.items())


def _compare(
    report: TaxReport, form: BrokerRow, rows: tuple[Disposition, ...], of_account: Sequence[Disposition]
) -> Iterable[Comparison]:
    sides: Mapping[Column, tuple[Decimal | None, Decimal]] = {
        Column.PROCEEDS: (form.proceeds, sum((row.proceeds for row in rows), ZERO)),
        Column.BASIS: (form.basis, sum((row.basis for row in rows), ZERO)),
        Column.WASH: (form.wash, sum((row.wash_disallowed for row in rows), ZERO)),
    }
    for column, (broker, ours) in sides.items():
        difference = (broker or ZERO) - ours
        if not difference:
            yield Comparison(column, broker, ours, (), "")
            continue
        possible = causes(column, report, form, rows)
        explained = _that_add_up(possible, difference, len(rows)) or _with_a_missing_row(
            column, possible, difference, rows, of_account
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
    column: Column,
    possible: Sequence[Cause],
    difference: Decimal,
    rows: Sequence[Disposition],
    of_account: Sequence[Disposition],
) -> tuple[Cause, ...]:
    """One sale that only one side has, together with as few other causes as it takes."""
    for count in range(len(possible) + 1):
        for chosen in combinations(possible, count):
            rest = difference - sum((cause.amount for cause in chosen), ZERO)
            missing = missing_row(column, rest, rows, of_account)
            if missing is not None:
                return (*chosen, missing)
    return ()


def _hint(column: Column, form: BrokerRow, rows: Sequence[Disposition], possible: Sequence[Cause]) -> str:
    if not rows:
        what = f" of {form.asset}" if form.asset else ""
        return f"Missing row: the ledger has no sale{what} from this broker in box {' or '.join(form.boxes)}."
    tried = "; ".join(f"{cause.name} would be {cause.amount:,.2f}" for cause in possible)
    look = {
        Column.PROCEEDS: "Compare the broker's list of sales with the rows of this account: a sale may be missing, "
        "doubled, or in another box.",
        Column.BASIS: "Compare lot by lot: another order of lots, a corporate action or a transfer may be behind it. "
        "Where the broker's basis is wrong, enter it in column Reported Basis: the row then gets code B.",
        Column.WASH: "Compare the broker's wash sales with sheet Wash Sales.",
    }[column]
    return f"{look} Tried: {tried}." if tried else look
