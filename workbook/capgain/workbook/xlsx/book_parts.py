"""An .xlsx file whose parts are changed: rows, formats and sheets added, all other parts byte for byte as they were."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import quoteattr

from capgain.workbook.file_names import place_of
from capgain.workbook.whole_file import CannotWrite, write_whole
from capgain.workbook.xlsx.cell_formats import CellFormats
from capgain.workbook.xlsx.elements import element, elements
from capgain.workbook.xlsx.package_parts import PackageParts, read_parts, relations
from capgain.workbook.xlsx.package_size import opened_package
from capgain.workbook.xlsx.unreadable import CannotEdit, UnreadableFile

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK, _STYLES, _TYPES, _RELATIONS = (
    "xl/workbook.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
)
_LAST_ROW = re.compile(rb":\$?[A-Z]+\$?(\d+)$")
_LEVEL = 5
"""How hard parts are packed: half the time of the usual 6, for files that are 2% larger."""


@dataclass(slots=True)
class BookParts:
    """The parts of a workbook by name; on saving, changed parts replace the old ones."""

    path: Path
    sha256: str
    _archive: Mapping[str, bytes]
    _infos: list[zipfile.ZipInfo]
    changed: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> BookParts:
        """The workbook's parts.

        Raises:
            CannotEdit: it is no workbook, or holds something that adding rows would break.
        """
        try:
            data = path.read_bytes()
            with opened_package(path, data) as archive:
                infos = archive.infolist()
                parts = {info.filename: archive.read(info) for info in infos}
        except (OSError, UnreadableFile, zipfile.BadZipFile) as trouble:
            raise CannotEdit(f"{path.name} cannot be opened as a workbook: {trouble}.") from trouble
        if any(name.startswith("_xmlsignatures/") for name in parts):
            raise CannotEdit(f"{path.name} is digitally signed; a change would break the signature. Work on a copy.")
        if _BOOK not in parts:
            raise CannotEdit(f"{path.name} is no .xlsx workbook.")
        return cls(path, sha256(data).hexdigest(), parts, infos)

    def read(self, name: str, /) -> bytes:
        """A part as it stands now. Raises KeyError."""
        return self.changed[name] if name in self.changed else self._archive[name]

    @property
    def about(self) -> PackageParts:
        """What the parts say of sheets, tables and print areas now."""
        return read_parts(self)

    def recalculate_on_opening(self) -> None:
        """Formulas elsewhere may depend on the ledger; their stored values are stale until Excel works them out."""
        sheets = (content for name, content in self._archive.items() if name.startswith("xl/worksheets/sheet"))
        if "xl/calcChain.xml" not in self._archive and not any(b"<f" in content for content in sheets):
            return
        book = self.read(_BOOK)
        found = element(book, "calcPr")
        if found is not None:
            self.changed[_BOOK] = found.changed(fullCalcOnLoad="1")
            return
        for name in ("definedNames", "externalReferences", "sheets"):
            after = element(book, name)
            if after is not None:
                added = f'<{after.prefix}calcPr fullCalcOnLoad="1"/>'.encode()
                self.changed[_BOOK] = book[: after.ends[1]] + added + book[after.ends[1] :]
                return

    def extend_print_area(self, sheet: str, old_last: int, last: int) -> None:
        """A print area that ended with the ledger ends with it again; any other stays as the user set it."""
        place = str(list(self.about.states).index(sheet))
        for name in elements(self.read(_BOOK), "definedName"):
            if name.get("name") == "_xlnm.Print_Area" and name.get("localSheetId") == place:
                row = _LAST_ROW.search(name.held)
                if row is not None and int(row[1]) == old_last:
                    self.changed[_BOOK] = name.holding(name.held[: row.start(1)] + b"%d" % last)
                return

    def date_style(self, base: int, number_format: str) -> int:
        """A cell format like `base` that shows a date, with this number format unless `base` has one of its own."""
        formats = CellFormats(self.read(_STYLES))
        found = formats.date(base, number_format)
        self.changed[_STYLES] = formats.styles
        return found

    def wrapped_style(self) -> int:
        """A cell format for text over several lines."""
        formats = CellFormats(self.read(_STYLES))
        found = formats.wrapped()
        self.changed[_STYLES] = formats.styles
        return found

    def add_sheet(self, name: str, content: bytes) -> None:
        """Add a worksheet at the end, or replace the content of the one that has the name."""
        existing = self.about.sheets.get(name)
        if existing:
            self.changed[existing] = content
            return
        number = 1
        while f"xl/worksheets/sheet{number}.xml" in {*self._archive, *self.changed}:
            number += 1
        part = f"xl/worksheets/sheet{number}.xml"
        self.changed[part] = content
        self._insert(_TYPES, "Types", f'<{{}}Override PartName="/{part}" ContentType="{_SHEET_TYPE}"/>')
        known = relations(self, _BOOK)
        identity = next(candidate for n in range(1, len(known) + 2) if (candidate := f"rId{n}") not in known)
        target = f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"'
        self._insert(_RELATIONS, "Relationships", f'<{{}}Relationship Id="{identity}" {target}/>')
        book = self.read(_BOOK)
        ids = [int(sheet.get("sheetId", "0")) for sheet in elements(book, "sheet")]
        root = element(book, "workbook")
        bound = {} if root is None else {uri: key for key, uri in root.attributes.items() if key.startswith("xmlns:")}
        declared = "" if _OFFICE in bound else f' xmlns:r="{_OFFICE}"'
        key = f"{bound.get(_OFFICE, 'xmlns:r').removeprefix('xmlns:')}:id"
        sheet = f'name={quoteattr(name)} sheetId="{max(ids, default=0) + 1}"{declared} {key}="{identity}"'
        self._insert(_BOOK, "sheets", f"<{{}}sheet {sheet}/>")

    def _insert(self, part: str, holder: str, added: str) -> None:
        """Put an element at the end of the one named `holder`, with that one's own prefix for {}."""
        found = element(self.read(part), holder)
        if found is None:
            raise CannotEdit(f"{self.path.name}: {part} is damaged.")
        self.changed[part] = found.holding(found.held + added.replace("{}", found.prefix).encode())

    def save(self, target: Path, *, around: Callable[[bytes], AbstractContextManager[None]] | None = None) -> None:
        """Write the workbook to `target`, whole or not at all; only the workbook itself may be there already.

        `around`, given the content, is entered when all is ready, and left when the workbook is written or is not.

        Raises:
            OutputExists: something else is.
            CannotWrite: the system refuses, or the file is open in another program.
        """
        for lock, program in ((f"~${target.name}", "Excel"), (f".~lock.{target.name}#", "LibreOffice")):
            if target.with_name(lock).exists():
                raise CannotWrite(f"{target.name} is open in {program}. Close it there and import again.")
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            for info in self._infos:
                content = self.read(info.filename)
                archive.writestr(info, content, compress_type=info.compress_type, compresslevel=_LEVEL)
            for part, content in self.changed.items():
                if part not in self._archive:
                    archive.writestr(part, content)
        is_own = place_of(target) == place_of(self.path)
        if is_own and sha256(target.read_bytes()).hexdigest() != self.sha256:
            raise CannotWrite(
                f"{target.name} was changed by another program meanwhile. Nothing was written: import again."
            )
        content = written.getvalue()
        with nullcontext() if around is None else around(content):
            write_whole(target, content, overwrite=is_own)
