"""What the sheet `Harvest` lists and works out: the lots, the purchases of the last days, and the ticked sales.

The ticks are figured here by the sheet's own rule, so that each formula has its value; `capgain harvest --ticked` has
the engine figure them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import AssetClass, Term, WashScope
from capgain.engine.compute import compute
from capgain.engine.forms.tax import Gains
from capgain.engine.identical_assets import identical_groups
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO
from capgain.engine.planning.contracts_at_price import at_prices
from capgain.engine.planning.copies import booked_by
from capgain.engine.planning.harvest import Harvest, HarvestLot, harvest
from capgain.engine.planning.portfolio import cents
from capgain.engine.planning.prices import worth
from capgain.engine.planning.ticked import LotKey
from capgain.engine.planning.year_at_hand import with_more
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import Buy, Income, Opening, Reinvest, Trade, Transaction
from capgain.workbook.report.context import Workpapers

MOST_LOTS = 500
"""Lots on the sheet; the command line lists all."""

SHARED_OUT = Decimal("0.02")

Ticks = Mapping[LotKey, Decimal | None]
"""Units to sell by lot, None for all of it."""


@dataclass(frozen=True, slots=True)
class ListedLot:
    """A lot that may be sold; `price` None where there is none. `basis` is to the cent, `exact_basis` is not.

    `contract_size` is how many units under an option's contract `price` counts for, 1 for all else.

    `is_special`: a rule of its own gives another result than value less basis (gifts, fund shares held briefly), so
    that `result` holds at this price alone.
    """

    key: LotKey
    asset: str
    asset_class: AssetClass
    quantity: Decimal
    long_from: date
    basis: Decimal
    exact_basis: Decimal
    contract_size: Decimal
    price: Decimal | None
    result: Decimal
    is_special: bool
    tick: Decimal | None
    """units to sell, all of them for a cross, None for no tick"""
    is_crossed: bool = False

    def term(self, day: date) -> Term:
        return Term.LONG if day >= self.long_from else Term.SHORT

    @property
    def sold(self) -> Decimal:
        return ZERO if self.tick is None or self.price is None else self.tick

    @property
    def proceeds(self) -> Decimal:
        """Of what is sold, not rounded."""
        return EXACT.multiply(EXACT.multiply(self.sold, self.contract_size), self.price or ZERO)

    @property
    def sale_result(self) -> Decimal:
        """What the sale brings before any wash sale."""
        if self.sold == self.quantity or not self.sold:
            return self.result if self.sold else ZERO
        if self.is_special or self.price is None:
            return cents(EXACT.divide(EXACT.multiply(self.result, self.sold), self.quantity))
        basis = EXACT.divide(EXACT.multiply(self.exact_basis, self.sold), self.quantity)
        return cents(self.proceeds) - cents(basis)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Units that may replace what is sold at a loss, or be sold at one themselves; `listed` is the place on the list.

    `bought` None: not acquired by purchase. `per_unit` counts an option's shares. `group` numbers assets that the law
    takes for the same.
    """

    group: int
    bought: date | None
    row: int
    quantity: Decimal
    per_unit: Decimal
    listed: int | None


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """Everything the sheet shows. `replaced` are the replaced units of each of `replacements`, with the ticks."""

    found: Harvest
    lots: tuple[ListedLot, ...]
    all_lots: int
    replacements: tuple[Replacement, ...]
    held_after: tuple[Decimal, ...]
    replaced: tuple[Decimal, ...]

    @property
    def has_contracts(self) -> bool:
        return any(lot.contract_size != 1 for lot in self.lots)

    @property
    def as_of(self) -> date:
        return self.found.as_of

    def replacement_of(self, place: int) -> int | None:
        """Where a lot of the list stands among the replacements; None for an asset outside the rule."""
        return next((at for at, one in enumerate(self.replacements) if one.listed == place and one.per_unit == 1), None)

    def not_allowed(self, place: int) -> Decimal:
        """What a wash sale takes away of a lot's loss."""
        at, lot = self.replacement_of(place), self.lots[place]
        if at is None or not self.replaced[at]:
            return ZERO
        share = EXACT.divide(EXACT.multiply(max(-lot.sale_result, ZERO), self.replaced[at]), lot.sold)
        return cents(share)

    def by_term(self, place: int) -> tuple[Decimal, Decimal]:
        """The short and the long result of a lot's sale, less what is not allowed."""
        lot = self.lots[place]
        allowed = lot.sale_result + self.not_allowed(place)
        return (allowed, ZERO) if lot.term(self.as_of) is Term.SHORT else (ZERO, allowed)

    @property
    def now(self) -> Gains:
        return self.found.at_hand.gains

    @property
    def then(self) -> Gains:
        """The gains of the year with the ticked sales."""
        gains = self.now
        for place, lot in enumerate(self.lots):
            short, long = self.by_term(place)
            gains = with_more(gains, short, long, is_collectible=lot.asset_class is AssetClass.COLLECTIBLE)
        return gains


