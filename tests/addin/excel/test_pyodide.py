"""The built wheel inside Pyodide, offline: the engine and the xlwings functions, as xlwings Lite runs them.

Needs node, and a folder named by CAPGAIN_PYODIDE, made once with network:

    mkdir pyodide-check && cd pyodide-check
    npm install pyodide
    pip download --no-deps --only-binary=:all: --platform any --python-version 3.11 --implementation py --abi none \
        -d wheels xlwings==0.37.8 tzdata
    CAPGAIN_PYODIDE=$PWD pytest tests/addin/excel/test_pyodide.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from capgain.addin.excel.lite import offered

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FOLDER = Path(os.environ.get("CAPGAIN_PYODIDE", "none"))
NODE = shutil.which("node")


@pytest.mark.skipif(
    not (NODE and (FOLDER / "node_modules" / "pyodide").is_dir() and any((FOLDER / "wheels").glob("xlwings*any.whl"))),
    reason="node, or a folder with Pyodide and xlwings' pure wheel named by CAPGAIN_PYODIDE, is missing",
)
def test_the_built_wheel_computes_the_demo_and_answers_as_lite_asks(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--quiet", "-w", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)
    wheels = [*tmp_path.glob("capgain*.whl"), *(FOLDER / "wheels").glob("*none-any.whl")]
    command = [
        str(NODE),
        str(HERE / "pyodide_check.mjs"),
        str((FOLDER / "node_modules" / "pyodide").resolve()),
        str(HERE / "pyodide_program.py"),
        *map(str, wheels),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["netting"] == [[-3000.0, 3000.0, 0.0, 0.0]]
    assert [name.upper() for name in found["names"]] == sorted(function.name for function in offered())
    assert float(found["net"])
    assert found["pandas"] is False
