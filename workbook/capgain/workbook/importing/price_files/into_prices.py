"""Prices put below those of a workbook's sheet Prices, or into a new CSV; what is there stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError

from capgain.workbook.importing.price_files.reading import FilePrice
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.columns import find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.sheets import DATE_FORMAT, column_letter
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.guarded_text import guarded
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number
from capgain.workbook.xlsx.book_parts import BookParts
from capgain.workbook.xlsx.sheet_xml import SheetXml, cell_xml
from capgain.workbook.xlsx.table_part import widen_table
from capgain.workbook.xlsx.unreadable import CannotEdit

COLUMNS = ("Asset", "Price", "Date", "Source")
PRICES = "Prices"
_WIDTHS = (12, 16, 12, 34)


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of the prices: `added` below, `replaced` by the row whose price they change, `known` as they are."""

    added: tuple[FilePrice, ...]
    replaced: Mapping[int, FilePrice]
    known: int


def settle(prices: Sequence[FilePrice], sheet: RawSheet | None, calendar: Calendar, *, replace: bool) -> Settled:
    """Compare with the prices that are there. Raises UnreadableImport where one differs and is not to be replaced."""
    there = prices_there(sheet, calendar)
    added: list[FilePrice] = []
    replaced: dict[int, FilePrice] = {}
    clashes: list[str] = []
    known = 0
    for price in prices:
        found = there.get((price.asset.casefold(), price.day))
        if found is None:
            added.append(price)
        elif found[1] == price.price:
            known += 1
        elif replace:
            replaced[found[0]] = price
        else:
            clashes.append(
                f"{price.asset} on {price.day} is {found[1].normalize():f} in Prices row {found[0]} and "
                f"{price.price.normalize():f} in {price.place}."
            )
    if clashes:
        more = f" And {len(clashes) - 5} more." if len(clashes) > 5 else ""
        raise UnreadableImport(
            f"{' '.join(clashes[:5])}{more} Correct one of them, or add --replace to take the file's. "
            "Nothing was written."
        )
    return Settled(tuple(added), replaced, known)


def prices_there(sheet: RawSheet | None, calendar: Calendar) -> dict[tuple[str, date], tuple[int, Decimal]]:
    """Row and price of each asset, by casefold, and day that the sheet has."""
    header = None if sheet is None else find_header(sheet.rows, COLUMNS, COLUMNS[:2])
    found: dict[tuple[str, date], tuple[int, Decimal]] = {}
    if header is None or sheet is None:
        return found
    for number, row in enumerate(sheet.rows[header.place + 1 :], sheet.first_row + header.place + 1):
        cells = {name: row[at] if at < len(row) else None for name, at in header.columns.items()}
        price, day = read_number(cells["Price"]), read_day(cells.get("Date"), calendar)
        if isinstance(price, Decimal) and isinstance(day, date):
            found.setdefault((text_of(cells["Asset"]).casefold(), day), (number, price))
    return found


def write_into_book(path: Path, sheet: RawSheet | None, settled: Settled) -> None:
    """Add the rows below the prices of the workbook, which gets a sheet Prices where it has none.

    Raises:
        UnreadableImport: something in the workbook is in the way; the message names it.
        CannotWrite: the file cannot be written.
    """
    try:
        parts = BookParts.open(path)
        part = "" if sheet is None else parts.about.sheets.get(sheet.name, "")
        if sheet is None or not part:
            parts.add_sheet(PRICES, _new_sheet(parts, settled.added))
        else:
            _add_below(parts, part, sheet, settled)
        parts.recalculate_on_opening()
    except (CannotEdit, KeyError, ParseError) as trouble:
        reason = trouble if isinstance(trouble, CannotEdit) else f"{path.name} is damaged: {trouble}."
        raise UnreadableImport(str(reason)) from trouble
    parts.save(path)


def _add_below(parts: BookParts, part: str, sheet: RawSheet, settled: Settled) -> None:
    header = find_header(sheet.rows, COLUMNS, COLUMNS[:2])
    about = parts.about
    xml = SheetXml(parts.read(part), sheet.name)
    if header is None:
        raise UnreadableImport(
            f"Sheet {sheet.name} has no header with Asset and Price. Give it one: {', '.join(COLUMNS)}."
        )
    if xml.is_protected:
        raise UnreadableImport(f"Sheet {sheet.name} is protected. Take the protection off (Review) first.")
    at = {name: place + 1 for name, place in header.columns.items()}
    new: dict[int, str] = {}
    for column in COLUMNS:
        if column not in at:
            at[column] = max(at.values()) + 1
            new[at[column]] = column
    head = header.place + sheet.first_row
    own = frozenset(at.values())
    table = next((one.part for one in about.tables if one.sheet == sheet.name and one.top == head), "")
    if new:
        xml.put_header_cells(head, new)
    last_used = max(xml.last_row_holding(own), head)
    styles = xml.styles_of_row(last_used) if last_used > head else {}
    day_style = parts.date_style(styles.get(at["Date"], 0), DATE_FORMAT)

    def cells_of(number: int, price: FilePrice) -> dict[int, str]:
        values: tuple[str | Decimal | date, ...] = (price.asset, price.price, price.day, source_of(price))
        return {
            at[name]: cell_xml(
                xml.prefix,
                f"{column_letter(at[name])}{number}",
                day_style if name == "Date" else styles.get(at[name], 0),
                value,
                date_1904=about.date_1904,
            )
            for name, value in zip(COLUMNS, values, strict=True)
        }

    first = last_used + 1
    if settled.added:
        last = last_used + len(settled.added)
        rows = (cells_of(number, price) for number, price in enumerate(settled.added, first))
        xml.put_rows(first, last, rows, own)
        parts.extend_print_area(sheet.name, last_used, last)
    for number, price in settled.replaced.items():
        cells = cells_of(number, price)
        xml.put_cells(number, {at["Price"]: cells[at["Price"]], at["Source"]: cells[at["Source"]]})
    parts.changed[part] = xml.content
    if table and (new or settled.added):
        bottom = last_used + len(settled.added)
        parts.changed[table] = widen_table(parts.read(table), last_row=bottom, new_columns=new, name=parts.path.name)


def source_of(price: FilePrice) -> str:
    """What the column Source says of a price."""
    return f"{price.source}, {price.file}" if price.source != PRICES else price.file


def _new_sheet(parts: BookParts, prices: Sequence[FilePrice]) -> bytes:
    day = parts.date_style(0, DATE_FORMAT)
    date_1904 = parts.about.date_1904
    lines = []
    heads = "".join(cell_xml("", f"{column_letter(n)}1", 0, name) for n, name in enumerate(COLUMNS, 1))
    lines.append(f'<row r="1">{heads}</row>')
    for number, price in enumerate(prices, start=2):
        values: tuple[str | Decimal | date, ...] = (price.asset, price.price, price.day, source_of(price))
        cells = "".join(
            cell_xml("", f"{column_letter(n)}{number}", day if n == 3 else 0, value, date_1904=date_1904)
            for n, value in enumerate(values, start=1)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(_WIDTHS, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>{"".join(lines)}</sheetData>'
        "</worksheet>"
    ).encode()


def csv_of(prices: Sequence[FilePrice]) -> bytes:
    """Asset, Price, Date and Source as a text file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((guarded(one.asset), f"{one.price:f}", one.day.isoformat(), source_of(one)) for one in prices)
    return text.getvalue().encode()
