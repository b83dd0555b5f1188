"""What an option's name says of the contract, however a broker spells it: two spellings of one contract are one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from capgain.engine.classes import Right
from capgain.workbook.reading.symbols import occ_terms

_MONTHS = {
    name: number
    for number, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), start=1)  # noqa: SIM905
}
_ROOT = r"(?P<root>[A-Z.]{1,6})"
_STRIKE = r"\$?(?P<strike>\d[\d,]*(?:\.\d+)?)"
_SLASHED = r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2}|\d{4})"
_NAMED = r"(?P<name>[A-Z]{3}) (?P<day>\d{1,2}) '?(?P<year>\d{2}|\d{4})"
_WORD = r"(?P<right>CALL|PUT)"
_SPELLINGS = tuple(
    re.compile(form)
    for form in (
        rf"{_ROOT} {_SLASHED} {_STRIKE} (?P<right>[CP])",
        rf"{_ROOT} {_SLASHED} {_WORD} {_STRIKE}",
        rf"{_WORD} {_ROOT} {_SLASHED} {_STRIKE}",
        rf"{_ROOT} {_NAMED} {_STRIKE} {_WORD}(?: \(.*\))?",
        rf"{_ROOT} (?P<day>\d{{1,2}})(?P<name>[A-Z]{{3}})(?P<year>\d{{2}}) {_STRIKE} (?P<right>[CP])",
        rf"{_WORD} \({_ROOT}\) .*\b{_NAMED} {_STRIKE} \(100 SHS\)",
    )
)


class OptionTerms(NamedTuple):
    """Root of the symbol, day of expiry, right and strike price."""

    root: str
    expires: date
    right: Right
    strike: Decimal


@cache
def option_terms(name: str) -> OptionTerms | None:
    """The terms of the contract that a name says; None where it does not say all of them."""
    text = " ".join(name.upper().split())
    symbol = occ_terms(text)
    if symbol is not None and symbol.expires is not None and symbol.strike is not None and symbol.right is not None:
        return OptionTerms(symbol.underlying, symbol.expires, symbol.right, symbol.strike.normalize())
    found = next((match for form in _SPELLINGS if (match := form.fullmatch(text)) is not None), None)
    if found is None:
        return None
    said = found.groupdict()
    month = _MONTHS.get(said["name"], 0) if said.get("name") else int(said["month"])
    year = int(said["year"])
    try:
        expires = date(year if year > 99 else 2000 + year, month, int(said["day"]))
    except ValueError:
        return None
    right = Right.PUT if said["right"].startswith("P") else Right.CALL
    return OptionTerms(said["root"], expires, right, Decimal(said["strike"].replace(",", "")).normalize())
