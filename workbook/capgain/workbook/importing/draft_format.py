"""A mapping file for a file that no format knows: guesses by headings and cells, and what only a person can say."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.money import CENT
from capgain.workbook.importing.draft_words import COINS, FIELD_WORDS, guessed_kind, plain_heading
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.importing.source_files import SourceFile, SourceRow
from capgain.workbook.importing.source_tables import FIELDS
from capgain.workbook.written.date_orders import DateOrder, UndecidedDates, date_order
from capgain.workbook.written.source_text import UnreadableValue, moment, number
from capgain.workbook.written.words import counted

_LOOKED_AT = 2000
_MOST_KINDS = 100
_NOT_DECIDED = "not decided. Say in the mapping what it becomes"
_MONEY = ("amount", "net", "price", "value")
_FEE_IN_COIN = re.compile(
    r"(?:network |txn? |transaction |gas )?(?:fees?|gas)\s*\((?P<coin>(?!USD)[A-Z0-9]{2,6})\)", re.I
)
"""A column of fees whose heading names their coin: `Gas (ETH)`."""
_PAIRED = ("sent_quantity", "received_quantity", "base_quantity")


@dataclass(slots=True)
class DraftKind:
    """A kind of row: its word, how often and where first it stands, and what it becomes, None where that is open."""

    word: str
    count: int
    line: int
    becomes: Becomes | None
    ignored: bool = False


@dataclass(slots=True)
class DraftFormat:
    """A mapping to look over. `columns` are headings by field; `order` and `zone` None where they have to be said.

    `first_date` is the first date in figures, `first_time` the first time without a zone, "" where there is none.
    """

    name: str
    headings: Sequence[str]
    columns: dict[str, str]
    kinds: list[DraftKind]
    order: DateOrder | None = None
    first_date: str = ""
    zone: str | None = ""
    first_time: str = ""
    as_legs: bool = False
    group: tuple[str, ...] = ()
    account_kind: str = "exchange"
    notes: list[str] = field(default_factory=list)
    rows: Sequence[SourceRow] = ()

    def choose(self, one: str, heading: str) -> None:
        """Read a field from the column with that heading; dates and kinds are looked at anew."""
        self.columns[one] = heading
        place = self.headings.index(heading)
        if one == "at":
            self.look_at_dates(_cells(self.rows[:_LOOKED_AT], place))
        elif one == "kind":
            self.kinds = _kinds(self.rows, place)

    def let_all_be(self, becomes: Becomes) -> None:
        """Every row is of one kind, which no column says."""
        self.columns["kind"] = self.columns["at"]
        self.kinds = [DraftKind("*", len(self.rows), self.rows[0].line if self.rows else 0, becomes)]

    def look_at_dates(self, dates: Sequence[str]) -> None:
        """What the cells of the column of dates say of their order and zone."""
        self.order, self.first_date = None, next((text for text in dates if _is_in_figures(text)), "")
        try:
            self.order = date_order(dates)
        except UndecidedDates as undecided:
            self.first_date = undecided.first
        self.zone, self.first_time = _zone(dates, self.columns.get("at", ""))

    @property
    def unread(self) -> Sequence[str]:
        """Headings of columns that the draft reads nothing from."""
        read = {*self.columns.values(), *self.group}
        return [heading for heading in self.headings if heading and heading not in read]

    @property
    def lacks(self) -> Sequence[str]:
        """Fields that a row of a purchase or sale needs and no column was found for."""
        if _two_sided(self.columns) or "pair" in self.columns:
            return ()
        missing = [one for one in ("asset", "quantity") if one not in self.columns]
        is_priceless = not self.as_legs and not any(one in self.columns for one in _MONEY)
        return (*missing, *(("amount",) if is_priceless else ()))

    def text(self) -> str:
        """The mapping as TOML."""
        lines = [
            "# A mapping to look over. Then: capgain import FILE --format THIS-FILE -o BOOK.xlsx",
            f"# Fields: {', '.join(sorted(FIELDS))}.",
            f"# A kind becomes: {', '.join(kind.value for kind in Becomes)};",
            '# or { ignore = "why" }, or { refuse = "what is wrong. What to do" }.',
            *(f"# {note}" for note in self.notes),
            *([f"# Not read: {', '.join(self.unread)}."] if self.unread else []),
            "",
            f"name = {_text(self.name)}",
            f"kind = {_text(self.account_kind)}      # exchange, brokerage or wallet",
        ]
        if self.zone is None:
            lines.append(f'time_zone = "ask"      # decide: {self.first_time} names no zone; such as "UTC"')
        else:
            lines.append(
                f'time_zone = {_text(self.zone)}      # of times that name none; "" where there are bare dates'
            )
        if self.order is not None:
            lines.append(f"date_order = {_text(self.order.value)}")
        elif self.first_date:
            lines.append(f'# date_order = "mdy"      # decide: {self.first_date} can be month first or day first (dmy)')
        names = [name for name in self.headings if name and "#" not in name]
        lines += ["", "[[table]]", 'name = "transactions"', f"headers = [[{', '.join(map(_text, names))}]]"]
        lines += ["", "[table.columns]"]
        lines += [
            f"{one} = {_text(name)}" for one, name in self.columns.items() if not one.startswith(("base_", "quote_"))
        ]
        lines += [f'# {one} = ""      # which column?' for one in ("at", "kind") if one not in self.columns]
        if self.as_legs:
            lines.append(f"group = [{', '.join(map(_text, self.group))}]")
        lines += ["", "[table.kinds]", *(self._kind(kind) for kind in self.kinds)]
        return "\n".join(lines) + "\n"

    def _kind(self, kind: DraftKind) -> str:
        where = f"      # {counted(kind.count, 'row')}, the first in line {kind.line}"
        if kind.ignored:
            return f'{_text(kind.word)} = {{ ignore = "the user says it is no transaction" }}{where}'
        if kind.becomes is None:
            return f"{_text(kind.word)} = {{ refuse = {_text(_NOT_DECIDED)} }}{where}"
        becomes = kind.becomes.value
        if "base_asset" in self.columns and kind.becomes in (Becomes.BUY, Becomes.SELL):
            came, left = ("base", "quote") if kind.becomes is Becomes.BUY else ("quote", "base")
            sides = {"received": came, "sent": left}
            columns = ", ".join(
                f"{side}_{what} = {_text(self.columns[f'{of}_{what}'])}"
                for side, of in sides.items()
                for what in ("asset", "quantity")
                if f"{of}_{what}" in self.columns
            )
            return f'{_text(kind.word)} = {{ becomes = "exchange", columns = {{ {columns} }} }}{where}'
        if self.as_legs and kind.becomes in (Becomes.BUY, Becomes.SELL, Becomes.EXCHANGE):
            becomes = Becomes.LEG.value
        elif self.as_legs and kind.becomes is Becomes.FEE:
            becomes = Becomes.FEE_LEG.value
        elif {"sent_asset", "received_asset"} <= self.columns.keys() and kind.becomes in (Becomes.BUY, Becomes.SELL):
            becomes = Becomes.EXCHANGE.value
        return f"{_text(kind.word)} = {_text(becomes)}{where}"


_SIDES = ("sent_", "received_", "base_", "quote_")


def draft_format(source: SourceFile, header: SourceRow) -> DraftFormat:
    """A draft with the file's headings, a guess at what each is, and every kind of row that it holds."""
    headings = _numbered(header.cells)
    below = [row for row in source.rows if row.line > header.line]
    sample = below[:_LOOKED_AT]
    columns = _guesses(headings, sample)
    place_of = {name: place for place, name in enumerate(headings) if name}
    kinds = _kinds(below, place_of.get(columns.get("kind", "")))
    draft = DraftFormat(source.path.stem, headings, columns, kinds, rows=below)
    dates = _cells(sample, place_of.get(columns.get("at", "")))
    draft.look_at_dates(dates)
    if draft.zone == "" and not draft.first_time and not any(":" in text for text in dates):
        draft.account_kind = "brokerage"
    _shape(draft, sample, place_of)
    _before_or_after_fee(draft, sample, place_of)
    return draft


