"""Elements of a part where they stand in its bytes: an edit leaves every other byte of the part as it was.

Read as a tree the rows of a ledger take 25 times the memory of their bytes, and what is written back from one differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from capgain.workbook.xlsx.unreadable import CannotEdit

_PASSED_OVER = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
IN_TAG = rb"[^>\"'/]*+(?:(?:/(?!>)|\"[^\"]*\"|'[^']*')[^>\"'/]*+)*"
"""What stands in a tag behind its name."""
_ATTRIBUTE = re.compile(rb"\s+([\w.:-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")


class Element(NamedTuple):
    """One element of `content`: its tag stands from `start` to `inner`, its end tag before `stop`.

    `prefix` is that of its namespace with the colon. None of the elements that are looked for holds one of its name.
    """

    content: bytes
    name: str
    prefix: str
    start: int
    inner: int
    stop: int

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute, by its name as it is written."""
        wanted = name.encode()
        for found in _ATTRIBUTE.finditer(self.content, self.start, self.inner):
            if found[1] == wanted:
                return unescape(found[2][1:-1].decode("utf-8"))
        return default

    @property
    def attributes(self) -> dict[str, str]:
        names = _ATTRIBUTE.findall(self.content, self.start, self.inner)
        return {name.decode(): self.get(name.decode()) for name, _ in names}

    @property
    def ends(self) -> tuple[int, int]:
        """Where its end tag begins and ends; twice the end of the tag of an empty element.

        Raises CannotEdit for an element without an end.
        """
        if self.content[self.inner - 2 : self.inner] == b"/>":
            return self.inner, self.inner
        found = _next(_closing(self.name), self.content, self.inner, self.stop)
        if found is None:
            raise CannotEdit(f"The workbook is damaged: a <{self.name}> in it has no end.")
        return found.span()

    @property
    def held(self) -> bytes:
        """What stands between its tags."""
        return self.content[self.inner : self.ends[0]]

    @property
    def whole(self) -> bytes:
        return self.content[self.start : self.ends[1]]

    def within(self, name: str) -> Iterator[Element]:
        """The elements of that local name in this one."""
        return elements(self.content, name, self.inner, self.ends[0])

    def tag(self, **changes: str | None) -> bytes:
        """Its tag with attributes given another value, added, or (None) left out."""
        tag = self.content[self.start : self.inner]
        for name, value in changes.items():
            written = b"" if value is None else f" {name}={quoteattr(value)}".encode()
            there = next((one for one in _ATTRIBUTE.finditer(tag) if one[1].decode() == name), None)
            at = there.span() if there is not None else (_NAME_END.match(tag).end(),) * 2  # type: ignore[union-attr]
            tag = tag[: at[0]] + written + tag[at[1] :]
        return tag

    def with_tag(self, **changes: str | None) -> bytes:
        """The element with other attributes."""
        return self.tag(**changes) + self.content[self.inner : self.ends[1]]

    def changed(self, **changes: str | None) -> bytes:
        """The content with other attributes of this element."""
        return self.content[: self.start] + self.tag(**changes) + self.content[self.inner :]

    def with_held(self, held: bytes, **changes: str | None) -> bytes:
        """The element with something else between its tags."""
        name = _NAME_END.match(self.content, self.start)
        assert name is not None
        tag = self.tag(**changes)
        opened = tag[:-2] + b">" if tag.endswith(b"/>") else tag
        return opened + held + b"</" + name[0][1:] + b">"

    def holding(self, held: bytes, **changes: str | None) -> bytes:
        """The content with something else between this element's tags."""
        return self.content[: self.start] + self.with_held(held, **changes) + self.content[self.ends[1] :]


_NAME_END = re.compile(rb"<[\w.:-]+")


def elements(content: bytes, name: str, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """The elements of that local name between two offsets, one after the other."""
    stop = len(content) if end is None else end
    for found in _opening(name).finditer(content, start, stop):
        if found[1] is not None:
            yield Element(content, name, found[1].decode(), found.start(), found.end(), stop)


def element(content: bytes, name: str) -> Element | None:
    """The first element of that local name."""
    return next(elements(content, name), None)


def _next(pattern: re.Pattern[bytes], content: bytes, start: int, end: int) -> re.Match[bytes] | None:
    return next((found for found in pattern.finditer(content, start, end) if found[1] is not None), None)


@cache
def _opening(name: str) -> re.Pattern[bytes]:
    return re.compile(
        _PASSED_OVER + rb"|<((?:[\w.-]+:)?)" + name.encode() + rb"(?=[\s/>])" + IN_TAG + rb"/?>", re.DOTALL
    )


@cache
def _closing(name: str) -> re.Pattern[bytes]:
    return re.compile(_PASSED_OVER + rb"|</((?:[\w.-]+:)?)" + name.encode() + rb"\s*>", re.DOTALL)
