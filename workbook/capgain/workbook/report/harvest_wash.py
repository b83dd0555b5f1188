"""The workings of wash sales among the ticks: right of the list, a row for each lot of a group in order of purchase."""

from __future__ import annotations

from collections.abc import Iterator

from capgain.engine.money import ZERO
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.workbook.report.harvest_list import FIRST, HEADING
from capgain.workbook.report.harvest_plan import HarvestPlan
from capgain.workbook.report.portfolio_layout import WORKING, WORKING_COUNT, WORKING_DAY, WORKING_HEADING
from capgain.workbook.sheets import Cell, Formula, Style, column_letter

HEADINGS = ("List row", "Group", "Bought", "Held after", "Sold at a loss", "Replaced")
UNITS = Style(name="CapGain Working Units", font_size=8, number_format="#,##0.########")

Placed = tuple[int, int, Cell]


def wash_block(plan: HarvestPlan, block: int) -> Iterator[Placed]:
    """The cells, from column `block` on."""
    for place, heading in enumerate(HEADINGS):
        yield HEADING, block + place, Cell(heading, WORKING_HEADING)
    letters = [column_letter(block + place) for place in range(len(HEADINGS))]
    _, group, bought, after, sold, replaced = letters
    last = FIRST + max(len(plan.replacements), 1) - 1

    def whole(letter: str) -> str:
        return f"{letter}${FIRST}:{letter}${last}"

    for place, one in enumerate(plan.replacements):
        row = FIRST + place
        lot = None if one.listed is None else plan.lots[one.listed]
        at = 0 if one.listed is None else FIRST + one.listed
        yield row, block, Cell(at, WORKING_COUNT)
        yield row, block + 1, Cell(one.group, WORKING_COUNT)
        yield row, block + 2, Cell(0 if one.bought is None else one.bought, WORKING_DAY)
        left = f"D{at}-K{at}" if at else f"{float(one.quantity)!r}"
        shares = f"({left})*{float(one.per_unit)!r}" if one.per_unit != 1 else left
        recent = f"AND({bought}{row}>0,ABS(As_Of-{bought}{row})<={WINDOW.days})"
        yield row, block + 3, Cell(Formula(f"=IF({recent},{shares},0)", plan.held_after[place]), UNITS)
        is_loss = lot is not None and one.per_unit == 1 and lot.sale_result < ZERO
        if at and one.per_unit == 1:
            units = lot.sold if lot is not None and is_loss else ZERO
            yield row, block + 4, Cell(Formula(f"=IF(L{at}<0,K{at},0)", units), UNITS)
        else:
            yield row, block + 4, Cell(0, WORKING)
        above = f"SUMIFS({replaced}${HEADING}:{replaced}{row - 1},{group}${HEADING}:{group}{row - 1},{group}{row})"
        free = f"SUMIFS({whole(after)},{whole(group)},{group}{row})-{after}{row}-{above}"
        text = f"=MAX(0,MIN({sold}{row},{free}))"
        yield row, block + 5, Cell(Formula(text, plan.replaced[place]), UNITS)
