"""The sides of a row: units out, units in, what they were worth and the fee, from the fields that a format names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from capgain.engine.money import ZERO
from capgain.workbook.importing.asset_names import AssetNames
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.row_worth import (
    fill_in_cash,
    fill_in_money,
    fill_in_other_units,
    fill_in_worth,
    fold_in_fee,
)
from capgain.workbook.importing.source_tables import Format, Money, SourceTable, Treatment, normal

INWARD = frozenset({Becomes.BUY, Becomes.REINVEST, Becomes.INCOME, Becomes.DEPOSIT, Becomes.GIFT_IN, Becomes.COVER})
OUTWARD = frozenset(
    {
        Becomes.SELL,
        Becomes.SPEND,
        Becomes.FEE,
        Becomes.WITHDRAWAL,
        Becomes.GIFT_OUT,
        Becomes.DONATE,
        Becomes.LOST,
        Becomes.SHORT_SELL,
        Becomes.WORTHLESS,
    }
)
TWO_SIDED = frozenset(
    {
        Becomes.EXCHANGE,
        Becomes.BY_LEGS,
        Becomes.TRANSFER,
        Becomes.BUY,
        Becomes.REINVEST,
        Becomes.SELL,
        Becomes.SHORT_SELL,
        Becomes.COVER,
    }
)
"""What may have both sides stated; a row of another kind that names one asset is about that one alone."""

FOR_MONEY = frozenset({Becomes.BUY, Becomes.REINVEST, Becomes.SELL, Becomes.SHORT_SELL, Becomes.COVER})
CASH_ONLY = frozenset(
    {
        Becomes.DIVIDEND,
        Becomes.INTEREST,
        Becomes.CAPITAL_GAIN_DISTRIBUTION,
        Becomes.EXEMPT_INTEREST_DIVIDEND,
        Becomes.RETURN_OF_CAPITAL,
        Becomes.CASH_IN_LIEU,
    }
)


class LegReader:
    """Reads the sides of the rows of one table; `index` is each column's place by its normal name."""

    def __init__(self, known: Format, table: SourceTable, index: Mapping[str, int]) -> None:
        self._names = AssetNames(known, table)
        self._table = table
        self._after_fee = table.money is Money.AFTER_FEE
        self._index = index
        self._wide = self._wide_columns()

    def _wide_columns(self) -> list[tuple[str, int, int]]:
        """(asset, column of its amount, column of its fee or -1) where each asset has columns of its own."""
        found: dict[str, tuple[int, int]] = {}
        for wide in self._table.wide_amount:
            form = normal(wide)
            matcher = re.compile(
                re.escape(form)
                .replace(re.escape("{asset}"), "(?P<asset>.+?)", 1)
                .replace(re.escape("{asset}"), "(?P=asset)")
            )
            for name, place in self._index.items():
                match = matcher.fullmatch(name)
                if match is not None and match["asset"] not in found:
                    fees = (normal(fee).replace("{asset}", match["asset"]) for fee in self._table.wide_fee)
                    found[match["asset"]] = (place, next((self._index[fee] for fee in fees if fee in self._index), -1))
        return [(asset.upper(), *places) for asset, places in found.items()]

    def fill(
        self,
        movement: Movement,
        treatment: Treatment,
        text: RowFields,
        fees: Sequence[str],
        cells: Sequence[str],
        account: str,
    ) -> tuple[str, str] | None:
        """Fill in units, fee and value; what is wrong and what to do about it, if anything is.

        `text` are the row's fields, `fees` the cells to be added up, `cells` the whole row, `account`
        the user's own name for the account, which goes before those in the row.

        Raises:
            UnreadableValue: a number is none.
        """
        if self._after_fee and "amount" in text and "net" not in text:
            text["net"] = text.pop("amount")
        currency = self._names.asset(text["currency"]) if "currency" in text else USD
        quantity = text.number("quantity")
        asset = self._names.asset(text["asset"]) if "asset" in text else ""
        self._fee(movement, text, currency)
        if total := sum((abs(text.number_in(fee) or ZERO) for fee in fees), ZERO):
            movement.fee_asset, movement.fee_quantity = USD, total
        if self._wide:
            self._wide_legs(movement, text, cells)
            if movement.becomes in INWARD:
                movement.out_asset, movement.out_quantity = "", None
            elif movement.becomes in OUTWARD:
                movement.in_asset, movement.in_quantity = "", None
        elif "pair" in text:
            base, quote = self._names.pair(text["pair"])
            if not base:
                return f"The pair {text['pair']!r} cannot be split into two assets.", "Enter the row by hand."
            asset, currency = base, quote
            if movement.fee_asset == USD and movement.fee_value is None:
                movement.fee_asset = quote
        if movement.becomes in TWO_SIDED or "asset" not in text:
            self._stated_legs(movement, text, account)
        self._take_fee_out(movement)
        price = text.number("price")
        if currency == USD and price is not None:
            movement.price = abs(price)
        value = text.number("value") if currency == USD or "pair" in text else None
        if value is None:
            value = text.number("received_value")
        if value is None:
            value = text.number("sent_value")
        movement.value = None if value is None else abs(value)
        becomes = movement.becomes
        if becomes in CASH_ONLY:
            return fill_in_cash(movement, text, asset, currency)
        if becomes is Becomes.SPLIT:
            movement.in_asset, movement.in_quantity = asset, quantity
            if "ratio_new" in text:
                movement.ratio = f"{text['ratio_new']}/{text['ratio_old']}"
            return None if asset else ("The split names no asset.", "Enter a row of Type Split by hand.")
        if self._wide or movement.in_asset or movement.out_asset:
            if becomes in FOR_MONEY:
                return fill_in_other_units(movement, text, asset, quantity, currency)
            return self._one_side_as_needed(movement, treatment)
        if not asset and becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL):
            return None
        if not asset:
            return "The row names no asset.", "Correct it in the source, or enter the row by hand."
        if quantity is None or quantity == 0:
            if becomes in (Becomes.LEG, Becomes.FEE_LEG):
                quantity = ZERO
            else:
                return f"The row gives no quantity of {asset}.", "Correct it in the source, or enter the row by hand."
        if quantity < 0 and becomes in INWARD:
            if treatment.negative is None:
                return (
                    f"{movement.kind!r} with a negative quantity ({quantity} {asset}): something was taken back.",
                    "Correct the row that it takes back, or enter what it was.",
                )
            becomes = movement.becomes = treatment.negative
        outward = quantity < 0 if becomes is Becomes.LEG and not treatment.side else treatment.side == "out"
        if becomes in OUTWARD or (becomes is Becomes.LEG and outward) or becomes is Becomes.FEE_LEG:
            movement.out_asset, movement.out_quantity = asset, abs(quantity)
        else:
            movement.in_asset, movement.in_quantity = asset, abs(quantity)
        self._take_fee_out(movement)
        if becomes in FOR_MONEY:
            return fill_in_money(movement, text, currency)
        fill_in_worth(movement, text, currency)
        fold_in_fee(movement)
        return None

    def _fee(self, movement: Movement, text: RowFields, currency: str) -> None:
        if "fee_quantity" in text:
            fee = text.number("fee_quantity")
            if fee:
                movement.fee_asset = self._names.asset(text["fee_asset"]) if "fee_asset" in text else USD
                movement.fee_quantity = abs(fee)
                value = text.number("fee_value")
                movement.fee_value = None if value is None else abs(value)
            return
        fee = text.number("fee")
        if fee:
            movement.fee_asset, movement.fee_quantity = currency, abs(fee)

    def _wide_legs(self, movement: Movement, text: RowFields, cells: Sequence[str]) -> None:
        for asset, place, fee_place in self._wide:
            amount = text.number_in(cells[place]) if place < len(cells) else None
            if amount:
                name = self._names.asset(asset)
                if amount < 0:
                    movement.out_asset, movement.out_quantity = name, -amount
                else:
                    movement.in_asset, movement.in_quantity = name, amount
            fee = text.number_in(cells[fee_place]) if 0 <= fee_place < len(cells) else None
            if fee:
                movement.fee_asset, movement.fee_quantity = self._names.asset(asset), abs(fee)

    def _take_fee_out(self, movement: Movement) -> None:
        """Units before the fee, where the source gives them after it and the fee is in the same asset."""
        fee = movement.fee_quantity
        if not self._after_fee or not fee:
            return
        if movement.in_quantity is not None and movement.in_asset == movement.fee_asset:
            movement.in_quantity += fee
        elif movement.out_quantity is not None and movement.out_asset == movement.fee_asset:
            movement.out_quantity -= fee

    def _stated_legs(self, movement: Movement, text: RowFields, account: str) -> None:
        sent = text.number("sent_quantity")
        received = text.number("received_quantity")
        if sent:
            movement.out_asset, movement.out_quantity = self._names.asset(text.get("sent_asset", "")), abs(sent)
        if received:
            movement.in_asset, movement.in_quantity = self._names.asset(text.get("received_asset", "")), abs(received)
        sender, receiver = text.get("sent_account", ""), text.get("received_account", "")
        if not account and (sender or receiver):
            movement.account = sender or receiver
        if movement.becomes is Becomes.TRANSFER:
            movement.to_account = receiver

    def _one_side_as_needed(self, movement: Movement, treatment: Treatment) -> tuple[str, str] | None:
        """Keep the side that what it becomes needs; a kind that can be both ways goes by the side that is there."""
        becomes = movement.becomes
        if becomes is Becomes.BY_LEGS:
            both = bool(movement.in_asset and movement.out_asset)
            becomes = Becomes.EXCHANGE if both else Becomes.DEPOSIT if movement.in_asset else Becomes.WITHDRAWAL
            movement.becomes = becomes
        if becomes in INWARD and not movement.in_asset:
            if treatment.negative is None:
                return f"{movement.kind!r} brings no units in.", "Correct it in the source, or enter the row by hand."
            becomes = movement.becomes = treatment.negative
        needs_in = becomes in INWARD or becomes in (Becomes.EXCHANGE, Becomes.TRANSFER)
        needs_out = becomes in OUTWARD or becomes in (Becomes.EXCHANGE, Becomes.TRANSFER)
        if (needs_in and not movement.in_asset) or (needs_out and not movement.out_asset):
            side = "received" if needs_in and not movement.in_asset else "given up"
            return (
                f"{movement.kind!r} does not say what was {side}.",
                "Correct it in the source, or enter the row by hand.",
            )
        if not needs_in:
            movement.in_asset, movement.in_quantity = "", None
        if not needs_out:
            movement.out_asset, movement.out_quantity = "", None
        if becomes is not Becomes.EXCHANGE:
            fold_in_fee(movement)
        elif USD in (movement.out_asset, movement.in_asset):
            movement.value = movement.out_quantity if movement.out_asset == USD else movement.in_quantity
        return None
