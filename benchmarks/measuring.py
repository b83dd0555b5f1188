"""Timing and memory for the benchmarks.

Seconds are processor time: all measured here runs on one thread, so on an idle machine that is the wall time, and on a
busy one it still compares like with like.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

T = TypeVar("T")


def median_seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """The median processor time of `work`, with garbage of earlier runs collected first."""
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
        del result
    return statistics.median(times)


class Process(NamedTuple):
    """Processor time and peak memory of a finished process."""

    seconds: float
    peak_mib: float
    returncode: int


@cache
def _byte_code() -> tempfile.TemporaryDirectory[str]:
    """Where the processes measured keep their byte code; it goes when the benchmark ends."""
    return tempfile.TemporaryDirectory(prefix="capgain-byte-code-")


def _environment() -> Mapping[str, str]:
    """As an installed program starts: its byte code is there (pip writes it), whatever this machine says of writing it.

    The first of several runs writes it.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": _byte_code().name}


def run_process(command: Sequence[str]) -> Process:
    """Run a command with its output thrown away and measure it as a whole."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_environment()) as process:
        peak = 0.0
        while True:
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                peak = max(peak, _peak_mib(process.pid))
                continue
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Process(seconds, peak, process.returncode)


def _peak_mib(pid: int) -> float:
    """VmHWM of a running process, 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/status") as status:
            line = next((line for line in status if line.startswith("VmHWM:")), None)
    except OSError:
        return 0.0
    return int(line.split()[1]) / 1024 if line else 0.0


def peak_mib() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
