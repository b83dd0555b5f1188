"""Short sales and their closing (26 USC 1233, 1259)."""

from __future__ import annotations

from datetime import date

from capgain.engine.atoms import atoms
from capgain.engine.classes import AssetClass, Term
from capgain.engine.holding_period import long_term_from
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot, Taken
from capgain.engine.replay.relief import Refused, first_units, take
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.short_washes import short_sold
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_meant
from capgain.engine.replay.wash_book import Group, Loss, Short
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Cover, Purchase, ShortSell


def sell_short(state: State, entry: ShortSell, number: int) -> None:
    """Open a short sale; refuses one against an appreciated position by name."""
    held = state.holdings.at(entry.account, entry.asset)
    units = held.measure.units(entry.quantity)
    proceeds = atoms(entry.amount) - atoms(entry.fee)
    for other in state.holdings.under_any_name(entry.asset) if held.asset_class.is_short_sale_property else ():
        if not other.is_ira and any(lot.basis * units < proceeds * lot.units for lot in other.pool):
            state.problems.error(
                entry,
                "Type",
                "CONSTRUCTIVE_SALE",
                f"{entry.asset} is sold short while appreciated {entry.asset} is held: a constructive sale "
                "(26 USC 1259), which CapGain does not compute.",
                "Have a tax adviser work it out; enter the constructive sale as a Sell and a Buy at that price.",
            )
            break
    short = Short(entry.asset, entry.account, units, proceeds, entry.at.date(), entry.row, number)
    state.holdings.owe(entry.account, entry.asset, [short])
    short_sold(state, held.washes if not held.is_ira else None, short)


def cover(state: State, entry: Cover) -> None:
    """Close short sales, earliest first, by a purchase or by delivering lots.

    Gain or loss arises on delivery. With a purchase to close it is short-term however long the short was open (Pub.
    550), unless section 1233(b) or (d) says otherwise.
    """
    held = state.holdings.at(entry.account, entry.asset)
    open_shorts = [short for short in state.holdings.shorts.get((entry.account, entry.asset), []) if short.units]
    state.holdings.shorts[(entry.account, entry.asset)] = open_shorts
    sold = sum(short.units for short in open_shorts)
    units = units_meant(state, held, entry, entry.quantity, sold, "Quantity")
    if units > sold:
        state.problems.error(
            entry,
            "Quantity",
            "INSUFFICIENT_QUANTITY",
            f"covers {held.measure.text(units)} {entry.asset} in {entry.account or '(blank)'} but only "
            f"{held.measure.text(sold)} are sold short on {entry.at.date()}.",
            "Add the missing Short Sell, or correct the quantity.",
        )
        raise Refused
    if entry.lots:
        _deliver(state, held, entry, units, open_shorts)
    else:
        _buy_to_close(state, held, entry, units, open_shorts)


def bought_against_short(state: State, entry: Purchase, lot: Lot) -> None:
    """A purchase of what is sold short at a gain is a constructive sale if both stay open (26 USC 1259(c)(1)(D))."""
    held = state.holdings.at(entry.account, entry.asset)
    if not held.asset_class.is_short_sale_property:
        return
    shorts = state.holdings.shorts_of(entry.asset)
    if any(short.proceeds * lot.units > lot.basis * short.units for short in shorts):
        state.problems.against_shorts.append((entry, lot))


def warn_of_open_boxes(state: State) -> None:
    """At the day's end: what was bought against a short at a gain and neither delivered nor sold."""
    for entry, lot in state.problems.against_shorts:
        if lot.units and state.holdings.shorts_of(entry.asset):
            state.problems.warn(
                entry,
                "Type",
                "BOUGHT_AGAINST_SHORT",
                f"{entry.asset} is bought while a short sale of it at a gain stays open: a constructive sale "
                "(26 USC 1259(c)(1)(D)), which CapGain does not compute.",
                "If the purchase closed the short, enter it as a Cover; else have a tax adviser work it out.",
                blocks_filing=True,
            )
    state.problems.against_shorts.clear()


def closed(open_shorts: list[Short], units: int) -> list[tuple[Short, int, int]]:
    """The shorts that `units` close, with the units and proceeds of each."""
    closing = []
    for short in open_shorts:
        part = min(units, short.units)
        if not part:
            break
        proceeds = short.proceeds * part // short.units
        short.proceeds -= proceeds
        short.units -= part
        units -= part
        closing.append((short, part, proceeds))
    return closing


