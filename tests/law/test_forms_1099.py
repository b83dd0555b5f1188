"""What no Form 1099 may change, whatever it says: column (h), the term, lots, wash sales and income."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgain.engine.broker_rows import BOX_REPORTED, BOX_TERMS, BrokerRow
from capgain.engine.classes import Reported, Term
from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from law.random_ledgers import ACCOUNTS, Maker
from law.tables import Row, dispositions, errors, ledger, read, table, told

RANDOM = st.one_of(st.randoms(use_true_random=False), st.integers(0, 2**32).map(Random))
EXAMPLES = settings(
    max_examples=150,
    derandomize=True,
)
BOXES = {(BOX_TERMS[box], BOX_REPORTED[box]): box for box in "ABDE"}
CENT = Decimal("0.01")
ACCOUNTS_OF_S = table("| Account | Kind |\n| S | brokerage |")


def without_forms(rng: Random) -> TaxReport:
    """A random ledger of the year in which it sells most."""
    rows = Maker(rng).make(rng.randint(5, 40))
    found = compute(read(rows, ACCOUNTS, {"Missing Basis": "stop"}))
    assert not errors(found), told(found)
    years = Counter(row.sold.year for row in dispositions(found))
    if not years:
        return found
    return compute(read(rows, ACCOUNTS, {"Tax Year": str(years.most_common(1)[0][0])}))


def with_forms(ledger: Ledger, forms: Sequence[BrokerRow]) -> TaxReport:
    found = compute(replace(ledger, forms_1099=tuple(forms)))
    assert not errors(found), told(found)
    return found


def of_the_year(report: TaxReport) -> tuple[Disposition, ...]:
    year = report.ledger.settings.tax_year
    return report.years[year].dispositions if year is not None and year in report.years else ()


def a_lot_row(
    row: Disposition, number: int, quantity: Decimal, proceeds: Decimal, term: Term, **more: object
) -> BrokerRow:
    reported = more.pop("reported", Reported.BASIS)
    assert isinstance(reported, Reported)
    return BrokerRow(
        row=number,
        broker=row.account,
        box=BOXES[term, reported],
        asset=row.asset,
        quantity=quantity,
        sold=row.sold,
        proceeds=proceeds,
        term=term,
        reported=reported,
        **more,  # type: ignore[arg-type]
    )


def random_forms(rng: Random, rows: Sequence[Disposition]) -> Iterator[BrokerRow]:
    """Forms made from our rows: some dropped, split, or off by a fee, a wash sale, a date or a term; and totals."""
    number = 2
    together: dict[tuple[object, ...], list[Disposition]] = {}
    for row in rows:
        together.setdefault((row.account, row.asset, row.sold, row.term), []).append(row)
    for some in together.values():
        if len(some) > 1 and rng.random() < 0.5:
            rows = [row for row in rows if row not in some]
            yield a_lot_row(
                some[0],
                number,
                sum((row.quantity for row in some), Decimal(0)),
                sum((row.proceeds for row in some), Decimal(rng.choice(("0", "5")))),
                some[0].term,
                acquired_text="VARIOUS",
                basis=sum((row.basis for row in some), Decimal(rng.choice(("0", "7.77")))),
                wash=rng.choice((None, Decimal(0))),
            )
            number += 1
    for row in rows:
        if rng.random() < 0.1:
            continue
        term = rng.choice((row.term, row.term, row.term, *Term))
        reported = rng.choice(tuple(BOX_REPORTED.values()))
        half = (row.quantity / 2).quantize(Decimal("1E-18"))
        parts = [row.quantity] if rng.random() < 0.8 or not half else [half, row.quantity - half]
        for part in parts:
            off = Decimal(rng.choice(("0", "0", "0.01", "5", "-3", "12.34")))
            basis = rng.choice((None, Decimal(0), row.basis, row.basis / len(parts), abs(row.basis + off)))
            yield a_lot_row(
                row,
                number,
                part,
                (row.proceeds / len(parts)).quantize(CENT) + off,
                term,
                reported=reported,
                acquired=rng.choice((row.acquired, row.held_since, None, row.acquired - timedelta(days=1))),
                acquired_text=rng.choice(("", "", "VARIOUS", "INHERITED")),
                basis=None if basis is None else basis.quantize(CENT),
                wash=rng.choice((None, Decimal(0), row.wash_disallowed, Decimal("3.21"))),
            )
            number += 1
    for account in sorted({row.account for row in rows}):
        yield BrokerRow(
            row=number,
            broker=account,
            box="A",
            proceeds=Decimal(rng.randrange(5000)),
            basis=rng.choice((None, Decimal(0), Decimal(777))),
            term=Term.SHORT,
            reported=Reported.BASIS,
        )
        number += 1


def kept(report: TaxReport) -> list[tuple[object, ...]]:
    """What no form may change of a row."""
    return [
        (
            row.row,
            row.lot_row,
            row.units,
            row.acquired,
            row.held_since,
            row.sold,
            row.gain_cents,
            row.term,
            row.wash_cents,
        )
        for row in dispositions(report)
    ]


def printed(report: TaxReport) -> Counter[tuple[object, ...]]:
    return Counter(
        (row.row, row.lot_row, row.units, row.proceeds_cents, row.basis_cents, row.codes, row.adjustment_cents, row.box)
        for row in dispositions(report)
    )


@EXAMPLES
@given(RANDOM)
def test_no_form_changes_the_gain_the_term_the_lots_or_the_income(rng: Random) -> None:
    plain = without_forms(rng)
    found = with_forms(plain.ledger, list(random_forms(rng, of_the_year(plain))))
    assert kept(found) == kept(plain)
    assert found.open_lots == plain.open_lots
    assert found.wash_sales == plain.wash_sales
    for year, report in found.years.items():
        assert report.income == plain.years[year].income
        assert report.carryover == plain.years[year].carryover
        if report.schedule_d is not None:
            assert report.schedule_d.line_16 == plain.years[year].schedule_d.line_16  # type: ignore[union-attr]


@EXAMPLES
@given(RANDOM)
def test_column_g_is_the_sum_of_its_parts_and_stands_beside_a_code(rng: Random) -> None:
    plain = without_forms(rng)
    found = with_forms(plain.ledger, list(random_forms(rng, of_the_year(plain))))
    for row in dispositions(found):
        assert sum(row.adjustments.values()) == row.adjustment_cents
        assert row.codes or not row.adjustment_cents
        assert row.codes == "".join(sorted(set(row.codes)))
        assert row.net_cents - row.correct_basis_cents + row.wash_cents + row.adjustments["stated"] == row.gain_cents


@EXAMPLES
@given(RANDOM)
def test_the_order_of_the_sheet_makes_no_difference(rng: Random) -> None:
    plain = without_forms(rng)
    forms = list(random_forms(rng, of_the_year(plain)))
    shuffled = [replace(form, row=number) for number, form in enumerate(rng.sample(forms, len(forms)), start=2)]
    assert printed(with_forms(plain.ledger, shuffled)) == printed(with_forms(plain.ledger, forms))


@EXAMPLES
@given(RANDOM)
def test_the_order_of_days_in_the_ledger_makes_no_difference(rng: Random) -> None:
    """Rows of one day stay in their order, which says what came first."""
    rows = Maker(rng).make(rng.randint(5, 40))
    days: dict[str, list[Row]] = {}
    for row in rows:
        days.setdefault(row["Date"][:10], []).append(row)
    mixed = [row for day in rng.sample(list(days), len(days)) for row in days[day]]
    plain = compute(read(rows, ACCOUNTS))
    years = Counter(row.sold.year for row in dispositions(plain))
    settings = {"Tax Year": str(years.most_common(1)[0][0])} if years else {}
    plain = compute(read(rows, ACCOUNTS, settings))
    forms = list(random_forms(rng, of_the_year(plain)))

    def said(report: TaxReport) -> Counter[tuple[object, ...]]:
        return Counter(
            (row.asset, row.account, row.sold, row.acquired, row.units, row.proceeds_cents, row.basis_cents, row.codes)
            for row in dispositions(report)
        )

    assert said(with_forms(read(mixed, ACCOUNTS, settings), forms)) == said(with_forms(plain.ledger, forms))


TWO_SALES = """
    | Date       | Type | Asset | Quantity | Amount | Account | Class  |
    | 2025-01-02 | Buy  | XYZ   | 10       | 100    | Unknown | stock  |
    | 2025-01-02 | Buy  | BTC   | 10       | 100    | Binance | crypto |
    | 2025-03-03 | Sell | XYZ   | 5        | 60     | Unknown |        |
    | 2025-04-03 | Sell | XYZ   | 5        | 60     | Unknown |        |
    | 2025-05-03 | Sell | BTC   | 5        | 60     | Binance |        |
    | 2025-06-03 | Sell | BTC   | 5        | 60     | Binance |        |
