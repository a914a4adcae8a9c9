"""The set-up program for Windows, as far as Linux can tell: what goes in, what is refused, what the scripts do."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.conftest import PACKAGING, needs_tools, script, write_python

SCRIPTS = PACKAGING / "windows"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the set-up program is built on Linux")


# What goes in


def test_the_wanted_python_is_the_one_the_wheels_are_for(windows: ModuleType) -> None:
    wanted = windows.python_input()
    assert wanted.minor == windows.wheels.PYTHON[windows.PLATFORM]
    assert wanted.file == f"python-{wanted.version}-embed-amd64.zip"
    assert re.fullmatch(r"[0-9a-f]{64}", wanted.sha256)


def test_another_file_than_the_wanted_python_is_refused(windows: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=windows.python_input().sha256):
        windows.find_python(windows.python_input(), write_python(windows, tmp_path))


def test_the_wanted_python_is_taken_from_the_inputs_or_by_name(small: ModuleType, tmp_path: Path) -> None:
    given = write_python(small, tmp_path)
    wanted = small.PythonInput("3.11.9", "python.zip", hashlib.sha256(given.read_bytes()).hexdigest())
    assert small.find_python(wanted, None) is None
    assert small.find_python(wanted, given) == given
    small.INPUTS.mkdir()
    shutil.copyfile(given, small.INPUTS / wanted.file)
    assert small.find_python(wanted, None) == small.INPUTS / wanted.file
    with pytest.raises(SystemExit, match="there is no"):
        small.find_python(wanted, tmp_path / "elsewhere.zip")


def test_this_python_looks_nowhere_but_in_the_tree(windows: ModuleType) -> None:
    lines = windows.search_path(windows.python_input()).splitlines()
    assert lines == ["python311.zip", ".", r"..\program", r"..\site"]


def test_the_tree_has_the_decided_shape(small: ModuleType, tmp_path: Path) -> None:
    root = small.assemble("1.2.3", small.python_input(), write_python(small, tmp_path))
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert {"babutong-cli.cmd", "channel", "current"} == {name for name in files if "/" not in name}
    assert {name.split("/")[2] for name in files if "/" in name} == {
        "files.json",
        "licenses",
        "program",
        "runtime",
    }
    assert (root / "current").read_text() == "1.2.3\n"
    assert (root / "channel").read_text() == "windows\n"
    pth = root / "versions" / "1.2.3" / "runtime" / "python311._pth"
    assert pth.read_text() == small.search_path(small.python_input())
    listed = json.loads((root / "versions" / "1.2.3" / "files.json").read_text())["files"]
    assert "program/reports/assets/fonts/A.ttf" in listed  # though it comes from the other set-up program


# What is checked


def test_imported_libraries_are_read_from_objdump(windows: ModuleType) -> None:
    said = "\tvma:  Hint Time\n\n\tDLL Name: Qt6Core.dll\n\tvma:  Hint/Ord\n\n\tDLL Name: KERNEL32.dll\n"
    assert windows.library_names(said) == {"qt6core.dll", "kernel32.dll"}


SITE = "versions/1.0/site"
CLOSED = {
    "babutong.exe": {"kernel32.dll", "shell32.dll"},
    "versions/1.0/runtime/python.exe": {"python311.dll", "api-ms-win-crt-runtime-l1-1-0.dll"},
    "versions/1.0/runtime/python311.dll": {"kernel32.dll"},
    f"{SITE}/PySide6/QtCore.pyd": {"qt6core.dll", "python311.dll", "shiboken6.abi3.dll"},
    f"{SITE}/PySide6/Qt6Core.dll": {"user32.dll"},
    f"{SITE}/PySide6/plugins/platforms/qwindows.dll": {"qt6core.dll"},
    f"{SITE}/shiboken6/shiboken6.abi3.dll": {"kernel32.dll"},
    f"{SITE}/fuzz/fuzz.pyd": {"msvcp140-a1.dll"},
    f"{SITE}/fuzz.libs/msvcp140-a1.dll": {"kernel32.dll"},
}


def test_a_closed_tree_has_nothing_unresolved(windows: ModuleType) -> None:
    assert windows.unresolved(CLOSED) == {}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{SITE}/other/other.pyd", "msvcp140.dll"),  # nowhere
        (f"{SITE}/other/other.pyd", "qt6core.dll"),  # Windows does not look there for this one
        ("babutong.exe", "python311.dll"),  # the launcher has only Windows
        (f"{SITE}/PySide6/Qt6Core.dll", "libssl-3.dll"),
    ],
)
def test_a_library_windows_would_not_find_is_reported(windows: ModuleType, path: str, name: str) -> None:
    loads = CLOSED | {path: CLOSED.get(path, set()) | {name}}
    assert windows.unresolved(loads) == {name: [path]}


def test_only_the_missing_python_may_be_missing(
    windows: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "current").write_text("1.0\n")
    monkeypatch.setattr(windows, "imports", lambda _root: {f"{SITE}/a/a.pyd": {"python311.dll"}})
    windows.check(tmp_path, complete=False)
    assert "from the missing input: python311.dll" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"python311\.dll is missing"):
        windows.check(tmp_path, complete=True)
    monkeypatch.setattr(windows, "imports", lambda _root: {f"{SITE}/a/a.pyd": {"msvcp140.dll"}})
    with pytest.raises(SystemExit, match=r"msvcp140\.dll is missing"):
        windows.check(tmp_path, complete=False)


def test_paths_windows_would_refuse_are_reported(windows: ModuleType) -> None:
    fine = ["a/b.py", "versions/1.0/site/x.dist-info/METADATA", "a" * windows.LIMIT_PATH]
    assert windows.path_problems(fine) == []
    for bad in ("b" * (windows.LIMIT_PATH + 1), "a/aux.py", "a/b:c", "a/name.", "a/x$y"):
        assert len(windows.path_problems([*fine, bad])) == 1, bad
    assert windows.path_problems(["a/B.py", "A/b.py"]) == ["the same for Windows: a/B.py and A/b.py"]


# The scripts


def test_an_incomplete_set_up_program_is_known_by_its_name(windows: ModuleType) -> None:
    assert windows.setup_name("1.2.3", complete=True) == "babutong-1.2.3-windows-amd64-setup.exe"
    assert windows.setup_name("1.2.3", complete=False).endswith("-without-python.exe")


def test_one_version_is_unpacked_beside_its_place(windows: ModuleType, tmp_path: Path) -> None:
    for name in ("program/b.py", "program/a.json", "program/a.ttf", "files.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert windows.unpacking(tmp_path, (tmp_path / "program/a.ttf",)).splitlines() == [
        r'SetOutPath "$INSTDIR\versions\${VERSION}.new"',
        f'File "{tmp_path}/files.json"',
        r'SetOutPath "$INSTDIR\versions\${VERSION}.new\program"',
        f'File "{tmp_path}/program/a.json"',
        f'File "{tmp_path}/program/b.py"',
    ]


def test_the_batch_file_is_plain_in_the_chinese_code_page(windows: ModuleType) -> None:
    text = script("babutong-cli.cmd")
    written = windows.command_file(text)
    assert written.count(b"\r\n") == written.count(b"\n") == text.count("\n")
    assert written.decode("gbk").replace("\r\n", "\n") == text
    # Where the console is not Chinese no half of a letter may read as one of its signs.
    assert not any(set(letter.encode("gbk")) & set(b'|&<>^%"') for letter in text if letter > "\x7f")
    assert "-X utf8 -m app.cli %*\nexit /b %errorlevel%\n" in text


def test_the_set_up_program_is_for_one_user_and_leaves_the_data_alone() -> None:
    setup = script("setup.nsi")
    assert "RequestExecutionLevel user" in setup
    assert '!define HOME "$LOCALAPPDATA\\Programs\\babutong"' in setup
    assert re.findall(r"Write\w+ (HK\w+)", setup) == ["HKCU"] * setup.count("  WriteReg")
    removing = re.findall(r"^\s*(?:Delete|RMDir)(?: /r)? \"(.*)\"", setup, re.MULTILINE)
    assert all(target.startswith(("$INSTDIR", "$SMPROGRAMS", "$DESKTOP")) for target in removing)
    assert "$INSTDIR" not in {target for target in removing if f'/r "{target}"' in setup}
    assert "您的数据不会被删除" in setup


def test_the_set_up_program_refuses_what_qt_does_not_run_on() -> None:
    setup = script("setup.nsi")
    assert "!define FIRST_BUILD 17763" in setup
    assert '"CurrentBuildNumber"' in setup
    assert "${IfNot} ${RunningX64}" in setup
    assert "64 位的 Windows 10（1809 或更新）" in setup
    started = setup[setup.index("Function .onInit\n") :]
    refusals = ["CheckWindows", "CheckFormer", "CheckFonts", "CheckSpace"]
    assert re.findall(r"^  (?:Call|!insertmacro) (Check\w+)", started, re.MULTILINE) == refusals


def test_a_version_is_named_after_everything_else_is_in_place() -> None:
    setup = script("setup.nsi")
    section = setup[setup.index("\nSection\n") : setup.index("\nSectionEnd\n")]
    steps = ["InstallFonts", "TakeFonts", "SettleVersion", "PlaceLauncher", "RegisterProgram", "NameVersion"]
    assert re.findall(r"Call (\w+)", section) == [*steps, "RemoveOld"]
    naming = setup[setup.index("Function NameVersion") :]
    order = [
        naming.index(f'"$INSTDIR\\{name}"') for name in ("trial", "trial-started", "previous", "current")
    ]
    assert order == sorted(order)


@needs_tools
def test_without_python_the_rest_is_built_and_says_what_is_missing(
    small: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert small.main([]) == small.MISSING_INPUT == 3
    said = capsys.readouterr().out
    wanted = small.python_input()
    assert wanted.sha256 in said
    assert f"缺少 {wanted.file}" in said
    version = small.payload.version()
    built = {path.name for path in small.payload.DIST.iterdir()}
    root = small.payload.BUILD / small.PLATFORM / "versions" / version
    assert built == {small.setup_name(version, complete=False), small.parts.fonts_of(root).setup_name}


@needs_tools
def test_a_complete_tree_gives_a_set_up_program_and_removes_the_incomplete_one(
    small: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "ICON", small.WORK / "no.ico")
    root = small.assemble("1.2.3", small.python_input(), None)
    small.make_launcher(root, "1.2.3")
    assert (root / "babutong.exe").read_bytes()[:2] == b"MZ"
    small.make_setup(root, "1.2.3", complete=False)
    setup = small.make_setup(root, "1.2.3", complete=True)
    assert list(small.payload.DIST.iterdir()) == [setup]
    assert small.unresolved(small.imports(root)) == {}


@pytest.mark.parametrize(("limit", "name"), [("LIMIT_MB", "windows-amd64"), ("LIMIT_FONTS_MB", "fonts")])
def test_too_large_a_set_up_program_fails(
    small: ModuleType,
    limit: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def not_compiled(_script: str, defined: dict[str, str], **_more: int) -> None:
        Path(defined["OUTPUT"]).write_bytes(bytes(20_000))

    monkeypatch.setattr(small, "makensis", not_compiled)
    monkeypatch.setattr(small, "imports", lambda _root: {})
    monkeypatch.setattr(small, limit, 0.01)
    assert small.main([]) == 1
    (said,) = re.findall("TOO LARGE: .*", capsys.readouterr().out)
    assert name in said


def test_the_command_is_a_plain_shell_script() -> None:
    script = PACKAGING / "windows.sh"
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", script], check=True)
