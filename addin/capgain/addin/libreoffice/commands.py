"""What the menu CapGain does: the ledger checked in this document, a report and an accountant's folder beside its file.

Report and folder need libraries that LibreOffice's Python does not have: the CapGain that installed the extension makes
them, in a process of its own, from the saved file.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uno

from capgain.addin.functions.answering import answer
from capgain.addin.functions.cells import Block, CellError
from capgain.addin.libreoffice.calc import caller_of
from capgain.addin.libreoffice.document_cells import sheet_block
from capgain.engine.problems import CapgainError

LEDGER = "Ledger"
SHOWN = 12
"""So many problems fit into a message; the sheet that CAPGAIN_CHECK fills has them all."""

COMMANDS = ("refresh", "check", "accountant_copy")

_OF_THE_OFFICE = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "URE_BOOTSTRAP", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What LibreOffice tells its own Python; another one would not start with it."""


class CannotDo(CapgainError):
    """A command that this document does not allow; the message says what to do first."""


def done(document: Any, command: str, interpreter: str) -> str:
    """Do one of COMMANDS; what to tell the person. `interpreter` is the Python that has CapGain, "" if unknown."""
    try:
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            raise CannotDo("Open a spreadsheet with a ledger first.")
        if command == "check":
            return _check(document)
        if command == "refresh":
            return _refresh(document, interpreter)
        return _accountant_copy(document, interpreter)
    except CapgainError as error:
        return str(error)


def _check(document: Any) -> str:
    """The problems of the sheet Ledger; the cell of the first one is selected."""
    caller = caller_of(document)
    ledger = sheet_block(document, LEDGER, caller.date_1904)
    if ledger is None:
        raise CannotDo(f"This document has no sheet {LEDGER}.")
    found = answer("CAPGAIN_CHECK", [ledger], caller)
    if isinstance(found, CellError):
        raise CannotDo(found.reason)
    if isinstance(found, str) or not isinstance(found, Sequence):
        return "The ledger has no problems."
    problems = found[1:]
    _select(document, problems[0], ledger)
    lines = [_line(problem) for problem in problems[:SHOWN]]
    rest = len(problems) - len(lines)
    if rest:
        lines.append(f"and {rest} more: =CAPGAIN_CHECK({LEDGER}.A:Z) over several cells, Ctrl+Shift+Enter, lists all.")
    return "\n".join(lines)


def _line(problem: Sequence[Any]) -> str:
    severity, sheet, row, column, message, remedy = problem
    where = ", ".join(part for part in (f"{sheet} row {row}" if row else str(sheet), str(column or "")) if part)
    return f"{str(severity).capitalize()}: {where}: {message} {remedy}".strip()


def _select(document: Any, problem: Sequence[Any], ledger: Block) -> None:
    _, sheet, row, column, *_ = problem
    controller = document.getCurrentController()
    if controller is None or not row or not document.Sheets.hasByName(sheet):
        return
    headings = [str(heading or "").strip().casefold() for heading in ledger.rows[0]] if ledger.rows else []
    at = headings.index(str(column).casefold()) if str(column).casefold() in headings else 0
    controller.select(document.Sheets.getByName(sheet).getCellByPosition(at, int(row) - 1))


def _refresh(document: Any, interpreter: str) -> str:
    file = _saved(document, "The report is made from the saved file and stands beside it.")
    report = _new(file.with_name(f"{file.stem} report.xlsx"))
    said = _run(interpreter, ["report", str(file), "-o", str(report)])
    if not report.exists():
        return said
    return f"Wrote {report}.\n{said}"


def _accountant_copy(document: Any, interpreter: str) -> str:
    file = _saved(document, "The copy for the accountant is made from the saved file and stands beside it.")
    return _run(interpreter, ["handoff", str(file), "-o", str(file.with_name(f"{file.stem} for accountant"))])


def _saved(document: Any, reason: str) -> Path:
    if not document.hasLocation() or document.isModified():
        raise CannotDo(f"Save the document first. {reason}")
    return Path(uno.fileUrlToSystemPath(document.getURL()))


def _new(path: Path) -> Path:
    """The path, with a number where there is such a file already: nothing is replaced."""
    place, number = path, 1
    while place.exists():
        number += 1
        place = path.with_name(f"{path.stem} {number}{path.suffix}")
    return place


def _run(interpreter: str, arguments: Sequence[str]) -> str:
    if not interpreter or not Path(interpreter).is_file():
        raise CannotDo("This needs CapGain on this computer. Run in a terminal: capgain addin install --libreoffice")
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_OFFICE}
    environment["PYTHONIOENCODING"] = "utf-8"
    environment["COLUMNS"] = "100"
    run = subprocess.run(
        [interpreter, "-P", "-m", "capgain.addin.cli", *arguments],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return (run.stdout + run.stderr).strip()
