"""Rows in which the taxpayer lays down which lots leave or where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import Method
from capgain.engine.transactions.entry import Entry, Instruction


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOrder(Instruction):
    """A standing order from `at` on, for the account and asset named (blank: all) (Treas. Reg. 1.1012-1(c)(8)).

    `with_broker`: it lies with the broker, not in own books alone.
    """

    type_name: ClassVar[str] = "Method"
    names_holding: ClassVar[bool] = False

    method: Method
    with_broker: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBasis(Entry):
    """`amount` dollars are added to the basis of `lot`: pay on Form W-2 that its Amount has not (26 USC 83, 423)."""

    type_name: ClassVar[str] = "Add Basis"

    lot: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Instruction):
    """Rev. Proc. 2024-28 section 5.02(2)(a): `quantity` units of `lot` are allocated to `account`."""

    type_name: ClassVar[str] = "Allocation"

    lot: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalAllocation(Instruction):
    """Rev. Proc. 2024-28 section 5.02(2)(b): lots in `method` order fill `accounts` in the order given."""

    type_name: ClassVar[str] = "Allocation"

    method: Method
    accounts: tuple[str, ...]
