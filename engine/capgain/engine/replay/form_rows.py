"""From lots taken to rows of Form 8949: rounding, terms, and the special bases of gifts and funds."""

from __future__ import annotations

from typing import Final

from capgain.engine.atoms import CENT_ATOMS, ROUND_ATOMS, cents
from capgain.engine.classes import AssetClass, Reported, Term
from capgain.engine.forms.boxes import box, boxes_of_terms
from capgain.engine.holding_period import six_months_after
from capgain.engine.money import share_out
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.iso_sales import iso_sold
from capgain.engine.replay.lots import Lot, Special, Taken
from capgain.engine.replay.reported import by_default, said_of_asset, with_stated_codes
from capgain.engine.replay.sale import FormRow, Sale
from capgain.engine.replay.state import Booked, State
from capgain.engine.replay.wash_book import Loss
from capgain.engine.results.dispositions import Disposition, Kind, is_coin_fee, joined_codes
from capgain.engine.transactions import Disposal

_LONG: Final = Term.LONG
_SHORT: Final = Term.SHORT
_new: Final = tuple.__new__
"""Makes a named tuple of its fields in order, at a third of the cost of calling its type."""

A_YEAR_AND_A_DAY: Final = 367
"""Days that make every replacement long-term from the start, leap years too."""

ROUNDED_OFF: Final = 1000
"""Atoms of basis that parts of a lot may differ by from having been cut again and again."""


def book_rows(state: State, held: Holding, sale: Sale, taken: list[Taken]) -> None:
    """Write one row for each lot a disposal took from (Form 8949, columns (a) to (h)).

    Proceeds are rounded once for the disposal and shared out by units; the rows of a lot add up to its basis in cents.
    """
    if held.is_ira:
        return
    if len(taken) > 1:
        taken = _one_of_each_lot(taken)
    proceeds = _shared_proceeds(cents(sale.net), taken)
    rows: list[FormRow] = []
    for place, (lot, units, basis) in enumerate(taken):
        part = proceeds[place]
        if lot.special is not None:
            iso_sold(state, sale.entry, lot, sale.sold)
            rows += _special_rows(held, sale, lot, lot.special, units, basis, part)
        else:
            rows.append((lot, units, part, _printed_basis(lot, basis), "", 0, None))
    if state.problems.unvalued_gifts:
        _warn_of_unvalued_gifts(state, sale, rows)
    entry = sale.entry
    if isinstance(entry, Disposal) and entry.code and not is_coin_fee(sale.kind, entry):
        rows = with_stated_codes(state, sale, entry, rows)
    _write(state, held, sale, rows)


def _warn_of_unvalued_gifts(state: State, sale: Sale, rows: list[FormRow]) -> None:
    """A loss on a gift is measured from its value when given, where that was below the donor's basis."""
    at_a_loss = {lot.row for lot, _, proceeds, printed, *_ in rows if proceeds < printed}
    for row in sorted(at_a_loss & state.problems.unvalued_gifts):
        state.problems.warn(
            sale.entry,
            "Amount",
            "GIFT_WITHOUT_VALUE",
            f"units of the gift of row {row} go at a loss from the donor's basis, but their value when given is not "
            "stated: where it was lower, the loss is measured from it (26 USC 1015(a)).",
            f"Enter that value in Amount of row {row}, or say in column Note here that it was not below the donor's "
            "basis.",
            blocks_filing=not sale.entry.note,
        )


def _one_of_each_lot(taken: list[Taken]) -> list[Taken]:
    """One row for a lot that moves between accounts have cut into parts; what rounding owes moves with it."""
    rows = taken[:1]
    for lot, units, basis in taken[1:]:
        before, units_before, basis_before = rows[-1]
        if (
            lot.key[1] == before.key[1]
            and lot.key == before.key
            and abs(basis * units_before - basis_before * units) <= ROUNDED_OFF * (units + units_before)
            and _is_alike(lot, before)
        ):
            if lot is not before:
                lot.drift += before.drift
                before.drift = 0
            rows[-1] = (lot, units_before + units, basis_before + basis)
        else:
            rows.append((lot, units, basis))
    return rows


