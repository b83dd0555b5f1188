"""Installing, uninstalling and examining, on each platform with a home folder of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from capgain.addin.building.xlam import xlam
from capgain.addin.building.xlwings_module import XLWINGS_VERSION
from capgain.addin.install import installing
from capgain.addin.install.configuration import configuration_text, read_configuration
from capgain.addin.install.doctor import Finding, examine
from capgain.addin.install.installing import (
    InstallationError,
    install,
    install_in_libreoffice,
    uninstall,
    uninstall_from_libreoffice,
)
from capgain.addin.install.places import Places, Platform, dll_name

PLATFORMS = [Platform.WINDOWS, Platform.MAC]


def places(platform: Platform, home: Path) -> Places:
    roaming = home / "AppData" / "Roaming"
    return Places(
        platform, home, {"APPDATA": str(roaming), "USERPROFILE": str(home)} if platform is Platform.WINDOWS else {}
    )


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter in a virtual environment with xlwings' library where pip puts it."""
    interpreter = tmp_path / "venv" / "Scripts" / "python.exe"
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    (tmp_path / "venv" / dll_name()).touch()
    return interpreter


@pytest.mark.parametrize("platform", PLATFORMS)
def test_install_puts_the_add_in_its_configuration_and_says_what_to_do(
    tmp_path: Path, python: Path, platform: Platform
) -> None:
    here = places(platform, tmp_path)
    done = install(here, python)
    assert here.addin.read_bytes() == xlam()
    assert read_configuration(here.configuration) == {here.interpreter_setting: str(python)}
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
    done = install_in_libreoffice(here, run, "/usr/bin/unopkg")
    assert here.extension.read_bytes()[:2] == b"PK"
    assert len(done.done) == 2
    command, environment = ran[0]
    assert list(command) == ["/usr/bin/unopkg", "add", "--force", str(here.extension)]
    assert environment["PATH"] == "/usr/bin"
    assert "VIRTUAL_ENV" not in environment
    uninstall_from_libreoffice(here, run, "/usr/bin/unopkg")
    assert not here.extension.exists()


def test_what_libreoffice_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="no rights"):
        install_in_libreoffice(places(Platform.LINUX, tmp_path), lambda *_: (1, "no rights"), "unopkg")
    with pytest.raises(InstallationError, match="exit code 3"):
        uninstall_from_libreoffice(places(Platform.LINUX, tmp_path), lambda *_: (3, ""), "unopkg")


def test_without_libreoffice_the_file_is_written_and_the_next_step_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "find_unopkg", lambda _: None)
    done = install_in_libreoffice(places(Platform.LINUX, tmp_path))
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
    assert wrong(examine(here, python, has_pywin32=True)) == []


def test_the_doctor_finds_nothing_wrong_after_install_on_a_mac(tmp_path: Path, python: Path) -> None:
    here = places(Platform.MAC, tmp_path)
    install(here, python)
    assert wrong(examine(here, python)) == []


def test_the_doctor_names_what_is_missing_before_install(tmp_path: Path, python: Path) -> None:
    found = wrong(examine(places(Platform.WINDOWS, tmp_path), python, has_pywin32=False))
    assert [
        word for word in ("add-in is not installed", "configuration is missing", "pywin32") if word in str(found)
    ] == [
        "add-in is not installed",
        "configuration is missing",
        "pywin32",
    ]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda here, python: here.addin.write_bytes(b"old"), "another version"),
        (lambda here, python: python.unlink(), "not there any more"),
        (lambda here, python: (python.parent.parent / dll_name()).unlink(), "library"),
        (lambda here, python: here.configuration.write_text('"SHOW CONSOLE","True"\r\n'), "names no Python"),
    ],
)
def test_the_doctor_names_what_broke_later(tmp_path: Path, python: Path, spoil: object, said: str) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    assert callable(spoil)
    spoil(here, python)
    assert said in str(wrong(examine(here, python, has_pywin32=True)))


def test_the_doctor_knows_the_python_of_the_microsoft_store(tmp_path: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    store = tmp_path / "WindowsApps" / "python.exe"
    store.parent.mkdir()
    store.touch()
    install(here, store)
    assert "Microsoft Store" in str(wrong(examine(here, store, has_pywin32=True)))


def test_the_doctor_knows_another_version_of_xlwings_and_another_python(tmp_path: Path, python: Path) -> None:
    here = places(Platform.WINDOWS, tmp_path)
    install(here, python)
    found = wrong(examine(here, tmp_path / "other.exe", xlwings_version="0.36.0", has_pywin32=True))
    assert "0.36.0" in found[0]
    assert "other.exe" in found[1]


def test_the_doctor_knows_a_path_excel_for_mac_cannot_start(tmp_path: Path) -> None:
    here = places(Platform.MAC, tmp_path)
    spaced = tmp_path / "my python" / "python3"
    spaced.parent.mkdir()
    spaced.touch()
    install(here, spaced)
    assert "space" in str(wrong(examine(here, spaced)))
    here.apple_script.unlink()
    assert "script" in str(wrong(examine(here, spaced)))


def test_the_doctor_on_linux_looks_for_libreoffice(tmp_path: Path, python: Path) -> None:
    here = places(Platform.LINUX, tmp_path)
    assert "extension is not installed" in str(wrong(examine(here, python)))
    install_in_libreoffice(here, lambda *_: (0, ""), "unopkg")
    assert "extension is not installed" not in str(wrong(examine(here, python)))


def test_the_configuration_is_what_vba_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "capgain.conf"
    values = {"INTERPRETER_WIN": r"C:\Program Files\Python, 3.12\python.exe", "SHOW CONSOLE": "True"}
    path.write_text(configuration_text(values), encoding="utf-8", newline="")
    assert read_configuration(path) == values
    assert read_configuration(tmp_path / "none.conf") == {}
    with pytest.raises(ValueError, match="quotation mark"):
        configuration_text({"INTERPRETER_WIN": 'a"b'})
