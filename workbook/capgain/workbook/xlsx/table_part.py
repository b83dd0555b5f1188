"""The part of an .xlsx file that says where an Excel table is and what its columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from capgain.workbook.sheets import address, position
from capgain.workbook.xlsx.elements import element
from capgain.workbook.xlsx.unreadable import CannotEdit


def widen_table(content: bytes, *, last_row: int, new_columns: Mapping[int, str], name: str) -> bytes:
    """A table part reaching down to `last_row` and right over `new_columns`, by column number.

    Raises CannotEdit for a table that ends in a totals row, where nothing can be added below.
    """
    table, columns = element(content, "table"), element(content, "tableColumns")
    if table is None or columns is None:
        raise CannotEdit(f"{name}: the table of the ledger is damaged.")
    if table.get("totalsRowCount", "0") != "0":
        raise CannotEdit(
            f"{name}: the ledger's table has a totals row. Switch it off (Table Design, Total Row) and import again."
        )
    if new_columns:
        ids = [int(column.get("id", "0")) for column in columns.within("tableColumn")]
        added = "".join(
            f'<{columns.prefix}tableColumn id="{max(ids, default=0) + place}" name={quoteattr(heading)}/>'
            for place, (_, heading) in enumerate(sorted(new_columns.items()), start=1)
        )
        content = columns.holding(columns.held + added.encode(), count=str(len(ids) + len(new_columns)))
    old = table.get("ref")
    first, _, last = old.partition(":")
    row, column = position(last or first)
    wide = f"{first}:{address(max(last_row, row), max([column, *new_columns]))}"
    for tag in ("autoFilter", "table"):
        found = element(content, tag)
        if found is not None and found.get("ref") == old:
            content = found.changed(ref=wide)
    return content
