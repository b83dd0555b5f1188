"""The first sheet of the hand-off: the report's Readme with what is in the package and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from capgain.workbook.report.checks import ChecksSheet
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.readme import GATE, Outcome, readme
from capgain.workbook.sheets import SUBTITLE, WRAP, Cell, Formula, Row, Sheet, fitted_heights

PURPOSES: Mapping[str, str] = {
    "Cover": "whether it can be filed, the year's figures, proof, open points, sign-off",
    "Open Points": "what is unsettled, who settles it, and how",
    "Questions": "what the client has to answer; the answers stay when the package is made again",
    "Elections": "the methods and elections in force, to sign",
    "Income by Kind": "income by kind, with the line of the return that each kind goes to",
    "Gifts and Losses": "donations, gifts, thefts and losses, with the facts for Forms 8283, 709 and 4684",
    "Zero Basis": "sales for which no basis was found",
    "8949 ": "Form 8949, one box, in pages as the form has them; each page with its totals of line 2",
    "Statement ": 'the transactions behind a row "see attached statement" (Exception 2), to attach to the return',
    "1099 Reconciliation": "what the brokers reported against Form 8949, every difference classed or open",
    "Statements": "what the return explains in words: smaller wash sales, bases other than cost or without a record",
    "1099": "what the brokers reported, as read",
    "Adjustments": "every row with a code in column (f), and why",
    "Opening ": "the lots held at the end of the year as rows for the top of next year's ledger",
    "Change Log": "each hand-off into this folder and what changed",
}
OWN_SHEET = "the taxpayer's own sheet, as values"
FOR_WHOM = (
    "The preparer and the reviewer of the return. Nothing but Excel or LibreOffice is needed: no macros, no add-in, no "
    "links to other files. Every figure leads by formula and link to a row of sheet Ledger."
)
SPLIT = (
    "Live formulas: all arithmetic, totals, differences and checks. Values: which lot a sale took, wash sales, and the "
    "classes of differences; sheet Adjustments and the command `capgain explain` say how they came about."
)


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What the Readme says of the package: its files with their purpose, and what is left to the reader.

    `left_out` are sheets of the taxpayer's workbook that were not copied, with the reason.
    """

    files: Sequence[tuple[str, str]]
    left_to_do: Sequence[str]
    left_out: Sequence[str] = ()


def package_readme(papers: Workpapers, sheets: Sequence[str], checked: ChecksSheet, facts: PackageFacts) -> Sheet:
    """The report's Readme, with the files of the package and what is left to do before its list of sheets."""
    outcome = Outcome(checked.all_pass_cell, checked.failed, checked.count)
    base = readme(papers, tuple(sheets), outcome)
    rows: list[Row] = []
    for row in base.rows:
        if _is_title(row, "What this is"):
            rows += [(Cell("For", SUBTITLE),), (None, Cell(FOR_WHOM, WRAP)), ()]
        if _is_title(row, "Sheets"):
            rows += _package(facts)
        rows.append(_with_purpose(row))
    rows = _after_tracing(rows)
    formats = tuple(
        one if one.cells == GATE else one._replace(cells=f"{one.cells.split(':')[0]}:B{len(rows)}")
        for one in base.conditional_formats
    )
    return replace(
        base,
        rows=rows,
        conditional_formats=formats,
        heights={
            **{row: base.heights[row] for row in (1,) if row in base.heights},
            **fitted_heights(rows, base.widths),
        },
    )


def _package(facts: PackageFacts) -> Iterator[Row]:
    yield (Cell("Left for you to do", SUBTITLE),)
    for text in facts.left_to_do or ("Nothing that CapGain knows of.",):
        yield (None, Cell(text, WRAP))
    if facts.left_out:
        names = ", ".join(facts.left_out)
        yield (None, Cell(f"Sheets of the taxpayer's workbook that are not in here: {names}.", WRAP))
    yield ()
    yield (Cell("What is in this package", SUBTITLE),)
    for name, purpose in facts.files:
        yield (Cell(name), Cell(purpose, WRAP))
    yield ()


def _is_title(row: Row, text: str) -> bool:
    return bool(row) and row[0] is not None and row[0].content == text and row[0].style is SUBTITLE


def _with_purpose(row: Row) -> Row:
    """A row of the list of sheets, with the purpose of a sheet that only the hand-off has."""
    if len(row) != 2 or row[0] is None or row[1] is None or row[1].content != "":
        return row
    content = row[0].content
    if not isinstance(content, Formula):
        return row
    name = str(content.expected)
    of_ours = (text for ours, text in PURPOSES.items() if name == ours or (ours[-1] == " " and name.startswith(ours)))
    purpose = next(of_ours, OWN_SHEET)
    return (row[0], Cell(purpose, WRAP))


def _after_tracing(rows: Sequence[Row]) -> list[Row]:
    """What is a formula and what a value, said before the tick marks."""
    found: list[Row] = []
    for row in rows:
        if _is_title(row, "Tick marks"):
            found.insert(len(found) - 1, (None, Cell(SPLIT, WRAP)))
        found.append(row)
    return found
