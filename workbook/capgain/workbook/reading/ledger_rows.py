"""The rows of a ledger to transactions: every row is read, skipped because it is blank, or reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from capgain.engine.classes import AssetClass
from capgain.engine.problems import Problem
from capgain.engine.section_1256 import is_single_stock
from capgain.engine.transactions import Acquisition, Allocation, Disposal, Transaction
from capgain.workbook.reading.asset_words import AssetWords, named
from capgain.workbook.reading.columns import names_a_column
from capgain.workbook.reading.ledger_cells import US_DOLLARS, LedgerCells, OptionSize
from capgain.workbook.reading.net_amounts import take_net_amounts
from capgain.workbook.reading.symbols import pair_as_asset, read_as
from capgain.workbook.reading.told_of_sales import is_told_of_a_sale
from capgain.workbook.reading.transaction_types import COMMON_COLUMNS, RowType, read_type
from capgain.workbook.written.columns_of_cells import CellsRead
from capgain.workbook.written.misread import Misread, error_value, is_blank, shown

_RECEIVED = frozenset({"Received Asset", "Received Quantity"})


def transactions_of(
    cells: LedgerCells, today: date, words: AssetWords
) -> tuple[tuple[Transaction, ...], list[Problem]]:
    """The transactions in the order of the sheet, and everything found wrong. A row with an error makes none."""
    read: CellsRead[RowType | Misread | None] = CellsRead(read_type)
    types = read.column(cells.raw("Type"))
    cells.types = [found.name if found.__class__ is RowType else "" for found in types]
    cells.known_lots = frozenset(cells.id).union(cells.lot[i] for i in cells.filled("Lot") if _acquires(types[i]))
    blank = {i for i, found in enumerate(types) if found is None and _is_blank_row(cells, i)}
    blank |= _further_headers(cells, types)
    places = [i for i in range(len(cells)) if i not in blank] if blank else range(len(cells))
    at_fault = cells.read_dates_and_classes(places)
    at_fault |= _names_at_fault(cells, places, types) | cells.at_fault_elsewhere
    at_fault |= _of_their_symbols(cells, places, words)
    take_net_amounts(cells)
    made: list[Transaction] = []
    faults = cells.faults
    for i in places:
        row_type = types[i]
        if row_type.__class__ is not RowType:
            if isinstance(row_type, Misread):
                cells.wrong(i, "Type", row_type)
            else:
                cells.missing(i, "Type")
            cells.report_what_is_no_number(i)
            faults = cells.faults
            continue
        transaction = row_type.read(cells, i)
        if cells.faults != faults:
            faults = cells.faults
        elif i not in at_fault:
            made.append(transaction)
    _report_unused_cells(cells, types, places)
    _report_repeated_ids(cells, places)
    _report_equal_rows(cells, [i for i in places if i not in at_fault and not cells.id[i]])
    _report_ambiguous_lots(cells, made)
    _report_future_dates(cells, places, today)
    return tuple(made), cells.problems()


def _acquires(row_type: object) -> bool:
    return isinstance(row_type, RowType) and row_type.names_its_lot


def runs_downward(moments: Sequence[datetime]) -> bool:
    """Whether dates run downward: more steps from one row to the next go back in time than forward."""
    back = sum(map(datetime.__gt__, moments, moments[1:]))
    forward = sum(map(datetime.__lt__, moments, moments[1:]))
    return back > forward


def _is_blank_row(cells: LedgerCells, i: int) -> bool:
    """Nothing but blanks and zeros, or nothing but a note."""
    return all(
        is_blank(cell) or cell == 0 for column in cells.columns if column != "Note" for cell in [cells.raw(column)[i]]
    )


def _further_headers(cells: LedgerCells, types: Sequence[object]) -> set[int]:
    """Rows that are a header again, reported once each instead of cell by cell."""
    found: set[int] = set()
    for i, row_type in enumerate(types):
        if row_type.__class__ is RowType or row_type is None:
            continue
        if all(names_a_column(cells.raw(column)[i], column) for column in ("Date", "Type")):
            found.add(i)
            cells.wrong(
                i,
                "",
                Misread(
                    "This row is a second header: another table begins here.",
                    "Remove the row if the table goes on below it; move another table to a sheet of its own.",
                    "SECOND_HEADER",
                ),
            )
    return found


def _names_at_fault(cells: LedgerCells, places: Iterable[int], types: Sequence[object]) -> set[int]:
    """Rows whose asset is blank or the dollar itself, or whose names show an Excel error."""
    at_fault: set[int] = set()
    for column, names in (("Asset", cells.asset), ("Account", cells.account), ("Lot", cells.lot)):
        errors = {name for name in set(names) if name[:1] == "#" and error_value(name)}
        if errors:
            for i in places:
                if names[i] in errors:
                    cells.checked(i, column, error_value(names[i]))
                    at_fault.add(i)
    dollars = {name for name in set(cells.asset) if name.upper() in US_DOLLARS or not name}
    if dollars:
        for i in places:
            row_type = types[i]
            if cells.asset[i] in dollars and isinstance(row_type, RowType) and row_type.needs_asset:
                if cells.asset[i]:
                    cells.wrong(i, "Asset", _dollars_are_no_asset(row_type.name))
                else:
                    cells.missing(i, "Asset")
                at_fault.add(i)
    return at_fault


def _of_their_symbols(cells: LedgerCells, places: Iterable[int], words: AssetWords) -> set[int]:
    """What symbols say of the rows' assets: coins and options get their class, a pair of two coins is at fault."""
    at_fault: set[int] = set()
    if not (words.coins or words.pairs or words.options or words.debts or words.cusips or words.abroad):
        return at_fault
    sizes: dict[int, OptionSize] = {}
    debts: dict[int, bool] = {}
    told: set[str] = set()
    priced: set[str] = set()
    for i in places:
        for column in ("Asset", "Received Asset", "Fee Asset"):
            name = named(cells.raw(column)[i])
            if name in words.pairs:
                cells.wrong(i, column, pair_as_asset(cells.text(i, column), words.pairs[name]))
                at_fault.add(i)
            elif name in words.coins and name not in told:
                told.add(name)
                cells.doubt(i, column, read_as(cells.text(i, column), words.coins[name]))
        name = named(cells.raw("Asset")[i])
        if name in words.coins:
            cells.class_unless_stated(i, AssetClass.CRYPTO)
        elif name in words.options:
            by_price = cells.stated_amount(i) is None and not is_blank(cells.raw("Price")[i])
            if name not in words.contracts:
                cells.class_unless_stated(i, AssetClass.OPTION)
            elif by_price and words.options[name].size is None and not is_single_stock(name):
                cells.wrong(i, "Multiplier", _of_no_size(cells.asset[i]))
                at_fault.add(i)
                continue
            is_1256 = name in words.contracts
            sizes[i] = OptionSize(words.options[name], by_price and name not in priced, is_1256)
            if by_price:
                priced.add(name)
        elif name in words.debts:
            cells.class_unless_stated(i, AssetClass.BOND)
            debts[i] = name not in priced
            if cells.stated_amount(i) is None and not is_blank(cells.raw("Price")[i]):
                priced.add(name)
        elif name in words.abroad and name not in told and i not in cells.in_dollars:
            told.add(name)
            cells.doubt(i, "Asset", _listed_abroad(cells.asset[i], words.abroad[name]), blocks_filing=True)
        elif name in words.cusips and name not in told:
            told.add(name)
            cells.doubt(i, "Class", _of_any_class(cells.asset[i]), blocks_filing=True)
    cells.sized(sizes, debts)
    return at_fault


