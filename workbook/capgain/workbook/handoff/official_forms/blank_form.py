"""An official form as a blank to copy: its pages and the rectangles, settings and names of its fields."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from capgain.workbook.handoff.official_forms.form_fields import FormFields, FormName, PartFields, ScheduleDFields
from capgain.workbook.handoff.official_forms.text_in_box import Align, FieldText

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it meets in a damaged file is told in our words
_MULTILINE = 1 << 12
_SIZE = re.compile(r"([\d.]+)\s+Tf\s*(.*)")
_ALIGN: Mapping[int, Align] = {0: "left", 1: "center", 2: "right"}


class UnreadablePdf(Exception):
    """Not a PDF with fillable fields; the message ends a sentence about the file."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One field on a page. `rect`: left, bottom, right, top in points. `on_state`: what a ticked checkbox is set to."""

    name: str
    page: int
    rect: tuple[float, float, float, float]
    on_state: str
    annotation: DictionaryObject
    inherited: Mapping[str, Any]

    @property
    def is_checkbox(self) -> bool:
        return bool(self.on_state)

    @property
    def text(self) -> FieldText:
        """How the field shows text."""
        left, bottom, right, top = self.rect
        found = _SIZE.search(str(self.setting("/DA") or ""))
        return FieldText(
            width=right - left,
            height=top - bottom,
            size=float(found[1]) if found and float(found[1]) else 8.0,
            align=_ALIGN.get(int(self.setting("/Q") or 0), "left"),
            is_multiline=bool(int(self.setting("/Ff") or 0) & _MULTILINE),
            color=found[2].strip() if found and found[2].strip() else "0 g",
        )

    def setting(self, key: str) -> Any:
        """The field's entry `key`, its own or inherited from the field above."""
        return self.annotation.get(key, self.inherited.get(key))


@dataclass(frozen=True)
class Template:
    """The pages of an official form and their fields."""

    reader: PdfReader
    widgets: tuple[Widget, ...]

    @classmethod
    def read(cls, path: Path) -> Template:
        """The form in `path`.

        Raises:
            UnreadablePdf: not a PDF, encrypted, or without fields.
        """
        try:
            reader = PdfReader(path)
            if reader.is_encrypted:
                raise UnreadablePdf("it is encrypted.")
            widgets = tuple(_widgets(reader))
        except UnreadablePdf:
            raise
        except Exception as error:  # pypdf meets damaged files with errors of every kind
            raise UnreadablePdf("it cannot be opened.") from error
        if not widgets:
            raise UnreadablePdf("it has no fields to fill in.")
        return cls(reader, widgets)

    @cached_property
    def by_name(self) -> Mapping[str, Widget]:
        return {widget.name: widget for widget in self.widgets}

    def on_page(self, page: int) -> Sequence[Widget]:
        return [widget for widget in self.widgets if widget.page == page]

    @cached_property
    def texts(self) -> Mapping[str, FieldText]:
        """How each field shows text, by name."""
        return {widget.name: widget.text for widget in self.widgets}

    @property
    def acro_form(self) -> Any:
        """The file's form dictionary."""
        root: Any = self.reader.trailer["/Root"]
        return root["/AcroForm"]

    @cached_property
    def glyph_widths(self) -> Mapping[str, int]:
        """Widths of the field font's characters in thousandths of its size (Helvetica Bold, code page 1252)."""
        widths: dict[str, int] = {}
        for font in self.acro_form["/DR"]["/Font"].values():
            entry = font.get_object()
            if "Bold" in entry.get("/BaseFont", "") and "/Widths" in entry:
                first = int(entry["/FirstChar"])
                for place, width in enumerate(entry["/Widths"]):
                    try:
                        widths[bytes([first + place]).decode("cp1252")] = int(width)
                    except UnicodeDecodeError:
                        continue
        return widths


def layout_fault(template: Template, form: FormName, fields: FormFields) -> str:
    """Why the file's fields are not those of `fields`, "" where they are: names, and the order of columns and lines."""
    expected = set(fields.of(form))
    present = {widget.name for widget in template.widgets}
    missing, extra = sorted(expected - present), sorted(present - expected)
    if missing or extra:
        parts = [f"lacks {len(missing)} known field(s) such as {missing[0]}"] if missing else []
        if extra:
            parts.append(f"has {len(extra)} unknown field(s) such as {extra[0]}")
        return " and ".join(parts)
    if form == "Schedule D":
        return _schedule_d_fault(template.by_name, fields.schedule_d)
    for part in fields.form_8949.parts:
        if fault := _part_fault(template.by_name, part):
            return fault
    return ""


def _part_fault(widgets: Mapping[str, Widget], part: PartFields) -> str:
    columns = [*part.rows, part.totals]
    if not all(_runs_right(widgets[name] for name in row.values()) for row in columns):
        return "its columns do not run from (a) to (h)"
    if any(
        abs(widgets[name].rect[0] - widgets[part.rows[0][column]].rect[0]) > 1
        for row in columns
        for column, name in row.items()
    ):
        return "its columns do not stand below each other"
    if not _runs_down(widgets[row["d"]] for row in columns) or not _runs_down(
        widgets[name] for name in part.boxes.values()
    ):
        return "its rows do not run from top to bottom"
    if any(widgets[name].page != part.page for name in part):
        return "its parts are not one to a page"
    return ""


def _schedule_d_fault(widgets: Mapping[str, Widget], form: ScheduleDFields) -> str:
    if not all(_runs_right(widgets[name] for name in row.values()) for row in form.rows.values()):
        return "its columns do not run from (d) to (h)"
    in_order = {**{line: row["h"] for line, row in form.rows.items()}, **form.lines}
    down = [widgets[in_order[line]] for line in sorted(in_order, key=_line_order)]
    if not _runs_down(down):
        return "its lines do not run from top to bottom"
    return ""


def _line_order(line: str) -> tuple[int, str]:
    number = line.rstrip("ab")
    return int(number), line.removeprefix(number)


def _runs_right(widgets: Iterable[Widget]) -> bool:
    lefts = [widget.rect[0] for widget in widgets]
    return lefts == sorted(lefts) and len(set(lefts)) == len(lefts)


def _runs_down(widgets: Iterable[Widget]) -> bool:
    places = [(widget.page, -widget.rect[1]) for widget in widgets]
    return places == sorted(places) and len(set(places)) == len(places)


def _widgets(reader: PdfReader) -> Iterable[Widget]:
    for number, page in enumerate(reader.pages):
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            if annotation.get("/Subtype") == "/Widget":
                yield _widget(annotation, number)


def _widget(annotation: DictionaryObject, page: int) -> Widget:
    names: list[str] = []
    inherited: dict[str, Any] = {}
    node: Any = annotation
    while node is not None:
        node = node.get_object()
        if "/T" in node:
            names.append(str(node["/T"]))
        for key in ("/FT", "/DA", "/Q", "/Ff", "/MaxLen"):
            if key in node:
                inherited.setdefault(key, node[key])
        node = node.get("/Parent")
    states: list[str] = []
    if inherited.get("/FT") == "/Btn" and "/AP" in annotation:
        states = [state for state in annotation["/AP"]["/N"] if state != "/Off"]  # type: ignore[index]
    left, bottom, right, top = (float(number) for number in cast(Sequence[Any], annotation["/Rect"]))
    return Widget(
        name=".".join(reversed(names)),
        page=page,
        rect=(left, bottom, right, top),
        on_state=states[0] if states else "",
        annotation=annotation,
        inherited=inherited,
    )
