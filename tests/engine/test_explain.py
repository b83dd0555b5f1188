"""A line of Schedule D explained down to the ledger: every dollar of it is accounted for in sentences."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from capgain.engine.classes import AccountKind, AssetClass, FilingStatus, Owner, Reported, WashScope
from capgain.engine.compute import compute
from capgain.engine.explain import MOST_ASSETS, Explanation, Step, UnknownLine, explain
from capgain.engine.explain_adjustments import MOST_MATCHES
from capgain.engine.explanation import NotBehindLine, Telling
from capgain.engine.ledger import Account, Ledger
from capgain.engine.problems import InvalidLedger, Problem, Severity, UnknownYear
from capgain.engine.report import TaxReport
from capgain.engine.settings import ByYear, Settings
from capgain.engine.transactions import Buy, CapitalGainDistribution, Inherit, Opening, Sell, Transaction

ACCOUNTS = {
    "Schwab": Account("Schwab", AccountKind.BROKERAGE),
    "Roth": Account("Roth", AccountKind.IRA),
    "CB": Account("CB", AccountKind.EXCHANGE),
}


def stock(
    kind: type[Any], row: int, when: str, quantity: str, amount: str, account: str = "Schwab", **more: Any
) -> Any:
    reported = {"reported": Reported.BASIS} if kind is Sell else {}
    return kind(
        row=row,
        at=datetime.fromisoformat(when),
        account=account,
        asset_class=AssetClass.STOCK,
        quantity=Decimal(quantity),
        amount=Decimal(amount),
        **{"asset": "XYZ", **reported, **more},
    )


def report(*rows: Transaction, **settings: Any) -> TaxReport:
    return compute(
        Ledger(rows, ACCOUNTS, Settings(filing_status=ByYear(FilingStatus.SINGLE), **settings)), through=2025
    )


@pytest.fixture(scope="module")
def washed() -> TaxReport:
    return report(
        stock(Buy, 2, "2023-01-05", "100", "5000", fee=Decimal(10)),
        stock(Sell, 3, "2024-03-05", "50", "1000", fee=Decimal(5)),
        stock(Buy, 4, "2024-03-15", "20", "900"),
        stock(Sell, 5, "2025-05-15", "70", "2000"),
    )


def children(told: Explanation, place: int) -> list[Step]:
    """The steps directly below the one at `place`."""
    depth = told.steps[place].depth
    found = []
    for step in told.steps[place + 1 :]:
        if step.depth <= depth:
            break
        if step.depth == depth + 1:
            found.append(step)
    return found


@pytest.mark.parametrize("line", ["15", "16", "8b"])
@pytest.mark.parametrize("year", [2024, 2025])
def test_every_amount_is_the_sum_of_the_steps_below_it(washed: TaxReport, year: int, line: str) -> None:
    told = explain(washed, year, line)
    assert told.steps[0].amount == {**washed.years[year].schedule_d.amounts()}[line] or line == "8b"  # type: ignore[union-attr]
    summed = 0
    for place, step in enumerate(told.steps):
        below = [child.amount for child in children(told, place) if child.amount is not None]
        if below and "Worksheet" not in step.text:
            assert sum(below) == step.amount, step.text
            summed += 1
    assert summed >= 2


def test_a_wash_sale_is_told_at_the_loss_and_at_the_replacement(washed: TaxReport) -> None:
    loss = str(explain(washed, 2024, "8b"))
    assert "Ledger row 3: 50 XYZ from Schwab were sold on 03/05/2024; proceeds $995.00" in loss
    assert "the whole of $1,000.00 less the fee of $5.00" in loss
    assert "Lot: row 2, bought on 01/05/2023, 100 units for $5,000.00 plus the fee of $10.00" in loss
    assert "$604.00 of the loss is disallowed and moves into the basis of the replacement: 20 XYZ" in loss
    replacement = str(explain(washed, 2025, "8b"))
    assert "$604.00 of that loss is in the basis of 20 units (26 USC 1091(d))" in replacement
    assert "the holding period of an earlier lot is added or restarted" in replacement


def test_a_loss_replaced_in_an_ira_is_gone_for_good() -> None:
    told = str(
        explain(
            report(
                stock(Buy, 2, "2023-01-05", "10", "5000"),
                stock(Sell, 3, "2024-03-05", "10", "1000"),
                stock(Buy, 4, "2024-03-15", "10", "900", account="Roth"),
            ),
            2024,
            "16",
        )
    )
    assert "$4,000.00 of the loss is disallowed for good" in told
    assert "in an IRA (Rev. Rul. 2008-5)" in told


def test_the_limit_and_what_is_left_over_are_named() -> None:
    lost = report(stock(Buy, 2, "2024-01-05", "10", "5000"), stock(Sell, 3, "2024-12-05", "10", "1000"))
    told = explain(lost, 2024, "21")
    assert told.steps[0].amount == Decimal(-3000)
    assert "limit of $3,000.00 for filing status single (26 USC 1211(b))" in told.steps[0].text
    assert told.steps[1].text == "$1,000.00 is left over and carries into 2025."
    carried = explain(lost, 2025, "6")
    assert carried.steps[0].amount == Decimal(-1000)
    lines = [step.text.split(":")[0] for step in carried.steps[1:]]
    assert lines == [f"Worksheet line {number}" for number in range(1, 9)]


def test_a_carryover_stated_or_filed_is_told_as_such() -> None:
    rows = (stock(Buy, 2, "2024-01-05", "10", "5000"), stock(Sell, 3, "2024-12-05", "10", "1000"))
    filed = report(*rows, filed_carryover_short=ByYear(None, {2024: Decimal(700)}))
    told = explain(filed, 2025, "6")
    assert "the carryover filed for 2024 (Settings, Filed Carryover Short 2024)" in told.steps[0].text
    assert told.steps[1].text == "The ledger as it stands gives $1,000.00 instead."
    stated = report(*rows, carryover_long=ByYear(Decimal(50)))
    assert explain(stated, 2024, "14").steps[0].text == "Line 14 is -$50.00, stated in Settings as Carryover Long."


def test_exception_1_totals_are_told_as_entered_without_form_8949() -> None:
    direct = report(
        stock(Buy, 2, "2024-01-05", "10", "500"),
        stock(Sell, 3, "2024-12-05", "10", "1000"),
        exception_1=ByYear(True),
    )
    told = explain(direct, 2024, "1a")
    assert "1 transaction with basis reported to the IRS and nothing to adjust" in told.steps[0].text
    assert told.steps[1].rows == (3, 2)
    assert explain(direct, 2024, "1b").steps[0].text.startswith("Line 1b is empty")


def test_distributions_and_stated_lines_name_their_source() -> None:
    paid = report(
        CapitalGainDistribution(
            row=2, at=datetime(2024, 12, 20), account="Schwab", asset="VFIAX", amount=Decimal("120.50")
        ),
        schedule_d={"13": ByYear(Decimal("10.00")), "5": ByYear(Decimal("-7.25"))},
    )
    told = explain(paid, 2024, "13")
    assert told.steps[0].amount == Decimal("130.50")
    assert [step.amount for step in told.steps[1:]] == [Decimal("120.50"), Decimal("10.00")]
    assert told.steps[1].rows == (2,)
    assert explain(paid, 2024, "5").steps[0].text == "Line 5 is -$7.25, stated in Settings as Schedule D 5."


@pytest.mark.parametrize(
    ("status", "rows"), [(FilingStatus.MFS, [2]), (FilingStatus.MFJ, [2, 3]), (FilingStatus.SINGLE, [2, 3])]
)
@pytest.mark.parametrize("stated", [Decimal(0), Decimal("10.00")])
def test_line_13_lists_the_distributions_that_make_it_and_no_others(
    status: FilingStatus, rows: list[int], stated: Decimal
) -> None:
    """A spouse's are on the other return when filing separately; those inside an IRA are on none."""
    accounts = {**ACCOUNTS, "Hers": Account("Hers", AccountKind.BROKERAGE, owner=Owner.SPOUSE)}
    paid = [
        CapitalGainDistribution(
            row=row, at=datetime(2024, 12, 20), account=account, asset="VFIAX", amount=Decimal(amount)
        )
        for row, account, amount in ((2, "Schwab", 100), (3, "Hers", 700), (4, "Roth", 50))
    ]
    settings = Settings(filing_status=ByYear(status), schedule_d={"13": ByYear(stated)})
    told = explain(compute(Ledger(tuple(paid), accounts, settings)), 2024, "13")
    assert [step.rows for step in told.steps[1:] if step.rows] == [(row,) for row in rows]
    assert told.steps[0].amount == sum(step.amount or 0 for step in told.steps[1:])


