"""Units that leave: sold, spent, swapped, paid as fees, given away, lost, moved."""

from __future__ import annotations

from datetime import date, datetime

from capgain.engine.classes import MissingBasis
from capgain.engine.money import ZERO
from capgain.engine.replay.form_rows import Sale, Taken, book_rows
from capgain.engine.replay.lots import Lot, Pool
from capgain.engine.replay.relief import Refused, first_units, price_per_unit, take, take_earliest
from capgain.engine.replay.state import Books, Holding, atoms, costs_of
from capgain.engine.replay.wash_sales import purchased, stands_for
from capgain.engine.replay.wash_trial import RestOfDay
from capgain.engine.replay.whereabouts import Whereabouts
from capgain.engine.results import UNITS, Kind
from capgain.engine.transactions import (
    Acquisition,
    CoinFee,
    Disposal,
    Donate,
    Fee,
    GiftOut,
    Lost,
    Sell,
    Spend,
    Trade,
    Transfer,
    Worthless,
)


def sell(books: Books, entry: Sell | Spend | Fee, day: date, kind: Kind) -> None:
    """A disposition at `amount`, less the costs of selling (26 USC 1001; Treas. Reg. 1.1001-7(b))."""
    held = books.holding(entry.account, entry.asset)
    units = held.book.units(entry.quantity)
    costs = costs_of(entry)
    net = atoms(entry.amount) - costs
    taken = relieve(books, held, entry, units, net)
    book_rows(books, held, Sale(entry, kind, day, net, costs, entry.reported), taken)
    if entry.coin_fee is not None:
        pay_coin_fee(books, entry, entry.coin_fee)


def trade(books: Books, entry: Trade, number: int, day: date, *, rest_of_day: RestOfDay) -> None:
    """Property for property: a disposition at the value received, and a lot at that value (R-CRY-2).

    All costs fall on what is given up; the lot received has none (Treas. Reg. 1.1001-7(b)(2)(ii)(A), 1.1012-1(h)(2)).
    """
    held = books.holding(entry.account, entry.asset)
    units = held.book.units(entry.quantity)
    costs = costs_of(entry)
    value = atoms(entry.amount)
    taken = relieve(books, held, entry, units, value - costs)
    book_rows(books, held, Sale(entry, Kind.SWAP, day, value - costs, costs, entry.reported), taken)
    received = books.holding(entry.account, entry.received_asset)
    lot = Lot(
        received.book.units(entry.received_quantity),
        value,
        (entry.at, number, 0),
        day,
        entry.received_asset,
        entry.account,
        entry.row,
        entry.received_lot or entry.id,
    )
    books.add_lot(received, lot)
    withheld = entry.coin_fee is not None and entry.coin_fee.asset == entry.received_asset
    if entry.coin_fee is not None and withheld:
        _withhold(books, received, lot, entry, entry.coin_fee, day)
    if received.washes is not None:
        purchased(books, received, lot, day, entry, rest_of_day)
    if entry.coin_fee is not None and not withheld:
        pay_coin_fee(books, entry, entry.coin_fee)


def _withhold(books: Books, held: Holding, lot: Lot, entry: Trade, fee: CoinFee, day: date) -> None:
    """Units withheld from those received come from them, with no gain (Treas. Reg. 1.1012-1(j)(3)(iii), R-FEE-5)."""
    units = held.book.units(fee.quantity)
    if units > lot.units:
        _fee_too_large(books, entry, fee)
        return
    basis = atoms(fee.value) if units < lot.units else lot.basis
    lot.basis -= basis
    lot.units -= units
    lot.rank = -1
    held.pool.units -= units
    held.count -= units
    held.pool.adjusted(lot)
    book_rows(books, held, Sale(entry, Kind.FEE, day, basis, may_wash=False), [(lot, units, basis)])


def pay_coin_fee(books: Books, entry: Disposal | Acquisition, fee: CoinFee, *, from_lot: Lot | None = None) -> None:
    """A fee paid in an asset: a disposition of those units at their value (Treas. Reg. 1.1001-7(b)(1)(ii)).

    They come from the account's holdings, or from `from_lot`, the units just bought.
    """
    held = books.holding(entry.account, fee.asset)
    units = held.book.units(fee.quantity)
    sale = Sale(entry, Kind.FEE, entry.at.date(), atoms(fee.value))
    if from_lot is not None:
        if units > from_lot.units:
            _fee_too_large(books, entry, fee)
            return
        taken = _take_from(held, from_lot, units)
    else:
        as_fee = Fee(
            row=entry.row,
            at=entry.at,
            account=entry.account,
            asset=fee.asset,
            quantity=fee.quantity,
            amount=fee.value,
            note=entry.note,
        )
        try:
            taken = relieve(books, held, as_fee, units, sale.net, column="Fee Quantity")
        except Refused:
            return
    book_rows(books, held, sale, taken)


