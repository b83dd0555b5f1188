"""The functions for xlwings Lite and Server, as xlwings registers and calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from inspect import Parameter, signature

import pytest

from addin.example_ledger import AS_SERIALS, NET
from capgain.addin.excel import lite
from capgain.addin.excel.lite import lite_answer, offered
from capgain.addin.functions.registry import FUNCTIONS, Function
from command_line import SOURCES

LITE = [[cell if cell is not None else "" for cell in row] for row in AS_SERIALS]


def test_the_functions_for_lite_answer_in_rows_with_errors_as_texts() -> None:
    assert lite.CAPGAIN(LITE, 2025) == [[float(NET)]]
    assert lite.CAPGAIN(LITE, 2025, "unrealized") == [["#N/A"]]
    assert lite.CAPGAIN_8949(LITE, 2025, "D")[1][1] == 45296.0
    assert lite_answer("CAPGAIN_TERM", [45352.0, 45718.0]) == [["Long"]]


def test_every_function_is_offered_but_the_one_that_asks_about_a_cell() -> None:
    assert sorted(lite.__all__) == sorted(declared.name for declared in FUNCTIONS if declared.name != "CAPGAIN_WHY")


def test_importing_everything_brings_the_functions_and_nothing_else() -> None:
    imported: dict[str, object] = {}
    exec("from capgain.addin.excel.lite import *", imported)
    assert set(imported) - {"__builtins__"} == set(lite.__all__)


@pytest.mark.parametrize("declared", offered(), ids=lambda declared: declared.name)
def test_a_function_takes_its_arguments_by_place_and_by_name(declared: Function) -> None:
    function = getattr(lite, declared.name)
    taken = signature(function).parameters
    assert [(name, one.default) for name, one in taken.items()] == [
        (argument.name, None if argument.is_optional else Parameter.empty) for argument in declared.arguments
    ]
    assert (function.__name__, function.__doc__, function.__module__) == (declared.name, declared.help, lite.__name__)


def test_an_argument_that_is_wanted_cannot_be_left_out() -> None:
    assert lite.CAPGAIN_TERM(acquired=45352.0, sold=45718.0) == [["Long"]]
    with pytest.raises(TypeError, match="sold"):
        lite.CAPGAIN_TERM(45352.0)


REGISTERED = """
import json
import xlwings.server
from types import ModuleType
main = ModuleType("main")
exec("from capgain.addin.excel.lite import *", main.__dict__)
print(json.dumps(xlwings.server.custom_functions_meta(main)["functions"]))
"""


def test_xlwings_registers_each_function_with_its_help_and_that_of_its_arguments() -> None:
    """In a process of its own: on a server xlwings has other decorators than on this machine."""
    environment = os.environ | {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}
    run = subprocess.run(
        [sys.executable, "-c", REGISTERED], capture_output=True, text=True, env=environment | {"PYTHONPATH": SOURCES}
    )
    assert run.returncode == 0, run.stderr
    registered = {function["name"]: function for function in json.loads(run.stdout)}
    assert set(registered) == set(lite.__all__)
    for declared in offered():
        function = registered[declared.name]
        assert function["description"] == declared.help
        assert [(one["name"], one["description"], one.get("optional", False)) for one in function["parameters"]] == [
            (argument.name, argument.help, argument.is_optional) for argument in declared.arguments
        ]
