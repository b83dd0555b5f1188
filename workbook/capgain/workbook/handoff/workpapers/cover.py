"""The sheet `Cover`: one page that says where the return stands, its figures, its proof, and who signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import assert_never

from capgain.engine.forms.boxes import DIRECT_LINES
from capgain.engine.forms.form_8949 import Form8949, Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.workbook.handoff.status import Status
from capgain.workbook.handoff.workpapers.box_sheets import BoxSheet
from capgain.workbook.handoff.workpapers.income_by_kind import NAME as INCOME_BY_KIND
from capgain.workbook.handoff.workpapers.income_by_kind import KindOfIncome
from capgain.workbook.handoff.workpapers.open_points import BLOCKS, OpenPoints
from capgain.workbook.handoff.workpapers.open_points import NAME as OPEN_POINTS
from capgain.workbook.handoff.workpapers.question_sheet import NAME as QUESTIONS
from capgain.workbook.handoff.workpapers.question_sheet import QuestionSheet
from capgain.workbook.report.checks import FIRST_ROW as FIRST_CHECK
from capgain.workbook.report.checks import NAME as CHECKS
from capgain.workbook.report.checks import PASS, STATED, ChecksSheet
from capgain.workbook.report.context import Workpapers, engine_version
from capgain.workbook.report.form_8949 import ADJUSTMENT, BASIS, GAIN, PROCEEDS
from capgain.workbook.report.form_styles import SIGN_OFF
from capgain.workbook.report.kept_entries import CHANGED
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.readme import NOT_READY, READY
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.report.summary import STATUS_TEXT
from capgain.workbook.sheets import (
    BAD,
    BOLD,
    GOOD,
    LINK,
    NOTICE,
    Cell,
    Formula,
    FormulaFormat,
    Row,
    Sheet,
    Style,
    fitted_heights,
    link_to,
    reference,
)

NAME = "Cover"
WIDTHS = (34, 15, 15, 15, 15, 9)
WIDTH = len(WIDTHS)
MOST_POINTS = 8
PLACES = ("Prepared by", "Reviewed by", "Partner")
YEAR_NOT_OVER, DRAFT = "YEAR NOT OVER", "DRAFT - NOT READY TO FILE"

_BAR = Style(name="CapGain Cover Bar", bold=True, font_size=11, fill="1F3864", colour="FFFFFF")
_HEAD = Style(name="CapGain Cover Heading", bold=True, fill="D9E2F3", border="b")
_HEAD_RIGHT = _HEAD.but("CapGain Cover Heading Right", align="right")
_HEAD_BESIDE = _HEAD.but("CapGain Cover Heading Beside", indent=1)
_AMOUNT = Style(name="CapGain Cover Amount", number_format="#,##0.00_);[Red](#,##0.00);0.00_)")
_TOTAL = _AMOUNT.but("CapGain Cover Total", bold=True, border="t")
_COUNT = Style(name="CapGain Cover Count", number_format="#,##0", align="right")
_TEXT = Style(name="CapGain Cover Text")
_BESIDE = Style(name="CapGain Cover Beside", indent=1)
_SMALL = Style(name="CapGain Cover Small", font_size=9, colour="595959")
_SMALL_BESIDE = _SMALL.but("CapGain Cover Small Beside", indent=1)
_NAME = Style(name="CapGain Cover Name", bold=True, font_size=16)
_POINT = Style(name="CapGain Cover Point", font_size=9)
_OPEN = SIGN_OFF.but("CapGain Cover Open", border="tblr")
_OPEN_AMOUNT = _OPEN.but("CapGain Cover Open Amount", number_format=_AMOUNT.number_format)
_OPEN_DAY = _OPEN.but("CapGain Cover Open Day", number_format="mm/dd/yyyy", align="center")
_GATE = {
    Status.READY: GOOD.but("CapGain Cover Ready", font_size=14, indent=1),
    Status.NOT_READY: BAD.but("CapGain Cover Not Ready", font_size=14, indent=1),
    Status.YEAR_NOT_OVER: NOTICE.but("CapGain Cover Year", bold=True, font_size=14, indent=1, wrap=False),
    Status.DRAFT: NOTICE.but("CapGain Cover Draft", bold=True, font_size=14, indent=1, wrap=False),
}
POINT_LETTERS = 126
"""of an open point that fit the page"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverFacts:
    """The head of the cover. `ends` is the last day that the figures know of."""

    status: Status
    made_on: str
    ends: str
    checked: ChecksSheet | None
    points: OpenPoints
    asked: QuestionSheet
    missing_forms: Sequence[str] = field(default_factory=tuple)


