"""Import: files of exchanges and brokers into the open workbook's Ledger, or into a new workbook where it has none."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.import_questions import QUESTIONS, AnsweredQuestions, ask, put_answers, read_answers
from capgain.addin.excel.ribbon.refresh import Tell
from capgain.addin.excel.ribbon.saved_file import NotSaved, saved_file
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.engine.problems import CapgainError
from capgain.workbook.reading.named_sheets import LEDGER
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.whole_file import OutputExists, write_whole

if TYPE_CHECKING:
    from capgain.workbook.importing.draft_format import DraftFormat
    from capgain.workbook.importing.import_files import ImportResult

NEW_BOOK = "CapGain ledger.xlsx"
FORMAT_FILE = ".toml"
KINDS_OF_FILE = ("*.csv", "*.tsv", "*.txt", "*.xlsx", "*.ods", "*.ofx", "*.qfx", "*.xml", f"*{FORMAT_FILE}")
"""What can be chosen: tables, statements, and mapping files for tables of no known format."""

_SHOWN = ("Date", "Type", "Asset", "Quantity", "Amount", "Fee", "Account", "Received Asset", "Received Quantity")
_ROWS_SHOWN = 5


class NotAnswered(CapgainError):
    """Questions about files of no known format are open."""


class MappingInTheWay(CapgainError):
    """A mapping of the name that a file's would get is there already."""


def import_into_ledger(book: Any, tell: Tell) -> None:
    """Ask for files and bring their rows in. The workbook is closed meanwhile and opened again. Raises CapgainError.

    What files of no known format do not say is asked on the sheet Import Questions; once it is filled in, the same
    button imports them by its answers, which are kept as mapping files beside the files.
    """
    app = book.app
    given = read_answers(book)
    if given is not None and given.files:
        named = ", ".join(path.name for path in given.files)
        question = f"Import {named} by the answers on the sheet {QUESTIONS}? Cancel chooses other files."
        if app.alert(question, title="CapGain", buttons="ok_cancel") == "ok":
            _import(book, given.files, _mappings(app, given, tell), tell)
            return
    chosen = native.chosen_files(app, "Files to import", KINDS_OF_FILE)
    files = [path for path in chosen if path.suffix.casefold() != FORMAT_FILE]
    formats = [path for path in chosen if path.suffix.casefold() == FORMAT_FILE]
    if not files:
        return
    drafts = _drafts(files, formats, tell)
    if drafts:
        _refuse_mapping_there(drafts)
        ask(book, files, drafts, tell)
        app.alert(
            f"No format knows {', '.join(path.name for path in drafts)}. What they do not say is asked on the sheet "
            f"{QUESTIONS}: fill in its column Answer and click Import again. Nothing was imported.",
            title="CapGain",
        )
        return
    _import(book, files, formats, tell)


def _import(book: Any, files: Sequence[Path], formats: Sequence[Path], tell: Tell) -> None:
    app = book.app
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
    asked = by_name(opened, QUESTIONS)
    if asked is not None and read_answers(opened) is not None:
        asked.delete()
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

    tell(f"CapGain: importing {len(files)} file{'s' if len(files) > 1 else ''}")
    return import_files(files, output=output, into=into, formats=formats)


def _drafts(files: Sequence[Path], formats: Sequence[Path], tell: Tell) -> dict[Path, DraftFormat]:
    """Drafts of the mappings of those files that no format knows."""
    from capgain.workbook.importing.reading_files import unknown_files

    tell("CapGain: looking at the files")
    return unknown_files(files, formats)


def _mapping_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.format{FORMAT_FILE}")


def _refuse_mapping_there(drafts: Mapping[Path, DraftFormat]) -> None:
    there = [_mapping_of(path).name for path in drafts if _mapping_of(path).exists()]
    if there:
        raise MappingInTheWay(
            f"{', '.join(there)} is beside the file already: choose it together with the file, or rename it. Nothing "
            "was imported."
        )


def _mappings(app: Any, given: AnsweredQuestions, tell: Tell) -> list[Path]:
    """Mapping files by the answers, written beside the files once the person has seen what comes of them."""
    drafts = _drafts(given.files, (), tell)
    wrong = put_answers(drafts, given)
    if wrong:
        lines = [f"Row {row}: {said}" for row, said in wrong]
        raise NotAnswered("\n".join([f"On the sheet {QUESTIONS}:", *lines, "Nothing was imported."]))
    _refuse_mapping_there(drafts)
    with tempfile.TemporaryDirectory() as folder:
        tried = []
        for number, draft in enumerate(drafts.values()):
            tried.append(Path(folder) / f"{number}{FORMAT_FILE}")
            tried[-1].write_text(draft.text(), encoding="utf-8")
        result = _imported(given.files, tried, Path(folder) / "preview.xlsx", None, tell)
    rows = [
        ", ".join(f"{name} {row.values[name]}" for name in _SHOWN if name in row.values)
        for row in result.rows[:_ROWS_SHOWN]
    ]
    open_items = f" {len(result.unsettled)} would stand on {OPEN_ITEMS}." if result.unsettled else ""
    question = f"{len(result.rows):,} rows like these would be added.{open_items} Add them?"
    if app.alert("\n".join([*rows, question]), title="CapGain", buttons="ok_cancel") != "ok":
        raise NotSaved(f"Nothing was imported. Correct the answers on the sheet {QUESTIONS} and click Import again.")
    for path, draft in drafts.items():
        write_whole(_mapping_of(path), draft.text().encode("utf-8"))
    return [_mapping_of(path) for path in drafts]


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
