"""The blank workbook to start from: Ledger, Accounts, Settings and Prices, with lists to choose from and examples."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from capgain.engine.classes import AccountKind, AssetClass, Method, Owner, Reported
from capgain.workbook.reading.example_rows import EXAMPLE
from capgain.workbook.reading.transaction_types import ROW_TYPES, TYPE_NAMES
from capgain.workbook.sheets import (
    BOLD,
    ENTRY,
    HEADING,
    PLAIN,
    SUBTITLE,
    TITLE,
    WRAP,
    AtLeast,
    Book,
    Cell,
    DynamicFormula,
    Note,
    Page,
    Row,
    Scalar,
    Sheet,
    Style,
    Table,
    Validation,
    address,
    at_top,
    column_letter,
    fitted_heights,
)

MOST_ROWS = 10_000
"""Lists to choose from reach down so many rows."""

LAST_OFTEN_NEEDED = "Note"
"""The columns behind it are needed rarely: they can be folded away."""

LONGEST_LIST = 255
"""Characters of a list that Excel keeps in the cell's own rule."""


TEXT = Style(name="CapGain Text Entry", number_format="@")
NAME = TEXT.but("CapGain Name Entry", indent=1)
DAY = Style(name="CapGain Day Entry", number_format="yyyy-mm-dd", align="center")
DOLLARS = Style(name="CapGain Dollar Entry", number_format="#,##0.00")
SETTING_TEXT = ENTRY.but("CapGain Text Setting", number_format="@", align="left", top_aligned=True)
SETTING_NUMBER = ENTRY.but("CapGain Number Setting", align="left", top_aligned=True)
SETTING_AMOUNT = ENTRY.but("CapGain Amount Setting", number_format="#,##0.00", align="left", top_aligned=True)

_STYLES: Mapping[str, Style] = {
    **dict.fromkeys(("Date", "Acquired"), DAY),
    **dict.fromkeys(
        ("Price", "Amount", "Fee", "Basis", "Reported Proceeds", "Reported Basis", "Compensation", "Adjustment"),
        DOLLARS,
    ),
    **dict.fromkeys(("Account", "To Account"), NAME),
    **dict.fromkeys(("Lot", "Identified", "Code", "Order", "Underlying", "Note", "ID"), TEXT),
}
_WIDTHS: Mapping[str, float] = {
    **dict.fromkeys(("Account", "To Account", "Lot", "Received Asset", "Received Quantity"), 14),
    **dict.fromkeys(
        (
            "Fee Quantity",
            "Reported Proceeds",
            "Reported Basis",
            "Reported Term",
            "Compensation",
            "Adjustment",
            "Underlying",
            "Multiplier",
        ),
        13,
    ),
    "Type": 17,
    "Quantity": 22,
    "Note": 26,
    "Identified": 22,
    "Fee": 9,
    "Code": 8,
}
_AMOUNTS = ("Carryover", "Taxable", "Other Income", "Qualified", "MAGI", "Net Investment", "Schedule D", "Filed ")
_METHODS = tuple(member.value for member in Method)
_ACCOUNT_LISTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Kind": (tuple(member.value for member in AccountKind), "An IRA is never taxed here, but wash sales see it."),
    "Owner": (
        tuple(member.value for member in Owner),
        "A spouse's accounts count for wash sales and on a joint return.",
    ),
    "Method": (_METHODS, "The order of lots in this account. Blank: as in Settings."),
    "Reported": (
        tuple(member.value for member in Reported),
        "What this account's Forms 1099 say. Blank: what is usual.",
    ),
}


LIVE_SOURCE = "STOCKHISTORY: Excel 365 fetches it"


def write_template(path: str | Path, *, overwrite: bool = False, live_prices: bool = False) -> None:
    """Write the blank workbook to `path`, whole or not at all. Raises OutputExists and CannotWrite."""
    from capgain.workbook.xlsx.writer import write_book

    write_book(template_book(live_prices=live_prices), path, overwrite=overwrite)


