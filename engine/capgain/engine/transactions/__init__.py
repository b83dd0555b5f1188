"""The rows of a ledger as values: one frozen type per kind of transaction, and their closed union.

A type says itself, in the fields of `entry.Entry` and of its family, what classification, counts, plans and
explanations ask of it. What it does to lots is the case of its type in `replay/replay.py`; how it is written, its entry
in `workbook/reading/transaction_types.py`.
"""

from __future__ import annotations

from typing import get_args

from capgain.engine.transactions.acquisitions import (
    Buy,
    GiftIn,
    Income,
    Inherit,
    Inherited,
    ISOExercise,
    ManyDays,
    Opening,
    Reinvest,
)
from capgain.engine.transactions.contract_totals import ContractGain, ContractLoss, ContractTotal
from capgain.engine.transactions.corporate_actions import (
    CapitalGainDistribution,
    Dividend,
    ExemptInterestDividend,
    Interest,
    Merger,
    Rename,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    TrustSale,
)
from capgain.engine.transactions.disposals import (
    BadDebt,
    Conversion,
    Cover,
    Donate,
    Fee,
    GiftOut,
    Lost,
    Maturity,
    Sell,
    ShortSell,
    Spend,
    Trade,
    Transfer,
    Worthless,
)
from capgain.engine.transactions.entry import (
    Acquisition,
    CoinFee,
    CorporateAction,
    Disposal,
    Entry,
    Identification,
    Instruction,
    LotFigure,
    LotPick,
    Named,
    Payment,
    Purchase,
    ReportedFigure,
    SharesForShares,
)
from capgain.engine.transactions.instructions import AddBasis, Allocation, GlobalAllocation, MethodOrder
from capgain.engine.transactions.opportunity_funds import OpportunityFundRow, QOFDeferral, QOFInclusion
from capgain.engine.transactions.options import Assign, Contract, Exercise, Expire, OptionEnd
from capgain.engine.transactions.protocols import (
    Bridge,
    LendBack,
    LendOut,
    PoolIn,
    PoolOut,
    ProtocolMove,
    RebaseIncome,
    RebaseSplit,
    Stake,
    Unstake,
    Unwrap,
    Wrap,
)

Transaction = (
    Buy
    | Reinvest
    | ISOExercise
    | Income
    | Opening
    | GiftIn
    | Inherit
    | Sell
    | Maturity
    | Spend
    | Trade
    | Conversion
    | Fee
    | GiftOut
    | Donate
    | Lost
    | ShortSell
    | Cover
    | Worthless
    | BadDebt
    | Exercise
    | Assign
    | Expire
    | Transfer
    | Dividend
    | Interest
    | CapitalGainDistribution
    | ExemptInterestDividend
    | Split
    | StockDividend
    | SpinOff
    | Merger
    | Rename
    | ReturnOfCapital
    | TrustSale
    | Wrap
    | Unwrap
    | Bridge
    | PoolIn
    | PoolOut
    | LendOut
    | LendBack
    | Stake
    | Unstake
    | RebaseSplit
    | RebaseIncome
    | ContractGain
    | ContractLoss
    | QOFDeferral
    | QOFInclusion
    | AddBasis
    | MethodOrder
    | Allocation
    | GlobalAllocation
)
"""Every kind of transaction; a `match` over it ends in `assert_never`."""

KINDS: tuple[type[Transaction], ...] = get_args(Transaction)

ByPosition = ProtocolMove | RebaseSplit | RebaseIncome
"""The rows that are what the taxpayer's position makes of them."""

__all__ = [
    "KINDS",
    "Acquisition",
    "AddBasis",
    "Allocation",
    "Assign",
    "BadDebt",
    "Bridge",
    "Buy",
    "ByPosition",
    "CapitalGainDistribution",
    "CoinFee",
    "Contract",
    "ContractGain",
    "ContractLoss",
    "ContractTotal",
    "Conversion",
    "CorporateAction",
    "Cover",
    "Disposal",
    "Dividend",
    "Donate",
    "Entry",
    "ExemptInterestDividend",
    "Exercise",
    "Expire",
    "Fee",
    "GiftIn",
    "GiftOut",
    "GlobalAllocation",
    "ISOExercise",
    "Identification",
    "Income",
    "Inherit",
    "Inherited",
    "Instruction",
    "Interest",
    "LendBack",
    "LendOut",
    "Lost",
    "LotFigure",
    "LotPick",
    "ManyDays",
    "Maturity",
    "Merger",
    "MethodOrder",
    "Named",
    "Opening",
    "OpportunityFundRow",
    "OptionEnd",
    "Payment",
    "PoolIn",
    "PoolOut",
    "ProtocolMove",
    "Purchase",
    "QOFDeferral",
    "QOFInclusion",
    "RebaseIncome",
    "RebaseSplit",
    "Reinvest",
    "Rename",
    "ReportedFigure",
    "ReturnOfCapital",
    "Sell",
    "SharesForShares",
    "ShortSell",
    "Spend",
    "SpinOff",
    "Split",
    "Stake",
    "StockDividend",
    "Trade",
    "Transaction",
    "Transfer",
    "TrustSale",
    "Unstake",
    "Unwrap",
    "Worthless",
    "Wrap",
]
