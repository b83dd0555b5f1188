"""A tax year for people: Form 8949 by box, Schedule D, what carries over, what is still held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from capgain.addin.cli.document import line_value
from capgain.addin.cli.problem_list import print_problems, tally
from capgain.addin.cli.tables import in_red_if_negative, plain_table, print_lines
from capgain.addin.cli.terminal import printable
from capgain.engine.contract_warnings import carryback_note
from capgain.engine.money import EXACT, dollars
from capgain.engine.report import TaxReport, YearReport
from capgain.workbook.written.words import counted

if TYPE_CHECKING:
    from rich.console import Console

PROBLEMS_SHOWN = 20
READY, NOT_READY = "bold green", "bold red"
ALWAYS_SHOWN = frozenset({"7", "15", "16"})
"""Lines of Schedule D that are shown even where they are zero."""


def print_summary(console: Console, report: TaxReport, year: int | None, source: str) -> None:
    """The years shown (None: all), then the open lots and the warnings."""
    years = [found for number, found in report.years.items() if year is None or number == year]
    for found in years:
        _print_year(console, report, found, source)
    if not years:
        console.print(f"{printable(source)}: nothing is known of {year}." if year else "No transactions.")
    _print_holdings(console, report)
    _print_readiness(console, report)


def _print_year(console: Console, report: TaxReport, found: YearReport, source: str) -> None:
    console.print(f"Tax year {found.year}  {found.status.value}  {printable(source)}", style="bold")
    console.print()
    _print_form_8949(console, found)
    _print_form_6781(console, found, report.years)
    _print_schedule_d(console, found)
    if found.carryover is not None:
        short, long = dollars(found.carryover.short), dollars(found.carryover.long)
        console.print(f"Carried to {found.year + 1}: short-term {short}, long-term {long}")
    washed = [sale for sale in report.wash_sales if sale.sold.year == found.year]
    if washed:
        total = sum((sale.disallowed for sale in washed), Decimal(0))
        console.print(f"Wash sales: {len(washed):,} matched, {dollars(total)} disallowed")
    _print_income(console, found)
    console.print()


def _print_form_8949(console: Console, found: YearReport) -> None:
    if found.form_8949 is None:
        console.print(f"{counted(len(found.dispositions), 'disposition')}; no form data for {found.year}.")
        return
    if not found.form_8949.boxes:
        console.print("Form 8949: no dispositions")
        return
    table = plain_table("Form 8949")
    table.add_column("Box")
    for heading in ("Rows", "Proceeds", "Basis", "Adjustment", "Gain or loss"):
        table.add_column(heading, justify="right")
    for box, totals in found.form_8949.boxes.items():
        columns = (totals.proceeds, totals.basis, totals.adjustment, totals.gain)
        table.add_row(box, f"{totals.rows:,}", *(in_red_if_negative(dollars(amount)) for amount in columns))
    console.print(table)
    console.print()


def _print_form_6781(console: Console, found: YearReport, years: Mapping[int, YearReport]) -> None:
    form = found.form_6781
    if form is None:
        return
    table = plain_table("Form 6781, section 1256 contracts")
    for place, heading in enumerate(("Account", "Box 8", "Box 9", "Box 10", "Box 11")):
        table.add_column(heading, justify="right" if place else "left")
    for account, boxes in form.accounts.items():
        table.add_row(printable(account), *(in_red_if_negative(dollars(amount)) for amount in boxes))
    console.print(table)
    console.print(
        f"Line 7: {dollars(form.line_7)}; 40% short-term {dollars(form.line_8)}, 60% long-term {dollars(form.line_9)}"
    )
    note = carryback_note(found, years)
    if note:
        console.print(note)
    console.print()


def _print_schedule_d(console: Console, found: YearReport) -> None:
    if found.schedule_d is None:
        return
    filled = [(number, text, _shown(value)) for number, text, value in found.schedule_d.filled() if value is not None]
    shown = [line for line in filled if line[2] != "0.00" or line[0] in ALWAYS_SHOWN]
    print_lines(console, "Schedule D", shown, [text for _, text, _ in filled])


def _shown(value: Any) -> str:
    """A line's amount or answer; of the lines with columns, column (h)."""
    if isinstance(value, Decimal):
        return dollars(value)
    shown = line_value(value)
    return shown if isinstance(shown, str) else dollars(value.gain)


def _print_income(console: Console, found: YearReport) -> None:
    by_kind: dict[str, Decimal] = defaultdict(Decimal)
    for item in found.income:
        name = item.name.lower() if item.in_totals else f"{item.name.lower()} (in Form W-2)"
        by_kind[name] = EXACT.add(by_kind[name], item.amount)
    if by_kind:
        console.print("Income: " + ", ".join(f"{name} {dollars(amount)}" for name, amount in by_kind.items()))


def _print_holdings(console: Console, report: TaxReport) -> None:
    if report.open_lots:
        basis = Decimal(0)
        for lot in report.open_lots:
            basis = EXACT.add(basis, lot.basis)
        assets = len({lot.asset for lot in report.open_lots})
        console.print(
            f"Held: {counted(len(report.open_lots), 'open lot')} of {counted(assets, 'asset')}, basis {dollars(basis)}"
        )
    if report.open_shorts:
        console.print(f"Open short sales: {len(report.open_shorts)}")


def print_gate(console: Console, is_ready: bool, rest: str = "") -> None:
    """READY or NOT READY TO FILE in its colour, and what follows it on the line."""
    console.print("READY TO FILE" if is_ready else "NOT READY TO FILE", style=READY if is_ready else NOT_READY, end="")
    console.print(rest)


def _print_readiness(console: Console, report: TaxReport) -> None:
    print_gate(console, report.filing_ready, f" ({tally(report.problems)})")
    print_problems(console, report.problems[:PROBLEMS_SHOWN])
    if len(report.problems) > PROBLEMS_SHOWN:
        console.print(f"{len(report.problems) - PROBLEMS_SHOWN} more: capgain check lists them all.")