def cover(papers: Workpapers, facts: CoverFacts, figures: CoverFigures | None) -> Sheet:
    """Lay the page out; without `figures` the cover of a draft."""
    rows: list[Row] = [(), *_head(papers, facts, figures)]
    if figures is not None:
        rows += [*_boxes(figures, len(rows) + 1), ()]
        rows += [*_the_year(papers, figures), ()]
        rows += [*_income(figures), ()]
        rows += [*_told("Tax on the gains", figures.tax), ()]
        rows += [*_told("Proof", figures.proof), ()]
    rows += _points(facts)
    blocking = len(rows) + 1
    rows.append(
        _count("Blocking", f'=COUNTIF({reference(OPEN_POINTS, BLOCKS)},"yes")', facts.points.blocking, OPEN_POINTS)
    )
    cells = reference(QUESTIONS, facts.asked.answer_cells)
    unanswered = len(facts.asked.unanswered)
    rows.append(_count("Questions not answered", f"=ROWS({cells})-COUNTA({cells})", unanswered, QUESTIONS))
    questions_row = len(rows)
    rows += [(), _bar("Sign-off"), (Cell("Who", _HEAD), Cell("Name", _HEAD), Cell("Date", _HEAD), *_blank(_HEAD, 3))]
    rows += [(Cell(role, _TEXT), Cell(None, _OPEN), Cell(None, _OPEN_DAY)) for role in PLACES]
    gate = _GATE[facts.status]
    rows[0] = (Cell(_state(facts, blocking), gate), *_blank(gate, WIDTH - 1))
    last = len(rows)
    return Sheet(
        name=NAME,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS) | {1: 26, last: 18, last - 1: 18, last - 2: 18},
        page=replace(papers.page("Cover"), pages_tall=1, area=f"A1:F{last}"),
        tab={Status.READY: "00B050", Status.NOT_READY: "C00000"}.get(facts.status, "BF8F00"),
        gridlines=False,
        protected=True,
        conditional_formats=(
            FormulaFormat("A1:F1", f'$A$1="{READY}"', _GATE[Status.READY]),
            FormulaFormat("A1:F1", f'$A$1="{NOT_READY}"', _GATE[Status.NOT_READY]),
            FormulaFormat(f"A{questions_row}:B{questions_row}", f"$B${questions_row}>0", NOTICE),
            FormulaFormat(f"A{blocking}:B{blocking}", f"$B${blocking}>0", BAD),
        ),
        named_by=1,
    )


def _state(facts: CoverFacts, blocking: int) -> str | Formula:
    """READY TO FILE while every check passes and no open point blocks; a year not over and a draft are said at once."""
    match facts.status:
        case Status.DRAFT:
            return DRAFT
        case Status.YEAR_NOT_OVER:
            return f"{YEAR_NOT_OVER}: figures to {facts.ends}"
        case Status.READY | Status.NOT_READY:
            assert facts.checked is not None
            ready = READY if facts.status is Status.READY else NOT_READY
            checks = f'{reference(CHECKS, facts.checked.all_pass_cell)}<>"{PASS}"'
            return Formula(f'=IF({checks},"{NOT_READY}",IF(B{blocking}>0,"{NOT_READY}","{READY}"))', ready)
        case _:
            assert_never(facts.status)


