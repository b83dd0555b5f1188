"""The sides of a row: units out, units in, what they were worth and the fee, from the fields that a format names."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.money import EXACT, ZERO
from capgain.workbook.importing import futures
from capgain.workbook.importing.asset_names import AssetNames
from capgain.workbook.importing.foreign_money import amounts_in
from capgain.workbook.importing.movements import OTHER_MONEY, USD, Becomes, Movement
from capgain.workbook.importing.row_fees import RowFees, contradicting_balance, rebate
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.row_worth import (
    fill_in_cash,
    fill_in_money,
    fill_in_other_units,
    fill_in_worth,
    fold_in_fee,
)
from capgain.workbook.importing.sides import CASH_ONLY, EITHER_WAY, FOR_MONEY, INWARD, LEGS, OUTWARD, POOLS, TWO_SIDED
from capgain.workbook.importing.source_tables import Money, SourceTable, Treatment, normal
from capgain.workbook.importing.table_columns import TableColumns
from capgain.workbook.importing.what_it_is import unit_of
from capgain.workbook.importing.wide_columns import fill_in_wide, wide_columns


class LegReader:
    """Reads the sides of the rows of one table.

    `currency` is that of amounts whose row names none; `account` the user's own name for the account, which goes before
    those in the row.
    """

    def __init__(
        self, table: SourceTable, columns: TableColumns, names: AssetNames, *, currency: str, account: str
    ) -> None:
        self._table = table
        self._names = names
        self._currency = currency
        self._account = account
        self._fees = RowFees(table, columns, names)
        self._wide = wide_columns(table, columns.index)

    def fill(
        self, movement: Movement, treatment: Treatment, text: RowFields, cells: Sequence[str]
    ) -> tuple[str, str] | None:
        """Fill in units, fee and value; what is wrong and what to do about it, if anything is.

        `text` are the row's fields, `cells` the whole row.

        Raises:
            UnreadableValue: a number is none.
        """
        if self._table.money is Money.AFTER_FEE and "amount" in text and "net" not in text:
            text["net"] = text.pop("amount")
        wrong = self._fill(movement, treatment, text, cells)
        if not movement.fee_quantity:
            movement.fee_asset, movement.fee_quantity = "", None
        return wrong

    def _fill(
        self, movement: Movement, treatment: Treatment, text: RowFields, cells: Sequence[str]
    ) -> tuple[str, str] | None:
        currency = self._names.asset(text["currency"]) if "currency" in text else self._currency
        if currency.upper() in OTHER_MONEY and movement.becomes in FOR_MONEY | CASH_ONLY and "pair" not in text:
            return amounts_in(currency)
        quantity = text.number("quantity")
        if quantity is not None and (withheld := text.number("withheld")):
            quantity -= abs(withheld)
        if quantity is not None and (decimals := text.number("decimals")) is not None:
            quantity = quantity.scaleb(-int(decimals))
        asset = self._names.asset(text["asset"]) if "asset" in text else ""
        self._fees.fill_in(movement, text, currency, cells)
        if self._wide:
            fill_in_wide(movement, text, cells, self._wide, self._names, self._fees.sign)
            if movement.becomes in INWARD:
                movement.out_asset, movement.out_quantity = "", None
            elif movement.becomes in OUTWARD:
                movement.in_asset, movement.in_quantity = "", None
        elif "pair" in text:
            base, quote = self._pair_by_units(text) or self._names.pair(text["pair"])
            if not base:
                return f"The pair {text['pair']!r} cannot be split into two assets.", "Enter the row by hand."
            asset, currency = base, quote
            if movement.fee_asset == USD and movement.fee_value is None:
                received = base if movement.becomes in INWARD else quote
                movement.fee_asset = received if self._table.fee_is_in_received else quote
        if movement.becomes in TWO_SIDED or "asset" not in text:
            self._stated_legs(movement, text)
        self._fees.take_out(movement)
        price = text.number("price")
        if currency == USD and price is not None:
            movement.price = abs(price)
        value = text.number("value") if currency == USD or "pair" in text else None
        if value is None:
            value = text.number("received_value")
        if value is None:
            value = text.number("sent_value")
        movement.value = None if value is None else abs(value)
        if value is None:
            movement.value = self._worth_by_price(movement, text)
        becomes = movement.becomes
        if becomes in CASH_ONLY:
            return fill_in_cash(movement, text, asset)
        if becomes is Becomes.SPLIT:
            movement.in_asset, movement.in_quantity = asset, quantity
            if treatment.side == "out" and quantity is not None:
                movement.in_quantity = -abs(quantity)
            if ("ratio_new" in text) != ("ratio_old" in text):
                return "The split says only one of its two numbers.", "Enter a row of Type Split by hand."
            if "ratio_new" in text:
                movement.ratio = f"{text['ratio_new']}/{text['ratio_old']}"
            return None if asset else ("The split names no asset.", "Enter a row of Type Split by hand.")
        if self._wide or movement.in_asset or movement.out_asset:
            if becomes in FOR_MONEY:
                return fill_in_other_units(
                    movement, text, asset, quantity, currency, checked=self._table.checks_sum
                ) or rebate(movement)
            return self._one_side_as_needed(movement, treatment) or rebate(movement)
        if not asset and becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL):
            return _units_without_name(text, quantity)
        if not asset:
            return "The row names no asset.", "Correct it in the source, or enter the row by hand."
        if quantity is None or quantity == 0:
            if becomes in LEGS:
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
        if (net := text.number("net_quantity")) is not None and (
            wrong := contradicting_balance(movement, quantity, net)
        ):
            return wrong
        if becomes is Becomes.WITHDRAWAL and _is_all_fee(text, quantity):
            becomes = movement.becomes = Becomes.FEE
        outward = treatment.side == "out" if treatment.side else quantity < 0
        if becomes in OUTWARD or (becomes in EITHER_WAY and outward):
            movement.out_asset, movement.out_quantity = asset, abs(quantity)
        else:
            movement.in_asset, movement.in_quantity = asset, abs(quantity)
        self._fees.take_out(movement)
        if becomes is Becomes.EXPIRE:
            return _lapsed(movement, text)
        if becomes in FOR_MONEY and movement.asset_class == futures.CLASS:
            return futures.fill_in_contracts(movement, text, text.get("underlying", "")) or rebate(movement)
        if becomes in FOR_MONEY:
            return fill_in_money(movement, text, currency, checked=self._table.checks_sum) or rebate(movement)
        fill_in_worth(movement, text, currency)
        fold_in_fee(movement)
        return None if becomes in LEGS else rebate(movement)

    def _pair_by_units(self, text: RowFields) -> tuple[str, str] | None:
        """Both assets of a pair where the units behind quantity and amount are the pair's two halves."""
        base, quote = unit_of(text.get("quantity", "")), unit_of(text.get("amount", ""))
        if not base or not quote or normal(base + quote) != normal("".join(filter(str.isalnum, text["pair"]))):
            return None
        return self._names.asset(base), self._names.asset(quote)

    def _stated_legs(self, movement: Movement, text: RowFields) -> None:
        sent = text.number("sent_quantity")
        received = text.number("received_quantity")
        if sent:
            movement.out_asset, movement.out_quantity = self._names.asset(text.get("sent_asset", "")), abs(sent)
        if received:
            movement.in_asset, movement.in_quantity = self._names.asset(text.get("received_asset", "")), abs(received)
        if sent and received and received < 0 < sent and movement.becomes in (Becomes.EXCHANGE, Becomes.BY_LEGS):
            # Both signs say that the columns' order is not that of the exchange.
            movement.out_asset, movement.in_asset = movement.in_asset, movement.out_asset
            movement.out_quantity, movement.in_quantity = movement.in_quantity, movement.out_quantity
        sender, receiver = text.get("sent_account", ""), text.get("received_account", "")
        if not self._account and (sender or receiver):
            movement.account = sender or receiver
        if movement.becomes is Becomes.TRANSFER:
            movement.to_account = receiver

    def _worth_by_price(self, movement: Movement, text: RowFields) -> Decimal | None:
        """Units of a side at the price that the row gives for one of them; what came goes first."""
        for field, units in (("received_price", movement.in_quantity), ("sent_price", movement.out_quantity)):
            price = text.number(field)
            if price is not None and units is not None:
                return EXACT.multiply(abs(price), units)
        return None

    def _one_side_as_needed(self, movement: Movement, treatment: Treatment) -> tuple[str, str] | None:
        """Keep the side that what it becomes needs; a kind that can be both ways goes by the side that is there."""
        becomes = movement.becomes
        if becomes in POOLS:
            return None
        if treatment.same is not None and movement.in_asset == movement.out_asset:
            becomes = movement.becomes = treatment.same
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


def _is_all_fee(text: RowFields, quantity: Decimal) -> bool:
    """Whether nothing left but the network's fee: the wallet paid itself, or called a contract."""
    fee = text.number("inside_fee")
    return bool(fee) and fee is not None and abs(quantity) in (abs(fee), abs(fee).scaleb(-8))


def _lapsed(movement: Movement, text: RowFields) -> tuple[str, str] | None:
    """An option that expires moves no money: one that is settled in cash does."""
    moved = text.number("amount") or text.number("net") or movement.fee_quantity
    if not moved:
        return None
    return (
        f"{movement.out_asset} expired, and the row moves {moved} dollars.",
        "Enter what it was by hand: a Sell if you held it, a Cover if you had written it, with these dollars.",
    )


def _units_without_name(text: RowFields, quantity: Decimal | None) -> tuple[str, str] | None:
    """What is wrong with a transfer that names no asset: dollars need none, units do."""
    money = [text.number(field) for field in ("amount", "net", "value")]
    if not quantity or any(found is not None and abs(found) == abs(quantity) for found in money):
        return None
    return (
        f"The row moves {abs(quantity):f} units and does not say of what.",
        "Enter the row by hand as your statement shows it, or write in Decision why it stays out.",
    )
