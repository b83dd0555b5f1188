"""Grantor trusts whose own sales the ledger does not have (Treas. Reg. 1.671-5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.report import YearReport, default_year
from capgain.engine.transactions import TrustSale
from capgain.engine.trust_holdings import TRUSTS


def trust_sales_missing(
    ledger: Ledger, held: Mapping[int, frozenset[str]], years: Mapping[int, YearReport], today: date
) -> Iterator[Problem]:
    """Trusts held at the end of a year that is over without a Trust Sale in it, told of the year shown."""
    year = default_year(ledger, years, today)
    if year is None or today <= date(year, 12, 31):
        return
    trusts = held.get(year, frozenset())
    if not trusts:
        return
    sold = {entry.asset for entry in ledger.transactions if isinstance(entry, TrustSale) and entry.at.year == year}
    missing = sorted(trusts - sold)
    if not missing:
        return
    names = ", ".join(f"{asset} ({TRUSTS[asset.upper()][1]})" for asset in missing)
    first = min(entry.row for entry in ledger.transactions if entry.asset in missing)
    yield Problem(
        Severity.WARNING,
        ledger.sheet,
        first,
        "Asset",
        f"held at the end of {year} without a Trust Sale in it: {names}. Such trusts sell a little of what they hold "
        "to pay expenses, and each owner reports it (Treas. Reg. 1.671-5).",
        "Import the table of sales in the sponsor's tax statement of the year (docs/importing.md), or enter its Trust "
        "Sale rows, if there were sales.",
        "TRUST_SALES_MISSING",
    )
