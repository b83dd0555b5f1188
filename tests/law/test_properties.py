"""What must hold of every ledger, whatever is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from capgain.engine.classes import Term
from capgain.engine.compute import compute
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.workbook.unit_counts import unit_counts, units_held
from law.random_ledgers import ACCOUNTS, Maker
from law.random_ledgers import settings as drawn_settings
from law.tables import Row, dispositions, errors, read, told

RANDOM = st.one_of(st.randoms(use_true_random=False), st.integers(0, 2**32).map(Random))
"""Draws that hypothesis can shrink, and wilder ones that it cannot."""
EXAMPLES = settings(
    max_examples=300,
    derandomize=True,
)
CENT = Fraction(1, 100)
DIVIDES_LOTS = frozenset({"Transfer", "Spin-off", "Stock Dividend", "Merger", "Return of Capital"})
EVERY_TYPE = (
    *(
        "Buy",
        "Reinvest",
        "Income",
        "Opening",
        "Gift In",
        "Inherit",
        "Sell",
        "Spend",
        "Fee",
        "Trade",
        "Gift Out",
        "Donate",
    ),
    *("Lost", "Transfer", "Split", "Spin-off", "Stock Dividend", "Merger", "Return of Capital", "Short Sell", "Cover"),
    *("Dividend", "Interest", "Method"),
)
NO_EXIT_WITHOUT_A_ROW = frozenset(
    {"acquire", "sell", "trade", "move", "split", "spin off", "merge", "return", "short", "cash", "order"}
)
WITH_NEW_NAMES = NO_EXIT_WITHOUT_A_ROW | {"rename", "convert", "worthless"}
WITH_PROTOCOLS = frozenset({"acquire", "sell", "trade", "move", "protocol", "pool", "order"})
WITH_REBASES = frozenset({"acquire", "sell", "trade", "move", "rebase"})
WITH_OPTIONS = frozenset({"acquire", "sell", "split", "option", "trust"})


def computed(rows: Sequence[Row], stated: dict[str, str]) -> TaxReport:
    report = compute(read(rows, ACCOUNTS, stated))
    assert not errors(report), told(report)
    return report


def taxable_gain(report: TaxReport) -> Fraction:
    return sum((Fraction(row.gain) for row in dispositions(report)), Fraction(0))


def washed(report: TaxReport) -> Fraction:
    return sum(
        (Fraction(row.wash_disallowed) for row in dispositions(report) if row.kind is not Kind.SHORT), Fraction(0)
    )


def permanent(report: TaxReport) -> Fraction:
    return sum((Fraction(match.disallowed) for match in report.wash_sales if match.permanent), Fraction(0))


def held_basis(report: TaxReport) -> Fraction:
    return sum((Fraction(lot.basis) for lot in report.open_lots), Fraction(0))


def shown(row: Disposition, ids: dict[int, str]) -> tuple[object, ...]:
    """A disposition with rows by their IDs, for ledgers whose rows stand elsewhere."""
    return (ids[row.row], ids.get(row.lot_row, ""), *row[1:17])


@EXAMPLES
@given(RANDOM)
def test_quantities_in_are_quantities_out_and_held(rng: Random) -> None:
    maker = Maker(rng)
    report = computed(maker.make(rng.randint(2, 25)), drawn_settings(rng))
    held: Counter[tuple[str, str]] = Counter()
    for lot in report.open_lots:
        held[lot.asset, lot.account] += lot.quantity  # type: ignore[assignment]
    assert {key: Fraction(units) for key, units in held.items()} == {
        key: units for key, units in maker.tally.units.items() if units
    }
    shorted = sum((Fraction(short.quantity) for short in report.open_shorts), Fraction(0))
    assert shorted == maker.tally.shorted


@EXAMPLES
@given(RANDOM)
def test_new_names_worthless_shares_and_options_keep_count_of_the_units(rng: Random) -> None:
    maker = Maker(rng, rng.choice((WITH_NEW_NAMES, WITH_OPTIONS, WITH_PROTOCOLS, WITH_REBASES)))
    report = computed(maker.make(rng.randint(2, 25)), drawn_settings(rng))
    held: Counter[tuple[str, str]] = Counter()
    for lot in report.open_lots:
        held[lot.asset, lot.account] += lot.quantity  # type: ignore[assignment]
    # each lot is shown to 18 decimals, and a part of a conversion may have more
    assert {key: round(Fraction(units), 17) for key, units in held.items()} == {
        key: round(units, 17) for key, units in maker.tally.units.items() if units
    }
    written = {name for name, (is_held, _, _) in maker.options.items() if not is_held}
    assert {short.asset for short in report.open_shorts} - {"SHRT"} <= written
    counted = {asset: count.held for asset, count in unit_counts(report).items() if count.held}
    assert counted == {asset: units for asset, units in units_held(report).items() if units}


@EXAMPLES
@given(RANDOM, st.sampled_from([NO_EXIT_WITHOUT_A_ROW, WITH_NEW_NAMES, WITH_OPTIONS, WITH_PROTOCOLS, WITH_REBASES]))
def test_basis_in_is_basis_out_and_held_and_permanently_disallowed(rng: Random, kinds: frozenset[str]) -> None:
    maker = Maker(rng, kinds, iras=False)
    report = computed(maker.make(rng.randint(2, 25)), drawn_settings(rng))
    rows = [row for row in dispositions(report) if row.kind is not Kind.SHORT]
    out = sum((Fraction(row.basis) for row in rows), Fraction(0))
    extra = sum((Fraction(row.gain) for row in rows if row.kind in (Kind.BOOT, Kind.RETURN_OF_CAPITAL)), Fraction(0))
    accounted = out + maker.tally.returned - extra - washed(report) + permanent(report) + held_basis(report)
    assert abs(accounted - maker.tally.basis_in) <= CENT * len(rows), told(report)


@EXAMPLES
@given(RANDOM)
def test_a_loss_to_an_ira_is_gone_and_nothing_else_is(rng: Random) -> None:
    """Basis bought in taxable accounts ends in rows, in lots held, or in the loss an IRA's purchase destroyed."""
    maker = Maker(rng, frozenset({"acquire", "sell"}))
    report = computed(maker.make(rng.randint(2, 25)), drawn_settings(rng))
    rows = dispositions(report)
    bought = sum(
        (Fraction(row.get("Amount") or row["Basis"] or 0) if row["Type"] != "Gift In" else Fraction(row["Basis"]))
        + Fraction(row.get("Fee") or 0)
        for row in maker.rows
        if row["Account"] != "IRA1" and row["Type"] in ("Buy", "Reinvest", "Income", "Opening", "Gift In", "Inherit")
    )
    held = sum((Fraction(lot.basis) for lot in report.open_lots if not lot.is_ira), Fraction(0))
    out = sum((Fraction(row.basis) for row in rows), Fraction(0))
    assert abs(out + held - washed(report) + permanent(report) - bought) <= CENT * len(rows), told(report)


