"""Rows about protocols are what the taxpayer's position makes of them (DECISIONS.md, A-16)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.classes import Term
from capgain.engine.compute import compute
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.ticked import lots_named
from capgain.engine.positions import positions_taken
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Kind
from law.tables import Row, answer, as_text, as_typed, dispositions, errors, read, table, told

ACCOUNTS = """
| Account | Kind     |
| W       | wallet   |
| L       | wallet   |
| K       | exchange |
| I       | ira      |
"""

HEAD = "| Date | Type | Asset | Quantity | Amount | Received Asset | Received Quantity | Account | To Account |"


def computed(rows: str, **settings: str) -> TaxReport:
    report = answer(HEAD + rows, ACCOUNTS, **settings)
    assert not errors(report), told(report)
    return report


def refused(rows: str, code: str, column: str, row: int, **settings: str) -> str:
    """What the one error of a ledger says."""
    report = answer(HEAD + rows, ACCOUNTS, **settings)
    (problem,) = [found for found in errors(report) if found.code == code]
    assert (problem.row, problem.column) == (row, column), told(report)
    assert not report.years
    return f"{problem.message} {problem.remedy}"


def held(report: TaxReport) -> list[tuple[str, str, str, str, str, int]]:
    return [
        (
            lot.asset,
            lot.account,
            f"{lot.quantity.normalize():f}",
            lot.acquired.isoformat(),
            f"{lot.basis.normalize():f}",
            lot.row,
        )
        for lot in report.open_lots
    ]


BOUGHT = """
| 2024-03-01 | Buy | ETH | 1 | 1000 | | | W | |
| 2024-09-01 | Buy | ETH | 1 | 3000 | | | W | |
"""


class TestCarriedOver:
    def test_lots_go_on_in_the_ratio_of_the_units_with_basis_and_dates(self) -> None:
        report = computed(
            BOUGHT + "| 2025-02-01 | Wrap | ETH | 1.5 | | wstETH | 1.2 | W | L |",
            Wrap="carryover",
        )
        assert not dispositions(report)
        assert [(row[:4], Decimal(row[4]), row[5]) for row in held(report)] == [
            (("ETH", "W", "0.5", "2024-09-01"), 1500, 3),
            (("wstETH", "L", "0.8", "2024-03-01"), 1000, 2),
            (("wstETH", "L", "0.4", "2024-09-01"), 1500, 3),
        ]

    def test_no_unit_and_no_basis_is_lost_where_the_ratio_does_not_end(self) -> None:
        report = computed(
            """
| 2025-01-01 | Buy | ETH | 1 | 100 | | | W | |
| 2025-01-02 | Buy | ETH | 1 | 100 | | | W | |
| 2025-01-03 | Buy | ETH | 1 | 100 | | | W | |
| 2025-02-01 | Stake | ETH | 3 | | rETH | 1 | W | |
""",
            Stake="carryover",
        )
        assert sum(lot.quantity for lot in report.open_lots) == 1
        assert sum(lot.basis for lot in report.open_lots) == 300

    def test_units_too_few_to_be_parted_leave_no_lot_of_nothing(self) -> None:
        report = computed(
            """
| 2025-01-01 | Buy | ETH | 1 | 100 | | | W | |
| 2025-01-02 | Buy | ETH | 1 | 200 | | | W | |
| 2025-02-01 | Stake | ETH | 2 | | DUST | 0.000000000000000001 | W | |
""",
            Stake="carryover",
        )
        (lot,) = report.open_lots
        assert (lot.quantity, lot.basis) == (Decimal("1e-18"), 300)

    def test_the_holding_period_goes_on_to_the_day(self) -> None:
        rows = """
| 2024-02-03 | Buy | ETH | 1 | 1000 | | | W | |
| 2024-06-01 | Wrap | ETH | 1 | | WETH | 1 | W | |
| {day} | Sell | WETH | 1 | 1500 | | | W | |
"""
        terms = [
            dispositions(computed(rows.format(day=day), Wrap="carryover"))[0].term
            for day in ("2025-02-03", "2025-02-04")
        ]
        assert terms == [Term.SHORT, Term.LONG]

    def test_there_and_back_again_is_as_if_nothing_had_been(self) -> None:
        moves = """
| 2025-02-01 | Wrap | ETH | 2 | | WETH | 2 | W | |
| 2025-02-02 | Unwrap | WETH | 2 | | ETH | 2 | W | |
"""
        assert held(computed(BOUGHT.rstrip() + moves, Wrap="carryover")) == held(computed(BOUGHT))

    def test_a_lot_may_be_named_before_and_after(self) -> None:
        rows = """
