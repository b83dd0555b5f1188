"""Files, names and arguments of odd kinds: an answer, or a refusal in words, and nothing left behind."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import hostile_books
from capgain.addin.cli import program
from command_line import process

HEAD = "Date,Type,Asset,Quantity,Amount,Account,Class\n"
LEDGER = HEAD + "2024-01-02,Buy,XYZ,10,1000,X,stock\n2025-03-03,Sell,XYZ,4,500,X,stock\n"
NOT_UTF_8 = os.fsdecode(b"caf\xe9 \xff.csv")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names and files that Windows does not have")


def without_parts(name: str, content: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(hostile_books.packed({**hostile_books.parts(), name: content}))


def text(content: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def looping(path: Path) -> None:
    path.symlink_to(path.with_name("other.csv"))
    path.with_name("other.csv").symlink_to(path)


CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Ledger">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def of_rows(rows: str | int, columns: str | int, written: str = "x") -> Callable[[Path], object]:
    """A sheet of OpenDocument on which one cell stands so many times below and beside itself."""
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>{written}'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</text:p></table:table-cell></table:table-row>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return text(hostile_books.packed({"mimetype": kind, "content.xml": CONTENT.format(row)}))


def with_bits_of_encryption(path: Path) -> None:
    content = bytearray(hostile_books.packed(hostile_books.parts()))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(mark, place + 4)
    path.write_bytes(content)


def with_names(change: Callable[[str], str]) -> Callable[[Path], object]:
    return text(hostile_books.packed({change(name): content for name, content in hostile_books.parts().items()}))


BOOK = hostile_books.parts()["xl/workbook.xml"]
RELATIONS = hostile_books.parts()["xl/_rels/workbook.xml.rels"]
REFUSED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a folder called a workbook": ("ledger.xlsx", Path.mkdir),
    "a folder called a text": ("ledger.csv", Path.mkdir),
    "links in a ring": ("ledger.csv", looping),
    "a link to nothing": ("ledger.xlsx", lambda path: path.symlink_to(path.with_name("nowhere"))),
    "a zero byte": ("ledger.csv", text(LEDGER + "2025-03-04,Sell,X\0Z,1,1,X,stock\n")),
    "a quotation mark that opens": ("ledger.csv", text(LEDGER + '2025-03-04,Sell,"XYZ,1,1,X,stock\n')),
    "ten megabytes in a field": ("ledger.csv", text(f'{LEDGER}2025-03-04,Sell,XYZ,1,1,"{"x" * 10_000_000}",stock\n')),
    "UTF-16 without its mark": ("ledger.csv", text(LEDGER.encode("utf-16-le"))),
    "blanks alone": ("ledger.csv", text(" " * 100_000)),
    "the header alone": ("ledger.csv", text(HEAD)),
    "numbers that are none": ("ledger.csv", text(HEAD + "2024-01-02,Buy,XYZ,inf,NaN,X,stock\n")),
    "numbers beyond all": ("ledger.csv", text(HEAD + "2024-01-02,Buy,XYZ,1e999999,1e-999999,X,stock\n")),
    "days beyond all": ("ledger.csv", text(HEAD + "0000-00-00,Buy,XYZ,1,1,X,stock\n9999-12-31,Buy,XYZ,1,1,X,stock\n")),
    "a sheet outside the package": (
        "ledger.xlsx",
        without_parts(
            "xl/_rels/workbook.xml.rels", RELATIONS.replace("worksheets/sheet1.xml", "../../../../etc/passwd")
        ),
    ),
    "a sheet that is its own workbook": (
        "ledger.xlsx",
        without_parts("xl/_rels/workbook.xml.rels", RELATIONS.replace("worksheets/sheet1.xml", "workbook.xml")),
    ),
    "texts that are no XML": ("ledger.xlsx", without_parts(hostile_books.TEXTS, "not XML")),
    "a million cells in a row": (
        "ledger.xlsx",
        text(hostile_books.with_cells(f'<row r="3">{"<c><v>1</v></c>" * 1_000_000}</row>')),
    ),
    "days and numbers beyond all": (
        "ledger.xlsx",
        text(
            hostile_books.with_cells(
                '<row r="3"><c r="A3" s="1"><v>1e308</v></c><c r="B3" t="str"><v>Buy</v></c><c r="D3"><v>1e400</v></c>'
                '<c r="E3"><v>-1e308</v></c></row>'
            )
        ),
    ),
    "a row a thousand million times": ("ledger.ods", of_rows(10**9, 1)),
    "a row a hundred digits of times": ("ledger.ods", of_rows("9" * 100, 1)),
    "a row less than no times": ("ledger.ods", of_rows(-5, 1)),
    "a row many times": ("ledger.ods", of_rows("many", 1)),
    "a cell in every place of a sheet": ("ledger.ods", of_rows(1_048_576, 16_384)),
    "a cell beyond all columns": ("ledger.ods", of_rows(1, 999_999_999)),
    "a long text in many places": ("ledger.ods", of_rows(2_000, 10_000, "x" * 1_000)),
    "more columns than a sheet has": ("ledger.csv", text(LEDGER + "2025-03-04,Sell,XYZ,1,1,X,stock" + ",1" * 20_000)),
    "bits that say it is encrypted": ("ledger.xlsx", with_bits_of_encryption),
    "parts named as on Windows": ("ledger.xlsx", with_names(lambda name: name.replace("/", "\\"))),
    "parts in capitals": ("ledger.xlsx", with_names(str.upper)),
    "a program before the package": (
        "ledger.xlsx",
        text(b"MZ" + b"\0" * 5_000 + hostile_books.packed(hostile_books.parts())),
    ),
    "no sheets": ("ledger.xlsx", without_parts("xl/workbook.xml", "<workbook><sheets/></workbook>")),
    "a web page": ("ledger.xlsx", text("<html><table><tr><td>Date</td></tr></table></html>")),
    "EBCDIC": ("ledger.csv", text(LEDGER.encode("cp500"))),
    "half a character of UTF-16": ("ledger.csv", text(LEDGER.encode("utf-16") + b"x")),
    "a byte order mark alone": ("ledger.csv", text(b"\xff\xfe")),
    "lines that end as nowhere": ("ledger.csv", text(LEDGER.replace("\n", "\u2028"))),
    "fifty thousand brackets": ("ledger.csv", text("[" * 50_000)),
    "cells of no kind": (
        "ledger.xlsx",
        text(
            hostile_books.with_cells(
                '<row r="3"><c r="A3" t="b"><v>7</v></c><c r="B3" t="s"><v>-1</v></c>'
                '<c r="C3" t="zz"><v>1</v></c></row>'
            )
        ),
    ),
}


@pytest.mark.parametrize(("name", "make"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_ledger_is_refused_in_words(
    name: str, make: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / name)
    before = sorted(tmp_path.iterdir())
    for command in (("compute", name, "--json"), ("import", name, "-o", "book.xlsx")):
        found = CliRunner().invoke(program, command, prog_name="capgain")
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        assert found.exit_code == 1 or (command[0] == "import" and found.exit_code == 0)
        if command[0] == "compute":
            assert json.loads(found.stdout)["problems"]
        for made in {*tmp_path.iterdir()} - {*before}:
            assert made.name.startswith(("book.xlsx", "ledger.format"))
            made.unlink()


def test_a_file_whose_name_is_no_utf_8_is_read_and_named_in_what_is_written(tmp_path: Path) -> None:
    (tmp_path / NOT_UTF_8).write_text(LEDGER, encoding="utf-8")
    for command in (
        ("report", NOT_UTF_8, "-o", "report.xlsx"),
        ("import", NOT_UTF_8, "-o", "book.xlsx"),
        ("handoff", NOT_UTF_8, "-o", "package", "--set", "Account X=brokerage"),
    ):
        found = process(*command, cwd=tmp_path, PYTHONWARNINGS="default")
        assert found.returncode == 0, found.stderr
    sources = [cell.value for cell in openpyxl.load_workbook(tmp_path / "book.xlsx")["Ledger"][2]]
    assert "caf\ufffd \ufffd.csv" in sources
    assert (
        json.loads((tmp_path / "package/manifest.json").read_text("utf-8"))["ledger"]["file"] == "caf\ufffd \ufffd.csv"
    )


def test_a_sheet_under_a_name_that_excel_does_not_take_is_copied_under_another(tmp_path: Path) -> None:
    for number, title in enumerate(("a*b?&#10;&#x202E;c", "x" * 300)):
        wrong = BOOK.replace('name="Ledger"', f'name="{title}"')
        (tmp_path / "ledger.xlsx").write_bytes(
            hostile_books.packed({**hostile_books.parts(), "xl/workbook.xml": wrong})
        )
        found = process(
            "handoff", "ledger.xlsx", "-o", f"package{number}", "--set", "Account X=brokerage", cwd=tmp_path
        )
        assert found.returncode == 0, found.stderr
        with zipfile.ZipFile(tmp_path / f"package{number}/workpapers.xlsx") as package:
            assert package.testzip() is None


REFUSED_ARGUMENTS = (
    (("handoff", "ledger.csv", "-o", "/"), "is no folder that can be made anew"),
    (("batch", ".", "-o", "out", "--limit", "nan"), "is not a number of seconds"),
    (("batch", ".", "-o", "out", "--limit", "1e300"), "is not a number of seconds"),
    (("import", "book.xlsx", "-o", "book.xlsx"), "is the workbook itself"),
    (("prices", "ledger.csv", "-o", "ledger.csv"), "already exists. Choose another name.\n"),
    (("report", "ledger.csv", "-o", "hard.xlsx", "--force"), "is the ledger itself"),
    (("report", "ledger.csv", "-o", "soft.xlsx", "--force"), "is the ledger itself"),
    (("eval", "ledger.csv", f"=CAPGAIN_NET(1e{'9' * 20},2,3)"), "out of all proportion"),
    (("forms", "add", "ledger.csv"), "is not a fillable PDF: it cannot be opened"),
    (("import", "ledger.csv", "-o", "b.xlsx", "--format", "/dev/zero"), "is a device"),
    (("prices", "ring.csv", "-o", "p.csv"), "ring.csv cannot be"),
    (("handoff", "ring.csv", "-o", "package"), "ring.csv cannot be read"),
    (("explain", "ledger.csv", "16\x1b[31m"), "has no line '16\\x1b[31m'"),
)


@pytest.mark.parametrize(("command", "said"), REFUSED_ARGUMENTS)
def test_hostile_arguments_are_refused_in_words(command: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "book.xlsx").write_bytes(hostile_books.packed(hostile_books.parts()))
    (tmp_path / "soft.xlsx").symlink_to("ledger.csv")
    os.link(tmp_path / "ledger.csv", tmp_path / "hard.xlsx")
    (tmp_path / "ring.csv").symlink_to("ring.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "ring.csv"}
    found = process(*command, cwd=tmp_path)
    assert found.returncode in (1, 2)
    assert said in " ".join(found.stderr.split()) + "\n"
    assert "Traceback" not in found.stderr
    (tmp_path / "ring.csv").unlink()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_report_of_a_ledger_as_wide_as_a_sheet_says_what_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head, *rows = LEDGER.splitlines()
    more = 16_384 - head.count(",") - 1
    wide = [head + "".join(f",Own {number}" for number in range(more)), *(row + "," * more for row in rows)]
    Path("ledger.csv").write_text("\n".join(wide), encoding="utf-8")
    found = CliRunner().invoke(program, ("report", "ledger.csv", "-o", "out.xlsx"), prog_name="capgain")
    assert "columns; 16,384 fit on a sheet. Delete columns" in " ".join(found.stderr.split()), found.output
    assert (found.exit_code, sorted(path.name for path in tmp_path.iterdir())) == (1, ["ledger.csv"])


def test_a_text_in_utf_32_and_blank_columns_beyond_a_sheet_s_last_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wide = "\n".join(line + "," * 20_000 for line in LEDGER.splitlines())
    for content in (LEDGER.encode("utf-32"), LEDGER.encode("utf-32-be"), wide.encode()):
        mark = b"\0\0\xfe\xff" if content.startswith(b"\0\0\0") else b""
        Path("ledger.csv").write_bytes(mark + content)
        for command in (("compute", "ledger.csv", "--json"), ("report", "ledger.csv", "-o", "out.xlsx", "--force")):
            found = CliRunner().invoke(program, command, prog_name="capgain")
            assert found.exit_code == 0, found.output
        found = CliRunner().invoke(program, ("import", "ledger.csv", "-o", "book.xlsx"), prog_name="capgain")
        assert "2 rows added" in found.output
        Path("book.xlsx").unlink()
