"""A sponsor's table of what a trust sold to pay its expenses, as rows of Type Trust Sale (Treas. Reg. 1.671-5).

Such a table has a date, what lies under one share, what of it was sold, and what that brought, each for one share; or
in place of the second and third the part sold, called a factor. Sponsors name their columns as they like: `Gold Ounces
per Share`, `ounces_per_share`, `BTC sold per share`. The part sold is sold by held, as they stand in the same row.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from capgain.engine.trust_holdings import TRUSTS
from capgain.workbook.importing.statements.unreadable import UnreadableStatement
from capgain.workbook.written.source_text import UnreadableValue, number

COLUMNS = ("Date", "Type", "Asset", "Quantity", "Price", "Basis", "Kind", "Class", "ID", "Trust")
TRUST_SALE, NOTHING_SOLD, NO_SALE = "Trust Sale", "Trust Sold Nothing", "No Sale of a Trust"

_HELD_IN = frozenset(
    """
    ounce ounces oz ozs gold silver platinum palladium metal bitcoin bitcoins btc ether ethereum eth sol solana xrp coin
    coins token tokens
    """.split()  # noqa: SIM905 - a table reads better than a list of quoted words
)
_SOLD = frozenset(("sold", "paid", "disposed"))
_NOT_HELD = _SOLD | {"proceeds", "expense", "expenses", "cost", "basis", "price"}
_NAMES_IT = frozenset(("asset", "symbol", "ticker", "trust"))
_COMMON_WORDS = frozenset(("BTC", "BAR", "DEFI"))
"""Symbols that stand in names of files and titles for something else."""

_MONTHS = {datetime(2000, month, 1).strftime("%b").casefold(): month for month in range(1, 13)}
_MONTH_ALONE = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})"
    r"|(?P<month2>\d{1,2})[-/](?P<year2>\d{4})"
    r"|(?P<name>[a-z]{3})[a-z]*[ ,'-]+(?P<year3>\d{4}|\d\d)",
    re.IGNORECASE | re.ASCII,
)
_DAY = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})|(?P<us>\d{1,2}[-/]\d{1,2}[-/](?:\d{4}|\d\d))", re.ASCII
)
_CLOCK = re.compile(r"[T ]+0?0:00(?::00)?(?:\.0+)?\Z")
_FIRST_ROWS = 60

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class TrustTable:
    """Where the columns of such a table stand; `asset` and `kind` None: the table names neither.

    `factor` is the column with the part sold, where `held` and `sold` are None.
    """

    header: int
    day: int
    proceeds: int
    held: int | None
    sold: int | None
    factor: int | None
    asset: int | None
    holds: int | None
    above: str
    """what stands above the header"""


def trust_table(rows: Sequence[Row]) -> TrustTable | None:
    """The table among the first rows of a file, None where there is none."""
    above: list[str] = []
    for place, (_, cells) in enumerate(rows[:_FIRST_ROWS]):
        found = _columns(cells)
        has_part = ("held" in found and "sold" in found) or "factor" in found
        if "day" in found and "proceeds" in found and has_part:
            by_units = "held" in found and "sold" in found
            return TrustTable(
                header=place,
                day=found["day"],
                proceeds=found["proceeds"],
                held=found["held"] if by_units else None,
                sold=found["sold"] if by_units else None,
                factor=None if by_units else found["factor"],
                asset=found.get("asset"),
                holds=found.get("holds"),
                above=" ".join(above),
            )
        above += cells
    return None


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """What each column is, by its words; of two of a kind the first."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        said = " ".join(cell.replace("_", " ").replace("/", " per ").casefold().split())
        words = frozenset(re.findall(r"[a-z]+", said))
        per_share = "per share" in said
        if per_share and "proceeds" in words:
            found.setdefault("proceeds", place)
        elif per_share and words & _SOLD:
            found.setdefault("sold", place)
        elif per_share and words & _HELD_IN and not words & _NOT_HELD:
            found.setdefault("held", place)
        elif "factor" in words or said == "part sold":
            found.setdefault("factor", place)
        elif "date" in words or said in ("day", "month"):
            found.setdefault("day", place)
        elif said in _NAMES_IT:
            found.setdefault("asset", place)
        elif said == "class":
            found.setdefault("holds", place)
    return found


