"""New rows at the end of a workbook's Ledger: its sheet and its table grow, nothing else of the file changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.filling_1099 import Filling
from capgain.workbook.importing.ledger_rows import SOURCE_COLUMNS, LedgerRow, Value
from capgain.workbook.importing.open_items import FIRST_COLUMNS, ITEM_COLUMNS
from capgain.workbook.importing.own_accounts import are_written, put_accounts
from capgain.workbook.importing.own_settings import put_time_zone
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.columns import LEDGER_COLUMNS, NET
from capgain.workbook.reading.form_1099 import COLUMNS as COLUMNS_1099
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.sheets import DATE_FORMAT, MOST_ROWS, TIME_FORMAT, column_letter
from capgain.workbook.written.words import plain
from capgain.workbook.xlsx.book_parts import BookParts
from capgain.workbook.xlsx.package_parts import Table
from capgain.workbook.xlsx.sheet_xml import CellForm, SheetXml, cell_xml
from capgain.workbook.xlsx.table_part import widen_table
from capgain.workbook.xlsx.unreadable import CannotEdit


def append_rows(
    book: ExistingBook,
    rows: Sequence[LedgerRow],
    open_items: Sequence[Mapping[str, Value]] | None,
    output: Path,
    filling: Filling | None = None,
    time_zone: str | None = None,
    accounts: Mapping[str, str] | None = None,
    *,
    around: Callable[[bytes], AbstractContextManager[None]] | None = None,
) -> None:
    """Write `book` to `output` with `rows` added to its Ledger, and its Open Items sheet as given (None: as it is).

    `filling` are rows for its sheet 1099, `time_zone` the tax zone where its Settings name none, `accounts` names with
    kinds that its sheet Accounts lacks, `around` what is done around the writing, as in `BookParts.save`.

    Raises:
        UnreadableImport: something in the workbook is in the way; the message names it.
        CannotWrite: the file cannot be written.
    """
    try:
        parts = BookParts.open(book.path)
        if parts.sha256 != book.sha256:
            raise UnreadableImport(
                f"{book.path.name} was changed by another program meanwhile. Nothing was written: import again."
            )
        if rows:
            _add_to_ledger(parts, book, rows)
            parts.recalculate_on_opening()
        if open_items is not None:
            put_open_items(parts, book, open_items)
        if time_zone and not book.names_zone:
            put_time_zone(parts, book.settings, time_zone)
        if book.accounts_sheet is not None:
            put_accounts(parts, book.accounts_sheet, accounts or {})
        elif accounts and are_written(None, accounts):
            lines = [{"Account": name, "Kind": kind} for name, kind in accounts.items()]
            parts.add_sheet("Accounts", _plain_sheet(parts, ("Account", "Kind"), lines, _heading_style(parts, book)))
        if filling is not None and filling.changes_the_sheet:
            _fill_1099(parts, book, filling)
    except (CannotEdit, KeyError, ParseError) as trouble:
        reason = trouble if isinstance(trouble, CannotEdit) else f"{book.path.name} is damaged: {trouble}."
        raise UnreadableImport(str(reason)) from trouble
    parts.save(output, around=around)


def put_open_items(parts: BookParts, book: ExistingBook, open_items: Sequence[Mapping[str, Value]]) -> None:
    """The sheet Open Items with these rows; none is made where there are none. Raises CannotEdit."""
    if not open_items and OPEN_ITEMS not in parts.about.sheets:
        return
    heading = _heading_style(parts, book)
    used = {name for row in open_items for name in row}
    names = [name for name in ITEM_COLUMNS if name in used or name in _ALWAYS]
    parts.add_sheet(OPEN_ITEMS, _plain_sheet(parts, names, open_items, heading))


def _heading_style(parts: BookParts, book: ExistingBook) -> int:
    """The look of the Ledger's headings."""
    ledger = SheetXml(parts.read(parts.about.sheets[book.sheet]), book.sheet)
    return max(ledger.styles_of_row(book.header_row).items(), default=(0, 0))[1]


