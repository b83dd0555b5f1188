"""The `settings` argument: what it names goes before the workbook's own Settings sheet, the rest of which stands."""

from __future__ import annotations

from typing import Any

from capgain.addin.functions.cells import Block, ErrorCode, Failure
from capgain.engine.classes import FilingStatus
from capgain.workbook.reading.overrides import (
    SETTINGS_SHEET,
    NotASetting,
    header_place,
    parse_settings_text,
    setting_places,
    with_overrides,
)
from capgain.workbook.reading.setting_rows import settings_of
from capgain.workbook.written.columns_of_cells import Names, text_of

Stated = tuple[tuple[str, Any], ...]
"""Names and values."""


def settings_of_text(text: str) -> Stated:
    """What `Filing Status=mfs; Identical=VOO, IVV; GOOG, GOOGL` states. Raises Failure where it is not Name=Value."""
    try:
        return parse_settings_text(text)
    except NotASetting as error:
        raise Failure(ErrorCode.VALUE, f"settings: {error}") from None


def settings_of_range(block: Block) -> Stated:
    """What a range of two columns states, with or without a header. Raises Failure for a narrower one."""
    at_name, at_value = setting_places(block.rows)
    if max((len(row) for row in block.rows), default=0) <= max(at_name, at_value):
        raise Failure(ErrorCode.VALUE, "settings: a range of two columns is wanted, Name and Value.")
    header = header_place(block.rows)
    rows = block.rows if header is None else block.rows[header + 1 :]
    return tuple((name, row[at_value]) for row in rows if (name := text_of(row[at_name])))


def stated_status(own: Block | None, year: int) -> str:
    """The filing status of a year by the Settings sheet, else single. Raises Failure where it cannot be read."""
    if own is None:
        return FilingStatus.SINGLE.value
    read = settings_of(own.as_sheet(), Names(), Names())
    wrong = [problem for problem in read.problems if problem.is_error]
    if wrong:
        raise Failure(ErrorCode.VALUE, f"Settings have an error: {wrong[0]}")
    return (read.settings.filing_status.of(year) or FilingStatus.SINGLE).value


def with_stated(own: Block | None, stated: Stated) -> Block | None:
    """The Settings sheet as it would read with the stated values typed into it."""
    merged = with_overrides(None if own is None else own.as_sheet(SETTINGS_SHEET), stated)
    if merged is None:
        return None
    return Block.of_sheet(merged, date_1904=own is not None and own.date_1904)
