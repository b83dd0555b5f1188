"""How many units the ledger implies in each account, against what the user states on the sheet Balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO
from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.balances import BALANCES, StatedBalance
from capgain.workbook.reading.ledger_file import LedgerFile, read_ledger_file
from capgain.workbook.unit_counts import count_units

UNITS_TOLERANCE = Decimal("0.000000001")
"""Units that a balance may be off by."""


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
    return BalanceCheck(
        tuple(compare(file.ledger, file.balances, as_of)),
        tuple(problem for problem in file.ledger.problems if problem.is_error or problem.sheet == BALANCES),
    )


def with_balances_compared(file: LedgerFile) -> LedgerFile:
    """The file, its ledger with a problem for each balance stated that the ledger's rows do not add up to."""
    if not file.balances or any(problem.is_error for problem in file.ledger.problems):
        return file
    found = [
        Problem(
            Severity.WARNING,
            BALANCES,
            0,
            "Quantity",
            f"{one.asset} in {one.account}: {one.stated:f} are stated {_end_of(one.day)}; the ledger gives "
            f"{one.implied:f}.",
            "Add the missing rows or correct the balance; capgain balances lists them all.",
            "BALANCE_DIFFERS",
            blocks_filing=True,
        )
        for one in compare(file.ledger, file.balances)
        if one.difference is not None and abs(one.difference) >= UNITS_TOLERANCE
    ]
    return replace(file, ledger=replace(file.ledger, problems=(*file.ledger.problems, *found))) if found else file


def _end_of(day: date | None) -> str:
    return "after the last row" if day is None else f"at the end of {day}"


def compare(ledger: Ledger, stated: Sequence[StatedBalance], as_of: date | None = None) -> list[Balance]:
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
        found.append(Balance(account, asset, units, one.quantity, day))
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
    counted: dict[tuple[str, str], tuple[str, str, Fraction]] = {}
    for (account, asset), units in count_units(ledger, as_of).balances.items():
        first = counted.get(_key(account, asset), (account, asset, Fraction(0)))
        counted[_key(account, asset)] = (first[0], first[1], first[2] + units)
    return {key: (account, asset, _decimal(units)) for key, (account, asset, units) in counted.items()}


def _key(account: str, asset: str) -> tuple[str, str]:
    return account.casefold(), asset.casefold()


def _decimal(units: Fraction) -> Decimal:
    """Units to the 18th decimal; splits such as 2/3 may leave no finite decimal."""
    exact = EXACT.divide(Decimal(units.numerator), Decimal(units.denominator))
    rounded = exact.quantize(Decimal("1e-18"), context=EXACT)
    return Decimal(format(rounded.normalize(EXACT), "f"))
