"""Units donated, given, lost or stolen: what they were worth, and the form that each may need.

Form 8283 goes by all deductions of a year and by those of one asset, Form 709 by what one person was given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import AccountKind, AssetClass, Term
from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO, from_cents, share_out, to_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.departures import Departure
from capgain.engine.transactions import Donate, GiftOut, Lost, Transaction
from capgain.engine.years import nearest_tax_year

NO_FORM_UP_TO = Decimal(500)
"""Noncash deductions of a year in all that need no Form 8283 (Instructions for Form 8283)."""
SECTION_A_UP_TO = Decimal(5000)
"""Deduction per item or group of similar items (26 USC 170(f)(11)(C))."""
FLOOR_FROM = 2026
"""From this year on donations count beyond 0.5% of adjusted gross income (26 USC 170(b)(1)(I); Pub. L. 119-21, section
70425), and what is itemized saves at most 35% (26 USC 68; section 70111).
"""
_TRADED = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.BOND})


@dataclass(frozen=True, slots=True)
class Donation:
    """Units of one lot given to charity. `section` of Form 8283 is "" where none is needed or no value is stated.

    `deduction` is the value of what was held long-term, else the lower of value and basis (26 USC 170(e)(1)(A)); None
    without a value. `of_year` and `of_asset` are all deductions of the year and those of the asset.
    """

    departure: Departure
    value: Decimal | None
    deduction: Decimal | None
    of_year: Decimal
    of_asset: Decimal
    section: str
    is_traded: bool

    @property
    def needs_appraisal(self) -> bool:
        return self.section == "B"

    @property
    def is_under_a_floor(self) -> bool:
        """Whether the year's donations count only beyond a part of income, and save less in the highest bracket."""
        return self.departure.left.year >= FLOOR_FROM


@dataclass(frozen=True, slots=True)
class Gift:
    """Units of one lot given away. `whole` is what the same person, by the Note, was given in the year.

    `needs_form_709`: more than the `exclusion` of the year; None where it cannot be said.
    """

    departure: Departure
    value: Decimal | None
    whole: Decimal
    exclusion: Decimal | None
    needs_form_709: bool | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Units of one lot that were lost or stolen."""

    departure: Departure
    value: Decimal | None


Left = Donation | Gift | Loss


def units_left(
    ledger: Ledger, departures: Sequence[Departure], year: int, outside: Collection[str]
) -> tuple[Left, ...]:
    """What left in a year without a sale, in order of its day; accounts `outside` the return are passed over."""
    gone = [one for one in departures if one.left.year == year and one.account not in outside]
    if not gone:
        return ()
    entries = {entry.row: entry for entry in ledger.transactions}
    values = _values(entries, gone)
    by_type: defaultdict[type, list[Departure]] = defaultdict(list)
    for one in gone:
        by_type[type(entries[one.row])].append(one)
    found: list[Left] = [*_donations(ledger, by_type[Donate], values), *_gifts(entries, by_type[GiftOut], values)]
    found += [Loss(one, values[id(one)]) for one in by_type[Lost]]
    return tuple(sorted(found, key=lambda one: (one.departure.left, one.departure.row)))


def units_left_of(report: TaxReport, year: YearReport) -> tuple[Left, ...]:
    """What left in a year of a report; nothing of an IRA or of a spouse who files separately."""
    ledger = report.ledger
    return units_left(ledger, report.departures, year.year, ledger.on_no_form(year.status))


def _values(entries: Mapping[int, Transaction], gone: Sequence[Departure]) -> dict[int, Decimal | None]:
    """By identity: the value of each row shared by units over its lots."""
    by_row: defaultdict[int, list[Departure]] = defaultdict(list)
    for one in gone:
        by_row[one.row].append(one)
    found: dict[int, Decimal | None] = {}
    for row, lots in by_row.items():
        entry = entries[row]
        assert isinstance(entry, Donate | GiftOut | Lost)
        shares = share_out(to_cents(entry.amount), [one.units for one in lots])
        found |= {id(one): from_cents(share) if entry.amount else None for one, share in zip(lots, shares, strict=True)}
    return found


def _donations(ledger: Ledger, gone: Sequence[Departure], values: Mapping[int, Decimal | None]) -> Iterator[Donation]:
    deductions: dict[int, Decimal | None] = {}
    of_asset: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in gone:
        value, basis = values[id(one)], from_cents(to_cents(one.basis))
        deduction = None if value is None else value if one.term is Term.LONG else min(value, basis)
        deductions[id(one)] = deduction
        of_asset[one.asset.casefold()] += deduction or ZERO
    whole = sum(of_asset.values(), ZERO)
    for one in gone:
        of_kind = of_asset[one.asset.casefold()]
        about = ledger.accounts.get(one.account)
        is_traded = one.asset_class in _TRADED and about is not None and about.kind is AccountKind.BROKERAGE
        if values[id(one)] is None or whole <= NO_FORM_UP_TO:
            section = ""
        else:
            section = "A" if is_traded or of_kind <= SECTION_A_UP_TO else "B"
        yield Donation(one, values[id(one)], deductions[id(one)], whole, of_kind, section, is_traded)


def _gifts(
    entries: Mapping[int, Transaction], gone: Sequence[Departure], values: Mapping[int, Decimal | None]
) -> Iterator[Gift]:
    to_person: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in gone:
        to_person[entries[one.row].note.strip().casefold()] += values[id(one)] or ZERO
    for one in gone:
        exclusion = nearest_tax_year(one.left.year).gift_exclusion
        whole = to_person[entries[one.row].note.strip().casefold()]
        known = values[id(one)] is not None and exclusion is not None
        yield Gift(one, values[id(one)], whole, exclusion, whole > (exclusion or 0) if known else None)


def values_missing(ledger: Ledger, departures: Sequence[Departure]) -> Iterator[Problem]:
    """Donations and gifts whose value is not stated: what form they need cannot be said."""
    if not departures:
        return
    told: set[int] = set()
    entries = {entry.row: entry for entry in ledger.transactions}
    for one in departures:
        entry = entries[one.row]
        if one.row in told or not isinstance(entry, Donate | GiftOut) or entry.amount:
            continue
        told.add(one.row)
        is_gift = isinstance(entry, GiftOut)
        yield Problem(
            Severity.WARNING,
            ledger.sheet,
            one.row,
            "Amount",
            f"what the {one.asset} {'given away' if is_gift else 'donated'} were worth is not stated: whether Form "
            f"{'709' if is_gift else '8283'} is needed cannot be said.",
            "Enter their fair market value in Amount.",
            "GIFT_VALUE" if is_gift else "DONATION_VALUE",
            year=one.left.year,
        )
