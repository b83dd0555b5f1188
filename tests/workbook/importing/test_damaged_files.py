"""Files that cannot be imported: what is said, and that nothing is written."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from capgain.workbook.importing import source_files
from capgain.workbook.importing.reading_files import UnknownFiles
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.importing.source_tables import UnusableFormat
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import COINBASE, coinbase, file, run

ROW = "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,"


def refused(folder: Path, content: bytes, name: str = "export.csv") -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(UnreadableImport) as refusal:
        run(folder, path)
    assert [found.name for found in folder.iterdir()] == [name]
    return str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF document"),
        (b"\xd0\xcf\x11\xe0rest", "old .xls or a password-protected workbook"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        (b'{"transactions": []}', "is JSON"),
        (b"PK\x03\x04 cut", "is cut off"),
        (b"just a line\n", "is not a table"),
        (b"A,B\n1,\x81\x8d\x9d\n", "is not text in UTF-8"),
        ("A,B\n1,2\n".encode("utf-16-le"), "zero bytes"),
        (
            COINBASE.encode() + b'\ncb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,"Bought 0.01',
            "is cut off: the quotation mark",
        ),
    ],
)
def test_the_damage_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refused(tmp_path, content)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "is a zip archive, not a workbook" in refused(tmp_path, packed.getvalue(), "export.xlsx")


def test_a_file_above_100_mb_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_files, "LARGEST", 10)
    assert "Export shorter time spans" in refused(tmp_path, COINBASE.encode())


def test_mixed_separators_are_named(tmp_path: Path) -> None:
    lines = "\n".join(ROW.replace(",", ";") for _ in range(9))
    assert "mixes separators" in refused(tmp_path, f"{COINBASE}\n{lines}\n".encode())


def test_a_line_that_is_cut_off_is_a_problem_and_the_rest_is_imported(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, ROW, "cb-2,2025-03-0"))
    (problem,) = result.problems
    assert "line 3" in str(problem)
    assert "cut off" in problem.message
    assert result.rows_added == 1


def test_a_line_separated_otherwise_is_a_problem_that_says_so(tmp_path: Path) -> None:
    (problem,) = run(
        tmp_path, coinbase(tmp_path, *[ROW.replace("cb-1", f"cb-{n}") for n in range(5)], ROW.replace(",", ";"))
    ).problems
    assert "separated by ';'" in problem.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "coinbase.csv"
    path.write_bytes(f"{COINBASE}\n{ROW}Café\n".encode(encoding))
    (row,) = run(tmp_path, path).rows
    assert row.values["Note"] == "Café"


def test_a_number_that_is_none_is_a_problem_with_its_line(tmp_path: Path) -> None:
    result = run(tmp_path, coinbase(tmp_path, ROW, "cb-2,2025-03-01 12:00:00 UTC,Buy,BTC,lots,USD,84000,840,845,5,"))
    (problem,) = result.problems
    assert str(problem).startswith('coinbase.csv line 3: "lots" is not a number')
    assert result.rows_added == 1


def test_a_cell_longer_than_any_source_writes_is_a_problem_of_its_line(tmp_path: Path) -> None:
    fits, too_long = "x" * 1000, "Bought 1 BTC for " + "1" * 60_000
    result = run(tmp_path, coinbase(tmp_path, ROW + fits, ROW.replace("cb-1", "cb-2") + too_long))
    (problem,) = result.problems
    assert str(problem).startswith("coinbase.csv line 3: Notes has more than 1,000 characters.")
    assert result.rows_added == 1


def test_an_unknown_file_comes_back_with_a_draft_that_can_be_filled_in(tmp_path: Path) -> None:
    path = file(
        tmp_path, "foo.csv", "When,What,Coin,Amount,USD Amount", "2025-03-01,Got,BTC,1,100", "2025-03-02,Gone,BTC,1,120"
    )
    with pytest.raises(UnknownFiles, match="When, What, Coin, Amount, USD Amount") as unknown:
        run(tmp_path, path)
    draft = unknown.value.drafts["foo.csv"]
    assert draft.count('{ refuse = "not decided. Say in the mapping what it becomes" }') == 2
    filled = draft.replace('"Got" = {', '"Got" = "buy" # {').replace('"Gone" = {', '"Gone" = "sell" # {')
    mapping = tmp_path / "foo.format.toml"
    mapping.write_text(filled, encoding="utf-8")
    result = run(tmp_path, path, formats=[mapping])
    assert [(row.type, str(row.values["Amount"])) for row in result.rows] == [("Buy", "100"), ("Sell", "120")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"Buy" = "buy"', '"Buy" = "bought"'), "nothing becomes 'bought'"),
        (('kind = "Type"', 'sort = "Type"'), "'sort' is no field"),
        (('time_zone = "UTC"', 'time_zone = "Mars/Olympus"'), '"Mars/Olympus" is not a time zone known here'),
        (('time_zone = "UTC"', ""), "time_zone is missing"),
        (("[[table]]", "[[tables]]"), "tables means nothing here"),
        (('name = "x"', "name = "), "is not TOML"),
    ],
)
def test_a_mapping_that_says_something_wrong_is_refused_by_name(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    mapping = tmp_path / "my.toml"
    text = (
        'name = "x"\nkind = "exchange"\ntime_zone = "UTC"\n[[table]]\nheaders = [["Time", "Type"]]\n[table.columns]\n'
        'at = "Time"\nkind = "Type"\n[table.kinds]\n"Buy" = "buy"\n'
    )
    mapping.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(UnusableFormat, match=words):
        run(tmp_path, coinbase(tmp_path, ROW), formats=[mapping])
    assert not (tmp_path / "book.xlsx").exists()


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        coinbase(tmp_path, ROW + '"=HYPERLINK(""http://evil"",""x"")"', ROW.replace("cb-1", "=cmd|'/c calc'!A1")),
    )
    with zipfile.ZipFile(result.output) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK(" in sheet
    notes = [transaction.note for transaction in read_ledger_file(result.output).ledger.transactions]
    assert any(note.startswith("=HYPERLINK") for note in notes)


@pytest.mark.parametrize("rest", ["", "note"])
def test_a_row_shifted_by_a_thousands_comma_is_to_be_settled(tmp_path: Path, rest: str) -> None:
    shifted = f"cb-0,2025-03-01 12:00:00 UTC,Buy,BTC,1,USD,$84,000,84000,84005,5,{rest}"
    path = file(tmp_path, "export.csv", COINBASE, shifted, *(ROW.replace("cb-1", f"cb-{n}") for n in (1, 2)))
    assert [(item.places[0].line, item.message) for item in run(tmp_path, path).unsettled] == [
        (2, "The row has 12 cells, but the header has 11.")
    ]


@pytest.mark.parametrize("whole", [0, 1])
def test_a_row_shifted_into_a_blank_last_cell_is_found_in_the_shortest_files_too(tmp_path: Path, whole: int) -> None:
    shifted = "cb-0,2025-03-01 12:00:00 UTC,Buy,BTC,1,USD,$84,000,84000,84005,5,"
    path = file(tmp_path, "export.csv", COINBASE, shifted, *[ROW] * whole)
    assert len(run(tmp_path, path).unsettled) == 1


def test_a_delimiter_at_the_end_of_every_line_is_no_damage(tmp_path: Path) -> None:
    path = file(tmp_path, "export.csv", COINBASE, *(f"{ROW.replace('cb-1', f'cb-{n}')}," for n in (1, 2)))
    assert run(tmp_path, path).rows_added == 2


def test_files_for_tax_software_and_of_quicken_are_named_with_the_step_that_helps(tmp_path: Path) -> None:
    txf = (
        b"V042\nAProgram\nD 01/15/2025\n^\nTD\nN321\nC1\nL1\nP100 sh. XYZ\nD01/10/2024\nD03/05/2024\n$1000\n$1500\n^\n"
    )
    assert "is a TXF file" in (said := refused(tmp_path, txf, "gains.txf"))
    assert "closed lots as CSV" in said
    (tmp_path / "gains.txf").unlink()
    qif = b"!Type:Invst\nD01/05/2024\nNBuy\nYApple\nI180\nQ10\nT1800\n^\n"
    assert "is a QIF file of Quicken" in (said := refused(tmp_path, qif, "q.qif"))
    assert "OFX, QFX or CSV" in said
