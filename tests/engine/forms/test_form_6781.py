"""Form 6781, Part I: its words are those printed."""

from __future__ import annotations

import pytest

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.years import tax_year

from .cases import read

PRINTED = read("form_6781_2018.toml")


def words_of(year: int) -> dict[str, str]:
    form = Form6781(tax_year(year), FilingStatus.SINGLE, ())
    return {line.number: form.text(line) for line in form.lines}


@pytest.mark.parametrize("year", [2018, 2019])
def test_lines_3_to_9_are_in_the_words_of_2018_and_2019(year: int) -> None:
    said = words_of(year)
    assert {number: said[number] for number in PRINTED["lines"]} == PRINTED["lines"]
    form = Form6781(tax_year(year), FilingStatus.SINGLE, ())
    assert form.notes(Form6781.line("5")) == (PRINTED["notes"]["5"],)


@pytest.mark.parametrize("year", [2020, 2024, 2025, 2026])
def test_later_forms_refer_to_the_instructions_in_a_sentence(year: int) -> None:
    before, said = words_of(2018), words_of(year)
    changed = {number for number in said if said[number] != before[number]}
    assert changed == {"8", "9"}
    for number in changed:
        assert said[number] == before[number].replace(" (see instructions)", ". See instructions")
