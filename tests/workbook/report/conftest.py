"""A ledger with something of everything, its report, and the workbook written from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.report import TaxReport
from capgain.workbook.reading.balances import StatedBalance
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.report import report_book
from capgain.workbook.sheets import Book
from capgain.workbook.xlsx.writer import write_book

HEADER = ("Date", "Type", "Asset", "Quantity", "Amount", "Fee", "Account", "Received Asset", "Received Quantity")
HEADER += ("Lot", "Class", "Acquired", "Basis", "ID", "Note", "My Column")

ROWS: tuple[tuple[object, ...], ...] = (
    (
        date(2022, 12, 30),
        "Opening",
        "MSFT",
        20,
        None,
        None,
        "Schwab",
        None,
        None,
        "M1",
        "stock",
        date(2019, 5, 1),
        2500,
    ),
    (date(2023, 1, 5), "Buy", "AAPL", 100, 12000, 1.25, "Schwab", None, None, "L1", "stock"),
    (date(2023, 2, 6), "Buy", "VOO", 50.5, 19000.1, 0, "Schwab", None, None, None, "fund"),
    (datetime(2023, 3, 5, 10, 30), "Buy", "BTC", "0.5", 11000, 12.5, "Coinbase", None, None, None, "crypto"),
    (date(2023, 11, 5), "Buy", "ETH", "3.123456789012345678", 6000, 5, "Coinbase", None, None, None, "crypto"),
    (date(2023, 12, 1), "Sell", "ETH", "1.1", 1500, 5, "Coinbase", None, None, None, "crypto", None, None, "tx-1"),
    (date(2024, 2, 1), "Trade", "BTC", "0.1", 4300, 3, "Coinbase", "ETH", "1.9", None, "crypto", None, None, "=1+1"),
    (
        date(2024, 5, 1),
        "Sell",
        "AAPL",
        40,
        7000,
        1.25,
        "Schwab",
        None,
        None,
        None,
        "stock",
        None,
        None,
        "+A1",
        "@SUM(A1)",
    ),
    (date(2024, 6, 3), "Buy", "TSLA", 100, 30000, 0, "Schwab", None, None, None, "stock"),
    (date(2024, 7, 3), "Sell", "TSLA", 100, 10000, 0, "Schwab", None, None, None, "stock", None, None, None, "-loss"),
    (date(2024, 7, 13), "Buy", "TSLA", 60, 12600, 0, "Schwab", None, None, None, "stock"),
    (date(2024, 8, 1), "Dividend", "VOO", None, 120.33, None, "Schwab"),
    (date(2025, 2, 3), "Sell", "ETH", 1, 1800, 2, "Coinbase", None, None, None, "crypto"),
    (date(2025, 3, 3), "Sell", "VOO", 50.5, 8000, 0, "Schwab", None, None, None, "fund"),
    (date(2025, 4, 3), "Sell", "AAPL", 10, 2200, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 9, 3), "Sell", "TSLA", 60, 25000, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 10, 1), "Staking", "ETH", "0.01", 40, None, "Coinbase", None, None, None, "crypto"),
    (date(2025, 11, 3), "Buy", "NVDA", 5, 900, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 11, 20), "Sell", "NVDA", 5, 950.55, 0, "Schwab", None, None, None, "stock"),
)
ACCOUNTS: tuple[tuple[object, ...], ...] = (("Account", "Kind"), ("Schwab", "brokerage"), ("Coinbase", "exchange"))
SETTINGS: tuple[tuple[object, ...], ...] = (
    ("Name", "Value"),
    ("Filing Status", "single"),
    *((f"Taxable Income {year}", 60000) for year in range(2021, 2027)),
    *((f"Qualified Dividends {year}", 120.33) for year in range(2021, 2027)),
    ("Name", "Jane & John Doe"),
    ("SSN", "123-45-6789"),
)
PRICES: tuple[tuple[object, ...], ...] = (("Asset", "Price"), ("AAPL", 230.5), ("ETH", 3000.125), ("MSFT", 480))


@dataclass(frozen=True)
class Source:
    """What the report takes of a ledger file."""

    ledger: Ledger
    raw: tuple[RawSheet, ...]
    path: Path = Path("trades & more.xlsx")
    sha256: str = "ab" * 32
    date_1904: bool = False
    balances: tuple[StatedBalance, ...] = ()


Rows = Sequence[Sequence[Any]]


def source_of(
    rows: Rows = ROWS,
    *,
    header: Sequence[str] = HEADER,
    accounts: Rows | None = ACCOUNTS,
    settings: Rows | None = SETTINGS,
    prices: Rows | None = PRICES,
    above: Rows = (),
) -> Source:
    """A source as a file reader gives it; `above` are rows before the header."""
    block = (*above, tuple(header), *rows)
    ledger = ledger_from_blocks(block, accounts, settings, prices, today=date(2026, 1, 31))
    raw = [RawSheet("Ledger", block)]
    beside = {"Accounts": accounts, "Settings": settings, "Prices": prices}
    raw += [RawSheet(name, tuple(map(tuple, found))) for name, found in beside.items() if found]
    return Source(ledger, tuple(raw))


@pytest.fixture(scope="session")
def source() -> Source:
    return source_of()


@pytest.fixture(scope="session")
def report(source: Source) -> TaxReport:
    made = compute(source.ledger)
    assert not made.has_errors, made.problems
    return made


@pytest.fixture(scope="session")
def make() -> Callable[..., tuple[Source, TaxReport]]:
    """A source and its report from other rows or settings."""

    def made(rows: Rows = ROWS, **given: Any) -> tuple[Source, TaxReport]:
        source = source_of(rows, **given)
        return source, compute(source.ledger)

    return made


@pytest.fixture(scope="session")
def book(report: TaxReport, source: Source) -> Book:
    """The report of 2024: wash sale, both terms, a swap, a carryover out."""
    return report_book(report, source, 2024)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def book_of_all(report: TaxReport, source: Source) -> Book:
    return report_book(report, source, None)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def written(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("one year") / "report 2024.xlsx"
    write_book(book, path)
    return path


@pytest.fixture(scope="session")
def written_all(book_of_all: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("all years") / "report.xlsx"
    write_book(book_of_all, path)
    return path


@pytest.fixture(scope="session")
def renamed() -> Callable[[Source, str], Source]:
    """The same source under another file name."""
    return lambda source, name: replace(source, path=Path(name))
