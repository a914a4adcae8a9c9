"""The set-up program for Windows, as far as Linux can tell: what goes in, what is refused, what the scripts do."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT

PACKAGING = ROOT / "packaging"
SCRIPTS = PACKAGING / "windows"
TOOLS = shutil.which("makensis") and shutil.which("objdump")
needs_tools = pytest.mark.skipif(not TOOLS, reason="makensis or objdump is not installed")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the set-up program is built on Linux")


@pytest.fixture(scope="module")
def windows() -> Generator[ModuleType]:
    """The build script; its folder can be imported from only while it is being loaded."""
    before = set(sys.modules)
    sys.path.insert(0, str(PACKAGING))
    try:
        spec = importlib.util.spec_from_file_location("windows_under_test", PACKAGING / "windows.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["windows_under_test"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(PACKAGING))
    yield module
    for name in {"windows_under_test", "payload", "wheels", "constraints"} - before:
        sys.modules.pop(name, None)


@pytest.fixture
def small(windows: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build script with a program of one file, no libraries, and folders of its own."""

    def one_file(target: Path) -> None:
        (target / "app").mkdir(parents=True)
        (target / "app" / "__init__.py").write_text("X = 1\n")

    monkeypatch.setattr(windows, "INPUTS", tmp_path / "inputs")
    monkeypatch.setattr(windows, "WORK", tmp_path / "work")
    monkeypatch.setattr(windows.payload, "BUILD", tmp_path / "build")
    monkeypatch.setattr(windows.payload, "DIST", tmp_path / "dist")
    monkeypatch.setattr(windows.payload, "copy_program", one_file)
    monkeypatch.setattr(windows.payload, "day_of_build", lambda: 1_700_000_000)
    monkeypatch.setattr(windows.payload, "unpack_wheels", lambda _wheels, target: target.mkdir(parents=True))
    monkeypatch.setattr(windows.wheels, "fetch", lambda _platform: [])
    return windows


def _script(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


def _python(windows: ModuleType, folder: Path) -> Path:
    """Write what has the names of an embeddable Python; returns the file."""
    path = folder / "python.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("pythonw.exe", "python.exe", "python311.dll", "python311.zip"):
            archive.writestr(name, b"")
        archive.writestr("python311._pth", "python311.zip\n.\nimport site\n")
    return path


# What goes in


def test_the_wanted_python_is_the_one_the_wheels_are_for(windows: ModuleType) -> None:
    wanted = windows.python_input()
    assert wanted.minor == windows.wheels.PYTHON[windows.PLATFORM]
    assert wanted.file == f"python-{wanted.version}-embed-amd64.zip"
    assert re.fullmatch(r"[0-9a-f]{64}", wanted.sha256)


def test_another_file_than_the_wanted_python_is_refused(windows: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=windows.python_input().sha256):
        windows.find_python(windows.python_input(), _python(windows, tmp_path))


def test_the_wanted_python_is_taken_from_the_inputs_or_by_name(small: ModuleType, tmp_path: Path) -> None:
    given = _python(small, tmp_path)
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
    root = small.assemble("1.2.3", small.python_input(), _python(small, tmp_path))
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


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="only the same Python makes .pyc for it")
def test_compiled_modules_hold_whatever_the_dates(windows: ModuleType, tmp_path: Path) -> None:
    for folder in ("program", "site"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("X = 1\n")
    windows.compile_modules(tmp_path, "3.11")
    compiled = sorted(tmp_path.rglob("*.pyc"))
    assert len(compiled) == 2
    assert {path.read_bytes()[4:8] for path in compiled} == {b"\x01\0\0\0"}  # by hash, never looked at
    assert all(str(tmp_path).encode() not in path.read_bytes() for path in compiled)


def test_another_python_compiles_nothing_and_says_so(
    windows: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    windows.compile_modules(tmp_path, "3.7")
    assert "without .pyc" in capsys.readouterr().out


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
    for name in ("program/b.py", "program/a.json", "files.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert windows.unpacking(tmp_path).splitlines() == [
        r'SetOutPath "$INSTDIR\versions\${VERSION}.new"',
        f'File "{tmp_path}/files.json"',
        r'SetOutPath "$INSTDIR\versions\${VERSION}.new\program"',
        f'File "{tmp_path}/program/a.json"',
        f'File "{tmp_path}/program/b.py"',
    ]


def test_the_batch_file_is_plain_in_the_chinese_code_page(windows: ModuleType) -> None:
    text = _script("babutong-cli.cmd")
    written = windows.command_file(text)
    assert written.count(b"\r\n") == written.count(b"\n") == text.count("\n")
    assert written.decode("gbk").replace("\r\n", "\n") == text
    # Where the console is not Chinese no half of a letter may read as one of its signs.
    assert not any(set(letter.encode("gbk")) & set(b'|&<>^%"') for letter in text if letter > "\x7f")
    assert "-X utf8 -m app.cli %*\nexit /b %errorlevel%\n" in text


def test_the_set_up_program_is_for_one_user_and_leaves_the_data_alone() -> None:
    setup = _script("setup.nsi")
    assert "RequestExecutionLevel user" in setup
    assert '!define HOME "$LOCALAPPDATA\\Programs\\babutong"' in setup
    assert re.findall(r"Write\w+ (HK\w+)", setup) == ["HKCU"] * setup.count("  WriteReg")
    removing = re.findall(r"^\s*(?:Delete|RMDir)(?: /r)? \"(.*)\"", setup, re.MULTILINE)
    assert all(target.startswith(("$INSTDIR", "$SMPROGRAMS", "$DESKTOP")) for target in removing)
    assert "$INSTDIR" not in {target for target in removing if f'/r "{target}"' in setup}
    assert "您的数据不会被删除" in setup


def test_the_set_up_program_refuses_what_qt_does_not_run_on() -> None:
    setup = _script("setup.nsi")
    assert "!define FIRST_BUILD 17763" in setup
    assert '"CurrentBuildNumber"' in setup
    assert "${IfNot} ${RunningX64}" in setup
    assert "64 位的 Windows 10（1809 或更新）" in setup
    started = setup[setup.index("Function .onInit\n") :]
    refusals = ["CheckWindows", "CheckFormer", "CheckSpace"]
    assert re.findall(r"^  Call (Check\w+)", started, re.MULTILINE) == refusals


def test_a_version_is_named_after_everything_else_is_in_place() -> None:
    setup = _script("setup.nsi")
    section = setup[setup.index("\nSection\n") : setup.index("\nSectionEnd\n")]
    steps = ["SettleVersion", "PlaceLauncher", "RegisterProgram", "NameVersion"]
    assert re.findall(r"Call (\w+)", section) == steps
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
    assert [path.name for path in small.payload.DIST.iterdir()] == [small.setup_name(version, complete=False)]


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


@needs_tools
def test_too_large_a_set_up_program_fails(
    small: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(small, "LIMIT_MB", 0.01)
    assert small.main([]) == 1
    assert "TOO LARGE" in capsys.readouterr().out


def test_the_command_is_a_plain_shell_script() -> None:
    script = PACKAGING / "windows.sh"
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", script], check=True)
