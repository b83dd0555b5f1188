"""A row of Form 8949 in sentences: what left, from which lot, at what basis, held how long, adjusted why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from capgain.engine import money
from capgain.engine.classes import Term
from capgain.engine.explain_positions import PositionRows, position_sentences
from capgain.engine.money import EXACT, from_cents
from capgain.engine.results import Disposition, Kind, WashSale, quantity_text
from capgain.engine.transactions import (
    AddBasis,
    Disposal,
    Entry,
    OptionEnd,
    PoolOut,
    Purchase,
    QOFDeferral,
    Rename,
    Transaction,
    TrustSale,
)
from capgain.engine.trust_holdings import held_by

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

_CODES: Mapping[str, str] = {
    "B": "the basis reported by the broker is wrong",
    "C": "a collectible",
    "D": "accrued market discount",
    "E": "selling expenses or option premiums not in the broker's figures",
    "H": "gain on a main home excluded",
    "L": "a loss that may not be deducted",
    "M": "several transactions on one row",
    "N": "received as a nominee for somebody else",
    "O": "another adjustment",
    "P": "a nonresident's sale of a partnership interest",
    "Q": "gain on small business stock excluded",
    "R": "gain rolled over",
    "S": "a loss on small business stock above the ordinary limit",
    "T": "the broker reported the wrong term",
    "W": "a wash sale",
    "X": "exclusion for DC Zone or qualified community assets",
    "Y": "gain deferred in a qualified opportunity fund now recognised",
    "Z": "gain deferred into a qualified opportunity fund",
}


@dataclass(frozen=True, slots=True)
class WashSales:
    """The ledger's wash sales by the rows they concern."""

    by_loss: Mapping[tuple[int, int], Sequence[WashSale]] = field(default_factory=dict)
    by_replacement: Mapping[int, Sequence[WashSale]] = field(default_factory=dict)

    @classmethod
    def of(cls, wash_sales: Iterable[WashSale]) -> WashSales:
        by_loss: defaultdict[tuple[int, int], list[WashSale]] = defaultdict(list)
        by_replacement: defaultdict[int, list[WashSale]] = defaultdict(list)
        for wash in wash_sales:
            by_loss[wash.loss_row, wash.loss_lot_row].append(wash)
            by_replacement[wash.replacement_row].append(wash)
        return cls(by_loss, by_replacement)


def dollars(amount: Decimal) -> str:
    """`$1,234.56`, negative amounts as `-$1,234.56`."""
    return money.dollars(amount, "$")


def day(moment: date) -> str:
    """`06/03/2024`, as the forms write it."""
    return f"{moment:%m/%d/%Y}"


def sentences(
    row: Disposition, transactions: Mapping[int, Transaction], wash_sales: WashSales, positions: PositionRows
) -> Iterator[str]:
    """How a row of Form 8949 came about; `transactions` by ledger row."""
    if row.kind in (Kind.QOF_DEFERRAL, Kind.QOF_INCLUSION):
        yield from _of_opportunity_fund(row, transactions)
        return
    where = f" from {row.account}" if row.account else ""
    yield (
        f"Ledger row {row.row}: {quantity_text(row.units)} {row.asset}{where} {_DISPOSED[row.kind]} on "
        f"{day(row.sold)}; proceeds {dollars(row.proceeds)}{_of_row(row, transactions.get(row.row))}."
    )
    yield _lot(row, transactions)
    if row.kind is Kind.TRUST_SALE and isinstance(sold := transactions.get(row.row), TrustSale):
        yield (
            f"{sold.fraction} of the basis of {quantity_text(row.units)} {row.asset} went with the "
            f"{held_by(row.asset)} sold; the expenses it paid are not deductible (26 USC 67(g))."
        )
    yield from _pay_added(row, transactions)
    yield from _by_option(row, transactions, wash_sales)
    yield from _new_names(row, transactions)
    yield from position_sentences(row, transactions, positions)
    if row.kind is Kind.CASH_IN_LIEU:
        yield (
            f"{quantity_text(row.units)} {row.asset} were paid in cash: {row.proceeds:,.2f} against {row.basis:,.2f} "
            "of basis (Pub. 550, Fractional shares)."
        )
    yield from _basis_moved_in(row, wash_sales)
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
    when = "" if row.acquired_text else f" on {day(row.acquired)}"
    text = f"Lot: row {row.lot_row}{name}, {(entry or Entry).how_acquired}{when}"
    if isinstance(entry, Purchase):
        cost = f" plus the fee of {dollars(entry.fee)}" if entry.fee else ""
        text += f", {quantity_text(to_units(entry.quantity))} units for {dollars(entry.amount)}{cost}"
    return f"{text}; basis of the units that left: {dollars(row.basis)}."


def _pay_added(row: Disposition, transactions: Mapping[int, Transaction]) -> Iterator[str]:
    """Pay on Form W-2 that joined the basis of the lot."""
    for entry in transactions.values() if row.lot else ():
        if not isinstance(entry, AddBasis) or entry.at.date() > row.sold:
            continue
        if (entry.lot, entry.asset) == (row.lot, row.asset):
            yield f"{dollars(entry.amount)} joined the basis of lot {row.lot} by row {entry.row} (Add Basis)."


