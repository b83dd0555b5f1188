"""The component that Calc loads: it stands at the root of the extension, the engine in `pythonpath` beside it.

The code above the functions runs under any Python 3, so that an office with too old a Python says so instead of
answering `#NAME?`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import uno
import unohelper
from com.sun.star.task import XJob, XJobExecutor

BASES: tuple[Any, ...] = (unohelper.Base,)
try:
    from org.capgain.calc import XCapGain

    BASES = (unohelper.Base, XCapGain)
except ImportError:
    # While the extension is being installed its own types are not loaded yet.
    pass

IMPLEMENTATION = "org.capgain.calc.CapGainFunctions"
RELINK = "org.capgain.calc.CapGainRelink"
COMMANDS = "org.capgain.calc.CapGainCommands"
NEEDED = (3, 11)

TOO_OLD = "CapGain needs Python %d.%d or newer, and this LibreOffice runs Python %d.%d. Install a newer LibreOffice."


def _folder() -> str:
    return os.path.dirname(os.path.abspath(__file__))


def _add_engine() -> None:
    path = os.path.join(_folder(), "pythonpath")
    if path not in sys.path:
        sys.path.insert(0, path)


class CapGainFunctions(*BASES):  # type: ignore[misc]
    """One method for each function of the registry; the names stand in `methods.json`."""

    def __init__(self, context: Any) -> None:
        self.context = context


def _method(name: str) -> Callable[..., Any]:
    def called(self: Any, document: Any, *arguments: Any) -> Any:
        if sys.version_info < NEEDED:
            if name == "CAPGAIN_WHY":
                return ((TOO_OLD % (NEEDED + sys.version_info[:2]),),)
            raise uno.getClass("com.sun.star.uno.Exception")("CapGain needs a newer Python", self)
        from capgain.addin.libreoffice.calc import answer

        return answer(self.context, document, name, arguments)

    return called


with open(os.path.join(_folder(), "methods.json"), encoding="utf-8") as _file:
    for _name, _function in json.load(_file).items():
        setattr(CapGainFunctions, _name, _method(_function))


class CapGainRelink(unohelper.Base, XJob):  # type: ignore[misc]
    """Run when a document has loaded: formulas that came from Excel find their functions."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def execute(self, arguments: Any) -> None:
        if sys.version_info < NEEDED:
            return
        from capgain.addin.libreoffice.relinking import relink

        for argument in arguments:
            if argument.Name == "Environment":
                for value in argument.Value:
                    if value.Name == "Model":
                        relink(value.Value)


class CapGainCommands(unohelper.Base, XJob, XJobExecutor):  # type: ignore[misc]
    """The entries of the menu CapGain."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def trigger(self, command: str) -> None:
        """UNO: the person chose an entry; what came of it is shown."""
        desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        document = desktop.getCurrentComponent()
        text = self.done(document, command)
        window = desktop.getCurrentFrame().getContainerWindow()
        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "INFOBOX")
        window.getToolkit().createMessageBox(window, kind, 1, "CapGain", text).execute()

    def execute(self, arguments: Any) -> str:
        """UNO: the same for a document that is named, without a window."""
        given = {argument.Name: argument.Value for argument in arguments}
        return self.done(given.get("Document"), given["Command"])

    def done(self, document: Any, command: str) -> str:
        if sys.version_info < NEEDED:
            return TOO_OLD % (NEEDED + sys.version_info[:2])
        from capgain.addin.libreoffice.commands import done

        return done(document, command, _interpreter())


def _interpreter() -> str:
    """The Python with the CapGain that installed the extension, "" in one that was not installed by CapGain."""
    path = os.path.join(_folder(), "interpreter.txt")
    if not os.path.isfile(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


_add_engine()
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(
    lambda context, *arguments: CapGainFunctions(context), IMPLEMENTATION, ("com.sun.star.sheet.AddIn",)
)
g_ImplementationHelper.addImplementation(
    lambda context, *arguments: CapGainRelink(context), RELINK, ("com.sun.star.task.Job",)
)
g_ImplementationHelper.addImplementation(
    lambda context, *arguments: CapGainCommands(context), COMMANDS, ("com.sun.star.task.Job",)
)
