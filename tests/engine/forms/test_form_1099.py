"""What Forms 1099 make of Form 8949: matching, the printed figures, totals, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from capgain.engine.broker_rows import BOX_REPORTED, BOX_TERMS, BrokerRow
from capgain.engine.classes import AccountKind, AssetClass, FilingStatus, Reported, Term
from capgain.engine.compute import compute
from capgain.engine.forms.form_1099.sheet_rows import accounts_of
from capgain.engine.forms.form_1099.sums_explained import Ambiguous, Cause, explanation
from capgain.engine.ledger import Account, Ledger
from capgain.engine.report import TaxReport
from capgain.engine.settings import ByYear, Settings
from capgain.engine.transactions import Buy, GiftIn, Income, Sell, Split, Transaction, Transfer

YEAR = 2025
THE_ACCOUNTS = {
    "North": Account("North", AccountKind.BROKERAGE),
    "South": Account("South", AccountKind.BROKERAGE),
    "Roth": Account("Roth", AccountKind.IRA),
}
SETTINGS = Settings(tax_year=YEAR, filing_status=ByYear(FilingStatus.SINGLE), ledger_through=date(2026, 6, 30))


def stock(kind: type[Any], row: int, day: str, quantity: str, amount: str, account: str = "North", **more: Any) -> Any:
    return kind(
        row=row,
        at=datetime.fromisoformat(day),
        account=account,
        asset=more.pop("asset", "XYZ"),
        asset_class=AssetClass.STOCK,
        quantity=Decimal(quantity),
        amount=Decimal(amount),
        **more,
    )


def lot(row: int, quantity: str, sold: str, proceeds: str, basis: str | None, box: str = "A", **more: Any) -> BrokerRow:
    """A lot row of North's form for XYZ."""
    acquired = more.pop("acquired", None)
    return BrokerRow(
        row=row,
        broker=more.pop("broker", "North"),
        box=box,
        asset=more.pop("asset", "XYZ"),
        quantity=Decimal(quantity),
        acquired=None if acquired is None else date.fromisoformat(acquired),
        sold=date.fromisoformat(sold),
        proceeds=Decimal(proceeds),
        basis=None if basis is None else Decimal(basis),
        wash=more.pop("wash", None),
        term=more.pop("term", BOX_TERMS.get(box)),
        reported=more.pop("reported", BOX_REPORTED.get(box, Reported.BASIS)),
        **more,
    )


def total(row: int, proceeds: str, basis: str | None, box: str = "A", **more: Any) -> BrokerRow:
    return BrokerRow(
        row=row,
        broker=more.pop("broker", "North"),
        box=box,
        proceeds=Decimal(proceeds),
        basis=None if basis is None else Decimal(basis),
        term=BOX_TERMS[box],
        reported=BOX_REPORTED[box],
        **more,
    )


def answered(rows: Sequence[Transaction], forms: Sequence[BrokerRow], **settings: Any) -> TaxReport:
    ledger = Ledger(tuple(rows), THE_ACCOUNTS, replace(SETTINGS, **settings), forms_1099=tuple(forms))
    report = compute(ledger)
    assert not report.has_errors, report.problems
    return report


def printed(report: TaxReport) -> list[tuple[str, str, str, str, str]]:
    """Columns (d) to (g) and the box of the year's rows."""
    return [
        (str(row.proceeds), str(row.basis), row.codes, str(row.adjustment), row.box)
        for row in report.years[YEAR].dispositions
    ]


def blocking(report: TaxReport) -> list[tuple[str, int]]:
    return [(one.code, one.row) for one in report.problems if one.blocks_filing]


BOUGHT = stock(Buy, 2, "2025-01-06", "10", "500", fee=Decimal(7))
SOLD = stock(Sell, 3, "2025-03-05", "10", "900", fee=Decimal(5))


def test_a_row_that_says_what_we_say_changes_nothing_and_settles() -> None:
    report = answered(
        [BOUGHT, SOLD], [lot(2, "10", "2025-03-05", "895", "507", acquired="2025-01-06", wash=Decimal(0))]
    )
    assert printed(report) == [("895.00", "507.00", "", "0.00", "A")]
    assert report.filing_ready
    assert report.years[YEAR].dispositions[0].on_1099 is not None


