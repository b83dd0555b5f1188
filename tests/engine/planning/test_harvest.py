"""What harvesting saves, worked by hand, and when it would be a wash sale.

All amounts are of 2025, single: 10% to 11,925, 12% to 48,475, 22% to 103,350; 0% of net capital gain to 48,350. The Tax
Table gives the tax on the middle of a row: T(60,000) is the tax on 60,025,
1,192.50 + 4,386.00 + 22% of 11,550 = 8,119.50, printed 8,120.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from capgain.engine.classes import Term
from capgain.engine.ledger import Price
from capgain.engine.planning.harvest import DEFERRAL, harvest
from capgain.engine.problems import InvalidLedger
from engine.planning.plans import D, Row, buy, lot_of, plan, sell

DAY = date(2025, 12, 15)
SHORT_GAIN = (buy("2025-01-06", "WIN", 10, 1000), sell("2025-03-03", "WIN", 10, 6000))
"""5,000 short-term."""
LONG_GAIN = (buy("2023-01-03", "OLD", 10, 1000), sell("2025-03-03", "OLD", 10, 6000))
"""5,000 long-term."""


def test_a_short_term_loss_takes_short_term_gain_off_at_the_ordinary_rate() -> None:
    """T(65,000) = 9,220 (9,219.50 on 65,025) and T(63,000) = 8,780: 440, 22% of 2,000."""
    ledger = plan((*SHORT_GAIN, buy("2025-02-03", "XYZ", 100, 10000)), prices={"XYZ": 80}, Other_Income=60000)
    lot = lot_of(harvest(ledger, DAY), 4)
    assert (lot.short, lot.long, lot.term) == (-2000, 0, Term.SHORT)
    assert lot.saves == 440
    assert lot.use is not None
    assert (lot.use.same_kind, lot.use.other_kind, lot.use.income, lot.use.carried) == (2000, 0, 0, 0)
    assert (lot.useful_loss, lot.useful_quantity, lot.sell, lot.saves_so_far) == (2000, 100, 100, 440)


def test_a_long_term_loss_takes_long_term_gain_off_at_15_percent() -> None:
    """T(60,000) + 15% of 5,000 = 8,870; with 3,000 left 8,570: 300."""
    ledger = plan((*LONG_GAIN, buy("2023-02-03", "XYZ", 100, 10000)), prices={"XYZ": 80}, Other_Income=60000)
    lot = lot_of(harvest(ledger, DAY), 4)
    assert (lot.short, lot.long, lot.saves) == (0, -2000, 300)


def test_a_short_term_loss_goes_on_against_long_term_gain_and_then_income() -> None:
    """5,000 of long-term gain, 3,000 of income, and 1,000 into the next year; T(57,000) = 7,460: 8,870 - 7,460."""
    ledger = plan((*LONG_GAIN, buy("2025-02-03", "XYZ", 90, 18000)), prices={"XYZ": 100}, Other_Income=60000)
    lot = lot_of(harvest(ledger, DAY), 4)
    assert lot.use is not None
    assert (lot.use.same_kind, lot.use.other_kind, lot.use.income, lot.use.carried) == (0, 5000, 3000, 1000)
    assert lot.saves == 1410
    assert (lot.useful_loss, lot.useful_quantity) == (8000, 80)


@pytest.mark.parametrize(
    ("status", "limit", "saves", "shares"), [("single", 3000, 660, 38), ("mfs", 1500, 330, 19), ("mfj", 3000, 360, 38)]
)
def test_without_gains_the_yearly_limit_is_all_that_is_useful(status: str, limit: int, saves: int, shares: int) -> None:
    """8,000 of loss on 100 shares. 3,000 are 37.5 shares, sold whole: 38; 1,500 are 18.75: 19.

    Single and separate: T(60,000) - T(57,000) = 660, - T(58,500) = 330 (7,789.50 on 58,525). Joint in the 12% bracket:
    2,385 + 12% of 36,175 = 6,726 on 60,025 and 6,366 on 57,025.
    """
    ledger = plan(
        (buy("2025-02-03", "XYZ", 100, 18000),), prices={"XYZ": 100}, Other_Income=60000, Filing_Status=status
    )
    found = harvest(ledger, DAY)
    lot = found.losses[0]
    assert lot.use is not None
    assert (lot.use.income, lot.use.carried) == (limit, 8000 - limit)
    assert (lot.useful_loss, lot.useful_quantity, lot.saves) == (limit, shares, saves)
    assert (found.useful_short, found.useful_long, found.saves) == (limit, limit, saves)


def test_coins_are_sold_down_to_their_eighth_decimal() -> None:
    """0.3 BTC with 8,000 of loss: 3,000 is 3/8 of it, 0.1125; 0.7 BTC: 0.2625."""
    for held, useful in (("0.3", "0.1125"), ("0.7", "0.2625")):
        worth = int(D(held) * 50000)
        ledger = plan(
            (buy("2025-02-03", "BTC", held, worth + 8000, "Kraken"),), prices={"BTC": 50000}, Other_Income=60000
        )
        assert harvest(ledger, DAY).losses[0].useful_quantity == D(useful)


def test_long_term_gain_in_the_0_percent_band_is_not_worth_a_loss() -> None:
    """Other income 30,000 and 5,000 of long-term gain stay below 48,350."""
    rows = (*LONG_GAIN, buy("2023-02-03", "XYZ", 100, 10000))
    found = harvest(plan(rows, prices={"XYZ": 80}, Other_Income=30000), DAY)
    lot = found.losses[0]
    assert (lot.saves, lot.useful_loss, lot.useful_quantity, lot.sell) == (0, 0, 0, 0)


def test_a_loss_past_the_0_percent_gains_is_worth_what_it_takes_off_income() -> None:
    """6,000: 5,000 untaxed gain, 1,000 of income at 12%: T(30,000) - T(29,000) = 3,365 - 3,245."""
    rows = (*LONG_GAIN, buy("2023-02-03", "XYZ", 100, 14000))
    lot = harvest(plan(rows, prices={"XYZ": 80}, Other_Income=30000), DAY).losses[0]
    assert (lot.saves, lot.useful_loss) == (120, 6000)


def test_of_a_loss_that_only_meets_0_percent_gains_at_its_end_the_first_part_is_useful() -> None:
    """2,000 short-term gain at 12% and 5,000 long-term at 0%: of 6,000 short-term loss the first 2,000 save 240."""
    rows = (
        *LONG_GAIN,
        buy("2025-01-06", "WIN", 10, 1000),
        sell("2025-03-03", "WIN", 10, 3000),
        buy("2025-02-03", "XYZ", 100, 14000),
    )
    lot = harvest(plan(rows, prices={"XYZ": 80}, Other_Income=30000), DAY).losses[0]
    assert (lot.saves, lot.useful_loss, lot.useful_quantity) == (240, 2000, D(34))


def test_a_loss_carried_in_leaves_nothing_for_this_year_s_losses_to_save() -> None:
    rows = (buy("2025-02-03", "XYZ", 100, 10000),)
    ledger = plan(rows, prices={"XYZ": 80}, Other_Income=60000, Carryover_Short=4000)
    found = harvest(ledger, DAY)
    assert found.at_hand.gains.short == -4000
    assert (found.losses[0].saves, found.useful_short, found.saves) == (0, 0, 0)
    assert found.losses[0].use is not None
    assert found.losses[0].use.carried == 2000


def test_taxable_income_has_the_realised_gains_in_it_and_other_income_has_not() -> None:
    rows = (*SHORT_GAIN, buy("2025-02-03", "XYZ", 100, 10000))
    by_other = harvest(plan(rows, prices={"XYZ": 80}, Other_Income=60000), DAY).losses[0]
    by_taxable = harvest(plan(rows, prices={"XYZ": 80}, Taxable_Income=65000), DAY).losses[0]
    assert by_other.saves == by_taxable.saves == 440


def test_without_income_there_are_no_dollars_but_what_is_missing() -> None:
    found = harvest(plan((buy("2025-02-03", "XYZ", 100, 10000),), prices={"XYZ": 80}), DAY)
    lot = found.losses[0]
    assert (lot.saves, lot.sell, lot.useful_quantity, found.saves) == (None, None, None, None)
    assert "'Other Income 2025'" in found.missing
    assert "'Taxable Income 2025'" in found.missing
    assert lot.use is not None
    assert lot.use.this_year == 2000


def test_a_missing_price_is_named_and_not_guessed() -> None:
    rows = (buy("2025-02-03", "XYZ", 100, 10000), buy("2025-02-03", "ABC", 100, 10000))
    ledger = plan(rows, prices={"xyz": 80})
    found = harvest(ledger, DAY)
    assert [lot.asset for lot in found.losses] == ["XYZ"]
    assert found.unpriced == ("ABC",)


def test_a_price_of_a_later_day_is_no_price() -> None:
    ledger = plan((buy("2025-02-03", "XYZ", 100, 10000),))
    prices = (Price("XYZ", D(80), date(2025, 12, 16)), Price("XYZ", D(70), date(2025, 12, 1)))
    assert harvest(replace(ledger, prices=prices), DAY).losses[0].price == 70
    later = harvest(replace(ledger, prices=prices[:1]), DAY)
    assert (later.losses, later.unpriced, later.no_earlier_price) == ((), ("XYZ",), ("XYZ",))


@pytest.mark.parametrize(
    ("day", "term", "days"),
    [(date(2025, 12, 16), Term.SHORT, 1), (date(2025, 12, 17), Term.LONG, 0)],
    ids=["the day before", "the day"],
)
def test_long_term_begins_the_day_after_a_year(day: date, term: Term, days: int) -> None:
    ledger = plan((buy("2024-12-16", "XYZ", 100, 10000),), prices={"XYZ": 80})
    lot = harvest(ledger, day).losses[0]
    assert (lot.term, lot.days_until_long, lot.long_term_from) == (term, days, date(2025, 12, 17))
    assert (lot.short, lot.long) == ((-2000, 0) if term is Term.SHORT else (0, -2000))


TWO_LOTS = (buy("2025-01-02", "XYZ", 100, 10000), buy("2025-11-15", "XYZ", 40, 3600))


@pytest.mark.parametrize(
    ("day", "disallowed"),
    [(date(2025, 12, 15), 800), (date(2025, 12, 16), 0)],
    ids=["day 30", "day 31"],
)
def test_a_purchase_30_days_before_makes_a_wash_sale_and_one_31_days_before_does_not(
    day: date, disallowed: int
) -> None:
    """Loss 20 a share on 100 shares; 40 bought on 15 November replace 40 of them: 800."""
    lot = lot_of(harvest(plan(TWO_LOTS, prices={"XYZ": 80}, Other_Income=60000), day), 2)
    assert lot.disallowed == disallowed
    assert (lot.wash is None) == (disallowed == 0)
    assert lot.buy_back_from == day + timedelta(days=31)
    if lot.wash is not None:
        assert lot.wash.clear_from == date(2025, 12, 16)
        assert (lot.wash.replaced, lot.wash.rows) == (40, (3,))
        assert lot.sell == 0
    assert lot.saves == (264 if disallowed else 440)


def test_the_useful_part_of_a_wash_sale_lies_beyond_the_units_replaced() -> None:
    """600 of loss are useful after 2,400 carried in: 40 units replaced bring nothing, 30 more bring 20 each."""
    ledger = plan(TWO_LOTS, prices={"XYZ": 80}, Other_Income=60000, Carryover_Short=2400)
    lot = lot_of(harvest(ledger, DAY), 2)
    assert (lot.disallowed, lot.useful_loss, lot.useful_quantity) == (800, 600, 70)


def test_the_lot_sold_does_not_replace_itself() -> None:
    """Rev. Rul. 56-602. The older lot does not either: it was bought before the 30 days."""
    found = harvest(plan(TWO_LOTS, prices={"XYZ": 80}), DAY)
    assert lot_of(found, 3).wash is None
    alone = harvest(plan(TWO_LOTS[1:], prices={"XYZ": 80}), DAY)
    assert alone.losses[0].wash is None


@pytest.mark.parametrize(
    ("purchase", "washes", "in_ira"),
    [
        pytest.param(buy("2025-12-01", "XYZ", 40, 3600, "Fidelity"), True, False, id="another broker"),
        pytest.param(buy("2025-12-01", "XYZ", 40, 3600, "Hers"), True, False, id="the spouse"),
        pytest.param(buy("2025-12-01", "XYZ", 40, 3600, "Roth"), True, True, id="an IRA"),
        pytest.param(buy("2025-12-01", "TWIN", 40, 3600), True, False, id="an identical asset"),
        pytest.param(buy("2025-12-01", "ELSE", 40, 3600), False, False, id="another asset"),
        pytest.param(
            ("2025-12-01", "Reinvest", "XYZ", 40, 3600, "Schwab", None, "stock"), True, False, id="a reinvestment"
        ),
        pytest.param(
            ("2025-12-01", "Gift In", "XYZ", 40, None, "Schwab", None, "stock", None, "2024-01-02", 3600),
            False,
            False,
            id="a gift",
        ),
        pytest.param(
            ("2025-12-01", "Inherit", "XYZ", 40, 3600, "Schwab", None, "stock"), False, False, id="an inheritance"
        ),
        pytest.param(buy("2025-12-20", "XYZ", 40, 3600), True, False, id="already entered for later"),
        pytest.param(buy("2026-01-15", "XYZ", 40, 3600), False, False, id="entered for day 31"),
    ],
)
def test_which_purchases_make_a_wash_sale(purchase: Row, washes: bool, in_ira: bool) -> None:
    rows = (buy("2025-01-02", "XYZ", 100, 10000), purchase)
    ledger = plan(rows, prices={"XYZ": 80}, Identical="XYZ, TWIN")
    lot = lot_of(harvest(ledger, DAY), 2)
    assert (lot.wash is not None, lot.disallowed) == (washes, 800 if washes else 0)
    assert lot.wash is None or lot.wash.in_ira == in_ira


def test_a_purchase_that_has_replaced_a_loss_replaces_no_other() -> None:
    """The 40 shares bought on 1 December made the sale of 20 November a wash sale (Treas. Reg. 1.1091-1(e))."""
    rows = (
        buy("2025-01-02", "XYZ", 140, 14000),
        sell("2025-11-20", "XYZ", 40, 3400),
        buy("2025-12-01", "XYZ", 40, 3600),
    )
    assert lot_of(harvest(plan(rows, prices={"XYZ": 80}), DAY), 2).wash is None


def test_a_loss_disallowed_on_the_day_itself_is_in_the_basis_of_its_replacement() -> None:
    """Lot A sold at a loss of 200 that day; the ten bought on 1 December take it up: their basis is 1,200."""
    rows = (
        buy("2025-01-02", "XYZ", 10, 1000, id="A"),
        buy("2025-12-01", "XYZ", 10, 1000, id="B"),
        sell("2025-12-15", "XYZ", 10, 800, lot="A"),
    )
    lot = lot_of(harvest(plan(rows, prices={"XYZ": 80}, Other_Income=60000), DAY), 3)
    assert (lot.basis, lot.short, lot.saves) == (1200, -400, 88)


@pytest.mark.parametrize(
    ("day", "term"),
    [(date(2025, 12, 16), Term.SHORT), (date(2025, 12, 17), Term.LONG)],
    ids=["the day before", "the day"],
)
def test_another_sale_on_the_day_does_not_make_a_lot_long_term_early(day: date, term: Term) -> None:
    rows = (
        buy("2024-12-16", "XYZ", 100, 10000),
        buy("2025-01-02", "ABC", 10, 1000),
        sell(day.isoformat(), "ABC", 10, 900),
    )
    lot = lot_of(harvest(plan(rows, prices={"XYZ": 80}), day), 2)
    assert (lot.term, lot.short, lot.long) == ((term, -2000, 0) if term is Term.SHORT else (term, 0, -2000))


def test_a_purchase_since_sold_replaces_nothing() -> None:
    rows = (*TWO_LOTS[:1], buy("2025-11-20", "XYZ", 40, 3600, id="B"), sell("2025-11-25", "XYZ", 40, 3600, lot="B"))
    assert lot_of(harvest(plan(rows, prices={"XYZ": 80}), DAY), 2).wash is None


@pytest.mark.parametrize(("setting", "washes"), [("securities", False), ("all", True), ("off", False)])
def test_coins_are_washed_only_where_settings_say_so(setting: str, washes: bool) -> None:
    rows = (buy("2025-01-02", "BTC", 1, 100000, "Kraken"), buy("2025-12-01", "BTC", 1, 90000, "Kraken"))
    lot = lot_of(harvest(plan(rows, prices={"BTC": 80000}, Wash_Sales=setting), DAY), 2)
    assert (lot.wash is not None) is washes
    assert (lot.buy_back_from is not None) is washes


def test_lots_in_an_ira_are_left_out_and_a_spouse_s_where_they_file_separately() -> None:
    rows = tuple(buy("2025-02-03", "XYZ", 100, 10000, account) for account in ("Schwab", "Hers", "Roth"))
    joint = harvest(plan(rows, prices={"XYZ": 80}, Filing_Status="mfj"), DAY)
    separate = harvest(plan(rows, prices={"XYZ": 80}, Filing_Status="mfs"), DAY)
    assert {lot.account for lot in joint.losses} == {"Schwab", "Hers"}
    assert {lot.account for lot in separate.losses} == {"Schwab"}


def test_an_inherited_lot_is_long_term_from_the_first_day() -> None:
    rows = (("2025-11-03", "Inherit", "XYZ", 100, 10000, "Schwab", None, "stock"),)
    lot = harvest(plan(rows, prices={"XYZ": 80}), DAY).losses[0]
    assert (lot.long, lot.days_until_long, lot.is_inherited) == (-2000, 0, True)


@pytest.mark.parametrize(
    ("price", "result"),
    [(110, 1000), (90, 0), (70, -1000)],
    ids=["above the donor's basis", "between the two", "below the value at the gift"],
)
def test_a_gift_has_the_donor_s_basis_for_gain_and_its_value_for_loss(price: int, result: int) -> None:
    """26 USC 1015(a): 100 shares, donor's basis 10,000, worth 8,000 at the gift."""
    rows = (("2025-03-03", "Gift In", "XYZ", 100, 8000, "Schwab", None, "stock", None, "2020-01-02", 10000),)
    assert lot_of(harvest(plan(rows, prices={"XYZ": price}), DAY), 2).unrealized == result


