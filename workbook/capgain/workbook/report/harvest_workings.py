"""The tax of the return after further sales as formulas in one row: the worksheet's lines side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.forms.form import Form
from capgain.engine.forms.tax import Gains, ReturnWithoutGains
from capgain.engine.forms.worksheets import NetInvestmentIncomeTax
from capgain.engine.money import ZERO
from capgain.workbook.report import tax_formulas
from capgain.workbook.report.tax import TaxCells
from capgain.workbook.report.tax_worksheet import table_middle
from capgain.workbook.sheets import MONEY, Cell, Formula, column_letter

LAW = ("ZERO_RATE", "FIFTEEN_RATE", "TOP_OF_24", "THRESHOLD", "LINE_4G", "LINE_4E")


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
    def _formulas(self) -> Mapping[str, str]:
        return tax_formulas.SCHEDULE_D_TAX if self.by_schedule_d else tax_formulas.QDCGT

    @property
    def _has_niit(self) -> bool:
        return self.rest.magi is not None and self.rest.net_investment_income is not None

    def _columns(self) -> list[str]:
        names = ["D7", "D15", "D16", "To 1040", "Taxable income"]
        names += ["28% rate", "D18", "D19"] if self.by_schedule_d else []
        for number, formula in self._formulas.items():
            names += [f"{number}, row middle"] if formula.startswith("TAX(") else []
            names.append(f"Line {number}")
        if self._has_niit:
            names += ["MAGI", "Net investment income", *(f"8960 line {number}" for number in tax_formulas.NIIT)]
        return [*names, "Tax"]

    def row(self, number: int, short: str, long: str, more_28: str, gains: Gains) -> list[Cell]:
        """The cells of row `number` for line 7 `short` and line 15 `long`, formulas without `=`.

        `more_28` adds to the collectibles; `gains` are what the engine has for that row.
        """
        cells: list[Cell] = []
        at: dict[str, str] = {key: self.tax.law(key) for key in LAW}

        def put(key: str, text: str, expected: Decimal) -> None:
            at[key] = f"${column_letter(self.start + len(cells))}{number}"
            cells.append(Cell(Formula(f"=ROUND({text},2)", expected), MONEY))

        tax = self.rest.tax(gains)
        put("D7", short, gains.short)
        put("D15", long, gains.long)
        put("D16", f"{at['D7']}+{at['D15']}", gains.net)
        put("GAIN", f"MAX({at['D16']},-{self.limit})", tax.gain)
        put("TI", f"{self.tax.without_gains('TI')}+{at['GAIN']}", tax.taxable_income)
        at["QD"] = self.tax.without_gains("QD")
        if self.by_schedule_d:
            both = f"AND({at['D15']}>0,{at['D16']}>0)"
            put("R28", f"{self.rate_28}+{more_28}", gains.rate_28)
            worksheet = f"IF({at['R28']}=0,0,MAX({at['R28']}+{self.long_carryover}+MIN({at['D7']},0),0))"
            stated = f"IF({self.line_18}=0,{worksheet},{self.line_18})"
            put("D18", f"IF({both},{stated},0)", gains.line_18)
            put("D19", f"IF({both},{self.line_19},0)", gains.line_19)
        income_tax = self._worksheet(number, cells, at, gains)
        total = income_tax
        if self._has_niit and tax.niit is not None:
            total = f"{income_tax}+{self._niit(number, cells, at, tax.niit)}"
        put("TAX", total, tax.total)
        return cells

    def _worksheet(self, number: int, cells: list[Cell], at: dict[str, str], gains: Gains) -> str:
        """The lines of the worksheet; gives the cell of its last one."""
        form: Form = self.rest.schedule_d_tax(gains) if self.by_schedule_d else self.rest.qdcgt(gains)
        values = {line.number: getattr(form, line.name) for line in type(form).lines}
        for line, formula in self._formulas.items():
            if formula.startswith("TAX("):
                taxed = formula[6:-2]
                amount = at[f"L{taxed}"]
                middle = f"${column_letter(self.start + len(cells))}{number}"
                cells.append(Cell(Formula(f"={tax_formulas.table_middle(amount)}", table_middle(values[taxed])), MONEY))
                text = self.tax.tax_on(amount, middle)
            else:
                text = f"ROUND({formula.format_map(at)},2)"
            at[f"L{line}"] = f"${column_letter(self.start + len(cells))}{number}"
            cells.append(Cell(Formula(f"={text}", values[line]), MONEY))
        return at[f"L{list(self._formulas)[-1]}"]

    def _niit(self, number: int, cells: list[Cell], at: dict[str, str], niit: NetInvestmentIncomeTax) -> str:
        """Form 8960, lines 12 to 17; gives the cell of the last one."""
        here = dict(at)

        def put(key: str, text: str, expected: Decimal) -> None:
            here[key] = f"${column_letter(self.start + len(cells))}{number}"
            cells.append(Cell(Formula(f"=ROUND({text},2)", expected), MONEY))

        put("MAGI", f"{self.tax.without_gains('MAGI')}+{at['GAIN']}", niit.magi)
        put("NII", f"{self.tax.without_gains('NII')}+{at['GAIN']}", niit.net_investment_income)
        for line, formula in tax_formulas.NIIT.items():
            put(f"L{line}", formula.format_map(here), getattr(niit, f"line_{line}") or ZERO)
        return here["L17"]
