"""Rows by which units go out: sold, spent, traded, given away, lost or worthless."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from capgain.engine.money import ZERO
from capgain.engine.transactions import (
    BadDebt,
    Conversion,
    Cover,
    Donate,
    Fee,
    GiftOut,
    Lost,
    Maturity,
    Sell,
    ShortSell,
    Spend,
    Trade,
    Worthless,
)
from capgain.workbook.reading.ledger_cells import US_DOLLARS, LedgerCells
from capgain.workbook.reading.quick_values import quick
from capgain.workbook.reading.row_terms import (
    day,
    discount,
    not_after_the_row,
    sale_terms,
)
from capgain.workbook.written.misread import Misread, is_blank

T = TypeVar("T")

_sell, _trade = quick(Sell), quick(Trade)


def sell(cells: LedgerCells, i: int) -> Sell:
    """Kind says of a gain on debt whether it is interest."""
    units = cells.units(i)
    return _sell(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        of_discount=discount(cells, i) if i in cells.with_kind else None,
    )


def maturity(cells: LedgerCells, i: int) -> Maturity:
    """A blank Quantity is all that is held; Kind says whether what exceeds the basis is interest."""
    units = ZERO if is_blank(cells.raw("Quantity")[i]) else cells.units(i)
    return Maturity(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        of_discount=discount(cells, i),
    )


def spend(cells: LedgerCells, i: int) -> Spend:
    units = cells.units(i)
    return Spend(
        **cells.entry(i), **cells.costs(i), **sale_terms(cells, i), quantity=units, amount=cells.gross(i, units)
    )


def trade(cells: LedgerCells, i: int) -> Trade:
    """Amount is the value of what was received; Price is per unit given up. The row's ID names the new lot."""
    units = cells.units(i)
    received = cells.name(i, "Received Asset")
    if received.upper() in US_DOLLARS:
        cells.wrong(
            i,
            "Received Asset",
            Misread("A Trade for US dollars is a sale.", "Use Sell, with the dollars in Amount.", "TRADE_FOR_DOLLARS"),
        )
    elif received and received == cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(
                f"A Trade gives {received} for {received}.",
                "Enter the asset received, or use Transfer for a move between own accounts.",
                "TRADE_FOR_ITSELF",
            ),
        )
    return _trade(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        received_asset=received,
        received_quantity=cells.other_units(i, "Received Quantity"),
        received_lot=cells.id[i],
    )


def conversion(cells: LedgerCells, i: int) -> Conversion:
    """As a Trade; Amount may be blank, as nothing is sold within one fund or corporation."""
    units = cells.units(i)
    amount = cells.gross_if_stated(i, units)
    received = cells.name(i, "Received Asset")
    if received and received == cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(f"{received} is both Asset and Received Asset.", "Enter the new asset.", "SAME_ASSET"),
        )
    return Conversion(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=amount or ZERO,
        is_valued=amount is not None,
        received_asset=received,
        received_quantity=cells.other_units(i, "Received Quantity"),
        received_lot=cells.id[i],
    )


def fee(cells: LedgerCells, i: int) -> Fee:
    units = cells.units(i)
    return Fee(**cells.entry(i), **sale_terms(cells, i), quantity=units, amount=cells.gross(i, units))


def gift_out(cells: LedgerCells, i: int) -> GiftOut:
    return _without_proceeds(GiftOut, cells, i)


def donate(cells: LedgerCells, i: int) -> Donate:
    return _without_proceeds(Donate, cells, i)


def lost(cells: LedgerCells, i: int) -> Lost:
    return _without_proceeds(Lost, cells, i)


def _without_proceeds(made: Callable[..., T], cells: LedgerCells, i: int) -> T:
    """Amount is the fair market value, where it is given."""
    units = cells.units(i)
    value = cells.gross_if_stated(i, units) or ZERO
    return made(**cells.entry(i), **cells.costs(i), **sale_terms(cells, i), quantity=units, amount=value)


def short_sell(cells: LedgerCells, i: int) -> ShortSell:
    """A short sale takes no lots: the cover does."""
    units = cells.units(i)
    terms = sale_terms(cells, i)
    if terms:
        terms["lots"] = ()
    return ShortSell(**cells.entry(i), **cells.costs(i), **terms, quantity=units, amount=cells.gross(i, units))


def cover(cells: LedgerCells, i: int) -> Cover:
    """A purchase to cover has an Amount; a delivery of lots held names them in Lot and may leave it blank."""
    units = cells.units(i)
    terms = sale_terms(cells, i)
    amount = cells.gross_if_stated(i, units) if terms.get("lots") else cells.gross(i, units)
    return Cover(**cells.entry(i), **cells.costs(i), **terms, quantity=units, amount=amount or ZERO)


def worthless(cells: LedgerCells, i: int) -> Worthless:
    """A blank Quantity is all that is held, which the engine knows as 0."""
    has_units = not is_blank(cells.raw("Quantity")[i])
    return Worthless(
        **cells.entry(i), **sale_terms(cells, i), quantity=cells.units(i) if has_units else ZERO, amount=ZERO
    )


def bad_debt(cells: LedgerCells, i: int) -> BadDebt:
    """Basis is what was lent and not repaid; blank, all lots of the asset in the account. Amount must be blank or 0."""
    has_units = not is_blank(cells.raw("Quantity")[i])
    has_date = not is_blank(cells.raw("Acquired")[i])
    acquired = day(cells, i, "Acquired") if has_date else None
    not_after_the_row(cells, i, acquired)
    return BadDebt(
        **cells.entry(i),
        quantity=cells.units(i) if has_units else ZERO,
        amount=cells.dollars(i, "Amount") or ZERO,
        basis=cells.dollars(i, "Basis"),
        acquired=acquired,
    )
