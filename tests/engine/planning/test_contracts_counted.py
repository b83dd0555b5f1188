"""Section 1256 contracts that are open still: every plan of a year that is not over counts them at their prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from capgain.addin.functions.answering import answer as ask
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block
from capgain.engine.compute import compute
from capgain.engine.explain import explain
from capgain.engine.ledger import Ledger
from capgain.engine.planning import contracts_at_price
from capgain.engine.planning.compare import compare
from capgain.engine.planning.contracts_at_price import (
    contracts_open,
    counted_at_prices,
    explained,
    said_of_contracts,
    tax_of_year,
)
from capgain.engine.planning.harvest import harvest
from capgain.engine.planning.ticked import planned
from capgain.engine.planning.what_if import what_if
from capgain.engine.planning.year_at_hand import year_at_hand
from capgain.engine.problems import InvalidLedger
from capgain.engine.replay import replay as one_pass
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ("Date", "Type", "Asset", "Quantity", "Price", "Account", "Class")
ACCOUNTS = (("Account", "Kind"), ("F", "brokerage"))
TODAY = date(2026, 11, 26)
DAY = date(2026, 11, 20)
STOCK = (date(2024, 6, 3), "Buy", "XYZ", 100, 50, "F", "stock")
BOUGHT = (date(2026, 1, 12), "Buy", "/ESZ6", 2, 5000, "F", "1256")
SOLD = (date(2026, 3, 10), "Sell", "/ESZ6", 1, 5100, "F", "1256")
WRITTEN = (date(2026, 5, 11), "Short Sell", "/MNQZ6", 3, 20000, "F", "1256")
ROWS = (STOCK, BOUGHT, SOLD, WRITTEN)
PRICES = (("/ESZ6", 5300, DAY), ("/MNQZ6", 20500, DAY), ("XYZ", 40, DAY))
"""One /ESZ6 left: (5,300 - 5,000) x 50 = 15,000; three /MNQZ6 written: (20,000 - 20,500) x 2 x 3 = -3,000."""

REALISED, MARKED = 5000, 12000


class Clock(date):
    @classmethod
    def today(cls) -> Clock:
        return cls(TODAY.year, TODAY.month, TODAY.day)


@pytest.fixture(autouse=True)
def _the_day_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("capgain.engine.compute", one_pass.__name__, contracts_at_price.__name__):
        monkeypatch.setattr(f"{module}.date", Clock)


def book(*rows: tuple[object, ...], prices: tuple[tuple[object, ...], ...] = PRICES, **settings: object) -> Ledger:
    stated = {"Filing Status": "single", "Other Income 2026": 100000} | {
        name.replace("_", " "): value for name, value in settings.items()
    }
    return ledger_from_blocks(
        [HEADER, *(rows or ROWS)],
        ACCOUNTS,
        [("Name", "Value"), *stated.items()],
        [("Asset", "Price", "Date"), *prices],
        today=TODAY,
    )


def short_and_long(gain: int) -> tuple[Decimal, Decimal]:
    return Decimal(gain) * 4 / 10, Decimal(gain) * 6 / 10


def test_the_tax_of_the_year_has_them_60_40_and_says_so() -> None:
    found = tax_of_year(compute(book()), 2026)
    assert (found.gains.short, found.gains.long) == short_and_long(REALISED + MARKED)
    assert any("(/ESZ6, /MNQZ6) are counted at their prices of 2026: 12,000.00" in said for said in found.assumptions)


def test_line_15_as_stated_holds_them() -> None:
    found = tax_of_year(compute(book(Taxable_Income_2026=150000)), 2026)
    assert found.with_gains.taxable_income == 150000
    assert found.without_gains.taxable_income == 150000 - REALISED - MARKED


def test_the_computed_year_itself_has_what_is_closed_alone() -> None:
    schedule_d = compute(book()).years[2026].schedule_d
    assert schedule_d is not None
    assert schedule_d.line_16 == REALISED


def test_a_contract_without_a_price_of_the_year_is_named_and_left_out() -> None:
    """A price of last year is none, and neither is another contract's."""
    ledger = book(prices=(("/ESZ6", 5300, DAY), ("/MNQZ6", 20500, date(2025, 12, 31)), ("/MNQH7", 20500, DAY)))
    report = counted_at_prices(compute(ledger), 2026)
    schedule_d = report.years[2026].schedule_d
    assert schedule_d is not None
    assert schedule_d.line_16 == REALISED + 15000
    said = list(said_of_contracts(report, 2026))
    assert any(words.startswith("No price of /MNQZ6 in 2026") for words in said)
    assert not any("No price of /ESZ6" in words for words in said)


