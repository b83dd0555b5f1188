"""xlwings' own VBA module (BSD licence) for our project, without what lets a workbook choose what runs.

As shipped, a sheet `<project>.conf` in the active workbook, or a file of that name beside it, names the interpreter
and the search path; sheets ending in `.py` run as code; and Python puts the current folder on its path. Each change
names the text it replaces, so that another version of xlwings that reads differently cannot be built unnoticed.
"""

from __future__ import annotations

import re
from importlib.resources import files

from capgain.engine.problems import Unsupported

XLWINGS_VERSION = "0.37.8"
"""The version whose module is known here; its DLL carries the same number."""

PROJECT = "capgain"

_WORKBOOK_SHEET_LAYER = re.compile(
    r"            'Workbook Sheet Config\n.*?(?=            'Add-in Sheet Config)", re.DOTALL
)
_FOLDER_LAYER = re.compile(r"    ' Directory Config\n.*?(?=    ' User Config\n)", re.DOTALL)
_FOLDER_FILE = re.compile(r"Function GetDirectoryConfigFilePath\(\).*?End Function\n", re.DOTALL)
_EMBEDDED_SEARCH = re.compile(r"    For i = 1 To 2\n.*?    Next i\n", re.DOTALL)
_EMBEDDED_UDFS = re.compile(r"    ' Automatically add embedded code sheets\n.*?    Next\n", re.DOTALL)
_EMBEDDED_RUN = re.compile(
    r"    ' PythonCommand with embedded code\n.*?(?=    ' Call Python platform-dependent)", re.DOTALL
)
_LIBRARY_SEARCH = re.compile(
    r"        If LoadLibrary\(ParentFolder\(PYTHON_WIN\).*?            End If\n        End If\n", re.DOTALL
)
_LIBRARY = """        If LoadLibrary(ParentFolder(GetConfigFilePath()) & "\\" & XLPyDLLName) = 0 Then
            Err.Raise 1, "CapGain", "Could not load " & ParentFolder(GetConfigFilePath()) & "\\" & XLPyDLLName & "."
        End If
"""
"""xlwings looks beside Python and a folder up, where pip does not always put it; `capgain addin install` copies it."""
_IMPORTERS = re.compile(r"Sub ImportPythonUDFsBase\(.*?(?=Private Sub GetDLLVersion)", re.DOTALL)

_REMOVED = (
    _WORKBOOK_SHEET_LAYER,
    _FOLDER_LAYER,
    _FOLDER_FILE,
    _EMBEDDED_SEARCH,
    _EMBEDDED_UDFS,
    _EMBEDDED_RUN,
    _IMPORTERS,
)

_NO_INTERPRETER = 'Err.Raise 1, "CapGain", "CapGain does not know its Python. Run in a terminal: capgain addin install"'

_PREPARED_PATH = 'import xlwings.utils;xlwings.utils.prepare_sys_path(\\""" & PYTHONPATH & "\\"");'
"""Puts the workbook's folder on Python's path, and an empty entry, which is the current folder, where it does not."""

_REPLACED = (
    ('PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{PROJECT}"', 1),
    ('GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")', '"false"', 2),
    ('AddExcelDir & ";" & ActiveFullName & ";" & ThisFullName & ";"', 'AddExcelDir & ";;;"', 2),
    ('AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName & ";"', 'AddExcelDir & ";;;"', 1),
    (f"{_PREPARED_PATH} ", "", 1),
    (_PREPARED_PATH, "", 1),
    # The process that answers formulas starts without the libraries that it has no use for.
    ("import xlwings; xlwings.serve(", "from capgain.addin.excel import server_process; server_process.serve(", 1),
    # Python looks for modules neither in the current folder (-P) nor where the environment says (-E).
    ('" -B -c ""', '" -B -P -E -c ""', 2),
    # The current folder comes first where Windows looks for a program without a path.
    ('"cmd.exe /C "', 'Environ("ComSpec") & " /C "', 1),
    ('"cmd.exe " & ConsoleSwitch', 'Environ("ComSpec") & " " & ConsoleSwitch', 2),
    # Without an interpreter of its own the add-in takes none from the search path.
    ('interpreter = GetConfig("INTERPRETER", "python")', _NO_INTERPRETER, 1),
    ('PYTHON_WIN = GetConfig("INTERPRETER", "pythonw")', _NO_INTERPRETER, 2),
)


def xlwings_module() -> str:
    """The module `xlwings` of the add-in. Raises Unsupported where another xlwings than the known one is installed."""
    source = files("xlwings").joinpath("xlwings_custom_addin.bas").read_text(encoding="utf-8").replace("\r\n", "\n")
    if f'XLWINGS_VERSION As String = "{XLWINGS_VERSION}"' not in source:
        raise Unsupported(
            f"The add-in is built from xlwings {XLWINGS_VERSION}, and another version is installed. "
            f'Install it with: pip install "xlwings=={XLWINGS_VERSION}"'
        )
    for pattern in _REMOVED:
        source, found = pattern.subn("", source)
        _expect(found == 1, pattern.pattern)
    source, found = _LIBRARY_SEARCH.subn(lambda _: _LIBRARY, source)
    _expect(found == 1, _LIBRARY_SEARCH.pattern)
    for old, new, times in _REPLACED:
        _expect(source.count(old) == times, old)
        source = source.replace(old, new)
    return source


def dictionary_class() -> str:
    """The class `Dictionary` that xlwings' module needs on a Mac (MIT licence, Tim Hall)."""
    return files("xlwings").joinpath("addin", "Dictionary.cls").read_text(encoding="utf-8").replace("\r\n", "\n")


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise Unsupported(f"xlwings' VBA module reads differently than CapGain expects, at: {what}")
