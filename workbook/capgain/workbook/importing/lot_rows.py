"""Closed lots as rows of the Ledger: an Opening and its Sell, where the ledger has not the sale; and of the sheet 1099.

The ledger's own sales go first: a lot whose account, asset, day and units they have is not entered again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b

from capgain.engine.money import ZERO
from capgain.workbook.importing.ledger_rows import LedgerRow, Value, ledger_row
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.written.moments import SourceMoment

Sale = tuple[str, str, date]
"""(account, asset, day of the sale), without regard to case."""

_SOLD = frozenset({"Sell", "Trade", "Spend", "Fee", "Lost", "Gift Out", "Donate", "Short Sell"})


@dataclass(slots=True)
class LotsTaken:
    """What lots came to. `waiting` counts the sales that neither the ledger nor the import has and that were left out."""

    rows: list[LedgerRow] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    waiting: int = 0


def sales_of(rows: Iterable[LedgerRow]) -> dict[Sale, Decimal]:
    """Units that rows of the Ledger sell or give away, by account, asset and day."""
    sold: dict[Sale, Decimal] = {}
    for row in rows:
        units = row.values.get("Quantity")
        if row.type in _SOLD and isinstance(units, Decimal):
            sale = (
                str(row.values.get("Account", "")).casefold(),
                str(row.values.get("Asset", "")).casefold(),
                row.at.date(),
            )
            sold[sale] = sold.get(sale, ZERO) + units
    return sold


def take_lots(lots: Sequence[Movement], vests: Sequence[Movement], sold: Mapping[Sale, Decimal], enter: bool) -> LotsTaken:
    """The lots as rows where `enter` asks for them; sales of awards always, from the `vests` that their file has.

    `sold` are the units that the ledger and this import sell otherwise.
    """
    taken = LotsTaken()
    by_sale: dict[Sale, list[Movement]] = {}
    for lot in lots:
        sale = (lot.account.casefold(), lot.out_asset.casefold(), lot.at.date())
        by_sale.setdefault(sale, []).append(lot)
    vested: dict[Sale, list[_Vest]] = {}
    for vest in vests:
        made = replace(vest, acquired=vest.acquired or vest.at.date())
        identity = _lot_name(made)
        row = ledger_row(made)
        taken.rows.append(replace(row, values={**row.values, "Lot": identity}))
        vested.setdefault((vest.account.casefold(), vest.in_asset.casefold(), made.acquired or made.at.date()), []).append(
            _Vest(identity, vest.in_quantity or ZERO)
        )
    for sale, same_day in by_sale.items():
        there = sold.get(sale, ZERO)
        units = sum((lot.out_quantity or ZERO for lot in same_day), ZERO)
        if there >= units:
            taken.ignored += [Ignored(place, "the ledger has this sale") for lot in same_day for place in lot.lines]
        elif there:
            taken.unsettled += [_partly(lot, there, units) for lot in same_day]
        else:
            for lot in same_day:
                _take(lot, vested, enter, taken)
    return taken


@dataclass(slots=True)
class _Vest:
    lot: str
    left: Decimal


def _take(lot: Movement, vested: Mapping[Sale, list[_Vest]], enter: bool, taken: LotsTaken) -> None:
    about = lot.lot
    assert about is not None
    if not enter and not about.is_award:
        taken.waiting += 1
        taken.ignored += [Ignored(place, "a closed lot: --lots enters it as Opening and Sell") for place in lot.lines]
        return
    if about.acquired is None or about.basis is None:
        taken.unsettled.append(_unknown(lot))
        return
    units = lot.out_quantity or ZERO
    if about.acquired > lot.at.date():
        taken.rows += _short(lot, about.acquired, about.basis)
        return
    identity = ""
    for vest in vested.get((lot.account.casefold(), lot.out_asset.casefold(), about.acquired), ()):
        if vest.left >= units:
            vest.left -= units
            identity = vest.lot
            break
    if not identity:
        opening = replace(
            lot,
            becomes=Becomes.OPENING,
            moment=SourceMoment(datetime.combine(about.acquired, time()), has_time=False),
            at=datetime.combine(about.acquired, time()),
            zone_missing=False,
            in_asset=lot.out_asset,
            in_quantity=units,
            out_asset="",
            out_quantity=None,
            value=None,
            fee_asset="",
            fee_quantity=None,
            id="",
            note="",
            acquired=about.acquired,
            basis=about.basis,
            key=f"{lot.key}/opening",
        )
        identity = _lot_name(opening)
        row = ledger_row(opening)
        taken.rows.append(replace(row, values={**row.values, "Lot": identity}))
    sell = ledger_row(replace(lot, becomes=Becomes.SELL, in_asset=USD, in_quantity=lot.value))
    more: dict[str, Value] = {"Lot": identity}
    if about.reported:
        more["Reported"] = about.reported
    if about.reported_basis is not None and about.reported_basis != about.basis:
        more["Reported Basis"] = about.reported_basis
    if about.disallowed:
        more |= {"Code": "W", "Adjustment": about.disallowed}
        taken.notices.append(
            f"{lot.lines[0].file}, line {lot.lines[0].line}: the broker disallows {about.disallowed} of the loss on "
            f"{lot.out_asset} as a wash sale. The replacement purchase's basis was raised by {about.disallowed}; see that "
            "its row has it."
        )
    taken.rows.append(replace(sell, values={**sell.values, **more}))


def _lot_name(movement: Movement) -> str:
    digest = blake2b(movement.key.encode(), digest_size=4).hexdigest()
    return f"{movement.in_asset.split(' ')[0][:8] or 'lot'}-{movement.acquired:%Y%m%d}-{digest}"


def _short(lot: Movement, covered: date, cost: Decimal) -> list[LedgerRow]:
    """Sold before it was bought: a Short Sell and the Cover that closed it."""
    at = datetime.combine(covered, time())
    cover = replace(
        lot,
        becomes=Becomes.COVER,
        moment=SourceMoment(at, has_time=False),
        at=at,
        zone_missing=False,
        in_asset=lot.out_asset,
        in_quantity=lot.out_quantity,
        out_asset=USD,
        out_quantity=cost,
        value=cost,
        fee_asset="",
        fee_quantity=None,
        id="",
        key=f"{lot.key}/cover",
    )
    return [ledger_row(replace(lot, becomes=Becomes.SHORT_SELL)), ledger_row(cover)]


def _unknown(lot: Movement) -> Unsettled:
    about = lot.lot
    assert about is not None
    lacks = "no single day on which it was acquired" if about.acquired is None else "no basis"
    words = [f"acquired: {about.acquired_as or 'blank, as with VARIOUS'}"]
    words += [f"{name}: {said}" for name, said in (("term", about.term), ("box", about.box)) if said]
    return Unsettled(
        lot.lines,
        lot.kind,
        f"The sale of {lot.out_quantity} {lot.out_asset} on {lot.at.date()} for {lot.value} has {lacks} "
        f"({', '.join(words)}; various days of purchase make one line of a form).",
        "Enter an Opening for each purchase with its day and basis, and the Sell; or the Sell alone where the ledger has "
        "the purchases.",
        key=lot.key,
    )


def _partly(lot: Movement, there: Decimal, units: Decimal) -> Unsettled:
    return Unsettled(
        lot.lines,
        lot.kind,
        f"The ledger sells {there} {lot.out_asset} of {lot.account} on {lot.at.date()}, the file {units}.",
        "Enter the sale that is missing, or write a Decision where both are right.",
        key=lot.key,
    )


def form_1099_rows(lots: Iterable[Movement]) -> list[dict[str, Value]]:
    """Rows of the sheet 1099: one for each form, box and asset of an account."""
    sums: dict[tuple[str, str, str, str], dict[str, Value]] = {}
    for lot in lots:
        about = lot.lot
        if about is None or not about.form:
            continue
        row = sums.setdefault(
            (lot.account, about.form, about.box, lot.out_asset),
            {"Broker": lot.account, "Form": about.form, "Box": about.box, "Asset": lot.out_asset},
        )
        for name, amount in (("Proceeds", lot.value), ("Basis", about.basis), ("Wash", about.disallowed)):
            if amount is not None:
                before = row.get(name, ZERO)
                assert isinstance(before, Decimal)
                row[name] = before + amount
    return list(sums.values())