| Date | Type | Asset | Quantity | Amount | Received Asset | Received Quantity | Account | Class | Lot |
| 2024-03-01 | Buy | ETH | 1 | 1000 | | | W | crypto | A |
| 2024-09-01 | Buy | ETH | 1 | 3000 | | | W | crypto | B |
| 2025-02-01 | Wrap | ETH | 1 | | WETH | 1 | W | | B |
| 2025-03-01 | Sell | WETH | 0.5 | 2000 | | | W | | B |
"""
        report = answer(rows, ACCOUNTS, Wrap="carryover")
        assert not errors(report), told(report)
        (row,) = dispositions(report)
        assert (row.lot, row.basis) == ("B", Decimal("1500.00"))

    def test_one_row_with_lots_of_two_assets_names_no_lot_of_a_plan(self) -> None:
        report = computed(BOUGHT + "| 2025-02-01 | Wrap | ETH | 0.5 | | WETH | 0.5 | W | |", Wrap="carryover")
        with pytest.raises(PlanRefused, match="ETH of row 2 in W; WETH of row 2 in W"):
            lots_named(report.open_lots, "2")
        assert [lot.asset for lot in lots_named(report.open_lots, "row 3")] == ["ETH"]

    def test_the_order_in_force_says_which_lots_go(self) -> None:
        move = "| 2025-02-01 | Wrap | ETH | 1 | | WETH | 1 | W | |"
        by_order = {
            method: next(
                lot.basis
                for lot in computed(BOUGHT + move, Wrap="carryover", Method=method).open_lots
                if lot.asset == "WETH"
            )
            for method in ("fifo", "hifo")
        }
        assert by_order == {"fifo": 1000, "hifo": 3000}

    def test_before_2025_the_earliest_lots_of_the_account_go(self) -> None:
        report = computed(
            """
| 2023-01-01 | Buy | ETH | 1 | 500 | | | K | |
| 2023-06-01 | Buy | ETH | 1 | 900 | | | W | |
| 2024-02-01 | Wrap | ETH | 1 | | WETH | 1 | W | |
""",
            Wrap="carryover",
        )
        assert [(lot.asset, lot.account, lot.basis) for lot in report.open_lots] == [
            ("ETH", "K", 500),
            ("WETH", "W", 900),
        ]

    def test_without_a_received_asset_it_is_a_transfer_with_its_fee(self) -> None:
        rows = """
| Date | Type | Asset | Quantity | Amount | Received Quantity | Price | Account | To Account |
| 2024-03-01 | Buy | ETH | 2 | 2000 | | | W | |
| 2025-02-01 | {kind} | ETH | 1 | | 0.99 | 3000 | W | L |
"""
        staked = answer(rows.format(kind="Stake"), ACCOUNTS, Stake="carryover")
        moved = answer(rows.format(kind="Transfer"), ACCOUNTS)
        assert not errors(staked), told(staked)
        assert dispositions(staked) == dispositions(moved)
        assert staked.open_lots == moved.open_lots
        (row,) = dispositions(staked)
        assert (row.kind, row.proceeds, row.basis) == (Kind.FEE, Decimal("30.00"), Decimal("10.00"))

    def test_the_asset_named_again_is_the_same_asset(self) -> None:
        move = "| 2025-02-01 | Bridge | ETH | 1 | | eth | 1 | W | L |"
        report = computed(BOUGHT + move, Bridge="carryover")
        assert {(lot.asset, lot.account) for lot in report.open_lots} == {("ETH", "W"), ("ETH", "L")}

    def test_within_one_account_nothing_changes_but_the_fee(self) -> None:
        move = "| 2025-02-01 | Stake | ETH | 2 | | | | W | |"
        assert held(computed(BOUGHT + move, Stake="carryover")) == held(computed(BOUGHT))

    def test_more_than_is_held_is_refused_within_one_account_too(self) -> None:
        move = "| 2025-02-01 | Stake | ETH | 2.1 | | | | W | |"
        assert "only 2 are held" in refused(BOUGHT + move, "INSUFFICIENT_QUANTITY", "Quantity", 4, Stake="carryover")

    def test_more_that_comes_back_is_no_part_of_the_move(self) -> None:
        move = "| 2025-02-01 | Unstake | ETH | 1 | | | 1.1 | W | |"
        said = refused(BOUGHT + move, "MORE_RECEIVED_THAN_SENT", "Received Quantity", 4, Stake="carryover")
        assert "1.1" in said

    def test_a_fee_in_coin_is_sold_at_its_value(self) -> None:
        rows = """
