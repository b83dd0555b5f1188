"""The extension's interface as LibreOffice reads it: types (UNOIDL), names and help (XCU), made from the registry."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from capgain.addin.functions.arguments import Argument, Takes
from capgain.addin.functions.registry import FUNCTIONS, Function

IMPLEMENTATION = "org.capgain.calc.CapGainFunctions"
"""The component's name. LibreOffice writes it before our function names when it saves: never change it."""

REGISTRY = "http://openoffice.org/2001/registry"
SCHEMA = "http://www.w3.org/2001/XMLSchema"

RANGES = frozenset({Takes.LEDGER, Takes.PRICES, Takes.CELL})
"""Taken as references, so that row numbers and errors in cells are known and whole columns cost nothing."""


def method(function: Function) -> str:
    """The method behind a function: `CAPGAIN_8949` is `capgain8949`."""
    return function.name.lower().replace("_", "")


def idl() -> str:
    """The interface in UNOIDL. The first parameter is hidden: Calc passes the document.

    Every method returns rows: only in those can a cell hold each kind of error.
    """
    lines = ["module org { module capgain { module calc {", "interface XCapGain {"]
    for function in FUNCTIONS:
        parameters = ["[in] ::com::sun::star::beans::XPropertySet document"]
        parameters += [f"[in] {_type(argument)} {parameter(argument)}" for argument in function.arguments]
        lines.append(f"    sequence< sequence<any> > {method(function)}({', '.join(parameters)});")
    lines += ["};", "}; }; };"]
    return "\n".join(lines) + "\n"


def _type(argument: Argument) -> str:
    return "::com::sun::star::table::XCellRange" if argument.takes in RANGES else "any"


def parameter(argument: Argument) -> str:
    """A parameter's name in UNOIDL, which has `long`, `short` and others as words of its own."""
    return argument.name.replace("_", "") + "Argument"


def xcu() -> bytes:
    """The configuration: names, help and the names under which Excel files know the functions."""
    register_namespace("oor", REGISTRY)
    register_namespace("xs", SCHEMA)
    root = Element(
        f"{{{REGISTRY}}}component-data",
        {f"{{{REGISTRY}}}name": "CalcAddIns", f"{{{REGISTRY}}}package": "org.openoffice.Office"},
    )
    functions = config_node(
        config_node(config_node(root, "AddInInfo"), IMPLEMENTATION, replaced=True), "AddInFunctions"
    )
    for function in FUNCTIONS:
        node = config_node(functions, method(function), replaced=True)
        config_value(node, "DisplayName", function.name, translated=True)
        config_value(node, "Description", f"{function.help} {function.result}", translated=True)
        config_value(node, "Category", "Add-In")
        config_value(node, "CompatibilityName", function.name, translated=True)
        parameters = config_node(node, "Parameters")
        for argument in function.arguments:
            described = config_node(parameters, parameter(argument), replaced=True)
            config_value(described, "DisplayName", argument.name, translated=True)
            config_value(described, "Description", argument.help, translated=True)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"


def config_node(parent: Element, name: str, *, replaced: bool = False) -> Element:
    """A node of LibreOffice's configuration; `replaced`: whatever was there under that name."""
    attributes = {f"{{{REGISTRY}}}name": name}
    if replaced:
        attributes[f"{{{REGISTRY}}}op"] = "replace"
    return SubElement(parent, "node", attributes)


def config_value(parent: Element, name: str, text: str, *, translated: bool = False) -> None:
    """A value of a node; `translated`: one that may differ by language, of which English is the only one."""
    value = SubElement(SubElement(parent, "prop", {f"{{{REGISTRY}}}name": name}), "value")
    if translated:
        value.set("xml:lang", "en")
    value.text = text
