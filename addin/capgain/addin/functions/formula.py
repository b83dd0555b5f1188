"""Our formulas as text: read and evaluated outside Excel, through the same way in as cells.

Understood are CapGain's functions, nested or not, DATE and TODAY, numbers, texts, TRUE and FALSE, references to cells
(`Ledger!A1:K99`, `Ledger!A:K`, in LibreOffice's spelling `Ledger.A1:K99`) and to tables (`Ledger[#All]`). Arguments are
separated by `,` or `;`. Nothing else is calculated here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Protocol

from capgain.addin.functions.answering import answer
from capgain.addin.functions.answers.why import reason_of
from capgain.addin.functions.arguments import Given, Missing
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Answer, Block, CellError, ErrorCode, Failure
from capgain.addin.functions.registry import named
from capgain.engine.problems import CapgainError


class FormulaError(CapgainError):
    """A formula that cannot be read, or that asks for more than CapGain's own functions."""


LONGEST = 8_192
"""Characters of a formula: Excel's own limit."""


class Area(NamedTuple):
    """Cells of a sheet ("" where the reference names none); 0 for a side that is open, as in `A:K`."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


class Cells(Protocol):
    """Where references lead."""

    def area(self, area: Area) -> Block:
        """The cells of an area. Raises Failure where there is no such sheet."""

    def table(self, name: str, part: str) -> Block:
        """A table or named range; `part` is `#All`, `#Data` or `#Headers`. Raises Failure for an unknown name."""

    def formula_of(self, area: Area) -> str:
        """The formula that stands in the first cell of an area, "" where there is none."""


class Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKENS = re.compile(
    r"""\s*(?:
      (?P<table>(?:[A-Za-z_\\][\w.\\]*)?\[[^\]\[]*(?:\[[^\]\[]*\][^\]\[]*)*\])
    | (?P<area>(?:\$?'(?:[^']|'')+'[!.]|\$?[^\W\d][\w. ]*?!|\$?[^\W\d]\w*\.(?=\$?[A-Za-z]{1,3}(?:\$?\d|:)))?
        (?:\$?[A-Za-z]{1,3}\$?\d{1,9}(?::\.?\$?[A-Za-z]{1,3}\$?\d{1,9})?|\$?[A-Za-z]{1,3}:\.?\$?[A-Za-z]{1,3}|\$?\d{1,9}:\.?\$?\d{1,9})(?![\w(.]))
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?)
    | (?P<text>"(?:[^"]|"")*")
    | (?P<name>[A-Za-z_\\][\w.\\]*)
    | (?P<mark>[(),;+\-])
    )""",
    re.VERBOSE,
)

_AREA = re.compile(
    r"""(?:\$?(?P<sheet>'(?:[^']|'')+'|[^!.]+)[!.])?
    (?:\$?(?P<c1>[A-Za-z]{1,3})\$?(?P<r1>\d{1,9})(?::\.?\$?(?P<c2>[A-Za-z]{1,3})\$?(?P<r2>\d{1,9}))?
      |\$?(?P<c3>[A-Za-z]{1,3}):\.?\$?(?P<c4>[A-Za-z]{1,3})|\$?(?P<r3>\d{1,9}):\.?\$?(?P<r4>\d{1,9}))$""",
    re.VERBOSE,
)

PARTS = {"": "#Data", "#all": "#All", "#data": "#Data", "#headers": "#Headers"}

_PARTS_TOGETHER = frozenset({"#headers", "#data"})


def tokens_of(formula: str) -> list[Token]:
    """The tokens of a formula without its `=`. Raises FormulaError at a character that cannot be."""
    text = formula.strip().removeprefix("=").rstrip()
    tokens = []
    at = 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            raise FormulaError(f"The formula cannot be read from here on: {text[at:].strip()}")
        kind = match.lastgroup
        assert kind is not None
        tokens.append(Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return tokens


def area_of(text: str) -> Area:
    """The area that `'My Sheet'!$A$1:$K$99`, `Ledger!A:K` or `$Ledger.A1` names."""
    match = _AREA.match(text)
    if match is None:
        raise FormulaError(f"{text!r} is no reference.")
    part = match.groupdict()
    sheet = part["sheet"] or ""
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    sheet = sheet.removeprefix("$").strip()
    if part["c1"]:
        columns = sorted((_column(part["c1"]), _column(part["c2"] or part["c1"])))
        rows = sorted((int(part["r1"]), int(part["r2"] or part["r1"])))
        return Area(sheet, rows[0], columns[0], rows[1], columns[1])
    if part["c3"]:
        columns = sorted((_column(part["c3"]), _column(part["c4"])))
        return Area(sheet, 0, columns[0], 0, columns[1])
    rows = sorted((int(part["r3"]), int(part["r4"])))
    return Area(sheet, rows[0], 0, rows[1], 0)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def evaluate_formula(formula: str, cells: Cells, caller: Caller) -> Answer:
    """The answer of a formula. Raises FormulaError where it is not one of ours; failures are `CellError` answers."""
    if len(formula) > LONGEST:
        raise FormulaError(f"The formula has {len(formula):,} characters; Excel takes {LONGEST:,}.")
    reader = _Reader(tokens_of(formula), cells, caller)
    try:
        result = reader.answer()
    except RecursionError:
        raise FormulaError("The formula's parts stand too deep in one another; Excel takes 64 levels.") from None
    reader.expect_end()
    return result


@dataclass
class _Reader:
    """Reads a formula from left to right and evaluates it on the way."""

    tokens: list[Token]
    cells: Cells
    caller: Caller
    place: int = 0

    def peek(self, mark: str = "") -> bool:
        """Whether a token is left, and whether it is that mark."""
        if self.place >= len(self.tokens):
            return False
        return not mark or self.tokens[self.place].text == mark

    def take(self) -> Token:
        if not self.peek():
            raise FormulaError("The formula ends too early: a parenthesis or an argument is missing.")
        self.place += 1
        return self.tokens[self.place - 1]

    def expect_end(self) -> None:
        if self.peek():
            raise FormulaError(
                f"{self.tokens[self.place].text!r} follows where the formula should end. "
                "Only CapGain's own functions are evaluated here, no arithmetic."
            )

    def expression(self) -> Given:
        token = self.take()
        if token.text in ("-", "+") and token.kind == "mark":
            value = self.expression()
            if not isinstance(value, Decimal):
                raise FormulaError(f"{token.text} stands before something that is not a number.")
            return -value if token.text == "-" else value
        read: dict[str, Callable[[Token], Given]] = {
            "number": _number,
            "text": lambda found: found.text[1:-1].replace('""', '"'),
            "area": lambda found: self.cells_or_error(lambda: self.cells.area(area_of(found.text))),
            "table": self.table,
            "name": self.name,
        }
        if token.kind not in read:
            raise FormulaError(f"{token.text!r} stands where a value is expected.")
        return read[token.kind](token)

    def cells_or_error(self, look_up: Callable[[], Block]) -> Given:
        try:
            return look_up()
        except Failure as failure:
            return CellError(failure.code, failure.reason)

    def table(self, token: Token) -> Given:
        name, _, inner = token.text.partition("[")
        wanted = {part.strip().strip("[]").strip().casefold() for part in inner[:-1].split(",")}
        part = "#All" if wanted == _PARTS_TOGETHER else PARTS.get(next(iter(wanted))) if len(wanted) == 1 else None
        if part is None or not name:
            raise FormulaError(f"{token.text}: only Name[#All], Name[#Data], Name[#Headers] and Name[] are understood.")
        return self.cells_or_error(lambda: self.cells.table(name, part))

    def answer(self) -> Answer:
        """The answer of the function that the formula consists of."""
        if not self.peek():
            raise FormulaError("The formula is empty.")
        token = self.take()
        if token.kind != "name" or not self.peek("("):
            raise FormulaError(
                f"The formula begins with {token.text!r}: a CapGain function is expected, such as "
                '=CAPGAIN(Ledger[#All], 2025, "long").'
            )
        return self.call(token)

    def name(self, token: Token) -> Given:
        if self.peek("("):
            if token.text.upper() == "DATE":
                return _date(self.arguments())
            if token.text.upper() == "TODAY":
                return self.today()
            if token.text.upper() in ("TRUE", "FALSE") and not self.arguments():
                return token.text.upper() == "TRUE"
            return _as_given(self.call(token))
        if token.text.upper() in ("TRUE", "FALSE"):
            return token.text.upper() == "TRUE"
        return self.cells_or_error(lambda: self.cells.table(token.text, "#Data"))

    def call(self, token: Token) -> Answer:
        called = named(token.text)
        if called is None:
            raise FormulaError(f"{token.text} is no function of CapGain; only those are evaluated here.")
        name = called.name
        if name == "CAPGAIN_WHY":
            return self.why()
        return answer(name, self.arguments(), self.caller)

    def today(self) -> Given:
        if self.arguments():
            raise FormulaError("TODAY takes no argument.")
        return self.caller.today

    def arguments(self) -> list[Given]:
        self.take()
        values: list[Given] = []
        if self.peek(")"):
            self.take()
            return values
        while True:
            if self.peek(",") or self.peek(";") or self.peek(")"):
                values.append(Missing.MISSING)
            else:
                values.append(self.expression())
            mark = self.take().text
            if mark == ")":
                return values
            if mark not in (",", ";"):
                raise FormulaError(f"{mark!r} stands where a comma or a closing parenthesis is expected.")

    def why(self) -> Answer:
        """CAPGAIN_WHY: of a nested formula, or of the formula in the cell pointed to, which is evaluated once more."""
        pointed = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
        if pointed is not None and pointed.kind == "area":
            formula = self.cells.formula_of(area_of(pointed.text))
            self.arguments()
            shown = evaluate_formula(formula, self.cells, replace(self.caller, address="")) if formula else None
            return reason_of(shown)
        given = self.arguments()
        return reason_of(given[0] if given and isinstance(given[0], CellError) else None)


def _number(token: Token) -> Decimal:
    try:
        return Decimal(token.text[:-1]).scaleb(-2) if token.text.endswith("%") else Decimal(token.text)
    except InvalidOperation:
        raise FormulaError(f"{token.text} is out of all proportion.") from None


def _date(arguments: list[Given]) -> Given:
    parts = [int(part) for part in arguments if isinstance(part, Decimal) and abs(part) < 10**6 and part == int(part)]
    if len(parts) != 3 or len(arguments) != 3:
        raise FormulaError("DATE takes year, month and day as numbers.")
    try:
        return date(*parts)
    except ValueError:
        return CellError(ErrorCode.NUMBER, f"DATE({parts[0]}, {parts[1]}, {parts[2]}) is no day of the calendar.")


def _as_given(result: Answer) -> Given:
    """An answer as the argument of another function: a table becomes a block of cells."""
    if result is None or isinstance(result, str | bool | int | Decimal | date | CellError):
        return result
    return Block([[cell.code.value if isinstance(cell, CellError) else cell for cell in row] for row in result])
