"""The zip beside a package's folder: of the same run as the folder, or not there.

The folder and the zip are two names, which no system changes in one step. So the earlier zip steps out of the way
before the folder changes, and the new one, written in full by then, takes the name after it: whenever a run is killed,
no zip stands beside the folder of another run. The next run gives the name to the one of the two that is of the folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as DamagedStream

from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.interruption import uninterrupted
from capgain.workbook.one_at_a_time import alone_with
from capgain.workbook.whole_file import hidden_beside, named_for, refusals_told, written_through


def zip_path(folder: Path) -> Path:
    """The zip beside the folder."""
    return folder.with_name(f"{folder.name}.zip")


@contextmanager
def alone_with_package(folder: Path) -> Iterator[tuple[str, ...]]:
    """Hold a package's folder and its zip, and settle what a killed run left of them, as `alone_with` does."""
    with alone_with(folder) as of_folder:
        named = _named_again(folder)
        with alone_with(zip_path(folder)) as of_zip:
            yield (*of_folder, *named, *of_zip)


@contextmanager
def earlier_zip(folder: Path) -> Iterator[Callable[[], None]]:
    """What puts the earlier zip of `folder` aside, for when the folder is about to change.

    When the block ends it is removed, or back in its place where the folder stayed as it was. Raises CannotWrite where
    the system refuses to put it aside.
    """
    archive = written_through(zip_path(folder))
    aside = hidden_beside(archive)
    before = _manifest_of(folder)

    with ExitStack() as from_here_on:

        def put_aside() -> None:
            from_here_on.enter_context(uninterrupted())
            if archive.is_file():
                with refusals_told(archive, aside):
                    os.rename(archive, aside)

        try:
            yield put_aside
        finally:
            if aside.exists() and not archive.exists() and _manifest_of(folder) == before:
                os.rename(aside, archive)
            aside.unlink(missing_ok=True)


def _named_again(folder: Path) -> tuple[str, ...]:
    """Give the zip's name, where nothing has it, to a zip of the folder as it is that a killed run left."""
    archive = written_through(zip_path(folder)).absolute()
    manifest = _manifest_of(folder)
    if manifest is None or archive.exists():
        return ()
    for left in sorted(archive.parent.glob(f"{named_for(archive)}*{archive.suffix}")):
        if _manifest_in(left, folder.name) == manifest:
            with refusals_told(archive, left):
                os.rename(left, archive)
            return (f"An interrupted run had left {archive.name} without its name: it is in its place.",)
    return ()


def _manifest_of(folder: Path) -> bytes | None:
    with suppress(OSError):
        return (folder / MANIFEST).read_bytes()
    return None


def _manifest_in(archive: Path, folder: str) -> bytes | None:
    with suppress(OSError, KeyError, BadZipFile, DamagedStream, EOFError), ZipFile(archive) as package:
        return package.read(f"{folder}/{MANIFEST}")
    return None
