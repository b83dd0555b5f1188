"""The fields of one row of a source as texts, and the numbers in them."""

from __future__ import annotations

from decimal import Decimal

from capgain.workbook.written.source_text import number


class RowFields(dict[str, str]):
    """The filled fields by name; `comma_is_doubtful` as in a file that separates by `;`."""

    __slots__ = ("comma_is_doubtful",)
    comma_is_doubtful: bool

    def number(self, field: str) -> Decimal | None:
        """The number in a field, None where nothing stands. Raises UnreadableValue."""
        return number(self[field], comma_is_doubtful=self.comma_is_doubtful) if field in self else None

    def number_in(self, text: str) -> Decimal | None:
        """The number in a cell of the row that is no field of its own. Raises UnreadableValue."""
        return number(text, comma_is_doubtful=self.comma_is_doubtful)
