"""The sheet `Harvest`: lots at a loss, and what selling each would save in the year's tax, live by the worksheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import AssetClass, Term
from capgain.engine.forms.tax import Gains
from capgain.engine.planning.harvest import Harvest, HarvestLot, harvest, loss_of
from capgain.engine.planning.use_of_loss import Result
from capgain.engine.planning.year_at_hand import with_more
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import LINE_AMOUNT, LINE_INPUT
from capgain.workbook.report.harvest_workings import Workings
from capgain.workbook.report.income import in_cents
from capgain.workbook.report.listing import Column
from capgain.workbook.report.tax import TaxCells
from capgain.workbook.sheets import (
    CENTER,
    COUNT,
    DATE,
    HEADING,
    MONEY,
    MUTED,
    NOTICE,
    PLAIN,
    TITLE,
    Cell,
    Formula,
    Note,
    Row,
    Sheet,
    Style,
    column_letter,
    quantity_cell,
)

NAME = "Harvest"
MOST_LOTS = 500
"""Lots on the sheet, those that save most; the command line lists all."""

COLUMNS = (
    Column("Ledger row", 8, "Row on sheet Ledger that first acquired the units"),
    Column("Asset", 10),
    Column("Account", 14),
    Column("Quantity", 14),
    Column("Acquired", 11),
    Column("Long-term from", 11, "A sale on this day or later is long-term"),
    Column("Term", 7, "Of a sale on the day of the sales"),
    Column("Days until long", 8),
    Column("Price", 13, "From sheet Prices; may be changed here to try another"),
    Column("Value", 13),
    Column("Basis", 13),
    Column("Loss", 13, "Value - Basis, before fees"),
    Column("Units replaced", 11, "Units bought in the 30 days before, in any account, that would still be held"),
    Column("Not allowed", 12, "What a wash sale takes away of the loss (26 USC 1091)"),
    Column("Clear from", 11, "From this day on the sale is no wash sale, if nothing more is bought"),
    Column("Buy back from", 11, "A purchase before this day makes the sale a wash sale"),
    Column("Saves", 12, "What selling this lot alone takes off this year's tax"),
    Column("Sell", 14, "Down the list, as much of each lot as still lowers this year's tax; no wash sales"),
    Column("Saves so far", 12, "What selling as told saves down to this row"),
)
AT = {column.heading: column_letter(place) for place, column in enumerate(COLUMNS, start=1)}
INPUT = 9
"""The column of the inputs above the list, that of the prices."""

PRICE = Style(name="CapGain Price Input", number_format="#,##0.00######", colour="0000FF")
DAY = Style(name="CapGain Day Input", number_format="mm/dd/yyyy", colour="0000FF", align="right", border="b")
REMARK = NOTICE.but("CapGain Harvest Remark", wrap=False)
WORKING = HEADING.but("CapGain Working Heading", fill="7F7F7F", font_size=8)
PRICES_MAY_CHANGE = (
    "A price changed here changes Loss and Saves at once; order, wash sales and the quantities to sell stay. To the "
    "right: the worksheet behind each saving, line by line."
)


def harvest_of(papers: Workpapers) -> Harvest | None:
    """The harvest of the last year shown, on the day of its latest price; None where no price belongs to that year.

    A price without a date is of today, or of the year's end in a year that is over.
    """
    ledger = papers.report.ledger
    if not ledger.prices or not papers.years:
        return None
    year = papers.years[-1]
    days = [entry.at.date() for entry in ledger.transactions]
    dated = [price.day for price in ledger.prices if price.day is not None and price.day.year == year]
    undated = any(price.day is None for price in ledger.prices) and year >= max(days, default=date.max).year
    if not dated and not undated:
        return None
    today = date.today()
    of_year = [*dated, *(day for day in days if day.year == year)]
    if undated:
        of_year.append(today if today.year == year else date(year, 12, 31))
    found = harvest(ledger, max(of_year), report=papers.report)
    return found if found.losses or found.others else None


def harvest_sheet(papers: Workpapers, found: Harvest, tax: TaxCells | None) -> Sheet:
    """The sheet. `tax` is where the law and the rest of the return stand, None without the year's income stated."""
    rows = _Rows(papers, found)
    rows.head(tax if found.at_hand.rest is not None else None)
    rows.list_lots()
    return rows.sheet()


