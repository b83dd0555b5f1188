"""What the wash-sale rules have to remember: losses still to be replaced, and what may replace them (26 USC 1091)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from capgain.engine.replay.lots import Key, Lot, Measure
from capgain.engine.replay.rest_of_day import RestOfDay


class Loss:
    """A loss that a purchase may still replace.

    `index` is its row among the dispositions. `units` as `measure` counts them were sold, `left` of them are not
    replaced; `cents` is the loss and `moved` what of it was disallowed. `day` is the ordinal of `sold`, `held_days` how
    long the units had been held. `number` is the purchase of what was sold, `fills` the purchases that filled its
    order; `closes` is the short sale that was closed, -1 for none, on `closed_on` where lots were delivered. `order` is
    that of the sales, then of original acquisition (Treas. Reg. 1.1091-1(b)).
    """

    __slots__ = (
        "account",
        "cents",
        "closed_on",
        "closes",
        "day",
        "fills",
        "held_days",
        "index",
        "left",
        "measure",
        "moved",
        "number",
        "order",
        "sold",
        "units",
    )

    def __init__(
        self,
        index: int,
        measure: Measure,
        account: str,
        units: int,
        cents: int,
        sold: date,
        held_days: int,
        number: int,
        order: tuple[int, Key],
    ) -> None:
        self.index = index
        self.measure = measure
        self.account = account
        self.units = units
        self.left = units
        self.cents = cents
        self.moved = 0
        self.sold = sold
        self.day = sold.toordinal()
        self.held_days = held_days
        self.number = number
        self.order = order
        self.fills: Collection[int] = ()
        self.closes = -1
        self.closed_on: date | None = None

    def disallow(self, units: int) -> int:
        """The cents that replacing `units` more disallows; all of the loss once all units are replaced."""
        self.left -= units
        replaced = self.units - self.left
        target = (2 * self.cents * replaced + self.units) // (2 * self.units)
        cents, self.moved = target - self.moved, target
        return cents


@dataclass(slots=True, eq=False)
class Short:
    """A short sale not yet closed; `proceeds` in atoms, net of costs. `replaces`: its units took up a loss."""

    asset: str
    account: str
    units: int
    proceeds: int
    opened: date
    row: int
    number: int
    replaces: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """What substantially identical securities still have to say to each other.

    `recent` are purchases of the last weeks in order of acquisition, `pending` the losses whose 30 days are not over,
    `today` the losses of the day, `shorts` the short sales still open, `closed_today` and `closed_shorts` the losses on
    those closed on the day and in the weeks before.
    On `settled_day` no disposal to come can reach a recent purchase.
    """

    recent: list[Lot] = field(default_factory=list)
    pending: list[Loss] = field(default_factory=list)
    today: list[Loss] = field(default_factory=list)
    shorts: list[Short] = field(default_factory=list)
    closed_today: list[Loss] = field(default_factory=list)
    closed_shorts: list[Loss] = field(default_factory=list)
    settled_day: date = date.min


@dataclass(slots=True)
class WashBook:
    """Groups of substantially identical assets, and what of them is under way.

    `active` are the groups with losses of the day, by id. `sales` counts disposals, `parts` the lots cut off to replace
    losses; `replaced` has these by purchase, account and asset, looked through when it has grown beyond
    `replaced_room`. `covers` is how many shares an option on them covers, by the number of its purchase;
    `fills` the purchases that filled one order, by the number of each.
    """

    identical: Mapping[str, str]
    rest_of_day: RestOfDay
    groups: dict[str, Group] = field(default_factory=dict)
    active: dict[int, Group] = field(default_factory=dict)
    covers: dict[int, int] = field(default_factory=dict)
    fills: Mapping[int, Collection[int]] = field(default_factory=dict)
    replaced: dict[tuple[int, str, str], list[Lot]] = field(default_factory=dict)
    replaced_room: int = 1024
    sales: int = 0
    parts: int = 0

    def group(self, asset: str) -> Group:
        """The group of an asset, opened when first asked for."""
        return self.groups.setdefault(self.identical.get(asset, asset), Group())
