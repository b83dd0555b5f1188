"""A year's Schedule D and Form 8949 written into the official forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capgain.engine.forms.form_8949 import Totals
from capgain.workbook.handoff.official_forms.blank_form import Template
from capgain.workbook.handoff.official_forms.filled_pdf import PageCopy, fillable_pdf, flat_pdf
from capgain.workbook.handoff.official_forms.form_fields import (
    Form8949Fields,
    form_fields,
)
from capgain.workbook.handoff.official_forms.forms_folder import OfficialForm
from capgain.workbook.report.printed_rows import DEFERRED, PrintedForm, PrintedPage, amount_text, amount_texts

MOST_FILLABLE_PAGES = 60
"""Beyond this a file with editable fields is slow to open in any viewer; the flat copy has every page."""


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """Name and number at the head of a form, as they are to be printed."""

    name: str
    ssn: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A filled form: with editable fields (None where there would be too many pages) and flat. `pages` in all."""

    fillable: bytes | None
    flat: bytes
    pages: int


def with_hyphens(ssn: str) -> str:
    """Nine digits as `123-45-6789`; anything else as it was given."""
    digits = "".join(character for character in ssn if character.isdigit())
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 9 else ssn.strip()


def filled_form_8949(
    official: OfficialForm,
    printed: PrintedForm,
    taxpayer: Taxpayer,
    progress: Callable[[int, int], None] | None = None,
) -> FilledForm:
    """Every page of a year's Form 8949: as many copies of each part as its boxes need."""
    template, fields = Template.read(official.path), form_fields(official.year).form_8949
    copies = [_page_copy(fields, page, taxpayer, printed.in_whole_dollars) for page in _deferrals_first(printed.pages)]
    return _filled(template, copies, f"Form 8949 ({official.year})", progress)


def _deferrals_first(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    """Copies that list code Z are attached first (Instructions for Form 8949)."""
    return sorted(pages, key=lambda page: not any(DEFERRED in row.codes for row in page.rows))


def filled_schedule_d(
    official: OfficialForm, lines: Mapping[str, Any], taxpayer: Taxpayer, *, in_whole_dollars: bool
) -> FilledForm:
    """Schedule D with its lines. `lines` are a ScheduleD's amounts by number: Totals, Decimals and answers.

    A line that is not there stays empty; the question about qualified opportunity funds is the taxpayer's to answer.
    """
    template, fields = Template.read(official.path), form_fields(official.year).schedule_d
    texts = {fields.name: taxpayer.name, fields.ssn: taxpayer.ssn}
    ticked: set[str] = set()
    for line, value in lines.items():
        if line in fields.rows:
            texts.update(_totals_texts(fields.rows[line], value, in_whole_dollars) if value.rows else {})
        elif line in fields.lines:
            shown = abs(value) if line in fields.in_parentheses else value
            texts[fields.lines[line]] = amount_text(shown, in_whole_dollars) if _is_entered(line, value) else ""
        elif line in fields.questions:
            ticked.add(fields.questions[line].yes if value else fields.questions[line].no)
    copies = [
        PageCopy(
            page,
            {name: text for name, text in texts.items() if template.by_name[name].page == page},
            frozenset(name for name in ticked if template.by_name[name].page == page),
        )
        for page in range(len(template.reader.pages))
    ]
    return _filled(template, copies, f"Schedule D (Form 1040) ({official.year})", None)


_ALWAYS = frozenset({"7", "15", "16"})
"""Lines that are entered even when they are zero."""


def _is_entered(line: str, value: Decimal) -> bool:
    return line in _ALWAYS or value != 0


def _totals_texts(names: Mapping[str, str], totals: Totals, in_whole_dollars: bool) -> dict[str, str]:
    """The fields of columns (d) to (h); (g) is left empty where nothing was adjusted."""
    shown = amount_texts(totals, in_whole_dollars)
    return {name: shown[column] for column, name in names.items() if column != "g" or totals.adjustment}


def _page_copy(form: Form8949Fields, page: PrintedPage, taxpayer: Taxpayer, in_whole_dollars: bool) -> PageCopy:
    part = form.part_of(page.box)
    texts = {part.name: taxpayer.name, part.ssn: taxpayer.ssn}
    for fields, row in zip(part.rows, page.rows, strict=False):
        texts.update({fields[letter]: text for letter, text in row.texts(in_whole_dollars).items()})
    texts.update(_totals_texts(part.totals, page.totals, in_whole_dollars))
    return PageCopy(part.page, texts, frozenset({part.boxes[page.box]}))


def _filled(
    template: Template, copies: Sequence[PageCopy], title: str, progress: Callable[[int, int], None] | None
) -> FilledForm:
    fillable = fillable_pdf(template, copies, title=title) if len(copies) <= MOST_FILLABLE_PAGES else None
    return FilledForm(fillable, flat_pdf(template, copies, title=title, progress=progress), len(copies))
