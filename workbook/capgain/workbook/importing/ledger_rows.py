"""A movement as a row of the Ledger sheet: the columns of the contract, and the source that the reader ignores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from capgain.engine.money import EXACT
from capgain.workbook.importing.asset_names import is_money
from capgain.workbook.importing.income_words import kind_in_ledger
from capgain.workbook.importing.movements import USD, Becomes, LineOfFile, Movement
from capgain.workbook.importing.sides import POOLS
from capgain.workbook.reading.columns import LEDGER_COLUMNS, NET
from capgain.workbook.reading.transaction_types import TYPE_NAMES
from capgain.workbook.written.moments import read_lone_day
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import plain

SOURCE_COLUMNS = ("Source File", "Source Line", "Source Key")
"""Where a row came from, and what tells it from others; the reader of ledgers ignores these columns."""

Value = str | Decimal | datetime | date

_NAMES = {name.casefold(): name for name in TYPE_NAMES}

TYPES: Mapping[Becomes, str] = {
    becomes: _NAMES[becomes.value]
    for becomes in Becomes
    if becomes.value in _NAMES and becomes not in (Becomes.BUY, Becomes.SELL)
}
"""What becomes a row of the type of its name; which side dollars are on tells whether an exchange is Buy or Sell."""

_RANK = {
    "Split": 0,
    "Buy": 1,
    "Reinvest": 1,
    "Income": 1,
    "Gift In": 1,
    "Transfer": 2,
    "Cover": 4,
    "Short Sell": 4,
    "Expire": 5,
}
"""Rows of one moment: splits first, then what comes in, then transfers, then what goes out."""

_UNSAFE_IN_LOT = re.compile(r"[:;,|\s]")

_IN_CENTS = re.compile(r"\d+(?:\.\d?[1-9])?")
"""Dollars written without needless zeros."""

SMALLEST_DOLLAR = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row for the Ledger: values by column, where they came from, and the event's key."""

    values: Mapping[str, Value]
    at: datetime
    lines: tuple[LineOfFile, ...]
    key: str
    own: bool = False
    """A row of a ledger of ours: rows of one moment keep their order."""

    @property
    def type(self) -> str:
        return str(self.values.get("Type", ""))

    @property
    def order(self) -> tuple[datetime, int, int, str, str, str, str]:
        """Rows sort by time, then what comes in before what goes out, then by content: never by the file's order."""
        return (
            self.at,
            0 if self.own else _RANK.get(self.type, 3),
            self.lines[0].line if self.own else 0,
            str(self.values.get("Account", "")),
            str(self.values.get("Asset", "")),
            str(self.values.get("Quantity", "")),
            self.key,
        )


def ledger_row(movement: Movement) -> LedgerRow:
    """The row. Without a tax zone a time with an offset is written as text with it, for the reader to convert."""
    own = movement.becomes is Becomes.LEDGER_ROW
    values = _own_row(movement) if own else _row(movement)
    values["Date"] = ledger_date(movement)
    values |= _source(movement)
    filled = {name: value for name, value in values.items() if value or value.__class__ is not str}
    return LedgerRow(filled, movement.at, movement.lines, movement.key, own)


def ledger_date(movement: Movement) -> Value:
    """What column Date holds."""
    if not movement.has_time:
        return movement.at.date()
    if movement.zone_missing:
        return movement.at.replace(tzinfo=movement.moment.at.tzinfo).isoformat(sep=" ")
    return movement.at


def _own_row(movement: Movement) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, cell in movement.cells.items():
        column = _KNOWN.get(plain(name))
        if column is not None and cell:
            values[column] = _exactly(column, cell)
    return values


_KNOWN = {plain(name): name for name in (*LEDGER_COLUMNS, NET, *SOURCE_COLUMNS)}


_NUMBERS = frozenset(
    {
        "Quantity",
        "Price",
        "Amount",
        "Fee",
        "Fee Quantity",
        "Received Quantity",
        "Basis",
        "Reported Proceeds",
        "Reported Basis",
        "Adjustment",
        NET,
    }
)


def holds_a_number(column: str) -> bool:
    """Whether that column of a ledger of ours does."""
    return _KNOWN.get(plain(column)) in _NUMBERS


def holds_a_date(column: str) -> bool:
    """Whether that column of a ledger of ours holds one beside the row's own."""
    return _KNOWN.get(plain(column)) in ("Acquired", "Identified")


def _exactly(column: str, cell: str) -> Value:
    """A number or date where the text is plainly one, else the text, for the reader of ledgers to judge."""
    if column in _NUMBERS:
        number = read_number(cell)
        return number if isinstance(number, Decimal) else cell
    if column == "Acquired":
        day = read_lone_day(cell)
        return day if isinstance(day, date) else cell
    return cell


