"""What all sheets of one report workbook share: the report, the years shown, sheet names, page set-up, row links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from capgain.engine.classes import AssetClass
from capgain.engine.classification import Place, classify
from capgain.engine.problems import Problem, UnknownYear
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.transactions import Transaction
from capgain.workbook.sheets import LINK_CENTER, Cell, Page, Style, header_text, link_to

if TYPE_CHECKING:
    from capgain.workbook.reading import LedgerFile

LEDGER = "Ledger"
LONGEST_NAME = 60
"""characters of a name in a page header, which holds 255 in all"""


@dataclass(frozen=True, kw_only=True)
class Workpapers:
    """What every sheet is drawn from. `years` are those shown.

    `notice` stands at the head of every page: that the year is not over, or that this is a draft.
    `places` collects, while the forms are laid out, where a ledger row first stands on a Form 8949.
    """

    report: TaxReport
    source: LedgerFile
    years: tuple[int, ...]
    show_ssn: bool = False
    notice: str = ""
    places: dict[int, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, report: TaxReport, source: LedgerFile, year: int | None, *, show_ssn: bool = False) -> Workpapers:
        """Raises UnknownYear for a year the report does not have, or has no forms for."""
        if year is not None and not report.has_errors:
            found = report.years.get(year)
            if found is None or found.schedule_d is None:
                with_forms = [number for number, one in report.years.items() if one.schedule_d is not None]
                known = ", ".join(map(str, with_forms)) or "none"
                raise UnknownYear(f"There are no forms for {year}. Years of this ledger with forms: {known}.")
        years = tuple(report.years) if year is None else (year,) if year in report.years else ()
        return cls(report=report, source=source, years=years, show_ssn=show_ssn)

    @cached_property
    def transactions(self) -> Mapping[int, Transaction]:
        """The ledger's rows by row number."""
        return {entry.row: entry for entry in self.report.ledger.transactions}

    @cached_property
    def _classes(self) -> Mapping[Place, AssetClass]:
        return classify(self.report.ledger)[0]

    def class_of(self, account: str, asset: str) -> AssetClass | None:
        """The class of an asset in an account; None for what no row names as held."""
        found = self._classes.get((account, asset))
        return found or next((one for (_, name), one in self._classes.items() if name == asset), None)

    @cached_property
    def created(self) -> datetime:
        """The file's creation date, taken from the ledger, so that the same ledger gives the same bytes."""
        days = [entry.at.date() for entry in self.report.ledger.transactions]
        return datetime.combine(max(days), time()) if days else datetime(2000, 1, 1)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be known or settled about the years shown."""
        return self.report.problems_of(self.years)

    def name(self, sheet: str, year: int) -> str:
        """A sheet's name; with several years in one book it carries the year."""
        return f"{sheet} {year}" if len(self.years) > 1 else sheet

    @property
    def period(self) -> str:
        """The tax years shown, in words."""
        if not self.years:
            return ""
        return str(self.years[0]) if len(self.years) == 1 else f"{self.years[0]} to {self.years[-1]}"

    @property
    def taxpayer(self) -> str:
        return self.report.ledger.settings.name

    @property
    def ssn(self) -> str:
        """The number as it may be printed: masked to its last four digits unless asked for in full."""
        return self.report.ledger.settings.ssn if self.show_ssn else masked(self.report.ledger.settings.ssn)

    def previous(self, year: int) -> YearReport | None:
        """The report of the year before, whether or not it is shown."""
        return self.report.years.get(year - 1)

    def ledger_link(self, row: int, style: Style = LINK_CENTER) -> Cell | None:
        """A link to a row of the ledger; nothing for a row that does not exist (0: basis was missing)."""
        return _ledger_link(row, style) if row > 0 else None

    def remember(self, rows: Iterable[int], sheet: str, number: int) -> None:
        """Note that ledger rows are shown in a row of a form, unless an earlier one shows them already."""
        place = (sheet, number)
        for row in rows:
            if row > 0:
                self.places.setdefault(row, place)

    def page(
        self,
        title: str,
        *,
        landscape: bool = False,
        repeat: tuple[int, int] | None = None,
        breaks: tuple[int, ...] = (),
    ) -> Page:
        """Page set-up with the title, the taxpayer and the source in header and footer."""
        who = " ".join(part for part in (_shortened(self.taxpayer), self.ssn) if part)
        return Page(
            landscape=landscape,
            header=(header_text(_shortened(title)), header_text(self.notice), header_text(who)),
            footer=(
                header_text(_shortened(self.source.path.name)),
                "Page &P of &N",
                f"&A - CapGain {engine_version()}",
            ),
            repeat=repeat,
            breaks=breaks,
        )


@lru_cache(1 << 12)
def _ledger_link(row: int, style: Style) -> Cell:
    """A row often stands in several lists, and on several lines of one."""
    return link_to(LEDGER, f"A{row}", row, style)


def masked(ssn: str) -> str:
    """`123-45-6789` as `***-**-6789`; "" stays empty."""
    digits = [character for character in ssn if character.isdigit()]
    return f"***-**-{''.join(digits[-4:])}" if digits else ""


def engine_version() -> str:
    """The version of CapGain that made the report."""
    return version("capgain")


def _shortened(text: str) -> str:
    """The text as far as a header or footer has room, with a sign that there is more."""
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"
