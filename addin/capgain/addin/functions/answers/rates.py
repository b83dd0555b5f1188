"""CAPGAIN_RATES: the rates and amounts in force in a tax year."""

from __future__ import annotations

from capgain.addin.functions.cells import OutputCell, Table
from capgain.engine.classes import FilingStatus


def rates(year: int, status: str) -> Table:
    """A header, a row for each rate or amount, then the sources and what is to be known."""
    from capgain.engine.years.rates import COLUMNS, rates_in_force

    found = rates_in_force(year, FilingStatus(status))
    rows: list[tuple[OutputCell, ...]] = [COLUMNS, *found.rates]
    return [*rows, *((text, None, None, None, None) for text in (*found.sources, *found.notes))]