def test_a_price_without_a_date_is_of_the_day_looked_from() -> None:
    found = tax_of_year(compute(book(prices=(*PRICES, ("/ESZ6", 5400, None)))), 2026)
    assert found.gains.net == REALISED + MARKED + 5000


@pytest.mark.parametrize(
    ("day", "counted"),
    [(date(2026, 11, 19), 0), (date(2026, 11, 20), 15000), (date(2026, 11, 24), 15000), (date(2026, 11, 25), 20000)],
)
def test_harvest_counts_the_last_price_up_to_its_day(day: date, counted: int) -> None:
    ledger = book(STOCK, BOUGHT, SOLD, prices=(*PRICES, ("/ESZ6", 5400, date(2026, 11, 25))))
    found = harvest(ledger, day)
    assert found.at_hand.gains.net == REALISED + counted
    assert any("No price of /ESZ6" in note for note in found.notes) is (counted == 0)
    assert ("/ESZ6" in found.unpriced) is (counted == 0)


def test_a_day_of_a_year_that_is_over_is_seen_with_its_own_prices_not_those_of_the_mark() -> None:
    rows = ((date(2025, 1, 13), "Buy", "/ESZ6", 1, 5000, "F", "1256"),)
    prices = (("/ESZ6", 5100, date(2025, 11, 3)), ("/ESZ6", 5300, date(2025, 12, 31)))
    ledger = book(STOCK, *rows, prices=prices, Other_Income_2025=100000)
    assert harvest(ledger, date(2025, 11, 4)).at_hand.gains.net == 5000
    assert harvest(ledger, date(2025, 12, 31)).at_hand.gains.net == 15000


def test_a_contract_closed_later_in_a_year_that_is_over_needs_no_mark_for_a_day_before() -> None:
    rows = (
        (date(2025, 1, 13), "Buy", "/ESZ5", 1, 5000, "F", "1256"),
        (date(2025, 12, 1), "Sell", "/ESZ5", 1, 5500, "F", "1256"),
    )
    ledger = book(STOCK, *rows, prices=(("/ESZ5", 5100, date(2025, 11, 3)),), Other_Income_2025=100000)
    assert harvest(ledger, date(2025, 11, 4)).at_hand.gains.net == 5000
    assert planned(ledger, date(2025, 11, 4), ()).now.line_16 == 5000


def test_a_year_that_is_over_still_asks_for_the_price_of_its_mark() -> None:
    rows = ((date(2025, 1, 13), "Buy", "/ESZ6", 1, 5000, "F", "1256"),)
    with pytest.raises(InvalidLedger):
        harvest(book(STOCK, *rows, prices=(("/ESZ6", 5100, date(2025, 11, 3)),)), date(2025, 11, 4))


def test_a_sale_of_shares_is_planned_on_top_of_them() -> None:
    """The first 3,000 of loss beyond the gains is what more is worth: with 17,000 of gains 20,000 may be used."""
    found = what_if(book(), "XYZ", Decimal(100), Decimal(10), date(2026, 11, 25))
    assert found.at_hand.gains.net == REALISED + MARKED
    assert found.outcomes[0].carryover is not None
    assert found.outcomes[0].carryover.long == 0
    assert year_at_hand(compute(book()), 2026).gains.net == REALISED
    dear = ("XYZ", 40, DAY), ("/ESZ6", 4000, DAY)
    carried = what_if(book(STOCK, BOUGHT, prices=dear), "XYZ", Decimal(100), Decimal(10), date(2026, 11, 25))
    assert carried.at_hand.gains.net == -100000
    assert carried.outcomes[0].carryover is not None
    assert carried.outcomes[0].carryover.short + carried.outcomes[0].carryover.long == 101000


