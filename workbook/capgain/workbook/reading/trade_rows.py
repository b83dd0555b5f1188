"""Rows in which units come in, leave or move, one small function for each type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from capgain.engine.classes import IncomeKind, Right
from capgain.engine.money import EXACT, ZERO
from capgain.engine.transactions import (
    AddBasis,
    BadDebt,
    Buy,
    CoinFee,
    Conversion,
    Cover,
    Donate,
    Fee,
    GiftIn,
    GiftOut,
    Income,
    Inherit,
    Inherited,
    ISOExercise,
    Lost,
    ManyDays,
    Maturity,
    Opening,
    Reinvest,
    Sell,
    ShortSell,
    Spend,
    Trade,
    Transfer,
    Worthless,
)
from capgain.workbook.reading.amounts import basis_apart, money_text
from capgain.workbook.reading.ledger_cells import US_DOLLARS, LedgerCells
from capgain.workbook.reading.quick_values import quick
from capgain.workbook.reading.row_terms import (
    acquired_on,
    brought_in_since,
    day,
    discount,
    identified,
    income_kind,
    lots,
    own_order,
    reported,
    sale_terms,
)
from capgain.workbook.reading.symbols import right_in_name
from capgain.workbook.written.lot_words import MARRIED, Underlying, read_underlying
from capgain.workbook.written.misread import Misread, is_blank
from capgain.workbook.written.numbers import read_number

T = TypeVar("T")

KINDS_OF_INCOME = (
    *(IncomeKind.STAKING, IncomeKind.AIRDROP, IncomeKind.HARD_FORK, IncomeKind.MINING, IncomeKind.MINING_BUSINESS),
    *(IncomeKind.REFERRAL, IncomeKind.LEARNING, IncomeKind.LENDING, IncomeKind.SERVICES, IncomeKind.WAGE),
    *(IncomeKind.VEST, IncomeKind.INTEREST),
)
"""What units are received for."""

_buy, _reinvest, _income = quick(Buy), quick(Reinvest), quick(Income)
_sell, _trade, _transfer = quick(Sell), quick(Trade), quick(Transfer)


def buy(cells: LedgerCells, i: int) -> Buy:
    units = cells.units(i)
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
        is_married=bool(cells.raw("Identified")[i]) and _is_married(cells, i),
        compensation=_compensation(cells, i, units),
    )


def _option_terms(cells: LedgerCells, i: int) -> tuple[Underlying, Right | None]:
    """What an option is on and gives the right to: column Underlying of its rows, else its symbol."""
    contract = cells.contract(i)
    if not cells.raw("Underlying")[i]:
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
    if cells.raw("Basis")[i] in (None, ""):
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
    if value is None and cells.raw("Basis")[i] in (None, ""):
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
    if amount is None and cells.raw("Amount")[i] in (None, ""):
        cells.missing(i, "Amount", "the pay on Form W-2 that belongs to the lot")
    return AddBasis(**cells.entry(i), lot=cells.lot[i], amount=amount or ZERO)


def opening(cells: LedgerCells, i: int) -> Opening:
    """Basis is the whole lot's, with what it cost to buy already in it."""
    acquired = brought_in_since(cells, i)
    basis = cells.dollars(i, "Basis")
    if acquired is None and cells.raw("Acquired")[i] in (None, ""):
        cells.missing(i, "Acquired")
    if basis is None and cells.raw("Basis")[i] in (None, ""):
        cells.missing(i, "Basis", "the basis of all units in dollars")
    _not_after_the_row(cells, i, acquired)
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
    if basis is not None and acquired is None and cells.raw("Acquired")[i] in (None, ""):
        cells.missing(i, "Acquired", "the date on which the donor acquired the units")
    _not_after_the_row(cells, i, acquired)
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


def sell(cells: LedgerCells, i: int) -> Sell:
    """Kind says of a gain on debt whether it is interest."""
    units = cells.units(i)
    return _sell(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        of_discount=discount(cells, i) if i in cells.with_kind else None,
    )


