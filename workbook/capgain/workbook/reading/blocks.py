"""From blocks of cells to a ledger: plain Python, for files, Excel, LibreOffice and Pyodide alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from capgain.engine.ledger import Ledger
from capgain.engine.positions import stated_positions
from capgain.engine.problems import Problem, Severity
from capgain.engine.search_for_cycles import without_search_for_cycles
from capgain.engine.transactions import Contract, GlobalAllocation, Transaction
from capgain.workbook.reading.accounts import accounts_of, kinds_by_name, with_accounts_named
from capgain.workbook.reading.asset_words import AssetWords, asset_words, named, one_name_for_each_coin
from capgain.workbook.reading.cell_looks import said_by_looks
from capgain.workbook.reading.columns import HEADER_ROWS, KEY_COLUMNS, Header, find_ledger_header, nearest_ledger_header
from capgain.workbook.reading.day_times import in_zone_of_heading, with_times_of_day
from capgain.workbook.reading.example_rows import leftover_examples
from capgain.workbook.reading.further_columns import further_columns, rival_columns
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.ledger_rows import runs_downward, transactions_of
from capgain.workbook.reading.prices import prices_of
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_rows import ignored_columns, settings_of
from capgain.workbook.reading.shifted_rows import rows_too_wide
from capgain.workbook.reading.trade_lines import tables_not_read
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.moments import Calendar

_DESCRIBING = ("Asset", "Received Asset", "Fee Asset", "Account", "Class", "Underlying", "Multiplier")
_ASSET_COLUMNS = ("Asset", "Received Asset", "Fee Asset")

Block = Sequence[Sequence[Cell]]
"""Rows of cells: None, str, bool, int, float, Decimal, date or datetime."""


def ledger_from_blocks(
    ledger: Block,
    accounts: Block | None = None,
    settings: Block | None = None,
    prices: Block | None = None,
    *,
    date_1904: bool = False,
    sheet: str = "Ledger",
    first_row: int = 1,
    today: date | None = None,
) -> Ledger:
    """The ledger that blocks of cells describe, with every problem found in them.

    `ledger` holds its header within its first 20 rows; `settings` is two columns, with or without the header Name and
    Value. `first_row` is the sheet's row of the ledger block's first row. `date_1904`: serial numbers count days from
    1904. Dates after `today` (default: this machine's) get a warning.
    """
    return ledger_from_sheets(
        RawSheet(sheet, ledger, first_row),
        None if accounts is None else RawSheet("Accounts", accounts),
        None if settings is None else RawSheet("Settings", settings),
        None if prices is None else RawSheet("Prices", prices),
        date_1904=date_1904,
        today=today,
    )


def ledger_from_sheets(
    ledger: RawSheet,
    accounts: RawSheet | None = None,
    settings: RawSheet | None = None,
    prices: RawSheet | None = None,
    *,
    date_1904: bool = False,
    today: date | None = None,
) -> Ledger:
    """As `ledger_from_blocks`, from sheets that know their names and first rows.

    In a text file under `;` a comma in a number may be a decimal comma.
    """
    header = find_ledger_header(ledger.rows, ignored_columns(settings))
    assets, names = Names(_names_written(ledger.rows, header, _ASSET_COLUMNS)), Names()
    described, problems = ({}, []) if accounts is None else accounts_of(accounts, names)
    stated = settings_of(settings, assets, names, date_1904=date_1904)
    calendar = Calendar(date_1904, stated.zones)
    problems += stated.problems
    described |= stated.accounts
    if header is None:
        priced, price_problems = ((), []) if prices is None else prices_of(prices, assets, calendar)
        problems += price_problems
        return Ledger((), described, stated.settings, priced, (*_no_header(ledger), *problems), ledger.name)
    first_row = ledger.first_row + header.place + 1
    below, header = with_times_of_day(_rows_below(ledger.rows, header), header)
    heading = ledger.rows[header.place][header.columns["Date"]]
    below = in_zone_of_heading(below, header, heading, date_1904=date_1904)
    further = further_columns(header, below, ledger.name, first_row)
    words = asset_words(
        {column: _cells_of(below, header, column) for column in _DESCRIBING},
        stated.settings.class_by_asset,
        stated.multipliers,
        with_accounts_named(described, names.column(_cells_of(below, header, "Account"))),
    )
    one_name_for_each_coin(words, assets)
    priced, price_problems = ((), []) if prices is None else prices_of(prices, assets, calendar)
    problems += price_problems
    cells = LedgerCells(
        below,
        header.columns,
        sheet=ledger.name,
        first_row=first_row,
        calendar=calendar,
        assets=assets,
        accounts=names,
        net=header.net,
        positions=stated_positions(stated.settings),
    )
    cells.read_numbers(comma_is_doubtful=ledger.delimiter == ";")
    looks = said_by_looks(ledger, header.columns, below, first_row)
    cells.set_aside(further.in_another_currency | looks.in_another_currency, further.in_dollars)
    with without_search_for_cycles():
        transactions, row_problems = transactions_of(cells, today or date.today(), words)
    found = [*_repeated_columns(ledger, header), *rival_columns(header, ledger.name, first_row - 1)]
    found += [*further.problems, *looks.problems, *row_problems, *problems]
    found += leftover_examples(transactions, ledger.name)
    found += rows_too_wide(ledger, header.place)
    found += tables_not_read(below, header, ledger.rows[header.place], ledger.name, first_row)
    if not transactions and not any(problem.is_error for problem in found):
        found.append(_empty(ledger, first_row - 1))
    accounts_known = with_accounts_named(described, _accounts_named(transactions))
    found += kinds_by_name(described, accounts_known, ledger.name)
    found.sort(key=lambda problem: (problem.sheet != ledger.name, problem.sheet, problem.row))
    return Ledger(
        transactions,
        accounts_known,
        stated.settings,
        priced,
        tuple(found),
        ledger.name,
        runs_downward([transaction.at for transaction in transactions]),
        (*further.gains, *cells.stated_lots),
        _contracts(cells, words),
    )


def _contracts(cells: LedgerCells, words: AssetWords) -> dict[str, Contract]:
    """What is known of a contract of each option, by the option as it is spelt in the ledger."""
    if not words.options:
        return {}
    return {
        name: replace(of, underlying=cells.assets.canonical(of.underlying))
        for name in dict.fromkeys(cells.asset)
        if (of := words.options.get(named(name))) is not None
    }


def _cells_of(rows: Block, header: Header, column: str) -> Sequence[Cell]:
    position = header.columns.get(column)
    return [None] * len(rows) if position is None else [row[position] for row in rows]


def _accounts_named(transactions: Sequence[Transaction]) -> list[str]:
    """Every account that a transaction names, each once, in the order of the ledger."""
    named: dict[str, None] = dict.fromkeys(transaction.account for transaction in transactions)
    for transaction in transactions:
        for account, _, _ in transaction.names_too():
            named.setdefault(account, None)
        if isinstance(transaction, GlobalAllocation):
            named |= dict.fromkeys(transaction.accounts)
    return list(named)


def _names_written(rows: Block, header: Header | None, columns: Sequence[str]) -> list[str]:
    """What stands in those columns of the ledger, each once, so that the ledger's spelling is the one kept."""
    written: dict[Cell, None] = {}
    if header is not None:
        for column in columns:
            position = header.columns.get(column)
            if position is not None:
                below = rows[header.place + 1 :]
                written |= dict.fromkeys(row[position] for row in below if len(row) > position)
    return list(map(text_of, written))


def _rows_below(rows: Block, header: Header) -> Block:
    """The rows under the header without blank rows at the end, each as wide as the known columns need."""
    end = len(rows)
    while end > header.place + 1 and not any(rows[end - 1]):
        end -= 1
    below = rows[header.place + 1 : end]
    width = max(header.net, *header.columns.values()) + 1
    if below and min(map(len, below)) < width:
        return [row if len(row) >= width else [*row, *[None] * (width - len(row))] for row in below]
    return below


def _repeated_columns(ledger: RawSheet, header: Header) -> list[Problem]:
    return [
        Problem(
            Severity.ERROR,
            ledger.name,
            ledger.first_row + header.place,
            column,
            f"Column {column} stands in the header more than once.",
            "Keep one of them, or give the others another name.",
            "DUPLICATE_COLUMN",
        )
        for column in header.repeated
    ]


def _no_header(ledger: RawSheet) -> list[Problem]:
    """One problem for each key column that the likeliest header lacks, or one for an empty or foreign sheet."""
    if not any(any(row) for row in ledger.rows):
        return [_empty(ledger, 0)]
    nearest = nearest_ledger_header(ledger.rows)
    if nearest is None:
        return [
            Problem(
                Severity.ERROR,
                ledger.name,
                0,
                "",
                f"No header was found: none of the first {HEADER_ROWS} rows holds {', '.join(KEY_COLUMNS)}.",
                "Give the ledger a header with the columns Date, Type, Asset, Quantity, Price or Amount, and Account.",
                "NO_HEADER",
            )
        ]
    return [
        Problem(
            Severity.ERROR,
            ledger.name,
            ledger.first_row + nearest.place,
            column,
            f"There is no column {column}.",
            f"Add the column to the header, which holds {_listed(nearest)}{_not_read(nearest)}.",
            "MISSING_COLUMN",
        )
        for column in KEY_COLUMNS
        if column not in nearest.columns
    ]


def _not_read(header: Header) -> str:
    if not header.others:
        return ""
    return f"; {', '.join(header.others.values())} {'are' if len(header.others) > 1 else 'is'} read as none of them"


def _listed(header: Header) -> str:
    *first, last = sorted(header.columns, key=header.columns.__getitem__)
    return f"{', '.join(first)} and {last}" if first else last


def _empty(ledger: RawSheet, row: int) -> Problem:
    return Problem(
        Severity.ERROR,
        ledger.name,
        row,
        "",
        "The ledger holds no transactions.",
        "Enter one row for each transaction under the header Date, Type, Asset, Quantity, Price, Amount, Account.",
        "EMPTY_LEDGER",
    )
