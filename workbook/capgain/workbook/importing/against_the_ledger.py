"""What a source says itself of sales that the Ledger has, held against what the Ledger makes of them.

Lists of closed lots and columns such as Basis or Realized P/L tell of the broker's own lots. Where they come to another
basis, other proceeds or another lot than the Ledger, both figures are named, and the item waits until somebody settles
it; the Ledger stays as it is. Lists that are Forms 1099 are compared by the sheet 1099 instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from capgain.engine.broker_rows import BrokerRow
from capgain.engine.classes import AccountKind, Reported, WashScope
from capgain.engine.compute import compute
from capgain.engine.forms.form_1099.matching import match_broker
from capgain.engine.ledger import Ledger
from capgain.engine.money import CENT, EXACT, ZERO, dollars
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.transactions import Disposal
from capgain.engine.units import UNITS, quantity_text
from capgain.workbook.importing.appending import append_rows
from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.ledger_rows import LedgerRow
from capgain.workbook.importing.lot_rows import THE_LEDGER_HAS_IT
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import DUPLICATE, Ignored, Unsettled
from capgain.workbook.importing.settling import Settled
from capgain.workbook.reading.ledger_file import read_ledger_file

_REMEDY = (
    "Look at the confirmations: correct the purchase or name the lots in column Lot of the sale and import this file "
    "again, or write in Decision why the file's figure is not the right one."
)


@dataclass(slots=True)
class Compared:
    """What came of it: lots that agree, items to settle, the keys of all items that were looked at, and notices."""

    ignored: list[Ignored] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Figures:
    """Proceeds after costs and before them, basis and disallowed loss of units that were sold, in dollars."""

    net: Decimal
    gross: Decimal
    basis: Decimal
    wash: Decimal


def compared_with_ledger(settled: Settled, onto: ExistingBook, scratch: Path) -> Compared:
    """Compare the closed lots whose sale the Ledger has, and the sales whose row states their basis or gain.

    The Ledger is `onto` with the rows of `settled` added, written to `scratch`.
    """
    found = Compared()
    lots, sales, rows = settled.lots, settled.sales, settled.rows
    if not lots and not sales:
        return found
    append_rows(onto, rows, None, scratch)
    ledger = read_ledger_file(scratch).ledger
    report = compute(ledger)
    lines = [line for lot in lots for line in lot.lines]
    if report.has_errors:
        found.ignored += [Ignored(line, THE_LEDGER_HAS_IT) for line in lines]
        first = next(problem for problem in report.problems if problem.is_error)
        found.notices.append(
            f"The source's own basis or gain of {len(lots) + len(sales)} sales is not compared with the Ledger, which "
            f"has errors (row {first.row}: {first.message.rstrip('.')}). Settle them, and import the file again."
        )
        return found
    views = [_View(report)]
    washed = any(row.wash_cents for row in views[0].rows)
    if washed or report.wash_sales:
        settings = replace(ledger.settings, wash_sales=WashScope.OFF)
        views.append(_View(compute(replace(ledger, settings=settings))))
    number_of = _numbers(onto, rows)
    for sale in sales:
        _compare_sale(sale, number_of.get(sale.key, 0), views, found)
    for group in _by_sale(lots).values():
        _compare_lots(group, ledger, views, found)
    return found


def with_comparison(settled: Settled, compared: Compared) -> Settled:
    """What is to settle with what the comparison adds, and without what it finds settled since an earlier import."""
    decided = {item.key for item in settled.open_items if item.decided}
    open_items = [item for item in settled.open_items if item.decided or item.key not in compared.looked_at]
    of_lots = {line for lot in settled.lots for line in lot.lines}
    compared.ignored += [
        Ignored(place, f"{DUPLICATE} Open Items, with a decision")
        for one in compared.unsettled
        if one.key in decided
        for place in one.places
        if place in of_lots
    ]
    unsettled = [*settled.unsettled, *(one for one in compared.unsettled if one.key not in decided)]
    unsettled.sort(key=lambda one: (one.places[0].file, one.places[0].line, one.key))
    return replace(
        settled,
        unsettled=unsettled,
        open_items=open_items,
        notices=(*settled.notices, *compared.notices),
    )


class _View:
    """Rows of Form 8949 as the Ledger gives them, in one view of the wash sale rules."""

    def __init__(self, report: TaxReport) -> None:
        self.rows = [row for year in report.years.values() for row in year.dispositions]
        self._sales = {entry.row: entry for entry in report.ledger.transactions if isinstance(entry, Disposal)}
        self._places: defaultdict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(self.rows):
            self._places[row.row].append(place)

    def of_row(self, number: int) -> Sequence[int]:
        """The places of what the Ledger's row sold."""
        entry = self._sales.get(number)
        return [] if entry is None else [at for at in self._places[number] if self.rows[at].asset == entry.asset]

    def of_day(self, account: str, asset: str, day: date) -> list[int]:
        wanted = account.casefold(), asset.casefold(), day
        return [
            place
            for place, row in enumerate(self.rows)
            if (row.account.casefold(), row.asset.casefold(), row.sold) == wanted
        ]

    def figures(self, places: Iterable[int]) -> _Figures:
        rows = [self.rows[place] for place in places]
        net = sum((row.net_proceeds for row in rows), ZERO)
        costs = sum(map(self._costs, rows), ZERO)
        basis = sum((row.correct_basis for row in rows), ZERO)
        return _Figures(net, net + costs, basis, Decimal(sum(row.wash_cents for row in rows)) * CENT)

    def _costs(self, row: Disposition) -> Decimal:
        """The row's part of what selling cost."""
        entry = self._sales.get(row.row)
        if entry is None or not entry.costs:
            return ZERO
        whole = sum(self.rows[at].units for at in self._places[row.row])
        return entry.costs * row.units / whole


