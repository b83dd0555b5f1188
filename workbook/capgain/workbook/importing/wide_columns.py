"""Tables in which each asset has columns of its own, such as `ETH Amount` and `ETH Fee`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from capgain.workbook.importing.asset_names import AssetNames
from capgain.workbook.importing.movements import Movement
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_tables import SourceTable, normal


def wide_columns(table: SourceTable, index: Mapping[str, int]) -> Sequence[tuple[str, int, int]]:
    """(asset, column of its amount, column of its fee or -1); `index` is each column's place by its normal name."""
    found: dict[str, tuple[int, int]] = {}
    for wide in table.wide_amount:
        form = normal(wide)
        matcher = re.compile(
            re.escape(form)
            .replace(re.escape("{asset}"), "(?P<asset>.+?)", 1)
            .replace(re.escape("{asset}"), "(?P=asset)")
        )
        for name, place in index.items():
            match = matcher.fullmatch(name)
            if match is not None and match["asset"] not in found:
                fees = (normal(fee).replace("{asset}", match["asset"]) for fee in table.wide_fee)
                found[match["asset"]] = (place, next((index[fee] for fee in fees if fee in index), -1))
    return [(asset.upper(), *places) for asset, places in found.items()]


def fill_in_wide(
    movement: Movement,
    text: RowFields,
    cells: Sequence[str],
    columns: Sequence[tuple[str, int, int]],
    names: AssetNames,
    paid: int,
) -> None:
    """The sides and the fee of a row; `paid` is the sign of a fee that was paid. Raises UnreadableValue."""
    for asset, place, fee_place in columns:
        amount = text.number_in(cells[place]) if place < len(cells) else None
        if amount:
            name = names.asset(asset)
            if amount < 0:
                movement.out_asset, movement.out_quantity = name, -amount
            else:
                movement.in_asset, movement.in_quantity = name, amount
        fee = text.number_in(cells[fee_place]) if 0 <= fee_place < len(cells) else None
        if fee:
            movement.fee_asset, movement.fee_quantity = names.asset(asset), paid * fee
