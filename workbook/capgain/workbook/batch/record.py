"""What a batch remembers of one client: its row of the index, and what it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from capgain.workbook.file_names import readable

AMOUNTS = ("6", "7", "14", "15", "16", "21", "carryover_short", "carryover_long", "wash", "income", "tax")
"""Lines of Schedule D and sums of the year, in the order of the index.

`wash` is what wash sales disallowed, `income` the income rows of the ledger, `tax` what the gains add to the tax.
"""


class Status(Enum):
    """Where a client stands, the most urgent first."""

    ERROR = "error"
    NO_LEDGER = "no ledger"
    NOT_READY = "not ready"
    YEAR_NOT_OVER = "year not over"
    READY = "ready"
    GONE = "gone"

    @property
    def is_error(self) -> bool:
        return self in (Status.ERROR, Status.NO_LEDGER)


class Made(Enum):
    """Whether this run made the client's output."""

    MADE = "made"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class ErrorKind(Enum):
    """Why a client has no output.

    `refused`: the ledger has errors, or cannot be handed off; `unreadable`: there is no ledger in the file;
    `crashed`: the program died over it; `timeout`: it took longer than allowed.
    """

    REFUSED = "refused"
    UNREADABLE = "unreadable"
    CRASHED = "crashed"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a client's ledger as the index tells it; no number of a person stands in it."""

    severity: str
    sheet: str
    row: int
    column: str
    message: str
    remedy: str
    code: str
    blocks_filing: bool

    @property
    def is_open(self) -> bool:
        return self.severity == "error" or self.blocks_filing


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure of a year that was filed or signed off, and what the ledger gives now; dollars or units as text."""

    year: int
    what: str
    filed: str
    now: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """What a package said when its reviewer signed it.

    `signature` is the reviewer's entry as the latest package has it: another one signs anew. `numbers` are of
    `AMOUNTS`, in dollars as text; `closing` is what was held at the end of its year: units and basis by asset and
    account, as its manifest has them.
    """

    signature: tuple[str, ...]
    numbers: Mapping[str, str]
    closing: Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRecord:
    """One client's row of the index.

    Amounts are dollars as text, absent where there are none. `made_from` is the hash of ledger, options, version and
    forms; `proof` the hash of what was written, "" where its presence is enough; `settled`: made again from the same,
    it would come out the same, so it is not. `trace` says where in the program an unexpected error arose, without
    values. `signed_off`: by year, what was last signed off.
    """

    file: str
    folder: str
    status: Status
    made: Made
    error_kind: ErrorKind | None = None
    reason: str = ""
    name: str = ""
    year: int | None = None
    filing_status: str | None = None
    amounts: Mapping[str, str] = field(default_factory=dict)
    checks: int | None = None
    checks_failed: int | None = None
    questions_open: int | None = None
    findings: tuple[Finding, ...] = ()
    drift: tuple[Drift, ...] = ()
    reviewed_by: str = ""
    sha256: str = ""
    seconds: float = 0.0
    peak_mib: int = 0
    made_from: str = ""
    year_over: bool = False
    main_file: str = ""
    proof: str = ""
    settled: bool = False
    trace: str = ""
    signed_off: Mapping[int, SignedOff] = field(default_factory=dict)

    @property
    def open_points(self) -> int:
        """Errors, problems that block filing, failed checks, and the reason why there is no output."""
        return sum(finding.is_open for finding in self.findings) + (self.checks_failed or 0) + bool(self.reason)

    @property
    def first_open_point(self) -> str:
        if self.reason:
            return self.reason
        found = min(
            (one for one in self.findings if one.is_open), key=lambda one: one.severity != "error", default=None
        )
        if found is not None:
            place = f"{found.sheet} row {found.row}: " if found.row else f"{found.sheet}: " if found.sheet else ""
            return f"{place}{found.message}"
        return f"{self.checks_failed} of {self.checks} checks failed." if self.checks_failed else ""

    def index_object(self, *, with_name: bool) -> dict[str, Any]:
        """The client in index.json: every key always there, null where nothing is known."""
        named = {"name": self.name} if with_name else {}
        codes: dict[str, int] = {}
        for finding in self.findings:
            codes[finding.code] = codes.get(finding.code, 0) + 1
        return {
            "file": readable(self.file),
            "folder": readable(self.folder),
            **named,
            "status": self.status.value,
            "made": self.made.value,
            "error_kind": None if self.error_kind is None else self.error_kind.value,
            "reason": self.first_open_point if self.status.is_error else "",
            "year": self.year,
            "filing_status": self.filing_status,
            **{key: self.amounts.get(key) for key in AMOUNTS},
            "open_points": self.open_points,
            "questions_open": self.questions_open,
            "checks": {"count": self.checks, "failed": self.checks_failed},
            "errors": self.errors,
            "codes": dict(sorted(codes.items())),
            "problems": [{slot: getattr(finding, slot) for slot in Finding.__slots__} for finding in self.findings],
            "drift": [{slot: getattr(one, slot) for slot in Drift.__slots__} for one in self.drift],
            "reviewed_by": self.reviewed_by,
            "sha256": self.sha256,
            "seconds": self.seconds,
            "peak_mib": self.peak_mib,
        }

    @property
    def errors(self) -> int:
        """Errors of the ledger; 1 where it could not even be read."""
        counted = sum(finding.severity == "error" for finding in self.findings)
        return counted or int(self.status.is_error)

    def stored(self) -> bytes:
        """The record as it is kept between runs."""
        document = {slot: getattr(self, slot) for slot in self.__slots__}
        document["status"], document["made"] = self.status.value, self.made.value
        document["error_kind"] = None if self.error_kind is None else self.error_kind.value
        document["amounts"] = dict(self.amounts)
        document["findings"] = [[getattr(one, slot) for slot in Finding.__slots__] for one in self.findings]
        document["drift"] = [[getattr(one, slot) for slot in Drift.__slots__] for one in self.drift]
        document["signed_off"] = [
            [year, one.signature, one.numbers, one.closing] for year, one in sorted(self.signed_off.items())
        ]
        return json.dumps(document).encode("ascii")

    @classmethod
    def restored(cls, content: bytes) -> ClientRecord | None:
        """The record of an earlier run; None where it is damaged, or of a version that kept other things."""
        try:
            document = json.loads(content)
            if set(document) != set(cls.__slots__):
                return None
            document["status"], document["made"] = Status(document["status"]), Made(document["made"])
            kind = document["error_kind"]
            document["error_kind"] = None if kind is None else ErrorKind(kind)
            document["findings"] = tuple(Finding(*values) for values in document["findings"])
            document["drift"] = tuple(Drift(*values) for values in document["drift"])
            document["signed_off"] = {
                int(year): SignedOff(tuple(signature), numbers, closing)
                for year, signature, numbers, closing in document["signed_off"]
            }
            return cls(**document)
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