def _is_alike(lot: Lot, other: Lot) -> bool:
    """Whether nothing but where they lay tells two parts of one purchase apart."""
    return (
        lot.special is None is other.special
        and (lot.row, lot.lot_id, lot.held_since, lot.is_covered)
        == (other.row, other.lot_id, other.held_since, other.is_covered)
        and (lot.acquired_text, lot.replaces) == (other.acquired_text, other.replaces)
    )


def _shared_proceeds(whole: int, taken: list[Taken]) -> list[int]:
    if len(taken) == 1:
        return [whole]
    if len(taken) > 2 or whole < 0:
        return share_out(whole, [units for _, units, _ in taken])
    first, second = taken[0][1], taken[1][1]
    part, rest = divmod(whole * first, first + second)
    if 2 * rest > first + second:
        part += 1
    return [part, whole - part]


def _printed_basis(lot: Lot, basis: int) -> int:
    """The basis in cents; what rounding has printed too much or too little of the lot is settled as it closes.

    It is settled earlier where it has come to a whole cent.
    """
    drift = lot.drift
    if not lot.units:
        if drift:
            lot.drift = 0
            return cents(basis - drift)
        return (basis + ROUND_ATOMS) // CENT_ATOMS
    printed, rest = divmod(basis + ROUND_ATOMS, CENT_ATOMS)
    drift += ROUND_ATOMS - rest
    if drift:
        if drift >= CENT_ATOMS and printed:
            printed -= 1
            drift -= CENT_ATOMS
        elif drift <= -CENT_ATOMS:
            printed += 1
            drift += CENT_ATOMS
        lot.drift = drift
    return printed


def _write(state: State, held: Holding, sale: Sale, rows: list[FormRow]) -> None:
    entry, kind, sold = sale.entry, sale.kind, sale.sold
    ordinal = sold.toordinal()
    letters = held.boxes.get(sold.year) if sale.reported is None else None
    measure, place, asset, asset_class = held.measure, held.place, held.asset, held.asset_class
    is_collectible = held.is_collectible
    washes = held.washes if sale.may_wash else None
    dispositions = state.booked.dispositions
    lost: list[Loss] = []
    if washes is not None:
        state.wash.sales += 1
        number, fills, day = state.wash.sales, state.wash.fills, sale.opened or sold
    row_number, scale = entry.row, measure.scale
    for lot, units, proceeds, basis, codes, adjustment, ruled in rows:
        if ruled is not None:
            term = ruled
        elif sale.term is not None:
            term = sale.term
        else:
            term = _LONG if ordinal >= (lot.long_from or lot.first_long_day()) else _SHORT
        if letters is None:
            boxes = _letters(state, held, sale, lot, sold.year)
            if sale.reported is not None:
                letters = boxes
        else:
            boxes = letters
        if washes is not None and (loss := basis - proceeds - adjustment) > 0:
            held_days = ordinal - lot.held_since.toordinal()
            if lot.stated_term is not None:
                held_days = _days_tacked(lot, held_days)
            key = lot.key
            lost.append(Loss(len(dispositions), measure, place, units, loss, day, held_days, key[1], (number, key)))
            if fills:
                lost[-1].fills = fills.get(key[1], ())
        dispositions.append(
            _new(
                Disposition,
                (
                    row_number,
                    kind,
                    asset,
                    place,
                    asset_class,
                    units if scale == 1 else measure.printed(units),
                    lot.acquired,
                    lot.acquired_text,
                    lot.held_since,
                    sold,
                    proceeds,
                    basis,
                    joined_codes(codes, "C") if is_collectible else codes,
                    adjustment,
                    0,
                    term,
                    boxes[1] if term is _LONG else boxes[0],
                    lot.row,
                    lot.lot_id,
                    None,
                ),
            )
        )
    if washes is not None and lost:
        washes.today += lost
        state.wash.active[id(washes)] = washes


