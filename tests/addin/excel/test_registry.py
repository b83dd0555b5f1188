"""Everything made from the registry says the same, and the names are fit for every spreadsheet."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from capgain.addin.excel import lite
from capgain.addin.excel.building.help_sheet import help_rows
from capgain.addin.excel.building.lite_module import lite_module, offered
from capgain.addin.excel.building.wrappers import LONGEST_TEXT, VBA_KEYWORDS, functions_module, variable
from capgain.addin.functions.catalogue import catalogue
from capgain.addin.functions.formula import tokens_of
from capgain.addin.functions.reference_page import reference_page
from capgain.addin.functions.registry import FUNCTIONS, Function, function
from capgain.addin.libreoffice.interface import idl, method, xcu

ROOT = Path(__file__).parents[3]

CONTRACT = [
    "CAPGAIN(ledger, year, [measure], [asset], [account], [settings])",
    "CAPGAIN_ROWS(ledger, [settings])",
    "CAPGAIN_8949(ledger, year, [box], [settings])",
    "CAPGAIN_SCHEDULE_D(ledger, year, [line], [settings])",
    "CAPGAIN_NET(short, long, [carry_short], [carry_long], [status], [taxable_income])",
    "CAPGAIN_LOTS(ledger, [as_of], [asset], [account], [settings])",
    "CAPGAIN_BASIS(ledger, asset, [as_of], [account], [settings])",
    "CAPGAIN_TERM(acquired, sold)",
    "CAPGAIN_HARVEST(ledger, prices, [as_of], [settings])",
    "CAPGAIN_WHATIF(ledger, asset, quantity, price, [date], [account], [settings])",
    "CAPGAIN_TAX(ledger, year, taxable_income, [settings])",
    "CAPGAIN_CHECK(ledger, [settings])",
    "CAPGAIN_WHY(cell)",
    "CAPGAIN_EXPLAIN(ledger, year, line, [settings])",
    "CAPGAIN_LEDGER(ledger, [settings], [accounts])",
]

A_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}|R[0-9]*C[0-9]*")

every_function = pytest.mark.parametrize("declared", FUNCTIONS, ids=lambda declared: declared.name)


def test_the_functions_are_those_of_the_contract_with_their_arguments_in_order() -> None:
    assert [declared.signature for declared in FUNCTIONS] == CONTRACT


@every_function
def test_a_name_is_upper_case_ascii_and_never_a_cell_address(declared: Function) -> None:
    assert re.fullmatch(r"CAPGAIN(_[A-Z0-9_]+)?", declared.name)
    assert not A_CELL.fullmatch(declared.name)
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
def test_the_example_calls_that_function_with_no_more_arguments_than_it_takes(declared: Function) -> None:
    tokens = tokens_of(declared.example)
    assert tokens[0].text == declared.name
    depth, commas = 0, 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        commas += token.text == "," and depth == 1
    assert commas + 1 <= len(declared.arguments)


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


def test_the_xlwings_module_is_what_the_registry_makes() -> None:
    written = (ROOT / "addin/capgain/addin/excel/lite.py").read_text(encoding="utf-8")
    assert written == lite_module(), "run: python -m capgain.addin.excel.building"
    assert sorted(lite.__all__) == sorted(declared.name for declared in offered())


def test_the_documentation_page_is_what_the_registry_makes() -> None:
    written = (ROOT / "docs/functions.md").read_text(encoding="utf-8")
    assert written == reference_page(), "run: python -m capgain.addin.excel.building"


def test_the_catalogue_names_every_argument_with_its_choices() -> None:
    entries = {entry["name"]: entry for entry in catalogue()}
    assert list(entries) == [declared.name for declared in FUNCTIONS]
    arguments = entries["CAPGAIN"]["arguments"]
    assert isinstance(arguments, list)
    assert arguments[2]["choices"][0] == "net"


def test_a_function_is_found_without_regard_to_case() -> None:
    assert function("capgain_term").name == "CAPGAIN_TERM"
    with pytest.raises(KeyError):
        function("SUM")
