"""The sides of a row: units out, units in, what they were worth and the fee, from the fields that a format names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from capgain.engine.money import EXACT, ZERO
from capgain.workbook.importing.asset_names import AssetNames
from capgain.workbook.importing.movements import OTHER_MONEY, USD, Becomes, Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.row_worth import (
    fill_in_cash,
    fill_in_money,
    fill_in_other_units,
    fill_in_worth,
    fold_in_fee,
)
from capgain.workbook.importing.source_tables import Format, Money, SourceTable, Treatment, normal, place_of
from capgain.workbook.importing.what_it_is import unit_of

INWARD = frozenset(
    {Becomes.BUY, Becomes.REINVEST, Becomes.INCOME, Becomes.DEPOSIT, Becomes.GIFT_IN, Becomes.COVER, Becomes.OPENING}
)
OUTWARD = frozenset(
    {
        Becomes.SELL,
        Becomes.SPEND,
        Becomes.FEE,
        Becomes.WITHDRAWAL,
        Becomes.WITHDRAWAL_FEE,
        Becomes.GIFT_OUT,
        Becomes.DONATE,
        Becomes.LOST,
        Becomes.SHORT_SELL,
        Becomes.WORTHLESS,
        Becomes.CLOSE,
        Becomes.LOT,
        Becomes.AWARD_SALE,
        Becomes.OPTION_ASSIGNED,
        Becomes.OPTION_EXERCISED,
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

FOR_MONEY = frozenset(
    {
        Becomes.BUY,
        Becomes.REINVEST,
        Becomes.SELL,
        Becomes.SHORT_SELL,
        Becomes.COVER,
        Becomes.CLOSE_AND_OPEN,
        Becomes.BY_POSITION,
        Becomes.CLOSE,
    }
)
_LEGS = frozenset({Becomes.LEG, Becomes.FEE_LEG, Becomes.CHAIN_LEG})
_EITHER_WAY = _LEGS | {Becomes.CLOSE_AND_OPEN, Becomes.BY_POSITION}
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


def amounts_in(currency: str) -> tuple[str, str]:
    """What is said of a row whose money is another country's."""
    return (
        f"The amounts are in {currency}; only US dollars are entered.",
        "Enter the row in the Ledger in dollars, at the rate of its day (26 USC 988 is not worked out here).",
    )


