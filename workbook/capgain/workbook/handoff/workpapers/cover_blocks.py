"""Blocks of the sheet `Cover`: forms, the year, income by kind, and lists of a label and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.forms.boxes import DIRECT_LINES
from capgain.engine.forms.form_8949 import Form8949, Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.workbook.handoff.workpapers.box_sheets import BoxSheet
from capgain.workbook.handoff.workpapers.income_by_kind import NAME as INCOME_BY_KIND
from capgain.workbook.handoff.workpapers.income_by_kind import KindOfIncome
from capgain.workbook.report.checks import FIRST_ROW as FIRST_CHECK
from capgain.workbook.report.checks import NAME as CHECKS
from capgain.workbook.report.checks import PASS, STATED, ChecksSheet
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_8949 import ADJUSTMENT, BASIS, GAIN, PROCEEDS
from capgain.workbook.report.form_styles import SIGN_OFF
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import (
    BOLD,
    LINK,
    Cell,
    Formula,
    Row,
    Style,
    link_to,
    reference,
)

WIDTHS = (34, 15, 15, 15, 15, 9)
WIDTH = len(WIDTHS)

BAR = Style(name="CapGain Cover Bar", bold=True, font_size=11, fill="1F3864", colour="FFFFFF")
HEAD = Style(name="CapGain Cover Heading", bold=True, fill="D9E2F3", border="b")
HEAD_RIGHT = HEAD.but("CapGain Cover Heading Right", align="right")
HEAD_BESIDE = HEAD.but("CapGain Cover Heading Beside", indent=1)
AMOUNT = Style(name="CapGain Cover Amount", number_format="#,##0.00_);[Red](#,##0.00);0.00_)")
TOTAL = AMOUNT.but("CapGain Cover Total", bold=True, border="t")
COUNT = Style(name="CapGain Cover Count", number_format="#,##0", align="right")
TEXT = Style(name="CapGain Cover Text")
BESIDE = Style(name="CapGain Cover Beside", indent=1)
SMALL = Style(name="CapGain Cover Small", font_size=9, colour="595959")
OPEN = SIGN_OFF.but("CapGain Cover Open", border="tblr")
OPEN_AMOUNT = OPEN.but("CapGain Cover Open Amount", number_format=AMOUNT.number_format)


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A line of the block Proof: the label, and a text or a formula of one."""

    label: str
    text: str | Formula
    place: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverFigures:
    """What the cover shows of a year. `carried` are sheet and cell of amounts by label."""

    year: YearReport
    form: Form8949
    schedule_d: ScheduleD
    schedule_d_sheet: str
    boxes: Mapping[str, BoxSheet]
    gains: Listing
    carried_in: Mapping[str, tuple[str, str]]
    carried_out: Mapping[str, tuple[str, str]]
    never_recovered: Formula | Decimal
    kinds: Sequence[KindOfIncome]
    income_rows: Mapping[str, int]
    tax: Sequence[ProofLine] = ()
    proof: Sequence[ProofLine] = ()
    withheld: Decimal | None = None


def bar(text: str) -> Row:
    """The heading of a block, across the page."""
    return (Cell(text, BAR), *blank(BAR, WIDTH - 1))


def blank(style: Style, count: int) -> list[Cell]:
    """Filled cells without content: the cover merges none."""
    return [Cell(None, style) for _ in range(count)]


def boxes(figures: CoverFigures, first: int) -> list[Row]:
    """A line for each box used, each line of Exception 1, and all of them."""
    heads = ("Proceeds (d)", "Basis (e)", "Adjustment (g)", "Gain or loss (h)", "Rows")
    rows: list[Row] = [bar("Form 8949 and Schedule D")]
    rows.append((Cell("Box", HEAD), *(Cell(head, HEAD_RIGHT) for head in heads)))
    start = first + len(rows)
    gains = figures.gains
    for box, one in figures.boxes.items():
        totals = figures.form.boxes[box]
        amounts = zip((PROCEEDS, BASIS, ADJUSTMENT, GAIN), _amounts(totals), strict=True)
        rows.append(
            (
                link_to(one.sheet.name, "A1", f"{box}  {_IN_A_FEW_WORDS[box]}", LINK),
                *(
                    Cell(Formula(f"={reference(one.sheet.name, f'{letter}{one.total}')}", amount), AMOUNT)
                    for letter, amount in amounts
                ),
                Cell(totals.rows, COUNT),
            )
        )
    for line, term in DIRECT_LINES.items():
        totals = figures.form.direct[term]
        if totals.rows:
            heading = ("Proceeds", "Basis", "Adjustment", "Gain")
            sums = [f'=SUMIFS({gains.cells(one)},{gains.cells("Form line")},"{line}")' for one in heading]
            cells = [Cell(Formula(text, amount), AMOUNT) for text, amount in zip(sums, _amounts(totals), strict=True)]
            label = link_to(figures.schedule_d_sheet, line_cell(line), f"Line {line}  not on Form 8949", LINK)
            rows.append((label, *cells, Cell(totals.rows, COUNT)))
    end = first + len(rows) - 1
    if end < start:
        return [*rows, (Cell("No sales in the year.", SMALL),)]
    every = [*(figures.form.boxes[box] for box in figures.boxes), *figures.form.direct.values()]
    wholes = [sum(amounts, ZERO) for amounts in zip(*map(_amounts, every), strict=True)]
    added = [
        Cell(Formula(f"=SUM({letter}{start}:{letter}{end})", amount), TOTAL)
        for letter, amount in zip("BCDE", wholes, strict=True)
    ]
    count = Decimal(sum(one.rows for one in every))
    rows.append((Cell("All boxes", BOLD), *added, Cell(Formula(f"=SUM(F{start}:F{end})", count), COUNT)))
    return rows


