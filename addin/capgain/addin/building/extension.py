"""`capgain.oxt`: the extension file with the interface, the component and the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from capgain.addin.building.calc_interface import idl, method, xcu
from capgain.addin.building.calc_menu import addons
from capgain.addin.building.packed import packed
from capgain.addin.functions.registry import FUNCTIONS

FILE_NAME = "capgain.oxt"
IDENTIFIER = "org.capgain.calc"

PACKAGES = (
    "capgain.engine",
    "capgain.workbook.reading",
    "capgain.workbook.written",
    "capgain.addin.functions",
    "capgain.addin.libreoffice",
    "tzdata",
)
MODULES = ("capgain.workbook.xlsx.unreadable",)
"""The packages and single modules that the functions need, all plain Python."""

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
 <manifest:file-entry manifest:full-path="capgain.idl"
  manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
 <manifest:file-entry manifest:full-path="capgain_calc.py"
  manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
 <manifest:file-entry manifest:full-path="CalcAddIn.xcu"
  manifest:media-type="application/vnd.sun.star.configuration-data"/>
 <manifest:file-entry manifest:full-path="Addons.xcu"
  manifest:media-type="application/vnd.sun.star.configuration-data"/>
 <manifest:file-entry manifest:full-path="Jobs.xcu"
  manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""

_JOBS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 oor:name="Jobs" oor:package="org.openoffice.Office">
 <node oor:name="Jobs">
  <node oor:name="CapGainRelink" oor:op="replace">
   <prop oor:name="Service"><value>org.capgain.calc.CapGainRelink</value></prop>
  </node>
 </node>
 <node oor:name="Events">
  <node oor:name="OnLoadFinished" oor:op="fuse">
   <node oor:name="JobList">
    <node oor:name="CapGainRelink" oor:op="replace"/>
   </node>
  </node>
 </node>
</oor:component-data>
"""

_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006">
 <identifier value="{identifier}"/>
 <version value="{version}"/>
 <display-name><name lang="en">CapGain: US capital gains in the cell</name></display-name>
</description>
"""


def extension(interpreter: str = "") -> bytes:
    """The extension file; the same bytes for the same source.

    `interpreter` is the Python that has CapGain on the machine it is for: the menu's reports are made by it.
    """
    parts: dict[str, bytes] = {
        "META-INF/manifest.xml": _MANIFEST.encode(),
        "description.xml": _DESCRIPTION.format(identifier=IDENTIFIER, version=version("capgain")).encode(),
        "capgain.idl": idl().encode("ascii"),
        "CalcAddIn.xcu": xcu(),
        "Addons.xcu": addons(),
        "Jobs.xcu": _JOBS.encode(),
        "methods.json": json.dumps({method(function): function.name for function in FUNCTIONS}, indent=1).encode(),
        "capgain_calc.py": files("capgain.addin.libreoffice").joinpath("calc_component.py").read_bytes(),
    }
    if interpreter:
        parts["interpreter.txt"] = interpreter.encode()
    for package in PACKAGES:
        for path, content in _source(files(package), package.replace(".", "/")):
            parts[f"pythonpath/{path}"] = content
    for module in MODULES:
        package, _, name = module.rpartition(".")
        parts[f"pythonpath/{module.replace('.', '/')}.py"] = files(package).joinpath(f"{name}.py").read_bytes()
    return packed(dict(sorted(parts.items())))


def _source(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    """The files of a package, without what Python compiled."""
    for item in folder.iterdir():
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _source(item, f"{path}/{item.name}")
        elif not item.name.endswith((".pyc", ".pyo")):
            yield f"{path}/{item.name}", item.read_bytes()
