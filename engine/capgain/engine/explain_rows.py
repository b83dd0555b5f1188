"""A row of Form 8949 in sentences: what left, from which lot, at what basis, held how long, adjusted why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from capgain.engine.classes import Term
from capgain.engine.explain_adjustments import WashSales, adjustment_sentences, moved_in_sentences
from capgain.engine.explain_changes import ChangesOfLots, change_sentences
from capgain.engine.explain_orders import OrdersOfLots
from capgain.engine.explain_positions import PositionRows, position_sentences
from capgain.engine.explanation import day, dollars
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import (
    AddBasis,
    Disposal,
    Entry,
    GiftIn,
    OptionEnd,
    PoolOut,
    Purchase,
    QOFDeferral,
    Rename,
    Transaction,
    TrustSale,
)
from capgain.engine.trust_holdings import held_by
from capgain.engine.units import plain_quantity, quantity_text

_DISPOSED: Mapping[Kind, str] = {
    Kind.SALE: "were sold",
    Kind.SPEND: "were spent, a sale at the value of what was bought",
    Kind.SWAP: "were traded for another asset, a sale at the value of what was received",
    Kind.FEE: "paid a fee, a sale at its value (Treas. Reg. 1.1001-7(b)(1)(ii))",
    Kind.CASH_IN_LIEU: "were fractional and paid out in cash",
    Kind.BOOT: "brought cash in a merger, taxed up to the gain (26 USC 356)",
    Kind.RETURN_OF_CAPITAL: "brought a return of capital beyond their basis (26 USC 301(c)(3))",
    Kind.SHORT: "closed a short sale (26 USC 1233)",
    Kind.WORTHLESS: "became worthless, sold for nothing on the last day of the year (26 USC 165(g))",
    Kind.EXPIRED: "expired, sold for nothing on the day of expiry (26 USC 1234(a)(2))",
    Kind.WRITTEN_EXPIRED: "expired unexercised, a gain of the premium (26 USC 1234(b))",
    Kind.TRUST_SALE: "stood for what the trust sold to pay its expenses (Treas. Reg. 1.671-5), and stay held",
    Kind.QOF_DEFERRAL: "were invested",
    Kind.QOF_INCLUSION: "is included",
    Kind.EXERCISED: "were sold at the strike price by exercising a put, less what the put cost",
    Kind.ASSIGNED: "were sold at the strike price of a call that was assigned, with what writing it brought",
    Kind.BAD_DEBT: "became wholly worthless, a nonbusiness bad debt (26 USC 166(d)(1))",
}


E = TypeVar("E")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Background:
    """What explanations of rows ask of a ledger.

    `transactions` by ledger row, `renames` by the new name, `pay` that joined a basis by lot and asset.
    """

    transactions: Mapping[int, Transaction]
    wash_sales: WashSales
    positions: PositionRows
    changes: ChangesOfLots
    orders: OrdersOfLots
    renames: Mapping[str, Sequence[Rename]]
    pay: Mapping[tuple[str, str], Sequence[AddBasis]]

    @classmethod
    def of(cls, report: TaxReport) -> Background:
        rows = report.ledger.transactions
        return cls(
            {entry.row: entry for entry in rows},
            WashSales.of(report),
            PositionRows.of(report.ledger),
            ChangesOfLots.of(rows),
            OrdersOfLots.of(report.ledger),
            _by(lambda entry: entry.received_asset, (entry for entry in rows if isinstance(entry, Rename))),
            _by(lambda entry: (entry.lot, entry.asset), (entry for entry in rows if isinstance(entry, AddBasis))),
        )


def _by(key: Callable[[E], K], entries: Iterable[E]) -> Mapping[K, Sequence[E]]:
    found: defaultdict[K, list[E]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return found


def sentences(row: Disposition, background: Background) -> Iterator[str]:
    """How a row of Form 8949 came about."""
    transactions, wash_sales = background.transactions, background.wash_sales
    if row.kind in (Kind.QOF_DEFERRAL, Kind.QOF_INCLUSION):
        yield from _of_opportunity_fund(row, transactions)
        return
    where = f" from {row.account}" if row.account else ""
    yield (
        f"Ledger row {row.row}: {quantity_text(row.units)} {row.asset}{where} {_DISPOSED[row.kind]} on "
        f"{day(row.sold)}; proceeds {dollars(row.proceeds)}{_of_row(row, transactions.get(row.row))}."
    )
    yield _lot(row, transactions)
    yield from background.orders.sentence(row, transactions.get(row.row))
    if row.kind is Kind.TRUST_SALE and isinstance(sold := transactions.get(row.row), TrustSale):
        yield (
            f"{sold.fraction} of the basis of {quantity_text(row.units)} {row.asset} went with the "
            f"{held_by(row.asset)} sold; the expenses it paid are not deductible (26 USC 67(g))."
        )
    yield from _pay_added(row, background)
    yield from _by_option(row, transactions, wash_sales)
    yield from _new_names(row, transactions.get(row.lot_row), background)
    yield from change_sentences(row, transactions.get(row.lot_row), background.changes)
    yield from position_sentences(row, transactions, background.positions)
    if row.kind is Kind.CASH_IN_LIEU:
        yield (
            f"{quantity_text(row.units)} {row.asset} were paid in cash: {dollars(row.proceeds)} against "
            f"{dollars(row.basis)} of basis (Pub. 550, Fractional shares)."
        )
    yield from moved_in_sentences(row, wash_sales)
    if row.codes:
        yield from adjustment_sentences(row, wash_sales)
    yield (
        f"{_result(row.gain)} = {dollars(row.proceeds)} - {dollars(row.basis)}"
        f"{_signed(row.adjustment) if row.adjustment_cents else ''}; {_held(row)}; Form 8949 box {row.box}."
    )


def _of_opportunity_fund(row: Disposition, transactions: Mapping[int, Transaction]) -> Iterator[str]:
    """A gain deferred into a qualified opportunity fund, or included again (26 USC 1400Z-2)."""
    deferral, lot = transactions.get(row.lot_row), f" ({row.lot})" if row.lot else ""
    if row.kind is Kind.QOF_DEFERRAL:
        yield (
            f"Ledger row {row.row}: {dollars(-row.adjustment)} of {row.term.value}-term gain of {day(row.sold)} is "
            f"deferred, invested in fund {row.asset}{lot} on {day(row.acquired)} (26 USC 1400Z-2(a)(1)): code Z, box "
            f"{row.box}."
        )
        return
    of = f" of the {dollars(deferral.amount)} deferred in" if isinstance(deferral, QOFDeferral) else " deferred in"
    by_law = " by law" if row.row == row.lot_row else ""
    yield (
        f"Ledger row {row.row}: {dollars(row.adjustment)}{of} fund {row.asset}{lot} is included{by_law} on "
        f"{day(row.sold)}, {row.term.value}-term as the gain was, less the basis of five or seven years and no more "
        f"than its value (26 USC 1400Z-2(b)): code Y, box {row.box}."
    )


def _of_row(row: Disposition, entry: Transaction | None) -> str:
    """The row's own amount and fee, which its lots share."""
    if row.kind not in (Kind.SALE, Kind.SPEND, Kind.SWAP) or not isinstance(entry, Disposal):
        return ""
    if isinstance(entry, PoolOut):
        return ""
    share = "the whole" if entry.quantity == row.quantity else "the share"
    less = f" less the fee of {dollars(entry.fee)}" if entry.fee else ""
    return f", {share} of {dollars(entry.amount)}{less}"


