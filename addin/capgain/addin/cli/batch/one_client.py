"""The work on one client: read, computed, written, and its record kept. It refuses nothing by raising."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import replace
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import assert_never

from capgain.addin.cli.batch.machine import forget_peak, peak_mib
from capgain.addin.cli.batch.options import BatchOptions, Job, Outcome, What
from capgain.addin.cli.document import document_parts
from capgain.addin.cli.ledger import LedgerRequest
from capgain.engine.problems import CapgainError, InvalidLedger, Problem, UnknownYear
from capgain.engine.report import TaxReport
from capgain.workbook.batch.clients import TRACES
from capgain.workbook.batch.drift import (
    drift_from_filed,
    drift_from_signed,
    signature_in,
    signed_off,
    with_signature,
)
from capgain.workbook.batch.figures import amounts_of, year_of
from capgain.workbook.batch.private import finding_of, without_persons
from capgain.workbook.batch.record import ClientRecord, ErrorKind, Made, SignedOff, Status
from capgain.workbook.batch.state import State
from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.handoff.package import handoff_of
from capgain.workbook.handoff.staging import WORKPAPERS, put_received
from capgain.workbook.reading import LedgerFile, UnreadableFile
from capgain.workbook.report import draft_book, report_book
from capgain.workbook.whole_file import whole_file, write_whole
from capgain.workbook.xlsx.unreadable import NoLedgerSheet
from capgain.workbook.xlsx.writer import write_book

COMPUTED, REPORT = "compute.json", "report.xlsx"
MAIN_FILES = {What.COMPUTE: COMPUTED, What.REPORT: REPORT, What.HANDOFF: WORKPAPERS}
NOT_A_LEDGER = frozenset({"NO_HEADER", "EMPTY_LEDGER"})
"""Codes of errors that say: there is no ledger in this file."""


def one_client(job: Job) -> Outcome:
    """Do the work and keep the record. Whatever goes wrong becomes the record's status."""
    started = perf_counter()
    forget_peak()
    state = State(job.out)
    ours = state.is_ours(job.key)
    state.begin(job.key)
    known = state.read(job.key)
    signed = known.signed_off if known is not None else {}
    try:
        record = _worked_on(job, ours, signed)
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        record = failed(job, ErrorKind.CRASHED, "The file needs more memory than there was for it.")
    except BaseException as error:  # noqa: BLE001  a panic of the reader's Rust is no Exception, and no client may stop another
        reason = f"The program met an error it did not expect; {TRACES} says where."
        record = replace(failed(job, ErrorKind.CRASHED, reason), trace=trace_of(error))
    peak = peak_mib()
    state.write(job.key, replace(record, seconds=round(perf_counter() - started, 3), peak_mib=peak))
    return Outcome(job.number, record.status.is_error, peak)


def failed(job: Job, kind: ErrorKind, reason: str) -> ClientRecord:
    """The record of a client without output."""
    return ClientRecord(
        file=job.name,
        folder=job.folder,
        status=Status.ERROR,
        made=Made.FAILED,
        error_kind=kind,
        reason=without_persons(reason.replace(str(job.path), job.name).replace(str(job.out), "the output"), None),
    )


def in_place(job: Job, record: ClientRecord, files: Mapping[str, bytes]) -> ClientRecord:
    """Put what was made of a client elsewhere into its place in the output, and keep the record."""
    state, folder = State(job.out), job.out / job.folder
    ours = state.is_ours(job.key)
    state.begin(job.key)
    try:
        if files and job.options.what is What.HANDOFF:
            folder.parent.mkdir(parents=True, exist_ok=True)
            put_received(folder, job.path, files)
        elif files:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                write_whole(folder / name, content, overwrite=ours)
    except (CapgainError, OSError) as refusal:
        told = failed(job, ErrorKind.REFUSED, _said(refusal))
        record = replace(
            told, name=record.name, sha256=record.sha256, made_from=record.made_from, signed_off=record.signed_off
        )
    state.write(job.key, record)
    return record


def _worked_on(job: Job, ours: bool, signed: Mapping[int, SignedOff]) -> ClientRecord:
    try:
        source = job.options.request(job.path).read(job.options.as_of)
    except UnreadableFile as refusal:
        record = failed(job, ErrorKind.UNREADABLE, str(refusal))
        if isinstance(refusal, NoLedgerSheet):
            record = replace(record, status=Status.NO_LEDGER)
        return _settled(record, job)
    except CapgainError as refusal:
        return failed(job, ErrorKind.REFUSED, str(refusal))
    except OSError as refusal:
        return failed(job, ErrorKind.UNREADABLE, f"{job.name} cannot be read: {refusal.strerror or refusal}.")
    try:
        try:
            return _computed(job, source, ours, signed)
        except InvalidLedger as refusal:
            record = _refused(job, source, refusal.problems)
            is_ledger = record.error_kind is ErrorKind.REFUSED
            return _with_draft(record, job, source, refusal.problems, ours) if is_ledger else record
    except UnknownYear as refusal:
        return _of_source(failed(job, ErrorKind.REFUSED, str(refusal)), job, source)
    except (CapgainError, OSError) as refusal:
        return replace(_of_source(failed(job, ErrorKind.REFUSED, _said(refusal)), job, source), settled=False)


def _said(refusal: CapgainError | OSError) -> str:
    return f"{refusal.strerror or refusal}" if isinstance(refusal, OSError) else str(refusal)


def _settled(record: ClientRecord, job: Job) -> ClientRecord:
    """A file that cannot be read is not tried again as long as it is the same."""
    found = sha256_of(job.path)
    if not found:
        return record
    return replace(record, sha256=found, made_from=job.options.made_from(found, version("capgain")), settled=True)