def maturity(cells: LedgerCells, i: int) -> Maturity:
    """A blank Quantity is all that is held; Kind says whether what exceeds the basis is interest."""
    units = ZERO if cells.raw("Quantity")[i] in (None, "") else cells.units(i)
    return Maturity(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        of_discount=discount(cells, i),
    )


def spend(cells: LedgerCells, i: int) -> Spend:
    units = cells.units(i)
    return Spend(
        **cells.entry(i), **cells.costs(i), **sale_terms(cells, i), quantity=units, amount=cells.gross(i, units)
    )


def trade(cells: LedgerCells, i: int) -> Trade:
    """Amount is the value of what was received; Price is per unit given up. The row's ID names the new lot."""
    units = cells.units(i)
    received = cells.name(i, "Received Asset")
    if received.upper() in US_DOLLARS:
        cells.wrong(
            i,
            "Received Asset",
            Misread("A Trade for US dollars is a sale.", "Use Sell, with the dollars in Amount.", "TRADE_FOR_DOLLARS"),
        )
    elif received and received == cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(
                f"A Trade gives {received} for {received}.",
                "Enter the asset received, or use Transfer for a move between own accounts.",
                "TRADE_FOR_ITSELF",
            ),
        )
    return _trade(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        received_asset=received,
        received_quantity=cells.other_units(i, "Received Quantity"),
        received_lot=cells.id[i],
    )


def conversion(cells: LedgerCells, i: int) -> Conversion:
    """As a Trade; Amount may be blank, as nothing is sold within one fund or corporation."""
    units = cells.units(i)
    amount = cells.gross_if_stated(i, units)
    received = cells.name(i, "Received Asset")
    if received and received == cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(f"{received} is both Asset and Received Asset.", "Enter the new asset.", "SAME_ASSET"),
        )
    return Conversion(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=amount or ZERO,
        is_valued=amount is not None,
        received_asset=received,
        received_quantity=cells.other_units(i, "Received Quantity"),
        received_lot=cells.id[i],
    )


def fee(cells: LedgerCells, i: int) -> Fee:
    units = cells.units(i)
    return Fee(**cells.entry(i), **sale_terms(cells, i), quantity=units, amount=cells.gross(i, units))


def gift_out(cells: LedgerCells, i: int) -> GiftOut:
    return _without_proceeds(GiftOut, cells, i)


def donate(cells: LedgerCells, i: int) -> Donate:
    return _without_proceeds(Donate, cells, i)


def lost(cells: LedgerCells, i: int) -> Lost:
    return _without_proceeds(Lost, cells, i)


def _without_proceeds(made: Callable[..., T], cells: LedgerCells, i: int) -> T:
    """Amount is the fair market value, where it is given."""
    units = cells.units(i)
    value = cells.gross_if_stated(i, units) or ZERO
    return made(**cells.entry(i), **cells.costs(i), **sale_terms(cells, i), quantity=units, amount=value)


def short_sell(cells: LedgerCells, i: int) -> ShortSell:
    """A short sale takes no lots: the cover does."""
    units = cells.units(i)
    terms = sale_terms(cells, i)
    if terms:
        terms["lots"] = ()
    return ShortSell(**cells.entry(i), **cells.costs(i), **terms, quantity=units, amount=cells.gross(i, units))


def cover(cells: LedgerCells, i: int) -> Cover:
    """A purchase to cover has an Amount; a delivery of lots held names them in Lot and may leave it blank."""
    units = cells.units(i)
    terms = sale_terms(cells, i)
    amount = cells.gross_if_stated(i, units) if terms.get("lots") else cells.gross(i, units)
    return Cover(**cells.entry(i), **cells.costs(i), **terms, quantity=units, amount=amount or ZERO)


def worthless(cells: LedgerCells, i: int) -> Worthless:
    """A blank Quantity is all that is held, which the engine knows as 0."""
    has_units = cells.raw("Quantity")[i] not in (None, "")
    return Worthless(
        **cells.entry(i), **sale_terms(cells, i), quantity=cells.units(i) if has_units else ZERO, amount=ZERO
    )


