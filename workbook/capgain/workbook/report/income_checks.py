"""What is checked of the sheet Income: each kind is what the ledger's rows bring, and the kinds are all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capgain.engine.money import ZERO, dollars, to_the_cent
from capgain.engine.report import YearReport
from capgain.workbook.report.checks import HALF_A_CENT, Check
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.ledger_proof import LedgerProof
from capgain.workbook.report.list_checks import block_check
from capgain.workbook.report.listing import Listing
from capgain.workbook.sheets import Formula, criterion


def income_checks(papers: Workpapers, year: YearReport, ledger: LedgerProof, income: Listing) -> Iterator[Check]:
    """Each kind of income is the ledger's rows of the types that bring it."""

    def of_names(names: Sequence[str]) -> str:
        sums = (f"SUMIFS({income.cells('Amount')},{income.cells('Kind')},{criterion(name)})" for name in names)
        return "+".join(sums)

    for names, types in _kinds_and_types(papers, year):
        amount = sum((to_the_cent(item.amount) for item in year.income if item.name in names), ZERO)
        typed = [ledger.of_year("Gross", year.year, kind=one) for one in types]
        there = sum((one.value for one in typed), ZERO)
        beside = to_the_cent(amount - there)
        words = f"Income: {', '.join(names)}"
        if beside:
            words += f"; {dollars(beside)} of it beside the rows of that type (value)"
        yield Check(
            str(year.year),
            words,
            Formula(f"={of_names(names)}", amount),
            Formula(f"={'+'.join(one.text for one in typed)}+({beside})", there + beside),
            (income.sheet.name, "A1"),
            tolerance=HALF_A_CENT,
        )
    if year.income:
        whole = sum((to_the_cent(item.amount) for item in year.income), ZERO)
        yield Check(
            str(year.year),
            "Income: the kinds add up to all of it",
            Formula(f"={of_names(sorted({item.name for item in year.income}))}", whole),
            Formula(f"=SUM({income.cells('Amount')})", whole),
            (income.sheet.name, "A1"),
        )
        letter = income.letter("Amount")
        yield from block_check(
            str(year.year),
            "Income: the amounts by line of the return add up to the engine's",
            income.sheet,
            f"{letter}{income.total + 1}:{letter}{len(income.sheet.rows)}",
        )


def _kinds_and_types(papers: Workpapers, year: YearReport) -> list[tuple[list[str], list[str]]]:
    """Names of kinds and types of rows, put together where a type brings several kinds or a kind comes by several."""
    groups: list[tuple[set[str], set[str]]] = []
    for item in year.income:
        entry = papers.transactions.get(item.row)
        names, types = {item.name}, {entry.type_name if entry is not None else ""}
        apart = []
        for group in groups:
            if group[0] & names or group[1] & types:
                names |= group[0]
                types |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (names, types)]
    return sorted((sorted(names), sorted(types)) for names, types in groups)
