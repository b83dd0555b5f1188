"""`capgain tax LEDGER`: what the year's gains cost."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import single_year_option
from capgain.addin.cli.ledger import LedgerRequest, as_of_option, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.money import ZERO
from capgain.engine.problems import InvalidLedger

if TYPE_CHECKING:
    from decimal import Decimal

    from capgain.engine.forms.tax import Tax
    from capgain.engine.forms.tax_on_gains import TaxOnGains


@click.command("tax", cls=LedgerCommand)
@single_year_option
@as_of_option
@ledger_options
def command(request: LedgerRequest) -> None:
    """Show the federal tax with the gains of LEDGER and without them, and what the next dollar would cost.

    That is income tax, alternative minimum tax and, where MAGI is known, net investment income tax.

    It needs the year's income in Settings: 'Taxable Income' (Form 1040 line 15 with these gains in it), 'Other Income'
    (line 15 without them) or 'AGI Without Gains' (line 11 without them), or --set "Other Income 2025=92600".
    """
    from capgain.engine.planning.contracts_at_price import tax_of_year

    _, report = request.read_and_compute()
    if report.has_errors:
        raise InvalidLedger(report.problems)
    year = request.year_shown(report) or max(report.years, default=0)
    found = tax_of_year(report, year)
    if request.as_json:
        sys.stdout.write(json.dumps(tax_document(found), indent=1) + "\n")
    else:
        _print(found, request.path.name)


def tax_document(found: TaxOnGains) -> Mapping[str, Any]:
    """The JSON document: both returns with their worksheets line by line, the difference, rates and room.

    Rates are fractions; what is not known is null.
    """
    from capgain.addin.cli.figures import amount_text
    from capgain.addin.cli.plan_screen import gains_object

    marginal = found.marginal
    return {
        "year": found.rest.year.year,
        "filing_status": found.rest.status.value,
        "gains": gains_object(found.gains),
        "with_gains": _return(found.with_gains),
        "without_gains": _return(found.without_gains),
        "difference": amount_text(found.difference),
        "marginal_rates": {
            "short": f"{marginal.short:f}",
            "long": f"{marginal.long:f}",
            "amt_short": None if marginal.amt_short is None else f"{marginal.amt_short:f}",
            "amt_long": None if marginal.amt_long is None else f"{marginal.amt_long:f}",
            "niit": None if marginal.niit is None else f"{marginal.niit:f}",
        },
        "room": {"0%": amount_text(found.room_at_zero), "15%": amount_text(found.room_at_fifteen)},
        "assumptions": list(found.assumptions),
    }


def _return(tax: Tax) -> Mapping[str, Any]:
    from capgain.addin.cli.figures import amount_or_null, amount_text, carryover_or_null

    form_6251 = tax.form_6251.amounts() if tax.knows_amt else {}
    line_15 = {} if tax.line_15 is None else tax.line_15.amounts()
    form_8960 = {} if tax.niit is None else tax.niit.amounts()
    lines = {} if tax.worksheet is None else {number: value for number, _, value in tax.worksheet.filled()}
    return {
        "capital_gain": amount_text(tax.gain),
        "taxable_income": amount_text(tax.taxable_income),
        "method": tax.method.value,
        "income_tax": amount_text(tax.income_tax),
        "amt": amount_or_null(tax.amt),
        "amt_at_least": amount_text(tax.amt_at_least),
        "niit": None if tax.niit is None else amount_text(tax.niit.tax),
        "total": amount_text(tax.total),
        "worksheet": {number: amount_text(value) for number, value in lines.items() if value is not None},
        "line_15": {number: amount_text(value) for number, value in line_15.items()},
        "form_6251": {number: amount_text(value) for number, value in form_6251.items()},
        "form_8960": {number: amount_text(value) for number, value in form_8960.items()},
        "carryover": carryover_or_null(tax.carryover),
    }


def _down_to_line_15(with_gains: Tax, without: Tax) -> list[tuple[str, Decimal, Decimal]]:
    """How line 15 comes about, where it was figured."""
    one, other = with_gains.line_15, without.line_15
    if one is None or other is None:
        return []
    rows = [("Adjusted gross income", one.line_11, other.line_11), ("Deduction", one.line_12, other.line_12)]
    if one.line_senior or other.line_senior:
        rows.append(("Senior deduction", one.line_senior, other.line_senior))
    if one.line_other:
        rows.append(("Other deductions", one.line_other, other.line_other))
    return rows


def _print(found: TaxOnGains, source: str) -> None:
    from capgain.addin.cli.figures import percent
    from capgain.addin.cli.plan_screen import print_notes
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.forms.tax_on_gains import AMT_LEFT_OUT, NO_MINIMUM_TAX_CREDIT
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    year = found.rest.year.year
    title = f"Tax on the gains of {year}  {found.rest.status.value}  {printable(source)}"
    screen.print(title, style="bold", end="\n\n")
    with_gains, without = found.with_gains, found.without_gains
    rows = [
        ("Capital gain or loss on Form 1040", with_gains.gain, without.gain),
        *_down_to_line_15(with_gains, without),
        ("Taxable income", with_gains.taxable_income, without.taxable_income),
        ("Income tax", with_gains.income_tax, without.income_tax),
    ]
    total = "Total"
    if with_gains.amt is None or without.amt is None:
        total = f"Total, {AMT_LEFT_OUT}"
        rows.append(("Alternative minimum tax, at least", with_gains.amt_at_least, without.amt_at_least))
    else:
        rows.append(("Alternative minimum tax", with_gains.amt, without.amt))
    if with_gains.niit is not None and without.niit is not None:
        rows.append(("Net investment income tax", with_gains.niit.tax, without.niit.tax))
    rows.append((total, with_gains.total, without.total))
    headings = (("", LEFT), ("With the gains", RIGHT), ("Without them", RIGHT), ("Difference", RIGHT))
    print_table(screen, headings, [(text, dollars(a), dollars(b), dollars(a - b)) for text, a, b in rows])
    screen.print()
    if with_gains.amt:
        screen.print(NO_MINIMUM_TAX_CREDIT)
    if found.difference < 0:
        screen.print(f"The losses save {dollars(-found.difference)} of tax this year.", style="bold")
    else:
        screen.print(f"The gains add {dollars(found.difference)} of tax.", style="bold")
    carried = with_gains.carryover
    if carried.short or carried.long:
        screen.print(f"Carried to {year + 1}: short-term {dollars(carried.short)}, long-term {dollars(carried.long)}")
    screen.print(f"Figured by: {with_gains.method.value}")
    marginal = found.marginal
    amt = ""
    if marginal.amt_short or marginal.amt_long:
        of_amt = (percent(part or ZERO) for part in (marginal.amt_short, marginal.amt_long))
        amt = f" ({' and '.join(of_amt)} of it alternative minimum tax)"
    niit = "" if marginal.niit is None else f", and {percent(marginal.niit)} net investment income tax"
    screen.print(
        f"The next dollar: {percent(marginal.short)} if short-term, {percent(marginal.long)} if long-term{amt}{niit}"
    )
    screen.print(
        f"Room left: {dollars(found.room_at_zero)} in the 0% band of long-term gain, "
        f"{dollars(found.room_at_fifteen)} in the 15% band"
    )
    print_notes(screen, found.assumptions)
