"""The sheet `Tax`: the tax with the year's gains beside the tax without them, worksheet line by worksheet line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.forms.form import Form
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax import TaxMethod
from capgain.engine.forms.tax_on_gains import MissingInputs, StatedIncome, TaxOnGains, tax_on_gains
from capgain.engine.forms.worksheets import (
    NetInvestmentIncomeTax,
    Rate28GainWorksheet,
)
from capgain.engine.forms.worksheets.tax_table import tax_table_row
from capgain.engine.money import ZERO
from capgain.engine.report import YearReport
from capgain.workbook.report import tax_formulas
from capgain.workbook.report.checks import Check
from capgain.workbook.report.form_styles import (
    FORM_HEADING,
    FORM_TITLE,
    FORM_YEAR,
    LINE_AMOUNT,
    LINE_INPUT,
    LINE_NUMBER,
    LINE_TEXT,
    LINE_TOTAL,
    PART_BAR,
)
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.schedule_d_layout import FORM_1040_ROW, line_cell
from capgain.workbook.report.workpapers import Workpapers
from capgain.workbook.sheets import (
    NOTICE,
    WRAP,
    Cell,
    Formula,
    Row,
    Sheet,
    Style,
    fitted_heights,
    reference,
)

NAME = "Tax"
WIDTHS = (7, 84, 17, 17, 13, 13)
WITH, WITHOUT = "C", "D"
MIDDLE = {WITH: "E", WITHOUT: "F"}
"""The middle of the Tax Table's row stands beside the amounts that the table is used for."""
RATE_28_ROW = 4
"""The bar of the 28% Rate Gain Worksheet, where Schedule D needs one."""
RATE = Style(name="CapGain Rate", number_format="0.0##%", border="b")
RATE_INPUT = RATE.but("CapGain Rate Input", colour="0000FF")
HEADINGS = ("Line", "", "With the gains", "Without them", "Tax Table row, middle", "Tax Table row, middle")


def tax_name(papers: Workpapers, year: int) -> str:
    return papers.name(NAME, year)


def rate_28_cell() -> str:
    """Line 7 of the 28% Rate Gain Worksheet."""
    return f"{WITH}{RATE_28_ROW + len(Rate28GainWorksheet.lines)}"


@dataclass(frozen=True, slots=True)
class TaxCells:
    """Where the sheet `name` keeps the law of the year and the return without gains, for formulas of other sheets."""

    name: str
    at: Mapping[str, int]
    brackets: tuple[int, int]

    def law(self, key: str) -> str:
        """A limit of the year, such as ZERO_RATE."""
        return reference(self.name, f"${WITH}${self.at[key]}")

    def without_gains(self, key: str) -> str:
        """An input of the return without its gains, such as TI."""
        return reference(self.name, f"${WITHOUT}${self.at[key]}")

    def tax_on(self, amount: str, middle: str) -> str:
        """The tax on an amount whose row of the Tax Table has its middle in the cell `middle`."""
        first, last = self.brackets
        floors, steps = (reference(self.name, f"${letter}${first}:${letter}${last}") for letter in "CE")
        return tax_formulas.tax_on(amount, middle, floors, steps, self.law("TABLE_BELOW"))


@dataclass(frozen=True, slots=True)
class TaxSheet:
    """The sheet, and the checks that tie its results to the engine's; `cells` None where the tax cannot be told."""

    sheet: Sheet
    checks: tuple[Check, ...] = ()
    cells: TaxCells | None = None


