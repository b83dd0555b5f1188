"""Rows of brokers' Forms 1099 into the sheet 1099 of a workbook: what stands there already stays, and is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from capgain.engine.broker_rows import SHEET
from capgain.engine.money import ZERO
from capgain.workbook.importing.ledger_rows import Value
from capgain.workbook.reading.form_1099 import COLUMNS
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.moments import read_lone_day
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import counted, plain

_WHICH = ("Broker", "Form", "Box", "Asset")
_LOT = ("Quantity", "Acquired", "Sold")
_NAMES = ("Broker", "Asset")
_SUMS = ("Proceeds", "Basis", "Wash", "Market Discount", "Withheld")

Which = tuple[str, ...]
"""What tells a row from others: broker, form, box and asset; of a lot also its units and days."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What to write: `rows` below row `last` into `columns`, by the headings' names; where there is no such sheet yet,
    `columns` is empty. `notices` say what the sheet has already and what differs; `renamed` are cells of rows that it
    has under other names, by row and column."""

    rows: Sequence[Mapping[str, Value]]
    columns: Mapping[str, int]
    last: int
    notices: Sequence[str]
    renamed: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)

    @property
    def changes_the_sheet(self) -> bool:
        return bool(self.rows or self.renamed)


@dataclass(frozen=True, slots=True)
class _RowThere:
    """A row that the sheet has, with its figures."""

    number: int
    sums: tuple[Decimal, ...]


def totals_of(rows: Iterable[Mapping[str, Value]]) -> list[Mapping[str, Value]]:
    """Rows of lots as one total for each broker, form, box and asset."""
    sums: dict[Which, dict[str, Value]] = {}
    for row in rows:
        total = sums.setdefault(_which(row)[: len(_WHICH)], {name: row.get(name, "") for name in _WHICH})
        for name in _SUMS:
            if name in row:
                before, more = total.get(name, ZERO), row[name]
                assert isinstance(before, Decimal)
                assert isinstance(more, Decimal)
                total[name] = before + more
    return list(sums.values())


def filling_of(
    sheet: RawSheet | None, rows: Sequence[Mapping[str, Value]], as_in_the_file: Sequence[Mapping[str, Value]] = ()
) -> Filling:
    """The rows that the sheet has not yet: of equal lots the n-th is the n-th of the sheet.

    `as_in_the_file` are the same rows by the names that the file has for accounts and securities: what the sheet has
    under these gets the names of the Ledger.
    Lots become totals where the sheet has no columns for them, or a total of their broker, form, box and asset already.
    """
    if sheet is None or not rows or all(is_blank(cell) for row in sheet.rows for cell in row):
        return Filling(rows, {}, 0, ())
    header = next(
        (place for place, row in enumerate(sheet.rows) if {"broker", "proceeds"} <= {plain(text_of(c)) for c in row}),
        None,
    )
    if header is None:
        notice = (
            f"The sheet {SHEET} has no row with the headings Broker and Proceeds: the forms were not written there."
        )
        return Filling((), {}, 0, (notice,))
    places = {plain(text_of(cell)): place for place, cell in enumerate(sheet.rows[header])}
    columns = {name: places[plain(name)] + sheet.first_column for name in COLUMNS if plain(name) in places}
    there: defaultdict[Which, list[_RowThere]] = defaultdict(list)
    last = header
    for place, row in enumerate(sheet.rows[header + 1 :], start=header + 1):
        cells = {
            name: row[places[plain(name)]]
            for name in COLUMNS
            if plain(name) in places and places[plain(name)] < len(row)
        }
        if all(is_blank(cell) for cell in cells.values()):
            continue
        last = place
        there[_which(cells)].append(_RowThere(sheet.first_row + place, tuple(_dollars(cells, name) for name in _SUMS)))
    has_lots = columns.keys() >= set(_LOT)
    as_total = [row for row in rows if not has_lots or _which(row)[: len(_WHICH)] in there]
    by_lot = [row for row in rows if has_lots and _which(row)[: len(_WHICH)] not in there]
    new, notices = [], []
    renamed: dict[int, Mapping[str, Value]] = {}
    formerly = {id(row): before for row, before in zip(rows, as_in_the_file, strict=False)}
    for said in (*totals_of(as_total), *by_lot):
        known = there.get(_which(said), [])
        for names in () if known else _other_names(said, formerly.get(id(said), said)):
            if known := there.get(_which({**said, **names}), []):
                renamed[known[0].number] = {name: said[name] for name in names}
                break
        sums = tuple(_dollars(said, name) for name in _SUMS)
        same = next((one for one in known if one.sums == sums), known[0] if known else None)
        if same is None:
            new.append(said)
            continue
        known.remove(same)
        if same.sums != sums:
            figures = ", ".join(f"{name} {said[name]}" for name in _SUMS if name in said)
            notices.append(f"Sheet {SHEET}, row {same.number}: the file says {figures}. Nothing was changed there.")
    if renamed:
        symbols = sorted({str(cells["Asset"]) for cells in renamed.values() if "Asset" in cells})
        called = f": {', '.join(symbols)}" if symbols else ""
        notices.append(f"Sheet {SHEET}: {counted(len(renamed), 'row')} now named as in the Ledger{called}.")
    return Filling(new, columns, sheet.first_row + last, notices, renamed)


def of_other_years(rows: Iterable[Mapping[str, Value]], tax_year: int | None) -> Sequence[str]:
    """What has to be said of lots that were sold in another year than Settings `Tax Year`."""
    years = {sold.year for row in rows if isinstance(sold := row.get("Sold"), date)} - {tax_year}
    if tax_year is None or not years:
        return ()
    named = ", ".join(map(str, sorted(years)))
    return (f"Sheet {SHEET}: sales of {named} stand there and drive nothing, as Settings say Tax Year {tax_year}.",)


def _which(row: Mapping[str, Cell | Value]) -> Which:
    which = tuple(text_of(row.get(name)).casefold() for name in _WHICH)
    if is_blank(row.get("Quantity")) or is_blank(row.get("Sold")):
        return which
    units = read_number(row.get("Quantity"))
    quantity = f"{units.normalize():f}" if isinstance(units, Decimal) else text_of(row.get("Quantity"))
    return (*which, quantity, _day(row.get("Acquired")), _day(row.get("Sold")))


def _other_names(row: Mapping[str, Value], before: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    """Names under which the sheet may have a row of one lot, called as `before` in the file: an earlier import may have
    known one of them already."""
    if any(row.get(name) != before.get(name) for name in _LOT):
        return
    differ = {name: before[name] for name in _NAMES if row[name] != before[name]}
    if len(differ) > 1:
        yield differ
    yield from ({name: said} for name, said in differ.items())


def _day(cell: Cell | Value) -> str:
    found = read_lone_day(cell)
    return found.isoformat()[:10] if isinstance(found, date) else text_of(cell).casefold()


def _dollars(row: Mapping[str, Cell | Value], name: str) -> Decimal:
    found = read_number(row.get(name))
    return found if isinstance(found, Decimal) else ZERO
