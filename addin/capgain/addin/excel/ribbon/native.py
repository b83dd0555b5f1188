"""What xlwings' object model cannot say, said to Excel itself: COM on Windows, Apple events on a Mac."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from capgain.engine.problems import CapgainError
from capgain.workbook.sheets import AtLeast, Page, Prompt, Validation, column_letter
from capgain.workbook.written.serials import serial_of

ON_MAC = sys.platform == "darwin"

XL_UNDERLINE_SINGLE = 2
XL_PORTRAIT, XL_LANDSCAPE = 1, 2
XL_PAPER_LETTER = 1
XL_ANY_ENTRY, XL_DECIMALS, XL_DATES = 0, 2, 4
XL_AT_LEAST = 7
XL_ALERT_STOP, XL_ALERT_WARNING = 1, 2


class Refusal(NamedTuple):
    """Excel did not do what it was told: why, in its own words, and whether it was only busy."""

    words: str
    is_busy: bool


_BUSY = frozenset({-2147418111, -2147417846, -2146777998})
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, and 0x800AC472 while a cell is edited or a dialog is open."""


def refusal_of(error: Exception) -> Refusal | None:
    """What a pywin32 or appscript error says; None for any other error."""
    kind = type(error).__name__
    if kind == "com_error":
        code, words, details, *_ = (*error.args, None, None, None)
        said = details[2] if isinstance(details, tuple) and len(details) > 2 and details[2] else words
        return Refusal(f"Excel did not do it: {str(said or error).strip().rstrip('.')}.", code in _BUSY)
    if kind == "CommandError":
        return Refusal(f"Excel did not do it: {str(error).strip().splitlines()[-1].rstrip('.')}.", False)
    return None


class NoFileDialog(CapgainError):
    """Excel shows no dialog to choose files here."""


def chosen_files(app: Any, title: str, kinds: Sequence[str]) -> tuple[Path, ...]:
    """The files that the person chooses in Excel's dialog, none where it was cancelled; `kinds` as `*.csv`.

    Raises NoFileDialog on a Mac, where Excel offers scripts no dialog for several files.
    """
    if ON_MAC:
        raise NoFileDialog(
            "Excel for Mac has no dialog for this. Close the workbook and use the Terminal: capgain import FILE -o BOOK"
        )
    filters = f"Files to import ({'; '.join(kinds)}),{';'.join(kinds)}"
    answered = app.api.GetOpenFilename(FileFilter=filters, Title=title, MultiSelect=True)
    return () if isinstance(answered, bool) else tuple(Path(name) for name in answered)


def underline(cells: Any) -> None:
    if ON_MAC:
        _mac(lambda k: cells.api.font_object.underline.set(k.underline_style_single))
    else:
        cells.api.Font.Underline = XL_UNDERLINE_SINGLE


def unlock(cells: Any) -> None:
    """Leave cells open for entry on a protected sheet."""
    if ON_MAC:
        cells.api.locked.set(False)
    else:
        cells.api.Locked = False


def is_locked(cells: Any) -> bool | None:
    """Whether a protected sheet lets nobody change the cells; None where it is true of some of them only."""
    found = cells.api.locked.get() if ON_MAC else cells.api.Locked
    return found if isinstance(found, bool) else None


def number_format_of(cells: Any) -> str | None:
    """The number format in English; None where the cells have different ones."""
    found = cells.api.number_format.get() if ON_MAC else cells.api.NumberFormat
    return found if isinstance(found, str) else None


def is_struck(cells: Any) -> bool | None:
    """Whether a line goes through the text; None where it does in some of the cells, or a part of one."""
    found = cells.api.font_object.strikethrough.get() if ON_MAC else cells.api.Font.Strikethrough
    return found if isinstance(found, bool) else None


def dynamic_formula(cell: Any, text: str) -> None:
    """Enter a formula of Excel 365 as a person would, without the @ that older ways of entering add."""
    if ON_MAC:
        cell.formula2 = text
    else:
        cell.api.Formula2 = text


