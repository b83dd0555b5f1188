"""From files of exchanges and brokers to rows of one ledger: the whole way, in order."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capgain.engine.search_for_cycles import without_search_for_cycles
from capgain.workbook.importing.against_the_ledger import compared_with_ledger, with_comparison
from capgain.workbook.importing.appending import append_rows
from capgain.workbook.importing.decimal_commas import Decimals
from capgain.workbook.importing.dollar_values import price_list
from capgain.workbook.importing.existing_book import ExistingBook, read_existing
from capgain.workbook.importing.file_summaries import FileSummary, summaries
from capgain.workbook.importing.filling_1099 import Filling, filling_of, of_other_years
from capgain.workbook.importing.format_files import format_from, known_formats
from capgain.workbook.importing.kept_import import alone_with_import, keeping, settle_interrupted
from capgain.workbook.importing.ledger_rows import LedgerRow, Value
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.importing.new_book import write_new_book
from capgain.workbook.importing.open_items import item_of, read_open_items, unsettled_of
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.own_accounts import are_written
from capgain.workbook.importing.reading_files import FilesRead, read_files
from capgain.workbook.importing.settling import settle
from capgain.workbook.importing.source_accounts import is_joint, is_settled
from capgain.workbook.importing.undo import record_for
from capgain.workbook.reading.accounts import WHOSE_RETURN
from capgain.workbook.reading.setting_rows import settings_of, stablecoins_stated
from capgain.workbook.reading.stablecoins import stablecoins_in
from capgain.workbook.written.columns_of_cells import Names
from capgain.workbook.written.date_orders import DateOrder
from capgain.workbook.written.moments import Calendar
from capgain.workbook.written.time_zones import ZoneByYear, zone_named


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `rows` are the rows added to the Ledger, `unsettled` what is listed on Open Items,
    from this import and from those before.

    `duplicates` counts the rows read whose events the Ledger, or another file of the same import, has already.
    """

    output: Path
    files: tuple[FileSummary, ...]
    rows: tuple[LedgerRow, ...]
    ignored: tuple[Ignored, ...]
    unsettled: tuple[Unsettled, ...]
    duplicates: int
    from_open_items: int
    notices: tuple[str, ...]

    @property
    def rows_added(self) -> int:
        return len(self.rows)

    @property
    def unmatched(self) -> tuple[Unsettled, ...]:
        """Deposits and withdrawals without a partner, of this import and of those before."""
        return tuple(item for item in self.unsettled if _is_half(item))

    @property
    def problems(self) -> tuple[Unsettled, ...]:
        """Everything else that is not settled."""
        return tuple(item for item in self.unsettled if not _is_half(item))

    @property
    def types(self) -> Mapping[str, int]:
        """Rows added by type."""
        return Counter(row.type for row in self.rows)


