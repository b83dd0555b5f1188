"""Time zones by the names people give them, and time stamps with an offset brought to the taxpayer's tax zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from capgain.engine.problems import CapgainError

_LOOK_AROUND = timedelta(hours=3)
"""Wider than any step a clock makes."""

US_ZONES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}
"""The zones of the United States by the names people give them."""


class UnknownZone(CapgainError):
    """No time zone has that name, or this machine has no zone data."""

    remedy = "Use a name such as America/New_York, or Eastern, Central, Mountain or Pacific."

    def __init__(self, name: str) -> None:
        super().__init__(f'"{name}" is not a time zone known here. {self.remedy}')


class ZoneByYear:
    """The tax zone, which may differ from one tax year to another."""

    __slots__ = ("_days", "_default", "_years")

    def __init__(self, default: tzinfo | None, years: Mapping[int, tzinfo]) -> None:
        self._default = default
        self._years = years
        self._days: dict[date, timedelta | None] = {}

    def of(self, moment: datetime) -> tzinfo | None:
        """The zone of the tax year in which `moment`, in UTC, falls; None where none was stated."""
        zone = self._years.get(moment.year, self._default)
        if zone is None or not self._years:
            return zone
        local_year = moment.astimezone(zone).year
        return self._years.get(local_year, self._default)

    def steady_offset(self, moment: datetime) -> timedelta | None:
        """The zone's offset from UTC where it is the same all through the UTC day of `moment`, else None."""
        day = moment.date()
        try:
            return self._days[day]
        except KeyError:
            pass
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        offsets = set()
        for edge in (midnight - _LOOK_AROUND, midnight + timedelta(days=1) + _LOOK_AROUND):
            zone = self.of(edge)
            offsets.add(None if zone is None else edge.astimezone(zone).utcoffset())
        found = offsets.pop() if len(offsets) == 1 else None
        self._days[day] = found
        return found


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name such as America/New_York, or of a name in US_ZONES. Raises UnknownZone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    key = US_ZONES.get(name.strip().lower().removesuffix(" time"), name.strip())
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def in_zone(moment: datetime, zones: ZoneByYear) -> datetime | None:
    """`moment`, which carries an offset, as naive local time of the tax zone; None where that year has none.

    In the hour that runs twice when daylight saving time ends, both runs are pressed into one, each at half its
    length, so that what came first still comes first on that day.
    """
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    offset = zones.steady_offset(in_utc)
    if offset is not None:
        return in_utc.replace(tzinfo=None) + offset
    zone = zones.of(in_utc)
    if zone is None:
        return None
    local = in_utc.astimezone(zone)
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    naive = local.replace(tzinfo=None, fold=0)
    if first is None or second is None or first <= second:
        return naive
    repeated = first - second
    start = _start_of_repeat(local, zone, first, second)
    return start + (naive - start + (repeated if local.fold else timedelta(0))) / 2


def _start_of_repeat(local: datetime, zone: tzinfo, first: timedelta, second: timedelta) -> datetime:
    """The local time at which the repeated hour begins: the step backwards, found to the minute."""
    early = (local.replace(tzinfo=None) - first - (first - second)).replace(tzinfo=UTC)
    late = early + 3 * (first - second)
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == first:
            early = middle
        else:
            late = middle
    step = late.replace(second=0, microsecond=0)
    return step.astimezone(zone).replace(tzinfo=None)
