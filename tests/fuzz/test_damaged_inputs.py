"""Every reader, given damaged files of its kind: it reads them or refuses them in words, and soon.

A run has a few damaged files for each reader, always the same; `--fuzz-seconds 600` takes others for so long. A failure
names the file, which stays, and the seed that makes it again.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

import hostile_books
from capgain.addin.functions.cells import Failure
from capgain.addin.functions.evaluate import evaluate
from capgain.addin.functions.formula import FormulaError
from capgain.addin.install.configuration import read_configuration
from capgain.engine.compute import compute
from capgain.engine.problems import CapgainError
from capgain.workbook.batch.record import ClientRecord, Made, Status
from capgain.workbook.handoff.manifest import MADE_BY, EarlierPackage
from capgain.workbook.handoff.official_forms.forms_folder import recognise
from capgain.workbook.handoff.package import handoff
from capgain.workbook.importing import kept_import
from capgain.workbook.importing.format_files import format_from, known_formats
from capgain.workbook.importing.price_files.reading import read_price_files
from capgain.workbook.importing.reading_files import read_files
from capgain.workbook.importing.undo import undo
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.raw_sheet import RawSheet
from workbook.importing.test_formats import FILES
from workbook.reading import test_opendocument as ods

FEW = 12
SLOW = frozenset({"earlier package"})
"""Readers that take seconds a file: a run has two for each."""
LONGEST = 20.0
"""Seconds of the processor that any file may take; a hundredth is usual."""
TEXTS = (
    "",
    "=",
    "'",
    '"',
    "1e999",
    "-1",
    "2025-02-30",
    "0",
    "\u202e",
    "NaN",
    "9" * 400,
    "((",
    ";",
    "\n",
    "Ledger",
    "€5",
    "1/0",
)
CSV_LEDGER = (
    "Date,Type,Asset,Quantity,Amount,Fee,Account,Class,Lot,Note\n"
    "2024-01-02,Buy,XYZ,10,1000,1,Schwab,stock,B1,\n2024-02-02,Split,XYZ,,,,,,,2 for 1\n"
    "2025-03-03,Sell,XYZ,5,700,1,Schwab,,B1,\n2025-04-01,Transfer,BTC,0.5,,,Kraken,crypto,,\n"
)
SOUND_LEDGER = (
    "Date,Type,Asset,Quantity,Amount,Account,Class\n"
    "2024-01-02,Buy,XYZ,10,1000,Schwab,stock\n2025-03-03,Sell,XYZ,5,700,Schwab,stock\n"
)
PRICES = "Date,Open,High,Low,Close,Volume\n2025-01-02,1,2,1,1.5,100\n2025-01-03,1,2,1,1.6,100\n"
MAPPING = (
    'name = "x"\nkind = "exchange"\ntime_zone = "UTC"\n[[table]]\nheaders = [["Time", "Type"]]\n[table.columns]\n'
    'at = "Time"\nkind = "Type"\n[table.kinds]\n"Buy" = "buy"\n'
)
FORMULAS = (
    '=CAPGAIN(Ledger[#All], 2025, "long")',
    "=CAPGAIN_LOTS(Ledger[#All], DATE(2025,12,31))",
    "=CAPGAIN_WHY(A1:B2)",
)
MANIFEST = (
    f'{{"made_by": "{MADE_BY}", "made_on": "2025-01-01", "facts": {{"a": "1"}}, "files": {{"x": {{"sha256": "0"}}}}, '
    '"change_log": []}'
)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes cut out, doubled, changed, or replaced by what readers may stumble over."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice((1, 1, 3, 20, 200)))
        match chance.randrange(5):
            case 0:
                del made[at:end]
            case 1:
                made[at:at] = made[at:end] * chance.choice((1, 2, 50))
            case 2:
                made[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
            case 3:
                made[at:end] = chance.choice(TEXTS).encode()
            case _:
                other = chance.randrange(len(made) + 1)
                made[at:end] = made[other : other + end - at]
    return bytes(made)


def damaged_package(content: bytes, chance: random.Random) -> bytes:
    """A zip package with a damaged part, or damaged itself."""
    if chance.random() < 0.2:
        return damaged(content, chance)
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = chance.choice([*names, *[name for name in names if "sheet" in name or name == "content.xml"] * 6])
        for name in names:
            part = source.read(name)
            target.writestr(name, damaged(part, chance) if name == chosen else part)
    return written.getvalue()


def a_workbook(folder: Path, chance: random.Random) -> Path:
    below = "".join(hostile_books.row(number) for number in range(3, 8))
    path = folder / "book.xlsx"
    path.write_bytes(
        damaged_package(hostile_books.with_cells(below + '<row r="9"><c r="A9" s="1"><v>45000</v></c></row>'), chance)
    )
    return path


def an_opendocument(folder: Path, chance: random.Random) -> Path:
    path = ods.document(
        folder / "book.ods", ods.sheet("Ledger", ods.LEDGER, ods.buy(times=3), ods.buy(ods.error("#N/A")))
    )
    path.write_bytes(damaged_package(path.read_bytes(), chance))
    return path


def a_text(name: str, text: str) -> Callable[[Path, random.Random], Path]:
    def made(folder: Path, chance: random.Random) -> Path:
        path = folder / name
        path.write_bytes(damaged(text.encode(), chance))
        return path

    return made


def a_source(folder: Path, chance: random.Random) -> Path:
    sample = FILES[chance.choice(sorted(FILES))]
    path = folder / sample.name
    path.write_bytes(damaged(sample.read_bytes(), chance))
    return path


def a_statement(folder: Path, chance: random.Random) -> Path:
    sample = FILES[chance.choice(("ofx", "interactive_brokers_flex"))]
    path = folder / sample.name
    path.write_bytes(damaged(sample.read_bytes(), chance))
    return path


def ledger_read(path: Path) -> None:
    compute(read_ledger_file(path).ledger)


def source_read(path: Path) -> None:
    read_files([path], known_formats(), None, "", {}, {})


def formula_read(path: Path) -> None:
    ledger = path.with_name("ledger.csv")
    ledger.write_text(CSV_LEDGER, encoding="utf-8")
    try:
        evaluate(path.read_bytes().decode("utf-8", "replace"), read_ledger_file(ledger))
    except (FormulaError, Failure):
        return


SETTINGS = (
    "Name,Value\nTax Year,2025\nFiling Status,mfj\nTime Zone,America/New_York\nTaxable Income 2025,100000\n"
    "Estimated Paid,2026-04-15 4000; 2026-06-15 3000\nIdentical,VOO, IVV; GOOG, GOOGL\nMultiplier SPX,100\n"
    "Class BTC,crypto\nMissing Basis,zero\nAccount IRA1,ira\nBox 11 2025 IBKR,5\nCarryover Short,10\n"
)
CONFIGURATION = '"INTERPRETER_WIN","C:\\Python311\\python.exe"\n"SHOW CONSOLE","False"\n'


RECORD = ClientRecord(file="a.csv", folder="a", status=Status.READY, made=Made.MADE).stored().decode()


def settings_read(path: Path) -> None:
    rows = [line.split(",", 1) for line in path.read_bytes().decode("utf-8", "replace").split("\n")]
    ledger = [line.split(",") for line in CSV_LEDGER.splitlines()]
    compute(ledger_from_sheets(RawSheet("Ledger", ledger), None, RawSheet("Settings", rows), None))


def a_form(folder: Path, chance: random.Random) -> Path:
    """A PDF of one field, titled as the IRS titles its forms."""
    writer = PdfWriter()
    page = writer.add_blank_page(612, 792)
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("f1_1[0]"),
            NameObject("/DA"): TextStringObject("/Helv 9 Tf 0 g"),
            NameObject("/Rect"): ArrayObject([NumberObject(number) for number in (10, 10, 100, 30)]),
        }
    )
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(field)])
    writer.add_metadata({"/Title": "2025 Form 8949"})
    written = io.BytesIO()
    writer.write(written)
    path = folder / "form.pdf"
    path.write_bytes(damaged(written.getvalue(), chance))
    return path


def an_earlier_package(folder: Path, chance: random.Random) -> Path:
    ledger, package, sound = folder / "ledger.csv", folder / "package", folder / "sound.xlsx"
    if not sound.exists():
        ledger.write_text(SOUND_LEDGER, encoding="utf-8")
        handoff(ledger, package)
        sound.write_bytes((package / "workpapers.xlsx").read_bytes())
    (package / "workpapers.xlsx").write_bytes(damaged_package(sound.read_bytes(), chance))
    return package


def package_made_again(path: Path) -> None:
    handoff(path.with_name("ledger.csv"), path)


def a_book_with_an_import(folder: Path, chance: random.Random) -> Path:
    book = folder / "book.xlsx"
    book.write_bytes(hostile_books.packed(hostile_books.parts()))
    record = kept_import.Record("0" * 64, "1" * 64, {"coinbase cb-1": "2" * 16}, frozenset({"Q"}), False)
    kept_import.write_record(book, record)
    kept_import.kept_beside(book).write_bytes(book.read_bytes())
    said = kept_import.record_beside(book)
    said.write_bytes(damaged(said.read_bytes(), chance))
    return book


READERS: Mapping[str, tuple[Callable[[Path, random.Random], Path], Callable[[Path], object]]] = {
    "workbook": (a_workbook, ledger_read),
    "OpenDocument": (an_opendocument, ledger_read),
    "text ledger": (a_text("ledger.csv", CSV_LEDGER), ledger_read),
    "source": (a_source, source_read),
    "statement": (a_statement, source_read),
    "mapping": (a_text("own.toml", MAPPING), format_from),
    "prices": (a_text("AAPL.csv", PRICES), lambda path: read_price_files([path])),
    "formula": (a_text("formula.txt", FORMULAS[0]), formula_read),
    "formula of lots": (a_text("formula.txt", FORMULAS[1]), formula_read),
    "formula why": (a_text("formula.txt", FORMULAS[2]), formula_read),
    "settings": (a_text("settings.csv", SETTINGS), settings_read),
    "official form": (a_form, recognise),
    "earlier package": (an_earlier_package, package_made_again),
    "import on record": (a_book_with_an_import, undo),
    "record of a batch": (a_text("record.json", RECORD), lambda path: ClientRecord.restored(path.read_bytes())),
    "add-in's configuration": (a_text("xlwings.conf", CONFIGURATION), lambda path: read_configuration(path, "cp1252")),
    "manifest": (a_text("manifest.json", MANIFEST), lambda path: EarlierPackage.read(path.parent)),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_damaged_file_is_read_or_refused_in_words(
    reader: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    make, read = READERS[reader]
    given = float(request.config.getoption("--fuzz-seconds"))
    first = random.SystemRandom().randrange(10**9) if given else 0
    end = time.monotonic() + given
    seed = first
    few = 2 if reader in SLOW else FEW
    while time.monotonic() < end if given else seed < few:
        path = make(tmp_path, random.Random(seed))
        begun = time.process_time()
        try:
            read(path)
        except CapgainError:
            pass
        except BaseException as fault:
            raise AssertionError(f"seed {seed}: {path}: {fault!r}") from fault
        assert time.process_time() - begun < LONGEST, f"seed {seed}: {path}"
        seed += 1
