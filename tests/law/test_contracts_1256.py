"""Section 1256 contracts: marks, shorts, totals, what is refused, and what holds whatever the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from capgain.addin.functions.answering import answer as ask
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block
from capgain.engine.compute import compute
from capgain.engine.contract_warnings import carryback_note
from capgain.engine.explain import explain
from capgain.engine.ledger import Ledger
from capgain.engine.planning.contracts_at_price import counted_at_prices
from capgain.engine.planning.estimated_tax import Estimate, estimate
from capgain.engine.planning.what_if import what_if
from capgain.engine.replay.contracts_1256 import mark_day
from capgain.engine.report import TaxReport
from capgain.engine.results.contracts import ContractEnd
from capgain.engine.section_1256 import Symbol, by_symbol
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ("Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class", "To Account")
ACCOUNTS = (("Account", "Kind"), ("F", "brokerage"), ("G", "brokerage"), ("IRA", "ira"))
TODAY = date(2026, 6, 1)


def row(day: str, kind: str, asset: str, units: object, price: object = None, **more: object) -> tuple[object, ...]:
    cells = {"Date": day, "Type": kind, "Asset": asset, "Quantity": units, "Price": price, "Account": "F"} | more
    return tuple(cells.get(name.replace("To Account", "To_Account")) for name in HEADER)


def ledger(*rows: tuple[object, ...], prices: tuple[tuple[object, ...], ...] = (), **settings: object) -> Ledger:
    stated = {"Filing Status": "single", **{name.replace("_", " "): value for name, value in settings.items()}}
    return ledger_from_blocks(
        [HEADER, *rows],
        ACCOUNTS,
        [("Name", "Value"), *stated.items()],
        [("Asset", "Price", "Date"), *prices] if prices else None,
        today=TODAY,
    )


def report(*rows: tuple[object, ...], prices: tuple[tuple[object, ...], ...] = (), **settings: object) -> TaxReport:
    return compute(ledger(*rows, prices=prices, **settings), today=TODAY)


def codes(found: TaxReport) -> set[str]:
    return {problem.code for problem in found.problems}


def line(found: TaxReport, year: int, number: str) -> Decimal:
    form = found.years[year].form_6781
    assert form is not None, found.problems
    return form.amounts()[number]


@pytest.mark.parametrize(
    ("year", "day"), [(2022, 30), (2023, 29), (2024, 31), (2025, 31), (2026, 31), (2027, 31), (2028, 29)]
)
def test_the_mark_day_is_the_last_weekday_of_december(year: int, day: int) -> None:
    assert mark_day(year) == date(year, 12, day)


@pytest.mark.parametrize(
    ("name", "symbol", "root"),
    [
        ("/MESU25", Symbol.FUTURE, "MES"),
        ("/M2KZ5", Symbol.FUTURE, "M2K"),
        ("/6EH6", Symbol.FUTURE, "6E"),
        ("./ESZ25C6000", Symbol.FUTURE, "ES"),
        ("/ESZ5 EW4Z5 251226C6000", Symbol.FUTURE, "ES"),
        ("/QQQQZ5", Symbol.UNLISTED, "QQQQ"),
        ("NANOS 250620C00550000", Symbol.INDEX_OPTION, "NANOS"),
        ("spxw  251231p06000000", Symbol.INDEX_OPTION, "SPXW"),
        ("SPX", Symbol.INDEX, "SPX"),
        ("ESZ25", Symbol.MONTH_CODE, "ES"),
        ("ESM5 C6000", Symbol.MONTH_CODE, "ES"),
        ("@ESZ25", Symbol.MONTH_CODE, "ES"),
        ("@ES", Symbol.MONTH_CODE, "ES"),
        ("ES=F", Symbol.MONTH_CODE, "ES"),
        ("ES", Symbol.ROOT, "ES"),
        ("SLV 250620P00030000", Symbol.UNSETTLED, "SLV"),
        ("MSFT1DZ5", Symbol.SINGLE_STOCK, "MSFT1DZ5"),
    ],
)
def test_what_a_symbol_says(name: str, symbol: Symbol, root: str) -> None:
    found = by_symbol(name)
    assert found is not None
    assert (found.symbol, found.root) == (symbol, root)


@pytest.mark.parametrize(
    "name",
    ["SPY 250620C00550000", "CLF 250620C00012000", "CLF", "SLV", "XAU 250620C00200000", "AAPL", "SPXL", "ESTC", "MSFT"],
)
def test_what_a_symbol_does_not_say(name: str) -> None:
    assert by_symbol(name) is None


def test_what_an_option_is_on_says_it_too() -> None:
    found = by_symbol("MY CALL", "SPX")
    assert found is not None
    assert found.symbol is Symbol.INDEX_OPTION


@pytest.mark.parametrize("seed", range(25))
def test_over_all_years_the_marks_leave_what_was_paid_and_received(seed: int) -> None:
    """Closed in the end, the lines 7 of all years add up to the cash; boxes 8 - 9 + 10 are box 11 in each."""
    rng = Random(seed)
    rows, prices, cash, held = [], [], 0, 0
    for year in (2022, 2023, 2024, 2025):
        for month in sorted(rng.sample(range(1, 13), 5)):
            units, cents = rng.randint(1, 4), rng.randint(100, 999999)
            buys = rng.random() < 0.5
            fee = rng.choice((0, 37, 225))
            kind = rng.choice(("Buy", "Cover") if buys else ("Sell", "Short Sell"))
            rows.append(row(f"{year}-{month:02}-10", kind, "/MESZ9", units, Amount=cents / 100, Fee=fee / 100))
            cash += -(cents + fee) if buys else cents - fee
            held += units if buys else -units
        prices.append(("/MESZ9", rng.randint(1, 9999) / 100, mark_day(year)))
    if held:
        rows.append(row("2025-12-20", "Sell" if held > 0 else "Cover", "/MESZ9", abs(held), Amount=5000))
        cash += 500000 if held > 0 else -500000
    found = report(*rows, prices=tuple(prices))
    assert not found.has_errors, found.problems
    assert not found.open_contracts
    forms = [year.form_6781 for year in found.years.values()]
    total = sum(form.line_7 for form in forms if form is not None)
    assert total == Decimal(cash) / 100
    for form in forms:
        assert form is not None
        assert form.line_8 + form.line_9 == form.line_7
        for boxes in form.accounts.values():
            assert boxes.realised - boxes.before + boxes.after == boxes.total


def test_a_fractional_share_of_a_cost_loses_no_cent() -> None:
    found = report(
        row("2025-01-10", "Buy", "/MESH5", 3, Amount=100),
        row("2025-01-11", "Sell", "/MESH5", 1, Amount=50),
        row("2025-01-12", "Sell", "/MESH5", 1, Amount=50),
        row("2025-01-13", "Sell", "/MESH5", 1, Amount=50),
    )
    costs = [one.basis for one in found.years[2025].contracts]
    assert costs == [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]
    assert line(found, 2025, "7") == 50


def test_an_expiry_closes_at_nothing_whichever_way_it_is_held() -> None:
    found = report(
        row("2025-01-10", "Buy", "SPX 250321C06000000", 2, 10, Class="1256"),
        row("2025-01-10", "Sell to Open", "SPX 250321P05000000", 1, 7, Class="1256"),
        row("2025-03-21", "Expire", "SPX 250321C06000000", None),
        row("2025-03-21", "Expire", "SPX 250321P05000000", None),
    )
    assert [one.gain for one in found.years[2025].contracts] == [-2000, 700]


def test_a_transfer_takes_cost_and_mark_along() -> None:
    found = report(
        row("2024-05-10", "Buy", "/ESH6", 2, 5000),
        row("2025-02-10", "Transfer", "/ESH6", 1, To_Account="G"),
        row("2025-02-11", "Sell", "/ESH6", 1, 5200, Account="G"),
        row("2025-02-12", "Sell", "/ESH6", 1, 5300),
        prices=(("/ESH6", 5100, date(2024, 12, 31)),),
    )
    assert line(found, 2024, "7") == 10000
    form = found.years[2025].form_6781
    assert form is not None
    assert {name: boxes.by_number() for name, boxes in form.accounts.items()} == {
        "G": {"8": 10000, "9": 5000, "10": 0, "11": 5000},
        "F": {"8": 15000, "9": 5000, "10": 0, "11": 10000},
    }


def test_an_ira_and_a_spouse_filing_separately_are_off_the_return() -> None:
    rows = [
        row("2025-01-10", "Buy", "/ESH5", 1, 5000, Account="IRA"),
        row("2025-02-10", "Sell", "/ESH5", 1, 5100, Account="IRA"),
        row("2025-03-10", "Buy", "/NQH5", 1, 20000),
        row("2025-03-11", "Sell", "/NQH5", 1, 20001),
    ]
    found = report(*rows)
    assert [one.account for one in found.years[2025].contracts] == ["F"]


@pytest.mark.parametrize("prices", [(), (("/ESH5", 5100, None),), (("/ESH5", 5100, date(2024, 12, 30)),)])
def test_without_the_price_of_the_mark_day_nothing_is_computed(prices: tuple[tuple[object, ...], ...]) -> None:
    found = report(
        row("2024-05-10", "Buy", "/ESH5", 1, 5000), row("2025-02-10", "Sell", "/ESH5", 1, 5100), prices=prices
    )
    (problem,) = (one for one in found.problems if one.is_error)
    assert (problem.code, problem.sheet) == ("MARK_PRICE_MISSING", "Prices")
    assert "/ESH5, 1 contract in F, is open on 2024-12-31" in problem.message


def test_a_year_that_is_not_over_has_closed_contracts_alone() -> None:
    found = report(
        row("2026-01-10", "Buy", "/ESZ6", 2, 5000),
        row("2026-02-10", "Sell", "/ESZ6", 1, 5100),
        prices=(("/ESZ6", 6000, date(2026, 5, 1)),),
    )
    assert line(found, 2026, "7") == 5000
    assert "CONTRACTS_OPEN" in codes(found)
    (held,) = found.open_contracts
    assert (held.units, held.value_cents) == (10**18, 25000000)


def test_years_without_a_row_are_marked_too() -> None:
    found = report(
        row("2022-05-10", "Buy", "/ESH6", 1, 100),
        row("2025-02-10", "Sell", "/ESH6", 1, 130),
        prices=tuple(("/ESH6", 100 + year - 2021, mark_day(year)) for year in (2022, 2023, 2024)),
    )
    assert [line(found, year, "7") for year in (2022, 2023, 2024, 2025)] == [50, 50, 50, 1350]


def test_no_contract_is_washed_or_washes() -> None:
    """26 USC 1256(f)(5): a loss closed and bought back the next day stays."""
    found = report(
        row("2025-01-10", "Buy", "/ESH5", 1, 5000),
        row("2025-02-10", "Sell", "/ESH5", 1, 4000),
        row("2025-02-11", "Buy", "/ESH5", 1, 4000),
        row("2025-02-12", "Sell", "/ESH5", 1, 4000),
    )
    assert line(found, 2025, "7") == -50000
    assert not found.wash_sales


LONG_STOCK = row("2025-01-02", "Buy", "SPY", 10, 600, Class="fund")


@pytest.mark.parametrize(
    ("contract", "kinds", "is_told"),
    [
        ("/MESZ5", ("Short Sell", "Cover"), True),
        ("/MESZ5", ("Buy", "Sell"), False),
        ("SPX 251219P05000000", ("Buy", "Sell"), True),
        ("SPX 251219P05000000", ("Short Sell", "Cover"), False),
        ("SPX 251219C05000000", ("Short Sell", "Cover"), True),
        ("/CLZ5", ("Short Sell", "Cover"), False),
    ],
)
def test_a_contract_against_what_is_held_is_a_possible_straddle(
    contract: str, kinds: tuple[str, str], is_told: bool
) -> None:
    rows = (LONG_STOCK, row("2025-05-05", kinds[0], contract, 1, 50), row("2025-05-06", kinds[1], contract, 1, 50))
    assert ("POSSIBLE_STRADDLE" in codes(report(*rows))) is is_told
    assert "POSSIBLE_STRADDLE" not in codes(report(*rows, Straddles="none"))


def test_a_total_needs_its_source_and_no_rows_beside_it() -> None:
    found = report(row("2025-12-31", "1256 Gain", "", None, Amount=500, Account="K-1 Alpha LP"))
    assert line(found, 2025, "7") == 500
    (one,) = found.years[2025].contracts
    assert one.end is ContractEnd.TOTAL
    assert any(
        problem.is_error for problem in report(row("2025-12-31", "1256 Gain", "", None, Amount=5, Account="")).problems
    )


@pytest.mark.parametrize(("line_5", "others", "most"), [(30000, 12000, "15,000.00"), (2000, 0, ""), (30000, 40000, "")])
def test_the_loss_that_may_be_carried_back(line_5: int, others: int, most: str) -> None:
    """26 USC 1212(c)(4): the smaller of the loss of these contracts beyond the limit, and what is carried over."""
    found = report(
        row("2025-12-31", "1256 Loss", "", None, Amount=line_5),
        row("2025-01-02", "Buy", "XYZ", 1, 100, Class="stock"),
        row("2025-06-02", "Sell", "XYZ", 1, 100 + others, Class="stock"),
    )
    note = carryback_note(found.years[2025], found.years)
    assert (f"up to {most} " in note) if most else note == ""


def test_the_gains_of_the_three_years_before_stand_beside_what_may_be_carried_back() -> None:
    totals = {2021: 500, 2022: 4000, 2023: -700, 2024: 1500.5, 2025: -30000}
    found = report(
        *(
            row(f"{year}-12-31", "1256 Gain" if amount > 0 else "1256 Loss", "", None, Amount=abs(amount))
            for year, amount in totals.items()
        )
    )
    assert carryback_note(found.years[2025], found.years).endswith(
        "Not computed here. Gains of those years here: 2022 4,000.00, 2024 1,500.50."
    )
    assert "Gains of those years" not in carryback_note(found.years[2025], {2025: found.years[2025]})


def test_a_box_of_the_1099_is_compared_to_a_dollar() -> None:
    rows = (row("2025-05-05", "Buy", "/ESZ5", 1, Amount=3000), row("2025-05-06", "Sell", "/ESZ5", 1, Amount=3100))
    assert "BOX_1256_DIFFERS" not in codes(report(*rows, Box_11_2025_F=101))
    assert "BOX_1256_DIFFERS" in codes(report(*rows, Box_8_2025_F="101.01"))


def test_a_setting_of_the_root_goes_before_the_symbol() -> None:
    rows = (
        row("2025-05-05", "Buy", "SPX 250718C06000000", 1, 10, Class="option"),
        row("2025-05-06", "Sell", "SPX 250718C06000000", 1, 12, Class="option"),
    )
    as_option = report(*rows, Class_SPX="option")
    assert [one.gain for one in as_option.years[2025].dispositions] == [200]
    assert not as_option.filing_ready
    assert report(*rows).filing_ready
    gold = [(*one[:2], "GLD 250718C00300000", *one[3:]) for one in rows]
    assert "V-ASK" in codes(report(*gold))
    for said in ("option", "1256"):
        settled = report(*gold, Class_GLD=said)
        assert "V-ASK" not in codes(settled)
        assert bool(settled.years[2025].contracts) is (said == "1256")


def test_a_bare_root_is_what_its_class_says() -> None:
    as_stock = report(
        row("2025-05-05", "Buy", "ES", 1, 10, Class="stock"), row("2025-05-06", "Sell", "ES", 1, 12, Class="stock")
    )
    assert as_stock.years[2025].dispositions
    as_future = report(
        row("2025-05-05", "Buy", "ES", 1, 10, Class="future"), row("2025-05-06", "Sell", "ES", 1, 12, Class="future")
    )
    assert line(as_future, 2025, "7") == 100


def test_the_size_of_a_root_may_be_stated_for_all_its_months() -> None:
    rows = [row("2025-05-05", "Buy", "/XYZZ5", 1, 10), row("2025-05-06", "Sell", "/XYZZ5", 1, 12)]
    assert line(report(*rows, Class_XYZ="1256", Multiplier_XYZ=10), 2025, "7") == 20


def test_a_future_on_one_stock_is_refused_by_its_own_name_and_not_asked_for_its_size() -> None:
    found = report(
        row("2025-05-05", "Buy", "MSFT1DH5", 1, 10, Class="future"),
        row("2025-05-06", "Sell", "MSFT1DH5", 1, 12, Class="future"),
    )
    assert {problem.code for problem in found.problems if problem.is_error} == {"SINGLE_STOCK_FUTURE"}


BLOCK = Block(
    [
        HEADER,
        row("2025-05-05", "Buy", "/ESZ5", 1, 5000),
        row("2025-05-06", "Sell", "/ESZ5", 1, 5010),
        row("2025-05-06", "Buy", "XYZ", 1, 100, Class="stock"),
        row("2025-05-07", "Sell", "XYZ", 1, 150, Class="stock"),
    ]  # type: ignore[list-item]
)
CALLER = Caller(accounts=Block(ACCOUNTS), settings=Block([("Name", "Value"), ("Filing Status", "single")]))


@pytest.mark.parametrize(
    ("measure", "asset", "amount"),
    [
        ("net", None, 550),
        ("short", None, 250),
        ("long", None, 300),
        ("1256", None, 500),
        ("1256", "/ESZ5", 500),
        ("long", "/ESZ5", 300),
        ("1256", "XYZ", 0),
        ("proceeds", None, 150),
    ],
)
def test_the_measures_of_a_year_hold_its_contracts(measure: str, asset: str | None, amount: int) -> None:
    assert ask("CAPGAIN", [BLOCK, 2025.0, measure, asset], CALLER) == amount  # type: ignore[list-item]


def test_beside_its_row_a_closing_is_60_40() -> None:
    answered = ask("CAPGAIN_ROWS", [BLOCK], CALLER)
    assert isinstance(answered, list)
    assert list(answered[2])[:3] == [500, "60/40", "6781"]


def test_the_chain_of_line_4_leads_to_the_rows() -> None:
    found = report(
        row("2024-05-10", "Buy", "/ESH5", 1, 5000),
        row("2025-02-10", "Sell", "/ESH5", 1, 5100),
        prices=(("/ESH5", 5050, date(2024, 12, 31)),),
        Schedule_D_4_2025=7,
    )
    story = explain(found, 2025, "4")
    assert "Line 4 is $1,007.00 = Form 6781 line 8 ($1,000.00) + $7.00 stated in Settings" in str(story)
    assert any(step.rows == (3,) for step in story.steps)
    assert "counted as sold at the value of 12/31/2024" in str(explain(found, 2024, "11"))


def test_a_planned_closing_is_40_60_and_covers_what_was_sold_first() -> None:
    book = ledger(row("2026-01-10", "Short Sell", "/MNQZ6", 2, 20000), Other_Income_2026=100000)
    plan = what_if(book, "/mnqz6", Decimal(1), Decimal(19000), date(2026, 11, 20))
    (outcome,) = plan.outcomes
    assert (outcome.short, outcome.long, outcome.waiting) == (800, 1200, None)
    assert outcome.tax is not None
    assert outcome.tax > 0


def test_open_contracts_count_at_a_price_of_the_year_in_the_last_installment_alone() -> None:
    """Bought at 5,000, now 5,200: 10,000, of which 4,000 short-term; without a price of the year nothing."""
    rows = (row("2026-01-10", "Buy", "/ESZ6", 1, 5000),)
    stated = {"Other_Income_2026": 60000, "Withholding_2026": 100}

    def of(*prices: tuple[object, ...]) -> Estimate:
        return estimate(report(*rows, prices=prices, **stated), 2026, TODAY)

    without = of(("/ESZ6", 5200, date(2025, 12, 31)))
    marked = of(("/ESZ6", 5100, date(2026, 3, 1)), ("/ESZ6", 5200, date(2026, 5, 1)))
    assert without.current_year_tax is not None
    assert marked.current_year_tax is not None
    assert marked.current_year_tax > without.current_year_tax
    assert marked.annualized_tax[:3] == without.annualized_tax[:3]
    assert marked.annualized_tax[3] == marked.current_year_tax
    assert any("counted at their prices of 2026: 10,000.00" in note for note in marked.assumptions)
    counted = counted_at_prices(report(*rows, prices=(("/ESZ6", 5200, date(2026, 5, 1)),)), 2026, today=TODAY)
    schedule_d = counted.years[2026].schedule_d
    assert schedule_d is not None
    assert (schedule_d.line_7, schedule_d.line_15) == (4000, 6000)


@pytest.mark.parametrize(("said", "gain", "contracts"), [("option", 13100, 0), ("1256", 13000, 1)])
@pytest.mark.parametrize("shares", ["stock", None])
def test_a_setting_of_options_on_a_trust_leaves_its_shares_alone(
    said: str, gain: int, contracts: int, shares: str | None
) -> None:
    option = "GLD 250919C00300000"
    found = report(
        row("2024-01-02", "Buy", "GLD", 100, 170, Class=shares),
        row("2025-05-05", "Buy", option, 1, 3, Class="option"),
        row("2025-05-06", "Sell", option, 1, 4, Class="option"),
        row("2025-06-02", "Sell", "GLD", 100, 300, Class=shares),
        Class_GLD=said,
    )
    year = found.years[2025]
    assert sum(sale.gain for sale in year.dispositions) == gain
    assert len(year.contracts) == contracts
