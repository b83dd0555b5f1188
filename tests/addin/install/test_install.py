"""Installing, uninstalling and examining, on each platform with a home folder of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from capgain.addin.building.xlam import xlam
from capgain.addin.building.xlwings_module import XLWINGS_VERSION
from capgain.addin.install import doctor, installing, libreoffice
from capgain.addin.install.configuration import (
    can_be_written,
    configuration_text,
    expanded,
    read_configuration,
    with_variables,
)
from capgain.addin.install.doctor import Finding, examine
from capgain.addin.install.files import InstallationError
from capgain.addin.install.installing import install, interpreter_as_read, uninstall
from capgain.addin.install.libreoffice import install_in_libreoffice, uninstall_from_libreoffice
from capgain.addin.install.places import LIBRARIES, Places, Platform
from capgain.workbook.whole_file import named_for

PLATFORMS = [Platform.WINDOWS, Platform.MAC]


def places(platform: Platform, home: Path) -> Places:
    roaming = home / "AppData" / "Roaming"
    return Places(
        platform, home, {"APPDATA": str(roaming), "USERPROFILE": str(home)} if platform is Platform.WINDOWS else {}
    )


def fine(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """A program that ends well."""
    return 0, ""


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter in a virtual environment with xlwings' library where pip puts it."""
    interpreter = tmp_path / "venv" / "Scripts" / "python.exe"
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    for name in LIBRARIES:
        (tmp_path / "venv" / name).write_text(name)
    return interpreter


@pytest.mark.parametrize("platform", PLATFORMS)
def test_install_puts_the_add_in_its_configuration_and_says_what_to_do(
    tmp_path: Path, python: Path, platform: Platform
) -> None:
    here = places(platform, tmp_path)
    done = install(here, python)
    assert here.addin.read_bytes() == xlam()
    assert read_configuration(here.configuration, here.code_page) == {here.interpreter_setting: str(python)}
    copied = [path.read_text() for path in here.libraries if path.is_file()]
    assert copied == (list(LIBRARIES) if platform is Platform.WINDOWS else [])
    assert here.apple_script.is_file() is (platform is Platform.MAC)
    assert any("start" in step for step in done.next_steps)
    assert all(str(tmp_path) in line for line in done.done)
    assert not [path for path in tmp_path.rglob(".capgain.*") if path.is_file()]


def test_the_windows_folders_are_those_excel_looks_into(tmp_path: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    assert here.addin == tmp_path / "AppData/Roaming/Microsoft/Excel/XLSTART/capgain.xlam"
    assert here.configuration == tmp_path / ".capgain/capgain.conf"


def test_the_mac_folders_are_those_excel_looks_into(tmp_path: Path) -> None:
    here = places(Platform.MAC, tmp_path)
    startup = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
    assert here.addin == tmp_path / startup / "capgain.xlam"
    assert here.configuration == tmp_path / "Library/Containers/com.microsoft.Excel/Data/capgain.conf"
    assert here.apple_script.name == f"xlwings-{XLWINGS_VERSION}.applescript"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_installing_again_replaces_and_uninstalling_leaves_nothing_of_ours(
    tmp_path: Path, python: Path, platform: Platform
) -> None:
    here = places(platform, tmp_path)
    install(here, python)
    here.addin.write_bytes(b"old")
    install(here, python)
    assert here.addin.read_bytes() == xlam()
    uninstall(here)
    assert not here.addin.exists()
    assert not here.configuration.exists()
    assert uninstall(here).done == ("Nothing was installed.",)


def test_what_a_killed_installation_left_for_excel_to_start_is_removed_and_told(tmp_path: Path, python: Path) -> None:
    where = places(Platform.WINDOWS, tmp_path)
    where.addin.parent.mkdir(parents=True)
    left = where.addin.with_name(f"{named_for(where.addin)}0123456789abcdef.xlam")
    left.write_bytes(b"half an add-in")
    done = install(where, python)
    assert done.done[0] == f"Removed what an interrupted run left of {where.addin.name}: {left.name}."
    assert [one.name for one in where.addin.parent.iterdir()] == [where.addin.name]
    left.write_bytes(b"half an add-in")
    uninstall(where)
    assert not list(where.addin.parent.iterdir())


def test_linux_offers_the_libreoffice_extension(tmp_path: Path, python: Path) -> None:
    with pytest.raises(InstallationError, match="--libreoffice"):
        install(places(Platform.LINUX, tmp_path), python)
    with pytest.raises(InstallationError, match="--libreoffice"):
        uninstall(places(Platform.LINUX, tmp_path))


def test_the_extension_is_written_and_given_to_libreoffice_without_the_virtual_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[Sequence[str], Mapping[str, str]]] = []
    monkeypatch.setenv("VIRTUAL_ENV", "/venv")
    monkeypatch.setenv("PATH", "/venv/bin:/usr/bin")

    def run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
        ran.append((command, environment))
        return 0, ""

    here = places(Platform.LINUX, tmp_path)
    done = install_in_libreoffice(here, Path("/venv/bin/python"), run, "/usr/bin/unopkg")
    assert here.extension.read_bytes()[:2] == b"PK"
    assert len(done.done) == 2
    command, environment = ran[0]
    assert list(command) == ["/usr/bin/unopkg", "add", "--force", *libreoffice.whose(), str(here.extension)]
    assert environment["PATH"] == "/usr/bin"
    assert "VIRTUAL_ENV" not in environment
    uninstall_from_libreoffice(here, run, "/usr/bin/unopkg")
    assert not here.extension.exists()


