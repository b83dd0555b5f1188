"""The JSON document of `capgain compute`: amounts and quantities are strings, dates ISO, every key always present."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from capgain.addin.cli.disposition_rows import disposition_rows, quoted
from capgain.addin.cli.figures import amount_text, carryover_or_null, decimal_text
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.gifts_and_losses import Donation, Gift, Left, Loss, units_left_of
from capgain.engine.positions import PositionTaken, positions_taken
from capgain.engine.problems import Problem
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.contracts import ContractResult
from capgain.engine.results.held import OpenLot, OpenShort
from capgain.engine.results.income import IncomeItem
from capgain.engine.results.minimum_tax import MinimumTaxItem
from capgain.engine.units import quantity_text

if TYPE_CHECKING:
    from capgain.engine.forms.form import FilledLine
    from capgain.engine.forms.form_1099.answered import AnsweredRow
    from capgain.engine.forms.form_8949 import Totals
    from capgain.engine.forms.schedule_d import ScheduleD


def compute_document(report: TaxReport, year: int | None) -> str:
    """The document for one year, or for all of them where `year` is None."""
    return "".join(document_parts(report, year))


def document_parts(report: TaxReport, year: int | None) -> Iterator[str]:
    """The same in parts, a tax year each, so that a long one is never in memory as a whole."""
    if report.has_errors:
        yield refusal_document(report.problems, filing_status(report, year))
        return
    years = {number: found for number, found in report.years.items() if year is None or number == year}
    ids = {entry.row: entry.id for entry in report.ledger.transactions if entry.id}
    head = {
        "engine_version": version("capgain"),
        "filing_status": filing_status(report, year),
        "filing_ready": report.filing_ready,
    }
    yield json.dumps(head)[:-1] + ',\n"years": {'
    between = ""
    for number, found in years.items():
        positions = positions_taken(report.ledger, number, report.ledger.off_the_return(found.status))
        yield f'{between}"{number}": {_year(found, ids, units_left_of(report, found), report.minimum_tax, positions)}'
        between = ",\n"
    yield '},\n"open_lots": ' + _rows(map(_open_lot, report.open_lots))
    yield ',\n"open_shorts": ' + _rows(map(_open_short, report.open_shorts))
    yield ',\n"form_1099": ' + _rows(map(_form_1099, report.forms_1099.rows if report.forms_1099 else ()))
    yield ',\n"problems": ' + _rows(map(_problem, report.problems)) + "}\n"


def refusal_document(problems: Sequence[Problem], filing_status: str) -> str:
    """The same document without numbers: a chain with a hole has no total."""
    head = {
        "engine_version": version("capgain"),
        "filing_status": filing_status,
        "filing_ready": False,
        "years": {},
        "open_lots": [],
        "open_shorts": [],
        "form_1099": [],
    }
    return json.dumps(head)[:-1] + ',\n"problems": ' + _rows(map(_problem, problems)) + "}\n"


def filing_status(report: TaxReport, year: int | None) -> str:
    """The status of the year, of the last one where `year` is None."""
    shown = year or max(report.years, default=None)
    if shown is not None and shown in report.years:
        return report.years[shown].status.value
    stated = report.ledger.settings.filing_status
    status = stated.of(shown) if shown else stated.default
    return status.value if status else "single"


def _year(
    found: YearReport,
    ids: Mapping[int, str],
    left: Sequence[Left],
    minimum_tax: Sequence[MinimumTaxItem],
    positions: Sequence[PositionTaken],
) -> str:
    rest = {
        "basis": None if found.basis is None else found.basis.value,
        "form_8949": _form_8949(found),
        "schedule_d": _schedule_d(found),
        "form_6781": _form_6781(found),
        "income": [_income(item) for item in found.income],
        "donations": [_donation(one) for one in left if isinstance(one, Donation)],
        "gifts": [_gift(one) for one in left if isinstance(one, Gift)],
        "thefts": [{**_left(one), "form": "Form 4684"} for one in left if isinstance(one, Loss)],
        "amt": [
            {"row": item.row, "line": item.line, "amount": amount_text(item.amount)}
            for item in minimum_tax
            if item.year == found.year
        ],
        "positions": [
            {"setting": taken.setting, "value": taken.value.value, "rows": list(taken.rows), "effect": taken.effect}
            for taken in positions
        ],
        "trust_expenses": [
            {"asset": asset, "amount": amount_text(paid), "deductible": "not deductible"}
            for asset, paid in found.trust_expenses.items()
        ],
        "carryover": carryover_or_null(found.carryover),
    }
    return '{"dispositions": ' + _rows(disposition_rows(found.dispositions, ids)) + ",\n" + json.dumps(rest)[1:]


def _left(one: Left) -> dict[str, Any]:
    """What is said of units that left without a sale: of which lot, when, and what they cost and were worth."""
    gone = one.departure
    return {
        "row": gone.row,
        "asset": gone.asset,
        "account": gone.account,
        "quantity": quantity_text(gone.units),
        "date": gone.left.isoformat(),
        "acquired": VARIOUS if gone.acquired_text == VARIOUS else gone.acquired.isoformat(),
        "term": gone.term.value,
        "basis": amount_text(gone.basis),
        "value": None if one.value is None else amount_text(one.value),
    }


def _donation(one: Donation) -> dict[str, Any]:
    deduction = None if one.deduction is None else amount_text(one.deduction)
    return {**_left(one), "deduction": deduction, "section": one.section, "appraisal": one.needs_appraisal}


def _gift(one: Gift) -> dict[str, Any]:
    return {**_left(one), "form_709": one.needs_form_709}


def _rows(rows: Iterable[str]) -> str:
    """An array with a line per row."""
    return "[" + ",\n".join(rows) + "]"


def _totals(totals: Totals) -> dict[str, str]:
    return {
        "proceeds": amount_text(totals.proceeds),
        "basis": amount_text(totals.basis),
        "adjustment": amount_text(totals.adjustment),
        "gain": amount_text(totals.gain),
    }


def _form_8949(found: YearReport) -> Mapping[str, Any] | None:
    if found.form_8949 is None:
        return None
    return {box: {"rows": totals.rows, **_totals(totals)} for box, totals in found.form_8949.boxes.items()}


def _schedule_d(found: YearReport) -> Mapping[str, Any] | None:
    if found.schedule_d is None:
        return None
    return {number: line_value(value) for number, _, value in schedule_d_lines(found.schedule_d)}


def _form_6781(found: YearReport) -> Mapping[str, Any]:
    """Part I with the accounts and each contract; {} where no section 1256 contract has a result."""
    form = found.form_6781
    if form is None:
        return {}
    return {
        "lines": {number: amount_text(amount) for number, amount in form.amounts().items()},
        "accounts": {
            account: {box: amount_text(amount) for box, amount in boxes.by_number().items()}
            for account, boxes in form.accounts.items()
        },
        "contracts": [_contract(one) for one in form.contracts],
    }


def _contract(one: ContractResult) -> Mapping[str, Any]:
    return {
        "row": one.row,
        "asset": one.asset,
        "account": one.account,
        "quantity": quantity_text(-one.units if one.is_short else one.units),
        "opened": one.opened.isoformat(),
        "closed": one.closed.isoformat(),
        "kind": one.end.value,
        "proceeds": amount_text(one.proceeds),
        "cost": amount_text(one.basis),
        "gain": amount_text(one.gain),
    }


def schedule_d_lines(schedule_d: ScheduleD) -> list[FilledLine]:
    """Every line in printed order; an amount that the form says to leave out counts as zero."""
    lines = []
    for line, filled in zip(schedule_d.lines, schedule_d.filled(), strict=True):
        counted_as = getattr(schedule_d, line.name)
        lines.append(filled._replace(value=counted_as) if isinstance(counted_as, Decimal) else filled)
    return lines


def line_value(value: Any) -> Any:
    """A line of Schedule D: an amount, an answer, or the four columns of lines 1a to 3 and 8a to 10."""
    if isinstance(value, Decimal):
        return amount_text(value)
    if value is None or isinstance(value, bool):
        return {True: "Yes", False: "No", None: ""}[value]
    return _totals(value)


def _income(item: IncomeItem) -> Mapping[str, Any]:
    return {
        "row": item.row,
        "asset": item.asset,
        "account": item.account,
        "kind": item.kind.value,
        "form_line": item.form_line,
        "in_totals": item.in_totals,
        "date": item.day.isoformat(),
        "quantity": decimal_text(item.quantity),
        "amount": amount_text(item.amount),
    }


def _form_1099(row: AnsweredRow) -> str:
    form = row.form
    return json.dumps(
        {
            "row": form.row,
            "broker": form.broker,
            "box": form.box,
            "asset": form.asset,
            "matched": list(dict.fromkeys(one.row for one in row.rows)),
            "open": row.open or "0.00",
        }
    )


def _lot_acquired(lot: OpenLot) -> str:
    return VARIOUS if lot.acquired_text == VARIOUS else lot.acquired.isoformat()


def _open_lot(lot: OpenLot) -> str:
    return (
        f'{{"asset": {quoted(lot.asset)}, "account": {quoted(lot.account)}, '
        f'"quantity": "{decimal_text(lot.quantity)}", "acquired": "{_lot_acquired(lot)}", '
        f'"basis": "{amount_text(lot.basis)}", "row": {lot.row}, "lot": {quoted(lot.lot)}, '
        f'"amt_basis": "{"" if lot.amt_basis is None else amount_text(lot.amt_basis)}"}}'
    )


def _open_short(short: OpenShort) -> str:
    return json.dumps(
        {
            "asset": short.asset,
            "account": short.account,
            "quantity": decimal_text(short.quantity),
            "opened": short.opened.isoformat(),
            "proceeds": amount_text(short.proceeds),
            "row": short.row,
        }
    )


def problem_object(problem: Problem) -> Mapping[str, Any]:
    """One problem with the keys of the contract."""
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "blocks_filing": problem.blocks_filing,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _problem(problem: Problem) -> str:
    return json.dumps(problem_object(problem))
