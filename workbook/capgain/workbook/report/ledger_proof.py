"""Working columns beside the copy of the ledger: what each row's own cells say came in, left and was paid.

A column holds a formula over the row's cells wherever that formula gives what the engine takes of the row, else the
engine's own value, marked: a contract size, digits that a cell does not hold, a cost shared by fills.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.atoms import atoms, costs_of, dollars_of
from capgain.engine.money import ZERO, to_the_cent
from capgain.engine.pool_orders import pool_orders
from capgain.engine.transactions import (
    Acquisition,
    Buy,
    Disposal,
    GiftIn,
    Opening,
    Payment,
    PoolIn,
    ProtocolMove,
    Reinvest,
    Trade,
    Transaction,
)
from capgain.workbook.report.checks import HALF_A_CENT
from capgain.workbook.report.column_tally import Tally, tally_as_read
from capgain.workbook.report.context import LEDGER, Workpapers
from capgain.workbook.report.proceeds_of_rows import own_nets
from capgain.workbook.report.units_of_rows import types_that_trade, units_coming, units_leaving
from capgain.workbook.sheets import (
    CENTER,
    DATE,
    HEADING,
    MONEY,
    RIGHT,
    Cell,
    Formula,
    column_letter,
    criterion,
    reference,
    shared_cell,
)

HEADINGS = ("Day", "Kind", "Gross", "Net", "Basis in", "Units in", "Units out")

WORKING = HEADING.but("CapGain Working Heading", fill="D9D9D9", colour="404040")

VALUE = MONEY.but("CapGain Engine's Value", italic=True, fill="F2F2F2", colour="595959")
"""Where no formula over the row's cells gives what the engine takes of it."""

UNITS_VALUE = VALUE.but("CapGain Engine's Units", number_format="")


class Figures(NamedTuple):
    """What the formulas of a row come to; `day` is that of the row."""

    day: date
    kind: str
    gross: Decimal
    net: Decimal
    basis_in: Decimal
    units_in: Decimal
    units_out: Decimal


class Sum(NamedTuple):
    """A formula without its `=`, and what it comes to."""

    text: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """Where the ledger's columns stand on its copy, and how many rows and columns the copy has."""

    columns: Mapping[str, int]
    title_row: int
    height: int
    width: int

    def column(self, heading: str) -> str:
        return column_letter(self.columns[heading] + 1)

    def helper(self, heading: str) -> str:
        return column_letter(self.width + HEADINGS.index(heading) + 1)