def test_what_libreoffice_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="no rights"):
        install_in_libreoffice(places(Platform.LINUX, tmp_path), Path("python"), lambda *_: (1, "no rights"), "unopkg")
    with pytest.raises(InstallationError, match="exit code 3"):
        uninstall_from_libreoffice(places(Platform.LINUX, tmp_path), lambda *_: (3, ""), "unopkg")


def test_without_libreoffice_the_file_is_written_and_the_next_step_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_unopkg", lambda _: None)
    done = install_in_libreoffice(places(Platform.LINUX, tmp_path), Path("python"))
    assert "Extension Manager" in done.next_steps[0]


def test_a_file_excel_holds_open_is_told_as_such(tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "in use")

    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    before = here.addin.read_bytes()
    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(InstallationError, match="Close Excel"):
        install(here, python)
    assert here.addin.read_bytes() == before
    assert [path.name for path in here.addin.parent.iterdir()] == ["capgain.xlam"]


def test_another_xlwings_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "version", lambda _: "0.36.0")
    with pytest.raises(InstallationError, match=f"xlwings=={XLWINGS_VERSION}"):
        install(places(Platform.WINDOWS, tmp_path), python)
    assert not list(tmp_path.rglob("capgain.xlam"))


def wrong(findings: Sequence[Finding]) -> list[str]:
    return [f"{finding.what} {finding.remedy}" for finding in findings if not finding.is_right]


