"""Why a cell shows an error: kept by the cell's address, for CAPGAIN_WHY."""

from __future__ import annotations

from collections import OrderedDict

from capgain.addin.functions.cells import CellError

KEPT = 5_000


class Reasons:
    """The last error of each cell that asked; an answer without error forgets it."""

    def __init__(self) -> None:
        self._errors: OrderedDict[str, CellError] = OrderedDict()

    def note(self, address: str, error: CellError | None) -> None:
        if not address:
            return
        self._errors.pop(address, None)
        if error is not None:
            self._errors[address] = error
            while len(self._errors) > KEPT:
                self._errors.popitem(last=False)

    def of(self, address: str) -> CellError | None:
        return self._errors.get(address)

    def clear(self) -> None:
        self._errors.clear()


REASONS = Reasons()
"""Those of this process."""
