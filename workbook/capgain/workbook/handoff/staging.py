"""Where a package is made before it is put in place: a hidden folder beside the target, all of it or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from capgain.engine.problems import CapgainError
from capgain.workbook.handoff.manifest import EarlierPackage, unexpected
from capgain.workbook.sheets import Book
from capgain.workbook.xlsx.lint import Finding, lint
from capgain.workbook.xlsx.writer import write_book

WORKPAPERS = "workpapers.xlsx"
PREVIOUS = "previous"
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


def zip_path(out_dir: Path) -> Path:
    """The zip beside the folder."""
    return out_dir.with_name(f"{out_dir.name}.zip")


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
    if earlier is None and zip_path(out_dir).exists():
        raise OutputInTheWay(f"{zip_path(out_dir)} exists already. Move it away, or choose another folder.")
    if ledger.resolve().is_relative_to(out_dir.resolve()):
        raise OutputInTheWay(f"{ledger.name} lies in {out_dir}, which is replaced as a whole. Choose another folder.")
    return earlier


class Staging:
    """A hidden folder beside the target in which the package is made; put in place at the end, or removed."""

    def __init__(self, target: Path, earlier: EarlierPackage | None) -> None:
        self.target = target
        self.earlier = earlier
        self.folder = Path(tempfile.mkdtemp(prefix=".capgain-", dir=target.parent))
        self.names: list[str] = []

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.names.append(name)

    def write_book(self, book: Book, *, ssn_is_shown: bool) -> None:
        """Write the workpapers and examine them. Raises UnfitWorkpapers."""
        path = self.folder / WORKPAPERS
        write_book(book, path)
        findings = lint(path, ssn_is_shown=ssn_is_shown)
        if findings:
            raise UnfitWorkpapers(findings)
        self.names.append(WORKPAPERS)

    def contents(self) -> dict[str, bytes]:
        return {name: (self.folder / name).read_bytes() for name in self.names}

    def put_in_place(self) -> tuple[str, ...]:
        """Zip the package, keep what others put into the old folder, and exchange the folders."""
        names = tuple(sorted(self.names))
        archive = self._zipped(names)
        try:
            self._keep_what_is_not_ours()
            self.folder.chmod(0o777 & ~_umask())
            old = self.folder.with_name(f"{self.folder.name}-old")
            if self.target.exists():
                os.replace(self.target, old)
            try:
                os.replace(self.folder, self.target)
            except OSError:
                if old.exists():
                    os.replace(old, self.target)
                raise
            shutil.rmtree(old, ignore_errors=True)
            os.replace(archive, zip_path(self.target))
        finally:
            archive.unlink(missing_ok=True)
        return names

    def _zipped(self, names: Sequence[str]) -> Path:
        archive = self.folder.with_name(f"{self.folder.name}.zip")
        with ZipFile(archive, "w", ZIP_DEFLATED) as target:
            for name in names:
                entry = ZipInfo(f"{self.target.name}/{name}", _ZIP_TIME)
                entry.compress_type = ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                target.writestr(entry, (self.folder / name).read_bytes())
        return archive

    def _keep_what_is_not_ours(self) -> None:
        """Files of others, and an earlier workbook that people changed."""
        if self.earlier is None or not self.target.is_dir():
            return
        for name in unexpected(self.target, self.earlier.hashes):
            kept = self.folder / name
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.target / name, kept)
        before = self.target / WORKPAPERS
        if before.is_file():
            content = before.read_bytes()
            if sha256(content).hexdigest() != self.earlier.hashes.get(WORKPAPERS):
                kept = _free(self.folder / PREVIOUS / f"workpapers-{self.earlier.made_on}.xlsx")
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(content)


def _free(path: Path) -> Path:
    """The path, or with a number the first one that is free."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
