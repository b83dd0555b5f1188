"""How many units the ledger implies in each account, against what the user states on the sheet Balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO
from capgain.engine.problems import Problem, Severity
from capgain.engine.transactions import (
    Acquisition,
    Cover,
    Disposal,
    Merger,
    SpinOff,
    Split,
    StockDividend,
    Trade,
    Transaction,
    Transfer,
    Worthless,
)
from capgain.workbook.reading.columns import find_header
from capgain.workbook.reading.ledger_file import read_ledger_file
from capgain.workbook.reading.misread import Cell, Misread, is_blank
from capgain.workbook.reading.moments import Calendar, read_day
from capgain.workbook.reading.numbers import read_number
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.workbook_file import read_sheet

BALANCES = "Balances"
BALANCE_COLUMNS = ("Account", "Asset", "Quantity", "Date")


@dataclass(frozen=True, slots=True)
class Balance:
    """Units of one asset in one account at the end of `day` (None: after the last row).

    `implied` is what the ledger's rows add up to, `stated` what the sheet says; None where it says nothing. A short
    position counts negative.
    """

    account: str
    asset: str
    implied: Decimal
    stated: Decimal | None = None
    day: date | None = None

    @property
    def difference(self) -> Decimal | None:
        """Stated less implied: positive when rows that bring units in are missing."""
        return None if self.stated is None else self.stated - self.implied

    @property
    def agrees(self) -> bool | None:
        """None where nothing is stated."""
        return None if self.difference is None else self.difference == 0


@dataclass(frozen=True, slots=True)
class BalanceCheck:
    """All balances, and what is wrong with the ledger or with the sheet Balances."""

    balances: tuple[Balance, ...]
    problems: tuple[Problem, ...]

    @property
    def differences(self) -> tuple[Balance, ...]:
        return tuple(balance for balance in self.balances if balance.agrees is False)


def check_balances(path: Path, as_of: date | None = None) -> BalanceCheck:
    """The balances of a workbook or CSV as of the end of a day (None: after its last row or as stated).

    Raises:
        UnreadableFile: the file cannot be read.
    """
    file = read_ledger_file(path)
    sheet = read_sheet(path, BALANCES) if path.suffix.casefold() in (".xlsx", ".xlsm") else None
    stated, problems = ([], []) if sheet is None else _stated(sheet, Calendar(file.date_1904))
    return BalanceCheck(
        tuple(compare(file.ledger, stated, as_of)),
        (*(problem for problem in file.ledger.problems if problem.is_error), *problems),
    )


def compare(ledger: Ledger, stated: Sequence[Balance], as_of: date | None = None) -> list[Balance]:
    """Every account and asset that the ledger holds or that is stated, by account and asset.

    A stated balance counts for its own day; with `as_of`, only those of that day or without a day.
    """
    wanted = [one for one in stated if as_of is None or one.day is None or one.day == as_of]
    found = []
    spoken_for = set()
    counts = {as_of: implied_balances(ledger, as_of)}
    for one in wanted:
        day = as_of if as_of is not None else one.day
        if day not in counts:
            counts[day] = implied_balances(ledger, day)
        held = counts[day]
        key = _key(one.account, one.asset)
        spoken_for.add(key)
        account, asset, units = held.get(key, (one.account, one.asset, ZERO))
        found.append(Balance(account, asset, units, one.stated, day))
    found += [
        Balance(account, asset, units, None, as_of)
        for key, (account, asset, units) in counts[as_of].items()
        if key not in spoken_for and units
    ]
    return sorted(found, key=lambda balance: (*_key(balance.account, balance.asset), balance.day or date.max))


def implied_balances(ledger: Ledger, as_of: date | None = None) -> dict[tuple[str, str], tuple[str, str, Decimal]]:
    """Units by account and asset at the end of a day, as the rows add up, whether or not they were ever held.

    Keys are in lower case; each value is the account, the asset and the units.
    """
    counts = _Counts()
    rows = reversed(ledger.transactions) if ledger.bottom_up else iter(ledger.transactions)
    for row in sorted(rows, key=lambda row: row.at):
        if as_of is None or row.at.date() <= as_of:
            counts.enter(row)
    return {key: (*counts.names[key], _decimal(units)) for key, units in counts.units.items()}


class _Counts:
    """Units by account and asset, row by row; nothing but counting, so that it works for ledgers that do not add up."""

    def __init__(self) -> None:
        self.units: dict[tuple[str, str], Fraction] = {}
        self.names: dict[tuple[str, str], tuple[str, str]] = {}

    def add(self, account: str, asset: str, units: Fraction | Decimal) -> None:
        key = _key(account, asset)
        self.names.setdefault(key, (account, asset))
        self.units[key] = self.units.get(key, Fraction(0)) + Fraction(units)

    def of(self, asset: str, account: str) -> list[tuple[str, Fraction]]:
        """(account, units) of the accounts that hold the asset; all of them for a blank account."""
        wanted = account.casefold()
        return [
            (self.names[key][0], units)
            for key, units in list(self.units.items())
            if key[1] == asset.casefold() and units and (not wanted or key[0] == wanted)
        ]

    def enter(self, row: Transaction) -> None:
        if isinstance(row, Acquisition):
            self.add(row.account, row.asset, row.quantity)
        elif isinstance(row, Cover):
            self.add(row.account, row.asset, row.quantity if not row.lots else ZERO)
        elif isinstance(row, Worthless) and not row.quantity:
            for account, units in self.of(row.asset, row.account):
                self.add(account, row.asset, -units)
        elif isinstance(row, Disposal):
            self.add(row.account, row.asset, -row.quantity)
        elif isinstance(row, Split):
            for account, units in self.of(row.asset, row.account):
                self.add(account, row.asset, units * row.ratio - units)
        elif isinstance(row, StockDividend | SpinOff | Merger):
            for account, units in self.of(row.asset, row.account):
                self.add(account, row.received_asset, units * row.ratio)
                if isinstance(row, Merger):
                    self.add(account, row.asset, -units)
        if isinstance(row, Transfer):
            arrived = row.quantity if row.received_quantity is None else row.received_quantity
            self.add(row.to_account, row.asset, arrived)
        elif isinstance(row, Trade):
            self.add(row.account, row.received_asset, row.received_quantity)
        if isinstance(row, Acquisition | Disposal) and row.coin_fee is not None:
            self.add(row.account, row.coin_fee.asset, -row.coin_fee.quantity)


def _key(account: str, asset: str) -> tuple[str, str]:
    return account.casefold(), asset.casefold()


def _decimal(units: Fraction) -> Decimal:
    """Units to the 18th decimal; splits such as 2/3 may leave no finite decimal."""
    exact = EXACT.divide(Decimal(units.numerator), Decimal(units.denominator))
    rounded = exact.quantize(Decimal("1e-18"), context=EXACT)
    return Decimal(format(rounded.normalize(EXACT), "f"))


def _stated(sheet: RawSheet, calendar: Calendar) -> tuple[list[Balance], list[Problem]]:
    header = find_header(sheet.rows, BALANCE_COLUMNS, ("Account", "Asset", "Quantity"))
    if header is None:
        if all(is_blank(cell) for row in sheet.rows for cell in row):
            return [], []
        message = "No header with the columns Account, Asset and Quantity was found."
        remedy = f"Give the sheet a header with the columns {', '.join(BALANCE_COLUMNS)}."
        return [], [Problem(Severity.ERROR, sheet.name, sheet.first_row, "", message, remedy, "MISSING_COLUMN")]
    stated = []
    problems = []
    for number, row in enumerate(sheet.rows[header.place + 1 :], sheet.first_row + header.place + 1):
        cells: dict[str, Cell] = {name: row[at] if at < len(row) else None for name, at in header.columns.items()}
        if all(is_blank(cell) for cell in cells.values()):
            continue
        quantity = read_number(cells["Quantity"])
        day = read_day(cells.get("Date"), calendar)
        for column, value in (("Quantity", quantity), ("Date", day)):
            if isinstance(value, Misread):
                problems.append(
                    Problem(Severity.ERROR, sheet.name, number, column, value.message, value.remedy, value.code)
                )
        if isinstance(quantity, Decimal) and not isinstance(day, Misread):
            account, asset = str(cells["Account"] or "").strip(), str(cells["Asset"] or "").strip()
            stated.append(Balance(account, asset, ZERO, quantity, day))
    return stated, problems
