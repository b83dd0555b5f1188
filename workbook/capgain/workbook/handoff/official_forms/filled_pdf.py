"""Copies of an official form's pages with values: fillable, or flat for any viewer and printer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from capgain.workbook.handoff.official_forms.blank_form import Template, Widget
from capgain.workbook.handoff.official_forms.text_in_box import text_operators

_FONT = "/CapgainText"
_WIDGET_KEYS = ("/FT", "/DA", "/Q", "/Ff", "/MaxLen", "/MK", "/BS", "/TU")
_PAGE_KEYS = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate")
_PRINTED = 4
"""Annotation flag: the field prints."""


@dataclass(frozen=True, slots=True)
class PageCopy:
    """One page of the form, filled: `page` counts from 0, `texts` by field name, `ticked` the checkboxes."""

    page: int
    texts: Mapping[str, str]
    ticked: frozenset[str] = frozenset()


def fillable_pdf(template: Template, copies: Sequence[PageCopy], *, title: str) -> bytes:
    """The filled pages with their fields still editable.

    The first copy of each page keeps the IRS's field names, the n-th has them below `copyN`. Values carry their
    appearance, so that no viewer needs to make one.

    Raises:
        KeyError: a copy names a field that its page does not have.
    """
    pages = _Pages(template, title)
    fields = _FieldTree(pages.writer)
    made: dict[int, int] = {}
    for copy in copies:
        made[copy.page] = made.get(copy.page, 0) + 1
        above = [f"copy{made[copy.page]}"] if made[copy.page] > 1 else []
        page = pages.add(copy)
        annotations = ArrayObject()
        for widget in template.on_page(copy.page):
            entry = pages.field_entry(widget, copy)
            reference = pages.writer._add_object(entry)
            fields.add([*above, *widget.name.split(".")], entry, reference)
            annotations.append(reference)
        page[NameObject("/Annots")] = annotations
    form = template.acro_form
    pages.writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): fields.kids,
            NameObject("/DR"): form["/DR"].clone(pages.writer),
            NameObject("/DA"): TextStringObject(str(form.get("/DA", "/Helv 0 Tf 0 g"))),
        }
    )
    return pages.finished()


def flat_pdf(
    template: Template,
    copies: Sequence[PageCopy],
    *,
    title: str,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """The filled pages with the values drawn on them: no fields, the same in every viewer.

    `progress` hears of pages done and in all.

    Raises:
        KeyError: a copy names a field that its page does not have.
    """
    pages = _Pages(template, title)
    for number, copy in enumerate(copies, start=1):
        pages.draw_on(pages.add(copy), copy)
        if progress is not None:
            progress(number, len(copies))
    return pages.finished()


class _Pages:
    """Pages of a new PDF that share the form's drawing, fonts and tick marks."""

    def __init__(self, template: Template, title: str) -> None:
        self.template = template
        self.writer = PdfWriter()
        self.writer.add_metadata({"/Title": title, "/Author": "CapGain", "/Creator": "CapGain", "/Producer": "CapGain"})
        self.font = self.writer._add_object(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject("/Helvetica-Bold"),
                    NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
                }
            )
        )
        self.blanks: dict[int, DictionaryObject] = {}
        self.appearances: dict[str, DictionaryObject] = {}
        self.before = self._stream(b"q\n")
        self.after = self._stream(b"\nQ\n")

    def add(self, copy: PageCopy) -> PageObject:
        """A new page that shows the form's page, without fields."""
        for name in (*copy.texts, *copy.ticked):
            if self.template.by_name[name].page != copy.page:
                raise KeyError(name)
        if copy.page not in self.blanks:
            source = self.template.reader.pages[copy.page]
            blank = DictionaryObject({NameObject("/Type"): NameObject("/Page")})
            for key in _PAGE_KEYS:
                if key in source:
                    blank[NameObject(key)] = source.raw_get(key).clone(self.writer)
            resources = _copied(blank["/Resources"])
            fonts = _copied(resources["/Font"])
            fonts[NameObject(_FONT)] = self.font
            resources[NameObject("/Font")] = fonts
            blank[NameObject("/Resources")] = self.writer._add_object(resources)
            self.blanks[copy.page] = blank
        page = PageObject(self.writer)
        page.update(self.blanks[copy.page])
        return self.writer.add_page(page)

    def draw_on(self, page: PageObject, copy: PageCopy) -> None:
        """The copy's values, as a drawing over the form's."""
        drawn: list[bytes] = []
        marks = DictionaryObject()
        for name, text in copy.texts.items():
            if text:
                widget = self.template.by_name[name]
                drawn.append(
                    _placed(widget, text_operators(text, self.template.texts[name], self.template.glyph_widths, _FONT))
                )
        for place, name in enumerate(sorted(copy.ticked)):
            widget = self.template.by_name[name]
            marks[NameObject(f"/Tick{place}")] = self._appearance(widget).raw_get(widget.on_state)
            drawn.append(_placed(widget, f"/Tick{place} Do".encode()))
        overlay = DecodedStreamObject()
        overlay.set_data(b"\n".join(drawn))
        content = page["/Contents"]
        form = content if isinstance(content, ArrayObject) else ArrayObject([page.raw_get("/Contents")])
        page[NameObject("/Contents")] = ArrayObject(
            [self.before, *form, self.after, self.writer._add_object(overlay.flate_encode())]
        )
        if marks:
            resources = _copied(page["/Resources"])
            resources[NameObject("/XObject")] = marks
            page[NameObject("/Resources")] = resources

    def field_entry(self, widget: Widget, copy: PageCopy) -> DictionaryObject:
        """A field of the copy with its value and appearance, empty where the copy gives none."""
        left, bottom, right, top = widget.rect
        entry = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/Rect"): ArrayObject(FloatObject(number) for number in (left, bottom, right, top)),
                NameObject("/F"): NumberObject(_PRINTED),
                NameObject("/T"): TextStringObject(widget.name.rsplit(".", 1)[-1]),
            }
        )
        for key in _WIDGET_KEYS:
            value = widget.setting(key)
            if value is not None:
                entry[NameObject(key)] = value.clone(self.writer) if hasattr(value, "clone") else value
        if widget.is_checkbox:
            state = NameObject(widget.on_state if widget.name in copy.ticked else "/Off")
            entry[NameObject("/V")] = state
            entry[NameObject("/AS")] = state
            entry[NameObject("/AP")] = DictionaryObject({NameObject("/N"): self._appearance(widget)})
        elif text := copy.texts.get(widget.name):
            entry[NameObject("/V")] = TextStringObject(text)
            shown = DecodedStreamObject()
            operators = text_operators(text, self.template.texts[widget.name], self.template.glyph_widths, _FONT)
            shown.set_data(b"/Tx BMC\n" + operators + b"\nEMC")
            shown.update(
                {
                    NameObject("/Type"): NameObject("/XObject"),
                    NameObject("/Subtype"): NameObject("/Form"),
                    NameObject("/BBox"): ArrayObject(FloatObject(side) for side in (0, 0, right - left, top - bottom)),
                    NameObject("/Resources"): DictionaryObject(
                        {NameObject("/Font"): DictionaryObject({NameObject(_FONT): self.font})}
                    ),
                }
            )
            entry[NameObject("/AP")] = DictionaryObject({NameObject("/N"): self.writer._add_object(shown)})
        return entry

    def finished(self) -> bytes:
        target = BytesIO()
        self.writer.write(target)
        return target.getvalue()

    def _appearance(self, widget: Widget) -> DictionaryObject:
        """A checkbox's looks by state, copied once."""
        if widget.name not in self.appearances:
            source: Any = widget.annotation["/AP"]
            self.appearances[widget.name] = source["/N"].clone(self.writer)
        return self.appearances[widget.name]

    def _stream(self, data: bytes) -> IndirectObject:
        stream = DecodedStreamObject()
        stream.set_data(data)
        return self.writer._add_object(stream)