|Date|Type|Asset|Quantity|Amount|Received Asset|Received Quantity|Account|Fee|Fee Asset|Fee Quantity|
| 2024-03-01 | Buy | ETH | 2 | 2000 | | | W | | | |
| 2025-04-01 | Wrap | ETH | 1 | | WETH | 1 | W | 3 | ETH | 0.001 |
"""
        report = answer(rows, ACCOUNTS, Wrap="carryover")
        assert not errors(report), told(report)
        (fee,) = dispositions(report)
        assert (fee.kind, fee.proceeds, fee.basis, fee.term) == (Kind.FEE, Decimal("3.00"), Decimal("1.00"), Term.LONG)
        assert sum(lot.basis for lot in report.open_lots) == 1999

    def test_into_an_ira_it_is_no_move(self) -> None:
        move = "| 2025-02-01 | Wrap | ETH | 1 | | WETH | 1 | W | I |"
        assert "contribution" in refused(BOUGHT + move, "IRA_TRANSFER", "To Account", 4, Wrap="carryover")

    def test_units_carried_over_are_covered_no_longer(self) -> None:
        rows = """
| 2026-03-01 | Buy | ETH | 2 | 2000 | | | K | |
| 2026-04-01 | Stake | ETH | 1 | | rETH | 1 | K | |
| 2026-05-01 | Sell | rETH | 1 | 1500 | | | K | |
| 2026-05-01 | Sell | ETH | 1 | 1500 | | | K | |
"""
        boxes = [row.box for row in dispositions(computed(rows, Stake="carryover"))]
        assert boxes == ["H", "G"]

    def test_an_amount_says_what_the_units_were_worth_and_changes_nothing(self) -> None:
        moves = [f"| 2025-02-01 | Wrap | ETH | 1 | {amount} | WETH | 1 | W | |" for amount in ("", "4000")]
        first, second = (held(computed(BOUGHT + move, Wrap="carryover")) for move in moves)
        assert first == second


class TestAsATrade:
    @pytest.mark.parametrize(
        ("kind", "setting"),
        [
            *(("Wrap", "Wrap"), ("Unwrap", "Wrap"), ("Bridge", "Bridge"), ("Lend Out", "Lend"), ("Lend Back", "Lend")),
            *(("Stake", "Stake"), ("Unstake", "Stake")),
        ],
    )
    def test_every_type_is_as_a_trade_is(self, kind: str, setting: str) -> None:
        rows = BOUGHT + ("| 2025-02-01 | {kind} | ETH | 1 | 4000 | OTHER | 1.1 | W | |")
        taken = computed(rows.format(kind=kind), **{setting: "trade"})
        traded = computed(rows.format(kind="Trade"))
        assert dispositions(taken) == dispositions(traded)
        assert taken.open_lots == traded.open_lots

    def test_what_comes_arrives_where_the_row_says(self) -> None:
        move = "| 2025-02-01 | Bridge | ETH | 1 | 4000 | ETH.e | 0.99 | W | L |"
        report = computed(BOUGHT + move, Bridge="trade")
        assert ("ETH.e", "L", "0.99", "2025-02-01", "4000", 4) in held(report)

    def test_without_a_received_asset_there_is_no_trade(self) -> None:
        move = "| 2025-02-01 | Stake | ETH | 1 | 4000 | | 1 | W | |"
        assert "Received Asset" in refused(BOUGHT + move, "MISSING_VALUE", "Received Asset", 4, Stake="trade")

    def test_without_a_value_there_is_no_trade(self) -> None:
        move = "| 2025-02-01 | Wrap | ETH | 1 | | WETH | 1 | W | |"
        refused(BOUGHT + move, "MISSING_VALUE", "Amount", 4, Wrap="trade")

    def test_for_itself_there_is_no_trade(self) -> None:
        move = "| 2025-02-01 | Lend Out | ETH | 1 | 4000 | eth | 1 | W | L |"
        refused(BOUGHT + move, "TRADE_FOR_ITSELF", "Received Asset", 4, Lend="trade")


class TestThePosition:
    MOVE = "| 2025-02-01 | {kind} | ETH | 1 | 4000 | WETH | 1 | W | |"

    @pytest.mark.parametrize("kind", ["Wrap", "Unwrap", "Bridge", "Lend Out", "Lend Back", "Stake", "Unstake"])
    def test_nothing_stated_is_refused_with_both_lines_to_add(self, kind: str) -> None:
        said = refused(BOUGHT + self.MOVE.format(kind=kind), "DEFI_POLICY_UNSTATED", "Type", 4)
        setting = {"Unwrap": "Wrap", "Lend Out": "Lend", "Lend Back": "Lend", "Unstake": "Stake"}.get(kind, kind)
        assert f"{setting} = carryover" in said
        assert f"{setting} = trade" in said

    def test_of_pools_and_rebases_the_lines_are_theirs(self) -> None:
        said = refused(BOUGHT + self.MOVE.format(kind="Add Liquidity"), "DEFI_POLICY_UNSTATED", "Type", 4)
        assert "Pool = trade" in said
        assert "carryover" not in said
        said = refused(BOUGHT + "| 2025-02-01 | Rebase | ETH | 1.1 | | | | W | |", "DEFI_POLICY_UNSTATED", "Type", 4)
        assert "Rebase = split or Rebase = income" in said

    def test_of_many_rows_every_setting_is_named(self) -> None:
        moves = [
            f"| 2025-02-01 | {kind} | ETH | 0.1 | 400 | {kind[:2]}ETH | 0.1 | W | |"
            for kind in ("Wrap", "Stake", "Bridge")
            for _ in range(12)
        ]
        report = answer(HEAD + BOUGHT + "\n".join(moves), ACCOUNTS)
        remedies = [problem.remedy for problem in errors(report) if problem.code == "DEFI_POLICY_UNSTATED"]
        assert len(remedies) == 3
        for setting in ("Wrap", "Stake", "Bridge"):
            assert [remedy for remedy in remedies if f"{setting} = carryover" in remedy]

    def test_one_setting_is_no_position_on_another(self) -> None:
        refused(
            BOUGHT + self.MOVE.format(kind="Stake"), "DEFI_POLICY_UNSTATED", "Type", 4, Wrap="carryover", Lend="trade"
        )

    def test_each_year_has_its_own(self) -> None:
        rows = """
