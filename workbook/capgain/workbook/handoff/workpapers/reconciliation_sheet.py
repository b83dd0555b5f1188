"""The sheet `1099 Reconciliation`: each broker's form against Form 8949, with formulas, causes, and what is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.forms.form_8949 import Totals
from capgain.engine.money import ZERO, dollars
from capgain.engine.report import YearReport
from capgain.workbook.handoff.reconciliation.reconcile import Comparison, Reconciled, Reconciliation, Unmatched
from capgain.workbook.handoff.reconciliation.sales import Column as Figure
from capgain.workbook.handoff.workpapers.sums_over_gains import SumsOverGains
from capgain.workbook.report.checks import FAIL, PASS, RESULT
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import TICK, tick_choices
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import (
    BAD,
    CENTER,
    GOOD,
    HEADING,
    MONEY,
    NOTICE,
    SUBTITLE,
    WRAP,
    Cell,
    ConditionalFormat,
    Formula,
    Row,
    Sheet,
    fitted_heights,
    link_to,
)

NAME = "1099 Reconciliation"
HEADINGS = (
    "Broker",
    "Form",
    "Box",
    "Asset",
    "Figure",
    "Form 1099",
    "Form 8949",
    "Difference",
    "Class",
    "Explained",
    "Open",
    "Result",
    "Explanation",
    "Ledger rows",
    "Tick mark",
)
WIDTHS = (16, 9, 6, 10, 10, 15, 15, 14, 18, 14, 14, 8, 70, 13, 7)
FIRST_ROW = 2
MOST_ROWS_NAMED = 12
_HEADING_OF = {Figure.PROCEEDS: "Proceeds", Figure.BASIS: "Basis", Figure.WASH: "Wash disallowed"}


@dataclass(frozen=True, slots=True)
class ReconciliationSheet:
    """The sheet; `result_cells` is the range of PASS and FAIL, "" where nothing was compared; `failed` counts FAIL."""

    sheet: Sheet
    result_cells: str
    count: int
    failed: int


def reconciliation_sheet(
    papers: Workpapers, year: YearReport, sums: SumsOverGains, result: Reconciliation | None
) -> ReconciliationSheet:
    """Lay out a reconciliation. `result` None: the user's workbook has no sheet `1099`."""
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in HEADINGS)]
    last = 1
    failed = 0
    if result is not None:
        for one in result.reconciled:
            for comparison in one.comparisons:
                rows.append(_compared(papers, one, comparison, sums, len(rows) + 1))
                failed += not (comparison.is_settled and one.accounts)
        for group in result.unmatched:
            rows.append(_unmatched(papers, group, sums, len(rows) + 1))
            failed += 1
        last = len(rows)
    else:
        rows.append(
            (
                Cell(
                    "Nothing was compared: the workbook has no sheet `1099` with what the brokers reported "
                    "(Broker, Form, Box, Asset or total, Proceeds, Basis, Wash, Reported).",
                    NOTICE,
                ),
            )
        )
    rows += [(), (Cell("Form 8949 by account and box, to agree to each broker's summary page", SUBTITLE),)]
    rows += list(_by_account(year, sums))
    compared = last >= FIRST_ROW
    sheet = list_sheet(
        papers,
        NAME,
        "Form 1099 reconciliation",
        rows,
        WIDTHS,
        heights={**fitted_heights(rows, WIDTHS), 1: 32},
        tab="C00000" if failed else "00B050" if compared else "7F7F7F",
        autofilter=f"A1:O{last}" if compared else "",
        protected=True,
        conditional_formats=(
            ConditionalFormat(f"L{FIRST_ROW}:L{last}", f'"{PASS}"', GOOD),
            ConditionalFormat(f"L{FIRST_ROW}:L{last}", f'"{FAIL}"', BAD),
        )
        if compared
        else (),
        validations=(tick_choices(f"O{FIRST_ROW}:O{last}"),) if compared else (),
    )
    return ReconciliationSheet(sheet, f"$L${FIRST_ROW}:$L${last}" if compared else "", last - 1, failed)


