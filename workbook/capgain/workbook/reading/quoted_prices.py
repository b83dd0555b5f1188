"""What a price of an option or of debt is multiplied by, and when that has to be confirmed."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from capgain.engine.transactions import Contract
from capgain.workbook.reading.amounts import ONE, money_text
from capgain.workbook.written.misread import Misread

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


def may_be_for_a_hundred(price: Decimal) -> bool:
    """Whether a price of debt may be for 100 of face value."""
    return LEAST_QUOTE <= price <= GREATEST_QUOTE


def price_of_debt(asset: str, price: Decimal, gross: Decimal) -> Misread:
    """Debt is quoted in dollars for 100 of face value: a price without dollars has to be confirmed."""
    return Misread(
        f"{money_text(price)} for {asset} is taken as dollars a unit, {money_text(gross)} in all; "
        "bonds are quoted for 100 of face value.",
        "Enter the dollars in Amount.",
        "BOND_PRICE",
    )


def price_of_no_size(asset: str, price: Decimal) -> Misread:
    """A size of a contract that nobody states is taken for 1, which has to be confirmed."""
    return Misread(
        f"the price of {asset} is taken as {money_text(price)} dollars a contract, as the size of "
        "a contract is not known.",
        f"Enter Underlying, such as {asset.split()[0]} x100, or the dollars in Amount.",
        "OPTION_PRICE",
    )
