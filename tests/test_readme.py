"""The README is true: its examples run and print what it says, and its lists are those of the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from capgain.addin.cli import COMMANDS, program
from capgain.addin.functions.registry import FUNCTIONS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LEDGERS = dict(zip(("trades.csv", "wrong.csv"), re.findall(r"```csv\n(.*?)```", README, re.DOTALL), strict=True))
CONSOLES = re.findall(r"```console\n\$ (capgain [^\n]*)\n(.*?)```", README, re.DOTALL)


def test_the_readme_has_its_examples() -> None:
    assert len(CONSOLES) == 3


@pytest.mark.parametrize(("command", "printed"), CONSOLES, ids=[command.split()[1] for command, _ in CONSOLES])
def test_each_example_prints_what_the_readme_shows(
    command: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    for name, text in LEDGERS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(program, shlex.split(command)[1:], prog_name="capgain")
    shown = [line.rstrip() for line in result.output.rstrip().splitlines()]
    assert shown == printed.rstrip().splitlines()


def test_the_python_example_gives_the_gains_that_the_command_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trades.csv").write_text(LEDGERS["trades.csv"], encoding="utf-8")
    (program_text,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(program_text, "README.md", "exec"), {})
    printed = dict(
        line.split() for line in capsys.readouterr().out.splitlines() if line[:5].strip() in ("long", "short")
    )
    assert printed == {"long": "369.00", "short": "-1372.50"}


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert f"capgain {name}" in README, name


def test_every_function_is_in_the_readme_with_its_arguments() -> None:
    for function in FUNCTIONS:
        assert f"`{function.signature}`" in README, function.signature


def test_every_link_of_the_readme_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
