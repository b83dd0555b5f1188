"""Whatever stands in the cells, reading ends with transactions and problems, never with an exception."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.columns import ACCOUNT_COLUMNS, LEDGER_COLUMNS, PRICE_COLUMNS
from capgain.workbook.reading.setting_names import BY_YEAR, FOR_ALL_YEARS
from capgain.workbook.reading.transaction_types import TYPE_NAMES

ODD = st.sampled_from(
    [
        None, "", " ", "\xa0", "#N/A", "#UNCALCULATED!", True, False, 0, 0.0, -1, 1e300, 5e-324, float("nan"),
        float("inf"), Decimal("NaN"),  Decimal("1e40"), date(1, 1, 1), datetime.max, time(1, 3),
        timedelta(1), datetime(2025, 1, 1, tzinfo=UTC), "1:3", "3/2", "/", ":", "L1:2; L1", "Kraken > Coinbase",
        "2025-01-02", "2025-01-02T10:00Z", "1.234,56", "(5)", "$", "%", "50%", "books", "AAPL x100", "BO", "hifo",
        "basis", "crypto", "=1+1", "'", "\x00", "9" * 400, "\U0001f600",
    ]
)  # fmt: skip
CELLS = st.one_of(ODD, st.text(max_size=5), st.integers(-5, 60_000), st.floats(-10, 50_000))
TYPED_ROWS = st.tuples(st.sampled_from([*TYPE_NAMES, "zzz", ""]), st.lists(CELLS, min_size=28, max_size=28))
SETTING_NAMES = st.sampled_from([*BY_YEAR, *FOR_ALL_YEARS, "Class X", "Account Y", "Schedule D 4", "Z"])


@settings(max_examples=300)
@given(st.lists(TYPED_ROWS, min_size=1, max_size=4), st.booleans())
def test_any_row_of_any_type_is_read_or_reported(rows: list[tuple[str, list[object]]], date_1904: bool) -> None:
    block = [list(LEDGER_COLUMNS), *([cells[0], type_name, *cells[2:]] for type_name, cells in rows)]
    ledger = ledger_from_blocks(block, date_1904=date_1904, today=date(2026, 11, 22))
    made = {entry.row for entry in ledger.transactions}
    faulty = {problem.row for problem in ledger.problems if problem.is_error}
    for number, row in enumerate(block[1:], 2):
        blank = all(cell in (None, "", 0) or not str(cell).strip("\xa0 ") for cell in row)
        assert number in made | faulty or 1 in faulty or blank or not row[1]


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
def test_any_block_is_read_or_refused(block: list[list[object]]) -> None:
    ledger = ledger_from_blocks(block, block, block, block)
    assert any(problem.is_error for problem in ledger.problems)


@given(
    st.lists(st.tuples(SETTING_NAMES, CELLS)),
    st.lists(st.lists(CELLS, min_size=5, max_size=5)),
    st.lists(st.lists(CELLS, min_size=3, max_size=3)),
)
def test_any_settings_accounts_and_prices_are_read_or_reported(
    stated: list[tuple[str, object]], accounts: list[list[object]], prices: list[list[object]]
) -> None:
    ledger_from_blocks(
        [["Date", "Type", "Asset", "Quantity", "Amount"], ["2025-01-02", "Buy", "A", 1, 1]],
        [list(ACCOUNT_COLUMNS), *accounts],
        [list(row) for row in stated],
        [list(PRICE_COLUMNS), *prices],
    )
