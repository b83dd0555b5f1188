"""Accountant Copy: the hand-off of the open workbook, beside its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capgain.addin.excel.ribbon.refresh import Tell
from capgain.engine.problems import CapgainError


class NotSaved(CapgainError):
    """The workbook is in no file yet, or the person did not want it saved."""


def accountant_copy(book: Any, tell: Tell) -> None:
    """Write the folder `<name> for accountant` beside the workbook, and its zip. Raises CapgainError."""
    from capgain.workbook.handoff.package import handoff

    path = saved_file(book)
    folder = path.with_name(f"{path.stem} for accountant")
    done = handoff(path, folder, progress=lambda what, _done, _of: tell(f"CapGain: {what}"))
    state = "READY TO FILE" if done.filing_ready else "NOT READY TO FILE: the Readme says why"
    missing = "".join(f"\n{form}" for form in done.missing_forms)
    book.app.alert(
        f"Wrote {folder} ({len(done.files)} files) and {done.zip_file.name}.\n{state}.{missing}", title="CapGain"
    )


def saved_file(book: Any) -> Path:
    """The workbook's file, saved after asking where it has changes. Raises NotSaved."""
    path = Path(book.fullname)
    if not path.suffix:
        raise NotSaved("Save the workbook first: the copy for the accountant is written beside it.")
    answered = book.app.alert(
        f"Save {book.name} now? The copy for the accountant is made from the saved file.",
        title="CapGain",
        buttons="ok_cancel",
    )
    if answered != "ok":
        raise NotSaved("Nothing was written.")
    book.save()
    return path
