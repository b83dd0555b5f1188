"""The whole way of price files: read, spelled as the ledger does, splits undone, chosen, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from capgain.engine.compute import compute
from capgain.workbook.importing.price_files.chosen import as_spelled, needed, splits_undone, wanted_of
from capgain.workbook.importing.price_files.into_prices import (
    PRICES,
    Settled,
    csv_of,
    prices_there,
    settle,
    write_into_book,
)
from capgain.workbook.importing.price_files.lacking import without_dollars
from capgain.workbook.importing.price_files.reading import read_price_files
from capgain.workbook.importing.price_files.stablecoins import at_one_dollar
from capgain.workbook.importing.price_files.zones import tax_zones
from capgain.workbook.one_at_a_time import alone_with
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_rows import stablecoins_stated
from capgain.workbook.whole_file import write_whole
from capgain.workbook.written.moments import Calendar
from capgain.workbook.written.words import counted
from capgain.workbook.xlsx.unreadable import read_bytes
from capgain.workbook.xlsx.values import workbook_values


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the prices, and what there is to know about it."""

    settled: Settled
    notices: tuple[str, ...]


def take_in(
    files: Sequence[Path],
    book: Path,
    *,
    assets: Mapping[Path, str],
    as_of: date | None,
    every: bool,
    time_zone: str | None,
    is_adjusted: bool,
    stablecoins: frozenset[str],
    replace: bool,
    dry_run: bool,
) -> TakenIn:
    """Bring the prices of `files` into `book`: the sheet Prices of a workbook, or a new CSV with all of them.

    `stablecoins`, and those of the setting of that name, count as one dollar where nothing says otherwise.

    Raises:
        UnreadableImport: a file or the workbook cannot be used, or a price differs from one that is there.
        CannotWrite, OSError: the output cannot be written. Nothing was written then.
    """
    with alone_with(book):
        file = None if book.suffix.casefold() == ".csv" else read_ledger_file(book)
        found = read_price_files(files, zones=tax_zones(time_zone, file), assets=assets)
        prices, notices = found.prices, list(found.notices)
        if file is None:
            settled = Settled(prices, {}, 0)
            if not dry_run:
                write_whole(book, csv_of(prices))
            return TakenIn(settled, tuple(notices))
        lacking = tuple(without_dollars(file))
        wanted = wanted_of(compute(file.ledger), (asset for asset, _ in lacking), lacking)
        prices, left_out = as_spelled(prices, wanted, every=every)
        notices += [
            f"{asset} is not in the ledger: {counted(count, 'price')} left out (--all takes them)."
            for asset, count in left_out.items()
        ]
        if is_adjusted:
            prices, said = splits_undone(prices, file.ledger)
            notices += said
        if not every:
            prices = needed(prices, wanted, as_of)
        sheet, calendar = _sheet_of_prices(book), Calendar(file.date_1904)
        settings = next((raw for raw in file.raw if raw.name.casefold() == "settings"), None)
        coins = stablecoins | stablecoins_stated(settings)
        if coins:
            known = {*prices_there(sheet, calendar), *((price.asset.casefold(), price.day) for price in prices)}
            day = as_of or max((price.day for price in prices), default=date.today())
            taken, said = at_one_dollar(coins, wanted, known, day)
            prices, notices = (*prices, *taken), [*notices, *said]
        settled = settle(prices, sheet, calendar, replace=replace)
        if not dry_run and (settled.added or settled.replaced):
            write_into_book(book, sheet, settled)
        return TakenIn(settled, tuple(notices))


def _sheet_of_prices(book: Path) -> RawSheet | None:
    """The sheet Prices from its cell A1 on, under its name on the tab; None where the workbook has none."""
    with workbook_values(book, read_bytes(book)) as values:
        name = next((one for one in values.parts.sheets if one.casefold() == PRICES.casefold()), None)
        return None if name is None else RawSheet(name, values.rows(name))
