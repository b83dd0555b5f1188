"""The parts of an .xlsx file: which part is which sheet, its tables and styles; written back whole or not at all."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.whole_file import CannotWrite, write_whole

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(slots=True)
class BookParts:
    """The parts of a workbook by name; on saving, changed parts replace the old ones, all others stay byte for byte."""

    path: Path
    _archive: Mapping[str, bytes]
    _infos: list[zipfile.ZipInfo]
    changed: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> BookParts:
        """The workbook's parts.

        Raises:
            UnreadableImport: it is no workbook, or holds something that adding rows would break.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
                parts = {info.filename: archive.read(info) for info in infos}
        except (OSError, zipfile.BadZipFile) as trouble:
            raise UnreadableImport(f"{path.name} cannot be opened as a workbook: {trouble}.") from trouble
        if any(name.startswith("_xmlsignatures/") for name in parts):
            raise UnreadableImport(
                f"{path.name} is digitally signed; a change would break the signature. Work on a copy."
            )
        if "xl/workbook.xml" not in parts:
            raise UnreadableImport(f"{path.name} is no .xlsx workbook.")
        return cls(path, parts, infos)

    def part(self, name: str) -> bytes:
        return self.changed.get(name, self._archive.get(name, b""))

    def has(self, name: str) -> bool:
        return name in self.changed or name in self._archive

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """(id, type's last word, target part) of a part's relations."""
        place = PurePosixPath(part)
        content = self.part(str(place.parent / "_rels" / f"{place.name}.rels"))
        if not content:
            return []
        found = []
        for relation in ElementTree.fromstring(content).findall(f"{{{_RELATIONS}}}Relationship"):
            target = relation.get("Target", "")
            full = (
                target.lstrip("/")
                if target.startswith("/")
                else os.path.normpath(str(place.parent / target)).replace("\\", "/")
            )
            found.append((relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], full))
        return found

    def sheet_part(self, sheet: str) -> str:
        """The part of a worksheet by its name on the tab, "" when there is none."""
        targets = {identity: target for identity, _, target in self.relations("xl/workbook.xml")}
        for element in ElementTree.fromstring(self.part("xl/workbook.xml")).iter():
            if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
                return targets.get(element.get(f"{{{_OFFICE}}}id", ""), "")
        return ""

    @property
    def date_1904(self) -> bool:
        found = re.search(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"', self.part("xl/workbook.xml"))
        return found is not None

    def tables_of(self, sheet_part: str) -> list[str]:
        return [target for _, kind, target in self.relations(sheet_part) if kind == "table"]

    def recalculate_on_opening(self) -> None:
        """Formulas elsewhere may depend on the ledger; their stored values are stale until Excel works them out."""
        if not self.has("xl/calcChain.xml") and not any(
            b"<f" in self.part(name) for name in self._archive if name.startswith("xl/worksheets/sheet")
        ):
            return
        book = self.part("xl/workbook.xml")
        found = re.search(rb"<((?:\w+:)?)calcPr\b[^>]*?/?>", book)
        if found is None:
            for tag in (b"definedNames", b"externalReferences", b"sheets"):
                after = re.search(rb"</((?:\w+:)?)" + tag + rb">", book)
                if after is not None:
                    added = b"<" + after[1] + b'calcPr fullCalcOnLoad="1"/>'
                    self.changed["xl/workbook.xml"] = book[: after.end()] + added + book[after.end() :]
                    return
            return
        element = re.sub(rb'\sfullCalcOnLoad="[^"]*"', b"", found[0])
        element = element.replace(b"calcPr", b'calcPr fullCalcOnLoad="1"', 1)
        self.changed["xl/workbook.xml"] = book[: found.start()] + element + book[found.end() :]

    def extend_print_area(self, sheet: str, old_last: int, last: int) -> None:
        """A print area that ended with the ledger ends with it again; any other stays as the user set it."""
        book = self.part("xl/workbook.xml")
        names = [
            element.get("name") for element in ElementTree.fromstring(book).iter() if element.tag.endswith("}sheet")
        ]
        for match in re.finditer(rb"<(?:\w+:)?definedName\b[^>]*>([^<]*)</(?:\w+:)?definedName>", book):
            index = re.search(rb'\blocalSheetId="(\d+)"', match[0])
            area = re.search(rb"(:\$?[A-Z]+\$?)(\d+)$", match[1])
            if b'"_xlnm.Print_Area"' in match[0] and index and names[int(index[1])] == sheet and area:
                if int(area[2]) == old_last:
                    at = match.start(1) + area.start(2)
                    self.changed["xl/workbook.xml"] = book[:at] + b"%d" % last + book[match.end(1) :]
                return

    def date_style(self, base: int, number_format: str) -> int:
        """A cell format like `base` but with this number format; appended to the workbook's formats where missing."""
        styles = self.part("xl/styles.xml")
        formats = re.search(rb"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
        if formats is None:
            return base
        prefix = formats[1]
        xfs = re.findall(rb"<(?:\w+:)?xf\b[^>]*?/>|<(?:\w+:)?xf\b.*?</(?:\w+:)?xf>", formats[2], re.DOTALL)
        if base < len(xfs) and self._shows_date(xfs[base]):
            return base
        code, styles = self._number_format(styles, number_format)
        own = xfs[base] if base < len(xfs) else b"<" + prefix + b'xf fontId="0" fillId="0" borderId="0" xfId="0"/>'
        own = re.sub(rb'\s(?:numFmtId|applyNumberFormat|quotePrefix)="[^"]*"', b"", own)
        own = re.sub(rb"^(<(?:\w+:)?xf\b)", rb'\1 numFmtId="' + code + rb'" applyNumberFormat="1"', own)
        return self._cell_format(styles, xfs, prefix, own)

    def wrapped_style(self) -> int:
        """A cell format for text over several lines."""
        styles = self.part("xl/styles.xml")
        formats = re.search(rb"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
        if formats is None:
            return 0
        prefix = formats[1]
        xfs = re.findall(rb"<(?:\w+:)?xf\b[^>]*?/>|<(?:\w+:)?xf\b.*?</(?:\w+:)?xf>", formats[2], re.DOTALL)
        own = (
            b'<%sxf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
            b'<%salignment vertical="top" wrapText="1"/></%sxf>' % (prefix, prefix, prefix)
        )
        return self._cell_format(styles, xfs, prefix, own)

    def _cell_format(self, styles: bytes, xfs: list[bytes], prefix: bytes, own: bytes) -> int:
        """The index of a cell format, appended to `styles` where it is not there yet."""
        if own in xfs:
            return xfs.index(own)
        start = re.search(rb"<(?:\w+:)?cellXfs\b[^>]*>", styles)
        assert start is not None
        counted = re.sub(rb'count="\d+"', b'count="%d"' % (len(xfs) + 1), start[0])
        styles = styles[: start.start()] + counted + styles[start.end() :]
        end = styles.index(b"</" + prefix + b"cellXfs>")
        self.changed["xl/styles.xml"] = styles[:end] + own + styles[end:]
        return len(xfs)

    def _shows_date(self, xf: bytes) -> bool:
        found = re.search(rb'\bnumFmtId="(\d+)"', xf)
        code = int(found[1]) if found else 0
        if 14 <= code <= 22:
            return True
        custom = re.search(rb'<(?:\w+:)?numFmt\b[^>]*\bnumFmtId="%d"[^>]*>' % code, self.part("xl/styles.xml"))
        form = re.search(rb'\bformatCode="([^"]*)"', custom[0]) if custom else None
        return form is not None and re.search(rb"[yY]", form[1]) is not None

    def _number_format(self, styles: bytes, number_format: str) -> tuple[bytes, bytes]:
        """The id of a custom number format, and the styles with it added where it was missing."""
        escaped = quoteattr(number_format).encode()
        for match in re.finditer(rb"<(?:\w+:)?numFmt\b[^>]*>", styles):
            if b"formatCode=" + escaped in match[0]:
                found = re.search(rb'\bnumFmtId="(\d+)"', match[0])
                if found:
                    return found[1], styles
        ids = [int(code) for code in re.findall(rb'<(?:\w+:)?numFmt\b[^>]*\bnumFmtId="(\d+)"', styles)]
        code = b"%d" % (max([163, *ids]) + 1)
        styles = re.sub(rb"<(?:\w+:)?numFmts\b[^>]*/>", b"", styles)
        holder = re.search(rb"<((?:\w+:)?)numFmts\b[^>]*>", styles)
        if holder is not None:
            counted = re.sub(rb'count="\d+"', b'count="%d"' % (len(ids) + 1), holder[0])
            added = b'<%snumFmt numFmtId="%s" formatCode=%s/>' % (holder[1], code, escaped)
            if counted.endswith(b"/>"):
                # openpyxl saves the list empty where it has no format of its own.
                added = counted[:-2].rstrip() + b">" + added + b"</" + holder[1] + b"numFmts>"
            else:
                added = counted + added
            return code, styles[: holder.start()] + added + styles[holder.end() :]
        root = re.search(rb"<((?:\w+:)?)styleSheet\b[^>]*>", styles)
        assert root is not None
        prefix = root[1]
        added = b'<%snumFmts count="1"><%snumFmt numFmtId="%s" formatCode=%s/></%snumFmts>' % (
            prefix,
            prefix,
            code,
            escaped,
            prefix,
        )
        return code, styles[: root.end()] + added + styles[root.end() :]

    def add_sheet(self, name: str, content: bytes) -> None:
        """Add a worksheet at the end, or replace the content of the one that has the name."""
        existing = self.sheet_part(name)
        if existing:
            self.changed[existing] = content
            return
        number = 1
        while self.has(f"xl/worksheets/sheet{number}.xml"):
            number += 1
        part = f"xl/worksheets/sheet{number}.xml"
        self.changed[part] = content
        self._insert("[Content_Types].xml", b"Types", f'<{{}}Override PartName="/{part}" ContentType="{_SHEET_TYPE}"/>')
        identities = {identity for identity, _, _ in self.relations("xl/workbook.xml")}
        identity = next(candidate for n in range(1, 100_000) if (candidate := f"rId{n}") not in identities)
        self._insert(
            "xl/_rels/workbook.xml.rels",
            b"Relationships",
            f'<{{}}Relationship Id="{identity}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>',
        )
        book = self.part("xl/workbook.xml")
        ids = [int(found) for found in re.findall(rb'\bsheetId="(\d+)"', book)]
        bound = re.search(rb'xmlns:(\w+)="' + re.escape(_OFFICE.encode()) + rb'"', book)
        reference = f"{bound[1].decode()}:id" if bound else "r:id"
        declared = "" if bound else f' xmlns:r="{_OFFICE}"'
        self._insert(
            "xl/workbook.xml",
            b"sheets",
            f'<{{}}sheet name={quoteattr(name)} sheetId="{max(ids, default=0) + 1}"{declared}'
            f' {reference}="{identity}"/>',
        )

    def _insert(self, part: str, holder: bytes, element: str) -> None:
        """Put an element at the end of the one named `holder`, with that one's own prefix."""
        content = self.part(part)
        found = re.search(rb"</((?:\w+:)?)" + holder + rb">", content)
        if found is None:
            raise UnreadableImport(f"{self.path.name}: {part} is damaged.")
        added = element.format(found[1].decode()).encode()
        self.changed[part] = content[: found.start()] + added + content[found.start() :]

    def save(self, target: Path) -> None:
        """Write the workbook to `target`, whole or not at all; only the workbook itself may be there already.

        Raises:
            OutputExists: something else is.
            CannotWrite: the system refuses, or the file is open in another program.
        """
        lock = target.with_name(f"~${target.name}")
        if lock.exists():
            raise CannotWrite(f"{target.name} is open in Excel. Close it there and import again.")
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for info in self._infos:
                archive.writestr(info, self.part(info.filename), compress_type=info.compress_type)
            for part, content in self.changed.items():
                if part not in self._archive:
                    archive.writestr(part, content)
        write_whole(target, written.getvalue(), overwrite=target.resolve() == self.path.resolve())
