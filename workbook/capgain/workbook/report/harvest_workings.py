"""The tax of the return after further sales as formulas in one row: the worksheet's lines side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capgain.engine.forms.form import AmountLine, Form, Line
from capgain.engine.forms.tax import Gains, ReturnWithoutGains
from capgain.engine.forms.worksheets.form_6251 import FROM_THE_WORKSHEETS, Form6251
from capgain.engine.forms.worksheets.line_15 import TaxableIncome
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.workbook.report.line_formulas import Rendering, line_formula
from capgain.workbook.report.tax import TaxCells
from capgain.workbook.report.tax_inputs import NOT_IN_A_LEDGER, STATED_FOR_6251
from capgain.workbook.report.tax_worksheet import (
    LINES_OF_6251,
    lines_of_8960,
    middle_of_row,
    not_given,
    nothing_for_8960,
    taxed_line,
)
from capgain.workbook.sheets import MONEY, Cell, Formula, column_letter

AFTER_A_SALE = Rendering(written_out=frozenset({"17"}))
"""Lines 16, 18 and 19 of Schedule D; whether line 17 says yes is written out in them."""

RATE_28_GAIN = Rendering(NOT_IN_A_LEDGER, frozenset({"1", "2", "3", "4", "5", "6"})).line(Rate28GainWorksheet.line_7)
"""The 28% Rate Gain Worksheet in one cell."""


_OF_LINE_15 = (
    *("agi_without_gains", "deduction", "persons", "other_deductions"),
    *("senior_each", "senior_reduced_by", "senior_over"),
)
"""What the sheet Tax has of line 15 for both columns."""


@dataclass(frozen=True, slots=True)
class Workings:
    """Columns from `start` on (A is 1) that figure the tax of a row.

    `limit`, `rate_28`, `long_carryover`, `line_18` and `line_19` are cells of the sheet with the deduction of a loss,
    the collectibles so far, Schedule D line 14, and the lines 18 and 19 that Settings state. `by_schedule_d` takes the
    Schedule D Tax Worksheet, which gives the other's result where lines 18 and 19 are zero.
    """

    start: int
    tax: TaxCells
    rest: ReturnWithoutGains
    by_schedule_d: bool
    limit: str
    rate_28: str
    long_carryover: str
    line_18: str
    line_19: str

    @property
    def headings(self) -> tuple[str, ...]:
        """One for each column, in order."""
        return tuple(self._columns())

    def column(self, heading: str) -> str:
        """The letter of the column under a heading."""
        return column_letter(self.start + self.headings.index(heading))

    @property
    def total(self) -> str:
        """The letter of the column with the tax."""
        return self.column("Tax")

    @property
    def _worksheet(self) -> type[Form]:
        return ScheduleDTaxWorksheet if self.by_schedule_d else QDCGTWorksheet

    @property
    def _niit(self) -> NetInvestmentIncomeTax | None:
        """Form 8960 without the gains; None where it cannot be told."""
        return self.rest.tax().niit

    def _columns(self) -> list[str]:
        names = ["D7", "D15", "D16", "To 1040"]
        if self.rest.from_agi is not None:
            names += [f"1040 line {line.number}" for line in TaxableIncome.lines[:-1]]
        names.append("Taxable income")
        names += ["28% rate", "D18", "D19"] if self.by_schedule_d else []
        for line in self._worksheet.lines:
            names += [f"{line.number}, row middle"] if taxed_line(line) else []
            names.append(f"Line {line.number}")
        names += [f"6251 line {line.number}" for line in LINES_OF_6251]
        if self._niit is not None:
            names += ["8960 MAGI", "8960 gain" if self._niit.net_investment_income is None else "8960 line 12 stated"]
            names += [f"8960 line {line.number}" for line in lines_of_8960(self._niit)]
        return [*names, "Tax"]

    def row(self, number: int, short: str, long: str, more_28: str, gains: Gains) -> list[Cell]:
        """The cells of row `number` for line 7 `short` and line 15 `long`, formulas without `=`.

        `more_28` adds to the collectibles; `gains` are what the engine has for that row.
        """
        cells: list[Cell] = []
        at = self.tax.limits()

        def put(key: str, text: str, expected: Decimal) -> None:
            at[key] = f"${column_letter(self.start + len(cells))}{number}"
            cells.append(Cell(Formula(f"=ROUND({text},2)", expected), MONEY))

        def put_line(key: str, line: AmountLine) -> None:
            put(key, AFTER_A_SALE.line(line).format_map(at), getattr(gains, line.name))

        tax = self.rest.tax(gains)
        put("L7", short, gains.short)
        put("L15", long, gains.long)
        short_cell, long_cell = at["L7"], at["L15"]
        put_line("L16", Gains.line_16)
        put("GAIN", f"MAX({at['L16']},-{self.limit})", tax.gain)
        if tax.line_15 is None:
            put("taxable_income", f"{self.tax.without_gains('taxable_income')}+{at['GAIN']}", tax.taxable_income)
        else:
            at["gain"] = at["GAIN"]
            at |= {name: self.tax.without_gains(name) for name in _OF_LINE_15}
            at["taxable_income"] = self._lines(number, cells, at, tax.line_15, TaxableIncome.line_15)
            at["senior_deduction"] = at[f"L{TaxableIncome.line_senior.number}"]
            at["magi"] = at[f"L{TaxableIncome.line_11.number}"]
            at |= {"L7": short_cell, "L15": long_cell}
        at |= {"qualified_dividends": self.tax.without_gains("qualified_dividends"), "d15": at["L15"], "d16": at["L16"]}
        if self.by_schedule_d:
            put("collectibles", f"{self.rate_28}+{more_28}", gains.rate_28)
            at |= {"d7": at["L7"], "d14": self.long_carryover}
            at |= {"elsewhere_18": self.line_18, "elsewhere_19": self.line_19}
            at["rate_28_gain"] = RATE_28_GAIN.format_map(at)
            put_line("d18", Gains.line_18)
            put_line("d19", Gains.line_19)
        regular = tax.form_6251.regular
        figured = regular.schedule_d_tax if self.by_schedule_d else regular.qdcgt
        total = at["income_tax"] = self._lines(number, cells, at, figured, figured.lines[-1])
        amt = self._minimum_tax(number, cells, at, tax.form_6251)
        total += f"+{amt}" if tax.knows_amt else ""
        if tax.niit is not None:
            magi = at["magi"] if self._magi_is_agi else f"{self.tax.without_gains('magi')}+{at['GAIN']}"
            put("magi", magi, tax.niit.magi)
            total += f"+{self._investment_income(number, cells, at, tax.niit)}"
        put("TAX", total, tax.total)
        return cells

    @property
    def _magi_is_agi(self) -> bool:
        """Whether modified adjusted gross income is line 11, as it is where neither is stated otherwise."""
        known = self.rest.from_agi
        return known is not None and known.agi_without_gains == self.rest.magi

    def _investment_income(
        self, number: int, cells: list[Cell], at: dict[str, str], form: NetInvestmentIncomeTax
    ) -> str:
        """Form 8960 side by side; gives the cell of its line 17."""
        absent, gain = nothing_for_8960(form), at["GAIN"]
        given = [name for name in NetInvestmentIncomeTax.inputs() if name not in absent | {"magi", "gain"}]
        at |= {name: self.tax.without_gains(name) for name in given}
        key = "gain" if form.net_investment_income is None else "net_investment_income"
        expected = form.gain if form.net_investment_income is None else form.net_investment_income
        text = f"=ROUND({self.tax.without_gains(key)}+{gain},2)"
        at[key] = f"${column_letter(self.start + len(cells))}{number}"
        cells.append(Cell(Formula(text, expected), MONEY))
        return self._lines(number, cells, at, form, NetInvestmentIncomeTax.line_17, lines_of_8960(form), absent)

    def _minimum_tax(self, number: int, cells: list[Cell], at: dict[str, str], form: Form6251) -> str:
        """Form 6251 side by side; gives the cell of its line 11."""
        absent = not_given(form) | (frozenset() if self.by_schedule_d else {"d18", "d19"})
        figured = {"senior_deduction"} if self.rest.from_agi is not None else set()
        at |= {name: self.tax.without_gains(name) for name in STATED_FOR_6251 if name not in absent | figured}
        at |= {name: at[f"L{lines[self.by_schedule_d].number}"] for name, lines in FROM_THE_WORKSHEETS.items()}
        line_40 = self.start + len(cells) + LINES_OF_6251.index(Form6251.line_40)
        at["tax_of_part_iii"] = f"${column_letter(line_40)}{number}"
        return self._lines(number, cells, at, form, Form6251.line_11, LINES_OF_6251, absent)

    def _lines(
        self,
        number: int,
        cells: list[Cell],
        at: dict[str, str],
        form: Form,
        result: Line[Any],
        lines: Sequence[Line[Any]] = (),
        absent: frozenset[str] = frozenset(),
    ) -> str:
        """The lines of a worksheet side by side, all where none are named; gives the cell of the result."""
        for line in lines or form.lines:
            taxed = taxed_line(line)
            if taxed is None:
                text = f"ROUND({line_formula(line, absent).format_map(at)},2)"
            else:
                amount, middle = at[f"L{taxed.number}"], f"${column_letter(self.start + len(cells))}{number}"
                cells.append(Cell(middle_of_row(amount, getattr(form, taxed.name)), MONEY))
                text = self.tax.tax_on(amount, middle)
            at[f"L{line.number}"] = f"${column_letter(self.start + len(cells))}{number}"
            cells.append(Cell(Formula(f"={text}", getattr(form, line.name)), MONEY))
        return at[f"L{result.number}"]
