"""Which files below a folder are clients' ledgers, and where in the output the work on each of them goes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from capgain.workbook.file_names import place_of
from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.handoff.manifest import EarlierPackage
from capgain.workbook.handoff.staging import EARLIER

LEDGER_SUFFIXES = (".xlsx", ".xlsm", ".ods", ".csv")
STATE, RECORDS = ".batch", "records"
"""The folder in the output that holds what is remembered between runs; readable by its owner alone."""

INDEX_BOOK, INDEX_JSON, TRACES = "index.xlsx", "index.json", "batch-errors.txt"
_OURS = (INDEX_BOOK, INDEX_JSON, TRACES, STATE)


@dataclass(frozen=True, slots=True)
class Client:
    """One ledger file. `name` and `folder` are relative to the input and to the output, with forward slashes."""

    path: Path
    name: str
    folder: str
    size: int

    @property
    def key(self) -> str:
        return client_key(self.name)


def client_key(name: str) -> str:
    """What a client is filed under: a hash, so that no file of ours is named after a person."""
    return sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def clients_below(folder: Path, out: Path, placed: Mapping[str, str]) -> tuple[Client, ...]:
    """Every workbook and CSV below `folder`, by path; hidden files, Excel's lock files and `out` are left out.

    So is what CapGain made: the output of another batch, and the files of a package.

    `placed` are the output folders of an earlier run by client: a client keeps its folder. Two that would share one,
    or of which one would lie inside the other's, are told apart by the suffix: `Adams (csv)`. Links to folders are
    not followed.
    """
    found = sorted(_ledgers_below(folder, place_of(out)))
    names = [path.relative_to(folder).as_posix() for path in found]
    inner = {_folded(str(parent)) for name in names for parent in PurePosixPath(name).parents}
    taken: set[str] = {_folded(name) for name in _OURS}
    folders: dict[str, str] = {}
    for name in sorted(names, key=lambda name: name not in placed):
        folders[name] = _free_folder(name, placed.get(name), taken, inner)
        taken |= {_folded(folders[name]), _folded(f"{folders[name]}.zip")}
    return tuple(
        Client(path, name, folders[name], path.stat().st_size) for path, name in zip(found, names, strict=True)
    )


def _ledgers_below(folder: Path, out: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in folders if not name.startswith(".") and _may_hold_ledgers(here / name, out)]
        made = _files_of_package(here) if MANIFEST in files else frozenset()
        if made:
            folders[:] = [name for name in folders if name not in made]
        for name in files:
            if name.startswith(("~$", ".")) or name in made or Path(name).suffix.lower() not in LEDGER_SUFFIXES:
                continue
            if (here / name).is_file():
                yield here / name


def _may_hold_ledgers(folder: Path, out: Path) -> bool:
    return place_of(folder) != out and not (folder / STATE / RECORDS).is_dir()


def _files_of_package(folder: Path) -> frozenset[str]:
    """Names of the files and folders that a hand-off put into `folder`; none where none did."""
    package = EarlierPackage.read(folder)
    return frozenset() if package is None else frozenset({name.split("/")[0] for name in package.hashes} | {EARLIER})


def _free_folder(name: str, before: str | None, taken: Collection[str], inner: Collection[str]) -> str:
    """The first of its own names that no other client has, and below which no other client's file lies."""
    plain = PurePosixPath(name).with_suffix("").as_posix()
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    wanted = [before] if before else []
    wanted += [plain, f"{plain} ({suffix})"]
    for folder in wanted:
        if _is_free(folder, taken, inner):
            return folder
    number = 2
    while not _is_free(f"{plain} ({suffix} {number})", taken, inner):
        number += 1
    return f"{plain} ({suffix} {number})"


def _is_free(folder: str, taken: Collection[str], inner: Collection[str]) -> bool:
    plain = _folded(folder)
    zipped = f"{plain}.zip"
    return not ({plain, zipped} & set(taken)) and plain not in inner and zipped not in inner


def _folded(path: str) -> str:
    """As a file system sees it that does not tell capitals from small letters."""
    return path.casefold()
