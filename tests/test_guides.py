"""The guides are true: each command prints what its page shows, and each example is told of in a guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capgain.addin.cli.demo import command
from capgain.workbook.demo import demo_ledger, example_names
from console_examples import Example, examples_of, written_anew

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("page", GUIDES, ids=[path.stem for path in GUIDES])
def test_each_command_of_a_guide_prints_what_the_page_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "")
    examples = list(examples_of(page.read_text(encoding="utf-8")))
    assert examples
    for one in examples:
        assert one.printed == one.shown, f"{one.command}: write it anew by python tests/console_examples.py {page}"


def test_every_example_has_a_guide_and_every_guide_an_example() -> None:
    told = {name for page in GUIDES for name in re.findall(r"\$ capgain demo ([\w-]+)", page.read_text("utf-8"))}
    assert told == set(example_names())
    assert len(GUIDES) >= 10


def test_the_help_of_demo_names_every_example() -> None:
    named = re.findall(r"[\w-]+", (command.help or "").partition("tell of:")[2])
    assert tuple(named) == example_names()


@pytest.mark.parametrize("name", example_names())
def test_an_example_is_a_whole_ledger(name: str) -> None:
    assert not [problem for problem in demo_ledger(name).ledger.problems if problem.is_error]


def test_a_page_is_written_anew_with_what_is_printed_now() -> None:
    page = "```console\n$ capgain eval a.csv '=CAPGAIN_NET(-8000, 5000)'\nold\n```\n"
    ledger = '```csv title="a.csv"\nDate,Type,Asset,Quantity,Amount\n2025-01-02,Buy,AAPL,1,100\n```\n'
    assert written_anew(ledger + page) == ledger + page.replace("old", "-3000.00\t3000.00\t0.00\t0.00")
    (shown,) = examples_of(ledger + page)
    assert shown == Example("capgain eval a.csv '=CAPGAIN_NET(-8000, 5000)'", "old", "-3000.00\t3000.00\t0.00\t0.00")
