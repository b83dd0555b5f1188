"""Where a loss goes: against gains of its own kind, of the other kind, other income, or into the next year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from capgain.engine.forms.tax import Gains, ReturnWithoutGains
from capgain.engine.money import CENT, ZERO, to_the_cent
from capgain.engine.planning.year_at_hand import with_more


@dataclass(frozen=True, slots=True)
class UseOfLoss:
    """A loss in dollars, positive, by what it is set against (26 USC 1211(b), 1212(b), 1222)."""

    same_kind: Decimal
    other_kind: Decimal
    income: Decimal
    carried: Decimal

    @property
    def this_year(self) -> Decimal:
        return self.same_kind + self.other_kind + self.income


def use_of_loss(gains: Gains, limit: Decimal, *, short: Decimal = ZERO, long: Decimal = ZERO) -> UseOfLoss:
    """How further losses `short` and `long`, positive, net with `gains`; `limit` is the deduction from other income.

    Only gains that earlier losses have left count. A gain leaves nothing to use.
    """
    net = gains.net
    left_short = max(min(gains.short, net), ZERO)
    left_long = max(min(gains.long, net), ZERO)
    same_short, same_long = min(short, left_short), min(long, left_long)
    left_short, left_long = left_short - same_short, left_long - same_long
    other_long = min(short - same_short, left_long)
    other_short = min(long - same_long, left_short)
    same, other = same_short + same_long, other_long + other_short
    rest = short + long - same - other
    income = min(rest, max(limit - max(-net, ZERO), ZERO))
    return UseOfLoss(same, other, income, rest - income)


@dataclass(frozen=True, slots=True)
class Result:
    """What a sale brings: gain or loss in dollars by term; `is_collectible` for the 28% rate."""

    short: Decimal
    long: Decimal
    is_collectible: bool = False

    @property
    def net(self) -> Decimal:
        return self.short + self.long

    def part(self, loss: Decimal) -> Result:
        """The part of this loss that amounts to `loss` dollars, positive, both terms in proportion."""
        short = to_the_cent(self.short * loss / -self.net) if self.net else ZERO
        return Result(short, -loss - short, self.is_collectible)


class TaxOfYear:
    """The tax of one return for any further results, and how much of a loss still lowers it."""

    def __init__(self, rest: ReturnWithoutGains, gains: Gains) -> None:
        self._rest = rest
        self._gains = gains
        self._before = rest.tax(gains).total
        self._flat: dict[tuple[bool, bool], list[tuple[Decimal, Decimal]]] = {}

    def saved_by(self, result: Result) -> Decimal:
        """What the result takes off this year's tax, by the Tax Table where it applies; negative: it adds tax."""
        return self._before - self._rest.tax(self._with(result)).total

    def useful(self, result: Result) -> Decimal:
        """The smallest loss, positive, that lowers this year's tax as far as the whole loss `result` does.

        By the rate schedule, so that the rows of the Tax Table do not blur it; to the cent. 0 where none lowers it.
        """
        loss = -result.net
        if loss <= ZERO:
            return ZERO
        if result.short and result.long:
            return self._bisected(result, loss)
        key = (bool(result.short), result.is_collectible)
        for low, high in self._flat.setdefault(key, []):
            if low <= loss <= high:
                return low
        if self._exact(result, loss) != self._exact(result, loss - CENT):
            return loss
        low = self._bisected(result, loss)
        self._flat[key] = [(start, end) for start, end in self._flat[key] if start != low] + [(low, loss)]
        return low

    def _bisected(self, result: Result, loss: Decimal) -> Decimal:
        """The tax never rises with a loss, so that the first loss that reaches its lowest can be closed in on."""
        lowest = self._exact(result, loss)
        low, high = 0, int(loss.scaleb(2).to_integral_value(ROUND_CEILING))
        while low < high:
            middle = (low + high) // 2
            if self._exact(result, Decimal(middle).scaleb(-2)) == lowest:
                high = middle
            else:
                low = middle + 1
        return min(Decimal(low).scaleb(-2), loss)

    def _exact(self, result: Result, loss: Decimal) -> Decimal:
        return self._rest.tax(self._with(result.part(loss)), exact=True).total

    def _with(self, result: Result) -> Gains:
        return with_more(self._gains, result.short, result.long, is_collectible=result.is_collectible)
