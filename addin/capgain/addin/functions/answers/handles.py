"""CAPGAIN_LEDGER: a handle for a ledger."""

from __future__ import annotations

from capgain.addin.functions.cells import OutputCell
from capgain.addin.functions.ledgers import LEDGERS, Computed


def ledger(computed: Computed) -> OutputCell:
    """The handle. Raises Failure where the ledger has errors, so that they are seen where it is taken in."""
    computed.report()
    return LEDGERS.handle(computed.source)
