"""Settings said outside the workbook: `--set "NAME=VALUE"`, and `Name=Value; Name=Value` in a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from capgain.engine.problems import CapgainError
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell

SETTINGS_SHEET = "Settings"


class NotASetting(CapgainError):
    """A text that should say NAME=VALUE and does not."""


def parse_override(text: str) -> tuple[str, str]:
    """The name and the value of `NAME=VALUE`; raises NotASetting."""
    name, equals, value = text.partition("=")
    name = " ".join(name.split())
    if not equals or not name:
        raise NotASetting(f'"{text}" does not set anything: write NAME=VALUE, such as "Filing Status=mfj".')
    return name, value.strip()


def parse_settings_text(text: str) -> tuple[tuple[str, str], ...]:
    """The names and values of `Name=Value; Name=Value`; a piece without `=` belongs to the value before it.

    So the groups of `Identical=VOO, IVV; GOOG, GOOGL` stay together. Raises NotASetting.
    """
    pieces: list[str] = []
    for piece in text.split(";"):
        if "=" not in piece and pieces and piece.strip():
            pieces[-1] += f";{piece}"
        elif piece.strip():
            pieces.append(piece)
    return tuple(parse_override(piece) for piece in pieces)


def with_overrides(settings: RawSheet | None, overrides: Iterable[tuple[str, str]]) -> RawSheet | None:
    """The Settings sheet as it would read with the overrides typed into it: values replaced, new names appended."""
    replacing = {_key(name): (name, value) for name, value in overrides}
    if not replacing:
        return settings
    if settings is None:
        settings = RawSheet(SETTINGS_SHEET, (("Name", "Value"),))
    at_name, at_value = setting_places(settings.rows)
    rows: list[Sequence[Cell]] = []
    replaced: set[int] = set()
    for number, row in enumerate(settings.rows, settings.first_row):
        stated = replacing.pop(_key(text_of(row[at_name])), None) if at_name < len(row) else None
        if stated is not None:
            row = [*row, *[None] * (at_value + 1 - len(row))]
            row[at_value] = stated[1]
            replaced.add(number)
        rows.append(row)
    for name, value in replacing.values():
        added: list[Cell] = [None] * (max(at_name, at_value) + 1)
        added[at_name], added[at_value] = name, value
        rows.append(added)
    return replace(settings, rows=rows, looks=settings.looks.without_rows(replaced))


def setting_places(rows: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    """The columns of Name and Value: by the header, else the first two."""
    place = header_place(rows)
    if place is None:
        return 0, 1
    words = [text_of(cell).casefold() for cell in rows[place]]
    name = words.index("name") if "name" in words else words.index("setting")
    return name, words.index("value")


def header_place(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row that reads Name (or Setting) and Value."""
    for place, row in enumerate(rows):
        words = {text_of(cell).casefold() for cell in row}
        if "value" in words and words & {"name", "setting"}:
            return place
    return None


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
