"""`capgain.xlam`: the package around the VBA project, with the ribbon and the help sheet."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import xlsxwriter

from capgain.addin.building.help_sheet import SHEET, help_rows
from capgain.addin.building.packed import packed
from capgain.addin.building.ribbon_xml import ribbon_xml
from capgain.addin.building.vba_project import WORKBOOK_MODULE, vba_project

FILE_NAME = "capgain.xlam"
"""The name is part of saved formulas and of the configuration's file name; it must not change."""

RIBBON_PART = "customUI/customUI14.xml"
VBA_PART = "xl/vbaProject.bin"

_WORKBOOK_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBON_RELATION = (
    b'<Relationship Id="rIdCapGainRibbon" '
    b'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    b'Target="' + RIBBON_PART.encode("ascii") + b'"/></Relationships>'
)


def xlam() -> bytes:
    """The add-in file. Needs no Excel and no network; the same on every machine with the same packages."""
    with zipfile.ZipFile(io.BytesIO(_macro_workbook())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    types, relations, workbook = "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"
    parts[types] = _replaced_once(parts[types], _WORKBOOK_TYPE, _ADDIN_TYPE)
    parts[relations] = _replaced_once(parts[relations], b"</Relationships>", _RIBBON_RELATION)
    # With it Excel would calculate every open workbook as it starts.
    parts[workbook] = _replaced_once(parts[workbook], b' fullCalcOnLoad="1"', b"")
    return packed({**parts, RIBBON_PART: ribbon_xml()})


def is_this_version(content: bytes) -> bool:
    """Whether an add-in file has the code and the ribbon that `xlam` writes, signed or not."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(io.BytesIO(xlam())) as ours:
            return all(package.read(part) == ours.read(part) for part in (VBA_PART, RIBBON_PART))
    except (zipfile.BadZipFile, KeyError):
        return False


def _macro_workbook() -> bytes:
    """A workbook with the VBA project and the help sheet."""
    written = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "vbaProject.bin"
        project.write_bytes(vba_project())
        with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
            book.add_vba_project(str(project))
            book.set_vba_name(WORKBOOK_MODULE)
            sheet = book.add_worksheet(SHEET)
            sheet.set_vba_name("Sheet1")
            for place, row in enumerate(help_rows()):
                for column, text in enumerate(row):
                    sheet.write_string(place, column, text)
            book.set_properties(
                {
                    "title": "CapGain",
                    "subject": f"US capital gains in Excel, version {version('capgain')}",
                    "author": "CapGain",
                    "created": datetime(2025, 1, 1),
                }
            )
    return written.getvalue()


def _replaced_once(content: bytes, old: bytes, new: bytes) -> bytes:
    if content.count(old) != 1:
        raise AssertionError(f"expected once in the package: {old.decode()}")
    return content.replace(old, new)