@EXAMPLES
@given(RANDOM)
def test_a_wash_sale_moves_loss_and_never_makes_or_destroys_it(rng: Random) -> None:
    maker = Maker(rng, iras=False)
    rows = maker.make(rng.randint(2, 25))
    stated = drawn_settings(rng) | {"Method": "fifo"}
    rows = [row for row in rows if row["Type"] not in ("Method", "Gift Out", "Donate", "Lost", "Short Sell", "Cover")]
    moved, unmoved = (compute(read(rows, ACCOUNTS, stated | {"Wash Sales": wash})) for wash in ("securities", "off"))
    if errors(moved):
        return
    assert abs(taxable_gain(moved) - taxable_gain(unmoved) - held_basis(moved) + held_basis(unmoved)) <= CENT * len(
        dispositions(moved)
    ), told(moved)
    for row in dispositions(moved):
        assert 0 <= row.wash_disallowed <= max(Decimal(0), row.basis - row.proceeds)


@EXAMPLES
@given(RANDOM)
def test_the_order_of_rows_is_immaterial_where_times_differ(rng: Random) -> None:
    maker = Maker(rng)
    rows = maker.make(rng.randint(2, 20))
    stated = drawn_settings(rng)
    shuffled = list(rows)
    rng.shuffle(shuffled)
    one, other = computed(rows, stated), computed(shuffled, stated)
    ids = {place: row["ID"] for place, row in enumerate(rows, start=2)}
    others = {place: row["ID"] for place, row in enumerate(shuffled, start=2)}
    assert [shown(row, ids) for row in dispositions(one)] == [shown(row, others) for row in dispositions(other)]
    lots = [
        Counter(
            (place[lot.row], lot.asset, lot.account, lot.quantity, lot.basis, lot.held_since)
            for lot in report.open_lots
        )
        for report, place in ((one, ids), (other, others))
    ]
    assert lots[0] == lots[1]


