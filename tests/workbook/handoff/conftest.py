"""Official forms, if the machine has them, and dispositions made by hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from capgain.engine.classes import AssetClass, Term
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.units import UNITS


@pytest.fixture(scope="session")
def irs_forms() -> Path:
    """The folder with the IRS's fillable forms; skips where there is none."""
    folder = os.environ.get("CAPGAIN_IRS_FORMS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CAPGAIN_IRS_FORMS names no folder with the IRS's fillable forms")
    return Path(folder)


@pytest.fixture(scope="session")
def disposition() -> Callable[..., Disposition]:
    """Makes one row of Form 8949; amounts in cents."""

    def make(
        box: str = "A",
        *,
        row: int = 5,
        asset: str = "XYZ",
        account: str = "Schwab",
        asset_class: AssetClass = AssetClass.STOCK,
        units: int = 10 * UNITS,
        proceeds: int = 100_000,
        basis: int = 80_000,
        codes: str = "",
        adjustment: int = 0,
        wash: int = 0,
        acquired: date = date(2023, 3, 1),
        acquired_text: str = "",
        sold: date = date(2024, 6, 3),
        lot_row: int = 2,
    ) -> Disposition:
        return Disposition(
            row=row,
            kind=Kind.SALE,
            asset=asset,
            account=account,
            asset_class=asset_class,
            units=units,
            acquired=acquired,
            acquired_text=acquired_text,
            held_since=acquired,
            sold=sold,
            proceeds_cents=proceeds,
            basis_cents=basis,
            codes=codes,
            adjustment_cents=adjustment,
            wash_cents=wash,
            term=Term.SHORT if box in "ABCGHI" else Term.LONG,
            box=box,
            lot_row=lot_row,
            lot="",
        )

    return make
