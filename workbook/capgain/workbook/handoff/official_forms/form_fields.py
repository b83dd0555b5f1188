"""Where each amount stands in the fillable forms of a tax year: field names as data, one TOML a year."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

COLUMNS = "abcdefgh"
"""The columns of a row of Form 8949, in the order of its fields."""

FormName = Literal["Schedule D", "Form 8949"]


@dataclass(frozen=True, slots=True)
class Question:
    """A pair of checkboxes."""

    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class ScheduleDFields:
    """Field names of Schedule D. `rows` are the lines with columns (d), (e), (g), (h), by line and column.

    `in_parentheses` are the lines whose parentheses are printed: the amount goes in without its sign.
    """

    title: str
    name: str
    ssn: str
    rows: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, str]
    questions: Mapping[str, Question]
    in_parentheses: frozenset[str]
    unused: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        """Every field of the form."""
        yield from (self.name, self.ssn, *self.lines.values(), *self.unused)
        for row in self.rows.values():
            yield from row.values()
        for question in self.questions.values():
            yield from (question.yes, question.no)


@dataclass(frozen=True, slots=True)
class PartFields:
    """Field names of one part of Form 8949, which is one page: `page` counts from 0, `rows` by row and column."""

    page: int
    name: str
    ssn: str
    boxes: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    totals: Mapping[str, str]
    unused: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        """Every field of the part."""
        yield from (self.name, self.ssn, *self.boxes.values(), *self.totals.values(), *self.unused)
        for row in self.rows:
            yield from row.values()


@dataclass(frozen=True, slots=True)
class Form8949Fields:
    """Field names of Form 8949: part I is short-term, part II long-term."""

    title: str
    parts: tuple[PartFields, PartFields]

    def __iter__(self) -> Iterator[str]:
        """Every field of the form."""
        for part in self.parts:
            yield from part

    def part_of(self, box: str) -> PartFields:
        """The part that has `box`.

        Raises:
            KeyError: the form of that year has no such box.
        """
        for part in self.parts:
            if box in part.boxes:
                return part
        raise KeyError(box)

    @property
    def rows_per_page(self) -> int:
        return len(self.parts[0].rows)


@dataclass(frozen=True, slots=True)
class FormFields:
    """The two forms of one tax year."""

    year: int
    schedule_d: ScheduleDFields
    form_8949: Form8949Fields

    def of(self, form: FormName) -> ScheduleDFields | Form8949Fields:
        return self.schedule_d if form == "Schedule D" else self.form_8949


@cache
def years_with_fields() -> tuple[int, ...]:
    """The tax years whose official forms can be filled, in order."""
    folder = files(__package__) / "fields"
    return tuple(sorted(int(entry.name.removesuffix(".toml")) for entry in folder.iterdir() if entry.name[0].isdigit()))


@cache
def form_fields(year: int) -> FormFields:
    """The fields of the forms of `year`.

    Raises:
        KeyError: no fields are known for that year; see years_with_fields.
    """
    if year not in years_with_fields():
        raise KeyError(year)
    data = tomllib.loads((files(__package__) / "fields" / f"{year}.toml").read_text(encoding="utf-8"))
    return FormFields(year, _schedule_d(data["schedule_d"]), _form_8949(data["form_8949"]))


def _schedule_d(data: Mapping[str, Any]) -> ScheduleDFields:
    prefix = data["prefix"]
    return ScheduleDFields(
        title=data["title"],
        name=prefix + data["name"],
        ssn=prefix + data["ssn"],
        rows={line: {column: prefix + name for column, name in row.items()} for line, row in data["rows"].items()},
        lines={line: prefix + name for line, name in data["lines"].items()},
        questions={
            line: Question(prefix + question["yes"], prefix + question["no"])
            for line, question in data["questions"].items()
        },
        in_parentheses=frozenset(data["in_parentheses"]),
        unused=tuple(prefix + name for name in data["unused"]),
    )


def _form_8949(data: Mapping[str, Any]) -> Form8949Fields:
    parts = tuple(_part(data[key], data["prefix"], data["rows"]) for key in ("part_1", "part_2"))
    return Form8949Fields(data["title"], (parts[0], parts[1]))


def _part(data: Mapping[str, Any], prefix: str, rows: int) -> PartFields:
    def field(row: int, column: int) -> str:
        number = data["first_field"] + len(COLUMNS) * row + column
        name: str = data["row"].format(row=row + 1, field=f"{number:0{data['field_digits']}d}")
        return prefix + name

    return PartFields(
        page=data["page"] - 1,
        name=prefix + data["name"],
        ssn=prefix + data["ssn"],
        boxes={box: prefix + name for box, name in data["boxes"].items()},
        rows=tuple({letter: field(row, place) for place, letter in enumerate(COLUMNS)} for row in range(rows)),
        totals={column: prefix + name for column, name in data["totals"].items()},
        unused=tuple(prefix + name for name in data["unused"]),
    )
