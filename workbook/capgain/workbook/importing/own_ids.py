"""Names that a source writes with its own id behind them, `USDC;3054` or `My Wallet;my_wallet`: the name alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from capgain.workbook.importing.recognition import FoundTable
from capgain.workbook.importing.source_files import SourceRow
from capgain.workbook.importing.source_tables import place_of, places_by_name

_NAMED = ("asset", "currency", "account")
"""How the fields end that hold names."""


def without_ids(found: FoundTable) -> FoundTable:
    """The table with names in place of names and ids, where its format says that they have such.

    Two coins of one name have two ids: the one with the lower number keeps the name, another stays as it is written.
    """
    if found.table is None or found.header is None or not found.table.ids:
        return found
    index = places_by_name(found.header.cells)
    columns = [name for field, names in found.table.columns.items() if field.endswith(_NAMED) for name in names]
    places = sorted({place for name in columns if (place := place_of(name, index)) is not None})
    form = re.compile(rf"\s*(?P<name>.+?)\s*{re.escape(found.table.ids)}\s*(?P<id>\w+)\s*")
    lowest: dict[str, int] = {}
    for row in found.rows:
        for place in places:
            said = form.fullmatch(row.cells[place]) if place < len(row.cells) else None
            if said is not None and said["id"].isdecimal():
                name = said["name"].casefold()
                lowest[name] = min(int(said["id"]), lowest.get(name, int(said["id"])))

    def named(cell: str) -> str:
        said = form.fullmatch(cell)
        if said is None or (said["id"].isdecimal() and int(said["id"]) != lowest[said["name"].casefold()]):
            return cell
        return said["name"]

    def row_of(row: SourceRow, at: Sequence[int]) -> SourceRow:
        return row._replace(cells=[named(cell) if place in at else cell for place, cell in enumerate(row.cells)])

    return replace(found, rows=tuple(row_of(row, places) for row in found.rows))
