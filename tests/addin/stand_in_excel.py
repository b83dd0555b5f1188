"""Excel without Excel: our VBA in pyOpenVBA's interpreter, with xlwings' XLPy played by the real Python side."""

from __future__ import annotations

import re
from typing import Any

from pyopenvba import VBAModuleKind
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import EMPTY, MISSING, NULL, VBAArray, VBAErrorValue, VBAObject, method
from pyopenvba.interpreter._runtime import VBARuntimeError
from pyopenvba.vba import normalize_class_source

from capgain.addin.building.vba_project import modules
from capgain.addin.excel import com_server
from capgain.addin.excel.com_values import _COM_ERROR_BASE

XLPY = """
Function XLPy() As Object
    Set XLPy = CapGainStandInServer
End Function
Function RunPython(Command As String)
    CapGainStandInServer.Ran Command
End Function
"""


class StandInServer(VBAObject):
    """What xlwings' COM server does with CallUDF, values converted as COM and pywin32 convert them."""

    vba_type_name = "StandInServer"

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.commands: list[str] = []
        self.is_down = False

    @method(name="CallUDF")
    def call_udf(self, Script: Any, Name: Any, Arguments: Any) -> Any:
        if self.is_down:
            raise VBARuntimeError(1000, "Could not activate Python COM server")
        assert Script == "capgain.addin.excel.com_server"
        arguments = to_python(Arguments)
        self.calls.append((Name, arguments))
        rows = getattr(com_server, Name)(*arguments)
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0]
        if len(rows) == 1:
            return to_vba(rows[0])
        return to_vba(rows)

    @method(name="Ran")
    def ran(self, Command: Any) -> Any:
        self.commands.append(str(Command))
        return EMPTY


def to_python(value: Any) -> Any:
    """A Variant as pywin32 hands it to a COM server written in Python."""
    if isinstance(value, VBAArray):
        if value.dimensions == 1:
            (lower, upper) = value.bounds[0]
            return tuple(to_python(value.get([place])) for place in range(lower, upper + 1))
        (top, bottom), (left, right) = value.bounds
        return tuple(
            tuple(to_python(value.get([row, column])) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )
    if value is EMPTY or value is NULL:
        return None
    if value is MISSING:
        return -2147352572
    if isinstance(value, VBAErrorValue):
        return _COM_ERROR_BASE + value.number
    if isinstance(value, bool | str):
        return value
    return float(value)


def to_vba(rows: Any) -> VBAArray:
    """A sequence as pywin32 makes a SAFEARRAY of it: from 0, one dimension for a plain list."""
    if not isinstance(rows[0], list | tuple):
        array = VBAArray([(0, len(rows) - 1)])
        for place, cell in enumerate(rows):
            array.set([place], cell)
        return array
    array = VBAArray([(0, len(rows) - 1), (0, len(rows[0]) - 1)])
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            array.set([row, column], cell)
    return array


class StandInExcel:
    """A running Excel with the add-in's modules, one workbook, and cells that can call our functions."""

    def __init__(self) -> None:
        com_server.forget()
        self.app = ExcelApplication()
        self.book = self.app.add_workbook()
        self.server = StandInServer()
        host = self.app.interpreter.host
        known = host.global_object
        host.global_object = lambda name: self.server if name == "capgainstandinserver" else known(name)
        self.app.add_module(XLPY, name="xlwings")
        for name, (source, kind) in modules().items():
            if name not in ("xlwings", "Dictionary"):
                if kind is VBAModuleKind.other:
                    # The interpreter knows no WithEvents; tests call the handlers themselves.
                    plain = normalize_class_source(source).replace("WithEvents ", "")
                    self.app.add_module(plain, name=name, kind="class")
                else:
                    # Nor attributes of a procedure, which are only texts for Excel.
                    plain = re.sub(r"^Attribute \w+\.VB_.*\n", "", source, flags=re.MULTILINE)
                    self.app.add_module(plain, name=name)
        self.tests = 0
        self.caller = "A1"
        application = self.app.application
        get = application.vba_get

        def with_caller(name: str, args: Any = (), named: Any = None) -> Any:
            if name.lower() == "caller":
                return get("Range", [self.caller])
            return get(name, args, named)

        application.vba_get = with_caller
        self.is_1904 = False
        book_get = self.book.vba_get

        def with_date_system(name: str, args: Any = (), named: Any = None) -> Any:
            return self.is_1904 if name.lower() == "date1904" else book_get(name, args, named)

        self.book.vba_get = with_date_system

    def fill(self, rows: list[list[object]], sheet: int | str = 1, top: int = 1) -> None:
        """Write rows from column A on, as Value2 would."""
        view = self.app.sheet(sheet)
        for row, cells in enumerate(rows, start=top):
            for column, cell in enumerate(cells):
                if cell is not None:
                    view.set_value(f"{chr(65 + column)}{row}", cell)

    def run(self, body: str) -> object:
        """Run VBA statements; the result is what they assign to Result."""
        self.tests += 1
        name = f"Probe{self.tests}"
        self.app.add_module(f"Function {name}()\nDim Result\n{body}\n{name} = Result\nEnd Function\n", name=f"M{name}")
        return self.app.run(name)