def _numbered(cells: Iterable[str]) -> list[str]:
    """Headings, the second of one name as `Name#2`."""
    counted: Counter[str] = Counter()
    names = []
    for cell in cells:
        name = cell.strip().lstrip("\ufeff")
        counted[name.casefold()] += 1
        count = counted[name.casefold()]
        names.append(name if count == 1 or not name else f"{name}#{count}")
    return names


def _guesses(headings: Sequence[str], sample: Sequence[SourceRow]) -> dict[str, str]:
    plain = [(plain_heading(name.partition("#")[0]), name) for name in headings if name]
    found: dict[str, str] = {}
    first, *others = FIELD_WORDS
    of_sides = [one for one in others if one == "kind" or one.startswith(_SIDES)]
    _choose(found, [first, *of_sides], plain)
    _without_half_sides(found, [name for name in headings if name])
    skipped = ("asset", "quantity") if _two_sided(found) else ()
    _choose(found, [one for one in others if one not in (*of_sides, *skipped)], plain)
    places = {name: place for place, name in enumerate(headings) if name}
    if "at" not in found:
        name = next((name for name in headings if name and _mostly_dates(_cells(sample, places[name]))), None)
        if name is not None:
            found = {"at": name} | {one: held for one, held in found.items() if held != name}
    if "kind" not in found:
        free = [name for name in headings if name and name not in found.values()]
        name = next((name for name in free if _mostly_kinds(_cells(sample, places[name]))), None)
        if name is not None:
            found["kind"] = name
    if "fee_quantity" not in found and "fee" not in found:
        coin = next(((name, said) for name in headings if (said := _FEE_IN_COIN.fullmatch(name.strip()))), None)
        if coin is not None:
            found |= {"fee_quantity": coin[0], "fee_asset": f"={coin[1]['coin']}"}
    if "currency" in found and not any(one in found for one in _MONEY):
        del found["currency"]
    order = [*FIELD_WORDS]
    return dict(sorted(found.items(), key=lambda pair: order.index(pair[0])))


