"""Rows that tell only the details of the row above them: each becomes a whole row, with its share of the fee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from capgain.engine.money import EXACT, ZERO, to_the_cent
from capgain.workbook.importing.source_files import SourceRow
from capgain.workbook.written.source_text import UnreadableValue, number


def with_details(rows: Iterable[SourceRow], columns: Mapping[str, tuple[int, ...]]) -> Iterator[SourceRow]:
    """Each detail row with the cells that it leaves blank from its action row; action rows without details as they are.

    A detail row has no text where the action row has its date (`at`). The columns of `fee` and `fees` that the details
    leave blank are shared among them by `quantity`, in cents, the last taking the rest. The first of them stands for
    the action row's line too.
    """
    action: SourceRow | None = None
    details: list[SourceRow] = []
    at = columns["at"][-1]
    for row in rows:
        if at < len(row.cells) and row.cells[at].strip():
            yield from _joined(action, details, columns)
            action, details = row, []
        elif action is None:
            yield row
        else:
            details.append(row)
    yield from _joined(action, details, columns)


def _joined(
    action: SourceRow | None, details: Sequence[SourceRow], columns: Mapping[str, tuple[int, ...]]
) -> Iterator[SourceRow]:
    if action is None:
        return
    if not details:
        yield action
        return
    width = max(len(row.cells) for row in (action, *details))
    above = _padded(action, width)
    shared = _shares(above, [_padded(row, width) for row in details], columns)
    for place, row in enumerate(details):
        own = _padded(row, width)
        cells = [cell if cell.strip() else above[column] for column, cell in enumerate(own)]
        for column, shares in shared.items():
            cells[column] = shares[place]
        above_line = (action.line,) if place == 0 else ()
        yield SourceRow(row.line, cells, above_line, too_long=row.too_long or action.too_long)


def _padded(row: SourceRow, width: int) -> list[str]:
    return [*row.cells, *[""] * (width - len(row.cells))]


def _shares(
    above: Sequence[str], details: Sequence[Sequence[str]], columns: Mapping[str, tuple[int, ...]]
) -> dict[int, list[str]]:
    """The fee of the action row for each detail row, by the fee's column."""
    shared = {}
    for column in {*columns.get("fee", ()), *columns.get("fees", ())}:
        if not above[column].strip() or any(cells[column].strip() for cells in details):
            continue
        weights = [_quantity(cells, columns.get("quantity", ())) for cells in details]
        whole = sum(weights, ZERO)
        fee = number(above[column])
        if fee is None or not whole:
            continue
        parts = [to_the_cent(EXACT.divide(EXACT.multiply(fee, weight), whole)) for weight in weights[:-1]]
        shared[column] = [f"{part:f}" for part in (*parts, fee - sum(parts, ZERO))]
    return shared


def _quantity(cells: Sequence[str], places: Sequence[int]) -> Decimal:
    for place in places:
        if cells[place].strip():
            try:
                return abs(number(cells[place]) or ZERO)
            except UnreadableValue:
                return ZERO
    return ZERO
