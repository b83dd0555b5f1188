"""Which sides the movement of a row has, by what it becomes."""

from __future__ import annotations

from capgain.workbook.importing.movements import Becomes

INWARD = frozenset(
    {Becomes.BUY, Becomes.REINVEST, Becomes.INCOME, Becomes.DEPOSIT, Becomes.GIFT_IN, Becomes.COVER, Becomes.OPENING}
)
OUTWARD = frozenset(
    {
        Becomes.SELL,
        Becomes.SPEND,
        Becomes.FEE,
        Becomes.WITHDRAWAL,
        Becomes.WITHDRAWAL_FEE,
        Becomes.GIFT_OUT,
        Becomes.DONATE,
        Becomes.LOST,
        Becomes.SHORT_SELL,
        Becomes.WORTHLESS,
        Becomes.CLOSE,
        Becomes.EXPIRE,
        Becomes.LOT,
        Becomes.AWARD_SALE,
        Becomes.OPTION_ASSIGNED,
        Becomes.OPTION_EXERCISED,
    }
)
TWO_SIDED = frozenset(
    {
        Becomes.EXCHANGE,
        Becomes.BY_LEGS,
        Becomes.TRANSFER,
        Becomes.POOL_IN,
        Becomes.POOL_OUT,
        Becomes.BUY,
        Becomes.REINVEST,
        Becomes.SELL,
        Becomes.SHORT_SELL,
        Becomes.COVER,
    }
)
"""What may have both sides stated; a row of another kind that names one asset is about that one alone."""

FOR_MONEY = frozenset(
    {
        Becomes.BUY,
        Becomes.REINVEST,
        Becomes.SELL,
        Becomes.SHORT_SELL,
        Becomes.COVER,
        Becomes.CLOSE_AND_OPEN,
        Becomes.BY_POSITION,
        Becomes.CLOSE,
    }
)
POOLS = frozenset({Becomes.POOL_IN, Becomes.POOL_OUT})
"""What has either side, or both."""

LEGS = frozenset({Becomes.LEG, Becomes.FEE_LEG, Becomes.CHAIN_LEG})
EITHER_WAY = LEGS | POOLS | {Becomes.CLOSE_AND_OPEN, Becomes.BY_POSITION}
CASH_ONLY = frozenset(
    {
        Becomes.DIVIDEND,
        Becomes.INTEREST,
        Becomes.CAPITAL_GAIN_DISTRIBUTION,
        Becomes.EXEMPT_INTEREST_DIVIDEND,
        Becomes.RETURN_OF_CAPITAL,
        Becomes.CASH_IN_LIEU,
    }
)
