"""The transcriptions of the forms against the IRS's own files, where those are at hand (CAPGAIN_IRS_FORMS)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from engine.forms.cases import HERE, read

FOLDER = os.environ.get("CAPGAIN_IRS_FORMS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="CAPGAIN_IRS_FORMS does not name a folder with the IRS forms")


def texts(value: Any) -> Iterator[str]:
    """All words of a transcription, line by line."""
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def letters(text: str) -> str:
    """A text without blanks, bullets, dot leaders and what the forms draw beside a line."""
    text = re.sub(r"(\s*\.){2,}", " ", text.replace("►", " ").replace("▶", " "))
    return re.sub(r"[\s•.}’']", "", text)


@lru_cache
def printed(name: str) -> str:
    path = Path(FOLDER) / name
    if not path.exists():
        pytest.skip(f"{name} is not in CAPGAIN_IRS_FORMS")
    return letters(" ".join(page.extract_text() for page in PdfReader(path).pages))


def transcriptions(start: str) -> list[str]:
    return sorted(path.name for path in HERE.glob(f"{start}*.toml"))


@pytest.mark.parametrize("name", [*transcriptions("schedule_d_20"), *transcriptions("form_8949_20")])
def test_every_word_of_a_transcription_stands_on_the_printed_form(name: str) -> None:
    transcription = read(name)
    form = "f1040sd" if name.startswith("schedule_d") else "f8949"
    on_form = printed(f"{form}-{transcription['year']}.pdf")
    parts = [transcription[part] for part in ("lines", "notes", "short_term", "long_term") if part in transcription]
    said = [*texts(parts)]
    assert len(said) >= 8
    assert [text for text in said if letters(text) not in on_form] == []


@pytest.mark.parametrize(
    "name", ["capital_loss_carryover", "rate_28_gain", "unrecaptured_section_1250_gain", "schedule_d_tax"]
)
def test_every_word_of_a_worksheet_stands_in_the_instructions(name: str) -> None:
    transcription = read(f"{name}_worksheet_2025.toml")
    on_page = printed("i1040sd-2025.pdf")
    said = [*texts([transcription["lines"]])]
    assert len(said) in (7, 13, 18, 47)
    assert [text for text in said if letters(text) not in on_page] == []
