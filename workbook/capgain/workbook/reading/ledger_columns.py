"""The columns of a ledger: which cell stands where, when a row was and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType, NoneType
from typing import TypedDict

from capgain.engine.classes import AssetClass, Position, Reported
from capgain.engine.ledger import StatedLot
from capgain.engine.settings import ByYear
from capgain.workbook.reading.complaints import Complaints, and_more
from capgain.workbook.written.columns_of_cells import CellsRead, Names, text_of, texts_of
from capgain.workbook.written.date_orders import is_day_first, may_be_day_first
from capgain.workbook.written.misread import Cell, Misread, error_value, shown
from capgain.workbook.written.moments import NO_TIME_ZONE, Calendar, Moment, read_iso_column, read_moment
from capgain.workbook.written.words import CLASSES, REPORTED

_SALE_COLUMNS = (
    "Lot",
    "Identified",
    "Method",
    "Reported Proceeds",
    "Reported Basis",
    "Reported Term",
    "Code",
    "Adjustment",
    "Order",
)
"""What a disposal may say beside column Reported, which brokers' ledgers fill in every row."""

_PURCHASE_COLUMNS = ("Underlying", "Identified", "Basis", "Compensation")

INCOME_TAX = datetime(1913, 3, 1)
"""The day from which the income tax counts (26 USC 1053)."""


class EntryFields(TypedDict):
    """What every transaction has."""

    row: int
    at: datetime
    account: str
    asset: str
    id: str
    note: str
    asset_class: AssetClass | None


