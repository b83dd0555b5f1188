"""CAPGAIN_LEDGER: a handle for a ledger."""

from __future__ import annotations

from capgain.addin.functions.cells import OutputCell
from capgain.addin.functions.ledgers import LEDGERS, Book


def ledger(book: Book) -> OutputCell:
    """The handle. Raises Failure where the ledger has errors, so that they are seen where it is taken in."""
    book.report()
    return LEDGERS.handle(book.source)
