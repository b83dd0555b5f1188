"""All import files of a year, and the text that states what each of them can and cannot say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.forms.form_8949 import Form8949, printed_together
from capgain.engine.money import ZERO, dollars
from capgain.workbook.handoff.tax_software.capital_gains_csv import capital_gains_csv
from capgain.workbook.handoff.tax_software.dispositions_csv import dispositions_csv
from capgain.workbook.handoff.tax_software.drake import drake
from capgain.workbook.handoff.tax_software.export_file import ImportFile, Owners
from capgain.workbook.handoff.tax_software.form_8949_csv import form_8949_csv
from capgain.workbook.handoff.tax_software.olt import olt
from capgain.workbook.handoff.tax_software.open_tax_solver import open_tax_solver
from capgain.workbook.handoff.tax_software.taxact import taxact
from capgain.workbook.handoff.tax_software.turbotax_online_crypto import turbotax_online_crypto
from capgain.workbook.handoff.tax_software.txf import txf
from capgain.workbook.report.printed_rows import PrintedRow, amounts, printed_row, summarised
from capgain.workbook.written.words import counted

ALONE = Owners()
LIMITS_FILE = "READ ME FIRST.txt"


def every_row(
    form: Form8949, ids: Mapping[int, str], withheld: Mapping[int, Decimal], losses_not_allowed: Collection[int]
) -> tuple[PrintedRow, ...]:
    """Each disposition of the year, with cents, those that Exception 1 keeps off Form 8949 among them: whether to use
    the exception is for the program that imports them to say. `withheld` is tax by the identity of a disposition,
    `losses_not_allowed` are identities too.
    """
    order = [row for box in form.year.form_8949.boxes for row in form.rows(box)]
    direct = [row for term in Term for row in form.direct_rows(term)]
    boxes = list(form.year.form_8949.boxes)
    found = sorted([*order, *direct], key=lambda row: (boxes.index(row.box), row.sold, row.row))
    return tuple(
        replace(
            printed_row(*rows, transaction_id=ids.get(rows[0].row, "")),
            withheld=sum((withheld.get(id(row), ZERO) for row in rows), ZERO),
            loss_not_allowed=any(id(row) in losses_not_allowed for row in rows),
        )
        for rows in printed_together(found)
    )


def import_files(
    rows: Sequence[PrintedRow], year: int, made_on: date, owners: Owners = ALONE
) -> tuple[ImportFile, ...]:
    """A year's files for tax software; () where there is nothing to import."""
    if not rows:
        return ()
    crypto = turbotax_online_crypto(rows, year)
    return (
        *((crypto,) if crypto is not None else ()),
        taxact(rows, year, owners),
        drake(rows, year, owners),
        olt(rows, year, owners),
        *open_tax_solver(rows, year),
        dispositions_csv(rows, year, owners),
        capital_gains_csv(rows, year),
        txf(rows, year, made_on),
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
    return "\n".join([*lines, *_without_import(files, year)])


def _without_import(files: Sequence[ImportFile], year: int) -> Iterator[str]:
    """What to type where a program has no import that is known: totals by box, with code M and statements attached."""
    rows = max((file.rows for file in files), key=len, default=())
    yield "ProSeries, and boxes G to L in TurboTax desktop: no file"
    yield "  Enter one summary for each broker and box with code M, and attach the statement (PDF) to the return:"
    for row in summarised(rows)[0]:
        amounts_shown = ", ".join(
            f"{name} {dollars(amount)}"
            for name, amount in zip(
                ("proceeds", "basis", "adjustment", "gain or loss"), amounts(row).values(), strict=True
            )
        )
        code = f", code {row.codes}" if row.codes else ""
        lots = counted(len(row.behind), "lot")
        yield f"  Box {row.box}, {row.account or 'no account named'}: {amounts_shown}{code} ({lots})"
    yield ""
    yield "GoSystem, FreeTaxUSA, H&R Block, TaxSlayer: no file"
    yield "  They publish no layout, or want the vendor's own workbook. Use the totals above with the statement, or"
    yield f"  form-8949-{year}.csv. H&R Block takes 2,000 rows on the desktop and 500 online."
    yield ""
