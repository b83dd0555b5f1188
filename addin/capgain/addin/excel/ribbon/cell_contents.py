"""What a cell of the sheet model is in a block that goes into live Excel through `Range.formula`."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from capgain.workbook.sheets import Cell, DynamicFormula, Formula, Scalar
from capgain.workbook.written.serials import serial_of

Entered = str | float | bool | None

_PLAIN_TEXT = re.compile(r"[A-Za-z(\[][^0-9]*")
"""Text that Excel keeps as it stands: it begins with a letter and has no digit that could make it a date or number."""

_READ_AS_VALUE = frozenset({"true", "false"})


def entered(cell: Cell | None, *, date_1904: bool = False) -> Entered:
    """What has to be entered so that Excel holds the cell's content."""
    if cell is None or cell.content is None or cell.content == "":
        return None
    content = cell.content
    if isinstance(content, DynamicFormula):
        return content.text.replace("_xlfn.", "")
    if isinstance(content, Formula):
        content = content.within_excel
    if isinstance(content, Formula):
        return content.text
    return _entered_scalar(content, date_1904)


def _entered_scalar(content: Scalar, date_1904: bool) -> Entered:
    if isinstance(content, str):
        return content if is_plain_text(content) else f"'{content}"
    if isinstance(content, bool) or content is None:
        return content
    if isinstance(content, Decimal | int | float):
        return float(content)
    assert isinstance(content, date | datetime)
    serial = serial_of(content, date_1904=date_1904)
    return f"'{serial}" if isinstance(serial, str) else float(serial)


def is_plain_text(text: str) -> bool:
    """Whether Excel would take typed text for that text, and not for a formula, number, date, truth value or error."""
    return bool(_PLAIN_TEXT.fullmatch(text.replace("\n", " "))) and text.casefold() not in _READ_AS_VALUE
