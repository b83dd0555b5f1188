"""`capgain worksheet`: one IRS worksheet from its own input lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from capgain.engine.forms.worksheets.by_name import worksheet_names
from command_line import Run

Document = Callable[..., Mapping[str, Any]]


def test_the_document_has_the_lines_in_printed_order(document: Document) -> None:
    inputs = ("1040-15=120000", "1040-3a=2000", "D15=8000", "D16=9000")
    options = [part for line in inputs for part in ("--set", line)]
    found = document("worksheet", "qdcgt", "--year", "2025", "--status", "mfj", *options)
    assert list(found) == ["worksheet", "year", "filing_status", "lines"]
    assert (found["worksheet"], found["year"], found["filing_status"]) == ("qdcgt", 2025, "mfj")
    assert list(found["lines"]) == [str(number) for number in range(1, 26)]
    assert found["lines"]["3"] == "8000.00"
    assert found["lines"]["6"] == "96700.00"


def test_amounts_are_taken_as_people_write_them(document: Document) -> None:
    for written in ("84,000", "$84000", "84000.00"):
        found = document("worksheet", "tax", "--year", "2025", "--status", "single", "--set", f"1040-15={written}")
        assert found["lines"] == {"16": "13400.00"}, "Tax Table 2025, 84,000 to 84,050, single"


def test_a_negative_taxable_income_is_an_input_of_the_carryover_worksheet(document: Document) -> None:
    losses = ("--set", "D7=-10000", "--set", "D16=-10000", "--set", "D21=-3000", "--set", "1040-15=-500")
    lines = document("worksheet", "carryover", "--year", "2025", "--status", "single", *losses)["lines"]
    assert (lines["1"], lines["3"], lines["8"]) == ("-500.00", "2500.00", "7500.00")


def test_people_see_numbers_words_and_amounts(run: Run) -> None:
    shown = run(
        "worksheet", "niit", "--year", "2025", "--status", "single", "--set", "MAGI=300000", "--set", "NII=1000"
    )
    assert shown.exit_code == 0
    assert "38.00" in shown.stdout
    assert "Line" in shown.stdout


def test_a_provisional_year_says_so(run: Run) -> None:
    shown = run("worksheet", "tax", "--year", "2026", "--set", "1040-15=50000")
    assert "not published" in shown.stdout


def test_the_help_names_every_worksheet(run: Run) -> None:
    shown = run("worksheet", "--help").stdout
    assert all(name in shown for name in worksheet_names())


@pytest.mark.parametrize(
    "arguments",
    [
        ["guess", "--year", "2025"],
        ["tax", "--year", "2025", "--set", "D99=1"],
        ["tax", "--year", "2025", "--set", "1040-15=many"],
        ["tax", "--year", "2025", "--set", "1040-15="],
        ["tax", "--year", "2025", "--set", "84000"],
        ["tax", "--year", "2025", "--set", "1040-15=8,40"],
        ["tax", "--year", "2025", "--set", "1040-15=nan"],
        ["tax"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], run: Run) -> None:
    result = run("worksheet", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_year_without_data_is_refused(document: Document) -> None:
    [problem] = document("worksheet", "tax", "--year", "1999", exit_code=1)["problems"]
    assert "1999" in problem["message"]
