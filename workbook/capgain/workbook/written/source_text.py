"""What exchanges and brokers alone write, on top of what every cell may hold: the declared extension of the gate.

Numbers: a unit behind them (`0.01 BTC`, `(17.12 ETH)`), and words for nothing (`n/a`, `None`). Moments: a year of two
digits behind slashes, `06/16/2026 as of 06/14/2026` (the second is the date of the event, the first that of its
booking), `at` before the time, a bare date with `UTC`, and the names of US zones by letters.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from decimal import Decimal

from capgain.workbook.written.misread import LONGEST, Misread
from capgain.workbook.written.moments import SourceMoment, moment_in_text
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.time_zones import zone_named

NOTHING = frozenset({"", "-", "--", "—", "n/a", "none", "null", "nan"})
"""What files write where a number or a name is not given."""

_WITH_UNIT = re.compile(
    r"(?P<number>[^\d.]*[\d.,]++(?:[eE][-+]?\d+)?+)\s*(?![xX]\d)[A-Za-z][A-Za-z0-9.]*\s*(?P<close>\)?)", re.ASCII
)
_AS_OF = re.compile(r".*?\bas of\s+", re.IGNORECASE)
_TWO_DIGIT_YEAR = re.compile(r"(?<![\d/])(\d{1,2}/\d{1,2}/)(\d{2})(?!\d)", re.ASCII)
_AT = re.compile(r"\s+at\s+(?=\d)", re.IGNORECASE)
_DAY_IN_UTC = re.compile(r"([^:]*\d)\s*(?:UTC|Z)", re.IGNORECASE)
_OFFSET_AND_UTC = re.compile(r"(.*[-+]\d{2}:?\d{2}) ?UTC")
_US_ZONE = re.compile(r"(.*\d(?:\s*[AaPp]\.?[Mm]\.?)?)\s*(E|C|M|P|AK|H)([SD]?)T")
_US_ZONES = {
    "E": ("Eastern", -5),
    "C": ("Central", -6),
    "M": ("Mountain", -7),
    "P": ("Pacific", -8),
    "AK": ("Alaska", -9),
    "H": ("Hawaii", -10),
}
"""By the letters before `ST`, `DT` or `T`: the zone, and the hours of its standard time from UTC."""


class UnreadableValue(ValueError):
    """A cell that is not the number or date it should be; the text says what was found, without a full stop."""


def number(text: str, *, comma_is_doubtful: bool = False) -> Decimal | None:
    """A number as written, None where nothing stands.

    Raises:
        UnreadableValue: the text is not one number.
    """
    found = read_number(text, comma_is_doubtful=comma_is_doubtful) if text else None
    if isinstance(found, Misread) and found.code == "NOT_A_NUMBER" and len(text) <= LONGEST:
        stripped = text.strip()
        if stripped.casefold() in NOTHING:
            return None
        with_unit = _WITH_UNIT.fullmatch(stripped)
        if with_unit is not None:
            found = read_number(with_unit["number"] + with_unit["close"], comma_is_doubtful=comma_is_doubtful)
    if isinstance(found, Misread):
        raise UnreadableValue(found.message.removesuffix("."))
    return found


def moment(text: str, zone: tzinfo | None, *, is_ledger: bool = False) -> SourceMoment:
    """A date or time as written; `zone` is the source's own, for times that name none.

    `is_ledger`: the source is a ledger of ours, and holds nothing but what every cell may hold.

    Raises:
        UnreadableValue: nothing is there, or it is no date.
    """
    found = moment_in_text(text, text)
    if isinstance(found, Misread) and not is_ledger and len(text) <= LONGEST:
        plain, zone = _plainly(text.strip(), zone)
        found = moment_in_text(plain, text)
    if found is None or text.strip().casefold() in NOTHING:
        raise UnreadableValue("there is no date")
    if isinstance(found, Misread):
        raise UnreadableValue(found.message.removesuffix("."))
    if found.has_time and found.at.tzinfo is None and zone is not None:
        return SourceMoment(found.at.replace(tzinfo=zone), has_time=True)
    return found


def _plainly(text: str, zone: tzinfo | None) -> tuple[str, tzinfo | None]:
    """The same date or time as every cell may have it, and the zone that it names."""
    text = _AT.sub(" ", _TWO_DIGIT_YEAR.sub(r"\g<1>20\2", _AS_OF.sub("", text, 1)))
    if (bare := _DAY_IN_UTC.fullmatch(text) or _OFFSET_AND_UTC.fullmatch(text)) is not None:
        return bare[1], zone
    lettered = _US_ZONE.fullmatch(text)
    if lettered is None or ":" not in text:
        return text, zone
    name, hours = _US_ZONES[lettered[2]]
    if not lettered[3]:
        return lettered[1], zone_named(name)
    return lettered[1], timezone(timedelta(hours=hours + (lettered[3] == "D")))
