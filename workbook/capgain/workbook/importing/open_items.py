"""The sheet Open Items: events read from files that are no ledger rows yet, each with why and what to do.

A row stands there in the columns of the Ledger. Once its missing cell is filled in, or its partner's file is imported,
the next import moves it to the Ledger, and so it does where column Decision names the type of units that came or left.
Whatever else stands in Decision settles it by hand. A row without a Type, whose figures contradict one another or which
is not understood, never moves by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.money import EXACT
from capgain.workbook.importing.ledger_rows import SOURCE_COLUMNS, TYPES, Value, ledger_date, ledger_row
from capgain.workbook.importing.movements import USD, Becomes, LineOfFile, Movement, to_the_millisecond
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.open_items import type_decided
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread
from capgain.workbook.written.moments import Calendar, SourceMoment, read_source_moment
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.source_text import UnreadableValue
from capgain.workbook.written.words import INCOME_KINDS, plain

FIRST_COLUMNS = ("Why", "What To Do", "Likely Partner", "Decision")
LAST_COLUMNS = (*SOURCE_COLUMNS, "Source Kind", "Chain ID")
ITEM_COLUMNS = (*FIRST_COLUMNS, *LEDGER_COLUMNS, *LAST_COLUMNS)
_BECOMES = {name: becomes for becomes, name in TYPES.items()}
ARRIVED = frozenset({"Income", "Gift In"})
LEFT = frozenset({"Spend", "Fee", "Gift Out", "Donate", "Lost"})
"""types that a Decision may name for units without a partner"""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One row of the sheet; `movement` None where it cannot become a ledger row by itself."""

    values: Mapping[str, Value]
    movement: Movement | None

    @property
    def key(self) -> str:
        return str(self.values.get("Source Key", ""))

    @property
    def decided(self) -> bool:
        decision = self.values.get("Decision")
        return bool(decision) and not type_decided(decision)


def item_of(unsettled: Unsettled) -> Mapping[str, Value]:
    """The row of something unsettled."""
    values: dict[str, Value] = {
        "Why": unsettled.message,
        "What To Do": unsettled.remedy,
        "Likely Partner": unsettled.partner,
        "Source File": "; ".join(dict.fromkeys(place.file for place in unsettled.places)),
        "Source Line": ", ".join(str(place.line) for place in unsettled.places),
        "Source Key": unsettled.key,
        "Source Kind": unsettled.kind,
    }
    movement = unsettled.movement
    if movement is not None and movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL):
        out = movement.becomes is Becomes.WITHDRAWAL
        values |= {
            "Date": ledger_date(movement),
            "Type": "Transfer",
            "Asset": movement.asset,
            "Quantity": movement.out_quantity or movement.in_quantity or "",
            "Account" if out else "To Account": movement.account,
            "Price": movement.price if movement.price is not None else "",
            "Class": movement.asset_class,
            "Note": movement.note,
            "Chain ID": movement.chain_id,
        }
    elif movement is not None and movement.becomes in _WHOLE:
        values = {**ledger_row(movement).values, **values}
    elif movement is not None:
        values |= {"Asset": movement.asset, "Account": movement.account, "Note": movement.note}
        values["Date"] = ledger_date(movement)
        units = movement.out_quantity or movement.in_quantity
        if units is not None:
            values["Quantity"] = units
    if not unsettled.completes:
        values.pop("Type", None)
    return {name: values[name] for name in ITEM_COLUMNS if values.get(name, "") != ""}


_WHOLE = frozenset(TYPES) | {Becomes.BUY, Becomes.SELL, Becomes.EXCHANGE}


def read_open_items(rows: Sequence[Sequence[Cell]], calendar: Calendar) -> list[OpenItem]:
    """The sheet's rows; none where the sheet is missing or is not ours."""
    if not rows:
        return []
    header = {plain(str(cell)): place for place, cell in enumerate(rows[0]) if cell not in (None, "")}
    if plain("Why") not in header:
        return []
    known = {plain(name): name for name in ITEM_COLUMNS}
    items = []
    for row in rows[1:]:
        values: dict[str, Value] = {}
        for word, place in header.items():
            if word in known and place < len(row) and row[place] not in (None, ""):
                values[known[word]] = _value(row[place])
        if values:
            items.append(OpenItem(values, _movement(values, calendar)))
    return items


def unsettled_of(item: OpenItem) -> Unsettled:
    """What an item that stays on the sheet says."""
    words = {name: str(item.values.get(name, "")) for name in ("Source Kind", "Why", "What To Do", "Likely Partner")}
    return Unsettled(
        _places(item.values),
        words["Source Kind"],
        words["Why"],
        words["What To Do"],
        item.movement,
        words["Likely Partner"],
        item.key,
        completes=item.movement is not None,
    )


