"""The kinds of rows: frozen, told apart by their class, and made once where they add nothing to their family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, replace
from datetime import datetime
from decimal import Decimal

import pytest

from capgain.engine.transactions import Donate, Entry, GiftOut, Sell, Spend


def kinds(of: type[Entry]) -> Iterator[type[Entry]]:
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


ALONE = sorted(
    (kind for kind in kinds(Entry) if kind is not Entry and len(fields(kind)) == len(fields(kind.__mro__[1]))),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", ALONE, ids=lambda kind: kind.__name__)
def test_a_kind_without_fields_of_its_own_has_the_methods_of_its_family(kind: type[Entry]) -> None:
    """Making them again took a tenth of the start of the process that answers formulas."""
    redefines = {field.name for field in fields(kind)} & set(vars(kind).get("__annotations__", {}))
    assert redefines or "__init__" not in vars(kind)


@pytest.mark.parametrize("kind", [Sell, Spend, Donate, GiftOut])
def test_a_row_cannot_be_changed_and_has_no_room_for_more(kind: type[Sell]) -> None:
    row = kind(row=2, at=datetime(2025, 1, 2), asset="BTC", quantity=Decimal(1))
    with pytest.raises(FrozenInstanceError):
        row.quantity = Decimal(2)  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        row.more = 1  # type: ignore[attr-defined]
    assert not hasattr(row, "__dict__")
    assert replace(row, quantity=Decimal(2)) == kind(row=2, at=datetime(2025, 1, 2), asset="BTC", quantity=Decimal(2))
    assert repr(row).startswith(f"{kind.__name__}(row=2, ")


def test_rows_of_two_kinds_are_not_equal_whatever_they_hold() -> None:
    def made(kind: type[Spend] | type[Donate] | type[GiftOut]) -> Entry:
        return kind(row=2, at=datetime(2025, 1, 2), asset="BTC", quantity=Decimal(1))

    assert len({made(kind) for kind in (Spend, Donate, GiftOut)}) == 3
    assert made(Spend) == made(Spend)
    assert hash(made(Spend)) == hash(made(Spend))
