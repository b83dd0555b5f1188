"""The arithmetic of a form's lines as Excel formulas, with `{names}` where the cells go.

`{L5}` is line 5, `{tax_on_L5}` the tax on it, `{d15}` an input of the form, `{zero_rate_limit}` a limit of the year and
`{elsewhere_4}` what other forms say belongs on line 4: a sheet fills them in with `format_map`, and rounds in the cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, assert_never

from capgain.engine.forms.arithmetic import (
    AllOf,
    Amount,
    Answer,
    AnyOf,
    AtRate,
    Compared,
    Condition,
    Difference,
    Elsewhere,
    Entered,
    Given,
    GivenAnswer,
    IfStated,
    IsStated,
    Larger,
    Negative,
    Not,
    Number,
    OfLine,
    OfYear,
    Percent,
    Smaller,
    Sum,
    TaxOn,
    Through,
    When,
)
from capgain.engine.forms.form import AmountLine, Line


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a sheet shows a form: `absent` are inputs that were not given, `written_out` lines without a cell of their
    own, in whose place stands what they are made of."""

    absent: frozenset[str] = frozenset()
    written_out: frozenset[str] = frozenset()

    def line(self, line: Line[Any]) -> str:
        """What a line for an amount comes to, 0 where it is skipped."""
        return self.unless_skipped(line, self.arithmetic(line))

    def arithmetic(self, line: Line[Any]) -> str:
        """What a line for an amount comes to where it is filled in."""
        assert isinstance(line, AmountLine), line.number
        return self.amount(line.arithmetic)

    def amount(self, amount: Amount) -> str:
        """An amount, unrounded."""
        match amount:
            case OfLine():
                return self._of_line(amount)
            case Given(name):
                return "0" if name in self.absent else f"{{{name}}}"
            case OfYear(name):
                return f"{{{name}}}"
            case IfStated(stated, otherwise):
                return self.amount(otherwise if stated.name in self.absent else stated)
            case Elsewhere(number):
                return f"{{elsewhere_{number}}}"
            case Number(printed):
                return f"{printed:f}"
            case Through(parts) if parts[0].number not in self.written_out:
                return f"SUM({self.amount(parts[0])}:{self.amount(parts[-1])})"
            case Sum(parts):
                return self._sum(parts)
            case Difference(more, less):
                return f"{self.amount(more)}-{self._operand(less)}"
            case Negative(inner):
                return f"-{self._operand(inner)}"
            case Smaller(one, other):
                return f"MIN({self.amount(one)},{self.amount(other)})"
            case Larger(one, other):
                return f"MAX({self.amount(one)},{self.amount(other)})"
            case Percent(rate, inner):
                return f"{rate.scaleb(-2).normalize():f}*{self._operand(inner)}"
            case AtRate(rate, inner):
                return f"ROUND({self.amount(rate)}*{self._operand(inner)},2)"
            case TaxOn(inner):
                return f"{{tax_on_{self.amount(inner)[1:-1]}}}"
            case Entered(inner):
                return self.amount(inner)
            case When(condition, then, otherwise):
                return f"IF({self.condition(condition)},{self.amount(then)},{self.amount(otherwise)})"
            case _:
                assert_never(amount)

    def condition(self, condition: Condition) -> str:
        """A condition that is TRUE or FALSE; an answer is a cell that says Yes."""
        match condition:
            case Answer():
                if condition.number in self.written_out:
                    return self._all((condition.condition, *map(Not, condition.skips)))
                return f'{{{_key(condition)}}}="Yes"'
            case GivenAnswer(name):
                return "FALSE" if name in self.absent else f"{{{name}}}"
            case IsStated(stated):
                return "FALSE" if stated.name in self.absent else "TRUE"
            case Compared(one, sign, other):
                left, right = self.amount(one), self.amount(other)
                return "FALSE" if left == right and sign != "=" else f"{left}{sign}{right}"
            case AllOf(parts):
                return self._all(parts)
            case AnyOf(parts):
                return self._any(parts)
            case Not(Not(inner)):
                return self.condition(inner)
            case Not(inner):
                said = self.condition(inner)
                return "TRUE" if said == "FALSE" else f"NOT({said})"
            case _:
                assert_never(condition)

    def unless_skipped(self, line: Line[Any] | OfLine | Answer, text: str, skipped: str = "0") -> str:
        """`text` where the form says to fill the line in, else `skipped`."""
        if not line.skips:
            return text
        if all(isinstance(condition, Not) for condition in line.skips):
            return f"IF({self._all(tuple(map(Not, line.skips)))},{text},{skipped})"
        said = self._any(line.skips)
        return text if said == "FALSE" else f"IF({said},{skipped},{text})"

    def _of_line(self, line: OfLine) -> str:
        if line.number in self.written_out and line.arithmetic is not None:
            return self.unless_skipped(line, self.amount(line.arithmetic))
        return f"{{{_key(line)}}}"

    def _sum(self, parts: tuple[Amount, ...]) -> str:
        return "+".join(text for text in map(self._operand, parts) if text != "0") or "0"

    def _operand(self, amount: Amount) -> str:
        """In brackets where it is a sum itself."""
        text, depth = self.amount(amount), 0
        for letter in text:
            depth += (letter == "(") - (letter == ")")
            if letter in "+-" and not depth:
                return f"({text})"
        return text

    def _all(self, parts: tuple[Condition, ...]) -> str:
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,))]
        texts = [text for text in dict.fromkeys(map(self.condition, flat)) if text != "TRUE"]
        return texts[0] if len(texts) == 1 else f"AND({','.join(texts)})"

    def _any(self, parts: tuple[Condition, ...]) -> str:
        texts = [*map(self.condition, parts)]
        return texts[0] if len(texts) == 1 else f"OR({','.join(texts)})"


@cache
def line_formula(line: Line[Any], absent: frozenset[str] = frozenset()) -> str:
    """What a line for an amount comes to, every line having a cell; `0` for an absent input."""
    return Rendering(absent).line(line)


def _key(one: OfLine | Answer) -> str:
    return f"L{one.number}" if one.number else one.name
