"""Parts of the Windows build: the embeddable Python as it ships, the compiled libraries, the fonts apart.

Used by ``windows.py``. Why the fonts have a set-up program of their own is
docs/decisions/0012-windows-fonts-apart.md.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import payload

FONTS = Path("program") / "reports" / "assets" / "fonts"
FACES = frozenset({".ttf", ".otf"})

# What contents.toml leaves out of the Linux tree, and what only plays sounds or makes installers.
PYTHON_DROPPED = frozenset(
    {
        "_hashlib.pyd",
        "_msi.pyd",
        "_sqlite3.pyd",
        "_ssl.pyd",
        "libcrypto-3.dll",
        "libssl-3.dll",
        "sqlite3.dll",
        "winsound.pyd",
    }
)


def unpack_python(archive: Path, runtime: Path, library: str) -> None:
    """Unpack the embeddable Python without what is never loaded; ``library`` is its ``python311.zip``."""
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if name.lower() not in PYTHON_DROPPED:
                opened.extract(name, runtime)
    repack(runtime / library)


def repack(library: Path) -> None:
    """Store Python's own modules instead of packing them: the set-up program packs them better."""
    contents = tomllib.loads((payload.ROOT / "packaging/linux/contents.toml").read_text(encoding="utf-8"))
    with zipfile.ZipFile(library) as opened:
        files = {info.filename: opened.read(info) for info in opened.infolist() if not info.is_dir()}
    with zipfile.ZipFile(library, "w", zipfile.ZIP_STORED) as out:
        for name in sorted(files):
            if not is_dropped(name, contents["stdlib_dropped"]):
                out.writestr(zipfile.ZipInfo(name), files[name])


def is_dropped(name: str, patterns: list[str]) -> bool:
    """Tell whether a compiled module is one of those that ``contents.toml`` names by their source."""
    parts = [part[:-1] if part.endswith(".pyc") else part for part in name.split("/")]
    return any(fnmatchcase(part, pattern) for part in parts for pattern in patterns)


def compile_modules(tree: Path, minor: str) -> None:
    """Compile all modules, so that the first start is as fast as the second; libraries keep only that.

    Compiled files hold for one minor version of Python. ``unchecked-hash``: unpacking may change the times.

    Raises:
        SystemExit: a module of a library was not compiled.
    """
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    if ours != minor:
        print(
            f"without .pyc: the tree has Python {minor}, this is {ours}; larger, and slow at the first start"
        )
        return
    command = [sys.executable, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(tree)]
    for more in ([str(tree / "program")], ["-b", str(tree / "site")]):
        subprocess.run([*command, *more], check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
    for source in (tree / "site").rglob("*.py"):
        if not source.with_suffix(".pyc").is_file():
            raise SystemExit(f"not compiled: {source}")
        source.unlink()


@dataclass(frozen=True, slots=True)
class Fonts:
    """The paper fonts of a tree.

    Attributes:
        ident: names the set; other fonts have another.
        faces: the files that the set-up program takes from the one of the fonts.
        licences: their texts, which go where they go.
    """

    ident: str
    faces: tuple[Path, ...]
    licences: tuple[Path, ...]

    @property
    def setup_name(self) -> str:
        """The file name of the fonts' set-up program."""
        return f"babutong-fonts-{self.ident}-setup.exe"

    @property
    def size(self) -> int:
        """Bytes of the faces."""
        return sum(path.stat().st_size for path in self.faces)


def fonts_of(tree: Path) -> Fonts:
    """Return the fonts of one version's folder.

    Raises:
        SystemExit: a face or a licence is not the one its list names; then the name of the set would lie.
    """
    folder = tree / FONTS
    raw = (folder / "SHA256SUMS").read_bytes()
    lines = (line.split("  ", 1) for line in raw.decode("utf-8").splitlines())
    listed = {name: digest for digest, name in lines}
    faces = tuple(sorted(path for path in folder.iterdir() if path.suffix in FACES))
    licences = tuple(sorted((folder / "LICENSES").iterdir()))
    for path in faces + licences:
        if listed.get(path.relative_to(folder).as_posix()) != hashlib.sha256(path.read_bytes()).hexdigest():
            raise SystemExit(f"not as SHA256SUMS says: {path}")
    return Fonts(hashlib.sha256(raw).hexdigest()[:8], faces, licences)


def fonts_unpacking(fonts: Fonts) -> str:
    """Return the script lines that unpack the fonts in their own set-up program."""
    lines = [r'SetOutPath "${PLACE}.new"', *(f'File "{path}"' for path in fonts.faces)]
    lines += [r'SetOutPath "${PLACE}.new\LICENSES"', *(f'File "{path}"' for path in fonts.licences)]
    return "\n".join(lines) + "\n"


def fonts_listing(fonts: Fonts) -> str:
    """Return the script lines by which the set-up program does something with every face."""
    lines = [f'  !insertmacro ${{DO}} "{path.name}" {path.stat().st_size}' for path in fonts.faces]
    return "\n".join(["!macro EachFont DO", *lines, "!macroend", ""])
