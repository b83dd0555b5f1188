"""Excel without Excel: our VBA in pyOpenVBA's interpreter, with xlwings' XLPy played by the real Python side.

It is as unkind as Excel, or more: Range.Dirty acts on the sheet in front alone; EnableCalculation turned on calculates
at once; MacroOptions fails while no workbook is visible; calculating raises SheetCalculate while code of ours is still
running; a function is first called while the formulas it reads are empty; the Python process can die at any call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pyopenvba import VBAModuleKind
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application, Range, Workbook, Worksheet
from pyopenvba.interpreter import EMPTY, MISSING, NULL, VBAArray, VBAErrorValue, VBAObject, method
from pyopenvba.interpreter._objects import MemberSpec, member
from pyopenvba.interpreter._runtime import VBARuntimeError
from pyopenvba.vba import normalize_class_source

from capgain.addin.building.vba_project import modules
from capgain.addin.excel import com_server
from capgain.addin.excel.com_values import _COM_ERROR_BASE
from capgain.addin.functions.ledgers import LEDGERS
from capgain.addin.functions.reasons import REASONS

XLPY = """
Function XLPy() As Object
    Set XLPy = CapGainStandInServer
End Function
Function RunPython(Command As String)
    CapGainStandInServer.Ran Command
End Function
"""


class OutOfStack(BaseException):
    """Calculating started itself again and again. No On Error of VBA catches it."""


class StandInControl(VBAObject):
    """A control of the ribbon, as its call-backs are given it."""

    vba_type_name = "IRibbonControl"

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier

    @member(name="Id")
    def id(self) -> Any:
        return self.identifier


class StandInServer(VBAObject):
    """What xlwings' COM server does with CallUDF, values converted as COM and pywin32 convert them."""

    vba_type_name = "StandInServer"

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.commands: list[str] = []
        self.is_down = False
        self.dies_before: set[int] = set()
        """The calls, counted from 1, at which the process is found dead; it comes back without what it knew."""
        self.tried = 0

    @method(name="CallUDF")
    def call_udf(self, Script: Any, Name: Any, Arguments: Any) -> Any:
        self.tried += 1
        if self.tried in self.dies_before:
            new_process()
            raise VBARuntimeError(-2147023174, "The RPC server is unavailable.")
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
        if self.is_down:
            raise VBARuntimeError(1, "CapGain does not know its Python.")
        self.commands.append(str(Command))
        return EMPTY


def new_process() -> None:
    """Python as it is after a start: it knows no block, no ledger, no handle and no reason."""
    com_server._blocks.clear()
    LEDGERS.clear()
    REASONS.clear()


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


EVENTS = {
    "WorkbookOpen": 1,
    "NewWorkbook": 1,
    "WorkbookActivate": 1,
    "WorkbookNewSheet": 2,
    "SheetActivate": 1,
    "SheetSelectionChange": 2,
    "SheetChange": 2,
    "SheetCalculate": 1,
}
"""The events of Excel that our class may handle, and how many arguments each has."""

LISTENER = """
Public Function CapGainStandInListener() As Object
    Set CapGainStandInListener = Events
End Function
Public Sub CapGainStandInStopped()
    Set Events = Nothing
End Sub
"""


def _firing(event: str) -> str:
    arguments = "First, Second" if EVENTS[event] == 2 else "First"
    return (
        f"Public Sub CapGainFire{event}(ByVal First As Object, ByVal Second As Object)\n"
        f"CapGainStandInListener.App_{event} {arguments}\nEnd Sub\n"
    )


@dataclass(eq=False)
class Formula:
    """A cell with a formula: `work` gives its value; `reads` are the sheets on which it depends as Excel knows it."""

    sheet: Worksheet
    address: str
    work: Callable[[], Any]
    reads: tuple[str, ...] = ()
    is_volatile: bool = False
    is_dirty: bool = True
    text: str = "=THEIRS()"
    times: int = 0

    @property
    def cell(self) -> Any:
        area = self.sheet.vba_get("Range", [self.address]).first
        return self.sheet.cell(area.top, area.left, create=True)

    def show(self, value: Any) -> None:
        """Put the value into the cell beside its formula, past the interpreter's own calculation."""
        cell = self.cell
        cell.value, cell.formula, cell.stale = value, self.text, False