def test_collectibles_lose_at_28_percent_while_there_is_such_gain() -> None:
    """Income 150,000: 28% bites above the 24% rate. Gain 10,000 on one coin, loss 4,000 on another.

    Schedule D Tax Worksheet: the gain is taxed at the lower of 28% and the 24% bracket it falls in: 24% of 4,000 = 960.
    """
    rows = (
        ("2020-01-02", "Buy", "COIN", 10, 10000, "Schwab", None, "collectible"),
        ("2025-03-03", "Sell", "COIN", 10, 20000, "Schwab", None, "collectible"),
        ("2020-01-02", "Buy", "MEDAL", 10, 10000, "Schwab", None, "collectible"),
    )
    lot = harvest(plan(rows, prices={"MEDAL": 600}, Other_Income=150000), DAY).losses[0]
    assert (lot.long, lot.saves) == (-4000, 960)
    assert lot.allowed.is_collectible


def test_the_order_is_by_what_each_lot_saves_and_the_plan_stops_where_nothing_more_is_saved() -> None:
    """Useful are 3,000: all of BIG's first 3,000, so nothing of the others once it is sold as told."""
    rows = (
        buy("2025-02-03", "BIG", 100, 15000),
        buy("2025-02-03", "MID", 100, 9000),
        buy("2025-02-03", "LOW", 100, 8500),
    )
    found = harvest(plan(rows, prices={"BIG": 100, "MID": 80, "LOW": 80}, Other_Income=60000), DAY)
    assert [lot.asset for lot in found.losses] == ["BIG", "MID", "LOW"]
    assert [lot.saves for lot in found.losses] == [660, 220, 110]
    assert [lot.sell for lot in found.losses] == [60, 0, 0]
    assert found.saves == 660


