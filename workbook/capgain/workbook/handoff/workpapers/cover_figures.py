"""What the cover shows of a year that was laid out, and where each figure stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.money import ZERO, dollars, to_the_cent
from capgain.engine.planning.contracts_at_price import tax_of_year
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport, YearReport
from capgain.workbook.handoff.workpapers.box_sheets import BoxSheet
from capgain.workbook.handoff.workpapers.cover_blocks import CoverFigures, ProofLine, checks_line, passed
from capgain.workbook.handoff.workpapers.income_by_kind import KindOfIncome
from capgain.workbook.handoff.workpapers.reconciliation_sheet import NAME as RECONCILIATION
from capgain.workbook.handoff.workpapers.reconciliation_sheet import ReconciliationSheet
from capgain.workbook.report.carryover import carried_in_cells, carried_out_cell
from capgain.workbook.report.checks import FIRST_ROW, PASS, Check, ChecksSheet
from capgain.workbook.report.checks import NAME as CHECKS
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.tax import tax_name
from capgain.workbook.sheets import Formula, reference


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """The sheets of a year that the cover draws on. `found` are the checks in the order of their sheet, `addresses`
    those of official forms that are missing."""

    papers: Workpapers
    year: YearReport
    form: Form8949
    schedule_d: ScheduleD
    schedule_d_sheet: str
    boxes: Mapping[str, BoxSheet]
    gains: Listing
    wash_sales: Listing
    kinds: Sequence[KindOfIncome]
    income_rows: Mapping[str, int]
    checked: ChecksSheet
    found: Sequence[Check]
    compared: ReconciliationSheet
    has_tax: bool
    addresses: Mapping[str, str]


def figures_of(laid: LaidOut) -> CoverFigures:
    """The figures, as formulas on the sheets they stand on."""
    papers, year = laid.papers, laid.year
    carried_out = {}
    if year.carryover_worksheet is not None:
        carried_out = {one: carried_out_cell(papers, year.year, one) for one in ("short", "long")}
    return CoverFigures(
        year=year,
        form=laid.form,
        schedule_d=laid.schedule_d,
        schedule_d_sheet=laid.schedule_d_sheet,
        boxes=laid.boxes,
        gains=laid.gains,
        carried_in=carried_in_cells(papers, year.year),
        carried_out=carried_out,
        never_recovered=_never_recovered(laid),
        kinds=laid.kinds,
        income_rows=laid.income_rows,
        tax=tuple(_tax(laid)),
        proof=tuple(_proof(laid)),
        withheld=_withheld(laid.papers.report, year.year),
    )


def _never_recovered(laid: LaidOut) -> Formula | Decimal:
    """Losses that a purchase in an IRA took for good."""
    washes = laid.wash_sales
    if not washes.total:
        return ZERO
    gone = [one for one in laid.papers.report.wash_sales if one.permanent and one.sold.year == laid.year.year]
    amount = sum((to_the_cent(one.disallowed) for one in gone), ZERO)
    return Formula(f'=SUMIFS({washes.cells("Disallowed")},{washes.cells("Permanent")},"yes")', amount)


def _tax(laid: LaidOut) -> Iterator[ProofLine]:
    papers, year = laid.papers, laid.year.year
    place = (tax_name(papers, year), "A1") if laid.has_tax else None
    try:
        found = tax_of_year(papers.report, year)
    except MissingInputs as missing:
        text = f"not worked out: Settings state no {' and no '.join(missing.inputs)}"
        yield ProofLine("Tax with and without the gains", text, place)
        return
    except UnknownYear:
        yield ProofLine("Tax with and without the gains", f"not worked out: no tax rates of {year} are known")
        return
    at = {check.what: check for check in laid.found if check.what.startswith("Tax: ")}
    for label, words in (
        ("Tax with the gains", "the tax with the gains"),
        ("Tax without them", "the tax without them"),
        ("Tax that the gains add", "what the gains add"),
    ):
        check = at.get(f"Tax: {words} is the engine's")
        if check is not None and isinstance(check.here, Formula):
            yield ProofLine(label, check.here, place)
    niit = found.with_gains.niit
    words = "not worked out: Settings state no MAGI and Net Investment Income" if niit is None else dollars(niit.tax)
    yield ProofLine("Of it net investment income tax", words if niit is None else f"{words} (Form 8960)", place)
    yield ProofLine("Worksheet that applies", found.with_gains.method.value, place)


def _proof(laid: LaidOut) -> Iterator[ProofLine]:
    yield checks_line(laid.checked)
    compared = laid.compared
    if compared.result_cells:
        cells = reference(compared.sheet.name, compared.result_cells)
        text = passed(cells, compared.count - compared.failed, compared.count, "agree")
        yield ProofLine("1099 tie-out", text, (RECONCILIATION, "A1"))
    else:
        yield ProofLine("1099 tie-out", "no Form 1099 was entered (sheet 1099)", (RECONCILIATION, "A1"))
    for label, patterns in (
        ("Ledger to Gains", ("Proceeds by ledger row", "Proceeds: Ledger to Gains", "Dates acquired and sold")),
        ("Units and basis rolled forward", ("Units by lot", "Basis by lot", "Units of ", "Basis of ")),
        ("Opening as last year closed", ("Opening of ",)),
        ("Earlier years as filed", ("As filed",)),
    ):
        yield ProofLine(label, _counted(laid, patterns), (CHECKS, "A1"))
    for form, address in laid.addresses.items():
        yield ProofLine(f"Official {form}", f"not in the folder of forms: {address}")


def _counted(laid: LaidOut, patterns: Sequence[str]) -> Formula | str:
    """How many of the checks whose text begins so pass."""
    named = [check for check in laid.found if check.what.startswith(tuple(patterns))]
    if not named:
        return "nothing to compare"
    last = FIRST_ROW + len(laid.found) - 1
    texts, results = (reference(CHECKS, f"{letter}{FIRST_ROW}:{letter}{last}") for letter in "CG")
    counted = "+".join(f'COUNTIFS({texts},"{one}*",{results},"{PASS}")' for one in patterns)
    every = "+".join(f'COUNTIF({texts},"{one}*")' for one in patterns)
    agree = sum(check.result == PASS for check in named)
    return Formula(f'=({counted})&" of "&({every})&" agree"', f"{agree} of {len(named)} agree")


def _withheld(report: TaxReport, year: int) -> Decimal | None:
    """What brokers withheld by the year's rows of sheet 1099; None where no row says."""
    forms = report.forms_1099
    rows = forms.rows if forms is not None and forms.year == year else ()
    amounts = [one.form.withheld for one in rows if one.form.withheld is not None]
    return sum(amounts, ZERO) if amounts else None
