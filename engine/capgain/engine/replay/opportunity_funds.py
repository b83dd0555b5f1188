"""Gains deferred into qualified opportunity funds, and their inclusion (26 USC 1400Z-2; Instructions for Form 8949).

The deferral stands on a row of its own with code Z in the year of the gain, the inclusion on one with code Y.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from capgain.engine.classes import AssetClass, Term
from capgain.engine.money import ZERO, dollars, from_cents, to_cents
from capgain.engine.replay.deferrals import Deferral
from capgain.engine.replay.form_rows import box_without_form
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.state import State
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import OpportunityFundRow, QOFDeferral, QOFInclusion

INCLUSION_DAY = date(2026, 12, 31)
"""What is still deferred is included on this day (26 USC 1400Z-2(b)(1)(B))."""

DAYS_TO_INVEST = timedelta(days=179)
"""After the day of the gain: 180 days beginning with it (26 USC 1400Z-2(a)(1)(A))."""

_STEPS = ((date(2019, 12, 31), 7, Fraction(15, 100)), (date(2021, 12, 31), 5, Fraction(10, 100)))
"""Last day invested, years held, and the part of the deferred gain that is basis then (26 USC 1400Z-2(b)(2)(B))."""

_GAIN_LINES = {Term.SHORT: ("4", "5"), Term.LONG: ("11", "12", "13")}
"""Lines of Schedule D that hold gains which no row of Form 8949 has."""


def basis_part(invested: date, day: date) -> Fraction:
    """The part of a deferred gain that is basis on a day: 10% after five years, 15% after seven."""
    for last, years, part in _STEPS:
        if invested <= last and day >= _years_later(invested, years):
            return part
    return Fraction(0)


def defer(state: State, entry: QOFDeferral, day: date) -> None:
    """The gain is deferred: a row with code Z and the amount as a negative one."""
    last = entry.gain_day + DAYS_TO_INVEST
    if day > INCLUSION_DAY:
        state.problems.error(
            entry,
            "Date",
            "QOF_NEW_LAW",
            f"the investment of {day} falls under P.L. 119-21 section 70421, which is not supported.",
            "Work it out with your adviser and enter the row of Form 8949 outside this workbook.",
        )
        raise Refused
    if not entry.gain_day <= day <= last:
        state.problems.warn(
            entry,
            "Date",
            "QOF_180_DAYS",
            f"the gain of {entry.gain_day} could be invested from that day to {last}, 180 days (26 USC "
            f"1400Z-2(a)(1)(A)), but {entry.asset} was bought on {day}.",
            "Correct Date or Acquired; for a gain from a partnership or an installment, whose days count otherwise, "
            "say so in column Note.",
            blocks_filing=not entry.note,
        )
    state.deferrals.append(Deferral(entry, to_cents(entry.amount)))
    _book(state, entry, entry, Kind.QOF_DEFERRAL, entry.gain_day, -to_cents(entry.amount))


def include(state: State, entry: QOFInclusion, day: date) -> None:
    """An event before the end of 2026 ends the deferral, wholly or in part: a row with code Y."""
    deferral = _deferral_of(state, entry)
    amount = to_cents(entry.amount)
    if entry.deferred is not None:
        settled = to_cents(entry.deferred)
    else:
        remaining = 1 - basis_part(deferral.entry.at.date(), day)
        settled = -(-amount * remaining.denominator // remaining.numerator)
    if settled > deferral.left or amount > settled:
        state.problems.error(
            entry,
            "Amount",
            "QOF_INCLUSION_TOO_MUCH",
            f"{dollars(from_cents(settled))} of the gain deferred in {entry.asset} would be settled, but "
            f"{dollars(from_cents(deferral.left))} are still deferred.",
            "Correct Amount, the gain recognised now; Basis is the deferred gain that it settles.",
        )
        raise Refused
    deferral.left -= settled
    _book(state, entry, deferral.entry, Kind.QOF_INCLUSION, day, amount)


def include_the_rest(state: State) -> None:
    """On 31 December 2026 all that is still deferred is included, less the basis of five or seven years.

    It is measured by the investment's value where that is lower (26 USC 1400Z-2(b)(2)(A)).
    """
    by_fund: dict[str, list[Deferral]] = {}
    for deferral in state.deferrals:
        if deferral.left:
            by_fund.setdefault(deferral.entry.asset, []).append(deferral)
    for fund, deferrals in by_fund.items():
        value = state.ledger.settings.qof_values.get(fund)
        whole = sum(deferral.left for deferral in deferrals)
        for deferral in deferrals:
            lesser = deferral.left
            if value is not None:
                lesser = min(lesser, to_cents(value) * deferral.left // whole)
            basis = deferral.left * basis_part(deferral.entry.at.date(), INCLUSION_DAY)
            amount = max(0, (2 * (lesser - basis) + 1) // 2)
            _book(state, deferral.entry, deferral.entry, Kind.QOF_INCLUSION, INCLUSION_DAY, amount)


def check_gains_deferred(state: State) -> None:
    """No more is deferred than was gained of a term in a year, on rows and on lines of Schedule D that are stated."""
    if not state.deferrals:
        return
    deferred: dict[tuple[int, Term], list[Disposition]] = {}
    gained: dict[tuple[int, Term], int] = {}
    for row in state.booked.dispositions:
        key = row.sold.year, row.term
        if row.kind is Kind.QOF_DEFERRAL:
            deferred.setdefault(key, []).append(row)
        else:
            gained[key] = gained.get(key, 0) + max(0, row.gain_cents)
    settings = state.ledger.settings
    for (year, term), rows in deferred.items():
        stated = sum((max(ZERO, settings.schedule_d_line(line, year)) for line in _GAIN_LINES[term]), ZERO)
        distributions = sum(
            (
                item.amount
                for item in state.booked.income
                if item.is_capital_gain_distribution and item.day.year == year
            ),
            ZERO,
        )
        most = gained.get((year, term), 0) + to_cents(stated)
        most += to_cents(distributions) if term is Term.LONG else 0
        amount = -sum(row.adjustment_cents for row in rows)
        if amount > most:
            entry = next(one.entry for one in state.deferrals if one.entry.row == rows[-1].row)
            state.problems.error(
                entry,
                "Amount",
                "QOF_MORE_THAN_GAIN",
                f"{dollars(from_cents(amount))} of {term.value}-term gain of {year} are deferred, but the ledger and "
                f"the stated lines of Schedule D have {dollars(from_cents(most))}.",
                "Correct Amount, Kind or Acquired, the day of the gain; or add the row of the gain.",
            )


def _deferral_of(state: State, entry: QOFInclusion) -> Deferral:
    found = [
        one
        for one in state.deferrals
        if one.entry.asset == entry.asset and one.left and entry.lot in ("", one.entry.lot)
    ]
    if len(found) == 1:
        return found[0]
    what = "no gain is deferred in" if not found else "several gains are deferred in"
    named = f" under lot {entry.lot}" if entry.lot else ""
    state.problems.error(
        entry,
        "Lot" if found or entry.lot else "Asset",
        "QOF_WHICH",
        f"{what} {entry.asset}{named} on {entry.at.date()}.",
        "Name in Lot the Lot or ID of one QOF Deferral of that fund."
        if found
        else "Add its QOF Deferral, or correct Asset and Lot.",
    )
    raise Refused


def _book(
    state: State, entry: OpportunityFundRow, deferral: QOFDeferral, kind: Kind, day: date, adjustment: int
) -> None:
    """Column (a) is the EIN alone, (b) the day invested; (d) and (e) are left blank."""
    invested = deferral.at.date()
    state.booked.dispositions.append(
        Disposition(
            row=entry.row,
            kind=kind,
            asset=deferral.asset,
            account=deferral.account,
            asset_class=AssetClass.CRYPTO if deferral.is_digital else AssetClass.OTHER,
            units=0,
            acquired=invested,
            acquired_text="",
            held_since=invested,
            sold=day,
            proceeds_cents=0,
            basis_cents=0,
            codes="Z" if kind is Kind.QOF_DEFERRAL else "Y",
            adjustment_cents=adjustment,
            wash_cents=0,
            term=deferral.term,
            box=box_without_form(deferral.term, deferral.is_digital, day.year),
            lot_row=deferral.row,
            lot=deferral.lot,
        )
    )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
