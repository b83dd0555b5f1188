"""Column (a) of Form 8949: what was sold, in the words the instructions ask for."""

from __future__ import annotations

from capgain.engine.classes import AssetClass
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.trust_holdings import held_by
from capgain.engine.units import quantity_text

_BY_SHARES = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.TOKENIZED})
_WITHOUT_UNITS = frozenset({Kind.QOF_DEFERRAL, Kind.QOF_INCLUSION, Kind.TRUST_SALE, Kind.BAD_DEBT})
FIRST_OF_ID, LAST_OF_ID = 6, 4
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
    row = disposition
    if row.kind in _WITHOUT_UNITS:
        return _without_units(row)
    return quantity_text(row.units) + after_units(row.kind, row.asset, row.asset_class, transaction_id)


def after_units(kind: Kind, asset: str, asset_class: AssetClass, transaction_id: str) -> str:
    """What follows the units of what was sold, the same for all lots of a sale: ` sh. XYZ (short sale)`.

    Holds for all kinds but those that `describes_units` leaves out.
    """
    text = f" sh. {asset}" if asset_class in _BY_SHARES else f" {asset}"
    remark = _REMARK.get(kind)
    if remark:
        text = f"{text} ({remark})"
    return f"{text}, tx {transaction_id}" if transaction_id and asset_class.is_digital else text


def id_in_print(transaction_id: str) -> str:
    """A transaction id as it is printed, `0x8f3a…6b2c`: its first six and last four signs; a short one whole."""
    if len(transaction_id) <= FIRST_OF_ID + LAST_OF_ID + 1:
        return transaction_id
    return f"{transaction_id[:FIRST_OF_ID]}…{transaction_id[-LAST_OF_ID:]}"


def describes_units(kind: Kind) -> bool:
    """Whether column (a) is the units and `after_units`."""
    return kind not in _WITHOUT_UNITS


def _without_units(row: Disposition) -> str:
    if row.kind is Kind.TRUST_SALE:
        return f"{row.asset}: {held_by(row.asset)} sold by the trust, {row.quantity.normalize():,f} sh."
    if row.kind is Kind.BAD_DEBT:
        return f"{row.asset}, bad debt statement attached"
    return row.asset