def tax_sheet(papers: Workpapers, year: YearReport, gains: Listing) -> TaxSheet | None:
    """The tax sheet of a year, or what is missing for it; None for a year without forms."""
    form = year.schedule_d
    if form is None:
        return None
    rows = _Rows(papers, form, gains)
    rows.head()
    if form.rate_28_gain_worksheet is not None:
        rows.rate_28(form.rate_28_gain_worksheet)
    stated = StatedIncome.of(papers.report.ledger.settings, year.year)
    try:
        found = tax_on_gains(form, stated)
    except MissingInputs as missing:
        rows.missing(str(missing))
        return TaxSheet(rows.sheet())
    rows.inputs(found, stated)
    rows.law()
    rows.worksheet(found)
    if found.with_gains.niit is not None and found.without_gains.niit is not None:
        rows.niit(found.with_gains.niit, found.without_gains.niit)
    rows.results(found)
    return TaxSheet(rows.sheet(), rows.checks(found), TaxCells(rows.name, rows.at, rows.brackets))


@dataclass(slots=True)
class _Rows:
    """The sheet as it is built, top down. `at` is the row of each input and line that formulas refer to."""

    papers: Workpapers
    form: ScheduleD
    gains: Listing
    rows: list[Row] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)
    brackets: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        return tax_name(self.papers, self.form.year.year)

    @property
    def next(self) -> int:
        return len(self.rows) + 1

    def head(self) -> None:
        year = self.form.year.year
        words = (
            "The tax on the return with the year's capital gains, and what it would be without any. An estimate as far "
            "as it goes: credits, other taxes and state tax are not in it."
        )
        self.rows += [(Cell(f"Tax on the gains of {year}", FORM_TITLE), None, Cell(year, FORM_YEAR)), (), ()]
        self.rows[1] = (None, Cell(words, WRAP))

    def bar(self, text: str) -> None:
        self.rows.append([Cell(None, PART_BAR), Cell(text, PART_BAR), *(Cell(None, PART_BAR) for _ in WIDTHS[2:])])

    def line(self, key: str, number: str, text: str, both: Mapping[str, Cell]) -> None:
        """One row; `both` is the cell of each column."""
        self.at[key] = self.next
        cells: list[Cell | None] = [Cell(number or None, LINE_NUMBER), Cell(text, LINE_TEXT)]
        cells += [both.get(WITH), both.get(WITHOUT)]
        self.rows.append(cells)

    def cell(self, key: str, column: str) -> str:
        return f"{column}{self.at[key]}"

    def missing(self, words: str) -> None:
        self.bar("What is missing")
        self.rows.append((None, Cell(words, NOTICE)))
        self.rows.append(
            (None, Cell("Add the amounts to sheet Settings of the ledger and make the report again.", WRAP))
        )

    def rate_28(self, worksheet: Rate28GainWorksheet) -> None:
        """The 28% Rate Gain Worksheet; its last line is Schedule D, line 18."""
        self.bar("28% Rate Gain Worksheet, line 18 of Schedule D")
        schedule_d = self.papers.name("Schedule D", self.form.year.year)
        gain, term, kind, code = (self.gains.cells(heading) for heading in ("Gain", "Term", "Class", "Code"))
        collectibles = (
            f'SUMIFS({gain},{term},"Long",{kind},"collectible")+'
            f'SUMIFS({gain},{term},"Long",{kind},"<>collectible",{code},"*C*")'
        )
        first = self.next
        formulas = {
            "1": collectibles,
            "5": reference(schedule_d, line_cell("14")),
            "6": f"MIN({reference(schedule_d, line_cell('7'))},0)",
            "7": f"MAX(SUM({WITH}{first}:{WITH}{first + 5}),0)",
        }
        for number, text, value in worksheet.filled():
            if number in formulas:
                cell = Cell(
                    Formula(f"=ROUND({formulas[number]},2)", value), LINE_TOTAL if number == "7" else LINE_AMOUNT
                )
            else:
                cell = Cell(value, LINE_INPUT)
            self.line(f"28-{number}", number, text, {WITH: cell})
        self.rows.append(())

    def inputs(self, found: TaxOnGains, stated: StatedIncome) -> None:
        """What the worksheets start from; blue amounts are those of Settings."""
        year = self.form.year.year
        schedule_d = self.papers.name("Schedule D", year)
        self.bar("What the return says")
        self.rows.append([Cell(text, FORM_HEADING) for text in HEADINGS])
        gain, zero = found.with_gains.gain, Cell(ZERO, LINE_AMOUNT)
        words = f"Capital gain or (loss) on Form 1040, line {self.form.year.form_1040.gain}"
        to_1040 = reference(schedule_d, f"G{FORM_1040_ROW}")
        self.line("GAIN", "", words, {WITH: _live(to_1040, gain), WITHOUT: zero})
        line = self.form.year.form_1040.taxable_income
        words = f"Taxable income, Form 1040, line {line}, signed (Settings: "
        amounts = found.with_gains.taxable_income, found.without_gains.taxable_income
        if stated.taxable_income is not None:
            here = {WITH: Cell(amounts[0], LINE_INPUT)}
            here[WITHOUT] = _live(f"{WITH}{self.next}-{self.cell('GAIN', WITH)}", amounts[1])
            self.line("TI", line, f"{words}Taxable Income)", here)
        else:
            here = {WITH: _live(f"{WITHOUT}{self.next}+{self.cell('GAIN', WITH)}", amounts[0])}
            here[WITHOUT] = Cell(amounts[1], LINE_INPUT)
            self.line("TI", line, f"{words}Other Income)", here)
        dividends = found.rest.qualified_dividends
        words = f"Qualified dividends, Form 1040, line {self.form.year.form_1040.qualified_dividends}"
        self.line("QD", "", words, _both(Cell(dividends, LINE_INPUT)))
        for number in ("15", "16", "18", "19"):
            value = getattr(self.form, f"line_{number}")
            here = {WITH: _live(reference(schedule_d, line_cell(number)), value), WITHOUT: zero}
            self.line(f"D{number}", f"D{number}", f"Schedule D, line {number}", here)
        if found.with_gains.niit is not None:
            self._investment_income(found, stated)
        for words in found.assumptions:
            self.rows.append((None, Cell(words, NOTICE)))
        self.rows.append(())

    def _investment_income(self, found: TaxOnGains, stated: StatedIncome) -> None:
        """What the net investment income tax starts from, where Settings say it."""
        for key, name, amount in (
            ("MAGI", "Modified adjusted gross income (Settings: MAGI)", stated.magi),
            ("NII", "Net investment income, Form 8960, line 12 (Settings)", stated.net_investment_income),
        ):
            assert amount is not None
            less = f"{WITH}{self.next}-{self.cell('GAIN', WITH)}"
            here = {WITH: Cell(amount, LINE_INPUT), WITHOUT: _live(less, amount - found.with_gains.gain)}
            self.line(key, "", name, here)

    def law(self) -> None:
        """The year's limits and rate schedule, as published."""
        year, status = self.form.year, self.form.status
        self.bar(f"The law of {year.year}{' (provisional)' if year.is_provisional else ''}")
        for key, words, amount in (
            ("ZERO_RATE", "Taxable income up to which net capital gain is taxed at 0%", year.zero_rate_limit[status]),
            ("FIFTEEN_RATE", "... and at 15%", year.fifteen_rate_limit[status]),
            ("TOP_OF_24", "Schedule D Tax Worksheet, line 19", year.top_of_24_percent[status]),
            ("TABLE_BELOW", "The Tax Table is used below this taxable income", year.tax_table_below),
            (
                "THRESHOLD",
                "Form 8960, line 14: threshold of the net investment income tax",
                year.niit_threshold[status],
            ),
            ("LINE_4G", "Form 4952, line 4g (not supported: zero)", ZERO),
            ("LINE_4E", "Form 4952, line 4e (not supported: zero)", ZERO),
        ):
            self.line(key, "", words, {WITH: Cell(amount, LINE_INPUT)})
        first = self.next + 1
        headings = ("Above", "Rate", "Step")
        self.rows.append((None, Cell("Rate schedule", LINE_TEXT), *(Cell(text, FORM_HEADING) for text in headings)))
        floor, last_rate = ZERO, ZERO
        for rate, upper in year.brackets[status]:
            number = self.next
            text = f"=ROUND(D{number}-D{number - 1},4)" if number > first else f"=D{number}"
            step = Cell(Formula(text, rate - last_rate), RATE)
            self.rows.append((None, None, Cell(floor, LINE_INPUT), Cell(rate, RATE_INPUT), step))
            floor, last_rate = upper or ZERO, rate
        self.brackets = (first, len(self.rows))
        self.rows.append(())

    def worksheet(self, found: TaxOnGains) -> None:
        """The worksheet that applies, in both columns; without gains it gives the regular tax."""
        by_schedule_d = found.with_gains.method is TaxMethod.SCHEDULE_D_TAX
        figured = found.rest.schedule_d_tax if by_schedule_d else found.rest.qdcgt
        forms: dict[str, Form] = {WITH: figured(found.gains), WITHOUT: figured()}
        formulas = tax_formulas.SCHEDULE_D_TAX if by_schedule_d else tax_formulas.QDCGT
        title = "Schedule D Tax Worksheet" if by_schedule_d else "Qualified Dividends and Capital Gain Tax Worksheet"
        self.bar(title)
        self._lines(forms, formulas)
        last = list(formulas)[-1]
        self.at["INCOME_TAX"] = self.at[f"L{last}"]
        self.rows.append(())

    def niit(self, with_gains: NetInvestmentIncomeTax, without: NetInvestmentIncomeTax) -> None:
        """Form 8960, Part III."""
        self.bar("Net investment income tax (Form 8960, Part III)")
        self._lines({WITH: with_gains, WITHOUT: without}, tax_formulas.NIIT)
        self.at["NIIT"] = self.at["L17"]
        self.rows.append(())

    def _lines(self, forms: Mapping[str, Form], formulas: Mapping[str, str]) -> None:
        """Every line of a worksheet in both columns."""
        last = list(formulas)[-1]
        for line in type(forms[WITH]).lines:
            self.at[f"L{line.number}"] = self.next
            formula = formulas[line.number]
            middles: list[Cell | None] = [None, None]
            both: dict[str, Cell] = {}
            for place, (column, form) in enumerate(forms.items()):
                value: Decimal = getattr(form, line.name)
                if formula.startswith("TAX("):
                    amount = self._filled(formula[4:-1], column)
                    taxed: Decimal = getattr(form, f"line_{formula[6:-2]}")
                    text = self._tax_on(amount, f"{MIDDLE[column]}{self.next}")
                    middle = Formula(f"={tax_formulas.table_middle(amount)}", table_middle(taxed))
                    middles[place] = Cell(middle, LINE_AMOUNT)
                else:
                    text = f"ROUND({self._filled(formula, column)},2)"
                is_last = line.number == last
                both[column] = Cell(Formula(f"={text}", value), LINE_TOTAL if is_last else LINE_AMOUNT)
            words = forms[WITH].text(line)
            row = (Cell(line.number, LINE_NUMBER), Cell(words, LINE_TEXT), both[WITH], both[WITHOUT], *middles)
            self.rows.append(row)

    def _filled(self, formula: str, column: str) -> str:
        """A formula with the cells of a column; the law stands in the first column alone."""
        law = ("ZERO_RATE", "FIFTEEN_RATE", "TOP_OF_24", "THRESHOLD", "LINE_4G", "LINE_4E")
        return formula.format_map(
            {key: f"{WITH}${row}" if key in law else f"{column}{row}" for key, row in self.at.items()}
        )

    def _tax_on(self, amount: str, middle: str) -> str:
        first, last = self.brackets
        floors, steps = f"$C${first}:$C${last}", f"$E${first}:$E${last}"
        return tax_formulas.tax_on(amount, middle, floors, steps, self.cell("TABLE_BELOW", "$C$"))

    def results(self, found: TaxOnGains) -> None:
        """Both taxes, what the gains add, and what the next dollar would cost."""
        self.bar("Result")
        taxes = {WITH: found.with_gains, WITHOUT: found.without_gains}
        words = f"Income tax, Form 1040, line {self.form.year.form_1040.tax}: {found.with_gains.method.value}"
        income = {column: _live(self.cell("INCOME_TAX", column), tax.income_tax) for column, tax in taxes.items()}
        self.line("TAX", "", words, income)
        total = {column: self.cell("TAX", column) for column in taxes}
        if "NIIT" in self.at:
            niit = {
                column: _live(self.cell("NIIT", column), tax.niit.tax if tax.niit else ZERO)
                for column, tax in taxes.items()
            }
            self.line("NIIT_TAX", "", "Net investment income tax", niit)
            total = {column: f"{cell}+{self.cell('NIIT_TAX', column)}" for column, cell in total.items()}
        both = {
            column: Cell(Formula(f"=ROUND({total[column]},2)", tax.total), LINE_TOTAL) for column, tax in taxes.items()
        }
        self.line("TOTAL", "", "Total", both)
        text = f"=ROUND({self.cell('TOTAL', WITH)}-{self.cell('TOTAL', WITHOUT)},2)"
        words = "Tax that the gains add (in parentheses: tax that the losses save)"
        self.line("DIFFERENCE", "", words, {WITH: Cell(Formula(text, found.difference), LINE_TOTAL)})
        zero, fifteen, income_cell = (
            self.cell("ZERO_RATE", WITH),
            self.cell("FIFTEEN_RATE", WITH),
            self.cell("TI", WITH),
        )
        room = _live(f"MAX({zero}-{income_cell},0)", found.room_at_zero)
        self.line("ROOM_0", "", "Room left in the 0% band of net capital gain", {WITH: room})
        room = _live(f"MAX({fifteen}-MAX({income_cell},{zero}),0)", found.room_at_fifteen)
        self.line("ROOM_15", "", "Room left in the 15% band", {WITH: room})
        for words, rate in (
            ("Income tax on the next dollar of short-term gain (worked out by CapGain)", found.marginal.short),
            ("Income tax on the next dollar of long-term gain (worked out by CapGain)", found.marginal.long),
            ("Net investment income tax on it (worked out by CapGain)", found.marginal.niit),
        ):
            if rate is not None:
                self.line(words, "", words, {WITH: Cell(rate, RATE)})

    def checks(self, found: TaxOnGains) -> tuple[Check, ...]:
        """The sheet's taxes are the engine's."""
        year = str(self.form.year.year)
        return tuple(
            Check(
                year,
                f"Tax: {words} is the engine's",
                Formula(f"={reference(self.name, cell)}", value),
                value,
                (self.name, cell),
            )
            for words, cell, value in (
                ("the tax with the gains", self.cell("TOTAL", WITH), found.with_gains.total),
                ("the tax without them", self.cell("TOTAL", WITHOUT), found.without_gains.total),
                ("what the gains add", self.cell("DIFFERENCE", WITH), found.difference),
            )
        )

    def sheet(self) -> Sheet:
        year = self.form.year.year
        return Sheet(
            name=self.name,
            rows=self.rows,
            widths=WIDTHS,
            heights=fitted_heights(self.rows, WIDTHS),
            page=self.papers.page(f"Tax on the gains {year}"),
            tab="1F3864",
            gridlines=False,
            protected=True,
        )


def _live(text: str, expected: Decimal) -> Cell:
    return Cell(Formula(f"=ROUND({text},2)", expected), LINE_AMOUNT)


def _both(cell: Cell) -> dict[str, Cell]:
    return {WITH: cell, WITHOUT: cell}


def table_middle(amount: Decimal) -> Decimal:
    """The middle of the Tax Table's row, 0 where there is no tax."""
    least, below = tax_table_row(amount)
    return (least + below) / 2 if least else ZERO
