"""The sheet `Schedule D`: the form line by line, every amount a formula over the sheets it comes from."""

from __future__ import annotations

from capgain.engine.classes import Term
from capgain.engine.forms.form import FilledLine
from capgain.engine.forms.form_8949 import Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.ledger import SCHEDULE_D_INPUT_LINES
from capgain.engine.money import ZERO
from capgain.workbook.report import form_8949
from capgain.workbook.report.context import Workpapers
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
WIDTHS = (6, 58, 14, 14, 15, 5, 16, 13, 6)
_TOTALED = ("d", "e", "g")
_DIRECT = {"1a": Term.SHORT, "8a": Term.LONG}
_BOX_LINES = {"1b": (Term.SHORT, 0), "2": (Term.SHORT, 1), "3": (Term.SHORT, 2)} | {
    "8b": (Term.LONG, 0),
    "9": (Term.LONG, 1),
    "10": (Term.LONG, 2),
}
_CARRIED = {"6": "short", "14": "long"}
_SUMS = {"7": ("1a", "6"), "15": ("8a", "14")}
QUESTIONS = ("17", "20", "22")
SKIPPED = "Skip"


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

    def sheet(self) -> Sheet:
        rows = self._head()
        starts = {part.first_line: part for part in PARTS}
        breaks = []
        for line, filled in zip(ScheduleD.lines, self.form.filled(), strict=True):
            if line.number in starts:
                if starts[line.number].number == "Part III":
                    breaks.append(len(rows))
                rows += _part_head(starts[line.number])
            rows.append(self._line(filled))
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

    def _line(self, filled: FilledLine) -> Row:
        number = filled.number
        cells: list[Cell | None] = [Cell(number, LINE_NUMBER), Cell(filled.text, LINE_TEXT)]
        if number in _DIRECT or number in _BOX_LINES:
            cells += self._totals(number, filled.value)
        else:
            cells += [Cell(None, SHADED)] * 3 if number not in ("16", *QUESTIONS, "18", "19", "21") else [None] * 3
            cells += [Cell(number, LINE_NUMBER_AGAIN), self._amount(number)]
        if number == "21":
            limit = self.form.year.loss_limit[self.form.status]
            cells[3] = Cell("limit", RIGHT)
            cells[4] = Cell(limit, LINE_INPUT)
        return [*cells, self._trace(number), Cell(None, TICK)]

    def _totals(self, number: str, value: Totals | None) -> list[Cell | None]:
        """Columns (d), (e), (g) and (h) of a line fed by Form 8949 or straight by Exception 1."""
        value = value or getattr(self.form, f"line_{number}")
        expected = {"d": value.proceeds, "e": value.basis, "g": value.adjustment}
        cells: list[Cell | None] = []
        for letter in _TOTALED:
            text = self._direct(number, letter) if number in _DIRECT else self._boxes(number, letter)
            if letter == "g" and number in _DIRECT:
                cells.append(Cell(None, SHADED))
            elif text:
                cells.append(Cell(Formula(text, expected[letter]), LINE_AMOUNT))
            else:
                cells.append(Cell(None, LINE_AMOUNT))
        row = LINE_ROWS[number]
        gain = Formula(f"=ROUND({PROCEEDS}{row}-{BASIS}{row}+{ADJUSTMENT}{row},2)", value.gain)
        return [*cells, Cell(number, LINE_NUMBER_AGAIN), Cell(gain, LINE_AMOUNT)]

    def _boxes(self, number: str, letter: str) -> str:
        """The totals of the boxes of a line; "" where none of them is used."""
        term, place = _BOX_LINES[number]
        layout = self.form.year.form_8949
        boxes = dict.fromkeys((layout.letters(term, False)[place], layout.letters(term, True)[place]))
        part = self.parts[term]
        column = {"d": form_8949.PROCEEDS, "e": form_8949.BASIS, "g": form_8949.ADJUSTMENT}[letter]
        cells = [part.total_cell(box, column) for box in boxes if box in part.totals]
        return self._rounded("+".join(cells)) if cells else ""

    def _direct(self, number: str, letter: str) -> str:
        """Exception 1: the rows that the sheet Gains marks with this line; "" where there are none."""
        if not self.form.form_8949.direct_rows(_DIRECT[number]):
            return ""
        heading = {"d": "Proceeds", "e": "Basis", "g": "Adjustment"}[letter]
        return self._rounded(f'SUMIFS({self.gains.cells(heading)},{self.gains.cells("Form line")},"{number}")')

    def _rounded(self, text: str) -> str:
        return f"=ROUND({text},{0 if self.form.in_whole_dollars else 2})"

    def _amount(self, number: str) -> Cell:
        """Column (h) of a line that is not a total of rows, or the answer to its question."""
        value = getattr(self.form, f"line_{number}")
        gain, both = line_cell("16"), line_cell("17")
        if number in _SUMS:
            first, last = (line_cell(line) for line in _SUMS[number])
            return Cell(Formula(f"=ROUND(SUM({first}:{last}),2)", value), LINE_TOTAL)
        if number in _CARRIED:
            sheet, cell = self.carried_in[_CARRIED[number]]
            return Cell(Formula(self._rounded(f"-'{sheet}'!{cell}"), value), LINE_AMOUNT)
        if number == "16":
            return Cell(Formula(f"=ROUND({line_cell('7')}+{line_cell('15')},2)", value), LINE_TOTAL)
        if number == "17":
            text = f'=IF({gain}>0,IF(AND({line_cell("15")}>0,{gain}>0),"Yes","No"),"{SKIPPED}")'
            return Cell(Formula(text, self._answer("17")), LINE_ANSWER)
        if number == "20":
            zero = f"AND({line_cell('18')}=0,{line_cell('19')}=0)" if not self.form.files_form_4952 else "FALSE"
            return Cell(
                Formula(f'=IF({both}="Yes",IF({zero},"Yes","No"),"{SKIPPED}")', self._answer("20")), LINE_ANSWER
            )
        if number == "22":
            return Cell(
                Formula(f'=IF({both}="Yes","{SKIPPED}","{self._dividends()}")', self._answer("22")), LINE_ANSWER
            )
        if number == "21":
            text = f"=IF({gain}<0,-MIN(-{gain},{line_cell('21', ADJUSTMENT)}),0)"
            return Cell(Formula(text, value), LINE_TOTAL)
        if number == "18" and self.rate_28 is not None and self._figures_line_18:
            return Cell(Formula(f'=IF({both}="Yes",{reference(*self.rate_28)},0)', value), LINE_AMOUNT)
        return Cell(value if value or number in ("18", "19") else None, LINE_INPUT)

    @property
    def _figures_line_18(self) -> bool:
        """Whether the 28% Rate Gain Worksheet gives line 18."""
        return self.form.rate_28_gain_worksheet is not None and not self.form.stated.get("18")

    def _answer(self, number: str) -> str:
        if self.form.skips(number):
            return SKIPPED
        if number == "22":
            return self._dividends()
        return "Yes" if getattr(self.form, f"line_{number}") else "No"

    def _dividends(self) -> str:
        """The answer to line 22 as far as Settings give it."""
        if self.form.qualified_dividends is None:
            return "not stated"
        return "Yes" if self.form.qualified_dividends > ZERO else "No"

    def _trace(self, number: str) -> Cell | None:
        """Where the line's amount comes from."""
        if number in _DIRECT and self.form.form_8949.direct_rows(_DIRECT[number]):
            return link_to(self.gains.sheet.name, f"{LETTERS['Form line']}1", "Gains")
        if number in _BOX_LINES:
            term, place = _BOX_LINES[number]
            layout = self.form.year.form_8949
            part = self.parts[term]
            boxes = dict.fromkeys((layout.letters(term, False)[place], layout.letters(term, True)[place]))
            used = [box for box in boxes if box in part.totals]
            if used:
                cell = f"{form_8949.GAIN}{part.totals[used[0]]}"
                return link_to(part_name(self.papers, self.form.year.year, term), cell, f"8949 box {' + '.join(used)}")
            return None
        if number in _CARRIED:
            sheet, cell = self.carried_in[_CARRIED[number]]
            return link_to(sheet, cell, "Carryover")
        if number == "18" and self.rate_28 is not None and self._figures_line_18:
            return link_to(*self.rate_28, "28% worksheet")
        if number in SCHEDULE_D_INPUT_LINES and self.form.stated.get(number):
            return Cell("Settings, Ledger", MUTED)
        return None

    def _to_form_1040(self) -> Row:
        """What the return takes from this form."""
        gain = line_cell("16")
        text = f"=IF({gain}<0,{line_cell('21')},{gain})"
        words = f"To Form 1040, 1040-SR, or 1040-NR, line {self.form.year.form_1040.gain}"
        amount = Cell(Formula(text, self.form.form_1040_gain), LINE_TOTAL)
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
