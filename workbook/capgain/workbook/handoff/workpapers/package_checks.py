"""What is checked against what was filed, against statements, brokers' forms and the official PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.report import YearReport
from capgain.workbook.handoff.workpapers.box_sheets import BoxSheet
from capgain.workbook.handoff.workpapers.reconciliation_sheet import ReconciliationSheet
from capgain.workbook.handoff.workpapers.statements import StatementSheet
from capgain.workbook.report.checks import HALF, HALF_A_CENT, Check
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_8949 import GAIN
from capgain.workbook.report.list_checks import block_check
from capgain.workbook.report.printed_rows import PrintedForm, amounts, printed_totals
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import COUNT, Formula, reference

ROUNDED_PAGE = Decimal(2)
"""Dollars by which a total of a page in whole dollars may be off: half a dollar in each of (d), (e) and (g)."""


def earlier_years_filed(papers: Workpapers, year: YearReport) -> Iterator[Check]:
    """What Settings say was filed for earlier years, against what the ledger gives for them today."""
    settings = papers.report.ledger.settings
    for earlier, about in papers.report.years.items():
        if earlier >= year.year or about.schedule_d is None:
            continue
        worksheet = about.carryover_worksheet
        stated = (
            ("net short-term gain or loss", settings.filed_short, about.schedule_d.line_7, "Filed Short"),
            ("net long-term gain or loss", settings.filed_long, about.schedule_d.line_15, "Filed Long"),
            (
                "short-term loss carried out",
                settings.filed_carryover_short,
                worksheet.short if worksheet else None,
                "Filed Carryover Short",
            ),
            (
                "long-term loss carried out",
                settings.filed_carryover_long,
                worksheet.long if worksheet else None,
                "Filed Carryover Long",
            ),
        )
        for what, filed, amount, name in stated:
            was_filed = filed.years.get(earlier)
            if was_filed is not None and amount is not None:
                yield Check(
                    str(earlier), f"As filed: {what} (Settings: {name} {earlier}) is the ledger's", amount, was_filed
                )


def statement_checks(
    year: YearReport, statements: Iterable[StatementSheet], boxes: Mapping[str, BoxSheet]
) -> Iterator[Check]:
    """A row that stands for a statement shows the statement's totals."""
    for one in statements:
        statement = one.statement
        row = boxes[statement.box].rows[id(statement.rows[0].behind[0])]
        yield Check(
            str(year.year),
            f"Statement of {statement.account} to box {statement.box}: its gain is that of the row on Form 8949",
            Formula(f"={reference(boxes[statement.box].sheet.name, f'{GAIN}{row}')}", statement.totals.gain),
            one.totals()["h"],
            (one.name, "A1"),
        )


def reconciliation_checks(year: YearReport, compared: ReconciliationSheet) -> Iterator[Check]:
    """Every figure of the brokers' forms agrees or is explained."""
    if compared.by_account:
        words = f"{compared.sheet.name}: Form 8949 by account and box adds up to the engine's"
        yield from block_check(str(year.year), words, compared.sheet, compared.by_account)
    if not compared.result_cells:
        return
    cells = reference(compared.sheet.name, compared.result_cells)
    passed = Decimal(compared.count - compared.failed)
    yield Check(
        str(year.year),
        "Forms 1099: every figure agrees with Form 8949, or its difference is explained",
        Formula(f'=COUNTIF({cells},"PASS")', passed),
        Formula(f"=ROWS({cells})", Decimal(compared.count)),
        (compared.sheet.name, "A1"),
        COUNT,
        HALF,
    )


def official_8949_checks(
    year: int,
    form: ScheduleD,
    printed: PrintedForm,
    filed: Mapping[str, Mapping[str, Decimal]],
    boxes: Mapping[str, BoxSheet],
) -> Iterator[Check]:
    """The pages of the filled official Form 8949, read back and added up, against the sheet of each box."""
    for box, totals in filed.items():
        one = boxes[box]
        expected = amounts(printed_totals(printed.rows[box], in_whole_dollars=False))
        pages = sum(page.box == box for page in printed.pages)
        for column, amount in totals.items():
            cell = f"{column.upper()}{one.total}"
            yield Check(
                str(year),
                f"Official Form 8949 (PDF, read back) box {box}, column ({column}): its pages add up to this workbook",
                amount,
                Formula(f"={reference(one.sheet.name, cell)}", expected[column]),
                (one.sheet.name, cell),
                tolerance=ROUNDED_PAGE * pages if form.in_whole_dollars else HALF_A_CENT,
            )


def official_checks(year: int, form: ScheduleD, filed: Mapping[str, Decimal], schedule_d: str) -> Iterator[Check]:
    """What the filled official Schedule D says, read back, against the sheet."""
    for line, amount in filed.items():
        value = getattr(form, f"line_{line}")
        expected = value.gain if isinstance(value, Totals) else value
        cell = line_cell(line)
        yield Check(
            str(year),
            f"Official Schedule D (PDF, read back) line {line}: the amount of this workbook",
            amount,
            Formula(f"=SUM({reference(schedule_d, cell)})", expected),
            (schedule_d, cell),
        )
