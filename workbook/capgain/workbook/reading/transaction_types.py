"""The types of transaction by name: those of the ledger, what people call them, and those refused by name.

`transaction_types.toml` declares how a type is written; here stands which kind of transaction it is and what reads it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from capgain.engine.spellings import spelt_alike
from capgain.engine.transactions import (
    Acquisition,
    AddBasis,
    Allocation,
    Assign,
    BadDebt,
    Bridge,
    Buy,
    CapitalGainDistribution,
    ContractGain,
    ContractLoss,
    Conversion,
    Cover,
    Dividend,
    Donate,
    ExemptInterestDividend,
    Exercise,
    Expire,
    Fee,
    GiftIn,
    GiftOut,
    Income,
    Inherit,
    Interest,
    ISOExercise,
    LendBack,
    LendOut,
    Lost,
    Maturity,
    Merger,
    MethodOrder,
    Opening,
    PoolIn,
    PoolOut,
    QOFDeferral,
    QOFInclusion,
    RebaseSplit,
    Reinvest,
    Rename,
    ReturnOfCapital,
    Sell,
    ShortSell,
    Spend,
    SpinOff,
    Split,
    Stake,
    StockDividend,
    Trade,
    Transaction,
    Transfer,
    TrustSale,
    Unstake,
    Unwrap,
    Worthless,
    Wrap,
)
from capgain.workbook.reading import (
    acquisition_rows,
    disposal_rows,
    event_rows,
    opportunity_fund_rows,
    option_rows,
    protocol_rows,
    transfer_rows,
)
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, error_value, shown
from capgain.workbook.written.words import one_of, plain

Reader = Callable[[LedgerCells, int], Transaction]


@dataclass(frozen=True, slots=True)
class RowType:
    """A type of row: its name, what it is, what a person fills in, and what else people call it.

    `columns` are those that `read` looks at beside those that every row has. `needs_asset`: column Asset may not be
    blank.
    """

    name: str
    help: str
    fill: str
    columns: frozenset[str]
    words: tuple[str, ...]
    kind: type[Transaction]
    read: Reader
    needs_asset: bool = True

    @property
    def names_its_lot(self) -> bool:
        """Column Lot is the id of the lot acquired, not a choice among lots."""
        return issubclass(self.kind, Acquisition)


COMMON_COLUMNS = frozenset({"Date", "Type", "Asset", "Account", "Class", "Note", "ID", "Underlying", "Multiplier"})
"""Columns that any row may fill; Underlying and Multiplier tell what an option is on, whatever the row."""

_READERS: Mapping[type[Transaction], Reader] = {
    Buy: acquisition_rows.buy,
    Sell: disposal_rows.sell,
    Maturity: disposal_rows.maturity,
    Reinvest: acquisition_rows.reinvest,
    Trade: disposal_rows.trade,
    Conversion: disposal_rows.conversion,
    Spend: disposal_rows.spend,
    Donate: disposal_rows.donate,
    GiftOut: disposal_rows.gift_out,
    Lost: disposal_rows.lost,
    Income: acquisition_rows.income,
    Dividend: event_rows.dividend,
    Interest: event_rows.interest,
    CapitalGainDistribution: event_rows.capital_gain_distribution,
    ExemptInterestDividend: event_rows.exempt_interest_dividend,
    Transfer: transfer_rows.transfer,
    Fee: disposal_rows.fee,
    Opening: acquisition_rows.opening,
    GiftIn: acquisition_rows.gift_in,
    Inherit: acquisition_rows.inherit,
    Split: event_rows.split,
    StockDividend: event_rows.stock_dividend,
    SpinOff: event_rows.spin_off,
    Merger: event_rows.merger,
    Rename: event_rows.rename,
    ReturnOfCapital: event_rows.return_of_capital,
    TrustSale: event_rows.trust_sale,
    Wrap: protocol_rows.wrap,
    Unwrap: protocol_rows.unwrap,
    Bridge: protocol_rows.bridge,
    PoolIn: protocol_rows.pool_in,
    PoolOut: protocol_rows.pool_out,
    LendOut: protocol_rows.lend_out,
    LendBack: protocol_rows.lend_back,
    Stake: protocol_rows.stake,
    Unstake: protocol_rows.unstake,
    RebaseSplit: protocol_rows.rebase,
    QOFDeferral: opportunity_fund_rows.qof_deferral,
    QOFInclusion: opportunity_fund_rows.qof_inclusion,
    ShortSell: disposal_rows.short_sell,
    Cover: disposal_rows.cover,
    Worthless: disposal_rows.worthless,
    BadDebt: disposal_rows.bad_debt,
    Exercise: option_rows.exercise,
    Assign: option_rows.assign,
    Expire: option_rows.expire,
    ContractGain: event_rows.contract_gain,
    ContractLoss: event_rows.contract_loss,
    ISOExercise: acquisition_rows.iso_exercise,
    AddBasis: acquisition_rows.add_basis,
    MethodOrder: event_rows.method_order,
    Allocation: event_rows.allocation,
}

_DECLARED = tomllib.loads(Path(__file__).with_name("transaction_types.toml").read_text(encoding="utf-8"))
_KINDS = {kind.type_name: kind for kind in _READERS}


def _row_type(name: str, help: str, fill: str, reads: list[str], words: list[str], asset: bool = True) -> RowType:
    groups = _DECLARED["groups"]
    columns = frozenset(column for one in reads for column in groups.get(one, (one,)))
    return RowType(name, help, fill, columns, tuple(words), _KINDS[name], _READERS[_KINDS[name]], asset)


ROW_TYPES = tuple(_row_type(**declared) for declared in _DECLARED["types"])
"""Every type of a ledger, in the order of its description."""

TYPE_NAMES = tuple(row_type.name for row_type in ROW_TYPES)

REFUSED: tuple[tuple[tuple[str, ...], str, str], ...] = tuple(
    (tuple(declared["words"]), declared["what"], declared["remedy"]) for declared in _DECLARED["refused"]
)
"""Types that are not supported, why, and what to do instead."""

_BY_NAME = {plain(word): row_type for row_type in ROW_TYPES for word in (row_type.name, *row_type.words)}
_CHANGES_THE_TAX = frozenset(
    kind
    for kind in _READERS
    if kind in {ContractGain, ContractLoss, Sell, Maturity, BadDebt, Spend, Donate, Dividend, Income, RebaseSplit}
    or issubclass(kind, Trade)
)
"""Types that a typing error is never taken to mean: each would put another amount on the return."""

_MAY_BE_MEANT = tuple(
    word for row_type in ROW_TYPES if row_type.kind not in _CHANGES_THE_TAX for word in (row_type.name, *row_type.words)
)
_REFUSALS: dict[str, Misread] = {
    plain(name): Misread(f"{name} is not supported: {what}.", remedy, "UNSUPPORTED_TYPE")
    for names, what, remedy in REFUSED
    for name in names
}


def type_named(cell: Cell) -> RowType | None:
    """The type that a cell names by one of its words; None where it does not."""
    return _BY_NAME.get(plain(cell)) if isinstance(cell, str) else None


def read_type(cell: Cell) -> RowType | Misread | None:
    """The type named in a cell, None when it is blank."""
    text = text_of(cell)
    if not text:
        return None
    word = plain(text)
    found = _BY_NAME.get(word) or _REFUSALS.get(word)
    if found is not None:
        return found
    error = error_value(text)
    if error is not None:
        return error
    near = list(dict.fromkeys(_BY_NAME[plain(other)].name for other in spelt_alike(text, _MAY_BE_MEANT)))
    if near:
        return Misread(f"{shown(text)} is not a type of transaction.", f"Did you mean {one_of(near)}?", "UNKNOWN_TYPE")
    return Misread(
        f"{shown(text)} is not a type of transaction.", f"Use one of: {', '.join(TYPE_NAMES)}.", "UNKNOWN_TYPE"
    )
