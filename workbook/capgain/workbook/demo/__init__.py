"""The ledger that comes with the program: a broker, two exchanges and a hardware wallet, 2022 to 2025.

The people, accounts and trades are made up; prices are close to those of the day.
"""

from __future__ import annotations

import csv
import hashlib
import zipfile
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from xml.etree import ElementTree

from capgain.workbook.reading import LedgerFile
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.moments import Calendar, Moment, read_moment
from capgain.workbook.written.numbers import read_number

NAME = "CapGain demo ledger"
EXAMPLE = "CapGain example "
SHEETS = ("Ledger", "Accounts", "Settings", "Prices")

_CORE = "docProps/core.xml"
_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"
_CREATED, _MODIFIED = (f"{{http://purl.org/dc/terms/}}{name}" for name in ("created", "modified"))


def _examples() -> Traversable:
    """The folder of the examples: in the package where it is installed, in the tree where it is worked on."""
    packaged = files(__name__) / "examples"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "examples"


def example_names() -> tuple[str, ...]:
    """The smaller ledgers that come with the program, each a story of the guides."""
    return tuple(sorted(one.name for one in _examples().iterdir() if one.is_dir()))


def demo_ledger(name: str = "") -> LedgerFile:
    """The shipped ledger, or an example, as if read from a workbook, its dates and numbers as cells hold them."""
    folder = _examples() / name if name else files(__name__)
    texts = [(folder / f"{sheet.lower()}.csv").read_text(encoding="utf-8") for sheet in SHEETS]
    raw = tuple(
        RawSheet(name, [[_cell(text) for text in row] for row in csv.reader(text.splitlines())])
        for name, text in zip(SHEETS, texts, strict=True)
    )
    return LedgerFile(
        path=Path(f"{EXAMPLE}{name}" if name else NAME),
        sha256=hashlib.sha256("".join(texts).encode()).hexdigest(),
        ledger=ledger_from_sheets(*raw),
        raw=raw,
        date_1904=False,
    )


def is_demo_report(path: Path) -> bool:
    """Whether a file is a report of a shipped ledger as this program wrote it, not touched by another since."""
    try:
        with zipfile.ZipFile(path) as archive:
            core = ElementTree.fromstring(archive.read(_CORE))
    except (OSError, zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return False
    made_from = core.findtext(_DESCRIPTION) or ""
    return made_from.startswith((f"Made from {NAME},", f"Made from {EXAMPLE}")) and core.findtext(
        _CREATED
    ) == core.findtext(_MODIFIED)


def _cell(text: str) -> Cell:
    """What a workbook's cell would hold: nothing, a date, a moment, a number, or text."""
    moment, number = read_moment(text, Calendar()), read_number(text)
    if isinstance(moment, Moment):
        return moment.at if moment.has_time else moment.at.date()
    return number if isinstance(number, Decimal) else text or None
