"""On a terminal: colour, progress for long runs, and NO_COLOR respected."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from capgain.addin.cli import terminal
from command_line import on_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs a Unix system")
CsvLedger = Callable[..., Path]
COLOURS = re.compile(r"\x1b\[[0-9;]*3[0-7]")


def test_a_terminal_gets_colour_unless_no_color_is_set(csv_ledger: CsvLedger) -> None:
    broken = csv_ledger("2025-01-03,Buy,XYZ,ten,100,,,S,stock,,,")
    assert COLOURS.search(on_terminal("check", broken))
    assert not COLOURS.search(on_terminal("check", broken, NO_COLOR="1"))


def test_a_long_run_shows_progress_on_a_terminal_and_a_short_one_does_not(csv_ledger: CsvLedger) -> None:
    rows = [f"2024-01-{day:02d},Buy,XYZ,1,10,,,S,stock,,," for day in range(1, 32)]
    short = csv_ledger(*rows, name="short.csv")
    assert "Matching lots" not in on_terminal("compute", short)
    long = csv_ledger(*rows * 700, name="long.csv")
    assert long.stat().st_size > terminal.LONG_FILE
    shown = on_terminal("compute", long)
    assert "Reading" in shown
    assert "Matching lots" in shown


def test_text_that_would_steer_a_terminal_is_shown_as_text(csv_ledger: CsvLedger) -> None:
    broken = csv_ledger("2025-01-03,Sell,\x1b]0;owned\x07BAD,1,100,,,S,stock,,,")
    shown = on_terminal("check", broken)
    assert "\x1b]0;" not in shown
    assert "\x07" not in shown
    assert "BAD" in shown
