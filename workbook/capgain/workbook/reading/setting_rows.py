"""The Settings sheet to the engine's settings: every name known, every value read, or a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from capgain.engine.classes import AssetClass, FilingStatus, Method
from capgain.engine.ledger import Account
from capgain.engine.problems import Problem
from capgain.engine.settings import FORM_8960_LINES, SCHEDULE_D_INPUT_LINES, ByYear, Settings
from capgain.workbook.reading.cell_looks import AS_PERCENTAGE, misread_by_format
from capgain.workbook.reading.estimated_payments import payment_outside
from capgain.workbook.reading.overrides import header_place, setting_places
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_names import BY_YEAR, FOR_ALL_YEARS, IGNORE_COLUMNS, IGNORE_SHEETS, Reader
from capgain.workbook.reading.settings_found import NAME_AND_YEAR, Found, Stated
from capgain.workbook.reading.settings_of_assets import identical_groups, read_of_an_asset
from capgain.workbook.reading.side_columns import values_passed_over
from capgain.workbook.reading.stablecoins import STABLECOINS, stablecoins_in
from capgain.workbook.reading.unknown_settings import unknown_setting
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.lot_words import LotOrder, read_lot_order
from capgain.workbook.written.misread import Misread, error_value, is_blank
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.time_zones import ZoneByYear, zone_named
from capgain.workbook.written.words import CLASSES, one_of, plain

T = TypeVar("T")


class SettingsRead(NamedTuple):
    """The settings, the accounts that settings describe, the tax zones, and what is wrong.

    `multipliers` are the units under one contract of an option, by its name as written.
    """

    settings: Settings
    accounts: Mapping[str, Account]
    zones: ZoneByYear | None
    problems: list[Problem]
    multipliers: Mapping[str, Decimal]


def settings_of(sheet: RawSheet | None, assets: Names, accounts: Names, *, date_1904: bool = False) -> SettingsRead:
    """Settings by name; those left blank keep their defaults, unknown names are problems."""
    found = Found(sheet.name if sheet is not None else "Settings")
    seen: dict[str, Stated] = {}
    at_value = setting_places(sheet.rows)[1] if sheet is not None and sheet.looks else 0
    for stated in _stated(sheet) if sheet is not None else ():
        error = error_value(stated.value)
        earlier = seen.setdefault(stated.name.casefold(), stated)
        if error is not None:
            found.report(stated, error)
        elif earlier is not stated:
            if earlier.value != stated.value:
                found.report(
                    stated,
                    Misread(
                        f"{stated.name} is set in row {earlier.row} too.",
                        "Keep one of the two rows.",
                        "DUPLICATE_SETTING",
                    ),
                    "Name",
                )
        elif sheet is not None and (foreign := _shown_in_another_currency(sheet, stated, at_value)) is not None:
            found.report(stated, foreign)
        else:
            _read(stated, found, assets, accounts, date_1904)
    _check_persons(found, seen)
    if sheet is not None:
        found.problems += values_passed_over(sheet.rows, *setting_places(sheet.rows), found.sheet, sheet.first_row)
    zones = found.values.pop("time_zone", {})
    return SettingsRead(_settings(found, zones), found.accounts, _zones(zones), found.problems, found.multipliers)


def _shown_in_another_currency(sheet: RawSheet, stated: Stated, place: int) -> Misread | None:
    if not isinstance(stated.value, int | float):
        return None
    misread = misread_by_format(sheet, stated.row, place, stated.name)
    return None if misread is None or misread.code == AS_PERCENTAGE else misread


def _check_persons(found: Found, seen: Mapping[str, Stated]) -> None:
    """Only a joint return has two persons whose age and sight count (26 USC 63(f)(1), (2))."""
    statuses = found.values.get("filing_status", {})
    for name in ("65 or Older", "Blind"):
        for year, persons in found.values.get(BY_YEAR[name][0], {}).items():
            status = statuses.get(year) or statuses.get(None)
            stated = seen.get((name if year is None else f"{name} {year}").casefold())
            if persons == 2 and stated is not None and status is not FilingStatus.MFJ:
                found.report(
                    stated,
                    Misread(
                        "Only a joint return (mfj) counts two persons.",
                        "Enter 1, or state Filing Status = mfj.",
                        "NUMBER_OF_PERSONS",
                    ),
                )


def ignored_columns(sheet: RawSheet | None) -> tuple[str, ...]:
    """The columns that Settings say are not to be read: names separated by commas or semicolons."""
    return _names_listed(sheet, IGNORE_COLUMNS)


def ignored_sheets(sheet: RawSheet | None) -> tuple[str, ...]:
    """The sheets that Settings say hold nothing that the ledger lacks."""
    return _names_listed(sheet, IGNORE_SHEETS)


def _names_listed(sheet: RawSheet | None, setting: str) -> tuple[str, ...]:
    stated = () if sheet is None else _stated(sheet)
    said = [text_of(one.value) for one in stated if plain(one.name) == plain(setting)]
    return tuple(name for text in said for name in map(str.strip, re.split("[,;]", text)) if name)


def stablecoins_stated(sheet: RawSheet | None) -> frozenset[str]:
    """The coins that Settings take at one dollar."""
    stated = () if sheet is None else _stated(sheet)
    return stablecoins_in([text_of(one.value) for one in stated if plain(one.name) == plain(STABLECOINS)])


def _stated(sheet: RawSheet) -> list[Stated]:
    place = header_place(sheet.rows)
    start = 0 if place is None else place + 1
    at_name, at_value = setting_places(sheet.rows)
    rows = []
    for row_number, row in enumerate(sheet.rows[start:], sheet.first_row + start):
        name = " ".join(text_of(row[at_name]).split()) if at_name < len(row) else ""
        value = row[at_value] if at_value < len(row) else None
        if name and not is_blank(value):
            rows.append(Stated(name, value, row_number))
    return rows


_OF_NAMES = (IGNORE_COLUMNS, IGNORE_SHEETS, STABLECOINS)
_BY_YEAR = {plain(name): entry for name, entry in BY_YEAR.items()}
_FOR_ALL_YEARS = {plain(name): entry for name, entry in FOR_ALL_YEARS.items()}


def _read(stated: Stated, found: Found, assets: Names, accounts: Names, date_1904: bool) -> None:
    if read_of_an_asset(stated, found, assets, accounts):
        return
    if plain(stated.name) in map(plain, _OF_NAMES):
        return
    dated = NAME_AND_YEAR.fullmatch(stated.name)
    name, year = (dated["name"], int(dated["year"])) if dated else (stated.name, None)
    word = plain(name)
    if word in _BY_YEAR:
        key, read = _BY_YEAR[word]
        value = read(stated.value)
        if isinstance(value, Misread):
            found.report(stated, value)
        elif key == "estimated_paid" and year and (outside := payment_outside(year, value or ())):  # type: ignore[arg-type]
            found.report(stated, outside)
        elif year is None and (key.startswith("filed_") or key in ("total_tax", "agi")):
            found.report(
                stated,
                Misread(
                    f"{name} does not say which year was filed.",
                    f"Write the year behind it, such as {name} 2024.",
                    "SETTING_NEEDS_YEAR",
                ),
                "Name",
            )
        else:
            found.values.setdefault(key, {})[year] = value
    elif word in _FOR_ALL_YEARS:
        if year is not None:
            found.report(
                stated,
                Misread(f"{name} holds for all years.", f"Write {name} without a year.", "SETTING_WITH_YEAR"),
                "Name",
            )
            return
        _read_for_all_years(stated, *_FOR_ALL_YEARS[word], found, assets, date_1904)
    elif line := _FORM_LINE.fullmatch(word):
        _read_form_line(stated, line["form"], line["line"], year, found)
    elif (
        name.partition(" ")[0].casefold() == "method"
        and (asset_class := CLASSES.find(name.partition(" ")[2])) is not None
    ):
        method = read_lot_order(stated.value)
        if isinstance(method, Misread):
            found.report(stated, method)
        elif method is not None:
            found.method_by_class.setdefault(asset_class, {})[year] = method
    else:
        _report_unknown(stated, name, found)


def _read_for_all_years(stated: Stated, key: str, read: Reader, found: Found, assets: Names, date_1904: bool) -> None:
    value = read(stated.value)
    if key in ("wallet_basis_from", "ledger_through"):
        value = read_day(stated.value, Calendar(date_1904))
    elif key == "identical":
        value = identical_groups(text_of(stated.value), assets)
    if isinstance(value, Misread):
        found.report(stated, value)
    else:
        found.values[key] = {None: value}


class _LinesStated(NamedTuple):
    """The lines of a form that Settings may state, and where in Settings they go."""

    field: str
    title: str
    lines: tuple[str, ...]


_STATED_LINES = {
    "scheduled": _LinesStated("schedule_d", "Schedule D", SCHEDULE_D_INPUT_LINES),
    "form8960": _LinesStated("form_8960", "Form 8960", FORM_8960_LINES),
}
_FORM_LINE = re.compile(rf"(?P<form>{'|'.join(_STATED_LINES)})(?:line)?(?P<line>\d+[a-d]?)")


def _read_form_line(stated: Stated, word: str, line: str, year: int | None, found: Found) -> None:
    form = _STATED_LINES[word]
    amount = read_number(stated.value)
    if line not in form.lines:
        found.report(
            stated,
            Misread(
                f"{form.title} line {line} is computed, not stated.",
                f"Take the row out. Lines fed from elsewhere are {one_of(form.lines)}.",
                "LINE_IS_COMPUTED",
            ),
            "Name",
        )
    elif isinstance(amount, Misread):
        found.report(stated, amount)
    elif amount is not None:
        found.form_lines.setdefault(form.field, {}).setdefault(line, {})[year] = amount


def _report_unknown(stated: Stated, name: str, found: Found) -> None:
    """A name close to a setting, or that bears on a number, is an error; another may be the user's own."""
    known = [
        *BY_YEAR,
        *FOR_ALL_YEARS,
        *_OF_NAMES,
        *(f"Method {asset_class.value}" for asset_class in AssetClass),
    ]
    listed = (
        f"Settings are {', '.join([*BY_YEAR, *FOR_ALL_YEARS, *_OF_NAMES])}, Method and a class, "
        "Class, Collectible or Reported and an asset, Multiplier and an option, QOF Value and an EIN, Account "
        "and its name, Schedule D or Form 8960 and a line."
    )
    misread, may_be_a_note = unknown_setting(stated.name, name, text_of(stated.value), known, listed)
    found.report(stated, misread, "Name", warning=may_be_a_note)


