"""Amounts in another currency than US dollars."""

from __future__ import annotations

from capgain.workbook.written.misread import Misread

_PENCE = frozenset({"GBX", "GBp", "GBPX"})


def not_dollars(currency: str, what: str, *, is_fee: bool = False) -> Misread:
    """What to say of amounts in another currency; `what` says whose, with its verb.

    The functional currency of a person is the dollar (26 USC 985(b)(1)).
    """
    pence = " (pence)" if currency in _PENCE else ""
    coin = " A fee paid in coin goes into Fee Asset and Fee Quantity, its worth in dollars into Fee." if is_fee else ""
    return Misread(
        f"{what} in {currency}{pence}; the ledger is in US dollars.",
        f"Convert each amount at that day's rate (trade date) and enter dollars.{coin}",
        "CURRENCY_NOT_USD",
    )
