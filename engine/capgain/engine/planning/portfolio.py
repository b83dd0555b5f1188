"""What is held on a day, what it cost and what it is worth: by lot, by asset, by account and in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.classes import AssetClass, FilingStatus, Term
from capgain.engine.ledger import Price
from capgain.engine.money import EXACT, ZERO, from_cents, to_cents
from capgain.engine.planning.prices import OLD_AFTER, prices_on
from capgain.engine.planning.wash_windows import LastOf, WashWindows
from capgain.engine.report import TaxReport
from capgain.engine.results.held import OpenLot, OpenShort

SHORT_SALE = "short sale"
SOON = 30
"""Days before a lot turns long-term in which that is pointed out."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One open lot, or a short sale not yet closed, at the price of a day; dollars and cents, losses negative.

    A short sale has negative units, its proceeds as a negative basis, and no day on which it turns long-term.
    `is_taxed` is false in an IRA, and for a spouse's lot where they file separately. `row` and `lot` are those of the
    row that first acquired it. `contract_size` is 1, or how many units of what an option is on, whose price `price` is,
    one contract covers.
    """

    asset: str
    priced_as: str
    asset_class: AssetClass | None
    account: str
    quantity: Decimal
    acquired: date
    long_from: date | None
    basis: Decimal
    row: int
    lot: str
    is_ira: bool
    is_taxed: bool
    contract_size: Decimal
    price: Price | None

    @property
    def class_name(self) -> str:
        return SHORT_SALE if self.asset_class is None else self.asset_class.value

    @property
    def value(self) -> Decimal | None:
        """Units times price, times the size of an option's contract, to the cent; None without a price."""
        if self.price is None:
            return None
        return cents(EXACT.multiply(EXACT.multiply(self.quantity, self.contract_size), self.price.price))

    @property
    def gain(self) -> Decimal | None:
        """Value less basis, whoever owns it; None without a price."""
        value = self.value
        return None if value is None else value - self.basis

    @property
    def unrealized(self) -> Decimal | None:
        """The gain or loss that a sale would bring onto this return, before fees; None in an IRA and without price."""
        return self.gain if self.is_taxed else None

    def term(self, day: date) -> Term:
        """The term of a sale on that day; a short sale is short-term (26 USC 1233)."""
        return Term.LONG if self.long_from is not None and day >= self.long_from else Term.SHORT


@dataclass(frozen=True, slots=True)
class Sums:
    """Dollars of several holdings. `value`, `gain` and `priced_basis` are those of holdings with a price.

    `short`, `long` and `loss_to_harvest` leave out what is not taxed on this return.
    """

    lots: int
    basis: Decimal
    priced_basis: Decimal
    value: Decimal
    gain: Decimal
    short: Decimal
    long: Decimal
    loss_to_harvest: Decimal
    has_price: bool

    @property
    def percent(self) -> Decimal:
        """Gain as a part of the basis of what has a price, 0 where there is none."""
        return EXACT.divide(self.gain, abs(self.priced_basis)) if self.priced_basis else ZERO


@dataclass(frozen=True, slots=True)
class AssetHeld:
    """All lots of one asset. `next_long` is the next day on which one of them turns long-term.

    `last_purchase` and `last_loss` are None outside the wash-sale rules.
    """

    asset: str
    priced_as: str
    class_name: str
    units: Decimal
    sums: Sums
    price: Price | None
    next_long: date | None
    last_purchase: LastOf | None
    last_loss: LastOf | None


