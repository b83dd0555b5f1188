"""Switches of the engine that no ledger sets: other readings of unsettled rules, to compare with (DECISIONS.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """The reading of the law in force; the defaults are those of DECISIONS.md.

    `average_in_cents` rounds the average price of averaged shares to the cent, as printed examples do (A-19).
    `wash_across_accounts` False finds wash sales as a broker must: same account only (Treas. Reg. 1.6045-1(d)(6)).
    `pay_is_purchase` False takes shares received as pay not to replace shares sold (A-6).
    """

    average_in_cents: bool = False
    wash_across_accounts: bool = True
    pay_is_purchase: bool = True


STANDARD = Policy()
