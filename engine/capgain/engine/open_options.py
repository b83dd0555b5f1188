"""Options that the ledger leaves open although they must have ended (26 USC 1234; Pub. 550, Options)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from capgain.engine.classes import AssetClass
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, dollars
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.held import OpenLot, OpenShort
from capgain.engine.transactions import Acquisition, Contract, Disposal

GRACE = timedelta(days=30)
"""Days after an expiry in which its rows may still be entered."""


def open_options(
    ledger: Ledger, lots: Iterable[OpenLot], shorts: Iterable[OpenShort], today: date
) -> Iterator[Problem]:
    """One warning for each option whose symbol says that it expired while units of it are held or written.

    Where its underlying was traded at the strike price that day, it was probably exercised or assigned.
    """
    still_open = {lot.asset: lot.row for lot in lots if lot.asset_class is AssetClass.OPTION}
    still_open |= {short.asset: short.row for short in shorts if short.asset in ledger.contracts}
    for asset, row in still_open.items():
        contract = ledger.contracts.get(asset, Contract())
        if contract.expires is None:
            continue
        traded = _traded_at_strike(ledger, contract)
        if traded and contract.strike is not None:
            yield _warning(
                ledger,
                row,
                f"{asset} is left open, but {contract.underlying} was traded at its strike price of "
                f"{dollars(contract.strike)} on {contract.expires}, in row {traded}: it may have been exercised or "
                "assigned.",
                f"Enter Exercise or Assign in place of row {traded}, or Expire if the option lapsed.",
                "OPTION_LEFT_OPEN",
            )
        elif contract.expires + GRACE <= max(today, ledger.ends):
            yield _warning(
                ledger,
                row,
                f"{asset} expired on {contract.expires}, but units of it are left open.",
                "Enter Expire, Exercise or Assign, or the missing sale or purchase.",
                "OPTION_EXPIRED_OPEN",
            )


def _traded_at_strike(ledger: Ledger, contract: Contract) -> int | None:
    """The row in which the underlying was bought or sold at the strike price on the day of expiry."""
    for entry in ledger.transactions:
        if entry.asset != contract.underlying or entry.at.date() != contract.expires:
            continue
        if isinstance(entry, Acquisition | Disposal) and entry.quantity:
            at_strike = EXACT.multiply(contract.strike or Decimal(0), entry.quantity)
            if at_strike and entry.amount == at_strike:
                return entry.row
    return None


def _warning(ledger: Ledger, row: int, message: str, remedy: str, code: str) -> Problem:
    return Problem(Severity.WARNING, ledger.sheet, row, "Asset", message, remedy, code, blocks_filing=True)