@pytest.mark.parametrize(
    ("proceeds", "row", "is_ready"),
    [
        ("900", ("900.00", "507.00", "E", "-5.00", "A"), True),
        ("900.01", ("900.01", "507.00", "E", "-5.01", "A"), True),
        ("900.02", ("895.00", "507.00", "", "0.00", "A"), False),
        ("895.01", ("895.00", "507.00", "", "0.00", "A"), True),
        ("895.02", ("895.00", "507.00", "", "0.00", "A"), False),
        ("894.99", ("895.00", "507.00", "", "0.00", "A"), True),
        ("894", ("895.00", "507.00", "", "0.00", "A"), False),
    ],
)
def test_proceeds_are_the_forms_where_the_fee_explains_them(
    proceeds: str, row: tuple[str, str, str, str, str], is_ready: bool
) -> None:
    report = answered([BOUGHT, SOLD], [lot(2, "10", "2025-03-05", proceeds, "507", acquired="2025-01-06")])
    assert printed(report) == [row]
    assert report.filing_ready is is_ready


def test_a_note_on_the_sale_or_the_form_settles_what_nothing_explains() -> None:
    noted = replace(SOLD, note="price corrected by the broker")
    form = lot(2, "10", "2025-03-05", "920", "400", acquired="2025-01-06")
    assert blocking(answered([BOUGHT, SOLD], [form])) == [("FORM_1099_DIFFERS", 2)] * 2
    for report in (
        answered([BOUGHT, noted], [form]),
        answered([BOUGHT, SOLD], [replace(form, note="asked for a corrected form")]),
    ):
        assert printed(report) == [("920.00", "400.00", "BE", "-132.00", "A")]
        assert report.filing_ready


def test_the_taxpayers_own_code_settles_its_figure_and_stands_once() -> None:
    coded = replace(SOLD, code="O", adjustment=Decimal(0))
    report = answered([BOUGHT, coded], [lot(2, "10", "2025-03-05", "910", "507", acquired="2025-01-06")])
    assert printed(report) == [("910.00", "507.00", "O", "-15.00", "A")]
    assert report.filing_ready


@pytest.mark.parametrize(
    ("basis", "box", "row"),
    [
        ("500", "A", ("895.00", "500.00", "B", "-7.00", "A")),
        ("500", "B", ("895.00", "507.00", "B", "0.00", "B")),
        ("0", "B", ("895.00", "507.00", "", "0.00", "B")),
        ("0", "A", ("895.00", "0.00", "B", "-507.00", "A")),
        (None, "A", ("895.00", "507.00", "", "0.00", "A")),
        (None, "B", ("895.00", "507.00", "", "0.00", "B")),
        ("507.01", "A", ("895.00", "507.00", "", "0.00", "A")),
        ("506.98", "A", ("895.00", "506.98", "B", "-0.02", "A")),
    ],
)
def test_a_reported_basis_is_printed_and_corrected_an_unreported_one_is_ours(
    basis: str | None, box: str, row: tuple[str, str, str, str, str]
) -> None:
    report = answered([BOUGHT, SOLD], [lot(2, "10", "2025-03-05", "895", basis, box, acquired="2025-01-06")])
    assert printed(report) == [row]


def test_the_sales_own_reported_goes_before_the_form_and_the_difference_blocks() -> None:
    report = answered(
        [BOUGHT, replace(SOLD, reported=Reported.NONE)],
        [lot(2, "10", "2025-03-05", "895", "507", acquired="2025-01-06")],
    )
    assert printed(report)[0][4] == "C"
    assert blocking(report) == [("FORM_1099_DIFFERS", 2)]


def test_an_acquired_date_that_differs_is_matched_and_open() -> None:
    form = lot(2, "10", "2025-03-05", "895", "507", acquired="2025-01-07")
    assert blocking(answered([BOUGHT, SOLD], [form])) == [("FORM_1099_DIFFERS", 2)]
    assert not blocking(answered([BOUGHT, SOLD], [replace(form, note="settlement date")]))


def test_a_gift_whose_broker_counts_from_the_day_of_the_gift_gets_code_t() -> None:
    gift = stock(GiftIn, 2, "2025-01-06", "10", "0", acquired=date(2020, 1, 2), basis=Decimal(300), value=Decimal(600))
    sale = stock(Sell, 3, "2025-03-05", "10", "900")
    report = answered([gift, sale], [lot(2, "10", "2025-03-05", "900", "0", acquired="2025-01-06")])
    assert printed(report) == [("900.00", "0.00", "BT", "-300.00", "D")]
    assert report.filing_ready


