"""Clients on a Dask cluster: of this machine's own cores, or of several machines by the address of their scheduler.

It is examined before the first client is handed to it.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import platform
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from capgain.addin.cli.batch.child import interrupts_wait
from capgain.engine.problems import CapgainError

if TYPE_CHECKING:
    from distributed import Client, Scheduler


_LOOPBACK = "127.0.0.1"
"""Where Dask's own pages are served, which it does even without a dashboard: nobody on the network sees them."""

_LOGGERS = ("distributed", "dask", "tornado", "bokeh")

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
    with dask.config.set(_SETTINGS), quiet(), ExitStack() as running:
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
    with dask.config.set(_SETTINGS), quiet():
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


@contextmanager
def quiet() -> Iterator[None]:
    """Dask's own messages, which may name files, are not printed."""
    known = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in _LOGGERS]
    loggers = [logging.getLogger(name) for name in {*_LOGGERS, *known}]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