def _choose(found: dict[str, str], fields: Iterable[str], plain: Sequence[tuple[str, str]]) -> None:
    """For each field, in their order, the heading that nothing else has chosen."""
    for one in fields:
        for word in FIELD_WORDS[one]:
            name = next((name for said, name in plain if said == word and name not in found.values()), None)
            if name is not None:
                found[one] = name
                break


def _without_half_sides(found: dict[str, str], named: Sequence[str]) -> None:
    """Sides with units and a coin, which may be named beside the units; `From` and `To` alone are addresses."""
    for side in ("sent", "received"):
        quantity = found.get(f"{side}_quantity", "")
        beside = named[named.index(quantity) + 1 :][:1] if quantity else []
        if beside and f"{side}_asset" not in found and plain_heading(beside[0].partition("#")[0]) in COINS:
            for one in [one for one, name in found.items() if name == beside[0]]:
                del found[one]
            found[f"{side}_asset"] = beside[0]
    for side in _SIDES:
        if (f"{side}asset" in found) != (f"{side}quantity" in found):
            found.pop(f"{side}asset", None)
            found.pop(f"{side}quantity", None)


def _two_sided(found: Mapping[str, str]) -> bool:
    return any(one in found for one in _PAIRED)


def _cells(rows: Iterable[SourceRow], place: int | None) -> list[str]:
    if place is None:
        return []
    return [cell for row in rows if place < len(row.cells) and (cell := row.cells[place].strip())]


