"""Events told of twice: in the Ledger, on Open Items with a decision, or in another file of the same import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.known_entries import KnownTransfer
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import DUPLICATE, Ignored, Unsettled
from capgain.workbook.importing.reading_files import FilesRead


def each_once(movements: Sequence[Movement], reading: FilesRead) -> list[Movement]:
    """One movement for each key: two files of one source may tell of the same trade in different ways."""
    first: dict[str, Movement] = {}
    for movement in movements:
        known = first.setdefault(movement.key, movement)
        if known is not movement:
            reason = f"{DUPLICATE} {known.lines[0].file}, line {known.lines[0].line}"
            reading.ignored.extend(Ignored(place, reason) for place in movement.lines)
    return list(first.values())


def new_movements(
    movements: Iterable[Movement], known: Mapping[str, int], decided: set[str], reading: FilesRead
) -> list[Movement]:
    """Those without a row in the Ledger (`known`, by key) and without a decision; the others are noted as ignored."""
    new = []
    for movement in movements:
        where = _where_known(movement.key, known, decided)
        if where:
            reading.ignored.extend(Ignored(place, where) for place in movement.lines)
        else:
            new.append(movement)
    return new


def _where_known(key: str, known: Mapping[str, int], decided: set[str]) -> str:
    if key in known:
        return f"{DUPLICATE} the Ledger, row {known[key]}"
    return f"{DUPLICATE} Open Items, with a decision" if key in decided else ""


def still_unsettled(
    unsettled: Iterable[Unsettled], known: Mapping[str, int], decided: set[str], reading: FilesRead
) -> list[Unsettled]:
    """Those that no row of the Ledger settles, made by an earlier import or entered for a part, and no decision."""
    kept = []
    groups = {key.rpartition("/")[0]: row for key, row in known.items() if "/" in key}
    for one in unsettled:
        where = _where_known(one.key, known if one.key in known else groups, decided)
        if where:
            reading.ignored.extend(Ignored(place, where) for place in one.places)
        else:
            kept.append(one)
    return kept


def not_entered_by_hand(halves: Sequence[Movement], book: ExistingBook | None, reading: FilesRead) -> list[Movement]:
    """Withdrawals and deposits that no move of the Ledger, entered by hand or from another source, tells of."""
    if book is None or not halves:
        return list(halves)
    transfers = book.entries().transfers
    free = {Becomes.WITHDRAWAL: list(transfers), Becomes.DEPOSIT: list(transfers)}
    kept = []
    for half in halves:
        entered = next((transfer for transfer in free[half.becomes] if _same_event(half, transfer)), None)
        if entered is None:
            kept.append(half)
            continue
        free[half.becomes].remove(entered)
        reading.ignored.extend(
            Ignored(place, f"{DUPLICATE} the Ledger, row {entered.entry.row}") for place in half.lines
        )
    return kept


def _same_event(half: Movement, known: KnownTransfer) -> bool:
    entry = known.entry
    if half.format in known.formats or abs((half.at.date() - entry.at.date()).days) > 1:
        return False
    left = (entry.asset, entry.account, entry.quantity)
    asset, account, units = left if half.becomes is Becomes.WITHDRAWAL else known.arrived
    moved = half.out_quantity if half.becomes is Becomes.WITHDRAWAL else half.in_quantity
    names = half.asset.casefold(), half.account.casefold()
    return names == (asset.casefold(), account.casefold()) and units == moved
