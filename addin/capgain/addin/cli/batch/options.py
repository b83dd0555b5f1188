"""What a batch was asked for: the same for every client, small enough to be sent to each worker."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from hashlib import sha256
from pathlib import Path

from capgain.addin.cli.ledger import LedgerRequest
from capgain.workbook.handoff.official_forms.forms_folder import FormsFolder


class What(Enum):
    """What is made of every client's ledger."""

    COMPUTE = "compute"
    REPORT = "report"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """`limit` is in seconds, None where it follows from the size of the file; `forms` fill the packages.

    With `draft` a ledger with errors has a package or report that says what is to be fixed.
    """

    what: What
    year: int | None
    as_of: date
    status: str | None
    method: str | None
    settings: tuple[str, ...]
    forms: FormsFolder | None
    limit: float | None
    draft: bool = False

    def request(self, ledger: Path) -> LedgerRequest:
        """What the single command would have been asked."""
        return LedgerRequest(ledger, self.year, self.status, self.method, self.settings, as_json=True)

    def made_from(self, ledger_sha256: str, version: str) -> str:
        """The hash of all that a client's output follows from."""
        stated = [
            self.what.value,
            self.draft,
            self.year,
            self.status,
            self.method,
            list(self.settings),
            sorted(form.sha256 for form in self.forms.forms) if self.forms else [],
            ledger_sha256,
            version,
        ]
        return sha256(json.dumps(stated).encode()).hexdigest()

    def is_over(self, year: int | None) -> bool:
        """Whether the tax year had ended on the day of the batch."""
        return year is not None and date(year, 12, 31) < self.as_of


@dataclass(frozen=True, slots=True, repr=False)
class Job:
    """One client to work on. Its name is in nothing that a log could show."""

    number: int
    path: Path = field(repr=False)
    name: str
    folder: str
    key: str
    out: Path
    options: BatchOptions
    seconds_allowed: float

    def __repr__(self) -> str:
        return f"Job({self.number})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker reports of one client: all else stands in the client's record."""

    number: int
    is_error: bool
    peak_mib: int