class LedgerProof:
    """The working columns of a ledger, and sums over them by account, asset and year."""

    def __init__(self, papers: Workpapers, place: Place, content_of: Callable[[int, int], object]) -> None:
        """`content_of` gives what a cell of the copy holds by its row and its place in it."""
        self._papers = papers
        self._place = place
        self._content_of = content_of
        self._nets = own_nets(papers)
        self._pool_orders = pool_orders(papers.report.ledger)
        self._trades = types_that_trade(papers.report.ledger.transactions)
        self.figures: dict[int, Figures] = {}
        self._tallies = [tally_as_read(heading) for heading in HEADINGS]
        for row in sorted(papers.transactions):
            if place.title_row < row <= place.height:
                self.figures[row], cells = self._worked_out(papers.transactions[row])
                for tally, cell in zip(self._tallies, cells, strict=True):
                    if tally is not None and cell is not None:
                        tally.add(row, cell)
        self._rows_of_year: defaultdict[int, list[int]] = defaultdict(list)
        self._brought_forward: defaultdict[int, list[int]] = defaultdict(list)
        self._by_words: dict[tuple[date, date, tuple[str, ...]], dict[tuple[str, ...], list[int]]] = {}
        for row, figures in self.figures.items():
            self._rows_of_year[figures.day.year].append(row)
            if figures.kind == Opening.type_name and (figures.day.month, figures.day.day) == (1, 1):
                self._brought_forward[figures.day.year].append(row)

    def headings(self) -> tuple[Cell, ...]:
        return tuple(Cell(heading, WORKING) for heading in HEADINGS)

    def cells_of(self, row: int) -> tuple[Cell | None, ...]:
        """The working cells of a row; none of a row that is no transaction."""
        return self._worked_out(self._papers.transactions[row])[1] if row in self.figures else ()

    def beside(self) -> Iterator[tuple[str, str, Tally | None]]:
        """Heading and letter of each working column, and what it comes to."""
        for heading, tally in zip(HEADINGS, self._tallies, strict=True):
            yield heading, self._place.helper(heading), tally

    def cell(self, heading: str, row: int) -> str:
        """The working cell of a ledger row, as a reference from another sheet."""
        return reference(LEDGER, f"${self._place.helper(heading)}${row}")

    def cells(self, heading: str) -> str:
        """A whole working column, or one of the ledger's own, as a reference from another sheet."""
        letter = self._place.helper(heading) if heading in HEADINGS else self._place.column(heading)
        last = max(self._place.height, self._place.title_row + 1)
        return reference(LEDGER, f"${letter}${self._place.title_row + 1}:${letter}${last}")

    def has(self, heading: str) -> bool:
        """Whether the ledger has a column."""
        return heading in self._place.columns

    def of_year(
        self, heading: str, year: int, *, account: str | None = None, asset: str | None = None, kind: str | None = None
    ) -> Sum:
        """A sum over a working column by what the rows of a year say.

        What a trade brings counts for its Received Asset.
        """
        rows, first, last = self._rows_of_year.get(year, ()), date(year, 1, 1), date(year, 12, 31)
        if asset is None or heading not in ("Units in", "Basis in"):
            return self._sum(heading, rows, first, last, {"Account": account, "Asset": asset}, kind)
        bought = self._sum(heading, rows, first, last, {"Account": account, "Asset": asset}, None, trades=False)
        if not self.has("Received Asset"):
            return bought
        of_trades = {"Account": account, "Received Asset": asset}
        traded = self._sum(heading, rows, first, last, of_trades, None, trades=True)
        return Sum(f"{bought.text}+{traded.text}", bought.value + traded.value) if traded.value else bought

    def brought_forward(self, heading: str, year: int, *, account: str, asset: str) -> Sum:
        """What Opening rows of January 1 bring, as the lots of the year before do; no formula where there are none."""
        rows, first = self._brought_forward.get(year, ()), date(year, 1, 1)
        found = self._sum(heading, rows, first, first, {"Account": account, "Asset": asset}, Opening.type_name)
        return found if found.value else Sum("", ZERO)

    def _sum(
        self,
        heading: str,
        rows: Sequence[int],
        first: date,
        last: date,
        typed: Mapping[str, str | None],
        kind: str | None,
        *,
        trades: bool | None = None,
    ) -> Sum:
        day = self.cells("Day")
        parts = [
            self.cells(heading),
            *(f'{day},"{sign}"&DATE({one.year},{one.month},{one.day})' for sign, one in ((">=", first), ("<=", last))),
        ]
        wanted = {column: text for column, text in typed.items() if text is not None and self.has(column)}
        parts += [f"{self.cells(column)},{criterion(text)}" for column, text in wanted.items()]
        if kind is not None:
            parts.append(f"{self.cells('Kind')},{criterion(kind)}")
        if trades is False:
            parts += [f'{self.cells("Kind")},"<>{name}"' for name in self._trades]
        place = HEADINGS.index(heading)
        amount = ZERO
        for row in self._rows_that_say(wanted, rows, (first, last)):
            figures = self.figures[row]
            if kind is not None and figures.kind != kind:
                continue
            if trades is not None and (figures.kind in self._trades) is not trades:
                continue
            amount += figures[place]  # type: ignore[operator]
        return Sum(f"SUMIFS({','.join(parts)})", amount)

    def _rows_that_say(self, wanted: Mapping[str, str], rows: Sequence[int], days: tuple[date, date]) -> Sequence[int]:
        """Those of the rows between two days whose cells hold the words, in any case; all are looked through once."""
        if not wanted:
            return rows
        columns = tuple(wanted)
        found = self._by_words.get((*days, columns))
        if found is None:
            found = self._by_words[*days, columns] = {}
            for row in rows:
                words = tuple(self._text(row, column).casefold() for column in columns)
                found.setdefault(words, []).append(row)
        return found.get(tuple(text.casefold() for text in wanted.values()), ())

    def has_own_net(self, row: int) -> bool:
        """Whether a row disposes of something for its own Gross less Fee."""
        return row in self._nets

    def _text(self, row: int, column: str) -> str:
        content = self._content(row, column)
        return "" if content is None else str(content)

    def _content(self, row: int, column: str) -> object:
        place = self._place.columns.get(column)
        return None if place is None else self._content_of(row, place)

    def _number(self, row: int, column: str) -> Decimal | None:
        """What ISNUMBER finds in a cell."""
        content = self._content(row, column)
        if isinstance(content, bool) or not isinstance(content, int | float | Decimal):
            return None
        return Decimal(repr(float(content)))

    def _worked_out(self, entry: Transaction) -> tuple[Figures, tuple[Cell | None, ...]]:
        row = entry.row
        day, day_cell = self._day(entry)
        gross, gross_cell = self._gross(entry)
        gross_at = f"{self._place.helper('Gross')}{row}"
        fee = self._number(row, "Fee")
        fee_at = f"{self._place.column('Fee')}{row}" if self.has("Fee") else ""
        with_fee = f"IF(ISNUMBER({fee_at}),{fee_at},0)" if fee_at else ""
        net, net_cell = ZERO, None
        if row in self._nets:
            text = f"={gross_at}-{with_fee}" if with_fee else f"={gross_at}"
            net, net_cell = _either(text, gross - (fee or ZERO), self._nets[row])
        basis_in, basis_cell = self._basis_in(entry, gross, gross_at, fee, with_fee)
        units_in, in_cell = self._units(entry, *units_coming(entry))
        units_out, out_cell = self._units(entry, *units_leaving(entry))
        kind = shared_cell(entry.type_name, CENTER)
        return (
            Figures(day, entry.type_name, gross, net, basis_in, units_in, units_out),
            (day_cell, kind, gross_cell, net_cell, basis_cell, in_cell, out_cell),
        )

    def _day(self, entry: Transaction) -> tuple[date, Cell]:
        content = self._content(entry.row, "Date")
        day = entry.at.date()
        shown = content.date() if isinstance(content, datetime) else content
        if shown == day:
            at = f"{self._place.column('Date')}{entry.row}"
            return day, Cell(Formula(f"=DATE(YEAR({at}),MONTH({at}),DAY({at}))", day), DATE)
        return day, Cell(day, DATE)

    def _gross(self, entry: Transaction) -> tuple[Decimal, Cell | None]:
        """Amount, else Quantity times Price."""
        if not isinstance(entry, Acquisition | Disposal | Payment):
            return ZERO, None
        row = entry.row
        amount, quantity, price = (self._number(row, name) for name in ("Amount", "Quantity", "Price"))
        product = to_the_cent(quantity * price) if quantity is not None and price is not None else ZERO
        text = "0"
        if self.has("Price") and self.has("Quantity"):
            both = [f"{self._place.column(name)}{row}" for name in ("Quantity", "Price")]
            text = f"IF(AND(ISNUMBER({both[0]}),ISNUMBER({both[1]})),ROUND({both[0]}*{both[1]},2),0)"
        if self.has("Amount"):
            at = f"{self._place.column('Amount')}{row}"
            text = f"IF(ISNUMBER({at}),{at},{text})"
        return _either(f"={text}", product if amount is None else amount, entry.amount)

    def _basis_in(
        self, entry: Transaction, gross: Decimal, gross_at: str, fee: Decimal | None, with_fee: str
    ) -> tuple[Decimal, Cell | None]:
        match entry:
            case Buy() | Reinvest():
                engine = dollars_of(atoms(entry.amount) + costs_of(entry))
                text = f"={gross_at}+{with_fee}" if with_fee else f"={gross_at}"
                return _either(text, gross + (fee or ZERO), engine)
            case Opening() | GiftIn():
                engine = entry.basis if entry.basis is not None else ZERO
                typed = self._number(entry.row, "Basis")
                if typed is None:
                    return to_the_cent(engine), Cell(to_the_cent(engine), VALUE)
                return _either(f"={self._place.column('Basis')}{entry.row}", typed, engine)
            case ProtocolMove() if entry.is_carried or not entry.received_asset:
                return ZERO, None
            case PoolIn():
                return _either(f"={gross_at}", gross, self._pool_orders[entry.row].value)
            case Acquisition() | Trade():
                return _either(f"={gross_at}", gross, entry.amount)
            case _:
                return ZERO, None

    def _units(self, entry: Transaction, heading: str, engine: Decimal) -> tuple[Decimal, Cell | None]:
        if not heading:
            return ZERO, None
        typed = self._number(entry.row, heading)
        if typed is not None and abs(typed - engine) < SMALLEST:
            return typed, Cell(Formula(f"={self._place.column(heading)}{entry.row}", typed), RIGHT)
        return engine, Cell(float(engine), UNITS_VALUE)


SMALLEST = Decimal("1e-12")


def _either(text: str, shown: Decimal, engine: Decimal) -> tuple[Decimal, Cell]:
    """The formula where it gives the engine's amount to the cent, else that amount."""
    if abs(shown - engine) < HALF_A_CENT:
        return shown, Cell(Formula(text, shown), MONEY)
    return to_the_cent(engine), Cell(to_the_cent(engine), VALUE)
