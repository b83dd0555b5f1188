"""The actions of the ribbon's buttons, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from capgain.addin.excel.ribbon.accountant_copy import accountant_copy
from capgain.addin.excel.ribbon.harvest_ticks import check_ticks, clear_ticks, harvest
from capgain.addin.excel.ribbon.import_into_ledger import import_into_ledger
from capgain.addin.excel.ribbon.new_sheets import help_page, new_ledger, settings, what_if
from capgain.addin.excel.ribbon.refresh import Tell, check, refresh, restore_previous
from capgain.addin.excel.ribbon.take_prices import live_prices, take_prices

ACTIONS: Mapping[str, Callable[[Any, Tell], None]] = {
    "refresh": refresh,
    "restore_previous": restore_previous,
    "new_ledger": new_ledger,
    "import_into_ledger": import_into_ledger,
    "check": check,
    "take_prices": take_prices,
    "live_prices": live_prices,
    "harvest": harvest,
    "check_ticks": check_ticks,
    "clear_ticks": clear_ticks,
    "what_if": what_if,
    "accountant_copy": accountant_copy,
    "settings": settings,
    "help": help_page,
}
"""Each takes the xlwings book and a function that shows a text in the status bar."""