def test_a_closing_brings_price_less_mark_whatever_the_price_of_today() -> None:
    """One of the two contracts: 400 x 50 = 20,000; its tax is that of all of it, on top of the others."""
    rows = (STOCK, BOUGHT, WRITTEN)
    (outcome,) = what_if(book(*rows), "/ESZ6", Decimal(1), Decimal(5400), date(2026, 11, 25)).outcomes
    assert (outcome.short, outcome.long) == short_and_long(20000)
    assert outcome.tax is not None
    assert 0 < outcome.tax < 20000
    closed = (*rows, (date(2026, 11, 25), "Sell", "/ESZ6", 1, 5400, "F", "1256"))
    with_it = tax_of_year(compute(book(*closed)), 2026)
    without = with_it.rest.tax(with_it.gains.plus(short=Decimal(-8000), long=Decimal(-12000)))
    assert outcome.tax == with_it.with_gains.total - without.total


def test_where_no_price_is_known_the_stated_one_counts_for_what_stays_open() -> None:
    found = what_if(book(STOCK, BOUGHT, prices=()), "/ESZ6", Decimal(1), Decimal(5400), date(2026, 11, 25))
    assert found.at_hand.gains.net == 40000
    assert not any("No price" in note for note in found.notes)


def test_another_order_of_lots_is_compared_beside_contracts() -> None:
    sold = (date(2026, 8, 3), "Sell", "XYZ", 40, 60, "F", "stock")
    found = compare(book(*ROWS, sold), 2026, today=TODAY)
    assert found.refused == ()
    assert {one.net for one in found.under} == {Decimal(REALISED + MARKED + 400)}
    assert any("counted at their prices" in note for note in found.notes)


def test_a_standing_order_for_contracts_changes_nothing_and_is_said_to() -> None:
    rows = ((*BOUGHT, None), (date(2026, 2, 1), "Method", "/ESZ6", None, None, "F", "1256", "hifo"), (*SOLD, None))
    ledger = ledger_from_blocks([(*HEADER, "Method"), *rows], ACCOUNTS, [], None, today=TODAY)
    report = compute(ledger)
    assert not report.has_errors
    assert "CONTRACT_LOT_IGNORED" in {problem.code for problem in report.problems}


def test_ticked_sales_stand_beside_the_return_with_the_contracts() -> None:
    now = planned(book(), date(2026, 11, 25), ()).now
    assert (now.line_7, now.line_15) == short_and_long(REALISED + MARKED)


def test_a_contract_bought_after_the_day_of_the_plan_is_not_in_it() -> None:
    later = (date(2026, 12, 1), "Buy", "/ESZ6", 1, 5000, "F", "1256")
    assert planned(book(*ROWS, later), date(2026, 11, 25), ()).now.line_16 == REALISED + MARKED


def test_the_minimum_tax_is_explained_with_them_and_schedule_d_without() -> None:
    report = compute(book())
    of_the_tax = explained(report, 2026, "6251 4")
    counted = counted_at_prices(report, 2026)
    assert of_the_tax.steps[0] == explain(counted, 2026, "6251 4").steps[0]
    assert of_the_tax.steps[0] != explain(report, 2026, "6251 4").steps[0]
    assert "counted at their prices of 2026" in of_the_tax.steps[-1].text
    assert explained(report, 2026, "16") == explain(report, 2026, "16")
    assert explained(report, 2026, "6781 7") == explain(report, 2026, "6781 7")


def test_what_is_open_is_told_in_words_unless_the_day_is_before_the_last_row() -> None:
    assert contracts_open(compute(book())) == "/ESZ6 in F: 1, /MNQZ6 in F: 3 sold first"
    assert contracts_open(compute(book(), lots_as_of=date(2026, 5, 10))) == ""
    assert contracts_open(compute(book(STOCK, SOLD, BOUGHT))) == "/ESZ6 in F: 1"


