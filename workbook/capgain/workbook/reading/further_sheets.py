"""The sheets beside a ledger that compute nothing but are not to be overlooked: Open Items and Balances."""

from __future__ import annotations

from dataclasses import replace

from capgain.engine.ledger import Ledger
from capgain.workbook.reading.balances import StatedBalance, stated_balances
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
