"""Which lots to sell at a loss before the year ends, what that saves in this year's tax, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger, Price
from capgain.engine.money import ZERO
from capgain.engine.planning.contracts_at_price import at_prices, counted_at_prices
from capgain.engine.planning.copies import booked_by
from capgain.engine.planning.harvest_lot import HarvestLot, harvest_lot, loss_of, quantity_for
from capgain.engine.planning.installment_to_come import change_of_installment, next_installment, still_due
from capgain.engine.planning.prices import OLD_AFTER, prices_on
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.sold_out import sold_out
from capgain.engine.planning.ticked import LotKey, Tick, with_sales
from capgain.engine.planning.use_of_loss import Result, TaxOfYear, UseOfLoss, use_of_loss
from capgain.engine.planning.wash_risk import RecentPurchases
from capgain.engine.planning.year_at_hand import YearAtHand, with_more, year_at_hand
from capgain.engine.problems import InvalidLedger
from capgain.engine.report import TaxReport
from capgain.engine.results.held import OpenLot

__all__ = ["Harvest", "HarvestLot", "harvest", "loss_of"]

DEFERRAL = (
    "The saving is this year's. If the asset is bought back the lower basis makes a later gain larger by the same "
    "amount: to that extent the tax is put off, not gone."
)
ONE_LOT = (
    "Selling one lot and not the earliest needs that lot named in time: to the broker by settlement, for digital "
    "assets before the sale (Treas. Reg. 1.1012-1(c), (j))."
)
REINVESTING = "Reinvested dividends are purchases too, in an IRA and in a spouse's account as well."


@dataclass(frozen=True, slots=True)
class Harvest:
    """The lots of a return on a day. `losses` stand in the order that saves most; `others` are at a gain or even.

    `useful_short` and `useful_long` are the losses beyond which this year's tax falls no further, None without a tax.
    `saves` is what selling as told saves in all. `unpriced` are assets held without a price, contracts
    among them, `no_earlier_price` those of them that have only later ones.
    """

    as_of: date
    at_hand: YearAtHand
    losses: tuple[HarvestLot, ...]
    others: tuple[HarvestLot, ...]
    useful_short: Decimal | None
    useful_long: Decimal | None
    saves: Decimal | None
    unpriced: tuple[str, ...]
    no_earlier_price: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def year(self) -> int:
        return self.as_of.year

    @property
    def status(self) -> FilingStatus:
        return self.at_hand.status

    @property
    def missing(self) -> str:
        """What has to be stated before dollars of tax can be told; "" where nothing is."""
        return self.at_hand.missing


CONTRACTS_ARE_MARKED = (
    "Open section 1256 contracts are not listed: sold or not, they count at their value at the year's end "
    "(26 USC 1256(a)(1))."
)


def harvest(ledger: Ledger, as_of: date, *, report: TaxReport | None = None) -> Harvest:
    """What harvesting would do at the end of `as_of` at the ledger's prices of that day.

    IRA lots are left out, and a spouse's where they file separately. `report` may be given where it is at hand: that
    of the ledger through the year, lots as of that day. Raises InvalidLedger where the ledger has errors.
    """
    known = booked_by(ledger, as_of)
    whole = compute(ledger, through=as_of.year) if known is not ledger else None
    if whole is not None:
        report = compute(at_prices(known, as_of.year, as_of), through=as_of.year, lots_as_of=as_of)
    elif report is None:
        report = compute(ledger, through=as_of.year, lots_as_of=as_of)
    for found in (whole, report):
        if found is not None and found.has_errors:
            raise InvalidLedger(found.problems)
    report = counted_at_prices(report, as_of.year, as_of)
    whole = None if whole is None else counted_at_prices(whole, as_of.year)
    at_hand = year_at_hand(report, as_of.year, whole_year=whole)
    prices = prices_on(ledger.prices, as_of)
    hidden = ledger.off_the_return(at_hand.status)
    held = [lot for lot in report.open_lots if not lot.is_ira and lot.account not in hidden]
    priced = [lot for lot in held if lot.asset.casefold() in prices]
    purchases = RecentPurchases(ledger, report.open_lots, as_of)
    lots = [
        harvest_lot(rows, prices[rows[0].asset.casefold()], as_of, purchases)
        for rows in sold_out(known, priced, prices, as_of)
    ]
    contracts = {one.asset for one in report.contracts_without_price if one.account not in hidden}
    unpriced = tuple(sorted({lot.asset for lot in held} - {lot.asset for lot in priced} | contracts))
    later = {price.asset.casefold() for price in ledger.prices}
    losses = [lot for lot in lots if lot.is_loss]
    others = [lot for lot in lots if not lot.is_loss]
    useful: tuple[Decimal | None, Decimal | None] = (None, None)
    if at_hand.rest is not None:
        tax = TaxOfYear(at_hand.rest, at_hand.gains)
        losses = [_with_saving(lot, tax, at_hand) for lot in losses]
        others = [replace(lot, saves=tax.saved_by(lot.allowed)) for lot in others]
        losses.sort(key=_most_saved_first)
        losses = _plan(losses, at_hand)
        enough = at_hand.usable_loss
        useful = (tax.useful(Result(-enough, ZERO)), tax.useful(Result(ZERO, -enough)))
    else:
        losses = [replace(lot, use=_use(lot, at_hand)) for lot in losses]
        losses.sort(key=_largest_first)
    others.sort(key=lambda lot: (lot.unrealized, lot.asset, lot.account, lot.acquired, lot.row))
    planned = [lot.saves_so_far for lot in losses if lot.saves_so_far is not None]
    return Harvest(
        as_of=as_of,
        at_hand=at_hand,
        losses=tuple(losses),
        others=tuple(others),
        useful_short=useful[0],
        useful_long=useful[1],
        saves=planned[-1] if planned else None if at_hand.rest is None else ZERO,
        unpriced=unpriced,
        no_earlier_price=tuple(asset for asset in unpriced if asset.casefold() in later),
        notes=(
            *_of_estimated_tax(report, held, losses, as_of),
            *_notes(losses, prices, as_of),
            *([CONTRACTS_ARE_MARKED] if report.open_contracts else []),
            *_untaxed_gain(others, at_hand),
            *at_hand.assumptions,
        ),
    )


def _use(lot: HarvestLot, at_hand: YearAtHand) -> UseOfLoss:
    allowed = lot.allowed
    return use_of_loss(
        at_hand.gains, at_hand.loss_limit, short=max(-allowed.short, ZERO), long=max(-allowed.long, ZERO)
    )


def _with_saving(lot: HarvestLot, tax: TaxOfYear, at_hand: YearAtHand) -> HarvestLot:
    allowed = lot.allowed
    loss = tax.useful(allowed)
    return replace(
        lot,
        use=_use(lot, at_hand),
        saves=tax.saved_by(allowed),
        useful_loss=loss,
        useful_quantity=quantity_for(lot, loss),
    )


def _plan(losses: list[HarvestLot], at_hand: YearAtHand) -> list[HarvestLot]:
    """Down the list, how much of each lot to sell: as much as still lowers this year's tax. Wash sales are left out."""
    assert at_hand.rest is not None
    before = at_hand.rest.tax(at_hand.gains).total
    gains = at_hand.gains
    planned = []
    for lot in losses:
        quantity = ZERO
        if lot.wash is None and lot.saves:
            quantity = quantity_for(lot, TaxOfYear(at_hand.rest, gains).useful(lot.allowed))
        if not quantity:
            planned.append(replace(lot, sell=ZERO))
            continue
        result = lot.allowed.part(loss_of(lot, quantity))
        gains = with_more(gains, result.short, result.long, is_collectible=result.is_collectible)
        saved = before - at_hand.rest.tax(gains).total
        planned.append(replace(lot, sell=quantity, saves_so_far=saved))
    return planned