def test_inherited_and_opening_lots_say_where_they_come_from() -> None:
    told = str(
        explain(
            report(
                stock(Inherit, 2, "2024-01-05", "10", "500"),
                stock(Opening, 3, "2024-01-05", "10", "0", acquired=date(2020, 5, 6), basis=Decimal(40)),
                stock(Sell, 4, "2024-06-05", "20", "1000"),
            ),
            2024,
            "16",
        )
    )
    assert "inherited at its value at death (26 USC 1014); basis of the units that left: $500.00" in told
    assert "long-term because inherited (26 USC 1223(9))" in told
    assert "Lot: row 3, brought in from earlier records and acquired on 05/06/2020" in told


@pytest.mark.parametrize("line", ["1a", "1b", "2", "3", "4", "5", "6", "7", "8a", "8b", "9", "10", "11", "12", "13"])
def test_every_line_of_part_one_and_two_has_something_to_say(washed: TaxReport, line: str) -> None:
    assert explain(washed, 2024, line).steps[0].text.startswith(f"Line {line} is ")


def test_lines_left_out_and_questions_are_answered(washed: TaxReport) -> None:
    assert explain(washed, 2024, "18").steps[0].text.startswith("Line 18 is left out: line 16 is -")
    gain = report(stock(Buy, 2, "2022-01-05", "10", "500"), stock(Sell, 3, "2024-12-05", "10", "1000"))
    assert explain(gain, 2024, "17").steps[0].text == "Line 17: Yes (line 15 is $500.00 and line 16 is $500.00)."
    assert explain(gain, 2024, "20").steps[0].text.startswith("Line 20: Yes (line 18 is $0.00")
    assert explain(washed, 2024, " Line 22 ").steps[0].text.startswith("Line 22: not answered")


