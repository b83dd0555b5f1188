"""Losses that a purchase after the ledger's end may still disallow (26 USC 1091(a); DECISIONS.md, W-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from capgain.engine.classes import AccountKind
from capgain.engine.forms.form_1099.answered import AnsweredForms
from capgain.engine.ledger import Ledger
from capgain.engine.money import dollars, from_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.dispositions import NEVER_WASHED, Disposition

_OF_COINS = frozenset({AccountKind.EXCHANGE, AccountKind.WALLET})

TOLD_ONE_BY_ONE = 10
"""More such sales are told of together."""


def open_windows(
    ledger: Ledger, dispositions: Iterable[Disposition], forms: AnsweredForms | None = None
) -> Iterator[Problem]:
    """One warning for each sale at a loss whose 30 days run past the ledger's end, or one for many of them.

    What was bought in those days is not known to the ledger, whatever today is, and that blocks filing. Where the 30
    days end within the year of a Form 1099 that has the sale, and no account that may hold securities is without such a
    form, the warning stands and blocks nothing: the sheet 1099 is part of the ledger, and a form is of the whole year.
    """
    ends, scope = ledger.ends, ledger.settings.wash_sales
    latest_closed = ends - WINDOW if ends - date.min > WINDOW else date.min
    on_form: set[int] = set()
    form_year: int | None = None
    if forms is not None and not _accounts_without_form(ledger, forms):
        on_form, form_year = {row.row for one in forms.rows for row in one.rows}, forms.year
    unknown: dict[int, list[Disposition]] = {}
    on_forms: dict[int, list[Disposition]] = {}
    for row in dispositions:
        if row.sold <= latest_closed or row.gain_cents >= 0 or row.kind in NEVER_WASHED:
            continue
        if scope.reaches(row.asset_class):
            by_form = row.row in on_form and row.sold.year == window_ends(row).year == form_year
            (on_forms if by_form else unknown).setdefault(row.row, []).append(row)
    yield from _told(ledger, list(unknown.values()), None)
    yield from _told(ledger, list(on_forms.values()), form_year)


def _accounts_without_form(ledger: Ledger, forms: AnsweredForms) -> set[str]:
    """The accounts in which securities may have been bought of which no form tells, such as every IRA."""
    from capgain.engine.forms.form_1099.sheet_rows import accounts_of

    named = {*ledger.accounts, *(entry.account for entry in ledger.transactions if not entry.for_every_account)}
    named.update(account for entry in ledger.transactions for account, _, _ in entry.names_too())
    kinds = {name: account.kind for name, account in ledger.accounts.items()}
    of_securities = {name for name in named if kinds.get(name) not in _OF_COINS}
    return of_securities.difference(*(accounts_of(one.form.broker, named) for one in forms.rows))


def window_ends(row: Disposition) -> date:
    """The last day on which a purchase replaces what was sold."""
    return row.sold + WINDOW


def _loss(rows: Sequence[Disposition]) -> str:
    return dollars(from_cents(-sum(row.gain_cents for row in rows)))


def _told(ledger: Ledger, sales: Sequence[Sequence[Disposition]], form_year: int | None) -> Iterator[Problem]:
    """`form_year` is that of the forms that have the sales, None where no form has."""
    if len(sales) > TOLD_ONE_BY_ONE:
        rows = [row for sale in sales for row in sale]
        yield _open_window(ledger, rows, f"losses of {_loss(rows)} on {len(sales)} sales", form_year)
        return
    for sale in sales:
        yield _open_window(ledger, sale, f"a loss of {_loss(sale)} on {sale[0].asset} ({sale[0].sold})", form_year)


def _open_window(ledger: Ledger, rows: Sequence[Disposition], what: str, form_year: int | None) -> Problem:
    until = max(map(window_ends, rows))
    on_form = "" if form_year is None else f"; on a Form 1099 of {form_year}, which is of the whole year"
    return Problem(
        Severity.WARNING,
        ledger.sheet,
        rows[0].row,
        "Date",
        f"{what} may still be disallowed: purchases up to {until} count, the ledger ends {ledger.ends}{on_form}.",
        f"Add the trades of every account up to {until}, then set Ledger Through = {until}.",
        code="WASH_WINDOW_OPEN",
        blocks_filing=form_year is None,
    )
