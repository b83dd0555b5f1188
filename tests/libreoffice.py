"""LibreOffice without a screen, made reliable: a fresh profile each time, a clean PATH, a second and third try.

`recalculated` opens a workbook, computes every formula anew whatever is cached, and gives the values back; `to_pdf`
prints it; `pages_to_png` makes pictures of a PDF. Tests that need it carry the mark `needs_libreoffice`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

SOFFICE = (
    None if os.environ.get("CAPGAIN_WITHOUT_LIBREOFFICE") else shutil.which("soffice") or shutil.which("libreoffice")
)
TRIES = 3
LONGEST = 900
"""seconds for one conversion"""

needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
needs_pdftoppm = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler) is not installed")

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse">
<value>false</value></prop></item>
</oor:items>
"""
"""What a profile says so that cached values never hide a formula that is wrong."""


class ConversionFailed(AssertionError):
    """LibreOffice made no file, after all tries."""


def clean_environment() -> dict[str, str]:
    """An environment without a virtual environment: one first on PATH breaks LibreOffice's own Python."""
    dropped = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PATH": "/usr/local/bin:/usr/bin:/bin", "SAL_USE_VCLPLUGIN": "svp"}


def new_profile(folder: Path) -> Path:
    """A user profile in `folder` that recalculates on load."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    return profile


def convert(source: Path, kind: str, folder: Path) -> Path:
    """`source` converted to `kind` (`pdf`, `xlsx:Calc MS Excel 2007 XML`, `csv` ...) inside `folder`."""
    return convert_all((source,), kind, folder)[0]


def convert_all(sources: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """Several files in one go, which saves starting LibreOffice for each; their names must differ."""
    assert SOFFICE is not None
    made = [folder / f"{source.stem}.{kind.partition(':')[0]}" for source in sources]
    said = ""
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory(prefix="capgain-lo-") as name:
            profile = new_profile(Path(name))
            command = [
                SOFFICE,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--invisible",
                "--norestore",
                "--nologo",
                "--nofirststartwizard",
                "--convert-to",
                kind,
                "--outdir",
                str(folder),
                *map(str, sources),
            ]
            try:
                run = subprocess.run(
                    command, env=clean_environment(), capture_output=True, text=True, timeout=LONGEST, check=False
                )
            except subprocess.TimeoutExpired:
                said = f"no answer within {LONGEST} s"
                continue
            if all(path.exists() for path in made):
                return made
            said = (run.stderr or run.stdout).strip()
    names = ", ".join(source.name for source in sources)
    raise ConversionFailed(f"LibreOffice did not turn {names} into {kind}: {said}")


def recalculated(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Every non-empty cell's value by sheet and address, after LibreOffice computed all formulas anew."""
    return recalculated_all((path,))[0]


def recalculated_all(paths: Sequence[Path]) -> list[Mapping[str, Mapping[str, Any]]]:
    """As `recalculated`, several workbooks in one go."""
    with tempfile.TemporaryDirectory(prefix="capgain-recalculated-") as name:
        return [values(made) for made in convert_all(paths, "xlsx:Calc MS Excel 2007 XML", Path(name))]


def values(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Every non-empty cell's cached value by sheet and address."""
    book = openpyxl.load_workbook(path, data_only=True)
    found = {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in book
    }
    book.close()
    return found


def formulas(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Every formula by sheet and address."""
    book = openpyxl.load_workbook(path)
    found = {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
        for sheet in book
    }
    book.close()
    return found


def to_pdf(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice prints it, in `folder`."""
    return convert(path, "pdf", folder)


def pages_to_png(pdf: Path, folder: Path, *, dpi: int = 70) -> list[Path]:
    """One picture a page, in order."""
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(folder / "page")], check=True)
    return sorted(folder.glob("page*.png"))