@EXAMPLES
@given(RANDOM)
def test_splitting_a_purchase_in_two_changes_no_total_without_a_wash_sale(rng: Random) -> None:
    maker = Maker(rng, frozenset({"acquire", "sell", "move"}), iras=False)
    rows = maker.make(rng.randint(2, 20))
    stated = drawn_settings(rng) | {"Wash Sales": "off"}
    halved: list[Row] = []
    for row in rows:
        if row["Type"] == "Buy" and Fraction(row["Quantity"]) >= 2 and not row.get("Fee"):
            first = Fraction(rng.randint(1, int(Fraction(row["Quantity"])) - 1))
            each = Fraction(row["Amount"]) / Fraction(row["Quantity"])
            second = Fraction(row["Quantity"]) - first
            halved.append(row | {"ID": row["ID"] + "a", "Quantity": str(first), "Amount": cents_text(each * first)})
            halved.append(row | {"ID": row["ID"] + "b", "Quantity": str(second), "Amount": cents_text(each * second)})
        else:
            halved.append(row)
    ids, halved_ids = ({place: row["ID"] for place, row in enumerate(some, start=2)} for some in (rows, halved))

    def totals(report: TaxReport, place: dict[int, str]) -> dict[tuple[str, Kind, Term], list[Fraction]]:
        sums: dict[tuple[str, Kind, Term], list[Fraction]] = {}
        for row in dispositions(report):
            total = sums.setdefault((place[row.row], row.kind, row.term), [Fraction(0)] * 4)
            for number, amount in enumerate((row.quantity, row.proceeds, row.basis, row.gain)):
                total[number] += Fraction(amount)
        return sums

    assert totals(computed(rows, stated), ids) == totals(computed(halved, stated), halved_ids)


def cents_text(amount: Fraction) -> str:
    assert (amount * 100).denominator == 1
    return f"{amount.numerator / amount.denominator:.2f}"


@EXAMPLES
@given(RANDOM, st.booleans())
def test_selling_everything_gives_the_cash_that_came_in_less_what_went_out(rng: Random, even: bool) -> None:
    """To the cent where lots stay whole; each part of a divided lot is rounded for itself. What wash sales put off has
    come back by the end."""
    maker = Maker(rng, NO_EXIT_WITHOUT_A_ROW, iras=False, even=even)
    maker.make(rng.randint(2, 18))
    maker.sell_everything()
    report = computed(maker.rows, drawn_settings(rng))
    assert not report.open_lots
    assert not report.open_shorts
    gap = taxable_gain(report) - (maker.tally.received - maker.tally.paid)
    divided = bool(report.wash_sales) or any(row["Type"] in DIVIDES_LOTS for row in maker.rows)
    assert abs(gap) <= CENT * len(dispositions(report)) * divided, f"{gap}\n{told(report)}"


@EXAMPLES
@given(RANDOM)
def test_nothing_is_disposed_of_before_it_was_acquired(rng: Random) -> None:
    report = computed(Maker(rng).make(rng.randint(2, 30)), drawn_settings(rng))
    for row in dispositions(report):
        assert row.acquired <= row.sold
        assert row.held_since <= row.sold
        assert report.years[row.sold.year]
    for year in report.years.values():
        assert all(row.sold.year == year.year for row in year.dispositions)


@EXAMPLES
@given(RANDOM, st.booleans())
def test_the_printed_rows_of_a_sale_add_up_to_it(rng: Random, even: bool) -> None:
    maker = Maker(rng, even=even)
    rows = maker.make(rng.randint(2, 30))
    report = computed(rows, drawn_settings(rng))
    printed: Counter[str] = Counter()
    units: Counter[str] = Counter()
    ids = {place: row["ID"] for place, row in enumerate(rows, start=2)}
    for row in dispositions(report):
        if row.kind in (Kind.SALE, Kind.SPEND, Kind.SWAP) or (row.kind is Kind.FEE and row.row):
            printed[ids[row.row]] += row.proceeds_cents
            units[ids[row.row]] += row.units
        assert row.gain_cents == row.proceeds_cents - row.basis_cents + row.adjustment_cents
    for row in rows:
        if row["Type"] in ("Sell", "Spend", "Trade", "Fee") and row["Account"] != "IRA1":
            assert printed[row["ID"]] == (Fraction(row["Amount"]) - Fraction(row.get("Fee") or 0)) * 100
            assert units[row["ID"]] == Fraction(row["Quantity"]) * 10**18