def bad_debt(cells: LedgerCells, i: int) -> BadDebt:
    """Basis is what was lent and not repaid; blank, all lots of the asset in the account. Amount must be blank or 0."""
    has_units = cells.raw("Quantity")[i] not in (None, "")
    has_date = cells.raw("Acquired")[i] not in (None, "")
    acquired = day(cells, i, "Acquired") if has_date else None
    _not_after_the_row(cells, i, acquired)
    return BadDebt(
        **cells.entry(i),
        quantity=cells.units(i) if has_units else ZERO,
        amount=cells.dollars(i, "Amount") or ZERO,
        basis=cells.dollars(i, "Basis"),
        acquired=acquired,
    )


def transfer(cells: LedgerCells, i: int) -> Transfer:
    """Quantity leaves Account, Received Quantity arrives at To Account; Price is that of the units short."""
    units = cells.units(i)
    to_account = cells.name(i, "To Account")
    if not cells.account[i]:
        cells.missing(i, "Account", "the account which the units left")
    elif to_account == cells.account[i]:
        cells.wrong(
            i,
            "To Account",
            Misread(
                f"The transfer leaves {to_account} and arrives at {to_account}.",
                "Enter two different accounts, or remove the row.",
                "TRANSFER_TO_ITSELF",
            ),
        )
    received = arriving_units(cells, i, units)
    other = cells.assets.canonical(cells.raw("Received Asset")[i])
    if other and other != cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(
                f"{cells.asset[i]} leaves and {other} arrives.",
                "A transfer moves one asset: use Trade where one asset became another, or leave Received Asset blank.",
                "TRANSFER_OF_TWO_ASSETS",
            ),
        )
    costs = cells.costs(i)
    check_fee_of_move(cells, i, units, received, costs["coin_fee"])
    return _transfer(
        **cells.entry(i),
        **costs,
        quantity=units,
        lots=lots(cells, i),
        identified=identified(cells, i),
        **own_order(cells, i),
        to_account=to_account,
        received_quantity=received,
        fee_price=cells.dollars(i, "Price"),
    )


def arriving_units(cells: LedgerCells, i: int, units: Decimal) -> Decimal | None:
    """The units of one asset that arrive of those that left; None: all of them."""
    if cells.raw("Received Quantity")[i] in (None, ""):
        return None
    received = cells.other_units(i, "Received Quantity")
    if units and received > units:
        cells.wrong(
            i,
            "Received Quantity",
            Misread(
                f"More units arrive ({received:f}) than left ({units:f}).",
                "Correct Quantity or Received Quantity. What was earned meanwhile is a row of its own: Income.",
                "MORE_RECEIVED_THAN_SENT",
            ),
        )
    return received


def check_fee_of_move(
    cells: LedgerCells, i: int, units: Decimal, received: Decimal | None, paid: CoinFee | None
) -> None:
    """Units short are a fee by themselves: they may not stand in Fee Quantity too."""
    short = ZERO if received is None else EXACT.subtract(units, received)
    if paid is not None and short > 0 and paid.asset == cells.asset[i] and paid.quantity == short:
        cells.wrong(
            i,
            "Fee Quantity",
            Misread(
                f"The same {short:f} {paid.asset} stand in Fee Quantity and are short in Received Quantity.",
                "Leave Fee, Fee Asset and Fee Quantity blank and enter in Price what one unit was worth.",
                "FEE_COUNTED_TWICE",
            ),
        )


def _not_after_the_row(cells: LedgerCells, i: int, acquired: date | ManyDays | Inherited | None) -> None:
    if isinstance(acquired, Inherited):
        acquired = acquired.day
    if isinstance(acquired, date) and cells.at(i).year > 1 and acquired > cells.at(i).date():
        cells.wrong(
            i,
            "Acquired",
            Misread(
                f"Acquired ({acquired.isoformat()}) lies after Date ({cells.at(i).date().isoformat()}).",
                "Correct one of the two dates.",
                "ACQUIRED_AFTER_DATE",
            ),
        )
