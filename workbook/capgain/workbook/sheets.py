"""A workbook as a value: cells, formulas with the value the engine expects, styles, print set-up, charts.

Nothing here knows whether it goes into a file or into a live Excel. A writer walks a `Book` sheet by sheet:

* `Sheet.rows[0]` is row 1 and its first cell column A; `None` is an empty cell. Rows may differ in length.
* A `str` is text whatever it begins with. A live writer has to enter text that begins with `= + - @` or looks like a
  number or date with a leading apostrophe; a file writer writes it as a string.
* A `Formula` is native Excel: English names, commas, A1 references, no function newer than Excel 2010. Its `expected`
  value is what a file caches and what a recalculation has to give; it is never "" and never None.
* Links are `HYPERLINK` formulas (`link_to`), so that they need no part of the file of their own and survive a block
  write. Dates are written as serials with the style's number format.
* Numbers wider than a double belong in `str` cells (`quantity_cell` decides).
* Styles are compared by identity: one `Style` constant is one cell format; its `name` is free for a named style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from textwrap import wrap
from typing import Any, NamedTuple

from capgain.workbook.long_rows import rows_at_hand, widest

MONEY_FORMAT = "#,##0.00_);(#,##0.00)"
"""Accountants' brackets for a negative amount, which is also how the forms print it."""

DATE_FORMAT = "mm/dd/yyyy"
TIME_FORMAT = "mm/dd/yyyy hh:mm:ss"

MOST_ROWS = 1_048_570
"""Rows of a sheet at most, headings and totals counted: Excel has six more, which stay free to write below."""

Scalar = str | bool | int | float | Decimal | date | datetime | None


LONGEST_FORMULA, LONGEST_LITERAL = 8_192, 255
"""Characters of a formula, and of a text inside one, at most (Excel specifications and limits)."""


class Formula(NamedTuple):
    """A live formula, beginning with `=`, and the value it has to show. It quotes no text of a user."""

    text: str
    expected: str | bool | int | float | Decimal | date

    @property
    def within_excel(self) -> Formula | str | bool | int | float | Decimal | date:
        """The formula, or its value where Excel takes no formula of that length or with a text of that length."""
        long = len(self.text) > LONGEST_LITERAL
        return self.expected if long and is_beyond_excel(self.text) else self


class DynamicFormula(NamedTuple):
    """A formula of Excel 365 as its file has it (`_xlfn.` before new functions), and the value last seen; no report has
    one.
    """

    text: str
    expected: str | int | float | Decimal


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Style:
    """How a cell looks. Colours are RRGGBB, sizes points; "" or 0 leaves Excel's default."""

    name: str
    number_format: str = ""
    font_size: float = 0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    fill: str = ""
    align: str = ""
    """left, center or right"""
    top_aligned: bool = False
    wrap: bool = False
    indent: int = 0
    border: str = ""
    """edges with a thin line: any of t, b, l, r; B is a double line below, T a medium one above"""
    unlocked: bool = False
    """the cell stays open for entry on a protected sheet"""

    def but(self, name: str, **changes: Any) -> Style:
        """This style under another name with some of its fields changed."""
        return replace(self, name=name, **changes)