def trust_sale_rows(name: str, rows: Sequence[Row], table: TrustTable) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line of the file, cells in the order of COLUMNS) of every row below the header, which comes first.

    Raises:
        UnreadableStatement: nothing names the trust, or a row with a sale cannot be read.
    """
    line, _ = rows[table.header]
    yield line, COLUMNS
    symbol = "" if table.asset is not None else _named(name, table.above)
    for line, cells in rows[table.header + 1 :]:
        yield line, _row(f"{name}, line {line}", cells, table, symbol)


def _named(name: str, above: str) -> str:
    """The one trust that the file's name or what stands above the table names by its symbol."""
    for text in (name.rpartition(".")[0], above):
        said = dict.fromkeys(word.upper() for word in re.split(r"[^A-Za-z]+", text))
        known = [word for word in said if word in TRUSTS and word not in _COMMON_WORDS]
        if len(known) == 1:
            return known[0]
    raise UnreadableStatement(
        f"{name} tells what a trust sold for its expenses, and not which trust. Put its symbol into the file's name, "
        "such as GLD-2025.csv, or add a column Asset that has it in every row."
    )


def _row(where: str, cells: Sequence[str], table: TrustTable, symbol: str) -> tuple[str, ...]:
    def cell(place: int | None) -> str:
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def amount(place: int | None, what: str) -> Decimal:
        try:
            return number(cell(place)) or Decimal(0)
        except UnreadableValue:
            raise UnreadableStatement(f"{where}: {cell(place)!r} is no number of {what}. Correct it.") from None

    written = cell(table.day)
    found = _moment(written)
    if found is None:
        if any(letter.isdigit() for letter in written) and not written.casefold().startswith("total"):
            raise UnreadableStatement(
                f"{where}: {written!r} is no date. Write it as 2025-03-31, or 2025-03 for a month."
            )
        return ("", NO_SALE, *("" for _ in COLUMNS[2:]))
    day, is_month = found
    sold = amount(table.factor if table.sold is None else table.sold, "what was sold")
    proceeds = amount(table.proceeds, "proceeds")
    if not sold and not proceeds:
        return (day.isoformat(), NOTHING_SOLD, symbol or cell(table.asset), *("" for _ in COLUMNS[3:]))
    held = Decimal(1) if table.held is None else amount(table.held, "what lies under a share")
    if not 0 < sold < held or proceeds <= 0:
        raise UnreadableStatement(
            f"{where}: {sold} sold of {held} for {proceeds} cannot be. Each is above 0, and less sold than held: "
            "correct the row, or take it out."
        )
    asset = symbol or cell(table.asset)
    if not asset:
        raise UnreadableStatement(f"{where}: column Asset does not say which trust sold. Enter its symbol.")
    part = _plain(sold) if table.held is None else f"{_plain(sold)}/{_plain(held)}"
    month = "monthly" if is_month else ""
    return (
        day.isoformat(),
        TRUST_SALE,
        asset,
        "",
        _plain(proceeds),
        part,
        month,
        cell(table.holds),
        f"{asset}-trust-{day.isoformat()}",
        asset,
    )


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _moment(written: str) -> tuple[date, bool] | None:
    """The day, or the last day of a month that stands alone; None where neither is written."""
    text = _CLOCK.sub("", written)
    try:
        if (alone := _MONTH_ALONE.fullmatch(text)) is not None:
            named = alone["name"]
            month = _MONTHS.get(named.casefold(), 0) if named else int(alone["month"] or alone["month2"])
            year = int(alone["year"] or alone["year2"] or alone["year3"])
            year += 2000 if year < 100 else 0
            return date(year, month, monthrange(year, month)[1] if 1 <= month <= 12 else 0), True
        if (whole := _DAY.fullmatch(text)) is None:
            return None
        if whole["us"]:
            month, day, year = map(int, re.split("[-/]", whole["us"]))
            return date(year + 2000 if year < 100 else year, month, day), False
        return date(int(whole["year"]), int(whole["month"]), int(whole["day"])), False
    except ValueError:
        return None
