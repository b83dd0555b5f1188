"""`capgain compute`: the JSON document of the contract, its defaults, and the page for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from capgain.addin.cli.tables import in_red_if_negative
from command_line import Run

Document = Callable[..., Mapping[str, Any]]
CsvLedger = Callable[..., Path]

TRADES = (
    "2023-01-05,Buy,BTC,1,,16000,,Coinbase,crypto,,T1,",
    "2024-06-03,Sell,BTC,0.25,,10000,20,Coinbase,crypto,,T2,",
    "2025-02-01,Sell,BTC,0.5,,50000,,Coinbase,crypto,,T3,",
    "2025-02-03,Buy,XYZ,10,100,,,Schwab,stock,,T4,",
    "2025-03-03,Income,ETH,1,,2000,,Kraken,crypto,,T5,",
    "2025-06-02,Sell,XYZ,10,90,,,Schwab,stock,,T6,",
)
ACCOUNTS = (
    *("--set", "Account Coinbase=exchange"),
    *("--set", "Account Kraken=exchange"),
    *("--set", "Account Schwab=brokerage"),
)
TOP_KEYS = [
    *("engine_version", "filing_status", "filing_ready", "years", "open_lots", "open_shorts", "form_1099", "problems"),
]
DISPOSITION_KEYS = [
    *("row", "asset", "account", "quantity", "acquired", "sold", "proceeds", "basis", "code", "adjustment"),
    *("gain", "term", "box", "lot_row", "lot", "wash_disallowed"),
    *("net_proceeds", "correct_basis", "form_1099_row", "adjustments", "printed"),
]
YEAR_KEYS = {
    *("dispositions", "basis", "form_8949", "form_6781", "schedule_d", "income", "carryover"),
    *("donations", "gifts", "thefts", "amt", "positions", "trust_expenses"),
}
PROBLEM_KEYS = ["severity", "code", "blocks_filing", "sheet", "row", "column", "message", "remedy"]
LINES = [
    *("1a", "1b", "2", "3", "4", "5", "6", "7", "8a", "8b", "9", "10", "11", "12", "13", "14", "15", "16", "17"),
    *("18", "19", "20", "21", "22"),
]
COLUMN_LINES = {"1a", "1b", "2", "3", "8a", "8b", "9", "10"}


@pytest.fixture
def trades(csv_ledger: CsvLedger) -> Path:
    return csv_ledger(*TRADES)


def test_the_document_has_every_key_of_the_contract(document: Document, trades: Path) -> None:
    found = document("compute", trades, "--status", "single", *ACCOUNTS)
    assert list(found) == TOP_KEYS
    assert list(found["years"]) == ["2023", "2024", "2025"]
    for year in found["years"].values():
        assert set(year) == YEAR_KEYS
        assert list(year["schedule_d"]) == LINES
        for number, value in year["schedule_d"].items():
            columns = set(value) if isinstance(value, dict) else None
            assert columns == ({"proceeds", "basis", "adjustment", "gain"} if number in COLUMN_LINES else None)
        for row in year["dispositions"]:
            assert list(row) == DISPOSITION_KEYS
    keys = {"asset", "account", "quantity", "acquired", "basis", "row", "lot", "amt_basis"}
    assert all(set(lot) == keys for lot in found["open_lots"])


@pytest.mark.parametrize("command", ["compute", "check"])
def test_every_problem_has_its_code_and_says_whether_it_blocks_filing(
    command: str, document: Document, csv_ledger: CsvLedger
) -> None:
    wrong = csv_ledger("2025-01-03,Buy,XYZ,one,100,,,Schwab,stock,,,", name="wrong.csv")
    [error] = document(command, wrong, *ACCOUNTS, exit_code=1)["problems"]
    assert list(error) == PROBLEM_KEYS
    assert (error["code"], error["severity"], error["blocks_filing"]) == ("NOT_A_NUMBER", "error", True)

    unsettled = csv_ledger(
        "2025-02-03,Buy,BTC,1,,16000,,Kraken,crypto,,,",
        "2025-03-03,Sell,BTC,1,,17000,,Kraken,crypto,,,",
        "2025-03-03,Buy,XYZ,1,,16000,,Elsewhere,,,,",
    )
    found = document(command, unsettled, *ACCOUNTS, "--set", "Wash Sales=all")["problems"]
    assert all(list(problem) == PROBLEM_KEYS for problem in found)
    assert {problem["code"]: problem["blocks_filing"] for problem in found} == {
        "CLASS_ASSUMED": True,
        "WASH_SALES_SETTING": True,
    }


def test_a_file_that_cannot_be_read_is_a_problem_with_a_code_too(document: Document, tmp_path: Path) -> None:
    [problem] = document("compute", tmp_path / "nowhere.csv", exit_code=1)["problems"]
    assert list(problem) == PROBLEM_KEYS
    assert (problem["code"], problem["blocks_filing"]) == ("UNREADABLE_FILE", True)


def test_a_disposition_reads_as_the_contract_shows_it(document: Document, trades: Path) -> None:
    year = document("compute", trades, "--status", "single", *ACCOUNTS)["years"]["2025"]
    first = year["dispositions"][0]
    assert first == {
        "row": 4,
        "asset": "BTC",
        "account": "Coinbase",
        "quantity": "0.5",
        "acquired": "2023-01-05",
        "sold": "2025-02-01",
        "proceeds": "50000.00",
        "basis": "8000.00",
        "code": "",
        "adjustment": "0.00",
        "gain": "42000.00",
        "term": "long",
        "box": "K",
        "lot_row": 2,
        "lot": "T1",
        "wash_disallowed": "0.00",
        "net_proceeds": "50000.00",
        "correct_basis": "8000.00",
        "form_1099_row": None,
        "adjustments": {"B": "0.00", "E": "0.00", "W": "0.00", "D": "0.00", "stated": "0.00"},
        "printed": {"a": "0.5 BTC, tx T3", "b": "01/05/2023", "c": "02/01/2025", "d": "50000.00", "e": "8000.00"},
    }
    assert year["form_8949"] == {
        "A": {"rows": 1, "proceeds": "900.00", "basis": "1000.00", "adjustment": "0.00", "gain": "-100.00"},
        "K": {"rows": 1, "proceeds": "50000.00", "basis": "8000.00", "adjustment": "0.00", "gain": "42000.00"},
    }
    assert year["schedule_d"]["7"] == "-100.00"
    assert year["schedule_d"]["16"] == "41900.00"
    assert year["schedule_d"]["21"] == "0.00"
    assert year["income"] == [
        {
            "row": 6,
            "asset": "ETH",
            "account": "Kraken",
            "kind": "",
            "form_line": "Schedule 1 line 8v",
            "in_totals": True,
            "date": "2025-03-03",
            "quantity": "1",
            "amount": "2000.00",
        }
    ]
    assert year["carryover"] == {"short": "0.00", "long": "0.00"}


def test_one_year_asked_for_is_alone_and_the_open_lots_stand_at_its_end(document: Document, trades: Path) -> None:
    found = document("compute", trades, "--year", "2024", "--status", "single", *ACCOUNTS)
    assert list(found["years"]) == ["2024"]
    assert found["open_lots"] == [
        {
            "asset": "BTC",
            "account": "Coinbase",
            "quantity": "0.75",
            "acquired": "2023-01-05",
            "basis": "12000.00",
            "row": 2,
            "lot": "T1",
            "amt_basis": "",
        }
    ]


def test_without_a_year_the_document_has_all_and_the_open_lots_of_the_end(document: Document, trades: Path) -> None:
    found = document("compute", trades, "--status", "single", *ACCOUNTS)
    assert [(lot["asset"], lot["quantity"]) for lot in found["open_lots"]] == [("BTC", "0.25"), ("ETH", "1")]
    everything = document("compute", trades, "--year", "all", "--status", "single", *ACCOUNTS)
    assert everything == found


def test_a_loss_carries_through_a_year_without_a_row(document: Document, csv_ledger: CsvLedger) -> None:
    path = csv_ledger(
        "2022-01-03,Buy,XYZ,100,100,,,Schwab,stock,,,",
        "2022-12-20,Sell,XYZ,100,20,,,Schwab,stock,,,",
        "2024-03-01,Dividend,XYZ,,,10,,Schwab,stock,,,",
    )
    years = document("compute", path, "--status", "single", *ACCOUNTS)["years"]
    assert list(years) == ["2022", "2023", "2024"]
    assert [year["schedule_d"]["21"] for year in years.values()] == ["-3000.00", "-3000.00", "-2000.00"]
    assert [year["carryover"]["short"] for year in years.values()] == ["5000.00", "2000.00", "0.00"]
    assert years["2023"]["schedule_d"]["6"] == "-5000.00"


def test_the_status_on_the_command_line_wins_over_the_settings_of_any_year(
    document: Document, csv_ledger: CsvLedger
) -> None:
    path = csv_ledger("2025-01-03,Buy,XYZ,100,100,,,S,stock,,,", "2025-12-20,Sell,XYZ,100,20,,,S,stock,,,")
    settings = ("--set", "Filing Status=mfj", "--set", "Account S=brokerage")
    assert document("compute", path, *settings)["years"]["2025"]["schedule_d"]["21"] == "-3000.00"
    found = document("compute", path, *settings, "--status", "mfs")
    assert found["filing_status"] == "mfj", "--set says it in so many words"
    found = document("compute", path, "--set", "Account S=brokerage", "--status", "mfs")
    assert found["filing_status"] == "mfs"
    assert found["years"]["2025"]["schedule_d"]["21"] == "-1500.00"


def test_the_method_on_the_command_line_chooses_the_lots(document: Document, csv_ledger: CsvLedger) -> None:
    path = csv_ledger(
        "2024-01-02,Buy,XYZ,1,10,,,S,stock,,,",
        "2024-01-03,Buy,XYZ,1,30,,,S,stock,,,",
        "2025-03-03,Sell,XYZ,1,40,,,S,stock,,,",
    )
    options = ("--set", "Account S=brokerage", "--status", "single")
    for method, lot_row in (("fifo", 2), ("hifo", 3), ("hifo broker", 3), ("HIFO, books", 3)):
        rows = document("compute", path, *options, "--method", method)["years"]["2025"]["dispositions"]
        assert [row["lot_row"] for row in rows] == [lot_row]


def test_a_year_without_form_data_has_its_dispositions_and_says_what_is_missing(
    document: Document, csv_ledger: CsvLedger
) -> None:
    path = csv_ledger("2010-01-04,Buy,XYZ,1,10,,,S,stock,,,", "2010-03-03,Sell,XYZ,1,40,,,S,stock,,,")
    found = document("compute", path, "--year", "2010", "--set", "Account S=brokerage", "--status", "single")
    year = found["years"]["2010"]
    assert [row["gain"] for row in year["dispositions"]] == ["30.00"]
    assert (year["form_8949"], year["schedule_d"], year["carryover"]) == (None, None, None)
    assert any("2010" in problem["message"] for problem in found["problems"])


def test_people_see_the_last_year_with_a_disposal(run: Run, trades: Path) -> None:
    shown = run("compute", trades, "--status", "single", *ACCOUNTS)
    assert shown.exit_code == 0
    assert "Tax year 2025" in shown.stdout
    assert "Tax year 2024" not in shown.stdout
    assert "42,000.00" in shown.stdout
    assert "41,900.00" in shown.stdout


def test_people_see_the_tax_year_of_the_settings_or_the_one_asked_for(run: Run, trades: Path) -> None:
    settings = ("--status", "single", *ACCOUNTS, "--set", "Tax Year=2024")
    assert "Tax year 2024" in run("compute", trades, *settings).stdout
    asked = run("compute", trades, *settings, "--year", "2023").stdout
    assert "Tax year 2023" in asked
    assert "Tax year 2024" not in asked
    everything = run("compute", trades, *settings, "--year", "all").stdout
    assert all(f"Tax year {year}" in everything for year in (2023, 2024, 2025))


def test_errors_leave_no_numbers_and_are_all_listed_in_the_document(document: Document, csv_ledger: CsvLedger) -> None:
    path = csv_ledger(
        "2025-01-03,Buy,XYZ,ten,100,,,S,stock,,,",
        "2025-13-03,Buy,XYZ,1,100,,,S,stock,,,",
        "2025-03-03,Sell,XYZ,1,40,,,S,stock,,,",
    )
    found = document("compute", path, exit_code=1)
    assert list(found) == TOP_KEYS
    assert (found["filing_ready"], found["years"], found["open_lots"], found["open_shorts"]) == (False, {}, [], [])
    errors = [problem for problem in found["problems"] if problem["severity"] == "error"]
    assert {(problem["row"], problem["column"]) for problem in errors} >= {(2, "Quantity"), (3, "Date")}


def test_errors_for_people_go_to_standard_error(run: Run, csv_ledger: CsvLedger) -> None:
    shown = run("compute", csv_ledger("2025-01-03,Buy,XYZ,ten,100,,,S,stock,,,"))
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert "row 2, column Quantity" in shown.stderr


def test_text_of_a_ledger_is_quoted_so_that_the_document_stays_json(document: Document, csv_ledger: CsvLedger) -> None:
    path = csv_ledger(
        '2025-01-03,Buy,"X""Y\\Z",1,100,,,"Ünï, Co",stock,"lot ""1""",,',
        '2025-02-03,Sell,"X""Y\\Z",1,100,,,"Ünï, Co",stock,,,',
    )
    found = document("compute", path, "--status", "single", "--set", "Account Ünï, Co=brokerage")
    row = found["years"]["2025"]["dispositions"][0]
    assert (row["asset"], row["account"], row["lot"]) == ('X"Y\\Z', "Ünï, Co", 'lot "1"')