@without_search_for_cycles()
def import_files(
    paths: Sequence[Path],
    *,
    output: Path,
    into: Path | None = None,
    formats: Sequence[Path] = (),
    account: str = "",
    accounts: Mapping[Path, str] | None = None,
    time_zone: str | None = None,
    source_zones: Mapping[str, str] | None = None,
    prices: Sequence[Path] = (),
    order: DateOrder | None = None,
    lots: bool = False,
    stablecoins: Sequence[str] = (),
    symbols: Mapping[str, str] | None = None,
    decimals: Decimals | None = None,
    created: datetime | None = None,
) -> ImportResult:
    """Read the files and write their rows to `output`: a new workbook, or `into` with the rows added to its Ledger.

    `formats` are mapping files of the user's own; they come before the known ones. `account` names the account of every
    file whose rows name none, `accounts` that of single files. `time_zone` is the tax zone where the
    workbook's Settings have none. `source_zones` are zones by a format's name, for times that
    name none, instead of the format's own.
    `prices` are price files, `order` the order of dates in figures, `decimals` the sign before decimals. `lots`: closed
    lots and the sales of Forms 1099 that the ledger does not have become an Opening and a Sell each. `stablecoins` are
    words of the setting of that name, which go before it. `symbols` are the symbols of securities that lists of closed
    lots call by a name.

    Raises:
        UnknownFiles: no format knows a file; drafts of a mapping are in it.
        UnreadableImport, UnreadableFile: a file or the workbook cannot be used. Nothing was written.
        UnknownZone: a zone is none.
        UnusableFormat: a mapping file says something wrong.
        CannotWrite, OutputExists: the output cannot be written.
    """
    with alone_with_import(output):
        interrupted = settle_interrupted(output)
        book = read_existing(into, time_zone) if into is not None else None
        if book is not None:
            calendar = book.calendar
        else:
            calendar = Calendar(zones=ZoneByYear(zone_named(time_zone), {}) if time_zone else None)
        keys = book.keys if book is not None else {}
        in_book = book.account_names if book is not None else ()
        known = (*(format_from(path) for path in formats), *known_formats())
        reading = read_files(
            paths, known, calendar.zones, account, accounts or {}, source_zones or {}, order, in_book, keys, decimals
        )
        assumed = stablecoins_in(stablecoins)
        if book is not None and not stablecoins:
            assumed = stablecoins_stated(book.settings)
        listed = price_list(book.prices if book is not None else (), prices, calendar.zones, assumed)
        items = read_open_items(book.open_items, calendar) if book is not None else []
        settled = settle(reading, book, items, listed, enter_lots=lots, symbols=symbols)
        rows = settled.rows
        sheet_1099 = book.form_1099 if book is not None else None
        filling = filling_of(sheet_1099, settled.form_1099, settled.form_1099_as_in_the_file)
        with tempfile.TemporaryDirectory() as folder:
            onto = book or _new_book(Path(folder) / output.name, rows, reading, time_zone, created)
            compared = compared_with_ledger(settled, onto, Path(folder) / f"compared {output.name}")
            settled = with_comparison(settled, compared)
            reading.ignored += compared.ignored
            open_rows: list[Mapping[str, Value]] = [item_of(one) for one in settled.unsettled]
            open_rows += [item.values for item in settled.open_items]
            if book is None:
                append_rows(onto, rows, open_rows, output, filling)
            else:
                _add_to(book, output, rows, open_rows, filling, time_zone, _not_described(book, reading, rows))
        notices = [*interrupted, *listed.notices, *_notices(reading, book, rows), *settled.notices, *filling.notices]
        tax_year = settings_of(onto.settings, Names(), Names()).settings.tax_year
        notices += of_other_years(filling.rows, tax_year)
        unsettled = [*settled.unsettled, *(unsettled_of(item) for item in settled.open_items if not item.decided)]
        return ImportResult(
            output=output,
            files=summaries(reading, rows, unsettled),
            rows=tuple(rows),
            ignored=tuple(reading.ignored),
            unsettled=tuple(unsettled),
            duplicates=sum(one.is_duplicate for one in reading.ignored),
            from_open_items=settled.from_open_items,
            notices=tuple(notices),
        )


def _is_half(item: Unsettled) -> bool:
    movement = item.movement
    return item.completes and movement is not None and movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL)


def _notices(reading: FilesRead, book: ExistingBook | None, rows: Sequence[LedgerRow]) -> list[str]:
    notices = [*reading.told, *_about_accounts(reading, book)]
    if reading.zones_needed:
        notices.append(
            f"Times of {', '.join(sorted(reading.zones_needed))} are written with their offset, because no tax zone is "
            "known. Write Time Zone = your zone (such as America/New_York) on the sheet Settings, or import with "
            "--time-zone America/New_York, which writes it there; until then their tax dates are not known."
        )
    missing = _not_described(book, reading, rows) if book is not None else {}
    if book is not None and missing:
        kinds = ", ".join(f"{name} = {kind}" for name, kind in missing.items())
        if are_written(book.accounts_sheet, missing):
            notices.append(f"New on the sheet Accounts: {kinds}.")
        else:
            notices.append(f"Add to the sheet Accounts: {kinds}.")
    twins: dict[tuple[str, ...], set[str]] = {}
    for row in rows if len(reading.rows) > 1 else ():
        look = tuple(str(row.values.get(name, "")) for name in ("Date", "Type", "Asset", "Quantity", "Account"))
        twins.setdefault(look, set()).add(str(row.values.get("Source File", "")))
    doubled = sum(1 for files in twins.values() if len(files) > 1)
    if doubled:
        notices.append(
            f"{doubled} events stand in two files under different ids. If both tell of the same trades, import one."
        )
    return notices


