"""Each row of sheet 1099 against what Form 8949 prints of it: every figure agrees, is explained, or stands as open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.broker_rows import BOX_REPORTED, SHEET, BrokerRow
from capgain.engine.classes import Reported
from capgain.engine.forms.form_1099.answered import AnsweredRow
from capgain.engine.forms.form_1099.outcome import Difference, Figure
from capgain.engine.forms.form_1099.sheet_rows import accounts_of
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.money import CENT, ZERO, from_cents
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.dispositions import Disposition

WORDS = {
    "fee": "the broker reports gross proceeds; the costs of selling stand in (g)",
    "more received": "more was received than the form shows: column (d) has the correct proceeds",
    "purchase fee": "our basis has the costs of buying in it, the broker's has not",
    "wash across accounts": "the broker looks at one account and one CUSIP, the law at all of both spouses'",
    "pay": "what was taxed as pay is in our basis, the broker's has it not",
    "option": "what an option cost or brought is in our figure, the broker's is the strike price",
    "no basis known": "the units came from another account, as a gift or by inheritance",
    "basis shown to the taxpayer alone": "a basis that was not reported to the IRS is wrong: (e) is the correct one",
    "holding period": "the holding period is not that from purchase to sale",
    "term": "the broker counts the term without what lengthens the holding period",
    "the broker's loss was smaller": "the broker's own loss was smaller by what B and E correct",
    "wash amount": "the broker's wash sales are those of one account and one CUSIP",
    "basis not reported": "the form has no basis for these sales; column (e) holds that of the ledger's lots",
    "the form says nothing": "the box is blank on the form",
    "rounding": "cents that the broker rounded otherwise",
    "as noted": "explained in Note",
    "smaller wash sale loss": "explained in Note; sheet Statements has it for the return",
    "loss not allowed": "explained in Note",
    "acquired date": "the broker shows the day before or after the holding period was added",
}
"""What the causes of the engine mean to a reader."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a form. `broker` and `ours` are dollars, words, or None for a blank box.

    `heading` and `against` are the columns of sheet Gains that hold ours, and on a line that says what corrects a
    printed figure the printed one; "" for none. `explained` is what of the difference is settled.
    """

    figure: str
    broker: Decimal | str | None
    ours: Decimal | str
    heading: str
    explained: Decimal
    classes: tuple[str, ...]
    why: str
    is_settled: bool
    against: str = ""

    @property
    def difference(self) -> Decimal:
        """The form's amount less ours; 0 where words are compared."""
        if isinstance(self.ours, str) or isinstance(self.broker, str):
            return ZERO
        return (self.broker or ZERO) - self.ours

    @property
    def open(self) -> Decimal:
        return self.difference - self.explained


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A row of a form, or rows about one lot together, with the rows of Form 8949 it is about.

    `accounts` are those of that broker.
    """

    forms: tuple[BrokerRow, ...]
    accounts: tuple[str, ...]
    rows: tuple[Disposition, ...]
    lines: tuple[Line, ...]

    @property
    def form(self) -> BrokerRow:
        return self.forms[0]

    @property
    def is_settled(self) -> bool:
        return all(line.is_settled for line in self.lines)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Rows in boxes for reported sales that no row of a form is about, by account and box."""

    account: str
    box: str
    rows: tuple[Disposition, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All rows of the sheet, what is on no form, and how many rows of other years were passed over."""

    reconciled: tuple[Reconciled, ...]
    unmatched: tuple[Unmatched, ...]
    other_years: int


def reconcile(report: TaxReport, year: YearReport) -> Reconciliation | None:
    """The year's Form 8949 against what brokers reported; None without a sheet 1099 of that year."""
    answered = report.forms_1099
    if answered is None or answered.year != year.year:
        return None
    accounts = dict.fromkeys([*report.ledger.accounts, *(row.account for row in year.dispositions)])
    told: defaultdict[int, list[str]] = defaultdict(list)
    for problem in report.problems:
        if problem.sheet == SHEET:
            told[problem.row].append(f"{problem.message} {problem.remedy}")
    reconciled = []
    seen: set[int] = set()
    for rows in _together(answered.rows):
        first = rows[0]
        seen.update(map(id, first.rows))
        names = accounts_of(first.form.broker, accounts)
        lines = tuple(_lines(rows, " ".join(told[first.form.row])))
        reconciled.append(Reconciled(tuple(one.form for one in rows), names, first.rows, lines))
    return Reconciliation(tuple(reconciled), tuple(_unmatched(year, seen)), answered.other_years)


def _together(rows: Sequence[AnsweredRow]) -> list[list[AnsweredRow]]:
    """Rows of a form about one and the same lot stand together."""
    groups: dict[object, list[AnsweredRow]] = {}
    for one in rows:
        is_lot = one.form.is_of_a_sale and len(one.rows) == 1
        groups.setdefault(id(one.rows[0]) if is_lot else (one.form.row,), []).append(one)
    return list(groups.values())


def _unmatched(year: YearReport, seen: set[int]) -> Iterator[Unmatched]:
    groups: defaultdict[tuple[str, str], list[Disposition]] = defaultdict(list)
    for row in year.dispositions:
        if id(row) not in seen and row.box in BOX_REPORTED:
            groups[row.account, row.box].append(row)
    for (account, box), rows in groups.items():
        yield Unmatched(account, box, tuple(rows))


def _lines(rows: Sequence[AnsweredRow], told: str) -> Iterator[Line]:
    first = rows[0]
    forms = [one.form for one in rows]
    proceeds = sum((form.proceeds for form in forms), ZERO)
    if not first.rows and (first.is_unmatched or told):
        yield Line("Proceeds", proceeds, ZERO, "", ZERO, ("missing row",), told, is_settled=False)
        return
    by_figure: defaultdict[Figure, list[Difference]] = defaultdict(list)
    for difference in first.differences:
        by_figure[difference.figure].append(difference)
    totals = Totals.of(first.rows)
    basis = _sum([form.basis for form in forms])
    if not basis and first.form.reported is Reported.NO_BASIS:
        basis = None
    for figure, heading, broker, printed in (
        (Figure.PROCEEDS, "Proceeds", proceeds, totals.proceeds),
        (Figure.BASIS, "Basis", basis, totals.basis),
        (Figure.WASH, "Wash disallowed", _sum([form.wash for form in forms]), _wash(first.rows)),
    ):
        yield _compared(figure, heading, broker, printed, by_figure[figure], told, len(first.rows))
        yield from _corrected(figure, first.rows, by_figure[figure], told)
    for figure in (Figure.TERM, Figure.ACQUIRED, Figure.BOX, Figure.SALE):
        for one in by_figure[figure][:1]:
            broker_says, we_say = _words(figure, first)
            yield Line(figure.value, broker_says, we_say, "", ZERO, (one.cause,), _why([one], told), not one.open)


def _compared(
    figure: Figure,
    heading: str,
    broker: Decimal | None,
    printed: Decimal,
    found: Sequence[Difference],
    told: str,
    rows: int,
) -> Line:
    difference = (broker or ZERO) - printed
    causes = tuple(dict.fromkeys(one.cause for one in found if one.cause))
    is_open = any(one.open for one in found)
    if not difference:
        return Line(figure.value, broker, printed, heading, ZERO, (), "agrees", is_settled=True)
    if broker is None:
        causes = ("basis not reported" if figure is Figure.BASIS else "the form says nothing",)
    elif is_open:
        return Line(figure.value, broker, printed, heading, ZERO, ("unexplained",), told, is_settled=False)
    elif not found or abs(difference) <= CENT * max(rows, 1):
        causes = ("rounding",) if abs(difference) <= CENT * max(rows, 1) else ("as stated in the ledger",)
    why = "; ".join(WORDS.get(cause, cause) for cause in causes)
    return Line(figure.value, broker, printed, heading, difference, causes, why, is_settled=True)


def _corrected(figure: Figure, rows: Sequence[Disposition], found: Sequence[Difference], told: str) -> Iterator[Line]:
    """What leads from the figure printed to the correct one: column (g) with its codes."""
    codes = "".join(sorted({one.letter for one in found if one.letter}))
    if figure is Figure.WASH or not codes:
        return
    totals = Totals.of(rows)
    if figure is Figure.PROCEEDS:
        printed, correct, heading, against = (
            totals.proceeds,
            sum(one.net_cents for one in rows),
            "Net proceeds",
            "Proceeds",
        )
    else:
        printed, correct = totals.basis, sum(one.correct_basis_cents for one in rows)
        heading, against = "Correct basis", "Basis"
    amount = printed - from_cents(correct)
    if not amount:
        return
    is_open = any(one.open for one in found)
    causes = tuple(dict.fromkeys(one.cause for one in found if one.cause)) or ("unexplained",)
    yield Line(
        f"{figure.value} corrected by {codes}",
        printed,
        from_cents(correct),
        heading,
        ZERO if is_open else amount,
        causes,
        _why(found, told),
        not is_open,
        against,
    )


def _words(figure: Figure, row: AnsweredRow) -> tuple[str, str]:
    """What the form and the ledger say where no amount is compared."""
    form, ours = row.form, row.rows[0]
    if figure is Figure.TERM:
        return form.term.value if form.term is not None else "other term", ours.term.value
    if figure is Figure.ACQUIRED:
        day = form.acquired.isoformat() if form.acquired is not None else form.acquired_text or "blank"
        return day, ours.acquired_text or ours.acquired.isoformat()
    if figure is Figure.BOX:
        return form.reported.value, f"box {ours.box}"
    return "loss not allowed", "no code L"


def _why(found: Sequence[Difference], told: str) -> str:
    if any(one.open for one in found):
        return told
    causes = dict.fromkeys(cause for one in found for cause in one.cause.split(" and ") if cause)
    return "; ".join(WORDS.get(cause, cause) for cause in causes)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, None where one is blank."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if len(known) == len(amounts) else None


def _wash(rows: Sequence[Disposition]) -> Decimal:
    return from_cents(sum(row.wash_cents for row in rows))
