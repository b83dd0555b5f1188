"""What a hand-off gives back to whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from capgain.engine.problems import Problem
from capgain.engine.report import TaxReport
from capgain.workbook.handoff.status import Status


@dataclass(frozen=True, slots=True)
class Handoff:
    """What was written. `reasons` keep the return from being ready, `failed` are checks that fail; `missing_forms` say
    where to get a form. `year` 0: a draft."""

    folder: Path
    zip_file: Path
    year: int
    report: TaxReport
    files: tuple[str, ...]
    missing_forms: tuple[str, ...]
    left_to_do: tuple[str, ...]
    checks: int
    checks_failed: int
    remarks: tuple[str, ...]
    status: Status
    failed: tuple[str, ...] = ()
    questions_open: int = 0

    @property
    def filing_ready(self) -> bool:
        return self.status is Status.READY

    @property
    def reasons(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.report.problems if one.blocks_filing)