def _about_accounts(reading: FilesRead, book: ExistingBook | None) -> list[str]:
    """What has to be said of accounts that may be on no return, or on another one."""
    notices = []
    stated = book.account_kinds if book is not None else {}
    for name, kind in sorted(reading.accounts.items()):
        own = stated.get(name.casefold(), "")
        if own and own != kind and kind in ("ira", "brokerage", WHOSE_RETURN):
            notices.append(f"{name} looks like {kind} in the file; the sheet Accounts says {own}, and that counts.")
        elif not own and kind == WHOSE_RETURN:
            notices.append(
                f"Whose return is {name} on? Write its Kind on the sheet Accounts (brokerage if it is on this one), or "
                "take its rows out. Until then nothing is computed."
            )
        elif not own and kind == "brokerage" and is_joint(name):
            notices.append(
                f"{name} is a joint account: all of it is put on this return. If its other owner files another one, "
                "that owner's part belongs there."
            )
        elif not own and kind == "ira" and not is_settled(name):
            notices.append(
                f"{name} is a retirement or health savings account and stays off the return. What a purchase there "
                "does to a loss elsewhere is settled for IRAs alone (Rev. Rul. 2008-5); it is treated as one here."
            )
    return notices


def _not_described(book: ExistingBook, reading: FilesRead, rows: Sequence[LedgerRow]) -> dict[str, str]:
    """Accounts of the new rows that the workbook says nothing of, with their kinds."""
    kinds = _kinds_of(reading, rows)
    return {name: kind for name, kind in kinds.items() if name.casefold() not in book.accounts}


def _kinds_of(reading: FilesRead, rows: Sequence[LedgerRow]) -> dict[str, str]:
    """The accounts that rows name, with the kinds that their sources say."""
    used = {str(row.values.get(name, "")) for row in rows for name in ("Account", "To Account")}
    return {name: kind for name, kind in sorted(reading.accounts.items()) if name in used and kind != "ledger"}


def _add_to(
    book: ExistingBook,
    output: Path,
    rows: Sequence[LedgerRow],
    open_rows: Sequence[Mapping[str, Value]],
    filling: Filling,
    time_zone: str | None,
    accounts: Mapping[str, str],
) -> None:
    """The rows into a workbook that exists, which is kept beside itself as it was."""
    names_zone = bool(time_zone) and not book.names_zone
    if not (rows or open_rows or filling.changes_the_sheet or book.open_items or names_zone or output != book.path):
        return
    known = {item.key for item in read_open_items(book.open_items, book.calendar)}
    new = {str(item.get("Source Key", "")) for item in open_rows} - known
    before = book.path.read_bytes()

    def kept(written: bytes) -> AbstractContextManager[None]:
        return keeping(output, before, record_for(before, written, rows, new, fills_1099=filling.changes_the_sheet))

    is_taken_back = output == book.path and bool(rows or new or filling.changes_the_sheet)
    append_rows(book, rows, open_rows, output, filling, time_zone, accounts, around=kept if is_taken_back else None)


def _new_book(
    path: Path, rows: Sequence[LedgerRow], reading: FilesRead, time_zone: str | None, created: datetime | None
) -> ExistingBook:
    """A workbook for the rows, with the accounts that they name."""
    accounts = _kinds_of(reading, rows)
    write_new_book(path, accounts=accounts, time_zone=time_zone or "", created=created or datetime.now())
    return read_existing(path)
