"""Files that are no ledger, each refused with what it is and what to do."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISBLK, S_ISCHR, S_ISFIFO

from capgain.engine.problems import CapgainError
from capgain.workbook.written.words import close_words

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
LARGEST_FILE = 1 << 29
"""Bytes."""
MOST_LINES = 5_000_000
"""Lines of a text file: five times the rows of a sheet."""
MOST_CELLS = 40_000_000
"""Cells of a text file, or of the block of a sheet: a million rows of forty columns."""
MOST_COLUMNS = 16_384
"""Columns of a sheet, and of a text that a sheet is to hold."""
_SAVE_AS = "Open it in Excel or LibreOffice and save it as .xlsx."


class UnreadableFile(CapgainError):
    """A file from which no ledger can be read, with a message for a person."""


class NoLedgerSheet(UnreadableFile):
    """A sound workbook in which no sheet is the ledger."""


class CannotEdit(CapgainError):
    """A workbook that rows cannot be added to without breaking something of it; the text says what to do."""


def read_bytes(path: Path) -> bytes:
    """The whole file; raises UnreadableFile with the reason and the remedy."""
    if path.name.startswith("~$"):
        raise UnreadableFile(
            f"{path} is the lock file that Excel keeps beside an open workbook. Give {path.name[2:]} instead."
        )
    try:
        data = _bounded(path)
    except FileNotFoundError:
        raise UnreadableFile(f"{path} does not exist. Check the name and the folder{_near(path)}.") from None
    except IsADirectoryError:
        raise UnreadableFile(f"{path} is a folder. Give the workbook or CSV file itself.") from None
    except PermissionError as error:
        if path.is_dir():
            raise UnreadableFile(f"{path} is a folder. Give the workbook or CSV file itself.") from error
        raise UnreadableFile(
            f"{path} may not be read. If it is open in another program, close it there; else check its permissions."
        ) from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.") from error
    if not data:
        raise UnreadableFile(f"{path} is empty: it holds not a single byte. Save or export it again.")
    return data


def _near(path: Path) -> str:
    """What to say of a file in the same folder whose name may have been meant."""
    try:
        near = close_words(path.name, (one.name for one in path.parent.iterdir() if one.is_file()), 1)
    except OSError:
        return ""
    return f"; there is {near[0]}" if near else ""


def _bounded(path: Path) -> bytes:
    """The bytes of a file or of what another program pipes; neither endless nor larger than a ledger can be."""
    about = path.stat()
    if S_ISCHR(about.st_mode) or S_ISBLK(about.st_mode):
        raise UnreadableFile(f"{path} is a device, not a file. Give the workbook or CSV file itself.")
    data = b""
    if about.st_size <= LARGEST_FILE:
        if not S_ISFIFO(about.st_mode):
            return path.read_bytes()
        with path.open("rb") as piped:
            data = piped.read(LARGEST_FILE + 1)
    if max(about.st_size, len(data)) > LARGEST_FILE:
        raise UnreadableFile(
            f"{path} has more than {LARGEST_FILE >> 20} MB, more than a ledger of a million rows. "
            "Copy the ledger into a file of its own."
        )
    return data


def refuse_without_end(path: Path, text: str, delimiter: str) -> None:
    """Raise UnreadableFile for a text of more lines or cells than a ledger has; each takes memory, blank ones too."""
    lines = max(text.count("\n"), text.count("\r"))
    if lines > MOST_LINES or lines + text.count(delimiter) > MOST_CELLS:
        raise UnreadableFile(
            f"{path} has {lines:,} lines; at most {MOST_LINES:,} are read, and {MOST_CELLS:,} cells. "
            "Take the blank ones out, or split the file by accounts or years."
        )


def refuse_foreign_formats(path: Path, data: bytes) -> None:
    """Raise UnreadableFile for a file that is neither a zip package nor text."""
    start = data[:4096].lstrip().lower()
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableFile(
                f"{path} is protected by a password. Remove it in Excel (File, Info, Protect Workbook, "
                "Encrypt with Password: leave it blank), save, and try again."
            )
        raise UnreadableFile(f"{path} is a workbook in the old .xls format. {_SAVE_AS}")
    if data.startswith(_EMPTY_ZIP):
        raise UnreadableFile(f"{path} is an empty archive, not a workbook. Save the ledger again.")
    if data.startswith(b"%PDF"):
        raise UnreadableFile(f"{path} is a PDF. Give the workbook or CSV file the ledger is kept in.")
    if start.startswith(b"{") and (b'"doc_id"' in start or b"docs.google.com" in start):
        raise UnreadableFile(
            f"{path} is only a link to a Google Sheet. In Google Sheets choose File, Download, Microsoft Excel (.xlsx)."
        )
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        raise UnreadableFile(f"{path} is a web page, whatever its name says. {_SAVE_AS}")
    if start.startswith(b"<?xml"):
        raise UnreadableFile(f"{path} is an XML file, not a workbook. {_SAVE_AS}")


def refuse_foreign_package(path: Path, names: frozenset[str]) -> None:
    """Raise UnreadableFile for a zip package that is not an .xlsx or .xlsm workbook."""
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        what = "a workbook in the binary .xlsb format"
    elif "mimetype" in names and "content.xml" in names:
        what = "an OpenDocument file, but no spreadsheet"
    elif any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        what = "an Apple Numbers file"
    elif any(name.startswith("word/") for name in names):
        raise UnreadableFile(f"{path} is a Word document, not a workbook.")
    else:
        raise UnreadableFile(f"{path} is a zip archive, not a workbook. Give the workbook or CSV file itself.")
    raise UnreadableFile(f"{path} is {what}. {_SAVE_AS}")