def test_the_plan_adds_lots_until_the_useful_loss_is_reached() -> None:
    """1,000 + 500 + 1,500 of the last lot's 4,000 make 3,000: 37.5 of its 100 shares, 38."""
    rows = (
        buy("2025-02-03", "ONE", 100, 9000),
        buy("2025-02-03", "TWO", 100, 8500),
        buy("2025-02-03", "TEN", 100, 10500),
    )
    found = harvest(plan(rows, prices={"ONE": 80, "TWO": 80, "TEN": 80}, Other_Income=60000), DAY)
    by_asset = {lot.asset: lot for lot in found.losses}
    assert [lot.asset for lot in found.losses] == ["TEN", "ONE", "TWO"]
    assert (by_asset["TEN"].sell, by_asset["ONE"].sell, by_asset["TWO"].sell) == (100, 50, 0)
    assert found.saves == 660


def test_of_lots_that_save_the_same_table_rows_the_larger_useful_loss_comes_first() -> None:
    """Losses of 60 and 90 both move 60,000 by one or two rows of 11 dollars; 30 moves it by one."""
    rows = (buy("2025-02-03", "SIX", 1, 140), buy("2025-02-03", "NINE", 1, 170), buy("2025-02-03", "TEN", 1, 180))
    found = harvest(plan(rows, prices={"SIX": 80, "NINE": 80, "TEN": 80}, Other_Income=60000), DAY)
    assert [(lot.asset, lot.saves) for lot in found.losses] == [("TEN", 22), ("NINE", 22), ("SIX", 22)]