PLAIN = Style(name="CapGain Plain")
WRAP = Style(name="CapGain Wrapped", wrap=True, top_aligned=True)
BESIDE = PLAIN.but("CapGain Beside", indent=1)
WRAP_BESIDE = WRAP.but("CapGain Wrapped Beside", indent=1)
"""Text to the right of a number, which it would touch."""
BOLD = Style(name="CapGain Bold", bold=True)
MONEY = Style(name="CapGain Money", number_format=MONEY_FORMAT)
TOTAL = Style(name="CapGain Total", number_format=MONEY_FORMAT, bold=True, border="tB")
TOTAL_LABEL = Style(name="CapGain Total Label", bold=True, border="tB")
DATE = Style(name="CapGain Date", number_format=DATE_FORMAT, align="center")
TIME = Style(name="CapGain Time", number_format=TIME_FORMAT, align="center")
CENTER = Style(name="CapGain Centered", align="center")
RIGHT = Style(name="CapGain Right", align="right")
COUNT = Style(name="CapGain Count", number_format="#,##0")
LINK = Style(name="CapGain Link", colour="0563C1", underline=True)
LINK_CENTER = LINK.but("CapGain Link Centered", align="center")
HEADING = Style(
    name="CapGain Column Heading", bold=True, fill="1F3864", colour="FFFFFF", wrap=True, align="center", border="tblr"
)
TITLE = Style(name="CapGain Title", bold=True, font_size=16)
SUBTITLE = Style(name="CapGain Subtitle", bold=True, font_size=12)
GOOD = Style(name="CapGain Good", bold=True, fill="C6EFCE", colour="006100")
BAD = Style(name="CapGain Bad", bold=True, fill="FFC7CE", colour="9C0006")
NOTICE = Style(name="CapGain Notice", fill="FFEB9C", colour="7F4F00", wrap=True, top_aligned=True)
ENTRY = Style(name="CapGain Entry", fill="FFFFE0", colour="0000FF", unlocked=True)
MUTED = Style(name="CapGain Muted", italic=True, colour="595959")


@cache
def at_top(style: Style) -> Style:
    """The style aligned to the top of its row, for a cell beside one whose text wraps."""
    return style.but(f"{style.name} Top", top_aligned=True)


class Cell(NamedTuple):
    """One cell: what it holds and how it looks."""

    content: Scalar | Formula | DynamicFormula
    style: Style = PLAIN


Row = Sequence[Cell | None]


@lru_cache(1 << 15)
def shared_cell(content: str | date, style: Style = PLAIN) -> Cell:
    """The cell of a word or day that recurs on thousands of rows, made once for all of them."""
    return Cell(content, style)


class Validation(NamedTuple):
    """A drop-down list on `cells` (an A1 range): fixed `choices`, or a `source` such as `=Accounts!$A$2:$A$50`.

    `strict` refuses other entries; else Excel only warns.
    """

    cells: str
    choices: tuple[str, ...] = ()
    source: str = ""
    title: str = ""
    message: str = ""
    strict: bool = False


class AtLeast(NamedTuple):
    """Cells that take a number, or a date where `least` is one, of at least that much; others are refused."""

    cells: str
    least: int | date
    title: str
    message: str


class Prompt(NamedTuple):
    """A message shown beside cells while one of them is selected; they take any entry."""

    cells: str
    title: str
    message: str


AUTHOR = "CapGain"


class Note(NamedTuple):
    """A note (old name: comment) on one cell."""

    cell: str
    text: str
    author: str = AUTHOR


class ConditionalFormat(NamedTuple):
    """`style` on those of `cells` that equal `criterion`; only colour, fill and bold count.

    `criterion` is an Excel literal such as `"FAIL"` with its quotes, or `0`.
    """

    cells: str
    criterion: str
    style: Style


class FormulaFormat(NamedTuple):
    """`style` on those of `cells` for which a formula, written for the first of them, is true."""

    cells: str
    formula: str
    style: Style


class DataBar(NamedTuple):
    """A bar in each of `cells`, as long as its number, from zero."""

    cells: str
    colour: str


class Series(NamedTuple):
    """One series of a chart; all three are references such as `=Summary!$B$4:$B$15`, `name` "" for none."""

    name: str
    categories: str
    values: str
    colour: str = ""


class Chart(NamedTuple):
    """A native chart, `kind` column, bar (lying), line or doughnut. Sizes in pixels; `description` is its alternative
    text. It moves with its cells and keeps its size.
    """

    kind: str
    title: str
    series: tuple[Series, ...]
    at: str
    description: str
    width: int = 640
    height: int = 300
    number_format: str = "#,##0"
    label_format: str = ""
    """number format of the categories, for dates"""
    last_cell: str = ""
    """the cell under the chart's lower right corner, so that a print area can take it in"""
    offset: tuple[int, int] = (0, 0)
    """pixels from the corner of `at` to the right and down"""
    legend: str = "bottom"
    """bottom, right, top, or "" for none"""
    is_stacked: bool = False
    is_downward: bool = False
    """the categories of a bar chart from the top down"""
    data_labels: str = ""
    """number format of the value beside each bar or part, "" for none"""
    has_value_axis: bool = True
    parts: tuple[str, ...] = ()
    """colours of a doughnut's parts, the first first"""
    lines: tuple[Series, ...] = ()
    """series drawn over the columns as a dashed line with markers"""


