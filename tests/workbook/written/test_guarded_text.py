"""Text that would be a formula is guarded in every CSV, and our reader gives it back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capgain.workbook.importing.source_files import read_sources
from capgain.workbook.reading.text_file import read_text_file
from capgain.workbook.written.guarded_text import guarded, unguarded

ODD = ("@home", "=1+1", "+1", "-1", "\ttab", "'=x", "''@home", "'", "''", "'plain", "it's", "")


@given(st.text(alphabet="'=+-@\ta1 ", max_size=8))
@example("'@home")
def test_what_is_guarded_reads_as_it_was_and_is_no_formula(text: str) -> None:
    assert unguarded([guarded(text)]) == [text]
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


@pytest.mark.parametrize("read", ["ledger", "source"])
def test_both_readers_of_text_files_take_the_guard_away(read: str, tmp_path: Path) -> None:
    path = tmp_path / "written.csv"
    written = io.StringIO()
    csv.writer(written).writerows([["Date", "Account"], *(["2025-01-01", guarded(text)] for text in ODD)])
    path.write_text(written.getvalue(), encoding="utf-8")
    if read == "ledger":
        rows = read_text_file(path, path.read_bytes()).rows
    else:
        rows = [list(row.cells) for row in read_sources(path)[0].rows]
    assert [row[1] for row in rows[1:]] == list(ODD)