def _zones(stated: Mapping[int | None, object]) -> ZoneByYear | None:
    zones = {year: zone_named(str(name)) for year, name in stated.items()}
    return ZoneByYear(zones.pop(None, None), {year: zone for year, zone in zones.items() if year}) if zones else None


def _by_year(stated: Mapping[int | None, T], default: T) -> ByYear[T]:
    years = {year: value for year, value in stated.items() if year is not None}
    return ByYear(stated.get(None, default), years)


def _orders(stated: Mapping[int | None, object]) -> dict[str, ByYear[Any]]:
    """Orders of lots by year, and whether the broker has each."""
    orders = {year: order for year, order in stated.items() if isinstance(order, LotOrder)}
    with_broker = {year: order.with_broker for year, order in orders.items()}
    return {
        "method": _by_year({year: order.method for year, order in orders.items()}, Method.FIFO),
        "method_with_broker": _by_year(with_broker, False) if any(with_broker.values()) else ByYear(False),
    }


def _any_with_broker(stated: Mapping[int | None, object]) -> bool:
    return any(isinstance(order, LotOrder) and order.with_broker for order in stated.values())


def _settings(found: Found, zones: Mapping[int | None, object]) -> Settings:
    values: dict[str, object] = {}
    for key, _ in BY_YEAR.values():
        if key in found.values and key != "method":
            values[key] = _by_year(found.values[key], getattr(Settings(), key).default)
    for key, _ in FOR_ALL_YEARS.values():
        if key in found.values and found.values[key][None] is not None:
            values[key] = found.values[key][None]
    general: Mapping[int | None, object] = found.values.get("method", {})
    by_class = {kind: {**general, **orders} for kind, orders in found.method_by_class.items()}
    values |= _orders(general)
    stated_zone = zones.get(None)
    return Settings(
        **values,  # type: ignore[arg-type]
        time_zone=None if stated_zone is None else str(stated_zone),
        method_by_class={kind: _orders(orders)["method"] for kind, orders in by_class.items()},
        method_by_class_with_broker={
            kind: _orders(orders)["method_with_broker"] for kind, orders in by_class.items() if _any_with_broker(orders)
        },
        **{  # type: ignore[arg-type]
            form: {line: _by_year(dict(amounts), None) for line, amounts in lines.items()}
            for form, lines in found.form_lines.items()
        },
        boxes_1256={place: _by_year(dict(amounts), None) for place, amounts in found.boxes_1256.items()},
        class_by_asset=found.class_by_asset,
        collectible_by_asset=found.collectible_by_asset,
        qof_values=found.qof_values,
        reported_by_asset={asset: _by_year(dict(said), None) for asset, said in found.reported_by_asset.items()},
    )
