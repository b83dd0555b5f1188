"""The tax of the return after further sales as formulas in one row: the worksheet's lines side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capgain.engine.forms.form import AmountLine, Form, Line
from capgain.engine.forms.tax import Gains, ReturnWithoutGains
from capgain.engine.forms.worksheets import (
    Form6251,
    NetInvestmentIncomeTax,
    QDCGTWorksheet,
    Rate28GainWorksheet,
    ScheduleDTaxWorksheet,
)
from capgain.engine.forms.worksheets.form_6251 import FROM_THE_WORKSHEETS
from capgain.workbook.report.line_formulas import Rendering, line_formula
from capgain.workbook.report.tax import TaxCells
from capgain.workbook.report.tax_inputs import NOT_IN_A_LEDGER, STATED_FOR_6251, not_given
from capgain.workbook.report.tax_worksheet import LINES_OF_6251, middle_of_row, taxed_line
from capgain.workbook.sheets import MONEY, Cell, Formula, column_letter

AFTER_A_SALE = Rendering(written_out=frozenset({"17"}))
"""Lines 16, 18 and 19 of Schedule D; whether line 17 says yes is written out in them."""

RATE_28_GAIN = Rendering(NOT_IN_A_LEDGER, frozenset({"1", "2", "3", "4", "5", "6"})).line(Rate28GainWorksheet.line_7)
"""The 28% Rate Gain Worksheet in one cell."""


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
    def _has_niit(self) -> bool:
        return self.rest.magi is not None and self.rest.net_investment_income is not None

    def _columns(self) -> list[str]:
        names = ["D7", "D15", "D16", "To 1040", "Taxable income"]
        names += ["28% rate", "D18", "D19"] if self.by_schedule_d else []
        for line in self._worksheet.lines:
            names += [f"{line.number}, row middle"] if taxed_line(line) else []
            names.append(f"Line {line.number}")
        names += [f"6251 line {line.number}" for line in LINES_OF_6251]
        if self._has_niit:
            names += ["MAGI", "Net investment income"]
            names += [f"8960 line {line.number}" for line in NetInvestmentIncomeTax.lines]
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
        put_line("L16", Gains.line_16)
        put("GAIN", f"MAX({at['L16']},-{self.limit})", tax.gain)
        put("taxable_income", f"{self.tax.without_gains('taxable_income')}+{at['GAIN']}", tax.taxable_income)
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
            put("magi", f"{self.tax.without_gains('magi')}+{at['GAIN']}", tax.niit.magi)
            income = f"{self.tax.without_gains('net_investment_income')}+{at['GAIN']}"
            put("net_investment_income", income, tax.niit.net_investment_income)
            total += f"+{self._lines(number, cells, at, tax.niit, NetInvestmentIncomeTax.line_17)}"
        put("TAX", total, tax.total)
        return cells

    def _minimum_tax(self, number: int, cells: list[Cell], at: dict[str, str], form: Form6251) -> str:
        """Form 6251 side by side; gives the cell of its line 11."""
        absent = not_given(form) | (frozenset() if self.by_schedule_d else {"d18", "d19"})
        at |= {name: self.tax.without_gains(name) for name in STATED_FOR_6251 if name not in absent}
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
