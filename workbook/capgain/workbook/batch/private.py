"""Texts of a ledger without what names a person."""

from __future__ import annotations

import re

from capgain.engine.problems import Problem
from capgain.engine.settings import Settings
from capgain.workbook.batch.record import Finding

_NUMBER = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
MASKED_NUMBER, MASKED_NAME = "***-**-****", "(name)"


def without_persons(text: str, settings: Settings | None) -> str:
    """The text without social security numbers and without the taxpayer's name as Settings state it."""
    masked = _NUMBER.sub(MASKED_NUMBER, text)
    if settings is None:
        return masked
    digits = "".join(character for character in settings.ssn if character.isdigit())
    for number in (settings.ssn, digits):
        if len(digits) == 9 and number:
            masked = masked.replace(number, MASKED_NUMBER)
    name = settings.name.strip()
    return masked.replace(name, MASKED_NAME) if len(name) > 1 else masked


def finding_of(problem: Problem, settings: Settings | None) -> Finding:
    """A problem as the index tells it."""
    return Finding(
        severity=problem.severity.value,
        sheet=problem.sheet,
        row=problem.row,
        column=problem.column,
        message=without_persons(problem.message, settings),
        remedy=without_persons(problem.remedy, settings),
        code=problem.code,
        blocks_filing=problem.blocks_filing,
    )
