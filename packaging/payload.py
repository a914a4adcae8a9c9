"""What every bundle holds, whatever the system: the program, the libraries, the licences, the list of files.

Used by ``linux.py`` and ``windows.py``; the layout is docs/decisions/0011-installed-tree.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
DIST = ROOT / "dist"
PRODUCT = ("app", "db", "forms", "reports")
FORMAT = "babutong-tree/1"

_QT_LIBRARIES = "Core|Gui|Widgets|Svg|PrintSupport|DBus|Network|Pdf|PdfWidgets|XcbQpa"
_QT_MODULES = "Core|Gui|Widgets|Svg|PrintSupport|Pdf|PdfWidgets"
_QT_KEPT = re.compile(
    r"PySide6/(__init__|_config|_git_pyside_version)\.py"
    rf"|PySide6/Qt({_QT_MODULES})\.(abi3\.so|pyd)"
    r"|PySide6/(libpyside6\.abi3\.so\.[\d.]+|pyside6\.abi3\.dll)"
    rf"|PySide6/(Qt/lib/libQt6({_QT_LIBRARIES})\.so\.6|Qt6(?!DBus)({_QT_LIBRARIES})\.dll)"
    r"|PySide6/Qt/lib/libicu(data|i18n|uc)\.so\.[\d.]+"
    r"|PySide6/(msvcp|vcruntime)\w+\.dll"
    r"|PySide6/(Qt/)?plugins/platforms/(lib)?(qxcb|qoffscreen|qwindows)\.(so|dll)"
    r"|PySide6/Qt/plugins/platforminputcontexts/lib(compose|ibus)platforminputcontextplugin\.so"
    r"|PySide6/(Qt/)?plugins/printsupport/(libcupsprintersupport\.so|windowsprintersupport\.dll)"
    r"|PySide6/(Qt/)?plugins/styles/qmodernwindowsstyle\.dll"
    r"|PySide6/(Qt/)?plugins/imageformats/(lib)?(qjpeg|qsvg|qico)\.(so|dll)"
    r"|PySide6/(Qt/)?plugins/iconengines/(lib)?qsvgicon\.(so|dll)"
    r"|PySide6/(Qt/)?translations/qtbase_zh_CN\.qm"
)
"""What of Qt and its bindings is loaded; the rest of three hundred megabytes is left out."""

_DROPPED = re.compile(
    r".*\.(pyi|pyx|pxd|pxi|c|h|hpp|cpp|lib|a|jar)"
    r"|[^/]+\.dist-info/sboms/.*"
    r"|.*/(tests?|testing)/.*"
    r"|[^/]+\.data/(scripts|headers|data)/.*"
    r"|[^/]+\.dist-info/(RECORD|WHEEL|INSTALLER|REQUESTED|entry_points\.txt|top_level\.txt|zip-safe)"
    r"|.*/py\.typed"
    r"|pypinyin/phrases_dict\.\w+"  # app/storage/search_keys.py says why it is never read
    r"|reportlab/graphics/(samples|barcode|widgets)/.*"
    r"|reportlab/fonts/.*"  # papers use our own faces
    r"|lxml/(includes|isoschematron|html)/.*"
    r"|lxml/objectify\..*"
    r"|PIL/_(avif|imagingft|imagingcms|imagingtk|webp)\..*"  # photos are JPEG and PNG
    r"|pillow\.libs/lib(avif|freetype|harfbuzz|lcms2|webp\w*|sharpyuv|png16|brotli\w+)-.*"
    r"|sqlalchemy/dialects/(mysql|oracle|mssql)/.*"
    r"|shiboken6/(concrt|vcamp|vccorlib|vcomp)140\.dll"
)
"""What of the other libraries is never loaded by the program."""


def version() -> str:
    """Return the program's version, which ``app/version.py`` and ``pyproject.toml`` name alike."""
    text = (ROOT / "app" / "version.py").read_text(encoding="utf-8")
    found = re.search(r'^VERSION = "([^"]+)"$', text, re.MULTILINE)
    if found is None or f'version = "{found[1]}"' not in (ROOT / "pyproject.toml").read_text(
        encoding="utf-8"
    ):
        raise SystemExit("app/version.py and pyproject.toml name different versions")
    return found[1]


def schema() -> str:
    """Return the schema revision this program writes."""
    text = (ROOT / "app" / "storage" / "revision.py").read_text(encoding="utf-8")
    found = re.search(r'^HEAD: Final = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit("no HEAD in app/storage/revision.py")
    return found[1]


def day_of_build() -> int:
    """Return the moment of the commit built from, in seconds since 1970."""
    asked = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def copy_program(target: Path) -> None:
    """Copy the program as it stands on the disk, without what git ignores."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PRODUCT]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            goal = target / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, goal)


def unpack_wheels(wheels: list[Path], target: Path) -> None:
    """Unpack wheels side by side, without what is never loaded."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                name = re.sub(r"^[^/]+\.data/(purelib|platlib)/", "", info.filename)
                if info.is_dir() or not _kept(name):
                    continue
                goal = target / name
                goal.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, goal.open("wb") as out:
                    shutil.copyfileobj(source, out)


def _kept(name: str) -> bool:
    if name.startswith("PySide6/"):
        return _QT_KEPT.fullmatch(name) is not None
    return _DROPPED.fullmatch(name) is None


def copy_licences(target: Path) -> None:
    """Copy our licence, the notices, the long texts and the fonts' licences."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("LICENSE", "NOTICE", "THIRD_PARTY_NOTICES.md"):
        shutil.copyfile(ROOT / name, target / name)
    shutil.copytree(ROOT / "packaging" / "licenses", target / "texts")
    shutil.copytree(ROOT / "reports" / "assets" / "fonts" / "LICENSES", target / "fonts")


def write_manifest(tree: Path, platform: str) -> Path:
    """List every file of one version's folder in its ``files.json``; returns that file."""
    files = {}
    for path in sorted(tree.rglob("*")):
        if path.is_symlink():
            raise SystemExit(f"a symbolic link in the tree: {path}")
        if not path.is_file() or path == tree / "files.json":
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        entry: dict[str, int | str] = {"sha256": digest, "size": path.stat().st_size}
        if path.stat().st_mode & 0o100:
            entry["x"] = 1
        files[path.relative_to(tree).as_posix()] = entry
    table = {"files": files, "format": FORMAT, "platform": platform, "schema": schema(), "version": version()}
    manifest = tree / "files.json"
    manifest.write_text(
        json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )
    return manifest


def settle_modes(tree: Path, executables: set[str]) -> None:
    """Give every file one of two modes, whatever the umask of the person who builds."""
    for path in tree.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
        else:
            path.chmod(0o755 if path.relative_to(tree).as_posix() in executables else 0o644)


def megabytes(path: Path) -> float:
    """Return the size of a file, or of all files of a folder, in MB (10^6 bytes)."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files) / 1e6
