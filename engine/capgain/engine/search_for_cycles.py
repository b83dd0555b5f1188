"""Making many values at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_search_for_cycles() -> Iterator[None]:
    """Reading and computing make many values and no cycles: looking for cycles among them takes a third of the time.

    What was made goes over to the oldest generation, which is walked as seldom as ever, instead of being walked at once
    as young.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
