"""How a form is declared: one function per line, in the form's own order and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, overload

from capgain.engine.money import ZERO

Value = TypeVar("Value")


class FilledLine(NamedTuple):
    """A line as it stands on a filled-in form; `value` None where the form says to leave it out."""

    number: str
    text: str
    value: Any


class Line(Generic[Value]):
    """One line of a form: its number, the words printed on it, and how to fill it in.

    Read through an instance it is the value, worked out once and kept; read through the class it is the line itself.
    A line that the form says to skip counts as zero (a question as no). `{names}` in the words stand for what differs
    by year and are filled in from `Form.words`. `notes` are the sentences printed beneath the line.
    """

    def __init__(
        self, number: str, text: str, notes: tuple[str, ...], fill: Callable[[Any], Value], skipped: Value
    ) -> None:
        self.number, self.text, self.notes = number, text, notes
        self._fill, self._skipped = fill, skipped
        self.__doc__ = f"Line {number}. {text}"

    def __set_name__(self, owner: type[Form], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, form: None, owner: type) -> Self: ...
    @overload
    def __get__(self, form: Form, owner: type) -> Value: ...
    def __get__(self, form: Form | None, owner: type) -> Self | Value:
        if form is None:
            return self
        value = self._skipped if form.skips(self.number) else self._fill(form)
        form.__dict__[self.name] = value  # shadows this non-data descriptor: filled in once
        return value


class Skip:
    """A sentence between lines: when its condition holds, the lines `first` to `last` are left out."""

    def __init__(self, first: str, last: str, text: str, holds: Callable[[Any], bool]) -> None:
        self.first, self.last, self.text, self.holds = first, last, text, holds
        self.__doc__ = text or f"Skip lines {first} through {last}."


def line(number: str, text: str, *notes: str) -> Callable[[Callable[[Any], Value]], Line[Value]]:
    """Declare a line for an amount: `@line("7", "Net short-term capital gain or (loss). …")`."""
    skipped: Any = ZERO
    return lambda fill: Line(number, text, notes, fill, skipped)


def question(number: str, text: str, *notes: str) -> Callable[[Callable[[Any], Value]], Line[Value]]:
    """Declare a line that asks yes or no; None: the answer is not known."""
    skipped: Any = False
    return lambda fill: Line(number, text, notes, fill, skipped)


def skip(first: str, last: str, text: str = "") -> Callable[[Callable[[Any], bool]], Skip]:
    """Declare when lines are left out: `@skip("9", "13", "If line 15 … is a loss, go to line 9; otherwise …")`."""
    return lambda holds: Skip(first, last, text, holds)


class Form:
    """A form is its lines, read in the order they are declared. Subclasses are frozen dataclasses without slots."""

    lines: ClassVar[tuple[Line[Any], ...]] = ()
    _members: ClassVar[tuple[Line[Any] | Skip, ...]] = ()
    _skips: ClassVar[Mapping[str, tuple[Skip, ...]]] = {}

    def __init_subclass__(cls) -> None:
        cls._members = tuple(member for member in vars(cls).values() if isinstance(member, Line | Skip))
        cls.lines = tuple(member for member in cls._members if isinstance(member, Line))
        numbers = [line.number for line in cls.lines]
        skips: dict[str, tuple[Skip, ...]] = {}
        for member in cls._members:
            if isinstance(member, Skip):
                for number in numbers[numbers.index(member.first) : numbers.index(member.last) + 1]:
                    skips[number] = (*skips.get(number, ()), member)
        cls._skips = skips

    @property
    def words(self) -> Mapping[str, str]:
        """What stands for the `{names}` in the words of the lines in this form's year."""
        return {}

    def skips(self, number: str) -> bool:
        """Whether the form says to leave this line out."""
        return any(skip.holds(self) for skip in self._skips.get(number, ()))

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
                line.number,
                line.text.format_map(words),
                None if self.skips(line.number) else getattr(self, line.name),
            )
            for line in self.lines
        )

    def amounts(self) -> dict[str, Any]:
        """The values of the lines that are filled in, by number, in printed order."""
        return {number: value for number, _, value in self.filled() if value is not None}
