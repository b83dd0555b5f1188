"""Compiles the innermost modules of the engine and of reading with mypyc while a wheel is built, where it is asked for:

    HATCH_BUILD_HOOK_ENABLE_CUSTOM=1 python -m build --wheel

The wheel then holds each of the modules twice, as source and as extension module, which Python prefers; the results are
the same. It needs a C compiler, and fits one version of Python on one system.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOTS = ("engine", "workbook", "addin")


class CompiledModules(BuildHookInterface[Any]):
    """Adds the extension modules of `modules` in this hook's configuration, below `capgain`, to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._work = Path(tempfile.mkdtemp(prefix="capgain-compiled-"))
        copy = self._work / "roots"
        ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
        for root in ROOTS:
            shutil.copytree(Path(self.root) / root, copy, ignore=ignored, dirs_exist_ok=True)
        asked = [copy / "capgain" / module for module in self.config["modules"]]
        sources = [file for path in asked for file in ([path] if path.is_file() else sorted(path.glob("*.py")))]
        names = [str(file.relative_to(copy)) for file in sources if file.name != "__init__.py"]
        command = [sys.executable, "-m", "mypyc", "--explicit-package-bases", "--namespace-packages", *names]
        subprocess.run(command, cwd=copy, check=True)
        made = [file for kind in ("*.so", "*.pyd") for file in copy.rglob(kind) if "build" not in file.parts]
        if len(made) < len(names):
            raise RuntimeError(f"{len(names)} modules were to be compiled and {len(made)} were.")
        build_data["force_include"] |= {str(file): file.relative_to(copy).as_posix() for file in made}
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        shutil.rmtree(self._work, ignore_errors=True)
