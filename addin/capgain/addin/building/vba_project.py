"""The VBA project of the add-in, written without Excel through pyOpenVBA."""

from __future__ import annotations

import re
import struct
import tempfile
import zipfile
from importlib.resources import files
from pathlib import Path

from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from capgain.addin.building.vba_modules import choices_module, functions_module
from capgain.addin.building.xlwings_module import dictionary_class, xlwings_module

PROJECT_NAME = "CapGainAddIn"

WRITTEN_MODULES = (
    "CapGainBridge.bas",
    "CapGainRecalculation.bas",
    "CapGainWorkbooks.bas",
    "CapGainSettings.bas",
    "CapGainRibbon.bas",
)
WRITTEN_CLASSES = ("CapGainBlock.cls", "CapGainWatch.cls", "CapGainEvents.cls")
WORKBOOK_MODULE = "ThisWorkbook"

_PROJECT_NAME_RECORD = 0x0004
_VERSION_RECORD = 0x0009


def source_of(name: str) -> str:
    """A module of ours as it lies beside this package."""
    return files("capgain.addin.excel").joinpath("vba", name).read_text(encoding="utf-8")


def modules() -> dict[str, tuple[str, VBAModuleKind]]:
    """Every module of the add-in but its document modules: name to source and kind."""
    standard, other = VBAModuleKind.standard, VBAModuleKind.other
    found = {"xlwings": (xlwings_module(), standard), "Dictionary": (dictionary_class(), other)}
    for name in WRITTEN_MODULES:
        found[name.removesuffix(".bas")] = source_of(name), standard
    for name in WRITTEN_CLASSES:
        found[name.removesuffix(".cls")] = source_of(name), other
    found["CapGainFunctions"] = functions_module(), standard
    found["CapGainChoicesOffered"] = choices_module(), standard
    return found


def vba_project() -> bytes:
    """The part `vbaProject.bin`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.xlsm"
        with ExcelFile.create_new(str(path)) as book:
            project = book.vba_project()
            for name, (source, kind) in modules().items():
                project.add_module(name, source, kind=kind)
            project.get_module(WORKBOOK_MODULE).body = source_of(f"{WORKBOOK_MODULE}.cls")
            project.delete_module("Module1")
            book.save()
        with zipfile.ZipFile(path) as package:
            return _named(package.read("xl/vbaProject.bin"))


def _named(project: bytes) -> bytes:
    """The project under its own name: record PROJECTNAME of the dir stream, and `Name=` of the PROJECT stream."""
    container = CFB.from_bytes(project)
    directory = decompress(container.get_stream_in_storage("VBA", "dir"))
    place = 0
    while place < len(directory):
        record, size = struct.unpack_from("<HI", directory, place)
        if record == _PROJECT_NAME_RECORD:
            name = PROJECT_NAME.encode("ascii")
            written = struct.pack("<HI", record, len(name)) + name
            directory = directory[:place] + written + directory[place + 6 + size :]
            break
        place += 6 + size + (2 if record == _VERSION_RECORD else 0)
    container.write_stream_in_storage("VBA", "dir", compress(directory))
    stream = re.sub(
        rb'Name="[^"]*"', b'Name="' + PROJECT_NAME.encode("ascii") + b'"', container.get_stream("PROJECT"), count=1
    )
    container.write_stream("PROJECT", stream)
    content: bytes = container.to_bytes()
    return content
