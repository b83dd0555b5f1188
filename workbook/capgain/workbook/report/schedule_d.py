"""The sheet `Schedule D`: the form line by line, every amount a formula over the sheets it comes from."""

from __future__ import annotations

from typing import Any

from capgain.engine.classes import Term
from capgain.engine.forms.boxes import BOX_LINES, DIRECT_LINES, boxes_of_line
from capgain.engine.forms.form import Line, Question
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.schedule_d import ScheduleD, TotalsLine
from capgain.engine.settings import SCHEDULE_D_INPUT_LINES
from capgain.workbook.report import form_8949
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_6781 import cell_of_schedule_d, formula_of_schedule_d
from capgain.workbook.report.form_8949 import Part, part_name
from capgain.workbook.report.form_styles import (
    FORM_HEADING,
    FORM_TITLE,
    FORM_YEAR,
    LINE_AMOUNT,
    LINE_ANSWER,
    LINE_INPUT,
    LINE_NOTE,
    LINE_NUMBER,
    LINE_NUMBER_AGAIN,
    LINE_TEXT,
    LINE_TOTAL,
    PART_BAR,
    SHADED,
    SIGN_OFF,
    TICK,
    tick_choices,
)
from capgain.workbook.report.gains import LETTERS
from capgain.workbook.report.line_formulas import Rendering, line_formula
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.schedule_d_layout import (
    ADJUSTMENT,
    BASIS,
    FORM_1040_ROW,
    HEAD_ROWS,
    LINE_ROWS,
    PARTS,
    PROCEEDS,
    TICK_MARK,
    PartOfForm,
    line_cell,
)
from capgain.workbook.sheets import (
    BOLD,
    MUTED,
    RIGHT,
    Cell,
    Formula,
    Row,
    Sheet,
    fitted_heights,
    link_to,
    reference,
)

WIDTH = 9
WIDTHS = (5, 46, 13, 13, 13, 4, 14, 11, 5)
LETTERS_OF_NAME = 34
"""Letters of a name in bold type that fit columns C to E; a longer one begins in column A."""
_COLUMNS = (
    ("Proceeds", form_8949.PROCEEDS, "proceeds"),
    ("Basis", form_8949.BASIS, "basis"),
    ("Adjustment", form_8949.ADJUSTMENT, "adjustment"),
)
"""Columns (d), (e) and (g): heading on Gains, column of Form 8949, total."""

_CARRIED = {"6": "short", "14": "long"}
OF_6781 = ("4", "11")
"""Lines that Form 6781 feeds."""

SKIPPED = "Skip"
CELLS = {f"L{line.number}": line_cell(line.number) for line in ScheduleD.lines}
CELLS |= {"loss_limit": line_cell("21", ADJUSTMENT), "files_form_4952": "TRUE"}
"""What the form's arithmetic names."""


