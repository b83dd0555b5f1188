"""From an xlwings function to the registry and back, for xlwings Lite and Server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capgain.addin.functions.answering import answer
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import CellError
from capgain.addin.functions.conversion import lite_given, number_or_text, table_of


def lite_answer(name: str, arguments: Sequence[Any]) -> list[list[float | str | bool]]:
    """The answer as rows; Office.js makes real errors of the texts `#VALUE!`, `#N/A` and `#NUM!`."""
    result = answer(name, [lite_given(argument) for argument in arguments], Caller())
    return [
        [cell.code.value if isinstance(cell, CellError) else number_or_text(cell, False) for cell in row]
        for row in table_of(result)
    ]