def _add_to_ledger(parts: BookParts, book: ExistingBook, rows: Sequence[LedgerRow]) -> None:
    about = parts.about
    part = about.sheets[book.sheet]
    sheet = SheetXml(parts.read(part), book.sheet)
    if sheet.is_protected:
        raise UnreadableImport(
            f"Sheet {book.sheet} is protected. Take the protection off (Review, Unprotect Sheet) first."
        )
    first = book.last_row + 1
    last = first + len(rows) - 1
    if last > MOST_ROWS:
        raise UnreadableImport(f"Sheet {book.sheet} would need {last:,} rows; {MOST_ROWS:,} fit on a sheet.")
    if book.examples:
        sheet.empty_cells(book.examples, frozenset(book.columns.values()))
    columns, new = _columns_for(book, rows)
    tables = [table for table in about.tables if table.sheet == book.sheet]
    own_table = next((table for table in tables if _is_of_ledger(table, book)), None)
    if new:
        sheet.put_header_cells(book.header_row, new)
    styles = sheet.styles_of_row(book.last_row) if book.last_row > book.header_row else sheet.styles_of_row(first)
    own = frozenset(columns.values())

    def form(column: int, style: int) -> CellForm:
        return CellForm(sheet.prefix, column_letter(column), style, date_1904=about.date_1904)

    forms = {name: (column, form(column, styles.get(column, 0))) for name, column in columns.items()}
    dates = {name: columns[name] for name in ("Date", "Acquired") if name in columns}
    day, time = (
        {str(name): form(column, parts.date_style(styles.get(column, 0), look)) for name, column in dates.items()}
        for look in (DATE_FORMAT, TIME_FORMAT)
    )

    def cells_of(number: int, row: LedgerRow) -> dict[int, str]:
        cells = {}
        for name, value in row.values.items():
            column, look = forms[name]
            if isinstance(value, date):
                look = (time if isinstance(value, datetime) else day).get(name, look)
            cells[column] = look.xml(number, value)
        return cells

    sheet.put_rows(first, last, (cells_of(number, row) for number, row in enumerate(rows, start=first)), own)
    parts.extend_print_area(book.sheet, max(book.last_row, book.header_row + 1), last)
    parts.changed[part] = sheet.content
    if own_table is not None:
        content = parts.read(own_table.part)
        parts.changed[own_table.part] = widen_table(content, last_row=last, new_columns=new, name=book.path.name)
    for table in tables:
        is_below = table.top <= last and table.bottom >= first and table.left <= max(own) and table.right >= min(own)
        if table is not own_table and is_below:
            raise UnreadableImport(
                f"Sheet {book.sheet}: another table stands below the ledger. Move it to another sheet."
            )


def _columns_for(book: ExistingBook, rows: Sequence[LedgerRow]) -> tuple[dict[str, int], dict[int, str]]:
    """Each column's place by its name, and the headings that have to be added to the right."""
    used = {name for row in rows for name in row.values}
    columns = {}
    new: dict[int, str] = {}
    next_free = max(book.columns.values()) + 1
    for name in (*LEDGER_COLUMNS, NET, *SOURCE_COLUMNS):
        if name not in used:
            continue
        place = book.columns.get(plain(name))
        if place is None:
            place, next_free = next_free, next_free + 1
            new[place] = name
        columns[name] = place
    return columns, new


def _is_of_ledger(table: Table, book: ExistingBook) -> bool:
    """Whether the ledger is a table: its header is the ledger's header row."""
    return table.top == book.header_row and table.left <= book.columns["date"] <= table.right


_ALWAYS = (*FIRST_COLUMNS, "Account", "To Account")


def _fill_1099(parts: BookParts, book: ExistingBook, filling: Filling) -> None:
    """The rows at the end of the sheet 1099, or on a new one, and names of rows that it has."""
    if not filling.columns:
        parts.add_sheet(FORM_1099, _plain_sheet(parts, COLUMNS_1099, filling.rows, _heading_style(parts, book)))
        return
    day = parts.date_style(0, DATE_FORMAT)
    name = next(sheet for sheet in parts.about.sheets if sheet.casefold() == FORM_1099)
    sheet = SheetXml(parts.read(parts.about.sheets[name]), name)
    for row, cells in filling.renamed.items():
        styles = sheet.styles_of_row(row)
        put = {filling.columns[column]: value for column, value in cells.items() if column in filling.columns}
        references = {place: f"{column_letter(place)}{row}" for place in put}
        sheet.put_cells(
            row,
            {
                place: cell_xml(sheet.prefix, references[place], styles.get(place, 0), value)
                for place, value in put.items()
            },
        )
    first = filling.last + 1
    lines = [
        {
            filling.columns[column]: cell_xml(
                sheet.prefix,
                f"{column_letter(filling.columns[column])}{number}",
                day if isinstance(value, date) else 0,
                value,
                date_1904=parts.about.date_1904,
            )
            for column, value in row.items()
            if column in filling.columns
        }
        for number, row in enumerate(filling.rows, start=first)
    ]
    if lines:
        sheet.put_rows(first, first + len(lines) - 1, lines, frozenset(filling.columns.values()))
    parts.changed[parts.about.sheets[name]] = sheet.content


def _plain_sheet(parts: BookParts, names: Sequence[str], rows: Sequence[Mapping[str, Value]], heading: int) -> bytes:
    """A sheet of a header in the style `heading` and rows, the header frozen, long texts wrapped, one page wide."""
    day, time = parts.date_style(0, DATE_FORMAT), parts.date_style(0, TIME_FORMAT)
    wrapped = parts.wrapped_style()
    date_1904 = parts.about.date_1904
    lines = [{name: name for name in names}, *rows]
    widths = [min(48, max(8, *(len(str(line.get(name, ""))) + 2 for line in lines[:200]))) for name in names]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    made = []
    for number, line in enumerate(lines, start=1):
        cells = []
        for place, name in enumerate(names, start=1):
            value = line.get(name, "")
            if value == "":
                continue
            style = heading if number == 1 else wrapped if isinstance(value, str) else 0
            if isinstance(value, date):
                style = time if isinstance(value, datetime) else day
            cells.append(cell_xml("", f"{column_letter(place)}{number}", style, value, date_1904=date_1904))
        texts = zip(names, widths, strict=True)
        deep = max(-(-len(str(line.get(name, ""))) // max(1, int(width) - 2)) for name, width in texts)
        made.append(f'<row r="{number}" ht="{13 * deep + 2}" customHeight="1">{"".join(cells)}</row>')
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{column_letter(len(names))}{len(lines)}"/>'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(made)}</sheetData>"
        '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()
