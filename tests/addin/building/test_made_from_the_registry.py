"""Everything made from the registry says the same: VBA, help sheet, LibreOffice's interface, documentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from capgain.addin.building.calc_interface import idl, method, xcu
from capgain.addin.building.help_sheet import help_rows
from capgain.addin.building.pages import pages
from capgain.addin.building.vba_modules import LONGEST_TEXT, VBA_KEYWORDS, functions_module, variable
from capgain.addin.functions.registry import FUNCTIONS, Function

ROOT = Path(__file__).parents[3]

every_function = pytest.mark.parametrize("declared", FUNCTIONS, ids=lambda declared: declared.name)


@every_function
def test_no_name_is_a_word_of_vba(declared: Function) -> None:
    assert declared.name.casefold() not in VBA_KEYWORDS


@every_function
def test_an_argument_is_a_lawful_vba_variable_and_optional_ones_come_last(declared: Function) -> None:
    names = [variable(argument) for argument in declared.arguments]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert name not in VBA_KEYWORDS
    optional = [argument.is_optional for argument in declared.arguments]
    assert optional == sorted(optional)


@every_function
def test_every_text_fits_the_function_wizard(declared: Function) -> None:
    assert len(declared.help) <= LONGEST_TEXT
    assert all(argument.help and len(argument.help) <= LONGEST_TEXT for argument in declared.arguments)


@every_function
def test_the_vba_wrapper_takes_the_same_arguments(declared: Function) -> None:
    source = functions_module()
    head = source[source.index(f"Public Function {declared.name}( _") :]
    head = head[: head.index(") As Variant")]
    written = re.findall(r"(Optional )?ByVal (\w+) As Variant", head + " As Variant")
    expected = [("Optional " if a.is_optional else "", variable(a)) for a in declared.arguments]
    assert written == expected


def test_the_help_sheet_has_one_row_for_each_function_with_each_argument() -> None:
    marker, *rows = help_rows()
    assert marker == ["FunctionInfo", "1"]
    assert [row[0] for row in rows] == [declared.name for declared in FUNCTIONS]
    for row, declared in zip(rows, FUNCTIONS, strict=True):
        assert row[3::2] == [argument.shown for argument in declared.arguments]
        assert row[4::2] == [argument.help for argument in declared.arguments]


def test_the_libreoffice_extension_declares_every_function_and_argument() -> None:
    types = idl()
    namespace = "{http://openoffice.org/2001/registry}"
    root = ElementTree.fromstring(xcu())
    nodes = {node.get(f"{namespace}name"): node for node in root.iter("node")}
    for declared in FUNCTIONS:
        assert f"> {method(declared)}([in] ::com::sun::star::beans::XPropertySet document" in types
        node = nodes[method(declared)]
        shown = [value.text for prop in node.findall("prop") for value in prop.findall("value")]
        assert shown[0] == declared.name
        parameters = next(child for child in node.findall("node") if child.get(f"{namespace}name") == "Parameters")
        assert [child.findtext("prop/value") for child in parameters] == [a.name for a in declared.arguments]
    assert len({method(declared) for declared in FUNCTIONS}) == len(FUNCTIONS)


def test_the_page_of_the_functions_is_what_the_registry_makes() -> None:
    page = "docs/functions.md"
    assert (ROOT / page).read_text(encoding="utf-8") == pages(ROOT)[ROOT / page], (
        "run: python -m capgain.addin.building"
    )


ADDED = """
from decimal import Decimal
from pathlib import Path
from capgain.addin.functions import registry
from capgain.addin.functions.arguments import Argument, Takes

amount = Argument("amount", Takes.AMOUNT, "What is doubled.")
twice = registry.Function(
    "CAPGAIN_TWICE", "Twice an amount.", (amount,), "A dollar amount.", "=CAPGAIN_TWICE(2)", lambda amount: amount * 2
)
registry.FUNCTIONS = (*registry.FUNCTIONS, twice)
registry._BY_NAME[twice.name] = twice

from capgain.addin.building import calc_interface, help_sheet, pages, vba_modules, xlam
from capgain.addin.excel import com_server, lite
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.catalogue import catalogue
from capgain.addin.functions.formula import evaluate_formula

assert "Public Function CAPGAIN_TWICE( _" in vba_modules.functions_module()
assert help_sheet.help_rows()[-1][0] == "CAPGAIN_TWICE"
assert "capgaintwice(" in calc_interface.idl() and b"CAPGAIN_TWICE" in calc_interface.xcu()
assert catalogue()[-1]["signature"] == "CAPGAIN_TWICE(amount)"
written = pages.pages(Path("."))
assert "| `CAPGAIN_TWICE(amount)` | Twice an amount. |" in written[Path("docs/functions.md")]
assert "## CAPGAIN_TWICE" in written[Path("docs/functions.md")]
assert xlam.xlam()
assert lite.CAPGAIN_TWICE(2.5) == [[5.0]]
assert com_server.answer("CAPGAIN_TWICE", "", False, (("missing",),) * 4, (("value", 2.5),)) == [[5.0]]
assert evaluate_formula(twice.example, None, Caller()) == Decimal(4)
"""


def test_an_entry_of_the_registry_and_its_answer_are_all_that_a_new_function_needs() -> None:
    run = subprocess.run([sys.executable, "-c", ADDED], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
