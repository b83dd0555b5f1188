"""All import files of a year, and the text that states what each of them can and cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from capgain.engine.classes import Term
from capgain.engine.forms.form_8949 import Form8949, printed_together
from capgain.engine.money import dollars
from capgain.workbook.handoff.tax_software.drake import drake
from capgain.workbook.handoff.tax_software.export_file import ImportFile
from capgain.workbook.handoff.tax_software.form_8949_csv import form_8949_csv
from capgain.workbook.handoff.tax_software.taxact import taxact
from capgain.workbook.handoff.tax_software.txf import txf
from capgain.workbook.report.printed_rows import PrintedRow, amounts, printed_row

LIMITS_FILE = "READ ME FIRST.txt"


def every_row(form: Form8949, ids: Mapping[int, str]) -> tuple[PrintedRow, ...]:
    """Each disposition of the year, with cents, those that Exception 1 keeps off Form 8949 among them: whether to use
    the exception is for the program that imports them to say."""
    order = [row for box in form.year.form_8949.boxes for row in form.rows(box)]
    direct = [row for term in Term for row in form.direct_rows(term)]
    boxes = list(form.year.form_8949.boxes)
    found = sorted([*order, *direct], key=lambda row: (boxes.index(row.box), row.sold, row.row))
    return tuple(printed_row(*rows, transaction_id=ids.get(rows[0].row, "")) for rows in printed_together(found))


def import_files(
    rows: Sequence[PrintedRow], year: int, made_on: date, spouse_accounts: frozenset[str] = frozenset()
) -> tuple[ImportFile, ...]:
    """A year's files for tax software; () where there is nothing to import."""
    if not rows:
        return ()
    return (
        txf(rows, year, made_on),
        taxact(rows, year),
        drake(rows, year, spouse_accounts),
        form_8949_csv(rows, year),
    )


def limits_text(files: Sequence[ImportFile], year: int) -> str:
    """What each file is for, what it cannot say, and the rows that are not in it."""
    lines = [
        f"Files for tax software, tax year {year}",
        "",
        "Import one of them, never two: each holds the year's sales. Then compare the program's Schedule D with the",
        "one in workpapers.xlsx, line by line.",
        "",
    ]
    for file in files:
        lines += [file.name, f"  For: {file.program}", f"  Rows: {len(file.rows):,}"]
        lines += [f"  - {limit}" for limit in file.limits]
        for left_out in file.left_out:
            totals = left_out.totals
            shown = [dollars(amount) for amount in amounts(totals).values()]
            lines += [
                f"  NOT IN THIS FILE: {totals.rows:,} row(s) of box {', '.join(left_out.boxes)}: proceeds {shown[0]}, "
                f"basis {shown[1]}, adjustment {shown[2]}, gain or loss {shown[3]}.",
                f"    Why: {left_out.why}. Enter them by hand or from form-8949-{year}.csv.",
            ]
        for statement in file.statements:
            lines.append(
                f"  ATTACH: statement of {statement.account or 'no account named'}, box {statement.box}, "
                f"{statement.totals.rows:,} rows (statements-{year}.pdf)."
            )
        lines.append("")
    return "\n".join(lines)