class StandInExcel:
    """A running Excel with the add-in's modules, one workbook, and cells that can call our functions."""

    def __init__(self, *, is_started: bool = True) -> None:
        new_process()
        self.app = ExcelApplication()
        self.server = StandInServer()
        self.formulas: list[Formula] = []
        self.off: set[Worksheet] = set()
        self.described: dict[str, str] = {}
        self.is_manual = False
        self.caller = "Z99"
        self.calling: Range | None = None
        self.tests = 0
        self.depth = 0
        host = self.app.interpreter.host
        known = host.global_object
        host.global_object = lambda name: self.server if name == "capgainstandinserver" else known(name)
        self.app.add_module(XLPY, name="xlwings")
        for name, (source, kind) in modules().items():
            if name not in ("xlwings", "Dictionary"):
                if kind is VBAModuleKind.other:
                    # The interpreter knows no WithEvents; `fire` calls the handlers.
                    plain = normalize_class_source(source).replace("WithEvents ", "")
                    self.app.add_module(plain.replace("Private Sub App_", "Public Sub App_"), name=name, kind="class")
                else:
                    # Nor attributes of a procedure, which are only texts for Excel.
                    plain = re.sub(r"^Attribute \w+\.VB_.*\n", "", source, flags=re.MULTILINE)
                    self.app.add_module(plain + (LISTENER if name == "CapGainWorkbooks" else ""), name=name)
        self.handled = [name for name in EVENTS if f"App_{name}(" in modules()["CapGainEvents"][0]]
        self.app.add_module("".join(map(_firing, self.handled)), name="StandInFiring")
        application = self.app.application
        application.stand_in = self
        application._this_workbook = Workbook(application, "capgain.xlam")
        get = application.vba_get

        def as_excel(name: str, args: Any = (), named: Any = None) -> Any:
            if name.lower() == "calculate":
                self.calculate()
                return EMPTY
            if name.lower() == "caller":
                return self.calling if self.calling is not None else get("Range", [self.caller])
            return get(name, args, named)

        application.vba_get = as_excel
        if is_started:
            self.book = self.new_book()
            self.start()

    def start(self) -> None:
        """The add-in opens."""
        self.app.interpreter.run("CapGainStart", [])

    def new_book(self) -> Workbook:
        """A new workbook, opened or made by the person."""
        book = self.app.add_workbook()
        book.is_1904 = False
        get = book.vba_get

        def with_date_system(name: str, args: Any = (), named: Any = None) -> Any:
            return book.is_1904 if name.lower() == "date1904" else get(name, args, named)

        book.vba_get = with_date_system
        self.fire("NewWorkbook", book)
        self.fire("WorkbookActivate", book)
        return book

    @property
    def is_1904(self) -> bool:
        return bool(self.book.is_1904)

    @is_1904.setter
    def is_1904(self, value: bool) -> None:
        self.book.is_1904 = value

    def fire(self, event: str, first: Any, second: Any = None) -> None:
        """Raise an event, if somebody listens."""
        assert event in EVENTS
        if event not in self.handled:
            return
        listener = self.app.interpreter.run("CapGainStandInListener", [])
        if isinstance(listener, VBAObject):
            self.app.interpreter.run(f"CapGainFire{event}", [first, second if second is not None else first])

    def stop_code(self) -> None:
        """The person pressed End in an error's box: what VBA's variables held is gone."""
        self.app.interpreter.run("CapGainStandInStopped", [])

    def press(self, call_back: str, control: str, *more: Any) -> list[str]:
        """A call-back of the ribbon runs; what message boxes said meanwhile."""
        before = len(self.app.interpreter.dialogs)
        self.app.interpreter.run(call_back, [StandInControl(control), *more])
        return [str(dialog[1]) for dialog in self.app.interpreter.dialogs[before:]]

    # Sheets and cells.
    def sheet(self, name: str, book: Workbook | None = None) -> Worksheet:
        """The sheet of that name, added at the end where there is none."""
        where = book or self.book
        for sheet in where.sheets_:
            if sheet.name == name:
                return sheet
        found = where.vba_get("Worksheets").vba_get("Add")
        found.vba_set("Name", name)
        assert isinstance(found, Worksheet)
        return found

    def bring_to_front(self, name: str) -> None:
        sheet = self.sheet(name)
        sheet.vba_get("Activate")
        self.fire("SheetActivate", sheet)

    def fill(self, rows: list[list[object]], sheet: int | str = 1, top: int = 1) -> None:
        """Write rows from column A on, as Value2 would, without a word to anybody."""
        view = self.app.sheet(sheet)
        for row, cells in enumerate(rows, start=top):
            for column, cell in enumerate(cells):
                if cell is not None:
                    view.set_value(f"{chr(65 + column)}{row}", cell)

    def type(self, sheet: str, address: str, value: object) -> None:
        """A person enters a cell of the sheet in front: Excel calculates, and then tells of the change."""
        where = self.sheet(sheet)
        where.vba_get("Activate")
        cell = where.vba_get("Range", [address])
        cell.vba_set("Value2", value)
        for formula in self.formulas:
            if where.name in formula.reads and formula.sheet.book is where.book:
                formula.is_dirty = True
        self.after_edit()
        self.fire("SheetChange", where, cell)

    def rename(self, sheet: str, name: str) -> None:
        """Excel raises no event; the person then selects a cell."""
        self.sheet(sheet).vba_set("Name", name)
        self._keep_shown()
        self.select(name)

    def select(self, sheet: str) -> None:
        where = self.sheet(sheet)
        self.fire("SheetSelectionChange", where, where.vba_get("Range", ["B2"]))

    def delete(self, sheet: str) -> None:
        """Excel shows another sheet and says no more."""
        self.app.application.display_alerts = False
        where = self.sheet(sheet)
        book = where.book
        where.vba_get("Delete")
        self.formulas = [formula for formula in self.formulas if formula.sheet is not where]
        self._keep_shown()
        self.fire("SheetActivate", book.active_sheet)

    def _keep_shown(self) -> None:
        for formula in self.formulas:
            formula.show(formula.cell.value)

    def formula(self, sheet: str, address: str, call: str, reads: tuple[str, ...] = ()) -> Formula:
        """Enter a formula that calls one of our functions, written as a VBA expression; it is calculated at once."""
        where = self.sheet(sheet)
        self.tests += 1
        name = f"Cell{self.tests}"
        self.app.add_module(f"Function {name}()\n{name} = {call}\nEnd Function\n", name=f"M{name}")
        cell = where.vba_get("Range", [address])
        names = re.match(r"CAPGAIN\w*", call)
        assert names is not None
        made = Formula(where, address, lambda: self._called(name, cell), reads, text=f"={names[0]}()")
        self.formulas.append(made)
        made.show(EMPTY)
        self.after_edit()
        return made

    def depends(self, sheet: str, address: str, work: Callable[[], Any], reads: tuple[str, ...]) -> Formula:
        """An ordinary formula over other cells."""
        made = Formula(self.sheet(sheet), address, work, reads)
        self.formulas.append(made)
        self.after_edit()
        return made

    def volatile(self, sheet: str, address: str, work: Callable[[], Any]) -> Formula:
        """A formula such as =NOW(): another value at each calculation."""
        made = Formula(self.sheet(sheet), address, work, is_volatile=True)
        self.formulas.append(made)
        self.after_edit()
        return made

    def shown(self, sheet: str, address: str) -> Any:
        """What the cell shows."""
        return self.sheet(sheet).vba_get("Range", [address]).vba_get("Value2")

    def _called(self, name: str, cell: Range) -> Any:
        before, self.calling = self.calling, cell
        try:
            return self.app.interpreter.run(name, [])
        finally:
            self.calling = before

    # Calculation.
    @property
    def is_automatic(self) -> bool:
        return self.app.application.calculation != -4135

    def after_edit(self) -> None:
        if self.is_automatic:
            self.calculate()

    def calculate(self, *, all_of_it: bool = False) -> None:
        """Calculate what is stale on the sheets that may be calculated; then tell of each sheet."""
        self.depth += 1
        if self.depth > 20:
            raise OutOfStack
        done: list[Worksheet] = []
        for formula in sorted(self.formulas, key=lambda one: not one.is_volatile):
            is_due = all_of_it or formula.is_dirty or formula.is_volatile
            if is_due and formula.sheet not in self.off:
                self._calculate(formula)
                if formula.sheet not in done:
                    done.append(formula.sheet)
        for sheet in done:
            self.fire("SheetCalculate", sheet)
        self.depth -= 1

    def _calculate(self, formula: Formula) -> None:
        if "CAPGAIN" in formula.text:
            with self._uncalculated(formula):
                formula.work()
        formula.is_dirty = False
        formula.times += 1
        value = formula.work()
        before = formula.cell.value
        if not isinstance(value, VBAArray):
            formula.show(value)
        if before != value:
            for other in self.formulas:
                if formula.sheet.name in other.reads and other is not formula:
                    other.is_dirty = True

    @contextmanager
    def _uncalculated(self, formula: Formula) -> Iterator[None]:
        """Cells with formulas that `formula` reads are empty, as when Excel calls a function too early."""
        others = [other for other in self.formulas if other is not formula and other.sheet.name in formula.reads]
        kept = [other.cell.value for other in others]
        for other in others:
            other.show(EMPTY)
        yield
        for other, value in zip(others, kept, strict=True):
            other.show(value)

    def set_calculated(self, sheet: Worksheet, on: bool) -> None:
        """Worksheet.EnableCalculation."""
        if not on:
            self.off.add(sheet)
        elif sheet in self.off:
            self.off.discard(sheet)
            for formula in self.formulas:
                if formula.sheet is sheet:
                    formula.is_dirty = True
            self.after_edit()

    def make_dirty(self, cells: Range) -> None:
        """Range.Dirty, which looks at the sheet in front whatever sheet the range is of."""
        if cells.sheet is cells.sheet.book.application.vba_get("ActiveSheet"):
            for formula in self.formulas:
                if formula.sheet is cells.sheet:
                    formula.is_dirty = True

    def describe(self, macro: str, category: str) -> None:
        """Application.MacroOptions."""
        if not self.app.workbooks():
            raise VBARuntimeError(1004, "Cannot edit a macro on a hidden workbook.")
        self.described[macro] = category

    def run(self, body: str) -> object:
        """Run VBA statements; the result is what they assign to Result."""
        self.tests += 1
        name = f"Probe{self.tests}"
        self.app.add_module(f"Function {name}()\nDim Result\n{body}\n{name} = Result\nEnd Function\n", name=f"M{name}")
        return self.app.run(name)


def _excel(thing: Any) -> StandInExcel:
    """The stand-in that an object of the interpreter belongs to."""
    application = thing if isinstance(thing, Application) else thing.vba_get("Application")
    found: StandInExcel = application.stand_in
    return found


def _macro_options(application: Any, *named: Any) -> Any:
    macro, _, category, _ = named
    _excel(application).describe(str(macro), str(category))
    return EMPTY


def _dirty(cells: Any) -> Any:
    _excel(cells.sheet.book.application).make_dirty(cells)
    return EMPTY


Application.vba_add_member(
    MemberSpec(
        "MacroOptions",
        "method",
        _macro_options,
        parameters=("Macro", "Description", "Category", "ArgumentDescriptions"),
    )
)
Range.vba_add_member(MemberSpec("Dirty", "method", _dirty))
Worksheet.vba_add_member(
    MemberSpec(
        "EnableCalculation",
        "property",
        lambda sheet: sheet not in _excel(sheet.book.application).off,
        lambda sheet, value: _excel(sheet.book.application).set_calculated(sheet, bool(value)),
    )
)
Workbook.vba_add_member(
    MemberSpec("LinkSources", "method", lambda book, kind: EMPTY, parameters=("Type",)),
)
