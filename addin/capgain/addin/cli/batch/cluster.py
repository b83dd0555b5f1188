"""Clients on a Dask cluster: of this machine's own cores, or of several machines by the address of their scheduler.

A worker that dies loses the one client it worked on; the cluster starts another. Where all see the same folders nothing
of a ledger is sent: a job is a path and options, its outcome a number.
"""

from __future__ import annotations

import faulthandler
import ipaddress
import logging
import os
import platform
import secrets
import shutil
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from capgain.addin.cli.batch.child import Task, interrupts_wait, took_too_long, without_output
from capgain.addin.cli.batch.options import Job, Outcome
from capgain.engine.problems import CapgainError
from capgain.workbook.batch.record import ErrorKind

if TYPE_CHECKING:
    from distributed import Client, Future, Scheduler

    from capgain.addin.cli.batch.sent import Made, Parcel, Post

_LOOPBACK = "127.0.0.1"
"""Where Dask's own pages are served, which it does even without a dashboard: nobody on the network sees them."""

PATIENCE = "30s"
"""How long a scheduler may take to answer."""

SECONDS_WITHOUT_WORKERS = 60.0
"""How long a cluster may be without any worker; what is left is then worked on here."""

_PAUSE = 1.0
"""Seconds after which it is looked whether the cluster is still there."""

_ONE_AT_A_TIME = threading.Lock()
"""A worker with more than one thread works on one client at a time: limits and memory are those of its process."""

_SETTINGS: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.log-length": 0,
    "distributed.admin.large-graph-warning-threshold": "1 GiB",
    "distributed.diagnostics.nvml": False,
}


class WrongCluster(CapgainError):
    """A cluster that cannot do the batch, or must not."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The files of a TLS connection."""

    ca: Path
    cert: Path
    key: Path


@contextmanager
def own_cluster(workers: int, memory_each: int | None, local: Path, *, dashboard: bool) -> Iterator[Client]:
    """Workers on this machine, a process each; their files lie in `local`, which is removed."""
    import dask
    from distributed import Client, LocalCluster

    local.mkdir(mode=0o700, exist_ok=True)
    with dask.config.set(_SETTINGS), _quiet(), ExitStack() as running:
        running.callback(shutil.rmtree, local, ignore_errors=True)
        with interrupts_wait():
            cluster = running.enter_context(
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=memory_each or 0,
                    dashboard_address=f"{_LOOPBACK}:{8787 if dashboard else 0}",
                    worker_dashboard_address=f"{_LOOPBACK}:0",
                    scheduler_kwargs={"dashboard": dashboard},
                    local_directory=str(local),
                    silence_logs=logging.CRITICAL,
                )
            )
            client = running.enter_context(Client(cluster))
        yield client


@contextmanager
def cluster_at(address: str, keys: Keys | None, out: Path, folders: Sequence[Path] | None) -> Iterator[Client]:
    """The cluster of a scheduler that runs already, examined. Raises WrongCluster where it is not to be used.

    `folders` are to be seen by every worker; None where files are sent.
    """
    import dask
    from distributed import Client
    from distributed.security import Security

    refuse_open_network(address, keys)
    security = None
    if keys is not None:
        security = Security(
            tls_ca_file=str(keys.ca),
            tls_client_cert=str(keys.cert),
            tls_client_key=str(keys.key),
            require_encryption=True,
        )
    with dask.config.set(_SETTINGS), _quiet():
        try:
            client = Client(address, security=security, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            raise WrongCluster(
                f"No scheduler answers at {address}. Is it running{', and are the keys its own' if keys else ''}?"
            ) from error
        with client:
            examine(client, out, folders)
            allowed = client.run_on_scheduler(_failures_allowed, 0)
            try:
                yield client
            finally:
                with suppress(OSError):  # a cluster that has gone
                    if client.status == "running":
                        client.run_on_scheduler(_failures_allowed, allowed)


def refuse_open_network(address: str, keys: Keys | None) -> None:
    """Raise WrongCluster for an address that would show clients' data, or run commands, for anybody on the network."""
    parts = urlsplit(address)
    if parts.scheme == "tls":
        if keys is None:
            raise WrongCluster("tls:// needs --tls-ca, --tls-cert and --tls-key.")
        return
    if parts.scheme != "tcp" or not parts.hostname:
        raise WrongCluster(f"{address!r} is no address of a scheduler: tls://HOST:PORT, or tcp://127.0.0.1:PORT.")
    if not _is_loopback(parts.hostname):
        raise WrongCluster(
            f"{address}: a scheduler over plain TCP shows clients' data to the network and runs anybody's code; "
            "use tls://."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failures_allowed(number: int, dask_scheduler: Scheduler) -> int:
    """Have a scheduler give up a task after that many deaths more; gives how many it was before."""
    before = int(dask_scheduler.allowed_failures)
    dask_scheduler.allowed_failures = number
    return before


def examine(client: Client, out: Path, folders: Sequence[Path] | None) -> None:
    """Raise WrongCluster unless every worker has this program in this version and sees all folders there are to see."""
    ours = software()
    theirs: dict[str, tuple[str, ...]] = client.run(software)
    if not theirs:
        raise WrongCluster("The scheduler has no workers. Start some, and try again.")
    others = [f"{worker}: {', '.join(found)}" for worker, found in theirs.items() if found != ours]
    if others:
        raise WrongCluster(
            f"These workers have other versions than this machine ({', '.join(ours)}); install the same on all: "
            + "; ".join(others)
        )
    if folders is None:
        return
    probe = out / f"probe-{secrets.token_hex(16)}"
    probe.touch(mode=0o600)
    try:
        seen: dict[str, bool] = client.run(_sees, str(probe), [str(folder) for folder in folders])
    finally:
        probe.unlink()
    blind = [worker for worker, sees in seen.items() if not sees]
    if blind:
        raise WrongCluster(
            f"These workers do not see the folders of clients, forms and output: {', '.join(blind)}. "
            "They must lie under the same path on every machine; or have the files sent, with --send-files."
        )


def software() -> tuple[str, ...]:
    """What must be the same on all machines: the program and Python."""
    return f"CapGain {version('capgain')}", "Python " + ".".join(platform.python_version_tuple()[:2])


def _sees(probe: str, folders: Sequence[str]) -> bool:
    return os.path.exists(probe) and all(map(os.path.isdir, folders))


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


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own messages, which may name files, are not printed."""
    loggers = [logging.getLogger(name) for name in ("distributed", "dask", "tornado", "bokeh")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
