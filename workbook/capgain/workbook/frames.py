"""A tax report as pandas tables, for those who go on in Python, and for the sheets that group and rank.

Amounts in dollars and quantities are Decimals in columns of dtype object, so that sums stay exact; days are dates.
Asked for a report with errors every table raises InvalidLedger: a chain with a hole has no numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pandas as pd

from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.ledger import Price
from capgain.engine.money import ZERO
from capgain.engine.planning.calendar import calendar as days_to_come
from capgain.engine.planning.portfolio import Holding, Portfolio, cents
from capgain.engine.planning.portfolio import portfolio as held_on
from capgain.engine.problems import InvalidLedger
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.held import OpenLot

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

HOLDING_COLUMNS = (
    "asset",
    "account",
    "class",
    "quantity",
    "acquired",
    "long_from",
    "term",
    "basis",
    "price",
    "value",
    "unrealized",
    "row",
    "lot",
    "is_ira",
)
TERMS = ("short", "long")
SUMMED = ("units", "basis", "value", "gain", "weight", *TERMS, "loss_to_harvest")
EVENT_COLUMNS = ("day", "kind", "asset", "account", "units", "value", "gain", "what", "why")
YEAR_FIGURES = (
    "sales",
    "proceeds",
    "basis",
    "wash_disallowed",
    "line_7",
    "line_15",
    "line_16",
    "deducted",
    "carry_short",
    "carry_long",
    "carry_both",
    "income",
)
MONTHS = range(1, 13)

_Value = str | int | bool | Decimal | date


def dispositions(report: TaxReport, year: int | None = None) -> pd.DataFrame:
    """One row for each row of Form 8949, of one year or of all, in the order of the report.

    Raises InvalidLedger.
    """
    _without_errors(report)
    years = report.years if year is None else [year]
    rows = [_disposition(number, row) for number in years for row in _sold_in(report, number)]
    return pd.DataFrame(rows, columns=list(DISPOSITION_COLUMNS), dtype=object)


def open_lots(report: TaxReport) -> pd.DataFrame:
    """One row for each lot held, with its unrounded basis. Raises InvalidLedger."""
    _without_errors(report)
    return pd.DataFrame([_open_lot(lot) for lot in report.open_lots], columns=list(OPEN_LOT_COLUMNS), dtype=object)


def realized_by_month(report: TaxReport, year: int) -> pd.DataFrame:
    """The short and the long results of the year's months, 1 to 12, as column (h) has them. Raises InvalidLedger."""
    rows = dispositions(report, year)
    if rows.empty:
        return _or_zero(pd.DataFrame(None, index=MONTHS, columns=list(TERMS), dtype=object))
    rows = rows.assign(month=[day.month for day in rows["sold"]])
    table = rows.pivot_table(index="month", columns="term", values="gain", aggfunc="sum")
    return _or_zero(table.reindex(index=MONTHS, columns=list(TERMS)))


def holdings(held: Portfolio) -> pd.DataFrame:
    """One row for each lot and short sale of a portfolio, with its price, value and result; None where not known."""
    return pd.DataFrame(
        [_holding(one, held.as_of) for one in held.holdings], columns=list(HOLDING_COLUMNS), dtype=object
    )


def portfolio(report: TaxReport, prices: Iterable[Price] | None, as_of: date) -> pd.DataFrame:
    """One row for each asset held: units, basis, value, gain, weight, result by term, loss to harvest.

    `prices` None: those of the ledger. What has no price has None for value, gain and weight. Raises InvalidLedger.
    """
    _without_errors(report)
    return grouped(holdings(held_on(report, as_of, prices=prices)), "asset")


def accounts(report: TaxReport, prices: Iterable[Price] | None, as_of: date) -> pd.DataFrame:
    """As `portfolio`, one row for each account; value and gain are those of what has a price. Raises InvalidLedger."""
    _without_errors(report)
    return grouped(holdings(held_on(report, as_of, prices=prices)), "account").drop(columns="units")


