"""The extension in a real LibreOffice: installed into a fresh profile, formulas typed into a sheet, compared."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from addin.example_ledger import LONG, NET, ROWS
from capgain.addin.building.calc_menu import ENTRIES, SERVICE
from capgain.addin.building.extension import extension
from capgain.addin.functions.answers.why import NO_ERROR
from capgain.addin.functions.registry import FUNCTIONS
from command_line import PATIENCE
from libreoffice import clean_environment

DRIVER = Path(__file__).with_name("calc_driver.py")
SOFFICE, UNOPKG = shutil.which("soffice"), shutil.which("unopkg")
PYTHON_WITH_UNO = next(
    (
        path
        for path in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python")
        if Path(path).exists() and not subprocess.run([path, "-c", "import uno"], capture_output=True).returncode
    ),
    None,
)

needs_calc = pytest.mark.skipif(
    not (SOFFICE and UNOPKG and PYTHON_WITH_UNO),
    reason="LibreOffice with Python (soffice, unopkg, python3-uno) is not installed",
)

Drive = Callable[[Sequence[Sequence[Any]]], list[Any]]


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    """Runs steps in a LibreOffice whose profile has the extension, none of it shared with the machine."""
    folder = tmp_path_factory.mktemp("calc")
    profile = folder / "profile"
    (profile / "shared").mkdir(parents=True)
    package = folder / "capgain.oxt"
    package.write_bytes(extension(sys.executable))
    environment = clean_environment() | {"CAPGAIN_SOFFICE": str(SOFFICE), "HOME": str(folder)}
    profiles = [
        f"-env:UserInstallation=file://{profile}",
        f"-env:UNO_SHARED_PACKAGES=file://{profile}/shared",
        f"-env:UNO_SHARED_PACKAGES_CACHE=file://{profile}/shared",
    ]
    # unopkg refuses to act for a single user who is root.
    shared = ["--shared"] if os.geteuid() == 0 else []
    command = [str(UNOPKG), "add", "--force", *shared, *profiles, str(package)]
    added = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert added.returncode == 0, added.stdout + added.stderr

    def run(steps: Sequence[Sequence[Any]]) -> list[Any]:
        path = folder / "steps.json"
        path.write_text(json.dumps(steps), encoding="utf-8")
        command = [str(PYTHON_WITH_UNO), str(DRIVER), str(profile), str(path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        answers: list[Any] = json.loads(done.stdout)
        return answers

    return run


def typed(formulas: Sequence[str]) -> list[list[Any]]:
    """Steps that type one formula below the other on the sheet Out and read them."""
    steps: list[list[Any]] = [["formula", "Out", f"A{row}", text] for row, text in enumerate(formulas, start=1)]
    return [*steps, ["read", "Out", f"A1:A{len(formulas)}"]]


LEDGER: list[list[Any]] = [["new"], ["cells", "Ledger", f"A1:J{len(ROWS)}", ROWS]]


@needs_calc
def test_the_functions_answer_in_cells_as_the_engine_does_and_recalculate(drive: Drive) -> None:
    formulas = [
        '=CAPGAIN(Ledger.A1:J7;2025;"long")',
        "=CAPGAIN(Ledger.A:J;2025)",
        '=CAPGAIN(Ledger.A1:J7;2025;"unrealized")',
        "=CAPGAIN_WHY(A3)",
        "=CAPGAIN(Ledger.A1:J7;25)",
        '=CAPGAIN(Ledger.A1:J7;2025;"nett")',
        "=CAPGAIN_TERM(DATE(2024;3;1);DATE(2025;3;2))",
        "=CAPGAIN_LEDGER(Ledger.A1:J7)",
        "=CAPGAIN(A8;2025)",
        "=CAPGAIN_SCHEDULE_D(Ledger.A:J;2025;16)",
        "=SUM(A1:A2)",
        '=CAPGAIN_BASIS(Ledger.A1:J7;"BTC")',
        '=CAPGAIN(Ledger.A1:J7;2025;;"BTC")',
    ]
    steps = [
        *LEDGER,
        *typed(formulas),
        ["array", "Out", "D1:K2", '=CAPGAIN_8949(Ledger.A1:J7;2025;"D")'],
        ["read", "Out", "D1:K2"],
        ["array", "Out", "D5:G5", "=CAPGAIN_NET(5000;-8000)"],
        ["read", "Out", "D5:G5"],
        ["cells", "Ledger", "F4", [[60000.0]]],
        ["read", "Out", "A1:A2"],
        ["cells", "Ledger", "D4", [["half"]]],
        ["formula", "Out", "A20", "=CAPGAIN_CHECK(Ledger.A1:J7)"],
        ["read", "Out", "A1:A2"],
        ["array", "Out", "A21:F22", "=CAPGAIN_CHECK(Ledger.A1:J7)"],
        ["read", "Out", "A21:F22"],
        ["close"],
    ]
    answers = [answer for answer in drive(steps) if answer is not None]
    values = [row[0] for row in answers[0]]
    assert values[:2] == [float(LONG), float(NET)]
    assert values[2] == "#N/A"
    assert "Prices" in values[3]
    assert values[4:6] == ["#NUM!", "#VALUE!"]
    assert values[6] == "Long"
    assert values[7].startswith("CapGain ledger ")
    assert values[8:10] == [float(NET), float(NET)]
    assert values[10] == float(LONG) + float(NET)
    assert values[11:] == [10000.0, 39995.0]
    assert answers[1][1][0] == "50 sh. AAPL"
    assert answers[1][1][1:5] == [45296.0, 45717.0, 4999.0, 7500.5]
    assert answers[2] == [[-3000.0, 3000.0, 0.0, 0.0]]
    assert [row[0] for row in answers[3]] == [float(LONG) + 10000, float(NET) + 10000]
    assert [row[0] for row in answers[4]] == ["#VALUE!", "#VALUE!"]
    assert answers[5][1][:4] == ["error", "Ledger", 4.0, "Quantity"]


@needs_calc
def test_settings_of_the_document_count_and_changing_them_recalculates(drive: Drive) -> None:
    loss = [*ROWS[:3], ["2025-03-01", "Sell", "AAPL", 100.0, 50.0, None, 1.0, "Schwab", "stock", "basis"]]
    steps = [
        ["new"],
        ["cells", "Ledger", "A1:J4", loss],
        ["cells", "Settings", "A1:B2", [["Name", "Value"], ["Filing Status", "single"]]],
        ["formula", "Out", "A1", '=CAPGAIN(Ledger.A1:J4;2025;"deductible")'],
        ["read", "Out", "A1"],
        ["cells", "Settings", "B2", [["mfs"]]],
        ["until", "Out", "A1", [[1500.0]]],
        ["formula", "Out", "A1", '=CAPGAIN(Ledger.A1:J4;2025;"deductible";;;"Filing Status=mfj")'],
        ["read", "Out", "A1"],
        ["close"],
    ]
    assert [answer for answer in drive(steps) if answer is not None] == [[[3000.0]], [[1500.0]], [[3000.0]]]


@needs_calc
def test_dates_count_from_1904_where_the_document_says_so_and_a_third_system_is_refused(drive: Drive) -> None:
    serials = (44931.0, 45296.0, 45689.0, 45717.0, 45992.0, 46011.0)
    shifted = [ROWS[0], *([serial - 1462, *row[1:]] for serial, row in zip(serials, ROWS[1:], strict=True))]
    steps = [
        ["new"],
        ["null-date", 1904, 1, 1],
        ["cells", "Ledger", f"A1:J{len(ROWS)}", shifted],
        *typed(["=CAPGAIN(Ledger.A1:J7;2025)"]),
        ["null-date", 1900, 1, 1],
        *typed(["=CAPGAIN(Ledger.A1:J7;2024)", "=CAPGAIN_WHY(A1)"]),
        ["close"],
    ]
    right, wrong = (answer for answer in drive(steps) if answer is not None)
    assert right == [[float(NET)]]
    assert wrong[0] == ["#VALUE!"]


@needs_calc
def test_an_error_in_a_cell_of_the_ledger_is_a_problem_and_not_an_empty_cell(drive: Drive) -> None:
    steps = [
        *LEDGER,
        ["formula", "Ledger", "D4", "=1/0"],
        ["array", "Out", "A1:F2", "=CAPGAIN_CHECK(Ledger.A1:J7)"],
        ["read", "Out", "A1:F2"],
        ["close"],
    ]
    ((_, problem),) = (answer for answer in drive(steps) if answer is not None)
    assert problem[2:4] == [4.0, "Quantity"]
    assert "#DIV/0!" in problem[4]


WRONG = {
    "CAPGAIN": '=CAPGAIN(Ledger.A:J;2025;"nett")',
    "CAPGAIN_ROWS": "=CAPGAIN_ROWS(Ledger.A:B)",
    "CAPGAIN_8949": '=CAPGAIN_8949($Ledger.A:J;2025;"Z")',
    "CAPGAIN_SCHEDULE_D": "=CAPGAIN_SCHEDULE_D(Ledger.$A:$J;25)",
    "CAPGAIN_NET": '=CAPGAIN_NET("much";-8000)',
    "CAPGAIN_LOTS": '=CAPGAIN_LOTS(Ledger.A:J;"soon")',
    "CAPGAIN_BASIS": '=CAPGAIN_BASIS(Ledger.A1:J7;"DOGE")',
    "CAPGAIN_TERM": '=CAPGAIN_TERM("never";DATE(2025;3;2))',
    "CAPGAIN_HARVEST": "=CAPGAIN_HARVEST(Ledger.A:J;Ledger.C:D)",
    "CAPGAIN_WHATIF": '=CAPGAIN_WHATIF(Ledger.A:J;"BTC";TRUE();1)',
    "CAPGAIN_TAX": '=CAPGAIN_TAX(Ledger.A:J;2025;"a lot")',
    "CAPGAIN_ESTIMATE": "=CAPGAIN_ESTIMATE(Ledger.A:J;2025)",
    "CAPGAIN_RATES": "=CAPGAIN_RATES(1999)",
    "CAPGAIN_EXPLAIN": '=CAPGAIN_EXPLAIN(Ledger.A:J;2025;"99")',
    "CAPGAIN_LEDGER": "=CAPGAIN_LEDGER(Ledger.C:D)",
    "CAPGAIN_PORTFOLIO": "=CAPGAIN_PORTFOLIO(Ledger.C:D;Ledger.C:D)",
}
"""A formula of each function that cannot be answered. CAPGAIN_CHECK always answers, and CAPGAIN_WHY is asked."""


@needs_calc
def test_formats_of_the_cells_say_in_a_document_what_they_say_in_a_file(drive: Drive) -> None:
    row = len(ROWS)
    net = '=CAPGAIN(Ledger.A:J;2025;"net")'
    answers = drive([
        *LEDGER,
        ["number-format", "Ledger", f"A2:A{row}", "YYYY-MM-DD"],
        ["number-format", "Ledger", f"E2:J{row}", "[$$-409]#,##0.00"],
        *typed([net]),
        ["number-format", "Ledger", "E3", "[$€-407]#,##0.00"],
        ["recalculate"],
        *typed([net, "=CAPGAIN_WHY(A1)"]),
        ["number-format", "Ledger", "E3", "0.00"],
        ["strike", "Ledger", "A4:J4"],
        ["recalculate"],
        *typed([net, "=CAPGAIN_CHECK(Ledger.A:J)"]),
    ])  # fmt: skip
    plain, foreign, struck = (answer for answer in answers if answer is not None)
    assert plain == [[float(NET)]]
    assert foreign[0] == ["#VALUE!"]
    assert "Ledger row 3, Price: Price is shown by the cell's format as an amount in EUR" in foreign[1][0]
    assert struck[0] == [float(NET)]
    assert "Ledger row 4, Type: This row is struck out" in struck[1][0]


EMPTY = "Out.Z1"
NET_ALONE = '=CAPGAIN_NET(-5000;0;0;0;"single"{})'


@needs_calc
def test_an_empty_cell_is_left_out_or_refused_and_no_zero(drive: Drive) -> None:
    wanted = [
        (f'=CAPGAIN(Ledger.A:J;2025;"net";{EMPTY};{EMPTY})', float(NET), NO_ERROR),
        (f"=CAPGAIN(Ledger.A:J;2025;{EMPTY})", float(NET), NO_ERROR),
        (f"=CAPGAIN_LOTS(Ledger.A:J;{EMPTY})", "Asset", NO_ERROR),
        (f"=CAPGAIN(Ledger.A:J;{EMPTY})", "#VALUE!", "year is empty"),
        (NET_ALONE.format(""), -5000.0, NO_ERROR),
        (NET_ALONE.format(';"0"'), -5000.0, NO_ERROR),
        (NET_ALONE.format(";0"), "#VALUE!", "LibreOffice passes an empty cell as 0"),
        (NET_ALONE.format(f";{EMPTY}"), "#VALUE!", "LibreOffice passes an empty cell as 0"),
        (f"=CAPGAIN_TAX(Ledger.A:J;2025;{EMPTY})", "#VALUE!", "taxable_income is empty"),
        ('=CAPGAIN_TAX(Ledger.A:J;2025;"0")', "Tax with the gains", NO_ERROR),
        (f'=CAPGAIN_WHATIF(Ledger.A:J;"BTC";0.1;{EMPTY})', "#VALUE!", "price is empty"),
        ("=CAPGAIN(CAPGAIN_LEDGER(Ledger.A:J);2025)", "Err:504", "as a reference only"),
    ]
    steps = [*LEDGER, *typed([formula for formula, *_ in wanted])]
    steps += [["formula", "Out", f"B{row}", f"=CAPGAIN_WHY(A{row})"] for row in range(1, len(wanted) + 1)]
    *_, reasons = drive([*steps, ["read", "Out", f"A1:B{len(wanted)}"]])
    for (formula, value, said), (shown, reason) in zip(wanted, reasons, strict=True):
        assert shown == value, formula
        assert said in reason, formula


@needs_calc
def test_a_tables_row_of_totals_is_no_row_of_the_ledger(drive: Drive, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Ledger"
    for row in (*ROWS, ["Total", None, None, 153.5, None, 70000.0]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Ledger", ref=f"A1:J{len(ROWS) + 1}", totalsRowCount=1))
    book.save(tmp_path / "book.xlsx")
    formulas = ["=CAPGAIN(Ledger.A:J;2025)", "=CAPGAIN(Ledger;2025)", "=CAPGAIN_CHECK(Ledger.A1:J8)"]
    answers = drive([["open", str(tmp_path / "book.xlsx")], *typed(formulas)])
    assert answers[-1] == [[float(NET)], [float(NET)], ["OK"]]


@needs_calc
def test_why_tells_the_reason_of_every_function_with_whole_columns_too(drive: Drive) -> None:
    later = {function.name for function in FUNCTIONS} - set(WRONG) - {"CAPGAIN_CHECK", "CAPGAIN_WHY"}
    assert not later, "give each new function a formula that cannot be answered"
    whys = [f"=CAPGAIN_WHY(A{row})" for row in range(1, len(WRONG) + 1)]
    steps = [*LEDGER, *typed(list(WRONG.values()))]
    steps += [["formula", "Out", f"B{row}", why] for row, why in enumerate(whys, start=1)]
    answers = drive([*steps, ["read", "Out", f"B1:B{len(whys)}"], ["close"]])
    shown, reasons = ([row[0] for row in answer] for answer in answers if answer is not None)
    for name, cell, reason in zip(WRONG, shown, reasons, strict=True):
        assert cell in ("#VALUE!", "#N/A", "#NUM!", "Err:502", "Err:503"), (name, cell)
        assert str(reason).startswith(("#VALUE! ", "#N/A ", "#NUM! ")), (name, reason)


@needs_calc
def test_why_reads_whole_columns_of_a_sheet_with_a_blank_in_its_name(drive: Drive) -> None:
    steps = [
        ["new"],
        ["cells", "My Trades", f"A1:J{len(ROWS)}", ROWS],
        *typed(["=CAPGAIN($'My Trades'.A:J;2025;\"nett\")", "=CAPGAIN_WHY(A1)"]),
        ["close"],
    ]
    ((shown, why),) = (answer for answer in drive(steps) if answer is not None)
    assert shown == ["#VALUE!"]
    assert "nett" in why[0]


@needs_calc
def test_check_alone_in_a_cell_says_how_many_problems_there_are(drive: Drive) -> None:
    steps = [*LEDGER, ["cells", "Ledger", "D4", [["half"]]], *typed(["=CAPGAIN_CHECK(Ledger.A:J)"]), ["close"]]
    ((shown,),) = (answer for answer in drive(steps) if answer is not None)
    assert shown[0].startswith("1 error")
    assert "Ledger row 4, Quantity" in shown[0]


@needs_calc
def test_the_menu_checks_and_makes_report_and_folder_beside_the_saved_file(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "my taxes.xlsx"
    url = str(path).replace(" ", "%20")
    answers = drive(
        [
            ["new"],
            ["command", "check"],
            ["cells", "Ledger", f"A1:J{len(ROWS)}", ROWS],
            ["command", "check"],
            ["command", "refresh"],
            ["save", url, "Calc MS Excel 2007 XML"],
            ["command", "refresh"],
            ["command", "refresh"],
            ["command", "accountant_copy"],
            ["cells", "Ledger", "D4", [["half"]]],
            ["command", "check"],
            ["close"],
        ]
    )
    no_ledger, clean, unsaved, first, second, folder, broken = (answer for answer in answers if answer is not None)
    assert "no sheet Ledger" in no_ledger
    assert "no problems" in clean or clean.startswith("Warning: ")
    assert unsaved.startswith("Save the document first.")
    assert (tmp_path / "my taxes report.xlsx").is_file(), first
    assert (tmp_path / "my taxes report 2.xlsx").is_file(), second
    assert (tmp_path / "my taxes for accountant").is_dir(), folder
    assert broken.startswith("Error: Ledger row 4, Quantity")


@needs_calc
def test_libreoffice_has_taken_the_menu_and_the_toolbar(drive: Drive) -> None:
    (found,) = (answer for answer in drive([["new"], ["menu"], ["close"]]) if answer is not None)
    assert [sorted(urls) for urls in found] == [sorted(entry.url for entry in ENTRIES)] * 2


def test_without_an_installed_capgain_the_menu_says_what_to_run() -> None:
    with zipfile.ZipFile(io.BytesIO(extension())) as package:
        assert "interpreter.txt" not in package.namelist()
        menu = package.read("Addons.xcu").decode()
        commands = package.read("pythonpath/capgain/addin/libreoffice/commands.py").decode()
    for entry in ENTRIES:
        assert f"service:{SERVICE}?{entry.command}" in menu
        assert f'"{entry.command}"' in commands


@needs_calc
def test_formulas_of_an_excel_file_find_their_functions_when_it_opens(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "from excel.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ledger"
    for row in ROWS:
        sheet.append(row)
    out = book.create_sheet("Out")
    out["A1"] = '=CAPGAIN(Ledger!A1:J7,2025,"long")'
    out["A2"] = "=A1*2"
    out["A3"] = r"='C:\Users\me\XLSTART\capgain.xlam'!CAPGAIN(Ledger!A1:J7,2025)"
    book.save(path)
    relinked = [[float(LONG)], [2 * float(LONG)], [float(NET)]]
    answers = drive([["open", str(path).replace(" ", "%20")], ["until", "Out", "A1:A3", relinked], ["close"]])
    assert answers[1] == relinked


@needs_calc
def test_the_function_wizard_shows_every_function_with_its_arguments(drive: Drive) -> None:
    wizard = drive([["new"], ["wizard"], ["close"]])[1]
    assert set(wizard) == {declared.name for declared in FUNCTIONS}
    for declared in FUNCTIONS:
        text, arguments = wizard[declared.name]
        assert text.startswith(declared.help)
        assert [(name, help_text) for name, help_text, _ in arguments] == [(a.name, a.help) for a in declared.arguments]


def test_the_same_source_gives_the_same_extension() -> None:
    assert extension() == extension()


def test_the_extension_carries_the_engine_and_nothing_that_needs_a_library() -> None:
    with zipfile.ZipFile(io.BytesIO(extension())) as package:
        names = package.namelist()
    assert "pythonpath/capgain/engine/years/2025.toml" in names
    assert "pythonpath/tzdata/zoneinfo/America/New_York" in names
    assert not [name for name in names if name.endswith(".pyc") or "/vba/" in name or "/ribbon/" in name]
    assert [name for name in names if "/xlsx/" in name] == ["pythonpath/capgain/workbook/xlsx/unreadable.py"]


@pytest.mark.parametrize("package", ["capgain.engine", "capgain.workbook.written", "capgain.addin.functions"])
def test_every_module_of_a_package_inside_loads_without_any_library(package: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(extension())) as carried:
        carried.extractall(tmp_path)
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import importlib, pkgutil\n"
        f"package = importlib.import_module({package!r})\n"
        f"names = [found.name for found in pkgutil.walk_packages(package.__path__, {package + '.'!r})]\n"
        "print(len([importlib.import_module(name) for name in names]))\n"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(tmp_path / "pythonpath")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5


def test_the_functions_need_no_library_but_python_itself(tmp_path: Path) -> None:
    """As in LibreOffice's Python and in Pyodide: only the extension's own folder on the path, no site packages."""
    with zipfile.ZipFile(io.BytesIO(extension())) as package:
        package.extractall(tmp_path)
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from capgain.addin.functions.answering import answer\n"
        "from capgain.addin.functions.caller import Caller\n"
        "from capgain.addin.functions.cells import Block\n"
        f"rows = {ROWS!r}\n"
        "print(answer('CAPGAIN', [Block(rows, sheet='Ledger'), 2025.0], Caller()))\n"
        "print(len(answer('CAPGAIN_8949', [Block(rows, sheet='Ledger'), 2025.0], Caller())))\n"
        "foreign = {name.split('.')[0] for name in sys.modules} & {'pandas', 'openpyxl', 'xlwings', 'numpy', 'click'}\n"
        "print(sorted(foreign))\n"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(tmp_path / "pythonpath")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.splitlines() == [NET, "4", "[]"], done.stderr
