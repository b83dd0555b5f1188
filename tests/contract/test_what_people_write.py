"""One text, one answer: what a number, a day, a year, a zone or a word says does not depend on where it is written.

Each face below reads one text and tells what it took it for, None where it refused. A face of exchange files may read
more, as TEXT under SOURCES_ALONE says, and nothing otherwise than the rest.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from capgain.addin.functions.answering import answer
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import CellError
from capgain.engine.transactions import Buy
from capgain.workbook.importing.dollar_values import price_list
from capgain.workbook.importing.import_files import import_files
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.balances import stated_balances
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.moments import Calendar
from contract_answers import capgain

HEADER = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class", "Acquired", "Basis")
COINBASE = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"
)

NUMBERS: Mapping[str, str | None] = {
    "1234.56": "1234.56",
    "1,234.56": "1234.56",
    "1 234.56": "1234.56",
    "$1,234.56": "1234.56",
    "10 USD": "10",
    "USD 10": "10",
    "+.5": ".5",
    "1.5e-3": ".0015",
    "12,345,678": "12345678",
    "１０": None,
    "١٠": None,
    "1E5": None,
    "1.23457E+11": None,
    "1.234,56": None,
    "1,5": None,
    "1_000": None,
    "12,34,56": None,
    "1'234.50": None,
    "(-5)": None,
    "0x10": None,
    "ten": None,
    "NaN": None,
    "Infinity": None,
    "€5": None,
    "5%": None,
    "1e-99": None,
    "9" * 40: None,
}
NUMBERS_OF_SOURCES = {"10 BTC": "10", "1,234.5 USDT": "1234.5", "30S": "30"}

DAYS: Mapping[str, date | None] = {
    "2024-03-01": date(2024, 3, 1),
    "2024-3-1": date(2024, 3, 1),
    "2024/03/01": date(2024, 3, 1),
    "20240301": date(2024, 3, 1),
    "03/01/2024": date(2024, 3, 1),
    "3/1/2024": date(2024, 3, 1),
    "Mar 1, 2024": date(2024, 3, 1),
    "march 1 2024": date(2024, 3, 1),
    "1 March 2024": date(2024, 3, 1),
    "01-MAR-2024": date(2024, 3, 1),
    "2024-03-01 10:30": date(2024, 3, 1),
    "3/1/2024 10:30 AM": date(2024, 3, 1),
    "2024-03-01T10:30:00": date(2024, 3, 1),
    "20240301T103000": date(2024, 3, 1),
    "２０２４-03-01": None,
    "13/01/2024": None,
    "2024-02-30": None,
    "01.03.2024": None,
    "01-03-2024": None,
    "45352": None,
    "2024-W09-5": None,
    "2024-03": None,
    "soon": None,
    "2205-03-01": None,
    "1899-12-31": None,
    "Octopus 1, 2024": None,
    "2024-03-01x10:30": None,
    "3/1/2024 13:30 PM": None,
    "2024-03-01 25:00": None,
}
DAYS_OF_SOURCES = dict.fromkeys(
    ("3/1/24", "03/05/2024 as of 03/01/2024", "2024-03-01 UTC", "3/1/2024 at 10:30 AM"), date(2024, 3, 1)
)


def csv_of(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def workbook(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def bought(path: Path) -> Buy | None:
    """The only transaction of a file, None where it has an error."""
    found = read_ledger_file(path).ledger
    if any(problem.is_error for problem in found.problems):
        return None
    (entry,) = found.transactions
    assert isinstance(entry, Buy)
    return entry


def in_a_ledger_file(text: str, folder: Path) -> Decimal | None:
    entry = bought(csv_of(folder / "l.csv", HEADER, ("2024-01-02", "Buy", "BTC", "1", text, "K", "crypto", "", "")))
    return entry and entry.amount


def as_a_quantity(text: str, folder: Path) -> Decimal | None:
    entry = bought(csv_of(folder / "l.csv", HEADER, ("2024-01-02", "Buy", "BTC", text, "1", "K", "crypto", "", "")))
    return entry and entry.quantity


def in_a_price(text: str, folder: Path) -> Decimal | None:
    block = [["Asset", "Price"], ["BTC", text]]
    (*prices,) = ledger_from_blocks([HEADER], prices=block).prices
    return prices[0].price if prices else None


def in_a_setting(text: str, folder: Path) -> Decimal | None:
    found = ledger_from_blocks([HEADER], settings=[["MAGI", text]])
    return found.settings.magi.of(2024)


def in_a_balance(text: str, folder: Path) -> Decimal | None:
    stated, _ = stated_balances(
        RawSheet("Balances", [["Account", "Asset", "Quantity"], ["K", "BTC", text]]), Calendar()
    )
    return stated[0].quantity if stated else None


def in_a_formula(text: str, folder: Path) -> Decimal | None:
    found = answer("CAPGAIN_NET", [text, 0.0], Caller())
    if isinstance(found, CellError):
        assert found.code.value in ("#VALUE!", "#NUM!")
        assert found.reason.startswith("short: ")
        return None
    return found[0][0]  # type: ignore[index,return-value]


def in_a_formula_on_the_command_line(text: str, folder: Path) -> Decimal | None:
    path = csv_of(folder / "l.csv", HEADER, ("2024-01-02", "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    result = capgain("eval", path, f'=CAPGAIN_NET("{text}",0)', "--json")
    return Decimal(str(json.loads(result.stdout)["value"][0][0])) if result.exit_code == 0 else None


def in_a_worksheet(text: str, folder: Path) -> Decimal | None:
    result = capgain("worksheet", "qdcgt", "--year", "2024", "--set", f"1040-15={text}", "--json")
    assert result.exit_code in (0, 2)
    return Decimal(json.loads(result.stdout)["lines"]["1"]) if result.exit_code == 0 else None


def of_a_sale_planned(text: str, folder: Path) -> Decimal | None:
    path = csv_of(folder / "l.csv", HEADER, ("2023-01-02", "Buy", "BTC", "99999999", "1", "K", "crypto", "", ""))
    result = capgain("whatif", path, "BTC", text, "1", "--date", "2024-03-01", "--json")
    assert result.exit_code in (0, 2)
    return Decimal(json.loads(result.stdout)["quantity"]) if result.exit_code == 0 else None


def coinbase(folder: Path, when: str, units: str) -> Path:
    row = ("cb-1", when, "Buy", "BTC", units, "USD", "1", "1", "1", "0", "")
    return csv_of(folder / "coinbase.csv", tuple(COINBASE.split(",")), row)


def imported(folder: Path, path: Path) -> Mapping[str, object] | None:
    book = workbook(folder / "mine.xlsx", Ledger=[HEADER])
    result = import_files([path], output=book, into=book, time_zone="UTC")
    assert (len(result.rows), len(result.unsettled)) in ((1, 0), (0, 1))
    return result.rows[0].values if result.rows else None


def in_a_file_of_an_exchange(text: str, folder: Path) -> Decimal | None:
    values = imported(folder, coinbase(folder, "2024-01-02 10:00:00 UTC", text))
    return values and values["Quantity"]  # type: ignore[return-value]


def in_a_price_file(text: str, folder: Path) -> Decimal | None:
    try:
        found = price_list(
            (), [csv_of(folder / "p.csv", ("Asset", "Date", "Price"), ("BTC", "2024-03-01", text))], None
        )
    except UnreadableImport:
        return None
    price = found.on("BTC", date(2024, 3, 1))
    return price[0] if price is not None else None


def among_the_open_items(quantity: str, day: str, folder: Path) -> Mapping[str, object] | None:
    """The row that an open item, completed by hand, becomes."""
    columns = ("Why", "Date", "Type", "Asset", "Quantity", "Account", "To Account", "Source Key")
    item = ("where to?", day, "Transfer", "BTC", quantity, "Coinbase", "Trezor", "coinbase:cb-2")
    book = workbook(folder / "mine.xlsx", Ledger=[HEADER], Open_Items=[columns, item])
    path = coinbase(folder, "2024-01-02 10:00:00 UTC", "1")
    rows = import_files([path], output=book, into=book, time_zone="UTC").rows
    return next((row.values for row in rows if row.type == "Transfer"), None)


def in_an_open_item(text: str, folder: Path) -> Decimal | None:
    values = among_the_open_items(text, "2024-03-01", folder)
    return values and values["Quantity"]  # type: ignore[return-value]


NUMBER_FACES: tuple[Callable[[str, Path], Decimal | None], ...] = (
    in_a_ledger_file,
    as_a_quantity,
    in_a_price,
    in_a_setting,
    in_a_balance,
    in_a_formula,
    in_a_formula_on_the_command_line,
    in_a_worksheet,
    of_a_sale_planned,
    in_an_open_item,
)
SOURCE_NUMBER_FACES = (in_a_file_of_an_exchange, in_a_price_file)
OTHER_UNITS = ("10 USD", "USD 10", "1,234.5 USDT")
"""Units that contradict the asset of the row: its quantity is asked about."""

IN_CENTS = (in_a_formula, in_a_formula_on_the_command_line, in_a_worksheet)


@pytest.mark.parametrize("face", [*NUMBER_FACES, *SOURCE_NUMBER_FACES], ids=lambda face: face.__name__)
@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_a_number_is_the_same_everywhere(
    face: Callable[[str, Path], Decimal | None], text: str, number: str | None, tmp_path: Path
) -> None:
    expected = None if number is None else Decimal(number)
    if face is in_a_file_of_an_exchange and text in OTHER_UNITS:
        expected = None
    found = face(text, tmp_path)
    if expected is not None and face in IN_CENTS:
        expected = expected.quantize(Decimal("0.01"))
    assert found == expected


@pytest.mark.parametrize(("text", "number"), NUMBERS_OF_SOURCES.items())
def test_units_behind_a_number_are_read_in_files_of_exchanges_alone(text: str, number: str, tmp_path: Path) -> None:
    in_units = None if text in OTHER_UNITS else Decimal(number)
    assert [face(text, tmp_path) for face in SOURCE_NUMBER_FACES] == [in_units, Decimal(number)]
    assert [face(text, tmp_path) for face in NUMBER_FACES] == [None] * len(NUMBER_FACES)


def of_a_row(text: str, folder: Path) -> date | None:
    entry = bought(csv_of(folder / "l.csv", HEADER, (text, "Buy", "BTC", "1", "1", "K", "crypto", "", "")))
    return entry and entry.at.date()


def of_an_acquisition(text: str, folder: Path) -> date | None:
    rows = [HEADER, ("2025-01-02", "Opening", "BTC", "1", None, "K", "crypto", text, "1")]
    found = ledger_from_blocks(rows)
    return found.transactions[0].acquired if found.transactions else None  # type: ignore[union-attr]


def of_a_price(text: str, folder: Path) -> date | None:
    found = ledger_from_blocks([HEADER], prices=[["Asset", "Price", "Date"], ["BTC", 1, text]])
    return found.prices[0].day if found.prices else None


def of_a_setting(text: str, folder: Path) -> date | None:
    found = ledger_from_blocks([HEADER], settings=[["Wallet Basis From", text]])
    return None if any(problem.sheet == "Settings" for problem in found.problems) else found.settings.wallet_basis_from


def of_a_balance(text: str, folder: Path) -> date | None:
    rows = [["Account", "Asset", "Quantity", "Date"], ["K", "BTC", 1, text]]
    stated, _ = stated_balances(RawSheet("Balances", rows), Calendar())
    return stated[0].day if stated else None


def of_a_formula(text: str, folder: Path) -> date | None:
    found = answer("CAPGAIN_TERM", ["2023-02-28", text], Caller())
    if isinstance(found, CellError):
        return None
    other = answer("CAPGAIN_TERM", [text, "2025-03-01"], Caller())
    return date(2024, 3, 1) if (found, other) == ("Long", "Short") else None


def of_a_plan(text: str, folder: Path) -> date | None:
    path = csv_of(folder / "l.csv", HEADER, ("2023-01-02", "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    result = capgain("whatif", path, "BTC", "1", "1", "--date", text, "--json")
    assert result.exit_code in (0, 2)
    return date.fromisoformat(json.loads(result.stdout)["date"]) if result.exit_code == 0 else None


def of_balances_asked_for(text: str, folder: Path) -> date | None:
    path = csv_of(folder / "l.csv", HEADER, ("2023-01-02", "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    result = capgain("balances", path, "--as-of", text, "--json")
    assert result.exit_code in (0, 2)
    return date.fromisoformat(json.loads(result.stdout)["as_of"]) if result.exit_code == 0 else None


def of_an_open_item(text: str, folder: Path) -> date | None:
    values = among_the_open_items("1", text, folder)
    day = values and values["Date"]
    return date(day.year, day.month, day.day) if isinstance(day, date) else None


def of_a_ledger_imported(text: str, folder: Path) -> date | None:
    path = csv_of(folder / "l.csv", HEADER, (text, "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    day = (imported(folder, path) or {}).get("Date")
    return date(day.year, day.month, day.day) if isinstance(day, date) else None


def of_an_exchange(text: str, folder: Path) -> date | None:
    day = (imported(folder, coinbase(folder, text, "1")) or {}).get("Date")
    return date(day.year, day.month, day.day) if isinstance(day, date) else None


def of_a_price_file(text: str, folder: Path) -> date | None:
    try:
        found = price_list((), [csv_of(folder / "p.csv", ("Asset", "Date", "Price"), ("BTC", text, "1"))], None)
    except UnreadableImport:
        return None
    return date(2024, 3, 1) if found.on("BTC", date(2024, 3, 1)) else None


DAY_FACES: tuple[Callable[[str, Path], date | None], ...] = (
    of_a_row,
    of_an_acquisition,
    of_a_price,
    of_a_setting,
    of_a_balance,
    of_a_formula,
    of_a_plan,
    of_balances_asked_for,
    of_an_open_item,
    of_a_ledger_imported,
)
GIVEN_AWAY = {"13/01/2024": date(2024, 1, 13), "01.03.2024": date(2024, 3, 1)}
"""A file to import has one order of dates: that which a part above 12 or the dots give away."""

ORDER_OF_FILES = {
    of_a_ledger_imported: GIVEN_AWAY,
    of_an_exchange: GIVEN_AWAY | {"01-03-2024": date(2024, 1, 3)},
}
"""A source may have an order of its own beside."""

SOURCE_DAY_FACES = (of_an_exchange, of_a_price_file)


@pytest.mark.parametrize("face", [*DAY_FACES, *SOURCE_DAY_FACES], ids=lambda face: face.__name__)
@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_is_the_same_everywhere(
    face: Callable[[str, Path], date | None], text: str, day: date | None, tmp_path: Path
) -> None:
    assert face(text, tmp_path) == ORDER_OF_FILES.get(face, {}).get(text, day)


@pytest.mark.parametrize(("text", "day"), DAYS_OF_SOURCES.items())
def test_a_year_of_two_digits_and_as_of_are_read_in_files_of_exchanges_alone(
    text: str, day: date, tmp_path: Path
) -> None:
    assert [face(text, tmp_path) for face in SOURCE_DAY_FACES] == [day] * 2
    assert [face(text, tmp_path) for face in DAY_FACES] == [None] * len(DAY_FACES)


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024", 2024), (" 2024 ", 2024), ("２０２４", None), ("2_024", None), ("24", None), ("2201", None)],
)
def test_a_tax_year_is_the_same_everywhere(text: str, year: int | None, tmp_path: Path) -> None:
    rows = ("2023-01-02", "Buy", "BTC", "1", "1", "K", "crypto", "", "")
    path = csv_of(tmp_path / "l.csv", HEADER, rows)
    assert ledger_from_blocks([HEADER], settings=[["Tax Year", text]]).settings.tax_year == year
    assert isinstance(answer("CAPGAIN_8949", [None, text], Caller()), CellError)
    for command in (
        ("compute", path),
        ("tax", path),
        ("compare", path),
        ("explain", path, "16"),
        ("worksheet", "niit"),
    ):
        result = capgain(*command, "--year", text)
        assert (result.exit_code != 2) == (year is not None), result.output
    for given in (text, f" {text}"):
        found = capgain("eval", path, f'=CAPGAIN(Ledger[#All], "{given}")')
        assert (found.exit_code == 0) == (year is not None)


@pytest.mark.parametrize("name", ["Eastern", "eastern time", "America/New_York"])
def test_a_zone_is_known_by_the_same_names_everywhere(name: str, tmp_path: Path) -> None:
    path = coinbase(tmp_path, "2024-03-01 02:00:00", "1")
    book = tmp_path / "book.xlsx"
    for option in ("--time-zone", name), ("--time-zone", "UTC", "--source-zone", f"Coinbase={name}"):
        book.unlink(missing_ok=True)
        assert capgain("import", path, "-o", book, *option).exit_code == 0
        (entry,) = read_ledger_file(book).ledger.transactions
        assert entry.at.hour == (21 if len(option) == 2 else 7)
    stamped = csv_of(tmp_path / "l.csv", HEADER, ("2024-03-01 02:00Z", "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    (entry,) = read_ledger_file(stamped, overrides=[f"Time Zone={name}"]).ledger.transactions
    assert entry.at.hour == 21


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "EasternX"])
def test_a_zone_that_is_none_is_refused_with_the_same_words_everywhere(name: str, tmp_path: Path) -> None:
    path = coinbase(tmp_path, "2024-03-01 02:00:00", "1")
    mine = workbook(tmp_path / "mine.xlsx", Ledger=[HEADER], Settings=[("Name", "Value"), ("Time Zone", name)])
    book = tmp_path / "book.xlsx"
    ways = (
        ("import", path, "-o", book, "--time-zone", name),
        ("import", path, "-o", book, "--source-zone", f"Kraken={name}"),
        ("import", path, "-o", mine),
        ("check", mine),
    )
    for way in ways:
        refused = capgain(*way)
        assert refused.exit_code == 1
        assert f'"{name}" is not a time zone known here' in refused.output
        assert "Eastern, Central, Mountain or Pacific" in " ".join(refused.output.split())


@pytest.mark.parametrize(
    ("text", "status"), [("mfj", "mfj"), ("Married Filing Jointly", "mfj"), ("joint", "mfj"), ("both", None)]
)
def test_a_filing_status_is_the_same_everywhere(text: str, status: str | None, tmp_path: Path) -> None:
    path = csv_of(tmp_path / "l.csv", HEADER, ("2023-01-02", "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    for option in ("--status", text), ("--set", f"Filing Status={text}"):
        result = capgain("compute", path, "--json", *option)
        found = json.loads(result.stdout)["filing_status"] if result.exit_code == 0 else None
        assert found == status
    worksheet = capgain("worksheet", "niit", "--year", "2024", "--status", text, "--json")
    assert (json.loads(worksheet.stdout)["filing_status"] if worksheet.exit_code == 0 else None) == status
    net = answer("CAPGAIN_NET", [-9000.0, 0.0, 0.0, 0.0, text], Caller())
    assert isinstance(net, CellError) == (status is None)


@pytest.mark.parametrize(("text", "method"), [("hifo", True), ("Highest Cost", True), ("cheapest", False)])
def test_a_method_is_the_same_everywhere(text: str, method: bool, tmp_path: Path) -> None:
    path = csv_of(tmp_path / "l.csv", HEADER, ("2023-01-02", "Buy", "BTC", "1", "1", "K", "crypto", "", ""))
    for option in ("--method", text), ("--set", f"Method={text}"):
        assert (capgain("compute", path, *option).exit_code == 0) == method


@pytest.mark.parametrize(("cell", "doubted"), [("59", False), ("60", True), ("60.0", True), ("60:1", False)])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_bare_ratio_that_no_split_had_may_be_the_units_received(
    kind: str, cell: str, doubted: bool, tmp_path: Path
) -> None:
    rows = [
        ("2024-01-10", "Buy", "ACME", "30", "1800", "Schwab", "stock", "", ""),
        ("2025-02-10", "Split", "ACME", cell, "", "Schwab", "stock", "", ""),
    ]
    if kind == "csv":
        path = csv_of(tmp_path / "l.csv", HEADER, *rows)
    else:
        path, book = tmp_path / "l.xlsx", openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Ledger"
        for line in (HEADER, rows[0], (*rows[1][:3], cell if ":" in cell else float(cell), *rows[1][4:])):
            sheet.append(line)
        book.save(path)
    problems = read_ledger_file(path).ledger.problems
    found = [problem for problem in problems if problem.code == "RATIO_LIKE_UNITS"]
    assert [problem.blocks_filing for problem in found] == [True] * doubted


@pytest.mark.parametrize(
    ("heads", "row", "codes"),
    [
        ("Quantity,Price,Amount", "10,180,-1800", ["NEGATIVE_VALUE"]),
        ("Quantity,Price,Amount", "10,-180,1800", ["NEGATIVE_VALUE"]),
        ("Quantity,Price,Net Amount", "-10,180,1800", ["NEGATIVE_VALUE"]),
        ("Quantity,Price,Net Amount,Type", "10,180,1799,Handed over", ["UNKNOWN_TYPE"]),
        ("Quantity,Price,Net Amount", "10,180,1799", ["NET_MISMATCH"]),
        ("Quantity,Price,Amount", "10,180,0", ["AMOUNT_MISMATCH"]),
    ],
)
def test_one_fault_has_one_reason(heads: str, row: str, codes: list[str], tmp_path: Path) -> None:
    kind = ("", "") if "Type" in heads else ("Type,", "Buy,")
    path = tmp_path / "l.csv"
    path.write_text(
        f"Date,Asset,Account,Class,{kind[0]}{heads}\n2025-01-02,AAPL,Schwab,stock,{kind[1]}{row}\n", encoding="utf-8"
    )
    errors = [problem.code for problem in read_ledger_file(path).ledger.problems if problem.is_error]
    assert errors == codes


def test_a_column_that_is_there_is_not_said_to_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("Date,Type,Asset,Price,Account,Class\n2025-01-02,Dividend,AAPL,5,S,stock\n", encoding="utf-8")
    (problem,) = (one for one in read_ledger_file(path).ledger.problems if one.is_error)
    assert (problem.message, problem.remedy) == (
        "There is no column Amount, which Dividend in row 2 needs.",
        "Add the column, and enter the dollars received.",
    )
