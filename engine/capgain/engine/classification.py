"""What class each asset of each account has, from what the ledger says of it (contract, column Class)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.ledger import Account, Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.refused_assets import foreign_currency, is_perpetual
from capgain.engine.rulings_1256 import Rulings1256
from capgain.engine.section_1256 import is_of_options_alone
from capgain.engine.transactions import (
    KINDS,
    Acquisition,
    Buy,
    Conversion,
    Disposal,
    Entry,
    Named,
    ProtocolMove,
    SharesForShares,
    Transaction,
)
from capgain.engine.well_known_coins import WELL_KNOWN_COINS

_SAYS_NO_MORE: Final = frozenset(
    kind
    for kind in KINDS
    if issubclass(kind, Acquisition | Disposal)
    and kind.names_too is Entry.names_too
    and not (kind.is_of_coins or kind.for_every_account)
)
"""Rows of which one says as much as many: of the same account, asset and class, without a fee in coin."""

_NOTHING_YET: Final = object()

Place = tuple[str, str]
"""Account and asset."""

_KIND_SAYS = {
    AccountKind.EXCHANGE: AssetClass.CRYPTO,
    AccountKind.WALLET: AssetClass.CRYPTO,
    AccountKind.BROKERAGE: AssetClass.STOCK,
    AccountKind.IRA: AssetClass.STOCK,
}


@dataclass(slots=True)
class _Evidence:
    """What the rows say of the assets, before anything is decided."""

    first_row: dict[Place, int] = field(default_factory=dict)
    by_place: dict[Place, dict[AssetClass, int]] = field(default_factory=dict)
    by_asset: dict[str, set[AssetClass]] = field(default_factory=dict)
    coins: set[str] = field(default_factory=set)
    predecessor: dict[str, str] = field(default_factory=dict)
    underlying: dict[str, str] = field(default_factory=dict)
    same_class: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)

    def class_of(self, asset: str) -> AssetClass | None:
        """The one class that rows state of an asset."""
        said = self.by_asset.get(asset, set())
        return next(iter(said)) if len(said) == 1 else None

    def steps_back(self, asset: str) -> int:
        """How many assets it came from, one out of the other."""
        seen = {asset}
        while (asset := self.predecessor.get(asset, "")) and asset not in seen:
            seen.add(asset)
        return len(seen) - 1


def classify(ledger: Ledger) -> tuple[Mapping[Place, AssetClass], tuple[Problem, ...]]:
    """The class of every asset in every account that a row names, and what is wrong or assumed.

    In this order: the Class of the asset's rows in the account, of its rows elsewhere, Settings `Class <asset>`, the
    account's kind, a Trade or Spend (coins only), the class of the asset it came from in a merger or distribution; then
    a well-known coin's symbol is an error and all else is stock, with a warning.
    """
    evidence = _collect(ledger.transactions)
    classes: dict[Place, AssetClass] = {}
    problems: list[Problem] = []
    warned: set[str] = set()
    refused: set[str] = set()
    settings = {asset.upper(): said for asset, said in ledger.settings.class_by_asset.items()}
    rulings = Rulings1256(ledger, settings, evidence.noted)
    settings = {asset: said for asset, said in settings.items() if not is_of_options_alone(asset, said)}
    for place, row in sorted(evidence.first_row.items(), key=lambda found: evidence.steps_back(found[0][1])):
        said = evidence.by_place.get(place, {})
        if len(said) > 1:
            problems.append(_two_classes(ledger.sheet, place, said))
        account, asset = place
        if asset not in refused:
            refused.add(asset)
            problems += rulings.of(asset, row, evidence.underlying.get(asset, ""), evidence.class_of(asset))
            problems += _not_for_form_8949(ledger, asset, row, evidence, settings)
        found = next(iter(said), None) or _said_elsewhere(asset, evidence, settings)
        if asset in rulings.contracts:
            found = AssetClass.SECTION_1256
        elif found is AssetClass.SECTION_1256:
            found = AssetClass.OPTION
        if found is None and asset in evidence.same_class:
            found = _of_predecessor(evidence.predecessor[asset], classes)
        if found is None:
            found = _from_kind(place, evidence, ledger.accounts)
        if found is None and asset in evidence.predecessor:
            found = _of_predecessor(evidence.predecessor[asset], classes)
        if found is None and asset.upper() in WELL_KNOWN_COINS:
            problems.append(
                Problem(
                    Severity.ERROR,
                    ledger.sheet,
                    row,
                    "Class",
                    f"{asset} may be the coin or a security of that ticker, and nothing says which.",
                    f"Enter crypto or stock in column Class, list account {account or '(blank)'} on the Accounts sheet "
                    f"with its Kind, or add the setting 'Class {asset}'.",
                    code="CLASS_UNKNOWN",
                )
            )
        elif (
            found is AssetClass.STOCK
            and asset.upper() in WELL_KNOWN_COINS
            and asset not in warned
            and not _is_stated(place, evidence, settings)
        ):
            warned.add(asset)
            problems.append(
                Problem(
                    Severity.WARNING,
                    ledger.sheet,
                    row,
                    "Class",
                    f"{asset} in {account} is taken to be a security of that ticker, not the coin, as the account's "
                    "kind says.",
                    f"Enter stock or crypto in column Class, or add the setting 'Class {asset}'.",
                    code="CLASS_FROM_KIND",
                    blocks_filing=True,
                )
            )
        elif found is None and asset not in warned:
            warned.add(asset)
            problems.append(
                Problem(
                    Severity.WARNING,
                    ledger.sheet,
                    row,
                    "Class",
                    f"{asset} is taken to be a stock, as nothing says otherwise.",
                    f"Enter its class in column Class, stock if it is one, or add the setting 'Class {asset}'.",
                    code="CLASS_ASSUMED",
                    blocks_filing=True,
                )
            )
        classes[place] = found or AssetClass.STOCK
    return classes, tuple(problems)


def _not_for_form_8949(
    ledger: Ledger, asset: str, row: int, evidence: _Evidence, settings: Mapping[str, AssetClass]
) -> Iterator[Problem]:
    """What is refused by the asset's name, unless a class that is stated makes it something else."""
    stated = evidence.class_of(asset) or settings.get(asset.upper())
    currency = foreign_currency(asset, stated)
    if currency is not None:
        pair = "" if asset.upper() == currency else f" ({currency})"
        yield Problem(
            Severity.ERROR,
            ledger.sheet,
            row,
            "Asset",
            f"{asset} is foreign currency{pair}: its gain is ordinary income under section 988, not Form 8949.",
            f"Leave the row out and take it up with your adviser; if {asset} is a ticker, enter stock in Class.",
            code="FOREIGN_CURRENCY",
        )
    elif is_perpetual(asset, stated):
        yield Problem(
            Severity.ERROR,
            ledger.sheet,
            row,
            "Asset",
            f"{asset} is a perpetual future: perpetual and other crypto futures are not computed.",
            "Leave the rows out, and decide with your adviser how they are taxed; they are not lots of an asset.",
            code="PERPETUAL",
        )


