"""All rows of the sheet 1099 against the year's sales: lots, then totals of what is left, then what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from capgain.engine.broker_rows import BOX_REPORTED, SHEET, BrokerRow
from capgain.engine.classes import IncomeKind
from capgain.engine.forms.form_1099.brokers_view import BrokersView
from capgain.engine.forms.form_1099.ledger_columns import with_ledger_figures
from capgain.engine.forms.form_1099.lot_rows import LotRow
from capgain.engine.forms.form_1099.matching import Match, Unmatched, match_broker, units
from capgain.engine.forms.form_1099.outcome import Outcome
from capgain.engine.forms.form_1099.printed_figures import printed
from capgain.engine.forms.form_1099.sale_facts import SaleFacts
from capgain.engine.forms.form_1099.total_rows import BrokerTotals, Written
from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO, dollars, from_cents, to_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.income import IncomeItem
from capgain.engine.transactions import Disposal
from capgain.engine.units import quantity_text


@dataclass(slots=True)
class SheetRows:
    """The rows of Form 8949 as the sheet makes them, and what came of each row of the sheet.

    `by_lot` are the places that a lot row took, `covered` those that a total or something open is about; `other_years`
    counts lot rows of other years, which drive nothing.
    """

    rows: list[Disposition]
    by_lot: set[int] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)
    income: list[IncomeItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    other_years: int = 0

    def say(self, row: int, column: str, message: str, remedy: str, code: str) -> None:
        self.problems.append(Problem(Severity.WARNING, SHEET, row, column, message, remedy, code, blocks_filing=True))


def accounts_of(broker: str, accounts: Iterable[str]) -> tuple[str, ...]:
    """The ledger's accounts of a broker: that of the same name, else those whose names begin with it and a blank."""
    wanted = broker.casefold()
    names = tuple(accounts)
    same = tuple(name for name in names if name.casefold() == wanted)
    return same or tuple(name for name in names if name.casefold().startswith(f"{wanted} "))


def with_sheet_rows(
    ledger: Ledger, rows: Sequence[Disposition], forms: Sequence[BrokerRow], year: int, brokers: BrokersView
) -> SheetRows:
    """Everything the sheet says of the year's rows."""
    found = SheetRows(list(rows))
    facts = SaleFacts(ledger, rows, brokers)
    of_year = [place for place, row in enumerate(rows) if row.sold.year == year]
    accounts = dict.fromkeys([*ledger.accounts, *(rows[place].account for place in of_year)])
    by_account: defaultdict[str, list[int]] = defaultdict(list)
    for place in of_year:
        by_account[rows[place].account].append(place)
    this_year = [form for form in forms if form.sold is None or form.sold.year == year]
    for form in forms:
        if form.sold is not None and form.sold.year != year:
            _of_another_year(found, ledger, rows, form, year)
    matched: list[tuple[list[BrokerRow], list[int], list[Match]]] = []
    for names, theirs in _by_accounts(found, this_year, accounts):
        places = [place for name in names for place in by_account[name]]
        matches, left = match_broker([form for form in theirs if form.is_of_a_sale], rows, places)
        found.by_lot.update(place for match in matches for place in match.places)
        matched.append(([form for form in theirs if not form.is_of_a_sale], places, matches))
        for rest in left:
            _say_unmatched(found, rows, rest)
            found.covered.update(rest.places)
    stated, problems = with_ledger_figures(ledger, rows, found.by_lot)
    found.rows = list(stated)
    found.problems += problems
    for totals, places, matches in matched:
        for match in matches:
            _print_lots(found, match, rows, facts)
        free = [place for place in places if place not in found.by_lot]
        answer = BrokerTotals(totals, stated, free, facts).answer()
        found.outcomes += answer.outcomes
        found.covered.update(place for one in answer.outcomes for place in one.places)
        for place, amounts in answer.written.items():
            found.rows[place] = _with_written(stated[place], amounts)
    _compare_with_ledger_columns(found, facts, rows)
    _say_open(found)
    answered = found.covered | found.by_lot
    _say_on_no_form(found, rows, [place for place in of_year if place not in answered])
    found.outcomes.sort(key=lambda one: one.form.row)
    return found


def _by_accounts(
    found: SheetRows, forms: Sequence[BrokerRow], accounts: Iterable[str]
) -> Iterator[tuple[tuple[str, ...], list[BrokerRow]]]:
    """The forms by the accounts they are about; those of no account of the ledger are told of."""
    groups: defaultdict[tuple[str, ...], list[BrokerRow]] = defaultdict(list)
    for form in forms:
        names = accounts_of(form.broker, accounts)
        if not names and (form.proceeds or form.basis or form.wash):
            found.say(
                form.row,
                "Broker",
                f"the ledger has no account {form.broker}.",
                "Write the account as it stands on sheet Ledger, or the beginning of its name.",
                "FORM_1099_ACCOUNT",
            )
        if not names:
            found.outcomes.append(Outcome(form, ()))
        else:
            groups[names].append(form)
    yield from groups.items()


def _print_lots(found: SheetRows, match: Match, rows: Sequence[Disposition], facts: SaleFacts) -> None:
    lot = LotRow(match, rows, facts)
    shown = lot.printed()
    for place, row in zip(match.places, shown, strict=True):
        found.rows[place] = row
    for number, form in enumerate(match.forms):
        found.outcomes.append(Outcome(form, match.places, tuple(lot.differences) if not number else ()))
    if lot.discount:
        row = shown[0]
        found.income.append(
            IncomeItem(
                row.row,
                IncomeKind.ACCRUED_MARKET_DISCOUNT,
                row.asset,
                row.account,
                row.sold,
                ZERO,
                from_cents(lot.discount),
            )
        )


