"""Whether each asset of a ledger is a section 1256 contract, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from capgain.engine.classes import AssetClass
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.refused_assets import is_perpetual
from capgain.engine.section_1256 import Contract1256, Symbol, by_symbol, is_contract, setting_for


@dataclass(slots=True)
class Rulings1256:
    """What is ruled of each asset, one after the other; `contracts` are those that are section 1256 contracts.

    `settings` are the classes that Settings state, by name in upper case; `noted` are assets with a Note on a row.
    """

    ledger: Ledger
    settings: Mapping[str, AssetClass]
    noted: Collection[str]
    contracts: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def of(self, asset: str, row: int, underlying: str, stated: AssetClass | None) -> Iterator[Problem]:
        """Rule on one asset, first named in `row`; `stated` is the class that its rows name."""
        said = setting_for(asset, underlying, self.settings)
        symbol = by_symbol(asset, underlying)
        if symbol is not None and symbol.symbol is Symbol.SINGLE_STOCK and stated in _NO_STOCK and said in _NO_STOCK:
            yield self._problem(
                row,
                "Asset",
                "SINGLE_STOCK_FUTURE",
                f"{asset} is a single-stock future, which is no section 1256 contract (26 USC 1256(b)(2)(A), 1234B).",
                "Leave the row out and take it up with your adviser; if it is a ticker, enter stock in Class.",
            )
            return
        if is_contract(asset, underlying, stated, said):
            self.contracts.add(asset)
            yield from self._of_contract(asset, row, symbol, stated or said)
        elif symbol is not None:
            yield from self._of_other(asset, row, symbol, stated, said)

    def _of_contract(
        self, asset: str, row: int, symbol: Contract1256 | None, stated: AssetClass | None
    ) -> Iterator[Problem]:
        if is_perpetual(asset, None):
            yield self._problem(
                row,
                "Class",
                "PERPETUAL_AS_1256",
                f"{asset} is taken for a contract of a designated contract market, as its class says "
                "(26 USC 1256(g)(7)).",
                "Say in Note of a row where it is traded.",
                blocks_filing=asset not in self.noted,
            )
        elif symbol is not None and symbol.symbol is Symbol.INDEX_OPTION and symbol.root not in self.told:
            self.told.add(symbol.root)
            if stated is not AssetClass.SECTION_1256:
                yield self._problem(
                    row,
                    "Class",
                    "SECTION_1256_BY_SYMBOL",
                    f"Index options of {symbol.root} are section 1256 contracts (Form 6781).",
                    f"Nothing, if that is so; the setting 'Class {symbol.root}' says otherwise.",
                    blocks_filing=False,
                )

    def _of_other(
        self, asset: str, row: int, found: Contract1256, stated: AssetClass | None, said: AssetClass | None
    ) -> Iterator[Problem]:
        root = found.root
        match found.symbol:
            case Symbol.INDEX_OPTION if said is AssetClass.OPTION and root not in self.told:
                self.told.add(root)
                yield self._problem(
                    row,
                    "Asset",
                    "SECTION_1256_AS_OPTION",
                    f"{asset} is taken for an equity option, as the setting 'Class {root}' says; by its name it is a "
                    "section 1256 contract of Form 6781.",
                    f"Take the setting 'Class {root}' out before filing, unless your adviser confirms it.",
                    blocks_filing=True,
                )
            case Symbol.UNSETTLED if said is None and stated in (AssetClass.OPTION, None) and root not in self.told:
                self.told.add(root)
                yield self._problem(
                    row,
                    "Class",
                    "V-ASK",
                    f"It is unsettled whether an option on {root} is a section 1256 contract; it is taken for an "
                    "equity option.",
                    f"Follow the 1099-B: set 'Class {root}' to option (box 1d) or to 1256 (boxes 8 to 11).",
                    blocks_filing=True,
                )
            case Symbol.UNLISTED if said is None and stated in (*_NO_STOCK, AssetClass.OPTION):
                yield self._problem(
                    row,
                    "Asset",
                    "SECTION_1256",
                    f"{asset} ({root}) is a futures contract or an option of section 1256 that is not listed here.",
                    "Enter 1256 in Class, and what a price is multiplied by in Multiplier.",
                )
            case Symbol.MONTH_CODE | Symbol.INDEX if said is None and stated in _NO_STOCK:
                yield self._problem(
                    row,
                    "Asset",
                    "SECTION_1256",
                    f"{asset} may be {found.symbol.value} ({root}), and nothing says which.",
                    "Enter 1256 in Class if it is a section 1256 contract, stock if it is a ticker.",
                )
            case _:
                return

    def _problem(
        self, row: int, column: str, code: str, message: str, remedy: str, *, blocks_filing: bool | None = None
    ) -> Problem:
        """An error, or a warning where `blocks_filing` says what it does."""
        severity = Severity.ERROR if blocks_filing is None else Severity.WARNING
        return Problem(severity, self.ledger.sheet, row, column, message, remedy, code, bool(blocks_filing))


_NO_STOCK = (None, AssetClass.OTHER, AssetClass.SECTION_1256)
