"""Movements of all files put together: pairs, transfers and dollar values, and what is not settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from capgain.workbook.importing.close_and_open import split_orders
from capgain.workbook.importing.dollar_values import PriceList, about_prices, fill_in
from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.known_events import each_once, new_movements, not_entered_by_hand, still_unsettled
from capgain.workbook.importing.ledger_rows import LedgerRow, Value, ledger_row, with_unique_ids
from capgain.workbook.importing.lot_rows import LOTS, OfDay, form_1099_rows, openings_among, take_lots
from capgain.workbook.importing.lots_by_other_names import (
    SalesThere,
    companies_among,
    use_names_of_ledger,
    with_symbols,
)
from capgain.workbook.importing.movements import Becomes, LineOfFile, Movement
from capgain.workbook.importing.on_chain import transaction_of
from capgain.workbook.importing.open_items import OpenItem
from capgain.workbook.importing.option_ends import end_options
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.importing.own_figures import without_contradictions
from capgain.workbook.importing.pairs import pair_up
from capgain.workbook.importing.pool_legs import join_pools
from capgain.workbook.importing.reading_files import FilesRead
from capgain.workbook.importing.same_events import once_by_content
from capgain.workbook.importing.splits import settle_splits, with_symbols_of_old_shares
from capgain.workbook.importing.transfers import match_transfers
from capgain.workbook.importing.written_options import tell_written_options


@dataclass(frozen=True, slots=True)
class Settled:
    """What an import comes to: rows for the Ledger and for the sheet 1099, what is to be known of them, what is not
    settled, the open items of earlier imports that stay as they are, and how many of those it settled. The rows of the
    sheet 1099 stand beside the same by the names that their file has for accounts and securities.

    `lots` are closed lots whose sale the Ledger has, `sales` rows of it whose basis or gain the source states too.
    """

    rows: Sequence[LedgerRow]
    form_1099: Sequence[Mapping[str, Value]]
    form_1099_as_in_the_file: Sequence[Mapping[str, Value]]
    notices: Sequence[str]
    unsettled: Sequence[Unsettled]
    open_items: Sequence[OpenItem]
    from_open_items: int
    lots: Sequence[Movement]
    sales: Sequence[Movement]


def settle(
    reading: FilesRead,
    book: ExistingBook | None,
    items: Sequence[OpenItem],
    prices: PriceList,
    *,
    enter_lots: bool = False,
    symbols: Mapping[str, str] | None = None,
) -> Settled:
    """Put together what was read; `items` are the open items of earlier imports. Duplicates are noted in `reading`.

    `enter_lots`: closed lots whose sale is told nowhere else become an Opening and a Sell each. `symbols` are those
    of securities that lists of closed lots call by names.
    """
    known = book.keys if book is not None else {}
    decided = {item.key for item in items if item.decided}
    told = [movement for movement in reading.movements if movement.becomes in LOTS]
    as_in_the_file = form_1099_rows(told)
    with_symbols((lot for lot in told if lot.lot is not None), symbols or {})
    lots = new_movements(told, known, decided, reading)
    others = [movement for movement in reading.movements if movement.becomes not in LOTS]
    with_symbols_of_old_shares(others)
    whole, halves_of_trades, renamed = pair_up(new_movements(others, known, decided, reading))
    reading.ignored.extend(renamed)
    whole, pools_at_fault = join_pools(whole)
    whole = each_once(new_movements(whole, known, decided, reading), reading)
    whole = once_by_content(whole, book.told() if book is not None and whole else {}, reading)
    waiting = {
        item.key: item.movement
        for item in items
        if item.movement is not None and item.key not in known and not item.decided
    }
    # Halves of a transaction on a chain whose other half came with a later file.
    made_whole = {movement.key for movement in whole}
    waiting = {key: half for key, half in waiting.items() if transaction_of(key) not in made_whole}
    revived = set(waiting)
    whole = _without_parts(whole, waiting)
    # An open item may have been completed by hand: it goes before the same event read again.
    whole = [
        replace(
            waiting.pop(movement.key),
            lines=movement.lines,
            moment=movement.moment,
            at=movement.at,
            zone_missing=movement.zone_missing,
        )
        if movement.key in waiting
        else movement
        for movement in whole
    ]
    whole, unsplit = settle_splits([*whole, *waiting.values()])
    of_options = tell_written_options(whole, book)
    whole, unended = end_options(whole, book)
    whole, contradicted = without_contradictions(whole)
    whole, undivided = split_orders(whole, book)
    halves = [movement for movement in whole if movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL)]
    whole = [movement for movement in whole if movement.becomes not in (Becomes.DEPOSIT, Becomes.WITHDRAWAL)]
    halves = not_entered_by_hand(halves, book, reading)
    matched = match_transfers(halves)
    reading.ignored.extend(matched.returned)
    whole += matched.transfers
    openings, unmatched = openings_among(matched.unmatched)
    unsettled = [
        *still_unsettled(reading.unsettled, known, decided, reading),
        *still_unsettled(halves_of_trades, known, decided, reading),
        *still_unsettled(pools_at_fault, known, decided, reading),
        *still_unsettled(contradicted, known, decided, reading),
        *unsplit,
        *unended,
        *undivided,
        *unmatched,
    ]
    rows = []
    without_price = []
    for movement in whole:
        lacking = fill_in(movement, prices)
        if lacking:
            without_price.append(movement)
            unsettled.append(
                Unsettled(
                    movement.lines,
                    movement.kind,
                    f"The file does not say {lacking}.",
                    "Give a price file with that date, or add it to the Prices sheet, and import again.",
                    movement=movement,
                    key=movement.key,
                    completes=True,
                )
            )
        else:
            rows.append(ledger_row(movement))
    vests = [*(lot for lot in lots if lot.becomes is Becomes.OPENING), *openings]
    sales = [lot for lot in lots if lot.becomes is not Becomes.OPENING]
    sold = SalesThere()
    opened: Mapping[OfDay, str] = {}
    if told:
        sold.add_rows(rows)
        for there in book.entries().sales if book is not None else ():
            sold.add(there)
        opened = book.entries().opened if book is not None else {}
        new = {id(lot) for lot in lots}
        use_names_of_ledger(sales, (lot for lot in told if id(lot) not in new), sold, reading.formats.values())
    taken = take_lots(sales, vests, sold, opened, enter=enter_lots)
    reading.ignored.extend(taken.ignored)
    unsettled += taken.unsettled
    rows += taken.rows
    rows.sort(key=lambda row: row.order)
    rows = with_unique_ids(rows, book.ids if book is not None else ())
    unsettled.sort(key=lambda one: (one.places[0].file, one.places[0].line, one.key))
    open_keys = {one.key for one in unsettled}
    made = {part for row in rows for part in row.key.split(" + ")}
    kept = [
        item
        for item in items
        if item.decided
        or (item.movement is None and item.key not in open_keys and item.key not in known and item.key not in made)
    ]
    priced = {id(movement) for movement in without_price}
    notices = [
        *about_prices(without_price, prices, [movement for movement in whole if id(movement) not in priced]),
        *taken.notices,
        *of_options,
    ]
    if companies := companies_among(lot for lot in sales if lot.lot is not None and not lot.lot.is_award):
        shown = "; ".join(companies[:_SHOWN]) + ("; …" if len(companies) > _SHOWN else "")
        notices.append(
            f"Securities are called by names, not by symbols: {shown}. Where the Ledger has, or will have, their "
            f'symbols, import once more with --symbol "{companies[0]}=SYMBOL" for each.'
        )
    if taken.waiting:
        plural = "sale is" if taken.waiting == 1 else "sales are"
        notices.append(f"{taken.waiting} {plural} not in the ledger; --lots enters them as Opening and Sell.")
    entered = {row.key for row in rows} | known.keys()
    sales = [
        one for one in (*others, *whole) if one.stated is not None and one.becomes in _SALES and one.key in entered
    ]
    once = {one.key: one for one in sales}
    return Settled(
        rows,
        form_1099_rows(told),
        as_in_the_file,
        notices,
        unsettled,
        kept,
        len(revived & made),
        taken.in_ledger,
        list(once.values()),
    )


def _without_parts(movements: Sequence[Movement], waiting: dict[str, Movement]) -> list[Movement]:
    """The movements without those that an item that waits is made of, such as both halves of a transfer that lacks a
    price; the item gets their lines."""
    made_of = {part: key for key in waiting for part in key.split(" + ") if part != key}
    lines: dict[str, tuple[LineOfFile, ...]] = {}
    for movement in movements:
        if movement.key in made_of:
            of = made_of[movement.key]
            lines[of] = (*lines.get(of, ()), *movement.lines)
    waiting |= {key: replace(waiting[key], lines=read) for key, read in lines.items()}
    return [movement for movement in movements if movement.key not in made_of]


_SHOWN = 5
"""Names that a notice holds at most."""

_SALES = frozenset({Becomes.SELL, Becomes.COVER})
