"""The upper part of the sheet `Harvest`: the year's return now and with the ticked sales, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.classes import AssetClass
from capgain.engine.forms.tax import Gains
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.money import ZERO
from capgain.engine.planning.contracts_at_price import counted_at_prices
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.harvest_list import FIRST
from capgain.workbook.report.harvest_plan import HarvestPlan
from capgain.workbook.report.harvest_workings import Workings
from capgain.workbook.report.line_formulas import Rendering
from capgain.workbook.report.portfolio_layout import PLAIN_FORMAT, SIGNED_FORMAT, WORKING, WORKING_HEADING
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.report.tax import TaxCells
from capgain.workbook.sheets import Cell, Formula, Style, column_letter, reference

START = 31
"""column AE: the worksheets, now in row 3 and with the ticks in row 4; their inputs from row 6 on in AC and AD"""

NOW_ROW, THEN_ROW, HEADINGS_ROW = 3, 4, 2
INPUT_COLUMN, FIRST_INPUT = 30, 6
NOT_STATED = "state Other Income"
LABEL = Style(name="CapGain Compared Label", border="b")
BOLD_LABEL = Style(name="CapGain Compared Label Bold", bold=True, border="b")
AMOUNT = Style(name="CapGain Compared Amount", number_format=PLAIN_FORMAT, border="b", align="right")
SIGNED = Style(name="CapGain Compared Result", number_format=SIGNED_FORMAT, border="b", align="right")
SAVED_LABEL = Style(name="CapGain Saved Label", bold=True, font_size=12, fill="E2EFDA")
SAVED = Style(name="CapGain Saved", bold=True, font_size=12, fill="E2EFDA", number_format=SIGNED_FORMAT, align="right")

Placed = tuple[int, int, Cell]


@dataclass(slots=True)
class Compared:
    """The rows 3 to 12, and the worksheets behind them. `tax` None: no income is stated."""

    papers: Workpapers
    plan: HarvestPlan
    tax: TaxCells | None
    cells: list[Placed] = field(default_factory=list)
    at: dict[str, str] = field(default_factory=dict)
    inputs: int = 0

    def lay(self) -> list[Placed]:
        """Every cell, by row and column."""
        self._inputs()
        now = self._return(NOW_ROW, self.plan.now, "")
        then = self._return(THEN_ROW, self.plan.then, "+")
        self._lines(now, then)
        return self.cells

    def _put(self, row: int, column: int, cell: Cell) -> None:
        self.cells.append((row, column, cell))

    def _input(self, key: str, words: str, content: Decimal | Formula) -> None:
        row = FIRST_INPUT + self.inputs
        self.inputs += 1
        self._put(row, INPUT_COLUMN - 1, Cell(words, WORKING))
        self._put(row, INPUT_COLUMN, Cell(content, WORKING))
        self.at[key] = f"${column_letter(INPUT_COLUMN)}${row}"

    def _inputs(self) -> None:
        """What both returns start from: Schedule D where the book shows the same, else the engine's figures."""
        gains, year = self.plan.now, self.plan.as_of.year
        report = self.papers.report
        form, counted = (
            one.years[year].schedule_d for one in (report, counted_at_prices(report, year, self.plan.as_of))
        )
        name = self.papers.name("Schedule D", year)
        for key, words, amount in (("7", "Schedule D, line 7", gains.short), ("15", "Schedule D, line 15", gains.long)):
            on_form = getattr(form, f"line_{key}")
            live = f"={reference(name, line_cell(key))}"
            if on_form == amount:
                self._input(f"D{key}", words, Formula(live, amount))
            elif getattr(counted, f"line_{key}") == amount:
                self._input(f"1256 {key}", f"Open section 1256 contracts, part of line {key}", amount - on_form)
                at = self.at[f"1256 {key}"]
                self._input(f"D{key}", f"{words}, with them", Formula(f"{live}+{at}", amount))
            else:
                self._input(f"D{key}", words, amount)
        self._input("LIMIT", "What a net loss may take off other income", self.plan.found.at_hand.loss_limit)
        self._input("R28", "Long-term result of collectibles", gains.rate_28)
        self._input("D14", "Schedule D, line 14", gains.long_carryover)
        self._input("D18", "Line 18 as stated in Settings", gains.stated_line_18 or ZERO)
        self._input("D19", "Line 19 as stated in Settings", gains.stated_line_19)

    def _added(self, letter: str, collectibles: bool = False) -> str:
        """The sum of a column of the list."""
        last = FIRST + len(self.plan.lots) - 1
        if not collectibles:
            return f"SUM(${letter}${FIRST}:${letter}${last})"
        rows = [
            f"${letter}${FIRST + place}"
            for place, lot in enumerate(self.plan.lots)
            if lot.asset_class is AssetClass.COLLECTIBLE
        ]
        return "+".join(rows) or "0"

    def _return(self, row: int, gains: Gains, sign: str) -> dict[str, str]:
        """The worksheets of one return in one row; gives the cells of what is compared."""
        short, long, more_28 = self.at["D7"], self.at["D15"], "0"
        if sign:
            short, long = f"{short}+{self._added('N')}", f"{long}+{self._added('O')}"
            more_28 = self._added("O", collectibles=True)
        rest = self.plan.found.at_hand.rest
        if self.tax is not None and rest is not None:
            return self._with_tax(row, gains, (short, long, more_28), self.tax)
        cells: dict[str, str] = {}
        column = START
        for key, text, expected in (
            ("7", short, gains.short),
            ("15", long, gains.long),
            ("16", "{L7}+{L15}", gains.net),
        ):
            cells[key] = f"${column_letter(column)}{row}"
            filled = text.format_map({f"L{line}": cell for line, cell in cells.items()})
            self._put(row, column, Cell(Formula(f"=ROUND({filled},2)", expected), WORKING))
            self._put(HEADINGS_ROW, column, Cell(f"Line {key}", WORKING_HEADING))
            column += 1
        return self._carried(row, column, gains, cells, None, None)

    def _with_tax(self, row: int, gains: Gains, added: tuple[str, str, str], tax: TaxCells) -> dict[str, str]:
        found = self.plan.found
        rest = found.at_hand.rest
        assert rest is not None
        start = found.at_hand.gains
        by_schedule_d = bool(start.rate_28 or start.stated_line_18 or start.stated_line_19) or any(
            lot.asset_class is AssetClass.COLLECTIBLE for lot in self.plan.lots
        )
        at = self.at
        workings = Workings(START, tax, rest, by_schedule_d, at["LIMIT"], at["R28"], at["D14"], at["D18"], at["D19"])
        for place, heading in enumerate(workings.headings):
            self._put(HEADINGS_ROW, START + place, Cell(heading, WORKING_HEADING))
        figured = workings.row(row, *added, gains)
        for place, cell in enumerate(figured):
            self._put(row, START + place, cell)

        def cell_of(heading: str) -> str:
            return f"${workings.column(heading)}{row}"

        cells = {key: cell_of(f"D{key}") for key in ("7", "15", "16")}
        cells |= {"taxable_income": cell_of("Taxable income"), "tax": cell_of("Tax")}
        income = rest.tax(gains).taxable_income
        return self._carried(row, START + len(figured) + 1, gains, cells, income, cells["taxable_income"])

    def _carried(
        self,
        row: int,
        column: int,
        gains: Gains,
        cells: dict[str, str],
        income: Decimal | None,
        income_cell: str | None,
    ) -> dict[str, str]:
        """Line 21 and the Capital Loss Carryover Worksheet, side by side."""
        limit = self.plan.found.at_hand.loss_limit
        deducted = min(max(gains.net, -limit), ZERO)
        at = {"d7": cells["7"], "d15": cells["15"], "d16": cells["16"], "taxable_income": income_cell or "0"}

        def put(key: str, heading: str, text: str, expected: Decimal | str) -> None:
            nonlocal column
            at[key] = f"${column_letter(column)}{row}"
            self._put(row, column, Cell(Formula(f"={text}", expected), WORKING))
            self._put(HEADINGS_ROW, column, Cell(heading, WORKING_HEADING))
            column += 1

        put("d21", "Line 21", f"ROUND(MIN(MAX({cells['16']},-{self.at['LIMIT']}),0),2)", deducted)
        worksheet = CarryoverWorksheet(
            into_year=self.plan.as_of.year + 1,
            taxable_income=income,
            d7=gains.short,
            d15=gains.long,
            d16=gains.net,
            d21=deducted,
        )
        rendering = Rendering(frozenset() if income is not None else frozenset({"taxable_income"}))
        needed = CarryoverWorksheet.is_needed
        text = f'IF({rendering.condition(needed.condition)},"Yes","No")'.format_map(at)
        put("is_needed", "Carryover?", text, "Yes" if worksheet.is_needed else "No")
        for line in CarryoverWorksheet.lines:
            if income is None and line is CarryoverWorksheet.line_1:
                continue
            is_line_2 = income is None and line is CarryoverWorksheet.line_3
            text = "{L2}" if is_line_2 else f"ROUND({rendering.arithmetic(line)},2)"
            text = rendering.unless_skipped(line, text).format_map(at)
            put(f"L{line.number}", f"Carryover {line.number}", text, getattr(worksheet, line.name))
        return cells | {"21": at["d21"], "carry_short": at["L8"], "carry_long": at["L13"]}

    def _lines(self, now: dict[str, str], then: dict[str, str]) -> None:
        words = {
            "7": ("Net short-term gain or (loss) (line 7)", SIGNED),
            "15": ("Net long-term gain or (loss) (line 15)", SIGNED),
            "16": ("Net gain or (loss) (line 16)", SIGNED),
            "21": ("Loss deducted from other income (line 21)", AMOUNT),
            "carry_short": ("Short-term loss carried into the next year", AMOUNT),
            "carry_long": ("Long-term loss carried into the next year", AMOUNT),
            "taxable_income": ("Taxable income", SIGNED),
            "tax": ("Federal tax (income tax and what comes with it, as on sheet Tax)", AMOUNT),
        }
        for row, (key, (label, style)) in enumerate(words.items(), start=3):
            is_bold = key in ("16", "tax")
            look = style.but(f"{style.name} Bold", bold=True) if is_bold else style
            for column in range(1, 12):
                self._put(row, column, Cell(None, LABEL))
            self._put(row, 1, Cell(label, BOLD_LABEL if is_bold else LABEL))
            before, after = self._value(key, self.plan.now), self._value(key, self.plan.then)
            minus = "-" if key == "21" else ""
            for column, cells, value in ((8, now, before), (10, then, after)):
                if value is None:
                    self._put(row, column, Cell(NOT_STATED, look))
                else:
                    self._put(row, column, Cell(Formula(f"={minus}{cells[key]}", value), look))
            if before is not None and after is not None:
                self._put(row, 12, Cell(Formula(f"=ROUND(J{row}-H{row},2)", after - before), SIGNED))
            else:
                self._put(row, 12, Cell(None, LABEL))
        self._saved()

    def _saved(self) -> None:
        for column in range(1, 12):
            self._put(12, column, Cell(None, SAVED_LABEL))
        self._put(12, 1, Cell("Federal tax saved this year by the ticked sales", SAVED_LABEL))
        before, after = self._value("tax", self.plan.now), self._value("tax", self.plan.then)
        if before is None or after is None:
            self._put(12, 12, Cell(NOT_STATED, SAVED))
        else:
            self._put(12, 12, Cell(Formula("=ROUND(H10-J10,2)", before - after), SAVED))

    def _value(self, key: str, gains: Gains) -> Decimal | None:
        """What a line comes to; line 21 as a positive amount."""
        at_hand = self.plan.found.at_hand
        tax = None if at_hand.rest is None or self.tax is None else at_hand.rest.tax(gains)
        deducted = -min(max(gains.net, -at_hand.loss_limit), ZERO)
        known: dict[str, Decimal] = {"7": gains.short, "15": gains.long, "16": gains.net, "21": deducted}
        if key in known:
            return known[key]
        if key in ("carry_short", "carry_long"):
            carried = CarryoverWorksheet(
                into_year=at_hand.year + 1,
                taxable_income=None if tax is None else tax.taxable_income,
                d7=gains.short,
                d15=gains.long,
                d16=gains.net,
                d21=-deducted,
            ).carryover
            return carried.short if key == "carry_short" else carried.long
        if tax is None:
            return None
        return tax.taxable_income if key == "taxable_income" else tax.total


def chart_cells() -> Iterator[tuple[int, str, int]]:
    """Rows of what the chart shows: its row among the data, words, and the row compared."""
    yield 3, "Short-term (7)", 3
    yield 4, "Long-term (15)", 4
    yield 5, "Tax", 10
