"""`capgain tax`, `harvest`, `whatif` and `compare`: what people read, the JSON, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from command_line import Run, process

Document = Callable[..., Mapping[str, Any]]
INCOME = ("--set", "Other Income 2025=60000", "--set", "Filing Status=single")
ROWS = (
    "2025-01-06,Buy,WIN,10,,1000,,Schwab,stock,,,",
    "2025-03-03,Sell,WIN,10,,6000,,Schwab,stock,,,",
    "2025-02-03,Buy,XYZ,100,,10000,,Schwab,stock,,LOT-1,",
    "2025-12-01,Buy,XYZ,40,,3600,,Schwab,stock,,LOT-2,",
    "2024-02-05,Buy,BTC,0.5,,30000,,Kraken,crypto,,,",
)
"""5,000 of short-term gain in 2025; 100 XYZ bought at 100 and 40 at 90; half a coin."""


@pytest.fixture
def ledger(csv_ledger: Callable[..., Path]) -> Path:
    return csv_ledger(*ROWS)


def test_tax_says_what_the_gains_add_and_the_next_dollar(run: Run, ledger: Path) -> None:
    """T(65,000) - T(60,000) = 9,220 - 8,120."""
    said = run("tax", ledger, "--year", "2025", *INCOME).stdout
    assert "The gains add 1,100.00 of tax." in said
    assert "The next dollar: 22% if short-term, 15% if long-term" in said
    assert "468,400.00 in the 15% band" in said


def test_tax_as_json_has_both_returns_line_by_line(document: Document, ledger: Path) -> None:
    found = document("tax", ledger, "--year", "2025", *INCOME)
    assert (found["with_gains"]["total"], found["without_gains"]["total"]) == ("9220.00", "8120.00")
    assert (found["with_gains"]["method"], found["with_gains"]["worksheet"]) == (
        "Tax Table or Tax Computation Worksheet",
        {},
    )
    assert (found["difference"], found["marginal_rates"]["short"]) == ("1100.00", "0.22")
    assert found["with_gains"]["niit"] is None
    dividends = document("tax", ledger, "--year", "2025", *INCOME, "--set", "Qualified Dividends 2025=1000")
    assert dividends["with_gains"]["worksheet"]["18"] == "150.00"


def test_tax_without_income_is_refused_naming_the_settings(run: Run, ledger: Path) -> None:
    result = run("tax", ledger, "--year", "2025")
    assert result.exit_code == 1
    assert "Taxable Income, Other Income or AGI Without Gains" in result.stderr
    assert "2025" in result.stderr


def test_harvest_lists_what_each_lot_saves_and_names_the_wash_sale(run: Run, ledger: Path) -> None:
    """Loss 20 a share on 100 shares; 40 bought on 1 December replace 40: 800. The other 1,200 save 264."""
    said = run("harvest", ledger, "--as-of", "2025-12-15", "--price", "XYZ=80", "--price", "BTC=70000", *INCOME).stdout
    (line,) = (line for line in said.splitlines() if "02/03/2025" in line)
    assert "-2,000.00" in line
    assert "264.00" in line
    assert "WASH SALE with row 5: 800.00 not allowed; clear from 01/01/2026" in line
    assert "do not buy them back, in any account, before 01/15/2026" in said
    assert "Useful this year: up to 8,000.00 of short-term" in said
    assert "to that extent the tax is put off" in said


def test_harvest_as_json(document: Document, ledger: Path) -> None:
    given = ("--as-of", "12/15/2025", "--price", "XYZ=$80")
    found = document("harvest", ledger, *given, *INCOME)
    first = next(lot for lot in found["losses"] if lot["row"] == 4)
    assert (first["wash_sale"], first["wash_rows"], first["wash_disallowed"]) == (True, [5], "800.00")
    assert first["used"] == {"same_kind": "1200.00", "other_kind": "0.00", "income": "0.00", "carried": "0.00"}
    assert (first["saves"], first["sell"], first["clear_from"]) == ("264.00", "0", "2026-01-01")
    # The 40 shares of 1 December are not replaced by those of February: a loss of 400 saves 88.
    second = next(lot for lot in found["losses"] if lot["row"] == 5)
    assert (second["saves"], second["sell"], second["wash_sale"], found["saves"]) == ("88.00", "40", False, "88.00")
    assert found["unpriced"] == ["BTC"]
    assert found["gains"] == {"short": "5000.00", "long": "0.00", "net": "5000.00"}


def test_harvest_without_income_shows_no_dollars_of_tax(run: Run, document: Document, ledger: Path) -> None:
    given = ("--as-of", "2025-12-15", "--price", "XYZ=80")
    said = run("harvest", ledger, *given).stdout
    assert "No dollars of tax without the year's income" in said
    assert '--set "Other Income 2025=90000"' in said
    assert "Saves" not in said
    found = document("harvest", ledger, *given)
    assert {lot["saves"] for lot in found["losses"]} == {None}
    assert "'Other Income 2025'" in found["missing"]


def test_harvest_without_any_price_says_where_prices_come_from(run: Run, ledger: Path) -> None:
    result = run("harvest", ledger)
    assert result.exit_code == 1
    assert "Add a sheet Prices" in result.stderr
    assert "--price BTC=90000" in result.stderr


def test_whatif_shows_every_order_and_marks_the_cheapest(run: Run, document: Document, ledger: Path) -> None:
    """At 130: the lot of February gains 30 a share, that of December 40; 10 shares cost 66 or 88."""
    sale = ("whatif", ledger, "xyz", "10", "130", "--date", "2025-12-15")
    said = run(*sale, *INCOME).stdout
    assert "Cheapest now: fifo from Schwab, tax 66.00 in 2025." in said
    assert next(line.split()[0] for line in said.splitlines() if "Schwab" in line) == "*"
    found = document(*sale, *INCOME)
    by_method = {outcome["method"]: outcome for outcome in found["outcomes"]}
    assert list(by_method) == ["fifo", "lifo", "hifo", "lofo", "min_tax"]
    assert (by_method["fifo"]["tax"], by_method["lofo"]["tax"]) == ("66.00", "88.00")
    assert (by_method["fifo"]["tax_per_dollar"], by_method["fifo"]["cheapest"]) == ("0.0508", True)
    assert by_method["lofo"]["lots"][0]["row"] == 5
    assert by_method["fifo"]["all_long_from"] == "2026-02-04"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (("XYZ", "500", "130"), 1, "No account holds 500 XYZ"),
        (("XYZ", "10", "130", "--account", "Kraken"), 1, "No XYZ is held in Kraken"),
        (("XYZ", "ten", "130"), 2, "ten"),
        (("XYZ", "0", "130"), 2, "not more than zero"),
        (("XYZ", "10", "130", "--date", "soon"), 2, "2025-12-31"),
    ],
)
def test_whatif_refuses_what_cannot_be(
    run: Run, ledger: Path, arguments: tuple[str, ...], exit_code: int, says: str
) -> None:
    result = run("whatif", ledger, *arguments)
    assert result.exit_code == exit_code
    assert says in result.stderr


def test_compare_is_headed_as_not_available_for_past_sales(run: Run, document: Document, ledger: Path) -> None:
    said = run("compare", ledger, "--year", "2025", *INCOME).stdout
    assert "not available for sales already made" in said.splitlines()[0]
    assert "Carried out of 2025" in said
    found = document("compare", ledger, "--year", "2025", *INCOME)
    assert [year["method"] for year in found["methods"]] == ["as entered", "fifo", "lifo", "hifo", "lofo", "min_tax"]
    assert {year["tax_difference"] for year in found["methods"]} == {"0.00"}
    assert found["methods"][0]["held"][0]["asset"] == "BTC"


def test_compare_refuses_a_year_without_sales(run: Run, ledger: Path) -> None:
    result = run("compare", ledger, "--year", "2024")
    assert result.exit_code == 1
    assert "nothing to compare" in result.stderr


@pytest.mark.parametrize(
    "command", [("tax",), ("harvest", "--price", "XYZ=1"), ("whatif", "XYZ", "1", "1"), ("compare",)]
)
def test_a_ledger_with_errors_gives_its_problems_and_exit_code_1(
    command: tuple[str, ...], run: Run, csv_ledger: Callable[..., Path]
) -> None:
    broken = csv_ledger("2025-01-06,Sell,WIN,10,,1000,,Schwab,stock,,,")
    result = run(command[0], broken, *command[1:])
    assert result.exit_code == 1
    assert "row 2" in result.stderr
    as_json = run(command[0], broken, *command[1:], "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["problems"][0]["row"] == 2


def test_a_pipe_gets_every_cell_whole_and_no_control_characters(ledger: Path) -> None:
    said = process("compare", ledger, "--year", "2025", *INCOME, COLUMNS="60").stdout
    assert "…" not in said
    assert "\x1b" not in said
    assert any(
        line.split() == ["fifo", "5,000.00", "0.00", "5,000.00", "9,220.00", "0.00"] for line in said.splitlines()
    )
