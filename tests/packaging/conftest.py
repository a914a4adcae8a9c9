"""The Windows build script, and small things for it to build from."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import shutil
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT

PACKAGING = ROOT / "packaging"
needs_tools = pytest.mark.skipif(
    not (shutil.which("makensis") and shutil.which("objdump")), reason="makensis or objdump is not installed"
)


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
    for name in {"windows_under_test", "windows_parts", "payload", "wheels", "constraints"} - before:
        sys.modules.pop(name, None)


@pytest.fixture
def small(windows: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build script with a program of one file and one font, no libraries, and folders of its own."""

    def one_file(target: Path) -> None:
        (target / "app").mkdir(parents=True)
        (target / "app" / "__init__.py").write_text("X = 1\n")
        write_fonts(target / "reports" / "assets" / "fonts")

    monkeypatch.setattr(windows, "INPUTS", tmp_path / "inputs")
    monkeypatch.setattr(windows, "DICTIONARY_MB", 1)
    monkeypatch.setattr(windows, "WORK", tmp_path / "work")
    monkeypatch.setattr(windows.payload, "BUILD", tmp_path / "build")
    monkeypatch.setattr(windows.payload, "DIST", tmp_path / "dist")
    monkeypatch.setattr(windows.payload, "copy_program", one_file)
    monkeypatch.setattr(windows.payload, "day_of_build", lambda: 1_700_000_000)
    monkeypatch.setattr(windows.payload, "unpack_wheels", lambda _wheels, target: target.mkdir(parents=True))
    monkeypatch.setattr(windows.wheels, "fetch", lambda _platform: [])
    return windows


def write_fonts(folder: Path) -> None:
    """Write one face, its licence and the list of both."""
    (folder / "LICENSES").mkdir(parents=True)
    lines = []
    for name, text in (("A.ttf", b"face" * 25), ("LICENSES/A.txt", b"free")):
        (folder / name).write_bytes(text)
        lines.append(f"{hashlib.sha256(text).hexdigest()}  {name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines))


def script(name: str) -> str:
    return (PACKAGING / "windows" / name).read_text(encoding="utf-8")


def write_python(windows: ModuleType, folder: Path) -> Path:
    """Write what has the names of an embeddable Python; returns the file."""
    path = folder / "python.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("pythonw.exe", "python.exe", "python311.dll", "_ctypes.pyd", "_ssl.pyd", "libssl-3.dll"):
            archive.writestr(name, b"")
        library = io.BytesIO()
        with zipfile.ZipFile(library, "w", zipfile.ZIP_DEFLATED) as modules:
            for name in ("os.pyc", "json/__init__.pyc", "pydoc.pyc", "unittest/__init__.pyc", "test/x.pyc"):
                modules.writestr(name, b"code" * 9)
        archive.writestr("python311.zip", library.getvalue())
        archive.writestr("python311._pth", "python311.zip\n.\nimport site\n")
    return path
