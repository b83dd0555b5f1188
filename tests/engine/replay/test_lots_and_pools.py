"""Taking units out of lots, in every way in which that happens: nothing is lost, and a trial leaves no trace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from capgain.engine.classes import Method, Order
from capgain.engine.replay.lots import Lot, Special, per_unit
from capgain.engine.replay.pools import Pool
from capgain.engine.replay.trial import Trial

START = datetime(2024, 1, 1)
IN_ORDER = [method for method in Method if not method.relief.averages]


def lot(number: int, units: int, basis: int) -> Lot:
    at = START + timedelta(days=number)
    return Lot(units, basis, (at, number, 0), at.date(), "XYZ", "A1", number + 2, "")


def gift(units: int, basis: int, value: int) -> Lot:
    given = lot(0, units, basis)
    given.special = Special(START.date(), value)
    given.special.gain_distributions = 10
    given.special.exempt_dividends = 7
    return given


def pool_of(lots: list[Lot]) -> Pool:
    pool = Pool()
    for one in lots:
        pool.units += one.units
        pool.place(one)
    return pool


@pytest.mark.parametrize("units", range(1, 8))
def test_what_is_taken_and_what_is_left_add_up(units: int) -> None:
    whole = lot(0, 7, 100)
    shown, taken, basis = whole.take(units)
    assert shown is whole
    assert (taken, whole.units, basis + whole.basis) == (units, 7 - units, 100)
    assert basis == 100 * units // 7


@pytest.mark.parametrize("units", range(1, 8))
def test_units_of_a_gift_take_their_share_of_its_value_along(units: int) -> None:
    whole = gift(7, 100, 50)
    shown, _, basis = whole.take(units)
    assert whole.special is not None
    assert shown.special is not None
    parts = (shown.special,) if shown is whole else (shown.special, whole.special)
    assert sum(part.value_basis for part in parts) == 50
    assert sum(part.gain_distributions for part in parts) == 10
    assert sum(part.exempt_dividends for part in parts) == 7
    assert basis + whole.basis == 100


def test_a_part_keeps_the_history_of_its_lot() -> None:
    whole = lot(0, 7, 100)
    whole.acquired_text, whole.is_covered = "INHERITED", True
    whole.hold_since(date(2020, 2, 29))
    rank = whole.basis_per_unit()
    part = whole.part(3)
    assert (part.units, part.basis, whole.units, whole.basis) == (3, 42, 4, 58)
    assert (part.inherited, part.is_covered, part.held_since, part.row) == (True, True, date(2020, 2, 29), 2)
    assert part.basis_per_unit() == whole.basis_per_unit() == rank


def test_units_that_join_a_part_bring_what_a_fund_paid_on_them() -> None:
    whole = gift(10, 100, 50)
    part = whole.part(4)
    part.join(whole.take(3))
    assert (part.units, whole.units, part.basis + whole.basis) == (7, 3, 100)
    assert part.special is not None
    assert whole.special is not None
    assert part.special.gain_distributions + whole.special.gain_distributions == 10
    assert part.special.exempt_dividends + whole.special.exempt_dividends == 7
    assert part.special.value_basis + whole.special.value_basis == 50


@pytest.mark.parametrize("price", ["10.67", "0.0000001", "33.333333", "524288", "1048576.01", "0.00000013", "97123.45"])
@pytest.mark.parametrize("seed", range(5))
def test_lots_of_one_cost_compare_as_equal_however_they_are_cut(price: str, seed: int) -> None:
    """Down to a hundred-millionth of a dollar."""
    rng = Random(f"{price} {seed}")
    units = rng.randint(10**17, 10**20)
    at_cost = int(Decimal(price) * 10**24) * units // 10**18
    costs = {per_unit(at_cost, units), per_unit(int(Decimal(price) * 10**24), 10**18)}
    left = lot(0, units, at_cost)
    while left.basis > 10**16:
        _, part, basis = left.take(rng.randint(1, left.units // 2))
        costs.add(per_unit(left.basis, left.units))
        if basis > 10**16:
            costs.add(per_unit(basis, part))
    assert len(costs) == 1


@pytest.mark.parametrize("price", ["10.67", "0.0000001", "97123.45"])
def test_costs_that_differ_in_the_eleventh_digit_are_told_apart(price: str) -> None:
    cost = int(Decimal(price) * 10**24)
    assert per_unit(cost, 10**18) < per_unit(cost + cost // 10**10, 10**18)
    assert per_unit(-cost, 10**18) < 0 == per_unit(0, 10**18) < per_unit(cost, 10**18)


@pytest.mark.parametrize("method", Method, ids=[method.value for method in Method])
@pytest.mark.parametrize("seed", range(20))
def test_every_method_conserves_units_and_basis(method: Method, seed: int) -> None:
    rng = Random(seed)
    pool = pool_of([lot(number, rng.randint(1, 9), rng.randint(1, 1000)) for number in range(8)])
    units, basis = pool.units, sum(one.basis for one in pool)
    while pool.units:
        need = rng.randint(1, pool.units)
        taken = pool.take(need, method.relief, date(2025, 1, 3), rng.randint(0, 10**20), "A1")
        assert sum(part for _, part, _ in taken) == need
        units -= need
        basis -= sum(cost for _, _, cost in taken)
        assert pool.units == units
        assert sum(pool.basis_of(one) for one in pool) <= basis
    assert basis == 0


@pytest.mark.parametrize("method", IN_ORDER, ids=[method.value for method in IN_ORDER])
@pytest.mark.parametrize("seed", range(30))
def test_a_trial_leaves_no_trace(method: Method, seed: int) -> None:
    """Not even in the order of lots that cost the same, one of which was sold in part before."""
    rng = Random(seed)
    costs = [(rng.randint(2, 9), rng.choice((10, 20))) for _ in range(6)]

    def relieved(*, tried: bool) -> list[tuple[int, int, int]]:
        pool = pool_of([lot(number, units, units * each + 1) for number, (units, each) in enumerate(costs)])
        shown = [(one.row, part, cost) for one, part, cost in pool.take(1, method.relief, date(2025, 1, 3), 0, "A1")]
        if tried:
            trial = Trial()
            trial.add(pool, lot(9, 5, 50))
            assert trial.held(pool) == pool.units + 5
            trial.take_in_order(pool, method.relief.order, pool.units // 2 + 1, date(2025, 1, 3).toordinal(), 0)
            trial.undo()
        while pool.units:
            taken = pool.take(1, method.relief, date(2025, 1, 3), 0, "A1")
            shown += [(one.row, part, cost) for one, part, cost in taken]
        return shown

    assert relieved(tried=True) == relieved(tried=False)


def test_an_order_that_no_method_has_is_refused() -> None:
    with pytest.raises(AssertionError):
        pool_of([lot(0, 1, 1)]).next_lot("newest", 0, 0)  # type: ignore[arg-type]


def test_an_empty_pool_has_no_next_lot() -> None:
    for method in IN_ORDER:
        with pytest.raises(IndexError):
            Pool().next_lot(method.relief.order, 0, 0)
    assert list(Pool()) == []
    assert Order.EARLIEST is Method.FIFO.relief.order
