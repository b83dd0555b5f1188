"""Bad input: exit code 1, every problem with its place, what is wrong and what to do, and nothing written."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from command_line import Run

Document = Callable[..., Mapping[str, Any]]
CsvLedger = Callable[..., Path]
HEADER = "Date,Type,Asset,Quantity,Price,Amount,Fee,Account,Class,Lot,ID,Note"
BUY = "2025-01-03,Buy,XYZ,10,100,,,Schwab,stock,,B1,"

LEDGERS: dict[str, tuple[str, tuple[str, ...], int, str, tuple[str, ...]]] = {
    "a column that is missing": (
        "Date,Type,Asset,Price",
        ("2025-01-03,Buy,XYZ,100",),
        1,
        "Quantity",
        ("Quantity",),
    ),
    "an unknown type": (HEADER, (BUY, "2025-02-03,Yield Farm,XYZ,1,1,,,Schwab,stock,,,"), 3, "Type", ("Yield Farm",)),
    "text in a number": (HEADER, ("2025-01-03,Buy,XYZ,ten,100,,,Schwab,stock,,,",), 2, "Quantity", ("ten",)),
    "a date that cannot be": (HEADER, ("2025-02-30,Buy,XYZ,1,100,,,Schwab,stock,,,",), 2, "Date", ("2025-02-30",)),
    "a negative quantity": (HEADER, ("2025-01-03,Buy,XYZ,-1,100,,,Schwab,stock,,,",), 2, "Quantity", ("-1",)),
    "more sold than held": (
        HEADER,
        (BUY, "2025-02-03,Sell,XYZ,12,100,,,Schwab,stock,,,"),
        3,
        "Quantity",
        ("2 ", "XYZ", "Schwab"),
    ),
    "more sold than held at that broker, with the rest at another": (
        HEADER,
        (BUY, "2025-01-04,Buy,XYZ,5,100,,,Fidelity,stock,,,", "2025-02-03,Sell,XYZ,12,100,,,Schwab,stock,,,"),
        4,
        "Quantity",
        ("2 ", "Fidelity", "Transfer"),
    ),
    "a lot that does not exist": (
        HEADER,
        (BUY, "2025-02-03,Sell,XYZ,1,100,,,Schwab,stock,NOPE,,"),
        3,
        "Lot",
        ("NOPE",),
    ),
    "one ID twice": (HEADER, (BUY, BUY), 3, "ID", ("B1",)),
    "an empty ledger": (HEADER, (), 0, "", ()),
}


@pytest.mark.parametrize("case", LEDGERS)
def test_a_bad_ledger_is_refused_with_its_place_and_nothing_is_written(
    case: str, document: Document, run: Run, csv_ledger: CsvLedger, tmp_path: Path
) -> None:
    header, rows, row, column, words = LEDGERS[case]
    path = csv_ledger(*rows, header=header)
    accounts = ("--set", "Account Schwab=brokerage", "--set", "Account Fidelity=brokerage", "--status", "single")
    found = document("compute", path, *accounts, exit_code=1)
    assert (found["years"], found["open_lots"], found["filing_ready"]) == ({}, [], False)
    errors = [problem for problem in found["problems"] if problem["severity"] == "error"]
    assert errors
    assert all(problem["sheet"] and problem["message"] and problem["remedy"] for problem in errors)
    if row:
        here = [problem for problem in errors if (problem["row"], problem["column"]) == (row, column)]
        assert len(here) == 1, errors
        [error] = here
        said = error["message"] + " " + error["remedy"]
        assert all(word in said for word in words), said

    out = tmp_path / "out.xlsx"
    refused = run("report", path, "-o", out, *accounts)
    assert refused.exit_code == 1
    assert sorted(tmp_path.iterdir()) == [path]
    assert run("check", path, *accounts).exit_code == 1


def test_all_problems_of_a_ledger_are_listed_at_once(document: Document, csv_ledger: CsvLedger) -> None:
    path = csv_ledger(
        "2025-02-30,Buy,XYZ,1,100,,,Schwab,stock,,,",
        "2025-01-03,Steal,XYZ,1,100,,,Schwab,stock,,,",
        "2025-01-03,Buy,XYZ,one,free,,-2,Schwab,stock,,,",
    )
    found = document("check", path, exit_code=1)
    places = {(problem["row"], problem["column"]) for problem in found["problems"]}
    assert places >= {(2, "Date"), (3, "Type"), (4, "Quantity"), (4, "Price"), (4, "Fee")}


def encrypted_workbook(path: Path) -> None:
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    with path.open("wb") as file:
        OOXMLFile(plain).encrypt("secret", file)
    with path.open("rb") as file:
        assert msoffcrypto.OfficeFile(file).is_encrypted()


def not_a_workbook(path: Path) -> None:
    path.write_bytes(b"Dear diary, this is no ledger.\n")


def truncated(path: Path) -> None:
    openpyxl.Workbook().save(path)
    path.write_bytes(path.read_bytes()[:1500])


def a_folder(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (encrypted_workbook, "password"),
        (not_a_workbook, "workbook"),
        (truncated, "damaged"),
        (a_folder, "folder"),
        (nothing, "does not exist"),
    ],
)
@pytest.mark.parametrize("command", ["compute", "check", "report"])
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    make: Callable[[Path], None], word: str, command: str, run: Run, document: Document, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    make(path)
    output = ("-o", tmp_path / "out.xlsx") if command == "report" else ()
    refused = run(command, path, *output)
    assert refused.exit_code == 1
    assert "book.xlsx" in refused.stderr
    assert word in refused.stderr.lower()
    [problem] = document(command, path, *output, exit_code=1)["problems"]
    assert problem["severity"] == "error"
    assert word in problem["message"].lower()
    assert problem["remedy"]
    assert not (tmp_path / "out.xlsx").exists()
