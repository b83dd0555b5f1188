"""The sheet `Readme`: ready to file or not and why, for whom, by which methods, and how to trace a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capgain.engine.classes import Method, WashScope
from capgain.engine.money import ZERO, dollars
from capgain.engine.problems import Problem
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import Disposal, GlobalAllocation, MethodOrder
from capgain.engine.trust_holdings import held_by
from capgain.engine.years import has_tax_year, tax_year
from capgain.workbook.report import to_fix
from capgain.workbook.report.context import LEDGER, Workpapers, engine_version
from capgain.workbook.report.form_styles import SIGN_OFF, TICK_MARKS
from capgain.workbook.report.ledger_copy import problem_cell
from capgain.workbook.report.positions import NO_AUTHORITY, TITLE, shown_positions
from capgain.workbook.report.summary import STATUS_TEXT
from capgain.workbook.sheets import (
    BAD,
    BOLD,
    GOOD,
    LINK,
    PLAIN,
    SUBTITLE,
    WRAP,
    Cell,
    ConditionalFormat,
    Formula,
    Row,
    Sheet,
    at_top,
    fitted_heights,
    link_to,
    reference,
)
from capgain.workbook.written.words import counted

NAME = "Readme"
WIDTHS = (26, 96)
READY, NOT_READY = "READY TO FILE", "NOT READY TO FILE"
MOST_REASONS = 40
GATE = "A1:A1"
"""The cell that says whether the return can be filed."""

GATE_GOOD = GOOD.but("CapGain Gate Ready", font_size=20)
GATE_BAD = BAD.but("CapGain Gate Not Ready", font_size=20)

WHAT_EACH_SHEET_IS: Mapping[str, str] = {
    "Summary": "the year's figures on one page, with charts",
    "To Fix": "what must be settled before filing, each with its cell",
    "Portfolio": "what is held and worth by asset and account, live; type prices or another day",
    "Years": "results, deduction and carryover of the years side by side",
    "Schedule D": "Schedule D (Form 1040), line by line",
    "8949 Short": "Form 8949, Part I, a block for every box used",
    "8949 Long": "Form 8949, Part II, a block for every box used",
    "Carryover": "losses brought in, and the Capital Loss Carryover Worksheet into the next year",
    "Tax": "the tax on the gains",
    "Estimates": "estimated tax: what is required by when, and what is paid",
    "Form 6781": "section 1256 contracts, marked to market: Form 6781, Part I",
    "Gains": "every disposition, lot by lot",
    "Open Lots": "what is still held, with basis and dates: next year's opening",
    "Lot Proof": "units and basis of every acquisition, from the ledger's row to where they went",
    "Roll-forward": "units and basis of each asset in each account, from the year's opening to its close",
    "Income": "rewards, dividends and interest",
    "Wash Sales": "each disallowed loss with its replacement",
    "Harvest": "tick lots to sell: the year's return now and with those sales",
    "Calendar": "lots turning long-term, wash-sale windows, year's end and tax days",
    "Checks": "every tie-out, PASS or FAIL",
    "Ledger": "the ledger as it was read; its last column leads to Form 8949",
    "Accounts": "as read",
    "Settings": "as read",
    "Prices": "prices as read, and a row to fill in for what has none",
}
TRACING = (
    "From Schedule D: the column 'Traces to' leads from a line to the total of its box on Form 8949.",
    "From Form 8949: the two last columns lead from a row to the sale and to the lot on sheet Ledger.",
    "From the Ledger: its last column leads to the first row of Form 8949 that the ledger row is part of.",
    "Arithmetic is live: column (h), totals, lines 1a to 22, netting, the yearly limit and the carryover worksheet are "
    "formulas. Which lot a sale took and which loss a wash sale disallows are values worked out by CapGain.",
    "Blue amounts are inputs taken from Settings or from the return. Losses stand in parentheses.",
    "Form sheets are protected without a password, so that a formula is not overwritten by accident: Review, Unprotect "
    "Sheet.",
)
NOT_COVERED = (
    "Federal income tax of individuals holding capital assets. Not covered: state tax, dealers and traders with a "
    "section 475(f) election, straddles and constructive sales, foreign currency. Of the "
    "alternative minimum tax: a Schedule D refigured for it, the credit of Form 8801, the exemption of children.",
    "That stock sold with code Q is qualified small business stock (gross assets, active business, original issue), "
    "and that an opportunity fund qualifies, is for the taxpayer to know; rows of this workbook take it as said.",
    "Portfolio shows no return on money or time, no benchmark and no dividend forecast, and fetches no prices.",
    "This workbook is no legal or tax advice. Whoever signs the return answers for it.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the Readme says of the checks: where the overall result stands, and how many of them fail."""

    cell: str
    failed: int
    count: int


