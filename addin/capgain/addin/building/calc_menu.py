"""The menu CapGain of LibreOffice Calc, and its toolbar: declared once, written as the configuration reads them."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, indent, register_namespace, tostring

from capgain.addin.building.calc_interface import REGISTRY, SCHEMA, config_node, config_value

CONTEXT = "com.sun.star.sheet.SpreadsheetDocument"
SERVICE = "org.capgain.calc.CapGainCommands"


@dataclass(frozen=True, slots=True)
class Entry:
    """`command` is one of the commands of `libreoffice.commands`."""

    command: str
    title: str

    @property
    def url(self) -> str:
        return f"service:{SERVICE}?{self.command}"


ENTRIES = (
    Entry("refresh", "Refresh: write the report"),
    Entry("check", "Check the ledger"),
    Entry("accountant_copy", "Accountant Copy"),
)


def addons() -> bytes:
    """The part `Addons.xcu`."""
    register_namespace("oor", REGISTRY)
    register_namespace("xs", SCHEMA)
    root = Element(
        f"{{{REGISTRY}}}component-data",
        {f"{{{REGISTRY}}}name": "Addons", f"{{{REGISTRY}}}package": "org.openoffice.Office"},
    )
    ui = config_node(root, "AddonUI")
    menu = config_node(config_node(ui, "OfficeMenuBar"), "org.capgain.calc.menu", replaced=True)
    config_value(menu, "Context", CONTEXT)
    config_value(menu, "Title", "CapGain", translated=True)
    submenu = config_node(menu, "Submenu")
    bar = config_node(config_node(ui, "OfficeToolBar"), "org.capgain.calc.toolbar", replaced=True)
    for place, entry in enumerate(ENTRIES, start=1):
        for parent in (submenu, bar):
            item = config_node(parent, f"E{place}", replaced=True)
            config_value(item, "URL", entry.url)
            config_value(item, "Title", entry.title, translated=True)
            config_value(item, "Target", "_self")
            config_value(item, "Context", CONTEXT)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"