def _listed_abroad(asset: str, place: str) -> Misread:
    return Misread(
        f"{asset} is written as a listing in {place}, where prices are not in dollars; nothing says that these are.",
        "Add a column Currency with USD, once the amounts are dollars at each day's rate.",
        "LISTED_ABROAD",
    )


def _of_no_size(asset: str) -> Misread:
    return Misread(
        f"What a price of {asset} is multiplied by is not known.",
        "Enter the size of a contract in Multiplier, such as 50, or the dollars in Amount.",
        "CONTRACT_SIZE",
    )


def _of_any_class(cusip: str) -> Misread:
    return Misread(
        f"{cusip} is a CUSIP, the number of a security, and nothing says whether it is a stock, a fund or a bond.",
        f"Enter its class in column Class, or add the setting 'Class {cusip}'.",
        "CLASS_OF_CUSIP",
    )


def _dollars_are_no_asset(type_name: str) -> Misread:
    remedies = {
        "Trade": "Use Buy, with the asset bought in Asset and the dollars in Amount.",
        "Income": "Use Interest or Dividend for income in dollars; leave wages out.",
        "Fee": "Enter a fee in dollars in column Fee of the row it belongs to.",
    }
    return Misread(
        "US dollars are money here, not an asset with lots.",
        remedies.get(type_name, "Remove the row: movements of dollars are not entered."),
        "DOLLARS_AS_ASSET",
    )


