"""Form 8949: boxes, totals, pages, Exception 1, and its words against the printed forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.classes import AssetClass, Reported, Term
from capgain.engine.forms.boxes import BOX_LINES, box, boxes_of_line, schedule_d_line
from capgain.engine.forms.form_8949 import Form8949, Totals, box_names
from capgain.engine.money import whole_dollars
from capgain.engine.years import has_tax_year, tax_year, tax_years
from engine.forms.cases import read, row

PRINTED = (2020, 2021, 2022, 2024, 2025)


@pytest.mark.parametrize("year", PRINTED)
def test_the_boxes_carry_the_words_of_the_printed_form_in_printed_order(year: int) -> None:
    printed = read(f"form_8949_{year}.toml")
    layout = tax_year(year).form_8949
    for term in Term:
        part = dict(printed[f"{term.value}_term"])
        words = "Totals. Add the amounts in columns (d), (e), (g), and (h) (subtract negative amounts). Enter each "
        lines = [
            f"line {line} (if {box_names(*boxes_of_line(line, layout))} above is checked)"
            for line, (of_term, _) in BOX_LINES.items()
            if of_term is term
        ]
        words += f"total here and include on your Schedule D, {lines[0]}, {lines[1]}, or {lines[2]}"
        assert words == part.pop("line_2")
        assert [(letter, layout.boxes[letter]) for letter in layout.boxes_of(term)] == [*part.items()]


def test_the_form_of_2023_has_the_words_of_2022_and_2024() -> None:
    boxes = [dict(tax_year(year).form_8949.boxes) for year in (2022, 2023, 2024)]
    assert boxes[0] == boxes[1] == boxes[2]


@pytest.mark.parametrize(
    ("year", "is_digital", "short", "long"),
    [
        (2024, False, "ABC", "DEF"),
        (2024, True, "ABC", "DEF"),
        (2025, False, "ABC", "DEF"),
        (2025, True, "GHI", "JKL"),
        (2013, True, "ABC", "DEF"),
        (2030, True, "GHI", "JKL"),
    ],
)
def test_the_box_follows_term_asset_and_broker_and_digital_boxes_begin_in_2025(
    year: int, is_digital: bool, short: str, long: str
) -> None:
    reported = (Reported.BASIS, Reported.NO_BASIS, Reported.NONE)
    assert "".join(box(Term.SHORT, is_digital, each, year) for each in reported) == short
    assert "".join(box(Term.LONG, is_digital, each, year) for each in reported) == long


def test_a_letter_that_is_no_box_of_the_year_is_refused() -> None:
    with pytest.raises(KeyError, match="has no box G"):
        schedule_d_line("G", 2024)
    with pytest.raises(ValueError, match="has no box 'G'"):
        Form8949.of([row("G", 10, 5)], tax_year(2024))


def test_a_page_holds_fourteen_rows_through_2024_and_eleven_from_2025() -> None:
    """Counted in the fillable forms."""
    sizes = {year: tax_year(year).form_8949.rows_per_page for year in range(2018, 2027)}
    assert sizes == {year: 14 if year < 2025 else 11 for year in range(2018, 2027)}


def test_boxes_come_in_the_order_of_the_form_and_only_those_with_rows() -> None:
    form = Form8949.of([row(letter, 10, 4) for letter in "LIDCA"], tax_year(2025))
    assert list(form.boxes) == ["A", "C", "I", "D", "L"]
    assert form.used_boxes(Term.SHORT) == ("A", "C", "I")
    assert form.rows("B") == ()


def test_totals_add_each_column_and_gain_is_d_less_e_plus_g() -> None:
    form = Form8949.of([row("A", Decimal("10.10"), 4), row("A", 5, 9, f="W", g=Decimal("1.25"))], tax_year(2025))
    assert form.boxes["A"] == Totals(Decimal("15.10"), Decimal(13), Decimal("1.25"), Decimal("3.35"), 2)
    assert form.totals("A", "G") == form.boxes["A"]


def test_exception_1_takes_only_rows_with_reported_basis_and_nothing_to_explain() -> None:
    """Instructions for Schedule D (2025), Lines 1a and 8a."""
    rows = [
        row("A", 100, 60),
        row("G", 40, 50),
        row("A", 10, 20, f="W", g=10),
        row("A", 7, 7, f="T"),
        row("B", 5, 1),
        row("D", 90, 10),
        row("D", 90, 30, asset_class=AssetClass.COLLECTIBLE),
        row("J", 8, 2),
        row("L", 6, 2),
    ]
    form = Form8949.of(rows, tax_year(2025), exception_1=True)
    assert form.direct[Term.SHORT] == Totals(Decimal(140), Decimal(110), Decimal(0), Decimal(30), 2)
    assert form.direct[Term.LONG] == Totals(Decimal(98), Decimal(12), Decimal(0), Decimal(86), 2)
    assert form.direct_rows(Term.SHORT) == (rows[0], rows[1])
    assert form.rows("A") == (rows[2], rows[3])
    assert "G" not in form.boxes
    assert form.rows("D") == (rows[6],)
    without = Form8949.of(rows, tax_year(2025))
    assert [without.direct[term].rows for term in Term] == [0, 0]
    assert sum(t.rows for t in without.boxes.values()) == len(rows)


def test_whole_dollars_round_half_up_and_after_adding() -> None:
    """Cases R29 and R30: Rounding Off to Whole Dollars, Instructions for Form 8949 and for Schedule D (2025)."""
    amounts = ["1.49", "1.50", "1.39", "2.50", "-2.50"]
    assert [whole_dollars(Decimal(amount)) for amount in amounts] == [1, 2, 1, 3, -3]
    cents = [Decimal("100.40"), Decimal("200.40"), Decimal("300.40")]
    totals = Totals.of([row("A", amount, 0) for amount in cents]).in_whole_dollars()
    assert totals.proceeds == 601
    adjusted = Totals.of([row("A", Decimal("10.50"), Decimal("4.40"), f="W", g=Decimal("2.50"))]).in_whole_dollars()
    assert (adjusted.proceeds, adjusted.basis, adjusted.adjustment, adjusted.gain) == (11, 4, 3, 10)
    assert sum(map(whole_dollars, cents)) == 600


def test_every_year_with_data_can_be_asked_for_a_box_of_any_sale() -> None:
    assert has_tax_year(date(2025, 1, 1).year)
    for year in tax_years():
        for term in Term:
            for is_digital in (False, True):
                for reported in Reported:
                    letter = box(term, is_digital, reported, year)
                    assert tax_year(year).form_8949.term_of(letter) is term
                    assert schedule_d_line(letter, year) in ("1b", "2", "3", "8b", "9", "10")
