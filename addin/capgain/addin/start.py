"""What the program `capgain` starts with."""

from __future__ import annotations

from capgain.workbook.interruption import end_at_signals


def main() -> None:
    """Load the command line and run it. A signal that comes meanwhile, before anything is begun, ends it in a line."""
    end_at_signals()
    from capgain.addin.cli import main as run

    run()