def _take_from(held: Holding, lot: Lot, units: int) -> list[Taken]:
    basis = lot.basis * units // lot.units
    lot.units -= units
    lot.basis -= basis
    held.pool.units -= units
    held.count -= units
    return [(lot, units, basis)]


def _fee_too_large(books: Books, entry: Disposal | Acquisition, fee: CoinFee) -> None:
    books.error(
        entry,
        "Fee Quantity",
        "FEE_EXCEEDS_UNITS",
        f"the fee of {fee.quantity:f} {fee.asset} is more than the units it is withheld from.",
        "Correct Fee Quantity; the quantity received is the one before the fee was withheld.",
    )


def leave(books: Books, entry: GiftOut | Donate | Lost) -> None:
    """Given away, donated or lost: no gain or loss, the lots leave (R-CRY-6, R-CRY-7, R-CRY-13)."""
    held = books.holding(entry.account, entry.asset)
    relieve(books, held, entry, held.book.units(entry.quantity), 0)
    if entry.coin_fee is not None:
        pay_coin_fee(books, entry, entry.coin_fee)


def worthless(books: Books, entry: Worthless) -> None:
    """Securities that became worthless are sold for nothing on 31 December (26 USC 165(g); Pub. 550).

    Without a quantity all units of the account are, without an account those of every account.
    """
    held = books.holding(entry.account, entry.asset)
    if entry.quantity or entry.account:
        _become_worthless(books, held, entry, held.book.units(entry.quantity) or held.count)
        return
    everywhere = [one for one in books.of_asset(entry.asset) if one.count > 0] or [held]
    for one in everywhere:
        _become_worthless(books, one, entry, one.count)


def _become_worthless(books: Books, held: Holding, entry: Worthless, units: int) -> None:
    if not held.asset_class.is_security:
        books.error(
            entry,
            "Type",
            "NOT_A_SECURITY",
            f"{entry.asset} is of class {held.asset_class.value}; 26 USC 165(g) is for securities alone.",
            "A price collapse is no loss until the asset is sold or abandoned (CCA 202302011).",
        )
        raise Refused
    if not units:
        books.error(
            entry, "Quantity", "INSUFFICIENT_QUANTITY", f"no {entry.asset} is held.", "Add the missing purchase."
        )
        raise Refused
    day = last_day_of_year(entry.at).date()
    taken = relieve(books, held, entry, units, 0)
    book_rows(books, held, Sale(entry, Kind.WORTHLESS, day, 0, reported=entry.reported), taken)


def last_day_of_year(at: datetime) -> datetime:
    return datetime(at.year, 12, 31, 23, 59, 59)


def transfer(books: Books, entry: Transfer) -> None:
    """Between own accounts: lots keep basis, dates and wash adjustments (R-WAL-8).

    Units that do not arrive are a fee, taken first by the order in force and disposed of at their value
    (DECISIONS.md, A-12).
    """
    sender = books.holding(entry.account, entry.asset)
    receiver = books.holding(entry.to_account, entry.asset)
    if sender.is_ira != receiver.is_ira:
        books.error(
            entry,
            "To Account",
            "IRA_TRANSFER",
            "a transfer between an IRA and a taxable account is a contribution or a distribution, not a transfer.",
            "Enter a Sell for a contribution in kind, or an Opening row with the value at the distribution as basis.",
        )
        raise Refused
    units = sender.book.units(entry.quantity)
    arrived = units if entry.received_quantity is None else sender.book.units(entry.received_quantity)
    lost = units - arrived
    if lost and entry.fee_price is None:
        books.error(
            entry,
            "Price",
            "FEE_WITHOUT_VALUE",
            f"{sender.book.text(lost)} {entry.asset} did not arrive: a fee, whose value in dollars is missing.",
            "Enter in column Price what one unit was worth, or correct Received Quantity.",
        )
        raise Refused
    check_count(books, sender, entry, units, "Quantity")
    value = atoms((entry.fee_price or ZERO) * lost) // (UNITS * sender.book.scale)
    fee = Sale(entry, Kind.FEE, entry.at.date(), value)
    if entry.lots:
        paid, moved = first_units(relieve(books, sender, entry, units, value), lost)
        if paid:
            book_rows(books, sender, fee, paid)
        _move(books, receiver, moved)
    else:
        if lost:
            book_rows(books, sender, fee, _fee_units(books, sender, entry, lost, value))
        if books.in_universal_pool(sender) and sender.pool is receiver.pool:
            _relabel(books, sender, receiver, arrived)
        else:
            _move(books, receiver, relieve(books, sender, entry, arrived, 0))
    if entry.coin_fee is not None:
        pay_coin_fee(books, entry, entry.coin_fee)


