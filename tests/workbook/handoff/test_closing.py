"""What a year opens with is held against what last year's package closed with."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from capgain.engine.compute import compute
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.handoff.handed_off import Handoff
from capgain.workbook.handoff.manifest import NoPriorPackage
from capgain.workbook.handoff.package import handoff
from capgain.workbook.reading import read_ledger_file
from contract_answers import capgain

HEAD = "Date,Type,Asset,Quantity,Amount,Account,Class,Acquired,Basis\n"
ROWS = """2023-01-02,Buy,BTC,1,20000,Kraken,crypto,,
2023-05-02,Buy,VTI,100,20000.11,Schwab,fund,,
2024-02-02,Sell,BTC,0.3,15000,Kraken,crypto,,
2024-03-02,Sell,VTI,33,9000,Schwab,fund,,
"""
LATER = "2025-03-03,Sell,BTC,0.2,15000,Kraken,crypto,,\n2025-12-31,Buy,BTC,0.1,9000,Kraken,crypto,,\n"
SET = ("Filing Status = single", "Account Kraken = exchange", "Account Schwab = brokerage")
WORDS = "Opening of 2025 = last closing"


def ledger(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def made(path: Path, out: Path, year: int, prior: Path | None = None, today: date = date(2026, 2, 1)) -> Handoff:
    return handoff(path, out, year=year, forms_dir=out / "none", overrides=SET, prior=prior, today=today)


def checks(out: Path) -> list[str]:
    sheet = openpyxl.load_workbook(out / "workpapers.xlsx", data_only=True)["Checks"]
    return [
        f"{what}: {float(here):.2f} {float(should):.2f} {result}"
        for _, _, what, here, should, _, result, *_ in sheet.iter_rows(values_only=True)
        if str(what).startswith(WORDS)
    ]


@pytest.fixture
def last_year(tmp_path: Path) -> Path:
    return made(ledger(tmp_path, "then.csv", ROWS), tmp_path / "then", 2024).folder


def test_units_and_basis_of_each_asset_in_an_account_are_those_of_last_years_package(
    last_year: Path, tmp_path: Path
) -> None:
    found = made(ledger(tmp_path, "now.csv", ROWS + LATER), tmp_path / "now", 2025, last_year)
    assert found.checks_failed == 0
    assert checks(found.folder) == [
        f"{WORDS}: units of BTC in Kraken: 0.70 0.70 PASS",
        f"{WORDS}: basis of BTC in Kraken: 14000.00 14000.00 PASS",
        f"{WORDS}: units of VTI in Schwab: 67.00 67.00 PASS",
        f"{WORDS}: basis of VTI in Schwab: 13400.07 13400.07 PASS",
    ]


@pytest.mark.parametrize(
    ("old", "new", "fails"),
    [
        ("1,20000,", "1,20100,", "basis of BTC in Kraken"),
        ("1,20000,", "1.1,20000,", "units of BTC in Kraken"),
        ("Schwab", "Vanguard", "units of VTI in Vanguard"),
    ],
)
def test_a_row_of_an_earlier_year_that_changed_since_fails_by_name(
    last_year: Path, tmp_path: Path, old: str, new: str, fails: str
) -> None:
    found = made(ledger(tmp_path, "now.csv", (ROWS + LATER).replace(old, new)), tmp_path / "now", 2025, last_year)
    assert f"{WORDS}: {fails}" in found.failed
    assert not found.filing_ready


def test_an_asset_that_is_gone_from_the_ledger_is_missed(last_year: Path, tmp_path: Path) -> None:
    rows = "".join(line for line in (ROWS + LATER).splitlines(keepends=True) if "VTI" not in line)
    found = made(ledger(tmp_path, "now.csv", rows), tmp_path / "now", 2025, last_year)
    assert [what for what in found.failed if "VTI" in what] == [
        f"{WORDS}: units of VTI in Schwab",
        f"{WORDS}: basis of VTI in Schwab",
    ]


def test_a_ledger_that_begins_with_the_opening_rows_opens_with_them(last_year: Path, tmp_path: Path) -> None:
    text = (last_year / "import" / "opening-2025.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text, newline="")))
    later = [dict(zip(HEAD.strip().split(","), line.split(","), strict=True)) for line in LATER.splitlines()]
    path = tmp_path / "now.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, [*rows[0], "Amount"], restval="")
        writer.writeheader()
        writer.writerows([*rows, *later])
    found = made(path, tmp_path / "now", 2025, last_year)
    assert found.failed == ()
    assert [line.rpartition(" ")[2] for line in checks(found.folder)] == ["PASS"] * 4


def test_the_package_in_the_output_folder_is_asked_and_remembered(tmp_path: Path) -> None:
    path, out = ledger(tmp_path, "all.csv", ROWS + LATER), tmp_path / "out"
    made(path, out, 2024)
    made(path, out, 2025)
    before = checks(out)
    assert len(before) == 4
    content = {file.name: file.read_bytes() for file in out.iterdir() if file.is_file()}
    made(path, out, 2025)
    assert checks(out) == before
    assert {file.name: file.read_bytes() for file in out.iterdir() if file.is_file()} == content
    assert json.loads((out / "manifest.json").read_text())["prior_closing"]["BTC"]["Kraken"]["units"] == "0.7"


def test_a_package_of_a_year_that_was_not_over_says_nothing_of_its_closing(tmp_path: Path) -> None:
    path, out = ledger(tmp_path, "all.csv", ROWS + LATER), tmp_path / "out"
    made(path, out, 2024, today=date(2024, 11, 1))
    made(path, out, 2025)
    assert checks(out) == []
    assert json.loads((out / "manifest.json").read_text())["prior_closing"] is None


def test_a_folder_that_is_no_package_of_last_year_is_refused_by_name(last_year: Path, tmp_path: Path) -> None:
    path = ledger(tmp_path, "now.csv", ROWS + LATER)
    this_year = made(path, tmp_path / "this", 2025).folder
    unfinished = made(path, tmp_path / "unfinished", 2024, today=date(2024, 11, 1)).folder
    for folder, says in ((tmp_path, "no package"), (this_year, "of 2025"), (unfinished, "before its end")):
        with pytest.raises(NoPriorPackage, match=says):
            made(path, tmp_path / "out", 2025, folder)
        assert not (tmp_path / "out").exists()
    result = capgain("handoff", path, "-o", tmp_path / "out", "--prior", tmp_path, "--as-of", "2026-02-01")
    assert result.exit_code == 1
    assert "holds no package of CapGain" in result.output


INHERITED = """2024-11-01,Inherit,AAPL,10,1000,Schwab,stock,,
2023-01-02,Opening,DRIP,40,,Schwab,fund,VARIOUS long,900
2024-01-03,Opening,NEW,4,,Schwab,stock,VARIOUS short,400
2024-03-02,Buy,VTI,3,600,Schwab,fund,,
"""


def beginning_with(out: Path, later: Sequence[str], folder: Path) -> Path:
    """A ledger that begins with the rows of sheet Opening and goes on with later ones."""
    opening = list(csv.DictReader(StringIO((out / "import" / "opening-2025.csv").read_text("utf-8"), newline="")))
    path = folder / "begun.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(dict.fromkeys((*opening[0], "Amount"))), restval="")
        writer.writeheader()
        writer.writerows(opening)
        writer.writerows(dict(zip(HEAD.strip().split(","), line.split(","), strict=True)) for line in later)
    return path


def test_inherited_and_undated_lots_open_the_next_year_as_what_they_are(tmp_path: Path) -> None:
    sales = [f"2025-02-03,Sell,{asset},3,900,Schwab,,," for asset in ("AAPL", "DRIP", "NEW", "VTI")]
    whole = ledger(tmp_path, "whole.csv", INHERITED + "\n".join(sales) + "\n")
    out = made(ledger(tmp_path, "then.csv", INHERITED), tmp_path / "then", 2024).folder
    opening = (out / "import" / "opening-2025.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[7] for line in opening[1:]] == [
        "INHERITED 2024-11-01",
        "VARIOUS long",
        "VARIOUS short",
        "2024-03-02",
    ]
    begun = beginning_with(out, sales, tmp_path)

    def said(path: Path) -> Sequence[tuple[object, ...]]:
        rows: Sequence[Disposition] = (
            compute(read_ledger_file(path, overrides=SET).ledger, today=date(2026, 2, 1)).years[2025].dispositions
        )
        return [(row.asset, row.units, row.basis_cents, row.term, row.box, row.acquired_text) for row in rows]

    assert said(begun) == said(whole)


@pytest.mark.parametrize(
    ("acquired", "says"),
    [
        ("INHERITED 2026-01-01", "lies after Date"),
        ("INHERITED someday", "not a date"),
        ("INHERITED long", "not a date"),
    ],
)
def test_an_inherited_lot_with_no_day_or_a_later_one_is_refused(tmp_path: Path, acquired: str, says: str) -> None:
    path = ledger(tmp_path, "one.csv", f"2025-01-01,Opening,AAPL,10,,Schwab,stock,{acquired},1000\n")
    (problem,) = (one for one in read_ledger_file(path, overrides=SET).ledger.problems if one.is_error)
    assert problem.column == "Acquired"
    assert says in problem.message


GIVEN = """2021-05-03,Gift In,AAPL,30,3000.10,Schwab,stock,2019-08-01,4000.30
2024-12-10,Gift In,MSFT,10,0,Schwab,stock,VARIOUS long,400
2024-02-05,ISO Exercise,ACME,9,900,Schwab,stock,,5000.05
2024-06-03,Sell,AAPL,7,1400,Schwab,stock,,
2024-06-04,Sell,ACME,2,1400,Schwab,stock,,
2024-07-01,Split,ACME,3,,Schwab,stock,,
"""


def test_gifts_and_shares_of_an_option_open_the_next_year_with_both_of_their_bases(tmp_path: Path) -> None:
    sales = [
        *("2025-02-03,Sell,AAPL,5,200,Schwab,,,", "2025-02-04,Sell,AAPL,5,700,Schwab,,,"),
        *("2025-02-05,Sell,AAPL,5,600,Schwab,,,", "2025-02-06,Sell,MSFT,3,50,Schwab,,,"),
        *("2025-02-07,Sell,ACME,4,900,Schwab,,,", "2025-06-06,Buy,VTI,1,100,Schwab,fund,,"),
    ]
    whole = ledger(tmp_path, "whole.csv", GIVEN + "\n".join(sales) + "\n")
    first = made(ledger(tmp_path, "then.csv", GIVEN), tmp_path / "then", 2024)
    assert first.failed == ()
    assert not any("Opening" in line for line in first.left_to_do)
    rows = (first.folder / "import" / "opening-2025.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split(",")[:3] for row in rows] == [
        ["2021-05-03", "Gift In", "AAPL"],
        ["2024-02-05", "ISO Exercise", "ACME"],
        ["2024-12-10", "Gift In", "MSFT"],
    ]

    def said(path: Path) -> object:
        report = compute(read_ledger_file(path, overrides=SET).ledger, today=date(2026, 2, 1))
        year = report.years[2025]
        held = [(lot.asset, lot.quantity, lot.basis, lot.amt_basis, lot.loss_basis) for lot in report.open_lots]
        shown = [(row.asset, row.units, row.basis_cents, row.held_since, row.term) for row in year.dispositions]
        return shown, held, [(item.line, item.amount) for item in report.minimum_tax if item.year == 2025]

    begun = beginning_with(first.folder, sales, tmp_path)
    assert said(begun) == said(whole)
    second = made(begun, tmp_path / "now", 2025, first.folder)
    assert second.failed == ()


def test_what_the_opening_rows_do_not_hold_is_left_to_do(tmp_path: Path) -> None:
    rows = """2024-10-01,Buy,VTI,10,1000,Schwab,fund,,
2024-12-02,Capital Gain Distribution,VTI,,90,Schwab,fund,,
2024-12-03,Short Sell,XOM,5,500,Schwab,stock,,
2024-11-20,Buy,ACME,10,900,Schwab,stock,,
2024-11-25,Sell,ACME,10,500,Schwab,stock,,
2024-12-05,ISO Exercise,ACME,10,100,Schwab,stock,,800
"""
    left = " ".join(made(ledger(tmp_path, "held.csv", rows), tmp_path / "out", 2024).left_to_do)
    for what in ("a fund paid on shares", "short sales that are open", "shares that replaced a loss"):
        assert what in left
    assert "1256" not in left


def test_what_a_fund_paid_more_than_six_months_ago_is_not_left_to_do(tmp_path: Path) -> None:
    rows = """2024-06-30,Buy,VTI,10,1000,Schwab,fund,,
2024-07-02,Capital Gain Distribution,VTI,,90,Schwab,fund,,
"""
    assert "a fund paid" not in " ".join(made(ledger(tmp_path, "l.csv", rows), tmp_path / "out", 2024).left_to_do)
