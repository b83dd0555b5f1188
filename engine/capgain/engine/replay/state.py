"""The state of the pass: records of one concern each; the functions that change them stand one module per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from capgain.engine.classes import IncomeKind
from capgain.engine.classification import Place
from capgain.engine.ledger import Ledger
from capgain.engine.policy import Policy
from capgain.engine.pool_orders import PoolOrder
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.deferrals import Deferral
from capgain.engine.replay.holdings import Holding, Holdings
from capgain.engine.replay.lots import Lot, Put, Taken
from capgain.engine.replay.wash_book import Loss, WashBook
from capgain.engine.replay.wash_matches import Match
from capgain.engine.results.departures import Departure
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.income import IncomeItem
from capgain.engine.transactions import Acquisition, Entry, Income, Purchase, Worthless


@dataclass(slots=True)
class Booked:
    """What is on record for good. `disallowed` are cents of wash sales by the index of their disposition.

    `losses_on_shorts` are all losses on short sales closed. `trusts_held` are grantor trusts held when a year ended.
    `small_business` are asset, year, gain that counts and basis in cents of stock sold with code Q; `preferences` are
    row, year and cents of line 2h of Form 6251 that come of it.
    `iso_exercises` are years and atoms of incentive stock options by row, `iso_sales` the rows of sale and lot, the day
    and the atoms of shares from them.
    """

    dispositions: list[Disposition] = field(default_factory=list)
    income: list[IncomeItem] = field(default_factory=list)
    wash_matches: list[Match] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    disallowed: dict[int, int] = field(default_factory=dict)
    losses_on_shorts: list[Loss] = field(default_factory=list)
    trusts_held: dict[int, set[str]] = field(default_factory=dict)
    small_business: list[tuple[str, int, int, int]] = field(default_factory=list)
    preferences: list[tuple[int, int, int]] = field(default_factory=list)
    iso_exercises: dict[int, tuple[int, int]] = field(default_factory=dict)
    iso_sales: list[tuple[int, int, date, int]] = field(default_factory=list)


@dataclass(slots=True)
class Problems:
    """The problems found, and what has to be remembered to find some of them.

    `assumed_boxes` are accounts told of, `books_only` accounts and years told of an order that is not with the broker,
    `unvalued_gifts` rows of gifts whose value is not stated, `against_shorts` the day's purchases of what is sold
    short at a gain, and `kinds_unstated` income that nothing says the kind of, with what it is taken for.
    """

    sheet: str
    found: list[Problem] = field(default_factory=list)
    assumed_boxes: set[str] = field(default_factory=set)
    books_only: set[tuple[str, int]] = field(default_factory=set)
    unvalued_gifts: set[int] = field(default_factory=set)
    against_shorts: list[tuple[Purchase, Lot]] = field(default_factory=list)
    kinds_unstated: list[tuple[Income, IncomeKind]] = field(default_factory=list)

    def error(self, entry: Entry, column: str, code: str, message: str, remedy: str) -> None:
        self.found.append(Problem(Severity.ERROR, self.sheet, entry.row, column, message, remedy, code))

    def warn(
        self, entry: Entry, column: str, code: str, message: str, remedy: str, *, blocks_filing: bool = False
    ) -> None:
        self.found.append(
            Problem(Severity.WARNING, self.sheet, entry.row, column, message, remedy, code, blocks_filing)
        )


@dataclass(slots=True)
class State:
    """Everything the pass knows. `order_costs` are what fills of one order cost in atoms, by row; `puts`
    are those held, and options that may be; `deferrals` are gains put into opportunity funds; `set_apart` is what
    became worthless in the year at hand: holding, row and what was taken. `pool_orders` are the legs of liquidity pools
    by row, `acquisitions` those by account and asset, once something was missing.
    """

    ledger: Ledger
    policy: Policy
    holdings: Holdings
    wash: WashBook
    booked: Booked
    problems: Problems
    order_costs: Mapping[int, int]
    puts: list[Put] = field(default_factory=list)
    deferrals: list[Deferral] = field(default_factory=list)
    set_apart: list[tuple[Holding, Worthless, list[Taken]]] = field(default_factory=list)
    pool_orders: Mapping[int, PoolOrder] = field(default_factory=dict)
    acquisitions: Mapping[Place, Sequence[Acquisition]] | None = None
