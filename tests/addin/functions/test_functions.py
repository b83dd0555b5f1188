"""What the functions answer, what they refuse, and that a ledger is matched once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from addin.example_ledger import LONG, NET, ROWS, SHORT, caller, ledger, settings
from capgain.addin.functions import ledgers
from capgain.addin.functions.answering import LONGEST_REASON, answer
from capgain.addin.functions.answers.gains import MEASURES, WHOLE_RETURN
from capgain.addin.functions.answers.why import NO_ERROR
from capgain.addin.functions.arguments import Missing
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block, CellError
from capgain.addin.functions.ledgers import LEDGERS
from capgain.addin.functions.reasons import REASONS
from capgain.addin.functions.registry import FUNCTIONS, in_cells

MISSING = Missing.MISSING
PRICES = Block([["Asset", "Price"], ["BTC", 90000.0], ["AAPL", 200.0], ["ETH", 2000.0]], sheet="Prices")
BROKEN = [*ROWS, ["2025-12-30", "Sell", "DOGE", 1.0, 1.0, None, None, "Coinbase", "crypto", None]]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    LEDGERS.clear()
    REASONS.clear()


def error(result: object) -> tuple[str, str]:
    assert isinstance(result, CellError), result
    return result.code.value, result.reason


def rows(result: object) -> list[list[object]]:
    assert isinstance(result, Sequence)
    return [list(row) for row in result]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (MISSING, NET),
        ("net", NET),
        ("LONG", LONG),
        ("short", SHORT),
        ("proceeds", "55994.00"),
        ("basis", "20500.50"),
        ("adjustment", "0.00"),
        ("wash", "0.00"),
        ("income", "0.00"),
        ("deductible", "0.00"),
        ("carryover", "0.00"),
        ("carryover_short", "0.00"),
        ("carryover_long", "0.00"),
    ],
)
def test_each_measure_of_a_year(measure: object, expected: str) -> None:
    assert str(answer("CAPGAIN", [ledger(), 2025.0, measure], caller())) == expected  # type: ignore[list-item]


@pytest.mark.parametrize("year", [2024.0, 2030.0])
def test_a_year_without_disposals_has_no_gain(year: float) -> None:
    assert answer("CAPGAIN", [ledger(), year], caller()) == 0


def test_a_loss_beyond_the_limit_is_deducted_and_carried_into_years_without_rows() -> None:
    loss = [*ROWS[:3], ["2025-03-01", "Sell", "AAPL", 100.0, 50.0, None, 1.0, "Schwab", "stock", "basis"]]
    block = ledger(loss)
    assert answer("CAPGAIN", [block, 2025.0, "deductible"], caller()) == 3000
    assert answer("CAPGAIN", [block, 2025.0, "carryover_long"], caller()) == Decimal("7002.00")
    assert answer("CAPGAIN", [block, 2026.0, "carryover"], caller()) == Decimal("4002.00")


def test_asset_and_account_filter_the_sums() -> None:
    assert answer("CAPGAIN", [ledger(), 2025.0, "net", "btc"], caller()) == 39995
    assert answer("CAPGAIN", [ledger(), 2025.0, "net", MISSING, "SCHWAB"], caller()) == Decimal("-2501.50")


@pytest.mark.parametrize("measure", WHOLE_RETURN)
def test_a_measure_of_the_whole_return_refuses_an_asset(measure: str) -> None:
    code, reason = error(answer("CAPGAIN", [ledger(), 2025.0, measure, "BTC"], caller()))
    assert code == "#VALUE!"
    assert "whole return" in reason


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([2025.0, "nett"], "#VALUE!", "none of net, short"),
        ([2025.0, "net", "MSFT"], "#N/A", "MSFT"),
        ([2025.0, "net", MISSING, "Kraken"], "#N/A", "Kraken"),
        ([25.0], "#NUM!", "25 is not a tax year"),
        ([2025.5], "#NUM!", "2025.5 is not a tax year"),
        (["next"], "#VALUE!", "not a number"),
        ([MISSING], "#VALUE!", "year is empty"),
        (["#REF!"], "#VALUE!", "#REF!"),
        ([2025.0, "unrealized"], "#N/A", "Prices"),
        ([2025.0, "net", MISSING, MISSING, "nonsense"], "#VALUE!", "settings"),
    ],
)
def test_what_cannot_be_answered_is_an_error_by_meaning(arguments: list[object], code: str, said: str) -> None:
    found, reason = error(answer("CAPGAIN", [ledger(), *arguments], caller()))  # type: ignore[list-item]
    assert found == code
    assert said in reason


def test_an_error_in_the_ledger_shows_everywhere_but_in_check() -> None:
    given = {"year": 2025.0, "asset": "BTC", "line": "16", "taxable_income": 1.0, "quantity": 1.0, "price": 1.0}
    for declared in FUNCTIONS:
        if declared.takes_ledger and declared.name != "CAPGAIN_CHECK":
            arguments = [
                ledger(BROKEN) if a.name == "ledger" else PRICES if a.name == "prices" else given.get(a.name, MISSING)
                for a in declared.arguments
            ]
            code, reason = error(answer(declared.name, arguments, caller()))  # type: ignore[arg-type]
            assert (code, "row 8" in reason) == ("#VALUE!", True), declared.name
    header, problem, *_ = rows(answer("CAPGAIN_CHECK", [ledger(BROKEN)], caller()))
    assert header[0] == "Severity"
    assert problem[:3] == ["error", "Ledger", 8]


def test_unrealized_values_what_is_held_at_the_prices_sheet() -> None:
    result = answer("CAPGAIN", [ledger(), 2025.0, "unrealized"], caller(prices=PRICES))
    assert result == Decimal("36499.50")  # BTC 45,000 - 10,000; AAPL 10,000 - 7,500.50; ETH 2,000 - 3,000


def test_unrealized_without_the_price_of_one_asset_is_not_a_smaller_number() -> None:
    two = Block(PRICES.rows[:3], sheet="Prices")
    code, reason = error(answer("CAPGAIN", [ledger(), 2025.0, "unrealized"], caller(prices=two)))
    assert code == "#N/A"
    assert "ETH" in reason


def test_a_whole_return_measure_of_a_year_without_forms_is_not_known() -> None:
    old = [ROWS[0], ["2016-01-05", *ROWS[1][1:]], *ROWS[2:]]
    code, _ = error(answer("CAPGAIN", [ledger(old), 2017.0, "carryover"], caller()))
    assert code == "#N/A"
    assert error(answer("CAPGAIN_SCHEDULE_D", [ledger(old), 2017.0, "16"], caller()))[0] == "#N/A"


def test_a_year_that_rests_on_the_statute_has_a_deduction_and_no_tax() -> None:
    assert answer("CAPGAIN", [ledger(), 2199.0, "deductible"], caller()) == 0
    assert answer("CAPGAIN_SCHEDULE_D", [ledger(), 2199.0, "16"], caller()) == 0
    code, reason = error(answer("CAPGAIN_TAX", [ledger(), 2199.0, 50000.0], caller()))
    assert (code, reason.startswith("No tax of 2199 can be told")) == ("#N/A", True)


def test_rows_stand_beside_their_ledger_rows_even_with_titles_above_and_blanks_between() -> None:
    with_title = [["My trades"] + [None] * 9, *ROWS[:3], [None] * 10, *ROWS[3:]]
    result = rows(answer("CAPGAIN_ROWS", [ledger(with_title, first_row=4)], caller()))
    assert len(result) == len(with_title)
    assert result[0] == [None] * 4
    assert result[1] == ["Gain", "Term", "Box", "Status"]
    assert result[4] == [None] * 4
    assert result[5][:3] == [Decimal("39995.00"), "Long", "K"]
    assert result[2][3] == "open: 0.5"


def test_form_8949_rows_of_one_box_and_of_all() -> None:
    header, row = rows(answer("CAPGAIN_8949", [ledger(), 2025.0, "d"], caller()))
    assert len(header) == 8
    assert row == [
        "50 sh. AAPL",
        date(2024, 1, 5),
        date(2025, 3, 1),
        Decimal("4999.00"),
        Decimal("7500.50"),
        None,
        Decimal("0.00"),
        Decimal("-2501.50"),
    ]
    assert len(rows(answer("CAPGAIN_8949", [ledger(), 2025.0], caller()))) == 4
    assert error(answer("CAPGAIN_8949", [ledger(), 2025.0, "M"], caller()))[0] == "#VALUE!"


def test_schedule_d_lines() -> None:
    assert answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0, 16.0], caller()) == Decimal(NET)
    assert answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0, "Line 8b"], caller()) == Decimal("-2501.50")
    assert answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0, "21"], caller()) == 0
    assert answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0, "17"], caller()) == "Yes"
    assert error(answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0, "23"], caller()))[0] == "#VALUE!"
    everything = rows(answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0], caller()))
    assert [row[0] for row in everything][:3] == ["Line", "1a", "1b"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([5000.0, -8000.0], ["-3000.00", "3000.00", "0.00", "0.00"]),
        ([5000.0, -12000.0, MISSING, MISSING, "mfs"], ["-7000.00", "1500.00", "0.00", "5500.00"]),
        ([0.0, 0.0, 4000.0, 1000.0], ["-5000.00", "3000.00", "1000.00", "1000.00"]),
        ([1000.0, 1000.0], ["2000.00", "0.00", "0.00", "0.00"]),
    ],
)
def test_netting_alone(arguments: list[object], expected: list[str]) -> None:
    ((*amounts,),) = rows(answer("CAPGAIN_NET", arguments, caller()))  # type: ignore[arg-type]
    assert [str(amount) for amount in amounts] == expected


@pytest.mark.parametrize("text", ["1.234,56", "1,5", "1_000", "12,34,56", "１０", "1E5", "(-5)", "ten"])
def test_text_that_the_ledger_would_not_read_is_no_amount_and_no_quantity(text: str) -> None:
    code, reason = error(answer("CAPGAIN_NET", [text, 0.0], caller()))
    assert (code, reason.startswith(f'short: "{text}" ')) == ("#VALUE!", True)
    code, reason = error(answer("CAPGAIN_WHATIF", [ledger(), "BTC", text, 100.0, "2025-12-31"], caller()))
    assert (code, reason.startswith(f'quantity: "{text}" ')) == ("#VALUE!", True)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (float("inf"), "#NUM!", "not a finite number"),
        (1e40, "#NUM!", "out of all proportion"),
        (True, "#VALUE!", "TRUE is not a number"),
        (date(2025, 3, 1), "#VALUE!", "holds a date"),
        (" ", "#VALUE!", "short is empty"),
        ("-", "#VALUE!", "short is empty"),
    ],
)
def test_a_cell_that_is_no_amount_is_an_error_by_meaning(given: object, code: str, said: str) -> None:
    found, reason = error(answer("CAPGAIN_NET", [given, 0.0], caller()))  # type: ignore[list-item]
    assert (found, said in reason) == (code, True), reason


def test_what_a_formula_leaves_behind_is_dropped_as_in_a_ledger() -> None:
    given = [ledger(), "BTC", 0.1 + 0.2, 100.0, "2025-12-31"]
    assert answer("CAPGAIN_WHATIF", given, caller()) == answer(
        "CAPGAIN_WHATIF", [ledger(), "BTC", "0.3", 100.0, "2025-12-31"], caller()
    )


@pytest.mark.parametrize("given", ["x", 5.0, True])
def test_what_is_no_cell_has_no_reason(given: object) -> None:
    result = answer("CAPGAIN_WHY", [given], caller())  # type: ignore[list-item]
    assert isinstance(result, CellError)
    assert result.reason.startswith("cell: a cell is wanted, not ")


@pytest.mark.parametrize("place", [2, 3, 4, 5])
def test_a_reason_fits_into_a_cell_however_long_what_was_given_is(place: int) -> None:
    given: list[object] = [ledger(), 2025.0, "net", Missing.MISSING, Missing.MISSING, Missing.MISSING]
    given[place] = "x" * 32_767
    result = answer("CAPGAIN", given, caller())  # type: ignore[arg-type]
    assert isinstance(result, CellError)
    assert len(result.reason) <= LONGEST_REASON


def test_a_negative_carryover_is_refused() -> None:
    assert error(answer("CAPGAIN_NET", [0.0, 0.0, -1.0], caller()))[0] == "#NUM!"


def test_lots_and_basis_as_of_a_day() -> None:
    before = rows(answer("CAPGAIN_LOTS", [ledger(), "2024-12-31"], caller()))
    assert [row[:5] for row in before[1:]] == [
        ["AAPL", "Schwab", 100, date(2024, 1, 5), Decimal("15001.00")],
        ["BTC", "Coinbase", 1, date(2023, 1, 5), Decimal("20000.00")],
    ]
    assert answer("CAPGAIN_BASIS", [ledger(), "BTC", "12/31/2024"], caller()) == 20000
    assert answer("CAPGAIN_BASIS", [ledger(), "BTC"], caller()) == 10000
    assert answer("CAPGAIN_BASIS", [ledger(), "BTC", "2022-12-31"], caller()) == 0


@pytest.mark.parametrize(
    ("acquired", "sold", "expected"),
    [("2024-03-01", "2025-03-01", "Short"), ("2024-03-01", "2025-03-02", "Long"), (45352.0, 45718.0, "Long")],
)
def test_term_by_the_calendar(acquired: object, sold: object, expected: str) -> None:
    assert answer("CAPGAIN_TERM", [acquired, sold], caller()) == expected  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (-1.0, "#NUM!", "is not a date"),
        (60.0, "#NUM!", "29 February 1900"),
        (20240301.0, "#NUM!", "is not a date"),
        ("2205-03-01", "#NUM!", "lies in the year 2205"),
        ("13/01/2024", "#VALUE!", "no month 13"),
        ("2024-03-01T10:00Z", "#VALUE!", "carries an offset from UTC"),
        (True, "#VALUE!", "TRUE is not a date"),
        ("#N/A", "#VALUE!", "#N/A"),
    ],
)
def test_a_cell_that_is_no_day_is_an_error_by_meaning(given: object, code: str, said: str) -> None:
    found, reason = error(answer("CAPGAIN_TERM", [given, "2025-03-02"], caller()))  # type: ignore[list-item]
    assert (found, said in reason, reason.startswith("acquired: ")) == (code, True, True), reason


def test_a_term_backwards_in_time_is_out_of_range() -> None:
    assert error(answer("CAPGAIN_TERM", ["2025-03-02", "2024-03-01"], caller()))[0] == "#NUM!"


def test_explain_leads_down_to_ledger_rows() -> None:
    result = rows(answer("CAPGAIN_EXPLAIN", [ledger(), 2025.0, "16"], caller()))
    assert result[0] == ["Explanation", "Amount", "Ledger rows"]
    assert any("4" in str(row[2]) and "BTC" in str(row[0]) for row in result)


INCOME = settings(("Taxable Income", 150000.0), ("Filing Status", "single"))


def test_tax_with_and_without_the_gains() -> None:
    result = dict(row[:2] for row in rows(answer("CAPGAIN_TAX", [ledger(), 2025.0, 150000.0], caller())))
    assert result["Difference"] == result["Tax with the gains"] - result["Tax without the gains"]  # type: ignore[operator]
    assert result["Difference"] > 0  # type: ignore[operator]
    assert result["Rate on the next long-term dollar"] == Decimal("0.15")


def test_harvest_lists_lots_at_a_loss_with_what_they_save_and_assets_without_a_price() -> None:
    low = Block([["Asset", "Price"], ["AAPL", 100.0], ["ETH", 2000.0]])
    header, *found = rows(answer("CAPGAIN_HARVEST", [ledger(), low, "2025-12-31"], caller(settings=INCOME)))
    losses = {row[0]: dict(zip(header, row, strict=True)) for row in found if row[2] is not None}
    assert set(losses) == {"AAPL", "ETH"}
    assert losses["AAPL"]["Loss"] == Decimal("-2500.50")
    assert losses["AAPL"]["Saves this year"] > 0  # type: ignore[operator]
    assert any("BTC" in str(row[0]) and "price" in str(row[0]).lower() for row in found)


def test_harvest_without_income_tells_no_dollars() -> None:
    low = Block([["Asset", "Price"], ["AAPL", 100.0], ["ETH", 2000.0], ["BTC", 90000.0]])
    header, first, *rest = rows(answer("CAPGAIN_HARVEST", [ledger(), low, "2025-12-31"], caller()))
    assert dict(zip(header, first, strict=True))["Saves this year"] is None
    assert any("Taxable Income" in str(row[0]) for row in rest)


def test_what_if_shows_every_method_and_changes_nothing() -> None:
    given = [ledger(), "btc", 0.25, 95000.0, "2025-12-31"]
    header, *found = rows(answer("CAPGAIN_WHATIF", given, caller(settings=INCOME)))  # type: ignore[arg-type]
    outcomes = [dict(zip(header, row, strict=True)) for row in found if row[3] is not None]
    assert {"fifo", "lifo", "hifo"} <= {outcome["Method"] for outcome in outcomes}
    assert outcomes[0]["Long"] == Decimal("18750.00")
    assert outcomes[0]["Tax"] is not None
    assert answer("CAPGAIN", [ledger(), 2025.0], caller()) == Decimal(NET)


def test_what_if_of_more_than_is_held_is_out_of_range() -> None:
    assert error(answer("CAPGAIN_WHATIF", [ledger(), "BTC", 5.0, 1.0, "2025-12-31"], caller()))[0] == "#NUM!"


def test_the_reason_is_kept_for_the_calling_cell_and_forgotten_when_it_answers() -> None:
    asked = Block((), address="[B]Out!$A$1")
    answer("CAPGAIN", [ledger(), 2025.0, "nett"], caller())
    assert "nett" in str(answer("CAPGAIN_WHY", [asked], Caller(address="[B]Out!$B$1")))
    answer("CAPGAIN", [ledger(), 2025.0], caller())
    assert answer("CAPGAIN_WHY", [asked], Caller(address="[B]Out!$B$1")) == NO_ERROR


def test_the_workbooks_own_settings_count_and_the_argument_goes_before_them() -> None:
    own = settings(("Filing Status", "mfs"), ("Carryover Short", 10000.0))
    mine = caller(settings=own)
    assert answer("CAPGAIN", [ledger(ROWS[:3]), 2024.0, "deductible"], mine) == 1500
    text = "Filing Status=single"
    assert answer("CAPGAIN", [ledger(ROWS[:3]), 2024.0, "deductible", MISSING, MISSING, text], mine) == 3000
    block = Block([["filing status", "mfj"]])
    assert answer("CAPGAIN", [ledger(ROWS[:3]), 2024.0, "deductible", MISSING, MISSING, block], mine) == 3000
    carried = answer("CAPGAIN", [ledger(ROWS[:3]), 2023.0, "carryover", MISSING, MISSING, text], mine)
    assert carried == 7000


def test_a_handle_stands_for_ledger_settings_and_accounts() -> None:
    accounts = Block([["Account", "Kind"], ["Coinbase", "ira"]], sheet="Accounts")
    handle = answer("CAPGAIN_LEDGER", [ledger(), MISSING, accounts], caller())
    assert isinstance(handle, str)
    assert answer("CAPGAIN", [handle, 2025.0], caller()) == Decimal("-2501.50")
    assert answer("CAPGAIN", [Block([[handle]]), 2025.0], caller()) == Decimal("-2501.50")


def test_the_same_ledger_has_the_same_handle_and_another_ledger_another() -> None:
    first = answer("CAPGAIN_LEDGER", [ledger()], caller())
    assert answer("CAPGAIN_LEDGER", [ledger()], caller()) == first
    assert answer("CAPGAIN_LEDGER", [ledger(ROWS[:4])], caller()) != first
    assert answer("CAPGAIN_LEDGER", [ledger(), "Filing Status=mfs"], caller()) != first


def test_a_stale_handle_says_so() -> None:
    handle = answer("CAPGAIN_LEDGER", [ledger()], caller())
    assert isinstance(handle, str)
    LEDGERS.clear()
    code, reason = error(answer("CAPGAIN", [handle, 2025.0], caller()))
    assert code == "#N/A"
    assert "stale" in reason


def test_text_that_is_no_handle_is_refused() -> None:
    assert error(answer("CAPGAIN", ["Ledger", 2025.0], caller()))[0] == "#VALUE!"


def test_too_many_arguments_are_refused() -> None:
    assert error(answer("CAPGAIN_TERM", ["2024-01-01", "2025-01-01", 1.0], caller()))[0] == "#VALUE!"


def test_a_ledger_is_converted_and_matched_once_however_many_cells_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {"read": 0, "matched": 0}
    read, match = ledgers.ledger_from_sheets, ledgers.compute

    def reading(*arguments: object, **named: object) -> object:
        counted["read"] += 1
        return read(*arguments, **named)  # type: ignore[arg-type]

    def matching(*arguments: object, **named: object) -> object:
        counted["matched"] += 1
        return match(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ledgers, "ledger_from_sheets", reading)
    monkeypatch.setattr(ledgers, "compute", matching)
    for measure in MEASURES[:-1]:
        for year in (2023.0, 2024.0, 2025.0):
            answer("CAPGAIN", [ledger(), year, measure], caller())
    answer("CAPGAIN_LOTS", [ledger()], caller())
    answer("CAPGAIN_SCHEDULE_D", [ledger(), 2025.0], caller())
    assert counted == {"read": 1, "matched": 1}
    changed = [*ROWS[:6], ["2025-12-20", "Sell", "ETH", 1.0, 1000.01, None, 0.0, "Coinbase", "crypto", "no basis"]]
    answer("CAPGAIN", [ledger(changed), 2025.0], caller())
    assert counted == {"read": 2, "matched": 2}


def test_a_cell_that_turns_from_one_to_true_is_another_ledger() -> None:
    one, true = Block([[1.0]]), Block([[True]])
    assert one.digest != true.digest
    assert one.digest == Block([[1.0]]).digest
    assert Block([["a"]], first_row=2).digest != Block([["a"]]).digest


def test_the_cache_is_bounded() -> None:
    for place in range(40):
        answer("CAPGAIN", [ledger([*ROWS, [None] * 9 + [f"note {place}"]]), 2025.0], caller())
    assert len(LEDGERS) == ledgers.LEDGERS_KEPT


def test_the_first_cell_of_check_counts_the_problems_in_a_spreadsheet_and_heads_its_column_elsewhere() -> None:
    rows = [*ROWS, ["2025-12-21", "Sell", "ETH", 50.0, 1000.0, None, 0.0, "Coinbase", "crypto", "no basis"]]
    plain = answer("CAPGAIN_CHECK", [ledger(rows)], caller())
    shown = in_cells("CAPGAIN_CHECK", plain)
    assert isinstance(plain, list)
    assert isinstance(shown, list)
    errors = [row[0] for row in plain[1:]].count("error")
    assert plain[0][0] == "Severity"
    assert str(shown[0][0]).startswith(f"{errors} error: Ledger row 8, ")
    assert shown[1:] == plain[1:]
    assert in_cells("CAPGAIN_CHECK", "OK") == "OK"