def _report_unused_cells(cells: LedgerCells, types: Sequence[object], places: Iterable[int]) -> None:
    """Warn of cells that a row's type does not read; units received on a type that has none are an error."""
    rows_of: defaultdict[RowType, list[int]] = defaultdict(list)
    for i in places:
        row_type = types[i]
        if isinstance(row_type, RowType):
            rows_of[row_type].append(i)
    for column in cells.columns:
        raw = cells.raw(column)
        if column in COMMON_COLUMNS or not any(raw):
            continue
        for row_type, rows in rows_of.items():
            if column in row_type.columns:
                continue
            for i in rows:
                cell = raw[i]
                if cell and not is_blank(cell) and cell != 0 and cell != "0":
                    _report_unused_cell(cells, i, column, row_type.name)


def _report_unused_cell(cells: LedgerCells, i: int, column: str, type_name: str) -> None:
    cell = cells.raw(column)[i]
    if is_told_of_a_sale(cells, i, column, type_name):
        return
    if column in _RECEIVED:
        if cells.text(i, "Received Asset").upper() in US_DOLLARS:
            return
        cells.wrong(
            i,
            column,
            Misread(
                f"{type_name} does not take {column}, but {shown(cell)} is given.",
                "Use Trade where one asset was given for another; else leave the cell blank.",
                "UNUSED_RECEIPT",
            ),
        )
    else:
        cells.doubt(
            i,
            column,
            Misread(
                f"{type_name} does not use {column}, but {shown(cell)} is given.",
                "Leave the cell blank, or correct the Type.",
                "UNUSED_CELL",
            ),
        )


def _report_repeated_ids(cells: LedgerCells, places: Iterable[int]) -> None:
    ids = [cells.id[i] for i in places if cells.id[i]]
    if len(set(ids)) == len(ids):
        return
    first: dict[str, int] = {}
    for i in places:
        if cells.id[i] and first.setdefault(cells.id[i], i) != i:
            cells.wrong(
                i,
                "ID",
                Misread(
                    f"ID {shown(cells.id[i])} stands in row {cells.first_row + first[cells.id[i]]} too.",
                    "Give each transaction its own ID; remove the row if it was entered twice.",
                    "DUPLICATE_ID",
                ),
            )


_TELLS_ROWS_APART = (
    *("Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "To Account"),
    *("Received Asset", "Received Quantity", "Lot", "Order", "Note"),
)


def _report_equal_rows(cells: LedgerCells, places: Iterable[int]) -> None:
    """Notice rows that say the same as an earlier one: fills may be equal, but a row may also be entered twice."""
    columns = [cells.raw(column) for column in _TELLS_ROWS_APART if column in cells.columns]
    first: dict[tuple[object, ...], int] = {}
    rows = list(zip(*columns, strict=True))
    for i in places:
        earlier = first.setdefault(rows[i], i)
        if earlier != i:
            cells.doubt(
                i,
                "",
                Misread(
                    f"The row says the same as row {cells.first_row + earlier}.",
                    "Remove it if it was entered twice; two equal trades stay, and an ID for each ends this notice.",
                    "EQUAL_ROWS",
                ),
            )


def _report_ambiguous_lots(cells: LedgerCells, made: Sequence[Transaction]) -> None:
    """A lot's id that two acquisitions of an asset share may not be named by a disposal."""
    if not any(cells.lot):
        return
    named = {
        (entry.asset, pick.lot) for entry in made if isinstance(entry, Disposal) and entry.lots for pick in entry.lots
    }
    named |= {(entry.asset, entry.lot) for entry in made if isinstance(entry, Allocation)}
    if not named:
        return
    first: dict[tuple[str, str], int] = {}
    for entry in made:
        if isinstance(entry, Acquisition) and (entry.asset, entry.lot) in named:
            row = first.setdefault((entry.asset, entry.lot), entry.row)
            if row != entry.row:
                cells.wrong(
                    entry.row - cells.first_row,
                    "Lot",
                    Misread(
                        f"Lot {entry.lot} of {entry.asset} was also acquired in row {row}, so naming it is ambiguous.",
                        "Give each acquisition its own Lot.",
                        "DUPLICATE_LOT",
                    ),
                )


def _report_future_dates(cells: LedgerCells, places: Iterable[int], today: date) -> None:
    tomorrow = datetime.combine(today + timedelta(days=1), time(0))
    if cells.latest() < tomorrow:
        return
    for i in places:
        if cells.at(i) >= tomorrow:
            cells.doubt(
                i,
                "Date",
                Misread(
                    f"{cells.at(i).date().isoformat()} lies in the future.",
                    "Correct the date, or keep the row as a plan.",
                    "FUTURE_DATE",
                ),
            )
