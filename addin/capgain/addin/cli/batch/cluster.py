"""Clients on a Dask cluster: of this machine's own cores, or of several machines by the address of their scheduler.

A worker that dies loses the one client it worked on; the cluster starts another. Nothing of a ledger is sent: a job
is a path and options, its outcome a number.
"""

from __future__ import annotations

import faulthandler
import ipaddress
import logging
import os
import platform
import secrets
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from capgain.addin.cli.batch.child import Task, interrupts_wait, took_too_long, without_output
from capgain.addin.cli.batch.options import Job, Outcome
from capgain.engine.problems import CapgainError
from capgain.workbook.batch.record import ErrorKind

if TYPE_CHECKING:
    from distributed import Client

STARTED = "capgain-started"
"""Topic under which a worker says when it began a job."""

_LOOPBACK = "127.0.0.1"
"""Where Dask's own pages are served, which it does even without a dashboard: nobody on the network sees them."""

PATIENCE = "30s"
"""How long a scheduler may take to answer."""

_SETTINGS: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.log-length": 0,
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
def cluster_at(address: str, keys: Keys | None, out: Path, folders: Sequence[Path]) -> Iterator[Client]:
    """The cluster of a scheduler that runs already, examined. Raises WrongCluster where it is not to be used."""
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
                f"No scheduler answers at {address}. Is it running, and are the keys its own?"
            ) from error
        with client:
            examine(client, out, folders)
            yield client


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
            "A scheduler over plain TCP shows clients' data to the network and runs anybody's code; use tls://."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def examine(client: Client, out: Path, folders: Sequence[Path]) -> None:
    """Raise WrongCluster unless every worker has this program in this version and sees all folders."""
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
            "They must lie under the same path on every machine."
        )


def software() -> tuple[str, ...]:
    """What must be the same on all machines: the program and Python."""
    return f"CapGain {version('capgain')}", "Python " + ".".join(platform.python_version_tuple()[:2])


def _sees(probe: str, folders: Sequence[str]) -> bool:
    return os.path.exists(probe) and all(map(os.path.isdir, folders))


def worked_on(
    cluster: Callable[[], AbstractContextManager[Client]], task: Task, jobs: Sequence[Job]
) -> Generator[Outcome, None, None]:
    """Start the cluster and have it work. A job over which a worker died gives no outcome, unless it took too long."""
    with cluster() as client:
        yield from _outcomes(client, task, jobs)


def _outcomes(client: Client, task: Task, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Every worker has one job at a time, so that the death of one concerns no other client's."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    at_once = max(sum(client.nthreads().values()), 1)
    left: Iterable[Job] = iter(jobs)
    running: dict[str, Job] = {}
    finished = as_completed([])

    def hand_out() -> None:
        for job in left:
            future = client.submit(_on_worker, task, job, key=f"batch-{job.number}", retries=0, pure=False)
            running[future.key] = job
            finished.add(future)
            return

    for _ in range(at_once):
        hand_out()
    for future in finished:
        job = running.pop(future.key)
        error = future.exception() if future.status == "error" else None
        if error is None:
            yield future.result()
        elif isinstance(error, KilledWorker) and _seconds_since_start(client, job) >= job.seconds_allowed:
            yield without_output(job, ErrorKind.TIMEOUT, took_too_long(job))
        future.release()
        hand_out()


def _on_worker(task: Task, job: Job) -> Outcome:
    """One client on a worker, which ends itself when the time for it is over."""
    from distributed import get_worker

    get_worker().log_event(STARTED, (job.number, time()))
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(job.seconds_allowed, exit=True, file=nowhere)
        try:
            return task(job)
        finally:
            faulthandler.cancel_dump_traceback_later()


def _seconds_since_start(client: Client, job: Job) -> float:
    events: Iterable[tuple[float, tuple[int, float]]] = client.get_events(STARTED)
    started = [at for _, (number, at) in events if number == job.number]
    return time() - started[-1] if started else 0.0


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
