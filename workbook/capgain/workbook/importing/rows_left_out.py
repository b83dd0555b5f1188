"""Rows that are no transactions: why they are left out, and what of them may not be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from capgain.workbook.importing.asset_names import AssetNames, is_money
from capgain.workbook.importing.movements import LineOfFile
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.importing.source_files import DELIMITERS
from capgain.workbook.importing.source_tables import SourceTable, normal
from capgain.workbook.importing.table_columns import TableColumns
from capgain.workbook.written.source_text import UnreadableValue, number

_UNITS = {"quantity": "asset", "sent_quantity": "sent_asset", "received_quantity": "received_asset"}


_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = 5
_FEW_FILLED = 2


class RowsLeftOut:
    """What is left out of one table; remembers the kinds of rows by asset and day, for rows ignored beside another."""

    def __init__(self, table: SourceTable, columns: TableColumns, names: AssetNames) -> None:
        self._table = table
        self._columns = columns
        self._names = names
        self._keep = [(at, words) for column, words in table.keep if (at := columns.place(column)) is not None]
        self._seen: dict[str, set[str]] = {}
        self._needs: list[tuple[LineOfFile, str, re.Pattern[str]]] = []

    def by_table(self, cells: Sequence[str]) -> str:
        """Why a row is left out before anything in it is read, "" where it is not."""
        if self._table.other_rows:
            first = normal(next((cell for cell in cells if cell.strip()), ""))
            for pattern, reason in self._table.other_rows:
                if pattern.match(first):
                    return reason
        if self._table.ignore:
            return self._table.ignore
        return "a line of text, no row of the table" if is_text_alone(cells, len(self._columns.headings)) else ""

    def by_status(self, cells: Sequence[str]) -> str:
        """Why a row is left out whose status is none that counts, "" where it counts."""
        for column, words in self._keep:
            status = cells[column].strip() if column < len(cells) else ""
            if normal(status) not in words and not self._is_filled(cells):
                return f"{self._columns.headings[column]}: {status or 'not stated'}"
        return ""

    def swallowed(self, kind: str, is_wild: bool, cells: Sequence[str]) -> tuple[str, str] | None:
        """Why a row is not ignored though its kind is: units may be in it that nobody told us of."""
        if not is_wild and "received_asset" not in self._columns.places:
            return None
        units = self.units_in(cells)
        if len(units) > 1:
            (given, _), (got, _) = list(units.items())[:2]
            return (
                f"{kind} names two assets, {given} and {got}: one may have been exchanged for the other.",
                "Enter it as Trade with its dollar value, or write in Decision why it stays out.",
            )
        if units and is_wild:
            (asset, number_of), *_ = units.items()
            return (
                f"{kind} moves {number_of.normalize():f} {asset}, and what it is is not known here.",
                "Enter it in the Ledger as what it was, or write in Decision why it stays out.",
            )
        return None

    def units_in(self, cells: Sequence[str]) -> dict[str, Decimal]:
        """The units that a row names, by asset, signed as they stand; without dollars and shares that are cash."""
        found: dict[str, Decimal] = {}
        text = self._columns.text
        for quantity, asset in _UNITS.items():
            name = self._names.asset(text(asset, cells))
            try:
                units = number(text(quantity, cells))
                money = number(text("net", cells) or text("amount", cells))
            except UnreadableValue:
                units, money = Decimal(1), None
            if units and not is_money(name) and (money is None or abs(money) != abs(units)):
                found.setdefault(name, units)
        return found

    def note(self, kind: str, cells: Sequence[str]) -> None:
        """Remember that there is a row of that kind."""
        self._seen.setdefault(self._asset_and_day(cells), set()).add(normal(kind))

    def need(self, place: LineOfFile, other: re.Pattern[str], cells: Sequence[str]) -> None:
        """A row is ignored because one of another kind tells of the same asset on the same day."""
        if asset := self._asset_and_day(cells):
            self._needs.append((place, asset, other))

    def alone(self) -> Mapping[LineOfFile, Unsettled]:
        """Rows ignored because another row tells of the same, where there is no such row."""
        return {
            place: Unsettled(
                (place,),
                "",
                f"No other row tells of {asset.partition(' ')[0].upper()} on that day, as this one's kind should have.",
                "Enter it in the Ledger by hand, or write in Decision why it stays out.",
                key=f"{self._table.format}:!alone:{place.file}:{place.line}",
            )
            for place, asset, needed in self._needs
            if not any(needed.fullmatch(kind) for kind in self._seen.get(asset, ()))
        }

    def _asset_and_day(self, cells: Sequence[str]) -> str:
        asset, when = self._columns.text("asset", cells), self._columns.text("at", cells)
        return f"{asset.casefold()} {when[:10]}" if asset else ""

    def _is_filled(self, cells: Sequence[str]) -> bool:
        """Whether a part of an order was filled, whatever became of the rest."""
        try:
            return bool(number(self._columns.text("filled", cells)))
        except UnreadableValue:
            return True


def is_text_alone(cells: Sequence[str], columns: int) -> bool:
    """Whether a row of a table of many columns is a sentence in one cell, such as a disclaimer below the rows."""
    if sum(map(bool, cells)) > _FEW_FILLED:
        return False
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1 or columns == 1 or len(_WORD.findall(filled[0])) < _SENTENCE or filled[0][0].isdigit():
        return False
    pieces = max((filled[0].split(delimiter) for delimiter in DELIMITERS), key=len)
    return len(pieces) <= columns // 2 or not any(piece.strip()[:1].isdigit() for piece in pieces)
