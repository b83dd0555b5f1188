"""What may make a broker's figure differ from ours: fees, pay, losses moved in, bases no broker has. Cents by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from capgain.engine.classes import AssetClass, Term
from capgain.engine.forms.form_1099.brokers_view import BrokersView, SaleAndLot
from capgain.engine.holding_period import long_term_from
from capgain.engine.ledger import Ledger
from capgain.engine.money import share_out, to_cents
from capgain.engine.results.dispositions import Disposition, Kind, is_coin_fee
from capgain.engine.transactions import (
    Acquisition,
    CorporateAction,
    Disposal,
    GiftIn,
    Income,
    Inherit,
    OptionEnd,
    Purchase,
    ShortSell,
    Transaction,
)
from capgain.engine.units import quantity_of, to_units


class SaleFacts:
    """The facts of a year's rows, worked out when asked for; all amounts in cents and positive."""

    def __init__(self, ledger: Ledger, rows: Sequence[Disposition], brokers: BrokersView) -> None:
        self._ledger = ledger
        self._rows = rows
        self.brokers = brokers

    @cached_property
    def entries(self) -> Mapping[int, Transaction]:
        return {entry.row: entry for entry in self._ledger.transactions}

    def sale(self, row: Disposition) -> Disposal | None:
        """The row's own sale; None for a row that a corporate action or a coin fee makes."""
        entry = self.entries.get(row.row)
        return entry if isinstance(entry, Disposal) and not is_coin_fee(row.kind, entry) else None

    @cached_property
    def _sales(self) -> Mapping[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(self._rows):
            found[row.row].append(place)
        return found

    @cached_property
    def _fees(self) -> dict[int, Mapping[int, int]]:
        return {}

    def fee(self, place: int) -> int:
        """The row's share, by proceeds, of what selling cost."""
        row = self._rows[place]
        if row.row not in self._fees:
            entry = self.sale(row)
            places = [at for at in self._sales[row.row] if not self._is_fee(at)]
            costs = to_cents(entry.costs) if entry is not None and row.kind is not Kind.SHORT else 0
            net = [max(0, self._rows[at].net_cents) for at in places]
            parts = share_out(costs, net if sum(net) else [self._rows[at].units for at in places])
            self._fees[row.row] = dict(zip(places, parts, strict=True))
        opened = self.entries.get(row.lot_row)
        if row.kind is Kind.SHORT and isinstance(opened, ShortSell):
            return round(Fraction(to_cents(opened.costs) * row.units, to_units(opened.quantity)))
        return self._fees[row.row].get(place, 0)

    def _is_fee(self, place: int) -> bool:
        row = self._rows[place]
        entry = self.entries.get(row.row)
        return entry is not None and is_coin_fee(row.kind, entry)

    def purchase_fee(self, place: int) -> int:
        """What buying these units cost beside their price, which is in our basis."""
        lot = self.entries.get(self._rows[place].lot_row)
        if isinstance(lot, OptionEnd):
            return self._of_option(place, lot)[1]
        return round(to_cents(lot.costs) * self._part(place, lot)) if isinstance(lot, Purchase) else 0

    def option(self, place: int) -> int:
        """What a call cost that bought these units; negative: what a put brought that was assigned."""
        lot = self.entries.get(self._rows[place].lot_row)
        return self._of_option(place, lot)[0] if isinstance(lot, OptionEnd) else 0

    def _of_option(self, place: int, lot: OptionEnd) -> tuple[int, int]:
        """What is in the basis beside the strike price: of the option, and the fee; 0 where its share is not known."""
        row = self._rows[place]
        if row.asset != lot.contract.underlying or row.asset in self._changed_assets:
            return 0, 0
        strike, fee = lot.share_of_strike(quantity_of(row.units))
        if strike is None:
            return 0, 0
        beside = row.correct_basis_cents - self.moved_in(place) - to_cents(strike)
        return beside - to_cents(fee), to_cents(fee)

    def strike_of_sale(self, place: int) -> tuple[int, int] | None:
        """Strike price and fee of the row's units where the sale is the end of an option, None where it is none."""
        row = self._rows[place]
        sale = self.sale(row)
        if not isinstance(sale, OptionEnd):
            return None
        strike, fee = sale.share_of_strike(quantity_of(row.units))
        return None if strike is None else (to_cents(strike), to_cents(fee))

    def pay(self, place: int) -> int:
        """What of the basis was taxed as pay: column Compensation; of stock received as income all of it."""
        row = self._rows[place]
        lot = self.entries.get(row.lot_row)
        if not isinstance(lot, Purchase):
            return 0
        paid = lot.compensation
        if paid is None:
            if not isinstance(lot, Income) or row.asset_class is not AssetClass.STOCK:
                return 0
            paid = lot.amount
        return round(to_cents(paid) * self._part(place, lot))

    def _part(self, place: int, lot: Purchase) -> Fraction:
        """The part of a purchase that these units are: by units, or by basis where a corporate action changed them."""
        row = self._rows[place]
        if row.asset not in self._changed_assets and lot.asset == row.asset:
            return Fraction(row.units, to_units(lot.quantity))
        whole = to_cents(lot.amount + lot.costs)
        return Fraction(row.correct_basis_cents - self.moved_in(place), whole) if whole else Fraction(0)

    @cached_property
    def _changed_assets(self) -> frozenset[str]:
        return frozenset(entry.asset for entry in self._ledger.transactions if isinstance(entry, CorporateAction))

    def moved_in(self, place: int) -> int:
        """Losses of other accounts and securities in the basis of these units; negative where the broker moves more."""
        row = self._rows[place]
        brokers = self.brokers
        if not brokers.has_wash_sales_across:
            return 0
        key: SaleAndLot = row.row, row.lot_row
        parts = [at for at in self._sales[row.row] if self._rows[at].lot_row == row.lot_row]
        seen = brokers.of(*key)
        if seen is None or seen.units != sum(self._rows[at].units for at in parts):
            return 0
        own = sum(self._rows[at].correct_basis_cents for at in parts)
        shares = share_out(seen.basis, [self._rows[at].units for at in parts])
        if own == seen.basis:
            return 0
        return row.correct_basis_cents - shares[parts.index(place)]

    def basis_no_broker_has(self, place: int) -> int:
        """The basis of a lot that came from another account, as a gift or by inheritance."""
        row = self._rows[place]
        lot = self.entries.get(row.lot_row)
        if lot is None:
            return 0
        foreign = isinstance(lot, Acquisition) and lot.account not in ("", row.account)
        return row.correct_basis_cents if foreign or isinstance(lot, GiftIn | Inherit) else 0

    def broker_term(self, place: int) -> Term:
        """The term as the broker counts it: without what wash sales elsewhere add to the holding period."""
        row = self._rows[place]
        if row.held_since == row.acquired or not self.brokers.has_wash_sales_across:
            return row.term
        seen = self.brokers.of(row.row, row.lot_row)
        return next(iter(seen.terms)) if seen is not None and len(seen.terms) == 1 else row.term

    def plain_term(self, place: int) -> Term:
        """The term by the day of acquisition alone."""
        row = self._rows[place]
        lot = self.entries.get(row.lot_row)
        day = lot.at.date() if isinstance(lot, GiftIn) else row.acquired
        return Term.LONG if row.sold >= long_term_from(day) else Term.SHORT

    def tacks(self, place: int) -> bool:
        """Whether the holding period is not that from purchase to sale: wash sale, gift, inheritance, merger."""
        row = self._rows[place]
        lot = self.entries.get(row.lot_row)
        is_tacked = row.held_since != row.acquired or bool(row.acquired_text)
        return is_tacked or isinstance(lot, GiftIn | Inherit) or row.kind is Kind.SHORT

    def washed_elsewhere(self, places: Iterable[int]) -> int:
        """Losses of these rows whose replacement lies in another account or is another security."""
        keys = {(self._rows[place].row, self._rows[place].lot_row) for place in places}
        return sum(self.brokers.washed_elsewhere(*key) for key in keys)


Fact = Callable[[SaleFacts, int], int]

BASIS_CAUSES: Mapping[str, Fact] = {
    "purchase fee": SaleFacts.purchase_fee,
    "wash across accounts": SaleFacts.moved_in,
    "pay": SaleFacts.pay,
    "option": SaleFacts.option,
    "no basis known": SaleFacts.basis_no_broker_has,
}
"""Why a broker's basis may be lower than ours, in the order in which they are tried."""