def test_room_in_the_0_percent_band_is_told_where_there_is_long_term_gain_to_take() -> None:
    rows = (buy("2023-02-03", "UP", 10, 100), buy("2023-02-03", "DOWN", 10, 1000))
    untaxed = harvest(plan(rows, prices={"UP": 80, "DOWN": 80}, Other_Income=40000), DAY)
    assert "About 8,350 dollars of long-term gain can still be taken this year at 0% income tax." in untaxed.notes
    assert not any("0%" in note for note in harvest(plan(rows[1:], prices={"DOWN": 80}, Other_Income=40000), DAY).notes)


def test_a_day_in_the_past_knows_only_the_rows_before_it() -> None:
    """The sale of 1 December and the purchase of January have not happened on 15 November."""
    rows = (
        buy("2025-01-02", "XYZ", 100, 10000),
        *SHORT_GAIN,
        sell("2025-12-01", "XYZ", 100, 7000),
        buy("2026-01-05", "XYZ", 100, 7000),
    )
    found = harvest(plan(rows, prices={"XYZ": 80}, Taxable_Income=62000), date(2025, 11, 15))
    assert [(lot.row, lot.unrealized, lot.saves) for lot in found.losses] == [(2, -2000, 440)]


def test_nothing_held_and_nothing_yet_are_no_errors() -> None:
    ledger = plan((buy("2025-02-03", "XYZ", 100, 10000),), prices={"XYZ": 80}, Other_Income=60000)
    before = harvest(ledger, date(2024, 6, 1))
    assert (before.losses, before.others, before.unpriced) == ((), (), ())
    assert "no return for 2024" in before.missing