class ScheduleDSheet:
    """Lays out one year's Schedule D over its Form 8949 parts, its gains and the sheet that carries losses in."""

    def __init__(
        self,
        papers: Workpapers,
        form: ScheduleD,
        parts: dict[Term, Part],
        gains: Listing,
        carried_in: dict[str, tuple[str, str]],
        rate_28: tuple[str, str] | None = None,
    ) -> None:
        self.papers = papers
        self.form = form
        self.parts = parts
        self.gains = gains
        self.carried_in = carried_in
        """sheet and cell of the short- and long-term loss carried in, by `short` and `long`"""
        self.rate_28 = rate_28
        """sheet and cell of line 7 of the 28% Rate Gain Worksheet, where the book has it"""

    @property
    def name(self) -> str:
        return self.papers.name("Schedule D", self.form.year.year)

    @property
    def _rendering(self) -> Rendering:
        return Rendering(frozenset() if self.form.files_form_4952 else frozenset({"files_form_4952"}))

    def sheet(self) -> Sheet:
        rows = self._head()
        starts = {part.first_line: part for part in PARTS}
        breaks = []
        for line in ScheduleD.lines:
            if line.number in starts:
                if starts[line.number].number == "Part III":
                    breaks.append(len(rows))
                rows += _part_head(starts[line.number])
            rows.append(self._line(line))
            rows += [(None, Cell(f"• {note}", LINE_NOTE)) for note in self.form.notes(line)]
        rows.append(self._to_form_1040())
        rows += self._sign_off()
        year = self.form.year.year
        return Sheet(
            name=self.name,
            rows=rows,
            widths=WIDTHS,
            heights=fitted_heights(rows, WIDTHS),
            freeze=(HEAD_ROWS, 0),
            page=self.papers.page(f"Schedule D (Form 1040) {year}", breaks=tuple(breaks)),
            tab="1F3864",
            gridlines=False,
            protected=True,
            validations=(tick_choices(f"{TICK_MARK}{HEAD_ROWS + 1}:{TICK_MARK}{FORM_1040_ROW}"),),
        )

    def _head(self) -> list[Row]:
        year, papers = self.form.year, self.papers
        title: list[Cell | None] = [None] * WIDTH
        title[0] = Cell("SCHEDULE D (Form 1040)", FORM_TITLE)
        title[2] = Cell("Capital Gains and Losses", FORM_TITLE)
        title[6] = Cell(year.year, FORM_YEAR)
        use: list[Cell | None] = [
            Cell("Use Form 8949 to list your transactions for lines 1b, 2, 3, 8b, 9, and 10.", MUTED)
        ]
        if year.is_provisional:
            use = [Cell(f"Provisional: {year.provisional}", BOLD)]
        name: list[Cell | None] = [None] * WIDTH
        name[0] = Cell("Name(s) shown on return:", MUTED)
        name[2] = Cell(papers.taxpayer or "(Settings: Name)", BOLD if papers.taxpayer else MUTED)
        if len(papers.taxpayer) > LETTERS_OF_NAME:
            name[0], name[2] = Cell(f"Name(s) shown on return: {papers.taxpayer}", BOLD), None
        name[5] = Cell("SSN:", MUTED)
        name[6] = Cell(papers.ssn or "(Settings: SSN)", BOLD if papers.ssn else MUTED)
        question = "Did you dispose of any investment(s) in a qualified opportunity fund during the tax year?"
        opportunity: list[Cell | None] = [None] * WIDTH
        opportunity[0] = Cell(question)
        opportunity[6] = Cell("Yes" if self._has_opportunity_fund() else None, SIGN_OFF)
        opportunity[7] = Cell("Yes or No", MUTED)
        return [title, use, name, opportunity, ()]

    def _has_opportunity_fund(self) -> bool:
        """A row with code Y: a deferred gain recognised because an investment in a fund was disposed of."""
        form = self.form.form_8949
        return any("Y" in row.codes for box in form.boxes for row in form.rows(box))

    def _line(self, line: Line[Any]) -> Row:
        number = line.number
        cells: list[Cell | None] = [Cell(number, LINE_NUMBER), Cell(self.form.text(line), LINE_TEXT)]
        if isinstance(line, TotalsLine):
            cells += self._totals(number, getattr(self.form, line.name))
        else:
            cells += [Cell(None, SHADED)] * 3 if LINE_ROWS[number] < LINE_ROWS["16"] else [None] * 3
            cells += [Cell(number, LINE_NUMBER_AGAIN), self._amount(line)]
        if number == "21":
            limit = self.form.year.loss_limit[self.form.status]
            cells[3] = Cell("limit", RIGHT)
            cells[4] = Cell(limit, LINE_INPUT)
        return [*cells, self._trace(number), Cell(None, TICK)]

    def _totals(self, number: str, value: Totals) -> list[Cell | None]:
        """Columns (d), (e), (g) and (h) of a line fed by Form 8949 or straight by Exception 1."""
        cells: list[Cell | None] = []
        for heading, column, name in _COLUMNS:
            text = self._direct(number, heading) if number in DIRECT_LINES else self._boxes(number, column)
            if number in DIRECT_LINES and name == "adjustment":
                cells.append(Cell(None, SHADED))
            else:
                cells.append(Cell(Formula(text, getattr(value, name)) if text else None, LINE_AMOUNT))
        row = LINE_ROWS[number]
        gain = Formula(f"=ROUND({PROCEEDS}{row}-{BASIS}{row}+{ADJUSTMENT}{row},2)", value.gain)
        return [*cells, Cell(number, LINE_NUMBER_AGAIN), Cell(gain, LINE_AMOUNT)]

    def _used_boxes(self, number: str) -> list[str]:
        """The boxes of a line that have rows."""
        term, _ = BOX_LINES[number]
        return [box for box in boxes_of_line(number, self.form.year.form_8949) if box in self.parts[term].totals]

    def _boxes(self, number: str, column: str) -> str:
        """The totals of the boxes of a line; "" where none of them is used."""
        part = self.parts[BOX_LINES[number][0]]
        cells = [part.total_cell(box, column) for box in self._used_boxes(number)]
        return self._rounded("+".join(cells)) if cells else ""

    def _direct(self, number: str, heading: str) -> str:
        """Exception 1: the rows that the sheet Gains marks with this line; "" where there are none."""
        if not self.form.form_8949.direct_rows(DIRECT_LINES[number]):
            return ""
        return self._rounded(f'SUMIFS({self.gains.cells(heading)},{self.gains.cells("Form line")},"{number}")')

    def _rounded(self, text: str) -> str:
        return f"=ROUND({text},{0 if self.form.in_whole_dollars else 2})"

    def _amount(self, line: Line[Any]) -> Cell:
        """Column (h) of a line that is not a total of rows, or the answer to its question."""
        number, value = line.number, getattr(self.form, line.name)
        if isinstance(line, Question):
            return self._answer(line)
        if line.is_sum:
            return Cell(Formula(f"=ROUND({line_formula(line).format_map(CELLS)},2)", value), LINE_TOTAL)
        if number == "21":
            return Cell(Formula(f"={line_formula(line).format_map(CELLS)}", value), LINE_TOTAL)
        if number in _CARRIED:
            carried = {f"carried_{term}": reference(*place) for term, place in self.carried_in.items()}
            return Cell(Formula(self._rounded(line_formula(line).format_map(carried)), value), LINE_AMOUNT)
        if number == "18" and self.rate_28 is not None and self._figures_line_18:
            text = self._rendering.unless_skipped(ScheduleD.line_18, reference(*self.rate_28))
            return Cell(Formula(f"={text.format_map(CELLS)}", value), LINE_AMOUNT)
        if number in OF_6781 and self.form.form_6781 is not None:
            text = formula_of_schedule_d(self.papers, self.form.form_6781, number)
            return Cell(Formula(self._rounded(text), value), LINE_AMOUNT)
        return Cell(value if value or number in ("18", "19") else None, LINE_INPUT)

    @property
    def _figures_line_18(self) -> bool:
        """Whether the 28% Rate Gain Worksheet gives line 18."""
        return self.form.rate_28_gain_worksheet is not None and not self.form.stated.get("18")

    def _answer(self, line: Question) -> Cell:
        """Yes, No or Skip; whether there are qualified dividends stands on no sheet, but in Settings."""
        if line is ScheduleD.line_22:
            told = self.form.has_qualified_dividends
            said = "not stated" if told is None else "Yes" if told else "No"
            answer = f'"{said}"'
        else:
            said = "Yes" if getattr(self.form, line.name) else "No"
            answer = f'IF({self._rendering.condition(line.condition)},"Yes","No")'
        text = self._rendering.unless_skipped(line, answer, f'"{SKIPPED}"').format_map(CELLS)
        return Cell(Formula(f"={text}", SKIPPED if line.is_skipped(self.form) else said), LINE_ANSWER)

    def _trace(self, number: str) -> Cell | None:
        """Where the line's amount comes from."""
        if number in DIRECT_LINES and self.form.form_8949.direct_rows(DIRECT_LINES[number]):
            return link_to(self.gains.sheet.name, f"{LETTERS['Form line']}1", "Gains")
        if number in BOX_LINES and (used := self._used_boxes(number)):
            term, _ = BOX_LINES[number]
            cell = f"{form_8949.GAIN}{self.parts[term].totals[used[0]]}"
            return link_to(part_name(self.papers, self.form.year.year, term), cell, f"8949 box {' + '.join(used)}")
        if number in _CARRIED:
            sheet, cell = self.carried_in[_CARRIED[number]]
            return link_to(sheet, cell, "Carryover")
        if number == "18" and self.rate_28 is not None and self._figures_line_18:
            return link_to(*self.rate_28, "28% worksheet")
        if number in OF_6781 and self.form.form_6781 is not None:
            return link_to(*cell_of_schedule_d(self.papers, self.form.form_6781, number), "Form 6781")
        if number in SCHEDULE_D_INPUT_LINES and self.form.stated.get(number):
            return Cell("Settings, Ledger", MUTED)
        return None

    def _to_form_1040(self) -> Row:
        """What the return takes from this form."""
        text = line_formula(ScheduleD.form_1040_gain).format_map(CELLS)
        words = self.form.text(ScheduleD.form_1040_gain)
        amount = Cell(Formula(f"={text}", self.form.form_1040_gain), LINE_TOTAL)
        return [None, Cell(words, BOLD), None, None, None, None, amount, None, Cell(None, TICK)]

    def _sign_off(self) -> list[Row]:
        row: list[Cell | None] = [None] * WIDTH
        row[1] = Cell("Prepared by (initials, date)", MUTED)
        row[2] = Cell(None, SIGN_OFF)
        row[3] = Cell(None, SIGN_OFF)
        row[4] = Cell("Reviewed by", MUTED)
        row[6] = Cell(None, SIGN_OFF)
        row[7] = Cell(None, SIGN_OFF)
        return [(), row]


def _part_head(part: PartOfForm) -> list[Row]:
    bar: list[Row] = [
        [Cell(part.number, PART_BAR), Cell(part.title, PART_BAR), *(Cell(None, PART_BAR) for _ in range(WIDTH - 2))]
    ]
    if not part.has_columns:
        return bar
    texts = (
        None,
        "See instructions for how to figure the amounts to enter on the lines below. This form may be easier to "
        "complete if you round off cents to whole dollars.",
        "(d)\nProceeds\n(sales price)",
        "(e)\nCost\n(or other basis)",
        f"(g)\nAdjustments to gain or loss from Form(s) 8949, {part.number}, line 2, column (g)",
        None,
        "(h) Gain or (loss)\nSubtract column (e) from column (d) and combine the result with column (g)",
        "Traces to",
        "Tick mark",
    )
    return [*bar, [Cell(text, FORM_HEADING) for text in texts]]