"""


@pytest.mark.parametrize(
    ("told_of", "left"),
    [
        ((), [4, 6]),
        ((0,), [5, 6]),
        ((1,), [4, 6]),
        ((0, 1), [6]),
        ((0, 1, 2), [7]),
        ((0, 1, 2, 3), []),
    ],
)
def test_a_box_that_a_row_of_a_form_names_is_not_assumed(told_of: tuple[int, ...], left: list[int]) -> None:
    accounts = "| Account | Kind |\n| Binance | exchange |"
    plain = compute(ledger(TWO_SALES, accounts, Tax_Year="2025"))
    rows = of_the_year(plain)
    forms = [
        a_lot_row(rows[place], number, rows[place].quantity, rows[place].proceeds, Term.SHORT, basis=rows[place].basis)
        for number, place in enumerate(told_of, start=2)
    ]
    found = with_forms(plain.ledger, forms)
    assumed = [one.row for one in found.problems if one.code in ("BOX_ASSUMED", "FOREIGN_EXCHANGE")]
    assert assumed == left, told(found)


def test_a_total_of_a_form_does_not_say_what_is_reported_of_a_sale() -> None:
    plain = compute(ledger(TWO_SALES, Tax_Year="2025"))
    total = BrokerRow(row=2, broker="Unknown", box="A", proceeds=Decimal(120), reported=Reported.BASIS)
    assert 4 in [one.row for one in with_forms(plain.ledger, [total]).problems if one.code == "BOX_ASSUMED"]


@EXAMPLES
@given(RANDOM)
def test_a_form_that_says_what_we_print_settles_everything_without_a_code(rng: Random) -> None:
    plain = without_forms(rng)
    rows = of_the_year(plain)
    forms = [
        a_lot_row(
            row,
            number,
            row.quantity,
            row.proceeds,
            row.term,
            acquired=None if row.acquired_text else row.acquired,
            acquired_text=row.acquired_text,
            basis=row.basis,
            wash=row.wash_disallowed,
        )
        for number, row in enumerate(rows, start=2)
    ]
    found = with_forms(plain.ledger, forms)
    assert not [problem for problem in found.problems if problem.sheet == "1099"], told(found)
    assert Counter(row.codes for row in of_the_year(found)) == Counter(row.codes for row in rows)
    assert found.forms_1099 is None or all(not one.differences for one in found.forms_1099.rows)


@pytest.mark.parametrize(
    ("sold", "on_form", "blocks"),
    [
        ("2025-12-01", "LATE", False),
        ("2025-12-02", "LATE", True),
        ("2025-12-01", "", True),
        ("2024-12-20", "LATE", True),
    ],
)
def test_a_form_of_the_year_that_has_the_sale_reaches_windows_that_end_within_it(
    sold: str, on_form: str, blocks: bool
) -> None:
    kept = read(
        table(
            f"""
        | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | 2024-03-05 | Buy  | LATE  | 40       | 4000   | S       | stock |
        | {sold}     | Sell | LATE  | 40       | 3300   | S       | stock |
        """
        ),
        ACCOUNTS_OF_S,
        {"Tax Year": sold[:4]},
    )
    (sale,) = dispositions(compute(kept))
    forms = [a_lot_row(sale, 2, sale.quantity, Decimal(3300), sale.term, basis=Decimal(4000))] if on_form else []
    (told_of,) = [one for one in with_forms(kept, forms).problems if one.code == "WASH_WINDOW_OPEN"]
    assert told_of.blocks_filing is blocks
    assert ("on a Form 1099 of 2025" in told_of.message) is not blocks


@pytest.mark.parametrize(
    ("account", "kind", "blocks"),
    [
        ("Roth", "ira", True),
        ("T", "brokerage", True),
        ("T", "", True),
        ("S 2", "brokerage", True),
        ("Coins", "exchange", False),
        ("Own", "wallet", False),
    ],
)
def test_a_form_reaches_no_window_while_an_account_of_securities_has_none(
    account: str, kind: str, blocks: bool
) -> None:
    kept = read(
        table(
            """
        | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | 2024-03-05 | Buy  | LATE  | 40       | 4000   | S       | stock |
        | 2025-06-03 | Sell | LATE  | 40       | 3300   | S       | stock |
        """
        ),
        [*ACCOUNTS_OF_S, {"Account": account, "Kind": kind}],
        {"Tax Year": "2025"},
    )
    (sale,) = dispositions(compute(kept))
    forms = [a_lot_row(sale, 2, sale.quantity, Decimal(3300), sale.term, basis=Decimal(4000))]
    (told_of,) = [one for one in with_forms(kept, forms).problems if one.code == "WASH_WINDOW_OPEN"]
    assert told_of.blocks_filing is blocks


def test_many_open_windows_are_told_of_together_those_on_a_form_by_themselves() -> None:
    sales = "\n".join(f"| 2025-06-{day:02d} | Sell | LATE | 1 | 50 | S | stock |" for day in range(2, 24))
    kept = read(
        table(
            f"""
| Date       | Type | Asset | Quantity | Amount | Account | Class |
| 2024-03-05 | Buy  | LATE  | 40       | 4000   | S       | stock |
{sales}
        """
        ),
        ACCOUNTS_OF_S,
        {"Tax Year": "2025"},
    )
    rows = dispositions(compute(kept))
    forms = [
        a_lot_row(row, number, row.quantity, Decimal(50), row.term, basis=Decimal(100))
        for number, row in enumerate(rows[:11], start=2)
    ]
    found = [one for one in with_forms(kept, forms).problems if one.code == "WASH_WINDOW_OPEN"]
    assert [(one.blocks_filing, "on 11 sales" in one.message) for one in found] == [(True, True), (False, True)]
