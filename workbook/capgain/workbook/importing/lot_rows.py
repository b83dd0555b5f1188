"""Closed lots as rows of the Ledger: an Opening and its Sell, where the ledger has not the sale; and of the sheet 1099.

The ledger's own sales go first: a lot whose account, asset, day and units they have is not entered again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b

from capgain.engine.money import CENT, EXACT, ZERO, to_the_cent
from capgain.workbook.importing.filling_1099 import totals_of
from capgain.workbook.importing.ledger_rows import LedgerRow, Value, ledger_row
from capgain.workbook.importing.lots_by_other_names import SalesThere
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.written.moments import SourceMoment

THE_LEDGER_HAS_IT = "the ledger has this sale"
"""Why a closed lot is ignored whose sale is in the Ledger."""

LOTS = frozenset({Becomes.LOT, Becomes.AWARD_SALE, Becomes.OPENING})

OfDay = tuple[str, str, date]
"""(account, asset, day), without regard to case."""


@dataclass(slots=True)
class LotsTaken:
    """What lots came to. `waiting` counts the sales that stand neither in the ledger nor in the import and were left
    out; `in_ledger` are lots whose sale is there, to be compared with it."""

    rows: list[LedgerRow] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    in_ledger: list[Movement] = field(default_factory=list)
    waiting: int = 0


@dataclass(slots=True)
class _Came:
    """Units that came with a basis, as far as no sale has taken them out into a lot of their own."""

    movement: Movement
    lot: str
    quantity: Decimal
    basis: Decimal
    unsold: Decimal


def openings_among(unmatched: Sequence[Unsettled]) -> tuple[list[Movement], list[Unsettled]]:
    """Deposits without a partner whose file says when the units were acquired and at what basis; and the others."""
    openings: list[Movement] = []
    others = []
    for one in unmatched:
        half = one.movement
        if half is None or half.becomes is not Becomes.DEPOSIT or half.acquired is None or half.basis is None:
            others.append(one)
        else:
            openings.append(replace(half, becomes=Becomes.OPENING))
    return openings, others


def take_lots(
    lots: Sequence[Movement],
    openings: Sequence[Movement],
    sold: SalesThere,
    known: Mapping[OfDay, str],
    *,
    enter: bool,
) -> LotsTaken:
    """Rows of the `openings`, and of the lots where `enter` asks for them; sales of awards always.

    `sold` are the units that the ledger and this import sell otherwise; `known` the lots that the ledger opens, by the
    day on which they were acquired.
    """
    taken = LotsTaken()
    came: dict[OfDay, list[_Came]] = {}
    for opening in openings:
        made = replace(opening, acquired=opening.acquired or opening.at.date())
        units, basis = made.in_quantity or ZERO, made.basis or ZERO
        of_day = (made.account.casefold(), made.in_asset.casefold(), made.acquired or made.at.date())
        came.setdefault(of_day, []).append(_Came(made, _lot_name(made), units, basis, units))
    by_sale: dict[OfDay, list[Movement]] = {}
    for lot in lots:
        by_sale.setdefault((lot.account.casefold(), lot.out_asset.casefold(), lot.at.date()), []).append(lot)
    for sale, same_day in by_sale.items():
        there = sold.units(*sale)
        units = sum((lot.out_quantity or ZERO for lot in same_day), ZERO)
        if there >= units:
            on_form = [lot for lot in same_day if lot.lot is not None and lot.lot.form]
            taken.ignored += [Ignored(place, THE_LEDGER_HAS_IT) for lot in on_form for place in lot.lines]
            taken.in_ledger += [lot for lot in same_day if lot.lot is not None and not lot.lot.form]
        elif there:
            taken.unsettled += [_partly(lot, there, units) for lot in same_day]
        else:
            for lot in same_day:
                _take(lot, came, known, enter, taken)
    for one in (one for same_day in came.values() for one in same_day):
        if one.quantity:
            row = ledger_row(replace(one.movement, in_quantity=one.quantity, basis=one.basis))
            taken.rows.append(replace(row, values={**row.values, "Lot": one.lot}))
        else:
            taken.ignored += [Ignored(place, "the rows of its sales open the lot") for place in one.movement.lines]
    return taken


def _take(
    lot: Movement, came: Mapping[OfDay, Sequence[_Came]], known: Mapping[OfDay, str], enter: bool, taken: LotsTaken
) -> None:
    about = lot.lot
    assert about is not None
    if not enter and not about.is_award:
        taken.waiting += 1
        taken.ignored += [Ignored(place, "a closed lot; --lots enters it as Opening and Sell") for place in lot.lines]
        return
    if about.acquired is None or about.basis is None:
        taken.unsettled.append(_unknown(lot))
        return
    if about.is_ordinary:
        taken.unsettled.append(_ordinary(lot))
        return
    if about.acquired > lot.at.date():
        taken.rows += _short(lot, about.acquired, about.basis)
        return
    of_day = (lot.account.casefold(), lot.out_asset.casefold(), about.acquired)
    identity = _lot_there(lot, about.basis, came.get(of_day, ())) or known.get(of_day, "")
    if not identity:
        opening = _opening(lot, about.acquired, about.basis)
        identity = _lot_name(opening)
        row = ledger_row(replace(opening, note=lot.note) if about.disallowed else opening)
        taken.rows.append(replace(row, values={**row.values, "Lot": identity}))
    # A Note on a sale with code W says which row carries the loss: the source's own words say something else.
    note = "" if about.disallowed else lot.note
    sell = ledger_row(replace(lot, becomes=Becomes.SELL, in_asset=USD, in_quantity=lot.value, note=note))
    more: dict[str, Value] = {"Lot": identity}
    if about.reported:
        more["Reported"] = about.reported
    if about.reported_basis is not None and about.reported_basis != about.basis:
        more["Reported Basis"] = about.reported_basis
    if about.is_covered_unsaid:
        place = lot.lines[0]
        taken.notices.append(
            f"{place.file}, line {place.line}: the file does not say whether the sale of {lot.out_asset} is covered; "
            "write basis or no basis into its Reported, as the Form 1099-B has it."
        )
    if about.disallowed:
        more |= {"Code": "W", "Adjustment": about.disallowed}
        place = lot.lines[0]
        taken.notices.append(
            f"{place.file}, line {place.line}: the broker disallows {about.disallowed} of the loss on {lot.out_asset} "
            f"as a wash sale. The replacement purchase's basis was raised by {about.disallowed}; enter it in its row."
        )
    taken.rows.append(replace(sell, values={**sell.values, **more}))


def _lot_there(lot: Movement, basis: Decimal, came: Sequence[_Came]) -> str:
    """The lot that the units are of, "" where the row tells of another basis or no lot has as many left.

    Another basis (ordinary income at the sale of ESPP shares is part of it) takes the units out of the lot they are of.
    """
    units = lot.out_quantity or ZERO
    for one in came:
        if one.unsold < units:
            continue
        one.unsold -= units
        share = EXACT.divide(EXACT.multiply(one.basis, units), one.quantity)
        if abs(share - basis) <= CENT:
            return one.lot
        one.quantity -= units
        one.basis = to_the_cent(one.basis - share)
        return ""
    return ""


def _opening(lot: Movement, acquired: date, basis: Decimal) -> Movement:
    at = datetime.combine(acquired, time())
    return replace(
        lot,
        becomes=Becomes.OPENING,
        moment=SourceMoment(at, has_time=False),
        at=at,
        zone_missing=False,
        in_asset=lot.out_asset,
        in_quantity=lot.out_quantity,
        out_asset="",
        out_quantity=None,
        value=None,
        fee_asset="",
        fee_quantity=None,
        fee_value=None,
        id="",
        order="",
        note="",
        acquired=acquired,
        basis=basis,
        key=f"{lot.key}/opening",
    )


def _lot_name(opening: Movement) -> str:
    """The same name whenever the lot is imported."""
    digest = blake2b(opening.key.encode(), digest_size=4).hexdigest()
    return f"{opening.acquired:%Y%m%d}-{digest}"


def _short(lot: Movement, covered: date, cost: Decimal) -> list[LedgerRow]:
    """Sold before it was bought: a Short Sell and the Cover that closed it."""
    at = datetime.combine(covered, time())
    cover = replace(
        _opening(lot, covered, cost),
        becomes=Becomes.COVER,
        out_asset=USD,
        out_quantity=cost,
        value=cost,
        at=at,
        key=f"{lot.key}/cover",
    )
    return [ledger_row(replace(lot, becomes=Becomes.SHORT_SELL)), ledger_row(cover)]


def _unknown(lot: Movement) -> Unsettled:
    about = lot.lot
    assert about is not None
    lacks = "no single day on which it was acquired" if about.acquired is None else "no basis"
    why = ": various purchases make one line of a form"
    if about.acquired is not None:
        why = ", and a broker need not know it" if about.reported in ("no basis", "none") else ""
    words = [f"acquired: {about.acquired_as or 'blank'}"]
    words += [f"{name}: {said}" for name, said in (("term", about.term), ("box", about.box)) if said]
    return Unsettled(
        lot.lines,
        lot.kind,
        f"The sale of {lot.out_quantity} {lot.out_asset} on {lot.at.date()} for {lot.value} has {lacks} "
        f"({', '.join(words)}){why}.",
        "Enter an Opening for each purchase with its day and basis, and the Sell; or the Sell alone where the ledger "
        "has the purchases."
        if about.acquired is None
        else f"Enter an Opening with Acquired {about.acquired} and what the units cost you, and the Sell; or the Sell "
        "alone where the ledger has the purchase.",
        key=lot.key,
    )


def _ordinary(lot: Movement) -> Unsettled:
    return Unsettled(
        lot.lines,
        lot.kind,
        f"The form calls the gain or loss of {lot.out_quantity} {lot.out_asset} sold on {lot.at.date()} for "
        f"{lot.value} ordinary (box 2).",
        "Find out why: what is ordinary is no row of Form 8949 and belongs on Form 4797 or Schedule B. Where all of it "
        "is, write that in Decision; where the form is wrong, enter the Opening and the Sell.",
        key=lot.key,
    )


def _partly(lot: Movement, there: Decimal, units: Decimal) -> Unsettled:
    return Unsettled(
        lot.lines,
        lot.kind,
        f"The ledger sells {there.normalize():f} {lot.out_asset} of {lot.account} on {lot.at.date()}, "
        f"the file {units.normalize():f}.",
        "Enter the sale that is missing, or write a Decision where both are right.",
        key=lot.key,
    )


def form_1099_rows(lots: Iterable[Movement]) -> list[Mapping[str, Value]]:
    """Rows of the sheet 1099: one for each lot; what was sold before it was bought is in a total of its asset."""
    rows: list[Mapping[str, Value]] = []
    totals: list[Mapping[str, Value]] = []
    for lot in lots:
        about = lot.lot
        if about is None or not about.form:
            continue
        row: dict[str, Value] = {
            "Broker": lot.account,
            "Form": about.form,
            "Box": about.box,
            "Asset": lot.out_asset,
            "Quantity": lot.out_quantity or "",
            "Acquired": about.acquired or "VARIOUS",
            "Sold": lot.at.date(),
        }
        amounts = (
            ("Proceeds", lot.value),
            ("Basis", about.basis),
            ("Wash", about.disallowed),
            ("Market Discount", about.market_discount),
            ("Withheld", about.tax_withheld),
        )
        row |= {name: amount for name, amount in amounts if amount is not None}
        if about.is_loss_not_allowed:
            row["Loss Not Allowed"] = "yes"
        is_short = about.acquired is not None and about.acquired > lot.at.date()
        (totals if is_short or not lot.out_quantity else rows).append(row)
    return [*rows, *totals_of(totals)]
