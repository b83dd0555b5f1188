"""The basis that brokers report where nobody states it: setting Broker Basis = derive, and a warning without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence

from capgain.engine.box_letters import BASIS_REPORTED
from capgain.engine.classes import BrokerBasis
from capgain.engine.forms.form_1099.brokers_view import BrokersView, SaleAndLot
from capgain.engine.forms.form_1099.printed_figures import printed
from capgain.engine.ledger import Ledger
from capgain.engine.money import share_out
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.dispositions import Disposition
from capgain.engine.transactions import Disposal


def with_derived_basis(
    ledger: Ledger, rows: Sequence[Disposition], brokers: BrokersView, on_a_form: Container[int]
) -> tuple[list[Disposition], list[Problem]]:
    """The rows whose lots hold losses of other accounts: with the broker's basis and code B, or with a warning.

    Only where the basis was reported to the IRS and nothing is stated of it, in the ledger or by a form.
    """
    found = list(rows)
    problems: list[Problem] = []
    if not brokers.replaced_from_elsewhere:
        return found, problems
    stated = {
        entry.row
        for entry in ledger.transactions
        if isinstance(entry, Disposal) and (entry.reported_basis is not None or "B" in entry.code)
    }
    lots: defaultdict[SaleAndLot, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if place in on_a_form or row.row in stated:
            continue
        if row.lot_row in brokers.replaced_from_elsewhere and row.box in BASIS_REPORTED:
            lots[row.row, row.lot_row].append(place)
    if ledger.settings.broker_basis is BrokerBasis.STATED:
        return found, [_not_as_reported(ledger, sale) for sale in dict.fromkeys(sale for sale, _ in lots)]
    for (sale, lot_row), places in lots.items():
        seen = brokers.of(sale, lot_row)
        if seen is None or seen.units != sum(rows[place].units for place in places):
            problems.append(_not_derived(ledger, sale))
            continue
        own = [rows[place].basis_cents for place in places]
        if seen.basis == sum(own):
            continue
        shares = share_out(seen.basis, [rows[place].units for place in places])
        for place, share in zip(places, shares, strict=True):
            row = rows[place]
            if share != row.basis_cents:
                proceeds = None if row.on_1099 is None else row.proceeds_cents
                found[place] = _with_basis(row, proceeds, share)
    return found, problems


def _with_basis(row: Disposition, proceeds: int | None, basis: int) -> Disposition:
    """The row with the basis derived; proceeds that the ledger states of the form stay."""
    if row.on_1099 is None:
        return printed(row, basis=basis, codes="B")
    bare = row._replace(
        proceeds_cents=row.net_cents,
        adjustment_cents=row.adjustment_cents - row.on_1099.expense_cents,
        on_1099=None,
    )
    again = printed(bare, proceeds=proceeds, basis=basis, codes="B")
    assert again.on_1099 is not None
    kept = row.on_1099
    return again._replace(
        on_1099=again.on_1099._replace(group=kept.group, acquired_text=kept.acquired_text, continued=kept.continued)
    )


def _not_as_reported(ledger: Ledger, sale: int) -> Problem:
    return Problem(
        Severity.WARNING,
        ledger.sheet,
        sale,
        "Reported Basis",
        "a loss of another account or security is in the basis of these lots, which the broker does not know of: its "
        "Form 1099 will show another basis.",
        "Enter it in Reported Basis or on sheet 1099, or set Broker Basis to derive.",
        "BASIS_NOT_AS_REPORTED",
    )


def _not_derived(ledger: Ledger, sale: int) -> Problem:
    return Problem(
        Severity.WARNING,
        ledger.sheet,
        sale,
        "Reported Basis",
        "the basis that the broker reports cannot be derived: by its own wash sales it would have sold other lots.",
        "Enter the basis on its Form 1099 in Reported Basis.",
        "BROKER_BASIS_NOT_DERIVED",
        blocks_filing=True,
    )
