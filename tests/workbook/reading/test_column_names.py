"""Sheets kept by hand, by the names of column_names/names.toml: what is read as which column, and what is not read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from capgain.engine.report import TaxReport
from capgain.workbook.reading.columns import KEY_COLUMNS, find_ledger_header
from law.tables import answer, dispositions, errors, told
from waiting import each

FOLDER = Path(__file__).parent / "column_names"
WAITING = FOLDER / "waiting.txt"
STATED = tomllib.loads((FOLDER / "names.toml").read_text("utf-8"))
NAMES: Mapping[str, Sequence[str]] = STATED["names"]
WEAK: Mapping[str, Sequence[str]] = STATED["weak"]

ACCOUNTS = """
| Account | Kind      | Reported |
| S       | brokerage | none     |
"""


def strong(column: str) -> list[str]:
    return [name for name in NAMES[column] if name not in WEAK.get(column, ())]


READ = {f"{column}: {name}": (column, name) for column, names in chain(NAMES.items(), WEAK.items()) for name in names}
STRONG_AND_WEAK = {f"weak {column}": (column, strong(column)[0], names[0]) for column, names in WEAK.items()}
TWO = {f"two {column}": (column, *strong(column)[:2]) for column in NAMES if len(strong(column)) > 1}
NET = {f"net {name}": name for name in STATED["net"]}
BLOCKING = {f"blocking {word.strip()}": word for word in STATED["blocking"] if word not in STATED["compared"]}
IGNORED = {"Ignore Columns": "Old fee memo"}
COMPARED = {f"compared {name}": name for name in STATED["compared"]}
BY_CONTENT = {"Brokerage names": ("S", "S"), "Brokerage numbers": ("5", "5")}
ALL = {*READ, *STRONG_AND_WEAK, *TWO, *NET, *BLOCKING, *IGNORED, *COMPARED, *BY_CONTENT}


def heading_with(column: str, *names: str) -> list[str]:
    return [*(key for key in KEY_COLUMNS if key != column), *names]


def sold(heading: str, bought: str, sold: str, **settings: str) -> TaxReport:
    """Ten shares bought for 1,000 and 5, sold for 1,500 less 5, with one more column."""
    return answer(
        f"""
        | Date       | Type | Asset | Quantity | Amount | Fee | Account | Class | {heading} |
        | 2024-01-02 | Buy  | XYZ   | 10       | 1000   | 5   | S       | stock | {bought}  |
        | 2025-06-02 | Sell | XYZ   | 10       | 1500   | 5   | S       | stock | {sold}    |
        """,
        ACCOUNTS,
        **settings,
    )


def about(report: TaxReport, heading: str) -> list[str]:
    """Problems that name the heading and block filing."""
    return [str(one) for one in report.problems if heading in str(one) and (one.is_error or one.blocks_filing)]


@pytest.mark.parametrize("named", each(READ, WAITING, others=ALL))
def test_another_name_is_read_as_the_column(named: tuple[str, str]) -> None:
    column, name = named
    for written in (name, name.upper(), f" {name} "):
        heading = heading_with(column, written)
        header = find_ledger_header([heading])
        assert header is not None
        assert header.columns[column] == len(heading) - 1


@pytest.mark.parametrize("named", each(STRONG_AND_WEAK, WAITING, others=ALL))
def test_a_weak_name_beside_a_stronger_one_is_not_read(named: tuple[str, str, str]) -> None:
    column, stronger, weak = named
    for names in ((stronger, weak), (weak, stronger)):
        heading = heading_with(column, *names)
        header = find_ledger_header([heading])
        assert header is not None
        assert heading[header.columns[column]] == stronger


@pytest.mark.parametrize("named", each(TWO, WAITING, others=ALL))
def test_two_names_of_one_column_are_an_error_that_names_both(named: tuple[str, str, str]) -> None:
    column, one, other = named
    columns = {"Date": "2025-01-02", "Type": "Buy", "Asset": "XYZ", "Quantity": "10", "Amount": "100", "Account": "S"}
    cells = {name: value for name, value in columns.items() if name != column} | {
        one: columns.get(column, "1"),
        other: columns.get(column, "1"),
    }
    report = answer(f"| {' | '.join(cells)} |\n| {' | '.join(cells.values())} |", ACCOUNTS)
    assert any(one in str(problem) and other in str(problem) for problem in errors(report)), told(report)


@pytest.mark.parametrize("heading", each(NET, WAITING, others=ALL))
def test_a_net_column_is_taken_with_the_fee(heading: str) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset | Quantity | {heading} | Fee | Account | Class |
        | 2024-01-02 | Buy  | XYZ   | 10       | 1005      | 5   | S       | stock |
        | 2025-06-02 | Sell | XYZ   | 10       | 1495      | 5   | S       | stock |
        """,
        ACCOUNTS,
    )
    assert not errors(report), told(report)
    assert [(row.proceeds, row.basis) for row in dispositions(report)] == [(Decimal(1495), Decimal(1005))]


