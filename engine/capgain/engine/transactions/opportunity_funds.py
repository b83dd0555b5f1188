"""Rows about gains invested in qualified opportunity funds (26 USC 1400Z-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import Term
from capgain.engine.transactions.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityFundRow(Entry):
    """What is said of a deferral: no units move. `asset` is the fund's EIN, `lot` names the investment."""

    names_holding: ClassVar[bool] = False

    amount: Decimal
    lot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QOFDeferral(OpportunityFundRow):
    """`amount` of gain of a term, realized on `gain_day`, was invested that day and is deferred."""

    type_name: ClassVar[str] = "QOF Deferral"

    term: Term
    gain_day: date

    @property
    def is_digital(self) -> bool:
        """Whether the gain was one on digital assets, which have boxes of their own from 2025."""
        return self.asset_class is not None and self.asset_class.is_digital


@dataclass(frozen=True, slots=True, kw_only=True)
class QOFInclusion(OpportunityFundRow):
    """`amount` of a deferred gain is recognised: the interest was sold, or another event ended the deferral.

    `deferred` is how much of the deferred gain the event settles, None where that is not stated.
    """

    type_name: ClassVar[str] = "QOF Inclusion"

    deferred: Decimal | None = None
