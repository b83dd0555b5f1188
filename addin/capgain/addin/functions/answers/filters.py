"""Asset and account as filters: a name the ledger does not know is no answer, never a zero."""

from __future__ import annotations

from dataclasses import dataclass

from capgain.addin.functions.cells import ErrorCode, Failure
from capgain.addin.functions.ledgers import Computed
from capgain.engine.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Filter:
    """Passes rows of one asset, one account, both or all; names are compared without case."""

    asset: str = ""
    account: str = ""

    @classmethod
    def of(cls, computed: Computed, asset: str | None, account: str | None) -> Filter:
        """Raises Failure (#N/A) for an asset or account that no row of the ledger names."""
        wanted = cls((asset or "").casefold(), (account or "").casefold())
        if asset and wanted.asset not in _assets(computed.ledger):
            raise Failure(ErrorCode.NOT_AVAILABLE, f"No row of the ledger names the asset {asset!r}.")
        if account and wanted.account not in _accounts(computed.ledger):
            raise Failure(ErrorCode.NOT_AVAILABLE, f"No row of the ledger names the account {account!r}.")
        return wanted

    def passes(self, asset: str, account: str) -> bool:
        return (not self.asset or asset.casefold() == self.asset) and (
            not self.account or account.casefold() == self.account
        )

    @property
    def is_open(self) -> bool:
        """Lets everything pass."""
        return not (self.asset or self.account)


def _assets(ledger: Ledger) -> set[str]:
    """The assets that rows name, and those that come in or go out when an option is used."""
    named = {entry.asset for entry in ledger.transactions}
    named.update(contract.underlying for contract in ledger.contracts.values())
    for entry in ledger.transactions:
        named.add(getattr(entry, "received_asset", ""))
        fee = getattr(entry, "coin_fee", None)
        if fee is not None:
            named.add(fee.asset)
    return {name.casefold() for name in named if name}


def _accounts(ledger: Ledger) -> set[str]:
    named = {entry.account for entry in ledger.transactions} | set(ledger.accounts)
    for entry in ledger.transactions:
        named.add(getattr(entry, "to_account", ""))
        named.update(getattr(entry, "accounts", ()))
    return {name.casefold() for name in named if name}
