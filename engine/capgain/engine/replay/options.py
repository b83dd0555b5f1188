"""Options that end otherwise than by a sale: exercised, assigned, expired (Pub. 550, Options; 26 USC 1234).

What an option cost, or brought, joins the price of what changes hands: nothing is gained or lost on the option itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from capgain.engine.atoms import atoms, dollars_of
from capgain.engine.classes import AssetClass, MissingBasis, Right
from capgain.engine.money import EXACT, ZERO, dollars
from capgain.engine.replay.acquisitions import buy
from capgain.engine.replay.disposals import relieve, sell
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.purchased_puts import put_ended
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.short_sales import closed, cover
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_meant
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Assign, Buy, Cover, Disposal, Exercise, Expire, Sell
from capgain.engine.units import quantity_of

_FIELDS = (
    *("row", "at", "account", "asset", "id", "note", "asset_class", "lots", "identified", "method"),
    *("method_with_broker", "reported", "reported_proceeds", "reported_basis", "reported_term", "code"),
    *("adjustment", "order"),
)
"""What the sale that a row stands for takes over from it."""


def exercise(state: State, entry: Exercise, number: int, day: date) -> None:
    """A call buys its underlying, at the strike price and what the call cost; a put sells it, less what the put cost.

    One lot of the underlying for each lot of the call, held from the day after the exercise (Pub. 550).
    """
    held, size = _option(state, entry), _size(state, entry)
    if held.count <= 0:
        written = _written_units(state, entry)
        remedy = "Use Assign for an option you wrote." if written else "Add the missing purchase."
        _refuse(state, entry, "Quantity", "INSUFFICIENT_QUANTITY", f"no {entry.asset} is held.", remedy)
    units = units_meant(state, held, entry, entry.quantity, held.count, "Quantity") if entry.quantity else held.count
    contracts = _whole_contracts(state, held, entry, units)
    paid = EXACT.add(_strike_price(entry, size, contracts), entry.fee)
    if entry.contract.right is Right.CALL:
        cost = atoms(paid)
        for _, part, basis in relieve(state, held, entry, units, 0):
            share = cost * part // units
            cost -= share
            units -= part
            _buy(state, entry, number, day, EXACT.multiply(_quantity(held, part), size), dollars_of(share + basis))
        return
    taken = relieve(state, held, replace(entry, lots=(), identified=None, method=None), units, 0)
    put_ended(state, taken, day)
    cost_of_put = dollars_of(sum(basis for _, _, basis in taken))
    received = EXACT.subtract(_strike_price(entry, size, contracts), cost_of_put)
    _sell(state, entry, day, EXACT.multiply(contracts, size), received, Kind.EXERCISED)


def assign(state: State, entry: Assign, number: int, day: date) -> None:
    """A call sells its underlying, a put buys it; what writing them brought joins what was received, or lowers cost.

    The contracts written close, the earliest first, without a row of their own (Pub. 550, Writers of puts and calls).
    """
    held, size = _option(state, entry), _size(state, entry)
    written = _written_units(state, entry)
    if not written:
        remedy = "Use Exercise for an option you bought." if held.count > 0 else "Add the missing Sell to Open."
        _refuse(state, entry, "Quantity", "INSUFFICIENT_QUANTITY", f"no {entry.asset} is written on that day.", remedy)
    units = units_meant(state, held, entry, entry.quantity, written, "Quantity") if entry.quantity else written
    contracts = _whole_contracts(state, held, entry, units)
    if units > written:
        what = (
            f"{held.measure.text(units)} {entry.asset} are assigned but only {held.measure.text(written)} are written."
        )
        _refuse(state, entry, "Quantity", "INSUFFICIENT_QUANTITY", what, "Add the missing Sell to Open.")
    shares, strike = EXACT.multiply(contracts, size), _strike_price(entry, size, contracts)
    if entry.contract.right is Right.CALL:
        _need_shares(state, entry, shares)
    shorts = [short for short in state.holdings.shorts[entry.account, entry.asset] if short.units]
    premium = dollars_of(sum(proceeds for _, _, proceeds in closed(shorts, units)))
    if entry.contract.right is Right.CALL:
        _sell(state, entry, day, shares, EXACT.add(strike, premium), Kind.ASSIGNED)
        return
    cost = EXACT.subtract(EXACT.add(strike, entry.fee), premium)
    if cost < ZERO:
        what = f"the premium of {dollars(premium)} is more than the strike price of {dollars(strike)}."
        _refuse(state, entry, "Price", "PREMIUM_ABOVE_STRIKE", what, "Correct the strike price, or the premium.")
    _buy(state, entry, number, day, shares, cost)


def expire(state: State, entry: Expire, day: date) -> None:
    """An option bought is sold for nothing that day (26 USC 1234(a)(2)); one written is a short-term gain (1234(b)).

    Without a quantity all that is held and all that is written lapses.
    """
    held = _option(state, entry)
    written = _written_units(state, entry)
    if held.count <= 0 and not written:
        what = f"no {entry.asset} is held or written in {held.place or '(blank)'} on {day}."
        _refuse(state, entry, "Quantity", "INSUFFICIENT_QUANTITY", what, "Add the missing purchase or Sell to Open.")
    if entry.quantity and held.count > 0 and written:
        what = f"{entry.asset} is both held and written in {held.place or '(blank)'}: which of them lapsed is not said."
        remedy = "Leave Quantity blank for all, or use Sell and Cover with Amount 0."
        _refuse(state, entry, "Quantity", "EXPIRED_WHICH", what, remedy)
    if held.count > 0:
        units = entry.quantity or _quantity(held, held.count)
        sell(state, Sell(quantity=units, **_of_row(entry)), day, Kind.EXPIRED)
    if written:
        cover(state, Cover(quantity=entry.quantity or _quantity(held, written), **_of_row(replace(entry, lots=()))))


def _option(state: State, entry: Exercise | Assign | Expire) -> Holding:
    held = state.holdings.at(entry.account, entry.asset)
    if held.asset_class is not AssetClass.OPTION:
        _refuse(
            state,
            entry,
            "Type",
            "NOT_AN_OPTION",
            f"{entry.asset} is of class {held.asset_class.value}; {entry.type_name} is for options.",
            "Correct Asset, or enter option in Class.",
        )
    return held


def _size(state: State, entry: Exercise | Assign) -> Decimal:
    """The units of the underlying under one contract, where all is known that the event needs."""
    contract = entry.contract
    if not contract.underlying or not contract.size or contract.right is None:
        symbol = contract.underlying or entry.asset.split()[0]
        unknown = [
            word
            for word, known in (
                ("what it is on", contract.underlying),
                ("how many units a contract is on", contract.size),
                ("whether it is a put or a call", contract.right),
            )
            if not known
        ]
        _refuse(
            state,
            entry,
            "Underlying",
            "OPTION_TERMS",
            f"{entry.asset}: nothing says {' or '.join(unknown)}.",
            f"Enter Underlying, such as {symbol} x100 call.",
        )
    return contract.size


def _whole_contracts(state: State, held: Holding, entry: Exercise | Assign, units: int) -> Decimal:
    contracts = _quantity(held, units)
    if contracts != contracts.to_integral_value():
        what = f"{held.measure.text(units)} {entry.asset}: a part of a contract is not exercised or assigned."
        _refuse(state, entry, "Quantity", "PART_OF_A_CONTRACT", what, "Enter whole contracts.")
    return contracts


def _strike_price(entry: Exercise | Assign, size: Decimal, contracts: Decimal) -> Decimal:
    """The strike price of all contracts, in dollars."""
    if entry.strike is None:
        return entry.amount
    return EXACT.multiply(entry.strike, EXACT.multiply(size, contracts))


def _written_units(state: State, entry: Disposal) -> int:
    return sum(short.units for short in state.holdings.shorts_of(entry.asset, entry.account))


def _quantity(held: Holding, units: int) -> Decimal:
    return quantity_of(held.measure.printed(units))


def _need_shares(state: State, entry: Assign, shares: Decimal) -> None:
    """An assigned call delivers shares that are held."""
    stock = state.holdings.at(entry.account, entry.contract.underlying)
    if state.ledger.settings.missing_basis is MissingBasis.ZERO or stock.measure.units(shares) <= stock.count:
        return
    _refuse(
        state,
        entry,
        "Quantity",
        "INSUFFICIENT_QUANTITY",
        f"{stock.measure.text(stock.measure.units(shares))} {stock.asset} are delivered by {stock.place or '(blank)'} "
        f"but only {stock.measure.text(stock.count)} are held on {entry.at.date()}.",
        "Add the missing purchase or Transfer; a call assigned without shares opens a Short Sell at strike plus "
        "premium.",
    )


def _buy(state: State, entry: Exercise | Assign, number: int, day: date, quantity: Decimal, cost: Decimal) -> None:
    """The underlying comes in as a purchase, for the wash-sale rules too."""
    bought = Buy(
        row=entry.row,
        at=entry.at,
        account=entry.account,
        asset=entry.contract.underlying,
        id=entry.id,
        note=entry.note,
        quantity=quantity,
        amount=cost,
        lot=entry.id,
    )
    buy(state, bought, number, day)


def _sell(state: State, entry: Exercise | Assign, day: date, quantity: Decimal, received: Decimal, kind: Kind) -> None:
    """The underlying leaves as a sale, by the lots and the order that the row names."""
    fields = _of_row(entry) | {"asset": entry.contract.underlying, "asset_class": None}
    sell(state, Sell(quantity=quantity, amount=received, fee=entry.fee, **fields), day, kind)


def _of_row(entry: Disposal) -> dict[str, Any]:
    """What a row says of its place, its lots and its Form 1099, for the sale it stands for."""
    return {name: getattr(entry, name) for name in _FIELDS}


def _refuse(state: State, entry: Disposal, column: str, code: str, message: str, remedy: str) -> NoReturn:
    state.problems.error(entry, column, code, message, remedy)
    raise Refused