def grouped(lots: pd.DataFrame, by: str) -> pd.DataFrame:
    """Holdings summed by asset or by account, in the order in which they come."""
    if lots.empty:
        return pd.DataFrame(columns=[by, *SUMMED], dtype=object)
    table = lots.groupby(by, sort=False).agg(units=("quantity", "sum"), basis=("basis", "sum"))
    priced = lots[lots["value"].notna()]
    table = table.join(priced.groupby(by, sort=False).agg(value=("value", "sum"), priced_basis=("basis", "sum")))
    table["gain"] = table["value"] - table["priced_basis"]
    whole = sum(priced["value"], ZERO)
    weights = [None if pd.isna(one) else one / whole if whole else ZERO for one in table["value"]]
    table["weight"] = pd.Series(weights, index=table.index, dtype=object)
    taxed = priced[priced["unrealized"].notna()]
    terms = taxed.pivot_table(index=by, columns="term", values="unrealized", aggfunc="sum")
    at_loss = pd.Series([one < ZERO for one in taxed["unrealized"]], index=taxed.index, dtype=bool)
    losses = taxed[at_loss].groupby(by).agg(loss_to_harvest=("unrealized", "sum"))
    results = terms.reindex(columns=list(TERMS)).join(losses, how="outer").reindex(table.index)
    table = table.join(_or_zero(results))
    return table.astype(object).where(table.notna(), None).reset_index()[[by, *SUMMED]]


def _or_zero(table: pd.DataFrame) -> pd.DataFrame:
    """The table with zero dollars where nothing stands."""
    filled = {
        column: pd.Series([ZERO if pd.isna(one) else one for one in table[column]], index=table.index, dtype=object)
        for column in table.columns
    }
    return pd.DataFrame(filled)


def calendar(report: TaxReport, prices: Iterable[Price] | None, as_of: date) -> pd.DataFrame:
    """One row for each day that matters from `as_of` on. Raises InvalidLedger."""
    _without_errors(report)
    events = days_to_come(report, held_on(report, as_of, prices=prices))
    rows = [
        (one.day, one.kind.value, one.asset, one.account, one.units, one.value, one.gain, one.what, one.why)
        for one in events
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS), dtype=object)


def years(report: TaxReport) -> pd.DataFrame:
    """One column for each year with form data, a row for each figure to compare years by. Raises InvalidLedger."""
    _without_errors(report)
    columns = {
        number: pd.Series(_figures(found, found.schedule_d, found.carryover), dtype=object)
        for number, found in report.years.items()
        if found.schedule_d is not None and found.carryover is not None
    }
    return pd.concat(columns, axis=1) if columns else pd.DataFrame(index=list(YEAR_FIGURES), dtype=object)


def _figures(found: YearReport, form: ScheduleD, carryover: Carryover) -> dict[str, _Value]:
    sold = Totals.of(found.dispositions)
    figures: dict[str, _Value] = dict(
        zip(
            YEAR_FIGURES,
            (
                sold.rows,
                sold.proceeds,
                sold.basis,
                sum((row.wash_disallowed for row in found.dispositions), ZERO),
                form.line_7,
                form.line_15,
                form.line_16,
                -form.line_21,
                carryover.short,
                carryover.long,
                carryover.short + carryover.long,
                sum((cents(item.amount) for item in found.income_in_totals), ZERO),
            ),
            strict=True,
        )
    )
    return figures


def _without_errors(report: TaxReport) -> None:
    if report.has_errors:
        raise InvalidLedger(report.problems)


def _holding(one: Holding, as_of: date) -> tuple[_Value | None, ...]:
    return (
        one.asset,
        one.account,
        one.class_name,
        one.quantity,
        one.acquired,
        one.long_from,
        one.term(as_of).value,
        one.basis,
        None if one.price is None else one.price.price,
        one.value,
        one.unrealized,
        one.row,
        one.lot,
        one.is_ira,
    )


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