def test_a_year_without_tax_data_has_no_dollars_and_says_so() -> None:
    ledger = plan((buy("2025-02-03", "XYZ", 100, 10000),), prices={"XYZ": 80}, Other_Income=60000)
    found = harvest(ledger, date(2040, 6, 1))
    assert found.losses[0].saves is None
    assert found.missing.startswith("No tax of 2040 can be told: CapGain does not have the rate schedule")


def test_a_ledger_with_errors_is_refused() -> None:
    with pytest.raises(InvalidLedger):
        harvest(plan((sell("2025-02-03", "XYZ", 100, 10000),), prices={"XYZ": 80}), DAY)


def test_the_ledger_is_not_changed_and_the_deferral_is_said() -> None:
    ledger = plan(TWO_LOTS, prices={"XYZ": 80}, Other_Income=60000)
    rows = ledger.transactions
    found = harvest(ledger, DAY)
    assert ledger.transactions == rows == plan(TWO_LOTS, prices={"XYZ": 80}).transactions
    assert DEFERRAL in found.notes


def test_units_that_a_split_left_beyond_the_18th_decimal_are_not_missing() -> None:
    """A 1 for 3 split of 100 shares and of 1: the quantities printed add up to a hair more than is held."""
    rows = (
        buy("2025-01-02", "XYZ", 100, 10000),
        buy("2025-01-03", "XYZ", 1, 100),
        ("2025-06-02", "Split", "XYZ", "1/3", None, "Schwab"),
    )
    found = harvest(plan(rows, prices={"XYZ": 240}, Other_Income=60000), DAY)
    assert sorted(lot.unrealized for lot in found.losses) == [Decimal(-2000), Decimal(-20)]