def template_book(today: date | None = None, *, live_prices: bool = False) -> Book:
    """The blank workbook, for the tax year before that of `today` (default: this machine's date)."""
    year = (today or date.today()).year - 1
    return Book(
        sheets=(_ledger(), _accounts(), _settings(year), _prices(live=live_prices), _guide()),
        title="CapGain ledger",
        created=datetime(year + 1, 1, 1),
        subject="Trades of stocks and crypto for Form 8949 and Schedule D",
    )


@cache
def _words() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return tomllib.loads((files(__package__) / "template.toml").read_text(encoding="utf-8"))


def _ledger() -> Sheet:
    help_of = {column["name"]: column["help"] for column in _words()["columns"]}
    columns = tuple(help_of)
    rows: list[Row] = [_headings(columns)]
    for example in _words()["examples"]:
        cells: dict[str, Scalar] = {"Note": EXAMPLE, **example}
        rows.append([Cell(cells.get(column), _STYLES.get(column, PLAIN)) for column in columns])
    lists = {
        "Type": _types_in_a_list(),
        "Class": tuple(member.value for member in AssetClass),
        "Method": _METHODS,
        "Reported": _ACCOUNT_LISTS["Reported"][0],
    }
    return Sheet(
        name="Ledger",
        rows=rows,
        widths=tuple(_WIDTHS.get(column, 12) for column in columns),
        grouped_columns=range(columns.index(LAST_OFTEN_NEEDED) + 2, len(columns) + 1),
        heights={1: 30},
        freeze=(1, 3),
        page=replace(_page("Ledger", landscape=True), pages_wide=2, columns_repeated=3),
        tab="1F3864",
        table=Table("Ledger", f"A1:{address(len(rows), len(columns))}"),
        validations=tuple(
            Validation(_down(column, columns), choices, title=column, message=help_of[column])
            for column, choices in lists.items()
        ),
        notes=tuple(Note(address(1, place), text) for place, text in enumerate(help_of.values(), start=1)),
        numbers_as_text=_down("Quantity", columns),
    )


def _accounts() -> Sheet:
    columns = ("Account", *_ACCOUNT_LISTS)
    rows: list[Row] = [_headings(columns)]
    for account in _words()["accounts"]:
        rows.append([*(Cell(word, TEXT) for word in (account["name"], account["kind"], "taxpayer")), None, None])
    return Sheet(
        name="Accounts",
        rows=rows,
        widths=(24, 14, 14, 14, 14),
        freeze=(1, 1),
        page=_page("Accounts"),
        table=Table("Accounts", f"A1:{address(len(rows), len(columns))}"),
        validations=tuple(
            Validation(_down(column, columns), choices, title=column, message=message, strict=True)
            for column, (choices, message) in _ACCOUNT_LISTS.items()
        ),
    )


def _settings(year: int) -> Sheet:
    rows: list[Row] = [_headings(("Name", "Value", "Meaning"))]
    validations: list[Validation] = []
    for number, setting in enumerate(_words()["settings"], start=2):
        name, value = setting["name"].format(last=year - 1), setting["value"].format(year=year)
        rows.append([Cell(name, at_top(BOLD)), _setting_value(name, value), Cell(setting["help"], WRAP)])
        if "choices" in setting:
            message = "Choose from the list."
            choices = _METHODS if setting["choices"] == "methods" else tuple(setting["choices"])
            validations.append(Validation(f"B{number}", choices, title=name, message=message))
    widths = (28.0, 20.0, 84.0)
    return Sheet(
        name="Settings",
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows, widths),
        freeze=(1, 1),
        page=_page("Settings"),
        table=Table("Settings", f"A1:C{len(rows)}"),
        validations=tuple(validations),
        numbers_as_text=f"B2:B{len(rows)}",
    )