def _head(papers: Workpapers, facts: CoverFacts, figures: CoverFigures | None) -> list[Row]:
    about = ["Capital gains workpapers"]
    if figures is not None:
        about += [f"tax year {figures.year.year}", STATUS_TEXT[figures.year.status].lower()]
    if papers.ssn:
        about.append(f"SSN {papers.ssn}")
    digest = papers.source.sha256
    rows: list[Row] = [
        (Cell(papers.taxpayer or "Name: not stated in Settings", _NAME),),
        (Cell(", ".join(about), _TEXT),),
        (
            Cell(
                f"CapGain {engine_version()}, made {facts.made_on} from {papers.source.path.name} "
                f"({len(papers.report.ledger.transactions):,} rows, SHA-256 {digest[:5]}...{digest[-5:]})",
                _SMALL,
            ),
        ),
    ]
    return [*rows, ()]


def _bar(text: str) -> Row:
    return (Cell(text, _BAR), *_blank(_BAR, WIDTH - 1))


def _blank(style: Style, count: int) -> list[Cell]:
    return [Cell(None, style) for _ in range(count)]


def _boxes(figures: CoverFigures, first: int) -> list[Row]:
    """A line for each box used, each line of Exception 1, and all of them."""
    heads = ("Proceeds (d)", "Basis (e)", "Adjustment (g)", "Gain or loss (h)", "Rows")
    rows: list[Row] = [_bar("Form 8949 and Schedule D")]
    rows.append((Cell("Box", _HEAD), *(Cell(head, _HEAD_RIGHT) for head in heads)))
    start = first + len(rows)
    gains = figures.gains
    for box, one in figures.boxes.items():
        totals = figures.form.boxes[box]
        amounts = zip((PROCEEDS, BASIS, ADJUSTMENT, GAIN), _amounts(totals), strict=True)
        rows.append(
            (
                link_to(one.sheet.name, "A1", f"{box}  {_IN_A_FEW_WORDS[box]}", LINK),
                *(
                    Cell(Formula(f"={reference(one.sheet.name, f'{letter}{one.total}')}", amount), _AMOUNT)
                    for letter, amount in amounts
                ),
                Cell(totals.rows, _COUNT),
            )
        )
    for line, term in DIRECT_LINES.items():
        totals = figures.form.direct[term]
        if totals.rows:
            heading = ("Proceeds", "Basis", "Adjustment", "Gain")
            sums = [f'=SUMIFS({gains.cells(one)},{gains.cells("Form line")},"{line}")' for one in heading]
            cells = [Cell(Formula(text, amount), _AMOUNT) for text, amount in zip(sums, _amounts(totals), strict=True)]
            label = link_to(figures.schedule_d_sheet, line_cell(line), f"Line {line}  not on Form 8949", LINK)
            rows.append((label, *cells, Cell(totals.rows, _COUNT)))
    end = first + len(rows) - 1
    if end < start:
        return [*rows, (Cell("No sales in the year.", _SMALL),)]
    every = [*(figures.form.boxes[box] for box in figures.boxes), *figures.form.direct.values()]
    wholes = [sum(amounts, ZERO) for amounts in zip(*map(_amounts, every), strict=True)]
    added = [
        Cell(Formula(f"=SUM({letter}{start}:{letter}{end})", amount), _TOTAL)
        for letter, amount in zip("BCDE", wholes, strict=True)
    ]
    count = Decimal(sum(one.rows for one in every))
    rows.append((Cell("All boxes", BOLD), *added, Cell(Formula(f"=SUM(F{start}:F{end})", count), _COUNT)))
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