def _compared(papers: Workpapers, one: Reconciled, comparison: Comparison, sums: SumsOverGains, number: int) -> Row:
    form = one.form
    explained = sum((cause.amount for cause in comparison.explained), ZERO)
    names = list(dict.fromkeys(cause.name for cause in comparison.explained))
    why = "; ".join(f"{cause.name} {dollars(cause.amount)}: {cause.text}" for cause in comparison.explained)
    settled = comparison.is_settled and bool(one.accounts)
    if not one.accounts:
        names = ["unknown broker"]
        why = f"No account with dispositions is named {form.broker!r}, nor begins with it."
    elif comparison.open:
        names.append("unexplained" if one.rows else "missing row")
        why = " ".join(part for part in (why, comparison.hint) if part)
    elif not comparison.difference:
        why = "agrees"
    is_tested = settled or bool(comparison.open)
    return (
        Cell(form.broker),
        Cell(form.form),
        Cell(form.boxes if len(form.boxes) == 1 else "/".join(form.boxes), CENTER),
        Cell(form.asset or "total"),
        Cell(comparison.column.value),
        Cell(comparison.broker, MONEY) if comparison.broker is not None else Cell("blank", CENTER),
        sums.cell(_HEADING_OF[comparison.column], one.rows, comparison.ours, form.asset),
        *_difference(number, comparison.difference, ", ".join(names), explained),
        Cell(Formula(f'=IF(ABS(K{number})<0.005,"{PASS}","{FAIL}")', PASS if settled else FAIL), RESULT)
        if is_tested
        else Cell(FAIL, RESULT),
        Cell(why, WRAP),
        _rows_cell(papers, tuple(dict.fromkeys(row for cause in comparison.explained for row in cause.rows))),
        Cell(None, TICK),
    )


def _unmatched(papers: Workpapers, group: Unmatched, sums: SumsOverGains, number: int) -> Row:
    totals = Totals.of(group.rows)
    return (
        Cell(group.account or "no account named"),
        None,
        Cell(group.box, CENTER),
        Cell("total"),
        Cell("Proceeds"),
        Cell("no row", CENTER),
        sums.cell("Proceeds", group.rows, totals.proceeds),
        *_difference(number, -totals.proceeds, "missing row", ZERO),
        Cell(FAIL, RESULT),
        Cell(
            f"{totals.rows} row(s) stand in box {group.box}, for sales a broker reported, but sheet 1099 has no row "
            "for them: enter the form, or set Reported to none.",
            WRAP,
        ),
        _rows_cell(papers, tuple(dict.fromkeys(row.row for row in group.rows))),
        Cell(None, TICK),
    )


def _difference(number: int, difference: Decimal, names: str, explained: Decimal) -> Row:
    """The broker's figure less ours, its classes, what they explain, and what is open."""
    return (
        Cell(Formula(f"=ROUND(SUM(F{number})-G{number},2)", difference), MONEY),
        Cell(names),
        Cell(explained, MONEY),
        Cell(Formula(f"=ROUND(H{number}-J{number},2)", difference - explained), MONEY),
    )


def _rows_cell(papers: Workpapers, rows: Sequence[int]) -> Cell | None:
    if not rows:
        return None
    if len(rows) == 1:
        return papers.ledger_link(rows[0])
    shown = ", ".join(map(str, rows[:MOST_ROWS_NAMED])) + (" …" if len(rows) > MOST_ROWS_NAMED else "")
    return link_to("Ledger", f"A{rows[0]}", shown)


def _by_account(year: YearReport, sums: SumsOverGains) -> Iterator[Row]:
    """Our figures by account and box: what each broker's summary page has to show."""
    headings = ("Account", "", "Box", "Rows", "", "Proceeds", "Basis", "Adjustment", "", "Gain", "Wash")
    yield tuple(Cell(heading or None, HEADING) for heading in headings)
    groups: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(year.dispositions):
        groups.setdefault((row.account, row.box), []).append(place)
    for account, box in sorted(groups):
        rows = [year.dispositions[place] for place in groups[account, box]]
        totals = Totals.of(rows)
        wash = sum((row.wash_disallowed for row in rows), ZERO)

        yield (
            Cell(account or "no account named"),
            None,
            Cell(box, CENTER),
            Cell(totals.rows),
            None,
            sums.cell("Proceeds", rows, totals.proceeds),
            sums.cell("Basis", rows, totals.basis),
            sums.cell("Adjustment", rows, totals.adjustment),
            None,
            sums.cell("Gain", rows, totals.gain),
            sums.cell("Wash disallowed", rows, wash),
        )
