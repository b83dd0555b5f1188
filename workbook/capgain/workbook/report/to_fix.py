"""The sheet `To Fix`: every problem with its cell, and every unit sold without a basis, row by row."""

from __future__ import annotations

from capgain.engine.money import from_cents
from capgain.engine.problems import Problem
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import SIGN_OFF
from capgain.workbook.report.ledger_copy import problem_cell
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import (
    BAD,
    CENTER,
    DATE,
    HEADING,
    MONEY,
    NOTICE,
    SUBTITLE,
    WRAP,
    Cell,
    Row,
    Sheet,
    at_top,
    link_to,
    quantity_cell,
)

NAME = "To Fix"
WIDTHS = (5, 10, 18, 14, 47, 47, 11, 13)
BLOCKS = "G2:G5000"
"""Where the sheet says of each problem whether it blocks filing."""

_CAUSES = (
    "A transfer in from another own account that is not in the ledger, an earlier purchase that is missing, or income "
    "received in units."
)
_CHOICES = (
    "1. Enter the purchase, income or Opening lot. 2. Enter the Transfer from the account that held the units. "
    "3. Accept zero basis: write in the row's Note why no record exists; the Note is printed with the return."
)


def needed(papers: Workpapers) -> bool:
    """Whether there is anything to settle."""
    return bool(papers.problems) or bool(zero_basis_rows(papers))


def zero_basis_rows(papers: Workpapers) -> tuple[Disposition, ...]:
    """The dispositions of the years shown whose units came from nowhere."""
    return tuple(row for year in papers.years for row in papers.report.years[year].dispositions if row.lot_row == 0)


def to_fix(papers: Workpapers) -> Sheet:
    """Errors first, then what blocks filing, then what should be known."""
    headings = (
        "#",
        "Severity",
        "Where",
        "Column",
        "What is wrong",
        "What to do",
        "Blocks filing",
        "Settled (initials)",
    )
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in headings)]
    ordered = sorted(papers.problems, key=lambda problem: (not problem.is_error, not problem.blocks_filing))
    rows += [_problem(papers, problem, number) for number, problem in enumerate(ordered, start=1)]
    missing = zero_basis_rows(papers)
    if missing:
        rows += _missing_basis(papers, missing)
    return list_sheet(papers, NAME, "To fix before filing", rows, WIDTHS, tab="C00000")


def _problem(papers: Workpapers, problem: Problem, number: int) -> Row:
    target = problem_cell(papers, problem)
    place = f"{problem.sheet} row {problem.row}" if problem.row else problem.sheet
    blocks = problem.blocks_filing
    row = (
        Cell(number, CENTER),
        Cell(problem.severity.value, BAD if problem.is_error else NOTICE),
        link_to(*target, place) if target else Cell(place),
        Cell(problem.column),
        Cell(problem.message, WRAP),
        Cell(problem.remedy, WRAP),
        Cell("yes" if blocks else "no", CENTER),
    )
    return (*_at_top(row), Cell(None, SIGN_OFF))


def _at_top(row: Row) -> Row:
    return tuple(cell and Cell(cell.content, at_top(cell.style)) for cell in row)


def _missing_basis(papers: Workpapers, missing: tuple[Disposition, ...]) -> list[Row]:
    headings = ("#", "Date", "Where", "Asset / account", "Likely cause", "Choices", "Units short", "Dollars at stake")
    rows: list[Row] = [
        (Cell("Sold without a basis: taken as zero, which taxes the whole proceeds", SUBTITLE),),
        tuple(Cell(heading, HEADING) for heading in headings),
    ]
    for number, row in enumerate(missing, start=1):
        rows.append(
            _at_top(
                (
                    Cell(number, CENTER),
                    Cell(row.sold, DATE),
                    papers.ledger_link(row.row),
                    Cell(f"{row.asset} / {row.account}" if row.account else row.asset),
                    Cell(_CAUSES, WRAP),
                    Cell(_CHOICES, WRAP),
                    quantity_cell(row.quantity),
                    Cell(from_cents(row.proceeds_cents), MONEY),
                )
            )
        )
    return rows