def _the_year(papers: Workpapers, figures: CoverFigures) -> list[Row]:
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
    rows: list[Row] = [_bar("The year")]
    for left, amount, right, other, is_stated in pairs:
        rows.append(
            (
                Cell(left, _TEXT),
                Cell(amount, _AMOUNT),
                Cell(right, _BESIDE),
                None,
                Cell(other, _AMOUNT),
                Cell("stated" if is_stated else None, _SMALL),
            )
        )
    if figures.withheld is not None:
        rows.append((Cell("Tax withheld by brokers (sheet 1099)", _TEXT), Cell(figures.withheld, _AMOUNT)))
    return rows


def _income(figures: CoverFigures) -> list[Row]:
    rows: list[Row] = [_bar("Income in the ledger, by kind")]
    if not figures.kinds:
        return [*rows, (Cell("none", _SMALL),)]
    heads = (Cell("Amount", _HEAD_RIGHT), Cell("Goes to", _HEAD_BESIDE), Cell(None, _HEAD))
    rows.append((Cell("Kind", _HEAD), *heads, Cell("On 1099s", _HEAD_RIGHT), Cell("Tick", _HEAD_BESIDE)))
    for kind in figures.kinds:
        total = Formula(f"={reference(INCOME_BY_KIND, f'C{figures.income_rows[kind.label]}')}", kind.amount)
        goes_to = kind.goes_to.partition(";")[0]
        rows.append(
            (
                Cell(kind.label, _TEXT),
                Cell(total, _AMOUNT),
                Cell(goes_to, _BESIDE),
                None,
                Cell(None, _OPEN_AMOUNT),
                Cell(None, _OPEN),
            )
        )
    return rows


def _told(title: str, lines: Sequence[ProofLine]) -> list[Row]:
    rows: list[Row] = [_bar(title)]
    for line in lines:
        if isinstance(line.text, Formula) and isinstance(line.text.expected, Decimal):
            shown = Cell(line.text, _AMOUNT)
        else:
            shown = Cell(line.text, _TEXT)
        rows.append((link_to(*line.place, line.label, LINK) if line.place else Cell(line.label, _TEXT), shown))
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


def _points(facts: CoverFacts) -> list[Row]:
    rows: list[Row] = [_bar("Open points")]
    points = facts.points.points
    for number, point in enumerate(points[:MOST_POINTS], start=1):
        text = " ".join(point.text.split())
        text = text if len(text) <= POINT_LETTERS else f"{text[: POINT_LETTERS - 3]}..."
        rows.append((Cell(f"{number}  {text}", _POINT),))
    if len(points) > MOST_POINTS:
        rows.append((link_to(OPEN_POINTS, "A1", f"and {len(points) - MOST_POINTS} more: sheet {OPEN_POINTS}"),))
    if not points:
        rows.append((Cell("none", _SMALL),))
    return rows


def _count(label: str, formula: str, expected: int, sheet: str) -> Row:
    number = Cell(Formula(formula, Decimal(expected)), _COUNT)
    return (Cell(label, BOLD), number, link_to(sheet, "A1", f"sheet {sheet}", _BESIDE_LINK))


_BESIDE_LINK = LINK.but("CapGain Cover Link Beside", indent=1)


def review_questioned(sheets: Sequence[Sheet]) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets with a question mark behind the reviewer's name, as the return that was signed has changed."""
    found: list[Sheet] = []
    remarks: list[str] = []
    for sheet in sheets:
        if sheet.name == NAME:
            rows = [list(row) for row in sheet.rows]
            for row in rows:
                name = row[1] if len(row) > 1 else None
                if row and row[0] is not None and row[0].content == "Reviewed by" and name is not None:
                    text = "" if name.content is None else str(name.content)
                    if text and not text.endswith(CHANGED):
                        row[1] = Cell(f"{text}{CHANGED}", name.style)
                        remarks.append(f"{NAME}: Schedule D changed since {text!r} signed as reviewer.")
            found.append(replace(sheet, rows=rows))
        else:
            found.append(sheet)
    return found, tuple(remarks)
