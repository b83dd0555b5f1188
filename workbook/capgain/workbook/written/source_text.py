"""What exchanges and brokers alone write, on top of what every cell may hold: the declared extension of the gate.

Numbers: a unit behind them (`0.01 BTC`, `(17.12 ETH)`), `@` before a price, words for nothing (`n/a`, `None`). Moments:
a year of two digits behind slashes, `06/16/2026 as of 06/14/2026` (the second is the date of the event, the first that
of its booking), `at` before the time, the time before the date, a weekday, `20250102;100000`, seconds since 1970, a
bare date with `UTC`, `GMT-0700 (PDT)`, and the names of US zones by letters.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from capgain.workbook.written.date_orders import DateOrder, in_order
from capgain.workbook.written.misread import LONGEST, Misread
from capgain.workbook.written.moments import SourceMoment, moment_in_text
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.time_zones import UnknownZone, zone_named

NOTHING = frozenset({"", "-", "--", "—", "n/a", "free", "no data", "none", "null", "nan"})
"""What files write where a number or a name is not given."""

_WITH_UNIT = re.compile(
    r"(?P<number>[^\d.]*[\d.,]++(?:[eE][-+]?\d++|(?![eE][-+]?\d)))\s*(?![xX]\d)[A-Za-z][A-Za-z0-9.]*\s*(?P<close>\)?)",
    re.ASCII,
)
_AS_OF = re.compile(r".*?\bas of\s+", re.IGNORECASE)
_TWO_DIGIT_YEAR = re.compile(r"(?<![\d/])(\d{1,2}/\d{1,2}/)(\d{2})(?!\d)", re.ASCII)
_AT = re.compile(r"\s+at\s+(?=\d)", re.IGNORECASE)
_TIME_FIRST = re.compile(
    r"(\d{1,2}:\d{2}(?::\d{2})?)[,;]?\s+(\d{1,4}[-/.].*\d|[A-Za-z]{3,9}\.? \d.*|\d{1,2} [A-Za-z]{3}.*)", re.ASCII
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+(?=\S)", re.IGNORECASE)
_SEMICOLON = re.compile(r"(\d{4})-?(\d{2})-?(\d{2});(\d{2}):?(\d{2}):?(\d{2})(.*)", re.ASCII)
_SECONDS = re.compile(r"1?\d{9}(\d{3})?(?:\.0+)?", re.ASCII)
_YEAR_AFTER_TIME = re.compile(r"([A-Za-z]{3,9}\.? \d{1,2}),? (\d{1,2}:\d{2}(?::\d{2})?) (\d{4})(.*)", re.ASCII)
_OFFSET_OF_GMT = re.compile(r"(.*\d)\s*(?:GMT|UTC)\s*([-+])(\d{1,2}):?(\d{2})?\s*(?:\([^)]*\))?")
_DAY_IN_UTC = re.compile(r"([^:]*\d)\s*(?:UTC|Z)", re.IGNORECASE)
_OFFSET_AND_UTC = re.compile(r"(.*[-+]\d{2}:?\d{2}) ?UTC")
_US_ZONE = re.compile(r"(.*\d(?:\s*[AaPp]\.?[Mm]\.?)?)\s*\(?(E|C|M|P|AK|H)([SD]?)T\)?")
_US_LETTERS = re.compile(r"(E|C|M|P|AK|H)([SD]?)T")
_NAMED_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*(?:([-+])\s*(\d{1,2}):?(\d{2})?)?", re.IGNORECASE | re.ASCII)
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
    if not isinstance(found, Misread):
        return found
    if found.code == "NOT_A_NUMBER" and len(text) <= LONGEST:
        stripped = text.strip()
        if stripped.casefold() in NOTHING:
            return None
        if stripped.startswith("@"):
            return number(stripped[1:], comma_is_doubtful=comma_is_doubtful)
        with_unit = _WITH_UNIT.fullmatch(stripped)
        if with_unit is not None:
            found = read_number(with_unit["number"] + with_unit["close"], comma_is_doubtful=comma_is_doubtful)
    if isinstance(found, Misread):
        raise UnreadableValue(found.message.removesuffix("."))
    return found


def moment(text: str, zone: tzinfo | None, *, order: DateOrder | None = None, is_ledger: bool = False) -> SourceMoment:
    """A date or time as written; `zone` is the source's own, for times that name none.

    `order` is that of the source's dates in figures. `is_ledger`: the source is a ledger of ours, and holds nothing but
    what every cell may hold.

    Raises:
        UnreadableValue: nothing is there, or it is no date.
    """
    found = moment_in_text(in_order(text, order) if order is not None else text, text)
    if isinstance(found, Misread) and not is_ledger and len(text) <= LONGEST:
        plain, zone = _plainly(text.strip(), zone, order)
        found = moment_in_text(plain, text)
    if not isinstance(found, SourceMoment):
        is_nothing = found is None or text.strip().casefold() in NOTHING
        raise UnreadableValue("there is no date" if found is None or is_nothing else found.message.removesuffix("."))
    if found.has_time and found.at.tzinfo is None and zone is not None:
        return SourceMoment(found.at.replace(tzinfo=zone), has_time=True)
    return found


def _plainly(text: str, zone: tzinfo | None, order: DateOrder | None) -> tuple[str, tzinfo | None]:
    """The same date or time as every cell may have it, and the zone that it names."""
    if (seconds := _SECONDS.fullmatch(text)) is not None:
        whole, thousandths = (text[:10], text[10:13]) if seconds[1] else (text.partition(".")[0], "0")
        since_1970 = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(whole), milliseconds=int(thousandths))
        return since_1970.isoformat(), zone
    text = _AT.sub(" ", _WEEKDAY.sub("", _AS_OF.sub("", text, 1), 1))
    text = in_order(text, order) if order is not None else _TWO_DIGIT_YEAR.sub(r"\g<1>20\2", text)
    text = _SEMICOLON.sub(r"\1-\2-\3 \4:\5:\6\7", text)
    text = _YEAR_AFTER_TIME.sub(r"\1, \3 \2\4", text)
    if (swapped := _TIME_FIRST.fullmatch(text)) is not None:
        text = f"{swapped[2]} {swapped[1]}"
    if (offset := _OFFSET_OF_GMT.fullmatch(text)) is not None and ":" in offset[1]:
        return f"{offset[1]}{offset[2]}{offset[3].zfill(2)}:{offset[4] or '00'}", zone
    if (bare := _DAY_IN_UTC.fullmatch(text) or _OFFSET_AND_UTC.fullmatch(text)) is not None:
        return bare[1], zone
    lettered = _US_ZONE.fullmatch(text)
    if lettered is None or ":" not in text:
        return text, zone
    name, hours = _US_ZONES[lettered[2]]
    if not lettered[3]:
        return lettered[1], zone_named(name)
    return lettered[1], timezone(timedelta(hours=hours + (lettered[3] == "D")))


def zone_written(text: str) -> tzinfo | None:
    """The zone that a source names: an offset (`UTC+8`, `+08:00`), the letters of a US zone, or a zone's own name.

    None where the text is none of these.
    """
    said = text.strip()
    if (offset := _NAMED_OFFSET.fullmatch(said)) is not None:
        minutes = int(offset[2] or 0) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    if (lettered := _US_LETTERS.fullmatch(said)) is not None:
        name, hours = _US_ZONES[lettered[1]]
        return timezone(timedelta(hours=hours + (lettered[2] == "D"))) if lettered[2] else zone_named(name)
    try:
        return zone_named(said)
    except UnknownZone:
        return None
