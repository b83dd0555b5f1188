"""One ledger is converted and matched once, however many cells ask; handles name ledgers that were taken in."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Generic, TypeVar

from capgain.addin.functions.cells import Answer, Block, ErrorCode, Failure
from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.report import TaxReport
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.further_sheets import with_forms_1099

T = TypeVar("T")

LEDGERS_KEPT = 16
"""Converted and matched ledgers kept; the one not asked for longest goes first."""

HANDLES_KEPT = 64
ANSWERS_KEPT = 1_000
"""Answers kept of one ledger, by function and arguments."""

REPORTS_KEPT = 12
"""Reports kept of one ledger: one for every `as_of` that cuts it."""


class Recent(Generic[T]):
    """The last `size` values that were asked for, by key."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[object, T] = OrderedDict()

    def get(self, key: object) -> T | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def keep(self, key: object, value: T) -> T:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._size:
            self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        self._values.clear()

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True)
class Source:
    """The blocks a ledger is made of."""

    ledger: Block
    settings: Block | None = None
    accounts: Block | None = None
    prices: Block | None = None
    forms_1099: Block | None = None

    @cached_property
    def key(self) -> tuple[bytes, ...]:
        blocks = (self.ledger, self.settings, self.accounts, self.prices, self.forms_1099)
        return tuple(bytes(16) if block is None else block.digest for block in blocks)


class Computed:
    """A ledger as the functions ask it: its source, its transactions, and what the engine makes of them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._reports: Recent[TaxReport] = Recent(REPORTS_KEPT)
        self.answers: Recent[Answer] = Recent(ANSWERS_KEPT)

    @cached_property
    def ledger(self) -> Ledger:
        """The transactions, accounts, settings, prices and Forms 1099, with the problems found while reading."""
        blocks = self.source
        ledger = ledger_from_sheets(
            blocks.ledger.as_sheet("Ledger"),
            None if blocks.accounts is None else blocks.accounts.as_sheet("Accounts"),
            None if blocks.settings is None else blocks.settings.as_sheet("Settings"),
            None if blocks.prices is None else blocks.prices.as_sheet("Prices"),
            date_1904=blocks.ledger.date_1904,
        )
        forms = None if blocks.forms_1099 is None else blocks.forms_1099.as_sheet(FORM_1099)
        return with_forms_1099(ledger, forms, date_1904=blocks.ledger.date_1904)

    @cached_property
    def last_day(self) -> date | None:
        """The day of the last row, None for an empty ledger."""
        return max((transaction.at.date() for transaction in self.ledger.transactions), default=None)

    def unchecked_report(self, through: int | None = None, lots_as_of: date | None = None) -> TaxReport:
        """The report, errors or not."""
        if self.last_day is not None:
            if through is not None and through <= self.last_day.year:
                through = None
            if lots_as_of is not None and lots_as_of >= self.last_day:
                lots_as_of = None
        key = (through, lots_as_of)
        return self._reports.get(key) or self._reports.keep(
            key, compute(self.ledger, through=through, lots_as_of=lots_as_of)
        )

    def report(self, through: int | None = None, lots_as_of: date | None = None) -> TaxReport:
        """The report. Raises Failure where the ledger has errors: a chain with a hole has no numbers."""
        report = self.unchecked_report(through, lots_as_of)
        if report.has_errors:
            errors = [problem for problem in report.problems if problem.is_error]
            if errors[0].code == "NO_HEADER":
                raise Failure(ErrorCode.VALUE, f"{errors[0]} {WITH_ITS_HEADER}")
            more = f" (and {len(errors) - 1} more; CAPGAIN_CHECK lists them)" if len(errors) > 1 else ""
            raise Failure(ErrorCode.VALUE, f"The ledger has an error: {errors[0]}{more}")
        return report


WITH_ITS_HEADER = "Of an Excel table take the headings along: Ledger[#All], not Ledger."


class Ledgers:
    """The ledgers computed and kept, and the sources that handles stand for."""

    def __init__(self) -> None:
        self._computed: Recent[Computed] = Recent(LEDGERS_KEPT)
        self._sources: Recent[Source] = Recent(HANDLES_KEPT)

    def computed(self, source: Source) -> Computed:
        """What is computed of `source`, made when it is asked for the first time."""
        return self._computed.get(source.key) or self._computed.keep(source.key, Computed(source))

    def handle(self, source: Source) -> str:
        """A text that stands for `source` while this process runs: the same for the same content."""
        name = blake2b(b"".join(source.key), digest_size=16).hexdigest()
        self._sources.keep(name, source)
        return f"CapGain ledger {name} ({len(source.ledger.rows):,} rows)"

    def of_handle(self, handle: str) -> Source:
        """What a handle stands for. Raises Failure for other text, and for a handle of another session."""
        match = _HANDLE.match(handle)
        if match is None:
            raise Failure(
                ErrorCode.VALUE, f"ledger: {handle!r} is neither a range nor a handle that CAPGAIN_LEDGER gave."
            )
        source = self._sources.get(match[1])
        if source is None:
            raise Failure(
                ErrorCode.NOT_AVAILABLE,
                "This ledger handle is stale: it was made in another session, or too many others were made since. "
                "Recalculate the cell with CAPGAIN_LEDGER (Ctrl+Alt+F9 recalculates everything).",
                stale_handle=match[1],
            )
        return source

    def clear(self) -> None:
        """Forget everything; handles made before are stale."""
        self._computed.clear()
        self._sources.clear()

    def __len__(self) -> int:
        return len(self._computed)


_HANDLE = re.compile(r"CapGain ledger ([0-9a-f]{32})\b")

LEDGERS = Ledgers()
"""Those of this process."""