def test_the_cell_says_the_same_as_the_command() -> None:
    def block(*rows: tuple[object, ...]) -> Block:
        return Block([[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows])  # type: ignore[misc]

    caller = Caller(
        settings=block(("Name", "Value"), ("Filing Status", "single")),
        accounts=block(*ACCOUNTS),
        prices=block(("Asset", "Price", "Date"), *PRICES),
        today=TODAY,
    )
    answered = ask("CAPGAIN_TAX", [block(HEADER, *ROWS), 2026.0, 117000.0], caller)
    assert isinstance(answered, list), answered
    found = tax_of_year(compute(book(Taxable_Income_2026=117000)), 2026)
    assert {row[0]: row[1] for row in answered}["Difference"] == found.difference


@pytest.mark.parametrize("seed", range(40))
def test_what_a_plan_counts_is_the_mark_of_the_year_once_it_is_over(seed: int) -> None:
    """The same prices on the year's last business day: each line of Form 6781 and Schedule D, to the cent."""
    random = Random(seed)
    rows: list[tuple[object, ...]] = [STOCK]
    for month in sorted(random.choices(range(1, 11), k=random.randint(1, 8))):
        asset = random.choice(("/ESZ6", "/MNQZ6", "SPX 261218C06000000"))
        kind = random.choice(("Buy", "Sell", "Short Sell", "Cover"))
        price = random.randrange(400000, 600000) / 100
        rows.append((date(2026, month, 5), kind, asset, random.randint(1, 3), price, "F", "1256"))
    prices = {asset: random.randrange(400000, 600000) / 100 for asset in ("/ESZ6", "/MNQZ6", "SPX 261218C06000000")}
    planned_at = tuple((asset, price, DAY) for asset, price in prices.items())
    marked_at = tuple((asset, price, date(2026, 12, 31)) for asset, price in prices.items())
    counted = counted_at_prices(compute(book(*rows, prices=planned_at)), 2026).years[2026]
    over = compute(book(*rows, prices=marked_at), today=date(2027, 1, 2)).years[2026]
    assert counted.form_6781 is not None
    assert over.form_6781 is not None
    assert counted.form_6781.amounts() == over.form_6781.amounts()
    assert counted.form_6781.accounts == over.form_6781.accounts
    assert counted.schedule_d is not None
    assert over.schedule_d is not None
    assert (counted.schedule_d.line_7, counted.schedule_d.line_15) == (over.schedule_d.line_7, over.schedule_d.line_15)


def test_a_plan_of_next_year_counts_from_the_price_of_this_one_and_says_so() -> None:
    """(5,400 - 5,300) x 50 falls in 2027, the 15,000 up to 5,300 in 2026."""
    found = what_if(book(STOCK, BOUGHT, SOLD), "/ESZ6", Decimal(1), Decimal(5400), date(2027, 2, 1))
    (outcome,) = found.outcomes
    assert (outcome.short, outcome.long) == short_and_long(5000)
    assert any(
        note.startswith("2026 is not over: /ESZ6 count in 2027 from their prices of 2026") for note in found.notes
    )
    before = what_if(book(STOCK, BOUGHT, SOLD), "/ESZ6", Decimal(1), Decimal(5400), date(2026, 12, 1))
    assert not any("is not over" in note for note in before.notes)


def test_a_plan_of_next_year_without_a_price_of_this_one_names_what_it_counts_from_cost() -> None:
    found = what_if(book(STOCK, BOUGHT, SOLD, prices=()), "/ESZ6", Decimal(1), Decimal(5400), date(2027, 2, 1))
    (outcome,) = found.outcomes
    assert (outcome.short, outcome.long) == short_and_long(20000)
    assert any(
        note.startswith("No price of /ESZ6 in 2026, which is not over: 2027 counts from") for note in found.notes
    )


def test_a_loss_that_open_contracts_leave_this_year_is_carried_into_the_plan_of_the_next() -> None:
    """5,000 closed, 65,000 lost open at 4,000: of the 45,000 net loss 3,000 are deducted in 2026."""
    ledger = book(STOCK, BOUGHT, SOLD, prices=(("/ESZ6", 4000, DAY), ("XYZ", 60, date(2027, 1, 4))))
    found = what_if(ledger, "XYZ", Decimal(1), Decimal(60), date(2027, 2, 1))
    assert found.at_hand.gains.net == -42000
