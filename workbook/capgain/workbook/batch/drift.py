"""Years that were filed or signed off, against what the ledger gives for them now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from capgain.engine.money import cents_text, to_cents
from capgain.engine.report import TaxReport
from capgain.engine.stated_figures import filed_otherwise
from capgain.workbook.batch.figures import amounts_of
from capgain.workbook.batch.record import Drift
from capgain.workbook.xlsx.unreadable import UnreadableFile, read_bytes
from capgain.workbook.xlsx.values import workbook_values

_COMPARED = {
    "Schedule D line 7": "7",
    "Schedule D line 15": "15",
    "Schedule D line 16": "16",
    "Schedule D line 21": "21",
    "Carryover short": "carryover_short",
    "Carryover long": "carryover_long",
}
"""Facts of a package's manifest, and the amount of the index that each of them is."""


def drift_from_filed(report: TaxReport, before: int) -> Iterator[Drift]:
    """Settings `Filed ...` of years before `before` that the ledger does not give."""
    for year, found in report.years.items():
        if year < before:
            for name, filed, now in filed_otherwise(report.ledger.settings, found):
                yield Drift(year, name, cents_text(to_cents(filed)), cents_text(to_cents(now)))


class SignedPackage:
    """An earlier package of a client that somebody reviewed, read before it is replaced."""

    def __init__(self, year: int, facts: dict[str, str], reviewed_by: str) -> None:
        self.year = year
        self.facts = facts
        self.reviewed_by = reviewed_by

    @classmethod
    def read(cls, folder: Path) -> SignedPackage | None:
        """None where there is no package, or nobody has signed it."""
        try:
            manifest = json.loads((folder / "manifest.json").read_bytes())
            year, facts = int(manifest["tax_year"]), dict(manifest["facts"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        signed = reviewed_by(folder / "workpapers.xlsx")
        return cls(year, facts, signed) if signed else None

    def drift(self, report: TaxReport) -> Iterator[Drift]:
        """Where the ledger now gives other figures than were signed off."""
        found = report.years.get(self.year)
        if found is None:
            return
        now = amounts_of(report, found)
        for fact, key in _COMPARED.items():
            if fact in self.facts and key in now and self.facts[fact] != now[key]:
                yield Drift(self.year, f"Signed off: {fact}", self.facts[fact], now[key])


def reviewed_by(workpapers: Path) -> str:
    """Who signed a package's workbook as its reviewer; "" where nobody did or it cannot be read."""
    try:
        with workbook_values(workpapers, read_bytes(workpapers)) as values:
            for sheet in list(values.parts.sheets)[:2]:
                for row in values.rows(sheet):
                    texts = ["" if cell is None else str(cell).strip() for cell in row]
                    if "Reviewed by" in texts:
                        beside = texts[texts.index("Reviewed by") + 1 :]
                        return next((text for text in beside if text), "")
    except UnreadableFile:
        return ""
    return ""