def test_the_social_security_number_is_never_printed(run: Run, trades: Path) -> None:
    for output in ((), ("--json",)):
        shown = run("compute", trades, "--status", "single", *ACCOUNTS, "--set", "SSN=123-45-6789", *output)
        assert shown.exit_code == 0
        assert "6789" not in shown.output
        assert "123-45" not in json.dumps(shown.output)


def test_on_80_columns_the_words_of_a_line_keep_what_tells_them_from_others(
    run: Run, csv_ledger: CsvLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [f"2025-06-0{day},Sell,XYZ,1,90,,,{place},stock,,," for day, place in ((2, "A"), (3, "B"), (4, "C"))]
    bought = [f"2024-01-0{day},Buy,XYZ,1,80,,,{place},stock,,," for day, place in ((2, "A"), (3, "B"), (4, "C"))]
    accounts = [f"--set=Account {place}=brokerage, {said}" for place, said in (("A", "basis"), ("B", "proceeds only"))]
    said = run("compute", csv_ledger(*bought, *rows), *accounts, "--set=Account C=brokerage, none").stdout
    for box in ("Box D or Box J checked", "Box E or Box K checked", "Box F or Box L checked"):
        assert box in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(("amount", "is_red"), [("-1,270.50", True), ("1,270.50", False), ("-", False), ("Yes", False)])
def test_losses_are_red(amount: str, is_red: bool) -> None:
    assert (str(in_red_if_negative(amount).style) == "red") is is_red


@pytest.mark.parametrize("command", [("check",), ("compute",), ("explain", "16"), ("tax",)])
def test_the_day_that_tells_whether_the_year_is_over_can_be_said(
    run: Run, csv_ledger: CsvLedger, command: tuple[str, ...]
) -> None:
    name, *line = command
    path = csv_ledger(*TRADES[:2])
    more = (
        *line,
        *ACCOUNTS,
        "--set",
        "Tax Year=2024",
        "--set",
        "Taxable Income=90000",
        "--set",
        "Qualified Dividends=0",
    )
    said = [run(name, path, *more, "--as-of", day, "--json").stdout for day in ("2024-12-31", "2025-01-01")]
    assert ["YEAR_NOT_OVER" in text for text in said] == [name in ("check", "compute"), False]