def test_x_says_that_the_broker_knows_no_term_and_gives_no_code_t() -> None:
    old = stock(Buy, 2, "2020-01-06", "10", "500")
    form = lot(
        2, "10", "2025-03-05", "895", None, "X", acquired="2020-01-06", term=Term.SHORT, reported=Reported.NO_BASIS
    )
    report = answered([old, SOLD], [form])
    assert printed(report) == [("895.00", "500.00", "", "0.00", "E")]


@pytest.mark.parametrize(("wash", "is_ready"), [("300", False), ("0", True), (None, True)])
def test_a_smaller_wash_sale_loss_has_code_w_and_waits_for_a_note(wash: str | None, is_ready: bool) -> None:
    rows = [stock(Buy, 2, "2025-01-06", "10", "1000"), stock(Sell, 3, "2025-06-03", "10", "700")]
    amount = None if wash is None else Decimal(wash)
    form = lot(2, "10", "2025-06-03", "700", "1000", acquired="2025-01-06", wash=amount)
    report = answered(rows, [form])
    assert printed(report) == [("700.00", "1000.00", "W" if wash == "300" else "", "0.00", "A")]
    assert report.filing_ready is is_ready
    assert answered([rows[0], replace(rows[1], note="the shares bought are the child's")], [form]).filing_ready


def test_a_larger_wash_sale_loss_is_settled_by_a_purchase_elsewhere_and_not_by_one_the_broker_sees() -> None:
    rows = [stock(Buy, 2, "2025-01-06", "10", "1000"), stock(Sell, 3, "2025-06-03", "10", "700")]
    form = lot(2, "10", "2025-06-03", "700", "1000", acquired="2025-01-06", wash=Decimal(0))
    elsewhere = answered([*rows, stock(Buy, 4, "2025-06-10", "10", "650", "Roth")], [form])
    assert printed(elsewhere)[0] == ("700.00", "1000.00", "W", "300.00", "A")
    assert elsewhere.filing_ready
    here = answered([*rows, stock(Buy, 4, "2025-06-10", "10", "650")], [form])
    assert blocking(here) == [("FORM_1099_DIFFERS", 2)]


def test_market_discount_makes_interest_of_a_gain_up_to_it() -> None:
    for discount, interest in (("75", "75.00"), ("900", "388.00")):
        report = answered(
            [BOUGHT, SOLD],
            [lot(2, "10", "2025-03-05", "895", "507", acquired="2025-01-06", discount=Decimal(discount))],
        )
        year = report.years[YEAR]
        assert printed(report)[0][2:4] == ("D", f"-{interest}")
        assert [(item.kind.value, item.amount) for item in year.income] == [
            ("accrued market discount", Decimal(interest))
        ]


def test_rows_without_a_counterpart_are_named_on_both_sides() -> None:
    other = lot(5, "4", "2025-05-05", "400", "300", asset="GONE")
    report = answered([BOUGHT, SOLD], [lot(2, "14", "2025-03-05", "895", "507", acquired="2025-01-06"), other])
    assert blocking(report) == [("FORM_1099_QUANTITY", 2), ("FORM_1099_NOT_IN_LEDGER", 5)]
    assert blocking(answered([BOUGHT, SOLD], [])) == [("NOT_ON_FORM_1099", 0)]
    assert not blocking(answered([BOUGHT, replace(SOLD, reported=Reported.NONE)], []))


def test_lots_of_both_terms_under_various_stay_open() -> None:
    rows = [stock(Buy, 2, "2020-01-06", "5", "100"), stock(Buy, 3, "2025-01-06", "5", "200"), replace(SOLD, row=4)]
    form = lot(2, "10", "2025-03-05", "895", "300", acquired_text="VARIOUS")
    assert blocking(answered(rows, [form])) == [("FORM_1099_LOTS", 2)]
    apart = [
        replace(form, quantity=Decimal(5)),
        lot(3, "5", "2025-03-05", "447.50", "100", "D", acquired_text="VARIOUS"),
    ]
    apart[0] = replace(apart[0], proceeds=Decimal("447.50"), basis=Decimal(200))
    assert answered(rows, apart).filing_ready