@dataclass
class _FieldTree:
    """Fields by the parts of their dotted names, as PDF wants them."""

    writer: PdfWriter
    kids: ArrayObject = field(default_factory=ArrayObject)
    _inner: dict[tuple[str, ...], tuple[ArrayObject, IndirectObject]] = field(default_factory=dict)

    def add(self, path: Sequence[str], entry: DictionaryObject, reference: IndirectObject) -> None:
        """Hangs the field `path` into the tree."""
        kids, parent = self._kids_of(tuple(path[:-1]))
        if parent is not None:
            entry[NameObject("/Parent")] = parent
        kids.append(reference)

    def _kids_of(self, path: tuple[str, ...]) -> tuple[ArrayObject, IndirectObject | None]:
        if not path:
            return self.kids, None
        if path not in self._inner:
            above, parent = self._kids_of(path[:-1])
            kids = ArrayObject()
            node = DictionaryObject({NameObject("/T"): TextStringObject(path[-1]), NameObject("/Kids"): kids})
            if parent is not None:
                node[NameObject("/Parent")] = parent
            reference = self.writer._add_object(node)
            above.append(reference)
            self._inner[path] = (kids, reference)
        return self._inner[path]


def _placed(widget: Widget, operators: bytes) -> bytes:
    left, bottom = widget.rect[:2]
    return b"q 1 0 0 1 %.2f %.2f cm\n%s\nQ" % (left, bottom, operators)


def _copied(dictionary: Any) -> DictionaryObject:
    """A dictionary of its own with the same entries."""
    copied = DictionaryObject()
    copied.update(dictionary.get_object())
    return copied
