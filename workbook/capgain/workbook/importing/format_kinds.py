"""What a mapping says is done with a kind of row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from capgain.workbook.importing.format_words import only
from capgain.workbook.importing.income_words import said_of_income
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.importing.source_tables import (
    FIELDS,
    Treatment,
    UnusableFormat,
    pattern,
)
from capgain.workbook.written.words import INCOME_KINDS, one_of


def read_columns(said: Mapping[str, Any], place: str) -> Mapping[str, tuple[str, ...]]:
    """The columns of each field; of several the first filled one counts."""
    for field in said:
        if field not in FIELDS:
            raise UnusableFormat(f"{place}: {field!r} is no field. The fields are {', '.join(sorted(FIELDS))}.")
    return {field: (names,) if isinstance(names, str) else tuple(names) for field, names in said.items()}


def read_treatment(said: str | Mapping[str, Any], place: str) -> Treatment:
    """What becomes of the rows of one kind: a word, or a table of them."""
    if isinstance(said, str):
        return Treatment(becomes=_becomes(said, place))
    only(said, "becomes ignore refuse negative same class partner side columns set read beside", place)
    if sum(word in said for word in ("becomes", "ignore", "refuse")) != 1:
        raise UnusableFormat(f"{place}: exactly one of becomes, ignore and refuse must be said.")
    reads = said.get("read", ())
    return Treatment(
        becomes=_becomes(said["becomes"], place) if "becomes" in said else None,
        ignore=said.get("ignore", ""),
        refuse=said.get("refuse", ""),
        beside=pattern(said["beside"]) if "beside" in said else None,
        negative=_becomes(said["negative"], place) if "negative" in said else None,
        same=_becomes(said["same"], place) if "same" in said else None,
        asset_class=said.get("class", ""),
        partner=said.get("partner", ""),
        side=said.get("side", ""),
        columns=read_columns(said["columns"], place) if "columns" in said else None,
        stated=_stated(said.get("set", {}), place),
        read=tuple(_reading(read, place) for read in ([reads] if isinstance(reads, Mapping) else reads)),
    )


def _stated(said: Mapping[str, str], place: str) -> Mapping[str, str]:
    only(said, " ".join(FIELDS), f"{place}, set")
    income = said.get("income")
    if income is not None and said_of_income(income) is None:
        raise UnusableFormat(f"{place}, set: {income!r} is no kind of income. Use {one_of(INCOME_KINDS.values[:-1])}.")
    return {field: str(text) for field, text in said.items()}


def _reading(said: Mapping[str, str], place: str) -> tuple[str, re.Pattern[str]]:
    try:
        compiled = re.compile(said["pattern"])
    except (KeyError, re.error) as wrong:
        raise UnusableFormat(f"{place}: read needs a column and a pattern that compiles ({wrong}).") from wrong
    for group in compiled.groupindex:
        if group not in FIELDS:
            raise UnusableFormat(f"{place}: the pattern's group {group!r} is no field.")
    return said.get("column", ""), compiled


def _becomes(word: str, place: str) -> Becomes:
    try:
        return Becomes(word.casefold())
    except ValueError:
        known = ", ".join(kind.value for kind in Becomes)
        raise UnusableFormat(f"{place}: nothing becomes {word!r}. It can become {known}.") from None
