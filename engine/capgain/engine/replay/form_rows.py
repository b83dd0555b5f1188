"""From lots taken to rows of Form 8949: rounding, codes, boxes, and the special bases of gifts and funds."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from capgain.engine.classes import AccountKind, AssetClass, Reported, Term
from capgain.engine.forms.boxes import box
from capgain.engine.holding_period import six_months_after
from capgain.engine.money import share_out, to_cents
from capgain.engine.replay.atoms import CENT_ATOMS, ROUND_ATOMS, cents
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot, Special, Taken
from capgain.engine.replay.state import Booked, State
from capgain.engine.replay.wash_book import Loss
from capgain.engine.results import Disposition, Kind
from capgain.engine.transactions import Disposal, Entry

_LONG, _SHORT = Term.LONG, Term.SHORT
_new = tuple.__new__
"""Makes a named tuple of its fields in order, at a third of the cost of calling its type."""

ROUNDED_OFF = 1000
"""Atoms of basis that parts of a lot may differ by from having been cut again and again."""

FIRST_COVERED_DAY = date(2026, 1, 1)
"""Digital assets acquired after 2025 are covered: Form 1099-DA reports their basis (Form 8949 instructions, 2025)."""


class Sale(NamedTuple):
    """What book_rows needs to know of a disposal besides its lots.

    `net` is what the units brought, in atoms, net of costs; `costs` the selling costs within it. `reported` is what the
    row itself says of the Form 1099. `opened` is the day a short sale was opened, from which its wash-sale window runs
    (Treas. Reg. 1.1091-1(g)); `term` is set where a rule decides it, None to go by the lots.
    """

    entry: Entry
    kind: Kind
    sold: date
    net: int
    costs: int = 0
    reported: Reported | None = None
    opened: date | None = None
    term: Term | None = None
    may_wash: bool = True


def book_rows(state: State, held: Holding, sale: Sale, taken: list[Taken]) -> None:
    """Write one row for each lot a disposal took from (Form 8949, columns (a) to (h)).

    Proceeds are rounded once for the disposal and shared out by units; the rows of a lot add up to its basis in cents.
    """
    if held.is_ira:
        return
    if len(taken) > 1:
        taken = _one_of_each_lot(taken)
    proceeds = _shared_proceeds(cents(sale.net), taken)
    rows: list[_Row] = []
    for (lot, units, basis), part in zip(taken, proceeds, strict=True):
        if lot.special is not None:
            rows += _special_rows(held, sale, lot, lot.special, units, basis, part)
        else:
            rows.append((lot, units, part, _printed_basis(lot, basis), "", 0, None))
    if state.problems.unvalued_gifts:
        _warn_of_unvalued_gifts(state, sale, rows)
    entry = sale.entry
    if isinstance(entry, Disposal) and (
        entry.code or entry.reported_proceeds is not None or entry.reported_basis is not None
    ):
        rows = _as_reported(state, held, sale, entry, rows)
    _write(state, held, sale, rows)


def _warn_of_unvalued_gifts(state: State, sale: Sale, rows: list[_Row]) -> None:
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
            lot.key == before.key
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
        and (lot.row, lot.lot_id, lot.held_since, lot.origin)
        == (other.row, other.lot_id, other.held_since, other.origin)
        and (lot.inherited, lot.replaces) == (other.inherited, other.replaces)
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
    printed = (basis + ROUND_ATOMS) // CENT_ATOMS
    drift += printed * CENT_ATOMS - basis
    if drift:
        if drift >= CENT_ATOMS and printed:
            printed -= 1
            drift -= CENT_ATOMS
        elif drift <= -CENT_ATOMS:
            printed += 1
            drift += CENT_ATOMS
        lot.drift = drift
    return printed


_Row = tuple[Lot, int, int, int, str, int, Term | None]
"""Lot, units, proceeds and basis in cents, codes, adjustment in cents, and the term where a rule decides it."""


def _write(state: State, held: Holding, sale: Sale, rows: list[_Row]) -> None:
    entry, kind, sold = sale.entry, sale.kind, sale.sold
    ordinal = sold.toordinal()
    letters = state.booked.boxes.get((held.place, held.asset, sold.year)) if sale.reported is None else None
    measure, place, asset, asset_class = held.measure, held.place, held.asset, held.asset_class
    is_collectible = asset_class is AssetClass.COLLECTIBLE
    washes = held.washes if sale.may_wash else None
    dispositions = state.booked.dispositions
    if washes is not None:
        state.wash.sales += 1
        day = sale.opened or sold
    row_number, scale = entry.row, measure.scale
    for lot, units, proceeds, basis, codes, adjustment, ruled in rows:
        if ruled is not None:
            term = ruled
        elif sale.term is not None:
            term = sale.term
        else:
            term = _LONG if ordinal >= (lot.long_from or lot.first_long_day()) else _SHORT
        boxes = letters or _letters(state, held, sale, lot, sold.year)
        if washes is not None and (loss := basis - proceeds - adjustment) > 0:
            held_days = ordinal - lot.held_since.toordinal()
            order = state.wash.sales, lot.key
            washes.today.append(Loss(len(dispositions), measure, place, units, loss, day, held_days, lot.key[1], order))
            state.wash.active[id(washes)] = washes
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
                    "INHERITED" if lot.inherited else "",
                    lot.held_since,
                    sold,
                    proceeds,
                    basis,
                    joined(codes, "C") if is_collectible else codes,
                    adjustment,
                    0,
                    term,
                    boxes[1] if term is _LONG else boxes[0],
                    lot.row,
                    lot.lot_id,
                ),
            )
        )


def _letters(state: State, held: Holding, sale: Sale, lot: Lot, year: int) -> tuple[str, str]:
    """The boxes for a short-term and a long-term row, remembered where they do not depend on row or lot."""
    override = sale.reported
    stated = override or held.account.reported
    by_lot = False
    if stated is None:
        stated, by_lot = _by_default(state, held, sale.entry, lot, year)
    digital = held.asset_class.is_digital
    letters = (box(Term.SHORT, digital, stated, year), box(Term.LONG, digital, stated, year))
    if override is None and not by_lot:
        state.booked.boxes[(held.place, held.asset, year)] = letters
    return letters


def _by_default(state: State, held: Holding, entry: Entry, lot: Lot, year: int) -> tuple[Reported, bool]:
    """What a Form 1099 is taken to say where neither row nor account does (contract, column Reported)."""
    if held.kind is None:
        if held.place not in state.problems.assumed_boxes:
            state.problems.assumed_boxes.add(held.place)
            state.problems.warn(
                entry,
                "Reported",
                "BOX_ASSUMED",
                f"nothing says whether a Form 1099 reports sales in {held.place or '(blank)'}: taken as not reported.",
                "List the account on the Accounts sheet with its Kind, or fill in column Reported.",
            )
        return Reported.NONE, False
    if held.kind is AccountKind.WALLET or held.asset_class in (AssetClass.COLLECTIBLE, AssetClass.OTHER):
        return Reported.NONE, False
    if not held.asset_class.is_digital:
        return Reported.BASIS, False
    if year < FIRST_COVERED_DAY.year - 1:
        return Reported.NONE, False
    if year < FIRST_COVERED_DAY.year:
        return Reported.NO_BASIS, False
    covered = lot.acquired >= FIRST_COVERED_DAY and lot.origin == held.place and not lot.inherited
    return (Reported.BASIS if covered else Reported.NO_BASIS), True


def _special_rows(
    held: Holding, sale: Sale, lot: Lot, special: Special, units: int, basis: int, proceeds: int
) -> list[_Row]:
    """Rows of units received as a gift below the donor's basis, or of fund shares held six months or less.

    Of a loss on such fund shares, exempt-interest dividends raise the proceeds first (Pub. 550, Mutual fund shares held
    6 months or less); the rest is long-term up to the capital gain distributions (26 USC 852(b)(4)).
    """
    if special.value_basis >= 0:
        return [_gift_row(lot, special, units, basis, proceeds)]
    printed = _printed_basis(lot, basis)
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


def _gift_row(lot: Lot, special: Special, units: int, basis: int, proceeds: int) -> _Row:
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


def _as_reported(state: State, held: Holding, sale: Sale, entry: Disposal, rows: list[_Row]) -> list[_Row]:
    """Rows where the broker's figures or the taxpayer's codes enter (Instructions for Form 8949, column (f)).

    The 1099's proceeds stay in (d) and what they leave out is code E; the 1099's basis stays in (e) where it was
    reported to the IRS and is corrected in (g) with code B, else (e) is correct and (g) is 0.
    """
    weights = [row[1] for row in rows]
    proceeds = [row[2] for row in rows]
    printed = [row[3] for row in rows]
    codes = entry.code
    adjustments = share_out(to_cents(entry.adjustment), weights) if entry.adjustment is not None else [0] * len(rows)
    ours = cents(sale.net)
    if entry.reported_proceeds is not None and (theirs := to_cents(entry.reported_proceeds)) > ours:
        short = share_out(theirs - ours, weights)
        adjustments = [own - part for own, part in zip(adjustments, short, strict=True)]
        proceeds = [own + part for own, part in zip(proceeds, short, strict=True)]
        explained = theirs - ours <= cents(sale.costs) + 1
        codes = joined(codes, "E" if explained else "O")
    if entry.reported_basis is not None and (theirs := to_cents(entry.reported_basis)) != sum(printed):
        codes = joined(codes, "B")
        if _basis_was_reported(state, held, entry, rows[0][0], sale.sold.year):
            shares = share_out(theirs, printed if sum(printed) else weights)
            adjustments = [g + e - own for g, e, own in zip(adjustments, shares, printed, strict=True)]
            printed = shares
    return [
        (lot, units, part, basis, codes, adjustment, term)
        for (lot, units, *_, term), part, basis, adjustment in zip(rows, proceeds, printed, adjustments, strict=True)
    ]


def _basis_was_reported(state: State, held: Holding, entry: Disposal, lot: Lot, year: int) -> bool:
    stated = entry.reported or held.account.reported or _by_default(state, held, entry, lot, year)[0]
    return stated is Reported.BASIS


def joined(codes: str, more: str) -> str:
    """Codes in alphabetical order, no blanks, none twice (Instructions for Form 8949, column (f))."""
    return "".join(sorted(set(codes + more)))


def with_disallowed_losses(booked: Booked) -> list[Disposition]:
    """All rows, those of wash sales with code W and the loss disallowed as a positive amount in (g) (R-WASH-20)."""
    rows = booked.dispositions
    before, after = Disposition._fields.index("codes"), Disposition._fields.index("wash_cents") + 1
    for index, amount in booked.disallowed.items():
        row = rows[index]
        codes = joined(row.codes, "W") if row.codes else "W"
        changed = (codes, row.adjustment_cents + amount, amount)
        rows[index] = _new(Disposition, (*row[:before], *changed, *row[after:]))
    return rows
