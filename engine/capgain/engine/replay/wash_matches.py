"""The matches of losses with replacements as the pass notes them, made into records when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, overload

from capgain.engine.replay.lots import in_units_of_the_form
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.wash_sales import WashSale

Match = tuple[int, str, int, str, str, date, str, int, int, int, int, date, bool, bool]
"""A match as it stood when it was made.

Index of the loss's row among the dispositions, and its account; row, account, asset and day of the replacement; asset,
units and the scale these were counted in; cents disallowed; basis in atoms and holding period of the units that took
them up; whether the loss is gone for good, and whether a sale stands for the replacement.
"""

_new: Final = tuple.__new__


class WashMatches(Sequence[WashSale]):
    """All matches in the order they were made. `rows` are those of Form 8949, in which the losses stand.

    In dense trading there are three matches a trade, and no form prints them: a record is made when it is asked for.
    """

    def __init__(self, matches: Sequence[Match], rows: Sequence[Disposition]) -> None:
        self._matches = matches
        self._rows = rows

    def __len__(self) -> int:
        return len(self._matches)

    @overload
    def __getitem__(self, index: int) -> WashSale: ...
    @overload
    def __getitem__(self, index: slice) -> list[WashSale]: ...
    def __getitem__(self, index: int | slice) -> WashSale | list[WashSale]:
        if isinstance(index, slice):
            return [self._record(match) for match in self._matches[index]]
        return self._record(self._matches[index])

    def __iter__(self) -> Iterator[WashSale]:
        return map(self._record, self._matches)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__: Any = None

    def across(self) -> list[WashSale]:
        """Those whose replacement lies in another account or is another asset."""
        return [self._record(match) for match in self._matches if match[1] != match[3] or match[4] != match[6]]

    def bought_before(self) -> Iterator[tuple[date, int]]:
        """Day and row of each sale whose loss met a purchase made before that of the units sold."""
        rows = self._rows
        for match in self._matches:
            row = rows[match[0]]
            if match[5] < row.acquired and row.wash_cents:
                yield row.sold, row.row

    def _record(self, match: Match) -> WashSale:
        (
            index, account, replacement, place, its_asset, acquired, asset, units, scale, cents, basis, held_since,
            permanent, by_sale,
        ) = match  # fmt: skip
        row = self._rows[index]
        return _new(
            WashSale,
            (
                row.row,
                row.lot_row,
                account,
                row.sold,
                replacement,
                place,
                its_asset,
                acquired,
                asset,
                units if scale == 1 else in_units_of_the_form(units, scale),
                cents,
                basis,
                held_since,
                permanent,
                by_sale,
            ),
        )
