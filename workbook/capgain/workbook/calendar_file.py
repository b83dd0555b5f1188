"""The calendar as an iCalendar file (RFC 5545), which any calendar program takes; nothing goes over the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from importlib.metadata import version

from capgain.engine.money import dollars
from capgain.engine.planning.calendar import Event

LONGEST_LINE = 75
"""octets of one line, its end not counted (RFC 5545, 3.1)"""


def calendar_file(events: Iterable[Event], as_of: date) -> bytes:
    """All-day events with a reminder: a week before a day of the tax year, a day before all others.

    The same events and day give the same bytes.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//CapGain//CapGain {version('capgain')}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for event in events:
        lines += _event(event, as_of)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(event: Event, as_of: date) -> Iterator[str]:
    identity = sha256("\0".join((event.kind.value, event.asset, event.day.isoformat())).encode()).hexdigest()[:32]
    summary = f"{event.asset}: {event.what}" if event.asset else event.what
    yield "BEGIN:VEVENT"
    yield f"UID:{identity}@capgain"
    yield f"DTSTAMP:{as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(summary)}"
    yield f"DESCRIPTION:{escaped(description(event, as_of))}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escaped(summary)}"
    yield f"TRIGGER:-P{7 if event.kind.is_of_the_year else 1}D"
    yield "END:VALARM"
    yield "END:VEVENT"


def description(event: Event, as_of: date) -> str:
    """Amounts as they stood on the day looked from, and the law."""
    said = []
    if event.account:
        said.append(f"In {event.account}.")
    if event.value is not None and event.gain is not None:
        said.append(f"Worth {_dollars(event.value)} on {as_of:%m/%d/%Y}, gain or (loss) {_dollars(event.gain)}.")
    return "\n".join([*said, event.why])


def _dollars(amount: Decimal) -> str:
    return f"({dollars(-amount)})" if amount < 0 else dollars(amount)


def escaped(text: str) -> str:
    """Text as a property's value (RFC 5545, 3.3.11)."""
    plain = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets; those after the first begin with a blank (RFC 5545, 3.1)."""
    part, room = "", LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", LONGEST_LINE - 1
        part += letter
        room -= size
    yield part
