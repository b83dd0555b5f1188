"""Rows about protocols that no authority decides on: each carries the position that the taxpayer takes.

Notice 2024-57 draws no inference about wrapping, bridging, pools, lending and staking; so Settings state a position,
and the reader gives each row that of its year.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from capgain.engine.classes import Position
from capgain.engine.money import ZERO
from capgain.engine.transactions.acquisitions import Income
from capgain.engine.transactions.corporate_actions import Split
from capgain.engine.transactions.disposals import Trade
from capgain.engine.transactions.entry import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolMove(Trade):
    """Units go into a protocol, or come back out of it, for `received_asset`, which may be the same asset.

    `position`, of the setting named `setting`, says whether that is a trade or nothing is disposed of. `to_account` is
    where the units arrive, "" for the account of the row. Units of one asset that are short are a fee, disposed of at
    `fee_price` dollars each (None: not stated).
    """

    setting: ClassVar[str]

    position: Literal[Position.CARRYOVER, Position.TRADE]
    to_account: str = ""
    fee_price: Decimal | None = None

    @property
    def arrives_in(self) -> str:
        return self.to_account or self.account

    @property
    def is_carried(self) -> bool:
        """Whether nothing is disposed of: units keep basis and dates under the name they have from now on."""
        return self.position is Position.CARRYOVER

    @property
    def is_same_asset(self) -> bool:
        return self.received_asset == self.asset

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        received = self.received_asset, self.received_quantity
        return received if self.received_asset and not self.is_carried else None

    def names_too(self) -> tuple[Named, ...]:
        return ((self.arrives_in, self.received_asset, self.received_class),) if self.received_asset else ()


class Wrap(ProtocolMove):
    """A coin for a token that stands for it."""

    __slots__ = ()

    type_name: ClassVar[str] = "Wrap"
    how_acquired: ClassVar[str] = "received by wrapping, taken as a trade,"
    setting: ClassVar[str] = "Wrap"


class Unwrap(ProtocolMove):
    """The token that stands for a coin for the coin."""

    __slots__ = ()

    type_name: ClassVar[str] = "Unwrap"
    how_acquired: ClassVar[str] = "received by unwrapping, taken as a trade,"
    setting: ClassVar[str] = "Wrap"


class Bridge(ProtocolMove):
    """From one chain to another."""

    __slots__ = ()

    type_name: ClassVar[str] = "Bridge"
    how_acquired: ClassVar[str] = "received over a bridge, taken as a trade,"
    setting: ClassVar[str] = "Bridge"


class LendOut(ProtocolMove):
    """Units lent to a protocol or a person."""

    __slots__ = ()

    type_name: ClassVar[str] = "Lend Out"
    how_acquired: ClassVar[str] = "received for units lent, taken as a trade,"
    setting: ClassVar[str] = "Lend"


class LendBack(ProtocolMove):
    """Units lent that come back."""

    __slots__ = ()

    type_name: ClassVar[str] = "Lend Back"
    how_acquired: ClassVar[str] = "received back from lending, taken as a trade,"
    setting: ClassVar[str] = "Lend"


class Stake(ProtocolMove):
    """Units put to work in securing a chain, for a receipt token or for none."""

    __slots__ = ()

    type_name: ClassVar[str] = "Stake"
    how_acquired: ClassVar[str] = "received for units staked, taken as a trade,"
    setting: ClassVar[str] = "Stake"


class Unstake(ProtocolMove):
    """Units staked that come back."""

    __slots__ = ()

    type_name: ClassVar[str] = "Unstake"
    how_acquired: ClassVar[str] = "received back from staking, taken as a trade,"
    setting: ClassVar[str] = "Stake"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolIn(ProtocolMove):
    """Units put into a liquidity pool at their value: one leg of those that share an Order.

    One leg names the pool's token, whose basis is what all legs were worth; the others have a blank `received_asset`.
    """

    type_name: ClassVar[str] = "Pool In"
    how_acquired: ClassVar[str] = "received as a pool's token for what was put in"
    setting: ClassVar[str] = "Pool"

    received_asset: str = ""
    received_quantity: Decimal = ZERO


class PoolOut(ProtocolMove):
    """Units taken out of a liquidity pool at their value: one leg of those that share an Order.

    One leg has the quantity of the pool's token, which is disposed of once for what all legs are worth; the others have
    a `quantity` of 0, which is none.
    """

    __slots__ = ()

    type_name: ClassVar[str] = "Pool Out"
    how_acquired: ClassVar[str] = "received out of a pool at its value"
    setting: ClassVar[str] = "Pool"


class RebaseSplit(Split):
    """A token whose units are counted anew, taken as a split."""

    __slots__ = ()

    type_name: ClassVar[str] = "Rebase"
    is_of_coins: ClassVar[bool] = True
    setting: ClassVar[str] = "Rebase"
    position: ClassVar[Position] = Position.SPLIT


class RebaseIncome(Income):
    """Units that a token adds by counting anew, taken as income at their value."""

    __slots__ = ()

    type_name: ClassVar[str] = "Rebase"
    how_acquired: ClassVar[str] = "added by a rebase, taken as income at its value, which is its basis"
    is_of_coins: ClassVar[bool] = True
    setting: ClassVar[str] = "Rebase"
    position: ClassVar[Position] = Position.INCOME