def indent(cells: Any, level: int) -> None:
    if ON_MAC:
        cells.api.indent_level.set(level)
    else:
        cells.api.IndentLevel = level


def outline(rows: Any, level: int) -> None:
    """Grouping level of whole rows: 0 for none."""
    if ON_MAC:
        rows.api.outline_level.set(level + 1)
    else:
        rows.api.EntireRow.OutlineLevel = level + 1


def outline_columns(columns: Any, level: int) -> None:
    """Grouping level of whole columns: 0 for none."""
    if ON_MAC:
        columns.api.outline_level.set(level + 1)
    else:
        columns.api.EntireColumn.OutlineLevel = level + 1


def filter_buttons(cells: Any) -> None:
    """Drop-down buttons in the first row of the range."""
    if ON_MAC:
        cells.api.autofilter_range()
    else:
        cells.api.AutoFilter()


def remove_table(table: Any) -> None:
    """Turn a table back into plain cells, which can then be cleared."""
    if ON_MAC:
        table.api.delete()
    else:
        table.api.Unlist()


def freeze(sheet: Any, rows: int, columns: int) -> None:
    """Keep the first rows and columns in view; the sheet has to be the active one."""
    if ON_MAC:
        window = sheet.book.app.api.active_window
        window.freeze_panes.set(False)
        window.split_row.set(rows)
        window.split_column.set(columns)
        window.freeze_panes.set(bool(rows or columns))
        return
    window = sheet.book.app.api.ActiveWindow
    window.FreezePanes = False
    window.SplitRow, window.SplitColumn = rows, columns
    window.FreezePanes = bool(rows or columns)


def protect(sheet: Any) -> None:
    """Lock a sheet without a password: columns and rows may be formatted, sorted and filtered."""
    if ON_MAC:
        sheet.api.protect_worksheet()
        return
    sheet.api.Protect(
        AllowFormattingColumns=True,
        AllowFormattingRows=True,
        AllowSorting=True,
        AllowFiltering=True,
        DrawingObjects=False,
        Scenarios=False,
    )


def unprotect(sheet: Any) -> None:
    """Raises what Excel raises where a person has set a password."""
    if ON_MAC:
        sheet.api.unprotect()
    else:
        sheet.api.Unprotect()


def tab_colour(sheet: Any, colour: str) -> None:
    """RRGGBB."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (0, 2, 4))
    if ON_MAC:
        sheet.api.tab.color.set([red, green, blue])
    else:
        sheet.api.Tab.Color = red + green * 256 + blue * 65536


def zoom(sheet: Any, percent: int) -> None:
    """The sheet has to be the active one."""
    if ON_MAC:
        sheet.book.app.api.active_window.zoom.set(percent)
    else:
        sheet.book.app.api.ActiveWindow.Zoom = percent


def set_page(sheet: Any, page: Page) -> None:
    """Paper, margins, headers, repeated rows and page breaks; the print area is xlwings' own."""
    if ON_MAC:
        _mac(lambda k: _set_page_on_mac(sheet, page, k))
        return
    setup = sheet.api.PageSetup
    setup.PaperSize = XL_PAPER_LETTER
    setup.Orientation = XL_LANDSCAPE if page.landscape else XL_PORTRAIT
    setup.Zoom = False
    setup.FitToPagesWide = page.pages_wide
    setup.FitToPagesTall = page.pages_tall or False
    setup.LeftMargin = setup.RightMargin = 0.4 * 72
    setup.TopMargin, setup.BottomMargin = 0.75 * 72, 0.65 * 72
    setup.LeftHeader, setup.CenterHeader, setup.RightHeader = page.header
    setup.LeftFooter, setup.CenterFooter, setup.RightFooter = page.footer
    setup.PrintTitleRows = f"${page.repeat[0]}:${page.repeat[1]}" if page.repeat else ""
    setup.PrintTitleColumns = _columns_repeated(page)
    sheet.api.ResetAllPageBreaks()
    for row in page.breaks:
        sheet.api.HPageBreaks.Add(sheet.range((row + 1, 1)).api)


