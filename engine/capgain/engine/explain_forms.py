"""How a line of a form behind the tax came about: Forms 6251, 8960 and 6781, and Form 1040 down to line 15."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.explanation import Explanation, Step, UnknownLine, dollars
from capgain.engine.forms.arithmetic import Given, OfLine, OfYear
from capgain.engine.forms.form import Form
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.forms.tax import Gains, Tax
from capgain.engine.forms.tax_on_gains import StatedIncome, return_without_gains
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport, YearReport

FORM_AND_LINE = re.compile(
    r"(?:form\s*)?(?P<form>6251|8960|6781|1040)[\s,:.-]*(?:line\s*)?(?P<line>\w+(?:-\w+)?)", re.I
)
"""`6251 11`, `Form 8960, line 17`."""

MEANINGS = {
    "added_at_most": "what married persons filing separately add at most (26 USC 55(d)(2))",
    "exemption": "the exemption of the year",
    "gone_at": "line 4 from which nothing is left of the exemption",
    "phase_out_rate": "the part of line 4 above the threshold that the exemption loses",
    "phase_out_starts": "the threshold from which the exemption is lost",
    "rate_28_above": "what bears 26%; beyond it 28%",
    "standard_deduction_of_year": "the standard deduction of the year without additions",
    "gains_below_28_percent": "from the worksheet of the regular tax: gains at 0%, 15% and 20%",
    "gains_and_dividends": "from the worksheet of the regular tax: gains and qualified dividends",
    "other_income": "from the worksheet of the regular tax: income without the gains",
    "income_below_gains": "from the worksheet of the regular tax: income below the gains",
    "zero_rate_limit": "taxable income up to which net capital gain is taxed at 0%",
    "fifteen_rate_limit": "taxable income up to which it is taxed at 15%",
    "niit_threshold": "the threshold of the filing status",
    "senior_each": "the senior deduction of one person (26 USC 151(d)(5)(C))",
    "senior_reduced_by": "the part of income above the threshold that cuts it",
    "senior_over": "that threshold",
    "form_1099_adjustments": "stated in Settings as Form 6781 4",
}
"""What figures of the law and of other worksheets are."""

WITHIN = {"tax_of_part_iii": "40", "income_tax": "1040-16"}
"""Figures of a form that are another of its lines."""


def explain_form(report: TaxReport, year: int, name: str, number: str) -> Explanation:
    """Explain one line of a form of the return with the year's gains.

    Raises UnknownYear without a Schedule D or such a form, UnknownLine for a line it has not, and MissingInputs where
    the tax needs what Settings do not state.
    """
    found = report.years.get(year)
    if found is None or found.schedule_d is None:
        raise UnknownYear(f"There is no return for {year} to explain Form {name} of.")
    form = found.form_6781 if name == "6781" else _behind_the_tax(report, found, name)
    if form is None:
        raise UnknownYear(f"The return of {year} has no Form {name} here: {_WHY_NOT[name]}.")
    lines = {line.number: line for line in form.lines}
    if number not in lines:
        raise UnknownLine(f"Form {name} has no line {number!r}. Its lines are {', '.join(lines)}.")
    story = _OfForm(form, name)
    return Explanation(year, number, form.text(lines[number]), tuple(story.line(number, 0)), f"Form {name}")


_WHY_NOT = {
    "6781": "no section 1256 contract has a result",
    "8960": "modified adjusted gross income is not known",
    "6251": "its lines are those of a year with a tax",
    "1040": "line 15 is stated, or not known; state AGI Without Gains to have it figured",
}


def _behind_the_tax(report: TaxReport, found: YearReport, name: str) -> Form | None:
    assert found.schedule_d is not None
    stated = StatedIncome.of(report.ledger.settings, found.year, found.income, report.minimum_tax)
    tax: Tax = return_without_gains(found.schedule_d, stated).tax(Gains.of(found.schedule_d))
    return {"6251": tax.form_6251, "8960": tax.niit, "1040": tax.line_15}[name]


def _shown(name: str, amount: Decimal) -> str:
    """Dollars, but a part of an amount in percent and persons as a number."""
    if name in ("phase_out_rate", "senior_reduced_by"):
        return f"{(amount * 100).normalize():f}%"
    return f"{amount.normalize():f}" if name == "persons" else dollars(amount)


@dataclass(slots=True)
class _OfForm:
    """Tells each line once, under the first that rests on it."""

    form: Form
    name: str
    told: set[str] = field(default_factory=set)

    def line(self, number: str, depth: int) -> Iterator[Step]:
        line = self.form.line(number)
        if line.is_skipped(self.form):
            yield Step(depth, f"Line {number} is left out and counts as zero.", Decimal(0))
            return
        amount: Decimal = getattr(self.form, line.name)
        if number in self.told:
            yield Step(depth, f"Line {number} is {dollars(amount)}, as above.", amount)
            return
        self.told.add(number)
        yield Step(depth, f"Line {number} is {dollars(amount)}: {self.form.text(line)}.", amount)
        if not amount and depth:
            return
        seen: set[str] = set()
        for leaf in line.rests_on():
            if isinstance(leaf, OfLine | Given | OfYear) and leaf.name not in seen:
                seen.add(leaf.name)
                yield from self._leaf(leaf, depth + 1)

    def _leaf(self, leaf: OfLine | Given | OfYear, depth: int) -> Iterator[Step]:
        if isinstance(leaf, OfLine):
            if leaf.number:
                yield from self.line(leaf.number, depth)
            return
        if leaf.name in WITHIN and WITHIN[leaf.name] not in self.told:
            yield from self.line(WITHIN[leaf.name], depth)
            return
        if isinstance(self.form, Form6781) and leaf.name in ("losses", "gains"):
            yield from self._accounts(self.form, leaf.name == "losses", depth)
            return
        amount = leaf.value(self.form) if isinstance(leaf, OfYear) else getattr(self.form, leaf.name)
        if isinstance(amount, Decimal):
            stated = leaf.meaning if isinstance(leaf, Given) else ""
            meaning = stated or MEANINGS.get(leaf.name) or leaf.name.replace("_", " ")
            yield Step(depth, f"{meaning[0].upper()}{meaning[1:]}: {_shown(leaf.name, amount)}.", amount)

    def _accounts(self, form: Form6781, are_losses: bool, depth: int) -> Iterator[Step]:
        for account, boxes in form.accounts.items():
            if boxes.total and (boxes.total < 0) is are_losses:
                rows = tuple(dict.fromkeys(one.row for one in form.contracts if one.account == account))
                yield Step(depth, f"{account or 'No account'}: {dollars(boxes.total)}.", boxes.total, rows)
