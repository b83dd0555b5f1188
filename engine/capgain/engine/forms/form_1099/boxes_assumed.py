"""Accounts whose box of Form 8949 is assumed, once the sheet 1099 is known: a box that a form's row says is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem
from capgain.engine.results.dispositions import Disposition, is_coin_fee
from capgain.engine.transactions import Disposal, Entry

BOX_ASSUMED, FOREIGN_EXCHANGE = "BOX_ASSUMED", "FOREIGN_EXCHANGE"
"""Problems of an account, told on the first of its sales."""


def still_assumed(
    ledger: Ledger, dispositions: Sequence[Disposition], problems: Sequence[Problem]
) -> Iterator[Problem]:
    """The problems; those of an assumed box on the account's first sale that no row of a form is about.

    Without such a sale they are settled: the form's row goes before the account (contract, column Reported).
    """
    entries: dict[int, Entry] = {}
    of_row: dict[int, list[int]] = {}
    of_account: dict[str, list[int]] = {}
    for problem in problems:
        if problem.code not in (BOX_ASSUMED, FOREIGN_EXCHANGE):
            yield problem
            continue
        if not entries:
            entries = {entry.row: entry for entry in ledger.transactions}
            of_row, of_account = _places(dispositions)
        places = of_row.get(problem.row, [])
        accounts = {dispositions[place].account for place in places}
        from_then_on = sorted(place for account in accounts for place in of_account[account] if place >= places[0])
        assumed = (
            row.row
            for row in map(dispositions.__getitem__, from_then_on)
            if (row.asset_class.is_digital or problem.code == BOX_ASSUMED)
            and not _is_told(ledger, row, entries.get(row.row))
        )
        row = next(assumed, 0)
        if row or not accounts:
            yield replace(problem, row=row or problem.row)


def _places(dispositions: Sequence[Disposition]) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
    """The places of the rows of Form 8949 by their row of the ledger and by account, in order."""
    of_row: dict[int, list[int]] = {}
    of_account: dict[str, list[int]] = {}
    for place, row in enumerate(dispositions):
        of_row.setdefault(row.row, []).append(place)
        of_account.setdefault(row.account, []).append(place)
    return of_row, of_account


def _is_told(ledger: Ledger, row: Disposition, entry: Entry | None) -> bool:
    """Whether a row of a form, column Reported of the sale or Settings on the asset say what a Form 1099 reports."""
    if row.on_1099 is not None and row.on_1099.row:
        return True
    if isinstance(entry, Disposal) and entry.reported is not None and not is_coin_fee(row.kind, entry):
        return True
    said = ledger.settings.reported_by_asset.get(row.asset)
    return said is not None and said.of(row.sold.year) is not None