@dataclass(frozen=True, slots=True)
class AccountHeld:
    """All lots in one account; `kind` is a word of the sheet Accounts, "" where it is not stated."""

    account: str
    kind: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class SoldAtALoss:
    """An asset no longer held whose last loss a purchase could still wash away."""

    asset: str
    last_loss: LastOf


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is held at the prices of `as_of`. `assets`: the largest value first, then those without a price, then short
    sales; `accounts`: the largest value first.
    """

    as_of: date
    holdings: tuple[Holding, ...]
    assets: tuple[AssetHeld, ...]
    accounts: tuple[AccountHeld, ...]
    totals: Sums
    sold_at_a_loss: tuple[SoldAtALoss, ...]

    @property
    def unpriced(self) -> tuple[str, ...]:
        return tuple(asset.asset for asset in self.assets if asset.price is None)

    def weight(self, sums: Sums) -> Decimal | None:
        """The part of the whole value, None without a price."""
        if not sums.has_price:
            return None
        return EXACT.divide(sums.value, self.totals.value) if self.totals.value else ZERO

    def price_day(self, asset: AssetHeld) -> date | None:
        """The day of its price; one without date is of the day itself."""
        return None if asset.price is None else asset.price.day or self.as_of

    def days_to_long(self, asset: AssetHeld) -> int | None:
        return None if asset.next_long is None else (asset.next_long - self.as_of).days

    def wash_until(self, asset: AssetHeld) -> date | None:
        """Until this day, exclusive, a sale at a loss is a wash sale: something was bought in the last 30 days."""
        return None if asset.last_purchase is None else asset.last_purchase.window_on(self.as_of)

    def do_not_buy_before(self, asset: AssetHeld) -> date | None:
        """A purchase before this day would wash away the loss of the last sale."""
        return None if asset.last_loss is None else asset.last_loss.window_on(self.as_of)

    def watch(self, asset: AssetHeld) -> str:
        """The first thing to know about an asset, "" where there is none."""
        if asset.price is None:
            return "no price"
        if self.do_not_buy_before(asset) is not None:
            return "sold at a loss: wait"
        if self.wash_until(asset) is not None and asset.sums.loss_to_harvest < ZERO:
            return "bought in the last 30 days"
        days = self.days_to_long(asset)
        if days is not None and days <= SOON and asset.sums.short > ZERO:
            return "gain turns long soon"
        if days is not None and days <= SOON and asset.sums.short < ZERO:
            return "loss turns long soon"
        day = self.price_day(asset)
        return "old price" if day is not None and (self.as_of - day).days > OLD_AFTER else ""


def portfolio(report: TaxReport, as_of: date, *, prices: Iterable[Price] | None = None) -> Portfolio:
    """The open lots and shorts of `report` at the prices of the day; `prices` instead of the ledger's own.

    The lots are those of the report, whatever the day: ask for a report with `lots_as_of` to cut them too.
    """
    known = prices_on(report.ledger.prices if prices is None else prices, as_of)
    holdings = tuple(_holdings(report, known, as_of))
    windows = WashWindows(report, as_of)
    by_asset: dict[str, list[Holding]] = {}
    by_account: dict[str, list[Holding]] = {}
    for one in holdings:
        by_asset.setdefault(one.asset, []).append(one)
        by_account.setdefault(one.account, []).append(one)
    assets = [_asset(name, lots, windows, as_of) for name, lots in by_asset.items()]
    assets.sort(key=lambda one: (one.class_name == SHORT_SALE, one.price is None, -one.sums.value, one.asset))
    accounts = [AccountHeld(name, _kind(report, name), sums_of(lots, as_of)) for name, lots in by_account.items()]
    accounts.sort(key=lambda one: (-one.sums.value, one.account))
    gone = tuple(
        SoldAtALoss(asset, last)
        for asset, last in windows.losses_by_asset().items()
        if asset not in by_asset and last.window_on(as_of) is not None
    )
    return Portfolio(as_of, holdings, tuple(assets), tuple(accounts), sums_of(holdings, as_of), gone)


def _holdings(report: TaxReport, prices: Mapping[str, Price], as_of: date) -> Iterable[Holding]:
    status = report.ledger.settings.filing_status.of(as_of.year) or FilingStatus.SINGLE
    hidden = report.ledger.off_the_return(status)
    for lot in report.open_lots:
        price, size = prices.get(lot.asset.casefold()), report.ledger.contract_size(lot.asset)
        yield _lot(lot, price, size, is_taxed=not lot.is_ira and lot.account not in hidden)
    for short in report.open_shorts:
        price, size = prices.get(short.asset.casefold()), report.ledger.contract_size(short.asset)
        yield _short(short, price, size, is_taxed=short.account not in hidden)


def _lot(lot: OpenLot, price: Price | None, contract_size: Decimal, *, is_taxed: bool) -> Holding:
    return Holding(
        asset=lot.asset,
        priced_as=lot.asset,
        asset_class=lot.asset_class,
        account=lot.account,
        quantity=lot.quantity,
        acquired=lot.acquired,
        long_from=lot.long_from,
        basis=cents(lot.basis),
        row=lot.row,
        lot=lot.lot,
        is_ira=lot.is_ira,
        is_taxed=is_taxed,
        contract_size=contract_size,
        price=price,
    )


def _short(short: OpenShort, price: Price | None, contract_size: Decimal, *, is_taxed: bool) -> Holding:
    return Holding(
        asset=f"{short.asset} (short)",
        priced_as=short.asset,
        asset_class=None,
        account=short.account,
        quantity=-short.quantity,
        acquired=short.opened,
        long_from=None,
        basis=-cents(short.proceeds),
        row=short.row,
        lot="",
        is_ira=False,
        is_taxed=is_taxed,
        contract_size=contract_size,
        price=price,
    )


def cents(amount: Decimal) -> Decimal:
    """Dollars rounded to the cent."""
    return from_cents(to_cents(amount))


def sums_of(holdings: Iterable[Holding], as_of: date) -> Sums:
    """The sums of some holdings, with the terms of sales on that day."""
    lots = list(holdings)
    priced = [one for one in lots if one.price is not None]
    results = [(one.term(as_of), one.unrealized) for one in priced if one.unrealized is not None]
    value = sum((one.value for one in priced if one.value is not None), ZERO)
    basis = sum((one.basis for one in priced), ZERO)
    return Sums(
        lots=len(lots),
        basis=sum((one.basis for one in lots), ZERO),
        priced_basis=basis,
        value=value,
        gain=value - basis,
        short=sum((result for term, result in results if term is Term.SHORT), ZERO),
        long=sum((result for term, result in results if term is Term.LONG), ZERO),
        loss_to_harvest=sum((result for _, result in results if result < ZERO), ZERO),
        has_price=bool(priced),
    )


def _asset(name: str, lots: list[Holding], windows: WashWindows, as_of: date) -> AssetHeld:
    first = lots[0]
    units = ZERO
    for one in lots:
        units = EXACT.add(units, one.quantity)
    to_come = [one.long_from for one in lots if one.long_from is not None and one.long_from > as_of]
    held = first.asset_class
    return AssetHeld(
        asset=name,
        priced_as=first.priced_as,
        class_name=first.class_name,
        units=units,
        sums=sums_of(lots, as_of),
        price=first.price,
        next_long=min(to_come, default=None),
        last_purchase=None if held is None else windows.last_purchase(name, held),
        last_loss=None if held is None else windows.last_loss(name, held),
    )


def _kind(report: TaxReport, name: str) -> str:
    account = report.ledger.accounts.get(name)
    return "" if account is None or account.kind is None else account.kind.value