| 2023-03-01 | Buy | ETH | 4 | 4000 | | | W | |
| 2024-12-31 | Wrap | ETH | 1 | 2000 | WETH | 1 | W | |
| 2025-01-01 | Wrap | ETH | 1 | 2500 | WETH | 1 | W | |
"""
        report = computed(rows, Wrap="carryover", Wrap_2025="trade")
        assert [(row.row, row.gain) for row in dispositions(report)] == [(4, Decimal("1500.00"))]
        taken = {year: positions_taken(report.ledger, year) for year in (2023, 2024, 2025)}
        assert taken[2023] == ()
        assert [(one.setting, one.value.value, one.rows) for one in taken[2024]] == [("Wrap", "carryover", (3,))]
        assert [(one.setting, one.value.value, one.rows) for one in taken[2025]] == [("Wrap", "trade", (4,))]

    def test_a_year_without_a_position_is_refused(self) -> None:
        refused(BOUGHT + self.MOVE.format(kind="Wrap"), "DEFI_POLICY_UNSTATED", "Type", 4, Wrap_2024="carryover")

    @pytest.mark.parametrize(
        ("setting", "value"),
        [("Wrap", "split"), ("Pool", "carryover"), ("Rebase", "trade"), ("Stake", "yes"), ("Lend", "carry")],
    )
    def test_what_a_setting_cannot_say_is_refused(self, setting: str, value: str) -> None:
        report = answer(HEAD + BOUGHT, ACCOUNTS, **{setting: value})
        (problem,) = errors(report)
        assert (problem.sheet, problem.code) == ("Settings", "UNKNOWN_WORD")
        assert setting in problem.message

    def test_a_setting_misspelt_is_named(self) -> None:
        report = answer(HEAD + BOUGHT, ACCOUNTS, Wraps="carryover")
        (problem,) = errors(report)
        assert (problem.code, problem.remedy) == ("SETTING_MISSPELT", "Did you mean Wrap?")

    def test_a_position_that_no_row_rests_on_is_not_told(self) -> None:
        assert positions_taken(computed(BOUGHT, Wrap="carryover").ledger, 2024) == ()


POOL_HEAD = "| Date | Type | Asset | Quantity | Amount | Received Asset | Received Quantity | Account | Order | Fee |"
INTO = [
    "| 2025-03-03 | Pool In | ETH | 1 | 3500 | LPT | 10 | W | P1 | 4 |",
    "| 2025-03-03 | Pool In | USDC | 3500 | 3500 | | | W | P1 | |",
]
OUT = [
    "| 2025-05-03 | Pool Out | LPT | 10 | 3900 | ETH | 1.1 | W | P2 | 5 |",
    "| 2025-05-03 | Pool Out | LPT | | 3500 | USDC | 3500 | W | P2 | 2 |",
]
FUNDED = [
    "| 2025-01-03 | Buy | ETH | 1 | 2000 | | | W | | |",
    "| 2025-01-03 | Buy | USDC | 3500 | 3500 | | | W | | |",
]


def pooled(*rows: str) -> TaxReport:
    return answer("\n".join((POOL_HEAD, *FUNDED, *rows)), ACCOUNTS, Pool="trade")


class TestPools:
    @pytest.mark.parametrize("into", [INTO, INTO[::-1]])
    @pytest.mark.parametrize("out", [OUT, OUT[::-1]])
    def test_legs_in_any_order_are_one_exchange(self, into: list[str], out: list[str]) -> None:
        report = pooled(*into, *out)
        assert not errors(report), told(report)
        rows = {row.asset: row for row in dispositions(report)}
        assert len(dispositions(report)) == 3
        assert (rows["ETH"].proceeds, rows["USDC"].proceeds) == (Decimal("3496.00"), Decimal("3500.00"))
        token = rows["LPT"]
        assert (token.proceeds, token.basis, token.gain) == (Decimal("7393.00"), Decimal("7000.00"), Decimal("393.00"))
        assert token.row == 3 + 1 + len(into) + out.index(OUT[0])
        assert token.lot_row == 4 + into.index(INTO[0])
        assert {(lot.asset, lot.basis) for lot in report.open_lots} == {("ETH", 3900), ("USDC", 3500)}

    def test_newest_first_is_the_same(self) -> None:
        rows = [row.strip("|").split("|") for row in (POOL_HEAD, *(FUNDED + INTO + OUT)[::-1])]
        report = answer("\n".join(f"|{'|'.join(row)}|" for row in rows), ACCOUNTS, Pool="trade")
        assert not errors(report), told(report)
        assert sum(row.gain for row in dispositions(report)) == Decimal("1889.00")

    @pytest.mark.parametrize("spelling", [as_text, as_typed])
    def test_cells_as_excel_has_them_say_the_same(self, spelling: object) -> None:
        rows = table("\n".join((POOL_HEAD, *FUNDED, *INTO, *OUT)))
        report = compute(read(rows, table(ACCOUNTS), {"Pool": "trade"}, spelling))
        assert not errors(report), told(report)
        assert dispositions(report) == dispositions(pooled(*INTO, *OUT))

    def test_one_coin_alone_needs_no_order(self) -> None:
        report = pooled(
            "| 2025-03-03 | Pool In | ETH | 1 | 3500 | LPT | 10 | W | | |",
            "| 2025-04-03 | Pool Out | LPT | 4 | 1500 | ETH | 0.4 | W | | |",
        )
        assert not errors(report), told(report)
        assert [(row.asset, row.gain) for row in dispositions(report)] == [
            ("ETH", Decimal("1500.00")),
            ("LPT", Decimal("100.00")),
        ]
        assert [lot.basis for lot in report.open_lots if lot.asset == "LPT"] == [2100]

    def test_three_coins_out_share_nothing_but_the_token(self) -> None:
        report = pooled(*INTO, *OUT, "| 2025-05-03 | Pool Out | LPT | | 60 | CRV | 100 | W | P2 | |")
        assert not errors(report), told(report)
        (token,) = [row for row in dispositions(report) if row.asset == "LPT"]
        assert token.proceeds == Decimal("7453.00")
        assert {(lot.asset, lot.basis) for lot in report.open_lots} == {("ETH", 3900), ("USDC", 3500), ("CRV", 60)}

    @pytest.mark.parametrize(
        ("rows", "column", "words"),
        [
            ([INTO[1]], "Received Asset", "no leg of this Pool In (row 4)"),
            ([INTO[0], INTO[0].replace("LPT", "LPU")], "Received Asset", "rows 4 and 5"),
            ([INTO[0], INTO[1].replace("03-03", "03-04")], "Order", "2025-03-04"),
            ([*INTO, OUT[1]], "Quantity", "no leg of this Pool Out (row 6)"),
            ([*INTO, OUT[0], OUT[1].replace("| | 3500", "| 10 | 3500")], "Quantity", "rows 6 and 7"),
            ([*INTO, OUT[0], OUT[1].replace("LPT", "LPU")], "Asset", "LPU"),
        ],
    )
    def test_legs_that_are_no_exchange_are_refused_once(self, rows: list[str], column: str, words: str) -> None:
        report = pooled(*rows)
        (problem,) = [found for found in errors(report) if found.code == "POOL_LEGS"]
        assert problem.column == column
        assert words in problem.message
        assert not report.years

    def test_a_leg_out_without_its_value_is_refused(self) -> None:
        report = pooled(*INTO, OUT[0].replace("3900", ""), OUT[1])
        problem = errors(report)[0]
        assert (problem.code, problem.column, problem.row) == ("MISSING_VALUE", "Amount", 6)

    def test_dollars_out_of_a_pool_are_a_sale(self) -> None:
        report = pooled(*INTO, OUT[0].replace("| ETH |", "| USD |"))
        assert [problem.code for problem in errors(report)] == ["TRADE_FOR_DOLLARS"]


class TestRebase:
    ROWS = """