def harvest_plan(papers: Workpapers, as_of: date, ticks: Ticks) -> HarvestPlan | None:
    """The plan for the last year shown; None in another year, without forms, or where no lot can be sold."""
    year = papers.years[-1] if papers.years else None
    report = papers.report
    if year != as_of.year or report.years[as_of.year].schedule_d is None:
        return None
    ledger = report.ledger
    found = harvest(ledger, as_of, report=report)
    known = booked_by(ledger, as_of)
    same = known is ledger and report.lots_as_of in (None, as_of)
    cut = at_prices(known, as_of.year, as_of)
    held = report.open_lots if same else compute(cut, through=as_of.year, lots_as_of=as_of).open_lots
    listed = _listed(found, held, ledger, ticks)
    if not listed:
        return None
    shown = tuple(listed[:MOST_LOTS])
    replacements = _replacements(ledger, held, shown, as_of)
    after, replaced = _replaced(replacements, shown, as_of)
    return HarvestPlan(found, shown, len(listed), replacements, after, replaced)


def _listed(found: Harvest, held: Sequence[OpenLot], ledger: Ledger, ticks: Ticks) -> list[ListedLot]:
    exact: dict[tuple[LotKey, str], Decimal] = {}
    for lot in held:
        key = LotKey.of(lot), lot.asset
        exact[key] = EXACT.add(exact.get(key, ZERO), lot.basis)
    listed = [_priced(lot, exact, ledger, ticks) for lot in (*found.losses, *found.others)]
    hidden = ledger.off_the_return(found.status)
    unpriced = frozenset(found.unpriced)
    for lot in held:
        if lot.asset in unpriced and not lot.is_ira and lot.account not in hidden:
            one = ListedLot(
                LotKey.of(lot), lot.asset, lot.asset_class, lot.quantity, lot.long_from, cents(lot.basis), lot.basis,
                ledger.contract_size(lot.asset), None, ZERO, False, None,
            )  # fmt: skip
            listed.append(_ticked(one, ticks))
    return listed


def _priced(
    lot: HarvestLot, exact_basis: Mapping[tuple[LotKey, str], Decimal], ledger: Ledger, ticks: Ticks
) -> ListedLot:
    key = LotKey(lot.row, lot.account, lot.lot, lot.acquired)
    value = cents(worth(ledger, lot.asset, lot.quantity, lot.price))
    exact = exact_basis.get((key, lot.asset), lot.basis)
    # Sold with everything else a lot's cents may be shared out otherwise than sold alone.
    if abs(cents(exact) - lot.basis) > SHARED_OUT:
        exact = lot.basis
    plain = value - cents(exact)
    is_special = abs(plain - lot.unrealized) > SHARED_OUT * 2 or bool(lot.short and lot.long)
    one = ListedLot(
        key=key,
        asset=lot.asset,
        asset_class=lot.asset_class,
        quantity=lot.quantity,
        long_from=lot.long_term_from,
        basis=cents(exact),
        exact_basis=exact,
        contract_size=ledger.contract_size(lot.asset),
        price=lot.price,
        result=lot.unrealized if is_special else plain,
        is_special=is_special,
        tick=None,
    )
    return _ticked(one, ticks)


