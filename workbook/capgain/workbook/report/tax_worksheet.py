"""The worksheet behind the tax on the sheet `Tax`, line by line with the gains and without them, and Form 8960."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from capgain.engine.forms.form import Form
from capgain.engine.forms.tax import TaxMethod
from capgain.engine.forms.tax_on_gains import TaxOnGains
from capgain.engine.forms.worksheets import NetInvestmentIncomeTax
from capgain.engine.forms.tax_table import tax_table_row
from capgain.engine.money import ZERO
from capgain.workbook.report import tax_formulas
from capgain.workbook.report.form_styles import LINE_AMOUNT, LINE_NUMBER, LINE_TEXT, LINE_TOTAL
from capgain.workbook.report.tax_rows import WITH, WITHOUT, TaxRows
from capgain.workbook.sheets import Cell, Formula

MIDDLE = {WITH: "E", WITHOUT: "F"}
"""The middle of the Tax Table's row stands beside the amounts that the table is used for."""


def add_worksheet(rows: TaxRows, found: TaxOnGains) -> None:
    """The worksheet that applies, in both columns; without gains it gives the regular tax."""
    by_schedule_d = found.with_gains.method is TaxMethod.SCHEDULE_D_TAX
    figured = found.rest.schedule_d_tax if by_schedule_d else found.rest.qdcgt
    forms: dict[str, Form] = {WITH: figured(found.gains), WITHOUT: figured()}
    formulas = tax_formulas.SCHEDULE_D_TAX if by_schedule_d else tax_formulas.QDCGT
    title = "Schedule D Tax Worksheet" if by_schedule_d else "Qualified Dividends and Capital Gain Tax Worksheet"
    rows.bar(title)
    _lines(rows, forms, formulas)
    last = list(formulas)[-1]
    rows.at["INCOME_TAX"] = rows.at[f"L{last}"]
    rows.gap()


def add_niit(rows: TaxRows, with_gains: NetInvestmentIncomeTax, without: NetInvestmentIncomeTax) -> None:
    """Form 8960, Part III."""
    rows.bar("Net investment income tax (Form 8960, Part III)")
    _lines(rows, {WITH: with_gains, WITHOUT: without}, tax_formulas.NIIT)
    rows.at["NIIT"] = rows.at["L17"]
    rows.gap()


def _lines(rows: TaxRows, forms: Mapping[str, Form], formulas: Mapping[str, str]) -> None:
    """Every line of a worksheet in both columns."""
    last = list(formulas)[-1]
    for line in type(forms[WITH]).lines:
        rows.at[f"L{line.number}"] = rows.next
        formula = formulas[line.number]
        middles: list[Cell | None] = [None, None]
        both: dict[str, Cell] = {}
        for place, (column, form) in enumerate(forms.items()):
            value: Decimal = getattr(form, line.name)
            if formula.startswith("TAX("):
                amount = _filled(rows, formula[4:-1], column)
                taxed: Decimal = getattr(form, f"line_{formula[6:-2]}")
                text = _tax_on(rows, amount, f"{MIDDLE[column]}{rows.next}")
                middle = Formula(f"={tax_formulas.table_middle(amount)}", table_middle(taxed))
                middles[place] = Cell(middle, LINE_AMOUNT)
            else:
                text = f"ROUND({_filled(rows, formula, column)},2)"
            is_last = line.number == last
            both[column] = Cell(Formula(f"={text}", value), LINE_TOTAL if is_last else LINE_AMOUNT)
        words = forms[WITH].text(line)
        row = (Cell(line.number, LINE_NUMBER), Cell(words, LINE_TEXT), both[WITH], both[WITHOUT], *middles)
        rows.rows.append(row)


def _filled(rows: TaxRows, formula: str, column: str) -> str:
    """A formula with the cells of a column; the law stands in the first column alone."""
    law = ("ZERO_RATE", "FIFTEEN_RATE", "TOP_OF_24", "THRESHOLD", "LINE_4G", "LINE_4E")
    return formula.format_map(
        {key: f"{WITH}${row}" if key in law else f"{column}{row}" for key, row in rows.at.items()}
    )


def _tax_on(rows: TaxRows, amount: str, middle: str) -> str:
    first, last = rows.brackets
    floors, steps = f"$C${first}:$C${last}", f"$E${first}:$E${last}"
    return tax_formulas.tax_on(amount, middle, floors, steps, rows.cell("TABLE_BELOW", "$C$"))


def table_middle(amount: Decimal) -> Decimal:
    """The middle of the Tax Table's row, 0 where there is no tax."""
    least, below = tax_table_row(amount)
    return (least + below) / 2 if least else ZERO
