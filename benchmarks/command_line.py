"""`capgain compute --json` on a ledger file as a whole process, against the plainest script on the same file.

python benchmarks/command_line.py [--rows N] [--wash on|off]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import workload
from measuring import Process, run_process

HERE = Path(__file__).parent


def median(runs: list[Process]) -> Process:
    """The run in the middle."""
    return sorted(runs)[len(runs) // 2]


def main() -> None:
    """Measure both, turn and turn about."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--wash", choices=["on", "off"], default="on")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        workload.write_csv(list(workload.trades(asked.rows)), path)
        capgain = [sys.executable, "-m", "capgain.addin.cli", "compute", str(path), "--json", "--status", "single"]
        plain = [sys.executable, str(HERE / "plainest_script.py"), str(path)]
        if asked.wash == "off":
            capgain += ["--set", "Wash Sales=off"]
        ours, theirs = [], []
        for _ in range(asked.repeats):
            theirs.append(run_process(plain))
            ours.append(run_process(capgain))
        assert all(run.returncode == 0 for run in ours + theirs)
        ratio = statistics.median(mine.seconds / bare.seconds for mine, bare in zip(ours, theirs, strict=True))
        help_runs = [run_process([sys.executable, "-m", "capgain.addin.cli", "--help"]) for _ in range(5)]
    our, their = median(ours), median(theirs)
    print(
        json.dumps(
            {
                "rows": asked.rows,
                "wash": asked.wash,
                "plainest_script_seconds": round(their.seconds, 2),
                "capgain_seconds": round(our.seconds, 2),
                "ratio": round(ratio, 1),
                "capgain_peak_mib": round(our.peak_mib),
                "plainest_script_peak_mib": round(their.peak_mib),
                "help_seconds": round(median(help_runs).seconds, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
