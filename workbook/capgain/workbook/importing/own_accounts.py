"""Accounts that an import met, written on the sheet Accounts of a workbook that does not describe them."""

from __future__ import annotations

from collections.abc import Mapping

from capgain.workbook.reading.columns import ACCOUNT_COLUMNS, find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.sheets import column_letter
from capgain.workbook.written.misread import is_blank
from capgain.workbook.xlsx.book_parts import BookParts
from capgain.workbook.xlsx.sheet_xml import SheetXml, cell_xml
from capgain.workbook.xlsx.table_part import widen_table

_NAME, _KIND = "Account", "Kind"
_ON_THE_RETURN = frozenset({"brokerage", "exchange", "wallet"})


def are_written(accounts: RawSheet | None, kinds: Mapping[str, str]) -> bool:
    """Whether the sheet Accounts gets the names and kinds: a book without it gets one where an account may be off the
    return."""
    if accounts is None:
        return any(kind not in _ON_THE_RETURN for kind in kinds.values())
    header = find_header(accounts.rows, ACCOUNT_COLUMNS, (_NAME,))
    return header is not None and {_NAME, _KIND} <= header.columns.keys()


def put_accounts(parts: BookParts, accounts: RawSheet, kinds: Mapping[str, str]) -> None:
    """Names with their kinds in new rows below the others of the sheet.

    Raises CannotEdit.
    """
    if accounts.name not in parts.about.sheets:
        return
    header = find_header(accounts.rows, ACCOUNT_COLUMNS, (_NAME,))
    if header is None or not kinds or not are_written(accounts, kinds):
        return
    places = {name: header.columns[name] + accounts.first_column for name in (_NAME, _KIND)}
    filled = [number for number, row in enumerate(accounts.rows) if any(not is_blank(cell) for cell in row)]
    above = accounts.first_row + max(filled)
    first, last = above + 1, above + len(kinds)
    part = parts.about.sheets[accounts.name]
    sheet = SheetXml(parts.read(part), accounts.name)
    styles = sheet.styles_of_row(first) or (sheet.styles_of_row(above) if max(filled) > header.place else {})
    lines = [
        {
            column: cell_xml(sheet.prefix, f"{column_letter(column)}{number}", styles.get(column, 0), text)
            for column, text in ((places[_NAME], name), (places[_KIND], kind))
        }
        for number, (name, kind) in enumerate(kinds.items(), start=first)
    ]
    sheet.put_rows(first, last, lines, frozenset(places.values()))
    parts.changed[part] = sheet.content
    for table in parts.about.tables:
        is_own = table.sheet == accounts.name and table.left <= places[_NAME] <= table.right
        if is_own and table.top == accounts.first_row + header.place:
            content = widen_table(parts.read(table.part), last_row=last, new_columns={}, name=accounts.name)
            parts.changed[table.part] = content
