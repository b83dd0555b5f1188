"""The package's manifest: what it was made from and how, and the hash of every file in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.money import from_cents, plain_dollars
from capgain.engine.planning.contracts_at_price import tax_of_year
from capgain.engine.problems import CapgainError, UnknownYear
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.settings import Settings
from capgain.workbook.handoff.closing import Closing
from capgain.workbook.handoff.standing import Standing
from capgain.workbook.handoff.workpapers.change_log import Change

NAME = "manifest.json"
MADE_BY = "CapGain hand-off"


@dataclass(frozen=True, slots=True)
class EarlierPackage:
    """What the manifest of an earlier hand-off into the same folder says."""

    made_on: str
    facts: Mapping[str, str]
    changes: tuple[Change, ...]
    hashes: Mapping[str, str]
    as_of: str = ""
    sheets: tuple[str, ...] = ()
    tax_year: int = 0
    closing: Closing | None = None
    before: Closing | None = None

    def closing_before(self, year: int) -> Closing | None:
        """What was held when `year` began: by the package of the year before, or by what one of `year` began with."""
        if self.tax_year == year:
            return self.before
        finished = self.tax_year == year - 1 and self.is_over(self.tax_year)
        return self.closing if finished else None

    def is_over(self, year: int) -> bool:
        """Whether the year was over when the package was made."""
        return not self.as_of or self.as_of > f"{year}-12-31"

    @classmethod
    def read(cls, folder: Path) -> EarlierPackage | None:
        """The manifest in `folder`; None where there is none of ours."""
        try:
            data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(data, dict) or data.get("made_by") != MADE_BY:
            return None
        year = data.get("tax_year")
        year = year if isinstance(year, int) else 0
        try:
            return cls(
                made_on=str(data.get("made_on", "")),
                facts={str(name): str(value) for name, value in data.get("facts", {}).items()},
                changes=tuple(Change(**change) for change in data.get("change_log", ())),
                as_of=str(data.get("as_of", "")),
                sheets=tuple(map(str, data.get("sheets", ()))),
                tax_year=year,
                closing=Closing.read(year, data.get("closing")),
                before=Closing.read(year - 1, data.get("prior_closing")),
                hashes={str(name): str(about["sha256"]) for name, about in data.get("files", {}).items()},
            )
        except (AttributeError, KeyError, TypeError):
            return None


class NoPriorPackage(CapgainError):
    """The folder that was named as last year's package is none, or of another year."""


def last_closing(prior: Path | None, earlier: EarlierPackage | None, year: int) -> Closing | None:
    """What last year's package closed with: of the folder named, else of the package in the output folder.

    Raises:
        NoPriorPackage: the folder named has no finished package of the year before.
    """
    if prior is None:
        return None if earlier is None else earlier.closing_before(year)
    named = EarlierPackage.read(prior)
    wanted = f"Name the folder of the finished package of {year - 1}, which has its {NAME}."
    if named is None or not named.tax_year:
        raise NoPriorPackage(f"{prior} holds no package of CapGain with figures. {wanted}")
    found = named.closing if named.tax_year == year - 1 else None
    if found is None or not named.is_over(year - 1):
        unfinished = " from before its end" if named.tax_year == year - 1 and not named.is_over(year - 1) else ""
        raise NoPriorPackage(f"{prior} is a package of {named.tax_year}{unfinished}. {wanted}")
    return found


def facts(
    report: TaxReport, year: YearReport, schedule_d: ScheduleD, ledger_sha256: str, version: str
) -> dict[str, str]:
    """Named figures and hashes that two runs are compared by."""
    found = {"CapGain": version, "Ledger SHA-256": ledger_sha256, "Filing status": year.status.value}
    found["Ready to file"] = "yes" if report.filing_ready else "no"
    found.update(elections(report.ledger.settings, year.year))
    if year.form_8949 is not None:
        for box, totals in year.form_8949.boxes.items():
            found[f"Form 8949 box {box}"] = _totals_text(totals)
    for line, value in schedule_d.amounts().items():
        if isinstance(value, Totals):
            if value.rows:
                found[f"Schedule D line {line}"] = _totals_text(value)
        elif isinstance(value, Decimal):
            found[f"Schedule D line {line}"] = plain_dollars(value)
    if year.carryover is not None:
        found["Carryover short"] = plain_dollars(year.carryover.short)
        found["Carryover long"] = plain_dollars(year.carryover.long)
    return found


def elections(settings: Settings, year: int) -> dict[str, str]:
    """Method and elections in force in a year, as Settings state them."""
    found = {"Method": settings.method.of(year).value}
    for asset_class, method in settings.method_by_class.items():
        found[f"Method {asset_class.value}"] = method.of(year).value
    found["Wash sales"] = settings.wash_sales.value
    found["Wallet basis from"] = settings.wallet_basis_from.isoformat()
    found["Missing basis"] = settings.missing_basis.value
    found["Exception 1"] = "yes" if settings.exception_1.of(year) else "no"
    found["Exception 2"] = "yes" if settings.exception_2.of(year) else "no"
    found["Whole dollars"] = "yes" if settings.whole_dollars.of(year) else "no"
    return found