def _set_page_on_mac(sheet: Any, page: Page, k: Any) -> None:
    setup = sheet.api.page_setup_object
    setup.page_orientation.set(k.landscape if page.landscape else k.portrait)
    setup.zoom.set(False)
    setup.fit_to_pages_wide.set(page.pages_wide)
    setup.fit_to_pages_tall.set(page.pages_tall or False)
    for side, text in zip(("left", "center", "right"), page.header, strict=True):
        getattr(setup, f"{side}_header").set(text)
    for side, text in zip(("left", "center", "right"), page.footer, strict=True):
        getattr(setup, f"{side}_footer").set(text)
    setup.print_title_rows.set(f"${page.repeat[0]}:${page.repeat[1]}" if page.repeat else "")
    setup.print_title_columns.set(_columns_repeated(page))


def _columns_repeated(page: Page) -> str:
    return f"$A:${column_letter(page.columns_repeated)}" if page.columns_repeated else ""


def describe_validation(cells: Any, validation: Validation) -> None:
    """The input message, and whether another entry is refused or only warned of; xlwings' model reads these only."""
    if ON_MAC:
        return
    made = cells.api.Validation
    made.InputTitle = validation.title[:32]
    made.InputMessage = validation.message[:255]


def list_validation(cells: Any, validation: Validation) -> None:
    """A drop-down list from a range, or from fixed choices."""
    if ON_MAC:
        cells.data_validation.set_list(list(validation.choices) or range_named(cells, validation.source))
        return
    made = cells.api.Validation
    made.Delete()
    style = XL_ALERT_STOP if validation.strict else XL_ALERT_WARNING
    made.Add(3, style, 1, validation.source or ",".join(validation.choices))
    describe_validation(cells, validation)


def entry_rule(cells: Any, rule: AtLeast) -> None:
    """Numbers, or dates, of at least that much; other entries are refused."""
    is_date = isinstance(rule.least, date)
    if ON_MAC:
        kind = cells.data_validation.set_date if is_date else cells.data_validation.set_decimal
        kind("greater_than_or_equal", rule.least)
        return
    least = serial_of(rule.least) if isinstance(rule.least, date) else rule.least
    made = cells.api.Validation
    made.Delete()
    made.Add(XL_DATES if is_date else XL_DECIMALS, XL_ALERT_STOP, XL_AT_LEAST, str(least))
    _prompt(cells, rule)
    made.ErrorTitle, made.ErrorMessage = rule.title[:32], rule.message[:255]


def prompt(cells: Any, shown: Prompt) -> None:
    """A message beside the selected cell; any entry is taken."""
    if not ON_MAC:
        cells.api.Validation.Delete()
        cells.api.Validation.Add(XL_ANY_ENTRY, XL_ALERT_STOP)
        _prompt(cells, shown)


def _prompt(cells: Any, shown: AtLeast | Prompt) -> None:
    if not ON_MAC:
        made = cells.api.Validation
        made.InputTitle, made.InputMessage = shown.title[:32], shown.message[:255]


def range_named(cells: Any, source: str) -> Any:
    """The range of a reference such as `=Accounts!$A$2:$A$50`, in the book of `cells`."""
    sheet, _, area = source.removeprefix("=").rpartition("!")
    return cells.sheet.book.sheets[sheet.strip("'").replace("''", "'")].range(area)


def counts_from_1904(book: Any) -> bool:
    """The workbook's date system."""
    return bool(book.api.date_1904.get() if ON_MAC else book.api.Date1904)


def _mac(do: Callable[[Any], None]) -> None:
    from appscript import k  # only there on a Mac

    do(k)