class Table(NamedTuple):
    """An Excel table over `cells`, whose first row holds unique text headings."""

    name: str
    cells: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Print set-up: US letter. Header and footer are left, center, right in Excel's own codes.

    `header_text` makes a user's words safe there. `repeat` are the first and last row printed on every page,
    `columns_repeated` how many of the first columns are; `breaks` are the rows after which a new page begins.
    `area` "" prints all cells and charts.
    """

    landscape: bool = False
    header: tuple[str, str, str] = ("", "", "")
    footer: tuple[str, str, str] = ("", "", "")
    repeat: tuple[int, int] | None = None
    breaks: tuple[int, ...] = ()
    area: str = ""
    pages_tall: int = 0
    """0: as many as needed"""
    pages_wide: int = 1
    columns_repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet. `widths` are in characters, column A first; `heights` in points by row.

    `rows` of a long sheet are `LongRows`. `freeze` is how many rows and columns stay in view. Both writers apply every
    field.
    """

    name: str
    rows: Sequence[Row]
    widths: tuple[float, ...] = ()
    heights: Mapping[int, float] = field(default_factory=dict)
    freeze: tuple[int, int] = (0, 0)
    page: Page = field(default_factory=Page)
    tab: str = ""
    gridlines: bool = True
    zoom: int = 100
    autofilter: str = ""
    table: Table | None = None
    validations: tuple[Validation | AtLeast | Prompt, ...] = ()
    notes: tuple[Note, ...] = ()
    conditional_formats: tuple[ConditionalFormat | FormulaFormat | DataBar, ...] = ()
    charts: tuple[Chart, ...] = ()
    protected: bool = False
    """locked without a password: cells can be selected, columns formatted, rows sorted and filtered"""
    numbers_as_text: str = ""
    """a range in which digits stored as text are meant so and deserve no green triangle"""
    named_by: int = 0
    """the column whose text alone names a row when the sheet is made again; 0: all words and dates of the row"""
    grouped_columns: range = range(0)
    """columns counted from 1 that can be folded away"""
    outline: Mapping[int, int] = field(default_factory=dict)
    """grouping level by row"""

    @property
    def row_heights(self) -> dict[int, float]:
        """`heights`, and what a title in column A needs: LibreOffice fits no row as it opens a file."""
        titles = {
            number: round(row[0].style.font_size * POINTS_PER_LINE + 2, 1)
            for number, row in rows_at_hand(self.rows)
            if row and row[0] is not None and row[0].style.font_size > FONT_SIZE
        }
        return titles | dict(self.heights)

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return widest(self.rows)

    @property
    def print_area(self) -> str:
        """What is printed: `page.area`, else every cell and chart."""
        if self.page.area:
            return self.page.area
        rows, columns = max(self.height, 1), max(self.width, 1)
        for chart in self.charts:
            if chart.last_cell:
                row, column = position(chart.last_cell)
                rows, columns = max(rows, row), max(columns, column)
        return f"A1:{address(rows, columns)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A whole workbook. `created` goes into the file's properties, so that the same input gives the same bytes."""

    sheets: tuple[Sheet, ...]
    title: str
    created: datetime
    author: str = AUTHOR
    company: str = AUTHOR
    subject: str = ""
    comments: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """defined names: name to reference such as `='Schedule D'!$G$40`"""

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name. Raises KeyError."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


