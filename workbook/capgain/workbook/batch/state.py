"""The folder `.batch` in the output: a record a client, and one run at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from capgain.engine.problems import CapgainError
from capgain.workbook.batch.clients import INDEX_BOOK, INDEX_JSON, RECORDS, STATE
from capgain.workbook.batch.record import ClientRecord
from capgain.workbook.file_lock import locked
from capgain.workbook.whole_file import UNFINISHED, write_whole

_LOCK = "lock"


class NotABatch(CapgainError):
    """The output holds an index that no batch made."""


class BatchRunning(CapgainError):
    """Another run is writing into the same output."""


class State:
    """What is remembered between runs, below the output folder `out`."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / STATE
        self._records = self.folder / RECORDS
        self._is_new = False

    def prepare(self) -> None:
        """Make the folders. Raises NotABatch, and OSError where they cannot be made."""
        theirs = [name for name in (INDEX_BOOK, INDEX_JSON) if (self.out / name).exists()]
        if theirs and not self.folder.is_dir():
            raise NotABatch(f"{self.out} holds {' and '.join(theirs)} and no batch made it. Choose another folder.")
        self._is_new = not self.out.exists()
        self.out.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._records.mkdir(mode=0o700, exist_ok=True)

    def remove_if_empty(self) -> None:
        """Remove the folders again where no client was ever worked on; for whoever holds the output alone."""
        with suppress(OSError):
            self._records.rmdir()
            (self.folder / _LOCK).unlink(missing_ok=True)
            self.folder.rmdir()
            if self._is_new:
                self.out.rmdir()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the output for one run; released by the system however the run ends. Raises BatchRunning."""
        handle = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if locked(handle) is False:
                raise BatchRunning(f"Another batch is writing into {self.out}. Wait for it, or choose another folder.")
            yield
        finally:
            os.close(handle)

    def read(self, key: str) -> ClientRecord | None:
        try:
            return ClientRecord.restored((self._records / f"{key}.json").read_bytes())
        except OSError:
            return None

    def write(self, key: str, record: ClientRecord) -> None:
        write_whole(self._records / f"{key}.json", record.stored(), overwrite=True)
        (self._records / f"{key}.begun").unlink(missing_ok=True)

    def begin(self, key: str) -> None:
        """Remember that the output of a client is ours, should the run end before its record is written."""
        with suppress(FileExistsError):
            (self._records / f"{key}.begun").touch(mode=0o600, exist_ok=False)

    def is_ours(self, key: str) -> bool:
        """Whether a batch has written, or begun to write, this client's output."""
        return any((self._records / f"{key}.{ending}").exists() for ending in ("json", "begun"))

    def remove_unfinished(self) -> int:
        """Remove the records that a run was ended over, and count them; for whoever holds the output alone."""
        unfinished = list(self._records.glob(f"{UNFINISHED}*"))
        begun = [one for one in self._records.glob("*.begun") if one.with_suffix(".json").exists()]
        for left in (*unfinished, *begun):
            left.unlink(missing_ok=True)
        return len(unfinished)

    def everyone(self) -> Iterator[tuple[str, ClientRecord]]:
        """Every record with the key it is filed under, one at a time."""
        for file in sorted(self._records.glob("*.json")):
            record = None if file.name.startswith(UNFINISHED) else self.read(file.stem)
            if record is not None:
                yield file.stem, record
