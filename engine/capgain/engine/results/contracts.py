"""Section 1256 contracts: what they brought, and those not closed yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from capgain.engine.money import from_cents


class ContractEnd(Enum):
    """Why a section 1256 contract has a result: closed, counted as sold at its value at the year's end, or a total."""

    CLOSED = "closed"
    MARKED = "marked"
    TOTAL = "total"


class ContractResult(NamedTuple):
    """A gain or loss on section 1256 contracts (26 USC 1256(a)(1) to (3)), in cents.

    `row` is the row that closed them; of contracts that were marked the one that opened them. `basis_cents` and
    `proceeds_cents` are counted from the last mark where there is one, `original_cents` is the result since the
    contracts were opened. `is_short`: they were sold first. A total has neither units nor days of its own.
    """

    row: int
    asset: str
    account: str
    units: int
    opened: date
    closed: date
    end: ContractEnd
    proceeds_cents: int
    basis_cents: int
    original_cents: int
    is_short: bool = False

    @property
    def gain_cents(self) -> int:
        return self.proceeds_cents - self.basis_cents

    @property
    def gain(self) -> Decimal:
        return from_cents(self.gain_cents)

    @property
    def proceeds(self) -> Decimal:
        return from_cents(self.proceeds_cents)

    @property
    def basis(self) -> Decimal:
        return from_cents(self.basis_cents)


class OpenContract(NamedTuple):
    """Section 1256 contracts not closed yet: `value_cents` is what they were opened at, or the last mark of them."""

    row: int
    asset: str
    account: str
    units: int
    opened: date
    value_cents: int
    is_short: bool
