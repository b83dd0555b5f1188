"""A tax report as pandas tables, for those who go on in Python."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pandas as pd

from capgain.engine.problems import InvalidLedger
from capgain.engine.report import TaxReport
from capgain.engine.results import Disposition, OpenLot

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

_Value = str | int | bool | Decimal | date


def dispositions(report: TaxReport, year: int | None = None) -> pd.DataFrame:
    """One row for each row of Form 8949, of one year or of all, in the order of the report.

    Amounts in dollars and quantities are Decimals in columns of dtype object, so that sums stay exact; `acquired`,
    `held_since` and `sold` are dates. Raises InvalidLedger, with the problems, for a report with errors.
    """
    _refuse_errors(report)
    years = report.years if year is None else [year]
    rows = [_disposition(number, row) for number in years for row in _sold_in(report, number)]
    return pd.DataFrame(rows, columns=list(DISPOSITION_COLUMNS), dtype=object)


def open_lots(report: TaxReport) -> pd.DataFrame:
    """One row for each lot held, with its unrounded basis; types and refusal as in `dispositions`."""
    _refuse_errors(report)
    return pd.DataFrame([_open_lot(lot) for lot in report.open_lots], columns=list(OPEN_LOT_COLUMNS), dtype=object)


def _refuse_errors(report: TaxReport) -> None:
    if report.has_errors:
        raise InvalidLedger(report.problems)


def _sold_in(report: TaxReport, year: int) -> Iterable[Disposition]:
    found = report.years.get(year)
    return () if found is None else found.dispositions


def _disposition(year: int, row: Disposition) -> tuple[_Value, ...]:
    return (
        year,
        row.row,
        row.asset,
        row.account,
        row.asset_class.value,
        row.quantity,
        row.acquired,
        row.held_since,
        row.sold,
        row.proceeds,
        row.basis,
        row.codes,
        row.adjustment,
        row.gain,
        row.term.value,
        row.box,
        row.lot_row,
        row.lot,
        row.wash_disallowed,
    )


def _open_lot(lot: OpenLot) -> tuple[_Value, ...]:
    return (
        lot.asset,
        lot.account,
        lot.asset_class.value,
        lot.quantity,
        lot.acquired,
        lot.held_since,
        lot.basis,
        lot.row,
        lot.lot,
        lot.is_ira,
    )
