"""The part of an .xlsx file that says where an Excel table is and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.sheets import column_letter, position


def widen_table(content: bytes, *, last_row: int, new_columns: Mapping[int, str], name: str) -> bytes:
    """A table part reaching down to `last_row` and right over `new_columns`.

    Raises:
        UnreadableImport: the table ends in a totals row, where nothing can be added below.
    """
    start = re.search(rb"<((?:\w+:)?)table\b[^>]*>", content)
    if start is None:
        raise UnreadableImport(f"{name}: the table of the ledger is damaged.")
    tag = start[0]
    totals = re.search(rb'\btotalsRowCount="(\d+)"', tag)
    if totals is not None and totals[1] != b"0":
        raise UnreadableImport(
            f"{name}: the ledger's table has a totals row. Switch it off (Table Design, Total Row) and import again."
        )
    found = re.search(rb'\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', tag)
    if found is None:
        raise UnreadableImport(f"{name}: the table of the ledger has no range.")
    old = found[0]
    right = max([position(f"{found[3].decode()}1")[1], *new_columns])
    bottom = max(last_row, int(found[4]))
    new = f'ref="{found[1].decode()}{found[2].decode()}:{column_letter(right)}{bottom}"'.encode()
    content = content.replace(old, new)
    if new_columns:
        columns = re.search(rb"<((?:\w+:)?)tableColumns\b[^>]*>", content)
        ids = [int(identity) for identity in re.findall(rb'<(?:\w+:)?tableColumn\b[^>]*?\bid="(\d+)"', content)]
        if columns is None:
            raise UnreadableImport(f"{name}: the table of the ledger is damaged.")
        counted = re.sub(rb'count="\d+"', b'count="%d"' % (len(ids) + len(new_columns)), columns[0])
        content = content[: columns.start()] + counted + content[columns.end() :]
        end = content.index(b"</" + columns[1] + b"tableColumns>")
        added = "".join(
            f'<{columns[1].decode()}tableColumn id="{max(ids) + place}" name={quoteattr(heading)}/>'
            for place, (_, heading) in enumerate(sorted(new_columns.items()), start=1)
        )
        content = content[:end] + added.encode() + content[end:]
    return content


def table_range(content: bytes) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column) of a table part."""
    start = re.search(rb"<(?:\w+:)?table\b[^>]*>", content)
    found = re.search(rb'\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', start[0]) if start else None
    if found is None:
        return None
    return (
        int(found[2]),
        position(f"{found[1].decode()}1")[1],
        int(found[4]),
        position(f"{found[3].decode()}1")[1],
    )