def _is_stated(place: Place, evidence: _Evidence, settings: Mapping[str, AssetClass]) -> bool:
    """Whether a row or a setting names the class."""
    return place in evidence.by_place or place[1] in evidence.by_asset or place[1].upper() in settings


def _said_elsewhere(asset: str, evidence: _Evidence, settings: Mapping[str, AssetClass]) -> AssetClass | None:
    others = evidence.by_asset.get(asset, set())
    return next(iter(others)) if len(others) == 1 else settings.get(asset.upper())


def _from_kind(place: Place, evidence: _Evidence, accounts: Mapping[str, Account]) -> AssetClass | None:
    account, asset = place
    known = accounts.get(account)
    if known is not None and known.kind is not None:
        return _KIND_SAYS[known.kind]
    return AssetClass.CRYPTO if asset in evidence.coins else None


def _of_predecessor(asset: str, classes: Mapping[Place, AssetClass]) -> AssetClass | None:
    return next((decided for (_, name), decided in classes.items() if name == asset), None)


def _two_classes(sheet: str, place: Place, said: Mapping[AssetClass, int]) -> Problem:
    (first, _), (second, row) = list(said.items())[:2]
    return Problem(
        Severity.ERROR,
        sheet,
        row,
        "Class",
        f"{place[1]} in account {place[0] or '(blank)'} is {first.value} in an earlier row and {second.value} here.",
        "Give all rows of one asset in one account the same class, or two different asset names.",
        code="TWO_CLASSES",
    )


def _collect(transactions: tuple[Transaction, ...]) -> _Evidence:
    evidence = _Evidence()
    said_last: dict[Place, object] = {}
    for entry in transactions:
        if type(entry) in _SAYS_NO_MORE and entry.coin_fee is None and not getattr(entry, "underlying", ""):  # type: ignore[union-attr]
            place = (entry.account, entry.asset)
            if said_last.get(place, _NOTHING_YET) is entry.asset_class:
                continue
            said_last[place] = entry.asset_class
        if entry.names_holding:
            _note(evidence, entry)
    return evidence


def _note(evidence: _Evidence, entry: Transaction) -> None:
    for account, asset, said in _named(entry):
        place = (account, asset)
        if said is None and not account and entry.for_every_account and asset == entry.asset:
            continue
        if place not in evidence.first_row:
            evidence.first_row[place] = entry.row
        if said is not None:
            evidence.by_place.setdefault(place, {}).setdefault(said, entry.row)
            evidence.by_asset.setdefault(asset, set()).add(said)
    if entry.note and entry.asset:
        evidence.noted.add(entry.asset)
    if isinstance(entry, Buy) and entry.underlying:
        evidence.underlying.setdefault(entry.asset, entry.underlying)
    if isinstance(entry, SharesForShares | Conversion) and entry.received_asset:
        evidence.predecessor.setdefault(entry.received_asset, entry.asset)
        if isinstance(entry, Conversion) or entry.keeps_class:
            evidence.same_class.add(entry.received_asset)
    if isinstance(entry, ProtocolMove) and entry.received_asset not in ("", entry.asset):
        evidence.predecessor.setdefault(entry.received_asset, entry.asset)
        evidence.same_class.add(entry.received_asset)
    if entry.is_of_coins:
        evidence.coins.update((entry.asset, *(asset for _, asset, _ in entry.names_too())))
    if isinstance(entry, Acquisition | Disposal) and entry.coin_fee is not None:
        evidence.coins.add(entry.coin_fee.asset)


def _named(entry: Transaction) -> Iterator[Named]:
    """Every account and asset a row names, with the class it states."""
    if entry.asset:
        yield entry.account, entry.asset, entry.asset_class
    yield from entry.names_too()
    if isinstance(entry, Acquisition | Disposal) and entry.coin_fee is not None:
        yield entry.account, entry.coin_fee.asset, None
