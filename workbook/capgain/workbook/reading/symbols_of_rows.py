"""What symbols say of the rows in which they stand: classes, sizes of contracts, and what is no asset."""

from __future__ import annotations

from collections.abc import Iterable

from capgain.engine.classes import AssetClass
from capgain.engine.section_1256 import is_single_stock
from capgain.workbook.reading.asset_words import AssetWords, named
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.quoted_prices import OptionSize
from capgain.workbook.reading.symbols import pair_as_asset, read_as
from capgain.workbook.written.misread import Misread, is_blank


def read_symbols(cells: LedgerCells, places: Iterable[int], words: AssetWords) -> set[int]:
    """What symbols say of the rows' assets: coins and options get their class, a pair of two coins is at fault."""
    at_fault: set[int] = set()
    if not (words.coins or words.pairs or words.options or words.debts or words.cusips or words.abroad):
        return at_fault
    sizes: dict[int, OptionSize] = {}
    debts: dict[int, bool] = {}
    told: set[str] = set()
    priced: set[str] = set()
    for i in places:
        for column in ("Asset", "Received Asset", "Fee Asset"):
            name = named(cells.raw(column)[i])
            if name in words.pairs:
                cells.wrong(i, column, pair_as_asset(cells.text(i, column), words.pairs[name]))
                at_fault.add(i)
            elif name in words.coins and name not in told:
                told.add(name)
                cells.doubt(i, column, read_as(cells.text(i, column), words.coins[name]))
        name = named(cells.raw("Asset")[i])
        if name in words.coins:
            cells.class_unless_stated(i, AssetClass.CRYPTO)
        elif name in words.options:
            by_price = cells.stated_amount(i) is None and not is_blank(cells.raw("Price")[i])
            if name not in words.contracts:
                cells.class_unless_stated(i, AssetClass.OPTION)
            elif by_price and words.options[name].size is None and not is_single_stock(name):
                cells.wrong(i, "Multiplier", _of_no_size(cells.asset[i]))
                at_fault.add(i)
                continue
            is_1256 = name in words.contracts
            sizes[i] = OptionSize(words.options[name], by_price and name not in priced, is_1256)
            if by_price:
                priced.add(name)
        elif name in words.debts:
            cells.class_unless_stated(i, AssetClass.BOND)
            debts[i] = name not in priced
            if cells.stated_amount(i) is None and not is_blank(cells.raw("Price")[i]):
                priced.add(name)
        elif name in words.abroad and name not in told and i not in cells.in_dollars:
            told.add(name)
            cells.doubt(i, "Asset", _listed_abroad(cells.asset[i], words.abroad[name]), blocks_filing=True)
        elif name in words.cusips and name not in told:
            told.add(name)
            cells.doubt(i, "Class", _of_any_class(cells.asset[i]), blocks_filing=True)
    cells.sized(sizes, debts)
    return at_fault


def _listed_abroad(asset: str, place: str) -> Misread:
    return Misread(
        f"{asset} is written as a listing in {place}, where prices are not in dollars; nothing says that these are.",
        "Add a column Currency with USD, once the amounts are dollars at each day's rate.",
        "LISTED_ABROAD",
    )


def _of_no_size(asset: str) -> Misread:
    return Misread(
        f"What a price of {asset} is multiplied by is not known.",
        "Enter the size of a contract in Multiplier, such as 50, or the dollars in Amount.",
        "CONTRACT_SIZE",
    )


def _of_any_class(cusip: str) -> Misread:
    return Misread(
        f"{cusip} is a CUSIP, the number of a security, and nothing says whether it is a stock, a fund or a bond.",
        f"Enter its class in column Class, or add the setting 'Class {cusip}'.",
        "CLASS_OF_CUSIP",
    )
