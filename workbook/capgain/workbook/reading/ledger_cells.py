"""The cells of a ledger, read column by column, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import TypedDict, TypeVar

from capgain.engine.classes import AssetClass
from capgain.engine.money import EXACT, ZERO
from capgain.engine.problems import Severity
from capgain.engine.transactions import CoinFee
from capgain.workbook.reading.amounts import disagreement, money_text
from capgain.workbook.reading.complaints import MEANING, Complaints, and_more
from capgain.workbook.written.columns_of_cells import CellsRead, Names, text_of, texts_of
from capgain.workbook.written.misread import Cell, Misread, error_value
from capgain.workbook.written.moments import NO_TIME_ZONE, Calendar, Moment, read_iso_column, read_moment
from capgain.workbook.written.numbers import DECIMALS, read_number, read_plain_numbers, read_quantity
from capgain.workbook.written.ratios import read_ratio
from capgain.workbook.written.words import CLASSES

V = TypeVar("V")
Number = Decimal | Misread | None

US_DOLLARS = frozenset({"USD", "US$", "$", "DOLLAR", "DOLLARS", "US DOLLAR", "US DOLLARS"})
"""Names of the money itself, which is no asset."""

_SALE_COLUMNS = (
    "Lot",
    "Identified",
    "Method",
    "Reported",
    "Reported Proceeds",
    "Reported Basis",
    "Code",
    "Adjustment",
    "Order",
)


class EntryFields(TypedDict):
    """What every transaction has."""

    row: int
    at: datetime
    account: str
    asset: str
    id: str
    note: str
    asset_class: AssetClass | None


class Costs(TypedDict):
    """The fee of a row in dollars, and the coin it was paid in where it was."""

    fee: Decimal
    coin_fee: CoinFee | None


class LedgerCells(Complaints):
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
        comma_is_doubtful: bool = False,
    ) -> None:
        super().__init__(sheet, first_row, columns)
        self.calendar = calendar
        self.assets = assets
        self.accounts = accounts
        self._rows = rows
        self._raw: dict[str, Sequence[Cell]] = {}
        self._numbers: CellsRead[Number] = CellsRead(
            lambda cell: read_number(cell, comma_is_doubtful=comma_is_doubtful)
        )
        self._quantities: CellsRead[Number] = CellsRead(
            lambda cell: read_quantity(cell, comma_is_doubtful=comma_is_doubtful)
        )
        self.asset = assets.column(self.raw("Asset"))
        self.account = accounts.column(self.raw("Account"))
        self.id = texts_of(self.raw("ID"))
        self.lot = texts_of(self.raw("Lot"))
        self.order = texts_of(self.raw("Order"))
        self.known_lots: frozenset[str] = frozenset()
        self.with_sale_terms = frozenset[int]().union(*(self.filled(column) for column in _SALE_COLUMNS))
        self._note = texts_of(self.raw("Note"))
        self._at: list[datetime] = []
        self._class: list[AssetClass | None] = []
        quantities = self.raw("Quantity")
        self._quantity = read_plain_numbers(quantities, DECIMALS) or self._quantities.column(quantities)
        self._price = self._dollar_column("Price")
        self._amount = self._dollar_column("Amount")
        self._fee = self._dollar_column("Fee")
        self._with_coin_fee = self.filled("Fee Asset") | self.filled("Fee Quantity")

    def __len__(self) -> int:
        return len(self._rows)

    def _dollar_column(self, column: str) -> Sequence[Number]:
        cells = self.raw(column)
        return read_plain_numbers(cells) or self._numbers.column(cells)

    def raw(self, column: str) -> Sequence[Cell]:
        """A column's cells as they are; all None where the ledger has no such column."""
        cells = self._raw.get(column)
        if cells is None:
            position = self.columns.get(column)
            cells = [None] * len(self._rows) if position is None else [row[position] for row in self._rows]
            self._raw[column] = cells
        return cells

    def filled(self, column: str) -> frozenset[int]:
        """The places of the rows in which that column holds something."""
        cells = self.raw(column)
        if set(map(type, cells)) <= {NoneType, str}:
            return frozenset([i for i, cell in enumerate(cells) if cell]) if any(cells) else frozenset()
        return frozenset([i for i, cell in enumerate(cells) if cell is not None and cell != ""])

    def read_dates_and_classes(self, places: Sequence[int]) -> set[int]:
        """Read columns Date and Class of the rows at `places`, report what is wrong, and return the rows at fault."""
        at_fault = self._read_dates(places)
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
        return at_fault

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

    def units(self, i: int) -> Decimal:
        """Quantity, more than 0."""
        quantity = self._quantity[i]
        if quantity.__class__ is Decimal and quantity > 0:
            return quantity
        return self._positive(i, "Quantity", quantity)

    def other_units(self, i: int, column: str) -> Decimal:
        """Fee Quantity or Received Quantity, more than 0."""
        return self._positive(i, column, self._quantities[self.raw(column)[i]])

    def gross(self, i: int, units: Decimal) -> Decimal:
        """The dollars of the row before fees: Amount, else Price × Quantity; one of them is needed."""
        gross = self.gross_if_stated(i, units)
        if gross is None:
            self.missing(i, "Amount", or_else="Price")
            return ZERO
        return gross

    def gross_if_stated(self, i: int, units: Decimal) -> Decimal | None:
        """The dollars of the row before fees, None where neither Amount nor Price is given."""
        amount, price = self._amount[i], self._price[i]
        if price is None:
            if amount is None or (amount.__class__ is Decimal and amount >= 0):
                return amount
        elif amount is None and price.__class__ is Decimal and price >= 0:
            return EXACT.multiply(price, units)
        total, each = self.dollars(i, "Amount"), self.dollars(i, "Price")
        if total is None or each is None:
            return ZERO
        if units:
            found = disagreement(each, total, units)
            if found is not None:
                severity, misread = found
                (self.wrong if severity is Severity.ERROR else self.doubt)(i, "Amount", misread)
        return total

    def cash(self, i: int) -> Decimal:
        """Dollars received: Amount, or Price per unit × Quantity where all that is given."""
        if self._amount[i] is None and self._price[i] is not None and self._quantity[i] is not None:
            return self.gross(i, self.units(i))
        amount = self.dollars(i, "Amount")
        if amount is None and self._amount[i] is None:
            self.missing(i, "Amount", "the dollars received")
        return amount or ZERO

    def dollars(self, i: int, column: str, *, signed: bool = False) -> Decimal | None:
        """A column of dollars, None when blank; not negative unless `signed`."""
        number = self.checked(i, column, self._numbers[self.raw(column)[i]])
        if number is not None and number < 0 and not signed:
            self.wrong(i, column, _negative(column, money_text(number), money_text(-number)))
            return ZERO
        return number

    def report_what_is_no_number(self, i: int) -> None:
        """Report the numbers that cannot be read in a row whose type is not known; Quantity may be a ratio there."""
        if isinstance(read_ratio(self.raw("Quantity")[i]), Misread):
            self.checked(i, "Quantity", self._quantity[i])
        for column, numbers in (("Price", self._price), ("Amount", self._amount), ("Fee", self._fee)):
            self.checked(i, column, numbers[i])

    def costs(self, i: int) -> Costs:
        """Fee in dollars, and the coin it was paid in where Fee Asset names one."""
        if i in self._with_coin_fee:
            return self._costs_in_coin(i)
        fee = self._fee[i]
        if fee is None:
            return {"fee": ZERO, "coin_fee": None}
        if fee.__class__ is Decimal and fee >= 0:
            return {"fee": fee, "coin_fee": None}
        return {"fee": self.dollars(i, "Fee") or ZERO, "coin_fee": None}

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

    def _positive(self, i: int, column: str, quantity: Number) -> Decimal:
        if quantity is None:
            self.missing(i, column)
        elif isinstance(quantity, Misread):
            self.wrong(i, column, quantity)
        elif quantity > 0:
            return quantity
        elif quantity == 0:
            self.wrong(i, column, Misread(f"{column} is 0.", f"Enter {MEANING[column]}.", "ZERO_QUANTITY"))
        else:
            self.wrong(i, column, _negative(column, _plainly(quantity), _plainly(-quantity)))
        return ZERO

    def _costs_in_coin(self, i: int) -> Costs:
        asset = self.assets.canonical(self.raw("Fee Asset")[i])
        fee = self.dollars(i, "Fee")
        units = self._quantities[self.raw("Fee Quantity")[i]]
        if not units and not fee and not isinstance(units, Misread):
            return {"fee": ZERO, "coin_fee": None}
        if asset.upper() in US_DOLLARS:
            paid = self.checked(i, "Fee Quantity", units)
            return {"fee": fee if fee is not None else paid or ZERO, "coin_fee": None}
        self.checked(i, "Fee Asset", error_value(self.raw("Fee Asset")[i]))
        if not asset:
            self.missing(i, "Fee Asset")
        if fee is None:
            self.missing(i, "Fee")
        fee = fee or ZERO
        return {"fee": fee, "coin_fee": CoinFee(asset, self._positive(i, "Fee Quantity", units), fee)}


def _plainly(quantity: Decimal) -> str:
    """A quantity as a person writes it: `2500`, where a cell of a spreadsheet holds 2500.0."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _negative(column: str, number: str, positive: str) -> Misread:
    return Misread(
        f"{column} is negative ({number}).",
        f"Enter {positive}: the Type says which way units and dollars go.",
        "NEGATIVE_VALUE",
    )
