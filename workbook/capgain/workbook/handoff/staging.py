"""How a package is put in place: its place examined first, its workbook too, what others put there kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from capgain.engine.problems import CapgainError
from capgain.workbook.file_names import place_of
from capgain.workbook.handoff.manifest import EarlierPackage, unexpected
from capgain.workbook.handoff.zip_beside import alone_with_package, earlier_zip, zip_path
from capgain.workbook.sheets import Book
from capgain.workbook.whole_file import PUT_ASIDE, UNFINISHED, whole_file, whole_folder
from capgain.workbook.xlsx.lint import Finding, lint
from capgain.workbook.xlsx.writer import Progress, book_bytes

WORKPAPERS = "workpapers.xlsx"
EARLIER = "earlier"
"""Folder for an earlier workbook that people changed."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""Time stamp of every entry of the zip, so that the same files give the same bytes."""


class OutputInTheWay(CapgainError):
    """The output folder or its zip holds something that is not an earlier hand-off."""


class UnfitWorkpapers(CapgainError):
    """The finished workbook did not pass its examination; nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        shown = "; ".join(map(str, self.findings[:10]))
        super().__init__(f"The workpapers did not pass their examination and were not written: {shown}")


def named_folder(out_dir: Path) -> Path:
    """The folder with a name of its own, which `.` and `..` are not. Raises OutputInTheWay for `/`, which has none."""
    found = out_dir if out_dir.name not in ("", "..") else place_of(out_dir)
    if not found.name:
        raise OutputInTheWay(f"{out_dir} is no folder that can be made anew. Choose another place.")
    return found


def earlier_package(out_dir: Path, ledger: Path) -> EarlierPackage | None:
    """The hand-off that is there already, None for a free place.

    Raises:
        OutputInTheWay: something else is there, or the ledger itself lies in the folder.
    """
    if not out_dir.parent.is_dir():
        raise OutputInTheWay(f"There is no folder {out_dir.parent}. Create it, or choose another place.")
    earlier = EarlierPackage.read(out_dir) if out_dir.is_dir() else None
    if out_dir.exists() and earlier is None and not (out_dir.is_dir() and not any(out_dir.iterdir())):
        raise OutputInTheWay(
            f"{out_dir} exists and holds no earlier hand-off. Choose another folder, or empty this one."
        )
    if zip_path(out_dir).is_dir():
        raise OutputInTheWay(
            f"{zip_path(out_dir)} is a folder. Move it away, or choose another folder for the package."
        )
    if earlier is None and zip_path(out_dir).exists():
        raise OutputInTheWay(
            f"{zip_path(out_dir)} exists already. Move it away, or choose another folder.{_put_aside_beside(out_dir)}"
        )
    if place_of(ledger).is_relative_to(place_of(out_dir)):
        raise OutputInTheWay(f"{ledger.name} lies in {out_dir}, which is replaced as a whole. Choose another folder.")
    return earlier


def _put_aside_beside(out_dir: Path) -> str:
    """What to do about a package that a run of CapGain 0.1.0, which was killed, left under a hidden name."""
    for hidden in out_dir.parent.glob(f"{UNFINISHED}*{PUT_ASIDE}"):
        if EarlierPackage.read(hidden) is not None:
            return f" An interrupted run may have put its folder aside: if {hidden.name} is it, name it {out_dir.name}."
    return ""


def examined(book: Book, *, ssn_is_shown: bool, progress: Progress = lambda done, of: None) -> bytes:
    """The file of the workpapers. Raises UnfitWorkpapers where it does not pass its examination."""
    content = book_bytes(book, progress)
    findings = lint(BytesIO(content), ssn_is_shown=ssn_is_shown)
    if findings:
        raise UnfitWorkpapers(findings)
    return content


def put_in_place(
    target: Path, earlier: EarlierPackage | None, files: Mapping[str, bytes], *, keeps_workbook: bool = False
) -> None:
    """Write the folder and its zip, each whole or not at all, and keep what others put into the old folder.

    With `keeps_workbook` the earlier workbook is kept even where nobody changed it.
    """
    overwrite = earlier is not None
    with earlier_zip(target) as put_aside, whole_file(zip_path(target), overwrite=overwrite) as archive:
        _zip(archive, target.name, files)
        with whole_folder(target, overwrite=overwrite) as folder:
            for name, content in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if earlier is not None and target.is_dir():
                _keep_what_is_not_ours(earlier, target, folder, keeps_workbook=keeps_workbook)
            put_aside()


def put_received(target: Path, ledger: Path, files: Mapping[str, bytes]) -> None:
    """Put a package in place that was made of `ledger` elsewhere. Raises what `handoff` does over its output."""
    target = named_folder(target)
    with alone_with_package(target):
        put_in_place(target, earlier_package(target, ledger), files)


def _zip(file: BinaryIO, folder: str, files: Mapping[str, bytes]) -> None:
    with ZipFile(file, "w") as archive:
        for name, content in sorted(files.items()):
            entry = ZipInfo(f"{folder}/{name}", _ZIP_TIME)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    file.flush()
    os.fsync(file.fileno())


def _keep_what_is_not_ours(earlier: EarlierPackage, old: Path, new: Path, *, keeps_workbook: bool) -> None:
    """Files of others, and an earlier workbook that people changed."""
    for name in unexpected(old, earlier.hashes):
        kept = new / name
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old / name, kept)
    before = old / WORKPAPERS
    if before.is_file():
        content = before.read_bytes()
        if keeps_workbook or sha256(content).hexdigest() != earlier.hashes.get(WORKPAPERS):
            kept = _free(new / EARLIER, f"workpapers-{earlier.made_on}")
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)


def _free(folder: Path, stem: str) -> Path:
    """The first numbered file of that name which is free."""
    number = 1
    while (found := folder / f"{stem}-{number}.xlsx").exists():
        number += 1
    return found
