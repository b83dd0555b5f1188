"""The index as pandas tables: the clients, their open points, and what drifted from what was filed.

Records are taken one at a time and in the order of the index (`order_of`), so that a run's memory does not grow with
what is wrong in every client's ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, islice

import pandas as pd

from capgain.workbook.batch.record import AMOUNTS, ClientRecord, Status

FILE = "File"
AMOUNT_COLUMNS = {
    "6": "Line 6",
    "7": "Line 7",
    "14": "Line 14",
    "15": "Line 15",
    "16": "Line 16",
    "21": "Line 21",
    "carryover_short": "Carryover short",
    "carryover_long": "Carryover long",
    "wash": "Wash",
    "income": "Income",
    "tax": "Tax",
}
OPEN_POINT_COLUMNS = (FILE, "Sheet", "Row", "Column", "What", "What to do", "Code")
DRIFT_COLUMNS = (FILE, "Year", "What", "Filed", "Now")
MOST_OPEN_POINTS = 200_000
"""Rows of the sheet Open Points: enough to work through, few enough to open."""

_ORDER = {status: place for place, status in enumerate(Status)} | {Status.NO_LEDGER: 0}


def order_of(record: ClientRecord) -> tuple[int, str]:
    """The most urgent first, then by path."""
    return _ORDER[record.status], record.file


def clients_table(records: Iterable[ClientRecord], *, with_name: bool) -> pd.DataFrame:
    """One row a client; amounts are exact Decimals, None where there are none."""
    rows = [_client(record) for record in records]
    table = pd.DataFrame(rows, columns=list(_CLIENT_COLUMNS), dtype=object)
    return table if with_name else table.drop(columns="Name")


_CLIENT_COLUMNS = (
    FILE,
    "Name",
    "Status",
    "Made",
    "Year",
    "Filing status",
    *(AMOUNT_COLUMNS[key] for key in AMOUNTS),
    "Open points",
    "Questions open",
    "Checks failed",
    "Drift",
    "First open point",
    "Reviewed by",
    "Seconds",
)


def _client(record: ClientRecord) -> tuple[object, ...]:
    amounts = [Decimal(record.amounts[key]) if key in record.amounts else None for key in AMOUNTS]
    return (
        record.file,
        record.name,
        record.status.value,
        record.made.value,
        record.year,
        record.filing_status,
        *amounts,
        record.open_points,
        record.questions_open,
        record.checks_failed,
        len(record.drift),
        record.first_open_point,
        record.reviewed_by,
        record.seconds,
    )


def open_points_table(records: Iterable[ClientRecord]) -> pd.DataFrame:
    """Every error, blocking problem and failed check of every client."""
    points = chain.from_iterable(map(_open_points, records))
    rows = list(islice(points, MOST_OPEN_POINTS))
    more = sum(1 for _ in points)
    if more:
        rows.append(("", "", None, "", f"and {more:,} more: index.json has all of them.", "", ""))
    return pd.DataFrame(rows, columns=list(OPEN_POINT_COLUMNS), dtype=object)


def _open_points(record: ClientRecord) -> Iterator[tuple[object, ...]]:
    if record.reason:
        yield record.file, "", None, "", record.reason, "", ""
    for one in record.findings:
        if one.is_open:
            yield record.file, one.sheet, one.row or None, one.column, one.message, one.remedy, one.code
    if record.checks_failed:
        what = f"{record.checks_failed} of {record.checks} checks failed."
        yield record.file, "Checks", None, "", what, "See sheet Checks of the client's workbook.", ""


def drift_table(records: Iterable[ClientRecord]) -> pd.DataFrame:
    """Every figure of an earlier year that the ledger no longer gives as it was filed or signed off."""
    rows = [
        (record.file, one.year, one.what, Decimal(one.filed), Decimal(one.now))
        for record in records
        for one in record.drift
    ]
    return pd.DataFrame(rows, columns=list(DRIFT_COLUMNS), dtype=object)


def totals(table: pd.DataFrame) -> dict[str, Decimal | int]:
    """The sum of every column that is counted or in dollars."""
    summed = (*AMOUNT_COLUMNS.values(), "Open points", "Questions open", "Checks failed", "Drift")
    return {column: sum(table[column].dropna(), start=0) for column in summed}