def manifest_text(
    *,
    made_on: str,
    report: TaxReport,
    year: YearReport,
    facts: Mapping[str, str],
    ledger_name: str,
    ledger_sha256: str,
    version: str,
    files: Mapping[str, bytes],
    missing_forms: Sequence[str],
    official_forms: Mapping[str, str],
    checks: Mapping[str, int],
    changes: Sequence[Change],
    standing: Standing,
    before: Closing | None,
) -> str:
    """The manifest as JSON: keys in a fixed order, so that two of them can be compared line by line."""
    accounts = {
        account.name: account.method.value for account in report.ledger.accounts.values() if account.method is not None
    }
    document: dict[str, Any] = {
        "made_by": MADE_BY,
        "engine_version": version,
        "made_on": made_on,
        "tax_year": year.year,
        "filing_status": year.status.value,
        **standing.document(),
        "numbers": _numbers(year),
        "tax": _tax(report, year),
        "stated": _stated(report, year),
        "closing": Closing.of(report, year.year).document(),
        "prior_closing": None if before is None else before.document(),
        "not_ready_because": [str(problem) for problem in report.problems if problem.blocks_filing],
        "ledger": {"file": ledger_name, "sha256": ledger_sha256, "rows": len(report.ledger.transactions)},
        "method_and_elections": {**elections(report.ledger.settings, year.year), "by_account": accounts},
        "checks": dict(checks),
        "official_forms": dict(official_forms),
        "missing_official_forms": list(missing_forms),
        "facts": dict(facts),
        "files": _hashes(files),
        "change_log": [asdict(change) for change in changes],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def draft_manifest(
    *,
    made_on: str,
    report: TaxReport,
    ledger_name: str,
    ledger_sha256: str,
    version: str,
    files: Mapping[str, bytes],
    changes: Sequence[Change],
    standing: Standing,
) -> str:
    """The manifest of a draft: what it was made from, and why there are no figures."""
    document: dict[str, Any] = {
        "made_by": MADE_BY,
        "engine_version": version,
        "made_on": made_on,
        **standing.document(),
        "not_ready_because": [str(problem) for problem in report.problems if problem.is_error],
        "ledger": {"file": ledger_name, "sha256": ledger_sha256, "rows": len(report.ledger.transactions)},
        "facts": {},
        "files": _hashes(files),
        "change_log": [asdict(change) for change in changes],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _hashes(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    return {
        name: {"sha256": sha256(content).hexdigest(), "bytes": len(content)} for name, content in sorted(files.items())
    }


def _numbers(year: YearReport) -> dict[str, str]:
    """The lines that people ask for first, both carryovers, and what wash sales disallowed."""
    found = {}
    if year.schedule_d is not None:
        for line in ("6", "7", "14", "15", "16", "21"):
            found[line] = plain_dollars(getattr(year.schedule_d, f"line_{line}"))
    if year.carryover is not None:
        found["carryover_short"] = plain_dollars(year.carryover.short)
        found["carryover_long"] = plain_dollars(year.carryover.long)
    found["wash"] = plain_dollars(from_cents(sum(row.wash_cents for row in year.dispositions)))
    return found


def _tax(report: TaxReport, year: YearReport) -> dict[str, str] | None:
    """The tax with and without the gains; None where Settings state too little."""
    if year.schedule_d is None:
        return None
    try:
        found = tax_of_year(report, year.year)
    except (MissingInputs, UnknownYear):
        return None
    return {
        "with_gains": plain_dollars(found.with_gains.total),
        "without_gains": plain_dollars(found.without_gains.total),
        "difference": plain_dollars(found.difference),
    }


def _stated(report: TaxReport, year: YearReport) -> dict[str, str]:
    """What Settings state in place of the ledger's own chain."""
    short, long = report.ledger.stated_carryover(year.year)
    return {name: plain_dollars(amount) for name, amount in (("6", short), ("14", long)) if amount is not None}


def unexpected(folder: Path, known: Iterable[str]) -> tuple[Path, ...]:
    """Files below `folder` that are not of the package, relative to it."""
    names = {*known, NAME}
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return tuple(sorted(file for file in found if file.as_posix() not in names))


def _totals_text(totals: Totals) -> str:
    proceeds, basis = plain_dollars(totals.proceeds), plain_dollars(totals.basis)
    adjustment, gain = plain_dollars(totals.adjustment), plain_dollars(totals.gain)
    return f"{totals.rows} rows, proceeds {proceeds}, basis {basis}, adjustment {adjustment}, gain {gain}"
