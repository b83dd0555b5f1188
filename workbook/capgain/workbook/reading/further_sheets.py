"""The sheets beside a ledger that it can do without: Open Items, Balances, and 1099 with what brokers reported."""

from __future__ import annotations

from dataclasses import replace

from capgain.engine.ledger import Ledger
from capgain.workbook.reading.balances import StatedBalance, stated_balances
from capgain.workbook.reading.form_1099 import broker_rows
from capgain.workbook.reading.open_items import open_item_problems
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.moments import Calendar


def with_further_sheets(
    ledger: Ledger, open_items: RawSheet | None, balances: RawSheet | None, *, date_1904: bool
) -> tuple[Ledger, tuple[StatedBalance, ...]]:
    """The ledger with what these sheets warn of, and the balances stated."""
    stated, problems = ((), ()) if balances is None else stated_balances(balances, Calendar(date_1904))
    if open_items is not None:
        problems = (*open_item_problems(open_items), *problems)
    return replace(ledger, problems=(*ledger.problems, *problems)) if problems else ledger, stated


def with_forms_1099(ledger: Ledger, sheet: RawSheet | None, *, date_1904: bool) -> Ledger:
    """The ledger with the rows of the sheet 1099, and what is wrong with those that cannot be read."""
    if sheet is None:
        return ledger
    rows, problems = broker_rows(sheet, Calendar(date_1904))
    return replace(ledger, forms_1099=rows, problems=(*ledger.problems, *problems))