def test_several_rows_of_the_form_may_be_one_lot_of_ours() -> None:
    forms = [
        lot(2, "4", "2025-03-05", "360", "200", acquired="2025-01-06"),
        lot(3, "6", "2025-03-05", "540", "300", acquired="2025-01-06"),
    ]
    report = answered([BOUGHT, SOLD], forms)
    assert printed(report) == [("900.00", "500.00", "BE", "-12.00", "A")]
    assert report.filing_ready


def test_the_last_decimal_of_the_form_says_how_near_quantities_have_to_be() -> None:
    bought = stock(Buy, 2, "2025-01-06", "0.33333333", "500")
    sold = stock(Sell, 3, "2025-03-05", "0.33333333", "895")
    for quantity, codes in (("0.3333", []), ("0.33333", []), ("0.3334", ["FORM_1099_QUANTITY"])):
        report = answered([bought, sold], [lot(2, quantity, "2025-03-05", "895", "500", acquired="2025-01-06")])
        assert [code for code, _ in blocking(report)] == codes


def test_rows_of_other_years_drive_nothing_and_a_slip_in_the_year_is_told() -> None:
    old = [stock(Buy, 4, "2024-01-06", "10", "500"), stock(Sell, 5, "2024-03-05", "10", "600")]
    good = lot(2, "10", "2025-03-05", "895", "507", acquired="2025-01-06")
    other = lot(3, "10", "2024-03-05", "650", "500", acquired="2024-01-06")
    report = answered([*old, BOUGHT, SOLD], [good, other])
    assert not blocking(report)
    assert report.forms_1099 is not None
    assert report.forms_1099.other_years == 1
    assert report.years[2024].dispositions[0].codes == ""
    slip = replace(other, sold=date(2024, 8, 5))
    assert blocking(answered([*old, BOUGHT, SOLD], [good, slip])) == [("FORM_1099_YEAR", 3)]


def test_totals_put_a_fee_on_the_one_row_that_has_it_and_leave_two_alike_open() -> None:
    rows = [
        stock(Buy, 2, "2025-01-06", "30", "900"),
        stock(Sell, 3, "2025-03-05", "10", "400", fee=Decimal(5)),
        stock(Sell, 4, "2025-03-06", "10", "500", fee=Decimal(8)),
        stock(Sell, 5, "2025-03-07", "10", "600", fee=Decimal(8)),
    ]
    first = answered(rows, [total(2, "1484", "900")])
    assert [row[:4] for row in printed(first)] == [
        ("400.00", "300.00", "E", "-5.00"),
        ("492.00", "300.00", "", "0.00"),
        ("592.00", "300.00", "", "0.00"),
    ]
    assert first.filing_ready
    assert answered(rows, [total(2, "1500", "900")]).filing_ready
    unclear = answered(rows, [total(2, "1487", "900")])
    assert blocking(unclear) == [("FORM_1099_DIFFERS", 2)]
    assert {row[2] for row in printed(unclear)} == {""}


def test_totals_of_shares_taxed_as_pay_are_corrected_by_b() -> None:
    rows = [
        stock(Income, 2, "2025-01-06", "10", "1000"),
        stock(Buy, 3, "2025-01-07", "10", "1000", compensation=Decimal(150)),
        stock(Sell, 4, "2025-03-05", "20", "3000"),
    ]
    assert [row[1:4] for row in printed(answered(rows, [total(2, "3000", "850")]))] == [
        ("0.00", "B", "-1000.00"),
        ("850.00", "B", "-150.00"),
    ]
    assert [row[1:4] for row in printed(answered(rows, [total(2, "3000", "1850")]))] == [
        ("1000.00", "", "0.00"),
        ("850.00", "B", "-150.00"),
    ]


def test_totals_take_what_lot_rows_leave() -> None:
    rows = [
        stock(Buy, 2, "2025-01-06", "20", "600"),
        stock(Sell, 3, "2025-03-05", "10", "400"),
        stock(Sell, 4, "2025-03-06", "10", "500"),
    ]
    report = answered(rows, [lot(2, "10", "2025-03-05", "400", "300", acquired="2025-01-06"), total(3, "500", "300")])
    assert report.filing_ready
    assert [len(one.rows) for one in report.forms_1099.rows] == [1, 1]  # type: ignore[union-attr]


