"""Clients for workers that see neither FOLDER nor OUT: files go there as bytes, what was made comes back as bytes.

A worker works in a folder of its own, which it removes; what a worker that died left of it is removed at the end.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from distributed import WorkerPlugin, get_worker
from psutil import pid_exists

from capgain.addin.cli.batch.child import Task
from capgain.addin.cli.batch.one_client import in_place, sha256_of
from capgain.addin.cli.batch.options import BatchOptions, Job, Outcome, What
from capgain.workbook.batch.record import ClientRecord
from capgain.workbook.batch.state import State
from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.handoff.manifest import EarlierPackage
from capgain.workbook.handoff.official_forms.form_fields import FormName
from capgain.workbook.handoff.official_forms.forms_folder import FormsFolder, OfficialForm
from capgain.workbook.handoff.staging import WORKPAPERS
from capgain.workbook.handoff.zip_beside import zip_path

if TYPE_CHECKING:
    from distributed import Client, Worker

MOST_BYTES = 50 << 20
"""Of a client's files that are sent; a larger one is worked on here."""

CARRIED = (MANIFEST, WORKPAPERS)
"""Files of an earlier package that the next takes marks and answers from."""


@dataclass(frozen=True, slots=True, repr=False)
class Parcel:
    """One client's ledger and what a worker needs of its earlier package. No place of this machine stands in it."""

    post: str
    number: int
    name: str
    folder: str
    key: str
    options: BatchOptions
    seconds_allowed: float
    ledger: bytes
    before: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """What a worker made of a parcel: the record of the client, and files by their names in its folder."""

    number: int
    record: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, repr=False)
class SentForm:
    """A blank form of the IRS."""

    form: FormName
    year: int
    name: str
    content: bytes
    sha256: str


class Forms(WorkerPlugin):  # type: ignore[misc]  # Dask has no types
    """The blank forms, which every worker keeps in memory while the batch runs; nothing where none are needed."""

    def __init__(self, name: str, folder: FormsFolder | None) -> None:
        self.name = name
        self.given = folder is not None
        self.refused = folder.refused if folder is not None else ()
        self.forms = tuple(
            SentForm(one.form, one.year, one.path.name, one.path.read_bytes(), one.sha256)
            for one in (folder.forms if folder is not None else ())
        )

    def unpacked(self, place: Path) -> FormsFolder | None:
        """The forms as files in `place`."""
        if not self.given:
            return None
        place.mkdir()
        found = []
        for one in self.forms:
            path = place / one.name
            path.write_bytes(one.content)
            found.append(OfficialForm(one.form, one.year, path, one.sha256))
        return FormsFolder(place, tuple(found), self.refused)


@dataclass(frozen=True, slots=True)
class Post:
    """Sends clients, and puts in place what comes back. Its name is in every folder that it has a worker make."""

    name: str = field(default_factory=lambda: f"capgain-{secrets.token_hex(8)}")
    sent: dict[int, dict[str, str]] = field(default_factory=dict)

    @contextmanager
    def open_for(self, client: Client, forms: FormsFolder | None) -> Iterator[None]:
        """Give every worker the forms, and leave nothing on any at the end."""
        client.register_plugin(Forms(self.name, forms), name=self.name)
        try:
            yield
        finally:
            with suppress(OSError):  # a cluster that has gone
                if client.status == "running":
                    client.unregister_worker_plugin(self.name)
                    client.run(swept, self.name, on_error="ignore")

    def packed(self, job: Job) -> Parcel | None:
        """None for a client that is too large to send, or whose files are to be looked at here."""
        folder = job.out / job.folder
        try:
            ledger = job.path.read_bytes() if job.path.stat().st_size <= MOST_BYTES else None
            before = _earlier(folder) if job.options.what is What.HANDOFF else {}
        except OSError:
            return None
        if ledger is None or before is None or sum(map(len, before.values())) + len(ledger) > MOST_BYTES:
            return None
        self.sent[job.number] = {name: sha256(content).hexdigest() for name, content in before.items()}
        options = replace(job.options, forms=None)
        return Parcel(
            self.name, job.number, job.name, job.folder, job.key, options, job.seconds_allowed, ledger, before
        )

    def unpacked(self, job: Job, made: Made) -> Outcome | None:
        """Put in place what a worker made; None where an earlier package changed meanwhile: marks might be lost."""
        folder = job.out / job.folder
        if any(sha256_of(folder / name) != before for name, before in self.sent.pop(job.number).items()):
            return None
        record = ClientRecord.restored(made.record)
        assert record is not None
        kept = in_place(job, record, made.files)
        return Outcome(job.number, kept.status.is_error, kept.peak_mib)


def at_worker(task: Task, parcel: Parcel) -> Made:
    """Work on a parcel in a folder that exists meanwhile, readable by its owner alone."""
    place = Path(tempfile.mkdtemp(prefix=f"{parcel.post}-{os.getpid()}-", dir=_scratch(get_worker())))
    try:
        ledger, out = place / "in" / PurePosixPath(parcel.name).name, place / "out"
        ledger.parent.mkdir()
        ledger.write_bytes(parcel.ledger)
        state = State(out)
        state.prepare()
        folder = out / parcel.folder
        for name, content in parcel.before.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        forms = get_worker().plugins[parcel.post]
        assert isinstance(forms, Forms)
        options = replace(parcel.options, forms=forms.unpacked(place / "forms"))
        job = Job(parcel.number, ledger, parcel.name, parcel.folder, parcel.key, out, options, parcel.seconds_allowed)
        task(job)
        record = state.read(parcel.key)
        assert record is not None
        return Made(parcel.number, record.stored(), _files(folder, record, options.what) if record.main_file else {})
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _files(folder: Path, record: ClientRecord, what: What) -> dict[str, bytes]:
    """What was made, without what was sent."""
    names = [record.main_file]
    if what is What.HANDOFF:
        package = EarlierPackage.read(folder)
        assert package is not None
        names = [*package.hashes, MANIFEST]
    return {name: (folder / name).read_bytes() for name in names}


def _earlier(folder: Path) -> dict[str, bytes] | None:
    """What the next package is made from besides the ledger; None where something else is in its place."""
    if not folder.exists():
        return None if zip_path(folder).exists() else {}
    if not folder.is_dir() or EarlierPackage.read(folder) is None:
        return None
    return {name: (folder / name).read_bytes() for name in CARRIED if (folder / name).is_file()}


def _scratch(worker: Worker) -> Path:
    """Where the workers of this machine have their own folders."""
    return Path(worker.local_directory).parent


def swept(post: str, dask_worker: Worker) -> None:
    """Remove what workers of this machine that died left of a batch."""
    for left in _scratch(dask_worker).glob(f"{post}-*"):
        if not pid_exists(int(left.name.removeprefix(f"{post}-").partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
