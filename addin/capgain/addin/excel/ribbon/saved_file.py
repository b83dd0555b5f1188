"""The file of the open workbook, for buttons that work on files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capgain.engine.problems import CapgainError


class NotSaved(CapgainError):
    """The workbook is in no file yet, or the person did not want it saved."""


def saved_file(book: Any, reason: str) -> Path:
    """The workbook's file, saved after asking; `reason` is a sentence that says why. Raises NotSaved."""
    path = Path(book.fullname)
    if not path.suffix:
        raise NotSaved(f"Save the workbook first. {reason}")
    answered = book.app.alert(f"Save {book.name} now? {reason}", title="CapGain", buttons="ok_cancel")
    if answered != "ok":
        raise NotSaved("Nothing was written.")
    book.save()
    return path