def readme(papers: Workpapers, sheets: tuple[str, ...], outcome: Outcome | None) -> Sheet:
    """The first sheet. `sheets` are the names of the others in order; `outcome` None: a draft without checks."""
    ready = papers.report.filing_ready and (outcome is None or not outcome.failed)
    gate = GATE_GOOD if ready else GATE_BAD
    rows: list[Row] = [(Cell(_gate(ready, sheets, outcome), gate), Cell(None, gate))]
    rows += _reasons(papers)
    if outcome is not None:
        rows += _checks(outcome)
    rows += [(), (Cell("What this is", SUBTITLE),)]
    rows += _facts(papers)
    rows += [(), (Cell("Methods and elections in force", SUBTITLE),)]
    rows += _methods(papers)
    rows += _paid_by_trusts(papers)
    rows += _positions(papers)
    rows += [(), (Cell("Sheets", SUBTITLE),)]
    rows += [(link_to(name, "A1", name, at_top(LINK)), Cell(_purpose(name), WRAP)) for name in sheets]
    rows += [(), (Cell("How to trace a figure", SUBTITLE),)]
    rows += [(None, Cell(text, WRAP)) for text in TRACING]
    rows += [(), (Cell("Tick marks", SUBTITLE),)]
    rows += [(Cell(mark, BOLD), Cell(text)) for mark, text in TICK_MARKS]
    rows += [(), (Cell("What is not covered", SUBTITLE),)]
    rows += [(None, Cell(text, WRAP)) for text in NOT_COVERED]
    rows += [(), (Cell("Sign-off", SUBTITLE),)]
    for role in ("Prepared by", "Reviewed by"):
        rows.append((Cell(role), Cell(None, SIGN_OFF)))
    checks = f"B1:B{len(rows)}"
    return Sheet(
        name=NAME,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS) | {1: 30},
        page=papers.page(f"CapGain report {papers.period}".strip()),
        tab="00B050" if ready else "C00000",
        gridlines=False,
        conditional_formats=(
            ConditionalFormat(checks, '"PASS"', GOOD),
            ConditionalFormat(checks, '"FAIL"', BAD),
            ConditionalFormat(GATE, f'"{READY}"', GATE_GOOD),
            ConditionalFormat(GATE, f'"{NOT_READY}"', GATE_BAD),
        ),
    )


def _gate(ready: bool, sheets: tuple[str, ...], outcome: Outcome | None) -> Formula | str:
    """READY TO FILE while every check passes and nothing on To Fix blocks filing."""
    blocked = [f'{reference("Checks", outcome.cell)}<>"PASS"'] if outcome is not None else []
    if to_fix.NAME in sheets:
        blocked.append(f'COUNTIF({reference(to_fix.NAME, to_fix.BLOCKS)},"yes")>0')
    if not blocked:
        return READY if ready else NOT_READY
    return Formula(f'=IF(OR({",".join(blocked)}),"{NOT_READY}","{READY}")', READY if ready else NOT_READY)


def _reasons(papers: Workpapers) -> list[Row]:
    """Why the return cannot be filed yet, the gravest first; then how many warnings do not block it."""
    blocking = [problem for problem in papers.problems if problem.blocks_filing]
    blocking.sort(key=lambda problem: not problem.is_error)
    rows: list[Row] = [_reason(papers, problem) for problem in blocking[:MOST_REASONS]]
    more = len(blocking) - len(rows)
    if more > 0:
        rows.append((None, link_to(to_fix.NAME, "A1", f"and {more:,} more: sheet {to_fix.NAME}")))
    others = len(papers.problems) - len(blocking)
    if others:
        words = f"{counted(others, 'warning')} to read, blocking nothing: sheet {to_fix.NAME}"
        rows.append((None, link_to(to_fix.NAME, "A1", words)))
    return rows


def _reason(papers: Workpapers, problem: Problem) -> Row:
    place = f"{problem.sheet} row {problem.row}" if problem.row else problem.sheet
    target = problem_cell(papers, problem)
    return (
        link_to(*target, place, at_top(LINK)) if target else Cell(place, at_top(PLAIN)),
        Cell(f"{problem.message} {problem.remedy}".strip(), WRAP),
    )


def _checks(outcome: Outcome) -> list[Row]:
    result = "FAIL" if outcome.failed else "PASS"
    words = f"{outcome.failed} of {outcome.count} fail" if outcome.failed else f"all {outcome.count} pass"
    return [
        (Cell("Checks", BOLD), Cell(Formula(f"={reference('Checks', outcome.cell)}", result), BOLD)),
        (None, link_to("Checks", "A1", f"{words}: sheet Checks")),
    ]


