"""What a button of the ribbon starts: the action on the workbook that was in front, its end told to the person."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import xlwings as xw

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.actions import ACTIONS
from capgain.engine.problems import CapgainError
from capgain.workbook.file_trouble import trouble_with

BUSY = (
    "CapGain: Excel was busy with something else. Finish the cell you are typing in (Enter or Esc), close open "
    "dialogs, and click again."
)
ALLOW = "If the workbook or the sheet is protected (Review, Unprotect) or read-only, allow changes and click again."


def pressed(action: str) -> None:
    """Called from VBA (module CapGainRibbon) in a Python of its own."""
    perform(action, xw.Book.caller())


def perform(action: str, book: Any) -> None:
    """Do what a button says to an xlwings book. A refusal is shown, and the workbook is then as it was."""
    app = book.app

    def tell(text: str) -> None:
        app.status_bar = text

    try:
        ACTIONS[action](book, tell)
    except CapgainError as error:
        app.alert(str(error), title="CapGain", mode="critical")
    except OSError as error:
        app.alert(trouble_with(error), title="CapGain", mode="critical")
    except Exception as error:
        refused = native.refusal_of(error)
        if refused is None:
            raise
        if refused.is_busy:
            # Excel would show no message now: what a program ends with is shown by the add-in.
            raise SystemExit(BUSY) from error
        app.alert(f"{refused.words} {ALLOW}", title="CapGain", mode="critical")
    finally:
        with suppress(Exception):
            app.status_bar = False
