"""The worksheet behind the tax on the sheet `Tax`, line by line with the gains and without, Forms 6251 and 8960."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from capgain.engine.forms.arithmetic import OfLine, TaxOn
from capgain.engine.forms.form import AmountLine, Form, Line
from capgain.engine.forms.tax import TaxMethod
from capgain.engine.forms.tax_on_gains import AMT_LEFT_OUT, TaxOnGains
from capgain.engine.forms.tax_table import tax_table_row
from capgain.engine.forms.worksheets.form_6251 import FROM_THE_WORKSHEETS, Form6251
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.money import ZERO
from capgain.workbook.report import tax_formulas
from capgain.workbook.report.form_styles import LINE_AMOUNT, LINE_NUMBER, LINE_TEXT, LINE_TOTAL
from capgain.workbook.report.line_formulas import line_formula
from capgain.workbook.report.tax_rows import WITH, WITHOUT, TaxRows
from capgain.workbook.sheets import Cell, Formula

LINES_OF_6251 = Form6251.lines[:-1]
"""All but the last, which is the income tax above it."""

MIDDLE = {WITH: "E", WITHOUT: "F"}
"""The middle of the Tax Table's row stands beside the amounts that the table is used for."""


def add_worksheet(rows: TaxRows, found: TaxOnGains) -> None:
    """The worksheet that applies, in both columns; without gains it gives the regular tax."""
    by_schedule_d = found.with_gains.method is TaxMethod.SCHEDULE_D_TAX
    forms: dict[str, Form] = {
        column: tax.form_6251.regular.schedule_d_tax if by_schedule_d else tax.form_6251.regular.qdcgt
        for column, tax in ((WITH, found.with_gains), (WITHOUT, found.without_gains))
    }
    rows.bar(forms[WITH].title)
    rows.at["INCOME_TAX"] = add_lines(rows, forms, forms[WITH].lines[-1])
    _add_form_6251(rows, found, by_schedule_d)


def _add_form_6251(rows: TaxRows, found: TaxOnGains, by_schedule_d: bool) -> None:
    """Form 6251 below the worksheet that it takes lines from."""
    least = "" if found.with_gains.knows_amt else f", the least it can be. {AMT_LEFT_OUT}"
    rows.bar(f"Alternative minimum tax (Form 6251){least}")
    rows.at |= {name: rows.at[f"L{lines[by_schedule_d].number}"] for name, lines in FROM_THE_WORKSHEETS.items()}
    rows.at["income_tax"] = rows.at["INCOME_TAX"]
    rows.at["tax_of_part_iii"] = rows.next + LINES_OF_6251.index(Form6251.line_40)
    form = found.with_gains.form_6251
    forms = {WITH: form, WITHOUT: found.without_gains.form_6251}
    rows.at["AMT"] = add_lines(rows, forms, Form6251.line_11, LINES_OF_6251, not_given(form))


def add_niit(rows: TaxRows, with_gains: NetInvestmentIncomeTax, without: NetInvestmentIncomeTax) -> None:
    """Form 8960; only Part III where line 12 is stated."""
    part = ", Part III" if with_gains.states_the_total else ""
    rows.bar(f"Net investment income tax (Form 8960{part})")
    forms = {WITH: with_gains, WITHOUT: without}
    lines = lines_of_8960(with_gains)
    rows.at["NIIT"] = add_lines(rows, forms, NetInvestmentIncomeTax.line_17, lines, nothing_for_8960(with_gains))


def lines_of_8960(form: NetInvestmentIncomeTax) -> tuple[Line[Any], ...]:
    """The lines that a sheet shows: from line 12 on where that is stated."""
    return tuple(line for line in form.lines if not line.is_skipped(form))


def nothing_for_8960(form: NetInvestmentIncomeTax) -> frozenset[str]:
    """The inputs of Form 8960 that are 0 or not stated."""
    given = frozenset(name for name in NetInvestmentIncomeTax.inputs() if not getattr(form, name))
    absent = given - {"magi", "gain", "net_investment_income"}
    return absent if form.states_the_total else absent | {"net_investment_income"}


def not_given(form: Form6251) -> frozenset[str]:
    """The inputs of Form 6251 in whose place another one stands."""
    absent = {name for name in Form6251.inputs() if getattr(form, name) is None}
    return frozenset(absent if form.schedule_a_7 is None else {*absent, "standard_deduction"})


def add_lines(
    rows: TaxRows,
    forms: Mapping[str, Form],
    result: Line[Any],
    lines: Sequence[Line[Any]] = (),
    absent: frozenset[str] = frozenset(),
) -> int:
    """The lines of a worksheet in both columns, all of them where none are named; gives the row of the result."""
    for line in lines or forms[WITH].lines:
        rows.at[f"L{line.number}"] = rows.next
        taxed = taxed_line(line)
        both: list[Cell] = []
        middles: list[Cell | None] = []
        style = LINE_TOTAL if line is result else LINE_AMOUNT
        for column, form in forms.items():
            at = rows.cells(column)
            if taxed is None:
                text, middle = f"ROUND({line_formula(line, absent).format_map(at)},2)", None
            else:
                amount = at[f"L{taxed.number}"]
                text = _tax_on(rows, amount, f"{MIDDLE[column]}{rows.next}")
                middle = Cell(middle_of_row(amount, getattr(form, taxed.name)), LINE_AMOUNT)
            middles.append(middle)
            both.append(Cell(Formula(f"={text}", getattr(form, line.name)), style))
        words = forms[WITH].text(line)
        rows.rows.append((Cell(line.number, LINE_NUMBER), Cell(words, LINE_TEXT), *both, *middles))
    rows.gap()
    return rows.at[f"L{result.number}"]


def _tax_on(rows: TaxRows, amount: str, middle: str) -> str:
    first, last = rows.brackets
    floors, steps = f"$C${first}:$C${last}", f"$E${first}:$E${last}"
    return tax_formulas.tax_on(amount, middle, floors, steps, rows.cell("tax_table_below", "$C$"))


def taxed_line(line: Line[Any]) -> OfLine | None:
    """The line whose amount is taxed on this one, None where it is no tax."""
    is_tax = isinstance(line, AmountLine) and isinstance(line.arithmetic, TaxOn)
    return next((leaf for leaf in line.rests_on() if isinstance(leaf, OfLine)), None) if is_tax else None


def middle_of_row(amount: str, expected: Decimal) -> Formula:
    """The middle of the Tax Table's row that the amount in a cell stands in, 0 where there is no tax."""
    least, below = tax_table_row(expected)
    return Formula(f"={tax_formulas.table_middle(amount)}", (least + below) / 2 if least else ZERO)
