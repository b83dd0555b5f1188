"""Accountant Copy: the hand-off of the open workbook, beside its file."""

from __future__ import annotations

from typing import Any

from capgain.addin.excel.ribbon.refresh import Tell
from capgain.addin.excel.ribbon.saved_file import saved_file


def accountant_copy(book: Any, tell: Tell) -> None:
    """Write the folder `<name> for accountant` beside the workbook, and its zip. Raises CapgainError."""
    from capgain.workbook.handoff.package import handoff

    path = saved_file(book, "The copy for the accountant is made from the saved file and stands beside it.")
    folder = path.with_name(f"{path.stem} for accountant")
    done = handoff(path, folder, progress=lambda what, _done, _of: tell(f"CapGain: {what}"))
    state = "READY TO FILE" if done.filing_ready else "NOT READY TO FILE: the Readme says why"
    missing = "".join(f"\n{form}" for form in done.missing_forms)
    book.app.alert(
        f"Wrote {folder} ({len(done.files)} files) and {done.zip_file.name}.\n{state}.{missing}", title="CapGain"
    )
