"""The sheet `Calendar`: lots turning long-term, wash-sale windows, year's end and tax days."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.engine.planning.calendar import Event, Kind, calendar
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Column, name_width
from capgain.workbook.report.portfolio_layout import ASSET, DAY, QUIET, SIGNED, Places, is_odd
from capgain.workbook.sheets import (
    HEADING,
    MUTED,
    TITLE,
    Cell,
    Formula,
    FormulaFormat,
    Note,
    Row,
    Sheet,
    Style,
    address,
)

NAME = "Calendar"
COLUMNS = (
    Column("Date", 12),
    Column("In days", 8),
    Column("What", 74),
    Column("Asset", 9),
    Column("Account", 22),
    Column("Gain or (loss) of it now", 14, "Of the lots that turn long-term on that day, at the prices of Portfolio"),
    Column("Why", 40),
)
HEADING_ROW = 3
SOON, NEAR = 7, 31
"""days: red and amber"""

REASON = QUIET.but("CapGain Reason", align="left", indent=1)
DATED = DAY.but("CapGain Calendar Date", bold=True)
IN_DAYS = Style(name="CapGain In Days", number_format="0;-0;0", align="center")
RED = Style(name="CapGain Calendar Red", fill="FFC7CE")
AMBER = Style(name="CapGain Calendar Amber", fill="FFEB9C")
PAST = Style(name="CapGain Calendar Past", colour="A6A6A6")
HOW = (
    "What falls due, seen from the day on Portfolio. The same as a file for your own calendar: capgain calendar LEDGER "
    "-o dates.ics"
)


def calendar_sheet(papers: Workpapers, places: Places) -> Sheet | None:
    """The sheet, or None where no day lies ahead."""
    events = calendar(papers.report, places.held)
    if not events:
        return None
    rows: list[Row] = [(Cell("Calendar", TITLE), None, Cell(HOW, MUTED)), ()]
    rows.append([Cell(column.heading, HEADING) for column in COLUMNS])
    rows += [_row(event, number, places) for number, event in enumerate(events, HEADING_ROW + 1)]
    last, end = len(rows), address(1, len(COLUMNS)).rstrip("1")
    area = f"A{HEADING_ROW + 1}:{end}{last}"
    first = HEADING_ROW + 1
    names = {"Asset": [one.asset for one in events], "Account": [one.account for one in events]}
    widths = tuple(name_width(column.width, names.get(column.heading, ())) for column in COLUMNS)
    return Sheet(
        name=NAME,
        rows=rows,
        widths=widths,
        heights={1: 24.0, HEADING_ROW: 28.0},
        freeze=(HEADING_ROW, 0),
        page=papers.page(NAME, landscape=True, repeat=(HEADING_ROW, HEADING_ROW)),
        tab="548235",
        gridlines=False,
        autofilter=f"A{HEADING_ROW}:{end}{last}",
        notes=tuple(
            Note(address(HEADING_ROW, place), column.note) for place, column in enumerate(COLUMNS, 1) if column.note
        ),
        conditional_formats=(
            FormulaFormat(area, f"=AND($B{first}>=0,$B{first}<={SOON})", RED),
            FormulaFormat(area, f"=AND($B{first}>{SOON},$B{first}<={NEAR})", AMBER),
            FormulaFormat(area, f"=$B{first}<0", PAST),
        ),
    )


def _row(event: Event, number: int, places: Places) -> Row:
    in_days = Formula(f"=A{number}-As_Of", (event.day - places.held.as_of).days)
    return [
        Cell(event.day, DATED),
        Cell(in_days, IN_DAYS),
        Cell(event.what),
        Cell(event.asset, ASSET),
        Cell(event.account),
        _gain(event, number, places) if event.kind is Kind.TURNS_LONG else None,
        Cell(event.why, REASON),
    ]


def _gain(event: Event, number: int, places: Places) -> Cell:
    """What the lots that turn long-term on the day have gained; 0 shows as a dash where there is no price."""
    expected: Decimal = ZERO if event.gain is None else event.gain
    if not places.is_live:
        return Cell(expected, SIGNED)
    text = f"=SUMIFS(Lot_Unrealized,Lot_Asset,D{number},Lot_LongFrom,A{number})"
    if is_odd(event.asset):
        text = f"=SUMPRODUCT((Lot_Asset=D{number})*(Lot_LongFrom=A{number}),Lot_Unrealized)"
    return Cell(Formula(text, expected), SIGNED)