def _value(cell: Cell) -> Value:
    if isinstance(cell, date | str):
        return cell
    text = text_of(cell)
    number = None if isinstance(cell, bool) else read_number(text)
    return number if isinstance(number, Decimal) else text


def _movement(values: Mapping[str, Value], calendar: Calendar) -> Movement | None:
    """The event that a row tells of, as far as it is one of ours that only lacks an amount, a price or an account."""
    kind = str(values.get("Type", ""))
    when = read_source_moment(values.get("Date"), date_1904=calendar.date_1904)
    if not values.get("Source Key") or not isinstance(when, SourceMoment) or not kind:
        return None
    local = when.local(calendar.zones)
    try:
        units = _number(values, "Quantity")
        movement = Movement(
            becomes=_BECOMES.get(kind, Becomes.EXCHANGE),
            moment=when,
            at=to_the_millisecond(local or when.at),
            zone_missing=local is None,
            account=str(values.get("Account", "")),
            kind=str(values.get("Source Kind", kind)),
            lines=_places(values),
            to_account=str(values.get("To Account", "")),
            value=_number(values, "Amount"),
            price=_number(values, "Price"),
            asset_class=str(values.get("Class", "")),
            id=str(values.get("ID", "")),
            chain_id=str(values.get("Chain ID", "")),
            note=str(values.get("Note", "")),
            income=INCOME_KINDS.find(str(values.get("Kind", ""))),
            key=str(values["Source Key"]),
        )
        fee, fee_units = _number(values, "Fee"), _number(values, "Fee Quantity")
        received = _number(values, "Received Quantity")
    except UnreadableValue:
        return None
    movement.format = movement.key.partition(":")[0]
    asset = str(values.get("Asset", ""))
    if values.get("Fee Asset"):
        movement.fee_asset, movement.fee_quantity, movement.fee_value = str(values["Fee Asset"]), fee_units, fee
    elif fee:
        movement.fee_asset, movement.fee_quantity = USD, fee
    if kind == "Transfer":
        decision = type_decided(values.get("Decision"))
        if decision in LEFT and movement.account and not movement.to_account:
            return _decided(movement, decision, asset, units)
        if decision in ARRIVED and movement.to_account and not movement.account:
            return _decided(replace(movement, account=movement.to_account, to_account=""), decision, asset, units)
        if movement.account and movement.to_account:
            movement.out_asset = movement.in_asset = asset
            movement.out_quantity, movement.in_quantity = units, received if received is not None else units
        elif movement.account:
            movement.becomes, movement.out_asset, movement.out_quantity = Becomes.WITHDRAWAL, asset, units
        else:
            movement.becomes, movement.in_asset, movement.in_quantity = Becomes.DEPOSIT, asset, units
            movement.account, movement.to_account = movement.to_account, ""
        return movement
    if kind == "Trade":
        movement.out_asset, movement.out_quantity = asset, units
        movement.in_asset, movement.in_quantity = str(values.get("Received Asset", "")), received
        return movement
    if kind in ARRIVED:
        movement.in_asset, movement.in_quantity = asset, units
        return movement
    if kind in LEFT:
        movement.out_asset, movement.out_quantity = asset, units
        return movement
    if kind == "Buy":
        movement.becomes = Becomes.BUY
        movement.in_asset, movement.in_quantity = asset, units
        movement.out_asset, movement.out_quantity = USD, movement.value
        return movement
    if kind == "Sell":
        movement.becomes = Becomes.SELL
        movement.out_asset, movement.out_quantity = asset, units
        movement.in_asset, movement.in_quantity = USD, movement.value
        return movement
    return None


def _decided(half: Movement, kind: str, asset: str, units: Decimal | None) -> Movement:
    """Units without a partner as what the user says they were, at the file's price where it gives one."""
    worth = EXACT.multiply(half.price, units) if half.value is None and half.price is not None and units else half.value
    if kind in ARRIVED:
        return replace(half, becomes=_BECOMES[kind], in_asset=asset, in_quantity=units, value=worth)
    return replace(half, becomes=_BECOMES[kind], out_asset=asset, out_quantity=units, value=worth)


def _number(values: Mapping[str, Value], name: str) -> Decimal | None:
    number = read_number(values.get(name))
    if isinstance(number, Misread):
        raise UnreadableValue(number.message)
    return number


def _places(values: Mapping[str, Value]) -> tuple[LineOfFile, ...]:
    file = str(values.get("Source File", ""))
    lines = [
        int(line) for line in str(values.get("Source Line", "")).replace(";", ",").split(",") if line.strip().isdigit()
    ]
    return tuple(LineOfFile(file, line, earlier=True) for line in lines) or (LineOfFile(file, 0, earlier=True),)