def _fee_units(books: Books, sender: Holding, entry: Transfer, units: int, value: int) -> list[Taken]:
    """In the universal era a Transfer's fee comes, as the units that move, from the account's earliest lots."""
    if not books.in_universal_pool(sender):
        return relieve(books, sender, entry, units, value)
    own = take_earliest(_whereabouts(sender.pool), sender.place, min(units, sender.count))
    taken = sum(part for _, part, _ in own)
    sender.pool.units -= taken
    sender.count -= taken
    rest = units - taken
    return own + (relieve(books, sender, entry, rest, value * rest // units) if rest else [])


def _whereabouts(pool: Pool) -> Whereabouts:
    if pool.whereabouts is None:
        pool.whereabouts = Whereabouts(pool)
    return pool.whereabouts


def _relabel(books: Books, sender: Holding, receiver: Holding, units: int) -> None:
    """In the universal era the sending account's earliest lots move with the units (contract, section 3)."""
    sender.count -= units
    receiver.count += units
    if sender is receiver:
        return
    pool = sender.pool
    whereabouts = _whereabouts(pool)
    while units and (lot := whereabouts.earliest(sender.place)) is not None:
        if lot.units > units:
            lot.basis_per_unit()
            part = books.part(sender, lot, units)
            part.place = receiver.place
            pool.spread_out(lot)
            pool.place(part)
            lot = part
        else:
            whereabouts.move_earliest(sender.place, receiver.place)
        units -= lot.units
        pool.spread_out(lot)


def _move(books: Books, receiver: Holding, taken: list[Taken]) -> None:
    """Lots arrive in another pool as they were; a purchase of the last weeks stays one for the wash-sale rules."""
    for lot, have, basis in taken:
        moved = lot.moved(have, basis, receiver.place)
        books.add_lot(receiver, moved)
        if receiver.washes is not None and not moved.replaces:
            stands_for(receiver.washes, lot, moved)


def relieve(
    books: Books, held: Holding, entry: Disposal, units: int, net: int, *, column: str = "Quantity"
) -> list[Taken]:
    """Take `units` out of a holding for `net` atoms; its account must hold them.

    With the setting Missing Basis = zero, units never acquired are taken at no basis and marked. Raises Refused.
    """
    missing = units - held.count
    short: list[Taken] = []
    if missing > 0:
        short = _without_basis(books, held, entry, missing, column)
        units -= missing
    taken = take(books, held, entry, units, price_per_unit(net, units + max(missing, 0))) if units else []
    held.count -= units
    return taken + short


def check_count(books: Books, held: Holding, entry: Disposal, units: int, column: str) -> None:
    """Raises Refused where more leaves than the account holds and nothing may be assumed."""
    if units > held.count and books.ledger.settings.missing_basis is MissingBasis.STOP:
        _without_basis(books, held, entry, units - held.count, column)


def _without_basis(books: Books, held: Holding, entry: Disposal, missing: int, column: str) -> list[Taken]:
    book = held.book
    account = held.place or "(blank)"
    day = entry.at.date()
    elsewhere = [
        f"{book.text(other.count)} in {other.place or '(blank)'}"
        for other in books.of_asset(held.asset)
        if other is not held and other.count > 0
    ]
    where = f" {', '.join(elsewhere)} may be where they are." if elsewhere else ""
    what = (
        f"{book.text(held.count + missing)} {held.asset} leave {account} but only {book.text(held.count)} are held on "
        f"{day}: {book.text(missing)} are missing.{where}"
    )
    add = "Add the missing purchase, an Opening row with Acquired and Basis"
    add += ", or the Transfer that brought them here" if elsewhere else ""
    if books.ledger.settings.missing_basis is MissingBasis.STOP:
        books.error(entry, column, "INSUFFICIENT_QUANTITY", what, f"{add}, or correct the quantity.")
        raise Refused
    books.warn(
        entry,
        column,
        "ZERO_BASIS",
        f"{what} Their basis is taken as zero, as the setting Missing Basis says.",
        f"{add}; or say in column Note why zero is right.",
        blocks_filing=not entry.note,
    )
    return [(Lot(0, 0, (entry.at, -1, 0), day, held.asset, held.place, 0, ""), missing, 0)]
