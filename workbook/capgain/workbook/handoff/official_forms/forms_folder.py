"""The user's downloaded IRS forms: recognised by title and fields, kept in a folder, refused by name when unfit."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pypdf import PdfReader

from capgain.engine.problems import CapgainError
from capgain.workbook.handoff.official_forms.blank_form import Template, UnreadablePdf, layout_fault
from capgain.workbook.handoff.official_forms.form_fields import FormName, form_fields, years_with_fields
from capgain.workbook.one_at_a_time import alone_with
from capgain.workbook.whole_file import write_whole
from capgain.workbook.xlsx.unreadable import UnreadableFile, read_bytes

_TITLE = re.compile(r"(20\d\d) (Form 8949|Schedule D) ?(?:\(Form 1040\))?")
_IRS_FILE = {"Schedule D": "f1040sd", "Form 8949": "f8949"}


class UnusableForm(CapgainError):
    """A PDF that is not an official form this version can fill; the message names it and says what to do."""


class MissingForm(CapgainError):
    """The official form of a year is not in the folder; the message says where to get it."""


@dataclass(frozen=True, slots=True)
class OfficialForm:
    """A recognised file: which form of which tax year it is."""

    form: FormName
    year: int
    path: Path
    sha256: str

    @property
    def irs_file_name(self) -> str:
        return irs_file_name(self.form, self.year)


@dataclass(frozen=True, slots=True)
class AddedForms:
    """What `capgain forms add` did: files taken in, why others were not, and what a killed run had left."""

    folder: Path
    added: tuple[OfficialForm, ...]
    refused: tuple[str, ...]
    told: tuple[str, ...]


def irs_file_name(form: FormName, year: int) -> str:
    """The name under which irs.gov keeps the form of a past year."""
    return f"{_IRS_FILE[form]}--{year}.pdf"


def public_address(form: FormName, year: int) -> str:
    """Where irs.gov keeps the form of `year`."""
    return f"https://www.irs.gov/pub/irs-prior/{irs_file_name(form, year)}"


def where_to_get(form: FormName, year: int) -> str:
    """One sentence: where the form of `year` is found."""
    return (
        f"Download it from irs.gov (Forms & instructions, Prior year forms: {public_address(form, year)}) and run: "
        "capgain forms add FILE"
    )


def user_forms_folder() -> Path:
    """Where `capgain forms add` keeps this user's forms."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return base / "CapGain" / "forms"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "CapGain" / "forms"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "capgain" / "forms"


def recognise(path: Path) -> OfficialForm:
    """Which official form `path` is, by its title and by every one of its fields and where they stand; not by name.

    Raises:
        UnusableForm: not a PDF, not one of the two forms, a year without field data, or a form with other fields.
    """
    try:
        content = read_bytes(path)
    except UnreadableFile as error:
        raise UnusableForm(str(error)) from error
    try:
        title = _title(path)
        template = Template.read(path)
    except UnreadablePdf as error:
        raise UnusableForm(
            f"{path.name} is not a fillable PDF: {error} Download the form again from irs.gov."
        ) from error
    found = _TITLE.fullmatch(title.strip())
    if found is None:
        raise UnusableForm(
            f"{path.name} is not an IRS Schedule D (Form 1040) or Form 8949: its title is {title!r}. "
            "Add the file exactly as irs.gov gives it."
        )
    year = int(found[1])
    form: FormName = "Form 8949" if found[2] == "Form 8949" else "Schedule D"
    if year not in years_with_fields():
        known = years_with_fields()
        raise UnusableForm(
            f"{path.name} is {form} of {year}; this version fills the forms of {known[0]} to {known[-1]} only."
        )
    fault = layout_fault(template, form, form_fields(year))
    if fault:
        raise UnusableForm(
            f"{path.name} is titled {form} {year} but {fault}. The form was changed and is not filled: "
            f"a figure might land in the wrong box. {where_to_get(form, year)}"
        )
    return OfficialForm(form, year, path, sha256(content).hexdigest())


