"""The catalogue of problems is whole, its examples say what the page shows, and the page is made from it."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from capgain.addin.cli import program
from problems.catalogue import CHAPTERS, PAGE, Entry, catalogue, page_of, problem_of, section
from problems.raised import NEVER_PROBLEMS, ROOT, code_of_class, raised_codes

CATALOGUE = catalogue()
RAISED = raised_codes()
EXAMPLES = [code for code, entry in CATALOGUE.items() if not entry.tested_by]
WRITE_ANEW = "Write the page anew: python tests/problems/catalogue.py"

said = functools.cache(lambda code: problem_of(CATALOGUE[code]))


def test_every_code_that_the_source_raises_is_in_the_catalogue() -> None:
    missing = {code: list(map(str, places)) for code, places in RAISED.codes.items() if code not in CATALOGUE}
    assert not missing, "Add each to a chapter in tests/problems with its meaning and smallest example."


def test_every_code_of_the_catalogue_is_raised_somewhere() -> None:
    assert set(CATALOGUE) <= set(RAISED.codes), "Take codes that nothing raises out of the catalogue."


def test_every_problem_is_made_with_a_code_that_can_be_read_off_the_source() -> None:
    assert not list(map(str, RAISED.unclear)), "Write the code as a literal where the problem is made."


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_a_code_gives_the_problem_that_the_page_shows(code: str) -> None:
    problem = said(code)
    assert problem["code"] == code
    assert problem["blocks_filing"] or problem["severity"] == "warning"
    assert section(CATALOGUE[code], problem) in PAGE.read_text(encoding="utf-8"), WRITE_ANEW


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_problem_says_what_is_wrong_and_what_to_do(code: str) -> None:
    problem = said(code)
    assert problem["message"].endswith((".", "?"))
    assert problem["remedy"].endswith((".", "?")), problem["message"]
    assert not problem["row"] or problem["sheet"]


def test_the_page_is_made_from_the_catalogue() -> None:
    made = page_of(CATALOGUE, {code: said(code) for code in EXAMPLES})
    assert PAGE.read_text(encoding="utf-8") == made, WRITE_ANEW


def test_a_code_without_an_example_names_a_test_that_exists() -> None:
    for entry in CATALOGUE.values():
        if entry.tested_by:
            file, _, test = entry.tested_by.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), entry.code


def test_every_entry_has_an_example_or_a_test_and_means_one_thing_in_one_line() -> None:
    for entry in CATALOGUE.values():
        assert bool(entry.tested_by) != bool(entry.ledger or entry.files or entry.command), entry.code
        assert entry.means.endswith(".")
        assert "\n" not in entry.means
    assert {path.stem for path in Path(__file__).parent.glob("*.toml")} == set(CHAPTERS)


def test_what_the_system_refuses_is_a_problem_too() -> None:
    result = CliRunner().invoke(program, ["check", f"{'a' * 300}.csv", "--json"], prog_name="capgain")
    [problem] = json.loads(result.stdout)["problems"]
    assert (result.exit_code, problem["code"], problem["blocks_filing"]) == (1, "FILE_NOT_ACCESSIBLE", True)
    assert "File name too long" in problem["message"]


SOURCE = """
class CapgainError(Exception): ...
class NoSuchThing(CapgainError): ...
class Problem:
    message: str
    code: str
def wrong(place: int, code: str, why: str) -> None:
    Problem(why, code)
def found(which: bool, other: str) -> None:
    Problem("one", "FIRST")
    Problem("two", code="SECOND" if which else "THIRD")
    name, why = ("FOURTH", "so") if which else ("FIFTH", "else")
    wrong(1, name, why)
    wrong(2, "PERPETUAL", "one word")
    wrong(3, other, "who knows")
"""


def test_codes_are_found_however_they_reach_their_problem(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "found.py").write_text(SOURCE, encoding="utf-8")
    raised = raised_codes(tmp_path)
    assert set(raised.codes) == {"FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "PERPETUAL", "NO_SUCH_THING"}
    assert list(map(str, raised.unclear)) == ["engine/found.py:15"]


def test_refusals_that_are_never_problems_exist_and_are_not_in_the_catalogue() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("*/capgain/**/*.py"))
    for name in NEVER_PROBLEMS:
        assert f"class {name}(" in source, name
        assert code_of_class(name) not in CATALOGUE


def test_an_example_that_gives_another_problem_is_refused() -> None:
    ledger = "Date,Type,Asset,Quantity,Amount,Account\n2025-01-02,Buy,AAPL,1,1,F\n"
    with pytest.raises(ValueError, match=r"the example of NOT_HELD gives \['CLASS_ASSUMED'\]"):
        problem_of(Entry("NOT_HELD", "rows", "Nothing is held.", ledger))
