"""The fee of a row: paid or received, in dollars or in units, within the units that the row gives or beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.money import EXACT, ZERO
from capgain.workbook.importing.asset_names import AssetNames
from capgain.workbook.importing.movements import USD, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_tables import Money, SourceTable
from capgain.workbook.importing.table_columns import TableColumns


class RowFees:
    """Reads the fees of one table's rows. `sign` is that of a fee that was paid."""

    def __init__(self, table: SourceTable, columns: TableColumns, names: AssetNames) -> None:
        self.sign = -1 if table.paid_fee_is_negative else 1
        self._names = names
        self._added_up = columns.places.get("fees", ())
        self._is_stated = "fee" in columns.places or "fees" in columns.places
        self._after_fee = table.money is Money.AFTER_FEE

    def fill_in(self, movement: Movement, text: RowFields, currency: str, cells: Sequence[str]) -> None:
        """The fee, above 0 where it was paid; below 0 it was received. Raises UnreadableValue."""
        movement.fee_stated = self._is_stated
        if "fee_quantity" in text:
            fee = text.number("fee_quantity")
            if fee:
                movement.fee_asset = self._names.asset(text["fee_asset"]) if "fee_asset" in text else USD
                movement.fee_quantity = self.sign * fee
                value = text.number("fee_value") if currency == USD or "pair" in text else None
                movement.fee_value = None if value is None else abs(value)
                if value is None and (price := text.number("fee_price")) is not None:
                    movement.fee_value = EXACT.multiply(abs(price), abs(fee))
            return
        fee = text.number("fee")
        if fee is not None:
            movement.fee_asset, movement.fee_quantity = currency, self.sign * fee
        if self._added_up:
            fees = (text.number_in(cells[at]) for at in self._added_up if at < len(cells))
            stated = [fee for fee in fees if fee is not None]
            if stated:
                movement.fee_asset, movement.fee_quantity = USD, self.sign * sum(stated, ZERO)

    def take_out(self, movement: Movement) -> None:
        """Units before the fee, where the source gives them after it and the fee is in the same asset."""
        fee = movement.fee_quantity
        if not self._after_fee or not fee:
            return
        if movement.in_quantity is not None and movement.in_asset == movement.fee_asset:
            movement.in_quantity += fee
        elif movement.out_quantity is not None and movement.out_asset == movement.fee_asset:
            movement.out_quantity -= fee


def rebate(movement: Movement) -> tuple[str, str] | None:
    """A fee that was received is no fee: more came, or less left. What is wrong and what to do, if anything is."""
    fee = movement.fee_quantity
    if fee is None or fee >= 0:
        return None
    if movement.in_asset == movement.fee_asset and movement.in_quantity is not None:
        movement.in_quantity -= fee
    elif movement.out_asset == movement.fee_asset and movement.out_quantity is not None:
        movement.out_quantity += fee
    else:
        return (
            f"The fee of {fee.normalize():f} {movement.fee_asset} was received, not paid.",
            f"Enter the row by hand, and the {movement.fee_asset} received as a row of its own.",
        )
    if USD in (movement.in_asset, movement.out_asset) and movement.fee_asset == USD:
        movement.value = movement.in_quantity if movement.in_asset == USD else movement.out_quantity
    movement.fee_asset, movement.fee_quantity, movement.fee_value = "", None, None
    return None


def contradicting_balance(movement: Movement, quantity: Decimal, net: Decimal) -> tuple[str, str] | None:
    """What is wrong where the balance did not change by the units and their fee, and what to do about it."""
    fee = movement.fee_quantity or ZERO
    if abs(net) in (abs(quantity) - fee, abs(quantity) + fee):
        return None
    return (
        f"The balance changed by {net}, where {quantity} units with a fee of {fee} stand in the row.",
        "Find out in the source which is right, and enter the row by hand.",
    )
