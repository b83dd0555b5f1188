"""Rows by which units come in: bought, earned, given, inherited, or held from before; and what is added to a lot."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.classes import IncomeKind, Right
from capgain.engine.money import EXACT, ZERO
from capgain.engine.transactions import (
    AddBasis,
    Buy,
    GiftIn,
    Income,
    Inherit,
    ISOExercise,
    Opening,
    Reinvest,
)
from capgain.workbook.reading.amounts import basis_apart, money_text
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.quick_values import quick
from capgain.workbook.reading.row_terms import (
    acquired_on,
    brought_in_since,
    income_kind,
    not_after_the_row,
    reported,
)
from capgain.workbook.reading.symbols import right_in_name
from capgain.workbook.written.lot_words import MARRIED, Underlying, read_underlying
from capgain.workbook.written.misread import Misread, is_blank
from capgain.workbook.written.numbers import read_number

KINDS_OF_INCOME = (
    *(IncomeKind.STAKING, IncomeKind.AIRDROP, IncomeKind.HARD_FORK, IncomeKind.MINING, IncomeKind.MINING_BUSINESS),
    *(IncomeKind.REFERRAL, IncomeKind.LEARNING, IncomeKind.LENDING, IncomeKind.SERVICES, IncomeKind.WAGE),
    *(IncomeKind.VEST, IncomeKind.INTEREST),
)
"""What units are received for."""

_buy, _reinvest, _income = quick(Buy), quick(Reinvest), quick(Income)


def buy(cells: LedgerCells, i: int) -> Buy:
    units = cells.units(i)
    if i in cells.with_purchase_terms or cells.is_of_option(i):
        return _buy_with_terms(cells, i, units)
    return _buy(
        **cells.entry(i),
        **cells.costs(i),
        quantity=units,
        amount=cells.gross(i, units),
        lot=cells.lot[i] or cells.id[i],
        order=cells.order[i],
    )


def _buy_with_terms(cells: LedgerCells, i: int, units: Decimal) -> Buy:
    """With the rarer columns, or of an option."""
    underlying, right = _option_terms(cells, i)
    costs, amount = cells.costs(i), cells.gross(i, units)
    _hold_basis_against(cells, i, units, amount, costs["fee"])
    return _buy(
        **cells.entry(i),
        **costs,
        quantity=units,
        amount=amount,
        lot=cells.lot[i] or cells.id[i],
        order=cells.order[i],
        underlying=cells.assets.canonical(underlying.asset),
        underlying_units=underlying.units,
        right=right,
        is_married=not is_blank(cells.raw("Identified")[i]) and _is_married(cells, i),
        compensation=_compensation(cells, i, units),
    )


def _option_terms(cells: LedgerCells, i: int) -> tuple[Underlying, Right | None]:
    """What an option is on and gives the right to: column Underlying of its rows, else its symbol."""
    contract = cells.contract(i)
    if is_blank(cells.raw("Underlying")[i]):
        return Underlying(contract.underlying, contract.size or ZERO), contract.right
    covered = cells.checked(i, "Underlying", read_underlying(cells.text(i, "Underlying"))) or Underlying("", ZERO)
    return covered, covered.right or contract.right or right_in_name(cells.asset[i])


def _is_married(cells: LedgerCells, i: int) -> bool:
    """Column Identified of a purchase: `married` alone means something."""
    if cells.text(i, "Identified").casefold() == MARRIED:
        return True
    cells.doubt(
        i,
        "Identified",
        Misread(
            f"Buy does not use Identified, but {cells.text(i, 'Identified')} is given.",
            "Leave the cell blank; married says that a put was bought with the shares of that day.",
            "UNUSED_CELL",
        ),
    )
    return False


def _hold_basis_against(cells: LedgerCells, i: int, units: Decimal, paid: Decimal, fee: Decimal) -> None:
    """Column Basis of a purchase may only repeat what was paid."""
    if is_blank(cells.raw("Basis")[i]):
        return
    basis, price = cells.dollars(i, "Basis"), read_number(cells.raw("Price")[i])
    apart = basis_apart(cells.types[i], basis, paid, fee, price, units) if basis else None
    if apart is not None:
        cells.doubt(i, "Basis", apart, blocks_filing=True)


def reinvest(cells: LedgerCells, i: int) -> Reinvest:
    units = cells.units(i)
    costs, amount = cells.costs(i), cells.gross(i, units)
    _hold_basis_against(cells, i, units, amount, costs["fee"])
    return _reinvest(
        **cells.entry(i),
        **costs,
        quantity=units,
        amount=amount,
        lot=cells.lot[i] or cells.id[i],
        order=cells.order[i],
    )


def income(cells: LedgerCells, i: int) -> Income:
    units = cells.units(i)
    return _income(
        **cells.entry(i),
        **cells.costs(i),
        quantity=units,
        amount=cells.gross(i, units),
        lot=cells.lot[i] or cells.id[i],
        kind=income_kind(cells, i, KINDS_OF_INCOME),
        compensation=_compensation(cells, i, units),
    )


def _compensation(cells: LedgerCells, i: int, units: Decimal) -> Decimal | None:
    """What of the amount was taxed as pay; basis holds it already."""
    if is_blank(cells.raw("Compensation")[i]):
        return None
    pay = cells.dollars(i, "Compensation")
    whole = EXACT.add(cells.gross(i, units), cells.costs(i)["fee"])
    if pay is not None and pay > whole:
        cells.wrong(
            i,
            "Compensation",
            Misread(
                f"Compensation of {money_text(pay)} is more than the {money_text(whole)} that the row cost.",
                "Enter what of Amount was taxed as pay; Amount is the whole value of the shares.",
                "COMPENSATION_TOO_LARGE",
            ),
        )
    return pay


def iso_exercise(cells: LedgerCells, i: int) -> ISOExercise:
    """Price or Amount is the option price, Basis what all shares were worth on that day."""
    units = cells.units(i)
    value = cells.dollars(i, "Basis")
    if value is None and is_blank(cells.raw("Basis")[i]):
        cells.missing(i, "Basis", "what all shares were worth on the day of exercise")
    return ISOExercise(
        **cells.entry(i),
        quantity=units,
        amount=cells.gross(i, units),
        fee=cells.dollars(i, "Fee") or ZERO,
        lot=cells.lot[i] or cells.id[i],
        value=value or ZERO,
    )


def add_basis(cells: LedgerCells, i: int) -> AddBasis:
    amount = cells.dollars(i, "Amount")
    if amount is None and is_blank(cells.raw("Amount")[i]):
        cells.missing(i, "Amount", "the pay on Form W-2 that belongs to the lot")
    return AddBasis(**cells.entry(i), lot=cells.lot[i], amount=amount or ZERO)


def opening(cells: LedgerCells, i: int) -> Opening:
    """Basis is the whole lot's, with what it cost to buy already in it."""
    acquired = brought_in_since(cells, i)
    basis = cells.dollars(i, "Basis")
    if acquired is None and is_blank(cells.raw("Acquired")[i]):
        cells.missing(i, "Acquired")
    if basis is None and is_blank(cells.raw("Basis")[i]):
        cells.missing(i, "Basis", "the basis of all units in dollars")
    not_after_the_row(cells, i, acquired)
    return Opening(
        **cells.entry(i),
        quantity=cells.units(i),
        lot=cells.lot[i] or cells.id[i],
        acquired=acquired or cells.at(i).date(),
        basis=basis or ZERO,
        reported=reported(cells, i),
    )


def gift_in(cells: LedgerCells, i: int) -> GiftIn:
    """Acquired and Basis are the donor's; both blank where there are no records. Amount is the value at the gift."""
    units = cells.units(i)
    acquired = acquired_on(cells, i)
    basis = cells.dollars(i, "Basis")
    if basis is not None and acquired is None and is_blank(cells.raw("Acquired")[i]):
        cells.missing(i, "Acquired", "the date on which the donor acquired the units")
    not_after_the_row(cells, i, acquired)
    return GiftIn(
        **cells.entry(i),
        **cells.costs(i),
        quantity=units,
        lot=cells.lot[i] or cells.id[i],
        acquired=acquired,
        basis=basis,
        value=cells.gross_if_stated(i, units),
    )


def inherit(cells: LedgerCells, i: int) -> Inherit:
    units = cells.units(i)
    return Inherit(
        **cells.entry(i),
        **cells.costs(i),
        quantity=units,
        amount=cells.gross(i, units),
        lot=cells.lot[i] or cells.id[i],
    )