def test_what_cannot_be_explained_is_refused_by_name(washed: TaxReport) -> None:
    with pytest.raises(UnknownLine, match=r"no line '99'. Its lines are 1a, 1b, 2"):
        explain(washed, 2024, "99")
    with pytest.raises(UnknownYear, match="no Schedule D for 1999"):
        explain(washed, 1999, "16")
    broken = compute(
        Ledger((), problems=(Problem(Severity.ERROR, "Ledger", 3, "Date", "is no date.", "Mend it.", "NOT_A_DATE"),))
    )
    with pytest.raises(InvalidLedger, match="Ledger row 3, Date: is no date"):
        explain(broken, 2024, "16")


def day_trades(pairs: int, *, assets: int = 1, spread: int = 1) -> TaxReport:
    """Purchases, each sold at a loss the next day and bought back: `pairs` of them in each asset within two months."""
    rows: list[Transaction] = []
    for number in range(pairs * assets):
        at = (date(2025, 3, 3) + timedelta(days=number * 60 // (pairs * assets))).isoformat()
        asset = f"S{number % assets}"
        rows.append(stock(Buy, 2 * number + 2, f"{at} 10:00", str(spread), str(100 * spread), asset=asset))
        rows.append(stock(Sell, 2 * number + 3, f"{at} 11:00", str(spread), str(90 * spread), asset=asset))
    return report(*rows, wash_sales=WashScope.SECURITIES)


def test_a_telling_of_sums_has_each_asset_once_and_adds_up_to_the_line() -> None:
    traded = day_trades(8, assets=3)
    every, summed = (explain(traded, 2025, "16", Telling(most)) for most in (None, 5))
    assert every.steps[0] == summed.steps[0]
    box = next(place for place, step in enumerate(summed.steps) if step.text.startswith("Box A"))
    below = children(summed, box)
    assert sorted(step.text.split(",")[0] for step in below) == ["S0", "S1", "S2"]
    assert sum(step.amount or 0 for step in below) == summed.steps[box].amount
    assert summed.summed == sum(step.summed for step in below) == len(traded.years[2025].dispositions)
    assert every.summed == 0
    assert explain(traded, 2025, "16", Telling(len(traded.years[2025].dispositions))) == every


def test_of_many_assets_the_largest_are_named_and_the_others_summed() -> None:
    told = explain(day_trades(1, assets=MOST_ASSETS + 2), 2025, "16", Telling(1))
    of_assets = [step for step in told.steps if step.summed]
    assert len(of_assets) == MOST_ASSETS + 1
    assert of_assets[-1].text.startswith("2 other assets, 2 transactions: ")
    assert sum(step.amount or 0 for step in of_assets) == told.steps[0].amount


def test_the_sales_of_one_row_or_asset_are_told_and_the_rest_in_one_sum() -> None:
    traded = day_trades(4, assets=2)
    of_row = explain(traded, 2025, "16", Telling(row=5))
    told = [step for step in of_row.steps if step.text.startswith("Ledger row ")]
    assert told
    assert all(5 in step.rows for step in told)
    assert told == [step for step in explain(traded, 2025, "16").steps if step.text.startswith("Ledger row 5:")]
    of_asset = explain(traded, 2025, "16", Telling(most=1, asset="s1"))
    mine = [row for row in traded.years[2025].dispositions if row.asset == "S1"]
    assert len([step for step in of_asset.steps if step.text.startswith("Ledger row ")]) == len(mine)
    assert [step.text.split(":")[0] for step in of_asset.steps if step.summed] == [
        f"The other {of_asset.summed} transactions"
    ]
    assert of_asset.summed == len(traded.years[2025].dispositions) - len(mine)


def test_rows_that_are_not_behind_the_line_are_refused_by_name(washed: TaxReport) -> None:
    with pytest.raises(NotBehindLine, match=r"Behind line 16 of 2025 stands no transaction that comes of row 99 of"):
        explain(washed, 2025, "16", Telling(row=99))
    with pytest.raises(NotBehindLine, match="stands no transaction of GME"):
        explain(washed, 2025, "15", Telling(asset="GME"))
    with pytest.raises(NotBehindLine, match="Form 6251 has no rows of sales"):
        explain(washed, 2025, "6251 11", Telling(row=3))


def test_several_rows_of_a_sale_from_one_lot_share_their_wash_sales() -> None:
    """Parts of a lot held since different days are rows of their own; the purchase replaced them together."""
    shared = report(
        stock(Buy, 2, "2024-06-03", "10", "1000"),
        stock(Buy, 3, "2025-01-06", "10", "1000"),
        stock(Sell, 4, "2025-02-03", "5", "400"),
        stock(Sell, 5, "2025-03-17", "15", "1200"),
        stock(Buy, 6, "2025-03-20", "15", "1000"),
        wash_sales=WashScope.SECURITIES,
    )
    rows = [row for row in shared.years[2025].dispositions if (row.row, row.lot_row) == (5, 3)]
    assert len(rows) == 2
    told = [
        step.text
        for step in explain(shared, 2025, "16").steps
        if "is disallowed" in step.text and "(row 6)" in step.text
    ]
    together = [text for text in told if "of the losses on the 2 rows of this sale from that lot is disallowed" in text]
    assert len(together) == 2
    assert {text.split(" of the losses")[0] for text in together} == {
        f"${sum(row.wash_cents for row in rows) / 100:.2f}"
    }


def test_what_is_told_of_a_row_does_not_grow_with_the_wash_sales_of_its_lot() -> None:
    """Dense trading in one asset: sales and purchases that replace one another grow, sentences of a row do not."""
    for pairs in (20, 40):
        traded = report(
            stock(Buy, 2, "2025-03-03", str(pairs), str(100 * pairs)),
            *(
                entry
                for number in range(pairs)
                for entry in (
                    stock(Sell, 2 * number + 3, f"2025-03-{4 + number % 20:02} 10:{number:02}", "1", "90"),
                    stock(Buy, 2 * number + 4, f"2025-03-{4 + number % 20:02} 11:{number:02}", "1", "95"),
                )
            ),
            stock(Sell, 2 * pairs + 3, "2025-04-01", str(pairs), str(80 * pairs)),
            wash_sales=WashScope.SECURITIES,
        )
        told = explain(traded, 2025, "16")
        rows = len(traded.years[2025].dispositions)
        assert len(told.steps) <= rows * (MOST_MATCHES + MOST_MATCHES + 4)
        assert max(len(step.text) for step in told.steps) < 400
