"""Dollars after the fee: what the amount before it was."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import CENT, EXACT, ZERO
from capgain.workbook.reading.amounts import money_text
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.misread import Misread
from capgain.workbook.written.numbers import read_number

_WITH_THE_FEE = frozenset({"Buy", "Cover", "Reinvest"})
_LESS_THE_FEE = frozenset({"Sell", "Short Sell", "Spend"})
_TOLERANCE = CENT
_BY_PRICE = Decimal("0.02")


def take_net_amounts(cells: LedgerCells) -> None:
    """Work Amount out of the column of dollars after the fee, where the row has none; else hold the two together.

    A sign of the net amount tells the way the money went, which the type says already.
    """
    for i, cell in enumerate(cells.net_cells()):
        if cell is None or cell == "":
            continue
        net = cells.checked(i, "Amount", read_number(cell))
        if net is None:
            continue
        fee = _fee(cells, i)
        kind = cells.types[i]
        if not kind:
            continue
        if kind in _WITH_THE_FEE:
            gross = EXACT.subtract(abs(net), fee)
        elif kind in _LESS_THE_FEE:
            gross = EXACT.add(abs(net), fee)
        else:
            gross = abs(net)
        stated, tolerance = cells.stated_amount(i), _TOLERANCE
        if stated is None and (by_price := cells.quantity_times_price(i)) is not None:
            stated, tolerance = by_price, _BY_PRICE
        if stated is not None and stated >= 0 and abs(EXACT.subtract(stated, gross)) > tolerance:
            cells.wrong(
                i,
                "Amount",
                Misread(
                    f"Net {money_text(abs(net))}, fee {money_text(fee)} and gross {money_text(stated)} do not fit: "
                    f"net and fee give {money_text(gross)} before the fee.",
                    "Correct the figure that is wrong.",
                    "NET_MISMATCH",
                ),
            )
        elif gross < 0:
            cells.wrong(
                i,
                "Amount",
                Misread(
                    f"Net {money_text(abs(net))} is less than the fee of {money_text(fee)}.",
                    "Correct the figure that is wrong.",
                    "NET_MISMATCH",
                ),
            )
        else:
            cells.put_amount(i, gross)


def _fee(cells: LedgerCells, i: int) -> Decimal:
    """The fee of a row in dollars; one paid in coin is not in the net amount."""
    fee = read_number(cells.raw("Fee")[i])
    return fee if isinstance(fee, Decimal) and not cells.text(i, "Fee Asset") else ZERO
