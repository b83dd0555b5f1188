"""Column (a) of Form 8949: what was sold, in the words the instructions ask for."""

from __future__ import annotations

from capgain.engine.classes import AssetClass
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.trust_holdings import held_by
from capgain.engine.units import quantity_text

_BY_SHARES = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.TOKENIZED})
_REMARK = {
    Kind.CASH_IN_LIEU: "cash in lieu",
    Kind.BOOT: "cash in a merger",
    Kind.RETURN_OF_CAPITAL: "return of capital",
    Kind.WORTHLESS: "worthless",
    Kind.EXPIRED: "expired",
    Kind.WRITTEN_EXPIRED: "written, expired",
    Kind.SHORT: "short sale",
    Kind.EXERCISED: "put exercised",
    Kind.ASSIGNED: "call assigned",
}


def describe(disposition: Disposition, transaction_id: str = "") -> str:
    """`100 sh. XYZ` for shares; name, exact units and the sale's transaction id for digital assets.

    Instructions for Form 8949, Column (a). What is neither bought nor sold in the ordinary way says so.
    """
    if disposition.kind in (Kind.QOF_DEFERRAL, Kind.QOF_INCLUSION):
        return disposition.asset
    if disposition.kind is Kind.TRUST_SALE:
        shares = f"{disposition.quantity.normalize():,f}"
        return f"{disposition.asset}: {held_by(disposition.asset)} sold by the trust, {shares} sh."
    if disposition.kind is Kind.BAD_DEBT:
        return f"{disposition.asset}, bad debt statement attached"
    units = quantity_text(disposition.units)
    kind = disposition.asset_class
    text = f"{units} sh. {disposition.asset}" if kind in _BY_SHARES else f"{units} {disposition.asset}"
    remark = _REMARK.get(disposition.kind)
    if remark:
        text = f"{text} ({remark})"
    return f"{text}, tx {transaction_id}" if transaction_id and kind.is_digital else text
