"""The result of section 1256 contracts of an account and year as one amount: Form 1099-B, box 11, or a Schedule K-1."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.transactions.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTotal(Entry):
    """A year's result of section 1256 contracts that no row tells, in dollars; `account` is the source."""

    names_holding: ClassVar[bool] = False

    amount: Decimal


class ContractGain(ContractTotal):
    """Their gain."""

    __slots__ = ()

    type_name: ClassVar[str] = "1256 Gain"


class ContractLoss(ContractTotal):
    """Their loss, as a positive amount."""

    __slots__ = ()

    type_name: ClassVar[str] = "1256 Loss"