class LegReader:
    """Reads the sides of the rows of one table; `index` is each column's place by its normal name,
    `currency` that of amounts whose row names none."""

    def __init__(self, known: Format, table: SourceTable, index: Mapping[str, int], currency: str = USD) -> None:
        self._currency = currency
        self._names = AssetNames(known, table)
        self.asset = self._names.asset
        self._table = table
        self._has_fee = any(
            place_of(name, index) is not None for field in ("fee", "fees") for name in table.columns.get(field, ())
        )
        self._after_fee = table.money is Money.AFTER_FEE
        self._index = index
        self._wide = self._wide_columns()

    def are_one(self, one: str, other: str) -> bool:
        """Whether two names are of one asset."""
        return self._names.asset(one).casefold() == self._names.asset(other).casefold()

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
        wrong = self._fill(movement, treatment, text, fees, cells, account)
        if not movement.fee_quantity:
            movement.fee_asset, movement.fee_quantity = "", None
        return wrong

    def _fill(
        self,
        movement: Movement,
        treatment: Treatment,
        text: RowFields,
        fees: Sequence[str],
        cells: Sequence[str],
        account: str,
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
        self._fee(movement, text, currency, fees)
        if self._wide:
            self._wide_legs(movement, text, cells)
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
        if value is None:
            movement.value = self._worth_by_price(movement, text)
        becomes = movement.becomes
        if becomes in CASH_ONLY:
            return fill_in_cash(movement, text, asset, currency)
        if becomes is Becomes.SPLIT:
            movement.in_asset, movement.in_quantity = asset, quantity
            if ("ratio_new" in text) != ("ratio_old" in text):
                return "The split says only one of its two numbers.", "Enter a row of Type Split by hand."
            if "ratio_new" in text:
                movement.ratio = f"{text['ratio_new']}/{text['ratio_old']}"
            return None if asset else ("The split names no asset.", "Enter a row of Type Split by hand.")
        if self._wide or movement.in_asset or movement.out_asset:
            if becomes in FOR_MONEY:
                return fill_in_other_units(
                    movement, text, asset, quantity, currency, checked=self._table.checks_sum
                ) or self._rebate(movement)
            return self._one_side_as_needed(movement, treatment) or self._rebate(movement)
        if not asset and becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL):
            return None
        if not asset:
            return "The row names no asset.", "Correct it in the source, or enter the row by hand."
        if quantity is None or quantity == 0:
            if becomes in _LEGS:
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
        if (net := text.number("net_quantity")) is not None and (wrong := self._units_and_fee(movement, quantity, net)):
            return wrong
        outward = treatment.side == "out" if treatment.side else quantity < 0
        if becomes in OUTWARD or (becomes in _EITHER_WAY and outward):
            movement.out_asset, movement.out_quantity = asset, abs(quantity)
        else:
            movement.in_asset, movement.in_quantity = asset, abs(quantity)
        self._take_fee_out(movement)
        if becomes in FOR_MONEY:
            return fill_in_money(movement, text, currency, checked=self._table.checks_sum) or self._rebate(movement)
        fill_in_worth(movement, text, currency)
        fold_in_fee(movement)
        return None if becomes in _LEGS else self._rebate(movement)

    def _pair_by_units(self, text: RowFields) -> tuple[str, str] | None:
        """Both assets of a pair where the units behind quantity and amount are the pair's two halves."""
        base, quote = unit_of(text.get("quantity", "")), unit_of(text.get("amount", ""))
        if not base or not quote or normal(base + quote) != normal("".join(filter(str.isalnum, text["pair"]))):
            return None
        return self._names.asset(base), self._names.asset(quote)

    def _fee(self, movement: Movement, text: RowFields, currency: str, fees: Sequence[str]) -> None:
        """The fee, above 0 where it was paid; below 0 it was received."""
        movement.fee_stated = self._has_fee
        sign = -1 if self._table.paid_fee_is_negative else 1
        if "fee_quantity" in text:
            fee = text.number("fee_quantity")
            if fee:
                movement.fee_asset = self._names.asset(text["fee_asset"]) if "fee_asset" in text else USD
                movement.fee_quantity = sign * fee
                value = text.number("fee_value")
                movement.fee_value = None if value is None else abs(value)
                if value is None and (price := text.number("fee_price")) is not None:
                    movement.fee_value = EXACT.multiply(abs(price), abs(fee))
            return
        fee = text.number("fee")
        if fee is not None:
            movement.fee_asset, movement.fee_quantity = currency, sign * fee
        stated = [found for one in fees if (found := text.number_in(one)) is not None]
        if stated:
            movement.fee_asset, movement.fee_quantity = USD, sign * sum(stated, ZERO)

    def _rebate(self, movement: Movement) -> tuple[str, str] | None:
        """A fee that was received is no fee: more came, or less left."""
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
                sign = -1 if self._table.paid_fee_is_negative else 1
                movement.fee_asset, movement.fee_quantity = self._names.asset(asset), sign * fee

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

    def _units_and_fee(self, movement: Movement, quantity: Decimal, net: Decimal) -> tuple[str, str] | None:
        """Whether the balance changed by the units and their fee."""
        fee = movement.fee_quantity or ZERO
        if abs(net) in (abs(quantity) - fee, abs(quantity) + fee):
            return None
        return (
            f"The balance changed by {net}, where {quantity} units with a fee of {fee} stand in the row.",
            "Find out in the source which is right, and enter the row by hand.",
        )

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
