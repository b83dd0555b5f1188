"""What a package says was held at the end of its year, which the next year's package begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from capgain.engine.money import plain_dollars
from capgain.engine.report import TaxReport


class HeldThen(NamedTuple):
    """Units of an asset in an account, and their basis in dollars."""

    units: Decimal
    basis: Decimal


@dataclass(frozen=True, slots=True)
class Closing:
    """All that was held at the end of `year`, by asset and account."""

    year: int
    held: Mapping[tuple[str, str], HeldThen]

    @classmethod
    def of(cls, report: TaxReport, year: int) -> Closing:
        """What a report holds that has the lots of the year's end."""
        found: dict[tuple[str, str], HeldThen] = {}
        for lot in report.open_lots:
            units, basis = found.get((lot.asset, lot.account), HeldThen(Decimal(0), Decimal(0)))
            found[lot.asset, lot.account] = HeldThen(units + lot.quantity, basis + lot.basis)
        return cls(year, found)

    @classmethod
    def read(cls, year: int, document: object) -> Closing | None:
        """What `document` wrote; None where it is nothing of the kind."""
        try:
            return cls(
                year,
                {
                    (asset, account): HeldThen(Decimal(one["units"]), Decimal(one["basis"]))
                    for asset, accounts in document.items()  # type: ignore[attr-defined]
                    for account, one in accounts.items()
                },
            )
        except (AttributeError, KeyError, TypeError, InvalidOperation):
            return None

    def document(self) -> dict[str, dict[str, dict[str, str]]]:
        """By asset, then account; amounts as text, basis to the cent."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for (asset, account), (units, basis) in sorted(self.held.items()):
            found.setdefault(asset, {})[account] = {
                "units": format(units.normalize(), "f"),
                "basis": plain_dollars(basis),
            }
        return found
