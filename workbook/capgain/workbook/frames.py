"""A tax report as pandas tables, for those who go on in Python."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

import pandas as pd

from capgain.engine.problems import InvalidLedger
from capgain.engine.report import TaxReport

DISPOSITION_COLUMNS = (
    "year",
    "row",
    "asset",
    "account",
    "class",
    "quantity",
    "acquired",
    "held_since",
    "sold",
    "proceeds",
    "basis",
    "code",
    "adjustment",
    "gain",
    "term",
    "box",
    "lot_row",
    "lot",
    "wash_disallowed",
)
OPEN_LOT_COLUMNS = ("asset", "account", "class", "quantity", "acquired", "held_since", "basis", "row", "lot", "is_ira")

_ATTRIBUTES = {"class": "asset_class.value", "code": "codes", "term": "term.value"}
"""Where a column's name is not that of what it shows."""


def dispositions(report: TaxReport, year: int | None = None) -> pd.DataFrame:
    """One row for each row of Form 8949, of one year or of all, in the order of the report.

    Amounts in dollars and quantities are Decimals in columns of dtype object, so that sums stay exact; `acquired`,
    `held_since` and `sold` are dates. Raises InvalidLedger, with the problems, for a report with errors.
    """
    _refuse_errors(report)
    years = [found for number, found in report.years.items() if year in (None, number)]
    found = [(one.year, row) for one in years for row in one.dispositions]
    table = _table(DISPOSITION_COLUMNS[1:], (row for _, row in found))
    table.insert(0, "year", pd.Series([number for number, _ in found], dtype=object))
    return table


def open_lots(report: TaxReport) -> pd.DataFrame:
    """One row for each lot held, with its unrounded basis; types and refusal as in `dispositions`."""
    _refuse_errors(report)
    return _table(OPEN_LOT_COLUMNS, report.open_lots)


def _refuse_errors(report: TaxReport) -> None:
    if report.has_errors:
        raise InvalidLedger(report.problems)


def _table(columns: tuple[str, ...], rows: Iterable[object]) -> pd.DataFrame:
    values = attrgetter(*(_ATTRIBUTES.get(column, column) for column in columns))
    return pd.DataFrame([values(row) for row in rows], columns=list(columns), dtype=object)
