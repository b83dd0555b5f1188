"""Import: files of exchanges and brokers into the open workbook's Ledger, or into a new workbook where it has none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.live_ledger import LEDGER
from capgain.addin.excel.ribbon.refresh import Tell
from capgain.addin.excel.ribbon.saved_file import saved_file
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.engine.problems import CapgainError
from capgain.workbook.one_at_a_time import alone_with
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.whole_file import OutputExists, write_whole

if TYPE_CHECKING:
    from capgain.workbook.importing.import_files import ImportResult

NEW_BOOK = "CapGain ledger.xlsx"
FORMAT_FILE = ".toml"
KINDS_OF_FILE = ("*.csv", "*.tsv", "*.txt", "*.xlsx", f"*{FORMAT_FILE}")
"""What can be chosen: tables, and mapping files for tables of no known format."""


class NoFormat(CapgainError):
    """Files of no known format; drafts of their mapping were written."""


def import_into_ledger(book: Any, tell: Tell) -> None:
    """Ask for files and bring their rows in. The workbook is closed meanwhile and opened again. Raises CapgainError."""
    app = book.app
    chosen = native.chosen_files(app, "Files to import", KINDS_OF_FILE)
    files = [path for path in chosen if path.suffix.casefold() != FORMAT_FILE]
    formats = [path for path in chosen if path.suffix.casefold() == FORMAT_FILE]
    if not files:
        return
    if by_name(book, LEDGER) is None:
        result = _into_new_book(files, formats, tell)
        opened = app.books.open(result.output)
    else:
        path = saved_file(book, "The rows are added to the saved file, which is closed meanwhile.")
        book.close()
        try:
            result = _imported(files, formats, path, path, tell)
        finally:
            opened = app.books.open(path)
    unsettled = by_name(opened, OPEN_ITEMS) if result.unsettled else None
    (unsettled or opened.sheets[LEDGER]).activate()
    app.alert(_summary(result), title="CapGain")


def _into_new_book(files: Sequence[Path], formats: Sequence[Path], tell: Tell) -> ImportResult:
    """A ledger of its own beside the first file."""
    output = files[0].with_name(NEW_BOOK)
    if output.exists():
        raise OutputExists(
            f"This workbook has no sheet Ledger, and {output} is there already. Open it and import into it."
        )
    return _imported(files, formats, output, None, tell)


def _imported(
    files: Sequence[Path], formats: Sequence[Path], output: Path, into: Path | None, tell: Tell
) -> ImportResult:
    from capgain.workbook.importing.import_files import import_files
    from capgain.workbook.importing.reading_files import UnknownFiles

    tell(f"CapGain: importing {len(files)} file{'s' if len(files) > 1 else ''}")
    try:
        return import_files(files, output=output, into=into, formats=formats)
    except UnknownFiles as unknown:
        drafts = [files[0].with_name(f"{Path(name).stem}.format{FORMAT_FILE}") for name in unknown.drafts]
        for draft, text in zip(drafts, unknown.drafts.values(), strict=True):
            with alone_with(draft):
                if not draft.exists():
                    write_whole(draft, text.encode("utf-8"))
        named = ", ".join(draft.name for draft in drafts)
        raise NoFormat(
            f"{unknown}\nA draft of the mapping is beside the first file: fill in {named} and choose it together with "
            "the file. Nothing was imported."
        ) from unknown


def _summary(result: ImportResult) -> str:
    said = [f"Rows added to {LEDGER} in {result.output.name}: {result.rows_added:,}"]
    for words, count in (
        ("Rows that were there already", result.duplicates),
        ("Rows that are no transactions", len(result.ignored) - result.duplicates),
        (f"Things to settle, on the sheet {OPEN_ITEMS}", len(result.unsettled)),
    ):
        if count:
            said.append(f"{words}: {count:,}")
    return "\n".join([*said, *result.notices])
