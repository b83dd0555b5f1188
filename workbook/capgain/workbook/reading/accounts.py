"""The Accounts sheet, and accounts described by a setting: kind, owner, method and what their 1099 says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from capgain.engine.classes import AccountKind
from capgain.engine.known_accounts import kind_by_name
from capgain.engine.ledger import Account
from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import ACCOUNT_COLUMNS, find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.side_columns import columns_passed_over, of_an_account
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.lot_words import LotOrder, read_lot_order
from capgain.workbook.written.misread import Cell, Misread, is_blank, shown
from capgain.workbook.written.words import KINDS, OWNERS, REPORTED, Vocabulary, one_of, plain


def accounts_of(sheet: RawSheet, names: Names) -> tuple[dict[str, Account], list[Problem]]:
    """The accounts that the sheet describes, by name, and what is wrong with it."""
    rows = sheet.rows
    if all(is_blank(cell) for row in rows for cell in row):
        return {}, []
    header = find_header(rows, ACCOUNT_COLUMNS, ("Account",))
    if header is None:
        return {}, [
            Problem(
                Severity.ERROR,
                sheet.name,
                sheet.first_row,
                "Account",
                "No header with a column Account was found.",
                f"Give the sheet a header with the columns {', '.join(ACCOUNT_COLUMNS)}.",
                "ACCOUNTS_HEADER",
            )
        ]
    accounts: dict[str, Account] = {}
    read = header.columns.values()
    problems = list(
        columns_passed_over(rows, header.place, read, of_an_account, ACCOUNT_COLUMNS, sheet.name, sheet.first_row)
    )
    for row_number, row in enumerate(rows[header.place + 1 :], sheet.first_row + header.place + 1):
        cells = {name: row[at] if at < len(row) else None for name, at in header.columns.items()}
        if all(is_blank(cell) for cell in cells.values()):
            continue
        name = names.canonical(cells["Account"])
        account, wrong = _account(name, cells)
        if not name:
            wrong["Account"] = Misread("Account is blank.", "Enter the account's name.", "MISSING_VALUE")
        elif name in accounts:
            wrong["Account"] = Misread(
                f"{name} stands in this sheet twice.", "Keep one row for each account.", "DUPLICATE_ACCOUNT"
            )
        accounts.setdefault(name, account)
        problems += [
            Problem(Severity.ERROR, sheet.name, row_number, column, *misread) for column, misread in wrong.items()
        ]
    accounts.pop("", None)
    return accounts, problems


ABROAD = frozenset({"foreign", "abroad"})
"""Behind the kind exchange: outside the United States."""

AT_HOME = frozenset({"us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"})
"""What column Country says of an account in the United States."""

WHOSE_RETURN = "whose return?"
"""What an import writes in column Kind for an account that may be on another return: nothing is computed with it."""

_WORDS: Mapping[str, Vocabulary[Any]] = {"kind": KINDS, "owner": OWNERS, "reported": REPORTED}
"""What is said of an account, by the field of Account; no two have a word in common."""


def account_in_words(name: str, text: str) -> Account | Misread:
    """An account as one setting describes it: `ira`, or `brokerage, spouse`, words in any order."""
    said: dict[str, Any] = {}
    for word in filter(None, map(str.strip, text.split(","))):
        found: dict[str, Any] = {field: member for field, words in _WORDS.items() if (member := words.find(word))}
        order = read_lot_order(word)
        if isinstance(order, LotOrder):
            found = _said_of(order)
        elif word.casefold() in ABROAD:
            found = {"is_abroad": True}
        elif word.casefold() == "broker" and "method" in said:
            found = {"method_with_broker": True}
        if not found:
            return Misread(
                f"{shown(word)} says nothing about an account.",
                f"Use a kind ({one_of(KINDS.values)}), an owner ({one_of(OWNERS.values)}), a method or "
                f"what the 1099 says ({one_of(REPORTED.values)}), separated by commas.",
                "UNKNOWN_WORD",
            )
        said |= found
    return replace(Account(name), **said)


def _without_abroad(cell: Cell) -> tuple[Cell, bool]:
    """Column Kind, and whether it says `exchange, foreign`."""
    words = [word.strip() for word in cell.split(",")] if isinstance(cell, str) else []
    left = [word for word in words if word.casefold() not in ABROAD]
    return (", ".join(left), True) if len(left) < len(words) else (cell, False)


def _said_of(order: LotOrder) -> dict[str, Any]:
    return {"method": order.method, "method_with_broker": order.with_broker}


def _account(name: str, cells: Mapping[str, Cell]) -> tuple[Account, dict[str, Misread]]:
    said: dict[str, Any] = {}
    wrong: dict[str, Misread] = {}
    order = read_lot_order(cells.get("Method"))
    if isinstance(order, Misread):
        wrong["Method"] = order
    elif order is not None:
        said |= _said_of(order)
    kind, is_abroad = _without_abroad(cells.get("Kind"))
    if plain(text_of(kind)) == plain(WHOSE_RETURN):
        kind = None
        wrong["Kind"] = Misread(
            f"Whose return is {name} on? Its name says a trust, a child, a company or the like, whose gains are on a "
            "return of their own.",
            "Write brokerage (or exchange, wallet) if it is on this return; else take its rows out of the Ledger.",
            "WHOSE_RETURN",
        )
    country = text_of(cells.get("Country"))
    said |= {"country": country} if country else {}
    said |= {"is_abroad": True} if is_abroad or (country and country.casefold() not in AT_HOME) else {}
    for field, words in _WORDS.items():
        member = words.read(kind if field == "kind" else cells.get(field.title()))
        if isinstance(member, Misread):
            wrong[field.title()] = member
        elif member is not None:
            said[field] = member
    return replace(Account(name), **said), wrong


def with_accounts_named(accounts: Mapping[str, Account], named: Sequence[str]) -> dict[str, Account]:
    """The accounts described, and one for each further account that the ledger names; kinds not stated by name."""
    all_of_them = {
        **accounts,
        **{name: Account(name) for name in dict.fromkeys(named) if name and name not in accounts},
    }
    return {name: _of_known_kind(account) for name, account in all_of_them.items()}


def _of_known_kind(account: Account) -> Account:
    return account if account.kind is not None else replace(account, kind=kind_by_name(account.name))


def kinds_by_name(stated: Mapping[str, Account], all_of_them: Mapping[str, Account], sheet: str) -> Iterator[Problem]:
    """What has to be known of kinds taken from names: an IRA is off the return."""
    by_name = [
        account
        for name, account in all_of_them.items()
        if account.kind and (name not in stated or not stated[name].kind)
    ]
    for account in by_name:
        if account.kind is AccountKind.IRA:
            yield Problem(
                Severity.WARNING,
                sheet,
                0,
                "Account",
                f"{account.name} is taken for a retirement account by its name: nothing in it is on the return.",
                "If it is taxable, list it on the Accounts sheet with its Kind.",
                "KIND_BY_NAME",
            )
