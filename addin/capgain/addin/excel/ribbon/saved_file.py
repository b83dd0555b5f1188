"""The file of the open workbook, for buttons that work on files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlwings import XlwingsError

from capgain.engine.problems import CapgainError

IN_THE_CLOUD = (
    "The workbook lies on OneDrive or SharePoint, and its folder on this computer is not known. Save a copy into a "
    "folder of this computer (File, Save a Copy), open that and click again."
)


class NotSaved(CapgainError):
    """The workbook is in no file yet, or the person did not want it saved."""


def saved_file(book: Any, reason: str) -> Path:
    """The workbook's file, saved after asking; `reason` is a sentence that says why. Raises NotSaved."""
    try:
        path = Path(book.fullname)
    except XlwingsError:
        raise NotSaved(IN_THE_CLOUD) from None
    if "://" in str(book.fullname):
        raise NotSaved(IN_THE_CLOUD)
    if not path.suffix:
        raise NotSaved(f"Save the workbook first. {reason}")
    answered = book.app.alert(f"Save {book.name} now? {reason}", title="CapGain", buttons="ok_cancel")
    if answered != "ok":
        raise NotSaved("Nothing was written.")
    book.save()
    return path
