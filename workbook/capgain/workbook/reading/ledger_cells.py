"""The cells of a ledger, read column by column, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType, NoneType
from typing import NamedTuple, TypedDict, TypeVar

from capgain.engine.classes import AssetClass, Position
from capgain.engine.money import EXACT, ZERO
from capgain.engine.problems import Severity
from capgain.engine.settings import ByYear
from capgain.engine.transactions import CoinFee, Contract
from capgain.workbook.reading.amounts import ONE, disagreement, fee_within, money_text
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
    "Reported Term",
    "Code",
    "Adjustment",
    "Order",
)


INCOME_TAX = datetime(1913, 3, 1)
"""The day from which the income tax counts (26 USC 1053)."""

QUOTES_OF_DEBT = (Decimal("0.01"), Decimal(10))
"""What Price × Quantity is multiplied by where Price is for 100 of face value: units of one dollar, or of 1,000."""

LEAST_QUOTE, GREATEST_QUOTE = Decimal(10), Decimal(250)
"""Between these a price of debt may be for 100 of face value."""


class OptionSize(NamedTuple):
    """What one contract of a row's option is on, and whether it is the first row with a price of it."""

    contract: Contract
    is_first: bool
    is_1256: bool = False

    @property
    def multipliers(self) -> tuple[Decimal, ...]:
        """What the row's price is multiplied by: that of an option may be of a unit, or of the contract, beside Amount.

        A section 1256 contract is quoted in points alone.
        """
        if self.size is None:
            return (ONE,)
        return (self.size,) if self.is_1256 else (self.size, ONE)

    @property
    def size(self) -> Decimal | None:
        """The units under one of them, None where nobody says."""
        return self.contract.size


