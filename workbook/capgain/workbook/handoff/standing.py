"""Where a package stands: its status, what is open and asked, the sheets and the income of its year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capgain.workbook.handoff.draft import Draft
from capgain.workbook.handoff.status import Status
from capgain.workbook.handoff.workpapers.book import Laid


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the package stands, for those who read no workbook. Amounts are dollars as text."""

    status: Status
    as_of: str
    open_points: tuple[str, ...]
    asked: int
    answered: int
    sheets: tuple[str, ...]
    income: Mapping[str, str]

    @classmethod
    def of(cls, laid: Laid | Draft, status: Status, as_of: str, income: Mapping[str, str]) -> Standing:
        """Where a workbook that was laid out stands."""
        return cls(
            status=status,
            as_of=as_of,
            open_points=tuple(point.text for point in laid.points.points if point.blocks),
            asked=laid.asked.asked,
            answered=laid.asked.asked - len(laid.asked.unanswered),
            sheets=tuple(sheet.name for sheet in laid.book.sheets),
            income=income,
        )

    def document(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "draft": self.status is Status.DRAFT,
            "as_of": self.as_of,
            "filing_ready": self.status is Status.READY,
            "open_points": list(self.open_points),
            "questions": {"asked": self.asked, "answered": self.answered},
            "sheets": list(self.sheets),
            "income_by_kind": dict(self.income),
        }