@cache
def column_letter(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def address(row: int, column: int) -> str:
    """`address(2, 3)` is `C2`."""
    return f"{column_letter(column)}{row}"


def position(cell: str) -> tuple[int, int]:
    """Row and column of an address such as `C2` or `$C$2`."""
    plain = cell.replace("$", "")
    digits = plain.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    column = 0
    for letter in plain[: len(plain) - len(digits)]:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


def quoted(sheet: str) -> str:
    """A sheet's name as formulas spell it, always in quotes: some names read as numbers or addresses without."""
    return "'" + sheet.replace("'", "''") + "'"


def reference(sheet: str, cells: str) -> str:
    """`'Schedule D'!G40`."""
    return f"{quoted(sheet)}!{cells}"


_LITERAL = re.compile(r'"(?:[^"]|"")*"')


def is_beyond_excel(formula: str) -> bool:
    """Whether a formula, or a text in it, is longer than Excel takes."""
    texts = _LITERAL.findall(formula)
    return len(formula) > LONGEST_FORMULA or any(len(text[1:-1].replace('""', '"')) > LONGEST_LITERAL for text in texts)


def text_literal(text: str) -> str:
    """Text as it stands inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def criterion(text: str) -> str:
    """A criterion of SUMIFS that matches exactly this text, case ignored: `=` in front, wildcards escaped."""
    escaped = text.replace("~", "~~").replace("*", "~*").replace("?", "~?")
    return text_literal(f"={escaped}")


def link_to(sheet: str, cell: str, shown: str | int, style: Style = LINK) -> Cell:
    """A cell that shows `shown` and leads to `cell` of `sheet`."""
    label = str(shown) if isinstance(shown, int) else text_literal(shown)
    target = text_literal(f"#{quoted(sheet)}!{cell}")
    return Cell(Formula(f"=HYPERLINK({target},{label})", shown), style)


def header_text(text: str) -> str:
    """A user's words in a header or footer, where `&` begins a code."""
    return text.replace("&", "&&")


FONT, FONT_SIZE = "Arial", 10
"""The font of every cell: there is one of its measures on each system that opens the workbook."""

LETTERS_PER_WIDTH = 1.08
"""letters of running text in one unit of column width, which is a digit's"""

BOLD_IS_WIDER = 1.1
POINTS_PER_LINE = 1.27
"""height of a line as a multiple of the font's size"""


def fitted_heights(rows: Sequence[Row], widths: Sequence[float]) -> dict[int, float]:
    """Row heights in points for the rows whose wrapped text takes more than one line.

    Spreadsheet programs fit a row when it is typed into, not all of them when a file is opened.
    """
    fitted = ((number, fitted_height(row, widths)) for number, row in enumerate(rows, start=1))
    return {number: height for number, height in fitted if height}


def fitted_height(row: Row, widths: Sequence[float]) -> float:
    """The height of a row whose wrapped text takes more than one line; 0 where one line is enough."""
    tallest = 0.0
    for place, cell in enumerate(row):
        if cell is None or not cell.style.wrap or not isinstance(cell.content, str) or place >= len(widths):
            continue
        size = cell.style.font_size or FONT_SIZE
        narrower = BOLD_IS_WIDER if cell.style.bold else 1.0
        letters = max(int(widths[place] * LETTERS_PER_WIDTH * FONT_SIZE / size / narrower), 4)
        lines = sum(max(len(wrap(part, letters)), 1) for part in cell.content.split("\n"))
        tallest = max(tallest, lines * size * POINTS_PER_LINE) if lines > 1 else tallest
    return min(round(tallest + 2, 1), TALLEST_ROW) if tallest else 0.0


TALLEST_ROW = 409
"""points; Excel's own limit"""

SIGNIFICANT_DIGITS = 15
"""What Excel keeps of a number; one with more digits has to be text."""


@cache
def quantity_style(decimals: int) -> Style:
    """A quantity with that many decimals, all of them shown."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return Style(name=f"CapGain Quantity {decimals}", number_format=pattern, align="right")


def quantity_cell(quantity: Decimal) -> Cell:
    """A quantity as a number that shows all its decimals, or as text where a spreadsheet would drop digits."""
    plain = format(quantity, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, decimals = plain.lstrip("-").partition(".")
    if len((whole + decimals).lstrip("0")) > SIGNIFICANT_DIGITS:
        return Cell(plain, RIGHT)
    return Cell(Decimal(plain), quantity_style(len(decimals)))
