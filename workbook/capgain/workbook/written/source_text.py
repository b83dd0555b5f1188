"""Numbers and dates as exchanges and brokers write them, read exactly or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

NOTHING = frozenset({"", "-", "--", "—", "n/a", "none", "null", "nan"})
"""What files write where a number or a name is not given."""

_NUMBER = re.compile(
    r"""(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?:USD|US\$|\$)?\s*(?P<sign2>[-+−])?\s*
    (?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?P<exponent>[eE][-+]?\d+)?
    \s*(?P<unit>[A-Za-z][A-Za-z0-9.]*)?\s*(?P<close>\))?""",
    re.VERBOSE,
)


class UnreadableValue(ValueError):
    """A cell that is not the number or date it should be; the text says what was found."""


def number(text: str) -> Decimal | None:
    """A number as written: `$1,234.56`, `($519.83)`, `-$11.64`, `+1.2`, `0.0101601 BTC `; None where nothing stands.

    A comma groups thousands and never marks decimals, as in every US file: `1,5` is refused.

    Raises:
        UnreadableValue: the text is not one number.
    """
    if not text:
        return None
    stripped = text.strip()
    plain = stripped.removeprefix("-").removeprefix("$")
    if plain.isascii() and plain.replace(".", "", 1).isdigit():
        return -Decimal(plain) if stripped[0] == "-" else Decimal(plain)
    if stripped.casefold() in NOTHING:
        return None
    found = _NUMBER.fullmatch(stripped)
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise UnreadableValue(f"{text!r} is not a number")
    amount = Decimal(found["digits"].replace(",", "") + (found["exponent"] or ""))
    signs = (found["sign"] or "") + (found["sign2"] or "")
    if len(signs) + bool(found["open"]) > 1:
        raise UnreadableValue(f"{text!r} has two signs")
    return -amount if found["open"] or signs in ("-", "−") else amount


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened. `at` carries its zone where one is known; `has_time` is false for a bare date."""

    at: datetime
    has_time: bool

    def in_zone(self, zone: ZoneInfo) -> datetime:
        """Naive local time in `zone`; a bare date, or a time without a zone, stays as it is."""
        at = self.at if self.at.tzinfo is None or not self.has_time else self.at.astimezone(zone)
        return at.replace(tzinfo=None, microsecond=at.microsecond // 1000 * 1000)

    @property
    def needs_zone(self) -> bool:
        """A moment whose tax date cannot be told without the taxpayer's time zone."""
        return self.has_time and self.at.tzinfo is not None

    def canonical(self) -> str:
        """The same text for the same moment whatever zone it was written in."""
        if not self.has_time:
            return self.at.date().isoformat()
        return (self.at if self.at.tzinfo is None else self.at.astimezone(ZoneInfo("UTC"))).isoformat()


_MONTHS = {
    name: month
    for month, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ,]+(\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3})[A-Za-z]*\.? (\d{1,2}),? (\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(
    r"(?:T|,|\s|at)*\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?\s*"
    r"(Z|UTC|GMT|[-+]\d{2}:?\d{2}(?: ?UTC)?)?"
)
_AS_OF = re.compile(r".*?\bas of\s+", re.IGNORECASE)
UTC = ZoneInfo("UTC")


def _day(text: str) -> tuple[date, str]:
    for pattern, order in ((_ISO, "ymd"), (_US, "mdy"), (_COMPACT, "ymd"), (_DAY_MONTH, "dby"), (_MONTH_DAY, "bdy")):
        found = pattern.match(text)
        if found is None:
            continue
        parts = dict(zip(order, found.groups(), strict=True))
        month = _MONTHS.get(parts["b"].casefold(), 0) if "b" in parts else int(parts["m"])
        year = int(parts["y"])
        try:
            day = date(year + 2000 if year < 100 else year, month, int(parts["d"]))
        except ValueError as impossible:
            raise UnreadableValue(f"{text!r} is not a date that can be") from impossible
        return day, text[found.end() :].strip()
    raise UnreadableValue(f"{text!r} is not a date")


def moment(text: str, zone: ZoneInfo | None) -> Moment:
    """A date or time as written; `zone` is the source's own, for times that name none.

    Dates with slashes are month first, as in every US file; of `06/16/2026 as of 06/14/2026` the second is the date of
    the event and the first the one of its booking.

    Raises:
        UnreadableValue: nothing is there, or it is no date.
    """
    try:
        # Spelled out, as `fromisoformat` takes offsets and Z but no name of a zone.
        at = datetime.fromisoformat(f"{text[:-4]}Z" if text.endswith(" UTC") else text)
    except ValueError:
        return _moment_otherwise_written(text.strip(), zone)
    if len(text) <= 10 or text == f"{text[:10]} UTC":
        return Moment(at, has_time=False)
    return Moment(at if at.tzinfo or zone is None else at.replace(tzinfo=zone), has_time=True)


def _moment_otherwise_written(text: str, zone: ZoneInfo | None) -> Moment:
    if text.casefold() in NOTHING:
        raise UnreadableValue("there is no date")
    booked_and_happened = _AS_OF.match(text)
    day, rest = _day(text[booked_and_happened.end() :] if booked_and_happened else text)
    if not rest or rest.casefold() in ("utc", "z"):
        return Moment(datetime(day.year, day.month, day.day), has_time=False)
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise UnreadableValue(f"{text!r} is not a date and time")
    hours, minutes, seconds, fraction, half, offset = clock.groups()
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            raise UnreadableValue(f"{text!r} is not a time that can be")
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    try:
        at = datetime(day.year, day.month, day.day, hour, int(minutes), int(seconds or 0))
    except ValueError as impossible:
        raise UnreadableValue(f"{text!r} is not a time that can be") from impossible
    if fraction:
        at = at.replace(microsecond=int(fraction[:6].ljust(6, "0")))
    if offset and offset[0] in "+-":
        at = datetime.fromisoformat(at.isoformat() + offset.removesuffix("UTC").strip())
    elif offset:
        at = at.replace(tzinfo=UTC)
    elif zone is not None:
        at = at.replace(tzinfo=zone)
    return Moment(at, has_time=True)
