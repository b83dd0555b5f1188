"""Switches of the engine that no ledger sets: other readings of unsettled rules, to compare with (DECISIONS.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """The reading of the law in force; the defaults are those of DECISIONS.md.

    `wash_across_accounts` False finds wash sales as a broker must: same account only (Treas. Reg. 1.6045-1(d)(6)).
    """

    wash_across_accounts: bool = True


STANDARD = Policy()