def _ticked(lot: ListedLot, ticks: Ticks) -> ListedLot:
    if lot.key not in ticks:
        return lot
    units = ticks[lot.key]
    if units is None or units == lot.quantity:
        return replace(lot, tick=lot.quantity, is_crossed=True)
    return replace(lot, tick=min(units, lot.quantity))


def _replacements(
    ledger: Ledger, held: Sequence[OpenLot], shown: Sequence[ListedLot], as_of: date
) -> tuple[Replacement, ...]:
    """A row for each lot of every group on the list that the rule reaches, and for purchases of the next 30 days."""
    scope = ledger.settings.wash_sales
    if scope is WashScope.OFF:
        return ()
    groups = _Groups(ledger)
    wanted = {groups.of(lot.asset) for lot in shown if lot.asset_class.is_security or scope is WashScope.ALL}
    places = {(lot.key, lot.asset): place for place, lot in enumerate(shown)}
    entries = {entry.row: entry for entry in ledger.transactions}
    found: list[Replacement] = []
    for lot in held:
        entry = entries.get(lot.row)
        is_purchase = isinstance(entry, Buy | Reinvest | Income | Trade | Opening) and not lot.replaces
        bought = lot.acquired if is_purchase else None
        place = places.get((LotKey.of(lot), lot.asset))
        if groups.of(lot.asset) in wanted:
            found.append(Replacement(groups.of(lot.asset), bought, lot.row, lot.quantity, Decimal(1), place))
        if isinstance(entry, Buy) and entry.underlying and not lot.is_ira and groups.of(entry.underlying) in wanted:
            shares = entry.underlying_units or Decimal(1)
            found.append(Replacement(groups.of(entry.underlying), bought, lot.row, lot.quantity, shares, place))
    for entry in ledger.transactions:
        if as_of < entry.at.date() <= as_of + WINDOW:
            found += [
                Replacement(groups.of(asset), entry.at.date(), entry.row, quantity, Decimal(1), None)
                for asset, quantity in _bought(entry)
                if groups.of(asset) in wanted
            ]
    found.sort(key=lambda one: (one.group, one.bought or date.min, one.row))
    return tuple(found)


def _bought(entry: Transaction) -> list[tuple[str, Decimal]]:
    if isinstance(entry, Trade):
        return [entry.bought] if entry.bought is not None else []
    return [(entry.asset, entry.quantity)] if isinstance(entry, Buy | Reinvest | Income) else []


class _Groups:
    """A number for each asset; one for all that are identical, by Settings or under another name."""

    def __init__(self, ledger: Ledger) -> None:
        self._groups = identical_groups(ledger)
        self._numbers: dict[str, int] = {}

    def of(self, asset: str) -> int:
        return self._numbers.setdefault(self._groups.get(asset, asset), len(self._numbers) + 1)


def _replaced(
    rows: Sequence[Replacement], lots: Sequence[ListedLot], as_of: date
) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """Units still held of recent purchases, and the units of each loss that they replace.

    Each replacing unit serves once, the earliest bought is replaced first (Treas. Reg. 1.1091-1(b) to (d)), and the
    rest of the same purchase never replaces (Rev. Rul. 56-602).
    """
    after: list[Decimal] = []
    sold: list[Decimal] = []
    for row in rows:
        lot = None if row.listed is None else lots[row.listed]
        left = row.quantity - (lot.sold if lot is not None else ZERO)
        is_recent = row.bought is not None and abs((as_of - row.bought).days) <= WINDOW.days
        after.append(max(left, ZERO) * row.per_unit if is_recent else ZERO)
        at_a_loss = lot is not None and row.per_unit == 1 and lot.sale_result < ZERO
        sold.append(lot.sold if lot is not None and at_a_loss else ZERO)
    whole: dict[int, Decimal] = {}
    for row, units in zip(rows, after, strict=True):
        whole[row.group] = whole.get(row.group, ZERO) + units
    used: dict[int, Decimal] = {}
    replaced: list[Decimal] = []
    for row, units, loss in zip(rows, after, sold, strict=True):
        free = whole[row.group] - units - used.get(row.group, ZERO)
        taken = max(ZERO, min(loss, free))
        used[row.group] = used.get(row.group, ZERO) + taken
        replaced.append(taken)
    return tuple(after), tuple(replaced)