def _of_source(record: ClientRecord, job: Job, source: LedgerFile) -> ClientRecord:
    return replace(
        record,
        name=source.ledger.settings.name,
        sha256=source.sha256,
        made_from=job.options.made_from(source.sha256, version("capgain")),
        settled=True,
    )


def _refused(job: Job, source: LedgerFile, problems: tuple[Problem, ...]) -> ClientRecord:
    settings = source.ledger.settings
    found = tuple(finding_of(problem, settings) for problem in problems)
    no_ledger = any(one.severity == "error" and one.code in NOT_A_LEDGER for one in found)
    kind = ErrorKind.UNREADABLE if no_ledger else ErrorKind.REFUSED
    return _of_source(replace(failed(job, kind, ""), findings=found), job, source)


def _with_draft(
    record: ClientRecord, job: Job, source: LedgerFile, problems: tuple[Problem, ...], ours: bool
) -> ClientRecord:
    """The record of a ledger with errors, with what is to be fixed in its place in the output where that is asked."""
    options, folder = job.options, job.out / job.folder
    if not options.draft or options.what is What.COMPUTE:
        return record
    main = folder / MAIN_FILES[options.what]
    folder.parent.mkdir(parents=True, exist_ok=True)
    if options.what is What.REPORT:
        folder.mkdir(exist_ok=True)
        write_book(draft_book(TaxReport(source.ledger, {}, (), (), (), problems), source), main, overwrite=ours)
        return replace(record, main_file=main.name)
    made = handoff_of(source, folder, year=options.year, forms=options.forms, draft=True, today=options.as_of)
    proof = sha256_of(folder / MANIFEST)
    return replace(record, main_file=main.name, proof=proof, questions_open=made.questions_open)


def _computed(job: Job, source: LedgerFile, ours: bool, signed: Mapping[int, SignedOff]) -> ClientRecord:
    options = job.options
    request = options.request(job.path)
    folder = job.out / job.folder
    main = folder / MAIN_FILES[options.what]
    year: int | None
    checks: int | None = None
    checks_failed: int | None = None
    questions_open: int | None = None
    proof = ""
    match options.what:
        case What.COMPUTE:
            report, year = _of_one_year(request, source)
            folder.mkdir(parents=True, exist_ok=True)
            with whole_file(main, overwrite=ours) as file:
                for part in document_parts(report, request.single_year):
                    file.write(part.encode("utf-8"))
        case What.REPORT:
            report, year = _of_one_year(request, source)
            folder.mkdir(parents=True, exist_ok=True)
            write_book(report_book(report, source, request.year_shown(report)), main, overwrite=ours)
        case What.HANDOFF:
            folder.parent.mkdir(parents=True, exist_ok=True)
            signed = signed_off(folder, signed)
            made = handoff_of(source, folder, year=options.year, forms=options.forms, today=options.as_of)
            report, year = made.report, made.year
            checks, checks_failed, questions_open = made.checks, made.checks_failed, made.questions_open
            proof = sha256_of(folder / MANIFEST)
        case _:
            assert_never(options.what)
    record = _figured(job, source, report, year, signed)
    over = options.is_over(year)
    signature = signature_in(main) if options.what is not What.COMPUTE else ()
    if year is not None and not over:
        status = Status.YEAR_NOT_OVER
    else:
        status = Status.READY if report.filing_ready and not checks_failed else Status.NOT_READY
    return replace(
        record,
        status=status,
        checks=checks,
        checks_failed=checks_failed,
        questions_open=questions_open,
        reviewed_by=next(iter(signature), ""),
        main_file=main.name,
        proof=proof,
        year_over=over,
        signed_off=with_signature(signed, year, signature) if year is not None else signed,
    )


def _of_one_year(request: LedgerRequest, source: LedgerFile) -> tuple[TaxReport, int | None]:
    report = request.compute(source)
    if report.has_errors:
        raise InvalidLedger(report.problems)
    return report, year_of(report, request.single_year)


def _figured(
    job: Job, source: LedgerFile, report: TaxReport, year: int | None, signed: Mapping[int, SignedOff]
) -> ClientRecord:
    """What the index says of a client whose ledger gives numbers."""
    settings = source.ledger.settings
    found = None if year is None else report.years.get(year)
    drift = [*drift_from_filed(report, year or 0), *drift_from_signed(report, signed)]
    record = ClientRecord(
        file=job.name,
        folder=job.folder,
        status=Status.NOT_READY,
        made=Made.MADE,
        year=year,
        filing_status=None if found is None else found.status.value,
        amounts={} if found is None else amounts_of(report, found),
        findings=tuple(finding_of(problem, settings) for problem in report.problems),
        drift=tuple(drift),
    )
    return _of_source(record, job, source)


def is_unchanged(
    record: ClientRecord, job_folder: str, out: Path, options: BatchOptions, ledger_sha256: str, version: str
) -> bool:
    """Whether the work that a record tells of is the work that would be done now."""
    if not record.settled or record.folder != job_folder or record.status is Status.GONE:
        return False
    if record.made_from != options.made_from(ledger_sha256, version):
        return False
    if record.status.is_error and not record.main_file:
        return True
    main = out / record.folder / MAIN_FILES[options.what]
    if not main.is_file() or options.is_over(record.year) != record.year_over:
        return False
    return not record.proof or sha256_of(main.with_name(MANIFEST)) == record.proof


def sha256_of(path: Path) -> str:
    """The hash of a file in hexadecimal; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def trace_of(error: BaseException) -> str:
    """Where an error arose: functions and lines of the program, its kind, and nothing it says."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([f"UNEXPECTED {type(error).__name__}", *lines])