def _with_written(row: Disposition, amounts: Written) -> Disposition:
    return printed(
        row,
        proceeds=row.proceeds_cents + amounts.proceeds,
        basis=row.basis_cents + amounts.basis,
        codes="".join(sorted(amounts.codes)),
    )


def _of_another_year(found: SheetRows, ledger: Ledger, rows: Sequence[Disposition], form: BrokerRow, year: int) -> None:
    """A lot row of another year drives nothing; one of a sale that is in no year of the ledger is a slip."""
    found.other_years += 1
    assert form.sold is not None
    names = accounts_of(form.broker, dict.fromkeys([*ledger.accounts, *(row.account for row in rows)]))
    before = min((entry.at.date() for entry in ledger.transactions), default=form.sold)
    known = any(
        row.sold == form.sold and row.asset.casefold() == form.asset.casefold() and row.account in names for row in rows
    )
    if not known and form.sold >= before:
        found.say(
            form.row,
            "Sold",
            f"{form.sold:%m/%d/%Y} is not in the tax year {year}, and the ledger has no sale of {form.asset} then.",
            "Correct Sold, or take the row out.",
            "FORM_1099_YEAR",
        )


def _say_unmatched(found: SheetRows, rows: Sequence[Disposition], left: Unmatched) -> None:
    form = left.forms[0]
    assert form.sold is not None
    on_form = sum(map(units, left.forms))
    ours = sum(rows[place].units for place in left.places)
    day = f"{form.sold:%m/%d/%Y}"
    if not left.places:
        for one in left.forms:
            found.say(
                one.row,
                "",
                f"{quantity_text(units(one))} {one.asset} sold {day} for {dollars(one.proceeds)} is not in the ledger.",
                "Enter the sale on sheet Ledger, or ask the broker for a corrected form.",
                "FORM_1099_NOT_IN_LEDGER",
            )
    elif on_form == ours:
        found.say(
            form.row,
            "",
            f"{form.asset} sold {day}: the lots on the form are not those of the ledger, or it puts lots of both terms "
            "together.",
            "Ask the broker for lots and enter one row each; or correct the lots of the sale.",
            "FORM_1099_LOTS",
        )
    else:
        found.say(
            form.row,
            "Quantity",
            f"{quantity_text(ours)} {form.asset} in the ledger, {quantity_text(on_form)} on the form, sold {day}.",
            "Correct the quantity of the sale or of the row, or enter what is missing.",
            "FORM_1099_QUANTITY",
        )
    for one in left.forms:
        found.outcomes.append(Outcome(one, ()))


def _compare_with_ledger_columns(found: SheetRows, facts: SaleFacts, rows: Sequence[Disposition]) -> None:
    """Reported Proceeds and Reported Basis of a sale that the sheet has too must say the same."""
    by_sale: defaultdict[int, list[Outcome]] = defaultdict(list)
    for one in found.outcomes:
        if one.form.is_of_a_sale and one.places:
            for sale in {rows[place].row for place in one.places}:
                by_sale[sale].append(one)
    places_of: defaultdict[int, set[int]] = defaultdict(set)
    for place, row in enumerate(rows):
        if row.row in by_sale and facts.sale(row) is not None:
            places_of[row.row].add(place)
    for sale, outcomes in by_sale.items():
        entry = facts.entries.get(sale)
        if not isinstance(entry, Disposal) or not entry.has_reported_figures:
            continue
        answered = {place for one in outcomes for place in one.places}
        if answered != places_of[sale]:
            continue
        for column, name in _COLUMNS.items():
            stated = getattr(entry, name)
            stated = sum((one.amount for one in stated), ZERO) if isinstance(stated, tuple) else stated
            figures = [getattr(one.form, column.casefold()) for one in outcomes]
            if stated is None or None in figures or to_cents(stated) == sum(map(to_cents, figures)):
                continue
            found.say(
                outcomes[0].form.row,
                column,
                f"Reported {column} of ledger row {sale} is {dollars(stated)}, the form says "
                f"{dollars(sum(figures, ZERO))}, which is printed.",
                f"Correct one of them, or leave Reported {column} blank.",
                "FORM_1099_TWICE",
            )


_COLUMNS = {"Proceeds": "reported_proceeds", "Basis": "reported_basis"}


def _say_open(found: SheetRows) -> None:
    for one in found.outcomes:
        form = one.form
        what = f"{form.broker}, {form.asset or 'all assets'}"
        what += f" sold {form.sold:%m/%d/%Y}" if form.sold is not None else f", box {form.box or form.reported.value}"
        for difference in one.open:
            found.say(
                form.row, difference.figure.value, f"{what}: {difference.open}.", difference.remedy, "FORM_1099_DIFFERS"
            )


def _say_on_no_form(found: SheetRows, rows: Sequence[Disposition], places: Iterable[int]) -> None:
    groups: defaultdict[tuple[str, str], int] = defaultdict(int)
    for place in places:
        if rows[place].box in BOX_REPORTED:
            groups[rows[place].account, rows[place].box] += 1
    for (account, box), count in groups.items():
        found.say(
            0,
            "",
            f"{account}, box {box}: {count} row(s) are on no Form 1099 entered.",
            "Enter the broker's form on sheet 1099, or say none in Reported of the sale.",
            "NOT_ON_FORM_1099",
        )
