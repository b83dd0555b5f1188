"""The limits of speed as a guard: exits 1, naming what is over, where a ratio is more than its limit and a quarter.

    python benchmarks/limits.py [--pairs N] [--rows N] [--only NAME ...]

Each is the median of ratios of processor time, ours against a reference beside it, in pairs taken turn and turn about:
the engine against the bare loop of `reference.py`, the command as a whole process against `plainest_script.py`. Which
limits hold depends on whether the engine of this installation is compiled. No test runs this: a busy machine moves even
ratios, and says nothing of whether an answer is right.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import capgain.engine.money
import reference
import workload
from capgain.engine.classes import FilingStatus, WashScope
from capgain.engine.compute import compute
from capgain.engine.settings import ByYear
from measuring import run_process

HERE = Path(__file__).parent
SLACK = 1.25
IS_COMPILED = not capgain.engine.money.__file__.endswith(".py")


@dataclass(frozen=True)
class Limit:
    """How many times its reference something may take: pure, and with the engine compiled; None: not limited."""

    name: str
    pure: float | None
    compiled: float
    wash: bool
    is_whole: bool

    @property
    def here(self) -> float | None:
        """What holds for this installation."""
        return self.compiled if IS_COMPILED else self.pure


LIMITS = (
    Limit("engine, wash sales off", 17, 12, wash=False, is_whole=False),
    Limit("engine, wash sales on", 85, 55, wash=True, is_whole=False),
    Limit("command, wash sales off", None, 5, wash=False, is_whole=True),
    Limit("command, wash sales on", None, 13, wash=True, is_whole=True),
)

Pair = tuple[Callable[[], float], Callable[[], float]]
"""Seconds of ours and of the reference, each run once."""


def main() -> None:
    """Measure what is limited and say of each whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", nargs="*", choices=[limit.name for limit in LIMITS])
    asked = parser.parse_args()
    history = list(workload.trades(asked.rows))
    over = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        workload.write_csv(history, path)
        for limit in LIMITS:
            if asked.only and limit.name not in asked.only:
                continue
            ours, theirs = _whole(path, limit) if limit.is_whole else _engine(history, limit)
            ratio = statistics.median(ours() / theirs() for _ in range(asked.pairs))
            print(f"{limit.name}: {ratio:.1f} times, {_verdict(limit, ratio)}")
            if limit.here is not None and ratio > limit.here * SLACK:
                over.append(limit.name)
    if over:
        sys.exit(f"over the limit: {'; '.join(over)}")


def _verdict(limit: Limit, ratio: float) -> str:
    if limit.here is None:
        return f"no limit where the engine is not compiled ({limit.compiled:g} where it is)"
    if ratio <= limit.here:
        return f"within {limit.here:g}"
    return f"over {limit.here:g}, {'within' if ratio <= limit.here * SLACK else 'and over'} the slack"


def _engine(history: list[workload.Trade], limit: Limit) -> Pair:
    ledger = workload.ledger(
        history,
        filing_status=ByYear(FilingStatus.SINGLE),
        wash_sales=WashScope.SECURITIES if limit.wash else WashScope.OFF,
    )
    return (
        lambda: _seconds(lambda: compute(replace(ledger))),  # a ledger remembers what it was asked
        lambda: _seconds(lambda: reference.fifo(history)),
    )


def _whole(path: Path, limit: Limit) -> Pair:
    command = [sys.executable, "-m", "capgain.addin.cli", "compute", str(path), "--json", "--status", "single"]
    if not limit.wash:
        command += ["--set", "Wash Sales=off"]
    return lambda: _process(command), lambda: _process([sys.executable, str(HERE / "plainest_script.py"), str(path)])


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    made = work()
    seconds = time.process_time() - start
    del made
    return seconds


def _process(command: list[str]) -> float:
    run = run_process(command)
    assert run.returncode == 0, command
    return run.seconds


if __name__ == "__main__":
    main()
