"""The README and the pages that people follow are true: examples print what is shown, lists are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capgain.addin.cli import COMMANDS
from console_examples import examples_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LEDGER = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
FOLLOWED = ("ledger", "first-return", "index")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", FOLLOWED)
def test_each_command_of_a_page_prints_what_the_page_shows(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "")
    path = ROOT / "docs" / f"{page}.md"
    examples = list(examples_of(path.read_text(encoding="utf-8")))
    assert examples
    for one in examples:
        assert one.printed == one.shown, f"{one.command}: write it anew by python tests/console_examples.py {path}"


def test_the_first_return_ends_ready_to_file() -> None:
    page = (ROOT / "docs" / "first-return.md").read_text(encoding="utf-8")
    assert page.index("NOT READY TO FILE") < page.index("no problems. READY TO FILE") < page.index("capgain handoff")


def test_the_python_example_gives_the_gains_that_the_command_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (trades,) = re.findall(r'```csv title="trades.csv"\n(.*?)```', LEDGER, re.DOTALL)
    (tmp_path / "trades.csv").write_text(trades, encoding="utf-8")
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    (program_text,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(program_text, "python.md", "exec"), {})
    printed = dict(
        line.split() for line in capsys.readouterr().out.splitlines() if line[:5].strip() in ("long", "short")
    )
    assert printed == {"long": "369.00", "short": "-1372.50"}


def test_every_command_is_on_its_page() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"capgain {name}" in page, name


def test_the_readme_is_short_and_has_the_two_commands() -> None:
    assert len(README.splitlines()) < 80
    assert "pip install . && capgain demo" in README
    assert 'pip install ".[test]" && pytest' in README


@pytest.mark.parametrize("page", PAGES, ids=[str(path.relative_to(ROOT)) for path in PAGES])
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert re.match(r"[a-z]+:", target) or (page.parent / target).exists(), target


def test_every_command_that_a_page_names_is_one_of_the_program() -> None:
    for page in PAGES:
        for name in re.findall(r"(?:`|\$ )capgain ([a-z]+)", page.read_text(encoding="utf-8")):
            assert name in COMMANDS, (page, name)
