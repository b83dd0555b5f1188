"""Settings about one asset or account by its name: `Class GLD`, `Multiplier /ES`, `Account Schwab`; and `Identical`."""

from __future__ import annotations

import re

from capgain.workbook.reading.accounts import account_in_words
from capgain.workbook.reading.settings_found import NAME_AND_YEAR, Found, Stated
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.misread import Misread, shown
from capgain.workbook.written.numbers import read_number, read_quantity
from capgain.workbook.written.words import CLASSES, REPORTED, plain, read_yes_no


def read_of_an_asset(stated: Stated, found: Found, assets: Names, accounts: Names) -> bool:
    """Read a setting whose first word is followed by an asset or account; False for any other."""
    first, _, rest = stated.name.partition(" ")
    word = first.casefold()
    box = _BOX.fullmatch(stated.name)
    if box is not None:
        _read_box(stated, box, found, accounts)
        return True
    if plain(stated.name).startswith("qofvalue"):
        _read_qof_value(stated, rest.partition(" ")[2].strip(), found, assets)
        return True
    if not rest or word not in ("class", "collectible", "reported", "multiplier", "account"):
        return False
    if word == "class":
        _read_class(stated, rest, found, assets)
    elif word == "collectible":
        _read_collectible(stated, rest, found, assets)
    elif word == "reported":
        _read_reported(stated, rest, found, assets)
    elif word == "multiplier":
        _read_multiplier(stated, rest, found)
    else:
        name = accounts.canonical(rest)
        account = account_in_words(name, text_of(stated.value))
        if isinstance(account, Misread):
            found.report(stated, account)
        else:
            found.accounts[name] = account
    return True


_BOX = re.compile(
    r"Box (?P<box>8|9|10|11)(?: (?P<before>(?:20|21)\d\d))? (?P<account>.+?)(?: (?P<after>20\d\d))?", re.I
)


def _read_box(stated: Stated, box: re.Match[str], found: Found, accounts: Names) -> None:
    """`Box 11 2025 IBKR`: what a Form 1099-B says of section 1256 contracts."""
    amount = read_number(stated.value)
    year = box["before"] or box["after"]
    if isinstance(amount, Misread):
        found.report(stated, amount)
    elif amount is not None:
        place = (box["box"], accounts.canonical(box["account"]))
        found.boxes_1256.setdefault(place, {})[int(year) if year else None] = amount


def _read_qof_value(stated: Stated, fund: str, found: Found, assets: Names) -> None:
    """`QOF Value 12-3456789`: what the investment in that fund was worth on 2026-12-31."""
    value = read_number(stated.value)
    if isinstance(value, Misread):
        found.report(stated, value)
    elif not fund:
        misread = Misread("It does not say of which fund.", "Write QOF Value and its EIN.", "SETTING_NEEDS_NAME")
        found.report(stated, misread, "Name")
    elif value is not None and value < 0:
        found.report(stated, Misread(f"{value} is negative.", "Enter 0 or more.", "NEGATIVE_VALUE"))
    elif value is not None:
        found.qof_values[assets.canonical(fund)] = value


def _read_multiplier(stated: Stated, asset: str, found: Found) -> None:
    size = read_quantity(stated.value)
    if isinstance(size, Misread):
        found.report(stated, size)
    elif size is not None and size <= 0:
        found.report(stated, Misread("A contract is on more than 0 units.", "Enter 100, say.", "ZERO_QUANTITY"))
    elif size is not None:
        found.multipliers[asset] = size


def _read_class(stated: Stated, asset: str, found: Found, assets: Names) -> None:
    dated = None if assets.knows(asset) else NAME_AND_YEAR.fullmatch(asset)
    asset_class = CLASSES.read(stated.value)
    if dated:
        found.report(
            stated,
            Misread("The class of an asset holds for all years.", f"Write Class {dated['name']}.", "SETTING_WITH_YEAR"),
            "Name",
        )
    elif isinstance(asset_class, Misread):
        found.report(stated, asset_class)
    elif asset_class is not None:
        found.class_by_asset[assets.canonical(asset)] = asset_class


def _read_collectible(stated: Stated, asset: str, found: Found, assets: Names) -> None:
    """`Collectible GLD`: whether a long-term gain on it is taxed as that on a collectible."""
    said = read_yes_no(stated.value)
    if isinstance(said, Misread):
        found.report(stated, said)
    elif said is not None:
        found.collectible_by_asset[assets.canonical(asset)] = said


def _read_reported(stated: Stated, asset: str, found: Found, assets: Names) -> None:
    """`Reported USDC`: what the 1099 says of sales of an asset, in all years or in the one written behind."""
    text = text_of(stated.value)
    in_value = NAME_AND_YEAR.fullmatch(text)
    in_name = None if assets.knows(asset) else NAME_AND_YEAR.fullmatch(asset)
    said = REPORTED.read(in_value["name"] if in_value else text)
    if isinstance(said, Misread):
        found.report(stated, said)
    elif said is not None:
        dated = in_value or in_name
        name = assets.canonical(in_name["name"] if in_name else asset)
        found.reported_by_asset.setdefault(name, {})[int(dated["year"]) if dated else None] = said


def identical_groups(text: str, assets: Names) -> tuple[frozenset[str], ...] | Misread:
    """`VOO, IVV; GOOG, GOOGL`: groups of assets that are substantially identical."""
    groups: list[frozenset[str]] = []
    for piece in text.replace("\n", ";").split(";"):
        group = frozenset(assets.canonical(asset) for asset in piece.split(",") if asset.strip())
        if not group:
            continue
        if len(group) == 1:
            return Misread(
                f"{shown(piece)} is a group of one asset.",
                "Separate assets by commas and groups by semicolons, such as VOO, IVV; GOOG, GOOGL.",
                "IDENTICAL_SYNTAX",
            )
        shared = sorted(asset for other in groups for asset in group & other)
        if shared:
            return Misread(
                f"{shared[0]} stands in two groups.", "Put all identical assets into one group.", "IDENTICAL_SYNTAX"
            )
        groups.append(group)
    return tuple(groups)
