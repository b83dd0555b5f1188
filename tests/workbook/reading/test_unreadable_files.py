"""Files that are no ledger: each is refused with what it is and what to do."""

import os
import threading
import zipfile
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from capgain.workbook.importing.source_files import UnreadableImport, read_sources
from capgain.workbook.reading import UnreadableFile, read_ledger_file
from capgain.workbook.xlsx import unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(path: Path) -> str:
    before = path.read_bytes() if path.is_file() and os.access(path, os.R_OK) else None
    with pytest.raises(UnreadableFile) as refused:
        read_ledger_file(path)
    assert before is None or path.read_bytes() == before
    return str(refused.value).replace(str(path), path.name)


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.save(path)
    return path


def package(path: Path, *members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "x" * 100)
    return path


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "none.xlsx does not exist. Check the name and the folder."


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    assert refusal(tmp_path / "ledgers") == "ledgers is a folder. Give the workbook or CSV file itself."


def test_a_file_that_is_open_elsewhere_or_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "book.xlsx")

    def locked(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(UnreadableFile) as refused:
        read_ledger_file(path)
    assert str(refused.value) == (
        f"{path} may not be read. If it is open in another program, close it there; else check its permissions."
    )


def test_a_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Path) -> bytes:
        raise OSError(5, "Input/output error")

    path = workbook(tmp_path / "book.xlsx")
    monkeypatch.setattr(Path, "read_bytes", failing)
    with pytest.raises(UnreadableFile, match=r"cannot be read: Input/output error\."):
        read_ledger_file(path)


def test_the_lock_file_of_an_open_workbook(tmp_path: Path) -> None:
    path = tmp_path / "~$book.xlsx"
    path.write_bytes(b"Ann")
    assert refusal(path) == (
        "~$book.xlsx is the lock file that Excel keeps beside an open workbook. Give book.xlsx instead."
    )


def test_an_empty_file(tmp_path: Path) -> None:
    for name in ("book.xlsx", "ledger.csv"):
        (tmp_path / name).touch()
        assert refusal(tmp_path / name) == f"{name} is empty: it holds not a single byte. Save or export it again."


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    plain, locked = workbook(tmp_path / "plain.xlsx"), tmp_path / "locked.xlsx"
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("secret", target)
    assert refusal(locked) == (
        "locked.xlsx is protected by a password. Remove it in Excel (File, Info, Protect Workbook, "
        "Encrypt with Password: leave it blank), save, and try again."
    )


def test_a_workbook_in_the_old_format(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(OLE)
    assert refusal(tmp_path / "old.xls") == (
        "old.xls is a workbook in the old .xls format. Open it in Excel or LibreOffice and save it as .xlsx."
    )


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx")
    path.write_bytes(path.read_bytes()[:-900])
    assert refusal(path) == (
        "book.xlsx is damaged or incomplete. Open it in Excel or LibreOffice, which may repair it, "
        "and save it again; or take an older copy."
    )


@pytest.mark.parametrize(
    ("members", "what"),
    [
        (
            ("mimetype", "content.xml"),
            "book.xlsx is an OpenDocument file, but no spreadsheet. Open it in Excel or LibreOffice",
        ),
        (("xl/workbook.bin",), "book.xlsx is a workbook in the binary .xlsb format. Open it"),
        (("Index/Document.iwa",), "book.xlsx is an Apple Numbers file. Open it"),
        (("word/document.xml",), "book.xlsx is a Word document, not a workbook."),
        (("photo.jpg",), "book.xlsx is a zip archive, not a workbook."),
        (("xl/workbook.xml",), "book.xlsx is damaged or incomplete."),
        ((), "book.xlsx is an empty archive, not a workbook."),
    ],
)
def test_packages_of_other_programs(tmp_path: Path, members: tuple[str, ...], what: str) -> None:
    assert refusal(package(tmp_path / "book.xlsx", *members)).startswith(what)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("book.xlsx", b"Date,Type,Asset\n", "book.xlsx is not a workbook, whatever its name says"),
        ("book.xlsx", b"\x00\x01\x02", "book.xlsx is not a workbook, whatever its name says"),
        ("scan.pdf", b"%PDF-1.7 ...", "scan.pdf is a PDF."),
        ("report.xls", b"  <HTML><table>", "report.xls is a web page, whatever its name says."),
        ("report.xls", b"<?xml version='1.0'?><Workbook>", "report.xls is an XML file, not a workbook."),
        ("Ledger.gsheet", b'{"doc_id": "1x", "email": "a@b.c"}', "Ledger.gsheet is only a link to a Google Sheet."),
        ("ledger.csv", b"\x00\x01\x02\x03", "ledger.csv is not a text file."),
        ("ledger.csv", b"\xff\xfeD", "ledger.csv is damaged: its text is not utf-16."),
    ],
)
def test_files_of_another_kind(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name).startswith(what)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
def test_a_device_is_no_file_and_is_not_read() -> None:
    with pytest.raises(UnreadableFile, match=r"^/dev/zero is a device, not a file\."):
        read_ledger_file("/dev/zero")
    with pytest.raises(UnreadableImport, match=r"^/dev/zero is a device, not a file\."):
        read_sources(Path("/dev/zero"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("largest", [1 << 20, 100])
def test_what_another_program_pipes_is_read_up_to_the_largest_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(unreadable, "LARGEST_FILE", largest)
    text = "Date,Type,Asset,Quantity,Amount,Account\n2025-01-02,Buy,BTC,1,100,X\n" + "," * 100
    os.mkfifo(tmp_path / "piped.csv")
    writer = threading.Thread(target=(tmp_path / "piped.csv").write_text, args=(text,))
    writer.start()
    if largest > len(text):
        assert len(read_ledger_file(tmp_path / "piped.csv").ledger.transactions) == 1
    else:
        assert "has more than 0 MB" in refusal(tmp_path / "piped.csv")
    writer.join()


def test_a_file_larger_than_any_ledger_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "ledger.csv").open("wb") as file:
        file.truncate(unreadable.LARGEST_FILE + 1)  # a file of holes takes no room
    assert refusal_unread(tmp_path / "ledger.csv").startswith("ledger.csv has more than 512 MB")


def refusal_unread(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_ledger_file(path)
    return str(refused.value).replace(str(path), path.name)
