"""What tells one event from another, whichever file speaks of it: the source's own id, else content and its count.

Two lines that are equal in every cell are two events (fills of one order, sub-lots): the n-th of them in one file is
the same event as the n-th of them in another file that overlaps it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from hashlib import blake2b

from capgain.workbook.importing.movements import Becomes, Movement


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else format(amount.normalize(), "f") if amount else "0"


def content(movement: Movement) -> str:
    """A short digest of what happened, the same for every way of writing it (zones, trailing zeros, column order)."""
    said = (
        movement.becomes.value,
        movement.moment.canonical(),
        movement.account.casefold(),
        movement.to_account.casefold(),
        movement.kind.casefold(),
        movement.out_asset.casefold(),
        _plain(movement.out_quantity),
        movement.in_asset.casefold(),
        _plain(movement.in_quantity),
        _plain(movement.value),
        movement.fee_asset.casefold(),
        _plain(movement.fee_quantity),
        movement.ratio,
        movement.chain_id.casefold(),
        *(movement.note,) * (movement.becomes not in _NOTE_VARIES),
        *(f"{name}={cell}" for name, cell in sorted(movement.cells.items())),
    )
    return blake2b("\x1f".join(said).encode(), digest_size=8).hexdigest()


_NOTE_VARIES = frozenset({Becomes.LEG, Becomes.FEE_LEG, Becomes.CHAIN_LEG})


def name_events(movements: Iterable[Movement]) -> None:
    """Give every movement of one file its key."""
    counted: Counter[str] = Counter()
    named: dict[str, Movement] = {}
    for movement in movements:
        if movement.becomes is Becomes.LEDGER_ROW and movement.cells.get("Source Key"):
            movement.key = movement.cells["Source Key"]
            continue
        if movement.id and not (movement.becomes in _NOTE_VARIES and movement.group == movement.id):
            within = f"{movement.account}:" if movement.is_of_account else ""
            movement.key = f"{movement.format}:{within}{movement.id}"
            first = named.setdefault(movement.key, movement)
            if first is movement and movement.id != movement.order:
                continue
            digest = content(movement)
            if first is not movement and content(first) != digest:
                # The source uses the id for several events; the content tells them apart.
                movement.key = f"{movement.key}#{digest}"
            if movement.id == movement.order:
                # An order's fills may be equal in every cell.
                counted[movement.key] += 1
                if (place := counted[movement.key]) > 1:
                    movement.key = f"{movement.key.partition('#')[0]}#{digest}.{place}"
            continue
        digest = content(movement)
        counted[digest] += 1
        movement.key = f"{movement.format}:~{digest}.{counted[digest]}"
