"""The rows of a ledger to transactions: every row is read, skipped because it is blank, or reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from capgain.engine.problems import Problem
from capgain.engine.transactions import Transaction
from capgain.workbook.reading.asset_words import AssetWords
from capgain.workbook.reading.columns import names_a_column
from capgain.workbook.reading.ledger_cells import US_DOLLARS, LedgerCells
from capgain.workbook.reading.net_amounts import take_net_amounts
from capgain.workbook.reading.rows_among_others import report_blank_accounts, report_dividends_in_units
from capgain.workbook.reading.rows_twice import report_ambiguous_lots, report_equal_rows, report_repeated_ids
from capgain.workbook.reading.symbols_of_rows import read_symbols
from capgain.workbook.reading.transaction_types import RowType, read_type
from capgain.workbook.reading.unused_cells import report_unused_cells
from capgain.workbook.written.columns_of_cells import CellsRead
from capgain.workbook.written.misread import Misread, error_value, is_blank
from capgain.workbook.written.moments import Moment, read_moment


def transactions_of(
    cells: LedgerCells, today: date, words: AssetWords
) -> tuple[tuple[Transaction, ...], list[Problem]]:
    """The transactions in the order of the sheet, and everything found wrong. A row with an error makes none."""
    read: CellsRead[RowType | Misread | None] = CellsRead(read_type)
    types = read.column(cells.raw("Type"))
    cells.types = [found.name if found.__class__ is RowType else "" for found in types]
    cells.known_lots = frozenset(cells.id).union(cells.lot[i] for i in cells.filled("Lot") if _acquires(types[i]))
    blank = {i for i, found in enumerate(types) if found is None and _is_blank_row(cells, i)}
    blank |= _further_headers(cells, types) | _lines_beside_the_transactions(cells, types, blank)
    places = [i for i in range(len(cells)) if i not in blank] if blank else range(len(cells))
    at_fault = cells.read_dates_and_classes(places)
    at_fault |= _names_at_fault(cells, places, types) | cells.at_fault_elsewhere
    at_fault |= read_symbols(cells, places, words)
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
    report_unused_cells(cells, types, places)
    report_repeated_ids(cells, places)
    report_equal_rows(cells, [i for i in places if i not in at_fault and not cells.id[i]])
    report_ambiguous_lots(cells, made)
    report_blank_accounts(cells, made)
    report_dividends_in_units(cells, made)
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
                    "Remove it; if its headings stand in another order, move what is below them under the ledger's.",
                    "SECOND_HEADER",
                ),
            )
    return found


def _lines_beside_the_transactions(cells: LedgerCells, types: Sequence[object], blank: Collection[int]) -> set[int]:
    """Rows with neither type nor asset nor day, reported once each: totals, remarks."""
    found = {
        i
        for i, row_type in enumerate(types)
        if row_type is None
        and i not in blank
        and not cells.asset[i]
        and not isinstance(read_moment(cells.raw("Date")[i], cells.calendar), Moment)
    }
    for i in found:
        cells.wrong(
            i,
            "",
            Misread(
                "This row has neither Date nor Type nor Asset: it looks like a line of totals, or a remark.",
                "Remove that row, or keep it outside the ledger's columns; a transaction needs all three.",
                "LINE_OF_TOTALS",
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
