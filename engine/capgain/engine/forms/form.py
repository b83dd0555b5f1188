"""How a form is declared: its lines in the form's own order and words, each with its arithmetic beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, overload

from capgain.engine.forms.arithmetic import Amount, Answer, Condition, Given, Leaf, OfLine, Sum, leaves
from capgain.engine.money import ZERO

Value = TypeVar("Value")


class FilledLine(NamedTuple):
    """A line as it stands on a filled-in form; `value` None where the form says to leave it out."""

    number: str
    text: str
    value: Any


class Line(Generic[Value]):
    """One line of a form: its number and the words printed on it; the kinds of lines say how they are filled in.

    Read through an instance it is the value, worked out once and kept; read through the class it is the line itself.
    A line that the form says to skip counts as zero (a question as no). `{names}` in the words stand for what differs
    by year and are filled in from `Form.words`. `notes` are the sentences printed beneath the line, `skips` the
    conditions under which it is left out. A line without a number is a figure that is not printed.
    """

    def __init__(
        self, number: str, text: str, notes: tuple[str, ...], fill: Callable[[Any], Value], skipped: Value
    ) -> None:
        self.number, self.text, self.notes = number, text, notes
        self.skips: tuple[Condition, ...] = ()
        self._fill, self._skipped = fill, skipped
        self.__doc__ = f"Line {number}. {text}" if number else text

    def __set_name__(self, owner: type[Form], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, form: None, owner: type) -> Self: ...
    @overload
    def __get__(self, form: Form, owner: type) -> Value: ...
    def __get__(self, form: Form | None, owner: type) -> Self | Value:
        if form is None:
            return self
        value = self._skipped if self.skips and self.is_skipped(form) else self._fill(form)
        form.__dict__[self.name] = value  # shadows this non-data descriptor: filled in once
        return value

    def is_skipped(self, form: Form) -> bool:
        """Whether the form says to leave this line out."""
        return any(condition.holds(form) for condition in self.skips)

    def rests_on(self) -> Iterator[Leaf]:
        """The lines, inputs and limits that its arithmetic names, from left to right; none for a total of rows."""
        return iter(())

    @property
    def is_sum(self) -> bool:
        """Whether the line adds up other lines."""
        return isinstance(self, AmountLine) and isinstance(self.arithmetic, Sum)


class AmountLine(Line[Decimal], OfLine):
    """A line for an amount."""

    arithmetic: Amount

    def __init__(self, number: str, text: str, notes: tuple[str, ...], arithmetic: Amount) -> None:
        super().__init__(number, text, notes, arithmetic.value, ZERO)
        self.arithmetic = arithmetic

    def rests_on(self) -> Iterator[Leaf]:
        return leaves(self.arithmetic)


class Question(Line[bool | None], Answer):
    """A line that asks yes or no; None: the answer is not known."""

    def __init__(self, number: str, text: str, notes: tuple[str, ...], condition: Condition) -> None:
        super().__init__(number, text, notes, condition.holds, False)
        self.condition = condition

    def rests_on(self) -> Iterator[Leaf]:
        return leaves(self.condition)


class Skip:
    """A sentence between lines: when its condition holds, the lines `first` to `last` are left out."""

    def __init__(self, first: str, last: str, text: str, condition: Condition) -> None:
        self.first, self.last, self.text, self.condition = first, last, text, condition


def line(number: str, text: str, arithmetic: Amount, *notes: str) -> AmountLine:
    """Declare a line for an amount: `line("4", "Add lines 2 and 3", line_2 + line_3)`."""
    return AmountLine(number, text, notes, arithmetic)


def question(number: str, text: str, condition: Condition, *notes: str) -> Question:
    """Declare a line that asks yes or no."""
    return Question(number, text, notes, condition)


def skip(first: str, last: str, text: str, condition: Condition) -> Skip:
    """Declare when lines are left out; `text` as printed in that place between the lines, "" for words of a note."""
    return Skip(first, last, text, condition)


class Form:
    """A form is its lines, read in the order they are declared. Subclasses are frozen dataclasses without slots.

    `exact` leaves percentages and taxes unrounded, `in_whole_dollars` rounds what is brought in from elsewhere.
    """

    title: ClassVar[str] = ""
    lines: ClassVar[tuple[Line[Any], ...]] = ()
    figures: ClassVar[tuple[Line[Any], ...]] = ()
    """those that are not printed"""
    _members: ClassVar[tuple[Line[Any] | Skip, ...]] = ()
    exact = False
    in_whole_dollars = False

    def __init_subclass__(cls) -> None:
        declared = tuple(member for member in vars(cls).values() if isinstance(member, Line | Skip))
        cls._members = tuple(member for member in declared if isinstance(member, Skip) or member.number)
        cls.lines = tuple(member for member in cls._members if isinstance(member, Line))
        cls.figures = tuple(member for member in declared if isinstance(member, Line) and not member.number)
        numbers = [line.number for line in cls.lines]
        for member in cls._members:
            if isinstance(member, Skip):
                for skipped in cls.lines[numbers.index(member.first) : numbers.index(member.last) + 1]:
                    skipped.skips = (*skipped.skips, member.condition)

    @classmethod
    def line(cls, number: str) -> Line[Any]:
        """The line of that number. Raises KeyError."""
        for line in cls.lines:
            if line.number == number:
                return line
        raise KeyError(f"{cls.__name__} has no line {number}.")

    @classmethod
    def parts(cls, number: str) -> tuple[str, ...]:
        """The numbers of the lines that a line is made of, in the order its words have them."""
        return tuple(dict.fromkeys(leaf.number for leaf in cls.line(number).rests_on() if isinstance(leaf, OfLine)))

    @classmethod
    def behind(cls, number: str) -> Iterator[str]:
        """The numbers of all lines that a line rests on, its own too, in printed order."""
        found, open_ones = set(), [number]
        while open_ones:
            found.add(one := open_ones.pop())
            open_ones += [part for part in cls.parts(one) if part not in found]
        return (line.number for line in cls.lines if line.number in found)

    @classmethod
    def inputs(cls) -> dict[str, Given]:
        """The amounts that the lines take by name from outside, by field, in the order of the fields."""
        named = {
            leaf.name: leaf
            for line in (*cls.figures, *cls.lines)
            for leaf in line.rests_on()
            if isinstance(leaf, Given) and leaf.key
        }
        return {field.name: named[field.name] for field in fields(cls) if field.name in named}  # type: ignore[arg-type]

    @property
    def words(self) -> Mapping[str, str]:
        """What stands for the `{names}` in the words of the lines in this form's year."""
        return {}

    def skips(self, number: str) -> bool:
        """Whether the form says to leave this line out."""
        return self.line(number).is_skipped(self)

    def text(self, line: Line[Any]) -> str:
        """The line's words as printed in this form's year."""
        return line.text.format_map(self.words)

    def notes(self, line: Line[Any]) -> tuple[str, ...]:
        """The sentences printed beneath the line in this form's year."""
        return tuple(note.format_map(self.words) for note in line.notes)

    def printed(self) -> tuple[tuple[str, str], ...]:
        """All words of the form in this form's year: lines by number, sentences beneath and between them by ""."""
        words = self.words
        printed: list[tuple[str, str]] = []
        for member in self._members:
            if isinstance(member, Line):
                printed.append((member.number, member.text.format_map(words)))
                printed += [("", note.format_map(words)) for note in member.notes]
            elif member.text:
                printed.append(("", member.text.format_map(words)))
        return tuple(printed)

    def filled(self) -> tuple[FilledLine, ...]:
        """Every line in printed order as (number, text, value); the value of a skipped line is None."""
        words = self.words
        return tuple(
            FilledLine(
                line.number, line.text.format_map(words), None if line.is_skipped(self) else getattr(self, line.name)
            )
            for line in self.lines
        )

    def amounts(self) -> dict[str, Any]:
        """The values of the lines that are filled in, by number, in printed order."""
        return {number: value for number, _, value in self.filled() if value is not None}