def _lot(row: Disposition, transactions: Mapping[int, Transaction]) -> str:
    if row.lot_row == 0:
        return f"No row shows how these units were acquired: their basis is taken as {dollars(row.basis)}."
    name = f" ({row.lot})" if row.lot else ""
    entry = transactions.get(row.lot_row)
    if isinstance(entry, GiftIn):
        tacked = not row.acquired_text and row.held_since != row.acquired
        donor = f", acquired by the donor on {day(row.held_since)}" if tacked else ""
        at = f" on {day(entry.at.date())}{donor}"
        return (
            f"Lot: row {row.lot_row}{name}, received as a gift{at} (26 USC 1015); basis of the units that left: "
            f"{dollars(row.basis)}."
        )
    when = "" if row.acquired_text else f" on {day(row.acquired)}"
    text = f"Lot: row {row.lot_row}{name}, {(entry or Entry).how_acquired}{when}"
    if isinstance(entry, Purchase):
        cost = f" plus the fee of {dollars(entry.fee)}" if entry.fee else ""
        text += f", {plain_quantity(entry.quantity)} units for {dollars(entry.amount)}{cost}"
    return f"{text}; basis of the units that left: {dollars(row.basis)}."


def _pay_added(row: Disposition, background: Background) -> Iterator[str]:
    """Pay on Form W-2 that joined the basis of the lot."""
    for entry in background.pay.get((row.lot, row.asset), ()) if row.lot else ():
        if entry.at.date() <= row.sold:
            yield f"{dollars(entry.amount)} joined the basis of lot {row.lot} by row {entry.row} (Add Basis)."


