"""Rows that end an option, one small function for each type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from capgain.engine.money import ZERO
from capgain.engine.transactions import Assign, Contract, Exercise, Expire
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.row_terms import sale_terms
from capgain.workbook.written.lot_words import read_underlying
from capgain.workbook.written.misread import Misread, is_blank

T = TypeVar("T")


def exercise(cells: LedgerCells, i: int) -> Exercise:
    return _at_strike(Exercise, cells, i)


def assign(cells: LedgerCells, i: int) -> Assign:
    return _at_strike(Assign, cells, i)


def expire(cells: LedgerCells, i: int) -> Expire:
    """A blank Quantity is all that is held and written, which the engine knows as 0."""
    has_units = not is_blank(cells.raw("Quantity")[i])
    return Expire(**cells.entry(i), **sale_terms(cells, i), quantity=cells.units(i) if has_units else ZERO)


def _at_strike(made: Callable[..., T], cells: LedgerCells, i: int) -> T:
    """Price is the strike price for one unit of the underlying, Amount that of all; a blank Quantity is all."""
    amount, price = cells.dollars(i, "Amount"), cells.dollars(i, "Price")
    has_units = not is_blank(cells.raw("Quantity")[i])
    units = cells.units(i) if has_units else ZERO
    if is_blank(cells.raw("Amount")[i]) and is_blank(cells.raw("Price")[i]):
        cells.missing(i, "Price", "the strike price for one share", or_else="Amount")
    elif amount is not None and price is not None:
        if has_units:
            amount, price = cells.gross(i, units), None
        else:
            cells.wrong(
                i,
                "Quantity",
                Misread(
                    "Price and Amount are both given, but not the contracts they are for.",
                    "Enter Quantity, or leave Amount blank.",
                    "MISSING_VALUE",
                ),
            )
    return made(
        **cells.entry(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=amount or ZERO,
        fee=cells.dollars(i, "Fee") or ZERO,
        strike=price,
        contract=_contract(cells, i),
    )


def _contract(cells: LedgerCells, i: int) -> Contract:
    """What the contracts are on: as any row of the option says, its underlying spelt as elsewhere."""
    text = cells.text(i, "Underlying")
    if text:
        cells.checked(i, "Underlying", read_underlying(text))
    contract = cells.contract(i)
    return replace(contract, underlying=cells.assets.canonical(contract.underlying))
