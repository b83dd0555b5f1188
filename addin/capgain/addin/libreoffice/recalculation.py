"""Formulas that read Settings, Accounts, Prices and 1099 without naming them recalculate when those sheets change."""

from __future__ import annotations

from typing import Any

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.util import XModifyListener

from capgain.addin.functions.caller import INPUT_SHEETS
from capgain.addin.libreoffice.document_cells import sheet_block

_watched: dict[str, _Watch] = {}


def watch(context: Any, document: Any) -> None:
    """Listen to the input sheets of a document, each once."""
    known = _watched.get(document.RuntimeUID)
    if known is None:
        known = _watched[document.RuntimeUID] = _Watch(context, document)
    known.listen()


class _Watch(unohelper.Base, XModifyListener, XCallback):  # type: ignore[misc]
    """Asks Calc to recalculate once its current work is done, and only where content really changed."""

    def __init__(self, context: Any, document: Any) -> None:
        self._context = context
        self._document = document
        self._listening: set[str] = set()
        self._content = self._digests()
        self._is_asked = False

    def listen(self) -> None:
        for name in self._document.Sheets.ElementNames:
            if name.casefold() in {sheet.casefold() for sheet in INPUT_SHEETS} and name not in self._listening:
                self._listening.add(name)
                self._document.Sheets.getByName(name).addModifyListener(self)

    def modified(self, event: Any) -> None:
        """UNO: cells of an input sheet changed."""
        if self._is_asked:
            return
        self._is_asked = True
        later = self._context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", self._context)
        later.addCallback(self, None)

    def notify(self, data: Any) -> None:
        """UNO: Calc is idle again."""
        self._is_asked = False
        content = self._digests()
        if content != self._content:
            self._content = content
            self._document.calculateAll()

    def disposing(self, source: Any) -> None:
        """UNO: the document, or one of its sheets, goes away."""
        for uid, known in list(_watched.items()):
            if known is self:
                del _watched[uid]

    def _digests(self) -> tuple[bytes, ...]:
        blocks = (sheet_block(self._document, name, False) for name in INPUT_SHEETS)
        return tuple(b"" if block is None else block.digest for block in blocks)
