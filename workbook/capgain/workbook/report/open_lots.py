"""The sheet `Open Lots`: what is still held, lot by lot, at the prices and on the day of the sheet Portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import EXACT
from capgain.engine.planning.portfolio import Holding, cents
from capgain.engine.results.held import OpenLot
from capgain.workbook.long_rows import Stretch
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.report.portfolio_layout import (
    AMOUNT,
    DASH,
    DAYS,
    LOT_NAMES,
    NO_PRICE,
    PRICE,
    SIGNED,
    Places,
    is_odd,
)
from capgain.workbook.report.portfolio_layout import (
    NAME as PORTFOLIO,
)
from capgain.workbook.sheets import (
    CENTER,
    DATE,
    MONEY,
    RIGHT,
    Cell,
    Formula,
    Row,
    column_letter,
    quantity_cell,
    reference,
)

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
    Column("Basis", 15, "Of a short sale its proceeds, as a negative amount"),
    Column("Price", 14, "From sheet Prices, as sheet Portfolio has it"),
    Column("Value", 15),
    Column("Unrealized", 15, "Value - Basis; none in an IRA, whose gains are no capital gains"),
    Column("Term", 8, "Of a sale on the day on sheet Portfolio"),
    Column("Days to long", 9),
    Column("Lot", 14),
    Column("Remark", 14),
)
UNITS = Column("Units", 14, "The quantity as a number, for the formulas; a cell keeps 15 digits of it")
CONTRACT = Column("Contract", 10, "Units of what an option is on under one contract; Price is of one of them")


def open_lots(papers: Workpapers, places: Places, *, is_live: bool = True) -> Listing:
    """The lots held after the last row, or at the end of the day asked for; short sales not yet covered below them.

    Where `is_live` is false the sheet stands without Portfolio: its prices and terms are values.
    """
    report, held = papers.report, places.held
    in_text = any(isinstance(quantity_cell(one.quantity).content, str) for one in held.holdings)
    has_contracts = any(one.contract_size != 1 for one in held.holdings)
    columns = (*COLUMNS, *([UNITS] if in_text else []), *([CONTRACT] if has_contracts else []))
    letters = {column.heading: column_letter(place) for place, column in enumerate(columns, start=1)}
    lots: list[OpenLot | None] = [*report.open_lots, *(None for _ in report.open_shorts)]
    row_of = places.rows_of_assets()

    def row(place: int, number: int) -> Row:
        one = held.holdings[place]
        return _row(papers, places, one, lots[place], number, row_of[one.asset], letters, is_live=is_live)

    assert len(lots) == len(held.holdings)
    rows = Stretch(range(len(lots)), row, FIRST_ROW, range(len(columns)))
    priced = [one for one in held.holdings if one.value is not None]
    totals = {
        "Basis": held.totals.basis,
        "Value": held.totals.value,
        "Unrealized": sum((one.unrealized for one in priced if one.unrealized is not None), Decimal(0)),
    }
    when = "after the last row" if report.lots_as_of is None else f"at the end of {report.lots_as_of:%m/%d/%Y}"
    return listing(
        papers,
        NAME,
        f"Open lots {when}",
        columns,
        rows,
        totals,
        empty="Nothing is held.",
        tab="548235",
        numbers_as_text="Quantity",
    )


def lot_names(lots: Listing) -> dict[str, str]:
    """The defined names of the columns that sheet Portfolio adds up."""
    in_text = any(column is UNITS for column in lots.columns)
    headings = LOT_NAMES | {"Lot_Units": UNITS.heading if in_text else "Quantity"}
    return {name: f"={lots.cells(heading)}" for name, heading in headings.items()}


def _row(
    papers: Workpapers,
    places: Places,
    one: Holding,
    lot: OpenLot | None,
    number: int,
    row: int,
    letters: Mapping[str, str],
    *,
    is_live: bool,
) -> Row:
    def at(heading: str) -> str:
        return f"{letters[heading]}{number}"

    in_text, has_contracts = UNITS.heading in letters, CONTRACT.heading in letters
    units = at(UNITS.heading if in_text else "Quantity")
    if one.contract_size != 1:
        units = f"{units}*{at(CONTRACT.heading)}"

    price: Decimal | str = NO_PRICE if one.price is None else one.price.price
    found = f"INDEX(Asset_Price,MATCH({at('Asset')},Asset_Name,0))"
    if is_odd(one.asset):
        found = reference(PORTFOLIO, f"$E${row}")
    is_various = lot is not None and lot.acquired_text == VARIOUS
    as_of, long_from = places.held.as_of, None if is_various else one.long_from
    remark = "IRA" if one.is_ira else "short sale" if lot is None else "spouse's" if not one.is_taxed else None
    days = 0 if long_from is None else max((long_from - as_of).days, 0)
    to_long = Formula(f"=MAX({at('Long-term from')}-As_Of,0)", days)
    cells: list[Cell | None] = [
        papers.ledger_link(one.row) or Cell("none", CENTER),
        Cell(one.asset),
        Cell(one.account),
        Cell(one.class_name),
        quantity_cell(one.quantity),
        Cell(VARIOUS if is_various else one.acquired, DATE),
        None if is_various else Cell(one.acquired if lot is None else lot.held_since, DATE),
        None if long_from is None else Cell(long_from, DATE),
        Cell(one.basis, MONEY),
        Cell(Formula(f"={found}", price) if is_live else price, PRICE),
        _value(one, units, at("Price")),
        _unrealized(one, at("Value"), at("Basis")),
        _term(one, at("Long-term from"), places, is_live=is_live and not is_various),
        Cell(to_long if is_live and long_from is not None else days, DAYS),
        Cell(one.lot),
        None if remark is None else Cell(remark),
    ]
    if in_text:
        cells.append(Cell(float(one.quantity), RIGHT))
    if has_contracts:
        cells.append(None if one.contract_size == 1 else Cell(one.contract_size, RIGHT))
    return cells


def _value(one: Holding, units: str, price: str) -> Cell:
    """Units times price; a value where a spreadsheet's fifteen digits would round it to another cent."""
    value = one.value
    if value is not None and one.price is not None:
        quantity = EXACT.multiply(Decimal(repr(float(one.quantity))), one.contract_size)
        product = EXACT.multiply(quantity, Decimal(repr(float(one.price.price))))
        if cents(product) != value:
            return Cell(value, AMOUNT)
    text = f'=IF(ISNUMBER({price}),ROUND({units}*{price},2),"{DASH}")'
    return Cell(Formula(text, DASH if value is None else value), AMOUNT)


def _unrealized(one: Holding, value: str, basis: str) -> Cell:
    if not one.is_taxed:
        return Cell(DASH, SIGNED)
    result = one.unrealized
    text = f'=IF(ISNUMBER({value}),ROUND({value}-{basis},2),"{DASH}")'
    return Cell(Formula(text, DASH if result is None else result), SIGNED)


def _term(one: Holding, long_from: str, places: Places, *, is_live: bool) -> Cell:
    word = "Long" if one.term(places.held.as_of) is Term.LONG else "Short"
    if one.long_from is None or not is_live:
        return Cell(word, CENTER)
    return Cell(Formula(f'=IF(As_Of>={long_from},"Long","Short")', word), CENTER)
