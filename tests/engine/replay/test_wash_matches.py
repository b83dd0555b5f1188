"""Records of wash sales as they are asked for: the units as they stood at the match, purchases and shorts in turn."""

from __future__ import annotations

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.units import quantity_text
from law.tables import as_text, read, table

ROWS = table(
    """
    Date       | Type       | Asset | Account | Class | Quantity | Amount  | ID
    2025-03-03 | Buy        | XYZ   | A1      | stock | 10       | 1000.00 | r1
    2025-03-10 | Sell       | XYZ   | A1      | stock | 10       | 700.00 | r2
    2025-03-12 | Buy        | XYZ   | A2      | stock | 4        | 400.00 | r3
    2025-03-14 | Short Sell | SHRT  | A1      | stock | 6        | 600.00 | r4
    2025-03-17 | Cover      | SHRT  | A1      | stock | 6        | 660.00 | r5
    2025-03-20 | Short Sell | SHRT  | A1      | stock | 2        | 200.00 | r6
    2025-03-24 | Buy        | XYZ   | A1      | stock | 6        | 600.00 | r7
    2025-04-01 | Split      | XYZ   |         |       | 3/7      | | r8
    2025-04-02 | Split      | SHRT  |         |       | 2        | | r9
    """
)


def ledger() -> Ledger:
    return read(ROWS, (), {"Filing Status": "single", "Ledger Through": "2025-12-31"}, as_text)


def test_records_say_what_was_matched_before_a_split_and_shorts_stand_where_they_were_made() -> None:
    found = [
        (one.loss_row, one.replacement_row, one.acquired.isoformat(), quantity_text(one.units), str(one.disallowed))
        for one in compute(ledger()).wash_sales
    ]
    assert found == [
        (3, 4, "2025-03-12", "4", "120.00"),
        (6, 7, "2025-03-20", "2", "20.00"),
        (3, 8, "2025-03-24", "6", "180.00"),
    ]


def test_the_basis_of_a_record_is_that_of_its_own_moment_and_a_short_takes_the_loss_off_its_proceeds() -> None:
    bought, short, later = compute(ledger()).wash_sales
    assert (str(bought.new_basis.normalize()), str(later.new_basis.normalize())) == ("5.2E+2", "7.8E+2")
    assert str(short.new_basis.normalize()) == "1.8E+2"
    assert (bought.held_since.isoformat(), later.held_since.isoformat()) == ("2025-03-05", "2025-03-17")


def test_records_are_a_sequence_that_equals_itself_made_again() -> None:
    first, again = compute(ledger()).wash_sales, compute(ledger()).wash_sales
    assert first == again
    assert list(first) == list(first[:]) == [first[0], first[1], first[2]]
    assert first[-1] == list(first)[-1]
    assert first != list(first)[:2]
    assert len(first) == 3


def test_only_the_purchase_in_another_account_reaches_across() -> None:
    report = compute(ledger())
    across = [one for one in report.wash_sales if one.loss_account != one.replacement_account]
    assert [one.replacement_row for one in across] == [4]
    assert report.wash_sales.across() == across  # type: ignore[attr-defined]
