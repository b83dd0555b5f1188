"""Refresh: the report written into the open workbook, in place and whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from capgain.addin.excel.ribbon.cell_contents import entered
from capgain.addin.excel.ribbon.earlier_sheet import earlier_sheet
from capgain.addin.excel.ribbon.live_ledger import INPUTS, live_ledger
from capgain.addin.excel.ribbon.live_writer import write_sheet
from capgain.addin.excel.ribbon.prices import PRICES, fill_up_prices
from capgain.addin.excel.ribbon.written_sheets import bring_back, by_name, is_ours, keep_previous, mark
from capgain.engine.compute import compute
from capgain.engine.problems import CapgainError
from capgain.engine.report import TaxReport
from capgain.workbook.balances import with_balances_compared
from capgain.workbook.reading import LedgerFile
from capgain.workbook.reading.named_sheets import LEDGER
from capgain.workbook.report import draft_book, report_book
from capgain.workbook.report.kept_entries import Remark, carried
from capgain.workbook.sheets import Cell, Sheet

TO_FIX = "To Fix"
NOT_KEPT = "Not Kept"
MOST_NAMED = 8
"""Lost entries that a message names; the sheet names all."""

Tell = Callable[[str], None]


class SheetInTheWay(CapgainError):
    """A sheet of the person's own has a name that CapGain writes to."""


def refresh(book: Any, tell: Tell) -> None:
    """Compute the ledger and write the report's sheets; with errors, only To Fix. Raises CapgainError."""
    tell("CapGain: reading the ledger")
    source = with_balances_compared(live_ledger(book))
    tell(f"CapGain: matching {len(source.ledger.transactions):,} rows")
    report = compute(source.ledger)
    if report.has_errors:
        show_problems(book, report, source, tell)
        return
    model = report_book(report, source, report.default_year(), copies_ledger=False)
    written = [sheet for sheet in model.sheets if sheet.name not in INPUTS]
    left = by_name(book, TO_FIX)
    if left is not None and is_ours(left) and TO_FIX not in {sheet.name for sheet in written}:
        written.append(Sheet(name=TO_FIX, rows=[[Cell("Nothing is left to fix.")]]))
    write_book_into(book, written, tell, source.date_1904, names=model.names)
    prices = [sheet for sheet in model.sheets if sheet.name == PRICES]
    fill_up_prices(book, prices, date_1904=source.date_1904)
    book.sheets[model.sheets[0].name].activate()


def check(book: Any, tell: Tell) -> None:
    """Write the sheet To Fix alone: every problem, or that there is none."""
    tell("CapGain: checking the ledger")
    source = with_balances_compared(live_ledger(book))
    report = compute(source.ledger)
    if not report.problems:
        book.app.alert("The ledger has no problems.", title="CapGain")
        return
    show_problems(book, report, source, tell)


def show_problems(book: Any, report: TaxReport, source: LedgerFile, tell: Tell) -> None:
    """Write To Fix, select the first problem's cell on the ledger, and land on To Fix."""
    draft = draft_book(report, source)
    write_book_into(book, [draft.sheet(TO_FIX)], tell, source.date_1904)
    first = next((problem for problem in report.problems if problem.sheet == LEDGER and problem.row), None)
    if first is not None:
        ledger = book.sheets[LEDGER]
        ledger.activate()
        ledger.range((first.row, _column(source, first.column))).select()
    book.sheets[TO_FIX].activate()


def _column(source: LedgerFile, name: str) -> int:
    """The ledger's column of that name, the first where it has none."""
    wanted = "".join(name.split()).casefold()
    for row in source.raw[0].rows[:20]:
        for place, cell in enumerate(row, start=source.raw[0].first_column):
            if wanted and "".join(str(cell).split()).casefold() == wanted:
                return place
    return source.raw[0].first_column


def write_book_into(
    book: Any, sheets: Sequence[Sheet], tell: Tell, date_1904: bool, *, names: Mapping[str, str] | None = None
) -> None:
    """Write the sheets in place, with what people had added to them, and define the names that they use.

    Whatever goes wrong, the workbook is left as it was. Raises SheetInTheWay.
    """
    for sheet in sheets:
        known = by_name(book, sheet.name)
        if known is not None and not is_ours(known):
            raise SheetInTheWay(
                f"The sheet {sheet.name!r} is yours and CapGain would write over it. Rename it and try again."
            )
    kept: list[Sheet] = []
    remarks: list[Remark] = []
    for sheet in sheets:
        target = by_name(book, sheet.name)
        with_entries, said = carried(sheet, earlier_sheet(target, sheet)) if target is not None else (sheet, ())
        kept.append(with_entries)
        remarks += said
    _write(book, sheets, kept, tell, date_1904, names or {})
    if remarks:
        _tell_of(book, remarks)


def _write(
    book: Any,
    sheets: Sequence[Sheet],
    kept: Sequence[Sheet],
    tell: Tell,
    date_1904: bool,
    names: Mapping[str, str],
) -> None:
    app = book.app
    active = book.sheets.active
    app.screen_updating = False
    added: list[Any] = []
    changed: list[Any] = []
    try:
        for place, (sheet, with_entries) in enumerate(zip(sheets, kept, strict=True), start=1):
            tell(f"CapGain: writing {sheet.name} ({place} of {len(sheets)})")
            target = by_name(book, sheet.name)
            if target is None:
                target = book.sheets.add(sheet.name, after=book.sheets[-1])
                added.append(target)
            else:
                keep_previous(book, target)
                changed.append(target)
            write_sheet(target, with_entries, date_1904=date_1904)
            mark(target, (sheet.height, sheet.width))
        for name, cells in names.items():
            book.names.add(name, cells)
    except BaseException:
        for target in changed:
            bring_back(book, target)
        for target in added:
            target.delete()
        active.activate()
        raise
    finally:
        app.screen_updating = True


def _tell_of(book: Any, remarks: Sequence[Remark]) -> None:
    """Say which entries found no row any more, and list them on a sheet that stays until the person deletes it."""
    lost = [remark for remark in remarks if remark.is_lost]
    said = [str(remark) for remark in lost[:MOST_NAMED]]
    if lost:
        block = [[remark.sheet, remark.cell, remark.words] for remark in lost]
        listed = by_name(book, NOT_KEPT)
        if listed is None:
            listed = book.sheets.add(NOT_KEPT, after=book.sheets[-1])
            block.insert(0, ["Sheet", "Cell", "What was entered there, at a row that is not there any more"])
            first = 1
        else:
            first = listed.used_range.last_cell.row + 1
        cells = listed.range((first, 1), (first + len(block) - 1, len(block[0])))
        cells.formula = [[entered(Cell(text)) for text in row] for row in block]
        said.append(f"{len(lost)} in all: see the sheet {NOT_KEPT}.")
    questioned = len(remarks) - len(lost)
    if questioned:
        said.append(f"Marks that got a question mark, because the figures of their rows changed: {questioned}.")
    book.app.alert("\n".join(said), title="CapGain")


def restore_previous(book: Any, tell: Tell) -> None:
    """Bring back every sheet as it was before the last Refresh."""
    tell("CapGain: bringing the sheets back")
    restored = [sheet.name for sheet in list(book.sheets) if is_ours(sheet) and bring_back(book, sheet)]
    if not restored:
        book.app.alert("There is no earlier version of a sheet in this workbook.", title="CapGain")
