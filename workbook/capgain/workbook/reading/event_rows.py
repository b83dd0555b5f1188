"""Rows about cash, corporate actions and orders, one small function for each type."""

from __future__ import annotations

from fractions import Fraction

from capgain.engine.classes import AssetClass, IncomeKind, Method
from capgain.engine.money import ZERO
from capgain.engine.transactions import (
    Allocation,
    CapitalGainDistribution,
    ContractGain,
    ContractLoss,
    Dividend,
    ExemptInterestDividend,
    GlobalAllocation,
    Interest,
    Merger,
    MethodOrder,
    Rename,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    TrustSale,
)
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.row_terms import fraction_moved, identified, income_kind, method, ratio, reported
from capgain.workbook.written.lot_words import LotOrder, read_account_order
from capgain.workbook.written.misread import Misread, is_blank

KINDS_OF_DIVIDEND = (IncomeKind.DIVIDEND, IncomeKind.QUALIFIED_DIVIDEND, IncomeKind.SUBSTITUTE_PAYMENT)
KINDS_OF_INTEREST = (IncomeKind.INTEREST, IncomeKind.REFERRAL, IncomeKind.SUBSTITUTE_PAYMENT)
"""What dollars are paid for."""


def dividend(cells: LedgerCells, i: int) -> Dividend:
    kind = income_kind(cells, i, KINDS_OF_DIVIDEND) or IncomeKind.DIVIDEND
    return Dividend(**cells.entry(i), amount=cells.cash(i), kind=kind)


def interest(cells: LedgerCells, i: int) -> Interest:
    if not is_blank(cells.raw("Quantity")[i]):
        cells.wrong(
            i,
            "Quantity",
            Misread(
                "Interest is cash, but the row has a Quantity.",
                "Use Income for interest paid in coins; else leave Quantity blank.",
                "INTEREST_IN_UNITS",
            ),
        )
    kind = income_kind(cells, i, KINDS_OF_INTEREST) or IncomeKind.INTEREST
    return Interest(**cells.entry(i), amount=cells.cash(i), kind=kind)


def capital_gain_distribution(cells: LedgerCells, i: int) -> CapitalGainDistribution:
    return CapitalGainDistribution(**cells.entry(i), amount=cells.cash(i))


def exempt_interest_dividend(cells: LedgerCells, i: int) -> ExemptInterestDividend:
    return ExemptInterestDividend(**cells.entry(i), amount=cells.cash(i))


def split(cells: LedgerCells, i: int) -> Split:
    """Quantity is units after per unit before; Amount is cash in lieu of a fraction."""
    return Split(**cells.entry(i), ratio=ratio(cells, i), cash_in_lieu=cells.dollars(i, "Amount") or ZERO)


def stock_dividend(cells: LedgerCells, i: int) -> StockDividend:
    """Quantity is new units per old unit, Basis the fraction moved; Amount is cash in lieu of a fraction."""
    per_unit = ratio(cells, i)
    received = cells.name(i, "Received Asset")
    if received and received == cells.asset[i]:
        cells.wrong(i, "Received Asset", _is_a_split(received, per_unit))
    return StockDividend(
        **cells.entry(i),
        received_asset=received,
        ratio=per_unit,
        basis_fraction=fraction_moved(cells, i),
        cash_in_lieu=cells.dollars(i, "Amount") or ZERO,
    )


def spin_off(cells: LedgerCells, i: int) -> SpinOff:
    """Quantity is new units per old unit, Basis the fraction moved; Amount is cash in lieu of a fraction."""
    received = cells.name(i, "Received Asset")
    _another_asset(cells, i, received)
    return SpinOff(
        **cells.entry(i),
        received_asset=received,
        ratio=ratio(cells, i),
        basis_fraction=fraction_moved(cells, i),
        cash_in_lieu=cells.dollars(i, "Amount") or ZERO,
    )


def merger(cells: LedgerCells, i: int) -> Merger:
    """Quantity is new units per old unit, Price cash per old unit, Amount the value of one new unit.

    With a Price alone the merger is for cash. Without a Price, Amount is cash in lieu of the fraction that the units in
    Received Quantity leave.
    """
    cash, amount = cells.dollars(i, "Price"), cells.dollars(i, "Amount")
    no_ratio = is_blank(cells.raw("Quantity")[i]) or cells.raw("Quantity")[i] == 0
    if cash and no_ratio and is_blank(cells.raw("Received Asset")[i]):
        return Merger(**cells.entry(i), received_asset="", ratio=Fraction(0), cash_per_unit=cash)
    received = cells.name(i, "Received Asset")
    _another_asset(cells, i, received)
    if cash and amount is None and is_blank(cells.raw("Amount")[i]):
        cells.missing(i, "Amount", "what one new unit was worth, since the merger pays cash")
    arrived = None
    if not is_blank(cells.raw("Received Quantity")[i]):
        arrived = cells.other_units(i, "Received Quantity")
    return Merger(
        **cells.entry(i),
        received_asset=received,
        ratio=ratio(cells, i),
        cash_per_unit=cash or ZERO,
        value_per_new_unit=amount if cash else None,
        arrived=arrived,
        cash_in_lieu=amount or ZERO if arrived is not None and not cash else ZERO,
        amount_unused=amount or ZERO if arrived is None and not cash else ZERO,
    )


def rename(cells: LedgerCells, i: int) -> Rename:
    """Received Asset is the new name; Quantity, where units changed too, new units per old unit."""
    received = cells.name(i, "Received Asset")
    _another_asset(cells, i, received)
    unchanged = is_blank(cells.raw("Quantity")[i])
    return Rename(**cells.entry(i), received_asset=received, ratio=Fraction(1) if unchanged else ratio(cells, i))


