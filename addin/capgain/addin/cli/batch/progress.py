"""How far a batch is: one line on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from time import monotonic

from capgain.addin.cli.batch.options import Outcome
from capgain.addin.cli.terminal import StatusLine


class Progress:
    """Counts clients and the work that they are expected to be; time left follows from the work, not from files."""

    def __init__(self, clients: int, work: float) -> None:
        self._clients = clients
        self._work = work
        self._done = self._errors = self._peak = 0
        self._worked = 0.0
        self._started = monotonic()
        self._line = StatusLine(sys.stderr)

    def add(self, outcome: Outcome, work: float) -> None:
        """One client is finished."""
        self._done += 1
        self._errors += outcome.is_error
        self._peak = max(self._peak, outcome.peak_mib)
        self._worked += work
        self._line.show(self.line())

    def line(self) -> str:
        """`12 of 300 clients, 2 errors, 315 MiB, 4 min left`."""
        errors = f", {self._errors} error{'' if self._errors == 1 else 's'}" if self._errors else ""
        peak = f", {self._peak:,} MiB" if self._peak else ""
        return f"{self._done:,} of {self._clients:,} clients{errors}{peak}, {self._left()} left"

    def end(self) -> None:
        """Clear the line."""
        self._line.clear()

    def _left(self) -> str:
        gone = monotonic() - self._started
        left = gone * (self._work - self._worked) / self._worked if self._worked else 0.0
        if left < 90:
            return f"{max(left, 0):.0f} s"
        return f"{left / 60:.0f} min" if left < 5400 else f"{left / 3600:.1f} h"
