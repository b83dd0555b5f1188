"""Makes the accountant's package: one folder and one zip, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

from capgain.engine.money import plain_dollars
from capgain.engine.problems import InvalidLedger
from capgain.workbook.balances import with_balances_compared
from capgain.workbook.file_names import readable
from capgain.workbook.handoff.computed_year import computed_year, last_day_known
from capgain.workbook.handoff.contents import (
    NOTHING_TO_IMPORT,
    Progress,
    forms_of,
    import_folder,
    left_to_do,
    official_forms,
    printed_as_filed,
    taxpayer_of,
)
from capgain.workbook.handoff.draft_package import draft_package
from capgain.workbook.handoff.explanations import explanations
from capgain.workbook.handoff.handed_off import Handoff
from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.handoff.manifest import (
    facts,
    last_closing,
    manifest_text,
)
from capgain.workbook.handoff.official_forms.forms_folder import FormsFolder
from capgain.workbook.handoff.reconciliation.reconcile import reconcile
from capgain.workbook.handoff.rerun import answers, changes, with_entries, with_log
from capgain.workbook.handoff.staging import (
    WORKPAPERS,
    earlier_package,
    examined,
    named_folder,
    put_in_place,
)
from capgain.workbook.handoff.standing import Standing
from capgain.workbook.handoff.statement_pdf import statements_pdf
from capgain.workbook.handoff.workpapers.book import Contents, Laid, workpapers_book
from capgain.workbook.handoff.workpapers.cover import YEAR_NOT_OVER
from capgain.workbook.handoff.workpapers.readme import PackageFacts
from capgain.workbook.handoff.workpapers.user_sheets import NONE, user_sheets
from capgain.workbook.handoff.zip_beside import alone_with_package, zip_path
from capgain.workbook.reading import LedgerFile, read_ledger_file
from capgain.workbook.report.context import Workpapers


def handoff(
    book: Path,
    out_dir: Path,
    *,
    year: int | None = None,
    forms_dir: Path | None = None,
    overrides: Sequence[str] = (),
    show_ssn: bool = False,
    draft: bool = False,
    fresh: bool = False,
    prior: Path | None = None,
    today: date | None = None,
    progress: Progress | None = None,
) -> Handoff:
    """Write the package of one tax year of `book` into `out_dir`, and beside it the same as a zip.

    `year` None: the report's default year. `forms_dir`: the folder of the IRS's blank
    forms instead of the user's own. An earlier hand-off in `out_dir` is replaced; tick marks and sign-offs in it stay
    with their rows, and files of others in it are kept. A missing official form is named in the result and does not
    fail it. `today` tells whether the year is over. With `draft` a ledger with errors gives a package to send back:
    what is to be fixed, the questions, and the ledger with its cells marked. `fresh` takes over nothing from the
    earlier workbook and keeps it in `earlier/`. `prior` is the folder of last year's package, whose closing lots are
    compared with the year's opening; without it a package of last year in `out_dir` is.

    Raises:
        UnreadableFile: `book` cannot be read.
        InvalidLedger: the ledger has errors, and no draft was asked for.
        UnknownYear: there is no Schedule D for the year.
        NoPriorPackage: `prior` holds no finished package of the year before.
        OutputInTheWay: `out_dir` or its zip holds something else.
        UnfitWorkpapers: the finished workbook did not pass its examination.
        CannotWrite: the system refuses to write.
    """
    source = with_balances_compared(read_ledger_file(book, overrides=overrides, today=today))
    return handoff_of(
        source,
        out_dir,
        year=year,
        forms_dir=forms_dir,
        show_ssn=show_ssn,
        draft=draft,
        fresh=fresh,
        prior=prior,
        today=today,
        progress=progress,
    )


def handoff_of(
    source: LedgerFile,
    out_dir: Path,
    *,
    year: int | None = None,
    forms_dir: Path | None = None,
    forms: FormsFolder | None = None,
    show_ssn: bool = False,
    draft: bool = False,
    fresh: bool = False,
    prior: Path | None = None,
    today: date | None = None,
    progress: Progress | None = None,
) -> Handoff:
    """The same for a ledger file that was read already, and with `forms` for a folder of forms that was too."""
    out_dir = named_folder(out_dir)
    with alone_with_package(out_dir) as settled:
        made = _made(
            source,
            out_dir,
            year,
            forms or FormsFolder.read(forms_dir),
            today or date.today(),
            progress or _quietly,
            show_ssn=show_ssn,
            draft=draft,
            fresh=fresh,
            prior=prior,
        )
    return replace(made, remarks=(*settled, *made.remarks))


def _made(
    source: LedgerFile,
    out_dir: Path,
    year: int | None,
    forms: FormsFolder,
    as_of: date,
    advance: Progress,
    *,
    show_ssn: bool,
    draft: bool,
    fresh: bool,
    prior: Path | None,
) -> Handoff:
    earlier = earlier_package(out_dir, source.path)
    try:
        report, tax_year = computed_year(source.ledger, year, as_of, advance)
    except InvalidLedger as refusal:
        if not draft:
            raise
        return draft_package(source, refusal.problems, out_dir, earlier, as_of, show_ssn=show_ssn, fresh=fresh)
    before_it = last_closing(prior, earlier, tax_year)
    year_report, form, schedule = forms_of(report, tax_year)
    raw_1099 = source.sheet_1099
    is_over = date(tax_year, 12, 31) < as_of
    ends = last_day_known(report, as_of).isoformat()
    papers = Workpapers.of(report, source, tax_year, show_ssn=show_ssn)
    papers = papers if is_over else replace(papers, notice=f"{YEAR_NOT_OVER}: figures to {ends}")
    taxpayer = taxpayer_of(report, show_ssn)
    software = version("capgain")
    named = facts(report, year_report, schedule, source.sha256, software)
    made_on = as_of_text = as_of.isoformat()
    if earlier is not None and earlier.facts == named and earlier.is_over(tax_year) is is_over:
        made_on, as_of_text = earlier.made_on, earlier.as_of or as_of_text
    official = official_forms(report, form, schedule, forms, taxpayer, advance)
    for_software = import_folder(report, form, taxpayer, made_on) if is_over else NOTHING_TO_IMPORT
    files: dict[str, bytes] = {**official.files, **for_software.files}
    purposes = dict(official.purposes)
    as_filed = printed_as_filed(report, form, tax_year, in_whole_dollars=schedule.in_whole_dollars)
    in_words = explanations(report, year_report)
    if as_filed.statements or in_words:
        name = f"statements-{tax_year}.pdf"
        files[name] = statements_pdf(
            as_filed.statements,
            tax_year,
            taxpayer,
            in_whole_dollars=schedule.in_whole_dollars,
            explanations=in_words,
            progress=lambda done, of: advance("Writing statements", done, of),
        )
        purposes[name] = "the statements and explanations that Form 8949 needs beside it, to attach to the return"
    open_points = left_to_do(
        report,
        year_report,
        form,
        schedule,
        official,
        for_software.about,
        has_1099=raw_1099 is not None,
        show_ssn=show_ssn,
    )
    before = out_dir / WORKPAPERS if earlier is not None and not fresh else None
    contents = Contents(
        papers=papers,
        year=year_report,
        form=form,
        schedule_d=schedule,
        printed=printed_as_filed(report, form, tax_year, in_whole_dollars=False),
        reconciliation=reconcile(report, year_report),
        explanations=in_words,
        facts=PackageFacts(_listed(purposes, for_software.files), open_points),
        changes=earlier.changes if earlier else (),
        user=NONE,
        raw_1099=raw_1099,
        made_on=made_on,
        is_over=is_over,
        ends=ends,
        answers=answers(before),
        read_back=official.read_back,
        addresses=official.addresses,
        before=before_it,
    )
    advance("Laying out the workpapers", 0, 1)
    laid = _with_user_sheets(contents, source.path)
    kept = with_entries(papers, laid.book, before, earlier, named)
    log = changes(earlier, named, made_on, software, kept.remarks)
    final = with_log(kept.book, papers, log)
    writing = partial(advance, "Writing the workpapers")
    files[WORKPAPERS] = examined(final, ssn_is_shown=show_ssn, progress=writing)
    manifest = manifest_text(
        made_on=made_on,
        report=report,
        year=year_report,
        facts=named,
        ledger_name=readable(source.path.name),
        ledger_sha256=source.sha256,
        version=software,
        files=files,
        missing_forms=official.missing,
        official_forms=official.blanks,
        checks={"count": laid.checks.count, "failed": laid.checks.failed},
        changes=log,
        before=before_it,
        standing=Standing.of(
            laid, laid.status, as_of_text, {kind.label: plain_dollars(kind.amount) for kind in laid.kinds}
        ),
    )
    files[MANIFEST] = manifest.encode("utf-8")
    put_in_place(out_dir, earlier, files, keeps_workbook=fresh)
    return Handoff(
        folder=out_dir,
        zip_file=zip_path(out_dir),
        year=tax_year,
        report=report,
        files=tuple(sorted(files)),
        missing_forms=official.missing,
        left_to_do=open_points,
        checks=laid.checks.count,
        checks_failed=laid.checks.failed,
        remarks=kept.remarks,
        status=laid.status,
        failed=laid.failed,
        questions_open=len(laid.asked.unanswered),
    )


def _quietly(what: str, done: int, of: int) -> None:
    return None


def _listed(purposes: Mapping[str, str], imported: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """The files of the package with what they are for."""
    found = [(WORKPAPERS, "this workbook"), *purposes.items()]
    if imported:
        found.append(("import/", "files for tax software, their limits, and next year's opening lots"))
    return [*found, (MANIFEST, "what this was made from and how, with the hash of every file, to compare two runs")]


def _with_user_sheets(contents: Contents, path: Path) -> Laid:
    """The workbook; with the user's own sheets where the source has any."""
    laid = workpapers_book(contents)
    ours = [sheet.name for sheet in laid.book.sheets]
    found = user_sheets(contents.papers, path, ours)
    if found == NONE:
        return laid
    about = replace(contents.facts, left_out=found.left_out)
    return workpapers_book(replace(contents, user=found, facts=about))