def _by_option(row: Disposition, transactions: Mapping[int, Transaction], wash_sales: WashSales) -> Iterator[str]:
    """What of a price was the strike price and what the option's (Pub. 550, Options)."""
    sold, lot = transactions.get(row.row), transactions.get(row.lot_row)
    if isinstance(sold, OptionEnd) and row.kind in (Kind.EXERCISED, Kind.ASSIGNED):
        strike, fee = sold.share_of_strike(row.quantity)
        if strike is not None and not row.adjustment_cents:
            rest = row.proceeds - strike + fee
            of_option = "paid for the put" if row.kind is Kind.EXERCISED else "received for the call"
            sign = "-" if rest < 0 else "+"
            yield f"Proceeds: {dollars(strike)} - {dollars(fee)} {sign} {dollars(abs(rest))} {of_option}."
    if isinstance(lot, OptionEnd) and row.asset != lot.asset and row.lot_row not in wash_sales.by_replacement:
        strike, fee = lot.share_of_strike(row.quantity)
        if strike is not None:
            rest = row.basis - strike - fee
            is_call = rest >= 0
            how, of_option = ("exercise", "paid") if is_call else ("assignment", "received")
            yield (
                f"{quantity_text(row.units)} {row.asset} bought by {how}: {dollars(strike)} + {dollars(fee)} "
                f"{'+' if is_call else '-'} {dollars(abs(rest))} {of_option} for the option."
            )


def _new_names(row: Disposition, lot: Transaction | None, background: Background) -> Iterator[str]:
    """That what was bought under another name is the same asset."""
    if lot is None or row.asset in (lot.asset, *(asset for _, asset, _ in lot.names_too())):
        return
    for entry in background.renames.get(row.asset, ()):
        if entry.at.date() <= row.sold:
            yield f"{entry.asset} is called {entry.received_asset} since {entry.at.date()}."


def _held(row: Disposition) -> str:
    if row.acquired_text == "VARIOUS":
        return f"acquired on various days, {row.term.value}-term as stated"
    if row.kind is Kind.BAD_DEBT:
        return "short-term however long it was owed (26 USC 166(d)(1)(B))"
    if row.acquired_text == "INHERITED":
        return "long-term because inherited (26 USC 1223(9))"
    term = "more than one year, long-term" if row.term is Term.LONG else "one year or less, short-term"
    since = f"held from the day after {day(row.held_since)}"
    if row.held_since != row.acquired:
        since += " (the holding period of an earlier lot is added or restarted)"
    return f"{since}: {term}"


def _result(gain: Decimal) -> str:
    if gain < 0:
        return f"Loss of {dollars(-gain)}"
    return f"Gain of {dollars(gain)}"


def _signed(amount: Decimal) -> str:
    return f" {'-' if amount < 0 else '+'} {dollars(abs(amount))}"
