"""docs/extending.md is followed to the letter: in a copy of the source tree, step by step, and what it shows comes out.

A block belongs to the path named last before it. `csv`, `toml` and `python` blocks are files to write, in the tree if
the path begins with one of its folders, else in a folder for files. After "Replace in", a `toml` block's tables and
keys take the place of the file's. A `diff` block changes a file: what stands in it without `+` has to be there. `sh`
blocks are commands run at the root of the tree; `console` blocks are commands run beside the files, with what they
print, `...` for anything.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from command_line import PATIENCE

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "extending.md"
TREE = ("engine", "workbook", "addin", "tests", "docs")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the path named before it, whether it replaces parts of that file, its text."""

    language: str
    path: str
    replaces: bool
    text: str


def chapters() -> dict[str, list[Block]]:
    """The blocks of each chapter, by its heading."""
    _, *parts = re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8"))
    return {part.partition("\n")[0]: list(_blocks(part)) for part in parts}


def _blocks(chapter: str) -> Iterator[Block]:
    path, replaces = "", False
    for words, language, text in re.findall(r"(?ms)(.*?)^```(\w+)\n(.*?)^```$", chapter):
        said = re.findall(r"`([\w./-]+\.\w+)`", words)
        if said:
            path, replaces = said[-1], bool(re.search(r"Replace in\s+`", words))
        yield Block(language, path, replaces, text)


class Copy:
    """A copy of the source tree, and a folder beside it for the files of an example."""

    def __init__(self, folder: Path) -> None:
        self.root, self.files = folder / "tree", folder / "files"
        self.files.mkdir()
        for name in TREE:
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        for path in (*ROOT.glob("*.md"), ROOT / "pyproject.toml"):
            shutil.copy(path, self.root)

    def place(self, path: str) -> Path:
        return (self.root if path.partition("/")[0] in TREE or path.endswith(".md") else self.files) / path

    def follow(self, block: Block) -> None:
        target = self.place(block.path)
        if block.language == "sh":
            for command in block.text.splitlines():
                self.run(command, self.root)
        elif block.language == "console":
            self.compare(block.text)
        elif block.language == "diff":
            target.write_text(changed(target.read_text(encoding="utf-8"), block.text), encoding="utf-8")
        elif block.replaces:
            target.write_text(replaced(target.read_text(encoding="utf-8"), block.text), encoding="utf-8")
        else:
            assert not target.exists(), f"{block.path} is there already"
            target.write_text(block.text, encoding="utf-8")

    def run(self, command: str, here: Path) -> str:
        """What a command prints; it has to succeed."""
        words = [*shlex.split(command)]
        if words[0] == "cat":
            return (here / words[1]).read_text(encoding="utf-8")
        if words[0] == "grep":
            _, _, after, wanted, name = words
            lines = (here / name).read_text(encoding="utf-8").splitlines(keepends=True)
            found = next(place for place, line in enumerate(lines) if wanted in line)
            return "".join(lines[found : found + int(after) + 1])
        programs = {
            "capgain": [sys.executable, "-m", "capgain.addin.cli"],
            "python": [sys.executable],
            "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
            "cp": ["cp"],
        }
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(self.root / name) for name in TREE[:3]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        environment.pop("COLUMNS", None)
        done = subprocess.run(
            [*programs[words[0]], *words[1:]],
            cwd=here,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def compare(self, shown: str) -> None:
        for command, printed in re.findall(r"(?m)^\$ (.+)\n((?:(?!\$ ).*\n)*)", shown):
            if printed.strip() == "...":
                self.run(command, self.files)
                continue
            said = [line.rstrip() for line in self.run(command, self.files).strip().splitlines()]
            assert said == [line.rstrip() for line in printed.strip().splitlines()], command


def changed(text: str, diff: str) -> str:
    """The text with each hunk of a diff applied; hunks are parted by blank lines or `...`."""
    for hunk in re.split(r"(?m)^(?:\.\.\.)?\n", diff):
        lines = hunk.splitlines()
        if not lines:
            continue
        before = "\n".join(line[1:] for line in lines if line[0] != "+")
        after = "\n".join(line[1:] for line in lines if line[0] != "-")
        assert text.count(before) == 1, f"stands {text.count(before)} times in the file:\n{before}"
        text = text.replace(before, after)
    return text


def replaced(text: str, toml: str) -> str:
    """A TOML file with the keys at its top, and the tables, that a block gives anew."""
    keys, *tables = re.split(r"(?m)^(?=\[)", toml)
    for line in keys.strip().splitlines():
        name = line.partition(" = ")[0]
        text, found = re.subn(rf"(?m)^{name} = .*$", lambda _, line=line: line, text, count=1)  # type: ignore[misc]
        assert found == 1, name
    for table in tables:
        name = re.escape(table.partition("\n")[0])
        text, found = re.subn(rf"(?ms)^{name}\n.*?(?=^\[|\Z)", lambda _, table=table: table.strip() + "\n\n", text)  # type: ignore[misc]
        assert found == 1, name
    return text


@pytest.mark.parametrize("chapter", chapters())
def test_the_steps_of_the_chapter_lead_to_what_it_shows(chapter: str, tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    for block in chapters()[chapter]:
        copy.follow(block)


def test_a_diff_that_does_not_fit_is_noticed() -> None:
    assert changed("one\ntwo\nthree\n", " one\n-two\n+2\n") == "one\n2\nthree\n"
    with pytest.raises(AssertionError, match="stands 0 times"):
        changed("one\ntwo\n", "-three\n+3\n")


def test_every_chapter_shows_a_result() -> None:
    found = chapters()
    assert len(found) >= 4
    for title, blocks in found.items():
        assert blocks[-1].language in ("console", "sh"), title
        assert any(block.language == "console" for block in blocks), title
