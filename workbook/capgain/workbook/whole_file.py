"""Files and folders that appear whole or not at all, and take the place of nothing that they were not told to replace.

Both are made under a hidden name beside their target and put in place at the end, in one step where the system has it.
Only a run that is killed leaves something behind, under a name that begins with `UNFINISHED`. What a symbolic link
leads to is replaced, and the link stays.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST, ENOTEMPTY
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from capgain.engine.problems import CapgainError
from capgain.workbook.interruption import uninterrupted
from capgain.workbook.renaming import exchanged, renamed_to_free

UNFINISHED = ".capgain-"
PUT_ASIDE = "-old"
"""Ends the name of a folder that another is about to replace, where the two cannot change places in one step."""


class OutputExists(CapgainError):
    """What is to be written is there already."""


class CannotWrite(CapgainError):
    """The output cannot be written: folder, rights, room, or open in another program."""


def write_whole(target: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file. Raises OutputExists and CannotWrite as `whole_file` does."""
    with whole_file(target, overwrite=overwrite) as file:
        file.write(content)


@contextmanager
def whole_file(target: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """A file to fill, which becomes `target` when the block ends, and is removed when it fails.

    A new file has the rights that the system gives new files, one that is replaced keeps its own. Raises OutputExists
    for a target that exists unless `overwrite`, whoever made it meanwhile; CannotWrite when the system refuses. An
    older file then stays as it was.
    """
    target = written_through(target) if overwrite else target
    unfinished = hidden_beside(target)
    with refusals_told(target, unfinished):
        try:
            with unfinished.open("xb") as file:
                _take_rights(target, unfinished)
                yield file
                file.flush()
                os.fsync(file.fileno())
            with uninterrupted():
                if overwrite:
                    os.replace(unfinished, target)
                else:
                    _put_where_nothing_is(unfinished, target)
                unfinished.unlink(missing_ok=True)
        finally:
            with uninterrupted():
                unfinished.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A folder to fill, which becomes `target` when the block ends, and is removed when it fails.

    An empty folder may always be in the way, also behind a link. Raises OutputExists and CannotWrite as `whole_file`
    does.
    """
    target = written_through(target) if overwrite or target.is_dir() else target
    unfinished = hidden_beside(target)
    with refusals_told(target, unfinished):
        try:
            unfinished.mkdir()
            yield unfinished
            _take_rights(target, unfinished)
            with uninterrupted():
                with suppress(OSError):
                    target.rmdir()
                if not (overwrite and target.exists() and exchanged(unfinished, target)):
                    _put_in_place(unfinished, target, overwrite=overwrite)
                shutil.rmtree(unfinished, ignore_errors=True)
        finally:
            with uninterrupted():
                shutil.rmtree(unfinished, ignore_errors=True)


def _put_in_place(unfinished: Path, target: Path, *, overwrite: bool) -> None:
    """Name a folder in two steps where another has the name; between them the other lies aside."""
    before = unfinished.with_name(f"{unfinished.name}{PUT_ASIDE}")
    if overwrite and target.exists():
        os.replace(target, before)
    try:
        os.rename(unfinished, target)
    except BaseException:
        if before.exists():
            os.replace(before, target)
        raise
    shutil.rmtree(before, ignore_errors=True)


def written_through(target: Path) -> Path:
    """What a symbolic link leads to; any other path as it is."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def named_for(target: Path) -> str:
    """How the hidden names begin of what is not yet, or no more, `target`."""
    return f"{UNFINISHED}{sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def hidden_beside(target: Path) -> Path:
    """A hidden name that nothing has, for what is not yet, or no more, `target`."""
    return target.with_name(f"{named_for(target)}{secrets.token_hex(8)}{target.suffix}")


def _take_rights(target: Path, unfinished: Path) -> None:
    """Give what replaces something the rights of what it replaces."""
    with suppress(FileNotFoundError):
        unfinished.chmod(target.stat().st_mode & 0o777)


def _put_where_nothing_is(unfinished: Path, target: Path) -> None:
    """Name a file so that of two who do it at once only one succeeds."""
    if os.name == "nt":
        os.rename(unfinished, target)
        return
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if not renamed_to_free(unfinished, target):
            target.open("xb").close()  # the name is taken first, with nothing in it
            os.replace(unfinished, target)


@contextmanager
def refusals_told(target: Path, unfinished: Path) -> Iterator[None]:
    """Turn what the system refuses while `target` is made into OutputExists or CannotWrite."""
    try:
        yield
    except OSError as refusal:
        if refusal.errno in (EEXIST, ENOTEMPTY):
            raise OutputExists(
                f"{target.name} exists already. Choose another name, or allow it to be replaced."
            ) from refusal
        could_not_begin = refusal.filename == str(unfinished) and refusal.filename2 is None
        where = f"into the folder of {target.name}" if could_not_begin else target.name
        may_be_open = isinstance(refusal, PermissionError) and not could_not_begin and target.exists()
        hint = " Is it open in another program?" if may_be_open else ""
        raise CannotWrite(f"Cannot write {where}: {refusal.strerror or refusal}.{hint}") from refusal
