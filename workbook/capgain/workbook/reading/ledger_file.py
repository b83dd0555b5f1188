"""A ledger file: a workbook or a text file on disk, read whole and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.search_for_cycles import without_search_for_cycles
from capgain.workbook.reading.balances import StatedBalance
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.further_sheets import with_forms_1099, with_further_sheets
from capgain.workbook.reading.overrides import parse_override, with_overrides
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.text_file import SUFFIXES, read_text_file
from capgain.workbook.xlsx.unreadable import ZIP, UnreadableFile, read_bytes, refuse_foreign_formats


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """What was read from a file.

    `raw` are Ledger, Accounts, Settings and Prices under these names, as far as the file has them; settings given
    outside the file are merged into its Settings. `ledger.sheet` is the real name of the sheet that holds the ledger.
    `sha256` is the hash of the file's bytes, in hexadecimal. `balances` are what the sheet Balances states.
    `sheet_1099` is the sheet of that name, or the file given in its place.
    """

    path: Path
    ledger: Ledger
    raw: tuple[RawSheet, ...]
    sha256: str
    date_1904: bool = False
    balances: tuple[StatedBalance, ...] = ()
    sheet_1099: RawSheet | None = None


def read_ledger_file(
    path: str | Path, *, overrides: Sequence[str] = (), today: date | None = None, forms_1099: Path | None = None
) -> LedgerFile:
    """Read an .xlsx, .xlsm, .ods or CSV file; `overrides` are settings as NAME=VALUE that go before the file's own.

    `forms_1099` is a file with what brokers reported, in place of a sheet 1099.

    Raises UnreadableFile with a message for a person, and NotASetting for an override that sets nothing.
    """
    path = Path(path)
    stated = [parse_override(override) for override in overrides]
    data = read_bytes(path)
    with without_search_for_cycles():
        refuse_foreign_formats(path, data)
        if data.startswith(ZIP):
            file = _from_workbook(path, data, stated, today)
        else:
            file = _from_text(path, data, stated, today)
        sheet = file.sheet_1099 if forms_1099 is None else _sheet_1099(forms_1099)
        ledger = with_forms_1099(file.ledger, sheet, date_1904=file.date_1904)
    return replace(file, ledger=ledger, sheet_1099=sheet)


def _sheet_1099(path: Path) -> RawSheet:
    """A text file with the columns of the sheet 1099, or that sheet of a workbook. Raises UnreadableFile."""
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    if not data.startswith(ZIP):
        found = read_text_file(path, data)
        return RawSheet(FORM_1099, found.rows, delimiter=found.delimiter)
    from capgain.workbook.reading.workbook_file import read_sheet

    sheet = read_sheet(path, FORM_1099)
    if sheet is None:
        raise UnreadableFile(f"{path} has no sheet named {FORM_1099}. Name the sheet so, or give a CSV file.")
    return sheet


def _from_workbook(path: Path, data: bytes, overrides: Sequence[tuple[str, str]], today: date | None) -> LedgerFile:
    from capgain.workbook.reading.workbook_file import read_workbook_file

    found = read_workbook_file(path, data, overrides)
    ledger = ledger_from_sheets(
        replace(found.ledger, name=found.sheet),
        found.accounts,
        found.settings,
        found.prices,
        date_1904=found.date_1904,
        today=today,
    )
    if found.not_read:
        ledger = replace(ledger, problems=(*ledger.problems, *found.not_read))
    ledger, balances = with_further_sheets(ledger, found.open_items, found.balances, date_1904=found.date_1904)
    raw = tuple(sheet for sheet in (found.ledger, found.accounts, found.settings, found.prices) if sheet is not None)
    return LedgerFile(path, ledger, raw, sha256(data).hexdigest(), found.date_1904, balances, found.form_1099)


def _from_text(path: Path, data: bytes, overrides: Sequence[tuple[str, str]], today: date | None) -> LedgerFile:
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableFile(
            f"{path} is not a workbook, whatever its name says: it holds no package of one. "
            "Give a workbook as .xlsx, .xlsm or .ods, or a text file as .csv."
        )
    found = read_text_file(path, data)
    sheet = RawSheet("Ledger", found.rows, delimiter=found.delimiter)
    settings = with_overrides(None, overrides)
    ledger = ledger_from_sheets(sheet, None, settings, today=today)
    if found.cut_short:
        ledger = replace(ledger, problems=(*ledger.problems, _cut_short(len(found.rows))))
    raw = (sheet,) if settings is None else (sheet, settings)
    return LedgerFile(path, ledger, raw, sha256(data).hexdigest())


def _cut_short(row: int) -> Problem:
    return Problem(
        Severity.WARNING,
        "Ledger",
        row,
        "",
        "The last line has fewer cells than the header and no line end: the file may have been cut off.",
        "Compare the end of the file with its source, and add the missing cells.",
        "FILE_CUT_SHORT",
        blocks_filing=True,
    )
