"""Several runs at once: no row is lost, one waits or is refused, and a reader sees the old or the new."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from capgain.workbook.importing import appending
from capgain.workbook.importing.import_files import import_files
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.whole_file import CannotWrite
from capgain.workbook.xlsx.book_parts import BookParts
from command_line import PATIENCE, SOURCES, process

HEADER = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"
)


PATIENT = (
    "from capgain.workbook.one_at_a_time import alone_with; "
    f"alone_with.__wrapped__.__kwdefaults__['patience'] = {PATIENCE}; from capgain.addin.cli import main; main()"
)
"""A run that waits for another as long as a busy machine takes."""


def coinbase(path: Path, *ids: str) -> Path:
    rows = (f"{one},2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5," for one in ids)
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def begun(*arguments: object, cwd: Path, program: str = PATIENT) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": SOURCES},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


WITHOUT_LOCKS = (
    "import errno, fcntl\n"
    "def flock(handle, operation): raise OSError(errno.ENOLCK, 'No locks available')\n"
    f"fcntl.flock = flock\n{PATIENT}"
)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(PATIENT, id="with locks"),
        pytest.param(
            WITHOUT_LOCKS,
            id="on a disk that knows no locks",
            marks=pytest.mark.skipif(os.name == "nt", reason="its locks are not these"),
        ),
    ],
)
def test_imports_and_reports_of_one_book_at_once_lose_nothing(program: str, tmp_path: Path) -> None:
    assert process("new", "book.xlsx", cwd=tmp_path).returncode == 0
    files = [coinbase(tmp_path / f"{number}.csv", *(f"cb-{number}-{n}" for n in range(40))) for number in range(3)]
    imports = [("import", file.name, "-o", "book.xlsx", "--time-zone", "UTC") for file in files]
    runs = [begun(*one, cwd=tmp_path, program=program) for one in imports]
    check = begun("check", "book.xlsx", "--json", cwd=tmp_path)
    for run in runs:
        said = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, said
    assert b"UNREADABLE_FILE" not in check.communicate(timeout=PATIENCE)[0]
    entries = read_ledger_file(tmp_path / "book.xlsx").ledger.transactions
    assert len({entry.id for entry in entries if entry.account == "Coinbase"}) == 120
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".capgain-")]


def test_of_two_reports_to_one_name_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class\n2025-03-01,Buy,AAPL,20,3600,Schwab,stock\n", encoding="utf-8"
    )
    runs = [begun("report", "ledger.csv", "-o", "same.xlsx", cwd=tmp_path) for _ in range(3)]
    said = [run.communicate(timeout=PATIENCE) for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 2, 2], said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ledger.csv", "same.xlsx"]


def test_a_book_that_another_program_changed_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "book.xlsx"
    assert process("new", book).returncode == 0
    file = coinbase(tmp_path / "one.csv", "cb-1")

    def imported() -> None:
        import_files([file], output=book, into=book, time_zone="UTC")

    opened, append = BookParts.open, appending._add_to_ledger
    for place, moment in (("read", "open"), ("opened", "append")):
        content = book.read_bytes() + place.encode()

        def changed(*arguments: object, content: bytes = content, moment: str = moment) -> object:
            if moment == "open":
                book.write_bytes(content)
                return opened(book)
            append(*arguments)  # type: ignore[arg-type]
            book.write_bytes(content)
            return None

        with monkeypatch.context() as patched:
            if moment == "open":
                patched.setattr(BookParts, "open", changed)
            else:
                patched.setattr(appending, "_add_to_ledger", changed)
            with pytest.raises((UnreadableImport, CannotWrite), match="was changed by another program meanwhile"):
                imported()
        assert book.read_bytes() == content


def test_a_book_open_in_another_program_is_not_written(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    assert process("new", book).returncode == 0
    file = coinbase(tmp_path / "one.csv", "cb-1")
    before = book.read_bytes()
    for lock, program in (("~$book.xlsx", "Excel"), (".~lock.book.xlsx#", "LibreOffice")):
        (tmp_path / lock).touch()
        with pytest.raises(CannotWrite, match=f"is open in {program}"):
            import_files([file], output=book, into=book, time_zone="UTC")
        (tmp_path / lock).unlink()
    assert book.read_bytes() == before
    import_files([file], output=book, into=book, time_zone="UTC")
    assert book.read_bytes() != before