def _row(movement: Movement) -> dict[str, Value]:
    values: dict[str, Value] = {
        "Account": movement.account,
        "Class": movement.asset_class,
        "Underlying": movement.underlying,
        "Order": movement.order,
        "Note": _note(movement),
        "ID": movement.id,
        "Multiplier": "" if movement.multiplier is None else movement.multiplier,
    }
    becomes = movement.becomes
    if becomes in (Becomes.BUY, Becomes.SELL, Becomes.EXCHANGE):
        _exchange(movement, values)
    elif becomes is Becomes.SPLIT:
        values |= {"Type": "Split", "Asset": movement.in_asset, "Quantity": movement.ratio}
        if movement.cash:
            values["Amount"] = movement.cash
    elif becomes is Becomes.INCOME and movement.in_asset == USD:
        values |= {"Type": "Interest", "Amount": movement.in_quantity or "", "Class": ""}
    else:
        values |= {"Type": TYPES[becomes], "Asset": movement.asset}
        quantity = movement.out_quantity if movement.out_asset and movement.out_asset != USD else movement.in_quantity
        if becomes not in _NO_UNITS:
            values["Quantity"] = quantity or ""
        else:
            values["Class"] = ""
        if becomes is Becomes.COVER:
            values |= {"Asset": movement.in_asset, "Quantity": movement.in_quantity or ""}
        if becomes is Becomes.TRANSFER:
            values["To Account"] = movement.to_account
            if movement.in_quantity is not None and movement.in_quantity != movement.out_quantity:
                values["Received Quantity"] = movement.in_quantity
                values["Price"] = "" if movement.price is None else _dollars(movement.price)
        elif movement.value is not None:
            values["Amount"] = _dollars(movement.value)
        if becomes in POOLS:
            values |= {"Quantity": movement.out_quantity or "", "Received Asset": movement.in_asset}
            values["Received Quantity"] = movement.in_quantity or ""
        if becomes is Becomes.OPENING:
            values |= {"Acquired": movement.acquired or "", "Basis": "" if movement.basis is None else movement.basis}
            values.pop("Amount", None)
        if becomes is Becomes.REINVEST:
            values |= {"Asset": movement.in_asset, "Quantity": movement.in_quantity or ""}
    values["Kind"] = kind_in_ledger(str(values.get("Type", "")), movement.income)
    _fee(movement, values)
    return values


_NO_UNITS = frozenset(
    {
        Becomes.DIVIDEND,
        Becomes.INTEREST,
        Becomes.CAPITAL_GAIN_DISTRIBUTION,
        Becomes.EXEMPT_INTEREST_DIVIDEND,
        Becomes.RETURN_OF_CAPITAL,
    }
)


def _exchange(movement: Movement, values: dict[str, Value]) -> None:
    values["Amount"] = "" if movement.value is None else _dollars(movement.value)
    if is_money(movement.out_asset):
        values |= {"Type": "Buy", "Asset": movement.in_asset, "Quantity": movement.in_quantity or ""}
    elif is_money(movement.in_asset):
        values |= {"Type": "Sell", "Asset": movement.out_asset, "Quantity": movement.out_quantity or ""}
    else:
        values |= {
            "Type": "Trade",
            "Asset": movement.out_asset,
            "Quantity": movement.out_quantity or "",
            "Received Asset": movement.in_asset,
            "Received Quantity": movement.in_quantity or "",
        }


def _fee(movement: Movement, values: dict[str, Value]) -> None:
    if not movement.fee_quantity:
        return
    if movement.fee_asset.upper() == USD:
        values["Fee"] = movement.fee_quantity
        return
    if movement.fee_value is not None:
        values["Fee"] = _dollars(movement.fee_value)
    if not is_money(movement.fee_asset):
        values |= {"Fee Asset": movement.fee_asset, "Fee Quantity": movement.fee_quantity}


def _dollars(amount: Decimal) -> Decimal:
    """At most eight decimals: a price times eighteen decimals of units has more than any dollar needs."""
    if _IN_CENTS.fullmatch(str(amount)):
        return amount
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -8:
        amount = amount.quantize(SMALLEST_DOLLAR, context=EXACT)
    return Decimal(format(amount.normalize(EXACT), "f"))


def _note(movement: Movement) -> str:
    said = movement.note
    if movement.becomes is Becomes.INCOME and movement.kind.casefold() not in said.casefold():
        said = f"{movement.kind}: {said}" if said else movement.kind
    if movement.looked_up:
        said = f"{said}; " * bool(said) + "Looked up: " + "; ".join(movement.looked_up)
    return said[:500]


def _source(movement: Movement) -> dict[str, Value]:
    if movement.becomes is Becomes.LEDGER_ROW and movement.cells.get("Source Key"):
        return {}
    if len(movement.lines) == 1:
        place = movement.lines[0]
        return {"Source File": place.file, "Source Line": str(place.line), "Source Key": movement.key}
    files = list(dict.fromkeys(place.file for place in movement.lines))
    if len(files) == 1:
        lines = ", ".join(str(place.line) for place in movement.lines)
        return {"Source File": files[0], "Source Line": lines, "Source Key": movement.key}
    return {
        "Source File": "; ".join(files),
        "Source Line": "; ".join(
            ", ".join(str(place.line) for place in movement.lines if place.file == file) for file in files
        ),
        "Source Key": movement.key,
    }


def with_unique_ids(rows: Iterable[LedgerRow], taken: Iterable[str]) -> list[LedgerRow]:
    """The rows with ids that no other row has and that column Lot can name: `:`, `;` and `,` become `-`."""
    used = {identity.casefold() for identity in taken}
    made = []
    for row in rows:
        identity = str(row.values.get("ID", ""))
        if not identity:
            made.append(row)
            continue
        clean = identity
        if not row.key.startswith("capgain:"):
            clean = _UNSAFE_IN_LOT.sub("-", identity)
        if clean.casefold() in used:
            clean = f"{row.key.partition(':')[0]}-{clean}"
        count = 2
        unique = clean
        while unique.casefold() in used:
            unique, count = f"{clean}-{count}", count + 1
        used.add(unique.casefold())
        made.append(row if unique == identity else replace(row, values={**row.values, "ID": unique}))
    return made
