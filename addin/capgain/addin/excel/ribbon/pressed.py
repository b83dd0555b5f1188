"""What a button of the ribbon starts: the action on the workbook that was in front, its end told to the person."""

from __future__ import annotations

from typing import Any

import xlwings as xw

from capgain.addin.excel.ribbon.actions import ACTIONS
from capgain.engine.problems import CapgainError


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
    finally:
        app.status_bar = False
