"""Starts the process that answers formulas in Excel for Windows.

`import xlwings` takes pandas, numpy and what else it could convert with into the process wherever they are installed,
half a second or more before the first formula has its answer. Nothing there uses them: values cross unconverted. So
they are kept from xlwings, in this process and while it is imported, and from nobody else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from capgain.engine.search_for_cycles import without_search_for_cycles

UNUSED = frozenset({"pandas", "numpy", "matplotlib", "PIL", "plotly", "cryptography"})
"""Libraries that xlwings imports if it can and does without if not; the last for licences of xlwings PRO of old."""


class _Absent:
    """Says of the unused libraries that they are not installed."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in UNUSED:
            raise ModuleNotFoundError(f"{name} is not needed to answer formulas", name=name)


@contextmanager
def _without_unused() -> Iterator[None]:
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


def prepare() -> None:
    """Load xlwings and all that the first formula needs."""
    with without_search_for_cycles():
        with _without_unused():
            import xlwings  # noqa: F401
        import capgain.addin.excel.com_server  # noqa: F401


def serve(clsid: str) -> None:
    """Answer Excel until it closes: `clsid` is the class under which VBA finds this process."""
    prepare()
    import xlwings

    xlwings.serve(clsid)  # type: ignore[call-arg, unused-ignore]  # elsewhere than on Windows it only raises
