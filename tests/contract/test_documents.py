"""Contract, section 4: the JSON document, exit codes, and a report workbook as a ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract_answers import Answer, Write, capgain, settings

GOOD = """
    Date,Type,Asset,Quantity,Amount,Account,Class,Note,ID
    2023-01-05,Buy,XYZ,100,10000,S,stock,"=HYPERLINK(""x"")",b1
    2024-12-20,Sell,XYZ,100,8000,S,stock,+1,s1
    2025-01-10,Buy,XYZ,40,3000,S,stock,@cmd,b2
    2025-06-10,Sell,XYZ,20,3200,S,stock,-2,s2
    2025-06-11,Income,ETH,1,2000,C,crypto,,i1
    """
BAD = """
    Date,Type,Asset,Quantity,Amount,Account,Class,ID
    2024-12-20,Sell,XYZ,1000,8000,S,stock,s1
    2024-12-20,Slel,XYZ,1000,8000,S,stock,s1
    31/12/2024,Buy,XYZ,x,-5,S,stock,s2
    """
KEYS = [
    *("engine_version", "filing_status", "filing_ready", "years", "open_lots", "open_shorts"),
    *("form_1099", "problems"),
]
OPTIONS = [
    *("--status", "mfs", "--method", "hifo"),
    *settings("Account S = brokerage", "Account C = exchange", "Taxable Income 2025 = 100"),
]


def test_every_key_of_the_document_is_there_with_and_without_errors(answer: Answer) -> None:
    good = answer(GOOD, *OPTIONS)
    assert list(good) == KEYS
    assert list(good["years"]["2025"]) == [
        "dispositions",
        "basis",
        "form_8949",
        "schedule_d",
        "form_6781",
        "income",
        *("donations", "gifts", "thefts", "amt", "positions", "trust_expenses"),
        "carryover",
    ]
    bad = answer(BAD, *OPTIONS, exit_code=1)
    assert list(bad) == KEYS
    assert (bad["years"], bad["open_lots"], bad["open_shorts"], bad["filing_ready"]) == ({}, [], [], False)
    assert all(
        list(problem) == ["severity", "code", "blocks_filing", "sheet", "row", "column", "message", "remedy"]
        for problem in bad["problems"]
    )
    assert {(problem["row"], problem["column"]) for problem in bad["problems"]} >= {
        (2, "Quantity"),
        (3, "Type"),
        (3, "ID"),
        (4, "Date"),
        (4, "Quantity"),
        (4, "Amount"),
    }


@pytest.mark.parametrize("extra", [[], ["--draft"]])
def test_report_refuses_with_the_document_that_compute_gives(
    ledger: Write, answer: Answer, tmp_path: Path, extra: list[str]
) -> None:
    out = tmp_path / "out.xlsx"
    refused = capgain("report", ledger(BAD), "-o", out, "--json", *extra, *OPTIONS)
    assert refused.exit_code == 1
    assert json.loads(refused.stdout) == answer(BAD, *OPTIONS, exit_code=1)
    assert out.exists() == bool(extra)


def test_a_draft_says_that_it_was_written_and_not_that_nothing_was(ledger: Write, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    told = capgain("report", ledger(BAD), "-o", out, "--draft")
    assert told.exit_code == 1
    assert "Wrote the draft" in told.stderr
    assert "nothing was" not in told.stderr


@pytest.mark.parametrize("year", ["2024", "2025", "all"])
def test_a_report_workbook_gives_the_numbers_it_was_made_from(
    ledger: Write, answer: Answer, tmp_path: Path, year: str
) -> None:
    path = ledger(GOOD)
    before = path.read_bytes()
    out = tmp_path / "out.xlsx"
    assert capgain("report", path, "-o", out, "--year", year, *OPTIONS).exit_code == 0
    assert path.read_bytes() == before
    assert json.loads(capgain("compute", out, "--json").stdout) == answer(GOOD, *OPTIONS)


def test_lots_of_a_year_are_those_at_its_end(answer: Answer) -> None:
    assert [(lot["row"], lot["quantity"]) for lot in answer(GOOD, *OPTIONS, "--year", "2024")["open_lots"]] == []
    assert [lot["row"] for lot in answer(GOOD, *OPTIONS, "--year", "2025")["open_lots"]] == [6, 4]


def test_a_january_purchase_changes_the_december_row_of_the_year_before(answer: Answer) -> None:
    (row,) = answer(GOOD, *OPTIONS, "--year", "2024")["years"]["2024"]["dispositions"]
    assert (row["code"], row["adjustment"], row["wash_disallowed"], row["gain"]) == (
        "W",
        "800.00",
        "800.00",
        "-1200.00",
    )