| 2024-01-03 | Buy | AMPL | 100 | 500 | | | W | |
| 2024-01-03 | Buy | AMPL | 100 | 500 | | | L | |
| 2025-03-03 | Rebase | AMPL | 1.1 | 60 | | 10 | {where} | |
"""

    def test_one_row_serves_both_positions(self) -> None:
        split = computed(self.ROWS.format(where="W"), Rebase="split")
        income = computed(self.ROWS.format(where="W"), Rebase="income")
        assert sorted((lot.quantity, lot.basis, lot.row) for lot in split.open_lots) == [(100, 500, 3), (110, 500, 2)]
        assert sorted((lot.quantity, lot.basis, lot.row) for lot in income.open_lots) == [
            (10, 60, 4),
            (100, 500, 2),
            (100, 500, 3),
        ]
        assert not split.years[2025].income
        (item,) = income.years[2025].income
        assert (item.kind.value, item.amount, item.form_line) == ("", 60, "Schedule 1 line 8v")
        assert not [problem for problem in income.problems if problem.code == "INCOME_KIND"]

    def test_as_a_split_without_an_account_every_account_is_counted_anew(self) -> None:
        report = computed(self.ROWS.format(where=""), Rebase="split")
        assert [f"{lot.quantity.normalize():f}" for lot in report.open_lots] == ["110", "110"]

    def test_units_that_shrink_keep_their_basis(self) -> None:
        report = computed(self.ROWS.format(where="W").replace("1.1 ", "0.93"), Rebase="split")
        assert [(lot.quantity, lot.basis) for lot in report.open_lots if lot.account == "W"] == [(93, 500)]

    @pytest.mark.parametrize(
        ("position", "blank", "column"),
        [("split", "1.1 ", "Quantity"), ("income", "| 10 ", "Received Quantity"), ("income", "60 ", "Amount")],
    )
    def test_what_a_position_needs_is_asked_for(self, position: str, blank: str, column: str) -> None:
        lacking = "| " if blank.startswith("|") else ""
        rows = self.ROWS.format(where="W").replace(blank, lacking, 1)
        report = answer(HEAD + rows, ACCOUNTS, Rebase=position)
        assert [(problem.code, problem.column) for problem in errors(report)] == [("MISSING_VALUE", column)]


def test_tokenized_shares_wrapped_and_bought_back_are_still_washed() -> None:
    """A move of one asset is no sale that frees a purchase from being a replacement (26 USC 1091)."""
    rows = table(
        """
| Date | Type | Asset | Quantity | Amount | Account | To Account | Class |
| 2025-01-03 | Buy | TSLAx | 10 | 1000 | W | | tokenized |
| 2025-03-03 | Sell | TSLAx | 10 | 800 | W | | tokenized |
| 2025-03-10 | Buy | TSLAx | 10 | 850 | W | | tokenized |
| 2025-03-10 | Stake | TSLAx | 10 | | W | L | tokenized |
"""
    )
    accounts: list[Row] = [{"Account": "W", "Kind": "wallet"}, {"Account": "L", "Kind": "wallet"}]
    report = compute(read(rows, accounts, {"Stake": "carryover"}))
    assert not errors(report), told(report)
    (row,) = dispositions(report)
    assert (row.codes, row.adjustment) == ("W", Decimal("200.00"))
    assert [(lot.account, lot.basis) for lot in report.open_lots] == [("L", 1050)]
