"""The built add-in file: the same every time, read back by others, and safe against the workbook it serves."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress

from capgain.addin.building.help_sheet import help_rows
from capgain.addin.building.ribbon_controls import GROUPS, Button, buttons
from capgain.addin.building.ribbon_xml import NAMESPACE
from capgain.addin.building.vba_project import PROJECT_NAME, modules
from capgain.addin.building.xlam import RIBBON_PART, VBA_PART, is_this_version, xlam
from capgain.addin.building.xlwings_module import XLWINGS_VERSION, xlwings_module

OURS = [name for name in modules() if name not in ("xlwings", "Dictionary")]


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "capgain.xlam"
    path.write_bytes(xlam())
    return path


@pytest.fixture(scope="module")
def code(addin: Path) -> Mapping[str, str]:
    """The source that olevba reads back, by module."""
    with warnings.catch_warnings():
        # olevba calls its parser by names that parser has given up.
        warnings.simplefilter("ignore", DeprecationWarning)
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(addin))
    try:
        return {stream.rpartition("/")[2]: text for _, stream, _, text in parser.extract_macros()}
    finally:
        parser.close()


def test_the_same_source_gives_the_same_bytes(addin: Path) -> None:
    assert xlam() == addin.read_bytes()


def test_olevba_reads_back_what_was_written(code: Mapping[str, str]) -> None:
    for name, (source, _) in modules().items():
        written = [
            line.rstrip() for line in source.splitlines() if line.strip() and not line.startswith("Attribute VB_")
        ]
        read = [line.rstrip() for line in code[name].splitlines()]
        start = written.index("Option Explicit") if "Option Explicit" in written else 10
        assert [line for line in written[start:] if line not in read] == [], name


def test_pyopenvba_reads_back_a_consistent_project(addin: Path) -> None:
    with ExcelFile(str(addin)) as book:
        project = book.vba_project()
        assert project.name == PROJECT_NAME
        assert project.validate() == []
        assert set(book.module_names()) == {"ThisWorkbook", "Sheet1", *modules()}


def test_the_project_has_no_compiled_code_and_says_so(addin: Path) -> None:
    with zipfile.ZipFile(addin) as package:
        container = CFB.from_bytes(package.read(VBA_PART))
    assert container.get_stream_in_storage("VBA", "_VBA_PROJECT")[:4] == b"\xcc\x61\xff\xff"
    directory = decompress(container.get_stream_in_storage("VBA", "dir"))
    assert directory.endswith(b"\x2b\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00")
    offsets = re.findall(rb"\x31\x00\x04\x00\x00\x00(....)\x1e\x00", directory, re.DOTALL)
    assert offsets == [bytes(4)] * (len(modules()) + 2)
    for stream in container.list_streams_in_storage("VBA"):
        assert not stream.startswith("__SRP")
        if stream not in ("dir", "_VBA_PROJECT"):
            assert decompress(container.get_stream_in_storage("VBA", stream)).startswith(b"Attribute VB_Name")


def test_excel_is_not_asked_to_calculate_all_workbooks_as_it_starts(addin: Path) -> None:
    with zipfile.ZipFile(addin) as package:
        assert b"fullCalcOnLoad" not in package.read("xl/workbook.xml")


def test_a_signed_file_is_known_as_this_version_and_another_one_is_not(addin: Path) -> None:
    def with_part(name: str, content: bytes) -> bytes:
        copy = io.BytesIO()
        with zipfile.ZipFile(addin) as package, zipfile.ZipFile(copy, "w") as written:
            for part in package.namelist():
                written.writestr(part, content if part == name else package.read(part))
            if name not in package.namelist():
                written.writestr(name, content)
        return copy.getvalue()

    assert is_this_version(addin.read_bytes())
    assert is_this_version(with_part("xl/vbaProjectSignature.bin", b"signed"))
    assert not is_this_version(with_part(VBA_PART, b"other code"))
    assert not is_this_version(with_part(RIBBON_PART, b"<other/>"))
    assert not is_this_version(b"no package")


def test_every_picture_on_the_ribbon_is_one_of_offices_own() -> None:
    seen_in_shipped_ribbons = {
        "ErrorChecking",
        "FileSendAsAttachment",
        "GetExternalDataFromText",
        "Help",
        "PropertySheet",
        "RefreshAll",
        "SortAscendingExcel",
        "TableInsert",
        "Undo",
        "WhatIfAnalysisMenu",
    }
    assert {button.image for button in buttons()} <= seen_in_shipped_ribbons


def test_our_modules_pass_static_analysis(addin: Path) -> None:
    program = Path(sys.executable).with_name("pyvbaanalysis")
    only = [argument for name in [*OURS, "ThisWorkbook"] for argument in ("--only", name)]
    run = subprocess.run(
        [program, addin, *only, "--whole-project", "--fail-level", "information"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


def test_the_package_is_an_add_in_with_a_ribbon(addin: Path) -> None:
    with zipfile.ZipFile(addin) as package:
        types = package.read("[Content_Types].xml").decode()
        assert "application/vnd.ms-excel.addin.macroEnabled.main+xml" in types
        assert "sheet.macroEnabled" not in types
        assert RIBBON_PART in package.read("_rels/.rels").decode()
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_help_sheet_is_in_the_file(addin: Path) -> None:
    with zipfile.ZipFile(addin) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    content = parts["[Content_Types].xml"].replace(b"addin.macroEnabled", b"sheet.macroEnabled")
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as package:
        for name, part in (parts | {"[Content_Types].xml": content}).items():
            package.writestr(name, part)
    sheet = load_workbook(copy)["_IntelliSense_"]
    read = [list(row) for row in sheet.iter_rows(values_only=True)]
    expected = help_rows()
    assert len(read) == len(expected)
    for cells, row in zip(read, expected, strict=True):
        assert [cell or "" for cell in cells][: len(row)] == row


def ribbon(addin: Path) -> ElementTree.Element:
    with zipfile.ZipFile(addin) as package:
        return ElementTree.fromstring(package.read(RIBBON_PART))


SIGNATURES = {
    "onLoad": r"\(ByVal \w+ As IRibbonUI\)",
    "button.onAction": r"\(ByVal \w+ As IRibbonControl\)",
    "dropDown.onAction": r"\(ByVal \w+ As IRibbonControl, ByVal \w+ As String, ByVal \w+ As Integer\)",
    "getEnabled": r"\(ByVal \w+ As IRibbonControl, ByRef \w+ As Variant\)",
    "getItemCount": r"\(ByVal \w+ As IRibbonControl, ByRef \w+ As Variant\)",
    "getItemLabel": r"\(ByVal \w+ As IRibbonControl, ByVal \w+ As Integer, ByRef \w+ As Variant\)",
    "getSelectedItemIndex": r"\(ByVal \w+ As IRibbonControl, ByRef \w+ As Variant\)",
}


def test_every_call_back_of_the_ribbon_exists_with_its_signature(addin: Path, code: Mapping[str, str]) -> None:
    found = 0
    for element in ribbon(addin).iter():
        tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        for attribute, value in element.attrib.items():
            if attribute.startswith(("on", "get")):
                signature = SIGNATURES.get(f"{tag}.{attribute}") or SIGNATURES[attribute]
                assert re.search(rf"^Public Sub {value}{signature}$", code["CapGainRibbon"], re.MULTILINE), value
                found += 1
    assert found > 10


def test_the_ribbon_has_unique_ids_and_key_tips_and_tips_on_every_control(addin: Path) -> None:
    elements = [element for element in ribbon(addin).iter() if "id" in element.attrib]
    ids = [element.attrib["id"] for element in elements]
    assert len(set(ids)) == len(ids)
    controls = [control for group in GROUPS for control in group.controls]
    tips = [control.key_tip for control in controls]
    assert len(set(tips)) == len(tips)
    assert all(control.screen_tip and control.super_tip for control in controls)
    assert next(control.action for control in controls if isinstance(control, Button) and control.large) == "refresh"


def test_every_button_leads_to_a_python_action(code: Mapping[str, str]) -> None:
    from capgain.addin.excel.ribbon.actions import ACTIONS

    assert {button.action for button in buttons()} == set(ACTIONS)
    for button in buttons():
        assert f'Case "{button.id}"\n            CapGainActionOf = "{button.action}"' in code[
            "CapGainChoicesOffered"
        ].replace("\r\n", "\n")


# What a hostile workbook could try against xlwings' module as it is shipped, and must not find in ours.


def shipped() -> str:
    import xlwings

    return (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "way_in",
    [
        'SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf")',
        "GetConfigFromSheet(ActiveWorkbook)",
        "GetDirectoryConfigFilePath",
        "runpython_embedded_code",
        'Right$(sht.Name, 3) = ".py"',
        "import_udfs",
        "prepare_sys_path(",
        'GetConfig("ADD_WORKBOOK_TO_PYTHONPATH"',
        'GetConfig("INTERPRETER", "python',
        '"cmd.exe',
    ],
)
def test_no_way_in_for_the_active_workbook_or_its_folder(code: Mapping[str, str], way_in: str) -> None:
    assert way_in in shipped(), "xlwings changed: this test no longer proves anything"
    built = "\n".join(text for name, text in code.items())
    assert way_in not in built


def test_the_configuration_is_read_from_the_add_in_and_the_user_alone(code: Mapping[str, str]) -> None:
    body = code["xlwings"]
    start = body.index("Function GetConfig(")
    reader = body[start : body.index("End Function", start)]
    assert "ActiveWorkbook" not in reader
    assert "GetConfigFromSheet(ThisWorkbook)" in reader
    assert "GetConfigFilePath()" in reader


def test_the_names_of_workbooks_never_reach_pythons_path(code: Mapping[str, str]) -> None:
    for line in code["xlwings"].splitlines():
        if "PYTHONPATH =" in line:
            assert not re.search(r"Active(Workbook|FullName)|ThisFullName|ThisWorkbook", line), line


def test_python_started_as_the_add_in_starts_it_ignores_the_current_folder(
    tmp_path: Path, code: Mapping[str, str]
) -> None:
    flags = set(re.findall(r'" (-B [-A-Z ]+)-c ""', code["xlwings"]))
    assert len(flags) == 1
    (tmp_path / "capgain.py").write_text("raise SystemExit('the workbook folder ran')")
    (tmp_path / "xlwings.py").write_text("raise SystemExit('the workbook folder ran')")
    command = "import xlwings, capgain.engine; print('ours')"
    run = [sys.executable, *flags.pop().split(), "-c", command]
    hostile = os.environ | {"PYTHONPATH": str(tmp_path)}
    answered = subprocess.run(run, cwd=tmp_path, env=hostile, capture_output=True, text=True)
    assert answered.stdout.strip() == "ours", answered.stderr
    unsafe = subprocess.run(
        [sys.executable, "-B", "-c", command], cwd=tmp_path, env=hostile, capture_output=True, text=True
    )
    assert "the workbook folder ran" in unsafe.stderr


def test_another_version_of_xlwings_cannot_be_built_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from capgain.addin.building import xlwings_module as building
    from capgain.engine.problems import Unsupported

    monkeypatch.setattr(building, "XLWINGS_VERSION", "0.37.9")
    with pytest.raises(Unsupported, match=r"xlwings==0\.37\.9"):
        xlwings_module()
    monkeypatch.setattr(building, "XLWINGS_VERSION", XLWINGS_VERSION)
    monkeypatch.setattr(building, "_REPLACED", (("text that is not there", "", 1),))
    with pytest.raises(Unsupported, match="reads differently"):
        xlwings_module()
