"""The units and dollars that the rows of a ledger state, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from capgain.engine.money import EXACT, ZERO
from capgain.engine.problems import Severity
from capgain.engine.transactions import CoinFee, Contract
from capgain.workbook.reading.amounts import ONE, disagreement, fee_within, money_text
from capgain.workbook.reading.complaints import MEANING
from capgain.workbook.reading.ledger_columns import LedgerColumns
from capgain.workbook.reading.quoted_prices import (
    NO_CONTRACT,
    QUOTES_OF_DEBT,
    OptionSize,
    may_be_for_a_hundred,
    price_of_debt,
    price_of_no_size,
)
from capgain.workbook.written.columns_of_cells import CellsRead
from capgain.workbook.written.misread import Misread, error_value
from capgain.workbook.written.numbers import DECIMALS, read_number, read_plain_numbers, read_quantity
from capgain.workbook.written.ratios import read_ratio

Number = Decimal | Misread | None

US_DOLLARS = frozenset({"USD", "US$", "$", "DOLLAR", "DOLLARS", "US DOLLAR", "US DOLLARS"})
"""Names of the money itself, which is no asset."""


class Costs(TypedDict):
    """The fee of a row in dollars, and the coin it was paid in where it was."""

    fee: Decimal
    coin_fee: CoinFee | None


class LedgerCells(LedgerColumns):
    """The rows of a ledger with their numbers, once `read_numbers` has read them."""

    _numbers: CellsRead[Number]
    _quantities: CellsRead[Number]
    _quantity: Sequence[Number]
    _price: Sequence[Number]
    _amount: Sequence[Number]
    _fee: Sequence[Number]
    _with_coin_fee: frozenset[int]
    _put: bool
    _sizes: Mapping[int, OptionSize]
    _debts: Mapping[int, bool]

    def read_numbers(self, *, comma_is_doubtful: bool) -> None:
        """Read the columns of units and dollars; what is wrong with a number is said where a row takes it.

        `comma_is_doubtful`: a lone comma may mark decimals.
        """
        self._put, self._sizes, self._debts = False, {}, {}
        self._numbers = CellsRead(lambda cell: read_number(cell, comma_is_doubtful=comma_is_doubtful))
        self._quantities = CellsRead(lambda cell: read_quantity(cell, comma_is_doubtful=comma_is_doubtful))
        quantities = self.raw("Quantity")
        self._quantity = read_plain_numbers(quantities, DECIMALS) or self._quantities.column(quantities)
        self._price, self._amount, self._fee = (self._dollar_column(column) for column in ("Price", "Amount", "Fee"))
        self._with_coin_fee = self.filled("Fee Asset") | self.filled("Fee Quantity")

    def _dollar_column(self, column: str) -> Sequence[Number]:
        cells = self.raw(column)
        return read_plain_numbers(cells) or self._numbers.column(cells)

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

    def stated_quantity(self, i: int) -> Decimal | None:
        quantity = self._quantity[i]
        return quantity if isinstance(quantity, Decimal) else None

    def quantity_times_price(self, i: int) -> Decimal | None:
        """For an option with the size of a contract; None where one of them is not there."""
        quantity, price = self._quantity[i], self._price[i]
        if not isinstance(quantity, Decimal) or not isinstance(price, Decimal):
            return None
        size = self._sizes[i].size if i in self._sizes else None
        return EXACT.multiply(EXACT.multiply(quantity, price), size or Decimal(1))

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

    def is_of_option(self, i: int) -> bool:
        """Whether the row's units are option contracts, by what `sized` was told."""
        return i in self._sizes

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
            if self._debts.get(i) and may_be_for_a_hundred(price):
                self.doubt(i, "Price", price_of_debt(self.asset[i], price, gross), blocks_filing=True)
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

    def _of_contracts(self, i: int, price: Decimal, gross: Decimal) -> Decimal:
        """Price × contracts × the size of one."""
        size = self._sizes[i].size
        if size is not None:
            return EXACT.multiply(gross, size)
        if self._sizes[i].is_first:
            self.doubt(i, "Price", price_of_no_size(self.asset[i], price), blocks_filing=True)
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
            self.wrong(i, column, _negative(self.types[i], column, money_text(number), money_text(-number)))
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
            f"Enter it in Amount: {figures} and leave Fee blank, and Price too. If it is a cost that your source "
            f"writes with a minus, enter {money_text(rebate)} in Fee.",
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
            self.wrong(i, column, _negative(self.types[i], column, _plainly(quantity), _plainly(-quantity)))
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


_BRINGS_UNITS = frozenset({"Buy", "Reinvest", "Income", "Opening", "Gift In", "Inherit", "Cover"})
_BRINGS_DOLLARS = frozenset({"Sell", "Short Sell", "Income", "Dividend", "Interest", "Capital Gain Distribution"})


def _negative(type_name: str, column: str, number: str, positive: str) -> Misread:
    """What to say of a number below zero; where it goes against the type, the row may take back an earlier one."""
    against = type_name in (_BRINGS_UNITS if column == "Quantity" else _BRINGS_DOLLARS)
    enter = "If the row takes back an earlier one, remove both; else enter" if against else "Enter"
    return Misread(
        f"{column} is negative ({number}).",
        f"{enter} {positive}: the Type says which way units and dollars go.",
        "NEGATIVE_VALUE",
    )
