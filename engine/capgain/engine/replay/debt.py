"""Debt that is sold or paid back for more than it cost: discount that accrued is interest, not gain.

Short-term government obligations: 26 USC 1271(a)(3); market discount: 1276 (Pub. 550, Discount on Debt Instruments).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from capgain.engine.atoms import atoms, cents, costs_of
from capgain.engine.classes import AssetClass, Discount, IncomeKind
from capgain.engine.money import ZERO, dollars, from_cents
from capgain.engine.replay.disposals import relieve, sell, sell_held
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Taken
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_of
from capgain.engine.results.dispositions import Kind
from capgain.engine.results.income import IncomeItem
from capgain.engine.transactions import Maturity, Sell

_BOND: Final = AssetClass.BOND
_SALE: Final = Kind.SALE
_BILL: Final = re.compile(r".*(\bT-?BILLS?\b|\bTREASURY BILLS?\b|\b91279[567])", re.IGNORECASE)
"""A Treasury bill by its name, or by the first six characters of its CUSIP."""

_BEYOND_BASIS = "{excess} more than the basis of {asset} may be accrued discount, which is interest ({law})."


def is_bill(asset: str) -> bool:
    """Whether an asset is named as a Treasury bill."""
    return _BILL.match(asset) is not None


def mature(state: State, entry: Maturity, day: date) -> None:
    """Debt is paid back; what is no debt is redeemed, which is a sale."""
    held = state.holdings.at(entry.account, entry.asset)
    if not entry.quantity and (held.asset_class is not _BOND or held.count <= 0):
        state.problems.error(
            entry,
            "Quantity",
            "INSUFFICIENT_QUANTITY",
            f"Quantity is blank, which is all of a bond, but no bond {entry.asset} is held in "
            f"{held.place or '(blank)'}.",
            "Enter the units that were redeemed, or add the missing purchase.",
        )
        raise Refused
    is_interest = entry.of_discount is Discount.INTEREST or (entry.of_discount is None and is_bill(entry.asset))
    if held.asset_class is _BOND and is_interest:
        _pay_back(state, held, entry, day)
    elif held.asset_class is _BOND:
        _sell_debt(state, held, entry, day)
    else:
        sell(state, entry, day, _SALE)


def sell_for_dollars(state: State, entry: Sell, day: date) -> None:
    """A sale; of a Treasury bill, and of debt whose gain is stated to be interest, not all of it is capital gain."""
    held = state.holdings.at(entry.account, entry.asset)
    if held.asset_class is not _BOND or not (entry.of_discount or is_bill(entry.asset)):
        sell_held(state, held, entry, day, _SALE)
    elif entry.of_discount is Discount.INTEREST:
        _pay_back(state, held, entry, day)
    else:
        _sell_debt(state, held, entry, day)


def _sell_debt(state: State, held: Holding, entry: Sell, day: date) -> None:
    before = len(state.booked.dispositions)
    sell(state, entry, day, _SALE)
    excess = sum(max(0, row.gain_cents) for row in state.booked.dispositions[before:])
    if excess and entry.of_discount is None:
        law = "26 USC 1271(a)(3)" if is_bill(entry.asset) else "26 USC 1276"
        state.problems.warn(
            entry,
            "Kind",
            "DISCOUNT_DEBT",
            _BEYOND_BASIS.format(excess=dollars(from_cents(excess)), asset=held.asset, law=law),
            "Enter interest or capital in Kind.",
            blocks_filing=True,
        )


def _pay_back(state: State, held: Holding, entry: Sell, day: date) -> None:
    """What each lot brings beyond its basis is interest; a lot that brings less has a row as a sale."""
    units = units_of(state, held, entry) if entry.quantity else held.count
    costs = costs_of(entry)
    net = atoms(entry.amount) - costs
    at_a_loss: list[Taken] = []
    interest = brought_by_them = 0
    for lot, part, basis in relieve(state, held, entry, units, net):
        brought = net * part // units
        net -= brought
        units -= part
        if brought < basis:
            at_a_loss.append((lot, part, basis))
            brought_by_them += brought
        else:
            interest += brought - basis
    if at_a_loss:
        book_rows(state, held, Sale(entry, _SALE, day, brought_by_them, costs, entry.reported), at_a_loss)
    if interest and not held.is_ira:
        amount = from_cents(cents(interest))
        state.booked.income.append(
            IncomeItem(entry.row, IncomeKind.INTEREST, entry.asset, entry.account, day, ZERO, amount)
        )
