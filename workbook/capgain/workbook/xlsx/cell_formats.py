"""The cell formats of a workbook's styles part: further ones are appended, all others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from capgain.workbook.xlsx.elements import Element, element, elements

_DATE_FORMATS = range(14, 23)
"""Excel's own number formats that show a date or a time."""

_FIRST_CUSTOM = 164


class CellFormats:
    """The formats in `styles`, which grows with each one that is asked for and not there yet."""

    def __init__(self, styles: bytes) -> None:
        self.styles = styles

    def date(self, base: int, number_format: str) -> int:
        """The format like number `base` that shows a date: `base` itself if it does, else with `number_format`."""
        if base < len(self._formats) and self._shows_date(int(self._formats[base].get("numFmtId", "0"))):
            return base
        number_format_id = self._number_format(number_format)
        if base < len(self._formats):
            own = self._formats[base].with_tag(numFmtId=number_format_id, applyNumberFormat="1", quotePrefix=None)
        else:
            own = self._format(number_format_id, 'applyNumberFormat="1"')
        return self._added(own, base)

    def wrapped(self) -> int:
        """The format for text over several lines."""
        return self._added(self._format("0", 'applyAlignment="1"', 'alignment vertical="top" wrapText="1"'), 0)

    @property
    def _holder(self) -> Element | None:
        return element(self.styles, "cellXfs")

    @property
    def _formats(self) -> Sequence[Element]:
        holder = self._holder
        return [] if holder is None else list(holder.within("xf"))

    def _format(self, number_format_id: str, attributes: str, held: str = "") -> bytes:
        prefix = self._holder.prefix if self._holder is not None else ""
        tag = f'<{prefix}xf numFmtId="{number_format_id}" fontId="0" fillId="0" borderId="0" xfId="0" {attributes}'
        return (f"{tag}><{prefix}{held}/></{prefix}xf>" if held else f"{tag}/>").encode()

    def _added(self, own: bytes, otherwise: int) -> int:
        """The number of a format, appended where it is not there yet; `otherwise` in styles without formats."""
        holder, known = self._holder, [one.whole for one in self._formats]
        if holder is None:
            return otherwise
        if own not in known:
            self.styles = holder.holding(holder.held + own, count=str(len(known) + 1))
            known.append(own)
        return known.index(own)

    def _shows_date(self, number_format_id: int) -> bool:
        custom = {number.get("numFmtId"): number.get("formatCode") for number in elements(self.styles, "numFmt")}
        return number_format_id in _DATE_FORMATS or "y" in custom.get(str(number_format_id), "").lower()

    def _number_format(self, wanted: str) -> str:
        """The id of a custom number format, added where it is missing."""
        known = list(elements(self.styles, "numFmt"))
        there = next((number.get("numFmtId") for number in known if number.get("formatCode") == wanted), "")
        if there:
            return there
        number_format_id = max([_FIRST_CUSTOM - 1, *(int(number.get("numFmtId", "0")) for number in known)]) + 1
        holder, root = element(self.styles, "numFmts"), element(self.styles, "styleSheet")
        prefix = root.prefix if root is not None else ""
        added = f'<{prefix}numFmt numFmtId="{number_format_id}" formatCode={quoteattr(wanted)}/>'
        if holder is not None:
            self.styles = holder.holding(holder.held + added.encode(), count=str(len(known) + 1))
        elif root is not None:
            group = f'<{prefix}numFmts count="1">{added}</{prefix}numFmts>'
            self.styles = root.holding(group.encode() + root.held)
        return str(number_format_id)
