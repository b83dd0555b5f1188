"""What the Settings sheet says, as far as it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.classes import AssetClass, Reported
from capgain.engine.ledger import Account
from capgain.engine.problems import Problem, Severity
from capgain.workbook.written.lot_words import LotOrder
from capgain.workbook.written.misread import Cell, Misread

NAME_AND_YEAR = re.compile(r"(?P<name>.+?)\s+(?P<year>(?:19|20|21)\d\d)")
"""A setting that says of which year it speaks: `Filing Status 2024`."""


class Stated(NamedTuple):
    """One row of the Settings sheet."""

    name: str
    value: Cell
    row: int


@dataclass
class Found:
    """What has been read so far, by field and year; None stands for every year.

    `form_lines` are amounts of lines of forms, by the field of Settings and the line's number.
    """

    sheet: str
    values: dict[str, dict[int | None, object]] = field(default_factory=dict)
    method_by_class: dict[AssetClass, dict[int | None, LotOrder]] = field(default_factory=dict)
    form_lines: dict[str, dict[str, dict[int | None, Decimal]]] = field(default_factory=dict)
    class_by_asset: dict[str, AssetClass] = field(default_factory=dict)
    collectible_by_asset: dict[str, bool] = field(default_factory=dict)
    qof_values: dict[str, Decimal] = field(default_factory=dict)
    reported_by_asset: dict[str, dict[int | None, Reported]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    multipliers: dict[str, Decimal] = field(default_factory=dict)
    boxes_1256: dict[tuple[str, str], dict[int | None, Decimal]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(self, stated: Stated, misread: Misread, column: str = "Value", *, warning: bool = False) -> None:
        severity = Severity.WARNING if warning else Severity.ERROR
        message = misread.message if column == "Name" else f"{stated.name}: {misread.message}"
        self.problems.append(Problem(severity, self.sheet, stated.row, column, message, misread.remedy, misread.code))
