"""A whole batch: who is to be worked on, in which order and by whom, and the index at the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from capgain.addin.cli.batch import estimates
from capgain.addin.cli.batch.child import Children, Task
from capgain.addin.cli.batch.machine import free_memory
from capgain.addin.cli.batch.one_client import is_unchanged, one_client, sha256_of
from capgain.addin.cli.batch.options import BatchOptions, Job, Outcome
from capgain.addin.cli.batch.progress import Progress
from capgain.addin.cli.interrupted import exit_code
from capgain.workbook.batch.clients import Client, clients_below
from capgain.workbook.batch.index_files import Index, write_index
from capgain.workbook.batch.record import Status
from capgain.workbook.batch.state import State
from capgain.workbook.one_at_a_time import LOCK
from capgain.workbook.whole_file import PUT_ASIDE, UNFINISHED

Workers = Callable[[Sequence[Job]], Generator[Outcome, None, None]]
"""Works on clients in parallel. A client of which nothing comes back is left to a process of its own."""

KEPT_FREE = 1 << 30
"""Bytes of memory that a batch leaves to the rest of the machine."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run found to do. `jobs` are the clients to work on, the largest first.

    `work` and `memory` are what each may need, in seconds and bytes, by the job's number.
    """

    clients: tuple[Client, ...]
    jobs: tuple[Job, ...]
    work: dict[int, float]
    memory: dict[int, int]

    @property
    def seconds(self) -> float:
        """Work to do, in seconds of one processor."""
        return sum(self.work.values())


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended, and how many files an earlier one that was killed had left half made.

    `interrupted` is the exit code where a signal ended it, else 0.
    """

    index: Index
    interrupted: int
    removed: int


def planned(folder: Path, state: State, options: BatchOptions, *, again: bool) -> Batch:
    """Find the clients, and among them those whose ledger, options, version or forms are not what they were.

    A client whose file is no longer there is remembered as gone; its output stays.
    """
    before = [(key, record.file, record.folder, record.status) for key, record in state.everyone()]
    clients = clients_below(folder, state.out, {file: placed for _, file, placed, _ in before})
    here = {client.key for client in clients}
    for key, _, _, status in before:
        gone = state.read(key) if key not in here and status is not Status.GONE else None
        if gone is not None:
            state.write(key, replace(gone, status=Status.GONE))
    jobs: list[Job] = []
    work: dict[int, float] = {}
    memory: dict[int, int] = {}
    for number, client in enumerate(sorted(clients, key=lambda client: -client.size)):
        if not again and _is_done(state, client, options):
            continue
        rows = estimates.rows_in(client.path.suffix, client.size)
        work[number] = estimates.seconds(options.what, rows)
        memory[number] = estimates.memory(options.what, rows)
        allowed = estimates.seconds_allowed(options.limit, rows)
        jobs.append(Job(number, client.path, client.name, client.folder, client.key, state.out, options, allowed))
    return Batch(clients, tuple(jobs), work, memory)


def run(
    batch: Batch,
    state: State,
    options: BatchOptions,
    workers: Workers | None = None,
    *,
    memory_each: int | None = None,
    with_names: bool = False,
    task: Task = one_client,
) -> Done:
    """Work on every client and write the index. `workers` None: one client after the other.

    Clients that may need more than `memory_each` bytes, or over which a worker died, come last and alone. Ctrl-C ends
    the run: what is finished stays, and the index says how many clients were not reached.
    """
    removed = _remove_unfinished(state.out, batch.clients)
    progress = Progress(len(batch.jobs), batch.seconds)
    waiting = {job.number: job for job in batch.jobs}
    made: set[str] = set()
    interrupted = 0

    def finish(outcome: Outcome) -> None:
        made.add(waiting.pop(outcome.number).key)
        progress.add(outcome, batch.work[outcome.number])

    try:
        if workers is not None:
            together = [job for job in batch.jobs if memory_each is None or batch.memory[job.number] <= memory_each]
            with closing(workers(together)) as outcomes:
                for outcome in outcomes:
                    finish(outcome)
        children = Children(task, all_memory())
        for job in batch.jobs:
            if job.number in waiting:
                finish(children.run(job))
    except KeyboardInterrupt as signal:
        interrupted = exit_code(signal)
        for job in [job for job in waiting.values() if _is_done(state, job, options)]:
            finish(Outcome(job.number, is_error=False, peak_mib=0))
    progress.end()
    try:
        index = _concluded(batch, state, options, made, waiting, with_names=with_names)
    except KeyboardInterrupt as signal:
        interrupted = exit_code(signal)
        index = _concluded(batch, state, options, made, waiting, with_names=with_names)
    return Done(index, interrupted, removed)


def _concluded(
    batch: Batch,
    state: State,
    options: BatchOptions,
    made: Collection[str],
    waiting: Mapping[int, Job],
    *,
    with_names: bool,
) -> Index:
    """Remove what is half made, and write the index from what is whole."""
    _remove_unfinished(state.out, batch.clients)
    _remove_empty(state.out, batch.jobs)
    return write_index(
        state,
        made=made,
        not_reached={job.key for job in waiting.values()},
        with_names=with_names,
        made_on=options.as_of,
    )


def _is_done(state: State, client: Client | Job, options: BatchOptions) -> bool:
    """Whether what is remembered of a client is what working on it now would give."""
    known = state.read(client.key)
    if known is None or not known.settled:
        return False
    ledger = sha256_of(client.path)
    return bool(ledger) and is_unchanged(known, client.folder, state.out, options, ledger, version("capgain"))


def all_memory() -> int | None:
    """Bytes that one client may take where it has the machine to itself; None where that is not known."""
    free = free_memory()
    return None if free is None else max(free - KEPT_FREE, free // 2)


def _remove_empty(out: Path, jobs: Sequence[Job]) -> None:
    """Remove the folders of clients in which nothing came to stand, and the empty ones above them."""
    for job in jobs:
        place = out / job.folder
        with suppress(OSError):
            while place != out:
                if place.exists():
                    place.rmdir()
                place = place.parent


def _remove_unfinished(out: Path, clients: Sequence[Client]) -> int:
    """Remove what a process that was ended left half made, and count it; for whoever holds the output alone."""
    removed = State(out).remove_unfinished()
    folders = {out / client.folder for client in clients}
    for place in {out, *folders, *(folder.parent for folder in folders)}:
        for left in place.glob(f"{UNFINISHED}*"):
            if left.name.endswith(PUT_ASIDE):
                continue
            removed += not left.name.endswith(LOCK)
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                with suppress(OSError):
                    left.unlink()
    return removed