NO_CONTRACT = Contract()


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
        self._put = False
        self._aside: frozenset[int] = frozenset()
        self.in_dollars: frozenset[int] = frozenset()
        self._sizes: Mapping[int, OptionSize] = {}
        self._debts: Mapping[int, bool] = {}
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
        self.with_kind = self.filled("Kind")
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

    def put_amount(self, i: int, amount: Decimal) -> None:
        """Set the amount of a row that was worked out of other columns."""
        self._amount = [*self._amount] if not isinstance(self._amount, list) else self._amount
        self._amount[i] = amount
        cells = self._raw["Amount"] = [*self.raw("Amount")] if not self._put else self._raw["Amount"]
        self._put = True
        cells[i] = amount  # type: ignore[index]

    def stated_amount(self, i: int) -> Decimal | None:
        amount = self._amount[i]
        return amount if isinstance(amount, Decimal) else None

    def quantity_times_price(self, i: int) -> Decimal | None:
        """For an option with the size of a contract; None where one of them is not there."""
        quantity, price = self._quantity[i], self._price[i]
        if not isinstance(quantity, Decimal) or not isinstance(price, Decimal):
            return None
        size = self._sizes[i].size if i in self._sizes else None
        return EXACT.multiply(EXACT.multiply(quantity, price), size or Decimal(1))

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
        return at_fault

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

    def sized(self, sizes: Mapping[int, OptionSize], debts: Mapping[int, bool]) -> None:
        """Say of which rows the units are option contracts, and of how many units each is; and which are of debt.

        A row of debt is True where it is the first to need the price of that asset.
        """
        self._sizes, self._debts = sizes, debts

    def contract(self, i: int) -> Contract:
        """What a contract of the row's option is on, as far as any row, a setting or the symbol says."""
        return self._sizes[i].contract if i in self._sizes else NO_CONTRACT

    def gross_if_stated(self, i: int, units: Decimal) -> Decimal | None:
        """The dollars of the row before fees, None where neither Amount nor Price is given.

        A price of an option is one of what it is on: the size of a contract multiplies it.
        """
        amount, price = self._amount[i], self._price[i]
        if price is None:
            if amount is None or (amount.__class__ is Decimal and amount >= 0):
                return amount
        elif amount is None and price.__class__ is Decimal and price >= 0:
            gross = EXACT.multiply(price, units)
            if i in self._debts and LEAST_QUOTE <= price <= GREATEST_QUOTE:
                self._doubt_price_of_debt(i, price, gross)
            return self._of_contracts(i, price, gross) if i in self._sizes else gross
        faults = self.faults
        total, each = self.dollars(i, "Amount"), self.dollars(i, "Price")
        if total is None or each is None:
            return ZERO if total is None and each is None else total or ZERO
        if units and self.faults == faults:
            whole = EXACT.multiply(each, units)
            quoted = self._sizes[i].multipliers if i in self._sizes else (ONE,)
            also = QUOTES_OF_DEBT if i in self._debts else ()
            if any(disagreement(each, total, units, of) is None for of in (*quoted, *also)):
                return total
            for of in quoted:
                product = EXACT.multiply(whole, of)
                contained = fee_within(total, product, self._fee[i])
                if contained is not None:
                    self.doubt(i, "Amount", contained)
                    return product
            nearest = min(quoted, key=lambda of: abs(EXACT.subtract(total, EXACT.multiply(whole, of))))
            found = disagreement(each, total, units, nearest)
            if found is not None:
                severity, misread = found
                (self.wrong if severity is Severity.ERROR else self.doubt)(i, "Amount", misread)
        return total

    def _doubt_price_of_debt(self, i: int, price: Decimal, gross: Decimal) -> None:
        """Debt is quoted in dollars for 100 of face value: a price without dollars has to be confirmed."""
        if self._debts[i]:
            self.doubt(
                i,
                "Price",
                Misread(
                    f"{money_text(price)} for {self.asset[i]} is taken as dollars a unit, {money_text(gross)} in all; "
                    "bonds are quoted for 100 of face value.",
                    "Enter the dollars in Amount.",
                    "BOND_PRICE",
                ),
                blocks_filing=True,
            )

    def _of_contracts(self, i: int, price: Decimal, gross: Decimal) -> Decimal:
        """Price × contracts × the size of one; a size that nobody states is taken for 1, which has to be confirmed."""
        size = self._sizes[i].size
        if size is not None:
            return EXACT.multiply(gross, size)
        if self._sizes[i].is_first:
            self.doubt(
                i,
                "Price",
                Misread(
                    f"the price of {self.asset[i]} is taken as {money_text(price)} dollars a contract, as the size of "
                    "a contract is not known.",
                    f"Enter Underlying, such as {self.asset[i].split()[0]} x100, or the dollars in Amount.",
                    "OPTION_PRICE",
                ),
                blocks_filing=True,
            )
        return gross

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
        if number is not None and number < 0 and column == "Fee":
            self.wrong(i, column, self._rebate(i, -number))
            return ZERO
        if number is not None and number < 0 and not signed:
            self.wrong(i, column, _negative(column, money_text(number), money_text(-number)))
            return ZERO
        return number

    def _rebate(self, i: int, rebate: Decimal) -> Misread:
        """A fee below zero is money that came back: it belongs into Amount (26 USC 1012, 1001(b))."""
        gross = self.stated_amount(i)
        gross = self.quantity_times_price(i) if gross is None else gross
        sells = self.types[i] in ("Sell", "Short Sell", "Spend", "Trade")
        if gross is None:
            figures = "lower Amount of a purchase by it, or raise that of a sale,"
        elif sells:
            figures = f"raise Amount of the sale to {money_text(EXACT.add(gross, rebate))}"
        else:
            figures = f"lower Amount of a purchase to {money_text(EXACT.subtract(gross, rebate))}"
        return Misread(
            f"Fee is negative ({money_text(-rebate)}): a rebate.",
            f"Enter it in Amount: {figures} and leave Fee blank, and Price too.",
            "NEGATIVE_FEE",
        )

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
