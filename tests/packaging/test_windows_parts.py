"""Parts of the set-up program for Windows: Python and the libraries as they ship, and the fonts apart."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT
from tests.packaging.conftest import needs_tools, script, write_fonts, write_python

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the set-up program is built on Linux")


# Python and the libraries


def test_of_python_stays_what_the_program_loads(small: ModuleType, tmp_path: Path) -> None:
    small.parts.unpack_python(write_python(small, tmp_path), tmp_path / "runtime", "python311.zip")
    names = {path.name for path in (tmp_path / "runtime").iterdir()}
    assert names == {
        "pythonw.exe",
        "python.exe",
        "python311.dll",
        "python311._pth",
        "python311.zip",
        "_ctypes.pyd",
    }
    first = (tmp_path / "runtime" / "python311.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "runtime" / "python311.zip") as library:
        kept = {info.filename: info.compress_type for info in library.infolist()}
    assert kept == {"json/__init__.pyc": zipfile.ZIP_STORED, "os.pyc": zipfile.ZIP_STORED}
    small.parts.repack(tmp_path / "runtime" / "python311.zip")
    assert (tmp_path / "runtime" / "python311.zip").read_bytes() == first


@pytest.mark.parametrize(
    "name",
    [
        "shiboken6/vcamp140.dll",
        "shiboken6/vcomp140.dll",
        "shiboken6/vccorlib140.dll",
        "shiboken6/concrt140.dll",
        "PySide6/Qt6DBus.dll",
        "PySide6/concrt140.dll",
    ],
)
def test_libraries_nobody_loads_stay_out(windows: ModuleType, name: str) -> None:
    assert not windows.payload._kept(name)


def test_what_linux_takes_of_qt_is_not_what_windows_leaves_out(windows: ModuleType) -> None:
    kept = ("PySide6/Qt/lib/libQt6DBus.so.6", "PySide6/Qt6Core.dll", "PySide6/msvcp140.dll")
    assert all(map(windows.payload._kept, (*kept, "shiboken6/msvcp140.dll", "shiboken6/shiboken6.abi3.dll")))


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="only the same Python makes .pyc for it")
def test_compiled_modules_hold_whatever_the_dates(windows: ModuleType, tmp_path: Path) -> None:
    for folder in ("program", "site"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("X = 1\n")
    windows.parts.compile_modules(tmp_path, "3.11")
    compiled = sorted(tmp_path.rglob("*.pyc"))
    assert [path.relative_to(tmp_path).as_posix() for path in compiled] == [
        "program/__pycache__/a.cpython-311.pyc",
        "site/a.pyc",
    ]
    assert [path.parent.name for path in tmp_path.rglob("*.py")] == ["program"]
    assert {path.read_bytes()[4:8] for path in compiled} == {b"\x01\0\0\0"}  # by hash, never looked at
    assert all(str(tmp_path).encode() not in path.read_bytes() for path in compiled)


def test_another_python_compiles_nothing_and_says_so(
    windows: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.py").write_text("")
    windows.parts.compile_modules(tmp_path, "3.7")
    assert (tmp_path / "site" / "a.py").is_file()
    assert "without .pyc" in capsys.readouterr().out


# The fonts


def test_a_set_of_fonts_is_named_by_its_list(windows: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / windows.parts.FONTS
    write_fonts(folder)
    fonts = windows.parts.fonts_of(tmp_path)
    ident = hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()[:8]
    assert fonts.setup_name == f"babutong-fonts-{ident}-setup.exe"
    assert windows.parts.fonts_listing(fonts).splitlines() == [
        "!macro EachFont DO",
        '  !insertmacro ${DO} "A.ttf" 100',
        "!macroend",
    ]
    assert windows.parts.fonts_unpacking(fonts).splitlines() == [
        r'SetOutPath "${PLACE}.new"',
        f'File "{folder}/A.ttf"',
        r'SetOutPath "${PLACE}.new\LICENSES"',
        f'File "{folder}/LICENSES/A.txt"',
    ]
    (folder / "A.ttf").write_bytes(b"other")
    with pytest.raises(SystemExit, match=r"not as SHA256SUMS says: .*A\.ttf"):
        windows.parts.fonts_of(tmp_path)


def test_the_real_fonts_are_those_of_their_list(windows: ModuleType, tmp_path: Path) -> None:
    place = tmp_path / windows.parts.FONTS
    place.parent.mkdir(parents=True)
    place.symlink_to(ROOT / "reports" / "assets" / "fonts")
    fonts = windows.parts.fonts_of(tmp_path)
    assert {path.name for path in fonts.faces} == {
        path.name for path in place.iterdir() if path.stat().st_size > 100_000
    }


@needs_tools
def test_the_same_fonts_give_the_same_set_up_program(
    small: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = set()
    for version, moment in (("1.2.3", 1_700_000_000), ("1.2.4", 1_800_000_000)):
        monkeypatch.setattr(small.payload, "day_of_build", lambda moment=moment: moment)
        root = small.assemble(version, small.python_input(), None)
        small.settle_times(root)
        built.add(small.make_fonts(root, version).read_bytes())
    assert len(built) == 1
    assert len(list(small.payload.DIST.iterdir())) == 1


def test_without_its_fonts_nothing_is_installed() -> None:
    setup = script("setup.nsi")
    check = setup[setup.index("Function CheckFonts") : setup.index("Function .onInit\n")]
    assert "!insertmacro Refuse ${REFUSED_FONTS}" in check
    assert '"$EXEDIR\\${FONTS_SETUP}"' in check
    assert "复制到同一个文件夹" in check
    codes = re.findall(r"^!define (?:REFUSED|FAILED)_\w+ (\d+)", setup + script("common.nsi"), re.MULTILINE)
    assert sorted(codes) == [str(code) for code in range(10, 18)]


def test_only_the_version_before_is_kept_and_all_fonts_go_with_the_program() -> None:
    setup = script("setup.nsi")
    removing = setup[setup.index("Function RemoveOld") : setup.index("\nSection\n")]
    assert '"$INSTDIR\\previous"' in removing
    assert '!insertmacro RemoveOthers "versions" "${VERSION}" "$0"' in removing
    assert '!insertmacro RemoveOthers "fonts" "${FONTS_ID}" ""' in removing
    assert 'RMDir /r "$INSTDIR\\fonts"' in setup[setup.index("Section Uninstall") :]