def test_the_doctor_finds_nothing_wrong_after_install_on_windows(tmp_path: Path, python: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    assert wrong(examine(here, python, run=fine)) == []


def test_the_doctor_finds_nothing_wrong_after_install_on_a_mac(tmp_path: Path, python: Path) -> None:
    here = places(Platform.MAC, tmp_path)
    install(here, python)
    assert wrong(examine(here, python, run=fine)) == []


def test_the_doctor_names_what_is_missing_before_install(tmp_path: Path, python: Path) -> None:
    found = wrong(examine(places(Platform.WINDOWS, tmp_path), python, run=fine))
    assert [finding.partition(":")[0] for finding in found] == [
        "The add-in is not installed",
        "xlwings' library is missing",
        "The add-in's configuration is missing or empty",
    ]


def test_the_doctor_tells_why_python_does_not_start_as_excel_starts_it(tmp_path: Path, python: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    ran: list[Sequence[str]] = []

    def fails(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
        ran.append(command)
        return 1, "Traceback ...\nModuleNotFoundError: No module named 'win32com'\n"

    (found,) = wrong(examine(here, python, run=fails))
    assert "No module named 'win32com'" in found
    assert "venv" in found
    assert ran[0][:5] == [str(python), "-B", "-P", "-E", "-c"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda here, python: here.addin.write_bytes(b"old"), "another version"),
        (lambda here, python: python.unlink(), "not there any more"),
        (lambda here, python: here.libraries[0].unlink(), "library is missing"),
        (lambda here, python: here.configuration.write_text('"SHOW CONSOLE","True"\r\n'), "names no Python"),
    ],
)
def test_the_doctor_names_what_broke_later(tmp_path: Path, python: Path, spoil: object, said: str) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    assert callable(spoil)
    spoil(here, python)
    assert said in str(wrong(examine(here, python, run=fine)))


def test_the_doctor_knows_the_python_of_the_microsoft_store(tmp_path: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    store = tmp_path / "WindowsApps" / "python.exe"
    store.parent.mkdir()
    store.touch()
    with pytest.raises(InstallationError, match=r"python\.org"):
        install(here, store)
    assert not here.addin.exists()
    here.configuration.parent.mkdir()
    here.configuration.write_text(configuration_text({here.interpreter_setting: str(store)}))
    assert "Microsoft Store" in str(wrong(examine(here, store, run=fine)))


def test_the_doctor_knows_another_version_of_xlwings_and_another_python(tmp_path: Path, python: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    found = wrong(examine(here, tmp_path / "other.exe", xlwings_version="0.36.0", run=fine))
    assert "0.36.0" in found[0]
    assert "other.exe" in found[1]


def test_the_doctor_knows_a_path_excel_for_mac_cannot_start(tmp_path: Path) -> None:
    here = places(Platform.MAC, tmp_path)
    spaced = tmp_path / "my python" / "python3"
    spaced.parent.mkdir()
    spaced.touch()
    install(here, spaced)
    assert "space" in str(wrong(examine(here, spaced, run=fine)))
    here.apple_script.unlink()
    assert "script" in str(wrong(examine(here, spaced, run=fine)))


LISTED = """All deployed user extensions:

Identifier: org.other
  Version: 7.7
  URL: vnd.sun.star.expand:other.oxt
  is registered: yes

Identifier: org.capgain.calc
  Version: {version}
  URL: vnd.sun.star.expand:capgain.oxt
  is registered: {registered}
  Media-Type: application/vnd.sun.star.package-bundle
  bundled Packages: {{
      URL: vnd.sun.star.expand:capgain.oxt/capgain.idl
      is registered: yes
  }}
"""


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("All deployed user extensions:\n\n<none>\n", "does not run the extension"),
        (LISTED.format(version=version("capgain"), registered="no"), "does not run the extension"),
        (LISTED.format(version="0.0.9", registered="yes"), "of CapGain 0.0.9"),
        (LISTED.format(version=version("capgain"), registered="yes"), ""),
    ],
)
def test_the_doctor_believes_what_libreoffice_lists_and_not_the_extensions_file(
    tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch, listed: str, said: str
) -> None:
    monkeypatch.setattr(doctor, "find_unopkg", lambda _: "unopkg")
    here = places(Platform.LINUX, tmp_path)
    install_in_libreoffice(here, python, lambda *_: (0, ""), "unopkg")
    found = str(wrong(examine(here, python, run=lambda *_: (0, listed))))
    assert said in found if said else found == "[]"


def test_the_configuration_is_what_vba_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "capgain.conf"
    values = {"INTERPRETER_WIN": r"C:\Program Files\Python, 3.12\python.exe", "SHOW CONSOLE": "True"}
    path.write_text(configuration_text(values), encoding="ascii", newline="")
    assert read_configuration(path, "cp1252") == values
    assert read_configuration(tmp_path / "none.conf", "cp1252") == {}
    with pytest.raises(ValueError, match="quotation mark"):
        configuration_text({"INTERPRETER_WIN": 'a"b'})


JOSE = {
    "USERPROFILE": r"C:\Users\José",
    "LOCALAPPDATA": r"C:\Users\José\AppData\Local",
    "APPDATA": r"C:\Users\José\AppData\Roaming",
    "ProgramFiles": r"C:\Program Files",
}


@pytest.mark.parametrize(
    ("python", "written"),
    [
        (
            r"C:\Users\José\AppData\Local\Programs\Python\Python312\python.exe",
            r"%LOCALAPPDATA%\Programs\Python\Python312\python.exe",
        ),
        (r"c:\users\josé\venv\Scripts\python.exe", r"%USERPROFILE%\venv\Scripts\python.exe"),
        (r"C:\Program Files\Python312\python.exe", r"%ProgramFiles%\Python312\python.exe"),
        (r"C:\Program Files (x86)\Python\python.exe", r"C:\Program Files (x86)\Python\python.exe"),
        (r"D:\miniconda3\envs\tax 2025\python.exe", r"D:\miniconda3\envs\tax 2025\python.exe"),
        (r"\\server\tools\python.exe", r"\\server\tools\python.exe"),
        (r"C:\Users\Joséphine\python.exe", r"C:\Users\Joséphine\python.exe"),
    ],
)
def test_a_path_is_written_with_the_variable_that_has_the_users_name_in_it(python: str, written: str) -> None:
    assert with_variables(python, JOSE) == written
    assert expanded(written, JOSE).casefold() == python.casefold()


@pytest.mark.parametrize("code_page", ["cp1252", "cp1251", "cp932", "utf-8"])
@pytest.mark.parametrize("profile", [r"C:\Users\José", r"C:\Users\Иван", r"\\server\profiles\María López"])
def test_every_user_is_read_back_by_vba_or_told_what_to_change(tmp_path: Path, code_page: str, profile: str) -> None:
    environment = {"USERPROFILE": profile, "LOCALAPPDATA": profile + r"\AppData\Local"}
    python = environment["LOCALAPPDATA"] + r"\Programs\Python\python.exe"
    here = Places(Platform.WINDOWS, tmp_path, environment, code_page)
    if can_be_written(profile, code_page):
        written = interpreter_as_read(here, PureWindowsPath(python))
        assert written.isascii()
        assert expanded(written, environment) == python
    else:
        with pytest.raises(InstallationError, match="system locale"):
            interpreter_as_read(here, PureWindowsPath(python))


def test_a_folder_that_the_code_page_cannot_say_or_windows_would_expand_is_refused(tmp_path: Path) -> None:
    here = Places(Platform.WINDOWS, tmp_path, {"USERPROFILE": r"C:\Users\me"}, "cp1252")
    assert interpreter_as_read(here, PureWindowsPath(r"C:\Söhne\python.exe")) == r"C:\Söhne\python.exe"
    for python, said in ((r"C:\Доход\python.exe", "cp1252"), (r"C:\100%\python.exe", "percent sign")):
        with pytest.raises(InstallationError, match=said):
            interpreter_as_read(here, PureWindowsPath(python))


def test_the_doctor_reads_the_configuration_as_vba_does(tmp_path: Path, python: Path) -> None:
    named = tmp_path / "José" / "python.exe"
    named.parent.mkdir()
    named.touch()
    here = replace(places(Platform.WINDOWS, tmp_path), code_page="cp1252")
    install(here, python)
    assert wrong(examine(here, python, run=fine)) == []
    text = configuration_text({here.interpreter_setting: str(named)})
    here.configuration.write_bytes(text.encode("utf-8"))
    assert "JosÃ©" in str(wrong(examine(here, named, run=fine)))
    here.configuration.write_bytes(text.encode("cp1252"))
    assert wrong(examine(here, named, run=fine)) == []


def test_a_python_for_all_users_is_served_from_where_pip_put_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roaming = tmp_path / "AppData" / "Roaming" / "Python"
    roaming.mkdir(parents=True)
    for name in LIBRARIES:
        (roaming / name).write_text(name)
    told = [SimpleNamespace(name=name, locate=lambda name=name: roaming / name) for name in (*LIBRARIES, "RECORD")]
    monkeypatch.setattr("capgain.addin.install.places.distribution", lambda _: SimpleNamespace(files=told))
    here = places(Platform.WINDOWS, tmp_path)
    everybodys = tmp_path / "Program Files" / "Python312" / "python.exe"
    everybodys.parent.mkdir(parents=True)
    everybodys.touch()
    install(here, everybodys)
    assert [path.read_text() for path in here.libraries] == list(LIBRARIES)
    assert wrong(examine(here, everybodys, run=fine)) == []


def test_without_xlwings_library_nothing_is_installed(tmp_path: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    bare = tmp_path / "bare" / "python.exe"
    bare.parent.mkdir()
    bare.touch()
    with pytest.raises(InstallationError, match="force-reinstall"):
        install(here, bare)
    assert not here.addin.exists()


def test_a_signed_add_in_is_installed_as_it_is_and_a_strange_file_is_refused(tmp_path: Path, python: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    signed = tmp_path / "signed.xlam"
    signed.write_bytes(xlam())
    with zipfile.ZipFile(signed, "a") as package:
        package.writestr("xl/vbaProjectSignature.bin", b"signed")
    install(here, python, signed)
    assert here.addin.read_bytes() == signed.read_bytes()
    assert wrong(examine(here, python, run=fine)) == []
    signed.write_bytes(b"something else")
    with pytest.raises(InstallationError, match="not the add-in"):
        install(here, python, signed)
