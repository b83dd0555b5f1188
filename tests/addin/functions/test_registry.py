"""The registry: its functions are those of the contract, and their names are fit for every spreadsheet."""

from __future__ import annotations

import re

import pytest

from capgain.addin.functions.catalogue import catalogue
from capgain.addin.functions.formula import tokens_of
from capgain.addin.functions.registry import FUNCTIONS, Function, function

CONTRACT = [
    "CAPGAIN(ledger, year, [measure], [asset], [account], [settings])",
    "CAPGAIN_ROWS(ledger, [settings])",
    "CAPGAIN_8949(ledger, year, [box], [settings])",
    "CAPGAIN_SCHEDULE_D(ledger, year, [line], [settings])",
    "CAPGAIN_NET(short, long, [carry_short], [carry_long], [status], [taxable_income])",
    "CAPGAIN_LOTS(ledger, [as_of], [asset], [account], [settings])",
    "CAPGAIN_BASIS(ledger, asset, [as_of], [account], [settings])",
    "CAPGAIN_TERM(acquired, sold)",
    "CAPGAIN_PORTFOLIO(ledger, prices, [as_of], [settings])",
    "CAPGAIN_HARVEST(ledger, prices, [as_of], [settings])",
    "CAPGAIN_WHATIF(ledger, asset, quantity, price, [date], [account], [settings])",
    "CAPGAIN_TAX(ledger, year, taxable_income, [settings])",
    "CAPGAIN_ESTIMATE(ledger, year, [as_of], [settings])",
    "CAPGAIN_RATES(year, [status])",
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


@every_function
def test_the_example_calls_that_function_with_no_more_arguments_than_it_takes(declared: Function) -> None:
    tokens = tokens_of(declared.example)
    assert tokens[0].text == declared.name
    depth, commas = 0, 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        commas += token.text == "," and depth == 1
    assert commas + 1 <= len(declared.arguments)


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
