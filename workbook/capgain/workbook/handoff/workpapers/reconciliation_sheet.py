"""The sheet `1099 Reconciliation`: each row of sheet 1099 against Form 8949, in formulas, with causes and open ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.broker_rows import BrokerRow
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.money import ZERO
from capgain.engine.report import YearReport
from capgain.workbook.handoff.reconciliation.reconcile import Line, Reconciled, Reconciliation, Unmatched
from capgain.workbook.handoff.workpapers.sums_over_gains import SumsOverGains
from capgain.workbook.reading.form_1099 import columns_of
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.report.checks import FAIL, PASS, RESULT
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import TICK, tick_choices
from capgain.workbook.report.listing import list_sheet, of_nothing
from capgain.workbook.sheets import (
    BAD,
    CENTER,
    GOOD,
    HEADING,
    MONEY,
    NOTICE,
    SUBTITLE,
    WRAP,
    WRAP_BESIDE,
    Cell,
    ConditionalFormat,
    Formula,
    Row,
    Sheet,
    at_top,
    column_letter,
    fitted_heights,
    link_to,
    reference,
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
WIDTHS = (13, 8, 6, 9, 15, 13, 13, 12, 17, 12, 12, 8, 46, 9, 6)
ON_ONE_LINE = NOTICE.but("CapGain Notice On One Line", wrap=False)
FIRST_ROW = 2
MOST_ROWS_NAMED = 12
_COLUMN_OF = {"Proceeds": "Proceeds", "Basis": "Basis", "Wash": "Wash"}
"""Columns of sheet 1099 by the figure."""


@dataclass(frozen=True, slots=True)
class ReconciliationSheet:
    """The sheet; `result_cells` is the range of PASS and FAIL, "" where nothing was compared; `failed` counts FAIL.

    `by_account` has the numbers of Form 8949 by account and box, "" where there are none.
    """

    sheet: Sheet
    result_cells: str
    count: int
    failed: int
    by_account: str = ""


def reconciliation_sheet(
    papers: Workpapers,
    year: YearReport,
    sums: SumsOverGains,
    result: Reconciliation | None,
    raw: RawSheet | None = None,
) -> ReconciliationSheet:
    """Lay out a reconciliation. `result` None: there is no sheet `1099`; `raw` is that sheet as read, to link to."""
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in HEADINGS)]
    last = 1
    failed = 0
    if result is not None:
        cells = FormCells(raw)
        for one in result.reconciled:
            for line in one.lines:
                rows.append(_from_the_top(_compared(papers, one, line, sums, cells, len(rows) + 1)))
                failed += not line.is_settled
        for group in result.unmatched:
            rows.append(_from_the_top(_unmatched(papers, group, sums, len(rows) + 1)))
            failed += 1
        last = len(rows)
        if result.other_years:
            what = "row of a sale" if result.other_years == 1 else "rows of sales"
            rows.append(
                (Cell(f"{result.other_years} {what} in other years on sheet 1099 drive nothing here.", ON_ONE_LINE),)
            )
    else:
        rows.append(
            (
                Cell(
                    "Nothing was compared: the workbook has no sheet `1099` with what the brokers reported "
                    "(Broker, Form, Box, Asset, Quantity, Acquired, Sold, Proceeds, Basis, Wash, Term, Reported).",
                    ON_ONE_LINE,
                ),
            )
        )
    rows += [(), (Cell("Form 8949 by account and box, to agree to each broker's summary page", SUBTITLE),)]
    first = len(rows) + 2
    rows += list(_by_account(year, sums))
    compared = last >= FIRST_ROW
    ticked = [(FIRST_ROW, last)] if compared else []
    ticked += [(first, len(rows))] if len(rows) >= first else []
    sheet = list_sheet(
        papers,
        NAME,
        "Form 1099 reconciliation",
        rows,
        WIDTHS,
        heights={**fitted_heights(rows, WIDTHS), 1: 32},
        repeated=5,
        tab="C00000" if failed else "00B050" if compared else "7F7F7F",
        autofilter=f"A1:O{last}" if compared else "",
        protected=True,
        conditional_formats=(
            ConditionalFormat(f"L{FIRST_ROW}:L{last}", f'"{PASS}"', GOOD),
            ConditionalFormat(f"L{FIRST_ROW}:L{last}", f'"{FAIL}"', BAD),
        )
        if compared
        else (),
        validations=tuple(tick_choices(f"O{top}:O{bottom}") for top, bottom in ticked),
    )
    if not compared:
        sheet = replace(sheet, page=of_nothing(sheet.page, WIDTHS, len(rows)))
    results = f"$L${FIRST_ROW}:$L${last}" if compared else ""
    by_account = f"D{first}:K{len(rows)}" if len(rows) >= first else ""
    return ReconciliationSheet(sheet, results, last - 1, failed, by_account)


def _from_the_top(row: Row) -> Row:
    return tuple(cell and Cell(cell.content, at_top(cell.style)) for cell in row)


class FormCells:
    """Where the figures of a form stand on the sheet 1099 of this workbook."""

    def __init__(self, raw: RawSheet | None) -> None:
        self._raw = raw
        self._columns: Mapping[str, int] = {} if raw is None else columns_of(raw)

    def cell(self, figure: str, forms: Sequence[BrokerRow], amount: Decimal) -> Cell:
        """The figure as a formula on its cells; as a value where one of them holds no number."""
        place = self._columns.get(_COLUMN_OF.get(figure, ""))
        if self._raw is None or place is None or not all(self._is_number(form.row, place) for form in forms):
            return Cell(amount, MONEY)
        letter = column_letter(place + 1)
        text = "+".join(reference(FORM_1099, f"{letter}{form.row}") for form in forms)
        return Cell(Formula(f"={text}", amount), MONEY)

    def _is_number(self, row: int, place: int) -> bool:
        assert self._raw is not None
        cells = self._raw.rows[row - self._raw.first_row]
        value = cells[place] if place < len(cells) else None
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _compared(
    papers: Workpapers, one: Reconciled, line: Line, sums: SumsOverGains, cells: FormCells, number: int
) -> Row:
    form = one.form
    in_words = isinstance(line.ours, str)
    shown = [f"row {each.row}" for each in one.forms] if len(one.forms) > 1 else []
    why = " ".join(part for part in (f"Sheet 1099 {', '.join(shown)} together:" if shown else "", line.why) if part)
    return (
        Cell(form.broker),
        Cell(form.form),
        Cell(form.box or form.reported.value, CENTER),
        Cell(form.asset or "total"),
        Cell(line.figure, WRAP),
        _of_form(one, line, sums, cells),
        Cell(line.ours, CENTER) if isinstance(line.ours, str) else _of_ours(one, sums, line.heading, line.ours),
        *(
            (None, Cell(", ".join(line.classes), WRAP_BESIDE), None, None)
            if in_words
            else _difference(number, line.difference, ", ".join(line.classes), line.explained)
        ),
        Cell(
            (PASS if line.is_settled else FAIL)
            if in_words
            else Formula(f'=IF(ABS(K{number})<0.005,"{PASS}","{FAIL}")', PASS if line.is_settled else FAIL),
            RESULT,
        ),
        Cell(why, WRAP),
        _rows_cell(papers, tuple(dict.fromkeys(row.row for row in one.rows))),
        Cell(None, TICK),
    )


def _of_form(one: Reconciled, line: Line, sums: SumsOverGains, cells: FormCells) -> Cell:
    if isinstance(line.broker, str):
        return Cell(line.broker, CENTER)
    if line.broker is None:
        return Cell("blank", CENTER)
    if line.against:
        return _of_ours(one, sums, line.against, line.broker)
    return cells.cell(line.figure, one.forms, line.broker)


def _of_ours(one: Reconciled, sums: SumsOverGains, heading: str, amount: Decimal) -> Cell:
    if not heading:
        return Cell(amount, MONEY)
    if one.form.is_of_a_sale:
        return sums.of_form(heading, one.form.row, one.rows, amount)
    return sums.cell(heading, one.rows, amount, one.form.asset)


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
        Cell(names, WRAP_BESIDE),
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
    headings = (
        *("Account", "", "Box", "Rows", "", "Proceeds", "Basis", "Adjustment", "", "Gain", "Wash"),
        *("", "", "", "Tick mark"),
    )
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
            None,
            None,
            None,
            Cell(None, TICK),
        )