@pytest.mark.parametrize("word", each(BLOCKING, WAITING, others=ALL))
def test_a_filled_column_that_bears_on_a_number_and_is_not_read_blocks(word: str) -> None:
    heading = f"Old {word.strip()} memo"
    report = sold(heading, "x", "x")
    assert about(report, heading), told(report)
    assert not report.filing_ready
    assert not about(sold(heading, "", ""), heading)


@pytest.mark.parametrize("heading", each(IGNORED, WAITING, others=ALL))
def test_settings_may_name_columns_to_ignore(heading: str) -> None:
    report = sold(heading, "x", "x", Ignore_Columns=heading)
    assert report.filing_ready, told(report)
    assert not [str(problem) for problem in report.problems if "Ignore Columns" in str(problem)]


@pytest.mark.parametrize("heading", each(COMPARED, WAITING, others=ALL))
def test_ones_own_gain_is_compared_and_a_difference_is_told_with_both_figures(heading: str) -> None:
    agrees = sold(heading, "", "490.00")
    assert agrees.filing_ready, told(agrees)
    assert not [str(problem) for problem in agrees.problems if heading in str(problem)]
    differs = sold(heading, "", "480.00")
    assert [row.gain for row in dispositions(differs)] == [Decimal(490)]
    assert any("480.00" in str(problem) and "490.00" in str(problem) for problem in differs.problems), told(differs)


@pytest.mark.parametrize("heading", STATED["harmless"])
def test_a_column_that_bears_on_no_number_blocks_nothing(heading: str) -> None:
    report = sold(heading, "x", "x")
    assert report.filing_ready, told(report)


@pytest.mark.parametrize("cells", each(BY_CONTENT, WAITING, others=ALL))
def test_brokerage_holds_fees_or_names_by_what_stands_in_it(cells: tuple[str, str]) -> None:
    is_fee = cells[0].isdigit()
    report = answer(
        f"""
        | Date       | Type | Asset | Quantity | Amount | Brokerage  | Class | {"Account" if is_fee else "Fee"} |
        | 2024-01-02 | Buy  | XYZ   | 10       | 1000   | {cells[0]} | stock | {"S" if is_fee else "5"}         |
        | 2025-06-02 | Sell | XYZ   | 10       | 1500   | {cells[1]} | stock | {"S" if is_fee else "5"}         |
        """,
        ACCOUNTS,
    )
    assert [(row.proceeds, row.basis, row.account) for row in dispositions(report)] == [
        (Decimal(1495), Decimal(1005), "S")
    ], told(report)


@pytest.mark.parametrize("heading", ["Acct", "Venue", "Depot", "Held at", "Adj", "Stamp Duty", "Mark up"])
def test_short_and_rare_words_for_accounts_and_costs_block_too(heading: str) -> None:
    assert not sold(heading, "x", "x").filing_ready


@pytest.mark.parametrize(("name", "is_ready"), [("Coinbase", False), ("Kraken Pro", False), ("Monday", True)])
def test_a_column_of_any_name_that_holds_known_accounts_blocks(name: str, is_ready: bool) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset | Quantity | Amount | Class | Where it was | Reported |
        | 2024-01-02 | Buy  | XYZ   | 10       | 100    | stock | {name}       |          |
        | 2025-06-02 | Sell | XYZ   | 10       | 150    | stock | {name}       | none     |
        """
    )
    assert report.filing_ready is is_ready, told(report)


@pytest.mark.parametrize("basis", ["1000", "1005", "1004.99", ""])
def test_basis_of_a_purchase_may_repeat_what_was_paid(basis: str) -> None:
    assert purchase_with_basis(basis) == []


@pytest.mark.parametrize("basis", ["995", "1010", "1005.07"])
def test_basis_of_a_purchase_that_says_something_else_blocks(basis: str) -> None:
    assert purchase_with_basis(basis) == [("UNUSED_CELL", True)]


def purchase_with_basis(basis: str) -> list[tuple[str, bool]]:
    report = answer(
        f"""
        | Date       | Type | Asset | Quantity | Price | Fee | Basis   | Account | Class |
        | 2024-01-02 | Buy  | XYZ   | 10       | 100   | 5   | {basis} | S       | stock |
        """,
        ACCOUNTS,
    )
    return [(problem.code, problem.blocks_filing) for problem in report.problems]