def test_a_cent_a_row_is_rounding_and_never_beside_a_single_row() -> None:
    rows = [stock(Buy, 2, "2025-01-06", "10", "500"), stock(Sell, 3, "2025-03-05", "10", "900", fee=Decimal(5))]
    assert answered(rows, [total(2, "895.01", "500")]).filing_ready
    assert not answered(rows, [total(2, "895.02", "500")]).filing_ready


def test_a_total_counts_a_tacked_row_under_the_brokers_term() -> None:
    gift = stock(GiftIn, 2, "2025-01-06", "10", "0", acquired=date(2020, 1, 2), basis=Decimal(300), value=Decimal(600))
    rows = [gift, stock(Sell, 3, "2025-03-05", "10", "900")]
    report = answered(rows, [total(2, "900", "300")])
    assert printed(report) == [("900.00", "300.00", "T", "0.00", "D")]
    assert report.filing_ready


def test_the_smallest_set_of_causes_is_one_or_open() -> None:
    fee = Cause("fee", {1: 5, 2: 8, 3: 8, 4: 20})
    assert explanation(41, [fee], 4) is not None
    single = explanation(20, [fee], 4)
    assert single is not None
    assert single.causes[0].amounts == {4: 20}
    pair = explanation(16, [fee], 4)
    assert pair is not None
    assert pair.causes[0].amounts == {2: 8, 3: 8}
    with pytest.raises(Ambiguous):
        explanation(8, [fee], 4)
    assert explanation(100, [fee], 4) is None
    pay = Cause("pay", {1: -100})
    both = explanation(-59, [fee, pay], 4)
    assert both is not None
    assert {cause.name for cause in both.causes} == {"fee", "pay"}


def test_above_two_hundred_rows_single_ones_are_not_looked_for() -> None:
    fee = Cause("fee", {place: place + 1000 for place in range(201)})
    assert explanation(1007, [fee], 200) is not None
    assert explanation(1007, [fee], 201) is None
    assert explanation(fee.whole, [fee], 201) is not None


def test_a_broker_is_the_account_of_its_name_or_those_that_begin_with_it() -> None:
    accounts = ["Schwab", "Schwab Joint", "Fidelity A", "Fidelity B", "Fidelityx"]
    assert accounts_of("schwab", accounts) == ("Schwab",)
    assert accounts_of("Fidelity", accounts) == ("Fidelity A", "Fidelity B")
    assert accounts_of("Vanguard", accounts) == ()


def test_units_moved_in_have_no_basis_at_the_broker_and_splits_do_not_hide_a_purchase_fee() -> None:
    moved = [
        stock(Buy, 2, "2025-01-06", "10", "500", "South"),
        stock(Transfer, 3, "2025-02-06", "10", "0", "South", to_account="North"),
        replace(SOLD, row=4, fee=Decimal(0)),
    ]
    assert printed(answered(moved, [total(2, "900", "0")])) == [("900.00", "0.00", "B", "-500.00", "A")]
    split = Split(row=3, at=datetime(2025, 2, 3), account="", asset="XYZ", ratio=Fraction(2))
    rows = [BOUGHT, split, stock(Sell, 4, "2025-03-05", "20", "900")]
    form = lot(2, "20", "2025-03-05", "900", "500", acquired="2025-01-06")
    report = answered(rows, [form])
    assert printed(report) == [("900.00", "500.00", "B", "-7.00", "A")]
    assert report.filing_ready


def test_a_figure_of_the_ledger_for_a_whole_sale_is_not_put_on_the_lots_that_the_form_leaves() -> None:
    rows = [
        stock(Buy, 2, "2025-01-06", "5", "250"),
        stock(Buy, 3, "2025-01-07", "5", "300"),
        stock(Sell, 4, "2025-03-05", "10", "900", reported_basis=Decimal(500)),
    ]
    report = answered(rows, [lot(2, "5", "2025-03-05", "450", "240", acquired="2025-01-06", note="asked")])
    assert [row[1:3] for row in printed(report)] == [("240.00", "B"), ("300.00", "")]
    assert blocking(report) == [("NOT_ON_FORM_1099", 0)]
    both = [
        lot(2, "5", "2025-03-05", "450", "250", acquired="2025-01-06"),
        lot(3, "5", "2025-03-05", "450", "300", acquired="2025-01-07"),
    ]
    assert blocking(answered(rows, both)) == [("FORM_1099_TWICE", 2)]