def _numbers(onto: ExistingBook, rows: Sequence[LedgerRow]) -> Mapping[str, int]:
    """The Ledger's row of each event that is a row of its own."""
    return {**onto.keys, **{row.key: number for number, row in enumerate(rows, start=onto.last_row + 1)}}


def _compare_sale(sale: Movement, number: int, views: Sequence[_View], found: Compared) -> None:
    """A row that states the basis or the gain of what it sold."""
    stated, places = sale.stated, views[0].of_row(number)
    key = f"{sale.key}/figures"
    if stated is None or not stated.knows_basis or not places:
        return
    found.looked_at.add(key)
    ours = [view.figures(view.of_row(number)) for view in views]
    if stated.basis is not None and sale.becomes is Becomes.SELL:
        what, theirs, figures = "a basis", abs(stated.basis), [one.basis for one in ours]
    elif stated.gain is not None:
        what, theirs, figures = "a gain", stated.gain, [one.net - one.basis for one in ours]
    else:
        return
    if min(abs(theirs - figure) for figure in figures) <= stated.slack + CENT * (len(places) - 1):
        return
    message = (
        f"The file says {what} of {dollars(theirs)}, the Ledger gives {dollars(figures[0])} (row {number}: "
        f"{_lots_of(views[0], places)})."
    )
    found.unsettled.append(Unsettled(sale.lines, sale.kind, message, _REMEDY, key=key))


def _by_sale(lots: Iterable[Movement]) -> Mapping[tuple[str, str, date], list[Movement]]:
    groups: defaultdict[tuple[str, str, date], list[Movement]] = defaultdict(list)
    for lot in lots:
        groups[lot.account.casefold(), lot.out_asset.casefold(), _closed_on(lot)].append(lot)
    return groups


def _closed_on(lot: Movement) -> date:
    """The day of the gain: of a short sale the day on which it was covered."""
    acquired = None if lot.lot is None else lot.lot.acquired
    return lot.at.date() if acquired is None else max(acquired, lot.at.date())


def _compare_lots(lots: Sequence[Movement], ledger: Ledger, views: Sequence[_View], found: Compared) -> None:
    """The lots of one asset that a list says were closed on one day."""
    account, asset, day = lots[0].account, lots[0].out_asset, _closed_on(lots[0])
    described = next((one for one in ledger.accounts.values() if one.name.casefold() == account.casefold()), None)
    found.looked_at |= {f"{lot.key}/figures" for lot in lots}
    if described is not None and described.kind is AccountKind.IRA:
        found.ignored += [Ignored(line, THE_LEDGER_HAS_IT) for lot in lots for line in lot.lines]
        return
    forms = [_form(number, lot, day) for number, lot in enumerate(lots)]
    matches, left = match_broker(forms, views[0].rows, views[0].of_day(account, asset, day))
    others = [(view, match_broker(forms, view.rows, view.of_day(account, asset, day))[0]) for view in views[1:]]
    for match in matches:
        told = [lots[form.row] for form in match.forms]
        ours = [views[0].figures(match.places)]
        ours += [view.figures(same.places) for view, them in others for same in them if same.forms == match.forms]
        said = [*_differences(told, ours, len(match.places)), *_other_day(match.dates_differ, told)]
        _tell(told, said, _lots_of(views[0], match.places), found)
    for rest in left:
        told = [lots[form.row] for form in rest.forms]
        _tell(told, _of_other_lots(told, rest.places, views), _lots_of(views[0], rest.places), found)