@dataclass(slots=True)
class _Rows:
    """The sheet as it is built, top down. `at` is the cell of each input that formulas refer to."""

    papers: Workpapers
    found: Harvest
    rows: list[Row] = field(default_factory=list)
    at: dict[str, str] = field(default_factory=dict)
    alone: Workings | None = None
    together: Workings | None = None
    heading: int = 0

    @property
    def lots(self) -> Sequence[HarvestLot]:
        return self.found.losses[:MOST_LOTS]

    @property
    def next(self) -> int:
        return len(self.rows) + 1

    def head(self, tax: TaxCells | None) -> None:
        """Title, inputs, and what to know before acting."""
        found, gains = self.found, self.found.at_hand.gains
        self.rows.append((Cell(f"Harvest as of {found.as_of:%m/%d/%Y}", TITLE),))
        self._input("DAY", "The day of the sales", Cell(found.as_of, DAY))
        self._input("D7", "Net short-term gain or (loss) so far (Schedule D, line 7)", Cell(gains.short, LINE_INPUT))
        self._input("D15", "Net long-term gain or (loss) so far (Schedule D, line 15)", Cell(gains.long, LINE_INPUT))
        limit = Cell(found.at_hand.loss_limit, LINE_INPUT)
        self._input("LIMIT", "What a net loss may take off other income in a year", limit)
        usable = f"=ROUND(MAX({self.at['D7']}+{self.at['D15']}+{self.at['LIMIT']},0),2)"
        words = "Further loss that this year can use; more is carried forward"
        self._input("USABLE", words, Cell(Formula(usable, found.at_hand.usable_loss), LINE_AMOUNT))
        if tax is not None:
            self._tax_so_far(tax, gains)
        for remark in (found.missing, self._unpriced()):
            if remark:
                self.rows.append((Cell(remark, REMARK),))
        said = list(found.notes)
        if len(found.losses) > MOST_LOTS:
            said.append(f"The {MOST_LOTS} lots that save most, of {len(found.losses):,} at a loss.")
        self.rows += [(Cell(text, MUTED),) for text in (*said, PRICES_MAY_CHANGE)]
        self.rows.append(())

    def _input(self, key: str, words: str, cell: Cell) -> None:
        self.at[key] = f"${column_letter(INPUT)}${self.next}"
        self.rows.append([Cell(words, PLAIN), *(None,) * (INPUT - 2), cell])

    def _unpriced(self) -> str:
        missing = ", ".join(self.found.unpriced)
        return f"Left out, without a price on or before that day: {missing}" if missing else ""

    def _tax_so_far(self, tax: TaxCells, gains: Gains) -> None:
        """The tax before any further sale, and the columns in which the tax after one is figured."""
        rest = self.found.at_hand.rest
        assert rest is not None
        by_schedule_d = bool(gains.rate_28 or gains.stated_line_18 or gains.stated_line_19) or any(
            lot.asset_class is AssetClass.COLLECTIBLE for lot in self.found.losses
        )
        if by_schedule_d:
            for key, words, amount in (
                ("R28", "Long-term gain or (loss) on collectibles so far", gains.rate_28),
                ("D14", "Long-term loss carried in (Schedule D, line 14)", gains.long_carryover),
                ("D18", "Line 18 as stated in Settings", gains.stated_line_18 or Decimal(0)),
                ("D19", "Line 19 as stated in Settings", gains.stated_line_19),
            ):
                self._input(key, words, Cell(amount, LINE_INPUT))

        def workings(start: int) -> Workings:
            at = self.at
            given = (at.get(key, "") for key in ("R28", "D14", "D18", "D19"))
            return Workings(start, tax, rest, by_schedule_d, at["LIMIT"], *given)

        self.alone = workings(len(COLUMNS) + 2)
        self.together = workings(len(COLUMNS) + 3 + len(self.alone.headings))
        number = self.next
        figured = self.alone.row(number, self.at["D7"], self.at["D15"], "0", gains)
        total = Cell(Formula(f"={self.alone.total}{number}", rest.tax(gains).total), LINE_AMOUNT)
        self._input("TAX", "Tax on the return with the gains so far", total)
        self.rows[-1] = [*self.rows[-1], *(None,) * (len(COLUMNS) + 1 - INPUT), *figured]

    def list_lots(self) -> None:
        """The headings, and a row for each lot."""
        self.heading = self.next
        headings: list[Cell | None] = [Cell(column.heading, HEADING) for column in COLUMNS]
        for block, words in ((self.alone, "alone"), (self.together, "as told, so far")):
            if block is not None:
                headings += [None, *(Cell(f"{name}, {words}", WORKING) for name in block.headings)]
        self.rows.append(headings)
        gains, last = self.found.at_hand.gains, 0
        for lot in self.lots:
            number = self.next
            cells = self._lot(lot, number)
            if self.alone is not None and self.together is not None:
                self._save(lot, number, cells, self.alone)
                if lot.sell and lot.saves_so_far is not None:
                    gains = self._sell(lot, number, cells, self.together, gains, last)
                    last = number
            self.rows.append(cells)
        if not self.lots:
            self.rows.append((Cell("No lot with a price stands at a loss.", MUTED),))

    def _lot(self, lot: HarvestLot, number: int) -> list[Cell | None]:
        def of(heading: str) -> str:
            return f"{AT[heading]}{number}"

        day, quantity = self.at["DAY"], quantity_cell(lot.quantity)
        is_text = isinstance(quantity.content, str)
        days = Formula(f"=MAX({of('Long-term from')}-{day},0)", lot.days_until_long)
        term = Formula(f'=IF({day}>={of("Long-term from")},"Long","Short")', lot.term.value.title())
        is_product = not is_text and lot.value == in_cents(lot.quantity * lot.price)
        value = Formula(f"=ROUND({of('Quantity')}*{of('Price')},2)", lot.value)
        loss = Formula(f"=ROUND({of('Value')}-{of('Basis')},2)", lot.unrealized)
        replaced: Cell | None = None
        disallowed: Cell | None = None
        if lot.wash is not None:
            replaced = quantity_cell(lot.wash.replaced)
            is_text = is_text or isinstance(replaced.content, str)
            share = f"=ROUND(MAX(-{of('Loss')},0)*{of('Units replaced')}/{of('Quantity')},2)"
            disallowed = Cell(lot.disallowed if is_text else Formula(share, lot.disallowed), MONEY)
        back: Cell | None = None
        if lot.buy_back_from is not None:
            back = Cell(Formula(f"={day}+{WINDOW.days + 1}", lot.buy_back_from), DATE)
        return [
            self.papers.ledger_link(lot.row) or Cell("none", CENTER),
            Cell(lot.asset),
            Cell(lot.account),
            quantity,
            Cell(lot.acquired, DATE),
            Cell(lot.long_term_from, DATE),
            Cell(term, CENTER),
            Cell(days, COUNT),
            Cell(lot.price, PRICE),
            Cell(value if is_product else lot.value, MONEY),
            Cell(lot.basis, MONEY),
            Cell(loss, MONEY),
            replaced,
            disallowed,
            Cell(lot.wash.clear_from, DATE) if lot.wash is not None else None,
            back,
            None,
            quantity_cell(lot.sell) if lot.sell else None,
            None,
        ]

    def _save(self, lot: HarvestLot, number: int, cells: list[Cell | None], block: Workings) -> None:
        """What this lot alone saves, with the worksheet beside it."""
        assert lot.saves is not None
        result = lot.allowed
        amount = f"{AT['Loss']}{number}+{AT['Not allowed']}{number}"
        short, long = _by_term(lot, number, amount, result)
        gains = with_more(self.found.at_hand.gains, result.short, result.long, is_collectible=result.is_collectible)
        more_28 = long if result.is_collectible else "0"
        figured = block.row(number, f"{self.at['D7']}+{short}", f"{self.at['D15']}+{long}", more_28, gains)
        saves = Formula(f"=ROUND({self.at['TAX']}-{block.total}{number},2)", lot.saves)
        cells[len(COLUMNS) - 3] = Cell(saves, MONEY)
        cells += [None, *figured]

    def _sell(
        self, lot: HarvestLot, number: int, cells: list[Cell | None], block: Workings, gains: Gains, last: int
    ) -> Gains:
        """What selling as told saves down to this lot; `last` is the row of the one before it, 0 for the first."""
        assert lot.sell is not None
        assert lot.saves_so_far is not None
        result = lot.allowed.part(loss_of(lot, lot.sell))
        numbers_only = isinstance(quantity_cell(lot.quantity).content, Decimal)
        share = f"ROUND({AT['Loss']}{number}*{AT['Sell']}{number}/{AT['Quantity']}{number},2)"
        amount = share if numbers_only else f"({result.net})"
        short, long = _by_term(lot, number, amount, result)
        before_short, before_long, before_28 = self.at["D7"], self.at["D15"], "0"
        if last:
            before_short, before_long = (f"{block.column(name)}{last}" for name in ("D7", "D15"))
            before_28 = f"{block.column('28% rate')}{last}-{self.at['R28']}" if block.by_schedule_d else "0"
        more_28 = f"{before_28}+{long}" if result.is_collectible else before_28
        gains = with_more(gains, result.short, result.long, is_collectible=result.is_collectible)
        figured = block.row(number, f"{before_short}+{short}", f"{before_long}+{long}", more_28, gains)
        saves = Formula(f"=ROUND({self.at['TAX']}-{block.total}{number},2)", lot.saves_so_far)
        cells[len(COLUMNS) - 1] = Cell(saves, MONEY)
        cells += [None, *figured]
        return gains

    def sheet(self) -> Sheet:
        last = max(len(self.rows), self.heading + 1)
        page = self.papers.page(f"Harvest {self.found.year}", landscape=True, repeat=(self.heading, self.heading))
        end = column_letter(len(COLUMNS))
        return Sheet(
            name=NAME,
            rows=self.rows,
            widths=tuple(column.width for column in COLUMNS),
            heights={self.heading: 40},
            freeze=(self.heading, 0),
            page=replace(page, area=f"A1:{end}{last}"),
            tab="548235",
            autofilter=f"A{self.heading}:{end}{last}" if self.lots else "",
            notes=tuple(Note(f"{AT[found.heading]}{self.heading}", found.note) for found in COLUMNS if found.note),
            numbers_as_text=f"{AT['Quantity']}{self.heading + 1}:{AT['Quantity']}{last}",
        )


def _by_term(lot: HarvestLot, number: int, amount: str, result: Result) -> tuple[str, str]:
    """The short- and the long-term part of `amount`; as worked out where a rule decides them, not the dates alone."""
    by_dates = not result.long if lot.term is Term.SHORT else not result.short
    if not by_dates:
        return f"({result.short})", f"({result.long})"
    term = f"{AT['Term']}{number}"
    return f'IF({term}="Short",{amount},0)', f'IF({term}="Long",{amount},0)'
