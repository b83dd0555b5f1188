"""The cell that asks: where it stands and what its workbook offers when arguments are left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from capgain.addin.functions.cells import Block

INPUT_SHEETS = ("Settings", "Accounts", "Prices", "1099")
"""The sheets that count where a formula leaves their arguments out."""


def _today() -> date:
    return date.today()


@dataclass(frozen=True, slots=True)
class Caller:
    """`settings`, `accounts`, `prices` and `forms_1099` are the sheets of INPUT_SHEETS, None where there is none."""

    address: str = ""
    settings: Block | None = None
    accounts: Block | None = None
    prices: Block | None = None
    forms_1099: Block | None = None
    date_1904: bool = False
    today: date = field(default_factory=_today)