def _amounts(totals: Totals) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return totals.proceeds, totals.basis, totals.adjustment, totals.gain


_IN_A_FEW_WORDS: Mapping[str, str] = {
    **dict.fromkeys("AD", "1099-B, basis reported"),
    **dict.fromkeys("BE", "1099-B, basis not reported"),
    **dict.fromkeys("CF", "no Form 1099"),
    **dict.fromkeys("GJ", "1099-DA, basis reported"),
    **dict.fromkeys("HK", "1099-DA, basis not reported"),
    **dict.fromkeys("IL", "digital asset, no 1099"),
}


def the_year(papers: Workpapers, figures: CoverFigures) -> list[Row]:
    """What Schedule D comes to, what is carried in and out, and what wash sales disallowed."""
    form, year = figures.schedule_d, figures.year
    stated = papers.report.ledger.stated_carryover(year.year)

    def line(number: str) -> Formula:
        value = getattr(form, f"line_{number}")
        amount = value.gain if isinstance(value, Totals) else value
        return Formula(f"=SUM({reference(figures.schedule_d_sheet, line_cell(number))})", amount)

    def carried(cells: Mapping[str, tuple[str, str]], character: str, amount: Decimal) -> Formula | Decimal:
        return Formula(f"={reference(*cells[character])}", amount) if character in cells else amount

    wash = from_cents(sum(row.wash_cents for row in year.dispositions))
    gains = figures.gains
    disallowed = Formula(f"={gains.total_cell('Wash disallowed')}", wash) if gains.total else wash
    out = year.carryover
    following = year.year + 1
    pairs: list[tuple[str, Formula | Decimal, str, Formula | Decimal, bool]] = [
        (
            "Line 7  net short-term",
            line("7"),
            "Line 6  short-term loss carried in",
            line("6"),
            stated[0] is not None,
        ),
        (
            "Line 15  net long-term",
            line("15"),
            "Line 14  long-term loss carried in",
            line("14"),
            stated[1] is not None,
        ),
        (
            "Line 16  both",
            line("16"),
            f"Carried to {following}, short-term",
            carried(figures.carried_out, "short", out.short if out else ZERO),
            False,
        ),
        (
            f"Line 21  to Form 1040, line {form.year.form_1040.gain}",
            line("21"),
            f"Carried to {following}, long-term",
            carried(figures.carried_out, "long", out.long if out else ZERO),
            False,
        ),
        ("Wash sales: disallowed", disallowed, "Of which never recovered", figures.never_recovered, False),
    ]
    rows: list[Row] = [bar("The year")]
    for left, amount, right, other, is_stated in pairs:
        rows.append(
            (
                Cell(left, TEXT),
                Cell(amount, AMOUNT),
                Cell(right, BESIDE),
                None,
                Cell(other, AMOUNT),
                Cell("stated" if is_stated else None, SMALL),
            )
        )
    if figures.withheld is not None:
        rows.append((Cell("Tax withheld by brokers (sheet 1099)", TEXT), Cell(figures.withheld, AMOUNT)))
    return rows


def income(figures: CoverFigures) -> list[Row]:
    """Each kind of income with the line it goes to, and cells for what the forms 1099 say."""
    rows: list[Row] = [bar("Income in the ledger, by kind")]
    if not figures.kinds:
        return [*rows, (Cell("none", SMALL),)]
    heads = (Cell("Amount", HEAD_RIGHT), Cell("Goes to", HEAD_BESIDE), Cell(None, HEAD))
    rows.append((Cell("Kind", HEAD), *heads, Cell("On 1099s", HEAD_RIGHT), Cell("Tick", HEAD_BESIDE)))
    for kind in figures.kinds:
        total = Formula(f"={reference(INCOME_BY_KIND, f'C{figures.income_rows[kind.label]}')}", kind.amount)
        goes_to = kind.goes_to.partition(";")[0]
        rows.append(
            (
                Cell(kind.label, TEXT),
                Cell(total, AMOUNT),
                Cell(goes_to, BESIDE),
                None,
                Cell(None, OPEN_AMOUNT),
                Cell(None, OPEN),
            )
        )
    return rows


def told(title: str, lines: Sequence[ProofLine]) -> list[Row]:
    """A block of labels and what is said of each."""
    rows: list[Row] = [bar(title)]
    for line in lines:
        if isinstance(line.text, Formula) and isinstance(line.text.expected, Decimal):
            shown = Cell(line.text, AMOUNT)
        else:
            shown = Cell(line.text, TEXT)
        rows.append((link_to(*line.place, line.label, LINK) if line.place else Cell(line.label, TEXT), shown))
    return rows


def passed(cells: str, passes: int, count: int, words: str, *, with_stated: bool = False) -> Formula:
    """`58 of 60 pass`, counted over results."""
    counted = f'COUNTIF({cells},"{PASS}")' + (f'+COUNTIF({cells},"{STATED}")' if with_stated else "")
    return Formula(f'=({counted})&" of "&ROWS({cells})&" {words}"', f"{passes} of {count} {words}")


def checks_line(checked: ChecksSheet) -> ProofLine:
    """How many checks pass."""
    cells = reference(CHECKS, f"G{FIRST_CHECK}:G{FIRST_CHECK + max(checked.count, 1) - 1}")
    text = passed(cells, checked.count - checked.failed, checked.count, "pass", with_stated=True)
    return ProofLine("Checks", text, (CHECKS, "A1"))
