"""What the filled official forms say, read back from their fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from capgain.workbook.handoff.official_forms.filled_forms import FilledForm
from capgain.workbook.handoff.official_forms.form_fields import form_fields


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Amounts of the files with fields, in the rounding of those files: Schedule D's by line, and of Form 8949 the
    totals of all pages of a box by its columns (d), (e), (g) and (h). Empty where there is no such file."""

    schedule_d: Mapping[str, Decimal] = field(default_factory=dict)
    form_8949: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)


def schedule_d_read_back(filled: FilledForm, year: int) -> dict[str, Decimal]:
    """Column (h), or the amount, of every line that the filled form shows; losses negative again."""
    fields = _fields(filled)
    form = form_fields(year).schedule_d
    names = {**{line: row["h"] for line, row in form.rows.items()}, **form.lines}
    found: dict[str, Decimal] = {}
    for line, name in names.items():
        amount = _amount(fields, name)
        if amount is not None:
            found[line] = -abs(amount) if line in form.in_parentheses else amount
    return found


def form_8949_read_back(filled: FilledForm, year: int) -> dict[str, dict[str, Decimal]]:
    """The totals of every page, added up by the box that is ticked on it."""
    fields = _fields(filled)
    found: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for part in form_fields(year).form_8949.parts:
        above, copy = "", 1
        while above + part.name in fields:
            for box, name in part.boxes.items():
                if str(fields[above + name].value or "/Off") != "/Off":
                    for column, total in part.totals.items():
                        found[box][column] += _amount(fields, above + total) or 0
            copy += 1
            above = f"copy{copy}."
    return {box: dict(totals) for box, totals in found.items()}


def _fields(filled: FilledForm) -> Mapping[str, Any]:
    return {} if filled.fillable is None else PdfReader(BytesIO(filled.fillable)).get_fields() or {}


def _amount(fields: Mapping[str, Any], name: str) -> Decimal | None:
    """A field's amount, in parentheses negative; None where it is blank."""
    text = str(fields[name].value or "") if name in fields else ""
    if not text:
        return None
    amount = Decimal(text.strip("()").replace(",", ""))
    return -amount if text.startswith("(") else amount