def _buy_to_close(state: State, held: Holding, entry: Cover, units: int, open_shorts: list[Short]) -> None:
    day = entry.at.date()
    cost = atoms(entry.amount) + atoms(entry.fee)
    for short, part, proceeds in closed(open_shorts, units):
        share = cost * part // units
        cost -= share
        units -= part
        bought = Lot(0, 0, (entry.at, short.number, 0), day, held.asset, held.place, short.row, entry.id)
        term = _term(state, held, short, part, proceeds - share, day)
        before = len(state.booked.dispositions)
        expired = held.asset_class is AssetClass.OPTION and not (entry.amount or entry.fee)
        kind = Kind.WRITTEN_EXPIRED if expired else Kind.SHORT
        sale = Sale(entry, kind, day, proceeds, reported=entry.reported, term=term, may_wash=False)
        book_rows(state, held, sale, [(bought, part, share)])
        _note_loss(state, held, entry, before, short, part)


def _note_loss(state: State, held: Holding, entry: Cover, index: int, short: Short, units: int) -> None:
    """Remember the loss on a short sale closed by a purchase."""
    if held.washes is None or index == len(state.booked.dispositions):
        return
    loss = -state.booked.dispositions[index].gain_cents
    if loss > 0:
        order = index, (entry.at, short.number, 0)
        lost = Loss(index, held.measure, held.place, units, loss, entry.at.date(), 0, short.number, order)
        _closed_at_a_loss(state, held.washes, [lost], short)


def _closed_at_a_loss(state: State, group: Group, losses: list[Loss], short: Short) -> None:
    """Another short sale, or a sale of identical shares, within 30 days may disallow them (26 USC 1091(e))."""
    for loss in losses:
        loss.closes = short.number
    if losses:
        group.closed_today += losses
        state.booked.losses_on_shorts += losses
        state.wash.active[id(group)] = group


def _deliver(state: State, held: Holding, entry: Cover, units: int, open_shorts: list[Short]) -> None:
    """The lots named are delivered; the term is theirs, and wash sales look from the day the short was opened."""
    day = entry.at.date()
    taken = take(state, held, entry, units, 0)
    held.count -= units
    for short, part, proceeds in closed(open_shorts, units):
        delivered, taken = first_units(taken, part)
        gain = proceeds - sum(basis for _, _, basis in delivered)
        by_rule = held.asset_class.is_short_sale_property and _bought_while_open(delivered, short)
        term = _term(state, held, short, part, gain, day) if by_rule else None
        sale = Sale(entry, Kind.SHORT, day, proceeds, reported=entry.reported, opened=short.opened, term=term)
        before = len(held.washes.today) if held.washes is not None else 0
        book_rows(state, held, sale, delivered)
        if held.washes is not None:
            delivered_at_a_loss = held.washes.today[before:]
            for loss in delivered_at_a_loss:
                loss.closed_on = day
            _closed_at_a_loss(state, held.washes, delivered_at_a_loss, short)


def _bought_while_open(delivered: list[Taken], short: Short) -> bool:
    return any(lot.acquired >= short.opened for lot, _, _ in delivered)


def _term(state: State, held: Holding, short: Short, units: int, gain: int, day: date) -> Term:
    """The term of a short sale closed with property bought to close it.

    Section 1233(d): a loss is long-term if the same property was held more than a year at the short sale. A gain is
    short-term, under (b)(1) or because what was delivered was held no longer. Of coins only the last is asked.
    """
    if not held.asset_class.is_short_sale_property:
        return Term.SHORT
    lots = [lot for other in state.holdings.under_any_name(held.asset) if not other.is_ira for lot in other.pool]
    was_long = any(lot.acquired < short.opened and long_term_from(lot.held_since) <= short.opened for lot in lots)
    _restart_holding(state, lots, short, units, day)
    return Term.LONG if gain < 0 and was_long else Term.SHORT


def _restart_holding(state: State, lots: list[Lot], short: Short, units: int, day: date) -> None:
    """Property held a year or less at the short sale, or bought while it was open, is held anew from its closing.

    As much of it as was sold short, in order of acquisition (26 USC 1233(b)(2), (e)(2)).
    """
    for lot in sorted(lots, key=lambda lot: lot.key):
        if not units:
            break
        if lot.acquired >= day or long_term_from(lot.held_since) <= short.opened or lot.inherited:
            continue
        held = state.holdings.at(lot.place, lot.asset)
        restarted = lot
        if lot.units > units:
            restarted = state.holdings.part(held, lot, units)
            held.pool.place(restarted)
        restarted.hold_since(day)
        held.pool.adjusted(restarted)
        units -= restarted.units
