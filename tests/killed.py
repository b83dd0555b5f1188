"""What a command of `capgain` leaves when it is killed before each of its file operations, and what the next run makes.

Called with a folder and the command's arguments. The folder is copied before every operation of one run, which is what
a kill would leave at that moment. Prints a line of JSON for each different state: the files that were left, then those
after the same command ran again, with what it said. The last line has the files of a run that nothing disturbed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

UNFINISHED = ".capgain-"
PUT_ASIDE = "-old"

CHANGES = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "os.utime"}
)
MAY_BE_EMPTY = frozenset({"lock", ".begun"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def run(folder: Path, arguments: list[str], copies: Path | None) -> tuple[int, str]:
    """The exit code and standard error of a run in a process of its own; `copies` takes the folder's states."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            os.dup2(said.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            if copies is not None:
                copy_before_each_change(folder, copies)
            from capgain.addin.cli import program
            from capgain.addin.cli.batch.child import Children

            Children.run = lambda self, job: self._task(job)  # type: ignore[method-assign]

            try:
                program.main(arguments, prog_name="capgain")
            except SystemExit as end:
                sys.stderr.flush()
                os._exit(end.code if isinstance(end.code, int) else 1)
            os._exit(99)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), said.read().decode("utf-8", "replace")


def copy_before_each_change(folder: Path, copies: Path) -> None:
    number, copying = 0, False

    def copy(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal number, copying
        if copying or not is_change(event, arguments, folder):
            return
        copying = True
        shutil.copytree(folder, copies / f"{number:03}", symlinks=True)
        number, copying = number + 1, False

    sys.addaudithook(copy)


def is_change(event: str, arguments: tuple[Any, ...], folder: Path) -> bool:
    if event != "open":
        return event in CHANGES
    name, _, flags = arguments
    if not (isinstance(name, str | bytes) and isinstance(flags, int) and flags & WRITING):
        return False
    return os.path.abspath(os.fsdecode(name)).startswith(str(folder))


def files(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder; of one that is there in part, a word."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() if whole(path) else "damaged"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def whole(path: Path) -> bool:
    if path.name in MAY_BE_EMPTY or path.suffix in MAY_BE_EMPTY:
        return True
    if path.suffix == ".json":
        try:
            return bool(json.loads(path.read_bytes()))
        except ValueError:
            return False
    if path.suffix not in (".xlsx", ".zip", ".oxt"):
        return path.stat().st_size > 0
    try:
        with zipfile.ZipFile(path) as package:
            return package.testzip() is None and is_of_its_folder(path, package)
    except zipfile.BadZipFile:
        return False


def is_of_its_folder(path: Path, package: zipfile.ZipFile) -> bool:
    """Whether a zip, which has a name, is of the run that made the folder beside it."""
    folder = path.with_suffix("")
    if UNFINISHED in path.name or path.suffix != ".zip":
        return True
    manifest = f"{folder.name}/manifest.json"
    return package.read(manifest) == (folder / "manifest.json").read_bytes()


def top(name: str) -> str:
    """The path to the hidden file or folder that a path is of."""
    parts = name.split("/")
    return "/".join(parts[: 1 + next(place for place, part in enumerate(parts) if part.startswith(UNFINISHED))])


def without_chance(left: dict[str, str]) -> str:
    """A state by which others are the same that differ in the names of hidden files alone, or in what a hidden folder
    has of its files yet: the next run looks into none but one that was put aside."""
    hidden = sorted(
        {
            re.sub(r"-[0-9a-f]{16}\b", "", name if f"{PUT_ASIDE}/" in name else top(name))
            for name in left
            if UNFINISHED in name
        }
    )
    return json.dumps([{name: one for name, one in left.items() if UNFINISHED not in name}, hidden])


def main(pristine: Path, arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, copies = Path(os.path.realpath(scratch)) / "work", Path(scratch) / "copies"
        shutil.copytree(pristine, folder, symlinks=True)
        copies.mkdir()
        code, said = run(folder, arguments, copies)
        last = json.dumps({"code": code, "said": said, "files": files(folder)})
        seen = set()
        for copy in sorted(copies.iterdir()):
            left = files(copy)
            if without_chance(left) not in seen:
                seen.add(without_chance(left))
                code, said = run(copy, arguments, None)
                print(json.dumps({"left": left, "code": code, "said": said, "files": files(copy)}))
        print(last)


if __name__ == "__main__":
    from capgain.addin import cli
    from capgain.addin.cli.batch import one_client  # noqa: F401
    from capgain.workbook.importing.format_files import known_formats

    for module, _ in cli.COMMANDS.values():  # once here, not in every run
        import_module(f"{cli.__name__}.{module}")
    known_formats()
    main(Path(sys.argv[1]), sys.argv[2:])