def _of_other_lots(lots: Sequence[Movement], places: Sequence[int], views: Sequence[_View]) -> Sequence[str]:
    """What to say of lots that are not those of the Ledger one by one; nothing where they come to the same."""
    ours: Counter[date] = Counter()
    for place in places:
        row = views[0].rows[place]
        ours[row.acquired] += row.units
    theirs: Counter[date | None] = Counter()
    for lot in lots:
        theirs[None if lot.lot is None else lot.lot.acquired] += int(
            EXACT.multiply(lot.out_quantity or ZERO, Decimal(UNITS))
        )
    if theirs.total() != ours.total():
        return [f"{quantity_text(theirs.total())} units, the Ledger {quantity_text(ours.total())}"]
    days = [day for day, units in theirs.items() if day is not None and units > ours[day]]
    return [
        *_differences(lots, [views[0].figures(places)], len(places)),
        *(f"other lots than the Ledger, of {day}" for day in days),
    ]


def _tell(lots: Sequence[Movement], said: Sequence[str], ours: str, found: Compared) -> None:
    lines = tuple(line for lot in lots for line in lot.lines)
    if not said:
        found.ignored += [Ignored(line, THE_LEDGER_HAS_IT) for line in lines]
        return
    first = lots[0]
    theirs = ", ".join(_lot_text(lot) for lot in sorted(lots, key=_acquired))
    message = (
        f"{first.out_asset} sold on {first.at.date()}: the file says {' and '.join(said)}. Its lots: {theirs}; those "
        f"of the Ledger: {ours or 'none'}."
    )
    found.unsettled.append(Unsettled(lines, first.kind, message, _REMEDY, key=f"{first.key}/figures"))


def _differences(lots: Sequence[Movement], ours: Sequence[_Figures], count: int) -> Iterator[str]:
    """Proceeds, basis and disallowed loss that differ by more than a cent for each row that was rounded."""
    slack = CENT * max(len(lots), count)
    proceeds = sum((lot.value or ZERO for lot in lots), ZERO)
    first = ours[0]
    if min(abs(proceeds - first.net), abs(proceeds - first.gross)) > slack:
        yield f"proceeds of {dollars(proceeds)}, the Ledger gives {dollars(first.net)}"
    bases = [lot.lot.basis for lot in lots if lot.lot is not None and lot.lot.basis is not None]
    basis = sum(bases, ZERO)
    if len(bases) == len(lots) and min(abs(basis - one.basis) for one in ours) > slack:
        yield f"a basis of {dollars(basis)}, the Ledger gives {dollars(first.basis)}"
    wash = sum((lot.lot.disallowed for lot in lots if lot.lot is not None), ZERO)
    if wash - first.wash > slack:
        yield f"a disallowed loss of {dollars(wash)}, the Ledger gives {dollars(first.wash)}"


def _other_day(dates_differ: bool, lots: Sequence[Movement]) -> Iterator[str]:
    if dates_differ and any(lot.lot is not None and lot.lot.acquired is not None for lot in lots):
        yield "another day of purchase than the Ledger"


def _form(number: int, lot: Movement, day: date) -> BrokerRow:
    about = lot.lot
    assert about is not None
    acquired = None if about.acquired is None else min(about.acquired, lot.at.date())
    return BrokerRow(
        row=number,
        broker=lot.account,
        asset=lot.out_asset,
        quantity=lot.out_quantity,
        acquired=acquired,
        acquired_text="" if acquired is not None else "VARIOUS",
        sold=day,
        proceeds=lot.value or ZERO,
        basis=about.basis,
        wash=about.disallowed,
        reported=Reported.BASIS,
    )


def _acquired(lot: Movement) -> date:
    return (None if lot.lot is None else lot.lot.acquired) or lot.at.date()


def _lot_text(lot: Movement) -> str:
    about = lot.lot
    basis = "?" if about is None or about.basis is None else dollars(about.basis)
    acquired = (about.acquired if about is not None else None) or "an unnamed day"
    return f"{(lot.out_quantity or ZERO).normalize():f} of {acquired} at {basis}"


def _lots_of(view: _View, places: Iterable[int]) -> str:
    rows = sorted((view.rows[place] for place in places), key=lambda row: (row.acquired, row.lot_row))
    return ", ".join(f"{quantity_text(row.units)} of {row.acquired} at {dollars(row.correct_basis)}" for row in rows)
