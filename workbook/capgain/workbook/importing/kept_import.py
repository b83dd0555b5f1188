"""What is kept beside a workbook to take its last import back.

`BOOK.before-import` is the workbook byte for byte as it was before the last import into it; `BOOK.last-import` says
what that import wrote. While one writes, the workbook stands a third time as `BOOK.before-next-import`. So whenever a
run is killed, the import that the workbook holds last can be taken back: the new one, or the one before it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from shutil import copymode
from typing import Any

from capgain.workbook.one_at_a_time import alone_with
from capgain.workbook.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class Record:
    """What an import wrote.

    Digests of the workbook: `before` the import, as it was `written`, and `taken_out`, without the import's rows, once
    they are about to leave. `rows` are digests by key, `items` the keys of what it put on Open Items; `fills_1099`: it
    filled the sheet 1099. `earlier` is the record of the import before, which counts until the workbook is written.
    """

    before: str
    written: str
    rows: Mapping[str, str]
    items: frozenset[str]
    fills_1099: bool
    taken_out: str = ""
    earlier: Record | None = None


def kept_beside(book: Path) -> Path:
    """Where the workbook is kept as it was before the last import."""
    return book.with_name(f"{book.name}.before-import")


def record_beside(book: Path) -> Path:
    """Where it is said what the last import added."""
    return book.with_name(f"{book.name}.last-import")


def next_beside(book: Path) -> Path:
    """Where the workbook is kept while an import writes it."""
    return book.with_name(f"{book.name}.before-next-import")


def written_with(book: Path) -> tuple[Path, ...]:
    """All files that an import into a workbook, and taking it back, may write."""
    return book, kept_beside(book), record_beside(book), next_beside(book)


@contextmanager
def alone_with_import(book: Path) -> Iterator[None]:
    """Hold a workbook and what is kept beside it, as `alone_with` does one file."""
    with ExitStack() as held:
        for path in written_with(book):
            held.enter_context(alone_with(path))
        yield


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()


@contextmanager
def keeping(book: Path, before: bytes, record: Record) -> Iterator[None]:
    """Keep the workbook as it was `before`, and what the block writes into it. Raises CannotWrite."""
    try:
        write_whole(next_beside(book), before, overwrite=True)
        copymode(book, next_beside(book))
        earlier = record_of(book)
        write_record(book, replace(record, earlier=None if earlier is None else replace(earlier, earlier=None)))
        yield
    finally:
        settle_interrupted(book)


def settle_interrupted(book: Path) -> tuple[str, ...]:
    """Finish what was begun to be kept, or take it back where the workbook was not written; a sentence if so."""
    if not next_beside(book).is_file():
        return ()
    before, record = digest_of(next_beside(book)), record_of(book)
    if record is not None and record.before == before:
        if digest_of(book) != before:
            os.replace(next_beside(book), kept_beside(book))
            return (f"An interrupted import had changed {book.name}: it can be taken back with --undo.",)
        if record.earlier is None:
            record_beside(book).unlink()
        else:
            write_record(book, record.earlier)
    next_beside(book).unlink()
    return (f"An interrupted import had not changed {book.name}: what it kept of it is removed.",)


def write_record(book: Path, record: Record) -> None:
    """Say beside the workbook what an import wrote. Raises CannotWrite."""
    write_whole(record_beside(book), json.dumps(_plain(record), indent=1).encode(), overwrite=True)
    copymode(book, record_beside(book))


def record_of(book: Path) -> Record | None:
    """What stands beside the workbook of its last import; None where nothing that can be read does."""
    try:
        return _record(json.loads(record_beside(book).read_text("utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _plain(record: Record) -> dict[str, object]:
    return {
        "before": record.before,
        "written": record.written,
        "rows": dict(record.rows),
        "items": sorted(record.items),
        "fills_1099": record.fills_1099,
        "taken_out": record.taken_out,
        "earlier": None if record.earlier is None else _plain(record.earlier),
    }


def _record(said: Mapping[str, Any]) -> Record:
    rows = {str(key): str(digest) for key, digest in said["rows"].items()}
    return Record(
        before=str(said["before"]),
        written=str(said["written"]),
        rows=rows,
        items=frozenset(map(str, said["items"])),
        fills_1099=bool(said["fills_1099"]),
        taken_out=str(said["taken_out"]),
        earlier=None if said["earlier"] is None else _record(said["earlier"]),
    )
