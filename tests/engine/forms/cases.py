"""Worked cases of the forms, read from cases/*.toml; amounts are Decimals."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from capgain.engine.classes import AssetClass, FilingStatus, Term
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.money import ZERO, to_cents
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.units import UNITS
from capgain.engine.years import TaxYear, tax_year

Case = dict[str, Any]
HERE = Path(__file__).parent

SINGLE = FilingStatus.SINGLE
NOTHING_CARRIED = Carryover(ZERO, ZERO)
EVERY_STATUS = pytest.mark.parametrize("status", list(FilingStatus), ids=lambda status: status.value)


def dollars(amount: object) -> Decimal:
    """An amount of a case: TOML integers are exact, and fractions were read as Decimals."""
    assert isinstance(amount, int | Decimal), amount
    return Decimal(amount)


def read(name: str) -> dict[str, Any]:
    """A TOML file beside the tests, its fractions as Decimals."""
    return tomllib.loads((HERE / name).read_text("utf-8"), parse_float=Decimal)


def cases(name: str) -> list[Any]:
    """The cases of a file as pytest parameters whose ids are their titles."""
    found: list[Case] = read(f"cases/{name}.toml")["case"]
    return [pytest.param(case, id=f"{case['id']} {case['title']}") for case in found]


def row(
    box: str,
    d: Decimal | int,
    e: Decimal | int,
    *,
    f: str = "",
    g: Decimal | int = 0,
    year: TaxYear | None = None,
    asset_class: AssetClass = AssetClass.STOCK,
) -> Disposition:
    """A row of Form 8949 by its columns."""
    data = year or tax_year(2025)
    long = data.form_8949.term_of(box) is Term.LONG
    bought, sold = date(data.year - 2 if long else data.year, 1, 2), date(data.year, 7, 1)
    return Disposition(
        row=2,
        kind=Kind.SALE,
        asset="XYZ",
        account="Broker",
        asset_class=asset_class,
        units=UNITS,
        acquired=bought,
        acquired_text="",
        held_since=bought,
        sold=sold,
        proceeds_cents=to_cents(Decimal(d)),
        basis_cents=to_cents(Decimal(e)),
        codes=f,
        adjustment_cents=to_cents(Decimal(g)),
        wash_cents=0,
        term=Term.LONG if long else Term.SHORT,
        box=box,
        lot_row=1,
        lot="",
    )


def schedule_d(
    rows: Sequence[Disposition] = (),
    *,
    year: int = 2025,
    status: FilingStatus = SINGLE,
    short: Decimal | int = 0,
    long: Decimal | int = 0,
    carried: Carryover = NOTHING_CARRIED,
    exception_1: bool = False,
    **stated: Decimal | int,
) -> ScheduleD:
    """A Schedule D of rows and of results that come from elsewhere (lines 5 and 12, and others as `line_18=…`)."""
    data = tax_year(year)
    lines = {name.removeprefix("line_"): Decimal(amount) for name, amount in stated.items()}
    return ScheduleD(
        form_8949=Form8949.of(rows, data, exception_1=exception_1),
        carried_in=carried,
        stated={"5": Decimal(short), "12": Decimal(long), **lines},
        status=status,
        year=data,
    )
