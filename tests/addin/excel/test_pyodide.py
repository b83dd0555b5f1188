"""The functions inside Pyodide, as xlwings Lite runs them: the wheel for Lite alone, and installed as Lite installs.

Needs node, and a folder named by CAPGAIN_PYODIDE, made once with network:

    mkdir pyodide-check && cd pyodide-check
    npm install pyodide@314.0.7 pyodide-of-2025@npm:pyodide@0.27.7
    pip download --no-deps --only-binary=:all: --platform any --python-version 3.11 --implementation py --abi none \
        -d wheels xlwings==0.37.8 tzdata
    pip download --no-deps -d micropip micropip==0.7.2 packaging
    CAPGAIN_PYODIDE=$PWD pytest tests/addin/excel/test_pyodide.py

The second Pyodide is the last one whose micropip is on the package index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from capgain.addin.building.extension import MODULES, PACKAGES
from capgain.addin.excel.lite import offered
from command_line import PATIENCE

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FOLDER = Path(os.environ.get("CAPGAIN_PYODIDE", "none"))
NODE = shutil.which("node")

needs_pyodide = pytest.mark.skipif(
    not (NODE and (FOLDER / "node_modules" / "pyodide").is_dir() and any((FOLDER / "wheels").glob("xlwings*any.whl"))),
    reason="node, or a folder with Pyodide and xlwings' pure wheel named by CAPGAIN_PYODIDE, is missing",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel for Lite and what it needs."""
    folder = tmp_path_factory.mktemp("shelf")
    build = [sys.executable, "-m", "pip", "wheel", str(ROOT / "lite"), "--no-deps", "--quiet", "-w", str(folder)]
    subprocess.run(build, check=True, capture_output=True)
    for wheel in (FOLDER / "wheels").glob("*none-any.whl"):
        shutil.copy(wheel, folder)
    return folder


def ran(pyodide: str, *arguments: object) -> dict[str, Any]:
    """What the program finds inside."""
    folder = (FOLDER / "node_modules" / pyodide).resolve()
    command = [NODE, HERE / "pyodide_check.mjs", folder, HERE / "pyodide_program.py", *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["netting"] == [[-3000.0, 3000.0, 0.0, 0.0]]
    assert [name.upper() for name in found["names"]] == sorted(function.name for function in offered())
    assert found["net"] == "-2501.50"
    assert found["foreign"] == []
    return found


@needs_pyodide
def test_the_wheel_for_lite_computes_a_ledger_and_answers_as_lite_asks(shelf: Path) -> None:
    ran("pyodide", *shelf.iterdir())


@needs_pyodide
@pytest.mark.skipif(
    not (FOLDER / "node_modules" / "pyodide-of-2025").is_dir() or not any((FOLDER / "micropip").glob("micropip*.whl")),
    reason="the second Pyodide and micropip are not in the folder CAPGAIN_PYODIDE",
)
def test_micropip_installs_it_with_all_it_needs_from_an_index_that_has_nothing_else(shelf: Path) -> None:
    found = ran("pyodide-of-2025", "--index", shelf, "capgain-lite", *(FOLDER / "micropip").glob("*.whl"))
    assert {"capgain-lite", "tzdata", "xlwings"} <= set(found["installed"])
    assert not {"capgain", "pandas", "numpy"} & set(found["installed"])


def test_the_wheel_for_lite_has_what_the_libreoffice_extension_has_and_lites_own_module() -> None:
    project = tomllib.loads((ROOT / "lite" / "pyproject.toml").read_text(encoding="utf-8"))
    included = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].values())
    shared = {package for package in PACKAGES if package not in ("capgain.addin.libreoffice", "tzdata")}
    expected = {package.replace(".", "/") for package in shared}
    expected |= {f"{module.replace('.', '/')}.py" for module in (*MODULES, "capgain.addin.excel.lite")}
    assert included == expected
    main = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == main["project"]["version"]