def _by_option(row: Disposition, transactions: Mapping[int, Transaction], wash_sales: WashSales) -> Iterator[str]:
    """What of a price was the strike price and what the option's (Pub. 550, Options)."""
    sold, lot = transactions.get(row.row), transactions.get(row.lot_row)
    if isinstance(sold, OptionEnd) and row.kind in (Kind.EXERCISED, Kind.ASSIGNED):
        strike, fee = sold.share_of_strike(row.quantity)
        if strike is not None and not row.adjustment_cents:
            rest = row.proceeds - strike + fee
            of_option = "paid for the put" if row.kind is Kind.EXERCISED else "received for the call"
            yield f"Proceeds: {strike:,.2f} - {fee:,.2f} {'-' if rest < 0 else '+'} {abs(rest):,.2f} {of_option}."
    if isinstance(lot, OptionEnd) and row.asset != lot.asset and row.lot_row not in wash_sales.by_replacement:
        strike, fee = lot.share_of_strike(row.quantity)
        if strike is not None:
            rest = row.basis - strike - fee
            is_call = rest >= 0
            how, of_option = ("exercise", "paid") if is_call else ("assignment", "received")
            yield (
                f"{quantity_text(row.units)} {row.asset} bought by {how}: {strike:,.2f} + {fee:,.2f} "
                f"{'+' if is_call else '-'} {abs(rest):,.2f} {of_option} for the option."
            )


def _new_names(row: Disposition, transactions: Mapping[int, Transaction]) -> Iterator[str]:
    """That what was bought under another name is the same asset."""
    lot = transactions.get(row.lot_row)
    if lot is None or row.asset in (lot.asset, *(asset for _, asset, _ in lot.names_too())):
        return
    for entry in transactions.values():
        if isinstance(entry, Rename) and entry.received_asset == row.asset and entry.at.date() <= row.sold:
            yield f"{entry.asset} is called {entry.received_asset} since {entry.at.date()}."


def _basis_moved_in(row: Disposition, wash_sales: WashSales) -> Iterator[str]:
    """Losses that an earlier wash sale moved into this lot's basis."""
    for wash in wash_sales.by_replacement.get(row.lot_row, ()):
        if wash.loss_row != row.row and not wash.permanent:
            yield (
                f"The lot of row {row.lot_row} replaced shares sold at a loss on row {wash.loss_row}: "
                f"{dollars(wash.disallowed)} of that loss is in the basis of {quantity_text(wash.units)} units "
                "(26 USC 1091(d))."
            )


def adjustment_sentences(row: Disposition, wash_sales: WashSales) -> Iterator[str]:
    """Why a row has a code in column (f) and an amount in (g)."""
    words = "; ".join(f"{code}: {_CODES.get(code, 'see the instructions')}" for code in row.codes)
    yield f"Column (f) {row.codes} ({words}); column (g) {dollars(row.adjustment)}."
    yield from _corrections(row)
    for wash in wash_sales.by_loss.get((row.row, row.lot_row), ()):
        where = f" in {wash.replacement_account}" if wash.replacement_account else ""
        bought = (
            f"{quantity_text(wash.units)} {wash.replacement_asset} bought{where} on {day(wash.acquired)} (row "
            f"{wash.replacement_row}) stand within 30 days of the sale"
        )
        if wash.by_sale:
            yield (
                f"{dollars(wash.disallowed)} of the loss is disallowed and nothing takes it up: "
                f"{quantity_text(wash.units)} {wash.replacement_asset} were sold{where} on {day(wash.acquired)} (row "
                f"{wash.replacement_row}), within 30 days of closing the short sale (26 USC 1091(e)(1))."
            )
        elif wash.permanent:
            yield (
                f"{dollars(wash.disallowed)} of the loss is disallowed for good: {bought}, in an IRA "
                "(Rev. Rul. 2008-5)."
            )
        else:
            yield (
                f"{dollars(wash.disallowed)} of the loss is disallowed and moves into the basis of the replacement: "
                f"{bought} (26 USC 1091)."
            )


def _corrections(row: Disposition) -> Iterator[str]:
    """What the broker's figures in (d) and (e) are corrected by."""
    form = row.on_1099
    if form is None:
        return
    where = f" (sheet 1099, row {form.row})" if form.row else ""
    if form.expense_cents:
        yield (
            f"Column (d) has the {dollars(row.proceeds)} of the Form 1099{where}; {dollars(row.net_proceeds)} were "
            f"received net of costs: {dollars(from_cents(form.expense_cents))} in (g)."
        )
    if form.basis_cents:
        yield (
            f"Column (e) has the {dollars(row.basis)} of the Form 1099{where}; the correct basis is "
            f"{dollars(row.correct_basis)}: {dollars(from_cents(form.basis_cents))} in (g)."
        )
    if form.discount_cents:
        yield f"{dollars(from_cents(-form.discount_cents))} of the gain is accrued market discount, which is interest."


def to_units(quantity: Decimal) -> int:
    """A quantity in 10^-18 of a unit."""
    return int(quantity.scaleb(18, context=EXACT))


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
