"""One run at a time holds an output; the next settles what a killed one left."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from capgain.workbook import renaming, whole_file
from capgain.workbook.one_at_a_time import OutputInUse, alone_with
from capgain.workbook.whole_file import PUT_ASIDE, named_for, whole_folder, write_whole
from command_line import SOURCES

HOLDER = """
import sys, time
from pathlib import Path
from capgain.workbook.one_at_a_time import alone_with
with alone_with(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(3600)
"""


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def holder(target: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, target], env={**os.environ, "PYTHONPATH": SOURCES}, stdout=-1, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_refused_while_the_first_holds_the_output(tmp_path: Path) -> None:
    with holder(tmp_path / "out.xlsx") as process:
        with (
            pytest.raises(OutputInUse, match=r"^Another run of CapGain is writing out\.xlsx\."),
            alone_with(tmp_path / "out.xlsx", patience=0.2),
        ):
            pass
        with alone_with(tmp_path / "other.xlsx", patience=0):
            pass
        process.kill()
    with alone_with(tmp_path / "out.xlsx", patience=5) as said:
        assert said == ()
    assert names(tmp_path) == []


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    together: list[int] = []
    worst: list[int] = []

    def work() -> None:
        with alone_with(tmp_path / "out.xlsx"):
            together.append(1)
            worst.append(len(together))
            time.sleep(0.02)
            together.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == [1] * 8
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="its locks are not these")
@pytest.mark.parametrize("refusal", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS], ids=errno.errorcode.get)
def test_on_a_disk_that_knows_no_locks_a_name_holds_other_runs_off(
    refusal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def none(handle: int, operation: int) -> None:
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr(fcntl, "flock", none)
    target = tmp_path / "out.xlsx"
    said: list[str] = []

    def second() -> None:
        with pytest.raises(OutputInUse) as refused, alone_with(target, patience=0):
            pass
        said.append(str(refused.value))

    with alone_with(target):
        another = threading.Thread(target=second)
        another.start()
        another.join()
        (held,) = [name for name in names(tmp_path) if name.endswith("held-lock")]
    assert said == [
        "Another run of CapGain is writing out.xlsx. Wait until it has ended, and try again. "
        f"If none is, delete {held} beside it."
    ]
    assert names(tmp_path) == []
    with alone_with(target) as found:
        assert found == ()


def test_who_holds_an_output_may_hold_it_again(tmp_path: Path) -> None:
    same = tmp_path / "." / "out"
    with alone_with(tmp_path / "out"), alone_with(tmp_path / "out", patience=0), alone_with(same, patience=0):
        assert len(names(tmp_path)) == 1
    assert names(tmp_path) == []


def test_without_a_folder_there_is_nothing_to_hold(tmp_path: Path) -> None:
    with alone_with(tmp_path / "nowhere" / "out") as said:
        assert said == ()


def test_what_a_killed_run_left_is_removed_and_named_and_nothing_else_is(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"mine")
    left = tmp_path / f"{named_for(target)}0123.xlsx"
    left.write_bytes(b"half")
    (tmp_path / f"{named_for(target)}4567").mkdir()
    other = tmp_path / f"{named_for(tmp_path / 'other.xlsx')}0123.xlsx"
    other.write_bytes(b"of another output")
    with alone_with(target) as said:
        assert said == (
            f"Removed what an interrupted run left of out.xlsx: {left.name}.",
            f"Removed what an interrupted run left of out.xlsx: {named_for(target)}4567.",
        )
    assert names(tmp_path) == sorted([other.name, "out.xlsx"])


def test_a_folder_put_aside_by_a_killed_run_is_put_back(tmp_path: Path) -> None:
    target = tmp_path / "package"
    aside = tmp_path / f"{named_for(target)}0123{PUT_ASIDE}"
    aside.mkdir()
    (aside / "ticks.txt").write_text("by hand", encoding="utf-8")
    (tmp_path / f"{named_for(target)}0123").mkdir()
    with alone_with(target) as said:
        assert said[0] == "An interrupted run had moved package aside: it is back in its place."
        assert len(said) == 2
        assert (target / "ticks.txt").read_text("utf-8") == "by hand"
    assert names(tmp_path) == ["package"]


def test_a_folder_aside_is_removed_where_the_new_one_stands(tmp_path: Path) -> None:
    target = tmp_path / "package"
    target.mkdir()
    (tmp_path / f"{named_for(target)}0123{PUT_ASIDE}").mkdir()
    with alone_with(target):
        pass
    assert names(tmp_path) == ["package"]


@pytest.mark.parametrize("system_exchanges", [True, False])
def test_a_folder_is_replaced_whether_or_not_the_system_can_exchange_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system_exchanges: bool
) -> None:
    if not system_exchanges:
        monkeypatch.setattr(whole_file, "exchanged", lambda one, other: False)
    target = tmp_path / "package"
    target.mkdir()
    (target / "old.txt").write_bytes(b"old")
    with whole_folder(target, overwrite=True) as made:
        (made / "new.txt").write_bytes(b"new")
        assert names(target) == ["old.txt"]
    assert names(target) == ["new.txt"]
    assert names(tmp_path) == ["package"]


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="only they rename in one step")
def test_renamings_in_one_step(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"1")
    other.write_bytes(b"2")
    if not renaming.exchanged(one, other):
        pytest.skip("this file system exchanges nothing")
    assert (one.read_bytes(), other.read_bytes()) == (b"2", b"1")
    with pytest.raises(FileExistsError):
        renaming.renamed_to_free(one, other)
    assert renaming.renamed_to_free(one, tmp_path / "free")
    assert names(tmp_path) == ["free", "other"]
    with pytest.raises(FileNotFoundError):
        renaming.exchanged(one, other)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_a_symbolic_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.xlsx", tmp_path / "link.xlsx"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with pytest.raises(whole_file.OutputExists):
        write_whole(link, b"new")
    with alone_with(link):
        write_whole(link, b"new", overwrite=True)
        assert len(names(tmp_path / "elsewhere")) == 2, "the lock stands where the file does"
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert names(tmp_path / "elsewhere") == ["real.xlsx"]
