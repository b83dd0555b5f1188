"""The small languages of Lot, Identified, Underlying, Code and a global allocation's accounts."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from capgain.engine.transactions import Identification, LotPick
from capgain.workbook.written.lot_words import (
    Underlying,
    read_account_order,
    read_codes,
    read_identified,
    read_lots,
    read_underlying,
)
from capgain.workbook.written.misread import Misread
from capgain.workbook.written.moments import Calendar

SALE = datetime(2025, 3, 1, 12)


@pytest.mark.parametrize(
    ("text", "picks"),
    [
        ("", ()),
        ("L1", (LotPick("L1"),)),
        ("L1:0.5; L7:2", (LotPick("L1", Decimal("0.5")), LotPick("L7", Decimal(2)))),
        (" L1 ; L2:1,000 ;", (LotPick("L1"), LotPick("L2", Decimal(1000)))),
        ("cb:2024-1:0.5", (LotPick("cb:2024-1", Decimal("0.5")),)),
        ("10:30", (LotPick("10:30"),)),
        ("10:30:5", (LotPick("10:30", Decimal(5)),)),
        ("L1:0.123456789012345678", (LotPick("L1", Decimal("0.123456789012345678")),)),
    ],
)
def test_lots_are_named_with_or_without_units(text: str, picks: tuple[LotPick, ...]) -> None:
    assert read_lots(text, frozenset({"10:30"})) == picks


@pytest.mark.parametrize("text", ["L1:x", "L1:", ":5", "L1:0", "L1:-1", "L1:1.5,2"])
def test_lots_that_cannot_be_meant_are_a_problem(text: str) -> None:
    found = read_lots(text, frozenset())
    assert isinstance(found, Misread)
    assert found.code == "LOT_SYNTAX"


@pytest.mark.parametrize("text", ["L1;L1", "L1:1;L1:2"])
def test_a_lot_may_be_named_once(text: str) -> None:
    found = read_lots(text, frozenset())
    assert isinstance(found, Misread)
    assert found.code == "LOT_NAMED_TWICE"


@pytest.mark.parametrize(
    ("cell", "identified"),
    [
        ("2025-03-01 10:00 books", Identification(datetime(2025, 3, 1, 10), True, "books")),
        ("2025-03-01", Identification(datetime(2025, 3, 1), False, "")),
        ("03/01/2025 broker", Identification(datetime(2025, 3, 1), False, "broker")),
        ("2025-03-01, in my books and records", Identification(datetime(2025, 3, 1), False, "books")),
        ("2025-03-01 to broker", Identification(datetime(2025, 3, 1), False, "broker")),
        (date(2025, 3, 1), Identification(datetime(2025, 3, 1), False, "")),
        (datetime(2025, 3, 1, 10), Identification(datetime(2025, 3, 1, 10), True, "")),
        (45717.5, Identification(datetime(2025, 3, 1, 12), True, "")),
        ("books", Identification(SALE, True, "books")),
        ("Broker", Identification(SALE, True, "broker")),
    ],
)
def test_an_identification_has_a_date_and_may_say_to_whom(cell: object, identified: Identification) -> None:
    assert read_identified(cell, SALE, Calendar()) == identified


def test_a_blank_identification_was_in_time() -> None:
    assert read_identified("  ", SALE, Calendar()) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("soon", "IDENTIFIED_SYNTAX"),
        ("to the bank", "IDENTIFIED_SYNTAX"),
        ("2025-02-30 books", "IMPOSSIBLE_DATE"),
        ("1/2/25 books", "YEAR_OF_TWO_DIGITS"),
        ("2025-03-01T10:00Z books", "TIME_ZONE_MISSING"),
        ("#N/A", "CELL_ERROR"),
    ],
)
def test_an_identification_without_a_date_is_a_problem(cell: object, code: str) -> None:
    found = read_identified(cell, SALE, Calendar())
    assert isinstance(found, Misread)
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "underlying"),
    [
        ("AAPL x100", Underlying("AAPL", Decimal(100))),
        ("AAPL X 100", Underlying("AAPL", Decimal(100))),
        ("BRK.B ×100", Underlying("BRK.B", Decimal(100))),
        ("SPX*10", Underlying("SPX", Decimal(10))),
        ("XOM x1,000", Underlying("XOM", Decimal(1000))),
    ],
)
def test_an_option_names_its_underlying_and_the_units_of_a_contract(text: str, underlying: Underlying) -> None:
    assert read_underlying(text) == underlying


@pytest.mark.parametrize("text", ["AAPL", "AAPLx", "x100", "AAPL x", "AAPL x0", "100"])
def test_an_underlying_without_its_units_is_a_problem(text: str) -> None:
    found = read_underlying(text)
    assert isinstance(found, Misread)
    assert found.code == "UNDERLYING_SYNTAX"


@pytest.mark.parametrize(("text", "codes"), [("B", "B"), ("ob", "BO"), ("Q, O, B", "BOQ"), ("", "")])
def test_codes_are_put_in_alphabetical_order(text: str, codes: str) -> None:
    assert read_codes(text) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A", "UNKNOWN_CODE"),
        ("K", "UNKNOWN_CODE"),
        ("BB", "CODE_NAMED_TWICE"),
        ("W5", "UNKNOWN_CODE"),
        ("BÖ", "UNKNOWN_CODE"),
    ],
)
def test_a_code_that_the_form_does_not_have_or_that_stands_twice_is_a_problem(text: str, code: str) -> None:
    found = read_codes(text)
    assert isinstance(found, Misread)
    assert found.code == code


def test_a_global_allocation_names_wallets_in_order() -> None:
    assert read_account_order("Kraken > Coinbase>Ledger Nano") == ("Kraken", "Coinbase", "Ledger Nano")
    for text in ("", " > ", "Kraken > kraken"):
        assert isinstance(read_account_order(text), Misread)
