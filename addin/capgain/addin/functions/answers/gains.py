"""CAPGAIN, CAPGAIN_ROWS and CAPGAIN_TERM: the numbers of a year and of a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from capgain.addin.functions.answers.filters import Filter
from capgain.addin.functions.answers.unrealized import unrealized
from capgain.addin.functions.cells import ErrorCode, Failure, OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.engine.classes import Term
from capgain.engine.forms.tax_table import at_rate
from capgain.engine.holding_period import term
from capgain.engine.money import ZERO, from_cents, to_the_cent
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.contracts import ContractEnd, ContractResult
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.held import OpenLot
from capgain.engine.units import plain_quantity
from capgain.workbook.reading.columns import find_ledger_header

SUMS: dict[str, Callable[[Disposition], int]] = {
    "net": lambda row: row.gain_cents,
    "short": lambda row: row.gain_cents if row.term is Term.SHORT else 0,
    "long": lambda row: row.gain_cents if row.term is Term.LONG else 0,
    "proceeds": lambda row: row.proceeds_cents,
    "basis": lambda row: row.basis_cents,
    "adjustment": lambda row: row.adjustment_cents,
    "wash": lambda row: row.wash_cents,
}
"""The measures that are sums over rows of Form 8949, in cents."""

WHOLE_RETURN = ("deductible", "carryover", "carryover_short", "carryover_long")
"""The measures of a whole return, which no asset or account has alone."""

OF_CONTRACTS = ("net", "short", "long", "1256")
"""The measures that hold section 1256 contracts: all of the result, 40% or 60% of it (26 USC 1256(a)(3))."""

MEASURES = (*SUMS, "1256", "income", *WHOLE_RETURN, "unrealized")


def capgain(computed: Computed, year: int, measure: str, asset: str | None, account: str | None) -> OutputCell:
    """One number of one tax year."""
    if measure in WHOLE_RETURN and (asset or account):
        raise Failure(
            ErrorCode.VALUE,
            f"{measure} belongs to the whole return: an asset or account by itself has none. Leave both out.",
        )
    report = computed.report(through=year)
    wanted = Filter.of(computed, asset, account)
    if measure == "unrealized":
        return unrealized(computed, year, wanted)
    of_year = report.years.get(year)
    if measure in WHOLE_RETURN:
        return _of_return(report, of_year, year, measure)
    if of_year is None:
        return from_cents(0)
    if measure == "income":
        earned = (item.amount for item in of_year.income_in_totals if wanted.passes(item.asset, item.account))
        return to_the_cent(sum(earned, ZERO))
    cents = SUMS.get(measure)
    shown = [] if cents is None else [row for row in of_year.dispositions if wanted.passes(row.asset, row.account)]
    rows = sum(cents(row) for row in shown) if cents is not None else 0
    if measure not in OF_CONTRACTS:
        return from_cents(rows)
    return to_the_cent(from_cents(rows) + _contracts(of_year, measure, wanted, is_part=bool(asset or account)))


def _contracts(of_year: YearReport, measure: str, wanted: Filter, *, is_part: bool) -> Decimal:
    """What section 1256 contracts add: lines 7, 8 and 9 of Form 6781, or the same of an asset's or account's part."""
    form = of_year.form_6781
    if form is not None and not is_part:
        return {"short": form.line_8, "long": form.line_9}.get(measure, form.line_7)
    gain = from_cents(sum(one.gain_cents for one in of_year.contracts if wanted.passes(one.asset, one.account)))
    short = at_rate(gain, Decimal(40))
    return {"short": short, "long": gain - short}.get(measure, gain)


def _of_return(report: TaxReport, of_year: YearReport | None, year: int, measure: str) -> Decimal:
    if of_year is None:
        if report.years and year < min(report.years):
            return from_cents(0)
        raise Failure(ErrorCode.NOT_AVAILABLE, f"There is no return for {year}: the ledger has no rows.")
    if of_year.schedule_d is None or of_year.carryover is None:
        raise Failure(
            ErrorCode.NOT_AVAILABLE, f"CapGain has no forms for {year}, so the deduction and carryover are not known."
        )
    if measure == "deductible":
        return to_the_cent(max(ZERO, -(of_year.schedule_d.line_21 or ZERO)))
    carryover = of_year.carryover
    amounts = {
        "carryover": carryover.short + carryover.long,
        "carryover_short": carryover.short,
        "carryover_long": carryover.long,
    }
    return to_the_cent(amounts[measure])


ROW_HEADER = ("Gain", "Term", "Box", "Status")


def rows(computed: Computed) -> Table:
    """Four columns beside the ledger, row for row: what became of each."""
    report = computed.report()
    beside = _Beside(report)
    block = computed.source.ledger
    found = find_ledger_header(block.rows)
    header = 0 if found is None else found.place
    answer: list[tuple[OutputCell, ...]] = []
    for place, cells in enumerate(block.rows):
        if place == header:
            answer.append(ROW_HEADER)
        elif place < header or all(cell is None or cell == "" for cell in cells):
            answer.append((None,) * len(ROW_HEADER))
        else:
            answer.append(beside.row(block.first_row + place))
    return answer


class _Beside:
    """What stands beside each ledger row, looked up by row."""

    def __init__(self, report: TaxReport) -> None:
        self._taken: dict[int, list[Disposition]] = defaultdict(list)
        self._open: dict[int, list[OpenLot]] = defaultdict(list)
        self._messages: dict[int, list[str]] = defaultdict(list)
        self._contracts: dict[int, list[ContractResult]] = defaultdict(list)
        self._acquired: set[int] = set()
        for of_year in report.years.values():
            for row in of_year.dispositions:
                self._taken[row.row].append(row)
                self._acquired.add(row.lot_row)
            for one in of_year.contracts:
                if one.end is not ContractEnd.MARKED:
                    self._contracts[one.row].append(one)
        for lot in report.open_lots:
            self._open[lot.row].append(lot)
        for problem in report.problems:
            if problem.sheet == report.ledger.sheet:
                self._messages[problem.row].append(problem.message)

    def row(self, row: int) -> tuple[OutputCell, ...]:
        taken = self._taken[row]
        status = list(self._messages[row])
        washed = sum(part.wash_cents for part in taken)
        if washed:
            status.append(f"wash sale: {from_cents(washed):,} disallowed")
        if self._open[row]:
            units = sum((lot.quantity for lot in self._open[row]), ZERO)
            status.append(f"open: {plain_quantity(units)}")
        elif row in self._acquired and not taken:
            status.append("sold")
        if self._contracts[row]:
            gain = from_cents(sum(one.gain_cents for one in self._contracts[row]))
            return gain, "60/40", "6781", "; ".join(status) or "OK"
        if not taken:
            return None, None, None, "; ".join(status) or "OK"
        terms = {part.term for part in taken}
        shown = "Both" if len(terms) > 1 else "Long" if Term.LONG in terms else "Short"
        boxes = ", ".join(sorted({part.box for part in taken}))
        return from_cents(sum(part.gain_cents for part in taken)), shown, boxes, "; ".join(status) or "OK"


def term_of(acquired: date, sold: date) -> OutputCell:
    """`Short` or `Long`."""
    if sold < acquired:
        raise Failure(ErrorCode.NUMBER, f"Sold on {sold:%m/%d/%Y}, before it was acquired on {acquired:%m/%d/%Y}.")
    return "Long" if term(acquired, sold) is Term.LONG else "Short"
