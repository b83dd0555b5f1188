"""What rows say of an asset beyond its name: the coin that a symbol means, options, and the size of a contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.ledger import Account
from capgain.engine.section_1256 import by_symbol, is_contract, is_of_options_alone, setting_for
from capgain.engine.transactions import Contract
from capgain.workbook.reading import symbols
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.lot_words import Underlying, read_underlying
from capgain.workbook.written.misread import Cell, Misread
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import CLASSES

_SECURITIES = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.OPTION, AssetClass.BOND})
_LISTED = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.OTHER})
_OF_COINS = frozenset({AccountKind.EXCHANGE, AccountKind.WALLET})

Columns = Mapping[str, Sequence[Cell]]
"""Cells of the columns Asset, Received Asset, Fee Asset, Account, Class, Underlying and Multiplier, row by row."""


@dataclass(frozen=True, slots=True)
class AssetWords:
    """What the rows say of the assets, by the names that are written there in upper case.

    `coins` are the coins that other symbols mean; `pairs` those that are two. `options` are written or described as
    options, or are `contracts` of section 1256, with what any of their rows, a setting or the symbol says of one.
    `debts` are bonds, notes and bills by their names or by what is said of them; `cusips` are numbers of a security of
    which nothing says what it is. `abroad` are listed where prices are in another currency: the places by name.
    """

    coins: Mapping[str, str]
    pairs: Mapping[str, tuple[str, str]]
    options: Mapping[str, Contract]
    contracts: frozenset[str] = frozenset()
    debts: frozenset[str] = frozenset()
    cusips: frozenset[str] = frozenset()
    abroad: Mapping[str, str] = field(default_factory=dict)


def asset_words(
    columns: Columns,
    classes: Mapping[str, AssetClass],
    multipliers: Mapping[str, Decimal],
    accounts: Mapping[str, Account],
) -> AssetWords:
    """Read the columns; `classes` and `multipliers` are those of Settings, by asset in any case."""
    of_settings = {name.upper(): said for name, said in classes.items()}
    stated: dict[str, set[AssetClass]] = {
        name: {said} for name, said in of_settings.items() if not is_of_options_alone(name, said)
    }
    of_coins: set[str] = set()
    sizes: dict[str, Decimal] = {}
    described: dict[str, Underlying] = {}
    kinds = {name.casefold(): account.kind for name, account in accounts.items()}
    for asset, account, said, underlying, multiplier in _rows(columns):
        found = CLASSES.find(said) if said else None
        if found is not None:
            stated.setdefault(asset, set()).add(found)
        if kinds.get(account.casefold()) in _OF_COINS or found is AssetClass.CRYPTO:
            of_coins.add(asset)
        covered = _underlying(underlying)
        if covered is not None:
            described.setdefault(asset, covered)
        size = _multiplier(multiplier) or (covered.units if covered is not None else None)
        if size is not None:
            sizes.setdefault(asset, size)
    of_roots = {name.upper(): size for name, size in multipliers.items()}
    sizes |= of_roots
    names = dict.fromkeys(filter(None, _names(columns)))
    coins: dict[str, str] = {}
    pairs: dict[str, tuple[str, str]] = {}
    options: dict[str, Contract] = {}
    contracts: set[str] = set()
    debts: set[str] = set()
    cusips: set[str] = set()
    for name in names:
        of = stated.get(name, set())
        coin = symbols.coin_quoted(name) or (symbols.other_name_of_coin(name) if name in of_coins else None)
        two = symbols.pair(name)
        if is_contract(name, _on(described, name), _only(of), setting_for(name, _on(described, name), of_settings)):
            contracts.add(name)
            size = sizes.get(name) or setting_for(name, _on(described, name), of_roots)
            options[name] = _contract_1256(name, described.get(name), size)
        elif not of & _SECURITIES and coin is not None:
            coins[name] = coin
        elif not of & _SECURITIES and two is not None:
            pairs[name] = two
        elif AssetClass.OPTION in of or (not of and (name in sizes or symbols.is_option(name))):
            options[name] = _contract(name, described.get(name), sizes.get(name))
        elif AssetClass.BOND in of or (not of and symbols.is_debt(name)):
            debts.add(name)
        elif not of and symbols.is_cusip(name):
            cusips.add(name)
    abroad = {
        name: place
        for name in names
        if name not in of_coins
        and stated.get(name, set()) <= _LISTED
        and (place := symbols.place_abroad(name)) is not None
    }
    return AssetWords(coins, pairs, options, frozenset(contracts), frozenset(debts), frozenset(cusips), abroad)


def _on(described: Mapping[str, Underlying], name: str) -> str:
    """What rows say that an option is on, "" where they do not."""
    return described[name].asset if name in described else ""


def _only(said: set[AssetClass]) -> AssetClass | None:
    return next(iter(said)) if len(said) == 1 else None


def _rows(columns: Columns) -> Iterable[tuple[str, str, str, Cell, Cell]]:
    """What rows say, each once: most rows of an asset say the same."""
    described = zip(
        columns["Asset"],
        columns["Account"],
        columns["Class"],
        columns["Underlying"],
        columns["Multiplier"],
        strict=True,
    )
    for asset, account, said, underlying, multiplier in dict.fromkeys(described):
        if said or underlying or multiplier or account:
            yield named(asset), " ".join(text_of(account).split()), text_of(said), underlying, multiplier


def named(cell: Cell) -> str:
    """A name as the words are kept by."""
    return " ".join(text_of(cell).split()).upper()


def _names(columns: Columns) -> Iterable[str]:
    cells = dict.fromkeys((*columns["Asset"], *columns["Received Asset"], *columns["Fee Asset"]))
    return map(named, cells)


def _multiplier(multiplier: Cell) -> Decimal | None:
    size = read_number(multiplier) if multiplier else None
    return size if isinstance(size, Decimal) and size > 0 else None


def _underlying(underlying: Cell) -> Underlying | None:
    covered = read_underlying(text_of(underlying)) if underlying else None
    return None if isinstance(covered, Misread) else covered


def _contract_1256(name: str, described: Underlying | None, size: Decimal | None) -> Contract:
    """A section 1256 contract, of the size that is stated, else of that of its root."""
    listed = by_symbol(name, "" if described is None else described.asset)
    contract = _contract(name, described, None)
    return replace(contract, size=size or (None if listed is None else listed.size) or contract.size)


def _contract(name: str, described: Underlying | None, size: Decimal | None) -> Contract:
    """What a contract is on and gives the right to: as its rows say, else as its symbol does."""
    contract = symbols.occ_terms(name) or Contract(right=symbols.right_in_name(name))
    if described is not None:
        contract = replace(contract, underlying=described.asset, right=described.right or contract.right)
    return replace(contract, size=size or contract.size)


def one_name_for_each_coin(words: AssetWords, assets: Names) -> None:
    """Let every symbol of a coin be the coin's own name."""
    for symbol, coin in words.coins.items():
        assets.read_as(symbol, coin)
