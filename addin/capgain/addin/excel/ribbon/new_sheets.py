"""The buttons that add a sheet: New Ledger, What-if, Help; and Settings, which goes to one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capgain.addin.excel.ribbon.answer_sheet import answer_sheet
from capgain.addin.excel.ribbon.live_ledger import source_of
from capgain.addin.excel.ribbon.live_writer import write_sheet
from capgain.addin.excel.ribbon.native import counts_from_1904
from capgain.addin.excel.ribbon.refresh import Tell, write_book_into
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.addin.functions.answering import answer
from capgain.addin.functions.arguments import Given, Missing
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import CellError, Table
from capgain.addin.functions.conversion import table_of
from capgain.addin.functions.registry import FUNCTIONS
from capgain.engine.problems import CapgainError
from capgain.workbook.sheets import BOLD, ENTRY, Cell, Row

WHAT_IF, HELP = "What-if", "CapGain Help"

WHAT_IF_INPUTS = ("Asset", "Quantity", "Price", "Date", "Account")
WHAT_IF_TOP = 4
"""The row of the first input on the What-if sheet."""


class NoAnswer(CapgainError):
    """The function behind a button gave an error."""


def new_ledger(book: Any, tell: Tell) -> None:
    """Add Ledger, Accounts, Settings and Prices with their drop-down lists, those that are missing."""
    from capgain.workbook.template import template_book

    missing = [sheet for sheet in template_book().sheets if by_name(book, sheet.name) is None]
    with _whole_or_not(book) as added:
        for sheet in missing:
            tell(f"CapGain: adding {sheet.name}")
            added.append(book.sheets.add(sheet.name, after=book.sheets[-1]))
            write_sheet(added[-1], sheet, date_1904=counts_from_1904(book))
    if not missing:
        book.app.alert("Ledger, Accounts, Settings and Prices are all here already.", title="CapGain")
    ledger = by_name(book, "Ledger")
    assert ledger is not None
    ledger.activate()


def settings(book: Any, tell: Tell) -> None:
    """Go to the Settings sheet, added with Name and Value where it is missing."""
    sheet = by_name(book, "Settings")
    if sheet is None:
        tell("CapGain: adding Settings")
        with _whole_or_not(book) as added:
            sheet = book.sheets.add("Settings", after=book.sheets[-1])
            added.append(sheet)
            sheet.range("A1").value = [["Name", "Value"]]
    sheet.activate()


@contextmanager
def _whole_or_not(book: Any) -> Iterator[list[Any]]:
    """The sheets added meanwhile, which go again where Excel fails midway."""
    active = book.sheets.active
    added: list[Any] = []
    try:
        yield added
    except BaseException:
        for sheet in added:
            sheet.delete()
        active.activate()
        raise


def what_if(book: Any, tell: Tell) -> None:
    """Write the sheet What-if: first its open cells, and once they are filled the sale under every method."""
    inputs = _what_if_inputs(book)
    above: list[Row] = [
        [Cell(name, BOLD), Cell(value, ENTRY)] for name, value in zip(WHAT_IF_INPUTS, inputs, strict=True)
    ]
    asset, quantity, price, day, account = inputs
    if asset and quantity and price:
        tell("CapGain: trying the sale")
        given = [source_of(book).ledger, asset, quantity, price, day or Missing.MISSING, account or Missing.MISSING]
        table = _asked(book, "CAPGAIN_WHATIF", given)
    else:
        table = [["Fill in asset, quantity and price (date and account if you like), and click What-if again."]]
    remark = "A planned sale under every lot method. The ledger does not change."
    sheet = answer_sheet(WHAT_IF, "What if I sold", remark, [*above, []], table)
    write_book_into(book, [sheet], tell, counts_from_1904(book))
    target = book.sheets[WHAT_IF]
    target.activate()
    target.range((WHAT_IF_TOP, 2)).select()


def _what_if_inputs(book: Any) -> list[Any]:
    sheet = by_name(book, WHAT_IF)
    if sheet is None:
        return [None] * len(WHAT_IF_INPUTS)
    last = WHAT_IF_TOP + len(WHAT_IF_INPUTS) - 1
    return [row[0] for row in sheet.range((WHAT_IF_TOP, 2), (last, 2)).options(ndim=2).value]


def help_page(book: Any, tell: Tell) -> None:
    """Write the sheet CapGain Help: every function with an example, and the state of this installation."""
    tell("CapGain: looking over the installation")
    table: list[list[str]] = [["Function", "What it does", "Example"]]
    table += [[function.signature, function.help, function.example] for function in FUNCTIONS]
    above: list[Row] = [[Cell(line)] for line in _installation()]
    remark = "In a cell, CAPGAIN_WHY(cell) says why another cell shows an error."
    write_book_into(book, [answer_sheet(HELP, "CapGain", remark, [*above, []], table)], tell, False)
    book.sheets[HELP].activate()


def _installation() -> list[str]:
    from capgain.addin.install.doctor import examine
    from capgain.addin.install.places import Places

    found = examine(Places.of_this_user(), Path(sys.executable))
    return [f"{finding.what} {finding.remedy}".strip() for finding in found]


def _asked(book: Any, name: str, given: Sequence[Given]) -> Table:
    source = source_of(book)
    caller = Caller(
        settings=source.settings,
        accounts=source.accounts,
        prices=source.prices,
        forms_1099=source.forms_1099,
        date_1904=source.ledger.date_1904,
    )
    result = answer(name, given, caller)
    if isinstance(result, CellError):
        raise NoAnswer(result.reason)
    return table_of(result)
