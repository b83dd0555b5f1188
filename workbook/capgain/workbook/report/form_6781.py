"""The sheet `Form 6781`: Part I with live formulas over each closing and mark of the year's section 1256 contracts."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.contract_warnings import carryback_note
from capgain.engine.forms.form_6781 import Boxes, Form6781
from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.engine.results.contracts import ContractEnd, ContractResult
from capgain.engine.units import quantity_of
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import (
    AMOUNT,
    DATED,
    DESCRIPTION,
    FORM_HEADING,
    FORM_TITLE,
    FORM_YEAR,
    LINE_AMOUNT,
    LINE_INPUT,
    LINE_NUMBER,
    LINE_TEXT,
    LINE_TOTAL,
    PART_BAR,
)
from capgain.workbook.report.line_formulas import line_formula
from capgain.workbook.sheets import (
    BOLD,
    MUTED,
    NOTICE,
    Cell,
    Formula,
    Row,
    Sheet,
    fitted_heights,
    quantity_cell,
    reference,
    text_literal,
)

NAME = "Form 6781"
WIDTHS = (8, 40, 14, 14, 13, 13, 13, 13, 12, 12, 13)
ACCOUNTS_FROM = 6
"""The row of the first account."""

HEADINGS = (
    "1",
    "(a) Identification of account",
    "(b) (Loss)",
    "(c) Gain",
    "1099-B box 8: realised",
    "box 9: unrealised, last year",
    "box 10: unrealised, this year",
    "box 11: total",
)
CONTRACTS = (
    *("Ledger row", "Asset", "Account", "Quantity", "Opened", "Closed or marked", "Kind"),
    *("Proceeds", "Cost", "Gain or (loss)", "Since opened"),
)


def form_6781_name(papers: Workpapers, year: int) -> str:
    return papers.name(NAME, year)


def to_schedule_d(form: Form6781) -> dict[str, str]:
    """The cells that lines 4 and 11 of Schedule D take over, by line."""
    first = ACCOUNTS_FROM + len(form.accounts) + 1 + len(LINES) + 2
    return {"4": f"D{first + 2}", "11": f"D{first + 5}"}


LINES = ("3", "4", "5", "6", "7", "8", "9")


def cell_of_line(papers: Workpapers, form: Form6781, number: str) -> tuple[str, str]:
    """Sheet and cell of one of LINES."""
    return form_6781_name(papers, form.year.year), f"D{ACCOUNTS_FROM + len(form.accounts) + 1 + LINES.index(number)}"


def form_6781(papers: Workpapers, year: YearReport) -> Sheet | None:
    """The sheet of a year; None where no section 1256 contract has a result."""
    form = year.form_6781
    if form is None:
        return None
    accounts = form.accounts
    rows: list[Row] = _head(papers, form)
    last_account = ACCOUNTS_FROM + len(accounts) - 1
    first_contract = ACCOUNTS_FROM + len(accounts) + 1 + len(LINES) + 2 + 6 + 4
    last_contract = first_contract + max(len(form.contracts), 1) - 1
    for place, (account, boxes) in enumerate(accounts.items(), start=ACCOUNTS_FROM):
        rows.append(_account(place, account, boxes, first_contract, last_contract))
    total = last_account + 1
    sums = [Cell("2", LINE_NUMBER), Cell("Add the amounts on line 1 in columns (b) and (c)", LINE_TEXT)]
    for letter, amount in (("C", form.line_2b), ("D", form.line_2c)):
        text = f"=SUM({letter}{ACCOUNTS_FROM}:{letter}{last_account})" if accounts else "=0"
        sums.append(Cell(Formula(text, amount), LINE_TOTAL))
    rows.append(sums)
    at = {"L2b": f"C{total}", "L2c": f"D{total}"}
    for number in LINES:
        line = Form6781.line(number)
        here = at[f"L{number}"] = f"D{len(rows) + 1}"
        value = getattr(form, line.name)
        if number == "4":
            cell = Cell(value, LINE_INPUT)
        else:
            text = f"=ROUND({line_formula(line).format_map(at)},2)"
            cell = Cell(Formula(text, value), LINE_TOTAL if number in ("7", "8", "9") else LINE_AMOUNT)
        assert here
        rows.append([Cell(number, LINE_NUMBER), Cell(form.text(line), LINE_TEXT), None, cell])
    rows += _to_schedule_d(papers, year, form, at)
    note = carryback_note(year, papers.report.years)
    rows += [
        (),
        (None, Cell(note or "Straddles (Part II) and unrecognised gains (Part III) are not computed.", NOTICE)),
    ]
    rows += [(), [Cell(text, FORM_HEADING) for text in CONTRACTS]]
    assert len(rows) + 1 == first_contract, (len(rows), first_contract)
    rows += [_contract(papers, number, one) for number, one in enumerate(form.contracts, start=first_contract)]
    name = form_6781_name(papers, year.year)
    return Sheet(
        name=name,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS),
        page=papers.page(f"Form 6781 {year.year}", landscape=True),
        tab="1F3864",
        gridlines=False,
        protected=True,
    )


def _head(papers: Workpapers, form: Form6781) -> list[Row]:
    title: list[Cell | None] = [
        Cell("Form 6781", FORM_TITLE),
        None,
        Cell("Gains and Losses From Section 1256 Contracts", BOLD),
    ]
    title += [*[None] * 4, Cell(form.year.year, FORM_YEAR)]
    name = [Cell("Name(s) shown on tax return:", MUTED), None, Cell(papers.taxpayer or "(Settings: Name)", BOLD)]
    ssn = [Cell("SSN:", MUTED), None, Cell(papers.ssn or "(Settings: SSN)", BOLD)]
    bar = [Cell(None, PART_BAR) for _ in HEADINGS]
    bar[0] = Cell("Part I", PART_BAR)
    bar[1] = Cell("Section 1256 Contracts Marked to Market", PART_BAR)
    return [title, name, ssn, bar, [Cell(text, FORM_HEADING) for text in HEADINGS]]


def _account(row: int, account: str, boxes: Boxes, first: int, last: int) -> Row:
    """Line 1: what the contracts below come to, by account."""
    name = text_literal(account)
    places, kinds = f"$C${first}:$C${last}", f"$G${first}:$G${last}"
    gains, since = f"$J${first}:$J${last}", f"$K${first}:$K${last}"
    marked = text_literal(ContractEnd.MARKED.value)
    cells = {
        "C": (f"=MIN(H{row},0)", min(boxes.total, ZERO)),
        "D": (f"=MAX(H{row},0)", max(boxes.total, ZERO)),
        "E": (
            f"=ROUND(SUMIFS({since},{places},{name})-SUMIFS({since},{places},{name},{kinds},{marked}),2)",
            boxes.realised,
        ),
        "F": (f"=ROUND(E{row}+G{row}-H{row},2)", boxes.before),
        "G": (f"=ROUND(SUMIFS({since},{places},{name},{kinds},{marked}),2)", boxes.after),
        "H": (f"=ROUND(SUMIFS({gains},{places},{name}),2)", boxes.total),
    }
    amounts = [Cell(Formula(text, amount), LINE_AMOUNT) for text, amount in cells.values()]
    return [Cell(None, LINE_NUMBER), Cell(account, LINE_TEXT), *amounts]


def _to_schedule_d(papers: Workpapers, year: YearReport, form: Form6781, at: dict[str, str]) -> list[Row]:
    """Lines 4 and 11 of Schedule D: what comes from here, what Settings state beside it, and both."""
    settings = papers.report.ledger.settings
    bar = [Cell(None, PART_BAR) for _ in HEADINGS]
    bar[1] = Cell("To Schedule D", PART_BAR)
    rows: list[Row] = [(), bar]
    start = ACCOUNTS_FROM + len(form.accounts) + 1 + len(LINES) + 2
    for place, (line, own) in enumerate((("4", form.line_8), ("11", form.line_9))):
        first = start + 3 * place
        stated = settings.schedule_d_line(line, year.year)
        number = "8" if line == "4" else "9"
        rows += [
            [None, Cell(f"Line {number} above", LINE_TEXT), None, _live(f"={at[f'L{number}']}", own)],
            [None, Cell(f"Stated in Settings as Schedule D {line}", LINE_TEXT), None, Cell(stated, LINE_INPUT)],
            [
                None,
                Cell(f"Schedule D, line {line}", LINE_TEXT),
                None,
                Cell(Formula(f"=ROUND(D{first}+D{first + 1},2)", own + stated), LINE_TOTAL),
            ],
        ]
    return rows


def _live(text: str, amount: Decimal) -> Cell:
    return Cell(Formula(text, amount), LINE_AMOUNT)


def _contract(papers: Workpapers, row: int, one: ContractResult) -> Row:
    is_total = one.end is ContractEnd.TOTAL
    units = quantity_of(-one.units if one.is_short else one.units)
    return [
        papers.ledger_link(one.row),
        Cell(one.asset or "(total)", DESCRIPTION),
        Cell(one.account, DESCRIPTION),
        None if is_total else quantity_cell(units),
        None if is_total else Cell(one.opened, DATED),
        Cell(one.closed, DATED),
        Cell(one.end.value, DESCRIPTION),
        Cell(one.proceeds, AMOUNT),
        Cell(one.basis, AMOUNT),
        Cell(Formula(f"=ROUND(H{row}-I{row},2)", one.gain), AMOUNT),
        Cell(from_cents(one.original_cents), AMOUNT),
    ]


def cell_of_schedule_d(papers: Workpapers, form: Form6781, line: str) -> tuple[str, str]:
    """Sheet and cell that line 4 or 11 of Schedule D takes over."""
    return form_6781_name(papers, form.year.year), to_schedule_d(form)[line]


def formula_of_schedule_d(papers: Workpapers, form: Form6781, line: str) -> str:
    return reference(*cell_of_schedule_d(papers, form, line))
