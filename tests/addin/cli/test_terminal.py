"""On a terminal: colour, progress for long runs, and NO_COLOR respected."""

from __future__ import annotations

import io
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


def test_a_long_run_shows_progress_on_a_terminal(csv_ledger: CsvLedger) -> None:
    rows = [f"2024-01-{day:02d},Buy,XYZ,1,10,,,S,stock,,," for day in range(1, 32)]
    long = csv_ledger(*rows * 700, name="long.csv")
    assert long.stat().st_size > terminal.LONG_FILE
    shown = on_terminal("compute", long)
    assert "Reading" in shown
    assert "Matching lots" in shown


class Screen(io.StringIO):
    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def told(moments: list[float], *, is_long: bool, is_terminal: bool = True) -> str:
    """What is shown of a file of a thousand rows that has written one more hundred of them at each moment."""
    clock, screen = iter([0.0, *moments]), Screen(is_terminal=is_terminal)
    line = terminal.StatusLine(screen)
    stages = terminal.StagesShown(line, is_long=is_long, clock=lambda: next(clock))
    for place in range(len(moments)):
        stages("Writing rows", place * 100, 1_000)
    line.clear()
    return screen.getvalue()


def test_progress_is_told_at_once_and_again_after_two_seconds_and_not_before() -> None:
    shown = told([0.0, 1.9, 2.0, 3.9, 4.0], is_long=True)
    assert re.findall(r"\d+ %", shown) == ["0 %", "20 %", "40 %"]


def test_a_run_of_less_than_two_seconds_shows_nothing() -> None:
    assert told([0.0, 1.0, 1.99], is_long=False) == ""
    assert "20 %" in told([0.0, 1.0, 2.0], is_long=False)


def test_a_new_stage_is_told_as_it_begins() -> None:
    clock, screen = iter([0.0, 0.0, 0.1, 0.2]), Screen(is_terminal=True)
    stages = terminal.StagesShown(terminal.StatusLine(screen), is_long=True, clock=lambda: next(clock))
    stages("Laying out", 0, 0)
    stages("Writing rows", 0, 1_234)
    stages("Writing rows", 617, 1_234)
    lines = [line.rstrip() for line in screen.getvalue().split("\r") if line]
    assert lines == ["Laying out ...", "Writing rows 0 of 1,234 (0 %)"]


def test_nothing_is_left_of_the_line_and_a_pipe_gets_none() -> None:
    last = told([0.0, 2.0], is_long=True).split("\r")
    assert [line.strip() for line in last[-2:]] == ["", ""]
    assert told([0.0, 2.0, 4.0], is_long=True, is_terminal=False) == ""


def test_a_report_of_a_long_ledger_says_on_a_terminal_that_it_is_written(csv_ledger: CsvLedger, tmp_path: Path) -> None:
    rows = [f"2024-01-{day:02d},Buy,XYZ,1,10,,,S,stock,,," for day in range(1, 32)]
    long = csv_ledger(*rows * 700, name="long.csv")
    assert "Writing rows" in on_terminal("report", long, "-o", str(tmp_path / "report.xlsx"), "--status", "single")


def test_text_that_would_steer_a_terminal_is_shown_as_text(csv_ledger: CsvLedger) -> None:
    broken = csv_ledger("2025-01-03,Sell,\x1b]0;owned\x07BAD,1,100,,,S,stock,,,")
    shown = on_terminal("check", broken)
    assert "\x1b]0;" not in shown
    assert "\x07" not in shown
    assert "BAD" in shown
