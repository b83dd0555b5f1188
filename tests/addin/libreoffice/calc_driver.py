"""Drives a headless LibreOffice. Run by the Python that has `uno`: calc_driver.py PROFILE STEPS.json, answers in JSON.

A step is a list: ["new"], ["open", path], ["cells", sheet, address, rows], ["formula", sheet, address, text],
["array", sheet, address, text], ["number-format", sheet, address, text], ["strike", sheet, address],
["read", sheet, address], ["formulas", sheet, address], ["null-date", y, m, d], ["recalculate"],
["until", sheet, address, rows] reads until these rows are there, or a minute has gone, ["wizard"],
["save", path, filter], ["command", name], ["menu"], ["close"].
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from typing import Any

import uno
from com.sun.star.beans import NamedValue, PropertyValue


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def named(name: str, value: Any) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


class Office:
    """One LibreOffice with a profile of its own."""

    def __init__(self, profile: str) -> None:
        port = free_port()
        self.process = subprocess.Popen(
            [
                os.environ["CAPGAIN_SOFFICE"],
                f"-env:UserInstallation=file://{profile}",
                f"-env:UNO_SHARED_PACKAGES=file://{profile}/shared",
                f"-env:UNO_SHARED_PACKAGES_CACHE=file://{profile}/shared",
                "--headless",
                "--invisible",
                "--norestore",
                "--nologo",
                "--nofirststartwizard",
                f"--accept=socket,host=127.0.0.1,port={port};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        self.context = self._connected(resolver, port)
        self.desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        self.document: Any = None

    def _connected(self, resolver: Any, port: int) -> Any:
        for _ in range(1200):
            try:
                return resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                time.sleep(0.25)
        raise SystemExit("LibreOffice did not answer")

    def load(self, url: str) -> None:
        for _ in range(120):
            self.document = self.desktop.loadComponentFromURL(url, "_blank", 0, (named("Hidden", True),))
            if self.document is not None:
                return
            time.sleep(0.5)
        raise SystemExit(f"LibreOffice gave no document for {url}")

    def sheet(self, name: str) -> Any:
        if not self.document.Sheets.hasByName(name):
            self.document.Sheets.insertNewByName(name, self.document.Sheets.Count)
        return self.document.Sheets.getByName(name)

    def do(self, step: list[Any]) -> Any:
        what, *rest = step
        if what == "new":
            self.load("private:factory/scalc")
        elif what == "open":
            self.load(f"file://{rest[0]}")
        elif what == "close":
            self.document.close(True)
        elif what == "null-date":
            day = self.document.NullDate
            day.Year, day.Month, day.Day = rest
            self.document.NullDate = day
        elif what == "save":
            self.document.storeAsURL(f"file://{rest[0]}", (named("FilterName", rest[1]),))
        elif what == "recalculate":
            self.document.calculateAll()
        elif what == "wizard":
            return self.wizard()
        elif what == "menu":
            return self.menu()
        elif what == "command":
            return self.command(rest[0])
        else:
            cells = self.sheet(rest[0]).getCellRangeByName(rest[1])
            return self.on_cells(what, cells, rest[2:])
        return None

    def on_cells(self, what: str, cells: Any, rest: list[Any]) -> Any:
        if what == "cells":
            cells.setDataArray(tuple(tuple("" if cell is None else cell for cell in row) for row in rest[0]))
        elif what == "formula":
            cells.setFormula(rest[0])
        elif what == "number-format":
            cells.NumberFormat = self.number_format(rest[0])
        elif what == "strike":
            cells.CharStrikeout = 1
        elif what == "array":
            cells.setArrayFormula(rest[0])
        elif what == "read":
            return read(cells)
        elif what == "until":
            return read_until(cells, rest[0])
        elif what == "formulas":
            return [list(row) for row in cells.getFormulaArray()]
        return None

    def number_format(self, text: str) -> int:
        language = uno.createUnoStruct("com.sun.star.lang.Locale")
        language.Language, language.Country = "en", "US"
        formats = self.document.NumberFormats
        known = formats.queryKey(text, language, False)
        return int(known if known != -1 else formats.addNew(text, language))

    def menu(self) -> list[list[str]]:
        """The entries of our menu and of our toolbar, as LibreOffice's configuration has them."""
        service = "com.sun.star.configuration.ConfigurationProvider"
        provider = self.context.ServiceManager.createInstanceWithContext(service, self.context)
        path = named("nodepath", "/org.openoffice.Office.Addons/AddonUI")
        ui = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (path,))
        menu = ui.getByName("OfficeMenuBar").getByName("org.capgain.calc.menu").getByName("Submenu")
        bar = ui.getByName("OfficeToolBar").getByName("org.capgain.calc.toolbar")
        return [[str(part.getByName(name).getByName("URL")) for name in part.ElementNames] for part in (menu, bar)]

    def command(self, name: str) -> str:
        """What an entry of the menu would show."""
        service = "org.capgain.calc.CapGainCommands"
        commands = self.context.ServiceManager.createInstanceWithContext(service, self.context)
        given = []
        for argument, value in (("Command", name), ("Document", self.document)):
            made = NamedValue()
            made.Name, made.Value = argument, value
            given.append(made)
        return str(commands.execute(tuple(given)))

    def wizard(self) -> dict[str, Any]:
        """What the Function Wizard shows of our functions."""
        service = "com.sun.star.sheet.FunctionDescriptions"
        known = self.context.ServiceManager.createInstanceWithContext(service, self.context)
        found = {}
        for place in range(known.Count):
            described = {part.Name: part.Value for part in known.getByIndex(place)}
            if described["Name"].startswith("CAPGAIN"):
                arguments = [[one.Name, one.Description, one.IsOptional] for one in described["Arguments"]]
                found[described["Name"]] = [described["Description"], arguments]
        return found

    def end(self) -> None:
        try:
            self.desktop.terminate()
        except uno.getClass("com.sun.star.uno.Exception"):
            pass
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()


def rows(cells: Any) -> int:
    return int(cells.Rows.Count)


def columns(cells: Any) -> int:
    return int(cells.Columns.Count)


def read(cells: Any) -> list[list[Any]]:
    return [[shown(cells.getCellByPosition(c, r)) for c in range(columns(cells))] for r in range(rows(cells))]


def read_until(cells: Any, expected: list[list[Any]]) -> list[list[Any]]:
    """What LibreOffice does when it has nothing else to do, it does between two looks."""
    for _ in range(600):
        if (found := read(cells)) == expected:
            return found
        time.sleep(0.1)
    return read(cells)


def shown(cell: Any) -> Any:
    """A number, a text, or an error as the cell shows it."""
    if cell.getError():
        return cell.String
    kind = cell.FormulaResultType2 if cell.Type.value == "FORMULA" else None
    if cell.Type.value == "VALUE" or kind == 1:
        return cell.Value
    return cell.String


def main() -> None:
    profile, steps = sys.argv[1:3]
    office = Office(profile)
    try:
        with open(steps, encoding="utf-8") as file:
            answers = [office.do(step) for step in json.load(file)]
    finally:
        office.end()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
