"""The cases of tax/*.toml, asked of `worksheet`, `tax`, `harvest`, `whatif`, `estimate`, `rates` and `compute`."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from books_of_tables import written
from contract_answers import capgain, settings
from law.tables import Row, table
from waiting import each

FOLDER = Path(__file__).parent / "tax"
WAITING = FOLDER / "waiting.txt"
CENT = Decimal("0.01")
NO_SALE = (
    "| Date | Type | Asset | Quantity | Price | Account | Class |\n| 2020-01-06 | Buy | KEEP | 1 | 1 | B | stock |"
)

Case = Mapping[str, Any]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def named(cases: Iterable[Case]) -> dict[str, Case]:
    return {case["id"]: case for case in cases}


FORM_6251 = named(read("form_6251")["case"])
MINIMUM_TAX = named(read("minimum_tax")["case"])
LINE_15 = named(table(read("line_15")["cases"]))
FORM_8960 = named(table(read("form_8960")["stated"]))
FORM_8960_LINES = named(table(read("form_8960")["lines"]))
FORM_6781 = named(read("form_6781")["case"])
ESTIMATES = named(read("estimated_tax")["case"])
DUE_DATES = named(table(read("estimated_tax")["due_dates"]))
WITHOUT_BRACKETS = named(read("law_without_brackets")["case"])
RATES = named(read("rates")["case"])
SYMBOLS = named(table(read("symbols")["symbols"]))
KINDS = (
    *(FORM_6251, MINIMUM_TAX, LINE_15, FORM_8960, FORM_6781),
    *(ESTIMATES, DUE_DATES, WITHOUT_BRACKETS, RATES, SYMBOLS),
)
EVERY = {name: case for kind in KINDS for name, case in kind.items()}
TITLES = {name: case["title"] for name, case in EVERY.items() if "title" in case}


def of(cases: Mapping[str, Case]) -> list[object]:
    return each(cases, WAITING, TITLES if cases.keys() <= TITLES.keys() else None, others=EVERY)


def ledger(text: str, folder: Path, *more: Row) -> Path:
    """The rows as a CSV, and more rows in the same columns."""
    rows = table(text)
    path = folder / ("ledger.csv" if not more else "ledger_and_sale.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, *more])
    return path


def stated(case: Case, *more: str) -> list[str]:
    return [
        "--status",
        case["status"],
        *settings(*(f"{name}={value}" for name, value in case.get("settings", {}).items()), *more),
    ]


def document(*arguments: object) -> dict[str, Any]:
    result = capgain(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def near(expected: str, actual: object) -> bool:
    """Equal to the cent; a blank is a blank."""
    if not expected or actual in (None, ""):
        return not expected and actual in (None, "")
    return abs(Decimal(str(actual)) - Decimal(expected)) <= CENT


def check(expected: Mapping[str, str], actual: Mapping[str, Any]) -> None:
    """Each amount stated is there, to the cent."""
    wrong = {name: actual.get(name) for name, amount in expected.items() if not near(amount, actual.get(name))}
    assert not wrong, f"{wrong}, should be {dict(expected)}"


@pytest.mark.parametrize("case", of(FORM_6251))
def test_form_6251_line_by_line(case: Case) -> None:
    """All lines that apply and no other, and line 16 of Form 1040."""
    expected: dict[str, str] = {}
    for part in case["lines"].strip().split("\n\n"):
        (row,) = table(part)
        expected |= row
    given = settings(*(f"{line}={amount}" for line, amount in case["set"].items()))
    lines = document("worksheet", "6251", "--year", case["year"], "--status", case["status"], *given)["lines"]
    assert sorted(lines) == sorted(expected)
    check(expected, lines)


def tax_of(case: Case, path: Path, year: int) -> dict[str, Any]:
    return document("tax", path, "--year", year, *stated(case))


@pytest.mark.parametrize("case", of(MINIMUM_TAX))
def test_federal_tax_holds_the_minimum_tax(case: Case, tmp_path: Path) -> None:
    {"tax": tax_command, "harvest": harvest_command, "whatif": whatif_command}[case["command"]](case, tmp_path)


def tax_command(case: Case, folder: Path) -> None:
    answer = tax_of(case, ledger(case["ledger"], folder), case["year"])
    for row in table(case["tax"]):
        check(row, answer[row.pop("return")])
    check({"difference": case["difference"]}, answer)


def harvest_command(case: Case, folder: Path) -> None:
    """What the only lot at a loss saves; the sums behind it are those of `tax` without and with its sale."""
    path = ledger(case["ledger"], folder)
    year = int(case["as_of"][:4])
    price = f"{case['asset']}={case['price']}"
    (lot,) = document("harvest", path, "--as-of", case["as_of"], "--price", price, *stated(case))["losses"]
    assert lot["asset"] == case["asset"]
    check({"saves": case["saves"]}, lot)
    sale = {"Date": case["as_of"], "Type": "Sell", "Asset": lot["asset"], "Quantity": lot["quantity"]}
    sale |= {"Price": case["price"], "Account": lot["account"]}
    before, after = table(case["tax"])
    for row, ledger_file in ((before, path), (after, ledger(case["ledger"], folder, sale))):
        assert row.pop("sale") in ("before", "after")
        check(row, tax_of(case, ledger_file, year)["with_gains"])


def whatif_command(case: Case, folder: Path) -> None:
    """The tax of the only lot under every order; its part of minimum tax is that of `tax` with the sale."""
    path = ledger(case["ledger"], folder)
    (expected,) = table(case["outcome"])
    minimum = expected.pop("amt")
    planned = (case["asset"], case["quantity"], case["price"])
    for outcome in document("whatif", path, *planned, "--date", case["date"], *stated(case))["outcomes"]:
        check(expected, outcome)
    sale = {"Date": case["date"], "Type": "Sell", "Asset": case["asset"], "Quantity": case["quantity"]}
    sale |= {"Price": case["price"], "Account": "Schwab"}
    sold = tax_of(case, ledger(case["ledger"], folder, sale), int(case["date"][:4]))
    check({"amt": minimum}, sold["with_gains"])
    check({"amt": "0.00"}, sold["without_gains"])


@pytest.mark.parametrize("case", of(LINE_15))
def test_line_15_from_income_deductions_and_gains(case: Case, tmp_path: Path) -> None:
    """`taxable_income` is line 15, signed; lines 1 and 2a of Form 6251 hold the senior deduction and line 12e."""
    gain, year = Decimal(case["line 7a"]), case["year"]
    sale = {"Date": f"{year}-03-03", "Type": "Sell", "Asset": "KEEP", "Quantity": "1", "Account": "B"}
    rows = NO_SALE.replace("| 1 | B |", "| 100000 | B |")
    path = ledger(rows, tmp_path, *([sale | {"Price": str(100_000 + gain)}] if gain else []))
    names = ("AGI Without Gains", "65 or Older", "Blind", "Itemized Deductions", "Spouse Itemizes")
    income = settings(*(f"{name}={case[name]}" for name in names if case[name]), "Account B=brokerage")
    answer = document("tax", path, "--year", year, "--status", case["status"], *income)["with_gains"]
    assert Decimal(case["AGI"]) - Decimal(case["12e"]) - Decimal(case["1A-37"]) == Decimal(case["15"])
    check({"capital_gain": case["line 7a"], "taxable_income": case["15"]}, answer)
    if case["deduction"] == "standard":
        line_1 = str(Decimal(case["15"]) + Decimal(case["1A-37"]))
        check({"1": line_1, "2a": case["12e"]}, answer["form_6251"])
    else:
        assert answer["amt"] is None, "Schedule A line 7 is not stated"


@pytest.mark.parametrize("case", of(FORM_8960))
def test_form_8960_line_by_line(case: Case) -> None:
    lines = [f"{line}={case[line]}" for line in ("MAGI", "5a", "1", "2", "4a", "4b", "5b", "9a", "9b") if case[line]]
    answer = document("worksheet", "niit", "--year", case["year"], "--status", case["status"], *settings(*lines))
    check({line: amount for line, amount in FORM_8960_LINES[case["id"]].items() if line != "id"}, answer["lines"])


@pytest.mark.parametrize("case", of(FORM_6781))
def test_form_6781_of_section_1256_contracts(case: Case, tmp_path: Path) -> None:
    """Part I, boxes 8 to 11 of each account, and lines 4 and 11 of Schedule D."""
    path = written({name: case[name] for name in ("ledger", "prices") if name in case}, tmp_path / "book.xlsx")
    years = document("compute", path, *stated({"status": "single", **case}))["years"]
    for row in table(case["lines"]):
        year = years[row.pop("year")]
        check({"4": row.pop("D4"), "11": row.pop("D11")}, year["schedule_d"])
        assert sorted(year["form_6781"]["lines"]) == sorted(row)
        check(row, year["form_6781"]["lines"])
    boxes = table(case["boxes"])
    for year in {row["year"] for row in boxes}:
        assert sorted(years[year]["form_6781"]["accounts"]) == sorted(r["account"] for r in boxes if r["year"] == year)
    for row in boxes:
        check(row, years[row.pop("year")]["form_6781"]["accounts"][row.pop("account")])


@pytest.mark.parametrize("case", of(ESTIMATES))
def test_estimated_tax(case: Case, tmp_path: Path) -> None:
    path = ledger(case.get("ledger", NO_SALE), tmp_path)
    answer = document("estimate", path, "--year", case["year"], *stated(case))
    (expected,) = table(case["answer"])
    check(expected, answer)
    assert answer["none_required"] == case.get("none_required")
    if "annualized_tax" in case:
        assert all(map(near, case["annualized_tax"], answer["annualized_tax"])), answer["annualized_tax"]
    expected_rows = table(case["installments"])
    assert [row["due"] for row in answer["installments"]] == [row.pop("due") for row in expected_rows]
    for row, installment in zip(expected_rows, answer["installments"], strict=True):
        check(row, installment)


@pytest.mark.parametrize("case", of(DUE_DATES))
def test_due_dates_of_estimated_tax(case: Case, tmp_path: Path) -> None:
    year = case["year"]
    tax = settings(f"Current Year Tax {year}=20000")
    answer = document("estimate", ledger(NO_SALE, tmp_path), "--year", year, "--status", "single", *tax)
    assert [row["due"] for row in answer["installments"]] == [case[place] for place in "1234"]
    assert case["no 4th if filed and paid by"] in json.dumps(answer)


@pytest.mark.parametrize("case", of(WITHOUT_BRACKETS))
def test_the_law_of_a_year_without_figures(case: Case, tmp_path: Path) -> None:
    path = ledger(case["ledger"], tmp_path)
    for row in table(case["years"]):
        name = row.pop("year")
        year = document("compute", path, "--year", name, *stated(case))["years"][name]
        assert year["basis"] == row.pop("basis")
        check({"short": row.pop("short carried"), "long": row.pop("long carried")}, year["carryover"])
        check(row, year["schedule_d"])
    refused = case["refused_year"]
    status = ("--year", refused, "--status", case["status"])
    assert capgain("tax", path, "--year", refused, *stated(case, f"Other Income {refused}=50000")).exit_code == 1
    for worksheet in ("qdcgt", "6251"):
        income = settings("1040-15=50000", "D15=1000", "D16=1000")
        known = capgain("worksheet", worksheet, "--year", refused - 1, "--status", case["status"], *income)
        assert known.exit_code == 0, known.output
        result = capgain("worksheet", worksheet, *status, *income)
        assert result.exit_code != 0
        assert str(refused) in result.output
    capgain("handoff", path, "-o", tmp_path / "package", "--year", refused, *stated(case))
    assert list(tmp_path.rglob("*.pdf")) == []


def filled(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("case", of(RATES))
def test_rates_of_a_year(case: Case) -> None:
    """These rows in this order; what follows them are sources, without a figure."""
    answer = document("rates", "--year", case["year"], "--status", case["status"])
    expected = table(case["rates"])
    assert answer["columns"] == list(expected[0])
    rows = filled(answer["rows"])
    for line, row in zip(expected, rows, strict=False):
        item, *figures = line.values()
        assert row[0] == item
        assert all(Decimal(a) == Decimal(b) if a and b else a == b for a, b in zip(figures, row[1:], strict=True)), row
    assert len(rows) >= len(expected)
    assert not any(cell for row in rows[len(expected) :] for cell in row[1:])


@pytest.mark.parametrize("case", of(SYMBOLS))
def test_what_an_asset_is_by_its_symbol(case: Case, tmp_path: Path) -> None:
    """Bought at 10 and sold at 12: the gain tells the size."""
    text = f"""
        | Date       | Type | Asset           | Quantity | Price | Account | Class           |
        | 2025-01-15 | Buy  | {case["Asset"]} | 1        | 10    | S       | {case["Class"]} |
        | 2025-02-18 | Sell | {case["Asset"]} | 1        | 12    | S       | {case["Class"]} |
    """
    given = ("--status", "single", *settings("Account S=brokerage"))
    result = capgain("compute", ledger(text, tmp_path), *given, "--json")
    answer = json.loads(result.stdout)
    codes = {problem.get("code") for problem in answer["problems"]}
    if case["is"] == "refuse":
        assert result.exit_code == 1
        assert any(problem["row"] == 2 and problem["severity"] == "error" for problem in answer["problems"])
        return
    assert result.exit_code == 0, answer["problems"]
    year = answer["years"]["2025"]
    gain = str(2 * Decimal(case["size"] or "1"))
    assert ("V-ASK" in codes) is (case["is"] == "ask")
    assert answer["filing_ready"] is (case["is"] != "ask")
    if case["is"] == "1256":
        assert not year["dispositions"]
        check({"7": gain}, year["form_6781"]["lines"])
    else:
        (row,) = year["dispositions"]
        check({"gain": gain}, row)
        assert row["box"] in ("GHI" if case["is"] == "crypto" else "ABC")
