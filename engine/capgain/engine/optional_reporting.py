"""Sales that an exchange need not report on Form 1099-DA (Instructions for Form 1099-DA (2026), optional methods)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from capgain.engine.box_letters import NOT_REPORTED
from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.ledger import Ledger
from capgain.engine.money import dollars, from_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import Disposal, Trade, Transaction

STABLECOINS = frozenset(["USDC", "USDT", "DAI", "PYUSD", "GUSD", "USDP", "TUSD", "FDUSD", "RLUSD", "USDG", "BUSD"])
"""Coins held to one dollar; sold for cash or for another of them."""

STABLECOINS_UP_TO = Decimal(10_000)
NFTS_UP_TO = Decimal(600)
"""Dollars a year and customer up to which no sale need be reported."""

_FIRST_YEAR = 2025


def optional_reporting(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """Say of each account and year that such sales may have come without a form, where nothing says what came."""
    exchanges = frozenset(
        account.name
        for account in ledger.accounts.values()
        if account.kind is AccountKind.EXCHANGE and not account.is_abroad and account.reported is None
    )
    if not exchanges:
        return
    entries = {entry.row: entry for entry in ledger.transactions}
    sales: defaultdict[tuple[str, int, bool], list[Disposition]] = defaultdict(list)
    for row in dispositions:
        if (
            row.account in exchanges
            and row.sold.year >= _FIRST_YEAR
            and _is_taken_as_reported(ledger, row, entries.get(row.row))
        ):
            sales[row.account, row.sold.year, row.asset_class is AssetClass.NFT].append(row)
    for (account, year, are_nfts), rows in sales.items():
        limit = NFTS_UP_TO if are_nfts else STABLECOINS_UP_TO
        total = from_cents(sum(row.proceeds_cents for row in rows))
        if total <= limit:
            assets = sorted({row.asset for row in rows})
            remedies = " and ".join(f"Reported {asset} = none" for asset in assets)
            yield Problem(
                Severity.WARNING,
                ledger.sheet,
                rows[0].row,
                "Reported",
                f"sales of {', '.join(assets)} of {dollars(total)} at {account} in {year} are taken as reported; up to "
                f"{limit:,} a year the exchange need not report.",
                f"If no form came: {remedies}.",
                code="OPTIONAL_REPORTING",
                year=year,
            )


def _is_taken_as_reported(ledger: Ledger, row: Disposition, entry: Transaction | None) -> bool:
    if row.asset in ledger.settings.reported_by_asset or (isinstance(entry, Disposal) and entry.reported is not None):
        return False
    if row.box in NOT_REPORTED:
        return False
    if row.asset_class is AssetClass.NFT:
        return row.kind in (Kind.SALE, Kind.SWAP)
    if row.asset_class is not AssetClass.CRYPTO or row.asset.upper() not in STABLECOINS:
        return False
    into_another = isinstance(entry, Trade) and entry.received_asset.upper() in STABLECOINS
    return row.kind is Kind.SALE or (row.kind is Kind.SWAP and into_another)
