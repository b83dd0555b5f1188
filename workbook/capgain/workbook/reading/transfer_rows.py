"""Rows by which units move between own accounts, and what they cost on the way."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import EXACT, ZERO
from capgain.engine.transactions import (
    CoinFee,
    Transfer,
)
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.quick_values import quick
from capgain.workbook.reading.row_terms import (
    identified,
    lots,
    own_order,
)
from capgain.workbook.written.misread import Misread, is_blank

_transfer = quick(Transfer)


def transfer(cells: LedgerCells, i: int) -> Transfer:
    """Quantity leaves Account, Received Quantity arrives at To Account; Price is that of the units short."""
    units = cells.units(i)
    to_account = cells.name(i, "To Account")
    if not cells.account[i]:
        cells.missing(i, "Account", "the account which the units left")
    elif to_account == cells.account[i]:
        cells.wrong(
            i,
            "To Account",
            Misread(
                f"The transfer leaves {to_account} and arrives at {to_account}.",
                "Enter two different accounts, or remove the row.",
                "TRANSFER_TO_ITSELF",
            ),
        )
    received = arriving_units(cells, i, units)
    other = cells.assets.canonical(cells.raw("Received Asset")[i])
    if other and other != cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(
                f"{cells.asset[i]} leaves and {other} arrives.",
                "A transfer moves one asset: use Trade where one asset became another, or leave Received Asset blank.",
                "TRANSFER_OF_TWO_ASSETS",
            ),
        )
    costs = cells.costs(i)
    check_fee_of_move(cells, i, units, received, costs["coin_fee"])
    return _transfer(
        **cells.entry(i),
        **costs,
        quantity=units,
        lots=lots(cells, i),
        identified=identified(cells, i),
        **own_order(cells, i),
        to_account=to_account,
        received_quantity=received,
        fee_price=cells.dollars(i, "Price"),
    )


def arriving_units(cells: LedgerCells, i: int, units: Decimal) -> Decimal | None:
    """The units of one asset that arrive of those that left; None: all of them."""
    if is_blank(cells.raw("Received Quantity")[i]):
        return None
    received = cells.other_units(i, "Received Quantity")
    if units and received > units:
        cells.wrong(
            i,
            "Received Quantity",
            Misread(
                f"More units arrive ({received:f}) than left ({units:f}).",
                "Correct Quantity or Received Quantity. What was earned meanwhile is a row of its own: Income.",
                "MORE_RECEIVED_THAN_SENT",
            ),
        )
    return received


def check_fee_of_move(
    cells: LedgerCells, i: int, units: Decimal, received: Decimal | None, paid: CoinFee | None
) -> None:
    """Units short are a fee by themselves: they may not stand in Fee Quantity too."""
    short = ZERO if received is None else EXACT.subtract(units, received)
    if paid is not None and short > 0 and paid.asset == cells.asset[i] and paid.quantity == short:
        cells.wrong(
            i,
            "Fee Quantity",
            Misread(
                f"The same {short:f} {paid.asset} stand in Fee Quantity and are short in Received Quantity.",
                "Leave Fee, Fee Asset and Fee Quantity blank and enter in Price what one unit was worth.",
                "FEE_COUNTED_TWICE",
            ),
        )
