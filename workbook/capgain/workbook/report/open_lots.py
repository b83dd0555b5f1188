"""The sheet `Open Lots`: what is still held, lot by lot, with its unrealized result where prices are known."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.ledger import Price
from capgain.engine.money import EXACT, ZERO
from capgain.engine.results import OpenLot, OpenShort
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.income import in_cents
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.sheets import CENTER, DATE, MONEY, Cell, Formula, Row, Style, quantity_cell

NAME = "Open Lots"
COLUMNS = (
    Column("Ledger row", 8, "Row on sheet Ledger that first acquired the units"),
    Column("Asset", 12),
    Column("Account", 18),
    Column("Class", 11),
    Column("Quantity", 21),
    Column("Acquired", 12),
    Column("Held since", 12, "The day the term is counted from: earlier or later where a holding period tacks"),
    Column("Long-term from", 12, "A sale on this day or later is long-term"),
    Column("Basis", 15),
    Column("Price", 14, "From sheet Prices"),
    Column("Value", 15),
    Column("Unrealized", 15, "Value - Basis; left blank in an IRA, whose gains are no capital gains"),
    Column("Lot", 14),
    Column("Remark", 14),
)
LETTERS = {column.heading: chr(65 + place) for place, column in enumerate(COLUMNS)}
PRICE = Style(name="CapGain Price", number_format="#,##0.00######")


def open_lots(papers: Workpapers) -> Listing:
    """The lots held after the last row, or at the end of the day asked for; short sales not yet covered below them."""
    report = papers.report
    prices = latest_prices(report.ledger.prices)
    lots = list(report.open_lots)
    rows = [_row(papers, lot, number, prices.get(lot.asset.upper())) for number, lot in enumerate(lots, FIRST_ROW)]
    rows += [_short(papers, short) for short in report.open_shorts]
    priced = [(lot, prices[lot.asset.upper()]) for lot in lots if lot.asset.upper() in prices]
    totals = {"Basis": sum((in_cents(lot.basis) for lot in lots), ZERO)}
    if priced:
        totals["Value"] = sum((value_of(lot, price) for lot, price in priced), ZERO)
        totals["Unrealized"] = sum((unrealized(lot, price) for lot, price in priced if not lot.is_ira), ZERO)
    when = "after the last row" if report.lots_as_of is None else f"at the end of {report.lots_as_of:%m/%d/%Y}"
    return listing(
        papers,
        NAME,
        f"Open lots {when}",
        COLUMNS,
        rows,
        totals,
        empty="Nothing is held.",
        tab="548235",
        numbers_as_text="Quantity",
    )


def latest_prices(prices: tuple[Price, ...]) -> Mapping[str, Decimal]:
    """The latest price of each asset, by its name in capitals; one without a date counts as the latest."""
    found: dict[str, Price] = {}
    for price in prices:
        key = price.asset.upper()
        known = found.get(key)
        if known is None or price.day is None or (known.day is not None and price.day >= known.day):
            found[key] = price
    return {key: price.price for key, price in found.items()}


def value_of(lot: OpenLot, price: Decimal) -> Decimal:
    """What a lot is worth at a price, to the cent."""
    return in_cents(EXACT.multiply(lot.quantity, price))


def unrealized(lot: OpenLot, price: Decimal) -> Decimal:
    """What selling the lot at that price would bring, before fees and whatever the term."""
    return value_of(lot, price) - in_cents(lot.basis)


def _row(papers: Workpapers, lot: OpenLot, number: int, price: Decimal | None) -> Row:
    quantity = quantity_cell(lot.quantity)
    value: Cell | None = None
    result: Cell | None = None
    if price is not None:
        worth = value_of(lot, price)
        product = f"=ROUND({LETTERS['Quantity']}{number}*{LETTERS['Price']}{number},2)"
        is_text = isinstance(quantity.content, str)
        value = Cell(worth if is_text else Formula(product, worth), MONEY)
        if not lot.is_ira:
            difference = f"=ROUND({LETTERS['Value']}{number}-{LETTERS['Basis']}{number},2)"
            result = Cell(Formula(difference, unrealized(lot, price)), MONEY)
    return (
        papers.ledger_link(lot.row) or Cell("none", CENTER),
        Cell(lot.asset),
        Cell(lot.account),
        Cell(lot.asset_class.value),
        quantity,
        Cell(lot.acquired if lot.acquired_text != VARIOUS else VARIOUS, DATE),
        Cell(lot.held_since if lot.acquired_text != VARIOUS else None, DATE),
        Cell(lot.long_from if lot.acquired_text != VARIOUS else lot.term(lot.acquired).value.title(), DATE),
        Cell(in_cents(lot.basis), MONEY),
        Cell(price, PRICE) if price is not None else None,
        value,
        result,
        Cell(lot.lot),
        Cell("IRA") if lot.is_ira else None,
    )


def _short(papers: Workpapers, short: OpenShort) -> Row:
    """A short sale not yet closed: the units owed, and what was received for them."""
    return (
        papers.ledger_link(short.row),
        Cell(short.asset),
        Cell(short.account),
        Cell("short sale"),
        quantity_cell(-short.quantity),
        Cell(short.opened, DATE),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        Cell(f"proceeds {in_cents(short.proceeds):,}"),
    )