def _setting_value(name: str, value: str) -> Cell:
    if value.isdigit():
        return Cell(int(value), SETTING_NUMBER)
    return Cell(value or None, SETTING_AMOUNT if name.startswith(_AMOUNTS) else SETTING_TEXT)


def _prices(*, live: bool) -> Sheet:
    """The sheet of prices; `live` with the formula of each one's last close, which cannot stand in an Excel table."""
    rows: list[Row] = [_headings(("Asset", "Price", "Date", "Source"))]
    for number, price in enumerate(_words()["prices"], start=2):
        content = live_price(number, price["price"], is_coin=price.get("is_coin", False)) if live else price["price"]
        source = LIVE_SOURCE if live else None
        rows.append([Cell(price["asset"], TEXT), Cell(content, DOLLARS), Cell(price["day"], DAY), Cell(source, TEXT)])
    return Sheet(
        name="Prices",
        rows=rows,
        widths=(16, 16, 14, 34),
        freeze=(1, 0),
        page=_page("Prices"),
        table=None if live else Table("Prices", f"A1:D{len(rows)}"),
        validations=(
            AtLeast(f"B2:B{MOST_ROWS}", 0, "Price", "Dollars for one unit, zero or more."),
            AtLeast(f"C2:C{MOST_ROWS}", date(2009, 1, 3), "Date", "The day of the price; blank means now."),
        ),
    )


def live_price(
    row: int, last_seen: Decimal | float, *, is_coin: bool, asset_column: int = 1, day_column: int = 3
) -> DynamicFormula:
    """The last close of an asset within the week before the row's day, fetched by Excel 365.

    A coin is asked for as a pair with the dollar.
    """
    asset, day = f"{column_letter(asset_column)}{row}", f"{column_letter(day_column)}{row}"
    pair = f'{asset}&"USD"' if is_coin else asset
    week = f"_xlfn.STOCKHISTORY({pair},{day}-7,{day},0,0,1)"
    return DynamicFormula(f"=INDEX({week},ROWS({week}))", last_seen)


def _guide() -> Sheet:
    words = _words()
    rows: list[Row] = [[Cell("Your ledger for CapGain", TITLE)], []]
    rows += [[Cell(step["name"], at_top(BOLD)), Cell(step["text"], WRAP)] for step in words["steps"]]
    rows += [[], [Cell("Types", SUBTITLE)], _headings(("Type", "What it is", "Columns to fill, beside Date"))]
    for one in ROW_TYPES:
        rows.append([Cell(one.name, at_top(BOLD)), Cell(one.help, WRAP), Cell(one.fill, WRAP)])
    end_of_types = len(rows) + 1
    rows += [[], [Cell("Columns", SUBTITLE)], _headings(("Column", "What it holds"))]
    rows += [[Cell(column["name"], at_top(BOLD)), Cell(column["help"], WRAP)] for column in words["columns"]]
    widths = (27.0, 76.0, 66.0)
    return Sheet(
        name="Guide",
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows, widths),
        page=Page(landscape=True, footer=("CapGain", "", "Page &P of &N"), breaks=(end_of_types,)),
        gridlines=False,
    )


def _types_in_a_list() -> tuple[str, ...]:
    """As many types, in their order, as fit into a drop-down list; the rarest, at the end, are typed."""
    names: list[str] = []
    for name in TYPE_NAMES:
        if len(",".join([*names, name])) <= LONGEST_LIST:
            names.append(name)
    return tuple(names)


def _headings(names: Sequence[str]) -> Row:
    return [Cell(name, HEADING) for name in names]


def _down(column: str, columns: Sequence[str]) -> str:
    letter = column_letter(columns.index(column) + 1)
    return f"{letter}2:{letter}{MOST_ROWS}"


def _page(name: str, *, landscape: bool = False) -> Page:
    return Page(landscape=landscape, header=(name, "", ""), footer=("CapGain", "", "Page &P of &N"), repeat=(1, 1))
