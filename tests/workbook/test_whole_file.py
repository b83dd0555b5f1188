"""Files and folders appear whole or not at all, with the rights of new files, and replace only what they may."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from capgain.workbook import whole_file
from capgain.workbook.whole_file import CannotWrite, OutputExists, whole_folder, write_whole

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
LINK = os.link


def refusing(number: int, words: str) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, words)

    return refuse


@pytest.fixture
def umask() -> Iterator[Callable[[int], None]]:
    old = os.umask(0o022)
    yield lambda mask: (os.umask(mask), None)[1]
    os.umask(old)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@on_posix
@pytest.mark.parametrize(("mask", "file", "folder"), [(0o077, 0o600, 0o700), (0o022, 0o644, 0o755), (0, 0o666, 0o777)])
def test_what_is_new_has_the_rights_the_system_gives(
    tmp_path: Path, umask: Callable[[int], None], mask: int, file: int, folder: int
) -> None:
    umask(mask)
    write_whole(tmp_path / "new.txt", b"tax")
    with whole_folder(tmp_path / "new") as made:
        (made / "one.txt").write_bytes(b"tax")
    assert rights(tmp_path / "new.txt") == file
    assert rights(tmp_path / "new") == folder


@on_posix
def test_what_is_replaced_keeps_its_rights(tmp_path: Path, umask: Callable[[int], None]) -> None:
    path, folder = tmp_path / "mine.txt", tmp_path / "mine"
    path.write_bytes(b"old")
    folder.mkdir()
    (folder / "old.txt").write_bytes(b"old")
    path.chmod(0o640)
    folder.chmod(0o750)
    write_whole(path, b"new", overwrite=True)
    with whole_folder(folder, overwrite=True) as made:
        (made / "new.txt").write_bytes(b"new")
    assert (path.read_bytes(), rights(path)) == (b"new", 0o640)
    assert ([one.name for one in folder.iterdir()], rights(folder)) == (["new.txt"], 0o750)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mine", "mine.txt"]


def no_hard_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize("link", [LINK, no_hard_links])
def test_of_several_who_write_one_name_at_once_exactly_one_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: Callable[..., None]
) -> None:
    monkeypatch.setattr(os, "link", link)
    start = threading.Barrier(8)
    won: list[bytes] = []
    lost: list[str] = []

    def write(number: int) -> None:
        content = b"%d" % number * 50_000
        start.wait()
        try:
            write_whole(tmp_path / "same.xlsx", content)
        except OutputExists as refusal:
            lost.append(str(refusal))
        else:
            won.append(content)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lost == ["same.xlsx exists already. Choose another name, or allow it to be replaced."] * 7
    assert (tmp_path / "same.xlsx").read_bytes() == won[0]
    assert [one.name for one in tmp_path.iterdir()] == ["same.xlsx"]


def test_of_several_who_make_one_folder_at_once_exactly_one_succeeds(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    start = threading.Barrier(8)
    won: list[str] = []

    def write(number: int) -> None:
        start.wait()
        try:
            with whole_folder(tmp_path / "pkg") as made:
                (made / f"{number}.txt").write_bytes(b"x")
        except OutputExists:
            return
        won.append(f"{number}.txt")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert [one.name for one in (tmp_path / "pkg").iterdir()] == won
    assert [one.name for one in tmp_path.iterdir()] == ["pkg"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_refusal_on_the_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(b"precious")
    monkeypatch.setattr(os, step, refusing(28, "No space left on device"))
    with pytest.raises(CannotWrite, match=r"^Cannot write mine\.txt: No space left on device\.$"):
        write_whole(path, b"new", overwrite=True)
    assert path.read_bytes() == b"precious"
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_that_another_program_holds_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(b"precious")
    monkeypatch.setattr(os, "replace", refusing(13, "Permission denied"))
    with pytest.raises(CannotWrite, match=r"Permission denied\. Is it open in another program\?$"):
        write_whole(path, b"new", overwrite=True)


def test_a_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    for write in (write_whole, lambda path, _: whole_folder(path).__enter__()):
        with pytest.raises(CannotWrite, match=r"Cannot write into the folder of out\.xlsx: No such file"):
            write(tmp_path / "nowhere" / "out.xlsx", b"")


def test_a_folder_whose_making_fails_is_not_there_and_the_old_one_is(tmp_path: Path) -> None:
    target = tmp_path / "pkg"

    def half(overwrite: bool) -> None:
        with whole_folder(target, overwrite=overwrite) as made:
            (made / "half.txt").write_bytes(b"x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half(False)
    assert not list(tmp_path.iterdir())
    target.mkdir()
    (target / "old.txt").write_bytes(b"old")
    with pytest.raises(OutputExists, match="pkg exists already"), whole_folder(target):
        pass
    with pytest.raises(ZeroDivisionError):
        half(True)
    assert [one.name for one in target.iterdir()] == ["old.txt"]
    assert [one.name for one in tmp_path.iterdir()] == ["pkg"]


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "pkg"
    target.mkdir()
    (target / "old.txt").write_bytes(b"old")
    monkeypatch.setattr(whole_file, "exchanged", lambda one, other: False)
    monkeypatch.setattr(os, "rename", refusing(5, "Input/output error"))
    with pytest.raises(CannotWrite, match="Input/output error"), whole_folder(target, overwrite=True):
        pass
    assert [one.name for one in target.iterdir()] == ["old.txt"]
    assert [one.name for one in tmp_path.iterdir()] == ["pkg"]


def test_a_run_that_is_killed_leaves_only_names_that_are_known_as_unfinished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.extend(one.name for one in tmp_path.iterdir()))
    write_whole(tmp_path / "out.xlsx", b"x")
    with whole_folder(tmp_path / "pkg"):
        seen.extend(one.name for one in tmp_path.iterdir() if one.name != "out.xlsx")
    assert len(seen) == 2
    assert all(name.startswith(whole_file.UNFINISHED) for name in seen)


def test_a_folder_that_takes_no_new_file_is_not_taken_for_a_file_that_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(b"precious")

    def refused(place: Path, mode: str) -> BinaryIO:
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(CannotWrite, match=r"^Cannot write into the folder of mine\.txt: Permission denied\.$"):
        write_whole(path, b"new", overwrite=True)


@pytest.mark.skipif(os.name == "nt", reason="links are not everybody's to make there")
def test_a_link_to_an_empty_folder_leads_to_the_new_one_and_a_full_one_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with whole_folder(tmp_path / "link") as folder:
        (folder / "one").write_bytes(b"1")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "one").read_bytes() == b"1"
    with pytest.raises(OutputExists), whole_folder(tmp_path / "link") as folder:
        (folder / "two").write_bytes(b"2")
    assert [one.name for one in (tmp_path / "real").iterdir()] == ["one"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "real"]