def add_forms(paths: Iterable[Path], folder: Path | None = None) -> AddedForms:
    """Copy recognised forms into `folder` (None: the user's own) under the IRS's names, each whole or not at all."""
    target = folder or user_forms_folder()
    added: list[OfficialForm] = []
    refused: list[str] = []
    told: list[str] = []
    for path in paths:
        try:
            official = recognise(path)
        except UnusableForm as error:
            refused.append(str(error))
            continue
        target.mkdir(parents=True, exist_ok=True)
        place = target / official.irs_file_name
        with alone_with(place) as found:
            write_whole(place, path.read_bytes(), overwrite=True)
        told += found
        added.append(OfficialForm(official.form, official.year, place, official.sha256))
    return AddedForms(target, tuple(added), tuple(refused), tuple(told))


@dataclass(frozen=True, slots=True)
class FormsFolder:
    """The forms of one folder, and why its other PDFs are of no use. `closed` says why it cannot be looked into."""

    path: Path
    forms: tuple[OfficialForm, ...]
    refused: tuple[str, ...]
    closed: str = ""

    @classmethod
    def read(cls, path: Path | None = None) -> FormsFolder:
        """Every PDF directly in `path` (the user's own folder when None); an absent folder holds nothing."""
        folder = path or user_forms_folder()
        forms: list[OfficialForm] = []
        refused: list[str] = []
        try:
            found = _pdfs(folder)
        except OSError as refusal:
            return cls(folder, (), (), f"{folder} cannot be looked into: {refusal.strerror or refusal}.")
        for file in found:
            try:
                forms.append(recognise(file))
            except UnusableForm as error:
                refused.append(str(error))
        return cls(folder, tuple(forms), tuple(refused))

    def find(self, form: FormName, year: int) -> OfficialForm:
        """The official form of `year`.

        Raises:
            MissingForm: it is not there; says so by name, what was found unfit under that name, and where to get it.
        """
        for official in self.forms:
            if (official.form, official.year) == (form, year):
                return official
        if year not in years_with_fields():
            known = years_with_fields()
            raise MissingForm(
                f"{form} {year} cannot be filled by this version (it knows the forms of {known[0]} to {known[-1]})."
            )
        unfit = [reason for reason in self.refused if f"{form} {year}" in reason or f"{form} of {year}" in reason]
        if unfit:
            raise MissingForm(unfit[0])
        if self.closed:
            raise MissingForm(f"The official {form} of {year} is not at hand: {self.closed} Check its permissions.")
        raise MissingForm(f"The official {form} of {year} is not in the folder of forms. {where_to_get(form, year)}")


@contextmanager
def filled_from(official: OfficialForm) -> Iterator[None]:
    """The work of filling a form and reading it again, which a file that is damaged within, or gone by now, ends.

    Raises MissingForm, naming the file and where to get the form.
    """
    try:
        yield
    except UnreadablePdf as error:
        raise MissingForm(_unfit(official, str(error))) from error
    except (CapgainError, MemoryError):
        raise
    except Exception as error:  # pypdf meets damaged files with errors of every kind, and looks into them late
        raise MissingForm(_unfit(official, "it is damaged.")) from error


def _unfit(official: OfficialForm, why: str) -> str:
    return (
        f"{official.path.name}, the official {official.form} of {official.year}, cannot be filled: {why} "
        f"{where_to_get(official.form, official.year)}"
    )


def _pdfs(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        return ()
    return sorted(file for file in folder.iterdir() if file.suffix.lower() == ".pdf" and file.is_file())


def _title(path: Path) -> str:
    try:
        information = PdfReader(path).metadata
        title = information.title if information else None
    except Exception as error:  # pypdf meets damaged files with errors of every kind
        raise UnreadablePdf("it cannot be opened.") from error
    return title if isinstance(title, str) else ""
