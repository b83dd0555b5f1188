"""One lot as selling it would have it: its result, its term, and whether the sale would be a wash sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from capgain.engine.classes import AssetClass, Term
from capgain.engine.holding_period import long_term_from
from capgain.engine.ledger import Price
from capgain.engine.money import EXACT, ZERO, from_cents, to_the_cent
from capgain.engine.planning.sold_out import INHERITED
from capgain.engine.planning.use_of_loss import Result, UseOfLoss
from capgain.engine.planning.wash_risk import DAY, RecentPurchases, WashSale
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.dispositions import Disposition
from capgain.engine.units import quantity_text

COIN_DECIMALS = 8
"""What exchanges take an order in."""


@dataclass(frozen=True, slots=True)
class HarvestLot:
    """One lot as selling all of it on the day would have it; dollars and cents, losses negative.

    `short` and `long` are its result by term, before any wash sale. `wash` is None where selling it would be none;
    `disallowed`, positive, is what it would take away of the loss. `use` is where the allowed loss would go, `saves`
    what selling this lot alone would take off this year's tax (negative: add to it; None: not known).
    `useful_quantity` is as much of this lot alone as still lowers the tax. `sell` is how much of it to sell when the
    lots before it in the list have been sold as told, `saves_so_far` what all of that saves.
    """

    asset: str
    account: str
    asset_class: AssetClass
    quantity: Decimal
    acquired: date
    held_since: date
    is_inherited: bool
    row: int
    lot: str
    price: Decimal
    price_day: date | None
    value: Decimal
    basis: Decimal
    short: Decimal
    long: Decimal
    term: Term
    long_term_from: date
    days_until_long: int
    wash: WashSale | None
    buy_back_from: date | None
    disallowed: Decimal
    use: UseOfLoss | None = None
    saves: Decimal | None = None
    useful_loss: Decimal | None = None
    useful_quantity: Decimal | None = None
    sell: Decimal | None = None
    saves_so_far: Decimal | None = None

    @property
    def unrealized(self) -> Decimal:
        """Value less basis, as Form 8949 would have it: the rules of gifts and of fund shares held briefly included."""
        return self.short + self.long

    @property
    def is_loss(self) -> bool:
        return self.unrealized < ZERO

    @property
    def allowed(self) -> Result:
        """The result less what a wash sale would disallow."""
        if not self.disallowed:
            return Result(self.short, self.long, self.asset_class is AssetClass.COLLECTIBLE)
        whole = Result(self.short, self.long, self.asset_class is AssetClass.COLLECTIBLE)
        return whole.part(-self.unrealized - self.disallowed)


def harvest_lot(rows: list[Disposition], price: Price, day: date, purchases: RecentPurchases) -> HarvestLot:
    """One lot from the rows that selling it would give; more than one where a rule splits its loss by term."""
    first = rows[0]
    units = sum(row.units for row in rows)
    quantity = Decimal(quantity_text(units))
    by_term = {
        term: from_cents(sum(row.gain_cents - row.wash_cents for row in rows if row.term is term)) for term in Term
    }
    net = by_term[Term.SHORT] + by_term[Term.LONG]
    inherited = first.acquired_text == INHERITED
    if not first.acquired_text:
        turns_long = long_term_from(first.held_since)
    else:
        turns_long = first.acquired if first.term is Term.LONG else date.max
    wash = purchases.against(first.asset, first.asset_class, first.lot_row, quantity) if net < ZERO else None
    disallowed = ZERO
    if wash is not None:
        whole = EXACT.multiply(-net, wash.replaced)
        disallowed = to_the_cent(EXACT.divide(whole, quantity))
    value = from_cents(sum(row.proceeds_cents for row in rows))
    return HarvestLot(
        asset=first.asset,
        account=first.account,
        asset_class=first.asset_class,
        quantity=quantity,
        acquired=first.acquired,
        held_since=first.held_since,
        is_inherited=inherited,
        row=first.lot_row,
        lot=first.lot,
        price=price.price,
        price_day=price.day,
        value=value,
        basis=from_cents(sum(row.basis_cents for row in rows)),
        short=by_term[Term.SHORT],
        long=by_term[Term.LONG],
        term=Term.LONG if day >= turns_long else Term.SHORT,
        long_term_from=turns_long,
        days_until_long=max((turns_long - day).days, 0),
        wash=wash,
        buy_back_from=day + WINDOW + DAY if net < ZERO and purchases.reach(first.asset_class) else None,
        disallowed=disallowed,
    )


def loss_of(lot: HarvestLot, quantity: Decimal) -> Decimal:
    """The loss, positive, that selling `quantity` of a lot brings."""
    if quantity == lot.quantity:
        return -lot.unrealized
    share = EXACT.divide(EXACT.multiply(-lot.unrealized, quantity), lot.quantity)
    return to_the_cent(share)


def quantity_for(lot: HarvestLot, loss: Decimal) -> Decimal:
    """As many units as bring `loss` dollars of allowed loss: whole shares, or in the lot's own decimals, rounded up.

    The units that a purchase replaces come first and bring nothing (Treas. Reg. 1.1091-1(c)).
    """
    if not loss or loss >= -lot.allowed.net:
        return lot.quantity if loss else ZERO
    replaced = lot.wash.replaced if lot.wash is not None else ZERO
    needed = EXACT.add(replaced, EXACT.divide(EXACT.multiply(lot.quantity, loss), -lot.unrealized))
    exponent = lot.quantity.as_tuple().exponent
    own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    decimals = max(own, COIN_DECIMALS) if lot.asset_class.is_digital else own
    step = Decimal(1).scaleb(-decimals)
    return min(needed.quantize(step, rounding=ROUND_CEILING, context=EXACT), lot.quantity)
