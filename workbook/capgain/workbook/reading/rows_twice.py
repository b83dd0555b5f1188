"""What stands twice in a ledger: ids, rows and lots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capgain.engine.transactions import Acquisition, Allocation, Disposal, Transaction
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.misread import Misread, shown


def report_repeated_ids(cells: LedgerCells, places: Iterable[int]) -> None:
    """An ID that an earlier row has too is an error."""
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


def report_equal_rows(cells: LedgerCells, places: Iterable[int]) -> None:
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


def report_ambiguous_lots(cells: LedgerCells, made: Sequence[Transaction]) -> None:
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
