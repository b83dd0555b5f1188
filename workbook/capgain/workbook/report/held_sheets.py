"""What is held, on sheets that lean on one another: Portfolio, Open Lots and Prices."""

from __future__ import annotations

from collections import Counter

from capgain.engine.planning.portfolio import portfolio
from capgain.workbook.report.checks import Check
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.looked_from import day_looked_from
from capgain.workbook.report.open_lots import lot_names, open_lots
from capgain.workbook.report.portfolio import portfolio_checks, portfolio_sheet
from capgain.workbook.report.portfolio_layout import Places
from capgain.workbook.report.prices_sheet import NAME, prices_sheet, wanted_prices
from capgain.workbook.sheets import Sheet


class HeldSheets:
    """The sheets Portfolio, Open Lots and Prices, and the defined names by which they find one another.

    `last` is the last year shown with its list of sales.
    """

    def __init__(self, papers: Workpapers, last: tuple[int, Listing] | None) -> None:
        found = portfolio(papers.report, day_looked_from(papers))
        any_prices = bool(found.assets) or any(raw.name.casefold() == NAME.casefold() for raw in papers.source.raw)
        self.prices = prices_sheet(papers, wanted_prices(found)) if any_prices else None
        undated = Counter(one.asset.casefold() for one in papers.report.ledger.prices if one.day is None)
        self.places = Places(found, 0 if self.prices is None else self.prices.rows, undated)
        self.lots = open_lots(papers, self.places)
        self.portfolio: Sheet | None = None
        self.names: dict[str, str] = {}
        self.checks: tuple[Check, ...] = ()
        if found.assets and self.prices is not None:
            year, sold = last if last is not None else (found.as_of.year, None)
            self.portfolio = portfolio_sheet(papers, self.places, sold if sold and sold.total else None, year)
            self.names = {**self.places.names(), **lot_names(self.lots), **self.prices.names}
            self.checks = tuple(portfolio_checks(self.places))