class LedgerColumns(Complaints):
    """The rows of a ledger below its header, by place from 0.

    A method that finds a cell wrong reports it and returns a stand-in, so that one pass finds everything.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[Cell]],
        columns: Mapping[str, int],
        *,
        sheet: str,
        first_row: int,
        calendar: Calendar,
        assets: Names,
        accounts: Names,
        net: int = -1,
        positions: Mapping[str, ByYear[Position | None]] = MappingProxyType({}),
    ) -> None:
        super().__init__(sheet, first_row, columns if net < 0 else {"Amount": net, **columns})
        self.calendar = calendar
        self.assets = assets
        self.accounts = accounts
        self.positions = positions
        self._rows = rows
        self._net = net
        self._aside: frozenset[int] = frozenset()
        self.in_dollars: frozenset[int] = frozenset()
        self.stated_lots: list[StatedLot] = []
        self._raw: dict[str, Sequence[Cell]] = {}
        self.asset = assets.column(self.raw("Asset"))
        self.account = accounts.column(self.raw("Account"))
        self.id = texts_of(self.raw("ID"))
        self.lot = texts_of(self.raw("Lot"))
        self.order = texts_of(self.raw("Order"))
        self.known_lots: frozenset[str] = frozenset()
        self.with_sale_terms = frozenset[int]().union(*(self.filled(column) for column in _SALE_COLUMNS))
        self.with_reported = self.filled("Reported")
        self.reported = CellsRead[Reported | Misread | None](REPORTED.read).column(self.raw("Reported"))
        self.with_purchase_terms = frozenset[int]().union(*(self.filled(column) for column in _PURCHASE_COLUMNS))
        self.with_kind = self.filled("Kind")
        self._note = texts_of(self.raw("Note"))
        self._at: list[datetime] = []
        self._class: list[AssetClass | None] = []

    def __len__(self) -> int:
        return len(self._rows)

    def raw(self, column: str) -> Sequence[Cell]:
        """A column's cells as they are; all None where the ledger has no such column."""
        cells = self._raw.get(column)
        if cells is None:
            position = self.columns.get(column)
            position = None if position == self._net else position
            cells = [None] * len(self._rows) if position is None else [row[position] for row in self._rows]
            self._raw[column] = cells
        return cells

    def set_aside(self, places: Iterable[int], in_dollars: Iterable[int] = ()) -> None:
        """Rows that are at fault for what stands in no column of the ledger, and those whose currency is dollars."""
        self._aside, self.in_dollars = frozenset(places), frozenset(in_dollars)

    @property
    def at_fault_elsewhere(self) -> frozenset[int]:
        return self._aside

    def net_cells(self) -> Sequence[Cell]:
        """The dollars after the fee; nothing where the ledger has no such column."""
        return [row[self._net] for row in self._rows] if self._net >= 0 else ()

    def filled(self, column: str) -> frozenset[int]:
        """The places of the rows in which that column holds something."""
        cells = self.raw(column)
        if set(map(type, cells)) <= {NoneType, str}:
            return frozenset([i for i, cell in enumerate(cells) if cell]) if any(cells) else frozenset()
        return frozenset([i for i, cell in enumerate(cells) if cell is not None and cell != ""])

    def read_dates_and_classes(self, places: Sequence[int]) -> set[int]:
        """Read columns Date and Class of the rows at `places`, report what is wrong, and return the rows at fault."""
        at_fault = self._read_dates(places) | self._before_the_income_tax(places)
        classes: CellsRead[AssetClass | Misread | None] = CellsRead(CLASSES.read)
        read = classes.column(self.raw("Class"))
        self._class = [None if isinstance(found, Misread) else found for found in read]
        if Misread in set(map(type, classes.values())):
            for i in places:
                if self.checked(i, "Class", read[i]) is not read[i]:
                    at_fault.add(i)
        return at_fault

    def _read_dates(self, places: Sequence[int]) -> set[int]:
        at_once = read_iso_column(self.raw("Date"))
        if at_once is not None:
            self._at = at_once
            return set()
        calendar = self.calendar
        moments: CellsRead[Moment | Misread | None] = CellsRead(lambda cell: read_moment(cell, calendar))
        dates = moments.column(self.raw("Date"))
        self._at = [moment.at if moment.__class__ is Moment else datetime.min for moment in dates]
        at_fault: set[int] = set()
        without_zone: list[int] = []
        for i in places:
            moment = dates[i]
            if moment.__class__ is Moment:
                continue
            at_fault.add(i)
            if moment is None:
                self.missing(i, "Date")
            elif moment is NO_TIME_ZONE:
                without_zone.append(i)
            elif isinstance(moment, Misread):
                self.wrong(i, "Date", moment)
        if without_zone:
            message = f"{NO_TIME_ZONE.message[:-1]}{and_more(len(without_zone) - 1)}."
            self.wrong(without_zone[0], "Date", NO_TIME_ZONE._replace(message=message))
        self._doubt_day_first([i for i in places if isinstance(dates[i], Misread)], places)
        return at_fault

    def _doubt_day_first(self, at_fault: Sequence[int], places: Sequence[int]) -> None:
        """Where one date has the day first, others that were read month first may have it too."""
        written = self.raw("Date")
        proof = next((i for i in at_fault if is_day_first(written[i])), None)
        if proof is None:
            return
        doubtful = [i for i in places if may_be_day_first(written[i])]
        if doubtful:
            self.wrong(
                doubtful[0],
                "Date",
                Misread(
                    f"{shown(written[doubtful[0]])} may have the day first, as {shown(written[proof])} in row "
                    f"{self.first_row + proof} has{and_more(len(doubtful) - 1)}.",
                    "Write all dates alike, as 2025-03-31, before that row is corrected.",
                    "AMBIGUOUS_DATE",
                ),
            )

    def _before_the_income_tax(self, places: Sequence[int]) -> set[int]:
        """What was acquired before 1 March 1913 has its value of that day as basis (26 USC 1053): not computed here."""
        if min(self._at, default=INCOME_TAX) >= INCOME_TAX:
            return set()
        early = {i for i in places if datetime.min < self._at[i] < INCOME_TAX}
        for i in early:
            self.wrong(
                i,
                "Date",
                Misread(
                    f"{self._at[i]:%Y-%m-%d} lies before 1 March 1913, when the income tax began.",
                    "Enter the right date; the year 1900 comes from a cell that holds a small number as a date.",
                    "DATE_TOO_EARLY",
                ),
            )
        return early

    def class_unless_stated(self, i: int, asset_class: AssetClass) -> None:
        """What the row's asset is by its symbol, where the row does not say."""
        if self._class[i] is None:
            self._class[i] = asset_class

    def at(self, i: int) -> datetime:
        return self._at[i]

    def latest(self) -> datetime:
        """The last moment of any row."""
        return max(self._at, default=datetime.min)

    def entry(self, i: int) -> EntryFields:
        """What the row has in common with every other."""
        return {
            "row": self.first_row + i,
            "at": self._at[i],
            "account": self.account[i],
            "asset": self.asset[i],
            "id": self.id[i],
            "note": self._note[i],
            "asset_class": self._class[i],
        }

    def name(self, i: int, column: str) -> str:
        """An asset or account in a further column, spelt as elsewhere; needed."""
        names = self.accounts if column == "To Account" else self.assets
        cell = self.raw(column)[i]
        name = names.canonical(cell)
        if not name:
            self.missing(i, column)
        self.checked(i, column, error_value(cell))
        return name

    def text(self, i: int, column: str) -> str:
        return text_of(self.raw(column)[i])