@EXAMPLES
@given(RANDOM)
def test_rows_more_than_thirty_days_later_change_nothing_earlier(rng: Random) -> None:
    maker = Maker(rng)
    rows = maker.make(rng.randint(3, 25))
    stated = drawn_settings(rng)
    cut = rng.randint(1, len(rows))
    last = datetime.fromisoformat(rows[cut - 1]["Date"]).date()

    def settled(report: TaxReport) -> list[Disposition]:
        return [row for row in dispositions(report) if row.sold < last - timedelta(days=30)]

    assert settled(computed(rows[:cut], stated)) == settled(computed(rows, stated))


@EXAMPLES
@given(RANDOM)
def test_another_asset_in_the_ledger_changes_nothing(rng: Random) -> None:
    maker = Maker(rng)
    rows = maker.make(rng.randint(2, 15))
    stated = drawn_settings(rng)
    foreign: list[Row] = []
    for number, row in enumerate(rows):
        moment = {"Date": row["Date"], "Asset": "ZZZ", "Class": "stock", "Account": "A1"}
        foreign.append({"ID": f"Z{number}", "Type": "Buy", "Quantity": "2", "Amount": "20", **moment})
        foreign.append({"ID": f"Y{number}", "Type": "Sell", "Quantity": "1", "Amount": "9", **moment})
    mixed = [row for pair in zip(foreign[::2], rows, foreign[1::2], strict=True) for row in pair]
    ids, mixed_ids = ({place: row["ID"] for place, row in enumerate(some, start=2)} for some in (rows, mixed))
    alone = [shown(row, ids) for row in dispositions(computed(rows, stated))]
    among = [shown(row, mixed_ids) for row in dispositions(computed(mixed, stated)) if row.asset != "ZZZ"]
    assert alone == among


@EXAMPLES
@given(RANDOM)
def test_lots_as_of_a_day_are_the_lots_of_the_ledger_up_to_that_day(rng: Random) -> None:
    """Of what is bought and sold; a later wash sale may still add basis, so losses are left out."""
    maker = Maker(rng, frozenset({"acquire", "sell", "move", "split", "trade"}))
    rows = maker.make(rng.randint(2, 20))
    stated = drawn_settings(rng) | {"Wash Sales": "off"}
    day = datetime.fromisoformat(rng.choice(rows)["Date"]).date()
    until = [row for row in rows if date.fromisoformat(row["Date"][:10]) <= day]
    whole = compute(read(rows, ACCOUNTS, stated), lots_as_of=day)
    assert not errors(whole), told(whole)
    assert whole.open_lots == computed(until, stated).open_lots, "\n".join(str(row) for row in rows)


def test_the_random_ledgers_hold_rows_of_every_kind() -> None:
    types: Counter[str] = Counter()
    kinds: Counter[Kind] = Counter()
    permanent_ones = washed_ones = 0
    for seed in range(360):
        rng = Random(seed)
        maker = Maker(rng, None if seed < 300 else WITH_OPTIONS)
        report = computed(maker.make(rng.randint(15, 30)), drawn_settings(rng))
        types.update({row["Type"] for row in maker.rows})
        kinds.update({row.kind for row in dispositions(report)})
        permanent_ones += bool(permanent(report))
        washed_ones += bool(washed(report))
    assert types.keys() >= set(EVERY_TYPE), types
    apart = {Kind.CASH_IN_LIEU, Kind.WORTHLESS, Kind.BAD_DEBT, Kind.QOF_DEFERRAL, Kind.QOF_INCLUSION}
    assert kinds.keys() >= set(Kind) - apart, kinds
    assert min(kinds.values()) >= 5, kinds
    assert (permanent_ones >= 10, washed_ones >= 50) == (True, True), (permanent_ones, washed_ones)


@EXAMPLES
@given(RANDOM)
def test_a_ledger_with_days_alone_reads_the_same_from_either_end(rng: Random) -> None:
    """Rows of one day keep their order, whether the newest stand last or first."""
    maker = Maker(rng)
    rows = [row | {"Date": row["Date"][:10]} for row in maker.make(rng.randint(3, 20))]
    if len({row["Date"] for row in rows}) < 2:
        return
    stated = drawn_settings(rng)
    one, other = computed(rows, stated), computed(rows[::-1], stated)
    ids = {place: row["ID"] for place, row in enumerate(rows, start=2)}
    others = {place: row["ID"] for place, row in enumerate(rows[::-1], start=2)}
    assert [shown(row, ids) for row in dispositions(one)] == [shown(row, others) for row in dispositions(other)]
