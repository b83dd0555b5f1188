"""What a problem says to do settles it: each example of the catalogue again, after its step, followed to the letter."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from capgain.addin.cli import program
from problems.catalogue import Entry, catalogue, problems_of, working_on

CATALOGUE = catalogue()
STEPS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "steps" / "steps.toml").read_text(encoding="utf-8")
)

OF_SMALL_EXAMPLES = frozenset({"STATUS_ASSUMED", "WASH_WINDOW_OPEN", "YEAR_NOT_OVER", "YEAR_BY_LAW"})
"""What blocks a small example for reasons of its own: no status, a loss in its last row, a year that still runs."""


def after(entry: Entry, step: dict[str, Any]) -> Entry:
    """The example with its step done, whose texts all stand in it."""
    for old, new in step.get("edits", ()):
        changed = replace(
            entry,
            ledger=entry.ledger.replace(old, new),
            sheets={name: text.replace(old, new) for name, text in entry.sheets.items()},
            files={name.replace(old, new): text.replace(old, new) for name, text in entry.files.items()},
            command=entry.command.replace(old, new),
        )
        assert changed != entry, f"{entry.code}: {old!r} is not in the example"
        entry = changed
    settings = {setting.partition("=")[0]: setting for setting in entry.settings}
    for setting in step.get("set", ()):
        name, is_set, _ = setting.partition("=")
        settings.pop(name, None)
        if is_set:
            settings[name] = setting
    return replace(
        entry, settings=tuple(settings.values()), sheets={**entry.sheets, **step.get("sheets", {})}, cells={}
    )


def gains(entry: Entry) -> Decimal:
    """What all dispositions come to."""
    settings = [part for setting in entry.settings for part in ("--set", setting)]
    with working_on(entry):
        result = CliRunner().invoke(program, ["compute", entry.ledger_file, *settings, "--json"], prog_name="capgain")
    years = json.loads(result.stdout)["years"].values()
    return sum((Decimal(row["gain"]) for year in years for row in year["dispositions"]), Decimal(0))


@pytest.mark.parametrize("code", STEPS)
def test_the_printed_step_settles_the_problem(code: str) -> None:
    step = STEPS[code]
    mended = after(CATALOGUE[code], step)
    left = {one["code"]: one["message"] for one in problems_of(mended) if one["blocks_filing"]}
    assert set(left) - OF_SMALL_EXAMPLES == set(step.get("leaves", ())), left
    if "gain" in step:
        assert gains(mended) == Decimal(step["gain"])


def test_steps_are_of_codes_with_an_example() -> None:
    assert not [code for code in STEPS if code not in CATALOGUE or CATALOGUE[code].tested_by]