def _mostly_dates(cells: Sequence[str]) -> bool:
    readable = sum(1 for cell in cells[:50] if any(sign in cell for sign in "-/.: ") and _moment(cell) is not None)
    return bool(cells) and readable * 5 >= 4 * len(cells[:50])


def _mostly_kinds(cells: Sequence[str]) -> bool:
    words = set(cells)
    guessed = sum(1 for word in words if guessed_kind(word) is not None)
    return bool(words) and guessed * 2 >= len(words)


def _moment(text: str) -> tuple[bool, bool] | None:
    """(has a time, names its zone), None for what is no date in any order."""
    for order in (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST):
        try:
            found = moment(text, None, order=order)
        except UnreadableValue:
            continue
        return found.has_time, found.at.tzinfo is not None
    return None


def _is_in_figures(text: str) -> bool:
    try:
        return date_order([text], usual=DateOrder.MONTH_FIRST) is not None
    except UndecidedDates:
        return True


def _zone(dates: Sequence[str], heading: str) -> tuple[str | None, str]:
    """The zone of times that name none, None where nobody can tell, and the first such time."""
    if "utc" in heading.casefold():
        return "UTC", ""
    for text in dates:
        said = _moment(text)
        if said is not None and said[0] and not said[1]:
            return None, text
    return "", ""


def _kinds(rows: Sequence[SourceRow], place: int | None) -> list[DraftKind]:
    kinds: dict[str, DraftKind] = {}
    for row in rows:
        word = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
        if not word:
            continue
        if word in kinds:
            kinds[word].count += 1
        elif len(kinds) < _MOST_KINDS:
            kinds[word] = DraftKind(word, 1, row.line, guessed_kind(word))
    return list(kinds.values())


def _shape(draft: DraftFormat, sample: Sequence[SourceRow], places: Mapping[str, int]) -> None:
    """Legs where one signed amount and one coin stand in several rows of one reference or second."""
    columns = draft.columns
    if _two_sided(columns) or any(one in columns for one in _MONEY) or "quantity" not in columns:
        return
    quantities = _cells(sample, places[columns["quantity"]])
    if not any(_is_negative(cell) for cell in quantities):
        return
    for one in ("group", "id", "at"):
        cells = _cells(sample, places.get(columns.get(one, "")))
        if len(set(cells)) < len(cells):
            draft.as_legs, draft.group = True, (columns[one],)
            columns.pop("group", None)
            if one == "id":
                del columns["id"]
            return


def _before_or_after_fee(draft: DraftFormat, sample: Sequence[SourceRow], places: Mapping[str, int]) -> None:
    """A column of dollars that is quantity times price with the fee, or less it, is after the fee."""
    columns = draft.columns
    if "net" in columns or not {"amount", "fee", "price", "quantity"} <= columns.keys():
        return
    before, after = 0, 0
    shown: list[str] = []
    for row in sample:
        figures = [_figure(row, places[columns[one]]) for one in ("quantity", "price", "fee", "amount")]
        units, price, fee, amount = figures
        if units is None or price is None or not fee or amount is None:
            continue
        gross = abs(units) * price
        before += abs(abs(amount) - gross) <= CENT
        is_after = min(abs(abs(amount) - gross - fee), abs(abs(amount) - gross + fee)) <= CENT
        after += is_after
        if is_after and len(shown) < 3:
            shown.append(f"line {row.line}: {gross.normalize():f} before, fee {fee}, {abs(amount)} after")
    if after and not before:
        columns["net"] = columns.pop("amount")
        draft.notes.append(f"{columns['net']} is after the fee: {'; '.join(shown)}.")


def _figure(row: SourceRow, place: int) -> Decimal | None:
    try:
        return number(row.cells[place]) if place < len(row.cells) else None
    except UnreadableValue:
        return None


def _is_negative(cell: str) -> bool:
    try:
        found = number(cell)
    except UnreadableValue:
        return False
    return found is not None and found < 0


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