def _facts(papers: Workpapers) -> list[Row]:
    report, source = papers.report, papers.source
    facts: list[tuple[str, str]] = [
        ("Taxpayer", papers.taxpayer or "not stated (Settings: Name)"),
        ("SSN", papers.ssn or "not stated"),
        ("Tax year" if len(papers.years) < 2 else "Tax years", papers.period or "none"),
    ]
    for year in papers.years:
        label = "Filing status" if len(papers.years) == 1 else f"Filing status {year}"
        stated = report.ledger.settings.filing_status.of(year) is not None
        status = STATUS_TEXT[report.years[year].status]
        facts.append((label, status if stated else f"{status} (assumed: Settings state none)"))
        if has_tax_year(year) and tax_year(year).is_provisional:
            facts.append((f"Forms of {year}", tax_year(year).provisional))
    facts += [
        ("Source", source.path.name),
        ("SHA-256 of the source", source.sha256),
        ("Ledger rows", f"{len(report.ledger.transactions):,}"),
        ("Made with", f"CapGain {engine_version()}"),
    ]
    return [(Cell(label, at_top(PLAIN)), Cell(text, WRAP)) for label, text in facts]


def _paid_by_trusts(papers: Workpapers) -> list[Row]:
    """Expenses of grantor trusts, with what remains of the shares' basis."""
    rows: list[Row] = []
    for year in papers.years:
        for asset, paid in papers.report.years[year].trust_expenses.items():
            basis = sum((row.basis for row in papers.report.years[year].dispositions if _is_of_trust(row, asset)), ZERO)
            text = (
                f"the trust sold {held_by(asset)} for {dollars(paid)} with a basis of {dollars(basis)} to pay expenses "
                "of that amount, which are not deductible (26 USC 67(g)); shares and the basis left: Open Lots"
            )
            rows.append((Cell(f"{asset} {year}", at_top(PLAIN)), Cell(text, WRAP)))
    return rows


def _positions(papers: Workpapers) -> list[Row]:
    """What the taxpayer decided where no authority does; nothing where no row rests on it."""
    rows: list[Row] = [
        (Cell(f"{one.setting} = {one.value}", at_top(PLAIN)), Cell(one.text, WRAP)) for one in shown_positions(papers)
    ]
    return [(), (Cell(TITLE, SUBTITLE),), (None, Cell(NO_AUTHORITY, WRAP)), *rows] if rows else []


def _is_of_trust(row: Disposition, asset: str) -> bool:
    return row.kind is Kind.TRUST_SALE and row.asset == asset


def _methods(papers: Workpapers) -> list[Row]:
    """The order of lots in force; any but first in, first out is the taxpayer's own election (R-LOT-4)."""
    settings = papers.report.ledger.settings
    rows: list[tuple[str, str]] = []
    for year in papers.years or (0,):
        label = "Order of lots" if len(papers.years) < 2 else f"Order of lots {year}"
        rows.append((label, _election(settings.method.of(year))))
        rows += [(f"  {kind.value}", _election(by_year.of(year))) for kind, by_year in settings.method_by_class.items()]
    for account in papers.report.ledger.accounts.values():
        if account.method is not None:
            rows.append((f"  account {account.name}", _election(account.method)))
    for entry in papers.report.ledger.transactions:
        if isinstance(entry, MethodOrder):
            where = " ".join(part for part in (entry.account, entry.asset) if part) or "all accounts and assets"
            rows.append(
                (f"  from {entry.at:%m/%d/%Y}", f"{_election(entry.method)} For {where}; Ledger row {entry.row}.")
            )
        elif isinstance(entry, GlobalAllocation):
            accounts = ", then ".join(entry.accounts)
            rows.append(("  Rev. Proc. 2024-28", f"global allocation, {entry.method.value} order: {accounts}"))
    named = sum(1 for entry in papers.report.ledger.transactions if isinstance(entry, Disposal) and entry.lots)
    if named:
        rows.append(("  specific lots", f"{named:,} ledger rows name the lots they dispose of (column Lot)"))
    rows.append(("Crypto basis by wallet", f"from {settings.wallet_basis_from:%m/%d/%Y}; one pool before"))
    rows.append(("Wash sales", _WASH[settings.wash_sales]))
    if settings.identical:
        groups = "; ".join(", ".join(sorted(group)) for group in settings.identical)
        rows.append(("Substantially identical", f"declared by the taxpayer: {groups}"))
    return [(Cell(label, at_top(PLAIN)), Cell(text, WRAP)) for label, text in rows]


_WASH = {
    WashScope.SECURITIES: "securities only (26 USC 1091), across all accounts of the ledger",
    WashScope.ALL: "applied to all assets, which departs from the law",
    WashScope.OFF: "switched off, which departs from the law",
}


def _election(method: Method) -> str:
    meaning = method.relief.meaning
    if method is Method.FIFO:
        return f"{meaning} (the rule where nothing was identified)."
    return f"{meaning}: the taxpayer's election, which must have existed before each sale."


def _purpose(sheet: str) -> str:
    for name, purpose in WHAT_EACH_SHEET_IS.items():
        if sheet == name or (sheet.startswith(f"{name} ") and sheet.removeprefix(f"{name} ")[:1].isdigit()):
            return purpose
    return LEDGER if sheet == LEDGER else ""