def return_of_capital(cells: LedgerCells, i: int) -> ReturnOfCapital:
    """Amount in total, or Price per unit held; with both, and Quantity, they must agree and Amount is used."""
    amount, per_unit = cells.dollars(i, "Amount"), cells.dollars(i, "Price")
    if is_blank(cells.raw("Amount")[i]):
        if is_blank(cells.raw("Price")[i]):
            cells.missing(i, "Amount", "the total in Amount, or dollars per unit held in Price", or_else="Price")
        return ReturnOfCapital(**cells.entry(i), per_unit=per_unit)
    if per_unit is not None and not is_blank(cells.raw("Quantity")[i]):
        cells.gross(i, cells.units(i))
    return ReturnOfCapital(**cells.entry(i), amount=amount)


def trust_sale(cells: LedgerCells, i: int) -> TrustSale:
    """Basis is the part of a share's holding that was sold, Price the proceeds of a share, Amount those of all."""
    per_share, amount = cells.dollars(i, "Price"), cells.dollars(i, "Amount")
    if is_blank(cells.raw("Price")[i]) and is_blank(cells.raw("Amount")[i]):
        cells.missing(i, "Price", "the proceeds of one share", or_else="Amount")
    elif per_share is not None and amount is not None:
        cells.wrong(
            i,
            "Amount",
            Misread(
                "Price and Amount are both given.", "Enter the proceeds of one share in Price alone.", "TWO_VALUES"
            ),
        )
    fraction = fraction_moved(cells, i)
    if not 0 < fraction < 1 and not is_blank(cells.raw("Basis")[i]):
        cells.wrong(
            i,
            "Basis",
            Misread(
                f"{fraction} is no part of what the trust holds.",
                "Enter units sold per share divided by units per share before, such as 0.00125 or 1/800.",
                "TRUST_FRACTION",
            ),
        )
    entry = cells.entry(i)
    holds, entry["asset_class"] = entry["asset_class"], None
    return TrustSale(
        **entry,
        fraction=fraction,
        per_share=per_share,
        amount=amount,
        holds=None if holds in (AssetClass.STOCK, AssetClass.FUND) else holds,
        reported=reported(cells, i),
        is_monthly=_is_monthly(cells, i),
    )


def _is_monthly(cells: LedgerCells, i: int) -> bool:
    word = cells.text(i, "Kind").casefold()
    if word not in ("", "monthly", "month"):
        misread = Misread(f"{word} is no kind of a Trust Sale.", "Use monthly, or leave Kind blank.", "UNKNOWN_KIND")
        cells.wrong(i, "Kind", misread)
    return bool(word)


def method_order(cells: LedgerCells, i: int) -> MethodOrder:
    """A standing order from Date on, for the Account and Asset named."""
    order = _needed_order(cells, i)
    return MethodOrder(
        **cells.entry(i), method=order.method, with_broker=order.with_broker, identified=identified(cells, i)
    )


def allocation(cells: LedgerCells, i: int) -> Allocation | GlobalAllocation:
    """With Lot and Quantity a specific unit allocation, with Method a global one over the wallets in Account."""
    lot = cells.lot[i]
    if bool(lot) == (not is_blank(cells.raw("Method")[i])):
        cells.wrong(
            i,
            "Lot",
            Misread(
                f"An Allocation names {'a Lot and a Method' if lot else 'neither a Lot nor a Method'}.",
                "Enter Lot, Quantity and Account to allocate units of a lot, or Method and, in Account, the wallets in "
                "order (Kraken > Coinbase) for a global allocation.",
                "ALLOCATION_SYNTAX",
            ),
        )
        return Allocation(**cells.entry(i), lot=lot, quantity=ZERO)
    if not cells.account[i]:
        cells.missing(i, "Account", "the wallet or account to which the units belong")
    if not lot:
        names = cells.checked(i, "Account", read_account_order(cells.text(i, "Account"))) or ()
        entry = cells.entry(i)
        entry["account"] = ""
        return GlobalAllocation(
            **entry,
            method=_needed_order(cells, i).method,
            accounts=tuple(map(cells.accounts.canonical, names)),
            identified=identified(cells, i),
        )
    if not cells.asset[i]:
        cells.missing(i, "Asset")
    return Allocation(**cells.entry(i), lot=lot, quantity=cells.units(i), identified=identified(cells, i))


def _needed_order(cells: LedgerCells, i: int) -> LotOrder:
    found = method(cells, i)
    if found is None and is_blank(cells.raw("Method")[i]):
        cells.missing(i, "Method")
    return found or LotOrder(Method.FIFO)


def _another_asset(cells: LedgerCells, i: int, received: str) -> None:
    if received and received == cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(f"{received} is both Asset and Received Asset.", "Enter the new asset.", "SAME_ASSET"),
        )


def _is_a_split(asset: str, per_unit: Fraction) -> Misread:
    return Misread(
        f"A Stock Dividend of {asset} on {asset} is a split.",
        f"Use Split with Quantity {per_unit + 1}, units after per unit before, with Basis and Received Asset blank.",
        "STOCK_DIVIDEND_IS_SPLIT",
    )


def contract_gain(cells: LedgerCells, i: int) -> ContractGain:
    """Form 1099-B, box 11: the year's gain on section 1256 contracts."""
    _needs_source(cells, i)
    return ContractGain(**cells.entry(i), amount=cells.cash(i))


def contract_loss(cells: LedgerCells, i: int) -> ContractLoss:
    """The same for a loss, as a positive amount."""
    _needs_source(cells, i)
    return ContractLoss(**cells.entry(i), amount=cells.cash(i))


def _needs_source(cells: LedgerCells, i: int) -> None:
    if not cells.account[i]:
        cells.missing(i, "Account", "the account, or the source such as K-1 Alpha LP")
