"""The clients of a batch as tasks of a cluster: handed out, taken back, given up.

A worker that dies loses the one client it worked on; the cluster starts another. Where all see the same folders nothing
of a ledger is sent: a task is a path and options, its outcome a number.
"""

from __future__ import annotations

import faulthandler
import os
import secrets
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, ExitStack
from queue import Empty, SimpleQueue
from time import monotonic, time
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.batch.child import Task, took_too_long, without_output
from capgain.addin.cli.batch.options import Job, Outcome
from capgain.workbook.batch.record import ErrorKind

if TYPE_CHECKING:
    from distributed import Client, Future

    from capgain.addin.cli.batch.sent import Made, Parcel, Post

SECONDS_WITHOUT_WORKERS = 60.0
"""How long a cluster may be without any worker; what is left is then worked on here."""

_PAUSE = 1.0
"""Seconds after which it is looked whether the cluster is still there."""

_ONE_AT_A_TIME = threading.Lock()
"""A worker with more than one thread works on one client at a time: limits and memory are those of its process."""


def worked_on(
    cluster: Callable[[], AbstractContextManager[Client]], task: Task, post: Post | None, jobs: Sequence[Job]
) -> Generator[Outcome, None, None]:
    """Start the cluster and have it work; with `post` on files that are sent.

    A job gives no outcome where its worker died, unless it took too long, where it could not be sent, or where the
    cluster went away.
    """
    if not jobs:
        return
    with cluster() as client, ExitStack() as sending:
        if post is not None:
            sending.enter_context(post.open_for(client, jobs[0].options.forms))
        yield from _Work(client, task, post).outcomes(jobs)


class _Work:
    """The tasks of one batch. Their names are its own: on a scheduler a name is one task, whoever asks for it."""

    def __init__(self, client: Client, task: Task, post: Post | None) -> None:
        self._client = client
        self._task = task
        self._post = post
        self._name = f"batch-{secrets.token_hex(4)}"
        self._running: dict[str, tuple[Job, Future]] = {}
        self._finished: SimpleQueue[Future] = SimpleQueue()

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Every worker has one job at a time, so that the death of one concerns no other client's."""
        left = iter(jobs)
        seen = monotonic()
        while True:
            workers = self._workers()
            while len(self._running) < workers and (job := next(left, None)) is not None:
                self._hand_out(job)
            if workers and not self._running:
                return
            seen = monotonic() if workers else seen
            try:
                future = self._finished.get(timeout=_PAUSE)
            except Empty:
                if self._client.status == "closed" or monotonic() - seen > SECONDS_WITHOUT_WORKERS:
                    click.echo("The cluster has gone. This machine does the rest.", err=True)
                    return
                continue
            job, _ = self._running.pop(future.key)
            outcome = self._outcome(job, future)
            future.release()
            if outcome is not None:
                yield outcome

    def _workers(self) -> int:
        """How many workers there are now."""
        try:
            return len(self._client.nthreads())
        except OSError:
            return 0

    def _hand_out(self, job: Job) -> None:
        work: Job | Parcel | None = job if self._post is None else self._post.packed(job)
        if work is None:
            return
        key = f"{self._name}-{job.number}"
        future = self._client.submit(_on_worker, self._task, work, self._name, key=key, retries=0, pure=False)
        self._running[key] = job, future
        future.add_done_callback(self._finished.put)

    def _outcome(self, job: Job, future: Future) -> Outcome | None:
        """None for a job that is to be done here."""
        from distributed.scheduler import KilledWorker

        try:
            if future.status == "finished":
                made: Outcome | Made = future.result()
                return made if isinstance(made, Outcome) else self._put_in_place(job, made)
            error = future.exception() if future.status == "error" else None
            if isinstance(error, KilledWorker) and self._seconds_since_start(job) >= job.seconds_allowed:
                return without_output(job, ErrorKind.TIMEOUT, took_too_long(job))
        except (OSError, CancelledError):
            pass  # the cluster went away
        return None

    def _put_in_place(self, job: Job, made: Made) -> Outcome | None:
        assert self._post is not None
        return self._post.unpacked(job, made)

    def _seconds_since_start(self, job: Job) -> float:
        events: Iterable[tuple[float, tuple[int, float]]] = self._client.get_events(self._name)
        started = [at for _, (number, at) in events if number == job.number]
        return time() - started[-1] if started else 0.0


class WorkFailed(Exception):
    """The work on a client could not be begun or ended on a worker; says of what kind the error was, and no more."""


def _on_worker(task: Task, work: Job | Parcel, name: str) -> Outcome | Made:
    """One client on a worker, which ends itself when the time for it is over.

    When it began is told under the topic `name`. Raises WorkFailed, in which nothing of the client is.
    """
    from distributed import get_worker

    with _ONE_AT_A_TIME, open(os.devnull, "w") as nowhere:
        get_worker().log_event(name, (work.number, time()))
        faulthandler.dump_traceback_later(work.seconds_allowed, exit=True, file=nowhere)
        try:
            return _worked_on(task, work)
        except Exception as error:  # noqa: BLE001  Dask logs what is raised here, and paths name clients
            failed = type(error).__name__
        finally:
            faulthandler.cancel_dump_traceback_later()
    raise WorkFailed(failed)


def _worked_on(task: Task, work: Job | Parcel) -> Outcome | Made:
    if isinstance(work, Job):
        return task(work)
    from capgain.addin.cli.batch.sent import at_worker

    return at_worker(task, work)
