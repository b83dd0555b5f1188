"""The VBA project of the add-in, written without Excel through pyOpenVBA."""

from __future__ import annotations

import re
import struct
import tempfile
import zipfile
from collections.abc import Iterator
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
    "CapGainFormats.bas",
    "CapGainRecalculation.bas",
    "CapGainWorkbooks.bas",
    "CapGainSettings.bas",
    "CapGainRibbon.bas",
)
WRITTEN_CLASSES = ("CapGainBlock.cls", "CapGainWatch.cls", "CapGainEvents.cls")
WORKBOOK_MODULE = "ThisWorkbook"

NOTHING_COMPILED = bytes.fromhex("cc61ffff000100")
"""The stream _VBA_PROJECT of a project that no Excel has compiled yet: version 0xFFFF, and no cache."""

_PROJECT_NAME_RECORD = 0x0004
_VERSION_RECORD = 0x0009
_STREAM_NAME_RECORD = 0x001A
_OFFSET_RECORD = 0x0031
_TERMINATOR = 0x0010


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
    """The project under its own name and without compiled code, as MS-OVBA 2.3.4.1 asks of whoever writes one.

    The name stands in the record PROJECTNAME of the dir stream and in the PROJECT stream. A module's stream begins with
    what an Excel compiled of it, of the length in MODULEOFFSET; Excel compiles the source anew where there is none.
    """
    container = CFB.from_bytes(project)
    directory = b""
    module = ""
    for record, content in _records(decompress(container.get_stream_in_storage("VBA", "dir"))):
        written = content
        if record == _PROJECT_NAME_RECORD:
            written = PROJECT_NAME.encode("ascii")
        elif record == _STREAM_NAME_RECORD:
            module = content.decode("ascii")
        elif record == _OFFSET_RECORD:
            (compiled,) = struct.unpack("<I", content)
            stream = container.get_stream_in_storage("VBA", module)
            container.write_stream_in_storage("VBA", module, stream[compiled:])
            written = struct.pack("<I", 0)
        size = len(written) - (2 if record == _VERSION_RECORD else 0)
        directory += struct.pack("<HI", record, size) + written
    container.write_stream_in_storage("VBA", "dir", compress(directory))
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", NOTHING_COMPILED)
    stream = re.sub(
        rb'Name="[^"]*"', b'Name="' + PROJECT_NAME.encode("ascii") + b'"', container.get_stream("PROJECT"), count=1
    )
    container.write_stream("PROJECT", stream)
    renamed: bytes = container.to_bytes()
    return renamed


def _records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a dir stream, MS-OVBA 2.3.4.2. PROJECTVERSION is two bytes longer than it says."""
    place, record = 0, 0
    while record != _TERMINATOR:
        record, size = struct.unpack_from("<HI", directory, place)
        if record == _VERSION_RECORD:
            size += 2
        yield record, directory[place + 6 : place + 6 + size]
        place += 6 + size