def _days_tacked(lot: Lot, held_days: int) -> int:
    """The days that a replacement takes over of units whose term is stated rather than counted.

    Section 1223(9) holds an heir to more than a year and 1223(3) includes that period: the longer of the days held and
    a year and a day (DECISIONS.md, A-23). Of VARIOUS short-term days nothing is known.
    """
    if lot.stated_term is _SHORT:
        return 0
    return max(held_days, A_YEAR_AND_A_DAY) if lot.inherited else A_YEAR_AND_A_DAY


def box_without_form(term: Term, is_digital: bool, year: int) -> str:
    """The box of a row that no Form 1099 reports."""
    return box(term, is_digital, Reported.NONE, year)


def _letters(state: State, held: Holding, sale: Sale, lot: Lot, year: int) -> tuple[str, str]:
    """The boxes for a short-term and a long-term row, remembered where they do not depend on row or lot."""
    stated, by_lot = sale.reported or said_of_asset(state, held, year) or held.account.reported, False
    if stated is None:
        stated, by_lot = by_default(state, held, sale.entry, lot, year)
    digital = held.asset_class.is_digital and sale.kind is not Kind.BAD_DEBT
    digital = digital if sale.is_digital is None else sale.is_digital
    letters = boxes_of_terms(digital, stated, year)
    if sale.reported is None and not by_lot:
        held.boxes[year] = letters
    return letters


def _special_rows(
    held: Holding, sale: Sale, lot: Lot, special: Special, units: int, basis: int, proceeds: int
) -> list[FormRow]:
    """Rows of units received as a gift below the donor's basis, or of fund shares held six months or less.

    Of a loss on such fund shares, exempt-interest dividends raise the proceeds first (Pub. 550, Mutual fund shares held
    6 months or less); the rest is long-term up to the capital gain distributions (26 USC 852(b)(4)). A gain on a put
    that was a short sale is short-term (26 USC 1233(b)(1)).
    """
    if special.value_basis >= 0:
        return [_gift_row(lot, special, units, basis, proceeds)]
    printed = _printed_basis(lot, basis)
    if special.put is not None:
        is_short = special.put.touches_shares and proceeds > printed
        return [(lot, units, proceeds, printed, "", 0, _SHORT if is_short else None)]
    loss = printed - proceeds
    if loss <= 0 or held.asset_class is not AssetClass.FUND or sale.sold > six_months_after(lot.acquired):
        return [(lot, units, proceeds, printed, "", 0, None)]
    raised = min(loss, cents(special.exempt_dividends))
    proceeds += raised
    loss -= raised
    long_loss = min(loss, cents(special.gain_distributions))
    if not long_loss or long_loss == loss:
        return [(lot, units, proceeds, printed, "", 0, _LONG if long_loss else None)]
    long_units = units * long_loss // loss
    long_proceeds = proceeds * long_loss // loss
    short_proceeds, short_basis = proceeds - long_proceeds, printed - long_proceeds - long_loss
    return [
        (lot, long_units, long_proceeds, long_proceeds + long_loss, "", 0, _LONG),
        (lot, units - long_units, short_proceeds, short_basis, "", 0, None),
    ]


def _gift_row(lot: Lot, special: Special, units: int, basis: int, proceeds: int) -> FormRow:
    """The donor's basis for gain, the value at the gift for loss, neither between them (26 USC 1015(a)).

    With the value as basis the holding period starts with the gift (Pub. 550, Property received as a gift).
    """
    printed, value = cents(basis), cents(special.value_basis)
    if proceeds < value:
        printed = value
        lot.hold_since(special.gift_date)
    elif proceeds < printed:
        printed = proceeds
    return lot, units, proceeds, printed, "", 0, None


def with_disallowed_losses(booked: Booked) -> list[Disposition]:
    """All rows, those of wash sales with code W and the loss disallowed as a positive amount in (g) (R-WASH-20)."""
    rows = booked.dispositions
    before, after = Disposition._fields.index("codes"), Disposition._fields.index("wash_cents") + 1
    for index, amount in booked.disallowed.items():
        row = rows[index]
        codes = joined_codes(row.codes, "W") if row.codes else "W"
        changed = codes, row.adjustment_cents + amount, amount
        rows[index] = _new(Disposition, row[:before] + changed + row[after:])
    return rows
