"""What a format says of a source's files: its tables, their columns, and what is done with each kind of row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from enum import Enum
from fnmatch import translate
from functools import lru_cache

from capgain.engine.money import CENT
from capgain.engine.problems import CapgainError
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.written.date_orders import DateOrder

FIELDS = frozenset(
    """
    at time kind id group chain_id order note account account_number account_type class partner underlying
    asset quantity pair price amount net fee fees fee_asset fee_quantity fee_value currency value
    sent_asset sent_quantity sent_value sent_account
    received_asset received_quantity received_value received_account
    sent_price received_price net_quantity fee_price decimals
    acquired basis unit_basis gain wash form box covered reported_basis unit_reported_basis term withheld
    market_discount loss_not_allowed ordinary collectible tax_withheld
    ratio_new ratio_old filled accrued income multiplier inside_fee
    """.split()  # noqa: SIM905 - a table reads better than a list of quoted words
)
"""What a column may be read as. `amount` is dollars before the fee, `net` after it, `value` what the units were worth;
`fees` are columns to be added up; `sent_price`, `received_price` and `fee_price` are dollars per unit;
`net_quantity` is what the balance changed by, units after the fee; `decimals` how many `quantity` has; `time` is a
clock beside a date; `pair` is what was traded for what; `partner` says something of the other side; `ratio_new` and
`ratio_old` are a split's; `inside_fee` is the part of `quantity` that was the network's fee, in the asset or
its hundred millionth; `filled` is the part of an order that was filled, whatever its status; `accrued` the interest
that had accrued on a bond, part of `net` alone; `income` what income was paid for, where the kind's own words do not
say it; `multiplier` is what the price of a future is multiplied by; `account_number` and `account_type` are said of an
account beside its name. Of a closed lot: `acquired`, `basis` (or `unit_basis`, of one unit), `gain`, `wash` (the loss
disallowed), `form`, `box`, `covered`, `reported_basis` (or `unit_reported_basis`), `term`, `market_discount`,
`tax_withheld`, and `loss_not_allowed`, `ordinary` and `collectible`, which a cross or a yes marks; `withheld` is what
of `quantity` never came."""


class UnusableFormat(CapgainError):
    """A format file that says something wrong or too little; the text says which line of it."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with a kind of row: exactly one of `becomes`, `ignore` and `refuse` is set."""

    becomes: Becomes | None = None
    ignore: str = ""
    refuse: str = ""
    beside: re.Pattern[str] | None = None
    """The kind of another row of the same asset on the same day without which the row is not ignored."""
    negative: Becomes | None = None
    asset_class: str = ""
    partner: str = ""
    side: str = ""
    same: Becomes | None = None
    """What an exchange becomes whose two sides are one asset."""
    columns: Mapping[str, tuple[str, ...]] | None = None
    stated: Mapping[str, str] = field(default_factory=dict)
    """Fields that every row of the kind has, whatever its cells say."""
    read: tuple[tuple[str, re.Pattern[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class SpecialRows:
    """A treatment for rows whose columns match; comes before the kinds."""

    when: tuple[tuple[str, re.Pattern[str]], ...]
    treatment: Treatment
    if_any: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """What any row of the table must say; empty where none has to."""


class Money(Enum):
    """Whether the amounts of a row are before its fee or after it."""

    BEFORE_FEE = "gross"
    AFTER_FEE = "net"


class PaidFee(Enum):
    """The sign of a fee that was paid; one of the other sign was received."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Where a file says something beside its rows, each a pattern whose group is what is said."""

    title: re.Pattern[str] | None = None
    """in a row above the header"""
    file: re.Pattern[str] | None = None
    """in the file's name"""
    heading: re.Pattern[str] | None = None
    """in a column's name"""
    column: str = ""
    """in a column of its own"""


NOWHERE = FoundIn()


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One kind of table in a source's files.

    The name of a column may hold `*` for what changes in it, or be a regular expression after `re:`.
    """

    format: str
    name: str
    headers: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    joined: frozenset[str]
    kinds: Mapping[str, Treatment]
    kind_patterns: tuple[tuple[re.Pattern[str], Treatment, str], ...]
    """Kinds with `*` in them: pattern, treatment, and what stands around the `*`."""
    special: tuple[SpecialRows, ...]
    other_rows: tuple[tuple[re.Pattern[str], str], ...]
    first_cell: str = ""
    """Rows of this table carry this in their first cell (statements that hold many tables)."""
    ignore: str = ""
    """Why every row of the table is ignored; "" when they are not."""
    wide_amount: tuple[str, ...] = ()
    """Column names with `{asset}` in them, where each asset has a column of its own."""
    wide_fee: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    """What a trading pair's second half may be, for pairs written without a separator."""
    account: str = ""
    """The account's name with `{column}` in it; "" for the format's own name."""
    class_of: Mapping[str, str] | None = None
    rows_like: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """What every row must have in its columns, where another source's table has the same headings."""
    own: tuple[str, ...] = ()
    """Columns of the sender and the receiver, in files of block explorers."""
    tells: str = ""
    """What the reader of this table takes for granted; the import says it."""
    fee_is_in_received: bool = False
    """Whether `fee` is in units of what came, not in the currency of the amounts."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """The names in `headers` as the source writes them."""
    keep: tuple[tuple[str, frozenset[str]], ...] = ()
    """Columns with the only words with which a row counts, such as the status of an order."""
    details: bool = False
    """Rows without a date belong to the row above them."""
    paid_fee_is_negative: bool = False
    """Whether a fee above 0 is one that was received."""
    money: Money = Money.BEFORE_FEE
    checks_sum: bool = True
    """Whether money before and after the fee is compared with the fee."""
    compare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The source's own `proceeds`, `basis` and `gain` of a sale, which the row's money must bear out."""
    rounded_to: Decimal = CENT
    """By how many dollars these may be off."""
    ids: str = ""
    """The sign behind which names of assets and accounts have the source's own ids."""


@dataclass(frozen=True, slots=True)
class Format:
    """A source of files."""

    key: str
    name: str
    kind: str
    zone: tzinfo | None
    """The source's own, for times that name none."""
    source: str
    tables: tuple[SourceTable, ...]
    assets: Mapping[str, str]
    asset_endings: tuple[str, ...]
    sections: Mapping[str, str]
    """First cells of tables that are ignored, and why, in files that name every row's table in its first cell."""
    any_account: bool = False
    """Whether its files may be of any broker's, exchange's or wallet's account, whose kind tells what is sold there."""
    zone_is_asked: bool = False
    """Whether times without a zone are refused until the user names it."""
    date_order: DateOrder | None = None
    """That of dates in figures, as far as the dates of a file leave it open."""
    account_from: FoundIn = NOWHERE
    zone_from: FoundIn = NOWHERE
    currency_from: FoundIn = NOWHERE
    """Where a file names the currency of amounts whose rows name none."""
    own_text: str = ""
    """The text of a mapping of the user's own: its words bind, and every column in it must be there."""

    @property
    def is_own(self) -> bool:
        return bool(self.own_text)

    def line_of(self, name: str) -> str:
        """The place in the mapping that names a column, for a message."""
        for number, line in enumerate(self.own_text.splitlines(), start=1):
            said = line.partition("#")[0] if f'"{name}"' not in line else line
            if f'"{name}"' in said or f"'{name}'" in said:
                return f"{self.key}.toml, line {number},"
        return f"{self.key}.toml"


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """A column's name or a kind as it is compared: without case, spaces, underscores and byte order marks."""
    return "".join(text.replace("_", "").replace("\ufeff", "").replace('"', "").split()).casefold()


def pattern(text: str) -> re.Pattern[str]:
    """`*` stands for anything, everything else for itself; after `re:` comes a regular expression.

    Raises:
        UnusableFormat: the regular expression does not compile.
    """
    if text.startswith("re:"):
        try:
            return re.compile(text.removeprefix("re:"))
        except re.error as wrong:
            raise UnusableFormat(f"{text!r} is no regular expression: {wrong}.") from wrong
    return re.compile(translate(normal(text).replace("[", "[[]").replace("?", "[?]")))


def is_pattern(name: str) -> bool:
    """Whether a column's name in a format stands for several."""
    return "*" in name or name.startswith("re:")


def places_by_name(cells: Iterable[str]) -> dict[str, int]:
    """Each column's place by its normal name; further ones of one name are `name#2`, `name#3` and so on."""
    index: dict[str, int] = {}
    counted: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = normal(cell)
        counted[name] = counted.get(name, 0) + 1
        index.setdefault(name if counted[name] == 1 else f"{name}#{counted[name]}", place)
    return index


def place_of(name: str, index: Mapping[str, int]) -> int | None:
    """The place of the column that a format names; of a pattern the first that it matches."""
    if not is_pattern(name):
        return index.get(normal(name.removesuffix("?")))
    wanted = column_pattern(name)
    return next((place for known, place in index.items() if known and wanted.fullmatch(known)), None)


@lru_cache(maxsize=1024)
def column_pattern(name: str) -> re.Pattern[str]:
    """The normal names of columns that a name with `*` or `re:` stands for."""
    return pattern(name.removesuffix("?") if not name.startswith("re:") else name)


def headers_fit(generation: Iterable[str], names: Mapping[str, int] | set[str]) -> bool:
    """Whether all columns of a generation are among these normal names."""
    return all(
        name in names or (is_pattern(name) and any(column_pattern(name).fullmatch(known) for known in names))
        for name in generation
    )
