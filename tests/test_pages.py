"""The pages for whoever carries on are true of the tree: folders, files, commands and words."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from capgain.engine.years import tax_years
from command_line import PATIENCE

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
WINGS = ("engine", "workbook", "addin")


def in_the_tree(name: str) -> Path:
    """`engine/replay/` of the page is engine/capgain/engine/replay."""
    wing, _, rest = name.rstrip("/").partition("/")
    return ROOT / wing / "capgain" / wing / rest if wing in WINGS else ROOT / name


def folders() -> set[str]:
    """Every folder of the three wings that holds files of its own."""
    found = set()
    for wing in WINGS:
        root = ROOT / wing / "capgain" / wing
        for path in (root, *root.rglob("*")):
            if path.is_dir() and path.name != "__pycache__" and any(one.is_file() for one in path.iterdir()):
                found.add(f"{wing}/{path.relative_to(root).as_posix()}/".replace("/./", "/"))
    return found


def test_the_architecture_names_every_folder_once_and_no_other() -> None:
    named = re.findall(r"(?m)^\| `([\w/]+/)` \|", ARCHITECTURE)
    assert len(named) == len(set(named))
    assert set(named) | {"addin/"} == folders() | {"addin/"}


def test_every_file_and_folder_the_architecture_speaks_of_exists() -> None:
    names = re.findall(r"`((?:engine|workbook|addin|tests)/[\w/]*(?:\.py)?)`", ARCHITECTURE)
    assert len(names) > 40
    for name in names:
        assert in_the_tree(name).exists() or (ROOT / name).exists(), name


def test_the_picture_has_every_folder_of_the_first_floor() -> None:
    picture = ARCHITECTURE.partition("```\n")[2].partition("```")[0]
    for name in folders():
        wing, floor, *deeper = [*name.rstrip("/").split("/"), ""]
        if floor and not any(deeper) and floor != "demo":
            assert re.search(rf"\b{floor}\b", picture), f"{wing}/{floor}"


def test_no_folder_imports_what_the_page_says_it_may_not() -> None:
    """The engine's row says: the standard library."""
    outside = re.compile(r"^(?:from|import) (?!capgain\.engine)(\w+)", re.MULTILINE)
    for path in (ROOT / "engine").rglob("*.py"):
        for name in outside.findall(path.read_text(encoding="utf-8")):
            assert name == "__future__" or name in sys.stdlib_module_names, (path, name)


@pytest.mark.parametrize("path", re.findall(r"\| `((?:engine|tests|docs)/[\w/.-]+)`", CONTRIBUTING))
def test_every_place_of_contributing_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_command_of_contributing_is_there() -> None:
    for file in re.findall(r"(?:pytest -q|python) ((?:tests|benchmarks)/[\w/]+\.py)", CONTRIBUTING):
        assert (ROOT / file).is_file(), file
    for module in re.findall(r"`python -m ([\w.]+)`", CONTRIBUTING):
        assert (in_the_tree(module.removeprefix("capgain.").replace(".", "/")) / "__main__.py").is_file()
    for file in re.findall(r"`(docs/images/\w+\.sh)`", CONTRIBUTING):
        assert (ROOT / file).is_file()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r'pip install -e "\.\[(\w+)\]"', CONTRIBUTING)) <= set(extras)


def test_one_case_can_be_run_as_contributing_says() -> None:
    (command,) = re.findall(r"(pytest -q tests/law/test_cases\.py -k V\d+)", CONTRIBUTING)
    done = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert re.search(r"^[1-9] passed", done.stdout, re.MULTILINE), done.stdout


def test_the_glossary_is_in_order_and_explains_each_word_once() -> None:
    words = re.findall(r"(?m)^\| ([^|]+) \|", GLOSSARY)[1:]
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(words)) > 50
    for word in ("atom", "unit", "scale", "universal era", "drift", "rank", "box", "term"):
        assert word in words


def test_the_limits_and_the_contract_say_for_which_years_there_are_forms() -> None:
    years = f"{tax_years()[0]} to {tax_years()[-1]}"
    for page in ("docs/limits.md", "docs/contract.md"):
        assert years in (ROOT / page).read_text(encoding="utf-8"), page


def test_the_source_archive_has_the_pages() -> None:
    included = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert {"docs", "examples", "tests", "CONTRIBUTING.md", "README.md", "CHANGELOG.md"} <= set(
        included["sdist"]["include"]
    )