def _most_saved_first(lot: HarvestLot) -> tuple[Decimal, bool, Decimal, Decimal, str, str, date, int]:
    """Of lots that save the same, those that are no wash sale, with the larger useful loss, that need the least for it.

    The Tax Table moves in steps, so that lots of different size may save the same. Of lots that save nothing the
    larger loss comes first.
    """
    assert lot.saves is not None
    assert lot.useful_loss is not None
    size = -lot.unrealized if lot.saves else lot.unrealized
    return -lot.saves, lot.wash is not None, -lot.useful_loss, size, lot.asset, lot.account, lot.acquired, lot.row


def _largest_first(lot: HarvestLot) -> tuple[Decimal, bool, str, str, date, int]:
    return lot.unrealized + lot.disallowed, lot.wash is not None, lot.asset, lot.account, lot.acquired, lot.row


def _untaxed_gain(others: Iterable[HarvestLot], at_hand: YearAtHand) -> tuple[str, ...]:
    """That long-term gain may be taken without income tax, where there is room in the 0% band and something to sell."""
    if at_hand.rest is None or at_hand.gains.net < ZERO or not any(lot.long > ZERO for lot in others):
        return ()
    room = at_hand.rest.room_at_zero(at_hand.gains)
    if not room:
        return ()
    return (f"About {room:,.0f} dollars of long-term gain can still be taken this year at 0% income tax.",)


def _of_estimated_tax(
    report: TaxReport, held: Iterable[OpenLot], losses: Iterable[HarvestLot], as_of: date
) -> tuple[str, ...]:
    """What is to be paid next, and what selling as told does to it, where Settings are kept for estimated tax."""
    said = still_due(report, as_of)
    ticks = [
        Tick(LotKey(lot.row, lot.account, lot.lot, lot.acquired), lot.asset, lot.price, lot.sell)
        for lot in losses
        if lot.sell
    ]
    change = ""
    if ticks and next_installment(report, as_of) is not None:
        try:
            then, _ = with_sales(report, held, as_of, ticks)
        except (PlanRefused, InvalidLedger):
            return (said,) if said else ()
        change = change_of_installment(report, then, as_of, "Selling as shown under 'Sell'")
    return tuple(words for words in (said, change) if words)


def _notes(losses: Iterable[HarvestLot], prices: Mapping[str, Price], as_of: date) -> tuple[str, ...]:
    """What a person must know before acting on the list."""
    losses = list(losses)
    said = []
    if losses:
        said += [DEFERRAL, ONE_LOT]
    if any(lot.buy_back_from is not None for lot in losses):
        said.append(REINVESTING)
    if any(lot.asset_class.is_digital and lot.buy_back_from is None for lot in losses):
        said.append(
            "Plain digital assets are outside the wash-sale rules of today: 26 USC 1091 speaks of stock and securities."
        )
    old = sorted({price.day for price in prices.values() if price.day and (as_of - price.day).days > OLD_AFTER})
    if old:
        span = f"{old[0]:%m/%d/%Y}" if len(old) == 1 else f"{old[0]:%m/%d/%Y} to {old[-1]:%m/%d/%Y}"
        said.append(f"Some prices are old: they are of {span}.")
    return tuple(said)
