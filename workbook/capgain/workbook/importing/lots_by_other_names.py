"""Closed lots in the names of the Ledger, where their list calls the account or the asset otherwise.

A form has the account's number and the security's company where the history of the same broker has neither number nor
company; an option is written in one way in a list and in another in the history. A sale of the Ledger on the same day
of as many units is the lot's own where the account may be the same and the asset is: one contract in two spellings, or
a company's name whose sale brought the same dollars. What a name means is learned from such a sale for all lots of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from capgain.engine.money import CENT, ZERO
from capgain.workbook.importing.ledger_rows import LedgerRow
from capgain.workbook.importing.movements import Movement
from capgain.workbook.reading.option_names import option_terms
from capgain.workbook.reading.symbols import is_debt

SOLD = frozenset({"Sell", "Trade", "Spend", "Fee", "Lost", "Gift Out", "Donate", "Short Sell", "Expire", "Worthless"})
"""Types whose rows take units out, as a list of sales has them."""

_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,9}")


@dataclass(frozen=True, slots=True)
class SaleThere:
    """What the Ledger sells of one asset in one account on one day: units, and dollars before fees and after."""

    account: str
    asset: str
    day: date
    units: Decimal
    gross: Decimal
    net: Decimal

    def with_more(self, other: SaleThere) -> SaleThere:
        """Both rows as one sale."""
        return replace(self, units=self.units + other.units, gross=self.gross + other.gross, net=self.net + other.net)


@dataclass(slots=True)
class SalesThere:
    """The sales of the Ledger by account, asset and day, without regard to case."""

    by_day: dict[date, dict[tuple[str, str], SaleThere]] = field(default_factory=dict)

    def add(self, one: SaleThere) -> None:
        """One more row that takes units out."""
        of_day = self.by_day.setdefault(one.day, {})
        key = one.account.casefold(), one.asset.casefold()
        before = of_day.get(key)
        of_day[key] = one if before is None else before.with_more(one)

    def add_rows(self, rows: Iterable[LedgerRow]) -> None:
        """Rows of an import."""
        for row in rows:
            units, amount, fee = (row.values.get(name) for name in ("Quantity", "Amount", "Fee"))
            if row.type in SOLD and isinstance(units, Decimal):
                gross = amount if isinstance(amount, Decimal) else ZERO
                net = gross - fee if isinstance(fee, Decimal) else gross
                account, asset = str(row.values.get("Account", "")), str(row.values.get("Asset", ""))
                self.add(SaleThere(account, asset, row.at.date(), units, gross, net))

    def units(self, account: str, asset: str, day: date) -> Decimal:
        """Units sold under exactly these names."""
        sale = self.by_day.get(day, {}).get((account.casefold(), asset.casefold()))
        return ZERO if sale is None else sale.units


def is_company(name: str) -> bool:
    """Whether a security is called by its issuer's name, not by a symbol."""
    return _SYMBOL.fullmatch(name) is None and option_terms(name) is None and not is_debt(name)


def use_names_of_ledger(
    lots: Sequence[Movement], others: Iterable[Movement], sales: SalesThere, brokers: Iterable[str]
) -> None:
    """Give `lots` the names of the Ledger's sales that they tell of, and `others` (lots that are known already) the
    same names. `brokers` are what the sources of the lots are called.
    """
    bare = {name.casefold() for name in brokers}
    accounts: dict[str, str] = {}
    assets: dict[tuple[str, str], str] = {}
    groups: defaultdict[tuple[str, str, date], list[Movement]] = defaultdict(list)
    for lot in lots:
        groups[lot.account, lot.out_asset, lot.at.date()].append(lot)
    for (account, asset, day), same_day in groups.items():
        if sales.units(account, asset, day):
            continue
        units = sum((lot.out_quantity or ZERO for lot in same_day), ZERO)
        money = sum((lot.value or ZERO for lot in same_day), ZERO)
        slack = CENT * len(same_day)
        found = [
            sale
            for sale in sales.by_day.get(day, {}).values()
            if sale.units == units
            and _may_be_one(account, sale.account, bare)
            and (
                _are_one_asset(asset, sale.asset)
                or (is_company(asset) and min(abs(money - sale.net), abs(money - sale.gross)) <= slack)
            )
        ]
        if len(found) == 1:
            accounts[account] = found[0].account
            if asset.casefold() != found[0].asset.casefold():
                assets[account, asset] = found[0].asset
    for lot in (*lots, *others):
        asset = assets.get((lot.account, lot.out_asset), lot.out_asset)
        lot.account, lot.out_asset = accounts.get(lot.account, lot.account), asset


def companies_among(lots: Iterable[Movement]) -> Sequence[str]:
    """The names of companies that lots of stock are still called by."""
    names = (lot.out_asset for lot in lots if lot.asset_class in ("", "stock"))
    return sorted({name for name in names if is_company(name)})


def with_symbols(lots: Iterable[Movement], symbols: Mapping[str, str]) -> None:
    """Call what lots sold by the symbols that the user gives for names."""
    known = {" ".join(name.casefold().split()): symbol for name, symbol in symbols.items()}
    for lot in lots:
        lot.out_asset = known.get(" ".join(lot.out_asset.casefold().split()), lot.out_asset)


def _may_be_one(one: str, other: str, bare: set[str]) -> bool:
    """Whether two names may be of one account: the broker's own name stands for any account of it."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return short == long or (short in bare and long.startswith(f"{short} "))


def _are_one_asset(one: str, other: str) -> bool:
    terms = option_terms(one)
    return one.casefold() == other.casefold() or (terms is not None and terms == option_terms(other))
