"""What a client's process does in tests of what may go wrong there: picklable, so that a worker can be given it."""

from __future__ import annotations

import os
import time

from capgain.addin.cli.batch.one_client import one_client
from capgain.addin.cli.batch.options import Job, Outcome


def dies_over_baker(job: Job) -> Outcome:
    """The process ends without a word over one client."""
    if "baker" in job.name:
        os._exit(9)
    return one_client(job)


def dies_once_over_baker(job: Job) -> Outcome:
    """The process ends the first time that it meets one client."""
    mark = job.out / ".batch" / "met"
    if "baker" in job.name and not mark.exists():
        mark.touch()
        os._exit(9)
    return one_client(job)


def sleeps_over_baker(job: Job) -> Outcome:
    """One client takes longer than any is allowed."""
    if "baker" in job.name:
        time.sleep(3600)
    return one_client(job)


def takes_three_seconds(job: Job) -> Outcome:
    """Time enough for whoever watches to do something meanwhile."""
    time.sleep(3)
    return one_client(job)


def dies_over_baker_and_sleeps_over_clark(job: Job) -> Outcome:
    """Both at once: two clients are lost, for two reasons."""
    if "clark" in job.name:
        time.sleep(3600)
    return dies_over_baker(job)


def raises_over_baker(job: Job) -> Outcome:
    """The work on one client meets an error that nobody foresaw."""
    import capgain.addin.cli.batch.one_client as work

    if "baker" not in job.name:
        return one_client(job)
    real = work.year_of
    try:
        work.year_of = _unforeseen  # type: ignore[assignment]
        return one_client(job)
    finally:
        work.year_of = real


def _unforeseen(report: object, asked: object) -> int:
    raise ZeroDivisionError("Baker owes 900-11-2233 dollars")


def knows_nothing_of_the_office(job: Job) -> Outcome:
    """A worker that is sent files works in a folder of its own; it ends where a path leads anywhere else."""
    own = job.out.parent
    if "capgain-" not in own.name or own not in job.path.parents or own.stat().st_mode & 0o077:
        os._exit(9)
    return one_client(job)
