"""Files of block explorers: which of the addresses is the user's, and whether a row's units left it or came to it.

The name that an explorer gives its file holds the address; where it was changed, the one that every row names counts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from capgain.workbook.importing.recognition import FoundTable
from capgain.workbook.importing.source_files import SourceRow, UnreadableImport
from capgain.workbook.importing.source_tables import place_of, places_by_name

DIRECTION = "own direction"
"""A column that rows get here: `out`, `in`, or `self` where both sides are the user's."""

ADDRESS = "own address"
LONGEST = 12
"""Signs of an address that an account's name holds in full."""

_WORDS = re.compile(r"[-_ .()\[\]]+")


def with_own_address(found: FoundTable, path: Path) -> FoundTable:
    """The table with the columns DIRECTION and ADDRESS at the right of each row, where it is one of an explorer's.

    Raises:
        UnreadableImport: nothing tells which address is the user's.
    """
    if found.table is None or found.header is None or not found.table.own:
        return found
    index = places_by_name(found.header.cells)
    sender, receiver = (place_of(column, index) for column in found.table.own)
    sides = [(_cell(row, sender), _cell(row, receiver)) for row in found.rows]
    own = _own(sides, path)
    if found.rows and not own:
        raise UnreadableImport(
            f"{path.name}: nothing tells which address is yours. Give the file the name under which the explorer saved "
            "it; it holds the address."
        )
    shown = own if len(own) <= LONGEST else f"{own[:6]}..{own[-4:]}"
    width = len(found.header.cells)
    rows = [
        row._replace(cells=(*row.cells, *[""] * (width - len(row.cells)), _direction(side, own), shown))
        for row, side in zip(found.rows, sides, strict=True)
    ]
    header = found.header._replace(cells=(*found.header.cells, DIRECTION, ADDRESS))
    return replace(found, header=header, rows=tuple(rows))


def _cell(row: SourceRow, place: int | None) -> str:
    return row.cells[place].strip() if place is not None and place < len(row.cells) else ""


def _own(sides: list[tuple[str, str]], path: Path) -> str:
    addresses = {address.casefold(): address for side in sides for address in side if address}
    for word in _WORDS.split(path.stem):
        if word.casefold() in addresses:
            return addresses[word.casefold()]
    everywhere = [name for name in addresses if all(name in (side[0].casefold(), side[1].casefold()) for side in sides)]
    return addresses[everywhere[0]] if len(everywhere) == 1 else ""


def _direction(side: tuple[str, str], own: str) -> str:
    left, came = (address.casefold() == own.casefold() for address in side)
    return "self" if left and came else "out" if left else "in" if came else ""
