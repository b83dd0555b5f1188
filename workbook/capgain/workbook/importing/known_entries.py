"""What the rows of a Ledger that there is come to: its transfers, what they opened, what came, left and was sold."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from capgain.engine.ledger import Ledger
from capgain.engine.transactions import (
    Buy,
    CapitalGainDistribution,
    Cover,
    Dividend,
    Entry,
    Interest,
    Opening,
    PoolIn,
    PoolOut,
    ProtocolMove,
    Reinvest,
    Sell,
    ShortSell,
    Transfer,
)
from capgain.engine.transactions.entry import Disposal
from capgain.workbook.importing.lot_rows import OfDay
from capgain.workbook.importing.lots_by_other_names import SaleThere

_CHANGE_UNITS = Buy | Cover | Reinvest | Opening | Sell | ShortSell
_CHANGE_NONE = Dividend | Interest | CapitalGainDistribution


@dataclass(frozen=True, slots=True)
class KnownTransfer:
    """A Transfer of the Ledger, or a move through a protocol, to recognise the same event in a file of another source.

    `formats` are those whose files its row came from; none for a row entered by hand.
    """

    entry: Transfer | ProtocolMove
    formats: frozenset[str]

    @property
    def arrived(self) -> tuple[str, str, Decimal]:
        """The asset that came, the account it came to, and its units."""
        entry = self.entry
        if isinstance(entry, ProtocolMove):
            return entry.received_asset, entry.arrives_in, entry.received_quantity
        return entry.asset, entry.to_account, entry.arrived


@dataclass(frozen=True, slots=True)
class KnownEntries:
    """What matters of the rows for what is imported beside them; accounts and assets without regard to case.

    `openings` are the rows of the first purchase or short sale and `changes` the units that came (above 0) and left
    by trades, by account and asset; `changed_otherwise` are assets that splits, transfers and the like changed too.
    `sales` are units sold, given away or lapsed, `opened` the lots opened by the day on which they were acquired.
    """

    transfers: Sequence[KnownTransfer]
    openings: Mapping[tuple[str, str], int]
    changes: Mapping[tuple[str, str], Sequence[tuple[datetime, Decimal]]]
    changed_otherwise: frozenset[str]
    sales: Sequence[SaleThere]
    opened: Mapping[OfDay, str]


def known_entries(ledger: Ledger, examples: Container[int], formats: Callable[[int], frozenset[str]]) -> KnownEntries:
    """The rows without `examples`; `formats` are those of the files that a row came from."""
    own = [entry for entry in ledger.transactions if entry.row not in examples]
    return KnownEntries(
        transfers=[
            KnownTransfer(entry, formats(entry.row))
            for entry in own
            if isinstance(entry, Transfer | ProtocolMove) and not isinstance(entry, PoolIn | PoolOut)
        ],
        openings={
            (entry.account.casefold(), entry.asset.casefold()): entry.row
            for entry in reversed(own)
            if isinstance(entry, Buy | ShortSell)
        },
        changes=_changes(own),
        changed_otherwise=frozenset(
            entry.asset.casefold() for entry in own if not isinstance(entry, _CHANGE_UNITS | _CHANGE_NONE)
        ),
        sales=_sales(own),
        opened={
            (entry.account.casefold(), entry.asset.casefold(), entry.acquired): entry.lot
            for entry in own
            if isinstance(entry, Opening) and entry.lot and isinstance(entry.acquired, date)
        },
    )


def _sales(entries: Iterable[Entry]) -> list[SaleThere]:
    return [
        SaleThere(entry.account, entry.asset, entry.at.date(), entry.quantity, entry.amount, entry.amount - entry.fee)
        for entry in entries
        if isinstance(entry, Disposal | ShortSell)
    ]


def _changes(entries: Iterable[Entry]) -> dict[tuple[str, str], list[tuple[datetime, Decimal]]]:
    """Units that came to an account (above 0) or left it, by account and asset; splits are not worked out."""
    found: dict[tuple[str, str], list[tuple[datetime, Decimal]]] = {}
    for entry in entries:
        key = (entry.account.casefold(), entry.asset.casefold())
        if isinstance(entry, Buy | Cover | Reinvest | Opening):
            found.setdefault(key, []).append((entry.at, entry.quantity))
        elif isinstance(entry, Sell | ShortSell):
            found.setdefault(key, []).append((entry.at, -entry.quantity))
    return found
