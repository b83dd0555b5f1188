"""The sheet model: addresses, links, quantities, row heights."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.workbook.sheets import (
    WRAP,
    Cell,
    Chart,
    Formula,
    Page,
    Sheet,
    address,
    column_letter,
    fitted_heights,
    header_text,
    link_to,
    position,
    quantity_cell,
    quoted,
    reference,
)


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_lettered_as_in_excel(column: int, letters: str) -> None:
    assert column_letter(column) == letters
    assert position(f"{letters}7") == (7, column)


def test_an_address_and_its_position_are_inverse() -> None:
    assert all(position(address(row, column)) == (row, column) for row in (1, 99) for column in range(1, 800))
    assert position("$C$12") == (12, 3)


def test_sheet_names_are_quoted_and_their_quotes_doubled() -> None:
    assert reference("Schedule D", "G40") == "'Schedule D'!G40"
    assert quoted("it's") == "'it''s'"


def test_a_link_is_a_formula_that_shows_what_it_is_told_to() -> None:
    cell = link_to("Ledger", "A17", 17)
    assert cell.content == Formula("=HYPERLINK(\"#'Ledger'!A17\",17)", 17)
    assert link_to("Ledger", "A17", 'say "hi"').content == Formula(
        '=HYPERLINK("#\'Ledger\'!A17","say ""hi""")', 'say "hi"'
    )


@pytest.mark.parametrize(
    ("quantity", "shown", "pattern"),
    [
        ("100", Decimal(100), "#,##0"),
        ("0.50", Decimal("0.5"), "#,##0.0"),
        ("1E+3", Decimal(1000), "#,##0"),
        ("0.000000000000000001", Decimal("0.000000000000000001"), "#,##0.000000000000000000"),
        ("123456789.123456", Decimal("123456789.123456"), "#,##0.000000"),
    ],
)
def test_a_quantity_that_a_spreadsheet_keeps_is_a_number_with_all_its_decimals(
    quantity: str, shown: Decimal, pattern: str
) -> None:
    cell = quantity_cell(Decimal(quantity))
    assert cell.content == shown
    assert isinstance(cell.content, Decimal)
    assert cell.style.number_format == pattern


@pytest.mark.parametrize("quantity", ["3.123456789012345678", "1234567890123456", "-0.1234567890123456"])
def test_a_quantity_of_more_than_fifteen_digits_is_text(quantity: str) -> None:
    assert quantity_cell(Decimal(quantity)).content == quantity


def test_an_ampersand_in_a_header_is_doubled() -> None:
    assert header_text("Jane & John") == "Jane && John"


def test_only_rows_whose_wrapped_text_needs_it_are_made_taller() -> None:
    rows = [(Cell("short", WRAP),), (Cell("a long sentence " * 10, WRAP),), (Cell("a long sentence " * 10),)]
    heights = fitted_heights(rows, (20,))
    assert list(heights) == [2]
    assert heights[2] > 60


def test_the_print_area_takes_in_cells_and_charts() -> None:
    chart = Chart("column", "t", (), "D2", "d", last_cell="J20")
    assert Sheet(name="x", rows=[(Cell(1), Cell(2))]).print_area == "A1:B1"
    assert Sheet(name="x", rows=[(Cell(1),)], charts=(chart,)).print_area == "A1:J20"
    assert Sheet(name="x", rows=[], page=Page(area="A1:C3")).print_area == "A1:C3"
