"""Rows of one table that can only be judged together: what is refused as one event, and what must not be ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from capgain.workbook.importing.outcomes import Ignored, Unsettled


def joined_refusals(unsettled: Sequence[Unsettled]) -> list[Unsettled]:
    """Rows of one reference that are refused for one reason as one item, the others as they are."""
    made: list[Unsettled] = []
    place_of: dict[str, int] = {}
    for one in unsettled:
        at = place_of.get(one.group) if one.group else None
        if at is None:
            place_of[one.group] = len(made)
            made.append(one)
            continue
        first = made[at]
        kinds = first.kind if one.kind in first.kind.split(", ") else f"{first.kind}, {one.kind}"
        made[at] = replace(first, kind=kinds, places=tuple(sorted((*first.places, *one.places))))
    return made


def disguised_exchanges(ignored: Sequence[Ignored]) -> tuple[list[Ignored], list[Unsettled]]:
    """Ignored rows that stay so, and those of one moment whose assets differ: one may be given for another.

    Units that all leave or all come are no exchange.
    """
    together: dict[str, list[Ignored]] = {}
    for one in ignored:
        if one.group and one.units:
            together.setdefault(one.group, []).append(one)
    unsettled = []
    taken: set[int] = set()
    for rows in together.values():
        units = [(asset, number) for row in rows for asset, number in row.units.items()]
        assets = {asset.casefold() for asset, _ in units}
        signs = {number > 0 for _, number in units}
        if len(assets) < 2 or signs == {False}:
            continue
        taken |= {id(row) for row in rows}
        said = ", ".join(f"{number.normalize():f} {asset}" for asset, number in units[:4])
        unsettled.append(
            Unsettled(
                tuple(row.place for row in rows),
                "several assets at one moment",
                f"{said} moved at one moment ({rows[0].group}): one may have been exchanged for the other.",
                "Enter a Trade with its dollar value, or write in Decision why nothing was exchanged.",
                key=f"together:{rows[0].place.file}:{rows[0].group}",
            )
        )
    return [one for one in ignored if id(one) not in taken], unsettled
