"""Makes the package of a ledger with errors: what is to be fixed and asked, and the ledger with its cells marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from capgain.engine.problems import Problem
from capgain.engine.report import TaxReport
from capgain.workbook.file_names import readable
from capgain.workbook.handoff.draft import draft_workpapers
from capgain.workbook.handoff.handed_off import Handoff
from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.handoff.manifest import EarlierPackage, draft_manifest
from capgain.workbook.handoff.rerun import answers, with_entries
from capgain.workbook.handoff.staging import WORKPAPERS, examined, put_in_place
from capgain.workbook.handoff.standing import Standing
from capgain.workbook.handoff.status import Status
from capgain.workbook.handoff.workpapers.change_log import Change
from capgain.workbook.handoff.workpapers.cover import DRAFT
from capgain.workbook.handoff.zip_beside import zip_path
from capgain.workbook.reading import LedgerFile
from capgain.workbook.report.context import Workpapers


def draft_package(
    source: LedgerFile,
    problems: tuple[Problem, ...],
    out_dir: Path,
    earlier: EarlierPackage | None,
    as_of: date,
    *,
    show_ssn: bool,
    fresh: bool,
) -> Handoff:
    """The package of a ledger with errors: no figures, no forms, nothing to import."""
    report = TaxReport(source.ledger, {}, (), (), (), problems)
    papers = replace(Workpapers.of(report, source, None, show_ssn=show_ssn), notice=DRAFT)
    made_on, software = as_of.isoformat(), version("capgain")
    before = out_dir / WORKPAPERS if earlier is not None and not fresh else None
    laid = draft_workpapers(papers, made_on, source.sheet_1099, answers(before))
    kept = with_entries(papers, laid.book, before, earlier, {})
    files = {WORKPAPERS: examined(kept.book, ssn_is_shown=show_ssn)}
    changes = (*(earlier.changes if earlier else ()), Change(made_on, software, "Draft: the ledger has errors."))
    files[MANIFEST] = draft_manifest(
        made_on=made_on,
        report=report,
        ledger_name=readable(source.path.name),
        ledger_sha256=source.sha256,
        version=software,
        files=files,
        changes=changes,
        standing=Standing.of(laid, Status.DRAFT, made_on, {}),
    ).encode("utf-8")
    put_in_place(out_dir, earlier, files, keeps_workbook=fresh)
    return Handoff(
        folder=out_dir,
        zip_file=zip_path(out_dir),
        year=0,
        report=report,
        files=tuple(sorted(files)),
        missing_forms=(),
        left_to_do=(),
        checks=0,
        checks_failed=0,
        remarks=kept.remarks,
        status=Status.DRAFT,
        questions_open=len(laid.asked.unanswered),
    )
